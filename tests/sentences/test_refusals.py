"""A page refuses what the libraries refuse, and nothing else."""

import pytest

from convcore import ShapeError
from convview.params import Filters, Gradients, Pooling, Slide
from tests.sentences import impossible, settings
from tests.sentences.shown import MADE

FEW, MANY = 60, 600


@pytest.mark.parametrize("page", [Slide, Gradients, Pooling, Filters])
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.matrix)])
def test_what_is_possible_is_shown_and_the_rest_is_refused(page, count):
    drawn = (impossible.drawn(page, rng) for rng in settings.generators())
    tried = {True: 0, False: 0}
    for params in drawn:
        possible = impossible.works(params)
        if tried[possible] == count // 2:
            continue
        tried[possible] += 1
        try:
            MADE[page](params)
        except ShapeError:
            assert not possible, params
        else:
            assert possible, params
        if set(tried.values()) == {count // 2}:
            break
