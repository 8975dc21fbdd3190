"""Padding an image: what stands outside the border."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arguments import choice, is_sequence, real_array
from .padding import explicit_padding
from .shape_error import ShapeError
from .taps import PAD_MODES, pad_index, pad_limit


def pad2d(x: Any, padding: Any, mode: str = "zeros") -> np.ndarray:
    """Add a border to the last two axes.

        y[..., a, b] = x[..., source_h[a], source_w[b]]

        0 <= a < H + top + bottom,  0 <= b < W + left + right;  source = pad_index(...), -1 being 0

    Parameters
    ----------
    x : (..., H, W) array
        float32 and float64 are kept, integers and bools become float64.
    padding : int, (pad_h, pad_w) or ((top, bottom), (left, right)), at least 0
        Rows before columns (torch's `pad` takes left, right, top, bottom).
    mode : str
        "zeros", "reflect" (the edge is not repeated; < H and W), "symmetric" (the edge is repeated;
        <= H and W), "replicate" or "circular" (<= H and W).

    Returns
    -------
    (..., H + top + bottom, W + left + right) array, a copy

    Raises
    ------
    ShapeError
        If x has fewer than two axes or an empty one, or a side is negative or more than the mode
        can mirror.

    Notes
    -----
    `pad_index` is the one definition of the modes; this applies it to rows and columns.
    "reflect" here is SciPy's "mirror"; SciPy's "reflect" is "symmetric" here.

    Source: PyTorch, torch.nn.functional.pad (names and limits); numpy.pad ("symmetric").

    Examples
    --------
    >>> pad2d([[1, 2, 3]], ((0, 0), (2, 1)), "reflect").tolist()
    [[3.0, 2.0, 1.0, 2.0, 3.0, 2.0]]
    >>> pad2d([[1, 2, 3]], (1, 0)).tolist()
    [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]
    """
    x = real_array("pad2d", "x", x)
    if x.ndim < 2 or 0 in x.shape[-2:]:
        raise ShapeError(
            f"pad2d: x must have rows and columns, at least one of each; got shape {x.shape}. "
            "Use an x of shape (..., H, W)."
        )
    choice("pad2d", "mode", mode, PAD_MODES, _SAME_MODE_ELSEWHERE.get(str(mode), "zeros"))
    sides = explicit_padding("pad2d", padding)
    limits = [pad_limit(size, mode) for size in x.shape[-2:]]
    if limits[0] is not None and (max(sides[0]) > limits[0] or max(sides[1]) > limits[1]):
        raise _beyond_mirror(padding, mode, x.shape[-2:], sides, limits)
    (height, width), (rows, columns) = x.shape[-2:], sides
    source_h = pad_index(height, *rows, mode)
    source_w = pad_index(width, *columns, mode)
    y = x.take(source_h, axis=-2).take(source_w, axis=-1)
    if mode == "zeros":  # -1 has fetched the last row and column: overwrite them
        y[..., source_h < 0, :] = 0
        y[..., source_w < 0] = 0
    return y


_SAME_MODE_ELSEWHERE = {
    "constant": "zeros",
    "edge": "replicate",
    "nearest": "replicate",
    "wrap": "circular",
    "mirror": "reflect",
}


def _beyond_mirror(padding: Any, mode: str, shape: Any, sides: Any, limits: Any) -> ShapeError:
    axis = next(k for k in (0, 1) if max(sides[k]) > limits[k])
    if is_sequence(padding):
        both = zip(sides, limits, strict=True)
        least = tuple((min(before, most), min(after, most)) for (before, after), most in both)
    else:
        least = min(limits)
    return ShapeError(
        f"pad2d: {mode} can add at most {limits[axis]} {('row', 'column')[axis]}"
        f"{'s' * (limits[axis] != 1)} on each side of {shape[axis]}; got {sides[axis][0]} before "
        f"and {sides[axis][1]} after. "
        f'Use padding {least} or mode "replicate".',
        [{"padding": least}, {"mode": "replicate"}],
        rule="mirror",
        axis=axis,
        mode=mode,
        limit=limits[axis],
        size=shape[axis],
        padding=sides[axis],
    )
