"""Stacks of layers: drawn at random as code, and worked out by probing, without the app's code."""

from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from convcore.stack import AvgPool2d, Conv2d, ConvTranspose2d, Flatten, Linear, MaxPool2d
from tests.sentences.brute import Axis

MOST_ROWS, MOST_TIES = 4096, 4_000_000  # what the page can look into
POOLS = (MaxPool2d, AvgPool2d)
WINDOWS = (Conv2d, ConvTranspose2d, *POOLS)
RARE = (  # (layers, shape) that chance seldom draws
    ("Conv2d(1, 4, 4, padding='same', dilation=2)", (1, 2, 2)),
    ("Conv2d(1, 4, 2, padding='same')", (1, 2, 2)),
    ("Conv2d(1, 1, 1, bias=False)", (1, 1, 1)),
    ("Conv2d(1, 1, 1)", (1, 1, 1)),
    ("MaxPool2d(2, 4, 1, ceil_mode=True)", (1, 7, 7)),
    ("ConvTranspose2d(1, 1, 2, dilation=3, output_padding=(0, 1))", (1, 5, 4)),
    ("ConvTranspose2d(None, 2, 64, stride=64);ConvTranspose2d(None, 2, 64, stride=64)", (1, 9, 2)),
    ("Conv2d(None, 1, 1, padding=64);" * 40, (1, 1, 9)),
    ("Conv2d(1, 1, 64, padding=31);" * 14, (1, 1024, 1023)),
    ("Conv2d(None, 2, 1);" * 3 + "Flatten();Conv2d(None, 2, 1)", (1, 3, 3)),
    ("Flatten();Linear(9, 1)", (1, 3, 3)),
    ("Flatten();Linear(8, 1)", (1, 3, 3)),
    ("ReLU();Linear(None, 4)", (2, 1, 5)),
    ("Conv2d(4, 6, 3, groups=4)", (4, 5, 5)),
    ("ConvTranspose2d(None, 2, 3, stride=(3, 1), output_padding=(3, 0))", (2, 4, 4)),
    ("ConvTranspose2d(None, 2, 2, padding=(0, 4))", (2, 3, 3)),
    ("ConvTranspose2d(None, 2, 1, padding=(1, 0))", (2, 1, 3)),
    ("ConvTranspose2d(None, 2, 1, stride=3, padding=1)", (2, 2, 2)),
    ("ConvTranspose2d(None, 2, 1, stride=3, padding=1, bias=False)", (2, 2, 2)),
    ("ConvTranspose2d(None, 2, 1, stride=3, padding=1);Conv2d(None, 1, 1)", (2, 2, 2)),
    ("ConvTranspose2d(None, 2, 1, stride=2, padding=(1, 0));ReLU()", (2, 3, 2)),
    ("ConvTranspose2d(None, 2, 1, stride=3, bias=False)", (2, 3, 2)),
    ("ConvTranspose2d(None, 2, 1, stride=(1, 2), output_padding=(0, 1))", (1, 1, 1)),
    ("Conv2d(None, 2, 1, padding=(0, 2))", (1, 3, 4)),
    ("Conv2d(None, 2, 1, padding=(0, 2));AvgPool2d((1, 2))", (1, 3, 4)),
    ("Conv2d(None, 1, (3, 5), padding=(1, 3))", (1, 4, 2)),
    ("MaxPool2d((3, 2), padding=(1, 2))", (1, 6, 6)),
    ("Conv2d(None, 2, 0)", (1, 6, 6)),
    ("Conv2d(None, 2, (3, 0))", (1, 6, 6)),
    ("Conv2d(None, 2, 3, stride=0)", (1, 6, 6)),
    ("Conv2d(None, 0, 3)", (1, 6, 6)),
    ("Conv2d(None, 2, 3, groups=0)", (2, 6, 6)),
    ("Flatten();Linear(None, 0)", (1, 3, 3)),
    ("Conv2d(None, 2, 3, (2, 1), padding='same')", (1, 6, 7)),
)


def drawn(rng, channels=3):
    """Up to eight layers as code: of any kind, some of which cannot work."""
    lines = []
    for _ in range(int(rng.integers(1, 6))):
        line = KINDS[str(rng.choice(list(KINDS), p=SHARES))](rng, channels)
        if line.startswith("Conv"):
            channels = int(line.split(", ")[1])
        lines.append(line)
    if rng.random() < 0.3:
        lines += ["Flatten()"] * (rng.random() < 0.9)
        lines += [f"Linear({_some(rng, 60)}, {_small(rng, 12)}{_bias(rng)})"]
    if rng.random() < 0.05:
        lines.append("Conv2d(None, 2, 1)")
    return ";".join(lines)


def _small(rng, most):
    return int(rng.integers(1, most))


def _pair(rng, low, high):
    """A number, or two that differ."""
    one, other = (int(rng.integers(low, high)) for _ in range(2))
    return one if rng.random() < 0.6 else (one, other)


def _some(rng, most):
    """What comes in: mostly left open, now and then a number, seldom the right one."""
    return None if rng.random() < 0.93 else _small(rng, most)


def _bias(rng):
    return ", bias=False" * (rng.random() < 0.3)


def _groups(rng, channels):
    """Mostly 1 or another divisor of the channels, now and then one that does not fit."""
    if rng.random() < 0.03:
        return channels + 1
    return int(rng.choice([n for n in (1, 1, 2, 3, 4, 6) if channels % n == 0]))


def _conv(rng, channels):
    padding = _pair(rng, 0, 3)
    if rng.random() < 0.25:
        padding = repr(str(rng.choice(["same", "valid"])))
    stride = 1 if padding == "'same'" and rng.random() < 0.8 else _pair(rng, 1, 4)
    groups = _groups(rng, channels)
    out = groups * _small(rng, 5) if rng.random() < 0.95 else _small(rng, 9)
    return (
        f"Conv2d({_some(rng, 5)}, {out}, {_pair(rng, 1, 5)}, stride={stride}, padding={padding}, "
        f"dilation={_pair(rng, 1, 3)}, groups={groups}{_bias(rng)})"
    )


def _transposed(rng, channels):
    groups = _groups(rng, channels)
    return (
        f"ConvTranspose2d({_some(rng, 5)}, {groups * _small(rng, 4)}, {_pair(rng, 1, 5)}, "
        f"stride={_pair(rng, 1, 4)}, padding={_pair(rng, 0, 2)}, groups={groups}, "
        f"output_padding={int(rng.random() < 0.2)}, dilation={_small(rng, 3)}{_bias(rng)})"
    )


def _pool(name):
    def made(rng, _):
        kernel = _pair(rng, 1, 5)
        least = min(kernel) if isinstance(kernel, tuple) else kernel
        padding = int(rng.integers(0, least // 2 + 1 + (rng.random() < 0.1)))
        stride = None if rng.random() < 0.4 else _pair(rng, 1, 5)
        more = f", dilation={_small(rng, 3)}" * (name == "MaxPool2d" and rng.random() < 0.3)
        more += ", ceil_mode=True" * (rng.random() < 0.4)
        return f"{name}({kernel}, {stride}, {padding}{more})"

    return made


KINDS = {
    "Conv2d": _conv,
    "ConvTranspose2d": _transposed,
    "MaxPool2d": _pool("MaxPool2d"),
    "AvgPool2d": _pool("AvgPool2d"),
    "ReLU": lambda rng, channels: "ReLU()",
}
SHARES = (0.4, 0.15, 0.2, 0.15, 0.1)


def both(value):
    """Of rows and of columns."""
    return tuple(value) if isinstance(value, tuple) else (value, value)


@dataclass(frozen=True)
class Side(Axis):
    """A layer along one axis, n cells coming in."""

    layer: object = None
    extra: int = 0

    @classmethod
    def of(cls, layer, axis, n):
        k = both(layer.kernel_size)[axis]
        s = k if layer.stride is None else both(layer.stride)[axis]
        d = both(getattr(layer, "dilation", 1))[axis]
        before = after = 0
        if layer.padding == "same":
            before, after = (k - 1) * d // 2, (k - 1) * d - (k - 1) * d // 2
        elif layer.padding != "valid":
            pads = both(layer.padding)[axis]
            before, after = pads if isinstance(pads, tuple) else (pads, pads)
        extra = both(getattr(layer, "output_padding", 0))[axis]
        ceil = getattr(layer, "ceil_mode", False)
        return cls(n, k, s, before, after, d, ceil, layer, extra)

    @property
    def backwards(self):
        return isinstance(self.layer, ConvTranspose2d)

    @property
    def uncropped(self):
        """What a transposed convolution puts out before it crops: up to its last stamp."""
        return max(i * self.s + u * self.d for i in (0, self.n - 1) for u in (0, self.k - 1)) + (
            1 + self.extra
        )

    @property
    def out(self):
        if self.backwards:
            return self.uncropped - self.before - self.after
        return super().out

    def reads(self, o):
        """The cells that an output reads, as often as it does, those beyond the border too."""
        if not self.backwards:
            return [o * self.s - self.before + u * self.d for u in range(self.k)]
        places = (o + self.before - u * self.d for u in range(self.k))
        return [place // self.s for place in places if place % self.s == 0]

    def inside(self, o):
        return [i for i in self.reads(o) if 0 <= i < self.n]

    @property
    def unread(self):
        read = {i for o in range(self.out) for i in self.inside(o)}
        return [i for i in range(self.n) if i not in read]

    def centre(self, o):
        """Where the middle of the window of an output lies, of an output at any place."""
        half = Fraction(self.span - 1, 2)
        if self.backwards:
            return (Fraction(o) + self.before - half) / self.s
        return Fraction(o) * self.s - self.before + half


@dataclass(frozen=True)
class Worked:
    """A layer at its place: what came in and goes out, and its two sides, None without windows."""

    layer: object
    before: tuple
    shape: tuple
    sides: tuple | None
    weights: int = 0
    biases: int = 0
    macs: int = 0

    @property
    def parameters(self):
        return self.weights + self.biases


class Impossible(ValueError):
    """A layer that cannot work, and why: a word."""


def worked(layers, shape):
    """([Worked, ...] as far as the stack works, why the next does not, or "")."""
    found, ties = [], Ties(shape)
    for layer in layers:
        try:
            one = _worked(layer, shape)
            ties.add(one)
        except Impossible as why:
            return found, str(why)
        shape = one.shape
        found.append(one)
    return found, ""


def _worked(layer, shape):
    if isinstance(layer, WINDOWS):
        if len(shape) != 3:
            raise Impossible("flat")
        _refuse_numbers(layer)
        return _windowed(layer, shape)
    if isinstance(layer, Flatten):
        return Worked(layer, shape, (prod(shape),), None)
    if not isinstance(layer, Linear):
        return Worked(layer, shape, shape, None)
    if len(shape) != 1:
        raise Impossible("vector")
    if layer.out_features < 1:
        raise Impossible("number")
    if layer.in_features not in (None, shape[0]):
        raise Impossible("features")
    weights = np.broadcast_to(0, (layer.out_features, shape[0])).size
    return Worked(layer, shape, (layer.out_features,), None, weights,
                  layer.out_features * layer.bias, weights)  # fmt: skip


def _refuse_numbers(layer):
    names = ("kernel_size", "stride", "dilation", "groups", "out_channels")
    values = [getattr(layer, name, 1) for name in names]
    if any(n is not None and n < 1 for value in values for n in both(value)):
        raise Impossible("number")


def _windowed(layer, shape):
    channels = shape[0]
    groups = getattr(layer, "groups", 1)
    if getattr(layer, "in_channels", None) not in (None, channels):
        raise Impossible("channels")
    out = getattr(layer, "out_channels", channels)
    if channels % groups or out % groups:
        raise Impossible("groups")
    if layer.padding == "same" and both(layer.stride) != (1, 1):
        raise Impossible("same")
    sides = tuple(Side.of(layer, axis, n) for axis, n in enumerate(shape[1:]))
    if isinstance(layer, POOLS) and any(side.before > side.k / 2 for side in sides):
        raise Impossible("half")
    for side in sides:
        if side.backwards and side.extra >= side.s and side.extra >= side.d:
            raise Impossible("extra")
        short = side.span - (side.n + side.before + side.after)
        if not side.backwards and short > 0 and not (side.ceil and short < side.s):
            raise Impossible("spans")  # in ceil_mode a window may hang over, by less than a stride
    if any(side.out < 1 for side in sides):
        raise Impossible("crops")
    output = (out, *(side.out for side in sides))
    if max(output[1:]) > MOST_ROWS:
        raise Impossible("large")
    if isinstance(layer, POOLS):
        return Worked(layer, shape, output, sides)
    kernels = (out, channels // groups) if isinstance(layer, Conv2d) else (channels, out // groups)
    weights = np.broadcast_to(0, (*kernels, *both(layer.kernel_size))).size
    places = output if isinstance(layer, Conv2d) else shape
    macs = weights * prod(places[1:])
    return Worked(layer, shape, output, sides, weights, out * layer.bias, macs)


class Ties:
    """Which outputs and inputs of the whole stack belong together, as far as they can be held."""

    def __init__(self, shape):
        self.cells = [np.eye(n, dtype=bool) for n in shape[1:]]
        self.count = 0

    def add(self, one):
        if len(one.shape) != 3:
            self.cells = None
            return
        if self.cells is None:
            return
        for axis, side in enumerate(one.sides or ()):
            windows = side.n if side.backwards else side.out
            self.count += windows * side.k
            if self.count > MOST_TIES:
                raise Impossible("ties")
            rows = [self.cells[axis][side.inside(o)].any(0) for o in range(side.out)]
            self.cells[axis] = np.array(rows)
        self.count += sum(int(cells.sum()) for cells in self.cells)
        if self.count > MOST_TIES:
            raise Impossible("ties")


def field(found, axis):
    """Cells from the first to the last that a unit behind these layers reads along an axis.

    As on an input without borders; behind a layer that runs backwards those of the input alone,
    of the unit that reads most.
    """
    return sees_of(found, axis)[-1]


def sees_of(found, axis):
    """Each number of the same: units differ behind a layer that runs backwards."""
    sides = [one.sides[axis] for one in found if one.sides]
    if any(side.backwards for side in sides):
        return within(found, axis)
    cells = {0}
    for side in reversed(sides):
        cells = {i for o in cells for i in side.reads(o)}
    return (max(cells) - min(cells) + 1,)


def within(found, axis):
    """Cells of the input, from the first to the last that a unit reads: each number, in order."""
    return tuple(
        sorted({max(cells) - min(cells) + 1 if cells else 0 for cells in inputs(found, axis)})
    )


def inputs(found, axis):
    """The cells of the input that each unit behind these layers reads along an axis."""
    sides = [one.sides[axis] for one in found if one.sides]
    for o in range(found[-1].shape[1 + axis]):
        cells = {o}
        for side in reversed(sides):
            cells = {i for one in cells for i in side.inside(one)}
        yield cells


def centre(found, axis, o):
    """Where the unit o behind these layers is centred on the input, window by window."""
    at = Fraction(o)
    for one in reversed(found):
        if one.sides:
            at = one.sides[axis].centre(at)
    return at
