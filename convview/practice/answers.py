"""What a person types as an answer, read in the spellings that people use."""

import math
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from convview.labels import counted

EXACT = 1e-9  # of whole numbers and fractions
CLOSE = 5e-3  # of what has more digits than anybody types, and at most 1 of the third digit
ENOUGH = 3  # significant digits
_MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-", "\u2044": "/"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_COMMA = re.compile(r"[+-]?\d*,\d+")
_FRACTION = re.compile(r"([+-]?)(?:(\d+) )?(\d+)/(\d+)")
_HALF = re.compile(r"(\d?)\s*([¼½¾⅐-⅞])")
_NAME = re.compile(r"\s*(?:[A-Za-z][\w/]*)?\s*[=≈]\s*")
_BETWEEN = re.compile(r"\s*(?:x|×|\*|by|and|,|\s)\s*", re.IGNORECASE)
BLANK = "_"  # of a matrix, a cell with nothing in it
LONGEST, LONGEST_NUMBER = 2000, 60  # characters


def number(text):
    """The number that `text` spells: 0.5, 0,5, 1/2, −3, 1e4, 50 %; None if it spells none.

    >>> number("1/2"), number("−3"), number(" 65,536 "), number("3 0")
    (0.5, -3.0, 65536.0, None)
    >>> number("6.25 %"), number("0,119"), number("20 1/2")
    (0.0625, 0.119, 20.5)
    """
    text = text.strip().translate(_MINUS).strip("[](){} ")
    if text.endswith("%"):
        part = number(text[:-1])
        return None if part is None else part / 100
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    text = re.sub(r"\s*/\s*", "/", text)
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction[4]) and len(text) < LONGEST_NUMBER:
        size = int(fraction[2] or 0) + Fraction(int(fraction[3]), int(fraction[4]))
        return float(-size if fraction[1] == "-" else size)
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def row(text):
    """Numbers in a row, or the sizes of a shape: `4x5`, `4 x 5`, `(4, 5)`, `4 by 5`, `1 2 3`.

    >>> row("4x5"), row("4 × 5"), row("(4, 5)"), row("4 by 5"), row("[15 18 26]"), row("four")
    ((4.0, 5.0), (4.0, 5.0), (4.0, 5.0), (4.0, 5.0), (15.0, 18.0, 26.0), None)
    >>> row("12.5 %, 25 %"), row("0,5; 1,5")
    ((0.125, 0.25), (0.5, 1.5))
    """
    text = re.sub(r"\s*/\s*", "/", text.strip().translate(_MINUS)).strip("[](){} ")
    text = re.sub(r"\s+%", "%", text)
    parts = text.split(";") if ";" in text else [part for part in _BETWEEN.split(text) if part]
    values = tuple(number(part) for part in parts)
    return values if values and None not in values else None


def rows(text):
    """A matrix: rows by semicolons, line breaks or brackets.

    >>> rows("1 2; 3 4"), rows("[[1, 2], [3, 4]]"), rows("1 2; 3")
    (((1.0, 2.0), (3.0, 4.0)), ((1.0, 2.0), (3.0, 4.0)), None)
    """
    text = re.sub(r"\]\s*,?\s*\[", ";", text.strip())
    lines = [line for line in re.split(r"[;\n]", text) if line.strip("[](){} ")]
    found = tuple(row(line) for line in lines)
    if not found or None in found or len({len(one) for one in found}) > 1:
        return None
    return found


READERS = {
    "number": (number, "one number, such as 4, 0.5 or 1/2"),
    "shape": (row, "sizes in their order, such as 4x5, 4 by 5 or (4, 5)"),
    "row": (row, "numbers in their order, such as 1 2 3 or 1, 2, 3"),
    "matrix": (rows, "a number into each cell, such as −3, 0.5 or 1/2"),
    "cells": (rows, "mark them"),
    "choice": (number, "choose one"),
}


@dataclass(frozen=True)
class Verdict:
    """right : None where the text could not be read; words : a sentence about this answer."""

    right: bool | None
    words: str


def read(kind, text):
    """What was typed as an array, or None."""
    if len(text) > LONGEST:
        return None
    reader, _ = READERS[kind]
    text = _HALF.sub(lambda found: f"{found[1]} {_as_fraction(found[2])}", text)
    text = unicodedata.normalize("NFKC", text)  # full-width digits
    text = "".join(char for char in text if unicodedata.category(char) != "Cf").rstrip(". ")
    name = _NAME.match(text)
    value = reader(text[name.end() :] if name else text)
    return None if value is None else np.array(value, float)


def _as_fraction(char):
    """1/2 of ½."""
    return unicodedata.normalize("NFKC", char).translate(_MINUS)


def same(one, other):
    """Whether two answers say the same, up to the digits that are usually typed."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and bool(_alike(one, other).all())


def _alike(one, other):
    """Where the numbers of two answers say the same."""
    eighths = np.abs(8 * other - np.round(8 * other)) < EXACT  # whole numbers, halves, quarters
    size = np.maximum(np.abs(other), 1e-9)
    third = 10.0 ** (np.floor(np.log10(size)) - 2)
    allowed = np.where(eighths & (size >= 1), EXACT * size, np.minimum(CLOSE * size, third))
    near = np.abs(one - other) <= allowed + 1e-12
    kept = [_shortened(*pair) or (0, "") for pair in zip(one.flat, other.flat, strict=True)]
    enough = np.reshape([digits >= ENOUGH for digits, _ in kept], one.shape)
    return near | (enough & (np.abs(other - np.round(other)) > EXACT))


def _shortened(typed, exact):
    """(digits, "rounded" or "cut off") where `typed` has fewer digits of `exact`, or None.

    >>> _shortened(0.12, 0.1192), _shortened(0.11, 0.1192), _shortened(0.125, 0.1192)
    ((2, 'rounded'), (2, 'cut off'), None)
    """
    if not exact or not typed:
        return None
    for digits in range(1, 16):
        unit = 10.0 ** (math.floor(math.log10(abs(exact))) - digits + 1)
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
    found = read(question.kind, text)
    if found is None:
        return Verdict(None, _unread(question.kind, text))
    if same(found, question.answer):
        return Verdict(True, "Right.")
    for wrong, words in question.slips:
        if same(found, wrong):
            return Verdict(False, words)
    return Verdict(False, _unlike(question, found))


def _unread(kind, text):
    """Why nothing can be said of this answer."""
    if kind == "choice":
        return "Choose one of them first."
    empty = text.replace(";", " ").split().count(BLANK)
    if kind == "matrix" and empty:
        return f"{empty} {'cell is' if empty == 1 else 'cells are'} still empty."
    _, spelling = READERS[kind]
    return f"That was not read. Type {spelling}."


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
        if not right:
            done.add(way if digits > (abs(exact - round(exact)) <= EXACT) else "")
    if "" in done:
        return ""
    return "cut off too early" if "cut off" in done else "rounded too far"


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
