"""How typed numbers are read: one rule for every field.

- In a number a point or a comma is the decimal sign, and commas, points, spaces or apostrophes may
  set groups of three digits apart. Where that is open, as in 1,728 and 1.728, there are two
  readings, one for each decimal sign; the first takes the point for it.
- In a row numbers are set apart by semicolons; else by x, ×, *, by, and; else by commas with a
  space; else by spaces; else by commas. What stands between those is one number: 0,5 1,5 are two
  numbers, 1,2,3 are three. Where a weaker sign can be read as well, that is one more reading.
- In cells each cell is one number.

Whoever judges an answer takes the reading that is right, where one is.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

import numpy as np

BLANK = "_"  # of a matrix, a cell with nothing in it
LONGEST = 2000  # characters
_SAME = str.maketrans({
    "−": "-", "–": "-", "﹣": "-", "－": "-", "\u2044": "/", "’": "'",
    **dict.fromkeys("[](){}", " "),
})  # fmt: skip
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = {
    point: re.compile(rf"[+-]?[1-9]\d{{0,2}}([{other} '])\d{{3}}(\1\d{{3}})*({point}\d*)?")
    for point, other in ((r"\.", ","), (",", "."))
}
_MIXED = re.compile(r"([+-]?)(\d+)[ &](\d+)/(\d+)")
_PART = re.compile(r"(\d?)(\s*)([¼½¾⅐-⅞])")
_NAME = re.compile(r"\s*(?:[A-Za-z][\w/]*)?\s*[=≈]\s*")
_WORDS = r"[x×*]|by|and"
_BETWEEN = tuple(
    re.compile(signs, re.IGNORECASE)
    for signs in (";", _WORDS, r",\s+", r",?\s+", rf"(?:[,\s]|{_WORDS})+")
)


@dataclass(frozen=True)
class Reading:
    """What a text may say: its numbers, infinite where too large, and whether % was written."""

    values: np.ndarray
    percent: bool


def readings(kind, text, nouns=()):
    """All that `text` may say in a field of this kind, likeliest first.

    nouns : words, in the singular, that may stand with a number

    >>> [one.values.tolist() for one in readings("row", "4,5")]
    [[4.5], [4.0, 5.0]]
    >>> [one.values.tolist() for one in readings("shape", "4,0 x 5,0 cells", ("cell",))][:1]
    [[4.0, 5.0]]
    >>> [one.values.tolist() for one in readings("matrix", "[[1, 2], [3, 4]]")]
    [[[1.0, 2.0], [3.0, 4.0]]]
    """
    if len(text) > LONGEST:
        return []
    if nouns:
        words = "|".join(nouns)
        text = re.sub(rf"(?<![^\W\d_])(?:{words})(?:e?s)?(?![^\W\d_])", "  ", text, flags=re.I)
    found = []
    for point in _GROUPED:
        for reading in _READERS[kind](text, point):
            if not any(np.array_equal(reading.values, one.values) for one in found):
                found.append(reading)
    return found


def _reading(read):
    """The Reading of [(number, whether in percent), ...] or rows of them."""
    pairs = np.array(read, float)
    return Reading(pairs[..., 0], bool(pairs[..., 1].any()))


def _single(text, point):
    one = _one(_tidy(text), point)
    return [] if one is None else [_reading(one)]


def _row(text, point):
    """The numbers of a row, for each sign that may set them apart."""
    text = _tidy(text)
    for between in _BETWEEN:
        read = [_one(part, point) for part in between.split(text) if part.strip()]
        if read and None not in read:
            yield _reading(read)


def _rows(text, point):
    """A matrix: rows by semicolons, line breaks or brackets."""
    cells = [[_one(_tidy(cell), point) for cell in row] for row in cells_of(text)]
    rows = [[*_pairs(row, point)][-1] for row in _lines(text) if "[" in text or ", " in text]
    for read in (cells, rows):
        if read and not any(None in row for row in read) and len({*map(len, read)}) == 1:
            yield _reading(read)


def _pairs(text, point):
    yield [None]
    for reading in _row(text, point):
        yield [(value, reading.percent) for value in reading.values]


def _lines(text):
    text = re.sub(r"\]\s*,?\s*\[", ";", text.strip())
    return [line for line in re.split(r"[;\n]", text) if line.strip("[](){} ")]


def cells_of(text):
    """What was typed into each cell of a matrix, in rows; no plain space is within a cell."""
    return [line.strip(" ").split(" ") for line in _lines(text)]


def unread_cells(text):
    """[(row, column), ...] of the cells that hold no number."""
    return [
        (r, c) for r, row in enumerate(cells_of(text)) for c, cell in enumerate(row)
        if not readings("number", cell)
    ]  # fmt: skip


_READERS = {"number": _single, "choice": _single, "shape": _row, "row": _row,
            "matrix": _rows, "cells": _rows}  # fmt: skip


def _tidy(text):
    """One spelling for what looks alike, without a name before it or a full stop behind it."""
    text = _PART.sub(_written_out, text)
    text = unicodedata.normalize("NFKC", text)  # full-width digits, thin spaces
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    name = _NAME.match(text)
    text = (text[name.end() :] if name else text).translate(_SAME).rstrip(". ").strip()
    text = re.sub(r"\s*/\s*", "/", re.sub(r"\s+%", "%", text))
    return re.sub(r"([+-])\s+(?=[\d.,])", r"\1", text)


def _written_out(found):
    """1/2 of ½; 20&1/2 of 20½."""
    digit, space, part = found.groups()
    between = "&" if digit and not space else " "
    return digit + between + unicodedata.normalize("NFKC", part).translate(_SAME)


def _one(text, point):
    """(the number, whether in percent), or None."""
    text = text.strip()
    percent = text.endswith("%")
    value = _fraction(text.rstrip("%").strip() if percent else text, point)
    if value is None or text.endswith("%%"):
        return None
    return value / 100 if percent else value, percent


def _fraction(text, point):
    mixed = _MIXED.fullmatch(text)
    if mixed and int(mixed[3]) < int(mixed[4]):
        size = float(mixed[2]) + float(mixed[3]) / float(mixed[4])
        return -size if mixed[1] == "-" else size
    above, stroke, below = text.partition("/")
    above, below = _decimal(above, point), _decimal(below, point) if stroke else 1.0
    if above is None or not below:
        return None
    value = above / below
    return math.inf if math.isnan(value) else value


def _decimal(text, point):
    grouped = _GROUPED[point].fullmatch(text)
    if grouped:
        text = text.replace(grouped[1], "")
    text = text.replace(",", ".")
    return float(text) if _PLAIN.fullmatch(text) else None
