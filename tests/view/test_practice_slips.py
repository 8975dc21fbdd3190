"""The obvious slip is recognised: a sentence about each, true of what was typed."""

import pytest

from convview.practice import EXERCISES, check, question
from tests.view.slips import SLIPS
from tests.view.slips.said import clauses, equal, means, typed, unfounded

SOME = 8
SEEDS = [*range(SOME), *(pytest.param(n, marks=pytest.mark.matrix) for n in range(SOME, 201))]


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
