"""Strips: the padded input of some output rows at a time.

A photograph is never padded as a whole: what a block of output rows reads is put between its zeros
when its turn has come, and what a block of them gives back is added to where it came from.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .taps import Axis

# Scratch memory is taken in blocks of this many bytes: they stay in the L2 cache between the copy
# and the product, and a photograph needs a megabyte of it instead of gigabytes.
BLOCK_BYTES = 1 << 20


def at_once(bytes_each: int) -> int:
    """How many things of this size make a block; at least one."""
    return max(1, BLOCK_BYTES // max(1, bytes_each))


def blocks(images: int, h_out: int, row_bytes: int) -> Iterator[tuple[slice, slice]]:
    """(images, output rows) in blocks, where one output row takes `row_bytes` of scratch memory."""
    rows_at_once = min(h_out, at_once(row_bytes))
    images_at_once = at_once(row_bytes * h_out)
    for n in range(0, images, images_at_once):
        for i in range(0, h_out, rows_at_once):
            yield slice(n, min(images, n + images_at_once)), slice(i, min(h_out, i + rows_at_once))


def padded(x: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """x (N, C, H, W) with the zeros of both axes around it; x itself if there are none."""
    if rows.padded_size == rows.size and columns.padded_size == columns.size:
        return x
    whole = np.zeros((*x.shape[:2], rows.padded_size, columns.padded_size), x.dtype)
    top, left = rows.padding[0], columns.padding[0]
    whole[:, :, top : top + rows.size, left : left + columns.size] = x
    return whole


def strip(x: np.ndarray, rows: Axis, columns: Axis, i: slice) -> np.ndarray:
    """The padded cells that output rows `i` read, (N, C, height, width).

    x (N, C, H, W); a view of it where it has them all, else new, with zeros outside.
    """
    (height, down, real_rows), (width, across, real_columns) = _ways(rows, columns, i)
    real = x[..., real_rows, real_columns]
    if real.shape[2:] == (height, width):
        return real
    part = np.empty((*x.shape[:2], height, width), x.dtype)
    part.fill(0.0)
    part[..., down, across] = real
    return part


def shifted(
    x: np.ndarray, rows: Axis, columns: Axis, i: slice, v: int, around: float
) -> np.ndarray:
    """The cells of the strip that tap `v` of the columns reads, (N, C, height, W_out).

    x (N, C, H, W); its rows side by side in memory, a view of x where that has them so.
    """
    height, down, real = _way(rows, rows.span(i))
    outputs, cells = columns.real_cells(v, slice(0, columns.output_size))
    seen = x[..., real, cells]
    shape = (*x.shape[:2], height, columns.output_size)
    if seen.shape == shape:
        return seen if columns.stride == 1 else np.ascontiguousarray(seen)
    part = np.full(shape, around, x.dtype)
    part[..., down, outputs] = seen
    return part


def add_strip(total: np.ndarray, part: np.ndarray, rows: Axis, columns: Axis, i: slice) -> None:
    """Add what output rows `i` give back, `part` as `strip` shapes it, to total (N, C, H, W)."""
    (_, down, real_rows), (_, across, real_columns) = _ways(rows, columns, i)
    total[..., real_rows, real_columns] += part[..., down, across]


def within(rows: Axis, columns: Axis, i: slice) -> tuple[Axis, Axis]:
    """The axes of a strip: the same taps, with nothing left to pad."""
    return rows.part(i), columns.part(slice(0, columns.output_size))


def _ways(rows: Axis, columns: Axis, i: slice) -> tuple[tuple[int, slice, slice], ...]:
    """Along each axis: how long the strip is, and where its real cells lie in it and in x."""
    return _way(rows, rows.span(i)), _way(columns, columns.span(slice(0, columns.output_size)))


def _way(axis: Axis, span: slice) -> tuple[int, slice, slice]:
    first, last = span.start - axis.padding[0], span.stop - axis.padding[0]
    low = min(max(first, 0), axis.size)
    high = max(low, min(last, axis.size))
    return last - first, slice(low - first, high - first), slice(low, high)
