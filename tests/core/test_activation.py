"""Functions of single numbers, softmax, and sums in their order."""

import numpy as np
import pytest

from convcore import (
    ShapeError,
    check_vjp,
    heaviside,
    relu,
    running_sums,
    sigmoid,
    softmax,
    softmax_jacobian,
)


def test_relu_agrees_with_jax(rng):
    import jax

    x = rng.standard_normal((2, 3, 4)).astype(np.float32)
    np.testing.assert_array_equal(relu(x), np.asarray(jax.nn.relu(x)))


def test_relu_keeps_floats_and_nan():
    assert relu(np.array([-1, 2], np.float32)).dtype == np.float32
    assert relu(np.array([-1, 2])).dtype == np.float64
    assert np.isnan(relu([np.nan])).all()


@pytest.mark.parametrize("at_zero", [0.0, 0.5, 1.0])
def test_heaviside_is_numpys(rng, at_zero):
    x = np.append(rng.standard_normal(50).round(1), [0.0, -0.0, np.inf, -np.inf])
    np.testing.assert_array_equal(heaviside(x, at_zero), np.heaviside(x, at_zero))
    assert heaviside(np.array([1], np.float32)).dtype == np.float32


def test_heaviside_is_the_slope_of_relu_away_from_zero(rng):
    x = rng.standard_normal(200)
    x = x[np.abs(x) > 1e-3]
    slope = (relu(x + 1e-6) - relu(x - 1e-6)) / 2e-6
    np.testing.assert_allclose(slope, heaviside(x), atol=1e-9)


def test_sigmoid_agrees_with_scipy_and_jax(rng):
    import jax
    from scipy.special import expit

    x = np.concatenate(
        [rng.standard_normal(100) * 30, [1e4, -1e4, 0.0, 800, -800, np.inf, -np.inf]]
    )
    with np.errstate(over="raise", invalid="raise"):
        y = sigmoid(x)
    np.testing.assert_allclose(y, expit(x), rtol=1e-14)
    near = x[np.abs(x) < 80].astype(np.float32)
    np.testing.assert_allclose(sigmoid(near), np.asarray(jax.nn.sigmoid(near)), rtol=2e-6)


@pytest.mark.parametrize("shape", [(1,), (2,), (7,), (3, 4), (2, 3, 4)])
def test_softmax_agrees_with_scipy_and_jax(rng, shape):
    import jax
    from scipy import special

    x = 20 * rng.standard_normal(shape)
    for axis in range(-len(shape), len(shape)):
        np.testing.assert_allclose(softmax(x, axis), special.softmax(x, axis), rtol=1e-13)
        single = x.astype(np.float32)
        peer = np.asarray(jax.nn.softmax(single, axis))
        np.testing.assert_allclose(softmax(single, axis), peer, rtol=2e-5, atol=1e-30)
        assert softmax(single, axis).dtype == np.float32


@pytest.mark.parametrize("shift", [-1e4, 0.0, 1e4])
def test_softmax_is_stable_and_ignores_a_shift(rng, shift):
    x = rng.integers(-5, 6, 8).astype(float)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(softmax(x + shift), softmax(x))
        p = softmax([shift, -shift, 0.0])
    assert np.isfinite(p).all()
    assert p.sum() == pytest.approx(1, abs=1e-15)


def test_two_classes_are_a_sigmoid(rng):
    for pair in 9 * rng.standard_normal((20, 2)):
        z = pair[0] - pair[1]
        np.testing.assert_allclose(softmax(pair), [sigmoid(z), sigmoid(-z)], rtol=1e-12)


@pytest.mark.parametrize("classes", [1, 2, 5, 9])
def test_the_jacobian_of_softmax(rng, classes):
    import jax

    x = rng.standard_normal(classes)
    jacobian = softmax_jacobian(x)
    assert check_vjp(softmax, lambda g, x: g @ softmax_jacobian(x), x)
    assert not check_vjp(softmax, lambda g, x: g @ np.diag(softmax(x)), x)
    peer = jax.jacobian(jax.nn.softmax)(x.astype(np.float32))
    np.testing.assert_allclose(jacobian, np.asarray(peer), atol=3e-7)
    np.testing.assert_array_equal(jacobian, jacobian.T)
    np.testing.assert_allclose(jacobian.sum(1), 0, atol=1e-15)


def test_softmax_says_what_it_needs():
    with pytest.raises(ShapeError, match=r"along axis -1; got shape \(0,\)"):
        softmax([])
    with pytest.raises(ShapeError, match="along axis 2"):
        softmax([[1, 2]], axis=2)
    with pytest.raises(ShapeError, match=r"one axis; got shape \(1, 2\)"):
        softmax_jacobian([[1, 2]])
    with pytest.raises(TypeError):
        sigmoid(["1"])


def test_running_sums_end_in_the_whole_sum(rng):
    cells, values = rng.integers(0, 9, 80), rng.standard_normal(80)
    sums = running_sums(cells, values, 9)
    last = {cell: value for cell, value in zip(cells.tolist(), sums, strict=True)}
    whole = np.bincount(cells, values, 9)
    for cell, value in last.items():
        assert value == pytest.approx(whole[cell], rel=1e-12)


def test_running_sums_need_a_cell_for_each_value():
    with pytest.raises(ShapeError, match="one cell for each value"):
        running_sums([0, 1], [1.0], 2)
