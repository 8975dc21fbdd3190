"""Strips: the padded input of some output rows at a time.

A photograph is never padded as a whole: what a block of output rows reads is put between its zeros
when its turn has come, and what a block of them gives back is added to where it came from.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from .taps import Axis

# Scratch memory is taken in blocks of this many bytes: they stay in the L2 cache between the copy
# and the product, and a photograph needs a megabyte of it instead of gigabytes.
BLOCK_BYTES = 1 << 20


def at_once(bytes_each: int) -> int:
    """How many things of this size make a block; at least one."""
    return max(1, BLOCK_BYTES // max(1, bytes_each))


def blocks(images: int, height: int, row_bytes: int) -> Iterator[tuple[slice, slice]]:
    """(images, rows) in even blocks, where one row takes `row_bytes` of scratch memory."""
    for n in _even(images, at_once(row_bytes * height)):
        for i in _even(height, at_once(row_bytes)):
            yield n, i


def _even(count: int, most: int) -> Iterator[slice]:
    """As few slices as hold `most` at once, of nearly one length; none is longer than the first."""
    parts = -(-count // most)
    ends = [-(-part * count // parts) for part in range(1, parts + 1)]
    yield from map(slice, [0, *ends], ends)


class Scratch:
    """Memory that one block after the other uses: it stays in the cache, and is asked for once."""

    def __init__(self, dtype: np.dtype) -> None:
        self.memory = np.empty(0, dtype)

    def take(self, *shapes: tuple[int, ...]) -> list[np.ndarray]:
        """Arrays of these shapes, not filled; those taken before are lost."""
        ends = list(accumulate(map(prod, shapes)))
        if ends[-1] > self.memory.size:
            self.memory = np.empty(ends[-1], self.memory.dtype)
        parts = zip(pairwise([0, *ends]), shapes, strict=True)
        return [self.memory[start:end].reshape(shape) for (start, end), shape in parts]


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


def lay(x: np.ndarray, rows: Axis, columns: Axis, i: slice, j: slice, tile: np.ndarray) -> None:
    """What outputs [i, j] read of the padded x (..., H, W), into the upper left of a tile of 0."""
    _, down, real_rows = _way(rows, rows.span(i))
    _, across, real_columns = _way(columns, columns.span(j))
    tile[..., down, across] = x[..., real_rows, real_columns]


def shifted(
    x: np.ndarray, rows: Axis, columns: Axis, i: slice, v: int, around: float
) -> np.ndarray:
    """The cells of the strip that tap `v` of the columns reads, (..., height, W_out).

    x (..., H, W); its rows side by side in memory, a view of x where that has them so.
    """
    height, down, real = _way(rows, rows.span(i))
    outputs, cells = columns.real_cells(v, slice(0, columns.output_size))
    seen = x[..., real, cells]
    shape = (*x.shape[:-2], height, columns.output_size)
    if seen.shape == shape:
        return seen if columns.stride == 1 else np.ascontiguousarray(seen)
    part = np.full(shape, around, x.dtype)
    part[..., down, outputs] = seen
    return part


def add_strip(total: np.ndarray, part: np.ndarray, rows: Axis, columns: Axis, i: slice) -> None:
    """Add what output rows `i` give back, `part` as `strip` shapes it, to total (..., H, W)."""
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
