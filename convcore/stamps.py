"""The input gradient as a row of stamps: each upstream cell adds the kernel, times itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arguments import per_axis, real_array
from .operands import read_weight
from .shape_error import ShapeError


@dataclass(frozen=True)
class Stamps:
    """What the canvas holds after each stamp, and in the end.

    sums    (C_out, H_out, W_out, C_in/groups, kH, kW)
                            the stamped cell's value just after this product was added
    canvas  (C_in, H, W)    all stamps: the gradient of the PADDED input
    """

    sums: np.ndarray
    canvas: np.ndarray


def stamps(
    grad_y: Any,
    weight: Any,
    canvas_size: tuple[int, int],
    stride: Any = 1,
    dilation: Any = 1,
    groups: int = 1,
) -> Stamps:
    """Stamp the kernel, times each cell of grad_y, onto an empty canvas, in row-major order.

        canvas[first + b, i * s + u * d, j * s + v * d] += grad_y[c, i, j] * weight[c, b, u, v]

        first = (c // (C_out/groups)) * (C_in/groups);  s stride, d dilation (of that axis)

    Parameters
    ----------
    grad_y : (C_out, H_out, W_out) array
    weight : (C_out, C_in/groups, kH, kW) array
    canvas_size : (H, W)
        Of the padded input; at least what the stamps reach. Cells that none reaches stay 0.
    stride, dilation : int or (rows, columns), at least 1
    groups : int
        Divides C_out.

    Returns
    -------
    Stamps
        Frozen: sums, canvas.

    Raises
    ------
    ShapeError
        If grad_y has another number of channels than weight has filters, or a stamp would reach
        beyond the canvas.

    Notes
    -----
    One product after the other, as a person would; `conv2d_backward` adds whole planes at once.
    Cost: as the literal loops. For showing, not for computing.

    Source: A. Odena et al., "Deconvolution and checkerboard artifacts", Distill, 2016.

    Examples
    --------
    >>> done = stamps([[[2, 3]]], [[[[1, 10, 100]]]], (1, 6), stride=2)
    >>> done.sums.ravel().tolist(), done.canvas.ravel().tolist()
    ([2.0, 20.0, 200.0, 203.0, 30.0, 300.0], [2.0, 20.0, 203.0, 30.0, 300.0, 0.0])
    """
    g = real_array("stamps", "grad_y", grad_y)
    w = read_weight("stamps", weight)
    step, spacing = (
        per_axis("stamps", "stride", stride, 1),
        per_axis("stamps", "dilation", dilation, 1),
    )
    filters, channels, *kernel_size = w.shape
    if g.ndim != 3 or len(g) != filters or filters % groups:
        raise ShapeError(
            f"stamps: grad_y must have one plane for each filter, in equal groups; got grad_y "
            f"{g.shape}, weight {w.shape}, groups {groups}. Use grad_y ({filters}, H_out, W_out)."
        )
    reach = [
        (o - 1) * s + (k - 1) * d + 1
        for o, s, k, d in zip(g.shape[1:], step, kernel_size, spacing, strict=True)
    ]
    if any(r > n for r, n in zip(reach, canvas_size, strict=True)):
        raise ShapeError(
            f"stamps: the stamps reach {reach[0]} x {reach[1]} cells; got a canvas of "
            f"{canvas_size[0]} x {canvas_size[1]}. Use canvas_size {tuple(reach)}."
        )
    canvas = np.zeros((channels * groups, *canvas_size), np.result_type(g, w))
    sums = np.empty((*g.shape, channels, *kernel_size), canvas.dtype)
    for c, i, j in np.ndindex(*g.shape):
        first = c // (filters // groups) * channels
        rows, cols = (
            slice(at * s, at * s + (k - 1) * d + 1, d)
            for at, s, k, d in zip((i, j), step, kernel_size, spacing, strict=True)
        )
        stamped = canvas[first : first + channels, rows, cols]
        stamped += g[c, i, j] * w[c]
        sums[c, i, j] = stamped
    return Stamps(sums, canvas)


def running_sums(cells: Any, values: Any, count: int) -> np.ndarray:
    """What a cell holds just after each value was added to it, one value after the other.

        canvas[cells[k]] += values[k];  sums[k] = canvas[cells[k]]

    Parameters
    ----------
    cells : (K,) whole numbers below `count`
    values : (K,) array
    count : int
        Cells of the canvas, which is empty at first.

    Returns
    -------
    (K,) array of sums

    Raises
    ------
    ShapeError
        If there is not one cell for each value.

    Notes
    -----
    For showing how a gradient gathers, not for computing it: np.bincount does that at once.

    Source: the definition.

    Examples
    --------
    >>> running_sums([0, 1, 0], [2, 5, 3], 2).tolist()
    [2.0, 5.0, 5.0]
    """
    values = real_array("running_sums", "values", values)
    cells = np.asarray(cells)
    if cells.shape != values.shape or values.ndim != 1:
        raise ShapeError(
            f"running_sums: there must be one cell for each value; got cells {cells.shape}, values "
            f"{values.shape}. Use two arrays of one length."
        )
    canvas, sums = np.zeros(count, values.dtype), np.empty_like(values)
    for k, cell in enumerate(cells.tolist()):
        canvas[cell] += values[k]
        sums[k] = canvas[cell]
    return sums
