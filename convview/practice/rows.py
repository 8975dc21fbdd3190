"""Numbers that several exercises share, and how they are written."""

from convview.exercises import DENSE, TWO_CHANNELS
from convview.labels import counted, label
from convview.scenes.layer import times

__all__ = ["DENSE", "TWO_CHANNELS", "counted", "listed", "planes", "times"]


def listed(values):
    """Numbers in a row, or rows of them."""
    if hasattr(values[0], "__len__"):
        return "; ".join(listed(row) for row in values)
    return " ".join(label(value) for value in values)


def planes(array):
    """(H, W) as the parameters hold it."""
    return (tuple(map(tuple, array.tolist())),)
