"""Exercises: every row, its answer as in the courses, fresh numbers, and a checker that listens."""

import re

import numpy as np
import pytest

from convcore import (
    conv2d_backward,
    conv2d_matrix,
    conv_output_size,
    same_padding,
    sigmoid,
    softmax,
)
from convview import query
from convview.params import Gradients, Pooling, Slide
from convview.practice import EXERCISES, check, question, spelling
from tests.view.shown import SHOWN

ROWS = [
    f"{part}{n}"
    for part, count in (("A", 8), ("B", 15), ("C", 6), ("D", 5), ("E", 7))
    for n in range(1, count + 1)
]
COURSE = {  # the answers of the courses
    "A1": (4, 5), "A1, unread": [[0] * 11] * 9 + [[1] * 11], "A2": 2, "A4": (3, 2, 1),
    "A6": (1, 2, 1, 2, 3),
    "A7": (1, 2, 2, 5), "A8": (1, 2, 3), "B10": (15, 18, 26, 30, 7, 8),
    "B10, same": (18, 26, 30, 7), "B10, valid": (26, 30), "B11": (64, 32, 32), "B12": 8 - 3 - 3 + 2,
    "B14": 8 + 3 + 3 - 2, "B9": 1 * 32 * 16 + 1 * 32 * 64, "C2": 3 * 3 / (12 * 12), "C3": 20.5,
    "E5": 2, "D2, which": 0, "D5, where": [[0, 1, 0], [0, 1, 0], [1, 0, 0]],
    "B15, which": 1, "E7, linear": 0, "B9, which": 1,
}  # fmt: skip
VARIANTS = 200


def spelled(kind, answer):
    """An answer as somebody would type it."""
    answer = np.asarray(answer, float)
    if kind in ("matrix", "cells"):
        return "; ".join(" ".join(f"{n:.9g}" for n in row) for row in answer)
    between = " x " if kind == "shape" else ", "
    return between.join(f"{n:.9g}" for n in answer.ravel())


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_an_exercise(row):
    assert row in EXERCISES


@pytest.mark.parametrize("row", COURSE)
def test_the_answers_of_the_courses(row):
    np.testing.assert_allclose(question(row).answer, COURSE[row], rtol=1e-12)


@pytest.mark.parametrize("row", EXERCISES)
def test_fresh_numbers_are_possible_and_can_be_answered(row):
    drawn = set()
    for seed in range(VARIANTS):
        asked = question(row, seed)
        answer = np.asarray(asked.answer, float)
        assert np.isfinite(answer).all()
        assert answer.size
        assert len(asked.hints) == 2
        assert all((*asked.solution, *asked.hints, asked.words))
        drawn.add(asked.words)
        assert check(asked, spelled(asked.kind, answer)).right
    assert len(drawn) > 3


@pytest.mark.parametrize("row", EXERCISES)
@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_the_link_opens_what_it_asks(row, seed):
    params = question(row, seed).params
    link = {name: [text] for name, text in query.write(params).items()}
    assert query.read(type(params), link) == (params, [])
    assert SHOWN[type(params)](params)


def said(pattern, words):
    match = re.search(pattern, words, re.IGNORECASE)
    return match and int(match[1])


@pytest.mark.parametrize("row", EXERCISES)
def test_the_page_has_the_layer_of_the_words(row):
    for seed in range(12):
        asked = question(row, seed)
        params = asked.params
        if not isinstance(params, (Slide, Gradients, Pooling)):
            continue
        windows = params.kernel_size if isinstance(params, Pooling) else (1, 1)
        stride = said(r"stride (\d+)", asked.words)
        for axis in (0, 1) if params.size[0] > 1 else (1,):
            assert params.stride[axis] == (stride or windows[axis])
            assert params.dilation[axis] == (said(r"dilation (\d+)", asked.words) or 1)
        if params.padding in ("full", "same"):
            assert params.padding in asked.words or row == "E5"
        else:
            own = said(r"padding (\d+)", asked.words) or 0
            assert params.padding == ((own, own), (own, own))


@pytest.mark.parametrize("row", ["B13", "B15", "C5", "C6", "D3", "E3"])
@pytest.mark.parametrize("seed", range(12))
def test_the_page_comes_to_the_same_gradient(row, seed):
    asked = question(row, seed)
    p = asked.params
    x = np.zeros((1, *p.size)) if p.x is None else np.array(p.x)
    shown = conv2d_backward(np.array(p.grad_y), x, np.array(p.weight)[:, None], p.stride, p.padding)
    found = shown.weight[:, 0] if p.view == "weight" else shown.x
    np.testing.assert_array_equal(found[0].reshape(np.shape(asked.answer)), asked.answer)


@pytest.mark.parametrize(
    "text",
    [
        "y = 4x5",
        "4x5",
        "4 x 5",
        "4 × 5",
        "(4, 5)",
        "4 by 5",
        "4 BY 5",
        "[4,5]",
        "4*5",
        " 4  5 ",
        "４x5",
        "４ｘ５",
        "(4,5).",
        "4 and 5",
        "4 x\u200b 5",
    ],
)
def test_spellings_of_a_shape(text):
    assert check(question("A1"), text).right


@pytest.mark.parametrize(
    ("row", "seed", "text"),
    [("C2", 0, "1/16"), ("C2", 0, "9/144"), ("C2", 0, "0.0625"), ("B7", 0, "−1/32"),
     ("B7", 0, "-0.03125"), ("B9", 0, "2,560"), ("B9", 0, "2,560.0"), ("E7", 0, "4, 1"),
     ("C2", 0, "¹/₁₆"), ("C3", 0, "20.5"), ("C3", 0, "41/2"),
     ("B4", 0, "1/8, 1/4, 5/8"), ("B4", 0, "0.125 0.25 0.625"), ("B3", 0, "0.119"),
     ("B3", 0, "0,119"), ("B3", 0, "≈ 0.1192"), ("B3", 0, "11.9 %"), ("B3", 0, "1.19e-1"),
     ("B5", 0, "z = 2"), ("C2", 0, "6.25 %"), ("C2", 0, "6,25%"), ("C3", 0, "20½"),
     ("C3", 0, "20 1/2"), ("C3", 0, "20,5"), ("B4", 0, "12.5 %, 25 %, 62.5 %"),
     ("B4", 0, "0,125; 0,25; 0,625"), ("B4", 0, "⅛ ¼ ⅝"), ("B10", 0, "15; 18; 26; 30; 7; 8")],
)  # fmt: skip
def test_spellings_of_a_number(row, seed, text):
    assert check(question(row, seed), text).right


@pytest.mark.parametrize(
    "text", ["", "four by five", "4x", "<b>4</b>", "nan", "inf", "1/0", "x" * 9999]
)
def test_what_cannot_be_read_is_refused_kindly(text):
    verdict = check(question("A1"), text)
    assert not verdict.right
    if text != "4x":
        assert verdict.right is None
        long = len(text) > spelling.LONGEST
        assert ("characters are read" if long else "such as 4x5") in verdict.words


def test_what_is_wrong_is_said_of_this_answer():
    first = question("A1")
    assert "rounded down" in check(first, "4.5 x 5").words
    assert "swapped" in check(first, "5 by 4").words
    assert "stride 1" in check(first, "8x9").words
    assert "has 2 numbers; 3 typed" in check(first, "1 4 5").words
    assert "flip was forgotten" in check(question("B10"), "5 6 22 26 21 24").words
    assert "shape of the output" in check(question("A8"), "1x2").words
    assert "another size" in check(question("C6"), "1 2; 3 4").words


@pytest.mark.parametrize("text", ["1" + "0" * 400 + "/3", "1e999 x 3", "1e999", "9" * 500])
def test_numbers_beyond_all_bounds_are_not_read(text):
    for row in ("A1", "B9", "C6", "B10"):
        assert check(question(row), text).right is not True
    assert not any(np.isfinite(one.values).all() for one in spelling.readings("number", text))


@pytest.mark.parametrize("row", EXERCISES)
def test_no_wrong_way_leads_to_the_right_answer(row):
    for seed in range(1, 40):
        assert not question(row, seed).misleading


def test_fresh_numbers_are_not_those_of_the_course():
    for row in EXERCISES:
        course = question(row).words
        assert all(question(row, seed).words != course for seed in range(1, 30))


@pytest.mark.parametrize("seed", range(20))
def test_what_the_questions_rest_on(seed):
    """The identities behind B5 and B6, the size of a Jacobian, the rows without a gradient."""
    asked = question("B5", seed)
    np.testing.assert_allclose(softmax(asked.params.x)[0], sigmoid(float(asked.answer)), rtol=1e-12)
    asked = question("B6", seed)
    np.testing.assert_allclose(softmax(asked.params.x), softmax(asked.answer), rtol=1e-12)
    asked = question("A7", seed)
    f, out, c, n = asked.answer
    (_, k), (_, s) = asked.params.kernel_size, asked.params.stride
    assert conv2d_matrix(np.ones((f, c, 1, k)), (c, 1, n), (1, s)).shape == (f * out, c * n)
    asked = question("E4", seed)
    (n, _), (k, _), (s, _) = asked.params.size, asked.params.kernel_size, asked.params.stride
    out = conv_output_size(n, k, s)
    x, g = np.zeros((1, 1, n, n)), np.ones((1, 1, out, out))
    grad = conv2d_backward(g, x, np.ones((1, 1, k, k)), s).x[0, 0]
    assert asked.answer == (grad == 0).all(1).sum()
    asked = question("E5", seed)
    (k, _), (d, _) = asked.params.kernel_size, asked.params.dilation
    assert same_padding(4 * k, k, dilation=d) == (asked.answer, asked.answer)


def test_an_answer_that_was_rounded_is_told_so():
    assert "rounded too far" in check(question("B7"), "-0.03").words


def test_a_cell_is_not_called_a_rounding():
    assert "rounded" not in check(question("C3"), "21").words


def test_more_than_is_read_is_not_right():
    assert check(question("A1"), "4x5" + " " * 3000 + "7").right is None


def test_a_near_miss_is_not_taken():
    assert not check(question("B9"), "2561").right
    assert not check(question("A2"), "2.01").right
    assert not check(question("C2"), "0.06").right
