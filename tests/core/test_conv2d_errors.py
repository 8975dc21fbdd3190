"""Errors: they name the function, state the rule with its numbers, and offer a fix that works."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convcore import (
    ShapeError,
    axis_taps,
    conv2d,
    conv2d_loops,
    conv2d_matrix,
    conv_output_size,
    coverage,
)


def arrays(x=(1, 1, 6, 6), weight=(1, 1, 3, 3)):
    return {"x": np.ones(x), "weight": np.ones(weight)}


def test_the_sentence_of_the_design(refused):
    error = refused(conv2d, **arrays((1, 1, 4, 9)), dilation=2)
    assert str(error) == (
        "conv2d: the kernel spans 5 rows (kernel 3, dilation 2) but the padded input has 4 "
        "(input 4, padding 0). Use padding >= 1 or dilation 1."
    )
    assert error.fixes == ({"padding": 1}, {"dilation": 1})


def test_columns_and_padding_are_named(refused):
    error = refused(conv2d, **arrays((1, 1, 9, 2), (1, 1, 3, 5)), padding=((0, 0), (1, 0)))
    assert str(error) == (
        "conv2d: the kernel spans 5 columns (kernel 5, dilation 1) but the padded input has 3 "
        "(input 2, padding 1 + 0). Use padding ((0, 0), (2, 1))."
    )


@pytest.mark.parametrize(
    ("padding", "fix"),
    [
        (0, 2),
        ("valid", 2),
        ((0, 0), (0, 2)),
        ((2, 1), (2, 2)),
        (((1, 1), (0, 0)), ((1, 1), (1, 2))),
        (((1, 1), (2, 0)), ((1, 1), (2, 1))),
        ((1, (0, 1)), (1, (1, 2))),
        (np.array([1, 0]), (1, 2)),
    ],
)
def test_the_padding_fix_comes_back_in_the_form_it_was_given(refused, padding, fix):
    error = refused(conv2d, **arrays((1, 1, 6, 2), (1, 1, 3, 5)), padding=padding)
    assert error.fixes[0] == {"padding": fix}


def test_a_pair_of_dilations_comes_back_as_a_pair(refused):
    error = refused(conv2d, **arrays((1, 1, 6, 6)), dilation=(2, 4))
    assert error.fixes == ({"padding": 2}, {"dilation": (2, 2)})


def test_a_kernel_that_is_an_array_cannot_be_made_smaller_by_a_keyword(refused):
    assert all("kernel_size" not in fix for fix in refused(conv2d, **arrays((1, 1, 2, 2))).fixes)
    fixes = refused(coverage, input_shape=(2, 5), kernel_size=3).fixes
    assert fixes == ({"padding": 1}, {"kernel_size": 2})


SIZES = [
    (n, k, p, d)
    for n, k, p, d in itertools.product(range(1, 8), range(2, 7), (0, 1, 2), (1, 2, 3, 4))
    if n + 2 * p < d * (k - 1) + 1
]


@pytest.mark.parametrize(("n", "k", "p", "d"), SIZES)
def test_each_offer_is_the_smallest_change_that_fits(refused, n, k, p, d):
    """Over a grid: the offer fits (checked by `refused`), one step less of it does not."""
    for function, arguments in [
        (conv_output_size, {"size": n, "kernel_size": k}),
        (axis_taps, {"size": n, "kernel_size": k}),
        (coverage, {"input_shape": (n, 40), "kernel_size": k}),
        (conv2d, arrays((1, 1, 40, n), (1, 1, k, k))),
        (conv2d_matrix, {"weight": np.ones((1, 1, k, 1)), "input_shape": (1, n, 1)}),
    ]:
        given_now = {**arguments, "padding": p, "dilation": d}
        offers = {name: value for fix in refused(function, **given_now).fixes
                  for name, value in fix.items()}  # fmt: skip
        pads = offers.pop("padding")
        less = {"padding": (pads[0], pads[1] - 1) if isinstance(pads, tuple) else pads - 1}
        for name, value in [*less.items(), *((name, value + 1) for name, value in offers.items())]:
            with pytest.raises(ShapeError):
                function(**{**given_now, name: value})


@pytest.mark.parametrize("function", [conv2d, conv2d_loops])
@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("stride", 0, 1),
        ("stride", -3, 1),
        ("stride", (2, 0), (2, 1)),
        ("stride", 1.6, 2),
        ("stride", 2.0, 2),
        ("stride", float("nan"), 1),
        ("stride", float("inf"), 1),
        ("stride", True, 1),
        ("stride", np.True_, 1),
        ("stride", np.float32(2.0), 2),
        ("stride", (1, 2, 3), (1, 2)),
        ("stride", (2,), (2, 2)),
        ("stride", (), 1),
        ("stride", 10**30, 2**31 - 1),
        ("stride", np.array([0, 2]), (1, 2)),
        ("dilation", 0, 1),
        ("dilation", (1, False), (1, 1)),
        ("dilation", (1, 0.5), (1, 1)),
        ("padding", -1, 0),
        ("padding", (1, -1), (1, 0)),
        ("padding", 0.5, 0),
        ("padding", True, 1),
        ("padding", ((0, -1), (0, 0)), ((0, 0), (0, 0))),
        ("padding", "SAME", "same"),
        ("padding", "reflect", "valid"),
    ],
)
def test_an_illegal_number_is_answered_with_the_nearest_legal_one(
    refused, function, name, value, fix
):
    error = refused(function, **arrays(), **{name: value})
    assert error.fixes == ({name: fix},)
    assert f"{name} must be" in str(error)


def test_fixes_of_numbers_are_plain_ints(refused):
    error = refused(conv2d, **arrays(), stride=np.array([0, 2]))
    assert [type(number) for number in error.fixes[0]["stride"]] == [int, int]


@pytest.mark.parametrize(
    "padding", [(1,), (1, 2, 3, 4), ((1, 2), (1, 2), (1, 2)), ((1,), (2,)), (), np.ones(3, int)]
)
def test_padding_of_another_form(refused, padding):
    error = refused(conv2d, **arrays(), padding=padding)
    assert "(pad_h, pad_w) or ((top, bottom), (left, right))" in str(error)


@pytest.mark.parametrize("stride", [2, (2, 2), (1, 3)])
def test_same_with_stride_offers_both_ways_out(refused, stride):
    error = refused(conv2d, **arrays((1, 1, 6, 7)), stride=stride, padding="same")
    assert 'padding "same" keeps the size, so it needs stride 1' in str(error)
    assert error.fixes[0] == {"stride": 1}
    strided = conv2d(**arrays((1, 1, 6, 7)), stride=stride, **error.fixes[1])
    s_h, s_w = np.broadcast_to(stride, 2)
    assert strided.shape == (1, 1, -(-6 // s_h), -(-7 // s_w))
    with pytest.raises(ShapeError) as caught:
        conv_output_size(6, 3, 2, "same")
    assert conv_output_size(6, 3, 2, **caught.value.fixes[1]) == 3


@pytest.mark.parametrize(
    ("x", "weight", "groups", "says", "fixes"),
    [
        ((1, 4, 5, 5), (2, 2, 3, 3), 1, "x has 4 channels and groups is 1, so it needs 4",
         ({"groups": 2},)),
        ((1, 4, 5, 5), (2, 3, 3, 3), 1, "Use a weight of shape (2, 4, 3, 3)", ()),
        ((1, 4, 5, 5), (2, 3, 3, 3), 2, "Use a weight of shape (2, 2, 3, 3)", ()),
        ((1, 4, 5, 5), (2, 4, 3, 3), 2, "so it needs 2", ({"groups": 1},)),
        ((1, 4, 5, 5), (3, 2, 3, 3), 2, "got groups 2, C_in 4, C_out 3", ()),
        ((1, 4, 5, 5), (6, 2, 3, 3), 3, "got groups 3, C_in 4, C_out 6", ({"groups": 2},)),
        ((1, 4, 5, 5), (4, 1, 3, 3), 0, "groups must be at least 1; got 0", ({"groups": 4},)),
        ((1, 4, 5, 5), (4, 1, 3, 3), True, "not a truth value", ({"groups": 4},)),
        ((1, 4, 5, 5), (4, 1, 3, 3), 4.0, "got 4.0", ({"groups": 4},)),
        ((1, 4, 5, 5), (4, 3, 3, 3), -1, "a weight of shape (4, 4, 3, 3) and groups 1", ()),
    ],
)  # fmt: skip
def test_channels_and_groups(refused, x, weight, groups, says, fixes):
    error = refused(conv2d, **arrays(x, weight), groups=groups)
    assert says in str(error)
    assert error.fixes == fixes


@pytest.mark.parametrize(
    ("x", "weight", "says"),
    [
        ((5, 5), (1, 1, 3, 3), "(N, C, H, W) or (C, H, W); got shape (5, 5). Use x[None]"),
        ((5,), (1, 1, 3, 3), "got shape (5,)"),
        ((1, 1, 1, 5, 5), (1, 1, 3, 3), "got shape (1, 1, 1, 5, 5)"),
        ((1, 1, 0, 5), (1, 1, 3, 3), "got shape (1, 1, 0, 5)"),
        ((1, 1, 5, 0), (1, 1, 3, 3), "got shape (1, 1, 5, 0)"),
        ((1, 0, 5, 5), (1, 1, 3, 3), "at least one channel"),
        ((1, 1, 5, 5), (3, 3), "weight[None, None]"),
        ((1, 1, 5, 5), (1, 3, 3), "(C_out, C_in/groups, kH, kW); got shape (1, 3, 3)"),
        ((1, 1, 5, 5), (1, 1, 0, 3), "got shape (1, 1, 0, 3)"),
        ((1, 1, 5, 5), (0, 1, 3, 3), "got shape (0, 1, 3, 3)"),
    ],
)
def test_shapes(refused, x, weight, says):
    assert says in str(refused(conv2d, **arrays(x, weight)))


@pytest.mark.parametrize("bias", [np.ones(2), np.ones((1, 1)), 1.0, []])
def test_bias_shape(refused, bias):
    error = refused(conv2d, **arrays(), bias=bias)
    assert "one number per output channel, shape (1,)" in str(error)
    assert error.fixes == ({"bias": None},)


def test_ragged_lists(refused):
    assert "rows have different lengths" in str(
        refused(conv2d, x=[[1, 2], [3]], weight=np.ones((1, 1, 1, 1)))
    )


@pytest.mark.parametrize(
    "x", [np.ones((1, 1, 5, 5), complex), np.full((1, 1, 5, 5), "1"), np.full((1, 1, 5, 5), None),
          np.zeros((1, 1, 5, 5), "datetime64[s]"), np.ones((1, 1, 5, 5), np.longdouble), None]
)  # fmt: skip
@pytest.mark.parametrize("name", ["x", "weight", "bias"])
def test_arrays_that_are_not_real_numbers_are_type_errors(x, name):
    if name == "bias" and x is None:
        return
    with pytest.raises(TypeError, match=f"^conv2d: {name} must hold real numbers"):
        conv2d(**{**arrays(), name: x})


@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "groups"])
@pytest.mark.parametrize("value", [None, {}, object(), 1j, b"1"])
def test_numbers_that_are_no_numbers_are_type_errors(name, value):
    with pytest.raises(TypeError, match=f"^conv2d: {name} must be a whole number"):
        conv2d(**arrays(), **{name: value})


@pytest.mark.parametrize(
    ("input_shape", "says"),
    [
        (5, "must be (H, W), (C, H, W) or (N, C, H, W); got 5. Use input_shape (5, 5)"),
        ((5,), "got (5,)"),
        ((1, 2, 3, 4, 5), "got (1, 2, 3, 4, 5)"),
        ((5, 0), "at least 1 on each axis; got (5, 0). Use input_shape (5, 1)"),
        ((5, 5.0), "a whole number"),
    ],
)
def test_input_shapes(refused, input_shape, says):
    assert says in str(refused(coverage, input_shape=input_shape, kernel_size=1))


def test_a_shape_error_is_a_value_error_and_survives_pickling():
    error = ShapeError("f: rule; 1. Use 2.", [{"stride": 2}])
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(error, ValueError)
    assert (str(again), again.fixes) == (str(error), error.fixes)


numbers = st.integers(-3, 5) | st.booleans() | st.floats(-2, 4)
per_axis = numbers | st.tuples(numbers, numbers) | st.lists(numbers, max_size=3)
paddings = per_axis | st.sampled_from(["valid", "same", "full", "FULL", "none"]) | st.tuples(
    st.tuples(numbers, numbers), st.tuples(numbers, numbers))  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(per_axis, paddings, per_axis, numbers, st.integers(1, 6), st.integers(1, 4))
def test_following_the_first_offer_always_ends_in_a_legal_call(
    form, stride, padding, dilation, groups, n, k
):
    """However many faults a call has, each offer removes one; what has no offer says what to do."""
    arguments = {**arrays((1, 4, n, n + 1), (4, 2, k, k)), "stride": stride, "padding": padding,
                 "dilation": dilation, "groups": groups}  # fmt: skip
    for _ in range(8):
        error = fault_of(arguments)
        if error is None or not error.fixes:
            break
        assert form.match(str(error)), str(error)
        arguments.update(error.fixes[0])
    assert error is None or "Use one of these forms" in str(error), str(error)


def fault_of(arguments):
    try:
        conv2d(**arguments)
    except ShapeError as error:
        return error
    return None
