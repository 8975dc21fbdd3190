"""What stands in a link is read as the nearest legal value, or not at all; never an error."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convview.fields import Choice, Flag, Numbers, Padding, Pair, Whole, number

STRIDE = Pair(1, 5)
PADDING = Padding(6)
GRID = Numbers(3, 16, 16)
KINDS = [Whole(0, 9999), STRIDE, PADDING, Choice(("sliding", "matrix")), Flag(), GRID]


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", (3, 3)), ("2x4", (2, 4)), ("1x1", (1, 1)), (" 2 ", (2, 2)), ("+4", (4, 4))],
)
def test_a_pair_is_read(text, value):
    assert STRIDE.read(text) == (value, False)


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("0", 1), ("-3", 1), ("99", 5), ("1e20", 5), ("100000000000000000000", 5), ("inf", 5),
        ("-inf", 1), ("1e309", 5), ("2.5", 3), ("2.4", 2), ("4.99", 5),
    ],
)  # fmt: skip
def test_a_number_out_of_range_goes_to_the_nearest_legal_one(text, nearest):
    assert STRIDE.read(text) == ((nearest, nearest), True)


@pytest.mark.parametrize(
    "text",
    ["", "nan", "abc", "5\N{FULLWIDTH DIGIT FIVE}", "\N{FULLWIDTH DIGIT FIVE}", "1_0", "1/3", "1,5",
     "0xff", "1x2x3", "x", "<script>", "\x00", "\u202e3", "\N{GRINNING FACE}", "٣"],
)  # fmt: skip
def test_what_is_no_number_is_not_read(text):
    assert STRIDE.read(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", ((2, 2), (2, 2))),
        ("1x0", ((1, 1), (0, 0))),
        ("0,1,2,3", ((0, 1), (2, 3))),
        ("same", "same"),
    ],
)
def test_padding_takes_a_number_two_four_or_a_word(text, value):
    assert PADDING.read(text) == (value, False)
    assert PADDING.read(PADDING.write(value)) == (value, False)


@pytest.mark.parametrize("text", ["1,2", "1,2,3", "1,2,3,4,5", "Same", "1x2x3", ",,,"])
def test_padding_refuses_other_forms(text):
    assert PADDING.read(text) is None


@pytest.mark.parametrize("text", ["1_2__3_4", "1,2;3,4", "1,2__3,4"])
def test_numbers_are_written_by_hand_or_by_machine(text):
    assert GRID.read(text) == ((((1, 2), (3, 4)),), False)


@pytest.mark.parametrize(
    "text",
    ["1_2__3", "1_", "nan", "inf", "1000001", "1|2;3", "_".join("1" * 17), "1|1|1|1", "", "____"],
)
def test_numbers_must_be_a_grid_of_finite_numbers_in_bounds(text):
    assert GRID.read(text) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=16))
def test_numbers_survive_the_link_to_the_last_bit(row):
    value = ((tuple(row),),)
    tiny = ((tuple(n if abs(n) >= 1e-100 else 0.0 for n in row),),)
    assert GRID.read(GRID.write(value)) == (tiny, False)


def test_a_product_of_numbers_of_a_link_is_0_only_where_one_of_them_is():
    (((zero, least, most),),), _ = GRID.read("1e-101_1e-100_1e6")
    assert (zero, least, most) == (0.0, 1e-100, 1e6)
    assert least**3 > 0
    assert most**2 * 16 * 16 * 3 < 2**53


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_any_text_is_legal_after_reading(kind, text):
    reading = kind.read(text)
    if reading is not None:
        value, _ = reading
        assert kind.clamp(value) == value
        assert kind.read(kind.write(value)) == (value, False)


@given(st.text(max_size=20))
def test_a_number_is_none_infinite_or_what_python_reads(text):
    value = number(text)
    assert value is None or math.isinf(value) or value == float(text)
