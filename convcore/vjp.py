"""Is a gradient right? One number, computed in two ways, tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .arguments import real_array
from .shape_error import ShapeError


@dataclass(frozen=True)
class VjpCheck:
    """What `check_vjp` found; true if the two numbers agree.

    numeric is the slope of <grad_y, function(x)> along the direction v, by central differences;
    analytic is <grad_x, v>.
    """

    numeric: float
    analytic: float
    tolerance: float

    @property
    def difference(self) -> float:
        """|numeric - analytic| / max(|numeric|, |analytic|), and 0 if both are 0."""
        if self.numeric == self.analytic:
            return 0.0
        return abs(self.numeric - self.analytic) / max(abs(self.numeric), abs(self.analytic))

    @property
    def ok(self) -> bool:
        """Whether the relative difference is within the tolerance (NaN is not)."""
        return self.difference <= self.tolerance

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        verdict = "they agree" if self.ok else "the gradient is WRONG"
        return (
            f"numeric {self.numeric:.10g}, analytic {self.analytic:.10g}, relative difference "
            f"{self.difference:.1e} (at most {self.tolerance:.0e}): {verdict}"
        )


def check_vjp(
    function: Callable[..., Any],
    vjp: Callable[..., Any],
    x: Any,
    *,
    seed: int = 0,
    step: float = 1e-5,
    tolerance: float = 1e-6,
) -> VjpCheck:
    """Compare an analytic gradient with finite differences, in one number.

        numeric   <g, function(x + step * v) - function(x - step * v)> / (2 * step)
        analytic  <vjp(g, x), v>

        v a random direction, shaped as x; g a random upstream gradient, shaped as function(x)

    Parameters
    ----------
    function : callable, function(x) -> y
    vjp : callable, vjp(grad_y, x) -> grad_x
        The vector-Jacobian product that is on trial.
    x : array, or tuple of arrays
        A tuple is spread: function(*x) and vjp(grad_y, *x), which returns one gradient for each.
        Computed in float64.
    seed : int
        Another seed, other directions.
    step, tolerance : float

    Returns
    -------
    VjpCheck
        Frozen: numeric, analytic, tolerance, difference (relative), ok; its truth value is ok, its
        text a sentence.

    Raises
    ------
    ShapeError
        If a gradient does not have the shape of its input, or there are more or fewer of them.
    TypeError
        If x, y or a gradient does not hold real numbers.

    Notes
    -----
    One number proves a whole Jacobian: a wrong entry anywhere changes it, except by a coincidence
    of probability zero. g is random because ones would hide transposed and misplaced gradients. A
    gradient 0.05 percent too large differs by 5e-4, five hundred times the tolerance; if only one
    of n entries is wrong, the difference is about sqrt(n) times smaller. Where function has a kink
    within `step` of x (ReLU at 0, a tie in max pooling), the two may differ though both are right.
    Cost: three calls.

    Source: HIPS/autograd, autograd.test_util.check_vjp.

    Examples
    --------
    >>> check = check_vjp(np.sin, lambda g, x: g * np.cos(x), [0.5, 1.0, 2.0])
    >>> check.ok, check.difference < 1e-9
    (True, True)
    >>> bool(check_vjp(np.sin, lambda g, x: 1.0005 * g * np.cos(x), [0.5, 1.0, 2.0]))
    False
    """
    several = isinstance(x, tuple)
    inputs = tuple(
        real_array("check_vjp", "x", a).astype(np.float64) for a in (x if several else [x])
    )
    rng = np.random.default_rng(seed)
    v = [rng.standard_normal(a.shape) for a in inputs]
    y_after, y_before = (
        real_array(
            "check_vjp",
            "function(x)",
            function(*(a + sign * step * b for a, b in zip(inputs, v, strict=True))),
        )
        for sign in (1, -1)
    )
    g = rng.standard_normal(y_after.shape)
    gradients = vjp(g, *(a.copy() for a in inputs))
    gradients = _shaped_as(inputs, gradients if several else [gradients])
    numeric = np.sum(g * (y_after - y_before)) / (2 * step)
    analytic = sum(np.sum(a * b) for a, b in zip(gradients, v, strict=True))
    return VjpCheck(float(numeric), float(analytic), tolerance)


def _shaped_as(inputs: Sequence[np.ndarray], gradients: Sequence[Any]) -> list[np.ndarray]:
    if len(gradients) != len(inputs):
        raise ShapeError(
            f"check_vjp: vjp must return one gradient for each input; got {len(gradients)} for "
            f"{len(inputs)}. Use a vjp that returns {len(inputs)}."
        )
    gradients = [real_array("check_vjp", "vjp(grad_y, x)", gradient) for gradient in gradients]
    for x, gradient in zip(inputs, gradients, strict=True):
        if gradient.shape != x.shape:
            raise ShapeError(
                f"check_vjp: a gradient must have the shape of its input, {x.shape}; got shape "
                f"{gradient.shape}. Use a vjp that returns {x.shape}."
            )
    return gradients
