"""conv1d and conv1d_backward: by hand, against JAX, and their own forms and errors."""

import jax
import numpy as np
import pytest
from jax import lax

from convcore import (
    check_vjp,
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    convolve1d,
    correlate1d,
)

POWERS = [[[1, 10, 100]]]


def test_by_hand():
    assert conv1d([[1, 2, 3, 4, 5]], POWERS).tolist() == [[321, 432, 543]]
    assert conv1d([[1, 2, 3, 4, 5]], POWERS, stride=2).tolist() == [[321, 543]]
    assert conv1d([[1, 2, 3, 4, 5]], POWERS, dilation=2).tolist() == [[531]]
    assert conv1d([[1, 2, 3]], POWERS, [0.5], padding=1).tolist() == [[210.5, 321.5, 32.5]]
    assert conv1d([[1, 2], [3, 4]], [[[1]], [[10]]], groups=2).tolist() == [[1, 2], [30, 40]]


@pytest.mark.parametrize(
    ("padding", "y"),
    [
        (0, [321]),
        ("valid", [321]),
        (1, [210, 321, 32]),
        ((1,), [210, 321, 32]),
        ([1], [210, 321, 32]),
        (np.array([1]), [210, 321, 32]),
        ("same", [210, 321, 32]),
        ("full", [100, 210, 321, 32, 3]),
        ((2, 0), [100, 210, 321]),
        ([0, 1], [321, 32]),
        (((0, 2),), [321, 32, 3]),
        (np.array([[2, 1]]), [100, 210, 321, 32]),
    ],
)
def test_every_way_to_write_padding(padding, y):
    assert conv1d([[1, 2, 3]], POWERS, padding=padding).tolist() == [y]
    grad = conv1d_backward([[1] * len(y)], [[1, 2, 3]], POWERS, padding=padding)
    assert grad.weight @ [1, 10, 100] == sum(y)  # <dw, w> = <g, y>


def test_same_puts_the_extra_cell_at_the_end():
    assert conv1d([[1, 2, 3]], [[[1, 10]]], padding="same").tolist() == [[21, 32, 3]]


def test_stride_and_dilation_may_be_tuples_of_one_as_in_torch():
    y = conv1d([[1, 2, 3, 4, 5, 6]], [[[1, 10]]], stride=(2,), dilation=[3])
    assert y.tolist() == [[41, 63]]


def test_gradients_by_hand():
    grad = conv1d_backward([[2, 3]], [[1, 2, 3, 4, 5, 6]], POWERS, stride=2)
    assert grad.x.tolist() == [[2, 20, 203, 30, 300, 0]]  # the sixth is left over
    assert grad.weight.tolist() == [[[2 + 9, 4 + 12, 6 + 15]]]
    assert grad.bias.tolist() == [5]
    grad = conv1d_backward([[1, 2, 3]], [[7, 8, 9]], POWERS, padding=1)
    assert grad.x.tolist() == [[10 + 2, 100 + 20 + 3, 200 + 30]]
    assert grad.weight.tolist() == [[[14 + 24, 7 + 16 + 27, 8 + 18]]]


def test_batch_or_not(rng):
    x, weight, g = (rng.standard_normal(shape) for shape in [(2, 3, 8), (4, 3, 3), (2, 4, 6)])
    y, grad = conv1d(x, weight), conv1d_backward(g, x, weight)
    assert (y.shape, grad.x.shape, grad.weight.shape) == ((2, 4, 6), (2, 3, 8), (4, 3, 3))
    np.testing.assert_array_equal(conv1d(x[0], weight), y[0])
    np.testing.assert_array_equal(conv1d_backward(g[0], x[0], weight).x, grad.x[0])
    assert conv1d(x[:0], weight).shape == (0, 4, 6)
    assert conv1d_backward(g[:0], x[:0], weight).x.shape == (0, 3, 8)


def test_dtypes():
    single = np.ones((1, 1, 3), np.float32)
    assert conv1d(single, single).dtype == np.float32
    assert conv1d(single, single.astype(int)).dtype == np.float64
    assert conv1d_backward(single[..., :1], single, single).x.dtype == np.float32
    assert conv1d_backward([[[1]]], single, single).x.dtype == np.float64


def test_the_flip_is_the_only_difference_to_convolve1d(rng, agrees):
    x, kernel = rng.standard_normal(9), rng.standard_normal(4)
    for mode in ("full", "valid"):
        agrees(conv1d(x[None], kernel[None, None], padding=mode)[0], correlate1d(x, kernel, mode))
        agrees(
            conv1d(x[None], kernel[None, None, ::-1], padding=mode)[0], convolve1d(x, kernel, mode)
        )


def jax_conv1d(stride, sides, dilation, groups):
    return lambda x, weight: lax.conv_general_dilated(
        x, weight, (stride,), [sides], rhs_dilation=(dilation,), feature_group_count=groups
    )


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize(("padding", "groups"), [(0, 1), ((0, 3), 2), (2, 4), ("full", 1)])
def test_forward_and_gradients_agree_with_jax(rng, agrees, stride, dilation, k, padding, groups):
    x, weight = rng.standard_normal((2, 4, 8)), rng.standard_normal((8, 4 // groups, k))
    reach = dilation * (k - 1)
    sides = (reach, reach) if padding == "full" else tuple(np.broadcast_to(padding, 2).tolist())
    how = (stride, padding, dilation, groups)
    y = conv1d(x, weight, None, *how)
    g = rng.standard_normal(y.shape)
    conv = jax_conv1d(stride, sides, dilation, groups)

    def both(g, x, weight):
        y, backward = jax.vjp(conv, x, weight)
        return y, *backward(g)

    with jax.enable_x64(True):
        expected = jax.jit(both)(g, x, weight)
    grad = conv1d_backward(g, x, weight, *how)
    for ours, jaxs in zip((y, grad.x, grad.weight), expected, strict=True):
        agrees(ours, jaxs)
    agrees(grad.bias, g.sum(axis=(0, 2)))
    assert check_vjp(
        lambda x, weight: conv1d(x, weight, None, *how),
        lambda g, x, weight: conv1d_backward(g, x, weight, *how)[:2],
        (x, weight),
    )


def test_it_is_conv2d_on_one_row_or_one_column(rng, agrees):
    x, weight, g = (rng.standard_normal(shape) for shape in [(2, 3, 9), (4, 3, 3), (2, 4, 5)])
    y = conv1d(x, weight, stride=2, padding=(2, 1))
    row = conv2d(x[:, :, None], weight[:, :, None], None, (1, 2), (0, (2, 1)))[:, :, 0]
    column = conv2d(x[..., None], weight[..., None], None, (2, 1), ((2, 1), 0))[..., 0]
    agrees(row, y)
    agrees(column, y)
    grad = conv1d_backward(g, x, weight, 2, (2, 1))
    column = conv2d_backward(g[..., None], x[..., None], weight[..., None], (2, 1), ((2, 1), 0))
    agrees(column.x[..., 0], grad.x)
    agrees(column.weight[..., 0], grad.weight)


@pytest.mark.parametrize(
    ("arguments", "says", "fixes"),
    [
        ({"x": np.ones(6)}, "x must be (N, C, L) or (C, L); got shape (6,). Use x[None]", ()),
        ({"x": np.ones((1, 1, 1, 6))}, "Use x.reshape(N, C, L)", ()),
        ({"x": np.ones((1, 0))}, "at least one channel and cell; got shape (1, 0)", ()),
        ({"weight": np.ones(3)}, "Use weight[None, None] for one kernel", ()),
        ({"weight": np.ones((1, 3))}, "(C_out, C_in/groups, K); got shape (1, 3). Use three axes",
         ()),
        ({"weight": np.ones((1, 1, 0))}, "Use a kernel of at least one tap", ()),
        ({"weight": np.ones((1, 2, 3))}, "Use a weight of shape (1, 1, 3)", ()),
        ({"bias": [1, 2]}, "one number per output channel", ({"bias": None},)),
        ({"stride": 0}, "stride must be at least 1; got 0", ({"stride": 1},)),
        ({"stride": (2, 2)}, "stride must be an int; got (2, 2)", ({"stride": (2,)},)),
        ({"padding": -1}, "padding must be at least 0", ({"padding": 0},)),
        ({"padding": (-1,)}, "at least 0 on each side", ({"padding": (0,)},)),
        ({"padding": (0, -1)}, "at least 0 on each side", ({"padding": (0, 0)},)),
        ({"padding": (1, 2, 3)}, "padding must be an int, (before, after)", ()),
        ({"padding": "same", "stride": 2}, "TensorFlow calls SAME",
         ({"stride": 1}, {"padding": (0, 1)})),
        ({"dilation": 4}, "the kernel spans 9 cells (kernel 3, dilation 4) but the padded input "
         "has 6 (input 6, padding 0). Use padding >= 2 or dilation 2",
         ({"padding": 2}, {"dilation": 2})),
        ({"groups": 2}, "groups must divide", ({"groups": 1},)),
    ],
)  # fmt: skip
def test_errors_name_the_function_and_offer_what_works(refused, arguments, says, fixes):
    legal = {"x": np.ones((1, 6)), "weight": np.ones((1, 1, 3))}
    error = refused(conv1d, **{**legal, **arguments})
    assert says in str(error)
    assert error.fixes == fixes


@pytest.mark.parametrize(("x", "g"), [((1, 6), (1, 5)), ((1, 6), (1, 1, 4)), ((2, 1, 6), (1, 4))])
def test_an_upstream_gradient_of_another_shape(refused, x, g):
    needed = (2, 1, 4) if len(x) == 3 else (1, 4)
    error = refused(conv1d_backward, grad_y=np.ones(g), x=np.ones(x), weight=np.ones((1, 1, 3)))
    assert f"the shape of y, which is {needed} here; got shape {g}" in str(error)
