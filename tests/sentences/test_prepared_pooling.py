"""What the cards and the exercises say of pooling holds for the state that each stands on.

Every text has a check of its own, by brute force; a text without one fails, and each check says no
to the state of another text.
"""

import re

import numpy as np
import pytest

from convview.exercises import EXERCISES
from convview.lessons import CARDS
from convview.params import Pooling
from tests.sentences import brute, pools, shown
from tests.sentences.arithmetic import wrong

CHECKS = {}


def says(*texts):
    def registered(check):
        CHECKS.update(dict.fromkeys(texts, check))
        return check

    return registered


def prepared():
    """(text, params, step) of each text of a card or an exercise on pooling."""
    for card in CARDS:
        if isinstance(card.params, Pooling):
            yield card.title, card.params, card.step
            yield card.text, card.params, card.step
    for exercise in EXERCISES:
        if isinstance(exercise.params, Pooling):
            yield exercise.text, exercise.params, 0


PREPARED = list(prepared())


class Prepared:
    """A prepared state: what its page shows, and its windows by brute force."""

    def __init__(self, params, step=0):
        self.params, self.step = params, step
        self.state = shown.state(params)
        self.x = brute.typed_input(params)
        self.windows = pools.windows(params)
        self.drawn = {name for _, names in self.state.made.columns for name in names}

    def shows(self, **grids):
        """Whether these grids stand on the page, with these numbers."""
        return all(
            name in self.drawn
            and self.state.grid(name).shape == values.shape
            and np.allclose(self.state.grid(name), values, atol=1e-9)
            for name, values in grids.items()
        )

    def pooled(self, kind, x=None):
        x = self.x if x is None else x
        return self.windows.pooled(x, kind, self.params.count_include_pad)

    def at_step(self, name):
        return self.state.grid(name).ravel()[self.step]

    def back(self):
        return self.windows.back(self.x, self.state.grid("upstream"), "max")


@says("The largest wins", "Max pooling keeps one number of each window, average pooling a share of "
      "all.")  # fmt: skip
def one_number_or_all(at):
    """Each number of a window has a share in its average; its maximum is one of them."""
    read = at.windows.of(at.x, np.nan)
    most = at.pooled("max")
    shares = read / read.shape[-1]
    return (
        at.shows(output=most, output_average=shares.sum(-1))
        and (read == most[..., None]).any(-1).all()
        and at.at_step("output") > at.at_step("output_average")
    )


@says("The winner takes the gradient", "Backward, each upstream number goes to one cell; where "
      "windows overlap, they add.")  # fmt: skip
def to_one_cell(at):
    return is_routed(at) and wins_twice(at)


@says("Backward through max pooling: to the arg-max only; overlapping windows add")
def to_the_arg_max(at):
    return is_routed(at) and wins_twice(at)


def is_routed(at):
    if "upstream" not in at.drawn:
        return False
    winners = at.windows.winners(at.x)
    return (winners >= 0).all() and at.shows(grad_input=at.back())


def wins_twice(at):
    """Whether a cell is there that two windows give their numbers to."""
    return at.windows.back(at.x, np.ones(at.pooled("max").shape), "max").max() > 1


@says("Three libraries, three answers", "The same pooling in PyTorch, ONNX and TensorFlow: which "
      "cells differ, and why.")  # fmt: skip
def three_answers(at):
    """Each differs from both others, at the step where the card begins too; the notes say why."""
    names = ("output", "output_onnx", "output_tensorflow")
    answers = {name: at.state.grid(name) for name in names if name in at.drawn}
    notes = " ".join(at.state.made.notes)
    return (
        len(answers) == 3
        and at.shows(
            output=at.pooled("average"), output_onnx=pools.by_onnx(at.params),
            output_tensorflow=pools.by_jax(at.params, "SAME"),
        )
        and len({values.tobytes() for values in answers.values()}) == 3
        and len({round(at.at_step(name), 9) for name in names}) == 3
        and all(word in notes for word in ("ONNX's AveragePool", "TensorFlow's", "PyTorch's"))
    )  # fmt: skip


@says("R[i, j] = max of I[2i + a, 2j + b]: 1 + (7 − 3) / 2 = 3 rows, 1 + (9 − 3) / 2 = 4 columns")
def strided(at):
    if at.x.shape != (1, 7, 9):
        return False
    y = [
        [[at.x[0, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3].max() for j in range(4)] for i in range(3)]
    ]
    return at.shows(output=np.array(y))


@says("Max pooling and ReLU commute: in either order the same numbers")
def commute(at):
    y = np.maximum(at.pooled("max"), 0)
    return at.shows(after=y, output=y, pooled=at.pooled("max"))


@says("Average pooling is linear, max pooling is not: f(a + b) against f(a) + f(b)")
def linear(at):
    if "input_b" not in at.drawn:
        return False
    b = at.state.grid("input_b")
    apart = {
        kind: np.abs(at.pooled(kind) + at.pooled(kind, b) - at.pooled(kind, at.x + b)).max()
        for kind in ("average", "max")
    }
    both = at.pooled("average", at.x + b)
    return apart["average"] < 1e-9 < apart["max"] and at.shows(output=both, added=both)


@says("Two equal maxima in each window: the first gets the whole gradient")
def tie(at):
    equal = at.windows.equal(at.x)
    return (equal.sum(-1) == 2).all() and is_routed(at)


def photograph(factor, left):
    def check(at):
        rows, cols = at.params.kernel_size
        return (
            at.params.picture == "photo"
            and rows == cols == factor
            and at.shows(output=at.pooled("max"), output_average=at.pooled("average"))
            and at.state.grid("output").shape == (1, left, left)
        )

    return check


for factor, left in ((2, 32), (4, 16), (8, 8)):
    says(f"Max against average, {factor} × {factor}: {left} × {left} cells are left")(
        photograph(factor, left)
    )


@pytest.mark.parametrize(("text", "params", "step"), PREPARED, ids=[one[0] for one in PREPARED])
def test_it_holds(text, params, step):
    assert CHECKS[text](Prepared(params, step))
    assert not wrong(text)


@pytest.mark.parametrize("text", CHECKS)
def test_it_can_fail(text):
    """No check holds for every state, nor stands here for a text that is gone."""
    assert text in {one for one, *_ in PREPARED}
    others = [one for one in PREPARED if CHECKS[one[0]] is not CHECKS[text]]
    assert any(not CHECKS[text](Prepared(*rest)) for _, *rest in others)


def test_a_number_in_a_text_is_part_of_it():
    """Texts are looked up as they are: with another number there is no check."""
    for text, *_ in PREPARED:
        for match in re.finditer(r"\d+", text):
            changed = f"{text[: match.start()]}{int(match[0]) + 1}{text[match.end() :]}"
            assert changed not in CHECKS
