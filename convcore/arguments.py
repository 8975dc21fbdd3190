"""Reading what a caller hands in: whole numbers, one per axis, and arrays of real numbers.

Every reader takes the public function's name first, so that the error a learner sees names the
function that was called. Numbers that cannot be meant (0, -1, 1.5, True) raise ShapeError with the
nearest legal value; things that are no numbers at all raise TypeError.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from .shape_error import ShapeError, alternatives

LARGEST = 2**31 - 1  # no picture is larger, and strides in bytes stay within 64 bits


def whole_number(function: str, name: str, value: Any, minimum: int) -> int:
    """`value` as an int that is at least `minimum`."""
    if type(value) is int and minimum <= value <= LARGEST:  # nearly every call, decided in 50 ns
        return value
    rule = fault(function, name, value, minimum)
    if rule:
        fix = nearest(value, minimum)
        raise ShapeError(
            f"{function}: {name} must be {rule}; got {shown(value)}. Use {name} {fix}.",
            [{name: fix}],
            rule="number",
            name=name,
            must=rule,
            value=value,
        )
    return operator.index(value)


def per_axis(function: str, name: str, value: Any, minimum: int, axes: int = 2) -> tuple[int, ...]:
    """One whole number for each axis, rows first: an int counts for every axis, as in torch."""
    if not is_sequence(value):
        return (whole_number(function, name, value, minimum),) * axes
    entries = value.tolist() if isinstance(value, np.ndarray) else list(value)
    if len(entries) != axes:
        fix = tuple(nearest(entry, minimum) for entry in (*entries, *entries[-1:] * axes)[:axes])
        fixes = [{name: fix}] if entries else [{name: minimum}]
        wanted = "an int or a pair (rows, columns)" if axes == 2 else "an int"
        raise ShapeError(
            f"{function}: {name} must be {wanted}; got {shown(value)}. "
            f"Use {name} {fixes[0][name]}.",
            fixes,
        )
    for entry in entries:
        rule = fault(function, name, entry, minimum)
        if rule:
            fix = tuple(nearest(other, minimum) for other in entries)
            raise ShapeError(
                f"{function}: {name} must be {rule} on each axis; got {shown(value)}. "
                f"Use {name} {fix}.",
                [{name: fix}],
                rule="number",
                name=name,
                must=rule,
                value=tuple(entries),
            )
    return tuple(operator.index(entry) for entry in entries)


def read_shape(function: str, shape: Any, lengths: tuple[int, ...]) -> tuple[int, ...]:
    """`input_shape` as a tuple of positive ints, of one of the legal lengths."""
    forms = {2: "(H, W)", 3: "(C, H, W)", 4: "(N, C, H, W)"}
    if not is_sequence(shape):
        side = whole_number(function, "input_shape", shape, 1)
        raise ShapeError(
            f"{function}: input_shape must be {alternatives(forms[n] for n in lengths)}; got "
            f"{shown(shape)}. Use input_shape {(side, side)}.",
            [{"input_shape": (side, side)}],
        )
    if len(shape) not in lengths:
        raise ShapeError(
            f"{function}: input_shape must be {alternatives(forms[n] for n in lengths)}; got "
            f"{shown(shape)}. Use {alternatives(f'{n} numbers' for n in lengths)}."
        )
    return per_axis(function, "input_shape", shape, 1, len(shape))


def shown(value: Any) -> str:
    """A value as a learner would write it: 2.0, not np.float64(2.0)."""
    return repr(value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value)


def is_sequence(value: Any) -> bool:
    """Whether a value was written with one entry per axis."""
    return isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def choice(function: str, name: str, value: Any, legal: tuple[str, ...], instead: str) -> str:
    """`value` as one of the `legal` words; `instead` is offered instead of an unknown word."""
    if not isinstance(value, str):
        raise TypeError(
            f"{function}: {name} must be one of {legal}; got a {type(value).__name__}. "
            f'Use {name}="{instead}".'
        )
    if value not in legal:
        instead = value.lower() if value.lower() in legal else instead
        words = alternatives(f'"{word}"' for word in legal)
        raise ShapeError(
            f'{function}: {name} must be {words}; got "{value}". Use {name}="{instead}".',
            [{name: instead}],
        )
    return value


def real_array(function: str, name: str, value: Any) -> np.ndarray:
    """`value` as a native float32 or float64 array.

    float32 and float64 are kept, float16 becomes float32, integers and bools become float64 (so a
    uint8 photograph cannot wrap: 200 + 100 is 300).
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ShapeError(
            f"{function}: {name} must be a rectangular array; its rows have different lengths. "
            "Use rows of one length."
        ) from None
    kind, bytes_each = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and bytes_each in (4, 8):
        return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))
    if kind == "f" and bytes_each == 2:
        return array.astype(np.float32)
    if kind in "biu":
        return array.astype(np.float64)
    raise TypeError(
        f"{function}: {name} must hold real numbers in at most 64 bits; got dtype {array.dtype}. "
        f"Use {name}.astype(np.float64) if that is what you mean."
    )


def same_dtype(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays in one dtype: float32 if all of them are, else float64."""
    first = arrays[0].dtype
    if all(array.dtype == first for array in arrays):
        return arrays
    return tuple(array.astype(np.float64, copy=False) for array in arrays)


def fault(function: str, name: str, value: Any, minimum: int) -> str:
    """What `value` should have been, in words; empty if it is legal."""
    if isinstance(value, (bool, np.bool_)):
        return "a whole number, not a truth value"
    try:
        number = operator.index(value)
    except TypeError:
        if isinstance(value, (float, np.floating)):
            return f"a whole number of at least {minimum}"
        raise TypeError(
            f"{function}: {name} must be a whole number of at least {minimum}; got {value!r} "
            f"({type(value).__name__}). Use {name} {minimum}."
        ) from None
    if number > LARGEST:
        return f"at most {LARGEST}"
    return "" if number >= minimum else f"at least {minimum}"


def nearest(value: Any, minimum: int) -> int:
    """The legal whole number nearest to `value`."""
    try:
        return min(max(minimum, round(value)), LARGEST) if math.isfinite(value) else minimum
    except (TypeError, OverflowError):
        return minimum
