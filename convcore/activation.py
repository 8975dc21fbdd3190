"""Functions of single numbers, and the softmax of several."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import real_array
from .shape_error import ShapeError


def relu(x: Any) -> np.ndarray:
    """max(x, 0), cell by cell, as torch's `relu`.

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and bools become float64.

    Returns
    -------
    array of the shape of x; a new array
        NaN stays NaN.

    Raises
    ------
    TypeError
        If x is complex, text or objects.

    Notes
    -----
    It commutes with the maximum, for it never turns an order round: max(relu(x)) = relu(max(x)).

    Source: V. Nair and G. Hinton, "Rectified linear units improve restricted Boltzmann machines",
    ICML 2010; PyTorch, torch.nn.functional.relu.

    Examples
    --------
    >>> relu([-2, 0, 3]).tolist()
    [0.0, 0.0, 3.0]
    """
    return np.maximum(real_array("relu", "x", x), 0)


def heaviside(x: Any, at_zero: float = 0.5) -> np.ndarray:
    """The step H(x): 0 below zero, 1 above it, `at_zero` at it.

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and bools become float64.
    at_zero : float

    Returns
    -------
    array of the shape of x; a new array
        NaN stays NaN.

    Raises
    ------
    TypeError
        If x is complex, text or objects.

    Notes
    -----
    It is the derivative of `relu` wherever that has one. At 0 it has none; 1/2 is the limit of
    sigmoid(k * x) for growing k, and what the symmetric difference quotient of relu gives.

    Source: numpy.heaviside, which asks for the value at 0.

    Examples
    --------
    >>> heaviside([-2, 0, 3]).tolist()
    [0.0, 0.5, 1.0]
    """
    x = real_array("heaviside", "x", x)
    return np.heaviside(x, x.dtype.type(at_zero))


def sigmoid(x: Any) -> np.ndarray:
    """1 / (1 + exp(-x)), cell by cell, as torch's `sigmoid`.

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and bools become float64.

    Returns
    -------
    array of the shape of x; a new array
        Between 0 and 1, at +-1e4 too; NaN stays NaN.

    Raises
    ------
    TypeError
        If x is complex, text or objects.

    Notes
    -----
    exp is taken of numbers below 0 only: exp(-|x|) can't overflow, and for x < 0 the same fraction
    is exp(x) / (1 + exp(x)).

    Source: PyTorch, torch.nn.functional.sigmoid; scipy.special.expit.

    Examples
    --------
    >>> sigmoid([-10000, 0, 10000]).tolist()
    [0.0, 0.5, 1.0]
    """
    x = real_array("sigmoid", "x", x)
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)


def softmax(x: Any, axis: int = -1) -> np.ndarray:
    """exp(x[i]) / sum of exp(x[k]) over k, along one axis, as torch's `softmax`.

    Parameters
    ----------
    x : array with at least one axis
        float32 and float64 are kept; integers and bools become float64.
    axis : int
        The axis along which the results add up to 1.

    Returns
    -------
    array of the shape of x; a new array

    Raises
    ------
    ShapeError
        If x has no such axis, or no number along it.
    TypeError
        If x is complex, text or objects.

    Notes
    -----
    softmax(x + c) = softmax(x), so max(x) is subtracted first: then no exp overflows, and at least
    one is 1. Without, exp(710) is inf in float64, exp(89) in float32, and inf / inf is NaN.

    Source: J. S. Bridle, "Probabilistic interpretation of feedforward classification network
    outputs", 1990; PyTorch, torch.nn.functional.softmax.

    Examples
    --------
    >>> softmax([1e4, 1e4, -1e4]).tolist()
    [0.5, 0.5, 0.0]
    """
    x = real_array("softmax", "x", x)
    if not -x.ndim <= axis < x.ndim or not x.shape[axis]:
        raise ShapeError(
            f"softmax: x must hold numbers along axis {axis}; got shape {x.shape}. "
            "Use x with at least one number on that axis."
        )
    power = np.exp(x - x.max(axis, keepdims=True))
    return power / power.sum(axis, keepdims=True)


def softmax_jacobian(x: Any) -> np.ndarray:
    """The derivatives of softmax: J[i, k] = dp[i]/dx[k] = p[i] * ((1 if i == k else 0) - p[k]).

    Parameters
    ----------
    x : (K,) array
        float32 and float64 are kept; integers and bools become float64.

    Returns
    -------
    (K, K) array; diag(p) - p p^T with p = softmax(x)

    Raises
    ------
    ShapeError
        If x has another number of axes, or no number.
    TypeError
        If x is complex, text or objects.

    Notes
    -----
    Symmetric, and each row adds up to 0: adding the same c to all of x changes nothing.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, equation (4.106).

    Examples
    --------
    >>> softmax_jacobian([0, 0]).tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """
    x = real_array("softmax_jacobian", "x", x)
    if x.ndim != 1:
        raise ShapeError(
            f"softmax_jacobian: x must have one axis; got shape {x.shape}. Use one row of numbers."
        )
    p = softmax(x)
    return np.diag(p) - np.outer(p, p)
