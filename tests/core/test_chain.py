"""The chain rule from either end: one product, two prices."""

import itertools

import numpy as np
import pytest

from convcore import ShapeError, forward_accumulation, reverse_accumulation

SIZES = [(1, 1, 1, 1), (3, 5, 4, 2), (6, 5, 4, 1), (1, 4, 5, 6), (7, 2, 9, 3)]


def _chain(rng, *sizes):
    return [rng.standard_normal((b, a)) for a, b in itertools.pairwise(sizes)]


@pytest.mark.parametrize(("l", "m", "n", "o"), SIZES)
def test_both_orders_give_the_jacobian_and_their_own_count(rng, l, m, n, o):  # noqa: E741
    jacobians = _chain(rng, l, m, n, o)
    forward, reverse = forward_accumulation(jacobians), reverse_accumulation(jacobians)
    f, g, h = jacobians
    np.testing.assert_allclose(forward.jacobian, h @ g @ f, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(reverse.jacobian, h @ g @ f, rtol=1e-12, atol=1e-13)
    assert forward.multiplications == l * m * n + l * n * o
    assert reverse.multiplications == o * m * n + o * m * l
    assert [one.shape for one in forward.partial] == [(m, l), (n, l), (o, l)]
    assert [one.shape for one in reverse.partial] == [(o, n), (o, m), (o, l)]


def test_the_jacobian_is_that_of_the_whole_function(rng):
    import jax
    import jax.numpy as jnp

    f, g, h = (one.astype(np.float32) for one in _chain(rng, 3, 5, 4, 2))
    x = rng.standard_normal(3).astype(np.float32)
    whole = jax.jacobian(lambda x: jnp.tanh(h @ jnp.sin(g @ jnp.tanh(f @ x))))(x)
    a = f @ x
    b = g @ np.tanh(a)
    c = h @ np.sin(b)
    each = [
        (1 - np.tanh(a) ** 2)[:, None] * f,
        np.cos(b)[:, None] * g,
        (1 - np.tanh(c) ** 2)[:, None] * h,
    ]
    for way in (forward_accumulation, reverse_accumulation):
        np.testing.assert_allclose(way(each).jacobian, whole, rtol=2e-4, atol=1e-5)


def test_a_long_chain_and_a_single_function(rng):
    jacobians = _chain(rng, 2, 3, 4, 3, 5, 1)
    forward, reverse = forward_accumulation(jacobians), reverse_accumulation(jacobians)
    np.testing.assert_allclose(forward.jacobian, reverse.jacobian, rtol=1e-12)
    assert reverse.multiplications < forward.multiplications
    assert forward_accumulation(jacobians[:1]).multiplications == 0


@pytest.mark.parametrize(
    ("jacobians", "words"),
    [
        ([], "at least one"),
        ([np.ones(3)], "must be matrices"),
        ([np.ones((3, 2)), np.ones((1, 4))], "3 numbers meet 4 columns"),
    ],
)
@pytest.mark.parametrize("way", [forward_accumulation, reverse_accumulation])
def test_a_chain_that_does_not_meet_is_refused(way, jacobians, words):
    with pytest.raises(ShapeError, match=words):
        way(jacobians)
