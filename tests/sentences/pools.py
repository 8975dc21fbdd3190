"""Poolings by brute force, and as ONNX Runtime and JAX compute them: without the app's code."""

from dataclasses import replace
from functools import lru_cache

import jax
import numpy as np
from jax import lax

from tests.onnx_operators import onnx_operator
from tests.sentences import brute


class Windows:
    """What each window of a setting reads.

    rows, cols : brute.Axis; inside, counts : (H_out, W_out, K) of bool, whether a tap lies in the
    input, and in the input or its padding; at : (H_out, W_out, K, 2), its row and column
    """

    def __init__(self, params):
        self.rows, self.cols = brute.axes(params)
        rows, cols = (
            np.array([axis.taps(i) for i in range(axis.out)]) for axis in (self.rows, self.cols)
        )
        shape = (len(rows), len(cols), rows.shape[1], cols.shape[1])
        at = np.stack(
            [np.broadcast_to(rows[:, None, :, None], shape),
             np.broadcast_to(cols[None, :, None, :], shape)], -1,
        )  # fmt: skip
        self.at = at.reshape(*shape[:2], -1, 2)
        size = np.array([self.rows.n, self.cols.n])
        after = size + np.array([self.rows.after, self.cols.after])
        self.inside = ((self.at >= 0) & (self.at < size)).all(-1)
        self.counts = (self.at < after).all(-1)
        self._cells = np.where(self.inside[..., None], self.at, 0)

    def of(self, x, fill):
        """(C, H_out, W_out, K): the numbers that the windows read, `fill` around x."""
        found = x[:, self._cells[..., 0], self._cells[..., 1]]
        return np.where(self.inside, found, fill)

    def divisors(self, with_padding):
        return (self.counts if with_padding else self.inside).sum(-1)

    def equal(self, x):
        """(C, H_out, W_out, K): which taps hold the maximum of their window."""
        found = self.of(x, -np.inf)
        return (found == found.max(-1, keepdims=True)) & self.inside

    def winners(self, x):
        """(C, H_out, W_out): the first tap that holds the maximum, -1 where there is no cell."""
        equal = self.equal(x)
        return np.where(equal.any(-1), equal.argmax(-1), -1)

    def pooled(self, x, kind, with_padding=True):
        if kind == "max":
            return self.of(x, -np.inf).max(-1)
        return self.of(x, 0).sum(-1) / self.divisors(with_padding)

    def back(self, x, g, kind, with_padding=True):
        """dL/d(x with all that is read around it), one addition after the other."""
        pads = [axis.before for axis in (self.rows, self.cols)]
        size = [axis.n + axis.before + self.beyond(axis) for axis in (self.rows, self.cols)]
        grad = np.zeros((len(x), *size))
        winners = self.winners(x)
        taken = self.counts if with_padding else self.inside
        for c, i, j in np.ndindex(*g.shape):
            if kind == "max":
                taps, share = [winners[c, i, j]] if winners[c, i, j] >= 0 else [], g[c, i, j]
            else:
                taps = np.flatnonzero(taken[i, j])
                share = g[c, i, j] / len(taps)
            for tap in taps:
                row, col = self.at[i, j, tap] + pads
                grad[c, row, col] += share
        return grad

    @staticmethod
    def beyond(axis):
        """Cells behind the input: its padding, or more where the last window hangs over."""
        return max(axis.after, axis.starts[-1] + axis.span - axis.n)


@lru_cache(maxsize=4096)
def windows(params):
    return Windows(params)


@lru_cache(maxsize=256)
def by_onnx(params):
    """ONNX's pooling with its own default: padding is not in the divisor."""
    (top, bottom), (left, right) = params.padding
    how = {} if params.kind == "max" else {"count_include_pad": 0}
    y = onnx_operator(
        "MaxPool" if params.kind == "max" else "AveragePool", brute.typed_input(params)[None],
        kernel_shape=params.kernel_size, strides=params.stride, dilations=params.dilation,
        pads=[top, left, bottom, right], ceil_mode=int(params.ceil_mode), **how,
    )  # fmt: skip
    return y[0]


@lru_cache(maxsize=256)
def by_jax(params, word):
    """Pooling with TensorFlow's word VALID or SAME: its padding is in no maximum, in no divisor."""
    x = brute.typed_input(params)
    window, strides = (1, *params.kernel_size), (1, *params.stride)
    with jax.enable_x64(True):

        def reduced(x, start, add):
            return np.asarray(
                lax.reduce_window(x, start, add, window, strides, word,
                                  window_dilation=(1, *params.dilation))
            )  # fmt: skip

        if params.kind == "max":
            return reduced(x, -np.inf, lax.max)
        return reduced(x, 0.0, lax.add) / reduced(np.ones_like(x), 0.0, lax.add)


def word_of_tensorflow(params):
    """VALID where no window can reach beyond the input, else SAME."""
    beyond = any(axis.before or Windows.beyond(axis) for axis in brute.axes(params))
    return "SAME" if beyond else "VALID"


def as_tensorflow(params):
    """The setting with the padding of TensorFlow's word, and without ceil mode."""
    top, bottom, left, right = same(params) if word_of_tensorflow(params) == "SAME" else [0] * 4
    return replace(params, padding=((top, bottom), (left, right)), ceil_mode=False)


def same(params):
    """(top, bottom, left, right) of SAME: as far as ceil(n / s) windows reach."""
    sides = []
    for n, k, s, d in zip(
        params.size, params.kernel_size, params.stride, params.dilation, strict=True
    ):
        total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
        sides += [total // 2, total - total // 2]
    return tuple(sides)
