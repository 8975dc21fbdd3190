"""The shifts along a row, times the weights: the way for wide outputs of few channels.

Of a photograph only the shifts along its rows are copied, kW of them; the kH rows that an output
row reads then follow one another in memory, and need no further copy to be multiplied.
"""

from __future__ import annotations

import numpy as np

from .strips import blocks, strip
from .taps import Axis, row_windows


def by_shifts(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """y[o] = sum x[i] * w[t], one output row at a time; needs a kernel with dense rows.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new.
    """
    images, channels = x.shape[:2]
    filters, each, kh, kw = weight.shape
    h_out, w_out = rows.output_size, columns.output_size
    depth = kh * each * kw
    # (G, C_out/G, kH * C_in/G * kW): the order in which a window lies in the shifts
    weight = weight.reshape(groups, filters // groups, each, kh, kw).swapaxes(2, 3)
    weight = weight.reshape(groups, 1, filters // groups, depth)
    y = np.empty((images, groups, filters // groups, h_out, w_out), x.dtype)
    row_bytes = channels * kw * w_out * x.itemsize
    for n, i in blocks(images, h_out, row_bytes):
        for image in range(n.start, n.stop):
            seen = strip(x[image : image + 1], rows, columns, i)[0]  # (C_in, r, padded W)
            seen = seen.reshape(groups, each, *seen.shape[1:]).swapaxes(1, 2)
            shifts = np.empty((*seen.shape[:3], kw, w_out), x.dtype)  # (G, r, C_in/G, kW, W_out)
            for v in range(kw):
                shifts[..., v, :] = seen[..., columns.cells(v)]
            seen = row_windows(shifts, rows.part(i))  # (G, i, kH * C_in/G * kW, W_out)
            np.matmul(weight, seen, out=y[image, :, :, i].swapaxes(1, 2))
    return y.reshape(images, filters, h_out, w_out)
