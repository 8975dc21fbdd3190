"""The kinds of sentence in hints and solutions, and how numbers are read in them."""

import ast
import re

import numpy as np

from tests.sentences.claims import Kind

KINDS = []
ASKS = {  # questions, and what to do next: nothing is claimed
    "On each axis: how many steps can the window make after it has stood at the start?",
    "Place the windows one by one.",
    "Where is H 0, where is it 1?",
    "Take one layer at a time.",
    "Has the window a middle cell?",
    "One row first.",
    "Which rows does no window read?",
    "Start with 1 and go from the input on.",
    "Pool x + z, then x and z alone.",
}


def kind(rows, *templates):
    """A check of sentences of these rows: {name:d} is a number, {name} any text."""

    def kept(check):
        for template in templates:
            KINDS.append((rows.split("; "), Kind(check.__name__, template, check, (), "")))
        return check

    return kept


def array(text):
    return np.array(ast.literal_eval(text.replace("−", "-")), float)


def is_answer(asked, text):
    return np.array_equal(array(text), np.array(asked.answer, float))


def lists(text):
    return [int(part) for part in re.findall(r"\d+", text)]


def shape(text):
    return tuple(int(part) for part in text.split(" × "))
