"""/shapes and /calculus beyond random settings: published networks, ready-made stacks, axes."""

from dataclasses import replace

import pytest

from convview.params import Calculus, Shapes
from convview.stacks import STACKS
from tests.sentences import shown
from tests.sentences.claims import faults
from tests.sentences.kinds import load
from tests.sentences.texts.shapes import PUBLISHED

load()


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_networks_have_their_published_numbers(name):
    texts = [one.text for one in shown.state(Shapes.of(name)).said if one.place == "totals"]
    assert texts[0].startswith(f"{PUBLISHED[name]:,} parameters | ")


@pytest.mark.parametrize("name", STACKS)
def test_every_sentence_of_a_ready_made_stack_holds(name):
    params = Shapes.of(name)
    if name in ("alexnet", "vgg"):  # the checks go through every cell: a smaller input says as much
        params = replace(params, shape=(3, 64, 64))
    for at in range(1, len(params.layers) + 1):
        state = shown.state(replace(params, at=at))
        assert not [(said, wrong) for said in state.said if (wrong := faults(said, state))]


def test_the_numbers_at_the_axes_are_those_that_stand_there():
    seen = 0
    for state in shown.states(Calculus, 200):
        for chart in state.made.charts:
            for axis in chart.axes():
                for number, text in axis.ticks():
                    said = float(text.replace("−", "-").replace(",", ""))
                    assert said == pytest.approx(number, rel=1e-9, abs=1e-12)
                    seen += 1
    assert seen > 1000
