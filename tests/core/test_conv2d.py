"""conv2d by hand, against the loops, and its manners with dtypes and memory."""

import time
import tracemalloc

import numpy as np
import pytest

from convcore import conv2d, conv2d_loops

IMPULSE = np.zeros((1, 1, 3, 3))
IMPULSE[0, 0, 1, 1] = 1
ONE_TO_NINE = np.arange(1.0, 10.0).reshape(1, 1, 3, 3)


@pytest.mark.parametrize("conv", [conv2d, conv2d_loops])
class TestByHand:
    def test_an_impulse_brings_out_the_flipped_kernel(self, conv):
        y = conv(IMPULSE, ONE_TO_NINE, padding=1)
        assert y[0, 0].tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]

    def test_places_of_the_digits_tell_the_taps(self, conv):
        y = conv(ONE_TO_NINE, [[[[1.0, 10.0], [100.0, 1000.0]]]])
        assert y[0, 0].tolist() == [[5421, 6532], [8754, 9865]]

    def test_one_window(self, conv):
        assert conv(ONE_TO_NINE, ONE_TO_NINE).tolist() == [[[[285.0]]]]  # 1 + 4 + ... + 81

    def test_homework_a5_two_channels_stride_2(self, conv):
        x = np.array([[[1, 2, 3, 4, 5]], [[1, 2, 3, 4, 5]]])
        weight = np.array([[[[1, 10, 100]], [[1000, 10000, 100000]]]])
        # channel 0: 1 + 20 + 300, 3 + 40 + 500; channel 1 a thousandfold
        assert conv(x, weight, stride=2).tolist() == [[[321321, 543543]]]

    def test_dilation(self, conv):
        x = np.arange(1.0, 8.0).reshape(1, 1, 1, 7)
        y = conv(x, np.array([[[[1.0, 10.0, 100.0]]]]), dilation=2)
        assert y.ravel().tolist() == [531, 642, 753]

    def test_padding_per_side(self, conv):
        x = np.array([[[[1.0, 2.0, 3.0]]]])
        y = conv(x, np.array([[[[1.0, 10.0, 100.0]]]]), padding=((0, 0), (2, 1)))
        assert y.ravel().tolist() == [100, 210, 321, 32]

    def test_rows_and_columns_are_not_confused(self, conv):
        x = np.arange(1.0, 13.0).reshape(1, 1, 3, 4)
        weight = np.array([[[[1.0], [10.0]]]])  # two rows, one column
        assert conv(x, weight, stride=(1, 3))[0, 0].tolist() == [[51, 84], [95, 128]]
        assert conv(x, weight, padding=((1, 0), (0, 0)))[0, 0, 0].tolist() == [10, 20, 30, 40]

    def test_groups_see_their_own_channels(self, conv):
        x = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 4, 1, 1)
        weight = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(2, 2, 1, 1)
        assert conv(x, weight, groups=2).ravel().tolist() == [21, 4300]

    def test_depthwise_with_two_filters_for_each_channel(self, conv):
        x = np.array([1.0, 10.0]).reshape(1, 2, 1, 1)
        weight = np.array([1.0, 2.0, 3.0, 4.0]).reshape(4, 1, 1, 1)
        assert conv(x, weight, groups=2).ravel().tolist() == [1, 2, 30, 40]

    def test_bias_is_added_once_to_each_output(self, conv):
        y = conv(np.ones((1, 1, 2, 2)), np.ones((2, 1, 1, 1)), bias=[10, 20])
        assert y.tolist() == [[[[11, 11], [11, 11]], [[21, 21], [21, 21]]]]

    def test_same_puts_the_extra_cell_at_the_end(self, conv):
        x = np.array([[[[1.0, 2.0, 3.0]]]])
        assert conv(x, [[[[1.0, 10.0]]]], padding="same").ravel().tolist() == [21, 32, 3]

    def test_full_and_valid(self, conv):
        x, weight = [[[[1.0, 2.0, 3.0]]]], [[[[1.0, 10.0]]]]
        assert conv(x, weight, padding="full").ravel().tolist() == [10, 21, 32, 3]
        assert conv(x, weight, padding="valid").ravel().tolist() == [21, 32]

    def test_uint8_does_not_wrap(self, conv):
        x = np.array([[[[200, 100]]]], np.uint8)
        assert conv(x, np.array([[[[1, 1]]]], np.uint8)).tolist() == [[[[300.0]]]]

    def test_without_a_batch_axis_there_is_none_in_the_answer(self, conv, rng):
        x, weight = rng.standard_normal((2, 5, 5)), rng.standard_normal((3, 2, 3, 3))
        assert conv(x, weight).shape == (3, 3, 3)
        np.testing.assert_array_equal(conv(x, weight), conv(x[None], weight)[0])

    def test_an_empty_batch_is_legal(self, conv):
        y = conv(np.zeros((0, 2, 5, 5)), np.ones((3, 2, 3, 3)), np.ones(3), stride=2, padding=1)
        assert y.shape == (0, 3, 3, 3)

    @pytest.mark.parametrize(
        ("x", "weight", "y"),
        [
            ("f4", "f4", "f4"),
            ("f8", "f8", "f8"),
            ("f4", "f8", "f8"),
            ("f8", "f4", "f8"),
            ("u1", "i8", "f8"),
            ("?", "?", "f8"),
            ("f4", "i4", "f8"),
            ("f2", "f4", "f4"),
            (">f4", ">f4", "f4"),
            (">f8", "f4", "f8"),
        ],
    )
    def test_dtypes(self, conv, x, weight, y):
        got = conv(np.ones((1, 1, 2, 2), x), np.ones((1, 1, 2, 2), weight))
        assert got.dtype == np.dtype(y)
        assert got.dtype.isnative
        assert got.tolist() == [[[[4.0]]]]

    def test_a_float64_bias_makes_it_float64(self, conv):
        x = np.ones((1, 1, 2, 2), np.float32)
        assert conv(x, x, np.array([1.0], np.float32)).dtype == np.float32
        assert conv(x, x, np.array([1.0])).dtype == np.float64

    def test_nan_stays_where_it_is_read(self, conv):
        x = np.ones((1, 1, 1, 5))
        x[..., 0] = np.nan
        y = conv(x, np.ones((1, 1, 1, 2)))
        assert np.isnan(y.ravel()).tolist() == [True, False, False, False]

    def test_operands_are_not_touched(self, conv, rng):
        x, weight = rng.standard_normal((1, 2, 4, 4)), rng.standard_normal((2, 2, 3, 3))
        bias = rng.standard_normal(2)
        for array in (x, weight, bias):
            array.flags.writeable = False
        y = conv(x, weight, bias, padding=1)
        assert y.flags.writeable
        assert not any(np.shares_memory(y, array) for array in (x, weight, bias))


def test_conv2d_is_the_loops(rng, agrees, setting_of_120):
    shape, kernel, stride, padding, dilation, groups = setting_of_120
    x = rng.standard_normal(shape)
    filters = 2 * groups
    weight = rng.standard_normal((filters, shape[-3] // groups, *kernel))
    bias = rng.standard_normal(filters)
    arguments = (x, weight, bias, stride, padding, dilation, groups)
    agrees(conv2d(*arguments), conv2d_loops(*arguments))
    single = [a.astype(np.float32) for a in arguments[:3]] + list(arguments[3:])
    agrees(conv2d(*single), conv2d_loops(*arguments).astype(np.float32))


def test_views_of_any_layout_give_the_same(rng, agrees):
    x, weight = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, 3, 2))
    expected = conv2d(x, weight)
    agrees(conv2d(np.asfortranarray(x), np.asfortranarray(weight)), expected)
    agrees(conv2d(x[..., ::-1].copy()[..., ::-1], weight), expected)
    channels_last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    agrees(conv2d(channels_last, weight), expected)
    agrees(conv2d(x.tolist(), weight.tolist()), expected)


def test_blocks_of_rows_and_of_images_give_the_same(rng, agrees, monkeypatch):
    x, weight = rng.standard_normal((5, 4, 11, 13)), rng.standard_normal((6, 2, 3, 3))
    whole = conv2d(x, weight, stride=(1, 2), padding=1, groups=2)
    for block_bytes in (1, 5_000, 12_000, 40_000, 70_000):
        monkeypatch.setattr("convcore.strips.BLOCK_BYTES", block_bytes)
        agrees(conv2d(x, weight, stride=(1, 2), padding=1, groups=2), whole)


def test_integers_are_exact_up_to_2_to_the_53(rng):
    x = rng.integers(-1000, 1000, (1, 3, 20, 20))
    weight = rng.integers(-1000, 1000, (2, 3, 3, 3))
    exact = np.einsum(
        "ncijuv,bcuv->nbij", np.lib.stride_tricks.sliding_window_view(x, (3, 3), (2, 3)), weight
    )
    np.testing.assert_array_equal(conv2d(x, weight), exact)


def test_a_photograph_takes_little_time_and_scratch_memory(rng):
    x = rng.standard_normal((1, 3, 512, 512)).astype(np.float32)
    weight = rng.standard_normal((3, 3, 3, 3)).astype(np.float32)
    start = time.perf_counter()
    conv2d(x, weight, padding=1)
    assert time.perf_counter() - start < 1.0  # measured: 10 ms
    wide = rng.standard_normal((1, 3, 31, 31)).astype(np.float32)
    tracemalloc.start()
    y = conv2d(x[..., :128, :128], wide, padding=15)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert y.shape == (1, 1, 128, 128)
    assert peak < 8 << 20  # a full im2col would take 180 MiB
