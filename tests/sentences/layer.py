"""A layer of /slide or /gradients by JAX: forward, and backward by automatic differentiation."""

from itertools import product

import jax
import numpy as np
from jax import lax

from tests.sentences import brute


class Layer:
    """x (C, H, W) and w (F, C/groups, kH, kW) of a setting, and what JAX makes of them."""

    def __init__(self, params):
        self.params = params
        self.x, self.w = brute.typed_input(params), brute.typed_weight(params)
        self.rows, self.cols = brute.axes(params)

    def _forward(self, x, w):
        p = self.params
        w = w[..., ::-1, ::-1] if p.operation == "convolution" else w
        return lax.conv_general_dilated(
            x[None], w, p.stride, brute.padding(p), rhs_dilation=p.dilation,
            feature_group_count=p.groups,
        )[0]  # fmt: skip

    def forward(self, x=None):
        """y (F, H_out, W_out), without a bias."""
        with jax.enable_x64(True):
            return np.asarray(self._forward(self.x if x is None else x, self.w))

    def back(self, g, x=None):
        """(dL/dx, dL/dw), g being dL/dy."""
        with jax.enable_x64(True):
            _, vjp = jax.vjp(self._forward, self.x if x is None else x, self.w)
            return tuple(map(np.asarray, vjp(g)))

    def slope(self, loss):
        """dL/dx of a loss of y."""
        with jax.enable_x64(True):
            return np.asarray(jax.grad(lambda x: loss(self._forward(x, self.w)))(self.x))

    def jacobian(self, by):
        """dy/dx or dy/dw: the axes of y, then those of x or w."""
        with jax.enable_x64(True):
            of = jax.jacrev(self._forward, "xw".index(by))
            return np.asarray(of(self.x, self.w))

    def spread(self, g):
        """g with s - 1 zeros between its cells, (F, ...)."""
        made = np.zeros((len(g), *((axis.out - 1) * axis.s + 1 for axis in (self.rows, self.cols))))
        made[:, :: self.rows.s, :: self.cols.s] = g
        return made


def drawn_matrix(at):
    """The matrix that a state draws, filled from its taps as the stage fills it; None if none is.

    An entry is at the row of its step; at the column of what is read if weights are the entries.
    """
    matrix, (sweep, *_) = at.made.matrix, at.made.sweeps
    if matrix is None:
        return None
    made = np.zeros((matrix["height"], matrix["width"]))
    entries = at.made.grid(matrix["entries"]).values
    for (f, pairs), (i, rows), (j, cols) in product(*map(enumerate, (
        sweep.pairs, sweep.rows, sweep.cols))):  # fmt: skip
        for (c, k), (u, r), (v, s) in product(pairs, enumerate(rows), enumerate(cols)):
            cells = {"input": (c, r, s), "kernel": (k, sweep.weight_rows[u], sweep.weight_cols[v])}
            column = _place(matrix["columns"], *cells[matrix["columns"]["grid"]])
            if column is not None:
                value = entries[cells[matrix["entries"]]]
                made[_place(matrix["rows"], f, i, j), column] += value
    return made


def _place(places, plane, row, col):
    parts = places["planes"][plane], places["rows"][row], places["cols"][col]
    return None if None in parts else sum(parts)
