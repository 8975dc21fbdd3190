"""The three sums over the same taps: forward, input gradient, weight gradient.

    forward            y[o] = sum of x[i] * w[t]
    input gradient    dx[i] = sum of g[o] * w[t]
    weight gradient   dw[t] = sum of g[o] * x[i]        over all taps: (output o, tap t) -> input i

Their operands are known to be legal (`operands` has read them). `loops` has the sums literally.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from .by_columns import by_columns, gathered
from .by_factors import by_factors, factors
from .by_fft import by_fft
from .by_rows import by_rows
from .by_shifts import by_shifts
from .shape_error import ShapeError
from .strips import add_strip, blocks, within
from .taps import Axis, shared_axis

WAYS = {
    "columns": by_columns,
    "rows": by_rows,
    "shifts": by_shifts,
    "factors": by_factors,
    "fft": by_fft,
}
METHODS = ("auto", *WAYS)

LARGE = 128 * 128  # outputs of a plane; below, sums are formed as written and whole numbers stay
WIDE = 96  # outputs of a row, from which on the shifts along it are worth it
FEW = 8  # channels that meet one filter, up to which they are; above, rows of kernels serve
MANY = 128  # filters, above which a product needs no rows of kernels to be a good one
TWO_PASSES = 7  # side of a kernel from which two passes cost less than one
SPECTRAL = 121  # taps from which on spectra cost less than shifts


def forward(
    x: np.ndarray,
    weight: np.ndarray,
    rows: Axis,
    columns: Axis,
    groups: int = 1,
    method: str = "auto",
) -> np.ndarray:
    """y[o] = sum x[i] * w[t], by the fastest of the WAYS or by the one that is named.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new.
    """
    if method == "auto":
        method = fastest(x, weight, rows, columns)
    else:
        check_method(method, x, weight, rows, columns)
    return WAYS[method](x, weight, rows, columns, groups)


def fastest(x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis) -> str:
    """Which of the WAYS takes least time here; see benchmarks/RESULTS.md."""
    filters, channels, kh, kw = weight.shape
    # many channels meet few filters, and every product of a row is of use
    deep = channels > FEW and filters <= MANY and kh > 1 and rows.stride == 1
    direct = "rows" if deep else "columns"
    if rows.output_size * columns.output_size < LARGE:
        return direct
    if min(kh, kw) >= TWO_PASSES and _has_factors(weight):
        return "factors"
    if kh * kw >= SPECTRAL and _is_dense(rows, columns) and np.isfinite(x).all():
        return "fft"
    if columns.output_size >= WIDE and channels <= FEW and rows.dilation == 1:
        return "shifts"
    return direct


def check_method(method: str, x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis) -> None:
    """ShapeError if this way cannot compute this convolution."""
    if method == "shifts":
        needs, has = "dilation 1 along the rows", rows.dilation == 1
    elif method == "factors":
        needs, has = "kernels that are the product of a column and a row", _has_factors(weight)
    elif method == "fft":
        needs = "stride 1, dilation 1 and finite numbers"
        has = _is_dense(rows, columns) and np.isfinite(x).all()
    else:
        return
    if not has:
        raise ShapeError(
            f'conv2d: method "{method}" needs {needs}; got others. Use method "auto".',
            [{"method": "auto"}],
        )


def _has_factors(weight: np.ndarray) -> bool:
    return all(factors(weight[at]) is not None for at in np.ndindex(weight.shape[:2]))


def _is_dense(*axes: Axis) -> bool:
    return all(axis.stride == axis.dilation == 1 for axis in axes)


def input_gradient(
    grad_y: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """dx[i] = sum g[o] * w[t]: each output stamps the weights, times its g, onto its window.

    grad_y (N, C_out, H_out, W_out), weight (C_out, C_in/groups, kH, kW) -> (N, C_in, H, W), new.
    A cell that no tap reads (a leftover row, a hole) is never stamped: 0.
    """
    if rows.stride == columns.stride == 1:
        return _full_correlation(grad_y, weight, rows, columns, groups)
    images, filters, h_out, w_out = grad_y.shape
    each, kh, kw = weight.shape[1:]
    channels = groups * each
    weight = weight.reshape(groups, filters // groups, each, kh, kw).transpose(0, 3, 4, 2, 1)
    weight = weight.reshape(groups, kh * kw * each, filters // groups)
    grad_x = np.zeros((images, channels, rows.size, columns.size), grad_y.dtype)
    for n, i in blocks(images, h_out, channels * kh * kw * w_out * grad_x.itemsize):
        block = grad_y[n, :, i]
        count, _, height, _ = block.shape
        stamps = weight @ block.reshape(count, groups, filters // groups, height * w_out)
        stamps = stamps.reshape(count, groups, kh, kw, each, height, w_out)
        inner, across = within(rows, columns, i)
        part = np.zeros((count, channels, inner.size, across.size), grad_x.dtype)
        cells = part.reshape(count, groups, each, inner.size, across.size)
        for u, v in product(range(kh), range(kw)):
            cells[..., inner.cells(u), across.cells(v)] += stamps[:, :, u, v]
        add_strip(grad_x[n], part, rows, columns, i)
    return grad_x


def _full_correlation(
    grad_y: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int
) -> np.ndarray:
    """The same at stride 1, from the input's side: the kernel rotated by 180 degrees slides over
    the padded g. What the padding would crop of g is not read at all."""
    filters, each, kh, kw = weight.shape
    turned = weight[:, :, ::-1, ::-1].reshape(groups, filters // groups, each, kh, kw)
    turned = np.ascontiguousarray(turned.swapaxes(1, 2)).reshape(groups * each, -1, kh, kw)
    axes, kept = [], []
    for axis, count in zip((rows, columns), grad_y.shape[2:], strict=True):
        around = [axis.effective_kernel_size - 1 - side for side in axis.padding]
        crop = [max(0, -side) for side in around]
        kept.append(slice(crop[0], count - crop[1]))
        pads = max(0, around[0]), max(0, around[1])
        axes.append(shared_axis(count - sum(crop), axis.kernel_size, 1, pads, axis.dilation))
    return forward(np.ascontiguousarray(grad_y[..., kept[0], kept[1]]), turned, *axes, groups)


def weight_gradient(
    grad_y: np.ndarray, x: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """dw[t] = sum g[o] * x[i]: each window, times the g of its output, summed over the outputs.

    grad_y (N, C_out, H_out, W_out), x (N, C_in, H, W) -> (C_out, C_in/groups, kH, kW), new.
    """
    images, channels = x.shape[:2]
    filters, h_out, w_out = grad_y.shape[1:]
    kh, kw = rows.kernel_size, columns.kernel_size
    depth = channels // groups * kh * kw
    total = np.zeros((groups, filters // groups, depth), x.dtype)
    for n, i in blocks(images, h_out, channels * kh * kw * w_out * x.itemsize):
        for image in range(n.start, n.stop):
            seen = gathered(x[image : image + 1], rows, columns, i)
            block = seen.reshape(groups, depth, -1)  # copies: (G, C_in/G * kH * kW, i * j)
            g = grad_y[image, :, i].reshape(groups, filters // groups, -1)
            total += g @ block.swapaxes(1, 2)
    return total.reshape(filters, channels // groups, kh, kw)
