"""conv2d_backward by hand, against the loops, and what the gradients are of."""

import time
import tracemalloc

import numpy as np
import pytest

from convcore import (
    ConvGradients,
    conv2d,
    conv2d_backward,
    conv2d_backward_loops,
    conv2d_matrix,
    coverage,
)

ONE_TO_NINE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)
POWERS = np.array([[[[1.0, 10.0], [100.0, 1000.0]]]])


@pytest.mark.parametrize("backward", [conv2d_backward, conv2d_backward_loops])
class TestByHand:
    def test_four_stamps_of_the_kernel(self, backward):
        grad = backward([[[[1, 2], [3, 4]]]], ONE_TO_NINE, POWERS)
        # 1 at the top left, 2 one to the right, 3 one below, 4 diagonally: the middle gets all four
        assert grad.x[0, 0].tolist() == [[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]

    def test_the_weight_slides_over_the_input(self, backward):
        grad = backward([[[[1, 2], [3, 4]]]], ONE_TO_NINE, POWERS)
        # 1*1 + 2*2 + 3*4 + 4*5 = 37
        assert grad.weight[0, 0].tolist() == [[37, 47], [67, 77]]
        assert grad.bias.tolist() == [10]

    def test_an_upstream_impulse_brings_out_the_kernel_unrotated(self, backward):
        impulse = np.zeros((1, 1, 3, 3))
        impulse[0, 0, 1, 1] = 1
        grad = backward(impulse, np.zeros((1, 1, 5, 5)), ONE_TO_NINE)
        assert grad.x[0, 0, 1:4, 1:4].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
        assert grad.x.sum() == 45

    def test_a_stride_keeps_the_stamps_apart(self, backward):
        x = np.arange(1.0, 6.0).reshape(1, 1, 1, 5)
        grad = backward([[[[2, 3]]]], x, [[[[1, 10, 100]]]], stride=2)
        assert grad.x.ravel().tolist() == [2, 20, 203, 30, 300]
        assert grad.weight.ravel().tolist() == [11, 16, 21]

    def test_leftover_rows_and_columns_get_0(self, backward, rng):
        x, weight = rng.standard_normal((2, 2, 10, 11)), rng.standard_normal((3, 2, 3, 4))
        grad = backward(np.ones((2, 3, 3, 3)), x, weight, stride=3)
        assert (grad.x[:, :, 9] == 0).all()  # rows 0 to 8 are read
        assert (grad.x[..., 10] == 0).all()
        assert (grad.x[:, :, :9, :10] != 0).all()

    def test_a_dilation_hole_gets_0(self, backward):
        x = np.arange(1.0, 8.0).reshape(1, 1, 1, 7)
        how = {"stride": 2, "padding": (0, 1), "dilation": 2}
        grad = backward([[[[1, 1, 1]]]], x, [[[[1, 10, 100]]]], **how)
        # windows at -1 1 3, 1 3 5 and 3 5 7: coverage 0 2 0 3 0 2 0
        assert grad.x.ravel().tolist() == [0, 11, 0, 111, 0, 110, 0]
        assert grad.weight.ravel().tolist() == [2 + 4, 2 + 4 + 6, 4 + 6]

    def test_what_falls_on_the_padding_is_dropped(self, backward):
        x = np.array([[[[5.0]]]])
        grad = backward(np.ones((1, 1, 3, 3)), x, ONE_TO_NINE, padding=2)
        assert grad.x.tolist() == [[[[45]]]]  # every tap meets the one cell once
        # and each weight meets that cell in one window only
        assert grad.weight[0, 0].tolist() == [[5, 5, 5]] * 3

    def test_padding_beyond_the_kernel(self, backward):
        grad = backward(
            [[[[1, 2, 3, 4, 5]]]], [[[[7.0, 8.0]]]], [[[[1, 10]]]], padding=((0, 0), (2, 2))
        )
        # windows -2 -1, -1 0, 0 1, 1 2, 2 3: the outer ones see no cell
        assert grad.x.ravel().tolist() == [23, 34]
        assert grad.weight.ravel().tolist() == [3 * 7 + 4 * 8, 2 * 7 + 3 * 8]
        assert grad.bias.tolist() == [15]

    def test_padding_per_side(self, backward):
        x, weight = [[[[7, 8, 9]]]], [[[[1, 10, 100]]]]
        grad = backward([[[[1, 2, 3, 4]]]], x, weight, padding=((0, 0), (2, 1)))
        # windows -2 -1 0, -1 0 1, 0 1 2, 1 2 3
        assert grad.x.ravel().tolist() == [100 + 20 + 3, 200 + 30 + 4, 300 + 40]
        assert grad.weight.ravel().tolist() == [21 + 32, 14 + 24 + 36, 7 + 16 + 27]

    def test_rows_and_columns_are_not_confused(self, backward):
        x = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
        weight = np.array([[[[1.0], [10.0]]]])  # two rows, one column
        grad = backward([[[[1, 2], [3, 4]]]], x, weight, stride=(1, 3))
        assert grad.x[0, 0].tolist() == [[1, 0, 0, 2], [13, 0, 0, 24], [30, 0, 0, 40]]
        assert grad.weight.ravel().tolist() == [1 + 2 * 4 + 3 * 5 + 4 * 8, 5 + 16 + 27 + 48]

    def test_groups_see_their_own_channels(self, backward):
        x = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 4, 1, 1)
        weight = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
        grad = backward(np.array([5.0, 7.0]).reshape(1, 2, 1, 1), x, weight, groups=2)
        assert grad.x.ravel().tolist() == [5, 10, 21, 28]
        assert grad.weight[:, :, 0, 0].tolist() == [[5, 50], [700, 7000]]

    def test_filters_of_a_channel_add_up(self, backward):
        x, weight = np.ones((1, 1, 1, 1)), np.array([3.0, 4.0]).reshape(2, 1, 1, 1)
        grad = backward(np.array([10.0, 1.0]).reshape(1, 2, 1, 1), x, weight)
        assert grad.x.tolist() == [[[[34.0]]]]

    def test_images_of_a_batch_add_up_in_the_weight_only(self, backward):
        x, g = np.array([1.0, 10.0]).reshape(2, 1, 1, 1), np.array([2.0, 3.0]).reshape(2, 1, 1, 1)
        grad = backward(g, x, [[[[5.0]]]])
        assert grad.x.ravel().tolist() == [10, 15]
        assert (grad.weight.item(), grad.bias.item()) == (32, 5)

    def test_without_a_batch_axis_there_is_none_in_the_answer(self, backward, rng):
        x, weight = rng.standard_normal((2, 5, 5)), rng.standard_normal((3, 2, 3, 3))
        g = rng.standard_normal((3, 3, 3))
        grad, batched = backward(g, x, weight), backward(g[None], x[None], weight)
        assert grad.x.shape == (2, 5, 5)
        np.testing.assert_array_equal(grad.x, batched.x[0])
        np.testing.assert_array_equal(grad.weight, batched.weight)

    def test_an_empty_batch_has_gradient_0(self, backward):
        weight = np.ones((3, 2, 3, 3))
        grad = backward(np.zeros((0, 3, 3, 3)), np.zeros((0, 2, 5, 5)), weight)
        assert grad.x.shape == (0, 2, 5, 5)
        assert (grad.weight == np.zeros((3, 2, 3, 3))).all()
        assert grad.bias.tolist() == [0, 0, 0]

    @pytest.mark.parametrize(
        ("g", "x", "weight", "dtype"),
        [
            ("f4", "f4", "f4", "f4"),
            ("f8", "f8", "f8", "f8"),
            ("f8", "f4", "f4", "f8"),
            ("f4", "f8", "f4", "f8"),
            ("f4", "f4", "f8", "f8"),
            ("u1", "u1", "u1", "f8"),
            ("f2", "f2", "f4", "f4"),
            (">f4", "f4", ">f4", "f4"),
        ],
    )
    def test_dtypes(self, backward, g, x, weight, dtype):
        ones = np.ones((1, 1, 2, 2))
        grad = backward(np.full((1, 1, 1, 1), 200, g), 2 * ones.astype(x), ones.astype(weight))
        assert all(part.dtype == np.dtype(dtype) and part.dtype.isnative for part in grad)
        assert grad.weight.tolist() == [[[[400.0, 400.0], [400.0, 400.0]]]]

    def test_the_answer_is_a_named_tuple_in_the_order_of_the_operands(self, backward):
        grad = backward([[[[2.0]]]], [[[[3.0]]]], [[[[5.0]]]])
        assert isinstance(grad, ConvGradients)
        grad_x, grad_weight, grad_bias = grad
        assert (grad_x.item(), grad_weight.item(), grad_bias.item()) == (10, 6, 2)

    def test_operands_are_not_touched(self, backward, rng):
        x, weight = rng.standard_normal((1, 2, 4, 4)), rng.standard_normal((2, 2, 1, 1))
        g = rng.standard_normal((1, 2, 4, 4))
        for array in (g, x, weight):
            array.flags.writeable = False
        grad = backward(g, x, weight)
        for part in grad:
            assert part.flags.writeable
            assert not any(np.shares_memory(part, array) for array in (g, x, weight))


def test_it_is_the_loops(rng, agrees, setting_of_120):
    shape, kernel, stride, padding, dilation, groups = setting_of_120
    x = rng.standard_normal(shape)
    weight = rng.standard_normal((2 * groups, shape[-3] // groups, *kernel))
    how = (stride, padding, dilation, groups)
    g = rng.standard_normal(conv2d(x, weight, None, *how).shape)
    literal = conv2d_backward_loops(g, x, weight, *how)
    single = conv2d_backward(*(a.astype(np.float32) for a in (g, x, weight)), *how)
    for fast, coarse, expected in zip(
        conv2d_backward(g, x, weight, *how), single, literal, strict=True
    ):
        agrees(fast, expected)
        agrees(coarse, expected.astype(np.float32))


def test_it_is_the_transpose_of_the_matrix(rng, agrees, setting_of_120):
    shape, kernel, stride, padding, dilation, groups = setting_of_120
    x = rng.standard_normal(shape[-3:])
    weight = rng.standard_normal((2 * groups, x.shape[0] // groups, *kernel))
    how = (stride, padding, dilation, groups)
    g = rng.standard_normal(conv2d(x, weight, None, *how).shape)
    matrix = conv2d_matrix(weight, x.shape, *how, sparse=True)
    agrees(conv2d_backward(g, x, weight, *how).x.ravel(), matrix.T @ g.ravel())


def test_of_ones_through_ones_it_is_the_coverage(setting):
    shape, kernel, stride, padding, dilation, _ = setting
    x, weight = np.zeros((1, *shape[-2:])), np.ones((1, 1, *kernel))
    how = (stride, padding, dilation)
    g = np.ones_like(conv2d(x, weight, None, *how))
    count = coverage(x.shape, kernel, *how)
    np.testing.assert_array_equal(conv2d_backward(g, x, weight, *how).x[0], count)


def test_views_of_any_layout_give_the_same(rng, agrees):
    x, weight = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, 3, 2))
    g = rng.standard_normal((2, 4, 4, 6))
    expected = conv2d_backward(g, x, weight)
    for layout in (np.asfortranarray, lambda a: a[..., ::-1].copy()[..., ::-1], np.ndarray.tolist):
        for part, right in zip(
            conv2d_backward(*map(layout, (g, x, weight))), expected, strict=True
        ):
            agrees(part, right)


def test_blocks_of_rows_and_of_images_give_the_same(rng, agrees, monkeypatch):
    x, weight = rng.standard_normal((5, 4, 11, 13)), rng.standard_normal((6, 2, 3, 3))
    how = {"stride": (1, 2), "padding": 1, "groups": 2}
    g = rng.standard_normal((5, 6, 11, 7))
    whole = conv2d_backward(g, x, weight, **how)
    for block_bytes in (1, 5_000, 12_000, 40_000, 70_000):
        monkeypatch.setattr("convcore.strips.BLOCK_BYTES", block_bytes)
        for part, right in zip(conv2d_backward(g, x, weight, **how), whole, strict=True):
            agrees(part, right)


def test_integers_are_exact(rng):
    x, weight = rng.integers(-99, 99, (2, 3, 9, 8)), rng.integers(-99, 99, (2, 3, 3, 2))
    g = rng.integers(-99, 99, (2, 2, 4, 4))
    fast = conv2d_backward(g, x, weight, 2, ((0, 0), (1, 0)))
    literal = conv2d_backward_loops(g, x, weight, 2, ((0, 0), (1, 0)))
    for part, right in zip(fast, literal, strict=True):
        np.testing.assert_array_equal(part, right)


def test_a_photograph_takes_little_time_and_scratch_memory(rng):
    x = rng.standard_normal((1, 3, 512, 512)).astype(np.float32)
    weight = rng.standard_normal((3, 3, 3, 3)).astype(np.float32)
    start = time.perf_counter()
    conv2d_backward(x, x, weight, padding=1)
    assert time.perf_counter() - start < 2.0  # measured: 30 ms
    wide = rng.standard_normal((1, 3, 31, 31)).astype(np.float32)
    g = x[:, :1, :128, :128]
    tracemalloc.start()
    grad = conv2d_backward(g, x[..., :128, :128], wide, padding=15)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grad.x.shape == (1, 3, 128, 128)
    assert peak < 10 << 20  # all stamps at once would take 180 MiB
