"""Kinds of parameter: how each is written in a link, and read back as the nearest legal value.

A kind never raises on what stands in a link: `read` answers (value, mended) with a legal value and
whether it had to be moved to be legal, or None, which means "nothing legal is near: take the
default". Text is read as ASCII; `nan`, full-width digits, `1_0`
and the like are not numbers here although Python would take some of them.
"""

import math
import re
from dataclasses import dataclass

from convview import torch_code

LONGEST_TEXT = 40_000  # characters of one parameter that are looked at; 3 x 16 x 16 numbers fit

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


def number(text):
    """The number that `text` spells, or None; 1e999 and `inf` are infinite, `nan` is None.

    >>> number("-2.5"), number("1e999"), number("1_0"), number("1/3")
    (-2.5, inf, None, None)
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return float(text)
    return {"inf": math.inf, "+inf": math.inf, "-inf": -math.inf}.get(text.lower())


LARGEST = 1e6  # that is typed: products of two are whole below 2**53, so sums lose nothing
LEAST = 1e-100  # that is not 0: products of three are no 0 either


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`: `stride=2`."""

    low: int
    high: int

    def clamp(self, value):
        return int(min(max(value, self.low), self.high))

    def read(self, text):
        asked = number(text)
        if asked is None:
            return None
        value = self.clamp(asked if math.isinf(asked) else math.floor(asked + 0.5))
        return value, value != asked

    def write(self, value):
        return str(value)


@dataclass(frozen=True)
class Real:
    """A number in steps of `step` from `low` to `high`: `sigma=2.5`."""

    low: float
    high: float
    step: float

    def clamp(self, value):
        kept = min(max(value, self.low), self.high)
        return round(round(kept / self.step) * self.step, 6)

    def read(self, text):
        asked = number(text)
        if asked is None:
            return None
        value = self.clamp(asked)
        return value, value != asked

    def write(self, value):
        return _shortest(value)


@dataclass(frozen=True)
class Reals:
    """Some numbers, each a `Real`: `x=2_1_0.5`; by hand `x=2,1,0.5`."""

    low: float
    high: float
    step: float
    fewest: int
    most: int

    def clamp(self, value):
        each = Real(self.low, self.high, self.step)
        kept = tuple(each.clamp(one) for one in value)[: self.most]
        return kept + (0.0,) * (self.fewest - len(kept))

    def read(self, text):
        asked = [number(one) for one in text.replace(",", "_").split("_")]
        if None in asked:
            return None
        value = self.clamp(asked)
        return value, value != tuple(asked)

    def write(self, value):
        return "_".join(map(_shortest, value))


@dataclass(frozen=True)
class Points:
    """Cells of a canvas: `points=20_40__40_20` is row 20, column 40 and row 40, column 20.

    None of them is `points=-`. Each stands once; what lies outside is left out.
    """

    high: int
    most: int

    def clamp(self, value):
        inside = [one for one in value if all(0 <= place <= self.high for place in one)]
        return tuple(dict.fromkeys(inside))[: self.most]

    def read(self, text):
        if text == "-":
            return (), False
        cells = [[number(part) for part in cell.split("_")] for cell in text.split("__")]
        if any(len(cell) != 2 or None in cell for cell in cells):
            return None
        if not all(math.isfinite(n) and n == int(n) for cell in cells for n in cell):
            return None
        asked = tuple((int(row), int(col)) for row, col in cells)
        value = self.clamp(asked)
        return value, value != asked

    def write(self, value):
        return "__".join(f"{row}_{col}" for row, col in value) or "-"


@dataclass(frozen=True)
class Pair:
    """Rows and columns: `size=7` for both, `size=5x9` apart; each is a `Whole`."""

    low: int
    high: int

    def clamp(self, value):
        rows, cols = value
        each = Whole(self.low, self.high)
        return each.clamp(rows), each.clamp(cols)

    def read(self, text):
        parts = _wholes(text.split("x", 2), self.low, self.high)
        if parts is None or len(parts[0]) > 2:
            return None
        values, mended = parts
        return (values[0], values[-1]), mended

    def write(self, value):
        rows, cols = value
        return str(rows) if rows == cols else f"{rows}x{cols}"


@dataclass(frozen=True)
class Padding:
    """Cells around the input: `1`, `1x2`, `top,bottom,left,right`, or a word."""

    high: int
    words: tuple = ("valid", "same", "full")

    def clamp(self, value):
        if value in self.words:
            return value
        each = Whole(0, self.high)
        (top, bottom), (left, right) = value
        return (each.clamp(top), each.clamp(bottom)), (each.clamp(left), each.clamp(right))

    def read(self, text):
        if text in self.words:
            return text, False
        if "," not in text:
            pair = Pair(0, self.high).read(text)
            return pair and (((pair[0][0],) * 2, (pair[0][1],) * 2), pair[1])
        parts = _wholes(text.split(",", 4), 0, self.high)
        if parts is None or len(parts[0]) != 4:
            return None
        (top, bottom, left, right), mended = parts
        return ((top, bottom), (left, right)), mended

    def write(self, value):
        if value in self.words:
            return value
        (top, bottom), (left, right) = value
        if top == bottom and left == right:
            return Pair(0, self.high).write((top, left))
        return f"{top},{bottom},{left},{right}"


@dataclass(frozen=True)
class Choice:
    """One of some words: `view=matrix`."""

    words: tuple

    def clamp(self, value):
        return value

    def read(self, text):
        return (text, False) if text in self.words else None

    def write(self, value):
        return value


@dataclass(frozen=True)
class Words:
    """Some of a set of words, each once, in any order: `rows=B10__A1`; none is `rows=-`."""

    words: tuple

    def clamp(self, value):
        return tuple(dict.fromkeys(word for word in value if word in self.words))

    def read(self, text):
        if text == "-":
            return (), False
        asked = tuple(text.split("__"))
        value = self.clamp(asked)
        return (value, value != asked) if value else None

    def write(self, value):
        return "__".join(value) or "-"


@dataclass(frozen=True)
class Flag:
    """Yes or no: `bias=1`."""

    def clamp(self, value):
        return bool(value)

    def read(self, text):
        value = {"1": True, "0": False, "true": True, "false": False}.get(text.lower())
        return None if value is None else (value, False)

    def write(self, value):
        return "1" if value else "0"


@dataclass(frozen=True)
class Numbers:
    """Planes of rows of numbers: `1_2__3_4___5_6__7_8` is two planes of two rows of two cells.

    Underscores pass through every link as they are. By hand `,` `;` and `|` may be written instead
    of one, two and three: `weight=1,0,-1;2,0,-2`. Held as nested tuples [plane][row][col], all
    planes alike.
    """

    planes: int
    rows: int
    cols: int
    largest: float = LARGEST

    def clamp(self, value):
        if value is None:
            return None
        return tuple(
            tuple(tuple(cell if abs(cell) >= LEAST else 0.0 for cell in row) for row in plane)
            for plane in value
        )

    def read(self, text):
        if re.search("[,;|][,;|_]|_[,;|]", text):  # a number is missing between two marks
            return None
        text = text.replace("|", "___").replace(";", "__").replace(",", "_")
        planes = tuple(
            tuple(tuple(number(cell) for cell in row.split("_")) for row in plane.split("__"))
            for plane in text.split("___")
        )
        shapes = {(len(plane), len(row)) for plane in planes for row in plane}
        if len(shapes) != 1 or len(planes) > self.planes:
            return None
        rows, cols = shapes.pop()
        if rows > self.rows or cols > self.cols:
            return None
        cells = [cell for plane in planes for row in plane for cell in row]
        if any(cell is None or abs(cell) > self.largest for cell in cells):
            return None
        return self.clamp(planes), False

    def write(self, value):
        return "___".join("__".join("_".join(map(_shortest, row)) for row in p) for p in value)

    def plain(self, value):
        """As it is written by hand: `1,0,-1;2,0,-2`."""
        return self.write(value).replace("___", "|").replace("__", ";").replace("_", ",")


SHOWN_CELLS = ("kernel_size", "stride", "padding", "output_padding", "dilation")  # of a layer


@dataclass(frozen=True)
class Layers:
    """Layers as PyTorch code on one line: `layers=Conv2d(3, 8, 5);ReLU()`."""

    largest: int  # of SHOWN_CELLS

    def clamp(self, value):
        return value

    def read(self, text):
        try:
            layers = torch_code.parse(text)
        except torch_code.CodeError:
            return None
        return (layers, False) if not self.too_large(layers) else None

    def too_large(self, layers):
        """The first (place, name) of a number that is larger than a page can show, or None."""
        for place, layer in enumerate(layers, 1):
            for name in SHOWN_CELLS:
                value = getattr(layer, name, None)
                numbers = value if isinstance(value, tuple) else (value,)
                if any(isinstance(n, int) and n > self.largest for n in numbers):
                    return place, name
        return None

    def write(self, value):
        return ";".join(torch_code.line(layer) for layer in value)


@dataclass(frozen=True)
class Sizes:
    """Channels, rows and columns: `shape=3x128x128`."""

    highs: tuple

    def clamp(self, value):
        return tuple(Whole(1, high).clamp(n) for n, high in zip(value, self.highs, strict=True))

    def read(self, text):
        numbers = [number(part) for part in text.split("x", 3)]
        if len(numbers) != len(self.highs) or None in numbers:
            return None
        wholes = [math.floor(n + 0.5) if math.isfinite(n) else 10**9 for n in numbers]
        value = self.clamp(wholes)
        return value, list(value) != numbers

    def write(self, value):
        return "x".join(map(str, value))


def _wholes(texts, low, high):
    """([value, ...], whether any was mended), or None when one of the texts is no number."""
    readings = [Whole(low, high).read(text) for text in texts]
    if None in readings:
        return None
    return [value for value, _ in readings], any(mended for _, mended in readings)


def _shortest(value):
    """The shortest text that reads back as the same float: 3, -1.5, 1e-07."""
    text = repr(float(value))
    return text.removesuffix(".0").replace("e+", "e")
