"""Padding: the forms it is written in, and what "same" means in each library."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .arguments import choice, fault, is_sequence, nearest, shown, whole_number
from .shape_error import ShapeError

Sides = tuple[int, int]  # cells (before, after) one axis

DIALECTS = ("pytorch", "tensorflow", "onnx_upper", "onnx_lower", "scipy", "opencv")


def read_padding(
    function: str,
    padding: Any,
    sizes: tuple[int, ...],
    kernel_sizes: tuple[int, ...],
    strides: tuple[int, ...],
    dilations: tuple[int, ...],
) -> tuple[Sides, ...]:
    """Every legal way to write padding, as (before, after) for each axis, rows first.

    "valid" is 0; "full" is effective_kernel_size - 1 on both sides; "same" keeps the size at stride
    1 and puts the odd extra cell at the end, as torch does (and, as torch does, refuses stride).
    """
    if not isinstance(padding, str):
        return explicit_padding(function, padding, len(sizes))
    choice(function, "padding", padding, ("valid", "same", "full"), "valid")
    reach = [d * (k - 1) for k, d in zip(kernel_sizes, dilations, strict=True)]
    if padding == "valid":
        return ((0, 0),) * len(sizes)
    if padding == "full":
        return tuple((r, r) for r in reach)
    if any(s != 1 for s in strides):
        given = strides[0] if len(set(strides)) == 1 else strides
        strided = tuple(
            same_padding(n, k, s, d, "tensorflow")
            for n, k, s, d in zip(sizes, kernel_sizes, strides, dilations, strict=True)
        )
        explicit = strided if len(sizes) > 1 else strided[0]
        raise ShapeError(
            f'{function}: padding "same" keeps the size, so it needs stride 1; got stride {given}. '
            f"Use stride 1 or padding {explicit} (what TensorFlow calls SAME).",
            [{"stride": 1}, {"padding": explicit}],
            rule="same",
            stride=given,
        )
    return tuple((r // 2, r - r // 2) for r in reach)


def explicit_padding(function: str, padding: Any, axes: int = 2) -> tuple[Sides, ...]:
    """Padding written in numbers: an int, or for each axis an int or (before, after).

    On a single axis a pair is (before, after).
    """
    if not is_sequence(padding):
        both = whole_number(function, "padding", padding, 0)
        return ((both, both),) * axes
    entries = padding.tolist() if isinstance(padding, np.ndarray) else list(padding)
    if axes == 1 and len(entries) == 2:
        entries = [entries]
    pairs = [tuple(e) if is_sequence(e) else (e, e) for e in entries]
    if len(pairs) != axes or any(len(pair) != 2 for pair in pairs):
        forms = "(before, after)"
        if axes == 2:
            forms = "(pad_h, pad_w) or ((top, bottom), (left, right)), rows first"
        raise ShapeError(
            f"{function}: padding must be an int, {forms}; got {shown(padding)}. "
            "Use one of these forms."
        )
    rules = [fault(function, "padding", p, 0) for pair in pairs for p in pair]
    if any(rules):
        sides = tuple(tuple(nearest(p, 0) for p in pair) for pair in pairs)
        plain = not any(is_sequence(e) for e in entries)
        fix = tuple(side[0] for side in sides) if plain else sides if axes == 2 else sides[0]
        raise ShapeError(
            f"{function}: padding must be {next(filter(None, rules))} on each side; got "
            f"{shown(padding)}. Use padding {fix}.",
            [{"padding": fix}],
        )
    return tuple((operator.index(before), operator.index(after)) for before, after in pairs)


def same_padding(
    size: int, kernel_size: int, stride: int = 1, dilation: int = 1, dialect: str = "pytorch"
) -> Sides:
    """The (before, after) padding that a library's "same" stands for.

        total = ke - 1                                   ke = dilation * (kernel_size - 1) + 1
        total = max((ceil(size / stride) - 1) * stride + ke - size, 0)     tensorflow, onnx

    An odd total puts its extra cell at the end (pytorch, tensorflow, onnx_upper) or at the start
    (onnx_lower, scipy, opencv).

    Parameters
    ----------
    size, kernel_size, stride, dilation : int, at least 1
    dialect : str
        "pytorch" (conv with padding="same"), "tensorflow" (also JAX "SAME"; equals "onnx_upper"),
        "onnx_upper", "onnx_lower" (auto_pad), "scipy" (signal.correlate and signal.convolve;
        NOT signal.correlate2d, which pads like pytorch), "opencv" (filter2D, anchor k // 2).

    Returns
    -------
    (before, after) : tuple of int
        The output then has ceil(size / stride) cells.

    Raises
    ------
    ShapeError
        If a number is illegal, the dialect unknown, or stride > 1 with "pytorch", which refuses it.

    Notes
    -----
    SciPy and OpenCV have no stride; theirs is the padding of stride 1, so that a strided result is
    every stride-th of the dense one. With stride > 1 TensorFlow and PyTorch users therefore see
    different pixels: kernel 3, stride 2, size 6 is (0, 1) in TensorFlow, (1, 1) in most PyTorch
    code.

    Source: PyTorch Conv2d; TensorFlow tf.nn "Notes on padding"; ONNX Conv-11, auto_pad;
    SciPy signal.correlate; OpenCV filter2D.

    Examples
    --------
    >>> same_padding(8, 4), same_padding(8, 4, dialect="scipy")
    ((1, 2), (2, 1))
    >>> same_padding(6, 3, stride=2, dialect="tensorflow")
    (0, 1)
    """
    size = whole_number("same_padding", "size", size, 1)
    kernel_size = whole_number("same_padding", "kernel_size", kernel_size, 1)
    stride = whole_number("same_padding", "stride", stride, 1)
    dilation = whole_number("same_padding", "dilation", dilation, 1)
    choice("same_padding", "dialect", dialect, DIALECTS, "pytorch")
    if dialect == "pytorch" and stride != 1:
        raise ShapeError(
            f'same_padding: PyTorch has no "same" with a stride; got stride {stride}. '
            'Use stride 1 or dialect "tensorflow".',
            [{"stride": 1}, {"dialect": "tensorflow"}],
            rule="same",
            stride=stride,
        )
    total = dilation * (kernel_size - 1)
    if dialect in ("tensorflow", "onnx_upper", "onnx_lower"):
        output_size = -(-size // stride)
        total = max((output_size - 1) * stride + total + 1 - size, 0)
    half = total // 2
    at_end = dialect in ("pytorch", "tensorflow", "onnx_upper")
    return (half, total - half) if at_end else (total - half, half)
