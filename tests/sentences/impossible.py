"""Settings that a page refuses: which they are, by the rules of the libraries, and what it says.

A state of `Impossible(Slide)` is an impossible setting of /slide with its refusal.
"""

import itertools
import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from PIL import Image

from convcore import ShapeError
from convview import fields, filters, photographs, query, refusals
from convview.params import Filters, Gradients, Pooling, Slide
from tests.sentences import brute, pictures, settings

LARGEST_MATRIX = 16  # rows and columns of an input whose matrix can be read
OWN = Image.new("L", (40, 30), 90)


@dataclass(frozen=True)
class Impossible:
    """The page as it refuses."""

    of: type

    @property
    def __name__(self):
        return f"Impossible{self.of.__name__}"


@dataclass(frozen=True)
class Refusal:
    """An impossible setting, and what was made of it: a `refusals.Refused`."""

    params: object
    made: object

    @property
    def page(self):
        return Impossible(type(self.params))

    @cached_property
    def said(self):
        from tests.sentences.shown import Said

        return (
            *(Said("refusal", text) for text in self.made.warning.replace(
                ". Besides", ".\nBesides").split("\n")),
            *(Said(f"fix {n}", label) for n, (label, _) in enumerate(self.made.buttons)),
            Said("dimmed", self.made.caption),
        )


def refusal(params, show, last_good=None):
    """The Refusal of impossible parameters."""
    try:
        show(params)
    except ShapeError as error:
        return Refusal(params, refusals.refused(params, error, show, last_good))
    raise AssertionError(f"not refused: {params}")


def states(page, count, show):
    """So many refusals of random settings, the rare ones first; some with a setting before them."""
    for rare in RARE.get(page, ()):
        yield refusal(page(**rare), show)
    found = 0
    for rng in settings.generators():
        params = drawn(page, rng)
        if works(params):
            continue
        yield refusal(params, show, _before(params, rng))
        found += 1
        if found == count:
            return


def drawn(page, rng):
    """Random parameters, those that one rule alone forbids likelier than by chance."""
    params = settings.drawn(page, rng)
    values = {}
    if page is Filters:
        values = {"side": int(rng.integers(16, 34)), "window": int(rng.integers(20, 62)),
                  "padding_mode": str(rng.choice(["reflect", "circular"]))}  # fmt: skip
    elif page is not Pooling:
        if rng.random() < 0.75:
            values = {"groups": 1}
        if rng.random() < 0.5:
            values["padding"] = ((0, 0), (0, 0)) if rng.random() < 0.5 else "valid"
    else:
        if rng.random() < 0.6:
            values["kind"] = "max"
        if rng.random() < 0.6:
            values["padding"] = ((0, 0), (0, 0))
        if rng.random() < 0.6:
            small = (int(n) for n in rng.integers(1, 6, 2))
            values["size"] = tuple(small)
    return query.clamp(replace(params, **values))


def _before(params, rng):
    """None, or a possible setting of a moment ago: one that differs in a few parameters."""
    if rng.random() < 0.4:
        return None
    page = type(params)
    for _ in range(60):
        names = rng.choice(list(query.kinds(params)), int(rng.integers(1, 6)), replace=False)
        other = settings.drawn(page, rng)
        before = query.clamp(replace(params, **{n: getattr(other, n) for n in names.tolist()}))
        if page is Filters:
            before = replace(before, side=params.side)
        if works(before):
            return before
    return None


# What is possible


def works(params):
    """Whether PyTorch, TensorFlow or the page's own limits allow this setting."""
    if isinstance(params, Filters):
        return all(limit is None or most <= limit for most, limit, *_ in mirrored(params))
    if isinstance(params, Pooling):
        return _pools(params)
    channels, filters_out, groups = params.in_channels, params.out_channels, params.groups
    if channels % groups or filters_out % groups or is_strided_same(params):
        return False
    if any(lacking(params, axis) > 0 for axis in (0, 1)) or too_mirrored(params):
        return False
    if params.view == "transposed" and any(extra_or_crop(params, axis) for axis in (0, 1)):
        return False
    return params.view not in MATRICES or max(params.size) <= LARGEST_MATRIX


MATRICES = ("matrix", "dydx", "dydw")


def is_strided_same(params):
    return params.padding == "same" and params.dialect == "pytorch" and params.stride != (1, 1)


def axis_of(params, axis):
    """(n, span, stride, before, after)"""
    n, k, s, d = (
        getattr(params, name)[axis] for name in ("size", "kernel_size", "stride", "dilation")
    )
    return n, 1 + d * (k - 1), s, *brute.padding(params)[axis]


def lacking(params, axis):
    """Cells by which the padded input is too small for one window."""
    n, span, s, before, after = axis_of(params, axis)
    hang = s - 1 if getattr(params, "ceil_mode", False) else 0
    return max(0, span - n - before - after - hang)


def too_mirrored(params):
    """Axes along which the padding copies more cells than there are."""
    mode = getattr(params, "padding_mode", "zeros")
    least = {"reflect": 1, "circular": 0}.get(mode)
    if least is None:
        return []
    return [axis for axis, sides in enumerate(brute.padding(params))
            if max(sides) > params.size[axis] - least]  # fmt: skip


def extra_or_crop(params, axis):
    """'extra' or 'crop' where a transposed convolution is impossible, else ''."""
    before, after = brute.padding(params)[axis]
    if params.output_padding[axis] >= max(params.stride[axis], params.dilation[axis]):
        return "extra"
    return "crop" if whole(params, axis) - before - after < 1 else ""


def whole(params, axis):
    """What a transposed convolution gives before its crop."""
    n, span, s, before, after = axis_of(params, axis)
    outputs = (n + before + after - span) // s + 1
    return (outputs - 1) * s + span + params.output_padding[axis]


def _pools(params):
    averages = params.kind == "average" or params.view == "both"
    if averages and params.dilation != (1, 1):
        return False
    if any(max(sides) > k / 2 for sides, k in
           zip(params.padding, params.kernel_size, strict=True)):  # fmt: skip
        return False
    return not any(lacking(params, axis) for axis in (0, 1))


def mirrored(params):
    """[(cells that a filter pads with, the most that there can be, size, axis), ...] of /filters"""
    if params.view == "blobs":
        return
    for shape in _filters(params):
        for axis, (n, k) in enumerate(zip(size_of(params), shape, strict=True)):
            most = {"reflect": n - 1, "circular": n}.get(params.padding_mode)
            yield math.ceil((k - 1) / 2), most, n, axis


def size_of(params):
    """Rows and columns of the picture."""
    if params.picture == "own":
        return photographs.fitted(OWN, params.side, False).shape[1:]
    return photographs.picture(params.picture, params.side, False).shape[1:]


def _filters(params):
    """The shapes of the filters that are applied, the first first."""
    if params.view != "compare":
        yield pictures.weight(params).shape
        return
    for name in (params.filter, params.other):
        yield pictures.named(name, params.window, 1.0, 0).shape
    if params.then_sigma:
        yield params.window, params.window


# Which change is the smallest


def is_nearest(params, fixed, name):
    """Whether no smaller change of this parameter makes `fixed` work, the others as they are."""
    if not works(fixed):
        return False
    kind, new = query.kinds(params)[name], getattr(fixed, name)
    if isinstance(kind, fields.Padding):
        return not any(
            works(replace(fixed, padding=one)) for one in _less_padding(params, kind, new)
        )
    if isinstance(kind, (fields.Choice, fields.Flag)):
        return True
    old = getattr(params, name)
    far = _far(old, new)
    low, high = kind.low, kind.high
    if isinstance(kind, fields.Whole):
        nearer = (n for n in range(max(low, old - far + 1), min(high, old + far - 1) + 1))
    else:
        ranges = (range(max(low, n - far), min(high, n + far) + 1) for n in old)
        nearer = itertools.product(*ranges)
    return not any(works(replace(fixed, **{name: one})) for one in nearer if _far(old, one) < far)


def _far(old, new):
    return int(np.abs(np.subtract(old, new)).sum())


def _less_padding(params, kind, new):
    """Paddings nearer to the old one; one with as many cells on either side stays so."""
    old = brute.padding(params)
    even = all(before == after for before, after in old)
    sides = range(kind.high + 1)
    pairs = [(n, n) for n in sides] if even else list(itertools.product(sides, sides))
    far = _far(old, new)
    for one in itertools.product(pairs, pairs):
        if _far(old, one) < far:
            yield one


RARE = {
    Slide: [
        {"size": (3, 1), "padding": ((1, 1), (1, 1)), "padding_mode": "reflect"},
        {"size": (3, 4), "kernel_size": (7, 7), "padding": "full", "padding_mode": "circular"},
        {"size": (3, 5), "kernel_size": (6, 3), "padding": "same", "padding_mode": "reflect"},
        {"size": (17, 5), "view": "matrix", "padding": ((2, 2), (1, 1)),
         "padding_mode": "reflect"},
        {"size": (2, 9), "kernel_size": (3, 3), "groups": 2},
        {"size": (4, 4), "kernel_size": (7, 7), "dilation": (4, 4), "padding_mode": "reflect",
         "padding": ((4, 4), (4, 4)), "groups": 3, "in_channels": 2},
        {"padding": "same", "stride": (2, 3)},
    ],
    Gradients: [
        *(
            {"view": "transposed", "size": size, "kernel_size": kernel, "stride": stride,
             "padding": padding, "output_padding": (0, 0)}
            for size, kernel, stride, padding in (
                ((2, 2), (2, 2), (4, 3), ((1, 1), (1, 1))),
                ((1, 2), (2, 1), (2, 5), ((2, 2), (2, 0))),
                ((1, 2), (2, 2), (5, 4), ((2, 0), (1, 2))),
                ((2, 1), (2, 1), (3, 3), ((2, 0), (1, 1))),
            )
        ),
        {"view": "transposed", "stride": (1, 2), "output_padding": (2, 3)},
        {"view": "transposed", "stride": (2, 2), "dilation": (1, 3), "output_padding": (4, 4),
         "size": (9, 9)},
        {"view": "transposed", "size": (2, 2), "kernel_size": (2, 2), "stride": (4, 3),
         "padding": ((1, 1), (1, 1)), "groups": 2, "in_channels": 3},
        {"view": "dydw", "size": (20, 16)},
    ],
    Pooling: [
        {"size": (1, 6), "kernel_size": (3, 2), "ceil_mode": True, "stride": (2, 1)},
        {"size": (1, 6), "kernel_size": (4, 2), "ceil_mode": True, "stride": (3, 1),
         "dilation": (2, 1)},
        {"kind": "average", "dilation": (2, 3), "size": (3, 3), "kernel_size": (4, 4)},
        {"view": "both", "dilation": (1, 2)},
        {"padding": ((3, 0), (0, 1)), "kernel_size": (2, 1)},
        {"size": (1, 1), "kernel_size": (3, 3), "dilation": (4, 4), "padding": ((4, 4), (4, 4))},
    ],
    Filters: [
        {"view": "compare", "filter": "edge_2", "other": "gaussian", "window": 60, "side": 24,
         "padding_mode": "circular", "then_sigma": 2.0},
        {"view": "filter", "filter": "edge_2", "window": 40, "side": 16, "picture": "own",
         "padding_mode": "reflect"},
    ],
}  # fmt: skip


def filter_words():
    """{title: name} of the filters."""
    return {title: name for name, title in filters.TITLES.items()}
