"""The obvious slip is recognised: a sentence about each, true of what was typed."""

import re

import numpy as np
import pytest

from convview.practice import EXERCISES, check, question
from tests.view.slips import SLIPS

SOME = 25
SEEDS = [*range(SOME), *(pytest.param(n, marks=pytest.mark.matrix) for n in range(SOME, 201))]
DIGITS = re.compile(r"\d[\d,.]*(?<![,.])")


def typed(asked, answer):
    """An answer in full, in the spelling of its kind."""
    answer = np.asarray(answer, float)
    if asked.kind in ("matrix", "cells"):
        return "; ".join(" ".join(f"{n:.15g}" for n in row) for row in answer)
    return (" x " if asked.kind == "shape" else ", ").join(f"{n:.15g}" for n in answer.ravel())


def equal(one, other):
    """To the last digit that is typed, noise of floating point aside."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-9)


def near(one, other):
    """As `equal`, where three digits may be typed."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, rtol=6e-3, atol=1e-9)


def clauses(said):
    """What a sentence says may have been done."""
    parts = said.rstrip(".").removeprefix("Either ").lower().split("; or ")
    return parts if len(parts) > 1 else [said.rstrip(".").lower()]


def means(words, clause):
    """Whether a clause says what these words say, and no number besides theirs."""
    rest = list(DIGITS.findall(words))
    for digits in DIGITS.findall(clause):
        if digits not in rest:
            return False
        rest.remove(digits)
    more = any(
        part in clause and part not in words
        for part in (", and the bias", ", and the flip", ", with rows")
    )
    return words.lower() in clause and not more


@pytest.mark.parametrize("row", EXERCISES)
def test_every_exercise_has_its_list(row):
    assert len(list(SLIPS[row](question(row)))) >= (1 if question(row).kind == "choice" else 3)


@pytest.mark.parametrize("row", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_obvious_slip_is_recognised(row, seed):
    asked = question(row, seed)
    for words, wrong in SLIPS[row](asked):
        verdict = check(asked, typed(asked, wrong))
        if equal(wrong, asked.answer):
            assert verdict.right, (words, wrong)
        else:
            assert verdict.right is False, (words, wrong)
            assert any(means(words, clause) for clause in clauses(verdict.words)), (
                words, wrong, verdict.words, asked.words,
            )  # fmt: skip


def unfounded(asked, slips, wrong, said):
    """The clauses of a sentence that no slip of the list accounts for."""
    ways = [words for words, answer in slips if near(answer, wrong)]
    return [one for one in clauses(said) if not any(means(words, one) for words in ways)]


@pytest.mark.parametrize("row", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_sentence_about_a_slip_is_on_the_list(row, seed):
    asked = question(row, seed)
    slips = list(SLIPS[row](asked))
    for wrong, said in asked.slips:
        assert not equal(wrong, asked.answer)
        assert not unfounded(asked, slips, wrong, said), (said, wrong, asked.words)


@pytest.mark.parametrize("row", [row for row in EXERCISES if len(question(row).slips) > 1])
def test_the_sentence_of_another_slip_is_a_fault(row):
    for seed in range(5):
        asked = question(row, seed)
        slips = list(SLIPS[row](asked))
        for (wrong, said), (_, other) in zip(asked.slips, asked.slips[1:], strict=False):
            shared = set(clauses(said)) >= set(clauses(other))
            assert shared or unfounded(asked, slips, wrong, other), (wrong, other)


@pytest.mark.parametrize("row", EXERCISES)
def test_a_sentence_names_what_gives_this_answer_once(row):
    for seed in range(SOME):
        said = [words for _, words in question(row, seed).slips]
        assert all(words[0].isupper() or not words[0].isalpha() for words in said)
        for words in said:
            assert len(set(clauses(words))) == len(clauses(words))
