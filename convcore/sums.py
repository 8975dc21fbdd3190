"""The three sums over the same taps: forward, input gradient, weight gradient.

    forward            y[o] = sum of x[i] * w[t]
    input gradient    dx[i] = sum of g[o] * w[t]
    weight gradient   dw[t] = sum of g[o] * x[i]        over all taps: (output o, tap t) -> input i

Their operands are known to be legal (`operands` has read them). `loops` has the sums literally.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .taps import Axis, windows

# Columns are gathered in blocks of this many bytes: they stay in the L2 cache between the copy and
# the product, and a photograph needs a megabyte of scratch instead of gigabytes.
BLOCK_BYTES = 1 << 20


def forward(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """y[o] = sum x[i] * w[t]: each window as a column, times the weights.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new.
    """
    seen = windows(zero_padded(x, rows, columns), rows, columns)
    images, channels, h_out, w_out, kh, kw = seen.shape
    filters, depth = weight.shape[0], channels // groups * kh * kw
    weight = weight.reshape(groups, filters // groups, depth)
    seen = seen.transpose(0, 1, 4, 5, 2, 3)  # (N, C_in, kH, kW, H_out, W_out)
    y = np.empty((images, groups, filters // groups, h_out * w_out), x.dtype)

    row_bytes = channels * kh * kw * w_out * x.itemsize
    if images * h_out * row_bytes <= BLOCK_BYTES:  # a lesson's size: no blocks to walk
        np.matmul(weight, seen.reshape(images, groups, depth, h_out * w_out), out=y)
        return y.reshape(images, filters, h_out, w_out)
    for n, i in blocks(images, h_out, row_bytes):
        block = seen[n, ..., i, :]
        block = block.reshape(len(block), groups, depth, -1)  # copies: (n, G, depth, i * j)
        np.matmul(weight, block, out=y[n, ..., i.start * w_out : i.stop * w_out])
    return y.reshape(images, filters, h_out, w_out)


def input_gradient(
    grad_y: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """dx[i] = sum g[o] * w[t]: each output stamps the weights, times its g, onto its window.

    grad_y (N, C_out, H_out, W_out), weight (C_out, C_in/groups, kH, kW) -> (N, C_in, H, W), new.
    A cell that no tap reads (a leftover row, a hole) is never stamped: 0.
    """
    images, filters, h_out, w_out = grad_y.shape
    each, kh, kw = weight.shape[1:]
    channels = groups * each
    weight = weight.reshape(groups, filters // groups, each, kh, kw).transpose(3, 0, 2, 4, 1)
    weight = weight.reshape(kh, groups, each * kw, filters // groups)  # one row of taps at a time
    padded = np.zeros((images, channels, rows.padded_size, columns.padded_size), grad_y.dtype)

    for n, i in blocks(images, h_out, channels * kw * w_out * padded.itemsize):
        block = grad_y[n, :, i]
        images_here, _, rows_here, _ = block.shape
        block = block.reshape(images_here, groups, filters // groups, rows_here * w_out)
        for u in range(kh):
            stamps = weight[u] @ block  # (n, G, C_in/G * kW, i * j)
            stamps = stamps.reshape(images_here, channels, kw, rows_here, w_out)
            for v in range(kw):
                cells = padded[n, :, rows.cells(u), columns.cells(v)]  # (n, C_in, H_out, W_out)
                cells[:, :, i] += stamps[:, :, v]
    return np.ascontiguousarray(without_padding(padded, rows, columns))


def weight_gradient(
    grad_y: np.ndarray, x: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """dw[t] = sum g[o] * x[i]: each window, times the g of its output, summed over the outputs.

    grad_y (N, C_out, H_out, W_out), x (N, C_in, H, W) -> (C_out, C_in/groups, kH, kW), new.
    """
    seen = windows(zero_padded(x, rows, columns), rows, columns)
    images, channels, h_out, w_out, kh, kw = seen.shape
    filters, depth = grad_y.shape[1], channels // groups * kh * kw
    seen = seen.transpose(1, 4, 5, 0, 2, 3)  # (C_in, kH, kW, N, H_out, W_out)
    grad_y = grad_y.swapaxes(0, 1)  # (C_out, N, H_out, W_out)
    total = np.zeros((groups, filters // groups, depth), x.dtype)
    for n, i in blocks(images, h_out, channels * kh * kw * w_out * x.itemsize):
        g = grad_y[:, n, i].reshape(groups, filters // groups, -1)  # (G, C_out/G, n * i * j)
        block = seen[..., n, i, :].reshape(groups, depth, -1)  # copies: (G, depth, n * i * j)
        total += g @ block.swapaxes(1, 2)
    return total.reshape(filters, channels // groups, kh, kw)


def blocks(images: int, h_out: int, row_bytes: int) -> Iterator[tuple[slice, slice]]:
    """(images, output rows) in blocks whose columns take about BLOCK_BYTES.

    `row_bytes` is what the columns of one output row take.
    """
    rows_at_once = min(h_out, max(1, BLOCK_BYTES // row_bytes))
    images_at_once = max(1, BLOCK_BYTES // (row_bytes * h_out))
    for n in range(0, images, images_at_once):
        for i in range(0, h_out, rows_at_once):
            yield slice(n, n + images_at_once), slice(i, i + rows_at_once)


def zero_padded(x: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """x with the zeros of both axes around it; x itself if there are none."""
    if rows.padded_size == rows.size and columns.padded_size == columns.size:
        return x
    padded = np.zeros((*x.shape[:2], rows.padded_size, columns.padded_size), x.dtype)
    without_padding(padded, rows, columns)[...] = x
    return padded


def without_padding(padded: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """The cells of the input itself: (N, C, rows.size, columns.size), a view."""
    top, left = rows.padding[0], columns.padding[0]
    return padded[:, :, top : top + rows.size, left : left + columns.size]
