"""C4: without non-linearity a network is one matrix, and its best loss that of no less than it."""

import numpy as np
import pytest

from convcore import check_vjp
from convview.linear_network import (
    CLASSES,
    Network,
    Training,
    best_logistic,
    composed,
    loss,
    pictures,
)
from convview.params import Calculus
from convview.scenes import calculus


@pytest.mark.parametrize("filters", [1, 2, 4])
@pytest.mark.parametrize("seed", [0, 1, 77])
def test_the_composed_matrix_gives_the_same_scores(filters, seed):
    network, (x, _) = Network.drawn(filters, seed), pictures(seed)
    matrix, offset = composed(network)
    scores = x.reshape(len(x), -1) @ matrix.T + offset
    assert np.abs(scores - network.scores(x)).max() < 1e-12


def test_the_gradients_of_the_network_are_right():
    x, _ = pictures(3)
    parts = Network.drawn(2, 3).parts

    def scores(*parts):
        return Network(*parts).scores(x)

    def back(grad, *parts):
        return Network(*parts).gradients(x, grad)

    assert check_vjp(scores, back, parts)
    assert not check_vjp(scores, lambda grad, *parts: [2 * g for g in back(grad, *parts)], parts)


def test_the_loss_is_that_of_jax():
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(5)
    scores, labels = rng.standard_normal((9, 3)).astype(np.float32), rng.integers(0, 3, 9)

    def peer(scores):
        return -jax.nn.log_softmax(scores)[jnp.arange(9), labels].mean()

    value, grad = loss(scores, labels)
    assert value == pytest.approx(float(peer(scores)), rel=1e-5)
    np.testing.assert_allclose(grad, jax.grad(peer)(scores), atol=1e-6)


def test_nothing_is_better_than_the_best_logistic_regression():
    x, labels = pictures(1)
    best = best_logistic(x, labels)
    assert 0.1 < best < np.log(len(CLASSES))  # neither told apart without error nor hopeless
    rng = np.random.default_rng(0)
    flat = x.reshape(len(x), -1)
    for scale in (0.0, 0.01, 0.1):
        matrix = scale * rng.standard_normal((len(CLASSES), flat.shape[1]))
        assert loss(flat @ matrix.T, labels)[0] >= best


@pytest.mark.parametrize("filters", [1, 4])
def test_the_network_falls_but_stays_above(filters):
    training = Training(filters, 1)
    training.advance(60)
    assert training.done
    network, logistic = training.losses.values()
    assert network[-1] < network[0]
    assert min(network) >= training.best - 1e-9
    assert logistic[-1] == pytest.approx(training.best, abs=1e-3)
    shown = calculus.shown(Calculus(view="linear", filters=filters), training)
    assert f"≈ {training.best:.5f}" in shown.table[-1]
    assert f"≈ {network[-1]:.5f}" in shown.table[1]
    training.restart()
    assert training.steps == 0


def test_a_training_can_be_stopped_in_the_middle():
    training = Training(2, 1)
    training.advance(0)
    assert training.steps == 1
    assert not training.done
