"""What is said of an answer that a person types."""

import math
import re
from dataclasses import dataclass

import numpy as np

from convview.labels import MINUS, counted
from convview.practice.spelling import BLANK, LONGEST, readings, unread_cells

EXACT = 1e-9  # of whole numbers and fractions
ENOUGH = 3  # significant digits
NEAR = 2  # units of the last of these digits
NAMED = 4  # cells that one sentence names
COUNTED = ("cell", "pixel", "number", "value")  # may stand with a number, whatever is asked
IN_WORDS = ("row", "column", "output", "input", "multiplication", "product", "parameter", "channel",
            "map", "filter", "layer", "class")  # where the question has them  # fmt: skip
SPELLINGS = {
    "number": "one number, such as 4, 0.5 or 1/2",
    "shape": "sizes in their order, such as 4x5, 4 by 5 or (4, 5)",
    "row": "numbers in their order, such as 1 2 3 or 1, 2, 3",
    "matrix": "a number into each cell, such as −3, 0.5 or 1/2",
    "cells": "mark them",
    "choice": "choose one",
}


@dataclass(frozen=True)
class Verdict:
    """right : None where the text could not be read; words : a sentence about this answer."""

    right: bool | None
    words: str


def same(one, other):
    """Whether two answers say the same, up to the digits that are usually typed."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and bool(_alike(one, other).all())


def _alike(typed, exact):
    """Where the numbers of two answers say the same.

    A whole number is typed in full; another number may be off by half a unit of its third
    significant digit, above and below alike. Halves, quarters and eighths from 1 on are so short
    that they are typed in full, or rounded to three digits or more.
    """
    off, size = np.abs(typed - exact), np.abs(exact)
    short = (np.abs(8 * exact - np.round(8 * exact)) < EXACT) & (size >= 1)
    whole = np.abs(exact - np.round(exact)) < EXACT
    half = 0.5 * _third(exact) * (1 + EXACT)
    near = off <= np.where(whole | short, EXACT * size, half) + 1e-12
    kept = [_shortened(*pair) or (0, "") for pair in zip(typed.flat, exact.flat, strict=True)]
    rounded = [digits >= ENOUGH and way == "rounded" for digits, way in kept]
    return near | (~whole & np.reshape(rounded, off.shape))


def _third(exact):
    """The unit of the third significant digit."""
    size = np.maximum(np.abs(exact), EXACT) * (1 + EXACT)  # 0.1 that comes out as 0.09999999999
    return 10.0 ** (np.floor(np.log10(size)) - ENOUGH + 1)


def _shortened(typed, exact):
    """(digits, "rounded" or "cut off") where `typed` has fewer digits of `exact`, or None.

    >>> _shortened(0.12, 0.1192), _shortened(0.11, 0.1192), _shortened(0.125, 0.1192)
    ((2, 'rounded'), (2, 'cut off'), None)
    """
    if not exact or not typed:
        return None
    for digits in range(1, 16):
        unit = float(_third(exact)) * 10.0 ** (ENOUGH - digits)
        if abs(typed / unit - round(typed / unit)) > 1e-6:
            continue
        off, larger = abs(typed - exact), abs(typed) > abs(exact)
        if math.isclose(off, unit / 2):  # a five is rounded up, or to the even digit
            return digits, "rounded" if larger or round(typed / unit) % 2 == 0 else "cut off"
        if off < unit / 2:
            return digits, "rounded"
        return (digits, "cut off") if off < unit * (1 - EXACT) and not larger else None
    return None


def check(question, text):
    """The Verdict on what was typed."""
    if len(text) > LONGEST:
        return Verdict(None, f"Up to {LONGEST:,} characters are read; that is {len(text):,}.")
    found = readings(question.kind, text, _nouns(question, text))
    if not found:
        return Verdict(None, _unread(question.kind, text))
    found = [one for one in found if np.isfinite(one.values).all()]
    if not found:
        return Verdict(None, "That is a number too large to be checked.")
    if found[0].percent and not _is_share(question.answer):
        return Verdict(None, "No percentage is asked for: type the number without the sign %.")
    if any(same(one.values, question.answer) for one in found):
        return Verdict(True, "Right.")
    for one in found:
        for wrong, words in question.slips:
            if same(one.values, wrong):
                return Verdict(False, words)
    size = np.shape(question.answer)
    likeliest = next((one for one in found if one.values.shape == size), found[0])
    return Verdict(False, _unlike(question, likeliest.values))


def _nouns(question, text):
    """What may be counted in this answer; sizes are those of rows and columns, in that order."""
    own = [noun for noun in IN_WORDS if re.search(rf"\b{noun}(e?s)?\b", question.words)]
    if question.kind == "shape" and not re.search("column.*row", text, re.IGNORECASE):
        own += ["row", "column"]
    return *COUNTED, *own


def _is_share(answer):
    """Whether these numbers may be given in percent."""
    answer = np.asarray(answer, float)
    return bool((np.abs(answer) <= 1).all() and (np.abs(answer - np.round(answer)) > EXACT).any())


def _unread(kind, text):
    """Why nothing can be said of this answer."""
    if kind == "choice":
        return "Choose one of them first."
    empty = text.replace(";", " ").split().count(BLANK)
    if kind == "matrix" and empty:
        return f"{empty} {'cell is' if empty == 1 else 'cells are'} still empty."
    return f"{_which(kind, text)}. Type {SPELLINGS[kind]}."


def _which(kind, text):
    """What was not read: of several cells, which."""
    cells = [f"row {row}, column {column}" for row, column in unread_cells(text)]
    if kind != "matrix" or not cells:
        return "That was not read"
    if len(cells) > NAMED:
        cells[NAMED - 1 :] = [counted(len(cells) - NAMED + 1, "other cell")]
    return f"Not read: {'; '.join(cells)}"


def _unlike(question, found):
    """What can be said of a wrong answer that nobody has foreseen."""
    answer = np.asarray(question.answer, float)
    if question.kind == "cells":
        return _marked(question, found != 0, answer)
    if found.shape != answer.shape:
        if answer.ndim == 2:
            size, typed = ("{} × {}".format(*one.shape) for one in (answer, found))
            return f"It has another size: {typed} was typed, it is {size}."
        return f"It has {counted(answer.size, 'number')}; {found.size} typed."
    if question.kind == "shape" and (found % 1).any():
        return "A size is a whole number."
    return _mirrored(found, answer) or _nearly(question.kind, found, answer) or "Not yet."


def _mirrored(found, answer):
    """The right numbers in other places, or with the other sign."""
    if answer.ndim and same(found[::-1], answer):
        return f"The right {'numbers' if answer.ndim == 1 else 'rows'}, in reverse order."
    if answer.ndim == 2 and found.shape[0] == found.shape[1] and same(found.T, answer):
        return "The right numbers, with rows and columns swapped."
    if answer.ndim and same(np.sort(found, None), np.sort(answer, None)):
        return "The right numbers, in another order."
    if same(-found, answer):
        return f"The right {'numbers' if answer.ndim else 'amount'}, with the wrong sign."
    return ""


def _nearly(kind, found, answer):
    """How near it is."""
    whole = not (np.abs(answer - np.round(answer)) > EXACT).any()
    off = np.abs(found - answer)
    if kind == "number" and whole and off == 1:
        return f"Close: 1 too {'large' if found > answer else 'small'}."
    if kind == "shape" and off.max() == 1:
        verb = "is" if off.sum() == 1 else "are"
        return f"Close: {int(off.sum())} of the {counted(off.size, 'size')} {verb} off by one."
    short = _short(found, answer)
    if short and not whole:
        return f"Close, but {short}: three significant digits are enough."
    if short and not answer.ndim:
        return f"Close, but {short}: all digits of this whole number are asked for."
    if not whole and not answer.ndim and off <= NEAR * _third(answer):
        typed = f"{float(found):.12g}".replace("-", MINUS)
        return f"Close, but {typed} is no rounding of it to three significant digits or more."
    right = int(_alike(found, answer).sum())
    if answer.ndim and right:
        verb = "is" if right == 1 else "are"
        return f"{right} of the {counted(answer.size, 'number')} {verb} right."
    return ""


def _short(found, answer):
    """What was done to the digits of the answer, if that is all that is wrong."""
    done = set()
    alike = _alike(found, answer)
    for typed, exact, right in zip(found.flat, answer.flat, alike.flat, strict=True):
        digits, way = _shortened(typed, exact) or (0, "")
        whole = abs(exact - round(exact)) <= EXACT
        if way == "cut off" and digits >= ENOUGH and not whole:
            way = "cut off, not rounded"
        elif way:
            way = {"cut off": "cut off too early", "rounded": "rounded too far"}[way]
        if not right:
            done.add(way if digits > whole else "")
    if "" in done:
        return ""
    return min(done)  # cut off, where some are


def _marked(question, found, answer):
    """What can be said of cells that were marked."""
    if found.shape != answer.shape:
        return "Those are other cells. Mark them once more."
    many, few = np.argwhere(found > answer), int((answer > found).sum())
    if len(many):
        row, column = many[0].tolist()
        return f"Not row {row}, column {column}: {question.why(row, column)}."
    if not found.any():
        return "None is marked yet."
    return f"All of these, and {few} more."
