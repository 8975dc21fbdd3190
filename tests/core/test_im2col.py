"""im2col: every window as a column, and its two products."""

import jax
import numpy as np
import pytest
from jax import lax

from convcore import conv2d, conv2d_backward, im2col


def test_four_windows_by_hand():
    assert im2col([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], 2).tolist() == [
        [1, 2, 4, 5],
        [2, 3, 5, 6],
        [4, 5, 7, 8],
        [5, 6, 8, 9],
    ]


def test_channels_stand_below_each_other():
    assert im2col([[[1, 2, 3]], [[4, 5, 6]]], (1, 2)).tolist() == [[1, 2], [2, 3], [4, 5], [5, 6]]


def test_padding_is_zeros_and_stride_skips_windows():
    columns = im2col([[[1, 2, 3, 4]]], (1, 3), stride=2, padding=((0, 0), (1, 1)))
    assert columns.tolist() == [[0, 2], [1, 3], [2, 4]]
    assert im2col([[[1, 2, 3, 4, 5]]], (1, 3), dilation=2).tolist() == [[1], [3], [5]]


def test_a_batch_axis_stays():
    x = np.arange(24.0).reshape(2, 1, 3, 4)
    assert im2col(x, (2, 3)).shape == (2, 6, 4)
    np.testing.assert_array_equal(im2col(x, (2, 3))[1], im2col(x[1], (2, 3)))
    assert im2col(x[:0], (2, 3)).shape == (0, 6, 4)


def test_dtypes_and_memory():
    x = np.ones((1, 3, 3), np.float32)
    assert im2col(x, 2).dtype == np.float32
    assert im2col(x.astype(np.uint8), 2).dtype == np.float64
    assert not np.shares_memory(im2col(x, 1), x)
    assert im2col(x, 2).flags.writeable


def test_its_products_are_the_convolution_and_the_weight_gradient(rng, agrees, setting_of_120):
    shape, kernel, stride, padding, dilation, _ = setting_of_120
    x = rng.standard_normal(shape[-3:])
    weight = rng.standard_normal((2, x.shape[0], *kernel))
    how = (stride, padding, dilation)
    columns = im2col(x, kernel, *how)
    y = conv2d(x, weight, None, *how)
    agrees((weight.reshape(2, -1) @ columns).reshape(y.shape), y)
    g = rng.standard_normal(y.shape)
    grad_weight = (g.reshape(2, -1) @ columns.T).reshape(weight.shape)
    agrees(grad_weight, conv2d_backward(g, x, weight, *how).weight)


def test_with_one_block_for_each_filter_it_is_the_jacobian(rng, agrees):
    x, weight = rng.standard_normal((2, 4, 5)), rng.standard_normal((3, 2, 2, 3))
    matrix = np.kron(np.eye(3), im2col(x, (2, 3)).T)
    y = conv2d(x, weight)
    agrees(matrix @ weight.ravel(), y.ravel())
    g = rng.standard_normal(y.shape)
    agrees((matrix.T @ g.ravel()).reshape(weight.shape), conv2d_backward(g, x, weight).weight)
    tensor = matrix.reshape(*y.shape, *weight.shape)
    for entry in np.ndindex(*weight.shape):
        indicator = np.zeros(weight.shape)
        indicator[entry] = 1
        agrees(tensor[(..., *entry)], conv2d(x, indicator))


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), ((2, 1), 1), (1, (1, 2)), (3, 2)])
def test_jax_cuts_the_same_patches(rng, agrees, stride, dilation):
    x = rng.standard_normal((2, 3, 7, 8))
    s, d = np.broadcast_to(stride, 2).tolist(), np.broadcast_to(dilation, 2).tolist()
    with jax.enable_x64(True):
        patches = lax.conv_general_dilated_patches(x, (2, 3), s, [(1, 1), (2, 0)], rhs_dilation=d)
    ours = im2col(x, (2, 3), stride, ((1, 1), (2, 0)), dilation)
    agrees(ours, np.asarray(patches).reshape(ours.shape))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"x": np.ones((5, 5))}, "x must be (N, C, H, W) or (C, H, W); got shape (5, 5)"),
        ({"kernel_size": 0}, "kernel_size must be at least 1; got 0. Use kernel_size 1"),
        ({"kernel_size": (2, 3, 4)}, "an int or a pair (rows, columns)"),
        ({"kernel_size": 6}, "Use padding >= 1 or kernel_size 5"),
        ({"stride": 0}, "stride must be at least 1"),
        ({"padding": -1}, "padding must be at least 0"),
    ],
)
def test_errors(refused, arguments, says):
    legal = {"x": np.ones((1, 5, 5)), "kernel_size": 2}
    assert says in str(refused(im2col, **{**legal, **arguments}))
