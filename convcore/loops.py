"""Convolution and its gradients, written as the loops they are. Slow, and meant to be read."""

from __future__ import annotations

from typing import Any

import numpy as np

from .conv import ConvGradients
from .operands import read_backward, read_operands


def conv2d_loops(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> np.ndarray:
    """2-D convolution as nested loops: the reference for `conv2d`, with the same arguments.

        y[n, c, i, j] = bias[c] + sum over b, u, v of weight[c, b, u, v] * x[n, first + b, h, w]

        h = i * stride + u * dilation - top,  w = j * stride + v * dilation - left (of that axis);
        first = (c // (C_out/groups)) * (C_in/groups); cells outside x hold 0

    Parameters
    ----------
    x, weight, bias, stride, padding, dilation, groups
        As for `conv2d`.

    Returns
    -------
    (N, C_out, H_out, W_out) or (C_out, H_out, W_out) array
        As for `conv2d`.

    Raises
    ------
    ShapeError, TypeError
        As for `conv2d`.

    Notes
    -----
    Not flipped. About a microsecond for each multiply-accumulate: for small inputs only.

    Source: Dumoulin and Visin, arXiv:1603.07285; the loop nest of Sze et al., "Efficient processing
    of deep neural networks", Proc. IEEE 105(12), 2017, equation 1.

    Examples
    --------
    >>> x = np.arange(1.0, 7.0).reshape(1, 1, 1, 6)
    >>> weight = np.array([1.0, 10.0, 100.0]).reshape(1, 1, 1, 3)
    >>> conv2d_loops(x, weight, stride=2, padding=((0, 0), (0, 1))).tolist()  # 1 + 20 + 300 = 321
    [[[[321.0, 543.0, 65.0]]]]
    """
    x, weight, bias, rows, columns, groups, batched = read_operands(
        "conv2d_loops", x, weight, bias, stride, padding, dilation, groups
    )
    images, _, height, width = x.shape
    filters, depth, kernel_h, kernel_w = weight.shape
    y = np.zeros((images, filters, rows.output_size, columns.output_size), x.dtype)
    for n in range(images):
        for c in range(filters):
            first = c // (filters // groups) * depth  # first input channel of this filter's group
            for i in range(rows.output_size):
                for j in range(columns.output_size):
                    total = 0.0 if bias is None else bias[c]
                    for b in range(depth):
                        for u in range(kernel_h):
                            for v in range(kernel_w):
                                h = i * rows.stride + u * rows.dilation - rows.padding[0]
                                w = j * columns.stride + v * columns.dilation - columns.padding[0]
                                if 0 <= h < height and 0 <= w < width:
                                    total += x[n, first + b, h, w] * weight[c, b, u, v]
                    y[n, c, i, j] = total
    return y if batched else y[0]


def conv2d_backward_loops(
    grad_y: Any,
    x: Any,
    weight: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> ConvGradients:
    """The gradients of a convolution as nested loops: the reference for `conv2d_backward`.

    The loops of `conv2d_loops` again. Where those read x and weight, these give back: by the
    product rule the term x * weight of y sends grad_y * weight to x, and grad_y * x to weight.

        grad_x[n, first + b, h, w] += grad_y[n, c, i, j] * weight[c, b, u, v]
        grad_weight[c, b, u, v]    += grad_y[n, c, i, j] * x[n, first + b, h, w]
        grad_bias[c]               += grad_y[n, c, i, j]

    Parameters
    ----------
    grad_y, x, weight, stride, padding, dilation, groups
        As for `conv2d_backward`.

    Returns
    -------
    ConvGradients
        As for `conv2d_backward`.

    Raises
    ------
    ShapeError, TypeError
        As for `conv2d_backward`.

    Notes
    -----
    About a microsecond for each multiply-accumulate: for small inputs only. A tap on padding gives
    nothing back, and a cell that no tap reads gets nothing.

    Source: Dumoulin and Visin, arXiv:1603.07285, section 4.

    Examples
    --------
    >>> x = np.arange(1.0, 7.0).reshape(1, 1, 1, 6)
    >>> weight = np.array([1.0, 10.0, 100.0]).reshape(1, 1, 1, 3)
    >>> conv2d_backward_loops([[[[2, 3]]]], x, weight, stride=2).x.tolist()
    [[[[2.0, 20.0, 203.0, 30.0, 300.0, 0.0]]]]
    """
    grad_y, (x, weight, _, rows, columns, groups, batched) = read_backward(
        "conv2d_backward_loops", grad_y, x, weight, stride, padding, dilation, groups
    )
    images, filters = grad_y.shape[:2]
    height, width = x.shape[2:]
    _, depth, kernel_h, kernel_w = weight.shape
    grad_x, grad_weight = np.zeros_like(x), np.zeros_like(weight)
    grad_bias = np.zeros(filters, x.dtype)
    for n in range(images):
        for c in range(filters):
            first = c // (filters // groups) * depth  # first input channel of this filter's group
            for i in range(rows.output_size):
                for j in range(columns.output_size):
                    g = grad_y[n, c, i, j]
                    grad_bias[c] += g
                    for b in range(depth):
                        for u in range(kernel_h):
                            for v in range(kernel_w):
                                h = i * rows.stride + u * rows.dilation - rows.padding[0]
                                w = j * columns.stride + v * columns.dilation - columns.padding[0]
                                if 0 <= h < height and 0 <= w < width:
                                    grad_x[n, first + b, h, w] += g * weight[c, b, u, v]
                                    grad_weight[c, b, u, v] += g * x[n, first + b, h, w]
    return ConvGradients(grad_x if batched else grad_x[0], grad_weight, grad_bias)
