"""The chain rule as a product of Jacobians, multiplied from either end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arguments import real_array
from .shape_error import ShapeError


@dataclass(frozen=True)
class Accumulation:
    """The Jacobian of a chain, and how many multiplications it took.

    jacobian : (last size, first size)
    multiplications : of numbers, for all products
    partial : the products in their order; the last is `jacobian`
    """

    jacobian: np.ndarray
    multiplications: int
    partial: tuple[np.ndarray, ...]


def forward_accumulation(jacobians: Sequence[Any]) -> Accumulation:
    """J_h (J_g J_f): from the input on, as the functions are called.

    Parameters
    ----------
    jacobians : sequence of (rows, columns) arrays, at least one
        Of the functions in the order in which they are called: J_f, J_g, J_h.

    Returns
    -------
    Accumulation

    Raises
    ------
    ShapeError
        If there is none, one is no matrix, or one's columns are not as many as the rows before it.
    TypeError
        If one is complex, text or objects.

    Notes
    -----
    For f : R^l -> R^m, g : R^m -> R^n, h : R^n -> R^o it takes l m n + l n o multiplications: cheap
    for few inputs.

    Source: A. Griewank and A. Walther, "Evaluating Derivatives", 2008, chapter 3.

    Examples
    --------
    >>> forward_accumulation([np.ones((3, 2)), np.ones((4, 3)), np.ones((1, 4))]).multiplications
    32
    """
    first, *rest = _checked("forward_accumulation", jacobians)
    return _accumulated(first, rest, lambda total, one: (one, total))


def reverse_accumulation(jacobians: Sequence[Any]) -> Accumulation:
    """(J_h J_g) J_f: from the output back, as backpropagation.

    Parameters
    ----------
    jacobians
        As for `forward_accumulation`, in the order in which the functions are called.

    Returns
    -------
    Accumulation

    Raises
    ------
    ShapeError, TypeError
        As `forward_accumulation`.

    Notes
    -----
    For f : R^l -> R^m, g : R^m -> R^n, h : R^n -> R^o it takes o n m + o m l multiplications: cheap
    for few outputs. A loss is one number, o = 1.

    Source: A. Griewank and A. Walther, "Evaluating Derivatives", 2008, chapter 3.

    Examples
    --------
    >>> reverse_accumulation([np.ones((3, 2)), np.ones((4, 3)), np.ones((1, 4))]).multiplications
    18
    """
    *rest, last = _checked("reverse_accumulation", jacobians)
    return _accumulated(last, rest[::-1], lambda total, one: (total, one))


def _checked(function: str, jacobians: Sequence[Any]) -> list[np.ndarray]:
    read = [real_array(function, "jacobians", one) for one in jacobians]
    shapes = [one.shape for one in read]
    if not read or any(len(shape) != 2 for shape in shapes):
        raise ShapeError(
            f"{function}: jacobians must be matrices, at least one; got shapes {shapes}. "
            "Use one matrix for each function."
        )
    for (rows, _), (_, columns) in itertools.pairwise(shapes):
        if rows != columns:
            raise ShapeError(
                f"{function}: each function takes what the one before it gives; got shapes "
                f"{shapes}, where {rows} numbers meet {columns} columns. Use a matrix with {rows} "
                "columns."
            )
    return read


def _accumulated(
    first: np.ndarray,
    rest: list[np.ndarray],
    pair: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> Accumulation:
    """pair : (product so far, next matrix) -> (left, right) of the next product"""
    partial, count = [first], 0
    for one in rest:
        left, right = pair(partial[-1], one)
        partial.append(left @ right)
        count += left.size * right.shape[1]
    return Accumulation(partial[-1], count, tuple(partial))
