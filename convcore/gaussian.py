"""The Gaussian blur kernel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .arguments import per_axis, shown
from .shape_error import ShapeError


def gaussian_kernel(size: Any, sigma: float) -> np.ndarray:
    """A 2-D Gaussian that sums to 1, so that a blur keeps the brightness.

        kernel[u, v] = a[u] * b[v],   0 <= u < kH,  0 <= v < kW

        a[u] = exp(-(u - (kH - 1) / 2)**2 / (2 * sigma**2)), divided by its sum;  b likewise

    Parameters
    ----------
    size : int or (kH, kW), at least 1
    sigma : float, > 0, finite
        Standard deviation in cells. Nine tenths of the weight of one axis are within 1.65 sigma.

    Returns
    -------
    (kH, kW) float64 array

    Raises
    ------
    ShapeError
        If a size is not a whole number of at least 1, or sigma is not a positive finite number.

    Notes
    -----
    Symmetric, so flipping changes nothing. An even size is centred on the half cell between the two
    middle ones: its blur moves the picture by half a cell. Sampled, not integrated. A usual
    size is 2 * int(4 * sigma + 0.5) + 1 (SciPy's truncation at 4 sigma).

    Source: SciPy, ndimage.gaussian_filter; R. Szeliski, "Computer Vision", 2nd ed., section 3.2.

    Examples
    --------
    >>> gaussian_kernel((1, 3), 1.0).round(4).tolist()  # exp(-1/2) = 0.6065; 1 / 2.2131 = 0.4519
    [[0.2741, 0.4519, 0.2741]]
    """
    height, width = per_axis("gaussian_kernel", "size", size, 1)
    try:
        legal = not isinstance(sigma, (bool, np.bool_, str)) and 0 < float(sigma) < math.inf
    except (TypeError, ValueError):
        legal = False
    if not legal:
        raise ShapeError(
            f"gaussian_kernel: sigma must be a positive finite number; got {shown(sigma)}. "
            "Use sigma 1.0.",
            [{"sigma": 1.0}],
        )
    return np.outer(_profile(height, float(sigma)), _profile(width, float(sigma)))


def _profile(size: int, sigma: float) -> np.ndarray:
    distance = np.abs(np.arange(size) - (size - 1) / 2)
    # Measured from the nearest cell, so that the largest exponential is 1 and a narrow Gaussian of
    # even size does not become 0/0; factored, so that squaring cannot lose a tiny sigma.
    near = distance.min()
    with np.errstate(over="ignore"):
        profile = np.exp(-(distance - near) * (distance + near) / 2 / sigma / sigma)
    return profile / profile.sum()
