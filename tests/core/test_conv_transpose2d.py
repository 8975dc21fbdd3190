"""conv_transpose2d: sizes of torch, stamps by hand, JAX, ONNX Runtime, and dL/dx."""

import itertools

import jax
import numpy as np
import pytest
from jax import lax

from convcore import ShapeError, conv2d, conv2d_backward, conv_transpose2d, coverage
from convcore.plane import read_axes
from tests.onnx_operators import onnx_operator

POWERS = [[[[1, 10, 100]]]]


def line(*values):
    return np.array(values, float).reshape(1, 1, 1, -1)


def overlap(count, k, s):
    """How often each cell of a row is stamped: ones through ones."""
    return conv_transpose2d(line(*[1] * count), line(*[1] * k), stride=s).ravel().tolist()


class TestByHand:
    def test_each_cell_stamps_the_kernel(self):
        assert conv_transpose2d(line(2, 3), POWERS).ravel().tolist() == [2, 23, 230, 300]
        y = conv_transpose2d(line(2, 3), POWERS, stride=2)
        assert y.ravel().tolist() == [2, 20, 203, 30, 300]

    def test_two_axes(self):
        kernel = [[[[1, 10], [100, 1000]]]]
        y = conv_transpose2d([[[1, 2], [3, 4]]], kernel)
        assert y.tolist() == [[[1, 12, 20], [103, 1234, 2040], [300, 3400, 4000]]]
        y = conv_transpose2d([[[1, 2]]], kernel, stride=(1, 2))
        assert y.tolist() == [[[1, 10, 2, 20], [100, 1000, 200, 2000]]]

    def test_padding_crops(self):
        y = conv_transpose2d(line(2, 3), POWERS, stride=2, padding=(0, 1))
        assert y.ravel().tolist() == [20, 203, 30]
        y = conv_transpose2d(line(2, 3), POWERS, stride=2, padding=((0, 0), (0, 2)))
        assert y.ravel().tolist() == [2, 20, 203]

    def test_padding_may_crop_more_than_the_overlap(self):
        y = conv_transpose2d(line(1, 2, 3, 4, 5), line(1, 10), padding=(0, 2))
        assert y.ravel().tolist() == [23, 34]

    def test_output_padding_appends_cells_that_nothing_stamps(self):
        y = conv_transpose2d(line(2, 3), POWERS, [7], stride=2, output_padding=(0, 1))
        assert y.ravel().tolist() == [9, 27, 210, 37, 307, 7]

    def test_output_padding_uncovers_what_padding_cropped(self):
        y = conv_transpose2d(line(2, 3), POWERS, stride=2, padding=(0, 1), output_padding=(0, 1))
        assert y.ravel().tolist() == [20, 203, 30, 300]

    def test_output_padding_beyond_the_stride_under_a_dilation(self):
        y = conv_transpose2d(line(2, 3), POWERS, dilation=(1, 3), output_padding=(0, 2))
        assert y.ravel().tolist() == [2, 3, 0, 20, 30, 0, 200, 300, 0, 0]
        y = conv_transpose2d(
            line(2, 3), POWERS, dilation=(1, 3), padding=(0, 3), output_padding=(0, 2)
        )
        assert y.ravel().tolist() == [20, 30, 0, 200]

    def test_bias_is_added_once_to_each_cell(self):
        y = conv_transpose2d(line(1, 1), line(1, 1), [5])
        assert y.ravel().tolist() == [6, 7, 6]

    def test_channels_of_x_come_first_in_the_weight(self):
        x = np.array([2.0, 3.0]).reshape(1, 2, 1, 1)
        weight = np.array([[1, 10, 100], [1000, 10000, 100000]]).reshape(2, 3, 1, 1)
        assert conv_transpose2d(x, weight).ravel().tolist() == [3002, 30020, 300200]

    def test_groups(self):
        x = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 4, 1, 1)
        weight = np.array([[1, 10], [100, 1000], [1, 10], [100, 1000]]).reshape(4, 2, 1, 1)
        y = conv_transpose2d(x, weight, [0.5, 0, 0, 0], groups=2)
        assert y.ravel().tolist() == [201.5, 2010, 403, 4030]

    def test_batch_or_not(self, rng):
        x, weight = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((3, 2, 3, 3))
        y = conv_transpose2d(x, weight, stride=2)
        assert y.shape == (2, 2, 9, 11)
        np.testing.assert_array_equal(conv_transpose2d(x[1], weight, stride=2), y[1])
        assert conv_transpose2d(x[:0], weight).shape == (0, 2, 6, 7)

    def test_dtypes(self):
        single = np.ones((1, 1, 2, 2), np.float32)
        assert conv_transpose2d(single, single).dtype == np.float32
        assert conv_transpose2d(single, single, [1.0]).dtype == np.float64
        assert conv_transpose2d(single.astype(np.uint8), single).dtype == np.float64

    def test_operands_are_not_touched(self, rng):
        x, weight = rng.standard_normal((1, 1, 3, 3)), np.ones((1, 1, 1, 1))
        x.flags.writeable = weight.flags.writeable = False
        y = conv_transpose2d(x, weight, [1.0])
        assert y.flags.writeable
        assert not np.shares_memory(x, y)


class TestConventions:
    """conventions.md, "Transposed convolution"."""

    def test_uneven_overlap(self):
        assert overlap(5, 3, 2) == [1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1]
        assert overlap(5, 4, 2) == [1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1]
        assert overlap(3, 2, 3) == [1, 1, 0, 1, 1, 0, 1, 1]

    @pytest.mark.parametrize("k", range(1, 8))
    @pytest.mark.parametrize("s", range(1, 6))
    def test_the_overlap_is_even_iff_the_stride_divides_the_kernel(self, k, s):
        inside = overlap(12, k, s)[k:-k]
        assert (len(set(inside)) == 1) == (k % s == 0)

    def test_the_overlap_is_the_coverage_of_the_convolution_that_goes_back(self):
        y = conv_transpose2d(np.ones((1, 4, 5)), np.ones((1, 1, 3, 4)), stride=2, padding=1)
        np.testing.assert_array_equal(y[0], coverage(y.shape, (3, 4), stride=2, padding=1))

    def test_sizes(self):
        for i, k, s, p, d, extra in itertools.product(
            range(1, 5), range(1, 5), (1, 2, 3), (0, 1, 2), (1, 2, 3), (0, 1, 2)
        ):
            if extra >= max(s, d):
                continue
            size = (i - 1) * s - 2 * p + d * (k - 1) + extra + 1
            call = {"x": np.ones((1, 1, i)), "weight": np.ones((1, 1, 1, k)), "stride": s,
                    "padding": (0, p), "dilation": d, "output_padding": (0, extra)}  # fmt: skip
            if size >= 1:
                assert conv_transpose2d(**call).shape == (1, 1, size)
            else:
                with pytest.raises(ShapeError, match="must leave at least one cell"):
                    conv_transpose2d(**call)

    def test_output_padding_tells_5_from_6(self, rng):
        """k3 s2 p1 takes both to 3: which one was meant?"""
        weight = rng.standard_normal((1, 1, 3, 3))
        for size, extra in [(5, 0), (6, 1)]:
            assert conv2d(np.ones((1, size, size)), weight, stride=2, padding=1).shape == (1, 3, 3)
            back = conv_transpose2d(
                np.ones((1, 3, 3)), weight, stride=2, padding=1, output_padding=extra
            )
            assert back.shape == (1, size, size)

    def test_it_is_not_an_inverse(self, rng):
        x, weight = rng.standard_normal((1, 5, 5)), rng.standard_normal((1, 1, 3, 3))
        back = conv_transpose2d(conv2d(x, weight), weight)
        assert back.shape == x.shape
        assert np.abs(back - x).max() > 0.1


def test_it_is_the_input_gradient_with_the_leftover_as_output_padding(rng, agrees, setting):
    """dX = conv_transpose(g, w, output_padding = r), for every setting of the grid."""
    shape, kernel, stride, padding, dilation, groups = setting
    x = rng.standard_normal(shape)
    weight = rng.standard_normal((2 * groups, shape[-3] // groups, *kernel))
    how = (stride, padding, dilation, groups)
    g = rng.standard_normal(conv2d(x, weight, None, *how).shape)
    rows, columns = read_axes("test", shape[-2:], kernel, stride, padding, dilation)
    r, padding = (rows.leftover, columns.leftover), (rows.padding, columns.padding)
    y = conv_transpose2d(g, weight, None, stride, padding, r, groups, dilation)
    agrees(y, conv2d_backward(g, x, weight, *how).x)


def pair(value):
    return np.broadcast_to(value, 2).tolist()


def torch_settings():
    everything = itertools.product(
        [(3, 3), (2, 3), (4, 1)],  # kernel
        [1, 2, (3, 1)],  # stride
        [0, 1, (2, 0)],  # padding
        [1, (1, 3)],  # dilation
        [1, 2],  # groups
        [0, 1, (0, 2)],  # output_padding
    )
    for kernel, *rest in everything:
        stride, padding, dilation, groups, extra = rest
        if (np.broadcast_to(extra, 2) >= np.maximum(stride, dilation)).any():
            continue
        reach = np.multiply(dilation, np.subtract(kernel, 1))
        if (np.multiply(3, stride) - np.multiply(2, padding) + reach + extra >= 0).all():
            yield kernel, *map(pair, rest[:3]), groups, pair(extra)


SETTINGS = list(torch_settings())
# ONNX Runtime refuses an output_padding that only dilation allows.
IN_ONNX = [s for s in SETTINGS if (np.array(s[5]) < s[1]).all()]


def transposed(rng, setting):
    kernel, stride, padding, dilation, groups, extra = setting
    x, weight = rng.standard_normal((2, 4, 4, 4)), rng.standard_normal((4, 3, *kernel))
    return x, weight, conv_transpose2d(x, weight, None, stride, padding, extra, groups, dilation)


@pytest.mark.parametrize("case", SETTINGS, ids=str)
def test_jax_agrees(rng, agrees, case):
    """lax spreads x by lhs_dilation; the kernel is rotated, its channels exchanged by hand."""
    x, weight, y = transposed(rng, case)
    kernel, stride, padding, dilation, groups, extra = case
    rotated = weight[..., ::-1, ::-1].reshape(groups, 4 // groups, 3, *kernel)
    rotated = np.swapaxes(rotated, 1, 2).reshape(groups * 3, 4 // groups, *kernel)
    sides = [
        (d * (k - 1) - p, d * (k - 1) - p + e)
        for k, d, p, e in zip(kernel, dilation, padding, extra, strict=True)
    ]
    with jax.enable_x64(True):
        expected = lax.conv_general_dilated(
            x, rotated, (1, 1), sides, lhs_dilation=stride, rhs_dilation=dilation,
            feature_group_count=groups,
        )  # fmt: skip
    agrees(y, expected)


@pytest.mark.parametrize("case", IN_ONNX, ids=str)
def test_onnx_agrees(rng, agrees, case):
    kernel, stride, padding, dilation, groups, extra = case
    x, weight = (rng.integers(-9, 10, n) * 1.0 for n in ((2, 4, 4, 4), (4, 3, *kernel)))
    y = conv_transpose2d(x, weight, None, stride, padding, extra, groups, dilation)
    expected = onnx_operator(
        "ConvTranspose", x, weight, strides=stride, dilations=dilation, group=groups,
        pads=padding * 2, output_padding=extra, kernel_shape=kernel,
    )  # fmt: skip
    agrees(y, expected)


@pytest.mark.parametrize(
    ("arguments", "says", "fixes"),
    [
        ({"output_padding": 1}, "output_padding must be less than the stride or the dilation; got "
         "1 row with stride 1, dilation 1. Use output_padding 0", ({"output_padding": 0},)),
        ({"output_padding": 5, "stride": (2, 3)}, "got 5 rows with stride 2",
         ({"output_padding": 1},)),
        ({"output_padding": (1, 3), "stride": (2, 3)}, "got 3 columns with stride 3, dilation 1",
         ({"output_padding": (1, 2)},)),
        ({"output_padding": -1}, "at least 0", ({"output_padding": 0},)),
        ({"padding": 5}, "must leave at least one cell; it takes 5 + 5 of 6 rows. Use padding 2",
         ({"padding": 2},)),
        ({"padding": (2, 4)}, "it takes 4 + 4 of 7 columns", ({"padding": (2, 3)},)),
        ({"padding": ((9, 0), (9, 9))}, "it takes 9 + 0 of 6 rows",
         ({"padding": ((5, 0), (6, 0))},)),
        ({"padding": ((1, 9), (0, 0))}, "it takes 1 + 9 of 6 rows",
         ({"padding": ((1, 4), (0, 0))},)),
        ({"padding": (1, (9, 0))}, "it takes 9 + 0 of 7 columns", ({"padding": (1, (6, 0))},)),
        ({"padding": -1}, "padding must be at least 0", ({"padding": 0},)),
        ({"stride": 0}, "stride must be at least 1", ({"stride": 1},)),
        ({"dilation": (1, 0)}, "dilation must be at least 1", ({"dilation": (1, 1)},)),
        ({"groups": 3}, "groups must divide the channels of x; got groups 3, C_in 2. Use groups 2",
         ({"groups": 2},)),
        ({"groups": 0}, "groups must be at least 1", ({"groups": 1},)),
        ({"bias": [1.0]}, "shape (5,); got shape (1,)", ({"bias": None},)),
        ({"weight": np.ones((5, 2, 3, 3))}, "channels of x first; got shape (5, 2, 3, 3), but x "
         "has 2 channels. Use weight.swapaxes(0, 1)", ()),
        ({"weight": np.ones((3, 1, 3, 3))}, "Use a weight of shape (2, 1, 3, 3)", ()),
        ({"weight": np.ones((3, 3))}, "weight must be (C_in, C_out/groups, kH, kW)", ()),
        ({"weight": np.ones((2, 0, 3, 3))}, "no empty axis", ()),
        ({"x": np.ones((4, 5))}, "x must be (N, C, H, W) or (C, H, W)", ()),
    ],
)  # fmt: skip
def test_errors_and_fixes(refused, arguments, says, fixes):
    legal = {"x": np.ones((2, 4, 5)), "weight": np.ones((2, 5, 3, 3))}
    error = refused(conv_transpose2d, **{**legal, **arguments})
    assert says in str(error)
    assert error.fixes == fixes


def test_words_for_padding_are_not_for_transposing():
    with pytest.raises(TypeError, match=r"^conv_transpose2d: padding must be a whole number"):
        conv_transpose2d(np.ones((1, 2, 2)), np.ones((1, 1, 2, 2)), padding="same")
