"""Numbers that several exercises share, and how they are written."""

import numpy as np

from convview.exercises import DENSE, TWO_CHANNELS
from convview.labels import MINUS, counted, is_rounded, label
from convview.scenes.layer import times

__all__ = [
    "DENSE", "TWO_CHANNELS", "counted", "exactly", "listed", "nested", "planes", "products",
    "signed", "times", "uneven", "whole",
]  # fmt: skip


def listed(values):
    """Numbers in a row, or rows of them, as they are typed.

    >>> listed([1, -2]), listed([[1, 2], [3, 4]])
    ('[1, −2]', '[[1, 2], [3, 4]]')
    """
    inside = (listed(one) if hasattr(one, "__len__") else label(one) for one in values)
    return f"[{', '.join(inside)}]"


def signed(value):
    """A number after an operator: a negative one in brackets.

    >>> signed(3), signed(-3)
    ('3', '(−3)')
    """
    return f"({exactly(value)})" if value < 0 else exactly(value)


def exactly(value):
    """A number with all its digits, for an answer or a sum that is exact.

    >>> exactly(10.25), exactly(-3)
    ('10.25', '−3')
    """
    return f"{value:.12g}".replace("-", MINUS) if is_rounded(value) else label(value)


def products(ones, others):
    """A sum of products, written out.

    >>> products([1, -2], [3, -4])
    '1 · 3 + (−2) · (−4)'
    """
    return " + ".join(f"{signed(a)} · {signed(b)}" for a, b in zip(ones, others, strict=True))


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
