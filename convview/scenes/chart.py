"""A chart: curves or bars, and points, over two axes, as the browser draws it."""

import itertools
from dataclasses import dataclass, field

import numpy as np

from convview import labels

BOX = 10_000  # units of a drawing along either axis; the browser stretches it
FAR = 10  # boxes: what is farther out is drawn there, as little in sight
ROOM = 0.03  # of an axis before its first and behind its last number, for what is thick there
MOST_STEPS = 7  # between the numbers at an axis
GROUP = 0.8  # of the room of a class that its bars fill
SPECK = 60  # units: how long a curve of one point is


@dataclass(frozen=True)
class Chart:
    """Curves over one axis, or bars, and points.

    x (n,) : from its lowest to its highest number; of bars 0, 1, 2, ...
    lines : {name: y (n,)}, over x or, where a line has its own, (x, y); a gap where y is not finite
    points : {name: (x, y)}; one called as a line, or "line, more words", has its colour
    kind : "line", or "bar" with a bar for each x and line
    logarithmic : whether both axes of curves are; then all numbers are above 0
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

        Right and down are positive, as on a screen. A point is (right, down, the colour's number).
        """
        across, up = self.axes()
        draw = _bars if self.kind == "bar" else _curves
        return {
            "title": self.title,
            "said": self.said,
            "titles": (self.x_title, self.y_title),
            "box": BOX,
            "across": [(_units(across.at(x)), text) for x, text in across.ticks()],
            "up": [(_units(1 - up.at(y)), text) for y, text in up.ticks()],
            self.kind: dict(zip(self.lines, draw(self.curves().values(), across, up), strict=True)),
            "points": {
                name: (_units(across.at(x)), _units(1 - up.at(y)), self._colour(name))
                for name, (x, y) in self.points.items()
            },
        }

    def _colour(self, point):
        """That of its line, or the next of its own."""
        names = list(self.lines | self.points)
        line = point.partition(", ")[0]
        return names.index(line if line in self.lines else point)

    def axes(self):
        """The axis of x and that of y."""
        bars = self.kind == "bar"
        ends = self.ends
        if not ends:
            drawn = np.hstack([y for _, y in (*self.curves().values(), *self.points.values())])
            drawn = np.append(drawn[np.isfinite(drawn)], [0.0] * bars)
            ends = drawn.min(), drawn.max()
        if bars:
            return Classes(len(self.x)), Axis(*ends, room=(ROOM * (ends[0] < 0), ROOM))
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
        """(number, its text) of each line of the grid: round numbers between the ends.

        The ends themselves where that is at most one.
        """
        found = self._powers() if self.logarithmic else self._rounds()
        return found if len(found) > 1 else _named(sorted({float(self.low), float(self.high)}))

    def _powers(self):
        first, last = _between(np.log10(self.low), np.log10(self.high))
        return [(10.0**n, f"{10**n:,}") for n in range(first, last + 1)]

    def _rounds(self):
        step = _round((self.high - self.low) / MOST_STEPS)
        first, last = _between(self.low / step, self.high / step)
        return _named([n * step for n in range(first, last + 1)])


@dataclass(frozen=True)
class Classes:
    """An axis of 0, 1, 2, ... with as much room for each."""

    count: int

    def at(self, values):
        return (np.asarray(values, np.float64) + 0.5) / self.count

    def ticks(self):
        return [(n, str(n)) for n in range(self.count)]


def _between(low, high):
    """The first and the last whole number between two, or nearly."""
    return int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9))


def _round(step):
    """The next 1, 2 or 5 times a power of ten.

    >>> _round(0.43), _round(0.86)
    (0.5, 1.0)
    """
    power = 10.0 ** np.floor(np.log10(step or 1))
    return next(float(n * power) for n in (1, 2, 5, 10) if n * power >= step * (1 - 1e-9))


def _named(numbers):
    """Each with its text: as many digits as tell it from the next."""
    texts = [labels.label(number) for number in numbers]
    digits = 0
    while len(set(texts)) < len(texts):
        texts = [f"{number:.{digits}f}".replace("-", labels.MINUS) for number in numbers]
        digits += 1
    return list(zip(numbers, texts, strict=True))


def _units(shares):
    return np.rint(BOX * np.clip(shares, -FAR, FAR)).astype(int).tolist()


def _curves(lines, across, up):
    """An SVG path through the points of each line, broken where it has a gap."""
    for x, y in lines:
        gaps = np.flatnonzero(~np.isfinite(y))
        ends = itertools.pairwise([-1, *gaps, len(y)])
        rights, downs = across.at(x), 1 - up.at(y)
        yield "".join(_stroke(rights[a + 1 : b], downs[a + 1 : b]) for a, b in ends if b > a + 1)


def _stroke(rights, downs):
    places = zip(_units(rights), _units(downs), strict=True)
    alone = f"h{SPECK}" if len(rights) == 1 else ""
    return "M" + "L".join(f"{right} {down}" for right, down in places) + alone


def _bars(lines, across, up):
    """An SVG path around the bars of each line, those of a class beside each other."""
    lines = list(lines)
    width = GROUP / across.count / len(lines)
    ground = _units(1 - up.at(0.0))
    for place, (x, y) in enumerate(lines):
        there = np.isfinite(y)
        lefts = across.at(x)[there] + (place - len(lines) / 2) * width
        tops = _units(1 - up.at(y[there]))
        sides = zip(_units(lefts), _units(lefts + width), tops, strict=True)
        yield "".join(f"M{left} {ground}V{top}H{right}V{ground}Z" for left, right, top in sides)
