"""check_vjp: a right gradient passes, and every wrong one that can be thought of fails."""

import re

import numpy as np
import pytest

from convcore import ShapeError, VjpCheck, check_vjp, conv2d, conv2d_backward


@pytest.fixture
def layer(rng):
    """A convolution whose x is square, so that a transposed gradient has the right shape."""
    return rng.standard_normal((2, 3, 7, 7)), rng.standard_normal((4, 3, 3, 3))


def grad_x(weight, **how):
    return lambda g, x: conv2d_backward(g, x, weight, **how).x


@pytest.mark.parametrize("seed", range(5))
def test_a_right_gradient_passes(layer, seed):
    x, weight = layer
    check = check_vjp(lambda x: conv2d(x, weight, stride=2), grad_x(weight, stride=2), x, seed=seed)
    assert check
    assert check.ok
    assert check.difference < 1e-8
    assert abs(check.numeric) > 1e-3


def test_all_operands_at_once(layer, rng):
    x, weight = layer
    bias = rng.standard_normal(4)
    assert check_vjp(conv2d, lambda g, x, w, b: conv2d_backward(g, x, w), (x, weight, bias))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "plant",
    [
        lambda g, x, w: 1.0005 * conv2d_backward(g, x, w).x,
        lambda g, x, w: conv2d_backward(g, x, w).x.swapaxes(2, 3),
        lambda g, x, w: np.roll(conv2d_backward(g, x, w).x, 1, axis=3),
        lambda g, x, w: np.roll(conv2d_backward(g, x, w).x, 1, axis=1),
        lambda g, x, w: conv2d_backward(g, x, w)[0] * (1 + 0.05 * (np.arange(x.size) == 130)
                                                       .reshape(x.shape)),
        lambda g, x, w: conv2d(g, w.swapaxes(0, 1), padding=2),
        lambda g, x, w: conv2d(g, w.swapaxes(0, 1).swapaxes(2, 3)[..., ::-1, ::-1], padding=2),
        lambda g, x, w: conv2d_backward(np.ones_like(g), x, w).x,
        lambda g, x, w: -conv2d_backward(g, x, w).x,
        lambda g, x, w: conv2d_backward(g, x, w).x / len(x),
        lambda g, x, w: 0 * x,
        lambda g, x, w: np.full_like(x, np.nan),
    ],
    ids=["0.05 percent", "transposed", "shifted", "channels shifted", "one entry 5 percent",
         "kernel not rotated", "kernel transposed", "upstream ignored", "sign", "mean for sum",
         "zero", "NaN"],
)  # fmt: skip
def test_a_planted_wrong_gradient_fails(layer, plant, seed):
    x, weight = layer
    check = check_vjp(lambda x: conv2d(x, weight), lambda g, x: plant(g, x, weight), x, seed=seed)
    assert not check
    assert not check.ok


@pytest.mark.parametrize("which", [0, 1, 2])
def test_one_wrong_gradient_of_several_fails(layer, which):
    x, weight = layer

    def vjp(g, x, weight, bias):
        grads = list(conv2d_backward(g, x, weight))
        grads[which] = 1.0005 * grads[which]
        return grads

    assert not check_vjp(conv2d, vjp, (x, weight, np.ones(4)))


def test_ones_upstream_would_not_see_a_transposed_gradient():
    """Why g is random: with a symmetric kernel, g of ones gives a symmetric gradient."""
    kernel = np.ones((1, 1, 3, 3))
    grad = conv2d_backward(np.ones((1, 4, 4)), np.ones((1, 6, 6)), kernel).x
    np.testing.assert_array_equal(grad, grad.swapaxes(1, 2))


def test_non_linear_functions_and_scalars():
    x = np.array([-0.7, 0.3, 1.9])
    assert check_vjp(np.tanh, lambda g, x: g / np.cosh(x) ** 2, x)
    assert check_vjp(lambda x: np.sum(x**3), lambda g, x: 3 * g * x**2, x)
    assert check_vjp(np.exp, lambda g, x: g * np.exp(x), 0.5)
    assert not check_vjp(np.tanh, lambda g, x: g / np.cosh(x), x)


def test_pixels_as_integers_are_computed_in_float64():
    x = np.arange(48, dtype=np.uint8).reshape(1, 6, 8)
    weight = np.array([[[[1, 2, 1], [0, 0, 0], [-1, -2, -1]]]])
    assert check_vjp(lambda x: conv2d(x, weight), grad_x(weight), x)
    assert check_vjp(lambda x: conv2d(x, weight), grad_x(weight), 200 * x.astype(np.float32))


def test_inputs_are_not_touched():
    x = np.ones(3)
    x.flags.writeable = False

    def greedy(g, x):
        x *= 0
        return g

    assert check_vjp(lambda x: x, greedy, x)
    assert x.tolist() == [1, 1, 1]


def test_it_reads_as_a_sentence():
    right = check_vjp(np.sin, lambda g, x: g * np.cos(x), [0.5, 1.0])
    wrong = check_vjp(np.sin, lambda g, x: 1.0005 * g * np.cos(x), [0.5, 1.0])
    number = r"-?\d[\d.e+-]*"
    for check, verdict in [(right, "they agree"), (wrong, "the gradient is WRONG")]:
        assert re.fullmatch(
            rf"numeric {number}, analytic {number}, relative difference {number} "
            rf"\(at most 1e-06\): {verdict}",
            str(check),
        ), str(check)
    assert 4.9e-4 < wrong.difference < 5.1e-4


def test_the_numbers_of_a_check():
    assert VjpCheck(0.0, 0.0, 1e-6).ok
    assert VjpCheck(2.0, 2.0, 0.0).ok
    assert VjpCheck(2.0, 1.0, 1e-6).difference == 0.5
    assert VjpCheck(-1.0, 2.0, 1e-6).difference == 1.5
    assert not VjpCheck(float("nan"), 1.0, 1e-6)
    assert not VjpCheck(float("inf"), 1.0, 1e-6)
    with pytest.raises(AttributeError):
        VjpCheck(0.0, 0.0, 1e-6).numeric = 1.0


def test_a_gradient_of_the_wrong_shape_is_named(refused):
    x = np.ones((2, 3))
    error = refused(check_vjp, function=lambda x: x, vjp=lambda g, x: g.T, x=x)
    assert "must have the shape of its input, (2, 3); got shape (3, 2)" in str(error)
    error = refused(check_vjp, function=lambda x, y: x, vjp=lambda g, x, y: [g], x=(x, x))
    assert "one gradient for each input; got 1 for 2" in str(error)


def test_what_is_no_number_is_a_type_error():
    with pytest.raises(TypeError, match=r"^check_vjp: x must hold real numbers"):
        check_vjp(np.sin, np.cos, "abc")
    with pytest.raises(TypeError, match=r"^check_vjp: vjp\(grad_y, x\) must hold real numbers"):
        check_vjp(np.sin, lambda g, x: None, 1.0)
    with pytest.raises(ShapeError, match="rows have different lengths"):
        check_vjp(np.sin, np.cos, [[1, 2], [3]])
