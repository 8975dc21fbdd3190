"""The upstream gradient dL/dy: what the loss is, and what of it was typed by hand."""

from dataclasses import replace

import numpy as np

from convview.scene import scale_of, settled
from convview.scenes import layer


def upstream_of(params, result):
    """dL/dy (F, H_out, W_out) of the chosen loss."""
    y = result.y
    if params.loss == "sum":
        return np.ones_like(y)
    if params.loss == "squares":
        return settled(y - target_of(params, y), scale_of(result.x, result.sliding))
    if params.loss == "cell":
        g = np.zeros_like(y)
        g[cell_of(params, y)] = 1
        return g
    if params.grad_y is not None:
        return layer.fitted(params.grad_y, y.shape)
    rng = np.random.default_rng(params.seed)  # none is 0, for zeros are what is put in later
    return rng.integers(1, 4, y.shape) * rng.choice([-1.0, 1.0], y.shape)


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
    result = layer.layer(params)
    if edit["grid"] == "target":
        return layer.typed(params, "target", target_of(params, result.y), edit, value)
    shown = upstream_of(params, result)
    if params.loss != "upstream":
        params = replace(params, grad_y=None)
    return replace(layer.typed(params, "grad_y", shown, edit, value), loss="upstream")


def loss_note(params, g, one_row):
    if params.loss == "sum":
        return "L = sum of y: every upstream number is 1."
    if params.loss == "squares":
        target = "the target t" if params.target else "the target t = 0"
        return f"L = ½ Σ (y − t)², with {target}: dL/dy = y − t."
    if params.loss == "cell":
        index = layer.indexed(cell_of(params, g), len(g), one_row)
        return f"L = y{index}: one upstream number is 1, and one window gets a gradient."
    return "dL/dy is given: click a cell to change its number."
