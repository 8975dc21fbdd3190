"""Every cell that no window reads is named where it is struck out: on /gradients too."""

import pytest

from convview.params import Gradients
from tests.sentences import brute, shown
from tests.sentences.kinds.windows import causes

STATES = 60


@pytest.mark.parametrize("view", ["input", "weight", "dydx", "dydw"])
def test_each_axis_and_cause_has_its_sentence(view):
    """What such a sentence names is checked where it is known; here, that there is one for each."""
    several = 0
    for state in shown.states(Gradients, STATES, view=view):
        unread = [
            (axis, cause)
            for axis, one in enumerate(brute.axes(state.params))
            for cause in set(causes(one).values())
        ]
        said = [one.text for one in state.said if one.text.startswith("Never read: ")]
        rows = [text for text in said if text.startswith("Never read: row")]
        assert len(said) == len(set(said)) == len(unread), (said, state.params)
        assert len(rows) == sum(axis == 0 for axis, _ in unread)
        several += len(unread) > 1
    assert several
