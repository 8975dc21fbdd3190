"""Random settings of any page, drawn from the kinds of its parameters."""

import itertools
from dataclasses import replace

import numpy as np

from convview import fields, filters, query, torch_code
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from tests.sentences import stacks

SHARES = {"typed": 0.3, "usual": 0.45, "one row": 0.12}  # of grids typed by hand, fields, inputs
RARE = {  # that chance seldom draws
    Slide: [
        {"padding": "same", "dialect": "onnx_lower", "size": (6, 6), "kernel_size": (2, 2)},
        *({"kernel": kernel, "kernel_size": size, "out_channels": n, "in_channels": n}
          for kernel in ("sobel_x", "sobel_y", "prewitt_x", "laplacian", "sharpen", "emboss")
          for n, size in enumerate(((1, 1), (1, 2), (5, 1)), 1)),
        *({"kernel": kernel, "kernel_size": size}
          for kernel in ("laplacian", "sharpen") for size in ((2, 3), (3, 4), (2, 2))),
    ],
    Gradients: [
        {"view": "transposed", "kernel": "identity", "stride": (1, 1), "padding": ((0, 0), (0, 0))},
        {"view": "transposed", "size": (1, 9), "kernel_size": (2, 2), "stride": (2, 2),
         "padding": ((1, 1), (1, 1)), "output_padding": (1, 1)},
    ],
    Filters: [
        *({"view": "compare", "filter": name, "other": name, "side": 16, "then_sigma": sigma}
          for name in filters.NAMES if name.endswith(("_x", "_y")) for sigma in (0.0, 1.5)),
        {"points": tuple((n // 8 * 5, n % 8 * 6) for n in range(60)), "blob_sigma": 0.5},
        {"points": ((20, 20), (21, 21)), "blob_window": 1},
        {"points": ((20, 20), (22, 21), (24, 20)), "blob_window": 2, "blob_sigma": 0.1},
        {"blob_window": 101, "blob_sigma": 14.8},
        {"blob_window": 5, "blob_sigma": 20.0},
        *({"view": "filter", "filter": name, "side": 64, "window": window}
          for name in filters.NAMES for window in ((1, 2, 5) if filters.sliders(name) else (3,))),
        {"view": "filter", "filter": "gabor", "window": 9, "sigma": 0.7, "angle": 30},
        {"view": "filter", "filter": "gabor", "window": 9, "sigma": 9.0},
        *({"view": "filter", "filter": name, "picture": "lines", "side": 730}
          for name in ("sobel_x", "box", "sharpen")),
        {"view": "edges", "picture": "lines", "side": 730},
        {"view": "compare", "filter": "box", "other": "box", "picture": "lines", "side": 730},
        {"view": "compare", "filter": "gaussian", "other": "gaussian", "window": 5, "sigma": 3.0,
         "then_sigma": 4.0, "other_sigma": 5.0},
        {"view": "compare", "filter": "box", "other": "box", "then_sigma": 0.0},
        {"view": "edges", "picture": "own"},
        {"view": "design", "padding_mode": "zeros", "weight": (((0.5, 0.5),),)},
        {"view": "design", "weight": (((0.0, 0.0), (0.0, 0.0)),)},
        {"view": "cost", "filter": "log", "window": 15, "side": 256},
        {"view": "cost", "filter": "edge_2", "window": 61, "side": 256, "colour": True},
        {"view": "cost", "filter": "gaussian", "window": 9, "side": 256},
        {"view": "cost", "filter": "sobel_x", "side": 256},
        {"view": "cost", "filter": "gabor", "window": 61, "side": 100},
        {"view": "cost", "filter": "gabor", "window": 41, "side": 200, "colour": True},
    ],
    Calculus: [
        *({"view": "shift", "shift": shift} for shift in (1000, -1000)),
        {"view": "shift", "shift": 700, "x": (9.0, 9.0, 9.0)},
        {"view": "shift", "shift": 705, "x": (9.0, -9.0, 1.0)},
        {"view": "shift", "shift": -746, "x": (1.0, 2.0)},
        {"view": "chain", "l": 5, "m": 5, "n": 5, "o": 5},
        {"view": "chain", "l": 100, "m": 100, "n": 101, "o": 100},
        {"view": "chain", "l": 1, "m": 100, "n": 10, "o": 3},
        {"view": "chain", "l": 100, "m": 2, "n": 90, "o": 3},
        *({"view": "rebuilt", "strips": strips} for strips in (1, 11, 33)),
        *({"view": "pair", "x": x} for x in ((0.0, 1.0), (0.0, 1.0, -2.0))),
        {"view": "shift", "shift": 0},
    ],
    Shapes: [
        {"layers": torch_code.parse(code), "shape": shape, "at": 9} for code, shape in stacks.RARE
    ],
    Pooling: [
        *(
            {"view": view, "size": (size, 3), "kernel_size": (2, 2), "stride": (1, 1),
             "dilation": (4, 4), "padding": ((1, 1), (1, 1))}
            for view in ("forward", "backward", "relu") for size in (3, 4)
        ),  # windows without an input cell
        {"view": "backward", "kind": "average", "kernel_size": (3, 3), "padding": ((1, 1), (1, 1))},
        {"view": "dialects", "ceil_mode": True, "size": (5, 5), "kernel_size": (1, 1),
         "stride": (2, 2)},
        {"view": "dialects", "padding": ((1, 1), (1, 1)), "x": (((1.0,) * 6,) * 6,)},
        *({"size": (6, 4), "kernel_size": (3, 3), "stride": (2, 2), "padding": padding,
           "ceil_mode": True} for padding in (((0, 0), (0, 0)), ((1, 1), (0, 1)))),  # over the end
    ],
}  # fmt: skip


def drawn(page, rng, **fixed):
    """Parameters of this page; `fixed` ones are as given. Small sizes are likelier than large."""
    usual = page()
    values = {}
    for name, kind in query.kinds(page).items():
        if rng.random() < SHARES["usual"]:
            values[name] = getattr(usual, name)
        else:
            values[name] = DRAWN[type(kind)](kind, rng)
    if page is Filters:  # a large picture says what a small one does, a hundred times slower
        values["side"] = int(rng.choice([16, 24, 40, 64]))
        for name in ("view", "filter", "other", "picture"):  # each as likely as the next
            values[name] = str(rng.choice(_words(page, name)))
    if page is Calculus:
        values["view"] = str(rng.choice(_words(page, "view")))
    if page is Shapes:
        values["shape"] = tuple(int(n) for n in (rng.integers(1, 5), *rng.integers(3, 40, 2)))
        values["layers"] = torch_code.parse(stacks.drawn(rng, values["shape"][0]))
        if rng.random() < SHARES["one row"]:
            values["shape"] = (values["shape"][0], 1, values["shape"][2])
    if "kernel_size" in values and rng.random() < SHARES["one row"]:
        for name in ("size", "kernel_size", "stride"):
            values[name] = (1, values[name][1])
        if not isinstance(values["padding"], str):
            values["padding"] = ((0, 0), values["padding"][1])
    return query.clamp(replace(usual, **values | fixed))


def _words(page, name):
    return query.kinds(page)[name].words


def _small(low, high, rng):
    """Mostly near the lower end, now and then anywhere."""
    if rng.random() < 0.1:
        return int(rng.integers(low, high + 1))
    return int(min(high, low + rng.geometric(0.35) - (rng.random() < 0.5)))


def _whole(kind, rng):
    return _small(max(kind.low, -20), kind.high, rng)


def _pair(kind, rng):
    low, high = kind.low, kind.high
    if high > 16 and low == 1:  # an input
        low = 4
    one = _small(low, high, rng)
    return (one, one) if rng.random() < 0.5 else (one, _small(low, high, rng))


def _padding(kind, rng):
    if kind.words and rng.random() < 0.4:
        return str(rng.choice(kind.words))
    one, other = (_small(0, kind.high, rng) for _ in range(2))
    if rng.random() < 0.5:
        return (one, one), (one, one)
    return (one, other), (_small(0, kind.high, rng), one)


def with_millions(params, rng):
    """The same settings, each typed number one of 0, 1, -1 and a million of either sign."""
    return replace(params, **{
        name: tuple(
            tuple(tuple(float(np.sign(n) * rng.choice([1, 1e6])) for n in row) for row in plane)
            for plane in getattr(params, name)
        )
        for name, kind in query.kinds(params).items()
        if isinstance(kind, fields.Numbers) and getattr(params, name)
    })  # fmt: skip


def _numbers(kind, rng):
    if rng.random() > SHARES["typed"]:
        return None
    shape = [int(rng.integers(1, most + 1)) for most in (kind.planes, kind.rows, kind.cols)]
    shape = [min(n, 6) for n in shape]
    numbers = rng.integers(-4, 6, shape) / rng.choice([1, 1, 2, 10])
    return tuple(tuple(tuple(row) for row in plane) for plane in numbers.tolist())


def _real(kind, rng):
    return kind.clamp(float(rng.choice([rng.uniform(kind.low, kind.high), _near(kind, rng)])))


def _near(kind, rng):
    return min(kind.high, max(kind.low, round(float(rng.normal(0, 3)), 1)))


def _reals(kind, rng):
    count = int(rng.integers(kind.fewest, kind.most + 1))
    return kind.clamp(tuple(_near(kind, rng) for _ in range(count)))


def _points(kind, rng):
    cells = rng.integers(0, kind.high + 1, (int(rng.integers(0, 6)), 2))
    return kind.clamp(tuple(map(tuple, cells.tolist())))


DRAWN = {
    fields.Whole: _whole,
    fields.Pair: _pair,
    fields.Padding: _padding,
    fields.Choice: lambda kind, rng: str(rng.choice(kind.words)),
    fields.Words: lambda kind, rng: (),
    fields.Flag: lambda kind, rng: bool(rng.random() < 0.5),
    fields.Numbers: _numbers,
    fields.Real: _real,
    fields.Reals: _reals,
    fields.Points: _points,
    fields.Layers: lambda kind, rng: (),
    fields.Sizes: lambda kind, rng: tuple(_small(1, high, rng) for high in kind.highs),
}


def generators():
    """One for each setting, the same on every machine and every day."""
    return (np.random.default_rng([2026, n]) for n in itertools.count())
