"""A page refuses what the libraries refuse, and nothing else."""

from dataclasses import replace

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


@pytest.mark.parametrize("page", [Slide, Gradients])
def test_of_two_rules_that_are_broken_both_are_said(page):
    """Groups that divide nothing, and windows that do not fit: whichever buttons there are."""
    both = 0
    for rng in settings.generators():
        params = replace(impossible.drawn(page, rng), groups=3, in_channels=2)
        if impossible.works(params) or params.view in impossible.MATRICES:
            continue
        texts = [one.text for one in impossible.refusal(params, MADE[page]).said]
        short = [impossible.lacking(params, axis) > 0 for axis in (0, 1)]
        if any(short) and params.padding != "same" and not impossible.too_mirrored(params):
            both += 1
            assert texts[0].startswith("This setting is impossible: groups must divide")
            assert texts[1].startswith("Besides, the kernel spans")
        if both == 20:
            break
