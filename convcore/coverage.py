"""How often each input cell is read."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import per_axis, read_shape
from .plane import read_axes


def coverage(
    input_shape: tuple[int, ...],
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
) -> np.ndarray:
    """How many windows read each input cell.

        count[h, w] = number of (i, j, u, v) with
            i * s + u * d - top = h  and  j * s + v * d - left = w

        0 <= i < H_out,  0 <= j < W_out,  0 <= u < kH,  0 <= v < kW;  s, d of that axis

    Parameters
    ----------
    input_shape : (H, W), (C, H, W) or (N, C, H, W)
        Only the last two count.
    kernel_size, stride, dilation : int or (rows, columns), at least 1
    padding : int, (pad_h, pad_w), ((top, bottom), (left, right)), "valid", "same" or "full"

    Returns
    -------
    (H, W) int array
        0 where no window reads: `axis_taps(...).unread_causes` says why.

    Raises
    ------
    ShapeError
        If a number is illegal or the kernel is larger than the padded input.

    Notes
    -----
    A window reads a cell through one tap at most, so taps and windows count alike. The map is an
    outer product of its two axes, and equals the input gradient of an all-ones upstream gradient
    through an all-ones kernel.

    Source: A. Odena, V. Dumoulin and C. Olah, "Deconvolution and checkerboard artifacts", Distill,
    2016 (the uneven overlap, seen from the output).

    Examples
    --------
    >>> coverage((3, 4), (3, 2)).tolist()
    [[1, 2, 2, 1], [1, 2, 2, 1], [1, 2, 2, 1]]
    >>> # stride 2 and dilation 2 together read every other column only
    >>> coverage((1, 7), (1, 3), stride=2, padding=(0, 1), dilation=2).tolist()
    [[0, 2, 0, 3, 0, 2, 0]]
    """
    shape = read_shape("coverage", input_shape, (2, 3, 4))
    kernel_sizes = per_axis("coverage", "kernel_size", kernel_size, 1)
    rows, columns = read_axes(
        "coverage", shape[-2:], kernel_sizes, stride, padding, dilation, kernel_size
    )
    return np.outer(rows.counts, columns.counts)
