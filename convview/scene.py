"""A scene: everything the stage draws, as plain data.

Python decides what is true (values, labels, colour levels, positions, tap tables, sentences); the
browser only draws. Indices in a scene are positions in the grid that is shown, padding included;
`Line.names` gives the coordinate a reader would write.
"""

import base64
import hashlib
import json
import math
from dataclasses import dataclass, field, replace

import numpy as np

from convview import labels, theme

DIGITS_UP_TO = 16  # cells per axis; a larger grid is a heat map with a magnified window
CELLS_UP_TO = 32  # and with its padding
POOLING = ("picks", "decides", "divisors", "shares", "inexact", "skips")  # of a sweep over windows
PLACES, ROUNDING = 9, 1e-14  # of decimals that are typed; of their sums, beside the largest term
HEX = np.frombuffer(b"0123456789abcdef", np.uint8)


@dataclass(frozen=True)
class Line:
    """The positions along one axis of a grid.

    names : coordinate of each position; padding before the first cell counts -1, -2, ...
    marks : {position: words}, of "pad" and the reason why no window reads it
    source : the position that each position is a copy of (reflect, replicate, circular), or None
    """

    names: list
    marks: dict = field(default_factory=dict)
    source: list | None = None

    @classmethod
    def plain(cls, size):
        return cls(list(range(size)))

    @property
    def real(self):
        """How many positions are not padding."""
        return len(self.names) - sum(mark.startswith("pad") for mark in self.marks.values())

    def data(self):
        data = {"names": self.names}
        if self.marks:
            data["marks"] = {str(position): mark for position, mark in self.marks.items()}
        if self.source:
            data["source"] = self.source
        return data


@dataclass(frozen=True)
class Grid:
    """Planes of cells (P, R, C) drawn under one title.

    On the way to the browser each distinct number stands once, with its label and its colour
    level; a cell says which one it holds. A move of a slider sends every grid, so they are short.

    role : colour of the outline, the title and the digits in the written sum
    across : planes side by side, or None for as many as suit the space
    history : where a sweep scatters into this grid, the value of the cell after each product, in
        the order of its steps, pairs and taps
    differs : (P, R, C) of bool, the cells to be marked as different from what they stand beside
    axes : the axes that a cell's index names, of a vector one; places : the index of each plane
        before them, by default its number where there are several: w[filter, channel, row, column]
    scale : of sums, how large their terms can be (`scale_of` the operands); else 0. A sum that is a
        decimal but for rounding is that decimal: 0.4 + 0.5 - 0.9 is 0, not 5.55e-17
    of : the grid of a sweep's steps with whose cells these come, if they are another form of them
    """

    name: str
    title: str
    note: str
    role: str
    values: np.ndarray
    rows: Line
    cols: Line
    planes: tuple = ("",)
    across: int | None = None
    editable: bool = False
    history: np.ndarray | None = None
    differs: np.ndarray | None = None
    axes: tuple = ("rows", "cols")
    places: tuple | None = None
    scale: float = 0.0
    of: str | None = None

    @property
    def heat(self):
        """Whether it is drawn without digits."""
        lines = (self.rows, self.cols)
        return (
            max(line.real for line in lines) > DIGITS_UP_TO
            or max(len(line.names) for line in lines) > CELLS_UP_TO
        )

    def data(self):
        values = self.values.ravel() + 0.0  # no minus zero
        if self.history is not None:
            values = np.concatenate([values, self.history + 0.0, [0.0]])  # 0: before the first
        numbers, entries = np.unique(settled(values, self.scale), return_inverse=True)
        cells, history = entries[: self.values.size], entries[self.values.size : -1]
        finite = np.abs(numbers[np.isfinite(numbers)])
        levels = theme.level(numbers, float(finite.max(initial=0.0)))
        digits = len(f"{len(numbers) - 1:x}")  # of a cell: which of the numbers it holds
        texts = [labels.label(number) for number in numbers]
        written = _numbers(numbers)
        return {
            "name": self.name,
            "title": self.title,
            "note": self.note,
            "role": self.role,
            "across": self.across,
            "editable": self.editable,
            "heat": self.heat,
            "rows": self.rows.data(),
            "cols": self.cols.data(),
            "planes": list(self.planes),
            "axes": self.axes,
            "places": self.places or numbered(len(self.planes)),
            "values": written,
            "labels": " ".join(_where_other(texts, written)),
            "rounded": [n for n, text in enumerate(texts) if labels.is_rounded(numbers[n], text)],
            "levels": _hex(levels, 2),
            "cells": [_hex(plane, digits) for plane in cells.reshape(len(self.planes), -1)],
            "digits": digits,
            **({"history": _hex(history, digits)} if self.history is not None else {}),
            **({} if self.of is None else {"of": self.of}),
            **({} if self.differs is None else {"differs": np.flatnonzero(self.differs).tolist()}),
        }


@dataclass(frozen=True)
class Sweep:
    """Which cells meet at each step: the taps, as one table per axis and a list of planes.

    A step is a cell (plane f, row i, column j) of the grid `steps`, in row-major order. There, for
    each pair (read plane c, weight plane k) of `pairs[f]` and each tap (u, v), the cell
    (c, rows[i][u], cols[j][v]) of the grid `reads` meets the cell
    (k, weight_rows[u], weight_cols[v]) of the grid `weights`.

    mode : "gather" (what is read adds up to the step's cell) or "scatter" (the step's cell adds to
        what is then not read but written); of a pooling "max" and "average"
    columns : first and last column of the stage that belong to this sweep; words : those under
        which its sum is written
    bias, partials : names of the grids with the bias of each plane of `steps`, and with each read
        plane's part of the sum, or ""
    picks : of a pooling, for each step the tap that wins, counted in row-major order, or -1; where
        it scatters, only to this one; decides : then the grid whose numbers are compared
    divisors, shares : of an average, for each step the divisor, and what a cell gets of its
        gradient, as labels; inexact : the steps whose share is rounded
    skips : the mark of cells that a pooling passes by, "pad" or "overhang"
    """

    steps: str
    reads: str
    weights: str
    rows: list
    cols: list
    weight_rows: list
    weight_cols: list
    pairs: list
    mode: str = "gather"
    columns: tuple = (0, 2)
    words: tuple = (1, 2)
    bias: str = ""
    partials: str = ""
    picks: list | None = None
    decides: str = ""
    divisors: list | None = None
    shares: list | None = None
    inexact: list | None = None
    skips: str = ""

    def data(self):
        pooling = {name: getattr(self, name) for name in POOLING}
        return {
            **{name: value for name, value in pooling.items() if value},
            "mode": self.mode,
            "columns": self.columns,
            "words": self.words,
            "bias": self.bias,
            "partials": self.partials,
            "steps": self.steps,
            "reads": self.reads,
            "weights": self.weights,
            "rows": self.rows,
            "cols": self.cols,
            "weightRows": self.weight_rows,
            "weightCols": self.weight_cols,
            "pairs": self.pairs,
        }


@dataclass(frozen=True)
class Twin:
    """Cells drawn twice: (p, r, c) of `grid` is (planes[p], rows[r], cols[c]) of `other`."""

    grid: str
    other: str
    planes: list
    rows: list
    cols: list

    def data(self):
        """Both directions, as the stage looks them up."""
        back = [_inverse(positions) for positions in (self.planes, self.rows, self.cols)]
        return [
            _direction(self.grid, self.other, self.planes, self.rows, self.cols),
            _direction(self.other, self.grid, *back),
        ]


def _direction(grid, other, planes, rows, cols):
    return {"from": grid, "to": other, "planes": planes, "rows": rows, "cols": cols}


def _inverse(positions):
    size = max((position for position in positions if position is not None), default=-1) + 1
    inverse = [None] * size
    for here, there in enumerate(positions):
        if there is not None:
            inverse[there] = here
    return inverse


@dataclass(frozen=True)
class Scene:
    """What one stage shows: grids in columns, the sweeps over them, and the words.

    view : which of the lesson's views
    formula : lines of (text, role) spans; role "" is plain ink
    notes : short sentences under the picture
    symbols : {grid name: letter} for the written sum
    columns : (share of the width, names of the grids in it) from left to right; a grid in none is
        only looked up; "matrix" stands for the matrix
    mirrors : {grid name: grid it lies on}: its cells light up with those
    twins : cells that are drawn twice
    totals : {grid name: grid whose planes its cells sum up}
    matrix : a Jacobian to draw: see `stage/browser/matrix.js`
    """

    view: str
    grids: tuple
    columns: tuple
    sweeps: tuple
    formula: tuple = ()
    notes: tuple = ()
    symbols: dict = field(default_factory=dict)
    mirrors: dict = field(default_factory=dict)
    twins: tuple = ()
    totals: dict = field(default_factory=dict)
    matrix: dict | None = None
    predict: bool = False

    def grid(self, name):
        return next(grid for grid in self.grids if grid.name == name)

    def in_one_row(self):
        """The scene of a layer with one row, which no index names."""
        return replace(self, grids=tuple(replace(one, axes=("cols",)) for one in self.grids))

    def data(self):
        """The scene as plain data, of which JSON can be made."""
        return {
            "view": self.view,
            "grids": [grid.data() for grid in self.grids],
            "columns": [{"share": share, "grids": list(names)} for share, names in self.columns],
            "sweeps": [sweep.data() for sweep in self.sweeps],
            "formula": [[list(span) for span in line] for line in self.formula],
            "notes": list(self.notes),
            "symbols": self.symbols,
            "mirrors": self.mirrors,
            "twins": [direction for twin in self.twins for direction in twin.data()],
            "totals": self.totals,
            "matrix": self.matrix,
            "predict": self.predict,
        }

    def json(self):
        """The scene as JSON text; `rev` is a digest of all the rest."""
        text = json.dumps(self.data(), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        rev = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
        return f'{{"rev":"{rev}",{text[1:]}'


def numbered(count):
    """The index of each of so many planes; of one there is none."""
    return ((),) if count == 1 else tuple((n,) for n in range(count))


def scale_of(*operands):
    """The largest magnitude of a product of one cell of each."""
    return math.prod(float(np.abs(one).max(initial=0.0)) for one in operands)


def settled(sums, scale):
    """The sums, those that are within rounding of a decimal of few places as that decimal."""
    if not scale or (sums == np.rint(sums)).all():
        return sums
    near = np.where(np.abs(sums) < 1e6, np.round(sums, PLACES) + 0.0, np.nan)
    return np.where(np.abs(sums - near) <= ROUNDING * scale, near, sums)


def _numbers(numbers):
    """Numbers in the shorter of two exact forms: text in decimals, or base64 of their doubles."""
    shorts = [int(n) if abs(n) < 2**53 and n == int(n) else n for n in numbers.tolist()]
    text = " ".join(map(str, shorts)).replace("inf", "Infinity")  # as JavaScript reads it
    coded = base64.b64encode(numbers.astype("<f8").tobytes()).decode()
    return text if len(text) <= len(coded) + 1 else "=" + coded


def _where_other(texts, written):
    """The labels, empty where one says what the written number says, with a true minus sign."""
    if written.startswith("="):
        return texts
    pairs = zip(texts, written.split(" "), strict=True)
    return ["" if text == number.replace("-", labels.MINUS) else text for text, number in pairs]


def _hex(whole_numbers, digits):
    """Whole numbers of so many hexadecimal digits each."""
    shifts = 4 * np.arange(digits)[::-1]
    return HEX[whole_numbers.astype(np.int64)[..., None] >> shifts & 15].tobytes().decode()
