"""Sentences that stand on a page whatever is shown: what each claims, tried.

Names of controls and titles of pages claim nothing: they are listed, so that a new text is
either tried or named here (`tests/sentences/test_every_text.py` finds it).
"""

import re
import sys
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from convview import filter_panels, photographs, practice, query, stack_panels, torch_code
from convview.params import Filters, Shapes, Slide
from convview.practice_panels import EXAMPLES
from convview.scenes import filters, shapes, slide
from tests.sentences import settings
from tests.view.test_pages import opened

NAMES = {
    "The filter as text: numbers by commas, rows by semicolons", "Longer side of the picture",
    "A photograph by the camera", "Sigma of the first", "Sigma of the second",
    "then Gaussian, sigma (0: none)", "Strips of the integral", "c, added to all",
    "dL/dy given, by hand", "One output cell", "Odd extra cell as in", "Filter of the cell",
    "A list of your own, as a link", "Slope of ReLU", "ReLU from a step", "Sigmoid to step",
    "Where do the gradients come from?", "Pooling: what a window keeps",
    "Filters on real pictures", "Shapes: what shrinks, what it costs, how far it sees",
    "Calculus: slopes, softmax, the chain rule", "Exercises: predict, check, see why",
    "A kernel slides over the input", "No layer yet: add one, or paste some.",
}  # fmt: skip
OF_KERAS = {  # 3.11: its signatures, and what its layers refuse
    "Keras has no groups here", "Keras has no ceil_mode", "Keras pools without dilation",
    "nor dilation in a pooling", "Keras refuses a stride together with a dilation",
}  # fmt: skip


def ensure_said(page, *sentences, **link):
    """See to it that these sentences stand on a page."""
    app = opened(f"pages/{page}.py", urlencode(link))
    words = [one.value for kind in ("markdown", "caption", "text") for one in app.get(kind)]
    words += [one.label for one in app.text_area]
    for sentence in sentences:
        assert any(sentence in text for text in words), sentence


def test_a_small_kernel_slides_over_a_picture_and_each_stop_becomes_one_number():
    ensure_said(
        "start", "A small kernel slides over a picture; each stop becomes one number. Convscope "
        "shows which numbers meet, in which sum, and why the sizes come out as they do: press "
        "Play, or point at a cell.",
    )  # fmt: skip
    first = Slide(size=(6, 6), stride=(2, 2), padding=((1, 1), (1, 1)))
    scene = slide.scene(first)
    assert np.prod(first.kernel_size) < np.prod(first.size)
    stops = [len(range(0, n + 2 - k + 1, 2)) for n, k in zip((6, 6), (3, 3), strict=True)]
    assert scene.grid("output").values.shape == (1, *stops)
    assert scene.formula


SPELT = {
    "one number, such as 4, 0.5 or 1/2": ("number", 4, {"4": 4, "0.5": 0.5, "1/2": 0.5}),
    "sizes in their order, such as 4x5, 4 by 5 or (4, 5)": (
        "shape", (4, 5), dict.fromkeys(("4x5", "4 by 5", "(4, 5)"), (4, 5)),
    ),
    "numbers in their order, such as 1 2 3 or 1, 2, 3": (
        "row", (1, 2, 3), dict.fromkeys(("1 2 3", "1, 2, 3"), (1, 2, 3)),
    ),
    "a number into each cell, such as −3, 0.5 or 1/2": (
        "matrix", ((-3.0,),), {"−3": ((-3.0,),), "0.5": ((0.5,),), "1/2": ((0.5,),)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", SPELT)
def test_what_an_answer_is_typed_as_is_read(words):
    kind, usual, spelt = SPELT[words]
    asked = practice.Question("", kind, usual, [], (), (), None)
    assert f"Type {words}" in practice.check(asked, "x").words.replace("type", "Type")
    for text, value in spelt.items():
        verdict = practice.check(practice.Question("", kind, value, [], (), (), None), text)
        assert verdict.right, text
        assert text in words


@pytest.mark.parametrize("row", EXAMPLES)
def test_its_answer_is_typed_and_checked(row):
    """The example is one that is not being asked."""
    asked, (other,) = practice.question(row), (one for one in EXAMPLES if one != row)
    ensure_said("exercises", f"So {asked.answer} is typed, and checked.", row=other)
    assert practice.check(asked, str(asked.answer)).right


def test_letters_are_courses_and_numbers_their_questions():
    ensure_said(
        "exercises", "The letters A to E stand for five courses, the numbers for their questions.",
    )  # fmt: skip
    letters = {row[0] for row in practice.EXERCISES}
    assert letters == set("ABCDE")
    assert all(row.partition(",")[0][1:].isdigit() for row in practice.EXERCISES)


def test_the_numbers_of_the_course_are_always_the_same():
    """Those without a seed; fresh ones name theirs."""
    ensure_said("exercises", "The numbers of the course.", row="A1")
    ensure_said("exercises", "Fresh numbers, seed 3.", row="A1", seed=3)
    for row in practice.EXERCISES:
        assert practice.question(row) == practice.question(row, 0)
        assert any(practice.question(row, seed) != practice.question(row) for seed in range(1, 9))


def test_zeros_for_minus_infinity_are_the_same_behind_a_relu():
    code = torch_code.keras(torch_code.parse("nn.ReLU()\nnn.MaxPool2d(3, 1, 1)"), (1, 6, 6))
    assert "zeros, where PyTorch has -inf: the same if nothing negative comes in" in code
    x = np.maximum(np.random.default_rng(4).normal(size=(6, 6)), 0)
    zeros, low = (np.pad(x, 1, constant_values=fill) for fill in (0, -np.inf))
    for i, j in np.ndindex(6, 6):
        assert zeros[i : i + 3, j : j + 3].max() == low[i : i + 3, j : j + 3].max()


def test_another_picture_stands_in_for_ones_own():
    stand_in = re.search("“(.*)”", filter_panels.ABSENT)[1]
    assert f"a link shows “{stand_in}” instead" in filter_panels.STAYS
    (name,) = (name for name, title in photographs.TITLES.items() if title == stand_in)
    shown = [_input(one) for one in ("own", name)]
    np.testing.assert_array_equal(*shown)
    own = _input("own", Image.new("L", (40, 30), 90))
    assert own.shape != shown[0].shape
    assert query.write(Filters(picture="own")) == {"v": "1", "picture": "own"}


def _input(name, own=None):
    params = Filters(view="filter", picture=name, side=64)
    return filters.content(params, own).answer.x


def test_layers_as_text_are_read_and_never_executed():
    ensure_said(
        "shapes",
        "Layers, one below the other, or a whole nn.Sequential; read as text, never executed",
    )  # fmt: skip
    below = "nn.Conv2d(3, 32, 8, stride=2, padding=3)\nnn.MaxPool2d(2)"
    assert torch_code.parse(below) == torch_code.parse(stack_panels.PASTED)
    ran = "(__import__('sys').modules.__setitem__('ran', 1) or 3)"
    for code in (ran, f"nn.Conv2d({ran}, 4, 3)", f"nn.Sequential(nn.MaxPool2d({ran}))"):
        with pytest.raises(torch_code.CodeError):
            torch_code.parse(code)
        assert "ran" not in sys.modules


def test_only_the_layers_before_one_that_cannot_work_are_copied():
    """Sixty stacks, by PyTorch's sizes."""
    ensure_said("shapes", "Only the layers before layer 2, which cannot work.",
                layers="ReLU();Conv2d(1,8,9)", shape="1x4x4")  # fmt: skip
    cut = 0
    for _, rng in zip(range(60), settings.generators(), strict=False):
        found = shapes.Seen(settings.drawn(Shapes, rng))
        kept = torch_code.parse(torch_code.pytorch(shapes.filled(found)))
        count = found.error.layer - 1 if found.error else len(found.params.layers)
        assert [type(one) for one in kept] == [type(one) for one in found.params.layers[:count]]
        assert shapes.Seen(replace(found.params, layers=kept)).error is None
        if found.error:
            cut += 1
            more = found.params.layers[: count + 1]
            assert shapes.Seen(replace(found.params, layers=more)).error is not None
    assert cut > 3


def test_flattened_by_keras_in_the_order_of_pytorch():
    code = torch_code.keras(torch_code.parse("nn.Flatten()"), (2, 3, 4))
    assert "layers.Permute((3, 1, 2)),  # so that the order is PyTorch's" in code
    x = np.arange(24).reshape(2, 3, 4)  # C, H, W
    last = np.moveaxis(x, 0, -1)  # Keras keeps H, W, C; its axes are counted from 1
    assert np.array_equal(last.transpose(3 - 1, 1 - 1, 2 - 1).ravel(), x.ravel())


@pytest.mark.parametrize(("code", "said"), [
    ("nn.Conv2d(3, 6, 5)\nnn.Dropout(0.5)",
     "Dropout is left out: it changes neither shape nor cost."),
    ("nn.Identity(), ReLU(), nn.Dropout2d(), nn.Identity()",
     "Dropout2d and Identity are left out: they change neither shape nor cost."),
    ("nn.Dropout(0.5)", "Dropout is left out: it changes neither shape nor cost. There is nothing "
     "else, so the stack stays as it was."),
    ("nn.Conv2d(3, 6, 5)", None),
])  # fmt: skip
def test_layers_that_are_left_out_are_named(code, said):
    """Pasted into the page; what is left works as without them."""
    layers = torch_code.parse(code)
    names = torch_code.left_out(code)
    assert (shapes.left_out(names, alone=not layers) if names else None) == said
    kept = [n for n in ("Conv2d", "ReLU") if n in code]
    assert [type(layer).__name__ for layer in layers] == kept


def test_no_layer_is_copied_where_the_first_cannot_work():
    ensure_said(
        "shapes", "No layer: the first cannot work.", layers="Conv2d(3,8,9)", shape="3x4x4"
    )
    found = shapes.Seen(Shapes(layers=torch_code.parse("Conv2d(3, 8, 9)"), shape=(3, 4, 4)))
    assert found.error.layer == 1
    assert shapes.filled(found) == ()
