"""What to say when a kernel is larger than the padded input, and what would make it fit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .arguments import is_sequence
from .shape_error import ShapeError, alternatives

if TYPE_CHECKING:
    from .taps import Axis


def misfit(
    function: str,
    axes: tuple[Axis, ...],
    padding: Any,
    dilation: Any,
    kernel_size: Any = None,
    can_pad: bool = True,
    can_hang: bool = False,
) -> ShapeError:
    """The error for axes of which at least one does not fit.

    `padding`, `dilation` and `kernel_size` are what the caller wrote; each fix comes back in the
    form it was given in (an int stays an int) and makes all axes fit. `kernel_size` is None when
    the kernel is an array, which no keyword can shrink. `can_pad` is False where more padding would
    be refused too. `can_hang`: as in ceil_mode, less than a stride of the kernel may pass the end.
    """
    hanging = axes
    if can_hang:
        hanging = tuple(replace(axis, overhang=axis.stride - 1) for axis in axes)
    fixes: list[dict[str, Any]] = []
    words = []
    if can_pad:
        fixes.append({"padding": _larger_padding(axes, padding)})
        words.append(f"padding {'' if is_sequence(padding) else '>= '}{fixes[0]['padding']}")
    dilations = [axis.largest_dilation for axis in hanging]
    if min(dilations) >= 1:
        fixes.append({"dilation": _in_form_of(dilation, dilations)})
        words.append(f"dilation {fixes[-1]['dilation']}")
    if kernel_size is not None:
        fixes.append({"kernel_size": _in_form_of(kernel_size, [a.largest_kernel for a in axes])})
        words.append(f"kernel_size {fixes[-1]['kernel_size']}")

    which = next(k for k, axis in enumerate(axes) if axis.missing)
    unit = ("rows", "columns")[which] if len(axes) == 2 else "cells"
    axis = hanging[which]
    before, after = axis.padding
    pads = f"padding {before} + {after}" if before or after else "padding 0"
    padded = axis.size + before + after
    hang = f", and in ceil_mode at most {axis.overhang} may hang over" if axis.overhang else ""
    return ShapeError(
        f"{function}: the kernel spans {axis.effective_kernel_size} {unit} "
        f"(kernel {axis.kernel_size}, dilation {axis.dilation}) but the padded input has "
        f"{padded} (input {axis.size}, {pads}){hang}. Use {alternatives(words)}.",
        fixes,
        rule="spans",
        axis=which,
        span=axis.effective_kernel_size,
        kernel=axis.kernel_size,
        dilation=axis.dilation,
        padded=padded,
        size=axis.size,
        padding=axis.padding,
        overhang=axis.overhang,
    )


def _in_form_of(given: Any, values: list[int]) -> int | tuple[int, ...]:
    return tuple(values) if is_sequence(given) else min(values)


def _larger_padding(axes: tuple[Axis, ...], given: Any) -> Any:
    """The least padding with which every axis fits, in the form that was given."""
    # An int pads both sides alike, so it grows by half of what is missing, rounded up.
    alike = [max(a.padding[0], -((a.size - a.effective_kernel_size) // 2)) for a in axes]
    apart = [
        (before + axis.missing // 2, after + axis.missing - axis.missing // 2)
        for axis in axes
        for before, after in [axis.padding]
    ]
    if not is_sequence(given):
        return max(alike)
    if len(axes) == 1:
        return apart[0]
    choices = zip(given, apart, alike, strict=True)
    return tuple(pair if is_sequence(entry) else p for entry, pair, p in choices)
