"""What is said about a pooling: its size formula and its notes."""

import numpy as np

from convview.scenes.slide import unread_notes

NAMES = {"max": "Max", "average": "Average"}


def formula(result):
    """The size formula with this setting's numbers, one line, or one for each axis."""
    axes = [("rows", result.rows), ("columns", result.cols)]
    if result.rows == result.cols:
        axes = [("size", result.rows)]
    return tuple(_formula_line(word, axis, result.params.ceil_mode) for word, axis in axes)


def _formula_line(word, axis, ceil):
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"{before} + {after}"
    down, up = "⌈⌉" if ceil else "⌊⌋"
    whole = -(-_reach(axis) // axis.stride) if ceil else _reach(axis) // axis.stride
    return (
        (f"output {word} = {down}(", ""), (str(axis.size), "input"),
        (f" + {pads} − {axis.dilation}·(", ""), (str(axis.kernel_size), "kernel"),
        (f" − 1) − 1) / {axis.stride}{up} + 1 = ", ""), (str(whole + 1), "output"),
        *(((" − 1, for it would start in the padding = ", ""), (str(axis.output_size), "output"))
          if axis.output_size <= whole else ()),
    )  # fmt: skip


def _reach(axis):
    """How far the window can slide inside the padding."""
    return axis.size + sum(axis.padding) - axis.effective_kernel_size


def notes(result):
    """What decides the numbers of this setting."""
    yield from unread_notes(result, "zeros")
    padded = any(map(sum, (result.rows.padding, result.cols.padding)))
    hangs = result.rows.overhang or result.cols.overhang
    if result.kind == "max":
        yield from _max_notes(result, padded, hangs)
    else:
        yield from _average_notes(result, padded, hangs)


def _max_notes(result, padded, hangs):
    if padded or hangs:
        yield "What lies around the input is −∞: it wins against nothing."
    tied = ties(result)
    if tied:
        yield (
            f"In {tied} window{'s' * (tied > 1)} the largest value stands more than once: the "
            "first in row-major order wins, and gets the whole gradient (as in PyTorch)."
        )


def _average_notes(result, padded, hangs):
    if padded and result.params.count_include_pad:
        yield "The zeros of the padding count in the divisor (PyTorch's default)."
    elif padded:
        yield "Padding does not count: the divisor is the number of input cells in the window."
    if hangs:
        yield "What hangs over the end in ceil mode never counts."


def ties(result):
    """How many windows hold their maximum more than once, padding aside."""
    rows, cols = (np.array(taps) for taps in result.taps())
    seen = result.padded[:, rows[:, None, :, None], cols[None, :, None, :]]
    inside = result.rows.inside[:, None, :, None] & result.cols.inside[None, :, None, :]
    equal = (seen == result.y[..., None, None]) & inside
    return int((equal.sum((-2, -1)) > 1).sum())
