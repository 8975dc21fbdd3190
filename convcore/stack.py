"""A stack of layers: the shape after each, what it has to learn, what it costs, how far it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from scipy.sparse import csr_array, eye_array

from .arguments import is_sequence, per_axis, read_shape, whole_number
from .plane import read_axes, read_pool_axes
from .shape_error import ShapeError
from .taps import Axis, transposed_axis

MOST_ROWS = 4096  # of an output
MOST_TIES = 4_000_000  # of outputs and inputs in a whole stack: more would fill the memory


Ties = tuple[csr_array, csr_array]  # of the rows and of the columns


class LayerError(ShapeError):
    """A layer that cannot work on what comes in; `layer` counts from 1."""

    def __init__(self, layer: int, kind: str, error: ShapeError) -> None:
        told = [{"layer": layer, **fix} for fix in error.fixes]
        text = str(error).removeprefix("stack: ")
        super().__init__(f"stack: layer {layer}, {kind}: {text}", told, error.rule, **error.numbers)
        self.layer = layer


@dataclass(frozen=True)
class Step:
    """One layer at its place in a stack.

    output_shape  (C, H, W), or (features,) behind a flatten
    weights, biases   numbers to learn
    macs          multiply-accumulates for one input
    rows, columns  taps of the layer, or None where it reads each cell for itself; of a transposed
                   convolution those of the convolution that it runs backwards
    row_ties, column_ties  (outputs, inputs) how often the stack up to here reads each row
                   (column) of its input, sparse, exact below 2**53; None behind a flatten
    """

    layer: Any
    output_shape: tuple[int, ...]
    weights: int = 0
    biases: int = 0
    macs: int = 0
    rows: Axis | None = None
    columns: Axis | None = None
    row_ties: csr_array | None = None
    column_ties: csr_array | None = None

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    @property
    def activations(self) -> int:
        """Numbers that this layer puts out for one input."""
        return prod(self.output_shape)

    @property
    def reach_rows(self) -> np.ndarray | None:
        """`row_ties` as an array."""
        return None if self.row_ties is None else self.row_ties.toarray()

    @property
    def reach_columns(self) -> np.ndarray | None:
        """`column_ties` as an array."""
        return None if self.column_ties is None else self.column_ties.toarray()


@dataclass(frozen=True)
class Conv2d:
    """A convolution layer, as torch.nn.Conv2d; `in_channels` None takes what comes."""

    in_channels: int | None
    out_channels: int
    kernel_size: Any
    stride: Any = 1
    padding: Any = 0
    dilation: Any = 1
    groups: int = 1
    bias: bool = True

    def step(self, shape: tuple[int, ...]) -> Step:
        channels, *size = _image(shape)
        groups = _channels(self, channels)
        kernel = per_axis("stack", "kernel_size", self.kernel_size, 1)
        rows, columns = read_axes(
            "stack", tuple(size), kernel, self.stride, self.padding, self.dilation,
            self.kernel_size,
        )  # fmt: skip
        output = (self.out_channels, rows.output_size, columns.output_size)
        weights = self.out_channels * channels // groups * prod(kernel)
        biases = self.out_channels if self.bias else 0
        macs = weights * rows.output_size * columns.output_size
        return Step(self, output, weights, biases, macs, rows, columns)


@dataclass(frozen=True)
class ConvTranspose2d:
    """A transposed convolution layer, as torch.nn.ConvTranspose2d."""

    in_channels: int | None
    out_channels: int
    kernel_size: Any
    stride: Any = 1
    padding: Any = 0
    output_padding: Any = 0
    groups: int = 1
    bias: bool = True
    dilation: Any = 1

    def step(self, shape: tuple[int, ...]) -> Step:
        channels, *size = _image(shape)
        groups = _channels(self, channels)
        each = [
            per_axis("stack", name, getattr(self, name), least)
            for name, least in (("kernel_size", 1), ("stride", 1), ("padding", 0),
                                ("output_padding", 0), ("dilation", 1))
        ]  # fmt: skip
        most = [max(s, d) - 1 for _, s, _, _, d in zip(*each, strict=True)]
        for (_, s, _, extra, d), limit in zip(zip(*each, strict=True), most, strict=True):
            if extra > limit:
                apart = is_sequence(self.output_padding)
                fix = tuple(map(min, each[3], most)) if apart else min(most)
                raise ShapeError(
                    "stack: output_padding must be smaller than the stride or smaller than the "
                    f"dilation; got output_padding {extra}, stride {s}, dilation {d}. "
                    f"Use output_padding {fix}.",
                    [{"output_padding": fix}],
                    rule="output padding",
                    output_padding=extra,
                    stride=s,
                    dilation=d,
                )
        rows, columns = (
            transposed_axis(n, k, s, (p, p), extra, d)
            for n, k, s, p, extra, d in zip(size, *each, strict=True)
        )
        for word, axis, crop in zip(("row", "column"), (rows, columns), each[2], strict=True):
            if axis.size < 1:
                whole = axis.size + 2 * crop
                raise ShapeError(
                    "stack: the padding of a transposed convolution crops, and must leave "
                    f"something; got padding {crop} for {whole} {word}{'s' * (whole > 1)}. "
                    "Use padding 0.",
                    [{"padding": 0}],
                )
        weights = channels * self.out_channels // groups * prod(each[0])
        biases = self.out_channels if self.bias else 0
        output = (self.out_channels, rows.size, columns.size)
        return Step(self, output, weights, biases, weights * prod(size), rows, columns)


@dataclass(frozen=True)
class MaxPool2d:
    """A max pooling layer, as torch.nn.MaxPool2d."""

    kernel_size: Any
    stride: Any = None
    padding: Any = 0
    dilation: Any = 1
    ceil_mode: bool = False

    def step(self, shape: tuple[int, ...]) -> Step:
        return _pooled(self, shape, self.dilation)


@dataclass(frozen=True)
class AvgPool2d:
    """An average pooling layer, as torch.nn.AvgPool2d."""

    kernel_size: Any
    stride: Any = None
    padding: Any = 0
    ceil_mode: bool = False
    count_include_pad: bool = True

    def step(self, shape: tuple[int, ...]) -> Step:
        return _pooled(self, shape, 1)


@dataclass(frozen=True)
class ReLU:
    """max(x, 0), cell by cell."""

    def step(self, shape: tuple[int, ...]) -> Step:
        return Step(self, shape)


@dataclass(frozen=True)
class Flatten:
    """All channels, rows and columns as one vector."""

    def step(self, shape: tuple[int, ...]) -> Step:
        return Step(self, (prod(shape),))


@dataclass(frozen=True)
class Linear:
    """A fully connected layer, as torch.nn.Linear; `in_features` None takes what comes."""

    in_features: int | None
    out_features: int
    bias: bool = True

    def step(self, shape: tuple[int, ...]) -> Step:
        if len(shape) != 1:
            raise ShapeError(
                f"stack: Linear needs one vector; got the shape {shape}. Use Flatten before it.",
                [{"insert": "Flatten"}],
                rule="vector",
                shape=shape,
            )
        whole_number("stack", "out_features", self.out_features, 1)
        if self.in_features not in (None, shape[0]):
            raise ShapeError(
                f"stack: in_features must be what comes in, {shape[0]}; got {self.in_features}. "
                f"Use in_features {shape[0]}.",
                [{"in_features": shape[0]}],
            )
        weights = shape[0] * self.out_features
        biases = self.out_features if self.bias else 0
        return Step(self, (self.out_features,), weights, biases, weights)


def stack(layers: Iterable[Any], input_shape: tuple[int, int, int]) -> tuple[Step, ...]:
    """What each layer of a stack puts out, learns, costs and sees.

        weights of a convolution = C_out * C_in/groups * kH * kW
        macs    of a convolution = weights * H_out * W_out,  of a transposed one weights * H * W
        weights and macs of a linear layer = in_features * out_features

    Parameters
    ----------
    layers : sequence of Conv2d, ConvTranspose2d, MaxPool2d, AvgPool2d, ReLU, Flatten, Linear
    input_shape : (C, H, W)

    Returns
    -------
    tuple of Step, one for each layer

    Raises
    ------
    LayerError, a ShapeError
        If a layer cannot work on what comes in. The message names the layer, counted from 1; each
        fix has it as "layer", and a new value or, as "insert", what should stand before it.

    Notes
    -----
    Cost for one input, without the additions of biases; pooling and ReLU count as 0 macs, for they
    multiply nothing.

    Source: A. Canziani, A. Paszke and E. Culurciello, "An analysis of deep neural network models
    for practical applications", arXiv:1605.07678 (what is counted).

    Examples
    --------
    >>> steps = stack([Conv2d(3, 32, 8, stride=2, padding=3), MaxPool2d(2)], (3, 128, 128))
    >>> [step.output_shape for step in steps]
    [(32, 64, 64), (32, 32, 32)]
    """
    shape = read_shape("stack", input_shape, (3,))
    seen: Ties | None = tuple(eye_array(size, format="csr") for size in shape[1:])
    if shape[1] == shape[2]:
        seen = (seen[0], seen[0])
    steps, ties = [], 0
    for number, layer in enumerate(layers, 1):
        try:
            step = layer.step(shape)
        except ShapeError as error:
            raise LayerError(number, type(layer).__name__, error) from None
        shape = step.output_shape
        if len(shape) == 3 and max(shape[1:]) > MOST_ROWS:
            # a transposed convolution grows by its stride, any other layer by its padding
            name, value = ("stride", 1) if isinstance(layer, ConvTranspose2d) else ("padding", 0)
            error = ShapeError(
                f"its output must have at most {MOST_ROWS} rows and columns to be looked into; it "
                f"has {max(shape[1:])}. Use {name} {value}.",
                [{name: value}],
            )
            raise LayerError(number, type(layer).__name__, error)
        ties += _most_ties(step)
        if ties <= MOST_TIES:
            seen = _seen(step, seen)
        if seen is not None:
            step = _with(step, row_ties=seen[0], column_ties=seen[1])
            ties += sum(one.nnz for one in seen)
        if ties > MOST_TIES:
            rule = "outputs and inputs are tied too often to be looked into. Use a smaller input."
            raise LayerError(number, type(layer).__name__, ShapeError(rule))
        steps.append(step)
    return tuple(steps)


def _with(step: Step, **values: Any) -> Step:
    return Step(**{**vars(step), **values})


def _most_ties(step: Step) -> int:
    """Taps along both axes."""
    axes = [axis for axis in (step.rows, step.columns) if axis is not None]
    return sum(axis.output_size * axis.kernel_size for axis in axes)


def _seen(step: Step, before: Ties | None) -> Ties | None:
    """How often each row and column of the stack's input is read, one layer further."""
    if before is None or len(step.output_shape) != 3:
        return None
    if step.rows is None or step.columns is None:
        return before
    rows = _tied(step.rows, step.layer, before[0])
    if step.rows == step.columns and before[0] is before[1]:
        return rows, rows
    return rows, _tied(step.columns, step.layer, before[1])


def _tied(axis: Axis, layer: Any, before: csr_array) -> csr_array:
    outputs, taps = np.nonzero(axis.inside)
    counts = np.ones(len(outputs))  # those of deep stacks pass 2**63, and floats do not wrap
    ties = csr_array(
        (counts, (outputs, axis.index[outputs, taps])), shape=(axis.output_size, axis.size)
    )
    if isinstance(layer, ConvTranspose2d):
        ties = ties.T.tocsr()[:, : before.shape[0]]
    return ties @ before


def _image(shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) != 3:
        raise ShapeError(
            f"stack: it needs channels, rows and columns; got the shape {shape}. "
            "Use it before Flatten.",
            rule="image",
            shape=shape,
        )
    return shape


def _channels(layer: Any, channels: int) -> int:
    """The groups of a convolution, if they and its channels fit what comes in."""
    out_channels = whole_number("stack", "out_channels", layer.out_channels, 1)
    if layer.in_channels not in (None, channels):
        raise ShapeError(
            f"stack: in_channels must be what comes in, {channels}; got {layer.in_channels}. "
            f"Use in_channels {channels}.",
            [{"in_channels": channels}],
        )
    groups = whole_number("stack", "groups", layer.groups, 1)
    if channels % groups or out_channels % groups:
        raise ShapeError(
            f"stack: groups must divide the channels in and out; got groups {groups}, "
            f"in {channels}, out {out_channels}. Use groups 1.",
            [{"groups": 1}],
            rule="groups",
            groups=groups,
            channels=channels,
            filters=out_channels,
        )
    return groups


def _pooled(layer: Any, shape: tuple[int, ...], dilation: Any) -> Step:
    channels, *size = _image(shape)
    rows, columns = read_pool_axes(
        "stack", tuple(size), layer.kernel_size, layer.stride, layer.padding, dilation,
        layer.ceil_mode,
    )  # fmt: skip
    return Step(
        layer, (channels, rows.output_size, columns.output_size), rows=rows, columns=columns
    )
