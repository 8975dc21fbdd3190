"""From the arguments of a public function to the taps of its axes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .arguments import is_sequence, per_axis
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
    if any(max(side) > k // 2 for k, side in zip(kernel_sizes, sides, strict=True)):
        raise _overpadded(function, kernel_sizes, sides, kernel_size, padding)
    axes = tuple(
        pooled_axis(*axis, ceil_mode=bool(ceil_mode))
        for axis in zip(sizes, kernel_sizes, strides, sides, dilations, strict=True)
    )
    if any(axis.missing for axis in axes):
        raise misfit(
            function, axes, padding, dilation, kernel_size, can_pad=False, can_hang=bool(ceil_mode)
        )
    return axes


def _overpadded(
    function: str, kernel_sizes: tuple[int, ...], sides: Any, kernel_size: Any, padding: Any
) -> ShapeError:
    """The error for sides of which at least one is more than half of its window."""
    both = list(zip(kernel_sizes, sides, strict=True))
    axis = next(n for n, (k, side) in enumerate(both) if max(side) > k // 2)
    k, cells = kernel_sizes[axis], max(sides[axis])
    wider = [max(k, 2 * max(side)) for k, side in both]
    if isinstance(padding, str):
        fixes, words = [{"padding": "valid"}], 'padding "valid"'
    else:
        less: Any = min(k // 2 for k in kernel_sizes)
        if is_sequence(padding):
            pairs = tuple(tuple(min(p, k // 2) for p in side) for k, side in both)
            choices = zip(padding, pairs, strict=False)
            less = tuple(pair if is_sequence(entry) else pair[0] for entry, pair in choices)
            if len(padding) > len(sides):  # (before, after) of the only axis
                (less,) = pairs
        width = tuple(wider) if is_sequence(kernel_size) else max(wider)
        fixes = [{"padding": less}, {"kernel_size": width}]
        words = f"padding {less} or kernel_size {width}"
    return ShapeError(
        f"{function}: padding must be at most half of the window, as in PyTorch; got padding "
        f"{cells}, kernel_size {k}. Use {words}.",
        fixes,
        rule="half",
        axis=axis,
        kernel=k,
        padding=cells,
    )
