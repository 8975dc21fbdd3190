"""The kinds of sentence in hints and solutions, and how numbers are read in them."""

import ast
import re

import numpy as np

from tests.sentences.claims import Kind

KINDS = []
RULES = {  # the same for all numbers; they ask, or say what is done
    "Where is H 0, where is it 1?",
    "Padding makes the input larger by 2p.",
    "The bias goes into every output with the factor 1.",
    "Start with 1 and go from the input on.",
    "r = 1 + sum of (k − 1) times the jump before.",
    "The sum of each, divided by 4.",
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
