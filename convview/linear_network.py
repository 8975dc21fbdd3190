"""A network without non-linearity, the one matrix that it is, and the training of both (C4).

A convolution, an average pooling and a dense layer, each linear: together they are a matrix. So
what comes out before the softmax is what a logistic regression could give, with fewer freedoms, and
the best loss of the network can't be below the best of logistic regression.
"""

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from scipy.optimize import minimize

from convcore import avg_pool2d, avg_pool2d_backward, conv2d, conv2d_backward, softmax

SIDE, KERNEL, POOL = 6, 3, 2
CELLS = SIDE * SIDE
INNER = (SIDE - KERNEL + 1) // POOL  # rows and columns that the dense layer sees, per filter
CLASSES = ("upright bar", "level bar", "diagonal")
PICTURES = 300
NOISE = 2.0  # beside bars of 1: not to be told apart without error
RATE, MOMENTUM = 0.03, 0.9
STEPS = 500


def pictures(seed):
    """Noisy bars, (PICTURES, 1, SIDE, SIDE), and which of the CLASSES each is."""
    rng = np.random.default_rng(seed)
    bars = np.zeros((len(CLASSES), SIDE, SIDE))
    bars[0, :, SIDE // 2] = bars[1, SIDE // 2] = 1
    bars[2] = np.eye(SIDE)
    labels = np.arange(PICTURES) % len(CLASSES)
    noise = NOISE * rng.standard_normal((PICTURES, 1, SIDE, SIDE))
    return bars[labels][:, None] + noise, labels


@dataclass(frozen=True)
class Network:
    """weight (F, 1, KERNEL, KERNEL), bias (F,), dense (K, F * INNER**2), offset (K,)."""

    weight: np.ndarray
    bias: np.ndarray
    dense: np.ndarray
    offset: np.ndarray

    @classmethod
    def drawn(cls, filters, seed):
        """Small random weights."""
        rng = np.random.default_rng(seed)
        features = filters * INNER**2
        return cls(
            rng.standard_normal((filters, 1, KERNEL, KERNEL)) / KERNEL,
            0.1 * rng.standard_normal(filters),
            rng.standard_normal((len(CLASSES), features)) / np.sqrt(features),
            0.1 * rng.standard_normal(len(CLASSES)),
        )

    @property
    def parts(self):
        return self.weight, self.bias, self.dense, self.offset

    def scores(self, x):
        """(N, K), layer by layer."""
        _, pooled = self._layers(x)
        return pooled.reshape(len(x), -1) @ self.dense.T + self.offset

    def gradients(self, x, grad_scores):
        """Of each of its parts, from dL/dscores (N, K)."""
        seen, pooled = self._layers(x)
        grad_pooled = (grad_scores @ self.dense).reshape(pooled.shape)
        grad_seen = avg_pool2d_backward(grad_pooled, seen, POOL)
        below = conv2d_backward(grad_seen, x, self.weight)
        grad_dense = grad_scores.T @ pooled.reshape(len(x), -1)
        return below.weight, below.bias, grad_dense, grad_scores.sum(0)

    def _layers(self, x):
        """What comes out of the convolution, and of the pooling."""
        seen = conv2d(x, self.weight, self.bias)
        return seen, avg_pool2d(seen, POOL)


def composed(network):
    """(K, CELLS) and (K,): the whole network as one matrix and one offset.

    The zero picture gives the offset, each picture with a single 1 a column.
    """
    basis = np.concatenate([np.zeros((1, CELLS)), np.eye(CELLS)]).reshape(-1, 1, SIDE, SIDE)
    scores = network.scores(basis)
    return (scores[1:] - scores[0]).T, scores[0]


def loss(scores, labels):
    """The mean of -log softmax at the right class, and dL/dscores."""
    p = softmax(scores)
    top = scores.max(1, keepdims=True)
    logarithms = scores - top - np.log(np.exp(scores - top).sum(1, keepdims=True))
    every = np.arange(len(labels))
    grad = p / len(labels)
    grad[every, labels] -= 1 / len(labels)
    return float(-logarithms[every, labels].mean()), grad


def best_logistic(x, labels):
    """The least loss of any matrix and offset: the problem is convex, so this is the least."""
    flat = x.reshape(len(x), -1)

    def of(numbers):
        matrix = numbers.reshape(len(CLASSES), CELLS + 1)
        value, grad = loss(flat @ matrix[:, :-1].T + matrix[:, -1], labels)
        return value, np.hstack([grad.T @ flat, grad.sum(0)[:, None]]).ravel()

    start = np.zeros(len(CLASSES) * (CELLS + 1))
    options = {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-14, "gtol": 1e-9}
    return float(minimize(of, start, jac=True, method="L-BFGS-B", options=options).fun)


@dataclass
class Training:
    """Gradient descent with momentum on both, step by step, on the same pictures."""

    filters: int
    seed: int
    running: bool = False
    losses: dict = field(default_factory=lambda: {"network": [], "logistic regression": []})

    def __post_init__(self):
        self.x, self.labels = pictures(self.seed)
        self.flat = self.x.reshape(len(self.x), -1)
        self.network = Network.drawn(self.filters, self.seed)
        self.logistic = np.zeros((len(CLASSES), CELLS)), np.zeros(len(CLASSES))
        self.best = best_logistic(self.x, self.labels)
        self._moving = [np.zeros_like(part) for part in (*self.network.parts, *self.logistic)]
        self._look()

    @property
    def steps(self):
        return len(self.losses["network"]) - 1

    @property
    def done(self):
        return self.steps >= STEPS

    def restart(self):
        """From the same random weights."""
        self.__init__(self.filters, self.seed)

    def advance(self, seconds):
        """As many steps as there is time for, at least one."""
        end = perf_counter() + seconds
        while not self.done:
            self._step()
            if perf_counter() >= end:
                break

    def _step(self):
        of_network, of_logistic = self._upstream
        grads = [*self.network.gradients(self.x, of_network)]
        grads += [of_logistic.T @ self.flat, of_logistic.sum(0)]
        parts = [*self.network.parts, *self.logistic]
        self._moving = [
            MOMENTUM * before - RATE * grad
            for before, grad in zip(self._moving, grads, strict=True)
        ]
        moved = [part + by for part, by in zip(parts, self._moving, strict=True)]
        self.network, self.logistic = Network(*moved[:4]), tuple(moved[4:])
        self._look()

    def _look(self):
        """Note both losses, and their gradients for the next step."""
        matrix, offset = self.logistic
        scores = self.network.scores(self.x), self.flat @ matrix.T + offset
        found = [loss(one, self.labels) for one in scores]
        for losses, (value, _) in zip(self.losses.values(), found, strict=True):
            losses.append(value)
        self._upstream = [grad for _, grad in found]
