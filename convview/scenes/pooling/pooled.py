"""A pooled input: its operands, its taps, and how they stand in a scene."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from convcore import (
    ShapeError,
    avg_pool2d,
    avg_pool2d_backward,
    avg_pool2d_divisors,
    max_pool2d,
    max_pool2d_backward,
    max_pool2d_indices,
)
from convcore.taps import Axis, pooled_axis, shared_axis
from convview import labels
from convview.params import LARGEST_EDITED
from convview.scene import Grid, Line, Sweep, Twin, scale_of
from convview.scenes.layer import LINES, is_one_row, named, sizes, times, unread


@dataclass(frozen=True)
class Pooled:
    """One pooling of one input: x (C, H, W), y (C, H_out, W_out), of one kind.

    picks : of a maximum, for each output the tap that wins, counted in row-major order, or -1
    """

    params: object
    kind: str
    x: np.ndarray
    y: np.ndarray
    rows: Axis
    cols: Axis
    picks: list | None = None

    @property
    def one_row(self):
        return is_one_row(self.rows)

    @property
    def padded(self):
        """x with what a window sees around it: -inf, or 0 of which only some count."""
        around = -np.inf if self.kind == "max" else 0.0
        padded = np.full((len(self.x), self.rows.padded_size, self.cols.padded_size), around)
        padded[self.inside] = self.x
        return padded

    @property
    def inside(self):
        """Where x itself lies in its padded form."""
        return (..., *(slice(a.padding[0], a.padding[0] + a.size) for a in (self.rows, self.cols)))

    @property
    def divisors(self):
        """(H_out, W_out): by how many the sum of a window is divided."""
        return avg_pool2d_divisors(
            self.x.shape, *_window(self.params), *_last(self.params, "average")
        )

    @cached_property
    def sees(self):
        """(C, H_out, W_out): whether a window reads a cell of the input."""
        alone = np.logical_and.outer(self.rows.inside.any(1), self.cols.inside.any(1))
        return np.broadcast_to(alone, self.y.shape)

    @cached_property
    def equal(self):
        """(C, H_out, W_out, kH * kW): which taps of a window hold its maximum."""
        rows, cols = (np.array(taps) for taps in self.taps())
        read = self.padded[:, rows[:, None, :, None], cols[None, :, None, :]]
        inside = self.rows.inside[:, None, :, None] & self.cols.inside[None, :, None, :]
        return ((read == self.y[..., None, None]) & inside).reshape(*self.y.shape, -1)

    @property
    def skips(self):
        """The mark of the cells that do not count."""
        if self.kind == "max":
            return ""
        return "overhang" if self.params.count_include_pad else "pad"

    def backward(self, g):
        """dL/dx, (C, H, W)."""
        back = max_pool2d_backward if self.kind == "max" else avg_pool2d_backward
        return back(g, self.x, *_window(self.params), *_last(self.params, self.kind))

    def lines(self, crop=False):
        """Rows and columns of the padded input; or of the map of its gradient, which is cropped."""
        return tuple(_line(axis, crop) for axis in (self.rows, self.cols))

    def input_grid(self, name="input", title="Input", editable=True):
        small = max(self.params.size) <= LARGEST_EDITED
        return Grid(
            name, title, self._sizes(), "input", self.padded, *self.lines(),
            named("channel", len(self.x)), editable=editable and small,
        )  # fmt: skip

    def _sizes(self):
        hangs = [axis.overhang for axis in (self.rows, self.cols)]
        whole = self.padded[:, : self.rows.padded_size - hangs[0],
                            : self.cols.padded_size - hangs[1]]  # fmt: skip
        over = " and ".join(
            f"{n} {word}{'s' * (n > 1)}"
            for n, word in zip(hangs, LINES, strict=True) if n
        )  # fmt: skip
        return sizes(self.x, whole) + f", {over} over the end" * bool(over)

    def output_grid(self, name="output", title="Output", note=None, differs=None):
        return Grid(
            name, title, times(self.y.shape[1:]) if note is None else note, "output", self.y,
            *(Line.plain(n) for n in self.y.shape[1:]), named("channel", len(self.y)),
            differs=differs, scale=scale_of(self.x),
        )  # fmt: skip

    def sweep(self, steps="output", reads="input", **options):
        """The window slides over the padded input."""
        largest = self.kind == "max"
        return Sweep(
            steps, reads, "", *self.taps(), *map(_counted, self.params.kernel_size),
            [[[c, c]] for c in range(len(self.x))], mode=self.kind, skips=self.skips,
            picks=self.picks, divisors=None if largest else self.divided(), **options,
        )  # fmt: skip

    def taps(self):
        """Per axis [out][tap]: the position in the padded input."""
        return [(axis.index + axis.padding[0]).tolist() for axis in (self.rows, self.cols)]

    def divided(self):
        """The divisor of each output, as a label."""
        return [labels.label(n) for n in np.broadcast_to(self.divisors, self.y.shape).ravel()]


def pooled(params, x, kind=None):
    """The pooling of a setting, from `convcore`; ShapeError where it is impossible."""
    kind = kind or params.kind
    if kind == "average" and params.dilation != (1, 1):
        raise ShapeError(
            "avg_pool2d: average pooling has no dilation; got dilation "
            f"{max(params.dilation)}. Use dilation 1 or kind max.",
            [{"dilation": 1}, {"kind": "max"}],
            rule="average",
        )
    found = axes(params)
    how = (*_window(params), *_last(params, kind))
    if kind == "average":
        return Pooled(params, kind, x, avg_pool2d(x, *how), *found)
    y, winners = max_pool2d(x, *how), max_pool2d_indices(x, *how)
    return Pooled(params, kind, x, y, *found, picks=_picks(winners, x.shape[2], *found))


def axes(params):
    """Rows and columns of a setting."""
    return tuple(
        pooled_axis(*axis, ceil_mode=params.ceil_mode)
        for axis in zip(
            params.size, params.kernel_size, params.stride, params.padding, params.dilation,
            strict=True,
        )
    )  # fmt: skip


def padded_beforehand(params, x):
    """The maximum with -inf put around x first, as far as `params.padding` says.

    A library may pad further than half of the window, which `max_pool2d` refuses.
    """
    around = ((0, 0), *params.padding)
    wide = np.pad(x, around, constant_values=-np.inf)
    bare = replace(params, padding=((0, 0), (0, 0)), size=wide.shape[1:])
    result = pooled(bare, wide, "max")
    found = (
        shared_axis(*axis)
        for axis in zip(
            params.size, params.kernel_size, params.stride, params.padding, params.dilation,
            strict=True,
        )
    )  # fmt: skip
    return Pooled(params, "max", x, result.y, *found, picks=result.picks)


def _picks(winners, width, rows, cols):
    """From the cell h * W + w that each maximum was taken from to the tap that took it."""
    h, w = np.divmod(winners, width)
    u = (h - rows.index[:, :1]) // rows.dilation
    v = (w - cols.index[:, 0]) // cols.dilation
    return np.where(winners < 0, -1, u * cols.kernel_size + v).ravel().tolist()


def alike(one, other, values):
    """Two grids of the same cells."""
    return Twin(one, other, *(list(range(n)) for n in values.shape))


def _window(params):
    return params.kernel_size, params.stride, params.padding


def _last(params, kind):
    """What follows the padding in the core's functions."""
    if kind == "max":
        return params.dilation, params.ceil_mode
    return params.ceil_mode, params.count_include_pad


def _counted(size):
    return list(range(size))


def _line(axis, crop):
    before, after = axis.padding
    causes = unread(axis, "zeros")
    marks = {}
    for position in range(axis.padded_size):
        place = position - before
        words = [causes[position]] if position in causes else []
        if place >= axis.size + after:
            words.insert(0, "pad overhang")
        elif not 0 <= place < axis.size:
            words.insert(0, "pad crop" if crop else "pad")
        if words:
            marks[position] = " ".join(words)
    return Line(list(range(-before, axis.padded_size - before)), marks)
