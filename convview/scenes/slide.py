"""A kernel slides over an input: forward convolution, coverage, and the convolution matrix."""

from dataclasses import dataclass, replace

import numpy as np

from convcore import ShapeError, conv2d, coverage, pad2d, same_padding
from convcore.taps import Axis, axis_taps, pad_index
from convview.params import DIALECTS, LARGEST_EDITED, Slide
from convview.pictures import PICTURES
from convview.scene import Grid, Line, Scene, Sweep
from convview.weights import weights

CAUSES = {
    "leftover": "left over at the end",
    "stride gap": "in a gap between two windows (stride larger than the kernel)",
    "dilation hole": "in a hole of the dilated kernel",
}


@dataclass(frozen=True)
class Forward:
    """The arrays of one setting: x (C, H, W), weight (F, C/groups, kH, kW), y (F, H_out, W_out).

    `weight` is as typed; a convolution slides it turned by 180 degrees.
    """

    x: np.ndarray
    x_padded: np.ndarray
    weight: np.ndarray
    bias: np.ndarray | None
    y: np.ndarray
    rows: Axis
    cols: Axis


def input_of(params: Slide):
    """The input (C, H, W): the numbers typed by hand, cut or continued with zeros, or a preset."""
    shape = (params.in_channels, *params.size)
    if params.x is None:
        return PICTURES[params.picture](*shape, params.seed)
    return _fitted(params.x, shape)


def weight_of(params: Slide):
    """The weights (C_out, C_in/groups, kH, kW): typed by hand, cut or continued, or a preset."""
    filters, channels = params.out_channels, max(1, params.in_channels // params.groups)
    if params.weight is None:
        return weights(params.kernel, filters, channels, *params.kernel_size, params.seed)
    typed = _fitted(params.weight, (filters * channels, *params.kernel_size))
    return typed.reshape(filters, channels, *params.kernel_size)


def padding_of(params: Slide):
    """((top, bottom), (left, right)) that the word or the numbers mean in the chosen dialect."""
    if params.padding == "valid":
        return (0, 0), (0, 0)
    if params.padding == "full":
        return tuple(
            (d * (k - 1),) * 2 for k, d in zip(params.kernel_size, params.dilation, strict=True)
        )
    if params.padding != "same":
        return params.padding
    return tuple(
        same_padding(n, k, s, d, params.dialect)
        for n, k, s, d in zip(
            params.size, params.kernel_size, params.stride, params.dilation, strict=True
        )
    )


def forward(params: Slide):
    """Every array of a setting, from `convcore`; ShapeError where the setting is impossible."""
    x, weight, pads = input_of(params), weight_of(params), padding_of(params)
    bias = None if params.bias is None else _fitted(params.bias, (1, 1, params.out_channels))[0, 0]
    sliding = weight if params.operation == "correlation" else weight[:, :, ::-1, ::-1]
    settings = params.stride, pads, params.dilation, params.groups
    y = conv2d(x, sliding, bias, *settings)  # a refusal speaks of the numbers on the page
    x_padded = pad2d(x, pads, params.padding_mode)
    if params.padding_mode != "zeros":
        y = conv2d(x_padded, sliding, bias, params.stride, 0, params.dilation, params.groups)
    rows, cols = (
        axis_taps(n, k, s, p, d)
        for n, k, s, p, d in zip(
            params.size, params.kernel_size, params.stride, pads, params.dilation, strict=True
        )
    )
    return Forward(x, x_padded, weight, bias, y, rows, cols)


def scene(params: Slide):
    """The scene of a setting; ShapeError where it is impossible."""
    result = forward(params)
    if params.view == "matrix" and max(params.size) > LARGEST_EDITED:
        cells = result.x.size * result.y.size
        raise ShapeError(
            f"matrix view: it is drawn for inputs up to {LARGEST_EDITED} x {LARGEST_EDITED}; "
            f"this matrix has {result.y.size} x {result.x.size} = {cells} entries. "
            f"Use an input of {LARGEST_EDITED} x {LARGEST_EDITED} or the sliding view.",
            fixes=(
                {"size": tuple(min(n, LARGEST_EDITED) for n in params.size)},
                {"view": "sliding"},
            ),
        )
    filters, channels = result.weight.shape[:2]
    pairs = [
        [[f * params.groups // filters * channels + c, f * channels + c] for c in range(channels)]
        for f in range(filters)
    ]
    grids = _grids(params, result, pairs)
    names = {grid.name for grid in grids}
    flip = params.operation == "convolution"
    columns = _columns(params, names)
    sweep = Sweep(
        "output",
        "input",
        "kernel",
        (result.rows.index + result.rows.padding[0]).tolist(),
        (result.cols.index + result.cols.padding[0]).tolist(),
        _turned(params.kernel_size[0], flip),
        _turned(params.kernel_size[1], flip),
        pairs,
        columns=(0, len(columns) - 1),
        words=(0, 0) if params.view == "matrix" else (1, 2),
        bias="bias" if "bias" in names else "",
        partials="partial" if "partial" in names else "",
    )
    return Scene(
        view=params.view,
        grids=grids,
        columns=columns,
        sweeps=(sweep,),
        formula=_formula(result),
        notes=tuple(_notes(params, result)),
        symbols={"input": "x", "kernel": "w", "output": "y", "bias": "b"},
        mirrors={"coverage": "input"} if params.view == "coverage" else {},
        matrix=_matrix(params, result) if params.view == "matrix" else None,
        predict=params.predict,
    )


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


def _grids(params, result, pairs):
    filters, channels = result.weight.shape[:2]
    rows, cols = (_line(axis, params.padding_mode) for axis in (result.rows, result.cols))
    outputs = [Line.plain(axis.output_size) for axis in (result.rows, result.cols)]
    small = max(params.size) <= LARGEST_EDITED
    grids = [
        Grid(
            "input", "Input", _sizes(result.x, result.x_padded), "input", result.x_padded,
            rows, cols, _named("channel", len(result.x)), editable=small,
        ),
        Grid(
            "kernel", "Kernel", _kernel_note(params, result), "kernel",
            result.weight.reshape(filters * channels, *params.kernel_size),
            *(Line.plain(size) for size in params.kernel_size),
            _kernel_planes(filters, channels), across=channels, editable=True,
        ),
        Grid(
            "output", "Output", _times(result.y.shape[1:]), "output", result.y, *outputs,
            _named("filter", filters),
        ),
    ]  # fmt: skip
    if params.view == "coverage":
        grids.append(_coverage_grid(params, result, rows, cols))
    if result.bias is not None:
        bias = result.bias[None, None, :]
        lines = Line.plain(1), Line.plain(filters)
        grids.append(Grid("bias", "Bias", "", "kernel", bias, *lines, editable=True))
    if channels > 1:
        parts = _partials(params, result, pairs)
        grids.append(Grid("partial", "", "", "output", parts, *outputs, ("",) * len(parts)))
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
        counts[None].astype(float), rows, cols, counts=True,
    )  # fmt: skip


def _windows(axis, line):
    """Along one axis, how many windows read each position or a copy of it, (padded_size,).

    A window that meets a cell and its copy counts once; rows and columns multiply, since a window
    reads a cell where it reads both its row and its column.
    """
    source = np.array(line.source)
    reads = source[axis.index + axis.padding[0]]  # (output_size, kernel_size)
    return (reads[:, :, None] == source).any(axis=1).sum(axis=0)


def _partials(params, result, pairs):
    """Each channel's part of the sum, (F * C/groups, H_out, W_out)."""
    turn = slice(None, None, -1) if params.operation == "convolution" else slice(None)
    kernels = result.weight.reshape(-1, *params.kernel_size)[:, turn, turn]
    parts = [
        conv2d(result.x_padded[None, None, c], kernels[k][None, None], None, params.stride, 0,
               params.dilation)[0, 0]
        for of_filter in pairs for c, k in of_filter
    ]  # fmt: skip
    return np.stack(parts)


def _matrix(params, result):
    """Where each cell of the input and the output stands in the vectors x and y.

    With zeros around it, padding has no column. Otherwise the padded input is the vector, since
    its copies are read as cells of their own.
    """
    zeros = params.padding_mode == "zeros"
    axes = (result.rows, result.cols)
    sizes = [a.size if zeros else a.padded_size for a in axes]
    before = [a.padding[0] if zeros else 0 for a in axes]
    inside = [
        [p - b if 0 <= p - b < n else None for p in range(a.padded_size)]
        for a, b, n in zip(axes, before, sizes, strict=True)
    ]
    outputs = result.y.shape[1:]
    height, width = result.y.size, len(result.x) * sizes[0] * sizes[1]
    return {
        "title": "Convolution matrix",
        "note": f"{_times((height, width))}, one row for each output",
        "height": height,
        "width": width,
        "rows": {
            "grid": "output",
            "planes": [f * outputs[0] * outputs[1] for f in range(len(result.y))],
            "rows": [i * outputs[1] for i in range(outputs[0])],
            "cols": list(range(outputs[1])),
        },
        "columns": {
            "grid": "input",
            "planes": [c * sizes[0] * sizes[1] for c in range(len(result.x))],
            "rows": [None if r is None else r * sizes[1] for r in inside[0]],
            "cols": inside[1],
        },
        "entries": "kernel",
        "strips": [{"side": "top", "grid": "input"}, {"side": "right", "grid": "output"}],
    }


def _formula(result):
    """The size formula with this setting's numbers, one line, or one for each axis."""
    axes = [("rows", result.rows), ("columns", result.cols)]
    if result.rows == result.cols:
        axes = [("size", result.rows)]
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
    yield from _unread_notes(result, params.padding_mode)
    if params.padding == "same":
        yield _same_note(params, result)
    if params.padding_mode != "zeros" and result.x_padded.shape != result.x.shape:
        yield f"Padding cells are copies of input cells ({params.padding_mode})."
    if params.view == "matrix" and params.padding_mode != "zeros":
        yield "The columns are the cells of the padded input, its copies among them."
    if params.view == "matrix" and result.bias is not None:
        yield "The bias is added to each product: y = M x + b."
    if params.operation == "convolution":
        yield "Convolution turns the kernel by 180° before it slides."
    else:
        yield "Cross-correlation: no flip. Deep-learning layers call this convolution."


def _unread_notes(result, mode):
    for word, axis in (("row", result.rows), ("column", result.cols)):
        by_cause = {}
        for position, cause in _unread(axis, mode).items():
            place = position - axis.padding[0]
            if 0 <= place < axis.size:
                by_cause.setdefault(cause, []).append(place)
        for cause, places in by_cause.items():
            yield f"Never read: {_listed(word, places)}, {CAUSES[cause]}{_remainder(axis, cause)}."
        lost = min(axis.leftover, axis.padding[1])
        if lost and "leftover" not in by_cause:
            yield (
                f"{lost} padding {word}{'s' * (lost > 1)} at the end left over"
                f"{_remainder(axis, 'leftover')}; no pixel among them."
            )


def _remainder(axis, cause):
    if cause != "leftover":
        return ""
    padding = min(axis.leftover, axis.padding[1])
    return (
        f": ({axis.size} + {sum(axis.padding)} − {axis.effective_kernel_size}) mod {axis.stride}"
        f" = {axis.leftover}"
        + (f", {padding} of them padding" if 0 < padding < axis.leftover else "")
    )


def _listed(word, places):
    """'row 9', 'rows 0, 2 and 4', 'rows 0, 2, 4, 6 … 14 (8 of them)'."""
    if len(places) == 1:
        return f"{word} {places[0]}"
    names = [str(place) for place in places]
    if len(names) > 6:
        return f"{word}s {', '.join(names[:4])} … {names[-1]} ({len(names)} of them)"
    return f"{word}s {', '.join(names[:-1])} and {names[-1]}"


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
        note += " It has no stride: every s-th result is taken."
    if params.padding_mode != "zeros" and params.dialect not in ("scipy", "opencv"):
        note += " Its own same pads with zeros."
    return note


def _line(axis, mode):
    """The positions of a padded input axis: coordinates, marks, and what copies what."""
    before, after = axis.padding
    unread = _unread(axis, mode)
    marks = {}
    for position in range(axis.padded_size):
        pad = not before <= position < before + axis.size
        words = ["pad"] * pad + ([unread[position]] if position in unread else [])
        if words:
            marks[position] = " ".join(words)
    source = None
    if mode != "zeros":
        source = (pad_index(axis.size, before, after, mode) + before).tolist()
    return Line(list(range(-before, axis.size + after)), marks, source)


def _unread(axis, mode):
    """{position in the padded axis: why no window reads it}; a cell whose copy is read is read."""
    padded = axis_taps(
        axis.padded_size, axis.kernel_size, axis.stride, (0, 0), axis.dilation
    )  # its cells are our positions
    causes = {place: cause for place, cause in enumerate(padded.unread_causes) if cause}
    if mode == "zeros":
        return causes
    source = pad_index(axis.size, *axis.padding, mode) + axis.padding[0]
    read = {source[place] for place in range(axis.padded_size) if place not in causes}
    return {place: cause for place, cause in causes.items() if source[place] not in read}


def _turned(size, flip):
    return list(range(size))[:: -1 if flip else 1]


def _named(word, count):
    return ("",) if count == 1 else tuple(f"{word} {i}" for i in range(count))


def _kernel_planes(filters, channels):
    if filters * channels == 1:
        return ("",)
    return tuple(f"w[{f}, {c}]" for f in range(filters) for c in range(channels))


def _kernel_note(params, result):
    note = _times(params.kernel_size)
    reach = (result.rows.effective_kernel_size, result.cols.effective_kernel_size)
    if reach != params.kernel_size:
        note += f", spans {_times(reach)}"
    if params.operation == "convolution":
        note += ", turned 180° to slide"
    return note


def _sizes(x, x_padded):
    size, padded = _times(x.shape[1:]), _times(x_padded.shape[1:])
    return size if size == padded else f"{size}, padded to {padded}"


def _times(shape):
    return " × ".join(map(str, shape))


def _fitted(typed, shape):
    """Typed planes cut, or continued with zeros, to the shape (P, R, C)."""
    typed = np.asarray(typed, float)
    kept = tuple(slice(min(a, b)) for a, b in zip(typed.shape, shape, strict=True))
    fitted = np.zeros(shape)
    fitted[kept] = typed[kept]
    return fitted


def edited(params: Slide, edit, value):
    """The parameters with one number changed; the whole grid then stands in the link.

    Numbers typed before that the present size cuts off stay behind it.
    """
    name = {"input": "x", "kernel": "weight", "bias": "bias"}[edit["grid"]]
    shown = {
        "x": lambda: input_of(params),
        "weight": lambda: weight_of(params).reshape(-1, *params.kernel_size),
        "bias": lambda: _fitted(params.bias, (1, 1, params.out_channels)),
    }[name]()
    at = edit["plane"], edit["row"], edit["col"]
    if not all(0 <= place < size for place, size in zip(at, shown.shape, strict=True)):
        return params  # a cell that a slider has taken away meanwhile
    typed = getattr(params, name)
    numbers = shown
    if typed is not None:
        numbers = _fitted(typed, np.maximum(np.shape(typed), shown.shape))
    numbers = np.array(numbers)
    numbers[at] = value
    planes = tuple(tuple(tuple(map(float, line)) for line in rows) for rows in numbers)
    return replace(params, **{name: planes})
