"""Pooling: the maximum or the average of each window, and the way its gradient takes back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from .arguments import read_shape, real_array, same_dtype
from .operands import read_images
from .plane import read_pool_axes
from .shape_error import ShapeError
from .strips import add_strip, blocks, strip, within
from .taps import Axis


def max_pool2d(
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> np.ndarray:
    """The largest value of each window, as torch's `max_pool2d`.

        y[n, c, i, j] = max over u, v of x[n, c, i * s + u * d - top, j * s + v * d - left]

        0 <= u < kH,  0 <= v < kW;  s stride, d dilation (of that axis); x is -inf outside its range

    Parameters
    ----------
    x : (N, C, H, W) or (C, H, W) array
        float32 and float64 are kept; integers and bools are computed in float64. N may be 0.
    kernel_size, dilation : int or (rows, columns), at least 1; dilation 1 is dense
    stride : int or (rows, columns), at least 1; None for kernel_size
    padding : int, (pad_h, pad_w), ((top, bottom), (left, right)), "valid" or "same"
        Cells of -inf, at most kernel_size // 2 on each side.
    ceil_mode : bool
        Whether a last window may hang over the end: ceil instead of floor in the output size. One
        that would see nothing but padding is dropped.

    Returns
    -------
    (N, C, H_out, W_out) array, or (C, H_out, W_out) if x had no batch axis; a new array
        Sizes as `pool_output_size` says. NaN if a window holds one.

    Raises
    ------
    ShapeError
        If x has another number of axes, a number is illegal, the padding is more than half of the
        window, or not one window fits.
    TypeError
        If x is complex, text or objects, or a number is no number at all.

    Notes
    -----
    Padding with 0 instead of -inf would win against negative values. Cost: kH + kW comparisons for
    each output, for the maximum of a window is the maximum of its rows' maxima.

    Source: PyTorch, torch.nn.functional.max_pool2d.

    Examples
    --------
    >>> max_pool2d([[[-1, -2, -3, -4, -5]]], (1, 3), stride=2, padding=(0, 1)).tolist()
    [[[-1.0, -2.0, -4.0]]]
    """
    x, batched, rows, columns = _read(
        "max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode
    )
    y = _folded(np.maximum, x, rows, columns, -np.inf)
    return y if batched else y[0]


def max_pool2d_indices(
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> np.ndarray:
    """Which cell of x each maximum was taken from: torch's `return_indices`.

    Parameters
    ----------
    x, kernel_size, stride, padding, dilation, ceil_mode
        As for `max_pool2d`.

    Returns
    -------
    (N, C, H_out, W_out) int array, or (C, H_out, W_out)
        h * W + w of the winner. Of equal values the first in row-major order; of NaNs the last. -1
        where a dilated window has no tap in x at all.

    Raises
    ------
    ShapeError, TypeError
        As `max_pool2d`.

    Notes
    -----
    The rule for equal values is a choice of the code, not of mathematics; other libraries make
    others.

    Source: PyTorch, aten/src/ATen/native/cpu/MaxPoolKernel.cpp.

    Examples
    --------
    >>> max_pool2d_indices([[[7, 7], [1, 7]]], 2).tolist()
    [[[0]]]
    """
    x, batched, rows, columns = _read(
        "max_pool2d_indices", x, kernel_size, stride, padding, dilation, ceil_mode
    )
    winners = _winners(x, rows, columns)
    return winners if batched else winners[0]


def max_pool2d_backward(
    grad_y: Any,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> np.ndarray:
    """The gradient of a loss L through `max_pool2d`, from grad_y = dL/dy.

        grad_x[n, c, h, w] = sum of grad_y[n, c, i, j] over the windows that x[n, c, h, w] has won

    Parameters
    ----------
    grad_y : array of the shape of y: (N, C, H_out, W_out), or (C, H_out, W_out)
    x, kernel_size, stride, padding, dilation, ceil_mode
        As they were given to `max_pool2d`.

    Returns
    -------
    array of the shape of x; a new array
        float32 if grad_y and x are, else float64.

    Raises
    ------
    ShapeError
        As `max_pool2d`; also if grad_y does not have the shape of y (the message names it).
    TypeError
        As `max_pool2d`.

    Notes
    -----
    A cell that won nothing gets 0; where windows overlap, one that won several gets their sum. Of
    equal values the first in row-major order wins alone: a choice, for the maximum has no
    derivative there (see `max_pool2d_indices`).

    Source: PyTorch, torch.nn.functional.max_pool2d.

    Examples
    --------
    >>> max_pool2d_backward([[[5, 3]]], [[[1, 4, 2, 0]]], (1, 3), stride=1).tolist()  # 4 wins twice
    [[[0.0, 8.0, 0.0, 0.0]]]
    """
    x, batched, rows, columns = _read(
        "max_pool2d_backward", x, kernel_size, stride, padding, dilation, ceil_mode
    )
    grad_y = _upstream("max_pool2d_backward", grad_y, x.shape, rows, columns, batched)
    grad_y, x = same_dtype(grad_y, x)
    y = _folded(np.maximum, x, rows, columns, -np.inf)
    # Where a maximum is NaN or -inf, equality alone does not tell which cell has won.
    give = _to_equals if np.isfinite(y).all() else _to_winners
    grad_x = give(grad_y, x, y, rows, columns)
    return grad_x if batched else grad_x[0]


def avg_pool2d(
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> np.ndarray:
    """The average of each window, as torch's `avg_pool2d`.

        y[n, c, i, j] = sum over u, v of x[n, c, i * s + u - top, j * s + v - left] / divisor[i, j]

        0 <= u < kH,  0 <= v < kW;  s stride (of that axis); x is 0 outside its range

    Parameters
    ----------
    x : (N, C, H, W) or (C, H, W) array
        float32 and float64 are kept; integers and bools are computed in float64. N may be 0.
    kernel_size : int or (rows, columns), at least 1
    stride : int or (rows, columns), at least 1; None for kernel_size
    padding : int, (pad_h, pad_w), ((top, bottom), (left, right)), "valid" or "same"
        Cells of 0, at most kernel_size // 2 on each side.
    ceil_mode : bool
        As for `max_pool2d`.
    count_include_pad : bool
        Whether the divisor counts padding: `avg_pool2d_divisors`.

    Returns
    -------
    (N, C, H_out, W_out) array, or (C, H_out, W_out) if x had no batch axis; a new array

    Raises
    ------
    ShapeError, TypeError
        As `max_pool2d`.

    Notes
    -----
    Cost: kH + kW additions for each output. ONNX's AveragePool has count_include_pad = 0.

    Source: PyTorch, torch.nn.functional.avg_pool2d.

    Examples
    --------
    >>> avg_pool2d([[[1, 2, 3, 4, 5]]], (1, 3), stride=2, padding=(0, 1)).tolist()
    [[[1.0, 3.0, 3.0]]]
    """
    x, batched, rows, columns = _read("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    y = _folded(np.add, x, rows, columns, 0.0)
    y /= _divisors(rows, columns, count_include_pad).astype(y.dtype)
    return y if batched else y[0]


def avg_pool2d_divisors(
    input_shape: tuple[int, ...],
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> np.ndarray:
    """By how many each window's sum is divided in `avg_pool2d`.

    The cells of the window that lie in x or, if `count_include_pad`, in the padding; what hangs
    over the padding in ceil_mode never counts.

    Parameters
    ----------
    input_shape : (H, W), (C, H, W) or (N, C, H, W)
        Only the last two count.
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As for `avg_pool2d`.

    Returns
    -------
    (H_out, W_out) int array

    Raises
    ------
    ShapeError, TypeError
        As `avg_pool2d`.

    Notes
    -----
    With padding and without: 9 everywhere, and 4 in the corners of a padded 3 x 3 window.

    Source: PyTorch, aten/src/ATen/native/cpu/AvgPoolKernel.cpp.

    Examples
    --------
    >>> avg_pool2d_divisors((1, 5), (1, 2), ceil_mode=True).tolist()
    [[2, 2, 1]]
    """
    shape = read_shape("avg_pool2d_divisors", input_shape, (2, 3, 4))
    rows, columns = read_pool_axes(
        "avg_pool2d_divisors", shape[-2:], kernel_size, stride, padding, 1, ceil_mode
    )
    return _divisors(rows, columns, count_include_pad)


def avg_pool2d_backward(
    grad_y: Any,
    x: Any,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> np.ndarray:
    """The gradient of a loss L through `avg_pool2d`, from grad_y = dL/dy.

        grad_x[n, c, h, w] = sum of grad_y[n, c, i, j] / divisor[i, j] over the windows that read
                             x[n, c, h, w]

    Parameters
    ----------
    grad_y : array of the shape of y: (N, C, H_out, W_out), or (C, H_out, W_out)
    x, kernel_size, stride, padding, ceil_mode, count_include_pad
        As they were given to `avg_pool2d`; of x only the shape counts.

    Returns
    -------
    array of the shape of x; a new array
        float32 if grad_y and x are, else float64.

    Raises
    ------
    ShapeError
        As `avg_pool2d`; also if grad_y does not have the shape of y (the message names it).
    TypeError
        As `avg_pool2d`.

    Notes
    -----
    Average pooling is linear, so its gradient does not depend on x: it is the convolution gradient
    of a kernel of equal weights, channel by channel.

    Source: PyTorch, torch.nn.functional.avg_pool2d.

    Examples
    --------
    >>> avg_pool2d_backward([[[6, 3]]], [[[1, 4, 2, 0]]], (1, 3), stride=1).tolist()
    [[[2.0, 3.0, 3.0, 1.0]]]
    """
    x, batched, rows, columns = _read(
        "avg_pool2d_backward", x, kernel_size, stride, padding, 1, ceil_mode
    )
    grad_y = _upstream("avg_pool2d_backward", grad_y, x.shape, rows, columns, batched)
    grad_y, x = same_dtype(grad_y, x)
    share = grad_y / _divisors(rows, columns, count_include_pad).astype(grad_y.dtype)
    grad_x = np.zeros(x.shape, x.dtype)
    for n, i in _blocks(x, rows, columns):
        inner, across = within(rows, columns, i)
        part = share[n, :, i]
        wide = np.zeros((*part.shape[:3], across.size), x.dtype)
        for v in range(across.kernel_size):
            wide[..., across.cells(v)] += part
        whole = np.zeros((*part.shape[:2], inner.size, across.size), x.dtype)
        for u in range(inner.kernel_size):
            whole[:, :, inner.cells(u)] += wide
        add_strip(grad_x[n], whole, rows, columns, i)
    return grad_x if batched else grad_x[0]


def _read(function: str, x: Any, *pooling: Any) -> tuple[np.ndarray, bool, Axis, Axis]:
    """x as (N, C, H, W), whether it came with the batch axis, and the taps of its axes."""
    x, batched = read_images(function, x)
    return x, batched, *read_pool_axes(function, x.shape[2:], *pooling)


def _blocks(x: np.ndarray, rows: Axis, columns: Axis) -> Iterator[tuple[slice, slice]]:
    """(images, output rows) with what three copies of their strip take."""
    row_bytes = 3 * x.shape[1] * columns.padded_size * x.itemsize
    return blocks(len(x), rows.output_size, row_bytes)


def _folded(fold: np.ufunc, x: np.ndarray, rows: Axis, columns: Axis, around: float) -> np.ndarray:
    """Each window folded into one number: down its columns, then along the row of what is left."""
    y = np.empty((*x.shape[:2], rows.output_size, columns.output_size), x.dtype)
    for n, i in _blocks(x, rows, columns):
        seen = strip(x[n], rows, columns, i, around)
        inner, across = within(rows, columns, i)
        down = seen[:, :, inner.cells(0)]
        for u in range(1, inner.kernel_size):
            down = fold(down, seen[:, :, inner.cells(u)], out=down if u > 1 else None)
        part = y[n, :, i]
        part[...] = down[..., across.cells(0)]
        for v in range(1, across.kernel_size):
            fold(part, down[..., across.cells(v)], out=part)
    return y


def _to_equals(
    grad_y: np.ndarray, x: np.ndarray, y: np.ndarray, rows: Axis, columns: Axis
) -> np.ndarray:
    """grad_x, each g to the first cell of its window that equals the maximum, which is finite."""
    grad_x = np.zeros(x.shape, x.dtype)
    for n, i in _blocks(x, rows, columns):
        seen = strip(x[n], rows, columns, i, -np.inf)
        inner, across = within(rows, columns, i)
        most, left = y[n, :, i], grad_y[n, :, i].copy()
        part = np.zeros(seen.shape, x.dtype)
        for u, v in product(range(inner.kernel_size), range(across.kernel_size)):
            cells = (..., inner.cells(u), across.cells(v))
            won = seen[cells] == most
            part[cells] += np.where(won, left, 0)
            left[won] = 0  # a later equal gets nothing
        add_strip(grad_x[n], part, rows, columns, i)
    return grad_x


def _to_winners(
    grad_y: np.ndarray, x: np.ndarray, y: np.ndarray, rows: Axis, columns: Axis
) -> np.ndarray:
    """grad_x, each g to the cell that `max_pool2d_indices` names."""
    planes, size = len(x) * x.shape[1], x.shape[2] * x.shape[3]
    winners = _winners(x, rows, columns).reshape(planes, rows.output_size * columns.output_size)
    won = winners >= 0
    cells = winners + size * np.arange(planes)[:, None]
    grad_x = np.bincount(cells[won], grad_y.reshape(winners.shape)[won], planes * size)
    return grad_x.astype(x.dtype, copy=False).reshape(x.shape)


def _winners(x: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """The cell h * W + w of x that wins each window, -1 for a window without one."""
    padded = strip(x, rows, columns, slice(0, rows.output_size), -np.inf)
    best = np.full((*x.shape[:2], rows.output_size, columns.output_size), -np.inf, x.dtype)
    winners = np.full(best.shape, -1)
    for h, w, down, across, inside in _taps(rows, columns):
        values = padded[:, :, down, across]
        better = inside & ((winners < 0) | (values > best) | np.isnan(values))
        winners[better] = np.broadcast_to(h[:, None] * columns.size + w, best.shape)[better]
        best[better] = values[better]
    return winners


def _taps(rows: Axis, columns: Axis) -> Iterator[tuple[np.ndarray, np.ndarray, slice, slice, Any]]:
    """Tap by tap in row-major order: the cells it reads, as indices and as slices of the padded
    input, and for which outputs (H_out, W_out) they lie in x."""
    for u in range(rows.kernel_size):
        for v in range(columns.kernel_size):
            inside = rows.inside[:, u, None] & columns.inside[:, v]
            yield rows.index[:, u], columns.index[:, v], rows.cells(u), columns.cells(v), inside


def _divisors(rows: Axis, columns: Axis, count_include_pad: bool) -> np.ndarray:
    """(H_out, W_out): the cells of each window that count."""
    return np.outer(*(_counted(axis, count_include_pad) for axis in (rows, columns)))


def _counted(axis: Axis, with_padding: bool) -> np.ndarray:
    if not with_padding:
        return axis.inside.sum(1)
    return (axis.index < axis.size + axis.padding[1]).sum(1)  # none lies before the padding


def _upstream(
    function: str, grad_y: Any, shape: tuple[int, ...], rows: Axis, columns: Axis, batched: bool
) -> np.ndarray:
    """grad_y as (N, C, H_out, W_out)."""
    grad_y = real_array(function, "grad_y", grad_y)
    whole = (*shape[:2], rows.output_size, columns.output_size)
    needed = whole if batched else whole[1:]
    if grad_y.shape != needed:
        raise ShapeError(
            f"{function}: grad_y must have the shape of y, which is {needed} here; got shape "
            f"{grad_y.shape}. Use a grad_y of shape {needed}."
        )
    return grad_y.reshape(whole)
