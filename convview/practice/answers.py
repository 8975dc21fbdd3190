"""What a person types as an answer, read in the spellings that people use."""

import math
import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

EXACT = 1e-9  # of whole numbers and fractions
CLOSE = 5e-3  # of what has more digits than anybody types, and at most 1 of the third digit
_MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)")
_BETWEEN = re.compile(r"\s*(?:x|×|\*|by|and|,|\s)\s*", re.IGNORECASE)
BLANK = "_"  # of a matrix, a cell with nothing in it
LONGEST, LONGEST_NUMBER = 2000, 60  # characters


def number(text):
    """The number that `text` spells: 0.5, 1/2, −3, 1e4; None if it spells none.

    >>> number("1/2"), number("−3"), number(" 65,536 "), number("3 0")
    (0.5, -3.0, 65536.0, None)
    """
    text = text.strip().translate(_MINUS).strip("[](){}= ")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        text = text.replace(",", "")
    text = re.sub(r"\s*/\s*", "/", text)
    fraction = _FRACTION.fullmatch(text)
    if fraction and int(fraction[2]) and len(text) < LONGEST_NUMBER:
        return float(Fraction(int(fraction[1]), int(fraction[2])))
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def row(text):
    """Numbers in a row, or the sizes of a shape: `4x5`, `4 x 5`, `(4, 5)`, `4 by 5`, `1 2 3`.

    >>> row("4x5"), row("4 × 5"), row("(4, 5)"), row("4 by 5"), row("[15 18 26]"), row("four")
    ((4.0, 5.0), (4.0, 5.0), (4.0, 5.0), (4.0, 5.0), (15.0, 18.0, 26.0), None)
    """
    text = re.sub(r"\s*/\s*", "/", text.strip().translate(_MINUS)).strip("[](){}= ")
    parts = [part for part in _BETWEEN.split(text) if part]
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
    reader, _ = READERS[kind]
    text = unicodedata.normalize("NFKC", text).replace("\u2044", "/")  # full-width digits, ½
    text = "".join(char for char in text if unicodedata.category(char) != "Cf").rstrip(". ")
    value = reader(text) if len(text) <= LONGEST else None
    return None if value is None else np.array(value, float)


def same(one, other):
    """Whether two answers say the same, up to the digits that are usually typed."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    if one.shape != other.shape:
        return False
    whole = np.abs(8 * other - np.round(8 * other)) < EXACT  # and halves, quarters, eighths
    size = np.maximum(np.abs(other), 1e-9)
    third = 10.0 ** (np.floor(np.log10(size)) - 2)
    allowed = np.where(whole & (size >= 1), EXACT * size, np.minimum(CLOSE * size, third))
    return bool((np.abs(one - other) <= allowed + 1e-12).all())


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
        return f"{empty} {'cell is' if empty == 1 else 'cells are'} empty still."
    _, spelling = READERS[kind]
    return f"That was not read. Type {spelling}."


def _unlike(question, found):
    """What can be said of a wrong answer that nobody has foreseen."""
    answer = np.asarray(question.answer, float)
    if question.kind == "cells":
        return _marked(question, found, answer)
    if found.shape != answer.shape:
        if answer.ndim == 2:
            size, typed = ("{} × {}".format(*one.shape) for one in (answer, found))
            return f"It has another size: {typed} was typed, it is {size}."
        return f"It has {answer.size} numbers; {found.size} typed."
    if question.kind == "shape" and (found % 1).any():
        return "A size is a whole number: round down, for a window that does not fit is left out."
    if answer.ndim and same(found[::-1], answer):
        return f"The right {'numbers' if answer.ndim == 1 else 'rows'}, in reverse order."
    if answer.ndim == 2 and found.shape[0] == found.shape[1] and same(found.T, answer):
        return "The right numbers, with rows and columns swapped."
    if same(-found, answer):
        return "The right size of it, with the wrong sign."
    if question.kind == "shape" and np.abs(found - answer).max() == 1:
        return "Close: off by one."
    if (8 * answer % 1).any() and np.allclose(found, answer, rtol=0.05, atol=6e-3):
        return "Close, but rounded too far: three significant digits are enough."
    right = int((np.abs(found - answer) <= 1e-9 + CLOSE * np.abs(answer)).sum())
    if answer.size > 1 and right:
        return f"{right} of the {answer.size} numbers {'is' if right == 1 else 'are'} right."
    return "Not yet."


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
