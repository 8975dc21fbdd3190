"""The gradients as they are taught: each step by hand, and what goes wrong without it."""

import numpy as np
import pytest

from convcore import (
    ShapeError,
    axis_taps,
    conv2d,
    conv2d_backward,
    convolve2d,
    correlate2d,
    grad_weight_by_construction,
    grad_x_by_construction,
    pad2d,
    rotate180,
    spread,
)
from convcore.construction import append_leftover, crop, exchange_channels

POWERS = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])


def test_every_step_of_grad_x_by_hand():
    """Input 1 x 6, kernel 3, stride 2, padding 1: windows -1 0 1, 1 2 3, 3 4 5; one leftover."""
    x, weight = np.zeros((1, 1, 6)), [[[[1, 10, 100]]]]
    steps = grad_x_by_construction([[[2, 3, 4]]], x, weight, stride=2, padding=(0, 1))
    assert steps.spread.tolist() == [[[2, 0, 3, 0, 4]]]
    assert steps.appended.tolist() == [[[2, 0, 3, 0, 4, 0]]]
    assert steps.padded.tolist() == [[[0, 0, 2, 0, 3, 0, 4, 0, 0, 0]]]
    assert steps.kernel.tolist() == [[[[100, 10, 1]]]]
    assert steps.full.tolist() == [[[2, 20, 203, 30, 304, 40, 400, 0]]]
    assert steps.cropped.tolist() == [[[20, 203, 30, 304, 40, 400]]]


def test_every_step_of_grad_weight_by_hand():
    x, weight = [[[1, 2, 3, 4, 5, 6]]], np.zeros((1, 1, 1, 2))
    steps = grad_weight_by_construction([[[2, 3]]], x, weight, stride=3, padding=(0, 1), dilation=2)
    assert steps.padded.tolist() == [[[0, 1, 2, 3, 4, 5, 6, 0]]]
    assert steps.cropped.tolist() == [[[0, 1, 2, 3, 4, 5]]]  # windows 0.2 and 3.5
    assert steps.spread.tolist() == [[[2, 0, 0, 3]]]
    assert steps.full.tolist() == [[[[9, 14, 19]]]]  # 2*0 + 3*3, 2*1 + 3*4, 2*2 + 3*5
    assert steps.taken.tolist() == [[[[9, 19]]]]


def test_two_axes_by_hand():
    steps = grad_x_by_construction([[[1, 2], [3, 4]]], np.zeros((1, 3, 3)), POWERS)
    assert steps.padded.tolist() == [[[0, 0, 0, 0], [0, 1, 2, 0], [0, 3, 4, 0], [0, 0, 0, 0]]]
    assert steps.kernel.tolist() == [[[[1000, 100], [10, 1]]]]
    assert steps.cropped.tolist() == [[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]]


def test_a_dilated_kernel_is_rotated_with_its_gaps():
    steps = grad_x_by_construction([[[1]]], np.zeros((1, 3, 4)), POWERS, dilation=(2, 3))
    assert steps.kernel.tolist() == [[[[1000, 0, 0, 100], [0, 0, 0, 0], [10, 0, 0, 1]]]]


def test_the_kernel_gathers_a_channel_of_x_from_all_filters(rng):
    weight = rng.standard_normal((3, 2, 2, 2))
    steps = grad_x_by_construction(np.zeros((3, 2, 2)), np.zeros((2, 3, 3)), weight)
    assert steps.kernel.shape == (2, 3, 2, 2)
    np.testing.assert_array_equal(steps.kernel[1, 2], rotate180(weight[2, 1]))


def test_sizes_of_all_steps(rng):
    x, weight = rng.standard_normal((2, 4, 11, 12)), rng.standard_normal((6, 2, 3, 2))
    how = {"stride": (3, 2), "padding": ((1, 0), (4, 2)), "dilation": (2, 3), "groups": 2}
    rows, columns = axis_taps(11, 3, 3, (1, 0), 2), axis_taps(12, 2, 2, (4, 2), 3)
    assert (rows.output_size, rows.leftover) == (3, 1)
    assert (columns.output_size, columns.leftover) == (8, 0)
    g = rng.standard_normal((2, 6, 3, 8))
    steps = grad_x_by_construction(g, x, weight, **how)
    assert steps.spread.shape == (2, 6, 7, 15)
    assert steps.appended.shape == (2, 6, 8, 15)
    assert steps.padded.shape == (2, 6, 16, 21)
    assert steps.kernel.shape == (4, 3, 5, 4)
    assert steps.full.shape == (2, 4, rows.padded_size, columns.padded_size) == (2, 4, 12, 18)
    assert steps.cropped.shape == x.shape
    steps = grad_weight_by_construction(g, x, weight, **how)
    assert steps.padded.shape == (2, 4, 12, 18)
    assert steps.cropped.shape == (2, 4, 11, 18)
    assert steps.spread.shape == (2, 6, 7, 15)
    assert steps.full.shape == (6, 2, 5, 4)
    assert steps.taken.shape == weight.shape


def test_without_the_leftover_the_shape_is_wrong(rng):
    x, weight, g = np.zeros((1, 6, 6)), rng.standard_normal((1, 1, 3, 3)), np.ones((1, 2, 2))
    steps = grad_x_by_construction(g, x, weight, stride=2)
    forgotten = correlate2d(steps.spread[0], steps.kernel[0, 0], "full")
    assert forgotten.shape == (5, 5)
    assert steps.cropped.shape == (1, 6, 6)
    np.testing.assert_array_equal(steps.cropped[0, :5, :5], forgotten)
    assert not steps.cropped[0, 5].any()


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_padding_less_is_cropping_later_up_to_ke_minus_1(rng, agrees, padding):
    x, weight = rng.standard_normal((1, 5, 5)), rng.standard_normal((1, 1, 3, 3))
    g = rng.standard_normal(conv2d(x, weight, padding=padding).shape)
    steps = grad_x_by_construction(g, x, weight, padding=padding)
    shortcut = correlate2d(pad2d(g, 2 - padding)[0], rotate180(weight[0, 0]), "valid")
    agrees(steps.cropped[0], shortcut)


def test_padding_beyond_ke_minus_1_is_a_crop(rng, agrees):
    """The shortcut would have to pad by -2: the outermost outputs saw no pixel at all."""
    x, weight = rng.standard_normal((1, 5, 5)), rng.standard_normal((1, 1, 3, 3))
    g = rng.standard_normal((1, 11, 11))
    steps = grad_x_by_construction(g, x, weight, padding=4)
    agrees(steps.cropped[0], correlate2d(g[0, 2:-2, 2:-2], rotate180(weight[0, 0]), "valid"))


def test_if_the_forward_operation_flips_the_gradient_slides_the_kernel_as_it_is(rng, agrees):
    x, kernel = rng.standard_normal((6, 7)), rng.standard_normal((3, 2))
    flipped = rotate180(kernel)[None, None]
    agrees(conv2d(x[None], flipped)[0], convolve2d(x, kernel, "valid"))
    g = rng.standard_normal((1, 4, 6))
    steps = grad_x_by_construction(g, x[None], flipped)
    np.testing.assert_array_equal(steps.kernel[0, 0], kernel)
    agrees(steps.cropped[0], correlate2d(g[0], kernel, "full"))
    taken = grad_weight_by_construction(g, x[None], flipped).taken[0, 0]
    agrees(rotate180(taken), rotate180(correlate2d(x, g[0], "valid")))


def test_rotating_is_not_transposing_and_flipping_twice_undoes_it(rng, agrees):
    g, kernel = rng.standard_normal((4, 4)), np.arange(9.0).reshape(3, 3)
    right = conv2d_backward(g[None], np.zeros((1, 6, 6)), kernel[None, None]).x[0]
    agrees(correlate2d(g, rotate180(kernel), "full"), right)
    agrees(convolve2d(g, kernel, "full"), right)  # convolving flips for you
    assert not np.allclose(convolve2d(g, rotate180(kernel), "full"), right)
    assert not np.allclose(correlate2d(g, kernel.T, "full"), right)


def test_only_the_shape_of_x_or_of_weight_matters(rng):
    x, weight, g = (rng.standard_normal(shape) for shape in [(2, 5, 5), (3, 2, 3, 3), (3, 3, 3)])
    once = grad_x_by_construction(g, x, weight).cropped
    np.testing.assert_array_equal(grad_x_by_construction(g, 0 * x, weight).cropped, once)
    once = grad_weight_by_construction(g, x, weight).taken
    np.testing.assert_array_equal(grad_weight_by_construction(g, x, 0 * weight).taken, once)


@pytest.mark.parametrize(
    ("construct", "without_batch"),
    [(grad_x_by_construction, {"kernel"}), (grad_weight_by_construction, {"full", "taken"})],
)
def test_the_batch_axis_is_there_if_x_has_one(rng, construct, without_batch):
    x, weight, g = (rng.standard_normal(shape) for shape in [(2, 5, 5), (3, 2, 3, 3), (3, 3, 3)])
    single, batched = vars(construct(g, x, weight)), vars(construct(g[None], x[None], weight))
    for name, array in batched.items():
        np.testing.assert_array_equal(single[name], array if name in without_batch else array[0])
        assert single[name].ndim == (4 if name in without_batch else 3)


def test_an_empty_batch():
    x, weight, g = np.zeros((0, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.zeros((0, 3, 3, 3))
    assert grad_x_by_construction(g, x, weight).cropped.shape == x.shape
    assert (grad_weight_by_construction(g, x, weight).taken == np.zeros(weight.shape)).all()


def test_single_precision_is_kept(rng):
    x, weight, g = (np.ones(s, np.float32) for s in [(2, 5, 5), (3, 2, 3, 3), (3, 3, 3)])
    for construct in (grad_x_by_construction, grad_weight_by_construction):
        assert {array.dtype for array in vars(construct(g, x, weight)).values()} == {g.dtype}


def test_the_steps_are_frozen_and_share_nothing_with_the_operands(rng):
    x, weight, g = (rng.standard_normal(shape) for shape in [(1, 4, 4), (1, 1, 1, 1), (1, 4, 4)])
    for construct in (grad_x_by_construction, grad_weight_by_construction):
        steps = construct(g, x, weight)
        for array in vars(steps).values():
            assert not any(np.shares_memory(array, operand) for operand in (x, weight, g))
        with pytest.raises(AttributeError):
            steps.spread = g


@pytest.mark.parametrize(
    ("cells", "step", "expected"),
    [
        ([[1, 2, 3]], 1, [[1, 2, 3]]),
        ([[1, 2, 3]], (1, 2), [[1, 0, 2, 0, 3]]),
        ([[1], [2]], 3, [[1], [0], [0], [2]]),
        ([[1, 2], [3, 4]], 2, [[1, 0, 2], [0, 0, 0], [3, 0, 4]]),
    ],
)
def test_spread(cells, step, expected):
    assert spread(cells, step).tolist() == expected


def test_spread_keeps_leading_axes_and_dtype():
    assert spread(np.ones((2, 3, 4, 5), np.float32), (2, 1)).shape == (2, 3, 7, 5)
    assert spread(np.ones((2, 2), np.float32), 2).dtype == np.float32
    assert spread(np.ones((2, 2), np.uint8), 2).dtype == np.float64


@pytest.mark.parametrize("cells", [3.0, [1.0], np.zeros((0, 2)), np.zeros((2, 0))])
def test_spread_needs_rows_and_columns(refused, cells):
    assert "cells must have rows and columns" in str(refused(spread, cells=cells, step=2))


def test_spread_refuses_a_step_of_0(refused):
    assert refused(spread, cells=[[1.0]], step=0).fixes == ({"step": 1},)


def test_rotate180_turns_both_axes_of_each_kernel_and_no_channel(rng):
    weight = rng.standard_normal((4, 3, 2, 5))
    np.testing.assert_array_equal(rotate180(weight), np.rot90(weight, 2, axes=(2, 3)))
    np.testing.assert_array_equal(rotate180(rotate180(weight)), weight)
    with pytest.raises(ShapeError, match=r"^rotate180: kernel must have rows and columns"):
        rotate180([1.0, 2.0])


def test_leftover_and_crop_belong_to_the_axes():
    rows, columns = axis_taps(6, 3, 2), axis_taps(7, 3, 2, (1, 1))
    assert (rows.leftover, columns.leftover) == (1, 0)
    assert append_leftover(np.ones((3, 7)), rows, columns).tolist() == [[1] * 7] * 3 + [[0] * 7]
    assert crop(np.ones((6, 9)), rows, columns).shape == (6, 7)


def test_exchanging_channels_twice_changes_nothing(rng):
    weight = rng.standard_normal((6, 2, 3, 3))
    assert exchange_channels(weight, 3).shape == (6, 2, 3, 3)
    assert exchange_channels(weight, 2).shape == (4, 3, 3, 3)
    np.testing.assert_array_equal(exchange_channels(exchange_channels(weight, 2), 2), weight)
    np.testing.assert_array_equal(exchange_channels(weight, 1), weight.swapaxes(0, 1))
