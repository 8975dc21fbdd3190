"""What a filter answers to a picture."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convcore import conv2d, pad2d, same_padding
from convview import filters, photographs
from convview.params import Filters

EQUAL = 64  # roundings of the largest answer that there can be, by which equal ones may differ
STAND_IN = Filters().picture  # where a picture of one's own is not there
PLAIN = np.tile([-1.0, -1.0, 1.0, 1.0], (3, 1))  # the design to begin with


@dataclass(frozen=True)
class Answer:
    """x (C, H, W), a filter (kH, kW) that is correlated with each channel, y (C, H, W).

    pads : ((top, bottom), (left, right)), so that y is as large as x
    mode : what the padding holds
    """

    x: np.ndarray
    weight: np.ndarray
    y: np.ndarray
    pads: tuple
    mode: str

    @cached_property
    def strongest(self):
        """((channel, row, column), how many): the first of so many cells that are farthest from 0.

        Answers that differ by rounding alone are equally strong.
        """
        most = max(float(self.y.max()), -float(self.y.min()))
        possible = float(np.abs(self.x).max()) * float(np.abs(self.weight).sum())
        least = most - EQUAL * np.finfo(self.y.dtype).eps * possible
        first, count = None, 0
        for channel, plane in enumerate(self.y):
            at = np.flatnonzero((plane >= least) | (plane <= -least))
            count += at.size
            if first is None and at.size:
                first = (channel, *(int(n) for n in np.unravel_index(at[0], plane.shape)))
        return first, count


def answer(x, weight, mode):
    """The answer; ShapeError where the picture is too small for this kind of padding.

    An even filter has its extra cell of padding at the start, as in SciPy and OpenCV.
    """
    pads = pads_of(x, weight)
    kernel = weight[None, None].astype(x.dtype)
    y = np.empty_like(x)
    for channel, into in zip(x, y, strict=True):  # one at a time: photographs fill the memory
        if mode == "zeros":
            into[:] = conv2d(channel[None], kernel, None, 1, pads)[0]
        else:
            into[:] = conv2d(pad2d(channel[None], pads, mode), kernel)[0]
    return Answer(x, weight, y, pads, mode)


def pads_of(x, weight):
    """((top, bottom), (left, right)) that keep the size."""
    return tuple(
        same_padding(size, reach, dialect="scipy")
        for size, reach in zip(x.shape[1:], weight.shape, strict=True)
    )


def input_of(params, own=None):
    """The picture that goes in, (C, H, W); `own` is one that the visitor has brought, or None."""
    if params.view == "blobs":
        return photographs.canvas(params.points)
    colour = params.colour and params.view not in ("edges", "compare")  # these have one brightness
    if params.picture == "own" and own is not None:
        return photographs.fitted(own, params.side, colour)
    name = STAND_IN if params.picture == "own" else params.picture
    return photographs.picture(name, params.side, colour)


def weight_of(params):
    """The filter of the view, (kH, kW)."""
    if params.view == "blobs":
        return filters.blob(params.blob_window, params.blob_sigma)
    if params.view == "edges":
        return filters.named(filters.PAIRS[params.pair][0])
    if params.view == "design":
        return PLAIN if params.weight is None else np.array(params.weight[0])
    return filters.named(params.filter, params.window, params.sigma, params.angle)


def mode_of(params):
    """What stands around the picture: around a canvas of points nothing."""
    return "zeros" if params.view == "blobs" else params.padding_mode
