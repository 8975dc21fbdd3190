"""Numbers as they are written: the true minus sign, and never more than fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convview.labels import label, number


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (-3, "−3"), (255, "255"), (999999, "999999"), (1234567, "1.23e6"),
     (0.5, "0.5"), (1 / 3, "0.333"), (-2 / 3, "−0.667"), (1e30, "1e30"), (-1e-7, "−1e−7")],
)  # fmt: skip
def test_labels(value, text):
    assert label(value) == text


@given(st.floats(-1e30, 1e30))
def test_a_label_is_short_and_close(value):
    text = label(value)
    assert "-" not in text
    assert len(text) <= 10
    assert float(text.replace("−", "-")) == pytest.approx(value, rel=5e-3)


@given(st.integers(-99999, 99999))
def test_whole_numbers_are_exact(value):
    assert number(label(value)) == value


def test_a_rounded_label_is_not_exact():
    assert number(label(1 / 3)) != 1 / 3
