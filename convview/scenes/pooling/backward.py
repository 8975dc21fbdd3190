"""Where the upstream gradient goes: to the winner alone, or in equal shares."""

import numpy as np

from convcore import running_sums
from convview import labels
from convview.params import LARGEST_TYPED
from convview.scene import Grid, Line, Scene, Sweep, scale_of
from convview.scenes.layer import fitted, named, times
from convview.scenes.pooling import words
from convview.scenes.pooling.pooled import pooled

SYMBOLS = {"input": "x", "upstream": "g", "grad_input": "dL/dx", "hits": "hits"}
MOST_ADDED = 6000  # values that are added one after the other; beyond that the end only


def upstream_of(params, y):
    """dL/dy (C, H_out, W_out): typed by hand, or whole numbers by the seed."""
    if params.grad_y is not None:
        return fitted(params.grad_y, y.shape)
    rng = np.random.default_rng(params.seed)
    return rng.integers(1, 4, y.shape) * rng.choice([-1.0, 1.0], y.shape)


def scene(params, x):
    """The upstream value of each step is stamped into dL/dx, beside the input that decides it."""
    return _scene(params, x, hits=False)


def hits(params, x):
    """The same, beside the map of how many windows give each cell a part."""
    return _scene(params, x, hits=True)


def _scene(params, x, hits):
    result = pooled(params, x)
    g = upstream_of(params, result.y)
    beside = _hits_grid(result) if hits else result.input_grid()
    grids = (_upstream_grid(g), _gradient_grid(result, g), beside)
    if hits and result.kind == "max":
        grids += (result.input_grid(editable=False),)  # its numbers decide who wins
    exact = _shares(result, g).ravel()
    shares = [labels.label(share) for share in exact]
    inexact = [n for n, share in enumerate(exact) if labels.is_rounded(share, shares[n])]
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.36, (beside.name,)), (0.24, ("upstream",)), (0.4, ("grad_input",))),
        sweeps=(
            Sweep(
                "upstream", "grad_input", "", *result.taps(),
                *(list(range(k)) for k in params.kernel_size),
                [[[c, c]] for c in range(len(x))],
                mode="scatter", columns=(1, 2), words=(1, 2), skips=result.skips,
                picks=result.picks if result.kind == "max" else None,
                decides="input" if result.kind == "max" else "",
                divisors=None if result.kind == "max" else result.divided(),
                shares=shares, inexact=inexact,
            ),
        ),
        formula=words.formula(result),
        notes=tuple(_notes(result, g)),
        symbols=SYMBOLS,
        mirrors={beside.name: "grad_input"},
    )  # fmt: skip


def _upstream_grid(g):
    lines = (Line.plain(n) for n in g.shape[1:])
    return Grid(
        "upstream", "dL/dy", f"g, {times(g.shape[1:])}", "upstream", g, *lines,
        named("channel", len(g)), editable=_is_small(g),
    )  # fmt: skip


def _is_small(g):
    """Whether its numbers can be typed, and so stand in the link."""
    return max(g.shape[1:]) <= LARGEST_TYPED


def _gradient_grid(result, g):
    """dL/dx, with the padding whose part is cropped, and each cell's sums on the way there."""
    values = np.zeros(result.padded.shape)
    cells, added = _additions(result, g)
    np.add.at(values.reshape(-1), cells, added)
    values[result.inside] = result.backward(g)
    history = None
    if len(cells) <= MOST_ADDED:
        history = running_sums(cells, added, values.size)
    return Grid(
        "grad_input", "dL/dx", times(result.x.shape[1:]), "input", values,
        *result.lines(crop=True), named("channel", len(result.x)), history=history,
        scale=scale_of(g),
    )  # fmt: skip


def _hits_grid(result):
    """How many windows give each cell a part of their gradient."""
    counts = np.zeros(result.padded.shape)
    np.add.at(counts.reshape(-1), _additions(result, np.ones_like(result.y))[0], 1)
    note = "windows that each cell has won" if result.kind == "max" else "windows it is part of"
    return Grid(
        "hits", "Hits", note, "output", counts, *result.lines(crop=True),
        named("channel", len(result.x)),
    )  # fmt: skip


def _shares(result, g):
    """What one cell gets of each upstream value."""
    return g if result.kind == "max" else g / result.divisors


def _additions(result, g):
    """Flat cells of the padded input and what is added to each, in the order of the steps."""
    rows, cols = (np.array(taps) for taps in result.taps())
    height, width = result.rows.padded_size, result.cols.padded_size
    planes = np.arange(len(g))[:, None, None, None, None] * height * width
    cells = planes + rows[:, None, :, None] * width + cols[None, :, None, :]  # (C, i, j, u, v)
    shares = np.broadcast_to(_shares(result, g)[..., None, None], cells.shape)
    taken = _taken(result, cells.shape)
    return cells[taken], shares[taken]


def _taken(result, shape):
    """Which taps (C, H_out, W_out, kH, kW) get a part."""
    if result.kind == "max":
        picks = np.reshape(result.picks, (*shape[:3], 1))
        return (picks == np.arange(shape[3] * shape[4])).reshape(shape)
    reach = [
        axis.index < axis.size + axis.padding[1] if result.params.count_include_pad else axis.inside
        for axis in (result.rows, result.cols)
    ]
    return np.broadcast_to(reach[0][:, None, :, None] & reach[1][None, :, None, :], shape)


def _notes(result, g):
    if result.kind == "max":
        one = ", if there is one" * (not result.sees.all())
        yield (
            f"Each upstream value goes to the winner of its window alone{one}; the other cells get "
            "0 from it."
        )
    else:
        yield "Each cell that counts gets the same share: the upstream value over the divisor."
    if result.rows.counts.max() * result.cols.counts.max() > 1:
        yield "Windows overlap here: a cell adds up what it gets from each."
    empty = int((result.backward(np.ones_like(g)) == 0).sum())
    if empty:
        cells = labels.counted(result.x.size, "input cell")
        yield f"{empty:,} of {cells} get{'s' * (empty == 1)} no gradient at all."
    yield from words.notes(result)
    yield "dL/dy is given" + ": click a cell to change its number" * _is_small(g) + "."
