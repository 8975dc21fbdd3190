"""One cell of an answer, looked at closely: its window, the filter, the written sum."""

from dataclasses import replace

import numpy as np

from convcore.taps import axis_taps, pad_index
from convview import filters, labels
from convview.params import LARGEST_EDITED, LARGEST_KERNEL, Slide
from convview.scene import Grid, Line, Scene, Sweep
from convview.scenes.filters.answers import pads_of
from convview.scenes.layer import times

ACROSS, DOWN = "Gx", "Gy"  # the answers of a pair of derivatives
CHANNELS = ("red", "green", "blue")
ROUNDING = 1e-15  # of the largest answer that there can be
WRITTEN_UP_TO = 9  # rows or columns of a filter whose sum is written out


def place(params, found):
    """(channel, row, column) that is looked at: as chosen, or the strongest answer."""
    if min(params.look) < 0:
        return found.strongest[0]
    return nearest(params, found.y.shape)


def nearest(params, shape):
    """(channel, row, column) nearest to the chosen one in a picture of this shape."""
    chosen = params.channel, *params.look
    return tuple(min(n, size - 1) for n, size in zip(chosen, shape, strict=True))


def reach(found):
    """Along rows and columns, (first, last) cell that an answer reads, from its own place."""
    return [
        (-before, size - 1 - before)
        for (before, _), size in zip(found.pads, found.weight.shape, strict=True)
    ]


def acted(params, act):
    """The parameters after a click: a cell looked at, or a point put or taken.

    act : {"act": "look", "row", "col", "plane"} or {"act": "point", "row", "col"}
    """
    cell = int(act["row"]), int(act["col"])
    if act["act"] == "look":
        return replace(params, look=cell, channel=int(act["plane"]))
    rest = tuple(point for point in params.points if point != cell)
    return replace(params, points=rest if cell in params.points else (*rest, cell))


def writes(found):
    """Whether the filter is small enough for its sum to be written out."""
    return max(found.weight.shape) <= WRITTEN_UP_TO


def said(params, found):
    """What is looked at, in a sentence."""
    height, width = found.weight.shape
    at = place(params, found)
    where = f"at [{at[1]}, {at[2]}]"
    if min(params.look) < 0:
        where += f", {_rank(params, found)}"
    if params.view == "edges":
        return f"{where[0].upper()}{where[1:]}: {_gradient(params, found, at)}."
    products = f"{height} × {width} = {labels.counted(height * width, 'product')}"
    value = labels.marked(_value(found, at))
    return f"{title(params, found)} {where}: {value}, the sum of {products}."


def _rank(params, found):
    """That this cell is the strongest, or the first of several."""
    _, count = found.strongest
    of = " of the three colours" * (len(found.y) == 3)
    if params.view == "edges":
        of = f" of {ACROSS}"
    if count == 1:
        return f"the strongest answer{of}"
    if count == found.y.size:
        return "as strong as at every other cell"
    return f"the first of {count:,} equally strong answers{of}"


def _value(found, at):
    """The answer there; what is left of large numbers that cancel is 0."""
    return _rounded(float(found.y[at]), found.weight, found.x)


def _rounded(value, weight, x):
    if weight.min() >= 0 and x.min() >= 0:
        return value  # nothing cancels
    return 0.0 if abs(value) < ROUNDING * np.abs(weight).sum() * np.abs(x).max() else value


def _gradient(params, found, at):
    """Gx, Gy, magnitude and direction of the gradient at one cell."""
    down = filters.named(filters.PAIRS[params.pair][1])
    window, _ = _window(replace(found, weight=down, pads=pads_of(found.x, down)), at)
    x, y = _value(found, at), _rounded(float((window * down).sum()), down, found.x)
    both = f"{ACROSS} {labels.marked(x)}, {DOWN} {labels.marked(y)}"
    said = f"{both}, magnitude {labels.marked(np.hypot(x, y))}"
    if not (x or y):
        return said
    turn = labels.marked(np.degrees(np.arctan2(y, x)))
    return f"{said}, direction {turn}° (0° right, 90° down)"


def title(params, found):
    """Whose answer is looked at: of a colour, or of the first filter before it is blurred."""
    if params.view == "compare" and params.then_sigma:
        return "The first filter's answer, before the Gaussian,"
    return "Answer" if len(found.y) == 1 else f"Answer, {CHANNELS[place(params, found)[0]]},"


def closely(params, found):
    """A scene of one step: the window of that cell, the filter, and the cell."""
    channel, row, col = at = place(params, found)
    window, lines = _window(found, at)
    around = f"around [{row}, {col}]{_colour(found, channel)}"
    if min(params.look) < 0:
        around += f", {_rank(params, found)}"
    taps = [list(range(size)) for size in found.weight.shape]
    grids = (
        Grid("input", "Window", around, "input", window[None], *lines),
        Grid(
            "kernel", _filter_title(params), times(found.weight.shape), "kernel",
            found.weight[None], *(Line.plain(size) for size in found.weight.shape),
            editable=max(found.weight.shape) <= LARGEST_KERNEL and params.view != "edges",
        ),
        Grid(
            "output", "Answer", _place_note(params, found), "output",
            np.full((1, 1, 1), _value(found, at)), Line([row]), Line([col]),
        ),
    )  # fmt: skip
    return Scene(
        view="closely",
        grids=grids,
        columns=((0.42, ("input",)), (0.42, ("kernel",)), (0.16, ("output",))),
        sweeps=(
            Sweep("output", "input", "kernel", [taps[0]], [taps[1]], *taps, [[[0, 0]]],
                  words=(1, 2)),
        ),
        symbols={
            "input": "x", "kernel": "w", "output": ACROSS if params.view == "edges" else "y",
        },
    )  # fmt: skip


def _window(found, at):
    """What an answer reads, and the coordinates along both axes."""
    channel, *cell = at
    lines, window = [], found.x[channel]
    for axis, n in enumerate(cell):
        sources = _sources(found, axis, n)
        window = np.where(
            _along(sources < 0, axis), 0.0, np.take(window, np.maximum(sources, 0), axis)
        )
        lines.append(_line(found, axis, n))
    return window, lines


def _filter_title(params):
    return f"{filters.PAIR_TITLES[params.pair]} x" if params.view == "edges" else "Filter"


def patch(params, found):
    """The slide page's parameters for the same cells, and its step at the one that is looked at;
    None where the filter is too large for it.

    As much around the window as that page can hold in numbers.
    """
    height, width = found.weight.shape
    if max(height, width) > LARGEST_KERNEL:
        return None
    channel, row, col = place(params, found)
    numbers = found.x[channel]
    if found.mode == "circular" and _wraps(found, row, col):
        return None  # the patch would wrap round itself
    within = []
    for axis, at in enumerate((row, col)):
        size = min(LARGEST_EDITED, numbers.shape[axis])
        first = min(max(0, at - size // 2), numbers.shape[axis] - size)
        numbers = np.take(numbers, range(first, first + size), axis)
        within.append(at - first)
    step = int(np.ravel_multi_index(within, numbers.shape))  # the answer is as large as the patch
    there = Slide(
        size=numbers.shape,
        x=_planes(numbers),
        kernel_size=(height, width),
        weight=_planes(found.weight),
        padding=found.pads,
        padding_mode=found.mode,
    )
    return there, step


def _colour(found, channel):
    return f", {CHANNELS[channel]}" * (len(found.y) > 1)


def _place_note(params, found):
    """Short, since the grid is one cell wide; whose answer it is stands beside."""
    _, row, col = place(params, found)
    return f"at [{row}, {col}]"


def _wraps(found, row, col):
    """Whether the window reads beyond the picture, where the picture is larger than a patch."""
    return any(
        size > LARGEST_EDITED and not (at + first >= 0 and at + last < size)
        for size, at, (first, last) in zip(found.x.shape[1:], (row, col), reach(found), strict=True)
    )


def _sources(found, axis, at):
    """Where along one axis each cell of the window at an output comes from; -1: nowhere."""
    size = found.x.shape[1 + axis]
    index = pad_index(size, *found.pads[axis], found.mode)
    return index[at : at + found.weight.shape[axis]]


def _line(found, axis, at):
    """The coordinates of a window, those outside marked as padding."""
    size = found.x.shape[1 + axis]
    taps = axis_taps(size, found.weight.shape[axis], 1, found.pads[axis], 1).index[at].tolist()
    marks = {n: "pad" for n, cell in enumerate(taps) if not 0 <= cell < size}
    return Line(taps, marks, None if found.mode == "zeros" else list(range(len(taps))))


def _along(mask, axis):
    return mask[:, None] if axis == 0 else mask[None, :]


def _planes(numbers):
    return (tuple(tuple(float(n) for n in row) for row in numbers),)
