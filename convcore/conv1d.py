"""Convolution of signals: the same taps, with one spatial axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from .conv import ConvGradients
from .operands import read_backward, read_operands
from .sums import forward, input_gradient, weight_gradient


def conv1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> np.ndarray:
    """1-D convolution (cross-correlation: the kernel is not flipped), as torch's `conv1d`.

        y[n, c, j] = bias[c] + sum over b, k of
            weight[c, b, k] * x[n, first + b, j * stride + k * dilation - before]

        0 <= b < C_in/groups,  0 <= k < K;  first = (c // (C_out/groups)) * (C_in/groups);
        x is 0 outside its range

    Parameters
    ----------
    x : (N, C_in, L) or (C_in, L) array
        float32 and float64 are kept; integers and bools are computed in float64. N may be 0.
    weight : (C_out, C_in/groups, K) array
    bias : (C_out,) array, optional
    stride, dilation : int or (int,), at least 1; dilation 1 is dense
    padding : int, (int,), (before, after), ((before, after),), "valid", "same" or "full"
        Cells of zeros, at least 0. "same" puts the odd extra cell at the end and needs stride 1.
        The forms without a pair are torch's.
    groups : int
        Divides C_in and C_out; each group of outputs sees its own group of inputs.

    Returns
    -------
    (N, C_out, L_out) array, or (C_out, L_out) if x had no batch axis; a new array
        L_out = floor((L + before + after - dilation * (K - 1) - 1) / stride) + 1. float32 if every
        operand is, else float64.

    Raises
    ------
    ShapeError
        If shapes, channels or groups do not belong together, a number is illegal, or the kernel is
        larger than the padded input.
    TypeError
        If an array is complex, text or objects, or a number is no number at all.

    Notes
    -----
    Not flipped; `convolve1d` flips. Cost: N * C_out * L_out * K * C_in/groups multiply-accumulates.
    It is `conv2d` on an image of one row.

    Source: PyTorch, torch.nn.functional.conv1d.

    Examples
    --------
    >>> x = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]
    >>> conv1d(x, [[[1, 10, 100], [0, 0, 1000]]], stride=2).tolist()  # 1 + 20 + 300 + 3000
    [[3321.0, 5543.0]]
    >>> conv1d([[5, 6, 7, 8]], [[[1, 0, 3]]], padding="full").tolist()
    [[15.0, 18.0, 26.0, 30.0, 7.0, 8.0]]
    """
    o = read_operands("conv1d", x, weight, bias, stride, padding, dilation, groups, axes=1)
    y = forward(o.x, o.weight, o.rows, o.columns, o.groups)[:, :, 0]  # (N, C_out, L_out)
    if o.bias is not None:
        y += o.bias[:, None]
    return y if o.batched else y[0]


def conv1d_backward(
    grad_y: Any,
    x: Any,
    weight: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> ConvGradients:
    """The gradients of a loss L through `conv1d`, from grad_y = dL/dy (vector-Jacobian products).

        grad_x[n, first + b, i]  = sum of grad_y[n, c, j] * weight[c, b, k]
        grad_weight[c, b, k]     = sum of grad_y[n, c, j] * x[n, first + b, i]
        grad_bias[c]             = sum of grad_y[n, c, j]

        over the taps of `conv1d`: i = j * stride + k * dilation - before,
        first = (c // (C_out/groups)) * (C_in/groups), and every index the left side lacks

    Parameters
    ----------
    grad_y : array of the shape of y: (N, C_out, L_out), or (C_out, L_out)
        The upstream gradient; without a batch axis if x has none.
    x, weight, stride, padding, dilation, groups
        As they were given to `conv1d`. float32 and float64 are kept, integers become float64.

    Returns
    -------
    ConvGradients : named tuple (x, weight, bias) of new arrays
        Shaped as x, as weight, and (C_out,). float32 if grad_y, x and weight all are, else float64.

    Raises
    ------
    ShapeError
        As `conv1d`; also if grad_y does not have the shape of y (the message names it).
    TypeError
        As `conv1d`.

    Notes
    -----
    Nothing is flipped. Through a "valid" layer grad_x is the FULL correlation of grad_y with the
    flipped kernel; through a "full" layer it is the VALID one. The stride of the layer is the
    dilation with which grad_y meets x in grad_weight, and the other way round.

    Source: V. Dumoulin and F. Visin, arXiv:1603.07285, section 4; PyTorch, torch.nn.grad.

    Examples
    --------
    >>> grad = conv1d_backward([[2, 3]], [[1, 2, 3, 4, 5]], [[[1, 10, 100]]], stride=2)
    >>> grad.x.tolist()  # 2 stamps 1 10 100 at 0, 3 stamps it at 2
    [[2.0, 20.0, 203.0, 30.0, 300.0]]
    >>> grad.weight.tolist(), grad.bias.tolist()  # 2*1 + 3*3 = 11
    ([[[11.0, 16.0, 21.0]]], [5.0])
    """
    grad_y, o = read_backward(
        "conv1d_backward", grad_y, x, weight, stride, padding, dilation, groups, axes=1
    )
    grad_x = input_gradient(grad_y, o.weight, o.rows, o.columns, o.groups)[:, :, 0]
    grad_weight = weight_gradient(grad_y, o.x, o.rows, o.columns, o.groups)[:, :, 0]
    return ConvGradients(grad_x if o.batched else grad_x[0], grad_weight, grad_y.sum((0, 2, 3)))
