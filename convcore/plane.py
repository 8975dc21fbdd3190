"""From the arguments of a public function to the taps of its axes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .arguments import per_axis
from .misfit import misfit
from .padding import read_padding
from .shape_error import ShapeError
from .taps import Axis, pooled_axis, shared_axis


def read_axes(
    function: str,
    sizes: tuple[int, ...],
    kernel_sizes: tuple[int, ...],
    stride: Any,
    padding: Any,
    dilation: Any,
    kernel_size: Any = None,
) -> tuple[Axis, ...]:
    """The Axis of each spatial axis, rows first, or the ShapeError that `function` should raise.

    `sizes` and `kernel_sizes` are checked already; the rest is as the caller wrote it.
    `kernel_size` is the caller's argument of that name, if there is one to change.
    """
    if type(stride) is type(padding) is type(dilation) is int and kernel_size is None:
        return _alike(function, sizes, kernel_sizes, stride, padding, dilation)
    return _axes(function, sizes, kernel_sizes, stride, padding, dilation, kernel_size)


def _axes(
    function: str,
    sizes: tuple[int, ...],
    kernel_sizes: tuple[int, ...],
    stride: Any,
    padding: Any,
    dilation: Any,
    kernel_size: Any = None,
) -> tuple[Axis, ...]:
    count = len(sizes)
    strides = per_axis(function, "stride", stride, 1, count)
    dilations = per_axis(function, "dilation", dilation, 1, count)
    sides = read_padding(function, padding, sizes, kernel_sizes, strides, dilations)
    axes = tuple(map(shared_axis, sizes, kernel_sizes, strides, sides, dilations))
    if any(axis.missing for axis in axes):
        raise misfit(function, axes, padding, dilation, kernel_size)
    return axes


# The usual call, one int each: what has been found legal once is not looked at again.
_alike = lru_cache(maxsize=64)(_axes)


def read_pool_axes(
    function: str,
    sizes: tuple[int, ...],
    kernel_size: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: Any,
) -> tuple[Axis, ...]:
    """The Axis of each spatial axis of a pooling, rows first; arguments as the caller wrote them.

    No stride means as far as the window is wide. A side is padded by at most half of the window.
    """
    count = len(sizes)
    kernel_sizes = per_axis(function, "kernel_size", kernel_size, 1, count)
    strides = kernel_sizes if stride is None else per_axis(function, "stride", stride, 1, count)
    dilations = per_axis(function, "dilation", dilation, 1, count)
    sides = read_padding(function, padding, sizes, kernel_sizes, strides, dilations)
    for k, side in zip(kernel_sizes, sides, strict=True):
        if max(side) > k // 2:
            raise _overpadded(function, k, max(side), padding)
    axes = tuple(
        pooled_axis(*axis, ceil_mode=bool(ceil_mode))
        for axis in zip(sizes, kernel_sizes, strides, sides, dilations, strict=True)
    )
    if any(axis.missing for axis in axes):
        raise misfit(function, axes, padding, dilation, kernel_size, can_pad=False)
    return axes


def _overpadded(function: str, kernel_size: int, cells: int, padding: Any) -> ShapeError:
    if isinstance(padding, str):
        fixes, words = [{"padding": "valid"}], 'padding "valid"'
    else:
        fixes = [{"padding": kernel_size // 2}, {"kernel_size": 2 * cells}]
        words = f"padding {kernel_size // 2} or kernel_size {2 * cells}"
    return ShapeError(
        f"{function}: padding must be at most half of the window, or a window could lie in the "
        f"padding alone; got padding {cells}, kernel_size {kernel_size}. Use {words}.",
        fixes,
    )
