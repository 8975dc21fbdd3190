"""The gradients as they are taught: small steps for the eye, ending in one plain correlation.

    grad_x        spread grad_y by the stride, append the leftover, pad by ke - 1 (ke is the
                  effective kernel size), correlate with the rotated kernel, crop the padding
    grad_weight   pad x, crop what no window reads, correlate with grad_y spread by the stride,
                  take every dilation-th entry

`conv2d_backward` computes the same numbers from the taps; nothing here uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arguments import per_axis, real_array
from .borders import pad2d
from .operands import read_backward
from .shape_error import ShapeError
from .sums import forward
from .taps import Axis, shared_axis


@dataclass(frozen=True)
class GradXSteps:
    """Every array on the way from grad_y to grad_x, in order. N is absent if x had no batch axis.

    spread    (N, C_out, ...)  grad_y with stride - 1 zeros between its cells
    appended  (N, C_out, ...)  and the leftover rows and columns at the bottom and right
    padded    (N, C_out, ...)  and effective_kernel_size - 1 zeros on every side
    kernel    (C_in, C_out/groups, keH, keW)
                               weight rotated by 180 degrees, with dilation - 1 zeros between its
                               taps; kernel[b] gathers channel b of grad_x from all filters of its
                               group
    full      (N, C_in, ...)   padded, correlated with kernel: the gradient of the PADDED input
    cropped   (N, C_in, H, W)  and without the padding: grad_x
    """

    spread: np.ndarray
    appended: np.ndarray
    padded: np.ndarray
    kernel: np.ndarray
    full: np.ndarray
    cropped: np.ndarray


@dataclass(frozen=True)
class GradWeightSteps:
    """Every array on the way from x and grad_y to grad_weight, in order.

    padded    (N, C_in, ...)   x with its padding
    cropped   (N, C_in, ...)   and without the leftover: what the windows span
    spread    (N, C_out, ...)  grad_y with stride - 1 zeros between its cells: now it is the kernel
    full      (C_out, C_in/groups, keH, keW)
                               cropped, correlated with spread, summed over the batch
    taken     (C_out, C_in/groups, kH, kW)
                               every dilation-th entry of full: grad_weight
    """

    padded: np.ndarray
    cropped: np.ndarray
    spread: np.ndarray
    full: np.ndarray
    taken: np.ndarray


def grad_x_by_construction(
    grad_y: Any,
    x: Any,
    weight: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> GradXSteps:
    """The input gradient of `conv2d` as a full correlation with the rotated kernel, step by step.

        grad_x[i, j] = sum over u, v of padded[i + top + u, j + left + v] * kernel[u, v]

        for one image and one channel; 0 <= u < keH,  0 <= v < keW

    Parameters
    ----------
    grad_y, x, weight, stride, padding, dilation, groups
        As for `conv2d_backward`. Of x only the shape matters: convolution is linear in x.

    Returns
    -------
    GradXSteps
        Frozen: spread, appended, padded, kernel, full, cropped; cropped is grad_x, shaped as x.

    Raises
    ------
    ShapeError, TypeError
        As `conv2d_backward`.

    Notes
    -----
    The kernel is rotated because `conv2d` does not flip. If the forward operation flips its kernel,
    pass the flipped kernel as weight: rotated again, it slides as it was drawn. "Pad by ke - 1 and
    crop p" is "pad by ke - 1 - p", as it is often taught, only while p <= ke - 1. Without the
    leftover the result is too small wherever the stride does not divide.

    Source: V. Dumoulin and F. Visin, arXiv:1603.07285, relationships 8 to 14.

    Examples
    --------
    >>> x, weight = np.zeros((1, 1, 6)), np.array([[[[1.0, 10.0, 100.0]]]])
    >>> steps = grad_x_by_construction([[[2, 3]]], x, weight, stride=2)
    >>> steps.spread.tolist(), steps.appended.tolist()
    ([[[2.0, 0.0, 3.0]]], [[[2.0, 0.0, 3.0, 0.0]]])
    >>> steps.kernel.tolist(), steps.cropped.tolist()
    ([[[[100.0, 10.0, 1.0]]]], [[[2.0, 20.0, 203.0, 30.0, 300.0, 0.0]]])
    """
    grad_y, o = read_backward(
        "grad_x_by_construction", grad_y, x, weight, stride, padding, dilation, groups
    )
    rows, columns = o.rows, o.columns
    spread_out = spread(grad_y, (rows.stride, columns.stride))
    appended = append_leftover(spread_out, rows, columns)
    reach = (rows.effective_kernel_size - 1, columns.effective_kernel_size - 1)
    padded = pad2d(appended, reach)
    kernel = spread(rotate180(o.weight), (rows.dilation, columns.dilation))
    kernel = exchange_channels(kernel, o.groups)
    full = correlate(padded, kernel, o.groups)
    cropped = crop(full, rows, columns)
    images = (spread_out, appended, padded, full, cropped)
    spread_out, appended, padded, full, cropped = (a if o.batched else a[0] for a in images)
    return GradXSteps(spread_out, appended, padded, kernel, full, cropped)


def grad_weight_by_construction(
    grad_y: Any,
    x: Any,
    weight: Any,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> GradWeightSteps:
    """The weight gradient of `conv2d` as a correlation of x with the spread grad_y, step by step.

        grad_weight[u, v] = sum over i, j of spread[i, j] * cropped[i + u * d, j + v * d]

        for one image and one channel; d dilation (of that axis); i, j run over all of spread

    Parameters
    ----------
    grad_y, x, weight, stride, padding, dilation, groups
        As for `conv2d_backward`. Of weight only the shape matters.

    Returns
    -------
    GradWeightSteps
        Frozen: padded, cropped, spread, full, taken; taken is grad_weight, shaped as weight.

    Raises
    ------
    ShapeError, TypeError
        As `conv2d_backward`.

    Notes
    -----
    Stride and dilation exchange their roles: grad_y is dilated by the stride, and the result is
    taken in strides of the dilation. Nothing is rotated.

    Source: V. Dumoulin and F. Visin, arXiv:1603.07285, section 4; JAX, the transpose rule of
    lax.conv_general_dilated.

    Examples
    --------
    >>> x, weight = [[[1, 2, 3, 4, 5, 6]]], np.zeros((1, 1, 1, 3))
    >>> steps = grad_weight_by_construction([[[2, 3]]], x, weight, stride=2)
    >>> steps.cropped.tolist(), steps.spread.tolist()
    ([[[1.0, 2.0, 3.0, 4.0, 5.0]]], [[[2.0, 0.0, 3.0]]])
    >>> steps.taken.tolist()  # 2*1 + 0*2 + 3*3 = 11
    [[[[11.0, 16.0, 21.0]]]]
    """
    grad_y, o = read_backward(
        "grad_weight_by_construction", grad_y, x, weight, stride, padding, dilation, groups
    )
    rows, columns = o.rows, o.columns
    padded = pad2d(o.x, (rows.padding, columns.padding))
    cropped = padded[
        :, :, : rows.padded_size - rows.leftover, : columns.padded_size - columns.leftover
    ]
    spread_out = spread(grad_y, (rows.stride, columns.stride))
    full = correlate_over_batch(cropped, spread_out, o.groups)
    taken = full[:, :, :: rows.dilation, :: columns.dilation]
    padded, cropped, spread_out = (a if o.batched else a[0] for a in (padded, cropped, spread_out))
    return GradWeightSteps(padded, cropped, spread_out, full, taken)


def spread(cells: Any, step: Any) -> np.ndarray:
    """Move the cells of the last two axes apart, with step - 1 zeros between neighbours.

        y[..., i * step_h, j * step_w] = cells[..., i, j], and 0 elsewhere

    Parameters
    ----------
    cells : (..., H, W) array, not empty in its last two axes
        grad_y, to be spread by the stride, or a kernel, to be spread by the dilation.
    step : int or (rows, columns), at least 1

    Returns
    -------
    (..., (H - 1) * step_h + 1, (W - 1) * step_w + 1) array, a copy

    Raises
    ------
    ShapeError
        If cells has no rows and columns, or step is illegal.

    Notes
    -----
    No zeros are put after the last cell. This turns a strided gradient into a dense one, and a
    dilated kernel into a plain one.

    Source: V. Dumoulin and F. Visin, arXiv:1603.07285, section 4.4.

    Examples
    --------
    >>> spread([[1, 2], [3, 4]], (1, 2)).tolist()
    [[1.0, 0.0, 2.0], [3.0, 0.0, 4.0]]
    """
    cells = real_array("spread", "cells", cells)
    if cells.ndim < 2 or 0 in cells.shape[-2:]:
        raise ShapeError(
            f"spread: cells must have rows and columns, at least one of each; got shape "
            f"{cells.shape}. Use cells of shape (..., H, W)."
        )
    step_h, step_w = per_axis("spread", "step", step, 1)
    *others, height, width = cells.shape
    y = np.zeros((*others, (height - 1) * step_h + 1, (width - 1) * step_w + 1), cells.dtype)
    y[..., ::step_h, ::step_w] = cells
    return y


def rotate180(kernel: Any) -> np.ndarray:
    """Rotate each kernel by 180 degrees: both spatial axes reversed, channels left alone.

        y[..., u, v] = kernel[..., kH - 1 - u, kW - 1 - v]

    Parameters
    ----------
    kernel : (..., kH, kW) array

    Returns
    -------
    (..., kH, kW) array, a copy

    Raises
    ------
    ShapeError
        If kernel has fewer than two axes.

    Notes
    -----
    Not a transpose: rows stay rows. Rotating and then calling a function that flips, flips twice.

    Source: R. C. Gonzalez and R. E. Woods, "Digital Image Processing", section 3.4.

    Examples
    --------
    >>> rotate180([[1, 2, 3], [4, 5, 6]]).tolist()
    [[6.0, 5.0, 4.0], [3.0, 2.0, 1.0]]
    """
    kernel = real_array("rotate180", "kernel", kernel)
    if kernel.ndim < 2:
        raise ShapeError(
            f"rotate180: kernel must have rows and columns; got shape {kernel.shape}. "
            "Use a kernel of shape (..., kH, kW)."
        )
    return kernel[..., ::-1, ::-1].copy()


def append_leftover(cells: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """As many zero rows at the bottom and columns at the right as no window reached."""
    return pad2d(cells, ((0, rows.leftover), (0, columns.leftover)))


def crop(full: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """The cells of the input itself, without its padding; a copy."""
    (top, bottom), (left, right) = rows.padding, columns.padding
    return full[..., top : full.shape[-2] - bottom, left : full.shape[-1] - right].copy()


def exchange_channels(weight: np.ndarray, groups: int) -> np.ndarray:
    """(C_out, C_in/groups, kH, kW) -> (C_in, C_out/groups, kH, kW): who reads, and who is read."""
    filters, depth, *kernel = weight.shape
    weight = weight.reshape(groups, filters // groups, depth, *kernel).swapaxes(1, 2)
    return weight.reshape(groups * depth, filters // groups, *kernel)


def correlate(x: np.ndarray, weight: np.ndarray, groups: int = 1) -> np.ndarray:
    """Plain "valid" correlation: stride 1, no padding, dense."""
    rows, columns = map(shared_axis, x.shape[2:], weight.shape[2:])
    return forward(x, weight, rows, columns, groups)


def correlate_over_batch(x: np.ndarray, g: np.ndarray, groups: int) -> np.ndarray:
    """Each channel of x with each channel of g in its group; images play the part of channels."""
    each = x.shape[1] // groups, g.shape[1] // groups
    pairs = [
        correlate(
            x[:, k * each[0] : (k + 1) * each[0]].swapaxes(0, 1),  # (C_in/groups, N, ...)
            g[:, k * each[1] : (k + 1) * each[1]].swapaxes(0, 1),  # (C_out/groups, N, ...)
        ).swapaxes(0, 1)  # (C_out/groups, C_in/groups, keH, keW)
        for k in range(groups)
    ]
    return np.concatenate(pairs)
