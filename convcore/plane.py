"""From the arguments of a public function to the taps of its axes."""

from __future__ import annotations

from typing import Any

from .arguments import per_axis
from .misfit import misfit
from .padding import read_padding
from .taps import Axis, shared_axis


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
    count = len(sizes)
    strides = per_axis(function, "stride", stride, 1, count)
    dilations = per_axis(function, "dilation", dilation, 1, count)
    sides = read_padding(function, padding, sizes, kernel_sizes, strides, dilations)
    axes = tuple(map(shared_axis, sizes, kernel_sizes, strides, sides, dilations))
    if any(axis.missing for axis in axes):
        raise misfit(function, axes, padding, dilation, kernel_size)
    return axes
