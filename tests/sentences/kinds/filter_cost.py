"""What a filter costs: counts by counting, the core's choice by its rules, times by their form."""

import math
import re

import numpy as np
from scipy import fft, ndimage

from convcore import conv2d
from convcore.sums import fastest
from convcore.taps import shared_axis
from tests.sentences.claims import kind
from tests.sentences.kinds.filters import is_answered
from tests.sentences.pictures import slack, weight

COLUMNS, ROWS = "Direct: windows gathered, one matrix product", "Direct: each row of the kernel a product of its own"  # noqa: E501
SHIFTS, FACTORS, FFT = "Direct: whole rows shifted", "Separable: a column, then a row", "By spectra (FFT), in tiles"  # noqa: E501
WAYS = {"columns": COLUMNS, "rows": ROWS, "shifts": SHIFTS, "factors": FACTORS, "fft": FFT}
QUICK = 20_000_000  # products that are measured
CHOICE = " (the core's choice)"


def shape(state):
    """(rows, columns, kernel rows, kernel columns, channels)"""
    channels, height, width = state.made.answer.x.shape
    return height, width, *weight(state.params).shape, channels


def is_separable(state):
    size = np.linalg.svd(weight(state.params), compute_uv=False)
    return size.max() > 0 and (size > 1e-13 * size.max()).sum() == 1


def choice(state, height, width):
    """The rules of the core for one channel, one filter, stride 1, as they are documented."""
    _, _, tall, wide, _ = shape(state)
    if height * width < 16_384:
        return "columns"
    if min(tall, wide) >= 7 and is_separable(state):
        return "factors"
    if tall * wide >= 121:
        return "fft"
    return "shifts" if width >= 96 else "columns"


def transformed(side, reach):
    """Side of the tiles along an axis of this many cells."""
    whole = fft.next_fast_len(side + reach - 1, real=True)
    costs = {}
    for tile in (96, 128, 160, 192, 240, 288, whole):
        if reach < tile < whole or tile == whole:
            each = math.ceil(side / (tile - reach + 1)) * tile * math.log2(tile)
            costs[tile] = each * (1.7 if tile > 288 else 1)
    return min(costs, key=costs.get)


def products(state, way, height, width, channels):
    _, _, tall, wide, _ = shape(state)
    if way == "factors":
        return height * width * channels * (tall + wide)
    if way != "fft":
        return height * width * channels * tall * wide
    rows, cols = transformed(height, tall), transformed(width, wide)
    tiles = math.ceil(height / (rows - tall + 1)) * math.ceil(width / (cols - wide + 1))
    once = rows * cols * math.log2(rows * cols)
    return once + channels * tiles * (2 * once + 2 * rows * cols)


def corner(state):
    """(rows, columns) that are measured."""
    height, width, *_ = shape(state)
    for side in (256, 64):
        rows, cols = min(side, height), min(side, width)
        if products(state, choice(state, rows, cols), rows, cols, 1) <= QUICK:
            break
    return rows, cols


def is_cost(state):
    return state.params.view == "cost" and len(state.made.table) == 6 and is_answered(state)


def table(state):
    """{way: (count, milliseconds), as written}, and the ways that are marked."""
    found, marked = {}, []
    for name, title in WAYS.items():
        row = next(row for row in state.made.table if row[0].removesuffix(CHOICE) == title)
        found[name] = row[1:]
        marked += [name] * row[0].endswith(CHOICE)
    return found, marked


def milliseconds(text):
    return float(text.replace(",", "")) if re.fullmatch(r"[\d.,]+", text) else None


@kind("Way | Multiplications for {of:s} | Milliseconds for {cells:s}[[, {one}]]", place="head")
def head_of_costs(state, of, cells, one):
    height, width, *_, channels = shape(state)
    return (
        is_cost(state)
        and of == (height, width)
        and cells == corner(state)
        and (one == "one channel") == (channels > 1)
        and table(state)[1] == [choice(state, *cells)]
    )


def _row(way):
    forms = [f"{WAYS[way]}[[{{mark}}]] | {{count}} | {{took}}"]
    if way == "factors":  # which not every filter is
        forms.append(f"{WAYS[way]} | {{count}} | ")

    @kind(*forms, place="row")
    def row(state, count, took="", mark=None):
        if not is_cost(state):
            return False
        height, width, *_, channels = shape(state)
        if way == "factors" and not is_separable(state):
            return (count, took, mark) == ("not possible here", "", None)
        number = products(state, way, height, width, channels)
        about = f"about {int(float(f'{number:.3g}')):,}"
        counted = count == (about if way == "fft" else f"{round(number):,}")
        slow = products(state, way, *corner(state), 1) > QUICK
        timed = took == "too many to measure" if slow else (milliseconds(took) or 0) > 0
        written = took == table(state)[0][way][1]
        is_choice = choice(state, *corner(state)) == way
        return counted and timed and written and (mark == CHOICE) == is_choice

    row.__name__ = f"cost_of_{way}"


for _way in WAYS:
    _row(_way)


CHOSEN = (
    "The core (convcore, the part of this app that convolves) chooses “{title}” for {cells:s} "
    "cells, because {{}}."
)
OUTPUTS = "{outputs:d} outputs are at least {large:d}"
WHICH = "[[its smaller side, {side:d}, is less than {two:d}]][[{rank}]]"


def is_chosen(state, title, cells):
    """Whether this way is the core's: by its rules, and as it is marked in the table."""
    way = choice(state, *corner(state))
    return is_cost(state) and cells == corner(state) and title == WAYS[way] and way


def taps(state, tall, wide, many):
    return (tall, wide) == weight(state.params).shape and many == tall * wide


def is_not_two_passes(state, side, two, rank):
    """Why the core does not take two passes."""
    least = min(weight(state.params).shape)
    if least < 7:
        return side == least and two == 7 and rank is None
    return rank == "it is no column times a row" and not is_separable(state) and side is None


@kind(CHOSEN.replace("{{}}", "{outputs:d} outputs are fewer than {large:d}, and then it is this "
                     "way for every filter"))  # fmt: skip
def chosen_for_few(state, cells, title, outputs, large):
    """For filters of every size and kind: a product of a column and a row, and none."""
    x = state.made.answer.x[None, :1, : cells[0], : cells[1]]
    ways = set()
    for side in (1, 3, 7, 15, 31):
        axes = [shared_axis(n, side, 1, (side // 2, side // 2), 1) for n in cells]
        for w in (np.ones((side, side)), np.cos(np.arange(side * side) ** 2).reshape(side, side)):
            ways.add(fastest(x, w[None, None], *axes))
    return (
        is_chosen(state, title, cells) == "columns"
        and outputs == math.prod(cells) < large == 128**2
        and ways == {"columns"}
    )


@kind(CHOSEN.replace("{{}}", f"{OUTPUTS}, the filter's smaller side, {{side:d}}, is at least "
                     "{two:d}, and it is a column times a row"))  # fmt: skip
def chosen_two_passes(state, cells, title, outputs, large, side, two):
    least = min(weight(state.params).shape)
    return (
        is_chosen(state, title, cells) == "factors"
        and outputs == cells[0] * cells[1] >= large == 128**2
        and side == least >= two == 7
        and is_separable(state)
    )


@kind(CHOSEN.replace("{{}}", f"{OUTPUTS}, the filter's {{a:d}} × {{b:d}} = {{many:d}} taps are at "
                     f"least {{spectral:d}}, and {WHICH}"))  # fmt: skip
def chosen_spectra(state, cells, title, outputs, large, a, b, many, spectral, side, two, rank):
    return (
        is_chosen(state, title, cells) == "fft"
        and outputs == cells[0] * cells[1] >= large == 128**2
        and taps(state, a, b, many)
        and many >= spectral == 121
        and is_not_two_passes(state, side, two, rank)
    )


@kind(CHOSEN.replace("{{}}", "rows of {n:d} outputs are {how} {least:d}, the filter's {a:d} × "
                     f"{{b:d}} = {{many:d}} taps are fewer than {{spectral:d}}, and {WHICH}"))  # fmt: skip  # noqa: E501
def chosen_direct(state, cells, title, n, how, least, a, b, many, spectral, side, two, rank):
    return (
        is_chosen(state, title, cells) == ("shifts" if how == "at least" else "columns")
        and n == cells[1]
        and least == 96
        and how == ("at least" if n >= 96 else "shorter than")
        and taps(state, a, b, many)
        and many < spectral == 121
        and is_not_two_passes(state, side, two, rank)
    )


QUICKER = "On this server another way is quicker, “{title}”: {took} ms, the core's choice {own} ms."


def quickest(state):
    """(way, its milliseconds, the choice's), as the table writes them; None where it is best."""
    found, marked = table(state)
    took = {way: milliseconds(row[1]) for way, row in found.items()}
    took = {way: ms for way, ms in took.items() if ms is not None}
    best = min(took, key=took.get)
    return (best, took[best], took[marked[0]]) if took[best] < took[marked[0]] else None


@kind(QUICKER)
def another_is_quicker(state, title, took, own):
    if not is_cost(state) or not quickest(state):
        return False
    way, best, choice_took = quickest(state)
    return title == WAYS[way] and (milliseconds(took), milliseconds(own)) == (best, choice_took)


@kind("The core chooses by sizes, without measuring.")
def without_measuring(state):
    """Said with it, and only then."""
    return is_cost(state) and quickest(state) is not None and table(state)[1] == [
        choice(state, *corner(state))
    ]  # fmt: skip


@kind("Milliseconds are this server's, rounded: medians of {rounds:d} measurements, the ways in "
      "turn, after one of each that does not count.")  # fmt: skip
def measured(state, rounds):
    """Where another way is quicker, a sentence says so; the number of rounds is what was made."""
    if not is_cost(state) or not 3 <= rounds <= 7:
        return False
    said = any(note.startswith("On this server another way") for note in state.made.notes)
    return said == (quickest(state) is not None) and rounds == made_rounds(state)


def made_rounds(state):
    """As the notes say: the only place where it stands."""
    return int(re.search(r"medians of (\d+) measurements", " ".join(state.made.notes))[1])


@kind("Each direct way: [[{c:d} · ]]{h:d} · {w:d} · {tall:d} · {wide:d} = {many:d}.")
def direct_count(state, c, h, w, tall, wide, many):
    """As the rows of the direct ways have it."""
    height, width, *reach, channels = shape(state)
    return (
        is_cost(state)
        and (h, w, tall, wide) == (height, width, *reach)
        and (c or 1) == channels
        and (c is None) == (channels == 1)
        and all(table(state)[0][way][0] == f"{many:,}" for way in ("columns", "rows", "shifts"))
    )


@kind("Separable, both passes counted at the outputs alone: [[{c:d} · ]]{h:d} · {w:d} · ({tall:d} "
      "+ {wide:d}) = {many:d}.")  # fmt: skip
def separable_count(state, c, h, w, tall, wide, many):
    """Said where it is possible, and the row has this number."""
    height, width, *reach, channels = shape(state)
    return (
        is_cost(state)
        and is_separable(state)
        and (h, w, tall, wide) == (height, width, *reach)
        and (c or 1) == channels
        and (c is None) == (channels == 1)
        and table(state)[0]["factors"][0] == f"{many:,}"
    )


def tiling(state):
    """(sides of a tile, tiles along each axis), and the channels."""
    height, width, tall, wide, channels = shape(state)
    sides = transformed(height, tall), transformed(width, wide)
    across = [
        math.ceil(size / (side - reach + 1))
        for size, side, reach in zip((height, width), sides, (tall, wide), strict=True)
    ]
    return sides, across, channels


@kind("By spectra: [[{c:d} · ]]{a:d} · {b:d} = {n:d} {tile:w} of {sides:s} = {cells:d} cells.")
def tiles_of_spectra(state, c, a, b, n, tile, sides, cells):
    if not is_cost(state):
        return False
    wanted, across, channels = tiling(state)
    return (
        sides == wanted
        and [a, b] == across
        and (c or 1) == channels
        and (c is None) == (channels == 1)
        and n == channels * a * b
        and tile == "tile" + "s" * (n != 1)
        and cells == math.prod(sides)
    )


@kind("A transform of so many counts as {n:d} · log₂({of:d}); the filter takes one, each tile two "
      "and 2 · {more:d} more for the product of spectra: in all (1 + 2 · {tiles:d}) · {n1:d} · "
      "log₂({n2:d}) + {again:d} · 2 · {n3:d} ≈ {total:d}.")  # fmt: skip
def count_of_spectra(state, n, of, more, tiles, n1, n2, again, n3, total):
    """What is written comes to the number of the table."""
    if not is_cost(state):
        return False
    sides, across, channels = tiling(state)
    written = (1 + 2 * tiles) * n1 * math.log2(n2) + again * 2 * n3
    return (
        {n, of, more, n1, n2, n3} == {math.prod(sides)}
        and tiles == again == channels * math.prod(across)
        and abs(total - written) <= 0.5
        and table(state)[0]["fft"][0] == f"about {int(float(f'{written:.3g}')):,}"
    )


LITERAL = (
    "Literal loops, a smaller test of its own (the first {cells:s} cells, {what}, stride {s:d}, "
    "zeros around): {count:d} multiplications, those with the zeros included, in {slow} ms; the "
    "fast way there {fast} ms, medians of {rounds:d}; largest difference between their answers: "
    "{off}."
)


@kind(LITERAL)
def literal_loops(state, what, s, cells, count, slow, fast, rounds, off):
    height, width, tall, wide, channels = shape(state)
    if not is_cost(state):
        return False
    outputs = math.ceil(cells[0] / 2) * math.ceil(cells[1] / 2)
    several = f"{channels} channels summed" if channels > 1 else "1 channel"
    sides = {(min(n, height), min(n, width)) for n in (24, 16, 12, 8, 4)}
    notes = " ".join(state.made.notes)
    return (
        what == several
        and s == 2
        and cells in sides
        and count == outputs * tall * wide * channels
        and (milliseconds(slow) or 0) > 0 < (milliseconds(fast) or 0)
        and f"medians of {rounds};" in notes
        and (f"{slow} ms; the fast way there {fast} ms" in notes)
        and off.startswith("≈ ") == (off != "0")
        and float(off.removeprefix("≈ ").replace("−", "-")) <= slack(state)
        and f"largest difference between their answers: {off}." in notes
    )


@kind("Every way gives the same numbers, but for rounding.")
def the_same_numbers(state):
    """Each of those that are possible, beside SciPy, on a corner."""
    if not is_cost(state):
        return False
    w = weight(state.params)
    x = np.ascontiguousarray(state.made.answer.x[0, :40, :36])
    expected = ndimage.correlate(x, w, mode="constant")
    pads = [[n // 2, n - 1 - n // 2] for n in w.shape]
    ways = [way for way in WAYS if way != "factors" or is_separable(state)]
    answers = [conv2d(x[None], w[None, None], padding=pads, method=way)[0] for way in ways]
    return all(np.abs(one - expected).max() <= 100 * slack(state) for one in answers)
