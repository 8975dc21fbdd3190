"""Tiles through the Fourier transform: the way for large kernels on large pictures (overlap-save).

A correlation is a product of spectra, one of them conjugated. Of each tile the outputs whose
windows lie wholly in it are right, the others have gone round its edge and are left to the next.
"""

from __future__ import annotations

import numpy as np
from scipy import fft

from .strips import at_once, lay
from .taps import Axis

TILES = (96, 128, 160, 192, 240, 288)  # cells of a side: quick to transform, small enough to cache
ARRAYS = 3  # of the size of the tiles that are there at once: spectra, product, what comes back
BEYOND = 1.7  # by which a tile larger than those takes longer


def by_fft(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """y[o] = sum x[i] * w[t] by spectra; needs stride 1, dilation 1 and finite numbers.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new. Rounds
    to about the precision of the largest products, not of each output's own.
    """
    filters, each = weight.shape[:2]
    tall, wide = (tile_size(axis) for axis in (rows, columns))
    h_tile, w_tile = tall - rows.kernel_size + 1, wide - columns.kernel_size + 1
    spectrum = fft.rfft2(weight, (tall, wide)).conj()  # (C_out, C_in/G, tall, wide/2 + 1)
    y = np.empty((len(x), filters, rows.output_size, columns.output_size), x.dtype)
    at = [
        (
            slice(i, min(rows.output_size, i + h_tile)),
            slice(j, min(columns.output_size, j + w_tile)),
        )
        for i in range(0, rows.output_size, h_tile)
        for j in range(0, columns.output_size, w_tile)
    ]
    count = at_once(ARRAYS * tall * wide * x.itemsize * each)  # tiles
    for n, g in np.ndindex(len(x), groups):
        own = x[n, g * each : (g + 1) * each]
        for first in range(0, len(at), count):
            some = at[first : first + count]
            tiles = np.zeros((len(some), each, tall, wide), x.dtype)
            for tile, (i, j) in zip(tiles, some, strict=True):
                lay(own, rows, columns, i, j, tile)
            spectra = fft.rfft2(tiles)
            for f in range(g * filters // groups, (g + 1) * filters // groups):
                product = spectra * spectrum[f]
                summed = product.sum(1) if each > 1 else product[:, 0]
                whole = fft.irfft2(summed, (tall, wide), overwrite_x=True)
                for tile, (i, j) in zip(whole, some, strict=True):
                    out = y[n, f, i, j]
                    out[...] = tile[: out.shape[0], : out.shape[1]]
    return y


def tile_size(axis: Axis) -> int:
    """The side of a tile that costs least for each of its right outputs."""
    whole = fft.next_fast_len(axis.padded_size, real=True)  # one tile
    sides = [side for side in TILES if axis.kernel_size < side < whole] + [whole]
    return min(sides, key=lambda side: _cost(side, axis))


def _cost(side: int, axis: Axis) -> float:
    tiles = -(-axis.output_size // (side - axis.kernel_size + 1))
    return tiles * side * np.log2(side) * (BEYOND if side > TILES[-1] else 1)
