"""Numbers that several exercises share, and how they are written."""

import numpy as np

from convview.exercises import DENSE, TWO_CHANNELS
from convview.labels import counted, label
from convview.scenes.layer import times

__all__ = [
    "DENSE", "TWO_CHANNELS", "counted", "listed", "nested", "planes", "times", "uneven", "whole",
]  # fmt: skip


def listed(values):
    """Numbers in a row, or rows of them."""
    if hasattr(values[0], "__len__"):
        return "; ".join(listed(row) for row in values)
    return " ".join(label(value) for value in values)


def planes(array):
    """(H, W) as the parameters hold it."""
    return (tuple(map(tuple, array.tolist())),)


def whole(rng, low, high, *shape):
    """Whole numbers, not all alike."""
    while True:
        numbers = rng.integers(low, high + 1, shape).astype(float)
        if numbers.size == 1 or np.ptp(numbers) > 0:
            return numbers


def uneven(rng, low, high, k):
    """A row that is not its own mirror image."""
    while True:
        row = whole(rng, low, high, k)
        if (row != row[::-1]).any():
            return row


def nested(array):
    return array.tolist()
