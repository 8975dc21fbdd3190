"""What is said about a pooling: its size formula and its notes."""

import numpy as np

from convcore.taps import pooled_axis
from convview import labels
from convview.scenes.layer import indexed, named_axes
from convview.scenes.slide import unread_notes

NAMED = 3  # windows that a note names; of more only the first


def formula(result):
    """The size formula with this setting's numbers, one line, or one for each axis."""
    axes = named_axes((result.rows, result.cols), "size")
    return tuple(_formula_line(word, axis, result.params.ceil_mode) for word, axis in axes)


def _formula_line(word, axis, ceil):
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"{before} + {after}"
    down, up = "⌈⌉" if ceil else "⌊⌋"
    whole = -(-_reach(axis) // axis.stride) if ceil else _reach(axis) // axis.stride
    dropped = "; the last would start past the input and is dropped: "
    return (
        (f"output {word} = {down}(", ""), (str(axis.size), "input"),
        (f" + {pads} − {axis.dilation}·(", ""), (str(axis.kernel_size), "kernel"),
        (f" − 1) − 1) / {axis.stride}{up} + 1 = ", ""), (str(whole + 1), "output"),
        *(((dropped, ""), (str(axis.output_size), "output"))
          if axis.output_size <= whole else ()),
    )  # fmt: skip


def _reach(axis):
    """How far the window can slide inside the padding."""
    return axis.size + sum(axis.padding) - axis.effective_kernel_size


def notes(result):
    """What decides the numbers of this setting."""
    yield from unread(result)
    if any(before != after for before, after in (result.rows.padding, result.cols.padding)):
        yield f"PyTorch's pooling pads both sides alike: {_uneven(result)}."
    yield from _max_notes(result) if result.kind == "max" else average_notes(result)


def unread(result):
    """Which input cells no window reads, and why."""
    return unread_notes(result, "zeros", "window")


def _uneven(result):
    """What F.pad before a pooling of PyTorch comes to."""
    if result.kind == "average" and not result.params.count_include_pad:
        return "what F.pad puts around x before it counts in the divisor"
    if any(_keeps_one_more(axis, result.params.ceil_mode) for axis in (result.rows, result.cols)):
        return "after F.pad, ceil mode keeps a window that is dropped here"
    return f"F.pad puts {'−∞' if result.kind == 'max' else 'zeros'} around x before it"


def _keeps_one_more(axis, ceil):
    """Whether a last window starts in the padding, which as a part of x would keep it."""
    padded = pooled_axis(
        axis.size + sum(axis.padding), axis.kernel_size, axis.stride, (0, 0), axis.dilation, ceil
    )
    return padded.output_size > axis.output_size


def largest(difference, between):
    """A sentence on the largest difference between two results, 'f(a + b) and f(a) + f(b)'."""
    difference = float(difference)
    value = labels.marked(difference)
    if is_rounding(difference):  # of results that have rounded twice
        value = f"0 up to rounding ({labels.label(difference)})"
    return f"Largest difference between {between}: {value}."


def is_rounding(difference):
    """Whether a difference comes from floating point alone."""
    return 0 < difference < 1e-9


def windows(found, result):
    """'window [2, 1]', '3 windows ([0, 1], [0, 2] and [2, 1])', '9 windows ([0, 0], [0, 1], …)'.

    found : (C, H_out, W_out) of bool; named as the cells of the output are
    """
    cells = np.argwhere(found)
    first = [indexed(cell, len(found), result.one_row) for cell in cells[:NAMED]]
    if len(cells) == 1:
        return f"window {first[0]}"
    listed = labels.joined(first) if len(cells) <= NAMED else ", ".join((*first, "…"))
    return f"{labels.counted(len(cells), 'window')} ({listed})"


def around(result):
    """Which −∞ a maximum reads."""
    places = ["in the padding"] * reads_padding(result) + ["over the end"] * _hangs(result)
    if places:
        where = labels.joined(places).capitalize()
        yield f"{where} lies −∞, smaller than every number: it never wins."


def _max_notes(result):
    yield from around(result)
    blind = ~result.sees
    if blind.any():
        alone = blind.sum() == 1
        yield (
            f"In {windows(blind, result)} there is no input cell: the maximum is −∞, and no cell "
            f"gets {'its' if alone else 'their'} gradient."
        )
    tied = result.equal.sum(-1) > 1
    if tied.any():
        yield (
            f"In {windows(tied, result)} the largest value stands more than once: the first in "
            "row-major order wins, and gets the whole gradient (as in PyTorch)."
        )


def average_notes(result):
    """What counts in the divisors of an average."""
    padded = reads_padding(result)
    if padded and result.params.count_include_pad:
        yield "The zeros of the padding count in the divisor (PyTorch's default)."
    elif padded:
        yield "Padding does not count: the divisor is the number of input cells in the window."
    if _hangs(result):
        yield "What hangs over the end in ceil mode never counts."


def reads_padding(result):
    """Whether a window reads a cell of the padding."""
    return any(
        (~axis.inside & (axis.index < axis.size + axis.padding[1])).any()
        for axis in (result.rows, result.cols)
    )


def _hangs(result):
    """Whether a window reads beyond the padding at the end."""
    return max(result.rows.overhang, result.cols.overhang) > 0
