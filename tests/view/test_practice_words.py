"""Every sentence of an exercise: its arithmetic evaluated, what else it says recomputed."""

import re

import numpy as np
import pytest

from convview.practice import EXERCISES, question
from tests.sentences import arithmetic, language
from tests.view.practice_kinds import ASKS, KINDS, array
from tests.view.slips import SLIPS

SOME = 8
SEEDS = [*range(SOME), *(pytest.param(n, marks=pytest.mark.matrix) for n in range(SOME, 201))]
TYPED = [row for row in EXERCISES if question(row).kind not in ("cells", "choice")]
ARITHMETIC = {  # where a sentence may say an equation and nothing else
    "B4", "B5", "B7", "B9", "B9, which", "C2", "D1", "E2", "E4", "E5", "E6", "E7",
}  # fmt: skip
BRACKETS = re.compile(r"\[\[.*?\]\]|\[[−\d., ]+\]")


def evaluated(text):
    """What is left of a sentence without the equations that have been evaluated."""
    for equation in arithmetic.equations(text):
        text = text.replace(equation.left.text, "").replace(
            f"{equation.sign} {equation.right.text}", ""
        )
    return text


def faults(asked, row, text):
    """What is wrong with a sentence of a hint or a solution."""
    wrong = arithmetic.wrong(text)
    if text in ASKS:
        return wrong
    known = 0
    for rows, one in KINDS:
        pattern, readers = one.rule
        match = pattern.fullmatch(text) if row in rows else None
        if match:
            known += 1
            values = {name: None if said is None else readers[name](said)
                      for name, said in match.groupdict().items()}  # fmt: skip
            try:
                right = one.check(asked, **values)
            except (ValueError, SyntaxError, NameError, ZeroDivisionError):
                right = False
            wrong += [] if right else [f"{one.name} does not hold"]
    rest = evaluated(text)
    if not known and (row not in ARITHMETIC or rest == text or re.search(r"\d", rest)):
        wrong.append("no check knows it")
    return wrong


@pytest.mark.parametrize("row", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_hints_and_solutions_hold(row, seed):
    asked = question(row, seed)
    for text in (*asked.hints, *asked.solution):
        assert not faults(asked, row, text), (text, asked.words)


@pytest.mark.parametrize("row", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_written_is_readable_and_its_arithmetic_holds(row, seed):
    asked = question(row, seed)
    said = (asked.words, *asked.hints, *asked.solution, *asked.options)
    for text in (*said, *(words for _, words in asked.slips)):
        assert not arithmetic.wrong(text), text
        assert not language.faults(text), text


@pytest.mark.parametrize(
    "row", [row for row in EXERCISES if question(row).kind not in ("cells", "choice")]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_solution_holds_the_answer(row, seed):
    asked = question(row, seed)
    answer, text = np.array(asked.answer, float), " ".join(asked.solution)
    if asked.kind in ("row", "matrix") and row != "B4":
        assert any(np.array_equal(array(one), answer) for one in BRACKETS.findall(text)), text
        return
    text = text.replace("−", "-").replace(",", "")
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]
    numbers += [int(a) / int(b) for a, b in re.findall(r"(-?\d+)/(\d+)", text)]
    for value in answer.ravel():
        assert np.isclose(numbers, value, rtol=5e-3, atol=0).any() or value in numbers, text


@pytest.mark.parametrize("row", EXERCISES)
def test_a_number_changed_is_a_fault(row):
    """In each sentence of hints and solutions that has one, as far as it claims something."""
    for seed in range(4):
        asked = question(row, seed)
        for text in (*asked.hints, *asked.solution):
            if text in ASKS:
                continue
            for match in re.finditer(r"(?<![\w²′'])\d+(?:\.\d+)?(?!\w*\])", text):
                digits = match[0]
                changed = digits[:-1] + str((int(digits[-1]) + 1) % 10)
                false = text[: match.start()] + changed + text[match.end() :]
                assert faults(asked, row, false), (text, false)


COMMON = {  # what is commonly got wrong: the words of the slip by which it is recognised
    "A1": ("the part of a window that does not fit: the size is rounded down", "not rounded down"),
    "A1, unread": (
        "taking the columns for the rows: what is left over is found on each axis by itself",
        "rows and columns are swapped",
    ),
    "A2": ("rounding up: what is left over holds no window", "rounded up"),
    "A3": ("putting dilation 0 for a dense kernel into this formula: it is 1",
           "as if the dilation were 0"),
    "A4": ("the same kernel: only a symmetric one hides the difference", "the same kernel"),
    "A6": ("a shape without the axes of the filters, of which y has one and W another",
           "axes of the filters are missing"),
    "A7": ("the last axis: it runs over the inputs, not over the taps", "not over the"),
    "A8": ("the shape of the output", "the shape of the output"),
    "B15": ("the full correlation for every layer: back through a full layer it is a valid one",
            "that is the full correlation with flip(w2); it is the valid one"),
    "B15, which": (
        "the full correlation for every layer: back through a full layer it is a valid one",
        "numbers; h1 has",
    ),
    "C3": (
        "expecting a peak on the point from a window of an even size, which has no middle cell; in "
        "SciPy the window is scipy.signal.windows.gaussian",
        "no middle cell",
    ),
}  # fmt: skip


def test_what_is_commonly_got_wrong_is_recognised():
    assert {one.row: one.slip for one in EXERCISES.values() if one.slip} == {
        row: said for row, (said, _) in COMMON.items()
    }
    for row, (said, words) in COMMON.items():
        assert not language.faults(said)
        slips = [clause for seed in range(SOME) for clause, _ in SLIPS[row](question(row, seed))]
        assert any(words in clause for clause in slips), (row, slips)


NAMES = re.compile(r"(?<![\w'])([b-hj-zB-HJ-Z](?:_\w+)?|[a-z]\d)(?![\w'(])")
INTRODUCED = (
    r"(?:with|over|from|and|of|for|padding|dilation|stride|Jacobians?|,) {0}\b(?![\[(])|"
    r"{0}(?:\[\d\])? (?:=|is)|\[[^\]]*\b{0}\b[^\]]*\]"
)
USUAL = {"x", "y", "J", "K", "H", "L"}  # input, output, Jacobian, classes, the step, the loss


def unknown_names(asked, text, before=""):
    """Letters of a sentence that neither the question nor anything before it has named."""
    apart = re.sub(r"\[[^\]]*\]", "[0]", text)  # an index runs over what is there
    return [
        name for name in dict.fromkeys(NAMES.findall(apart))
        if not re.search(rf"(?<![A-Za-z]){name}(?!\w)", asked.words + before)
        and name not in USUAL
        and not re.search(INTRODUCED.format(name), text, re.IGNORECASE)
    ]  # fmt: skip


@pytest.mark.parametrize("row", EXERCISES)
def test_a_name_in_a_hint_or_a_solution_is_one_that_was_said(row):
    for seed in range(4):
        asked = question(row, seed)
        for text in asked.hints:
            before = " ".join(asked.hints[: asked.hints.index(text)])
            assert not unknown_names(asked, text, before), text
        solution = " ".join(asked.solution)
        assert not unknown_names(asked, solution, " ".join(asked.hints)), solution


def test_a_name_that_nobody_has_said_is_found():
    for row, text, name in (
        ("D3", "dL/dw[u, v] = sum over i, j of g[i, j] x[3i + u, 3j + v].", "g"),
        ("C1", "floor((H − H_K + 2p) / s) + 1, and so for W.", "H_K"),
        ("B12", "d − k1 − k2 + 2.", "k1"), ("E1", "F[kh, kw] x_pad[hS + kh] + b", "x_pad"),
    ):  # fmt: skip
        assert name in unknown_names(question(row), text)
