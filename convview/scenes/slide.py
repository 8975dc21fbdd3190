"""A kernel slides over an input: forward convolution, coverage, and the convolution matrix."""

from itertools import groupby

import numpy as np

from convcore import conv2d, coverage
from convview import labels
from convview.params import DIALECTS, Slide
from convview.scene import Grid, Line, Scene, scale_of
from convview.scenes import jacobian, presets
from convview.scenes.layer import LINES, Layer, edited, layer, named_axes, unread

__all__ = ["edited", "scene"]

CAUSES = {
    "leftover": "left over at the end",
    "stride gap": "in a gap between two windows (stride larger than the {window})",
    "dilation hole": "between the taps of the dilated {window}",
}


def scene(params: Slide):
    """The scene of a setting; ShapeError where it is impossible."""
    result = layer(params)
    if params.view == "matrix":
        jacobian.ensure_small(params, result.y.size, jacobian.vector_of(result).size, "sliding")
    grids = _grids(params, result)
    names = {grid.name for grid in grids}
    columns = _columns(params, names)
    sweep = result.sweep(
        columns=(0, len(columns) - 1),
        words=(0, 0) if params.view == "matrix" else (1, 2),
        bias="bias" if "bias" in names else "",
        partials="partial" if "partial" in names else "",
    )
    made = Scene(
        view=params.view,
        grids=grids,
        columns=columns,
        sweeps=(sweep,),
        formula=formula(result),
        notes=tuple(_notes(params, result)),
        symbols={"input": "x", "kernel": "w", "output": "y", "bias": "b"},
        mirrors={"coverage": "input"} if params.view == "coverage" else {},
        matrix=_matrix(result) if params.view == "matrix" else None,
        predict=params.predict,
    )
    return made.in_one_row() if result.one_row else made


def _columns(params, names):
    """Where each grid stands, and how much of the width its column takes."""
    answers = ("output", *(("bias",) if "bias" in names else ()))
    if params.view == "matrix":
        return (0.3, ("input",)), (0.7, ("matrix",))
    if params.view == "coverage":
        return (0.37, ("input",)), (0.37, ("coverage",)), (0.26, answers)
    if params.in_channels // params.groups > 1:
        return (0.4, ("input",)), (0.28, ("kernel",)), (0.32, answers)
    return (0.45, ("input",)), (0.22, ("kernel",)), (0.33, answers)


def _grids(params, result: Layer):
    grids = [result.input_grid(), result.kernel_grid(), result.output_grid()]
    if params.view == "coverage":
        grids.append(_coverage_grid(params, result, *result.lines()))
    if result.bias is not None:
        bias = result.bias[None, None, :]
        lines = Line.plain(1), Line.plain(len(result.y))
        grids.append(
            Grid("bias", "Bias", "", "kernel", bias, *lines, editable=True, axes=("cols",))
        )
    if result.weight.shape[1] > 1:
        outputs = (Line.plain(size) for size in result.y.shape[1:])
        parts = _partials(params, result)
        scale = scale_of(result.x, result.sliding)
        planes = ("",) * len(parts)
        grids.append(Grid("partial", "", "", "output", parts, *outputs, planes, scale=scale))
    return tuple(grids)


def _coverage_grid(params, result, rows, cols):
    """How many windows read each cell; a padding cell counts the windows that reach it too."""
    counts = coverage(
        result.x_padded.shape[1:], params.kernel_size, params.stride, 0, params.dilation
    )
    if params.padding_mode != "zeros":
        counts = np.multiply.outer(_windows(result.rows, rows), _windows(result.cols, cols))
    return Grid(
        "coverage", "Coverage", "windows that read each cell", "output",
        counts[None].astype(float), rows, cols,
    )  # fmt: skip


def _windows(axis, line):
    """Along one axis, how many windows read each position or a copy of it, (padded_size,).

    A window that meets a cell and its copy counts once; rows and columns multiply, since a window
    reads a cell where it reads both its row and its column.
    """
    source = np.array(line.source)
    reads = source[axis.index + axis.padding[0]]  # (output_size, kernel_size)
    return (reads[:, :, None] == source).any(axis=1).sum(axis=0)


def _partials(params, result):
    """Each channel's part of the sum, (F * C/groups, H_out, W_out)."""
    kernels = result.sliding.reshape(-1, *params.kernel_size)
    parts = [
        conv2d(result.x_padded[None, None, c], kernels[k][None, None], None, params.stride, 0,
               params.dilation)[0, 0]
        for of_filter in result.pairs for c, k in of_filter
    ]  # fmt: skip
    return np.stack(parts)


def _matrix(result):
    strips = ({"side": "top", "grid": "input"}, {"side": "right", "grid": "output"})
    return jacobian.by_input(result, "Convolution matrix", "one row for each output", strips)


def formula(result):
    """The size formula with this setting's numbers, one line, or one for each axis."""
    axes = named_axes((result.rows, result.cols), "size")
    return tuple(_formula_line(word, axis) for word, axis in axes)


def _formula_line(word, axis):
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"{before} + {after}"
    return (
        (f"output {word} = ⌊(", ""),
        (str(axis.size), "input"),
        (f" + {pads} − {axis.dilation}·(", ""),
        (str(axis.kernel_size), "kernel"),
        (f" − 1) − 1) / {axis.stride}⌋ + 1 = ", ""),
        (str(axis.output_size), "output"),
    )


def _notes(params, result):
    yield from unread_notes(result, params.padding_mode)
    if params.padding == "same":
        yield _same_note(params, result)
    if params.padding_mode != "zeros" and result.x_padded.shape != result.x.shape:
        yield f"Padding cells are copies of input cells ({params.padding_mode})."
        if params.view == "coverage":
            yield "A window that reads a copy counts for the cell and for all of its copies."
    if params.view == "matrix" and params.padding_mode != "zeros":
        yield "The columns are the cells of the padded input, its copies among them."
    if params.view == "matrix" and result.bias is not None:
        yield "Each output has the bias of its filter added: y = M x + b."
    if params.operation == "convolution":
        yield "Convolution turns the kernel by 180° before it slides."
    else:
        yield "Cross-correlation: no flip. Deep-learning layers call this convolution."
    yield from presets.notes(params)


def unread_notes(result, mode, window="kernel"):
    """Which cells no window reads, and why; `window` is the page's word for what slides."""
    for word, axis in (("row", result.rows), ("column", result.cols)):
        by_cause = {}
        for position, cause in unread(axis, mode).items():
            place = position - axis.padding[0]
            if 0 <= place < axis.size:
                by_cause.setdefault(cause, []).append(place)
        for cause, places in by_cause.items():
            remainder = _remainder(axis, len(places)) if cause == "leftover" else ""
            why = CAUSES[cause].format(window=window)
            yield f"Never read: {_listed(word, places)}, {why}{remainder}."
        lost = min(axis.leftover, axis.padding[1])
        if lost and "leftover" not in by_cause:
            yield (
                f"{labels.counted(lost, f'padding {word}')} at the end left over"
                f"{_remainder(axis, 0)}; no pixel is in {'it' if lost == 1 else 'them'}."
            )


def _remainder(axis, unread):
    """How much is left over at the end: the unread cells, padding, and cells with a copy read."""
    padding = min(axis.leftover, axis.padding[1])
    copied = axis.leftover - padding - unread
    return (
        f": ({axis.size} + {sum(axis.padding)} − {axis.effective_kernel_size}) mod {axis.stride}"
        f" = {axis.leftover}"
        + (f", {padding} of them padding" if 0 < padding < axis.leftover else "")
        + (f", {copied} read as a copy" if copied else "")
    )


def _listed(word, places):
    """'row 9', 'rows 0, 2 and 4', 'rows 1 to 3 and 6 to 8', 'rows 0, 2, 4, 6 … 14 (8 of them)'."""
    if len(places) == 1:
        return f"{word} {places[0]}"
    names = []
    for _, run in groupby(enumerate(places), lambda one: one[1] - one[0]):
        run = [str(place) for _, place in run]
        names += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
    if len(names) > 6:
        return f"{word}s {', '.join(names[:4])} … {names[-1]} ({len(places)} of them)"
    return f"{word}s {labels.joined(names)}"


def _every(stride):
    """'every 2nd row and every column'"""
    steps = {1: "every", 2: "every 2nd", 3: "every 3rd"}
    return " and ".join(
        f"{steps.get(s, f'every {s}th')} {word}" for s, word in zip(stride, LINES, strict=True)
    )


def _same_note(params, result):
    (top, bottom), (left, right) = result.rows.padding, result.cols.padding
    name = DIALECTS[params.dialect]
    if (top, left) == (bottom, right):
        note = f"{name} pads evenly here: {top} above and below, {left} left and right."
    else:
        side = "after the input" if bottom > top or right > left else "before the input"
        note = (
            f"{name} puts the odd extra cell {side}: {top} above, {bottom} below, {left} left, "
            f"{right} right."
        )
    if params.stride != (1, 1) and params.dialect in ("scipy", "opencv"):
        note += f" It has no stride: {_every(params.stride)} of its result is taken."
    if params.padding_mode != "zeros" and params.dialect not in ("scipy", "opencv"):
        note += " Its own same pads with zeros."
    return note
