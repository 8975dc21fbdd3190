"""Where the gradients of a layer come from: scatter beside gather, dL/dw, transposed, Jacobians."""

from dataclasses import dataclass, replace

import numpy as np

from convcore import (
    check_vjp,
    conv2d,
    conv2d_backward,
    conv_transpose2d,
    coverage,
    grad_weight_by_construction,
    grad_x_by_construction,
    stamps,
)
from convview.params import LARGEST_EDITED, Gradients
from convview.scene import Grid, Line, Scene, Sweep, Twin
from convview.scenes import jacobian, layer
from convview.scenes.layer import Layer, named, times, turned, unread
from convview.scenes.slide import formula

SYMBOLS = {
    "input": "x",
    "kernel": "w",
    "output": "y",
    "upstream": "g",
    "spread": "g\u2032",
    "kernel_rotated": "w\u2032",
    "grad_input": "dL/dx",
    "grad_input_scatter": "dL/dx",
    "grad_kernel": "dL/dw",
    "grad_bias": "dL/db",
    "target": "t",
}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_STAMPED = 6000  # products whose sums are shown one after the other; beyond that the end only


@dataclass(frozen=True)
class Way:
    """One axis of the way back: from `outputs` upstream cells to a canvas of padded input cells."""

    outputs: int
    stride: int
    dilation: int
    kernel_size: int
    before: int
    after: int
    leftover: int

    @property
    def effective_kernel_size(self):
        return (self.kernel_size - 1) * self.dilation + 1

    @property
    def canvas(self):
        """Cells of the padded input."""
        return (self.outputs - 1) * self.stride + self.effective_kernel_size + self.leftover

    @property
    def size(self):
        return self.canvas - self.before - self.after

    @property
    def stamped(self):
        """[upstream cell][tap]: the canvas cell."""
        s, d = self.stride, self.dilation
        return [[j * s + u * d for u in range(self.kernel_size)] for j in range(self.outputs)]

    @property
    def gathered(self):
        """[input cell][tap of the rotated kernel]: the cell of the spread, padded upstream map."""
        taps = range(self.kernel_size)
        return [[i + self.before + u * self.dilation for u in taps] for i in range(self.size)]

    def place(self, ring):
        """Where each upstream cell stands in the spread map, with `ring` zeros before it."""
        return [ring + j * self.stride for j in range(self.outputs)]

    def spread_line(self, ring=0, appended=0):
        """The spread upstream map: zeros between its cells, appended ones, a ring around."""
        span = (self.outputs - 1) * self.stride + 1
        real = set(self.place(ring))
        marks = {}
        for position in range(ring + span + appended + ring):
            if position in real:
                continue
            inside = position - ring
            word = "ring" if inside < 0 or inside >= span + appended else "between"
            marks[position] = "pad appended" if span <= inside < span + appended else f"pad {word}"
        return Line([p - ring for p in range(ring + span + appended + ring)], marks)

    def canvas_line(self):
        """The padded input; what is cropped counts as padding."""
        crop = {
            p: "pad crop"
            for p in range(self.canvas)
            if not self.before <= p < self.before + self.size
        }
        return Line([p - self.before for p in range(self.canvas)], crop)


def scene(params: Gradients):
    """The scene of a setting; ShapeError where it is impossible."""
    result = layer.layer(params)
    return VIEWS[params.view](params, result, upstream_of(params, result.y))


def upstream_of(params, y):
    """dL/dy (F, H_out, W_out) of the chosen loss."""
    if params.loss == "sum":
        return np.ones_like(y)
    if params.loss == "squares":
        return y - target_of(params, y)
    if params.loss == "cell":
        g = np.zeros_like(y)
        g[cell_of(params, y)] = 1
        return g
    if params.grad_y is not None:
        return layer.fitted(params.grad_y, y.shape)
    return np.random.default_rng(params.seed).integers(-3, 4, y.shape).astype(float)


def target_of(params, y):
    return np.zeros_like(y) if params.target is None else layer.fitted(params.target, y.shape)


def cell_of(params, y):
    """(filter, row, column) of the output cell that is the loss; the last where y is smaller."""
    asked = params.cell_filter, *params.cell
    return tuple(min(at, size - 1) for at, size in zip(asked, y.shape, strict=True))


def edited(params, edit, value):
    """The parameters with one number changed; an upstream number makes the gradient a given one."""
    if edit["grid"] not in ("upstream", "target"):
        return layer.edited(params, edit, value)
    y = layer.layer(params).y
    if edit["grid"] == "target":
        return layer.typed(params, "target", target_of(params, y), edit, value)
    shown = upstream_of(params, y)
    if params.loss != "upstream":
        params = replace(params, grad_y=None)
    return replace(layer.typed(params, "grad_y", shown, edit, value), loss="upstream")


def ways(result: Layer):
    """The two axes of the way back through a layer."""
    return tuple(
        Way(a.output_size, a.stride, a.dilation, a.kernel_size, *a.padding, a.leftover)
        for a in (result.rows, result.cols)
    )


# ---- dL/dx ------------------------------------------------------------------------------------


def _input_scene(params, result, g):
    back = ways(result)
    steps = grad_x_by_construction(g, result.x, result.sliding, *result.settings)
    canvas = _canvas(result, g, back)
    planes = named("channel", len(result.x))
    lines = tuple(_gradient_line(axis) for axis in (result.rows, result.cols))
    grids = (
        *_upstream_grids(params, result, g),
        result.kernel_grid("turned 180°, as it slides" if result.flip else "as it is"),
        canvas,
        _spread_grid(steps.padded, back, [w.effective_kernel_size - 1 for w in back]),
        Grid(
            "kernel_rotated", "Kernel", "not rotated" if result.flip else "rotated 180°", "kernel",
            result.sliding[:, :, ::-1, ::-1].reshape(result.planes.shape),
            *(Line.plain(n) for n in params.kernel_size), result.kernel_planes("w\u2032"),
            across=result.weight.shape[1],
        ),
        Grid(
            "grad_input", "dL/dx", f"gather, {times(result.x.shape[1:])}", "input",
            steps.cropped, *lines, planes,
        ),
    )  # fmt: skip
    gather, scatter = _gather(params, result, back), _scatter(result, back)
    count, stamped = steps.cropped.size, g.size
    pace = [min(stamped - 1, (step + 1) * stamped // count) for step in range(count)]
    return Scene(
        view=params.view,
        grids=grids,
        columns=(
            (0.17, tuple(grid.name for grid in grids[: 2 + (params.loss == "squares")])),
            (0.25, ("grad_input_scatter",)),
            (0.34, ("spread",)),
            (0.24, ("kernel_rotated", "grad_input")),
        ),
        sweeps=(gather, replace(scatter, columns=(0, 1), words=(0, 1), pace=pace)),
        formula=_input_formula(result, back),
        notes=tuple(_input_notes(params, result, g, steps, canvas.values)),
        symbols=SYMBOLS,
        twins=(
            *_spread_twins(g, back, "spread", [w.effective_kernel_size - 1 for w in back]),
            Twin(
                "grad_input", "grad_input_scatter", list(range(len(result.x))),
                *([w.before + i for i in range(w.size)] for w in back),
            ),
            Twin(
                "kernel", "kernel_rotated", list(range(len(result.planes))),
                *(turned(n, not result.flip) for n in params.kernel_size),
            ),
        ),
    )  # fmt: skip


def _upstream_grids(params, result, g, title="dL/dy", note=None):
    small = max(g.shape[1:]) <= LARGEST_EDITED
    lines = tuple(Line.plain(n) for n in g.shape[1:])
    planes = named("filter", len(g))
    grids = [
        Grid(
            "upstream", title, note or times(g.shape[1:]), "upstream", g, *lines, planes,
            editable=small,
        )
    ]  # fmt: skip
    if params.loss == "squares":
        target = target_of(params, result.y)
        grids.append(
            Grid("target", "Target", "t", "output", target, *lines, planes, editable=small)
        )
    return grids


def _spread_grid(values, back, ring, name="spread", note=None):
    if note is None:
        note = f"spread and padded to {times(values.shape[1:])}"
    lines = (w.spread_line(r, w.leftover) for w, r in zip(back, ring, strict=True))
    return Grid(name, "dL/dy", note, "upstream", values, *lines, named("filter", len(values)))


def _spread_twins(g, back, name, ring):
    places = (w.place(r) for w, r in zip(back, ring, strict=True))
    return (Twin("upstream", name, list(range(len(g))), *places),)


def _canvas(result, g, back, title="dL/dx"):
    """What the stamps add up to, padding included, and on the way there each cell's sums."""
    size = tuple(way.canvas for way in back)
    shape = (1, len(result.x), *size)
    params = result.params
    values = conv2d_backward(
        g[None], np.zeros(shape), result.sliding, params.stride, 0, params.dilation, params.groups
    ).x[0] if _fits(back) else None  # fmt: skip
    history = None
    if values is None or g.size * result.sliding[0].size <= MOST_STAMPED:
        done = stamps(g, result.sliding, size, params.stride, params.dilation, params.groups)
        history, values = done.sums.ravel(), done.canvas if values is None else values
    note = "scatter: stamps add up" + ", edge cropped" * any(w.before + w.after for w in back)
    return Grid(
        "grad_input_scatter", title, note, "input", values,
        *(way.canvas_line() for way in back), named("channel", len(result.x)), history=history,
    )  # fmt: skip


def _fits(back):
    """Whether a layer leads from this canvas to these outputs (output_padding may exceed it)."""
    return all(way.leftover < way.stride for way in back)


def _scatter(result, back, **options):
    return Sweep(
        "upstream", "grad_input_scatter", "kernel", *(way.stamped for way in back), *result.turns,
        result.pairs, mode="scatter", **options,
    )  # fmt: skip


def _gather(params, result, back):
    filters, channels = result.weight.shape[:2]
    per_group = filters // params.groups
    pairs = [
        [[f, f * channels + b % channels]
         for f in range(b // channels * per_group, (b // channels + 1) * per_group)]
        for b in range(len(result.x))
    ]  # fmt: skip
    return Sweep(
        "grad_input", "spread", "kernel_rotated", *(way.gathered for way in back),
        *(list(range(n)) for n in params.kernel_size), pairs, columns=(2, 3), words=(2, 3),
    )  # fmt: skip


def _gradient_line(axis):
    """Cells of dL/dx; those that no window reads get 0 and are marked so."""
    causes = {place - axis.padding[0]: cause for place, cause in unread(axis, "zeros").items()}
    return Line(list(range(axis.size)), {p: c for p, c in causes.items() if 0 <= p < axis.size})


def _input_formula(result, back):
    rotated = "as it was typed" if result.flip else "rotated by 180°"
    words = [("spread by s \u2212 1", [w.stride - 1 for w in back])]
    words.append(("r appended", [w.leftover for w in back]))
    words.append(("padded by ke \u2212 1", [w.effective_kernel_size - 1 for w in back]))
    steps = ", ".join(f"{word} = {_both(numbers)}" for word, numbers in words)
    return (
        (
            ("dL/dx", "input"), (" = ", ""), ("dL/dy", "upstream"), (f" ({steps}) ⋆ ", ""),
            ("kernel", "kernel"), (f" {rotated}, cropped to {times(result.x.shape[1:])}", ""),
        ),
    )  # fmt: skip


def _both(numbers):
    rows, cols = numbers
    return str(rows) if rows == cols else f"{rows} and {cols}"


def _input_notes(params, result, g, steps, scattered):
    inside = [slice(a.padding[0], a.padding[0] + a.size) for a in (result.rows, result.cols)]
    apart = np.abs(scattered[:, inside[0], inside[1]] - steps.cropped).max(initial=0)
    checked = check_vjp(
        lambda x: conv2d(x, result.sliding, None, *result.settings),
        lambda grad, x: conv2d_backward(grad, x, result.sliding, *result.settings).x,
        result.x,
    )
    yield (
        f"Both ways end in the same numbers: largest difference {_small(apart)}; "
        f"against finite differences {_small(checked.difference)}."
    )
    yield _flip_note(result)
    yield from _ring_notes(result)
    yield from _lost_notes(result)
    yield _loss_note(params, g)


def _flip_note(result):
    if result.flip:
        return (
            "The layer flips its kernel (convolution), so on the way back the kernel slides as it "
            "was typed: turned twice."
        )
    return (
        "The layer slides the kernel unflipped, so an input cell meets its taps in reverse order: "
        "on the way back the kernel is rotated by 180°."
    )


def _ring_notes(result):
    """What the padding of the layer leaves of the ring of ke - 1 zeros."""
    for word, axis in _axes(result):
        reach = axis.effective_kernel_size - 1
        before, after = axis.padding
        if before == after == 0 and reach:
            yield (
                f"Through a valid layer ({word}: padding 0) the gradient is a full correlation: "
                f"{reach} zeros on each side."
            )
        elif before == after == reach and reach:
            yield (
                f"Through a full layer ({word}: padding ke \u2212 1 = {reach}) the gradient is a "
                "valid correlation: no window that counts reads the ring."
            )
        elif max(before, after) > reach:
            yield (
                f"Padding beyond ke \u2212 1 = {reach} ({word}: {before} and {after}): the crop "
                "takes away more than the ring, upstream cells among it."
            )


def _lost_notes(result):
    for word, axis in _axes(result):
        if axis.leftover:
            yield (
                f"r = {axis.leftover} {word} left over by the stride: appended as zeros, or the "
                "result would be too small; what no window read gets gradient 0."
            )


def _axes(result):
    if result.rows == result.cols:
        return [("rows and columns", result.rows)]
    if result.params.size[0] == result.params.kernel_size[0] == 1:
        return [("columns", result.cols)]
    return [("rows", result.rows), ("columns", result.cols)]


def _loss_note(params, g):
    if params.loss == "sum":
        return "L = sum of y: every upstream number is 1."
    if params.loss == "squares":
        to = "to the target" if params.target else "to 0, the energy of y"
        return f"L = half the squared error of y {to}: dL/dy = y \u2212 t."
    if params.loss == "cell":
        index = ", ".join(map(str, cell_of(params, g)[0 if len(g) > 1 else 1 :]))
        return f"L = y[{index}]: one upstream number is 1, and one window gets a gradient."
    return "dL/dy is given: click a number to change it."


def _small(difference):
    """0, or one digit and a power of ten."""
    if difference == 0:
        return "0"
    digit, power = f"{difference:.0e}".split("e")
    return f"{digit}·10{str(int(power)).translate(RAISED)}"


# ---- the upstream map, built up ----------------------------------------------------------------


def _build_scene(params, result, g):
    back = ways(result)
    steps = grad_x_by_construction(g, result.x, result.sliding, *result.settings)
    ring = [way.effective_kernel_size - 1 for way in back]
    bare = [replace(way, leftover=0) for way in back]
    stages = (
        ("between", f"{_both([w.stride - 1 for w in back])} zeros between", steps.spread, bare,
         [0, 0]),
        ("appended", f"{_both([w.leftover for w in back])} left over, appended", steps.appended,
         back, [0, 0]),
        ("spread", f"{_both(ring)} zeros around", steps.padded, back, ring),
    )  # fmt: skip
    grids = [
        *_upstream_grids(replace(params, loss="upstream"), result, g),
        *(_spread_grid(values, ways_, r, name, note) for name, note, values, ways_, r in stages),
    ]
    rows, cols = (
        [[p.index(at)] if at in p else [] for at in range(size)]
        for p, size in zip(
            [w.place(r) for w, r in zip(back, ring, strict=True)], steps.padded.shape[1:],
            strict=True,
        )
    )  # fmt: skip
    return Scene(
        view=params.view,
        grids=tuple(grids),
        columns=(
            (0.17, ("upstream",)), (0.22, ("between",)), (0.25, ("appended",)), (0.36, ("spread",)),
        ),
        sweeps=(
            Sweep(
                "spread", "upstream", "", rows, cols, [0], [0], [[[f, 0]] for f in range(len(g))],
                columns=(0, 3), words=(0, 1),
            ),
        ),
        formula=_input_formula(result, back),
        notes=(
            "Spread: the stride jumped over s \u2212 1 cells, so as many zeros stand between.",
            "Append: rows and columns that the stride left over come back as zeros.",
            "Pad: now the kernel, rotated, can start where it covers one cell only.",
        ),
        symbols=SYMBOLS,
        twins=tuple(
            twin for name, _, _, _, r in stages for twin in _spread_twins(g, back, name, r)
        ),
    )  # fmt: skip


# ---- dL/dw and dL/db ---------------------------------------------------------------------------


def _weight_scene(params, result, g):
    grads = conv2d_backward(g, result.x, result.sliding, *result.settings)
    built = grad_weight_by_construction(g, result.x, result.sliding, *result.settings).taken
    typed = grads.weight[:, :, ::-1, ::-1] if result.flip else grads.weight
    spacing = "" if params.stride == (1, 1) else f", spread by the stride {_both(params.stride)}"
    grids = (
        result.input_grid(),
        *_upstream_grids(params, result, g, note=f"the kernel now{spacing}"),
        Grid(
            "grad_kernel", "dL/dw", f"{times(params.kernel_size)}, as w", "kernel",
            typed.reshape(result.planes.shape), *(Line.plain(n) for n in params.kernel_size),
            result.kernel_planes("dw"), across=result.weight.shape[1],
        ),
        Grid(
            "grad_bias", "dL/db", "the sum of dL/dy", "kernel", grads.bias[None, None, :],
            Line.plain(1), Line.plain(len(g)),
        ),
    )  # fmt: skip
    filters, channels = result.weight.shape[:2]
    rows, cols = (
        [[tap * d + j * s for j in range(o)] for tap in turns]
        for turns, d, s, o in zip(
            result.turns, params.dilation, params.stride, g.shape[1:], strict=True
        )
    )
    pairs = [
        [[f * params.groups // filters * channels + c, f]]
        for f in range(filters) for c in range(channels)
    ]  # fmt: skip
    upstream = tuple(grid.name for grid in grids[1:-2])
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.44, ("input",)), (0.26, upstream), (0.3, ("grad_kernel", "grad_bias"))),
        sweeps=(
            Sweep(
                "grad_kernel", "input", "upstream", rows, cols,
                *(list(range(n)) for n in g.shape[1:]), pairs,
            ),
        ),
        formula=_weight_formula(params, result),
        notes=tuple(_weight_notes(params, result, grads.weight, built, g)),
        symbols=SYMBOLS,
        totals={"grad_bias": "upstream"},
    )  # fmt: skip


def _weight_formula(params, result):
    return (
        (
            ("dL/dw", "kernel"), (" = ", ""), ("x", "input"), (" ⋆ ", ""), ("dL/dy", "upstream"),
            (f" with dilation {_both(params.stride)} (the stride of the layer) and stride "
             f"{_both(params.dilation)} (its dilation)", ""),
        ),
    )  # fmt: skip


def _weight_notes(params, result, direct, built, g):
    checked = check_vjp(
        lambda w: conv2d(result.x, w, None, *result.settings),
        lambda grad, w: conv2d_backward(grad, result.x, w, *result.settings).weight,
        result.sliding,
    )
    yield (
        f"From the taps and by the construction: largest difference "
        f"{_small(np.abs(direct - built).max(initial=0))}; against finite differences "
        f"{_small(checked.difference)}."
    )
    yield (
        "dL/dw has the shape of w, not of y. Stride and dilation exchange their roles: the stride "
        "became the dilation."
    )
    yield "dL/db is the sum of dL/dy over all places: the bias went into each of them once."
    if result.flip:
        yield "The layer flips its kernel, so each number stands where its weight was typed."
    yield _loss_note(params, g)


# ---- transposed convolution --------------------------------------------------------------------


def _transposed_scene(params, result, g):
    pads = result.rows.padding, result.cols.padding
    given = params.stride, pads, params.output_padding, params.groups, params.dilation
    y = conv_transpose2d(g, result.sliding, None, *given)
    back = tuple(
        replace(way, leftover=extra)
        for way, extra in zip(ways(result), params.output_padding, strict=True)
    )
    canvas = replace(
        _canvas(result, g, back, "Output"), note=f"{times(y.shape[1:])} after the crop"
    )
    counts = coverage(
        tuple(way.canvas for way in back), params.kernel_size, params.stride, 0, params.dilation
    ) if _fits(back) else stamps(
        np.ones((1, *g.shape[1:])), np.ones((1, 1, *params.kernel_size)),
        tuple(way.canvas for way in back), params.stride, params.dilation,
    ).canvas[0]  # fmt: skip
    grids = (
        *_upstream_grids(replace(params, loss="upstream"), result, g, "Input z"),
        result.kernel_grid("turned 180°, as it slides" if result.flip else "as it is"),
        canvas,
        Grid(
            "overlap", "Overlap", "stamps on each cell", "output", counts[None].astype(float),
            *(way.canvas_line() for way in back),
        ),
    )  # fmt: skip
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.2, ("upstream", "kernel")), (0.42, (canvas.name,)), (0.38, ("overlap",))),
        sweeps=(_scatter(result, back, columns=(0, 1), words=(0, 1)),),
        formula=tuple(
            _transposed_line(word, way)
            for word, way in ([("size", back[0])] if back[0] == back[1] else
                              [("rows", back[0]), ("columns", back[1])])
        ),
        notes=tuple(_transposed_notes(params, result, back, g, y)),
        symbols=SYMBOLS | {"upstream": "z", canvas.name: "y"},
        mirrors={"overlap": canvas.name},
    )  # fmt: skip


def _transposed_line(word, way):
    pads = f"2·{way.before}" if way.before == way.after else f"({way.before} + {way.after})"
    return (
        (f"output {word} = (", ""), (str(way.outputs), "upstream"),
        (f" \u2212 1)·{way.stride} \u2212 {pads} + {way.dilation}·(", ""),
        (str(way.kernel_size), "kernel"),
        (f" \u2212 1) + {way.leftover} + 1 = ", ""), (str(way.size), "input"),
    )  # fmt: skip


def _transposed_notes(params, result, back, g, y):
    yield from _meant_notes(back)
    yield from _overlap_notes(back)
    if _fits(back):
        again = conv2d(y, result.sliding, None, *result.settings)
        yield (
            "It is the transpose, not the inverse: shapes come back, values do not. The layer "
            f"applied to this output differs from z by up to {np.abs(again - g).max(initial=0):g}."
        )
    yield "Its padding crops: what the layer padded is cut off here."


def _meant_notes(back):
    """Which input sizes of the layer end in the same output size."""
    for word, way in _way_axes(back):
        if way.stride > 1:
            least = way.size - way.leftover
            sizes = [str(least + extra) for extra in range(way.stride)]
            yield (
                f"output_padding, {word}: the layer takes inputs of {', '.join(sizes[:-1])} and "
                f"{sizes[-1]} to the same {way.outputs}; {way.leftover} says that {way.size} is "
                "meant."
            )


def _overlap_notes(back):
    for word, way in _way_axes(back):
        if way.stride > 1 and way.dilation == 1:
            if way.kernel_size % way.stride == 0:
                yield (
                    f"Even overlap ({word}): the stride {way.stride} divides the kernel "
                    f"{way.kernel_size}."
                )
            else:
                yield (
                    f"Uneven overlap ({word}), a checkerboard: the stride {way.stride} does not "
                    f"divide the kernel {way.kernel_size}."
                )


def _way_axes(back):
    if back[0] == back[1]:
        return [("rows and columns", back[0])]
    if back[0].outputs == back[0].kernel_size == 1:
        return [("columns", back[1])]
    return [("rows", back[0]), ("columns", back[1])]


# ---- Jacobians ---------------------------------------------------------------------------------


def _dydx_scene(params, result, g):
    jacobian.ensure_small(params, result.y.size, result.x.size, "input")
    grad = conv2d_backward(g, result.x, result.sliding, *result.settings).x
    note = f"as a tensor {_tensor(result, result.y.shape, result.x.shape)}"
    lines = (Line.plain(n) for n in result.x.shape[1:])
    answer = Grid("grad_input", "dL/dx", "dL/dy · M", "input", grad, *lines)
    strips = _strips("input", "grad_input")
    matrix = jacobian.by_input(result, "dy/dx", note, strips)
    inside = Twin(
        "grad_input", "input", list(range(len(result.x))),
        *([a.padding[0] + i for i in range(a.size)] for a in (result.rows, result.cols)),
    )  # fmt: skip
    return _jacobian_scene(params, result, g, matrix, answer, inside, ("kernel", "upstream"))


def _dydw_scene(params, result, g):
    jacobian.ensure_small(params, result.y.size, result.weight.size, "weight")
    grad = conv2d_backward(g, result.x, result.sliding, *result.settings).weight
    typed = (grad[:, :, ::-1, ::-1] if result.flip else grad).reshape(result.planes.shape)
    note = f"as a tensor {_tensor(result, result.y.shape, result.weight.shape)}"
    lines = (Line.plain(n) for n in params.kernel_size)
    answer = Grid("grad_kernel", "dL/dw", "dL/dy · M", "kernel", typed, *lines)
    strips = _strips("kernel", "grad_kernel")
    matrix = jacobian.by_weight(result, "dy/dw", note, strips)
    same = Twin(
        "grad_kernel", "kernel", list(range(len(result.planes))),
        *(list(range(n)) for n in params.kernel_size),
    )  # fmt: skip
    return _jacobian_scene(params, result, g, matrix, answer, same, ("input", "upstream"))


def _strips(columns, answer):
    return (
        {"side": "top", "grid": columns},
        {"side": "right", "grid": "output"},
        {"side": "left", "grid": "upstream"},
        {"side": "bottom", "grid": answer},
    )


def _jacobian_scene(params, result, g, matrix, answer, twin, shown):
    places = [list(range(n)) for n in g.shape]
    grids = (
        result.input_grid(), result.kernel_grid(), result.output_grid(),
        *_upstream_grids(replace(params, loss="upstream"), result, g), answer,
    )  # fmt: skip
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.28, shown), (0.72, ("matrix",))),
        sweeps=(result.sweep(columns=(0, 1), words=(0, 0)),),
        formula=formula(result),
        notes=(
            f"{matrix['title']} has one row for each y and one column for each "
            f"{'x' if answer.name == 'grad_input' else 'w'}; dL/dy from the left gives "
            f"{answer.title} below (the vector-Jacobian product).",
            "This is the convolution matrix: each row holds the kernel where its window lies."
            if answer.name == "grad_input"
            else "This is the im2col matrix: each row holds the inputs of its window; between "
            "different filters it is 0.",
            _loss_note(params, g),
        ),
        symbols=SYMBOLS,
        twins=(Twin("upstream", "output", *places), twin),
        matrix=matrix,
    )


def _tensor(result, of, by):
    """1 × 2 × 1 × 2 × 3: the axes of the numerator, then of the denominator; one row is no axis."""
    row = result.params.size[0] == result.params.kernel_size[0] == 1
    return times(n for shape in (of, by) for n in (*shape[: -2 if row else -1], shape[-1]))


VIEWS = {
    "input": _input_scene,
    "build": _build_scene,
    "weight": _weight_scene,
    "transposed": _transposed_scene,
    "dydx": _dydx_scene,
    "dydw": _dydw_scene,
}
