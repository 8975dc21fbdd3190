"""Functions applied to each number by itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import real_array


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
