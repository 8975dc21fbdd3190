"""The receptive field of a stack of layers: how far one output cell sees into the input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .arguments import is_sequence, shown, whole_number
from .padding import explicit_padding
from .shape_error import ShapeError
from .taps import Axis

ARGUMENTS = ("kernel_size", "stride", "padding", "dilation")


class ReceptiveField(NamedTuple):
    """What `receptive_field` returns; pairs (rows, columns) where a layer was given by pairs.

    receptive_field  input cells from the first that an output reads to the last, both included
    jump             input cells between the centres of two neighbouring outputs
    start            where the centre of the first output lies; the first input cell is 0
    """

    receptive_field: Any
    jump: Any
    start: Any


def receptive_field(layers: Iterable[Any]) -> ReceptiveField:
    """How far an output of a stack of layers sees, how far apart two see, and where the first does.

        r     = 1 + sum over l of (k_l - 1) * d_l * jump_(l-1)
        jump  = product of s_l
        start = sum over l of (d_l * (k_l - 1) / 2 - p_l) * jump_(l-1)

        k kernel size, s stride, p padding before, d dilation; jump_(l-1) the product of the strides
        of the layers before l

    Parameters
    ----------
    layers : sequence, from the input on
        Each a mapping with "kernel_size" and perhaps "stride", "padding", "dilation", or a sequence
        of these in this order. Each an int, or a pair (rows, columns); of padding, an entry of a
        pair may be (before, after). None at all is the identity.

    Returns
    -------
    ReceptiveField
        Of numbers, or of pairs if any layer was given by a pair.

    Raises
    ------
    ShapeError
        If a number is illegal or a layer has another form.
    TypeError
        If a number is no number at all.

    Notes
    -----
    `start` is a multiple of one half: an even window has its centre between two cells. Outputs at
    the border see fewer cells, for padding is none, and dilated stacks leave holes: `reach` tells
    exactly. Without the factor d in `start`, dilated layers would seem to look aside.

    Source: A. Araujo, W. Norris and J. Sim, "Computing receptive fields of convolutional neural
    networks", Distill, 2019, whose start counts edges and not centres.

    Examples
    --------
    >>> receptive_field([(3, 1, 1), (3, 2, 1), (3, 1, 1)])
    ReceptiveField(receptive_field=9, jump=2, start=0.0)
    >>> receptive_field([{"kernel_size": 2, "stride": 2}]).start
    0.5
    """
    return receptive_fields(layers)[-1]


def receptive_fields(layers: Iterable[Any]) -> list[ReceptiveField]:
    """`receptive_field` of the input itself, of the first layer, of the first two, and so on.

    Parameters
    ----------
    layers : sequence, from the input on
        As for `receptive_field`.

    Returns
    -------
    list of ReceptiveField
        One more than there are layers; all of numbers, or all of pairs.

    Raises
    ------
    ShapeError, TypeError
        As `receptive_field` does.

    Examples
    --------
    >>> [one.receptive_field for one in receptive_fields([(3,), (2, 2), (3,)])]
    [1, 3, 4, 8]
    """
    read = [_read(number, layer) for number, layer in enumerate(layers, 1)]
    found = [_along(axis, [layer for layer, _ in read]) for axis in (0, 1)]
    if any(paired for _, paired in read):
        return [ReceptiveField(*zip(*pair, strict=True)) for pair in zip(*found, strict=True)]
    return [ReceptiveField(*one) for one in found[0]]


def _along(axis: int, layers: list[list[tuple[Any, Any]]]) -> list[tuple[int, int, float]]:
    field, jump, start = 1, 1, 0.0
    found = [(field, jump, start)]
    for kernel_size, stride, padding, dilation in layers:
        reach = (kernel_size[axis] - 1) * dilation[axis]
        field += reach * jump
        start += (reach / 2 - padding[axis][0]) * jump
        jump *= stride[axis]
        found.append((field, jump, start))
    return found


def _read(number: int, layer: Any) -> tuple[list[tuple[Any, Any]], bool]:
    """kernel_size, stride, padding and dilation for both axes, and whether any was a pair."""
    function = "receptive_field"
    if isinstance(layer, Mapping):
        given = dict(layer)
    elif is_sequence(layer) and 1 <= len(layer) <= len(ARGUMENTS):
        given = dict(zip(ARGUMENTS, layer, strict=False))
    else:
        given = {}
    unknown = [name for name in given if name not in ARGUMENTS]
    if unknown or "kernel_size" not in given:
        raise ShapeError(
            f"{function}: a layer must be a mapping with kernel_size and perhaps stride, padding, "
            f"dilation, or these in this order; got {shown(layer)} as layer {number}. "
            "Use (kernel_size, stride, padding, dilation)."
        )
    values = [
        _pair(function, name, given.get(name, default), least)
        for name, default, least in (("kernel_size", 1, 1), ("stride", 1, 1), ("dilation", 1, 1))
    ]
    kernel_size, stride, dilation = values
    padding = explicit_padding(function, given.get("padding", 0))
    paired = any(is_sequence(value) for value in given.values())
    return [kernel_size, stride, padding, dilation], paired


def _pair(function: str, name: str, value: Any, least: int) -> tuple[int, int]:
    entries = list(value) if is_sequence(value) else [value, value]
    if len(entries) != 2:
        raise ShapeError(
            f"{function}: {name} must be an int or a pair (rows, columns); got {shown(value)}. "
            f"Use {name} {least}."
        )
    rows, columns = (whole_number(function, name, entry, least) for entry in entries)
    return rows, columns


def reach(axes: Iterable[Axis]) -> np.ndarray:
    """How often each output of a stack reads each input cell, along one spatial axis.

        count = T_L @ ... @ T_1,   T_l[o, i] = number of taps of layer l that tie o and i

    Parameters
    ----------
    axes : the Axis of each layer, from the input on, one after the other
        Each layer's `size` is the one before's `output_size`.

    Returns
    -------
    (outputs, inputs) int array
        Paths from the output to the cell; 0 where it does not see it (padding, holes, leftovers).
        In two dimensions the counts of rows and columns multiply.

    Raises
    ------
    ShapeError
        If two neighbours do not belong together.

    Notes
    -----
    The exact set behind `receptive_field`, borders and holes included. Memory: outputs * inputs.

    Source: the definition; W. Luo et al., "Understanding the effective receptive field in deep
    convolutional neural networks", NeurIPS 2016, count the same paths.

    Examples
    --------
    >>> from convcore import axis_taps
    >>> reach([axis_taps(5, 3), axis_taps(3, 3)]).tolist()
    [[1, 2, 3, 2, 1]]
    """
    counts = None
    for number, axis in enumerate(axes, 1):
        matrix = reads(axis)
        if counts is not None and matrix.shape[1] != len(counts):
            raise ShapeError(
                f"reach: each layer must start where the last one ended; layer {number} has size "
                f"{matrix.shape[1]}, the one before puts out {len(counts)}. "
                f"Use size {len(counts)}."
            )
        counts = matrix if counts is None else matrix @ counts
    if counts is None:
        raise ShapeError("reach: there must be a layer; got none. Use at least one Axis.")
    return counts


def reads(axis: Axis) -> np.ndarray:
    """(output_size, size) int array: how many taps of one layer tie output and input."""
    matrix = np.zeros((axis.output_size, axis.size), int)
    outputs, taps = np.nonzero(axis.inside)
    np.add.at(matrix, (outputs, axis.index[outputs, taps]), 1)
    return matrix
