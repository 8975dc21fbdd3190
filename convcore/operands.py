"""Reading the arrays of a convolution: do x, weight, bias and groups belong together?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .arguments import real_array, same_dtype, whole_number
from .plane import read_axes
from .shape_error import ShapeError
from .taps import Axis


class Operands(NamedTuple):
    """A convolution that is known to be legal."""

    x: np.ndarray  # (N, C_in, H, W)
    weight: np.ndarray  # (C_out, C_in/groups, kH, kW)
    bias: np.ndarray | None  # (C_out,)
    rows: Axis
    columns: Axis
    groups: int
    batched: bool  # False if the caller gave (C_in, H, W)


def read_operands(
    function: str,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> Operands:
    """Check and convert the arguments of a 2-D convolution; every fault names `function`."""
    x, batched = read_images(function, x)
    weight = read_weight(function, weight)
    groups = read_groups(function, x.shape[1], weight.shape, groups)
    if bias is None:
        x, weight = same_dtype(x, weight)
    else:
        bias = read_bias(function, bias, weight.shape[0])
        x, weight, bias = same_dtype(x, weight, bias)
    rows, columns = read_axes(function, x.shape[2:], weight.shape[2:], stride, padding, dilation)
    return Operands(x, weight, bias, rows, columns, groups, batched)


def read_images(function: str, x: Any) -> tuple[np.ndarray, bool]:
    """x as (N, C, H, W), and whether it came with the batch axis."""
    x = real_array(function, "x", x)
    if x.ndim not in (3, 4):
        fix = "x[None] for one channel" if x.ndim == 2 else "x.reshape(N, C, H, W)"
        raise ShapeError(
            f"{function}: x must be (N, C, H, W) or (C, H, W); got shape {x.shape}. Use {fix}."
        )
    if 0 in x.shape[-3:]:
        raise ShapeError(
            f"{function}: x must have at least one channel, row and column; got shape {x.shape}. "
            "Use an x without empty axes (only the batch may be empty)."
        )
    return (x, True) if x.ndim == 4 else (x[None], False)


def read_weight(function: str, weight: Any) -> np.ndarray:
    """weight as (C_out, C_in/groups, kH, kW), none of them 0."""
    weight = real_array(function, "weight", weight)
    if weight.ndim != 4:
        fix = "weight[None, None] for one kernel" if weight.ndim == 2 else "four axes"
        raise ShapeError(
            f"{function}: weight must be (C_out, C_in/groups, kH, kW); got shape {weight.shape}. "
            f"Use {fix}."
        )
    if 0 in weight.shape:
        raise ShapeError(
            f"{function}: weight must have no empty axis; got shape {weight.shape}. "
            "Use a kernel of at least 1 x 1."
        )
    return weight


def read_groups(function: str, channels: int, weight_shape: tuple[int, ...], groups: Any) -> int:
    """groups, if it divides the channels and the weight has C_in / groups of them."""
    if type(groups) is int and groups == 1 and weight_shape[1] == channels:
        return 1
    filters, depth = weight_shape[:2]
    # The one number of groups, if any, with which this weight and this x belong together.
    fitting, rest = divmod(channels, depth)
    fixes = [{"groups": fitting}] if not rest and fitting and filters % fitting == 0 else []
    use = f"groups {fitting}" if fixes else "a weight of shape ({}, {}, {}, {})"
    try:
        groups = whole_number(function, "groups", groups, 1)
    except ShapeError as error:
        fix = use.format(filters, channels, *weight_shape[2:]) + ("" if fixes else " and groups 1")
        raise ShapeError(f"{str(error).split(' Use ')[0]} Use {fix}.", fixes) from None
    if channels % groups or filters % groups:
        fix = use.format(filters, channels, *weight_shape[2:]) + ("" if fixes else " and groups 1")
        raise ShapeError(
            f"{function}: groups must divide the channels of x and of y; got groups {groups}, "
            f"C_in {channels}, C_out {filters}. Use {fix}.",
            fixes,
        )
    if depth * groups != channels:
        fix = use.format(filters, channels // groups, *weight_shape[2:])
        raise ShapeError(
            f"{function}: weight must have C_in/groups channels; got {depth}, but x has "
            f"{channels} channels and groups is {groups}, so it needs {channels // groups}. "
            f"Use {fix}.",
            fixes,
        )
    return groups


def read_bias(function: str, bias: Any, filters: int) -> np.ndarray:
    """bias as (C_out,)."""
    bias = real_array(function, "bias", bias)
    if bias.shape != (filters,):
        raise ShapeError(
            f"{function}: bias must have one number per output channel, shape ({filters},); got "
            f"shape {bias.shape}. Use a bias of {filters} numbers or bias None.",
            [{"bias": None}],
        )
    return bias
