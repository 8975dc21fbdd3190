"""Transposed convolution: the input gradient of a convolution, run forward."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import is_sequence, per_axis, same_dtype, whole_number
from .operands import read_bias, read_images, read_weight
from .padding import explicit_padding
from .shape_error import ShapeError
from .sums import input_gradient
from .taps import Axis, transposed_axis


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> np.ndarray:
    """2-D transposed convolution, as torch's `conv_transpose2d`: each input stamps the kernel.

        y[n, first + b, h, w] = bias[first + b] + sum of x[n, c, i, j] * weight[c, b, u, v]

        over all c, i, j, u, v with h = i * s + u * d - top,  w = j * s + v * d - left (s stride, d
        dilation of that axis);  0 <= b < C_out/groups;
        first = (c // (C_in/groups)) * (C_out/groups)

    Parameters
    ----------
    x : (N, C_in, H, W) or (C_in, H, W) array
        float32 and float64 are kept; integers and bools are computed in float64. N may be 0.
    weight : (C_in, C_out/groups, kH, kW) array
        The layout of the `conv2d` that goes the other way, from y to x.
    bias : (C_out,) array, optional
    stride, dilation : int or (rows, columns), at least 1; dilation 1 is dense
    padding : int, (pad_h, pad_w) or ((top, bottom), (left, right)), at least 0
        CROPS the result: it is the padding of the convolution that goes the other way. (torch has
        the first two forms.)
    output_padding : int or (rows, columns), at least 0, less than max(stride, dilation)
        Rows and columns added at the end. It settles which size is meant: `conv2d` with stride 2
        takes 5 and 6 to the same size.
    groups : int
        Divides C_in and C_out.

    Returns
    -------
    (N, C_out, H_out, W_out) array, or (C_out, H_out, W_out) if x had no batch axis; a new array
        H_out = (H - 1) * s - top - bottom + d * (kH - 1) + output_padding + 1, likewise W_out.
        float32 if every operand is, else float64.

    Raises
    ------
    ShapeError
        If shapes, channels or groups do not belong together, a number is illegal, output_padding is
        not less than max(stride, dilation), or padding crops everything.
    TypeError
        If an array is complex, text or objects, or a number is no number at all.

    Notes
    -----
    Equals `conv2d_backward(x, ..., weight).x` of the convolution that goes the other way. It is its
    transpose, not its inverse: shapes come back, values do not. Stamps overlap evenly only if the
    stride divides the kernel size. Cost: N * C_in * H * W * kH * kW * C_out/groups
    multiply-accumulates.

    Source: PyTorch, torch.nn.functional.conv_transpose2d; V. Dumoulin and F. Visin,
    arXiv:1603.07285, relationship 14; A. Odena et al., Distill, 2016 (overlap).

    Examples
    --------
    >>> conv_transpose2d([[[[2, 3]]]], [[[[1, 10, 100]]]], stride=2).tolist()
    [[[[2.0, 20.0, 203.0, 30.0, 300.0]]]]
    >>> ones = np.ones((1, 1, 1, 4))
    >>> conv_transpose2d(ones, ones[..., :3], stride=2).ravel().tolist()  # uneven overlap
    [1.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0]
    """
    x, batched = read_images("conv_transpose2d", x)
    weight = read_weight("conv_transpose2d", weight, "(C_in, C_out/groups, kH, kW)")
    groups = _read_groups(x.shape[1], weight.shape, groups)
    if bias is None:
        x, weight = same_dtype(x, weight)
    else:
        bias = read_bias("conv_transpose2d", bias, groups * weight.shape[1])
        x, weight, bias = same_dtype(x, weight, bias)
    rows, columns = _read_axes(x, weight, stride, padding, output_padding, dilation)
    # Room for further windows (output_padding >= stride): they stamp nothing.
    more = (rows.output_size - x.shape[2], columns.output_size - x.shape[3])
    if any(more):
        x = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])))
    y = input_gradient(x, weight, rows, columns, groups)
    if bias is not None:
        y += bias[:, None, None]
    return y if batched else y[0]


def _read_groups(channels: int, weight_shape: tuple[int, ...], groups: Any) -> int:
    """groups, if it divides C_in; and C_in is what the weight begins with."""
    if weight_shape[0] != channels:
        fix = f"a weight of shape {(channels, *weight_shape[1:])}"
        if weight_shape[1] == channels:
            fix = "weight.swapaxes(0, 1)"
        raise ShapeError(
            "conv_transpose2d: weight must be (C_in, C_out/groups, kH, kW), channels of x first; "
            f"got shape {weight_shape}, but x has {channels} channels. Use {fix}."
        )
    groups = whole_number("conv_transpose2d", "groups", groups, 1)
    if channels % groups:
        fix = next(g for g in range(min(groups, channels), 0, -1) if channels % g == 0)
        raise ShapeError(
            f"conv_transpose2d: groups must divide the channels of x; got groups {groups}, "
            f"C_in {channels}. Use groups {fix}.",
            [{"groups": fix}],
        )
    return groups


def _read_axes(
    x: np.ndarray, weight: np.ndarray, stride: Any, padding: Any, output_padding: Any, dilation: Any
) -> tuple[Axis, Axis]:
    """The axes of the convolution that goes the other way, rows first."""
    strides = per_axis("conv_transpose2d", "stride", stride, 1)
    dilations = per_axis("conv_transpose2d", "dilation", dilation, 1)
    sides = explicit_padding("conv_transpose2d", padding)
    added = per_axis("conv_transpose2d", "output_padding", output_padding, 0)
    most = [max(pair) - 1 for pair in zip(strides, dilations, strict=True)]
    for axis in (0, 1):
        if added[axis] > most[axis]:
            fix = tuple(map(min, added, most)) if is_sequence(output_padding) else min(most)
            raise ShapeError(
                "conv_transpose2d: output_padding must be less than the stride or the dilation; "
                f"got {added[axis]} {('row', 'column')[axis]}{'s' * (added[axis] != 1)} with "
                f"stride {strides[axis]}, "
                f"dilation {dilations[axis]}. Use output_padding {fix}.",
                [{"output_padding": fix}],
                rule="output padding",
                axis=axis,
                output_padding=added[axis],
                stride=strides[axis],
                dilation=dilations[axis],
            )
    axes = tuple(
        map(transposed_axis, x.shape[2:], weight.shape[2:], strides, sides, added, dilations)
    )
    if min(axis.size for axis in axes) < 1:
        raise _cropped_away(axes, padding)
    return axes


def _cropped_away(axes: tuple[Axis, ...], padding: Any) -> ShapeError:
    which = next(k for k, axis in enumerate(axes) if axis.size < 1)
    before, after = axes[which].padding
    # What may be cropped of each axis: all but one cell.
    room = [axis.padded_size - 1 for axis in axes]
    alike = [min(axis.padding[0], most // 2) for axis, most in zip(axes, room, strict=True)]
    apart = [
        (first, min(axis.padding[1], most - first))
        for axis, most in zip(axes, room, strict=True)
        for first in [min(axis.padding[0], most)]
    ]
    fix: Any = min(most // 2 for most in room)
    if is_sequence(padding):
        fix = tuple(
            pair if is_sequence(entry) else p
            for entry, pair, p in zip(padding, apart, alike, strict=True)
        )
    return ShapeError(
        "conv_transpose2d: padding crops the result and must leave at least one cell; it takes "
        f"{before} + {after} of {room[which] + 1} {('rows', 'columns')[which]}. Use padding {fix}.",
        [{"padding": fix}],
        rule="crops",
        axis=which,
        padding=(before, after),
        whole=room[which] + 1,
    )
