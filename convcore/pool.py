"""Pooling: the maximum or the average of each window, and the way its gradient takes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from .arguments import read_shape, real_array, same_dtype
from .operands import read_images
from .plane import read_pool_axes
from .shape_error import ShapeError
from .strips import add_strip, blocks, shifted, within
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
    x, planes, rows, columns = _read(
        "max_pool2d", x, kernel_size, stride, padding, dilation, ceil_mode
    )
    return _folded(np.maximum, x, rows, columns, -np.inf).reshape(*planes, *_sizes(rows, columns))


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
    x, planes, rows, columns = _read(
        "max_pool2d_indices", x, kernel_size, stride, padding, dilation, ceil_mode
    )
    winners = np.empty((len(x), *_sizes(rows, columns)), np.intp)
    for n, i in _blocks(x, rows, columns):
        steps, lost = _winners(x[n], rows, columns, i)
        winners[n, i] = _first_cells(rows, columns, i) + steps
        if lost is not None:
            winners[n, i][lost] = -1
    return winners.reshape(*planes, *_sizes(rows, columns))


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
    x, planes, rows, columns = _read(
        "max_pool2d_backward", x, kernel_size, stride, padding, dilation, ceil_mode
    )
    grad_y = _upstream("max_pool2d_backward", grad_y, planes, rows, columns)
    grad_y, x = same_dtype(grad_y, x)
    return _given_back(grad_y, x, rows, columns).reshape(*planes, *x.shape[1:])


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
    x, planes, rows, columns = _read("avg_pool2d", x, kernel_size, stride, padding, 1, ceil_mode)
    y = _folded(np.add, x, rows, columns, 0.0)
    y /= _divisors(rows, columns, count_include_pad).astype(y.dtype)
    return y.reshape(*planes, *_sizes(rows, columns))


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
    x, planes, rows, columns = _read(
        "avg_pool2d_backward", x, kernel_size, stride, padding, 1, ceil_mode
    )
    grad_y = _upstream("avg_pool2d_backward", grad_y, planes, rows, columns)
    grad_y, x = same_dtype(grad_y, x)
    share = grad_y / _divisors(rows, columns, count_include_pad).astype(grad_y.dtype)
    grad_x = np.zeros(x.shape, x.dtype)
    for n, i in _blocks(x, rows, columns):
        inner, across = within(rows, columns, i)
        part = share[n, i]
        wide = np.zeros((*part.shape[:2], across.size), x.dtype)
        for v in range(across.kernel_size):
            wide[..., across.cells(v)] += part
        whole = np.zeros((len(part), inner.size, across.size), x.dtype)
        for u in range(inner.kernel_size):
            whole[:, inner.cells(u)] += wide
        add_strip(grad_x[n], whole, rows, columns, i)
    return grad_x.reshape(*planes, *x.shape[1:])


def _read(function: str, x: Any, *pooling: Any) -> tuple[np.ndarray, tuple[int, ...], Axis, Axis]:
    """x as planes (P, H, W), what they were counted by, (N, C) or (C,), and the taps of its axes.

    No window sees two planes: one after the other they find what they need in the cache.
    """
    x, batched = read_images(function, x)
    rows, columns = read_pool_axes(function, x.shape[2:], *pooling)
    planes = x.shape[:2] if batched else x.shape[1:2]
    return x.reshape(prod(planes), *x.shape[2:]), planes, rows, columns


def _sizes(rows: Axis, columns: Axis) -> tuple[int, int]:
    return rows.output_size, columns.output_size


def _blocks(x: np.ndarray, rows: Axis, columns: Axis) -> Iterator[tuple[slice, slice]]:
    """(planes, output rows) with what four copies of their strip take."""
    return blocks(len(x), rows.output_size, 4 * columns.padded_size * x.itemsize)


def _folded(fold: np.ufunc, x: np.ndarray, rows: Axis, columns: Axis, around: float) -> np.ndarray:
    """Each window folded into one number, (P, H_out, W_out)."""
    y = np.empty((len(x), *_sizes(rows, columns)), x.dtype)
    for n, i in _blocks(x, rows, columns):
        down = np.empty((n.stop - n.start, i.stop - i.start, x.shape[2]), x.dtype)
        _fold(fold, x[n].swapaxes(1, 2), rows, i, down.swapaxes(1, 2), around)
        _fold(fold, down, columns, slice(0, y.shape[2]), y[n, i], around)
    return y


def _fold(
    fold: np.ufunc, x: np.ndarray, axis: Axis, outputs: slice, y: np.ndarray, around: float
) -> None:
    """y = the taps of these outputs folded into one, along the last axis; no padding is built."""
    taps = [axis.real_cells(u, outputs) for u in range(axis.kernel_size)]
    every = slice(0, outputs.stop - outputs.start)
    whole = [cells for some, cells in taps if some == every]
    if len(whole) > 1:
        fold(x[..., whole[0]], x[..., whole[1]], out=y)
    else:
        y[...] = x[..., whole[0]] if whole else around
    rest = [(some, cells) for some, cells in taps if some != every]
    for some, cells in [*((every, cells) for cells in whole[2:]), *rest]:
        fold(y[..., some], x[..., cells], out=y[..., some])


def _given_back(grad_y: np.ndarray, x: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """grad_x: each g added to the cell that has won its window."""
    grad_x = np.empty(x.shape, x.dtype)
    apart = all(axis.stride >= axis.effective_kernel_size for axis in (rows, columns))
    for n, i in _blocks(x, rows, columns):
        g, total = grad_y[n, i], grad_x[n]
        if i.start == 0:
            total.fill(0)
        steps, lost = _winners(x[n], rows, columns, i)
        planes = np.arange(0, total.size, rows.size * columns.size)[:, None, None]
        cells = planes + _first_cells(rows, columns, i)
        cells += steps
        if lost is not None:
            cells, g = cells[~lost], g[~lost]
        flat = total.reshape(-1)
        if apart:
            flat[cells.ravel()] = g.ravel()
        else:
            np.add.at(flat, cells.ravel(), g.ravel())
    return grad_x


def _winners(
    x: np.ndarray, rows: Axis, columns: Axis, i: slice
) -> tuple[np.ndarray, np.ndarray | None]:
    """How far from the cell of its first tap the winner of each window of output rows `i` lies, in
    steps of h * W + w, and where there is none (None: there always is)."""
    shifts = [shifted(x, rows, columns, i, v, -np.inf) for v in range(columns.kernel_size)]
    down, across = [step * columns.size for step in rows.steps], columns.steps
    most, steps = _first_largest(shifts, rows.part(i), down, across)
    ends = most.max(initial=0), most.min(initial=0)
    if not np.isfinite(ends).all():  # a NaN is larger than nothing, and -inf may be the padding
        inside = rows.inside[i, None, :, None] & columns.inside[None, :, None, :]
        return _last_better(shifts, inside, rows.part(i), down, across)
    return steps, None


def _first_cells(rows: Axis, columns: Axis, i: slice) -> np.ndarray:
    """The cell h * W + w that the first tap of each window reads, (i, W_out)."""
    return rows.index[i, :1] * columns.size + columns.index[:, 0]


def _first_largest(
    shifts: list[np.ndarray], rows: Axis, down: Sequence[int], across: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """The maximum of each window, and the steps down[u] + across[v] to the first tap that has it.

    Along the rows of a window, then down it: the first row with the maximum has the first of all.
    Of taps inside x the later one is more steps away, for it is the later cell.
    """
    code = np.min_scalar_type(down[-1] + across[-1])
    most, first = _first_of(shifts, np.array(across, code))
    return _first_of(
        [most[:, rows.cells(u)] for u in range(len(down))],
        [first[:, rows.cells(u)] + code.type(step) for u, step in enumerate(down)],
    )


def _first_of(options: Sequence[np.ndarray], codes: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Cell by cell, the largest of the options and the code of the first one that has it.

    codes : for each option, of one number or of its shape; all larger than those before
    """
    most = options[0]
    code = np.empty(most.shape, codes[0].dtype)
    code[...] = codes[0]
    better, rank = np.empty(most.shape, bool), np.empty_like(code)
    for option, own in zip(options[1:], codes[1:], strict=True):
        np.greater(option, most, out=better)
        np.multiply(better, own, out=rank)  # a later one that is better has the higher code
        np.maximum(code, rank, out=code)
        most = np.maximum(option, most, out=None if most is options[0] else most)
    return most, code


def _last_better(
    shifts: list[np.ndarray],
    inside: np.ndarray,
    rows: Axis,
    down: Sequence[int],
    across: Sequence[int],
) -> tuple[np.ndarray, np.ndarray]:
    """The steps to the tap that wins, tap by tap: a larger one, or any NaN; and where is none.

    inside : (i, W_out, kH, kW), which taps lie in x
    """
    shape = (len(shifts[0]), *inside.shape[:2])
    best, steps = np.full(shape, -np.inf, shifts[0].dtype), np.zeros(shape, np.intp)
    lost = np.ones(shape, bool)
    for u, v in np.ndindex(len(down), len(across)):
        values = shifts[v][:, rows.cells(u)]
        better = inside[:, :, u, v] & (lost | (values > best) | np.isnan(values))
        steps[better] = down[u] + across[v]
        best[better] = values[better]
        lost[better] = False
    return steps, lost


def _divisors(rows: Axis, columns: Axis, count_include_pad: bool) -> np.ndarray:
    """(H_out, W_out): the cells of each window that count."""
    return np.outer(*(_counted(axis, count_include_pad) for axis in (rows, columns)))


def _counted(axis: Axis, with_padding: bool) -> np.ndarray:
    if not with_padding:
        return axis.inside.sum(1)
    return (axis.index < axis.size + axis.padding[1]).sum(1)  # none lies before the padding


def _upstream(
    function: str, grad_y: Any, planes: tuple[int, ...], rows: Axis, columns: Axis
) -> np.ndarray:
    """grad_y as planes (P, H_out, W_out)."""
    grad_y = real_array(function, "grad_y", grad_y)
    needed = (*planes, *_sizes(rows, columns))
    if grad_y.shape != needed:
        raise ShapeError(
            f"{function}: grad_y must have the shape of y, which is {needed} here; got shape "
            f"{grad_y.shape}. Use a grad_y of shape {needed}."
        )
    return grad_y.reshape(prod(planes), *needed[-2:])
