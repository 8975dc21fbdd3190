"""Down and then across: the way for kernels that are the product of a column and a row.

Each pass is a product with the convolution matrix of its axis, a band of copies of the factor, in
blocks: one output of a k x k kernel takes 2 k products instead of k * k.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .strips import strip
from .taps import Axis

SIDE = 64  # outputs of a block


def factors(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """A column and a row whose outer product is the kernel (kH, kW); None if its rank is not 1."""
    u, v = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
    pivot = kernel[u, v]
    if pivot == 0 or not np.isfinite(pivot):
        return None
    down, across = kernel[:, v], kernel[u] / pivot
    apart = np.abs(np.outer(down, across) - kernel).max()
    return (down, across) if apart <= 4 * np.finfo(kernel.dtype).eps * abs(pivot) else None


def by_factors(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """y[o] = sum x[i] * w[t] in two passes; every kernel must have `factors`.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new.
    """
    filters, each = weight.shape[:2]
    bands = {}
    for f, c in np.ndindex(filters, each):
        down, across = factors(weight[f, c])
        bands[f, c] = band(down, rows), np.ascontiguousarray(band(across, columns).T)
    y = np.zeros((len(x), filters, rows.output_size, columns.output_size), x.dtype)
    for n in range(len(x)):
        for i in _parts(rows):
            seen = strip(x[n : n + 1], rows, columns, i)[0]  # (C_in, height, width)
            for (f, c), (down, across) in bands.items():
                plane = seen[f // (filters // groups) * each + c]
                tall = down[: i.stop - i.start, : len(plane)] @ plane  # (i, width)
                for j in _parts(columns):
                    part = tall[:, columns.span(j)]
                    y[n, f, i, j] += part @ across[: part.shape[1], : j.stop - j.start]
    return y


def band(factor: np.ndarray, axis: Axis) -> np.ndarray:
    """The convolution matrix of one axis for a block of outputs: (outputs, positions they read)."""
    part = axis.part(slice(0, min(SIDE, axis.output_size)))
    matrix = np.zeros((part.output_size, part.size), factor.dtype)
    matrix[np.arange(part.output_size)[:, None], part.index] = factor
    return matrix


def _parts(axis: Axis) -> Iterator[slice]:
    """Blocks of outputs."""
    for o in range(0, axis.output_size, SIDE):
        yield slice(o, min(axis.output_size, o + SIDE))
