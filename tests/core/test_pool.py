"""Pooling: golden numbers, ties, overlaps, refusals."""

import numpy as np
import pytest

from convcore import (
    ShapeError,
    avg_pool2d,
    avg_pool2d_backward,
    avg_pool2d_divisors,
    check_vjp,
    max_pool2d,
    max_pool2d_backward,
    max_pool2d_indices,
    pool_output_size,
)

ROW = {"kernel_size": (1, 3), "stride": 2, "padding": (0, 1)}


def row(*values):
    return np.array(values, float).reshape(1, 1, 1, -1)


def test_average_of_torch_and_of_onnx():
    x = row(1, 2, 3, 4, 5)
    assert avg_pool2d(x, **ROW).ravel().tolist() == [1, 3, 3]
    assert avg_pool2d(x, **ROW, count_include_pad=False).ravel().tolist() == [1.5, 3, 4.5]


def test_max_is_padded_with_minus_infinity():
    assert max_pool2d(row(-1, -2, -3, -4, -5), **ROW).ravel().tolist() == [-1, -2, -4]


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "outputs"),
    [(5, 2, 3, 1, 2), (5, 3, 3, 1, 2), (6, 3, 4, 1, 2), (7, 2, 4, 1, 2), (2, 1, 2, 0, 1)],
)
def test_ceil_mode_drops_a_window_that_starts_in_the_padding(
    size, kernel, stride, padding, outputs
):
    assert pool_output_size(size, kernel, stride, padding, ceil_mode=True) == outputs
    x = row(*range(size))
    how = (1, kernel), stride, (0, padding)
    assert max_pool2d(x, *how, ceil_mode=True).shape[-1] == outputs
    assert avg_pool2d(x, *how, ceil_mode=True).shape[-1] == outputs


def test_the_divisor_counts_padding_but_not_the_overhang():
    assert avg_pool2d(row(1, 2, 3, 4, 5), (1, 2), ceil_mode=True).ravel().tolist() == [1.5, 3.5, 5]
    x = row(1, 2, 3, 4, 5, 6)
    assert avg_pool2d(x, **ROW, ceil_mode=True).ravel().tolist() == [1, 3, 5, 3]
    how = {**ROW, "ceil_mode": True, "count_include_pad": False}
    assert avg_pool2d(x, **how).ravel().tolist() == [1.5, 3, 5, 6]
    assert avg_pool2d_divisors((1, 6), **how).tolist() == [[2, 3, 3, 1]]


def test_of_equal_values_the_first_wins():
    x = np.array([[[2.0, 7.0], [7.0, 7.0]]])
    assert max_pool2d_indices(x, 2).tolist() == [[[1]]]
    assert max_pool2d_backward([[[5]]], x, 2).tolist() == [[[0, 5], [0, 0]]]


def test_overlapping_windows_add():
    x = row(1, 9, 2, 3)
    assert max_pool2d_backward(row(2, 5), x, (1, 3), 1).ravel().tolist() == [0, 7, 0, 0]
    assert avg_pool2d_backward(row(3, 6), x, (1, 3), 1).ravel().tolist() == [1, 3, 3, 2]


def test_leftover_cells_get_no_gradient():
    x = row(1, 2, 3, 4, 9)
    assert max_pool2d_backward(row(1, 1), x, (1, 2)).ravel().tolist() == [0, 1, 0, 1, 0]


def test_the_stride_is_the_window_unless_given():
    x = np.arange(36.0).reshape(1, 6, 6)
    assert np.array_equal(max_pool2d(x, (2, 3)), max_pool2d(x, (2, 3), (2, 3)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.uint8, bool])
def test_floats_are_kept_and_the_rest_becomes_float64(dtype):
    x = np.ones((1, 4, 4), dtype)
    wanted = dtype if np.dtype(dtype).kind == "f" else np.float64
    for pool in (max_pool2d, avg_pool2d):
        assert pool(x, 2).dtype == wanted
    g = np.ones((1, 2, 2), wanted)
    for back in (max_pool2d_backward, avg_pool2d_backward):
        assert back(g, x, 2).dtype == wanted


def test_the_result_is_new():
    x = np.ones((1, 1, 2, 2))
    for pool in (max_pool2d, avg_pool2d):
        assert not np.shares_memory(pool(x, 1), x)


def test_an_empty_batch_is_legal():
    x = np.ones((0, 2, 4, 4))
    for pool, back in ((max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)):
        assert back(pool(x, 2), x, 2).shape == x.shape


def test_nan_stays_and_takes_the_gradient():
    x = row(1, np.nan, 3)
    assert np.isnan(max_pool2d(x, (1, 3))).all()
    assert max_pool2d_backward(row(4), x, (1, 3)).ravel().tolist() == [0, 4, 0]


def test_a_window_of_minus_infinities_gives_its_gradient_to_the_first():
    x = row(-np.inf, -np.inf)
    assert max_pool2d_backward(row(4), x, (1, 2)).ravel().tolist() == [4, 0]


def test_a_dilated_window_may_see_padding_only():
    """Taps at -1 and 3 of three cells."""
    x = row(1, 2, 3)
    how = {"kernel_size": (1, 2), "stride": 1, "padding": (0, 1), "dilation": 4}
    assert max_pool2d(x, **how).ravel().tolist() == [-np.inf]
    assert max_pool2d_indices(x, **how).ravel().tolist() == [-1]
    assert max_pool2d_backward(row(9), x, **how).ravel().tolist() == [0, 0, 0]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_the_gradient_passes_the_vjp_check_and_a_planted_fault_does_not(rng, pool):
    back = {max_pool2d: max_pool2d_backward, avg_pool2d: avg_pool2d_backward}[pool]
    x = rng.permutation(70.0 + np.arange(70)).reshape(1, 2, 5, 7)  # a step changes no winner
    how = {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}
    good = check_vjp(lambda x: pool(x, **how), lambda g, x: back(g, x, **how), x)
    assert good.ok

    def planted(g, x):
        grad = back(g, x, **how)
        grad[0, 1, 4, 6] += 1e-3 + 0.01 * abs(grad[0, 1, 4, 6])
        return grad

    assert not check_vjp(lambda x: pool(x, **how), planted, x).ok


@pytest.mark.parametrize(
    "how",
    [
        {"kernel_size": 3, "padding": 2},
        {"kernel_size": (3, 1), "padding": 1},
        {"kernel_size": 0},
        {"kernel_size": 2, "stride": 0},
        {"kernel_size": 5},
        {"kernel_size": 3, "padding": -1},
        {"kernel_size": 3, "padding": "full"},
    ],
    ids=str,
)
@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d, max_pool2d_indices])
def test_what_is_refused(refused, pool, how):
    refused(pool, x=np.ones((1, 4, 4)), **how)


def test_a_dilated_window_that_does_not_fit(refused):
    error = refused(max_pool2d, x=np.ones((1, 4, 4)), kernel_size=3, dilation=2)
    assert error.fixes == ({"dilation": 1}, {"kernel_size": 2})
    assert "padding" not in str(error).partition("Use")[2]  # more of it would be refused too


@pytest.mark.parametrize(
    ("kernel_size", "padding", "fixes"),
    [
        ((2, 3), 2, ({"padding": 1}, {"kernel_size": (4, 4)})),
        ((2, 5), (2, 1), ({"padding": (1, 1)}, {"kernel_size": (4, 5)})),
        (3, ((0, 2), (1, 0)), ({"padding": ((0, 1), (1, 0))}, {"kernel_size": 4})),
    ],
)
def test_too_much_padding_is_lowered_where_it_is_too_much(refused, kernel_size, padding, fixes):
    """Each axis on its own, in the form that was given."""
    how = {"kernel_size": kernel_size, "padding": padding}
    assert refused(max_pool2d, x=np.ones((1, 6, 6)), **how).fixes == fixes


def test_in_ceil_mode_it_is_said_how_far_a_window_may_hang_over(refused):
    """And a dilation with which it hangs over is offered."""
    how = {"kernel_size": (1, 3), "stride": 2, "dilation": 3, "ceil_mode": True}
    error = refused(max_pool2d, x=np.ones((1, 1, 4)), **how)
    assert "has 4 (input 4, padding 0), and in ceil_mode at most 1 may hang over." in str(error)
    assert error.fixes[0] == {"dilation": 2}
    assert error.rule == "spans"
    assert error.numbers["overhang"] == 1


def test_in_ceil_mode_a_window_may_be_larger_than_the_input():
    assert max_pool2d(row(1, 2), (1, 3), 2, ceil_mode=True).ravel().tolist() == [2]
    with pytest.raises(ShapeError):
        max_pool2d(row(1, 2), (1, 3), 2)


@pytest.mark.parametrize("back", [max_pool2d_backward, avg_pool2d_backward])
def test_the_upstream_gradient_has_the_shape_of_y(back):
    with pytest.raises(ShapeError, match=r"grad_y must have the shape of y, which is \(1, 2, 2\)"):
        back(np.ones((1, 3, 2)), np.ones((1, 4, 4)), 2)
