"""The ways to compute a convolution: each gives the numbers of the others, and who takes which."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from convcore import ShapeError, conv2d, conv2d_backward, gaussian_kernel
from convcore.by_factors import factors
from convcore.by_fft import tile_size
from convcore.operands import read_operands
from convcore.sums import METHODS, fastest

SETTINGS = [  # x, weight, how
    ((1, 1, 40, 45), (1, 1, 3, 3), {}),
    ((2, 4, 30, 33), (6, 2, 5, 4), {"padding": ((0, 3), (2, 1)), "groups": 2}),
    ((1, 3, 35, 70), (2, 3, 7, 7), {"padding": "same"}),
    ((1, 2, 9, 8), (3, 2, 9, 8), {}),
    ((1, 1, 1, 90), (1, 1, 1, 12), {"padding": (0, 11)}),
    ((3, 1, 140, 131), (1, 1, 15, 16), {"padding": ((7, 7), (7, 8))}),
    ((1, 1, 4, 5), (1, 1, 3, 3), {"padding": 6}),  # windows of nothing but padding
    ((1, 2, 40, 41), (4, 1, 3, 5), {"stride": (2, 3), "padding": 2, "groups": 2}),
    ((1, 2, 41, 50), (2, 2, 3, 3), {"stride": 4, "dilation": (1, 3)}),
    ((2, 9, 17, 12), (4, 9, 3, 3), {"padding": ((0, 4), (5, 0)), "dilation": (2, 1)}),
    ((1, 2, 41, 50), (2, 2, 4, 3), {"stride": (3, 1), "dilation": (2, 2), "padding": (1, 4)}),
]
each_setting = pytest.mark.parametrize(("x", "weight", "how"), SETTINGS)


def drawn(rng, shape, weight_shape, rank_one):
    weight = rng.standard_normal(weight_shape)
    if rank_one:
        weight = weight[..., :1, :] * rng.standard_normal((*weight_shape[:3], 1))
    return rng.standard_normal(shape), weight


def serves(method, weight, how):
    strides, dilations = (np.broadcast_to(how.get(name, 1), 2) for name in ("stride", "dilation"))
    if method == "shifts":
        return dilations[0] == 1
    if method == "fft":
        return max(*strides, *dilations) == 1
    return method != "factors" or np.linalg.matrix_rank(weight).max() == 1


@each_setting
@pytest.mark.parametrize("rank_one", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_the_same_or_refuses(rng, method, x, weight, how, rank_one):
    x, weight = drawn(rng, x, weight, rank_one)
    if not serves(method, weight, how):
        with pytest.raises(ShapeError, match=f'method "{method}" needs') as error:
            conv2d(x, weight, **how, method=method)
        assert error.value.fixes == ({"method": "auto"},)
        return
    y = conv2d(x, weight, **how, method=method)
    np.testing.assert_allclose(y, conv2d(x, weight, **how, method="columns"), rtol=0, atol=1e-12)
    single = conv2d(x.astype(np.float32), weight.astype(np.float32), **how, method=method)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, y, rtol=0, atol=2e-5 * np.abs(y).max())


@pytest.mark.parametrize("block_bytes", [1, 3_000, 100_000])
@pytest.mark.parametrize("method", METHODS)
def test_blocks_of_any_size_give_the_same(rng, monkeypatch, method, block_bytes):
    x, weight = drawn(rng, (2, 2, 150, 70), (3, 2, 8, 7), rank_one=True)
    whole = conv2d(x, weight, padding=((3, 0), (2, 4)), method=method)
    monkeypatch.setattr("convcore.strips.BLOCK_BYTES", block_bytes)
    parts = conv2d(x, weight, padding=((3, 0), (2, 4)), method=method)
    np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-12)


LARGE = np.ones((1, 1, 260, 270))


@pytest.mark.parametrize(
    ("x", "weight", "how", "method"),
    [
        (np.ones((1, 1, 64, 64)), np.random.default_rng(1).random((1, 1, 31, 31)), {}, "columns"),
        (np.ones((1, 1, 64, 64)), gaussian_kernel(31, 5)[None, None], {"padding": 15}, "columns"),
        (LARGE, np.random.default_rng(1).random((1, 1, 3, 3)), {}, "shifts"),
        (LARGE, np.random.default_rng(1).random((1, 1, 3, 3)), {"dilation": 2}, "columns"),
        (LARGE, gaussian_kernel(50, 5)[None, None], {}, "factors"),
        (LARGE, gaussian_kernel(50, 5)[None, None], {"stride": 1, "dilation": 2}, "factors"),
        (LARGE, np.random.default_rng(1).random((1, 1, 15, 15)), {}, "fft"),
        (
            np.full_like(LARGE, np.nan),
            np.random.default_rng(1).random((1, 1, 15, 15)),
            {},
            "shifts",
        ),
        (np.ones((1, 64, 130, 130)), np.ones((2, 64, 3, 3)), {}, "rows"),
        (np.ones((1, 64, 130, 130)), np.ones((2, 64, 3, 3)), {"stride": 2}, "columns"),
        (np.ones((1, 64, 130, 130)), np.ones((2, 64, 1, 3)), {}, "columns"),
        (np.ones((1, 16, 28, 28)), np.ones((16, 16, 3, 3)), {"dilation": 2}, "rows"),
        (np.ones((1, 16, 28, 28)), np.ones((192, 16, 3, 3)), {}, "columns"),
    ],
)
def test_who_takes_which(x, weight, how, method):
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    o = read_operands("conv2d", x, weight, None, *(defaults | how).values())
    assert fastest(o.x, o.weight, o.rows, o.columns) == method


def test_a_teaching_size_stays_whole(rng):
    """Whole numbers up to 64 x 64, the largest a lesson shows, are exact under every kernel."""
    x = rng.integers(-9, 10, (1, 1, 64, 64))
    for kernel in (rng.integers(-9, 10, (31, 31)), np.outer([1, 3, 7] * 5, [3, 2, 1] * 5)):
        y = conv2d(x, kernel[None, None])
        np.testing.assert_array_equal(y[0, 0], correlate2d(x[0, 0], kernel, "valid"))


def test_what_is_not_finite_stays_where_it_is_read(rng):
    x, weight = rng.standard_normal((1, 1, 220, 230)), rng.standard_normal((1, 1, 15, 15))
    x[0, 0, 100, 100] = np.nan
    y = conv2d(x, weight)
    assert np.isnan(y).sum() == 15 * 15
    with pytest.raises(ShapeError, match="finite numbers"):
        conv2d(x, weight, method="fft")


def test_a_method_that_is_none():
    with pytest.raises(ShapeError, match="method must be") as error:
        conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2)), method="winograd")
    assert error.value.fixes == ({"method": "auto"},)


@pytest.mark.parametrize(
    ("kernel", "has"),
    [
        (gaussian_kernel(50, 7), True),
        (np.ones((3, 3)), True),
        (np.outer([1, 2, 1], [1, 0, -1]), True),
        (np.zeros((3, 3)), False),
        (np.eye(3), False),
        (gaussian_kernel(9, 2) + 1e-9 * np.eye(9), False),
        (np.full((3, 3), np.nan), False),
    ],
)
def test_factors(kernel, has):
    kernel = kernel.astype(float)
    found = factors(kernel)
    assert (found is not None) == has
    if has:
        np.testing.assert_allclose(np.outer(*found), kernel, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize(("size", "kernel_size"), [(512, 31), (2048, 31), (300, 299), (220, 15)])
def test_a_tile_holds_a_kernel_and_covers_a_small_axis(size, kernel_size):
    o = read_operands(
        "conv2d", np.ones((1, 1, 1, size)), np.ones((1, 1, 1, kernel_size)), None, 1, 0, 1, 1
    )
    side = tile_size(o.columns)
    assert kernel_size < side <= 2 * size


@pytest.mark.parametrize("padding", [0, 1, 2, 5, ((0, 4), (3, 0))])
@pytest.mark.parametrize("dilation", [1, 2])
def test_the_gradient_at_stride_1_for_any_padding(rng, padding, dilation):
    """Beyond ke - 1 the padding crops the upstream map; against the taps in another order."""
    x, weight = rng.standard_normal((2, 4, 9, 8)), rng.standard_normal((6, 2, 3, 2))
    how = {"padding": padding, "dilation": dilation, "groups": 2}
    g = rng.standard_normal(conv2d(x, weight, **how).shape)
    found = conv2d_backward(g, x, weight, **how).x
    direction = rng.standard_normal(x.shape)
    moved = (conv2d(direction, weight, **how) * g).sum()
    assert (found * direction).sum() == pytest.approx(moved, rel=1e-10, abs=1e-10)
    assert found.shape == x.shape
