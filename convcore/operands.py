"""Reading the arrays of a convolution: do x, weight, bias and groups belong together?"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .arguments import real_array, same_dtype, whole_number
from .plane import read_axes
from .shape_error import ShapeError
from .taps import Axis, shared_axis

WEIGHT_FORMS = {1: "(C_out, C_in/groups, K)", 2: "(C_out, C_in/groups, kH, kW)"}
ONE_ROW = shared_axis(1, 1)  # the rows of a 1-D convolution: one, read by one tap


class Operands(NamedTuple):
    """A convolution that is known to be legal. In 1-D, H and kH are 1."""

    x: np.ndarray  # (N, C_in, H, W)
    weight: np.ndarray  # (C_out, C_in/groups, kH, kW)
    bias: np.ndarray | None  # (C_out,)
    rows: Axis
    columns: Axis
    groups: int
    batched: bool  # False if the caller gave (C_in, H, W)

    @property
    def output_shape(self) -> tuple[int, int, int, int]:
        """(N, C_out, H_out, W_out)."""
        return (len(self.x), len(self.weight), self.rows.output_size, self.columns.output_size)


def read_operands(
    function: str,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
    axes: int = 2,
) -> Operands:
    """Check and convert the arguments of a convolution; every fault names `function`."""
    x, batched = read_images(function, x, axes)
    weight = read_weight(function, weight, WEIGHT_FORMS[axes])
    groups = read_groups(function, x.shape[1], weight.shape, groups)
    if bias is None:
        x, weight = same_dtype(x, weight)
    else:
        bias = read_bias(function, bias, weight.shape[0])
        x, weight, bias = same_dtype(x, weight, bias)
    plane = read_axes(function, x.shape[2:], weight.shape[2:], stride, padding, dilation)
    if axes == 1:
        x, weight, plane = x[:, :, None], weight[:, :, None], (ONE_ROW, *plane)
    return Operands(x, weight, bias, *plane, groups, batched)


def read_backward(
    function: str,
    grad_y: Any,
    x: Any,
    weight: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
    axes: int = 2,
) -> tuple[np.ndarray, Operands]:
    """grad_y as (N, C_out, H_out, W_out), and the convolution it came back through."""
    o = read_operands(function, x, weight, None, stride, padding, dilation, groups, axes)
    grad_y = real_array(function, "grad_y", grad_y)
    needed = o.output_shape if axes == 2 else o.output_shape[:2] + o.output_shape[3:]
    needed = needed if o.batched else needed[1:]
    if grad_y.shape != needed:
        raise ShapeError(
            f"{function}: grad_y must have the shape of y, which is {needed} here; got shape "
            f"{grad_y.shape}. Use a grad_y of shape {needed}."
        )
    grad_y, x, weight = same_dtype(grad_y, o.x, o.weight)
    return grad_y.reshape(o.output_shape), o._replace(x=x, weight=weight)


def read_images(function: str, x: Any, axes: int = 2) -> tuple[np.ndarray, bool]:
    """x as (N, C, H, W), in 1-D as (N, C, L), and whether it came with the batch axis."""
    x = real_array(function, "x", x)
    names = "H, W" if axes == 2 else "L"
    if x.ndim not in (axes + 1, axes + 2):
        fix = "x[None] for one channel" if x.ndim == axes else f"x.reshape(N, C, {names})"
        raise ShapeError(
            f"{function}: x must be (N, C, {names}) or (C, {names}); got shape {x.shape}. "
            f"Use {fix}."
        )
    if 0 in x.shape[-axes - 1 :]:
        parts = "channel, row and column" if axes == 2 else "channel and cell"
        raise ShapeError(
            f"{function}: x must have at least one {parts}; got shape {x.shape}. "
            "Use an x without empty axes (only the batch may be empty)."
        )
    return (x, True) if x.ndim == axes + 2 else (x[None], False)


def read_weight(function: str, weight: Any, form: str = WEIGHT_FORMS[2]) -> np.ndarray:
    """weight with the axes that `form` names, none of them empty."""
    weight = real_array(function, "weight", weight)
    count = form.count(",") + 1
    if weight.ndim != count:
        number = {3: "three", 4: "four"}[count]
        fix = "weight[None, None] for one kernel" if weight.ndim == count - 2 else f"{number} axes"
        raise ShapeError(f"{function}: weight must be {form}; got shape {weight.shape}. Use {fix}.")
    if 0 in weight.shape:
        smallest = "1 x 1" if count == 4 else "one tap"
        raise ShapeError(
            f"{function}: weight must have no empty axis; got shape {weight.shape}. "
            f"Use a kernel of at least {smallest}."
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

    def use(channels_each: int) -> str:
        shape = (filters, channels_each, *weight_shape[2:])
        return f"groups {fitting}" if fixes else f"a weight of shape {shape}"

    try:
        groups = whole_number(function, "groups", groups, 1)
    except ShapeError as error:
        fix = use(channels) + ("" if fixes else " and groups 1")
        raise ShapeError(f"{str(error).split(' Use ')[0]} Use {fix}.", fixes) from None
    if channels % groups or filters % groups:
        fix = use(channels) + ("" if fixes else " and groups 1")
        raise ShapeError(
            f"{function}: groups must divide the channels of x and of y; got groups {groups}, "
            f"C_in {channels}, C_out {filters}. Use {fix}.",
            fixes,
            rule="groups",
            groups=groups,
            channels=channels,
            filters=filters,
        )
    if depth * groups != channels:
        raise ShapeError(
            f"{function}: weight must have C_in/groups channels; got {depth}, but x has "
            f"{channels} channels and groups is {groups}, so it needs {channels // groups}. "
            f"Use {use(channels // groups)}.",
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
