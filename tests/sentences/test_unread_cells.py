"""Every cell that no window reads is named where it is struck out, on every stage."""

import pytest

from convview.params import VIEWS, Gradients, Pooling, Slide
from tests.sentences import brute, shown
from tests.sentences.kinds.windows import causes

STATES = 60
STRUCK = {  # views of one layer whose input stands there as it is
    Slide: VIEWS,
    Gradients: ("input", "weight", "dydx", "dydw"),
    Pooling: ("forward", "backward", "hits", "both", "relu", "linear"),
}


@pytest.mark.parametrize(
    ("page", "view"), [(one, v) for one, views in STRUCK.items() for v in views]
)
def test_each_axis_and_cause_has_its_sentence(page, view):
    """What such a sentence names is checked where it is known; here, that there is one for each."""
    several = 0
    for state in shown.states(page, STATES, view=view):
        mode = getattr(state.params, "padding_mode", "zeros")
        unread = [
            (axis, cause)
            for axis, one in enumerate(brute.axes(state.params))
            for cause in set(causes(one, mode).values())
        ]
        said = [one.text for one in state.said if one.text.startswith("Never read: ")]
        rows = [text for text in said if text.startswith("Never read: row")]
        assert len(said) == len(set(said)) == len(unread), (said, state.params)
        assert len(rows) == sum(axis == 0 for axis, _ in unread)
        several += len(unread) > 1
    assert several
