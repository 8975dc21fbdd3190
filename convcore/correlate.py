"""Correlation and convolution of one signal with one kernel, as SciPy defines them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import choice, real_array, same_dtype
from .shape_error import ShapeError
from .sums import forward
from .taps import shared_axis

MODES = ("full", "same", "valid")


def correlate1d(x: Any, kernel: Any, mode: str = "full") -> np.ndarray:
    """Slide a kernel over a signal without flipping it, as `scipy.signal.correlate`.

        y[i] = sum over u of x[i + u - before] * kernel[u],   0 <= u < k;  x is 0 outside

        full    before = k - 1     n + k - 1 outputs, every overlap
        same    before = k // 2    n outputs
        valid   before = 0         n - k + 1 outputs, the kernel wholly inside

    Parameters
    ----------
    x : (n,) array, n >= 1
    kernel : (k,) array, k >= 1; at most n for "valid"
    mode : "full", "same" or "valid"

    Returns
    -------
    (n + k - 1,), (n,) or (n - k + 1,) array; a new array
        float32 if both operands are, else float64 (integers too).

    Raises
    ------
    ShapeError
        If an operand has another number of axes or is empty, or "valid" and k > n.
    TypeError
        If an operand is complex, text or objects.

    Notes
    -----
    Not flipped. For an even kernel "same" pads one more at the START, unlike `correlate2d` (SciPy
    disagrees with itself, and each function here follows its namesake). "same" is the length of x
    even if the kernel is longer. For "valid" SciPy exchanges a kernel longer than x with x; here
    that is an error, since the roles matter.

    Source: SciPy, scipy.signal.correlate.

    Examples
    --------
    >>> correlate1d([0, 0, 1, 0, 0], [1, 2, 3], "same").tolist()  # an impulse shows the flip
    [0.0, 3.0, 2.0, 1.0, 0.0]
    >>> correlate1d([1, 2, 3], [1, 10], "same").tolist()
    [10.0, 21.0, 32.0]
    """
    return _slide("correlate1d", x, kernel, mode, axes=1, flip=False, extra_at_start=True)


def convolve1d(x: Any, kernel: Any, mode: str = "full") -> np.ndarray:
    """Convolve a signal with a kernel, which is flipped, as `scipy.signal.convolve`.

        y[i] = sum over u of x[i + shift - u] * kernel[u],   0 <= u < k;  x is 0 outside

        full    shift = 0               n + k - 1 outputs
        same    shift = (k - 1) // 2    n outputs
        valid   shift = k - 1           n - k + 1 outputs

    Parameters
    ----------
    x : (n,) array, n >= 1
    kernel : (k,) array, k >= 1; at most n for "valid"
    mode : "full", "same" or "valid"

    Returns
    -------
    (n + k - 1,), (n,) or (n - k + 1,) array; a new array
        float32 if both operands are, else float64 (integers too).

    Raises
    ------
    ShapeError
        If an operand has another number of axes or is empty, or "valid" and k > n.
    TypeError
        If an operand is complex, text or objects.

    Notes
    -----
    Flipped: equals `correlate1d(x, kernel[::-1], mode)`. "same" is the length of x (`np.convolve`
    returns max(n, k)); "valid" does not exchange the arguments as SciPy does.

    Source: SciPy, scipy.signal.convolve.

    Examples
    --------
    >>> convolve1d([5, 6, 7, 8], [3, 0, 1]).tolist()
    [15.0, 18.0, 26.0, 30.0, 7.0, 8.0]
    >>> convolve1d([5, 6, 7, 8], [3, 0, 1], "valid").tolist()  # 3*7 + 0*6 + 1*5 = 26
    [26.0, 30.0]
    """
    return _slide("convolve1d", x, kernel, mode, axes=1, flip=True, extra_at_start=True)


def correlate2d(x: Any, kernel: Any, mode: str = "full") -> np.ndarray:
    """Slide a kernel over an image without flipping it, as `scipy.signal.correlate2d`.

        y[i, j] = sum over u, v of x[i + u - top, j + v - left] * kernel[u, v]

        0 <= u < kH,  0 <= v < kW;  x is 0 outside
        full    top = kH - 1           (H + kH - 1, W + kW - 1) outputs, every overlap
        same    top = (kH - 1) // 2    (H, W) outputs
        valid   top = 0                (H - kH + 1, W - kW + 1) outputs        (left likewise)

    Parameters
    ----------
    x : (H, W) array, not empty
    kernel : (kH, kW) array, not empty; at most (H, W) for "valid"
    mode : "full", "same" or "valid"

    Returns
    -------
    array of the shape above; a new array
        float32 if both operands are, else float64 (integers too).

    Raises
    ------
    ShapeError
        If an operand has another number of axes or is empty, or "valid" and the kernel is larger.
    TypeError
        If an operand is complex, text or objects.

    Notes
    -----
    Not flipped. For an even kernel "same" pads one more at the END, as torch does and unlike
    `correlate1d` and `scipy.signal.correlate`. "valid" does not exchange the arguments.

    Source: SciPy, scipy.signal.correlate2d.

    Examples
    --------
    >>> impulse = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    >>> correlate2d(impulse, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "same").tolist()
    [[9.0, 8.0, 7.0], [6.0, 5.0, 4.0], [3.0, 2.0, 1.0]]
    """
    return _slide("correlate2d", x, kernel, mode, axes=2, flip=False, extra_at_start=False)


def convolve2d(x: Any, kernel: Any, mode: str = "full") -> np.ndarray:
    """Convolve an image with a kernel, which is flipped, as `scipy.signal.convolve2d`.

        y[i, j] = sum over u, v of x[i + down - u, j + across - v] * kernel[u, v]

        0 <= u < kH,  0 <= v < kW;  x is 0 outside
        full    down = 0                (H + kH - 1, W + kW - 1) outputs
        same    down = (kH - 1) // 2    (H, W) outputs
        valid   down = kH - 1           (H - kH + 1, W - kW + 1) outputs     (across likewise)

    Parameters
    ----------
    x : (H, W) array, not empty
    kernel : (kH, kW) array, not empty; at most (H, W) for "valid"
    mode : "full", "same" or "valid"

    Returns
    -------
    array of the shape above; a new array
        float32 if both operands are, else float64 (integers too).

    Raises
    ------
    ShapeError
        If an operand has another number of axes or is empty, or "valid" and the kernel is larger.
    TypeError
        If an operand is complex, text or objects.

    Notes
    -----
    Flipped, on both axes: a rotation by 180 degrees, not a transpose. "valid" does not exchange the
    arguments as SciPy does.

    Source: SciPy, scipy.signal.convolve2d.

    Examples
    --------
    >>> impulse = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
    >>> convolve2d(impulse, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], "same").tolist()
    [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]
    """
    return _slide("convolve2d", x, kernel, mode, axes=2, flip=True, extra_at_start=True)


def _slide(
    function: str, x: Any, kernel: Any, mode: str, *, axes: int, flip: bool, extra_at_start: bool
) -> np.ndarray:
    choice(function, "mode", mode, MODES, "full")
    x = _signal(function, "x", x, axes)
    kernel = _signal(function, "kernel", kernel, axes)
    x, kernel = same_dtype(x, kernel)
    if flip:
        kernel = np.flip(kernel)
    if mode == "valid" and any(k > n for k, n in zip(kernel.shape, x.shape, strict=True)):
        raise ShapeError(
            f'{function}: mode "valid" needs a kernel that fits inside x; got kernel '
            f'{kernel.shape}, x {x.shape}. Use mode "same" or "full" (SciPy would exchange the two '
            "arguments instead).",
            [{"mode": "same"}, {"mode": "full"}],
        )
    rows, columns = (
        shared_axis(n, k, 1, _sides(k, mode, extra_at_start), 1)
        for n, k in zip((1, *x.shape)[-2:], (1, *kernel.shape)[-2:], strict=True)
    )
    y = forward(
        x.reshape(1, 1, rows.size, columns.size),
        kernel.reshape(1, 1, rows.kernel_size, columns.kernel_size),
        rows,
        columns,
    )
    return y.reshape(y.shape[-axes:])


def _signal(function: str, name: str, value: Any, axes: int) -> np.ndarray:
    array = real_array(function, name, value)
    if array.ndim != axes or 0 in array.shape:
        form = "(n,)" if axes == 1 else "(H, W)"
        raise ShapeError(
            f"{function}: {name} must be {form} and not empty; got shape {array.shape}. "
            f"Use an array with {axes} {'axis' if axes == 1 else 'axes'}."
        )
    return array


def _sides(k: int, mode: str, extra_at_start: bool) -> tuple[int, int]:
    if mode == "full":
        return (k - 1, k - 1)
    if mode == "valid":
        return (0, 0)
    before = k // 2 if extra_at_start else (k - 1) // 2
    return (before, k - 1 - before)
