"""Windows as columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import per_axis
from .by_columns import gathered
from .operands import read_images
from .plane import read_axes


def im2col(
    x: Any, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1
) -> np.ndarray:
    """Every window as a column, as torch's `unfold`: the matrix of a convolution for its weights.

        columns[n, (b, u, v), (i, j)] = x[n, b, i * s + u * d - top, j * s + v * d - left]

        (b, u, v) and (i, j) counted in row-major order; 0 <= u < kH, 0 <= v < kW; s stride, d
        dilation (of that axis); x is 0 outside its range

    Parameters
    ----------
    x : (N, C, H, W) or (C, H, W) array
        float32 and float64 are kept, integers and bools become float64.
    kernel_size, stride, dilation : int or (rows, columns), at least 1
    padding : int, (pad_h, pad_w), ((top, bottom), (left, right)), "valid", "same" or "full"

    Returns
    -------
    (N, C * kH * kW, H_out * W_out) array, or (C * kH * kW, H_out * W_out); a new array

    Raises
    ------
    ShapeError
        If x has another number of axes, a number is illegal, or the kernel is larger than the
        padded input.
    TypeError
        If x is complex, text or objects, or a number is no number at all.

    Notes
    -----
    y = weight.reshape(C_out, -1) @ columns is the convolution (groups = 1), and
    grad_weight = grad_y.reshape(C_out, -1) @ columns.T its weight gradient. As `conv2d_matrix` is
    dy/dx, this is dy/dw: with M = np.kron(np.eye(C_out), columns.T), y.ravel() equals
    M @ weight.ravel(), and M.reshape(C_out, H_out, W_out, C_out, C, kH, kW) is the full tensor. It
    is 0 between different filters, which is why one block says everything. Memory: kH * kW times
    that of x; `conv2d` never builds all of it.

    Source: K. Chellapilla, S. Puri and P. Simard, "High performance convolutional neural networks
    for document processing", 2006; PyTorch, torch.nn.functional.unfold.

    Examples
    --------
    >>> im2col([[[1, 2, 3, 4, 5]]], (1, 3), stride=2).tolist()
    [[1.0, 3.0], [2.0, 4.0], [3.0, 5.0]]
    """
    x, batched = read_images("im2col", x)
    kernel_sizes = per_axis("im2col", "kernel_size", kernel_size, 1)
    rows, columns = read_axes(
        "im2col", x.shape[2:], kernel_sizes, stride, padding, dilation, kernel_size
    )
    seen = gathered(x, rows, columns, slice(0, rows.output_size))
    images, channels, kh, kw, h_out, w_out = seen.shape
    y = np.empty((images, channels * kh * kw, h_out * w_out), x.dtype)
    y.reshape(seen.shape)[...] = seen
    return y if batched else y[0]
