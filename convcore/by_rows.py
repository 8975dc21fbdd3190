"""The rows of the kernels as kernels of their own: the way for filters of many channels.

A product with few filters spends its time on handing over the windows. Here each row of the input
meets all kH rows of the kernels in one product, so that a kH-th of the windows is copied and kH
times as many filters share the copy; what comes out is added to the output rows it belongs to.
"""

from __future__ import annotations

import numpy as np

from .strips import Scratch, blocks
from .taps import Axis


def by_rows(
    x: np.ndarray, weight: np.ndarray, rows: Axis, columns: Axis, groups: int = 1
) -> np.ndarray:
    """y[o] = sum x[i] * w[t], some input rows at a time; at a stride, some products go unused.

    x (N, C_in, H, W), weight (C_out, C_in/groups, kH, kW) -> (N, C_out, H_out, W_out), new.
    """
    images, channels = x.shape[:2]
    filters, each, kh, kw = weight.shape
    h_out, w_out = rows.output_size, columns.output_size
    # (G, kH * C_out/G, kW * C_in/G): the filters of each row of the kernels
    weight = weight.reshape(groups, filters // groups, each, kh, kw).transpose(0, 3, 1, 4, 2)
    weight = weight.reshape(groups, kh * (filters // groups), kw * each)
    x = x.reshape(images, groups, each, *x.shape[2:])
    y = np.empty((images, groups, filters // groups, h_out, w_out), x.dtype)
    fresh, _ = rows.real_cells(0, slice(0, h_out))  # what the first row of the kernels sets
    y[..., : fresh.start, :] = 0
    y[..., fresh.stop :, :] = 0
    row_bytes = max(channels * kw, kh * filters) * w_out * x.itemsize
    scratch = Scratch(x.dtype)
    for n, h in blocks(images, rows.size, row_bytes):
        count, height = n.stop - n.start, h.stop - h.start
        shifts, parts = scratch.take(
            (count, groups, kw, each, height, w_out),
            (count, groups, kh * (filters // groups), height * w_out),
        )
        for v in range(kw):
            outputs, cells = columns.real_cells(v, slice(0, w_out))
            shifts[:, :, v, ..., : outputs.start] = 0
            shifts[:, :, v, ..., outputs.stop :] = 0
            shifts[:, :, v, ..., outputs] = x[n, :, :, h, cells]
        shifts = shifts.reshape(count, groups, kw * each, height * w_out)
        np.matmul(weight, shifts, out=parts)
        parts = parts.reshape(count, groups, kh, filters // groups, height, w_out)
        here = rows.cut(h)
        for u in range(kh):
            outputs, cells = here.real_cells(u, slice(0, h_out))
            if u == 0:
                y[n, ..., outputs, :] = parts[:, :, u, :, cells]
            else:
                y[n, ..., outputs, :] += parts[:, :, u, :, cells]
    return y.reshape(images, filters, h_out, w_out)
