"""What stands beside a slider where its number does not say all."""

import re
from dataclasses import replace
from itertools import islice

import pytest

from convview import panels
from convview.params import Gradients, Pooling, Slide
from tests.sentences import settings

SIDE = re.compile(r"(top|bottom|left|right)\N{NO-BREAK SPACE}(\d+)")


def drawn(page, count):
    return [settings.drawn(page, rng) for rng in islice(settings.generators(), count)]


@pytest.mark.parametrize("page", [Slide, Gradients, Pooling])
def test_uneven_padding_is_said_with_its_sides(page):
    uneven = 0
    for params in drawn(page, 500):
        said = panels._say_padding(params)
        if isinstance(params.padding, str):
            assert said == params.padding
            continue
        (top, bottom), (left, right) = params.padding
        sides = {"top": top, "bottom": bottom, "left": left, "right": right}
        if params.size[0] == params.kernel_size[0] == 1 and top == bottom == 0:
            sides = {"left": left, "right": right}
        uneven += len(set(sides.values())) > 1
        found = {side: int(cells) for side, cells in SIDE.findall(said)}
        assert found == (sides if len(set(sides.values())) > 1 else {})
        assert SIDE.sub("", said).replace(", ", "") == ""
    assert uneven > 50


def test_one_row_has_two_sides():
    row = Slide(size=(1, 6), kernel_size=(1, 3), padding=((0, 0), (1, 2)))
    assert panels._say_padding(row) == "left\N{NO-BREAK SPACE}1, right\N{NO-BREAK SPACE}2"
    both = replace(row, padding=((1, 0), (1, 2)))
    assert panels._say_padding(both).startswith("top\N{NO-BREAK SPACE}1, bottom")
