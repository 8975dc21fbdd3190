"""Convolution as deep learning means it: cross-correlation of batches of multi-channel images."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .arguments import choice
from .operands import read_backward, read_operands
from .sums import METHODS, forward, input_gradient, weight_gradient


class ConvGradients(NamedTuple):
    """What `conv2d_backward` and `conv1d_backward` return: dL/dx, dL/dweight and dL/dbias."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    *,
    method: str = "auto",
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
    method : "auto", "columns", "rows", "shifts", "factors" or "fft"
        How it is computed; "auto" takes the fastest. All agree up to rounding.

    Returns
    -------
    (N, C_out, H_out, W_out) array, or (C_out, H_out, W_out) if x had no batch axis; a new array
        H_out = floor((H + top + bottom - d * (kH - 1) - 1) / s) + 1, likewise W_out. float32 if
        every operand is, else float64.

    Raises
    ------
    ShapeError
        If shapes, channels or groups do not belong together, a number is illegal, the kernel is
        larger than the padded input, or the method named does not serve this convolution.
    TypeError
        If an array is complex, text or objects, or a number is no number at all.

    Notes
    -----
    Not flipped; `convolve2d` flips. Cost: N * C_out * H_out * W_out * kH * kW * C_in/groups
    multiply-accumulates. Methods: "columns" gathers each window as a column (im2col) and takes one
    matrix product, in blocks. "rows" takes the rows of the kernels as kernels of their own, which
    meet the input together, and adds what they give. "shifts" (a dense kernel along the rows)
    copies only the shifts along each row. "factors" (every kernel the product of a column and a
    row) passes twice, with kH + kW products each. "fft" (stride 1, dilation 1, finite numbers)
    multiplies spectra of tiles, and rounds to the precision of the largest products. Below 128 x
    128 outputs always "columns" or "rows". Scratch memory: a few blocks of 1 MiB, or of what one
    row of outputs needs where that is more; "fft" also the spectra of the kernels and of a tile.

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
    if method != "auto":
        choice("conv2d", "method", method, METHODS, "auto")
    o = read_operands("conv2d", x, weight, bias, stride, padding, dilation, groups)
    y = forward(o.x, o.weight, o.rows, o.columns, o.groups, method)
    if o.bias is not None:
        y += o.bias[:, None, None]
    return y if o.batched else y[0]


def conv2d_backward(
    grad_y: Any,
    x: Any,
    weight: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> ConvGradients:
    """The gradients of a loss L through `conv2d`, from grad_y = dL/dy (vector-Jacobian products).

        grad_x[n, first + b, h, w]  = sum of grad_y[n, c, i, j] * weight[c, b, u, v]
        grad_weight[c, b, u, v]     = sum of grad_y[n, c, i, j] * x[n, first + b, h, w]
        grad_bias[c]                = sum of grad_y[n, c, i, j]

        over the taps of `conv2d`: h = i * s + u * d - top,  w = j * s + v * d - left (s, d of that
        axis), first = (c // (C_out/groups)) * (C_in/groups), and every index the left side lacks

    Parameters
    ----------
    grad_y : array of the shape of y: (N, C_out, H_out, W_out), or (C_out, H_out, W_out)
        The upstream gradient; without a batch axis if x has none.
    x, weight, stride, padding, dilation, groups
        As they were given to `conv2d`. float32 and float64 are kept, integers become float64.

    Returns
    -------
    ConvGradients : named tuple (x, weight, bias) of new arrays
        Shaped as x, as weight, and (C_out,). float32 if grad_y, x and weight all are, else float64.

    Raises
    ------
    ShapeError
        As `conv2d`; also if grad_y does not have the shape of y (the message names it).
    TypeError
        As `conv2d`.

    Notes
    -----
    Nothing is flipped. Written from the input's side, the first sum is a full correlation with the
    kernel rotated by 180 degrees (`grad_x_by_construction`), and a transposed convolution of grad_y
    (`conv_transpose2d`). Cells that no tap reads, such as leftover rows and columns where the
    stride does not divide, get 0. Cost: each of the two large sums as much as `conv2d`. x enters
    only the second, weight only the first.

    Source: V. Dumoulin and F. Visin, arXiv:1603.07285, section 4; PyTorch, torch.nn.grad.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]]])
    >>> weight = np.array([[[[1.0, 10.0, 100.0]]]])
    >>> grad = conv2d_backward([[[[2, 3]]]], x, weight, stride=2)  # 2 stamps at 0, 3 at 2
    >>> grad.x.ravel().tolist()  # the sixth is never read
    [2.0, 20.0, 203.0, 30.0, 300.0, 0.0]
    >>> grad.weight.ravel().tolist(), grad.bias.tolist()  # 2*1 + 3*3 = 11
    ([11.0, 16.0, 21.0], [5.0])
    """
    grad_y, o = read_backward(
        "conv2d_backward", grad_y, x, weight, stride, padding, dilation, groups
    )
    grad_x = input_gradient(grad_y, o.weight, o.rows, o.columns, o.groups)
    grad_weight = weight_gradient(grad_y, o.x, o.rows, o.columns, o.groups)
    return ConvGradients(grad_x if o.batched else grad_x[0], grad_weight, grad_y.sum((0, 2, 3)))
