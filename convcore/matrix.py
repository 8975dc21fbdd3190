"""Convolution as a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from .arguments import read_shape
from .operands import read_groups, read_weight
from .plane import read_axes
from .shape_error import ShapeError

# 1 GiB. A dense matrix beyond this is a slip: the sparse one says the same in megabytes.
DENSE_LIMIT_BYTES = 1 << 30


def conv2d_matrix(
    weight: Any,
    input_shape: tuple[int, ...],
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
    *,
    sparse: bool = False,
) -> np.ndarray | csr_array:
    """The matrix M of a convolution: conv2d(x, weight, ...).ravel() == M @ x.ravel(), i.e. dy/dx.

        M[(c, i, j), (b, h, w)] = weight[c, b - first, u, v]
            where h = i * s + u * d - top  and  w = j * s + v * d - left;  0 elsewhere

        0 <= b - first < C_in/groups,  0 <= u < kH,  0 <= v < kW;
        first = (c // (C_out/groups)) * (C_in/groups)

    Parameters
    ----------
    weight : (C_out, C_in/groups, kH, kW) array
    input_shape : (C_in, H, W), or (H, W) if C_in is 1
    stride, dilation : int or (rows, columns), at least 1
    padding : int, (pad_h, pad_w), ((top, bottom), (left, right)), "valid", "same" or "full"
    groups : int
    sparse : bool
        Return a scipy.sparse CSR array instead of a dense one.

    Returns
    -------
    (C_out * H_out * W_out, C_in * H * W) array; float32 if weight is, else float64
        Rows and columns in row-major order of (c, i, j) and (b, h, w). M.T @ grad_y.ravel() is the
        input gradient.

    Raises
    ------
    ShapeError
        As `conv2d`; also if the dense matrix would exceed 1 GiB.

    Notes
    -----
    Not flipped; taps on padding have no column, which is what multiplying by zero means. Each row
    has at most kH * kW * C_in/groups entries; zeros in the kernel are stored in the sparse form, so
    its pattern is the taps. In one dimension, stride 1, M is a Toeplitz matrix.

    Source: Dumoulin and Visin, arXiv:1603.07285, section 4.1.

    Examples
    --------
    >>> conv2d_matrix(np.array([[[[1.0, 2.0, 3.0]]]]), (1, 5), stride=2).astype(int).tolist()
    [[1, 2, 3, 0, 0], [0, 0, 1, 2, 3]]
    """
    weight = read_weight("conv2d_matrix", weight)
    shape = read_shape("conv2d_matrix", input_shape, (2, 3))
    channels, height, width = shape if len(shape) == 3 else (1, *shape)
    groups = read_groups("conv2d_matrix", channels, weight.shape, groups)
    rows, columns = read_axes(
        "conv2d_matrix", (height, width), weight.shape[2:], stride, padding, dilation
    )
    filters, depth = weight.shape[:2]
    outputs, inputs = filters * rows.output_size * columns.output_size, channels * height * width
    if not sparse and outputs * inputs * weight.itemsize > DENSE_LIMIT_BYTES:
        raise ShapeError(
            f"conv2d_matrix: a dense matrix may take at most 1 GiB; this one is {outputs} x "
            f"{inputs}. Use sparse=True.",
            [{"sparse": True}],
        )
    # All six axes of the product: (c, i, j, b, u, v), in the order in which a matrix row is read.
    first = np.arange(filters) // (filters // groups) * depth
    b = (first[:, None] + np.arange(depth))[:, None, None, :, None, None]
    h = rows.index[:, None, None, :, None]
    w = columns.index[None, :, None, None, :]
    real = rows.inside[:, None, None, :, None] & columns.inside[None, :, None, None, :]

    product = (filters, rows.output_size, columns.output_size, depth, *weight.shape[2:])
    real = np.broadcast_to(real, product)
    column = ((b * height + h) * width + w)[real]
    values = np.broadcast_to(weight[:, None, None], product)[real]
    ends = np.cumsum(real.sum(axis=(3, 4, 5)))
    matrix = csr_array((values, column, np.append(0, ends)), shape=(outputs, inputs))
    return matrix if sparse else matrix.toarray()
