"""Grids and sweeps that several views of a gradient share."""

from dataclasses import replace

from convcore import conv_transpose2d, stamps
from convview.params import LARGEST_TYPED
from convview.scene import Grid, Line, Sweep, Twin, scale_of
from convview.scenes.gradients.upstream import target_of
from convview.scenes.layer import named, times
from convview.scenes.slide import unread_notes

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
MOST_STAMPED = 6000  # products whose sums are shown one after the other; beyond that the end only


def upstream_grid(g, title="dL/dy", note=None):
    """The upstream map; its numbers can be typed where there are few enough for the link."""
    lines = (Line.plain(n) for n in g.shape[1:])
    return Grid(
        "upstream", title, note or f"g, {times(g.shape[1:])}", "upstream", g, *lines,
        named("filter", len(g)), editable=_is_small(g),
    )  # fmt: skip


def squares_grids(params, result):
    """What a squared error compares, y and its target t; none where t could not be typed."""
    y = result.y
    if params.loss != "squares" or not _is_small(y):
        return ()
    shown = result.output_grid()
    target = replace(
        shown, name="target", title="Target", note="t", values=target_of(params, y), editable=True,
        scale=0.0,
    )  # fmt: skip
    return replace(shown, note=f"y, {shown.note}"), target


def squares_twins(params, result):
    """Each upstream cell of a squared error, and the two that it is the difference of."""
    places = [list(range(n)) for n in result.y.shape]
    return [Twin("upstream", one.name, *places) for one in squares_grids(params, result)]


def _is_small(y):
    return max(y.shape[1:]) <= LARGEST_TYPED


def spread_grid(values, back, ring, name="spread", note=None):
    """The upstream map with the zeros put in so far."""
    if note is None:
        note = f"spread and padded to {times(values.shape[1:])}"
    lines = (way.spread_line(r, way.leftover) for way, r in zip(back, ring, strict=True))
    return Grid(name, "dL/dy", note, "upstream", values, *lines, named("filter", len(values)))


def spread_twin(g, back, name, ring):
    """Each upstream cell, and where it stands in a spread map."""
    places = (way.place(r) for way, r in zip(back, ring, strict=True))
    return Twin("upstream", name, list(range(len(g))), *places)


def canvas(result, g, back, title="dL/dx"):
    """What the stamps add up to, padding included, and on the way there each cell's sums."""
    params, history = result.params, None
    if g.size * result.sliding[0].size <= MOST_STAMPED:
        size = tuple(way.padded_size for way in back)
        done = stamps(g, result.sliding, size, params.stride, params.dilation, params.groups)
        values, history = done.canvas, done.sums.ravel()
    else:
        values = stamped(g, result.sliding, back, params.groups)
    return Grid(
        "grad_input_scatter", title, "by scatter", "input", values,
        *(way.canvas_line() for way in back), named("channel", len(result.x)), history=history,
        scale=scale_of(g, result.sliding),
    )  # fmt: skip


def unread_cells(result):
    """What is said of cells of x that no window reads, where no padding is shown beside them."""
    return [note for note in unread_notes(result, "zeros") if note.startswith("Never read")]


def stamped(g, weight, back, groups=1):
    """The whole canvas at once."""
    stride, dilation, leftover = (
        tuple(getattr(way, name) for way in back) for name in ("stride", "dilation", "leftover")
    )
    return conv_transpose2d(g, weight, None, stride, 0, leftover, groups, dilation)


def scatter(result, back, **options):
    return Sweep(
        "upstream", "grad_input_scatter", "kernel", *(way.stamped for way in back), *result.turns,
        result.pairs, mode="scatter", **options,
    )  # fmt: skip
