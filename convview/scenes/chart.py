"""A chart: curves, bars and points over two axes, as the browser draws it."""

import itertools
from dataclasses import dataclass, field

import numpy as np

from convview import labels

BOX = 10_000  # units of a drawing along either axis; the browser stretches it
ROOM = 0.03  # of an axis before its first and behind its last number, for what is thick there
MOST_TICKS = 7
GROUP = 0.8  # of the room of a class that its bars fill


@dataclass(frozen=True)
class Chart:
    """Curves over one axis, and points on them.

    lines : {name: y (n,)}, over x (n,) or, where a line has its own, (x, y); a gap where y is NaN
    points : {name: (x, y)}
    kind : "line", or "bar" with a bar for each x and line
    logarithmic : whether both axes are
    ends : lowest and highest y, so that a slider does not move the axis
    said : the chart in a sentence, for who does not see it
    """

    title: str
    x_title: str
    x: np.ndarray
    lines: dict
    said: str
    points: dict = field(default_factory=dict)
    kind: str = "line"
    logarithmic: bool = False
    ends: tuple | None = None
    y_title: str = ""

    def curves(self):
        """{name: (x, y)} of every line."""
        lines = self.lines.items()
        return {name: y if isinstance(y, tuple) else (self.x, y) for name, y in lines}

    def head(self):
        """What the browser is told: words, and where everything is, in units of the box.

        Right and down are positive, as on a screen.
        """
        across, up = self.axes()
        draw = _bars if self.kind == "bar" else _curves
        return {
            "title": self.title,
            "said": self.said,
            "titles": (self.x_title, self.y_title),
            "across": [(_units(across.at(x)), text) for x, text in across.ticks()],
            "up": [(_units(1 - up.at(y)), text) for y, text in up.ticks()],
            self.kind: dict(zip(self.lines, draw(self.curves().values(), across, up), strict=True)),
            "points": {
                name: (_units(across.at(x)), _units(1 - up.at(y)))
                for name, (x, y) in self.points.items()
            },
        }

    def axes(self):
        """The axis of x and that of y."""
        ends = self.ends
        if not ends:
            drawn = [y for _, y in (*self.curves().values(), *self.points.values())]
            ends = np.nanmin(np.hstack(drawn)), np.nanmax(np.hstack(drawn))
        if self.kind == "bar":
            return Classes(len(self.x)), Axis(*ends, room=(0.0, ROOM))
        return tuple(Axis(*pair, self.logarithmic) for pair in ((self.x[0], self.x[-1]), ends))


@dataclass(frozen=True)
class Axis:
    """From a lowest to a highest number, with some room at both ends."""

    low: float
    high: float
    logarithmic: bool = False
    room: tuple = (ROOM, ROOM)

    def at(self, values):
        """Which share of the axis lies before these numbers."""
        low, high, values = self._scaled((self.low, self.high, values))
        before, after = self.room
        return before + (values - low) / ((high - low) or 1) * (1 - before - after)

    def _scaled(self, parts):
        parts = [np.asarray(part, np.float64) for part in parts]
        return [np.log10(part) for part in parts] if self.logarithmic else parts

    def ticks(self):
        """(number, its text) of each line of the grid: round numbers between the ends."""
        if self.logarithmic:
            first, last = np.ceil(np.log10(self.low)), np.floor(np.log10(self.high))
            return [(10.0**n, f"{10**n:,}") for n in range(int(first), int(last) + 1)]
        step = _round((self.high - self.low) / MOST_TICKS)
        first, last = np.ceil(self.low / step - 1e-9), np.floor(self.high / step + 1e-9)
        return [(n * step, labels.label(n * step)) for n in range(int(first), int(last) + 1)]


@dataclass(frozen=True)
class Classes:
    """An axis of 0, 1, 2, ... with as much room for each."""

    count: int

    def at(self, values):
        return (np.asarray(values, np.float64) + 0.5) / self.count

    def ticks(self):
        return [(n, str(n)) for n in range(self.count)]


def _round(step):
    """The next 1, 2 or 5 times a power of ten.

    >>> _round(0.43), _round(0.86)
    (0.5, 1.0)
    """
    power = 10.0 ** np.floor(np.log10(step or 1))
    return next(float(n * power) for n in (1, 2, 5, 10) if n * power >= step * (1 - 1e-9))


def _units(shares):
    return np.rint(BOX * np.asarray(shares)).astype(int).tolist()


def _curves(lines, across, up):
    """An SVG path through the points of each line, broken where it has a gap."""
    for x, y in lines:
        gaps = np.flatnonzero(np.isnan(y))
        ends = itertools.pairwise([-1, *gaps, len(y)])
        rights, downs = across.at(x), 1 - up.at(y)
        yield "".join(_stroke(rights[a + 1 : b], downs[a + 1 : b]) for a, b in ends if b > a + 1)


def _stroke(rights, downs):
    places = zip(_units(rights), _units(downs), strict=True)
    return "M" + "L".join(f"{right} {down}" for right, down in places)


def _bars(lines, across, up):
    """An SVG path around the bars of each line, those of a class beside each other."""
    lines = list(lines)
    width = GROUP / across.count / len(lines)
    for place, (x, y) in enumerate(lines):
        lefts = across.at(x) + (place - len(lines) / 2) * width
        tops, ground = _units(1 - up.at(y)), _units(1 - up.at(0.0))
        sides = zip(_units(lefts), _units(lefts + width), tops, strict=True)
        yield "".join(f"M{left} {ground}V{top}H{right}V{ground}Z" for left, right, top in sides)
