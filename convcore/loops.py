"""The definition of convolution, written as the loops it is. Slow, and meant to be read."""

from __future__ import annotations

from typing import Any

import numpy as np

from .operands import read_operands


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
