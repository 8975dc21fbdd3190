"""Output sizes."""

from __future__ import annotations

from typing import Any

from .arguments import whole_number
from .padding import Sides
from .plane import read_axes, read_pool_axes


def conv_output_size(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: int | Sides | str = 0,
    dilation: int = 1,
) -> int:
    """The output length of a convolution along one axis.

        o = floor((size + before + after - dilation * (kernel_size - 1) - 1) / stride) + 1

    Parameters
    ----------
    size, kernel_size, stride, dilation : int, at least 1 (dilation 1 is dense)
    padding : int, (before, after), "valid", "same" or "full"
        Cells added, at least 0. "same" needs stride 1.

    Returns
    -------
    int, at least 1

    Raises
    ------
    ShapeError
        If a number is illegal, or dilation * (kernel_size - 1) + 1 > size + before + after.

    Notes
    -----
    A stride that does not divide is legal: the floor drops the remainder, and cells past the last
    window are not read (`axis_taps(...).unread_causes` names them).

    Source: V. Dumoulin and F. Visin, arXiv:1603.07285, relationships 6 and 15; PyTorch Conv2d,
    "Shape".

    Examples
    --------
    >>> conv_output_size(10, 3, stride=2), conv_output_size(11, 3, stride=2)
    (4, 5)
    >>> conv_output_size(4, 3, dilation=2)
    Traceback (most recent call last):
    convcore.shape_error.ShapeError: conv_output_size: the kernel spans 5 cells (kernel 3, \
dilation 2) but the padded input has 4 (input 4, padding 0). Use padding >= 1, dilation 1 or \
kernel_size 2.
    """
    size = whole_number("conv_output_size", "size", size, 1)
    kernel_size = whole_number("conv_output_size", "kernel_size", kernel_size, 1)
    (axis,) = read_axes(
        "conv_output_size", (size,), (kernel_size,), stride, padding, dilation, kernel_size
    )
    return axis.output_size


def pool_output_size(
    size: int,
    kernel_size: int,
    stride: int | None = None,
    padding: int | Sides | str = 0,
    dilation: int = 1,
    ceil_mode: Any = False,
) -> int:
    """The output length of a pooling along one axis.

        o = floor((size + before + after - dilation * (kernel_size - 1) - 1) / stride) + 1

    In ceil_mode ceil instead of floor; but the last window is dropped where it would start at
    size + before or later, in the padding at the end.

    Parameters
    ----------
    size, kernel_size, dilation : int, at least 1
    stride : int, at least 1, or None for kernel_size
    padding : int, (before, after), "valid" or "same"
        At most kernel_size // 2 on each side.
    ceil_mode : bool

    Returns
    -------
    int, at least 1

    Raises
    ------
    ShapeError
        If a number is illegal, the padding more than half of the window, or not one window fits.

    Notes
    -----
    In ceil_mode a window may be larger than the padded input, by less than the stride.

    Source: PyTorch MaxPool2d, "Shape", and aten/src/ATen/native/Pool.h.

    Examples
    --------
    >>> pool_output_size(5, 2), pool_output_size(5, 2, ceil_mode=True)
    (2, 3)
    >>> pool_output_size(5, 2, 3, 1, ceil_mode=True)  # a third would start at 6 = 5 + 1
    2
    """
    size = whole_number("pool_output_size", "size", size, 1)
    (axis,) = read_pool_axes(
        "pool_output_size", (size,), kernel_size, stride, padding, dilation, ceil_mode
    )
    return axis.output_size
