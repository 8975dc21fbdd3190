"""Each window as a column, times the weights: the way that serves every convolution."""

from __future__ import annotations

import numpy as np

from .strips import Scratch, at_once, blocks, padded, strip, within
from .taps import Axis, taps_first


def by_columns(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """y[o] = sum x[i] * w[t]: columns are gathered (im2col) and multiplied, block by block.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new.
    """
    images, channels = x.shape[:2]
    filters, each, kh, kw = weight.shape
    h_out, w_out = rows.output_size, columns.output_size
    depth = each * kh * kw
    weight = weight.reshape(groups, filters // groups, depth)
    y = np.empty((images, groups, filters // groups, h_out * w_out), x.dtype)
    row_bytes = channels * kh * kw * w_out * x.itemsize
    if images * h_out <= at_once(row_bytes):  # a lesson's size: no blocks to walk
        seen = taps_first(np.ascontiguousarray(padded(x, rows, columns)), rows, columns)
        np.matmul(weight, seen.reshape(images, groups, depth, h_out * w_out), out=y)
        return y.reshape(images, filters, h_out, w_out)
    if kh == kw == 1 and rows.padded_size == h_out and columns.padded_size == w_out:
        np.matmul(weight, x.reshape(images, groups, depth, h_out * w_out), out=y)  # no copy at all
        return y.reshape(images, filters, h_out, w_out)
    scratch = Scratch(x.dtype)
    for n, i in blocks(images, h_out, row_bytes):
        seen = gathered(x[n], rows, columns, i)
        (block,) = scratch.take(seen.shape)
        block[...] = seen
        block = block.reshape(len(seen), groups, depth, -1)
        np.matmul(weight, block, out=y[n, ..., i.start * w_out : i.stop * w_out])
    return y.reshape(images, filters, h_out, w_out)


def gathered(x: np.ndarray, rows: Axis, columns: Axis, i: slice) -> np.ndarray:
    """The windows of output rows `i` as a view (N, C_in, kH, kW, i, W_out)."""
    seen = np.ascontiguousarray(strip(x, rows, columns, i))
    return taps_first(seen, *within(rows, columns, i))
