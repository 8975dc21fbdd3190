"""Convolution as deep learning means it: cross-correlation of batches of multi-channel images."""

from __future__ import annotations

from typing import Any

import numpy as np

from .operands import read_operands
from .taps import Axis, windows

# Columns are gathered in blocks of this many bytes: they stay in the L2 cache between the copy and
# the product, and a photograph needs a megabyte of scratch instead of gigabytes.
BLOCK_BYTES = 1 << 20


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> np.ndarray:
    """2-D convolution (cross-correlation: the kernel is not flipped), as torch's `conv2d`.

        y[n, c, i, j] = bias[c] + sum over b, u, v of
            weight[c, b, u, v] * x[n, first + b, i * s + u * d - top, j * s + v * d - left]

        0 <= b < C_in/groups,  0 <= u < kH,  0 <= v < kW;  s stride, d dilation (of that axis);
        first = (c // (C_out/groups)) * (C_in/groups); x is 0 outside its range

    Parameters
    ----------
    x : (N, C_in, H, W) or (C_in, H, W) array
        float32 and float64 are kept; integers and bools are computed in float64. N may be 0.
    weight : (C_out, C_in/groups, kH, kW) array
    bias : (C_out,) array, optional
    stride, dilation : int or (rows, columns), at least 1; dilation 1 is dense
    padding : int, (pad_h, pad_w), ((top, bottom), (left, right)), "valid", "same" or "full"
        Cells of zeros, at least 0. "same" puts the odd extra cell at the end and needs stride 1.
    groups : int
        Divides C_in and C_out; each group of outputs sees its own group of inputs.

    Returns
    -------
    (N, C_out, H_out, W_out) array, or (C_out, H_out, W_out) if x had no batch axis; a new array
        H_out = floor((H + top + bottom - d * (kH - 1) - 1) / s) + 1, likewise W_out. float32 if
        every operand is, else float64.

    Raises
    ------
    ShapeError
        If shapes, channels or groups do not belong together, a number is illegal, or the kernel is
        larger than the padded input.
    TypeError
        If an array is complex, text or objects, or a number is no number at all.

    Notes
    -----
    Not flipped; `convolve2d` flips. Cost: N * C_out * H_out * W_out * kH * kW * C_in/groups
    multiply-accumulates. Method: gather each window as a column (im2col), one matrix product.

    Source: PyTorch, torch.nn.functional.conv2d; Dumoulin and Visin, arXiv:1603.07285; im2col:
    Chellapilla, Puri and Simard, "High performance convolutional neural networks for document
    processing", 2006.

    Examples
    --------
    >>> x = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
    >>> weight = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])
    >>> conv2d(x, weight)[0, 0].tolist()  # 1*1 + 2*10 + 4*100 + 5*1000 = 5421
    [[5421.0, 6532.0], [8754.0, 9865.0]]
    """
    o = read_operands("conv2d", x, weight, bias, stride, padding, dilation, groups)
    y = forward(o.x, o.weight, o.rows, o.columns, o.groups)
    if o.bias is not None:
        y += o.bias[:, None, None]
    return y if o.batched else y[0]


def forward(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """The sum over taps y[o] = sum x[i] * w[t], for operands that are known to be legal."""
    seen = windows(zero_padded(x, rows, columns), rows, columns)
    images, channels, h_out, w_out, kh, kw = seen.shape
    filters, depth = weight.shape[0], channels // groups * kh * kw
    weight = weight.reshape(groups, filters // groups, depth)
    seen = seen.transpose(0, 1, 4, 5, 2, 3)  # (N, C_in, kH, kW, H_out, W_out)
    y = np.empty((images, groups, filters // groups, h_out * w_out), x.dtype)

    bytes_per_row = channels * kh * kw * w_out * x.itemsize
    if images * h_out * bytes_per_row <= BLOCK_BYTES:
        np.matmul(weight, seen.reshape(images, groups, depth, h_out * w_out), out=y)
        return y.reshape(images, filters, h_out, w_out)
    rows_at_once = min(h_out, max(1, BLOCK_BYTES // bytes_per_row))
    images_at_once = max(1, BLOCK_BYTES // (bytes_per_row * h_out))
    for n in range(0, images, images_at_once):
        for i in range(0, h_out, rows_at_once):
            block = seen[n : n + images_at_once, ..., i : i + rows_at_once, :]
            block = block.reshape(len(block), groups, depth, -1)  # copies: (n, G, depth, i * j)
            into = y[n : n + images_at_once, ..., i * w_out : (i + rows_at_once) * w_out]
            np.matmul(weight, block, out=into)
    return y.reshape(images, filters, h_out, w_out)


def zero_padded(x: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """x with the zeros of both axes around it; x itself if there are none."""
    if rows.padded_size == rows.size and columns.padded_size == columns.size:
        return x
    padded = np.zeros((*x.shape[:2], rows.padded_size, columns.padded_size), x.dtype)
    top, left = rows.padding[0], columns.padding[0]
    padded[:, :, top : top + rows.size, left : left + columns.size] = x
    return padded
