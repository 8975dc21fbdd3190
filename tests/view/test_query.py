"""A link reproduces its parameters, whatever they are; a broken one is mended and says so."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convview import query
from convview.params import Slide

STRIDES = "it takes whole numbers from 1 to 5"
RAMP = (((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),)


def numbers(planes, rows, cols):
    cells = st.integers(-9, 9).map(float) | st.floats(-1e6, 1e6).filter(lambda n: abs(n) > 1e-99)
    row = st.tuples(*[cells] * cols)
    return st.tuples(*[st.tuples(*[row] * rows)] * planes)


@st.composite
def slides(draw, largest=64):
    pair = lambda low, high: st.tuples(st.integers(low, high), st.integers(low, high))  # noqa: E731
    side = st.tuples(st.integers(0, 6), st.integers(0, 6))
    choose = {
        f.name: st.sampled_from(f.metadata["kind"].words)
        for f in fields(Slide)
        if hasattr(f.metadata["kind"], "words") and f.name != "padding"
    }
    choose |= {
        "size": pair(1, largest), "kernel_size": pair(1, 7), "stride": pair(1, 5),
        "dilation": pair(1, 4),
        "padding": st.tuples(side, side) | st.sampled_from(("valid", "same", "full")),
        "seed": st.integers(0, 9999), "in_channels": st.integers(1, 3),
        "out_channels": st.integers(1, 3), "groups": st.integers(1, 3), "predict": st.booleans(),
        "x": st.none() | numbers(2, 3, 2), "weight": st.none() | numbers(2, 2, 3),
        "bias": st.none() | numbers(1, 1, 3),
    }  # fmt: skip
    return Slide(**{name: draw(strategy) for name, strategy in choose.items()})


def read(params):
    return query.read(Slide, {name: [text] for name, text in query.write(params).items()})


@given(slides())
def test_a_link_reproduces_every_parameter(params):
    assert read(params) == (params, [])


def test_the_defaults_need_no_query():
    assert query.write(Slide()) == {}
    assert query.read(Slide, {}) == (Slide(), [])


def test_a_link_carries_the_version_of_the_defaults():
    assert query.write(Slide(stride=(2, 2))) == {"v": "1", "stride": "2"}
    _, notices = query.read(Slide, {"v": ["7"], "stride": ["2"]})
    assert len(notices) == 1
    assert "another version" in notices[0]


def test_typed_numbers_bring_their_size_and_channels():
    params, notices = query.read(Slide, {"x": ["1,2,3;4,5,6"], "weight": ["1,2|3,4"]})
    assert notices == []
    assert (params.size, params.kernel_size) == ((2, 3), (1, 2))
    assert params.in_channels == 1
    assert query.write(params) == {"v": "1", "x": "1_2_3__4_5_6", "weight": "1_2___3_4"}


def test_a_size_given_with_typed_numbers_wins():
    params, _ = query.read(Slide, {"x": ["1,2,3;4,5,6"], "size": ["2"]})
    assert (params.size, params.x) == ((2, 2), RAMP)


@pytest.mark.parametrize(
    ("asked", "notice"),
    [
        ({"stride": ["99"]}, f"stride is read as 5: {STRIDES}"),
        ({"stride": ["2", "3"]}, "stride was given 2 times; the last one counts"),
        ({"stride": ["abc"]}, f"stride could not be read ({STRIDES}); the default is shown"),
        ({"stride": ["3" * 50_000]}, f"stride could not be read ({STRIDES}); the default is shown"),
        ({"rocket": ["1"]}, "`rocket` is unknown and left out"),
        ({"rocket": ["1"], "<script>": ["1"]}, "`rocket` and 1 other are unknown and left out"),
        ({"<script>": ["1"], "`": ["1"], "": ["1"]}, "3 unknown parameters left out"),
        ({"a" * 21: ["1"], "a" * 20: ["1"], "b-c_": ["1"], "d": ["1"], "e": ["1"]},
         f"`{'a' * 20}…`, `{'a' * 20}`, `b-c_` and 2 others are unknown and left out"),
        ({"view": ["sideways"]}, "view could not be read; the default is shown"),
    ],
)  # fmt: skip
def test_what_was_mended_is_said_once(asked, notice):
    assert query.read(Slide, asked)[1] == [notice]


@given(st.dictionaries(
    st.sampled_from([f.name for f in fields(Slide)]) | st.text(max_size=9),
    st.lists(st.text(max_size=20), min_size=1, max_size=2), max_size=6,
))  # fmt: skip
def test_any_query_gives_legal_parameters_and_echoes_nothing(asked):
    params, notices = query.read(Slide, asked)
    assert query.clamp(params) == params
    assert not any("<" in notice for notice in notices)
