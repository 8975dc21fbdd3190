"""Cards and exercises of /calculus, by exact fractions and SciPy."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import special

from convview.linear_network import Network
from tests.sentences.kinds import chain
from tests.sentences.kinds.softmax import jacobian
from tests.sentences.kinds.steps import relu, step
from tests.sentences.prepared import says

RNG = np.random.default_rng(11)


def row(at, start):
    (cells,) = [cells for cells in at.made.table if cells[0] == start]
    return cells[1:]


@says("Where ReLU has no slope",
      "Difference quotients from both sides: at 0 they never meet, however small the step.",
      "ReLU′ is the step H, but at 0 the two sides differ", but=[{"at": 0.5}])  # fmt: skip
def two_sides(at):
    if at.view != "slope" or at.params.at != 0:
        return False
    for n in range(60):
        e = Fraction(1, 2**n)
        if (relu(0) - relu(-e)) / e != 0 or (relu(e) - relu(0)) / e != 1:
            return False
    return all((relu(x + 1e-6) - relu(x)) / 1e-6 == pytest.approx(step(x)) for x in (-1, 1.5))


@says("ReLU from H: x H(x), and the integral of H")
def rebuilt(at):
    return at.view == "rebuilt" and [
        row(at, "x · H(x)"),
        [name for name, *_ in at.made.table[2:]],
    ] == [["0"], ["integral of H from −8 to x, 44 strips"]]


@says("sigmoid(kx) tends to H(x) as k grows")
def sigmoids(at):
    x = np.array([-1, -0.1, 0, 0.1, 1])
    growing = (at.params.k, 100, 1000)
    off = [np.abs(special.expit(k * x) - [step(n) for n in x]).max() for k in growing]
    return at.view == "limit" and off == sorted(off, reverse=True) and off[-1] < 1e-9


@says("softmax(x + c) = softmax(x), and why max(x) is taken away first", but=[{"shift": 10}])
def shifts(at):
    if at.view != "shift":
        return False
    naive = row(at, "exp(x + c) / sum, naive")
    stable = row(at, "softmax(x + c), stable")
    return set(naive) == {"no number"} and stable == row(at, "softmax(x)")


@says("Two classes are a sigmoid of x[0] − x[1]")
def a_pair(at):
    x = at.params.x[:2]
    same = np.isclose(special.softmax(x)[0], special.expit(x[0] - x[1]), rtol=1e-12)
    return at.view == "pair" and bool(same)


@says("K classes need K − 1 parameters")
def one_less(at):
    """Of K numbers each set of K - 1 gives other probabilities, the last changes none."""
    rank = np.linalg.matrix_rank(jacobian(at.state), tol=1e-12)
    return at.view == "pair" and rank == len(at.params.x) - 1


@says("The Jacobian of softmax is diag(p) − p pᵀ")
def of_softmax(at):
    if at.view != "jacobian":
        return False
    x = np.array(at.params.x)
    columns = [
        (special.softmax(x + d) - special.softmax(x - d)) / 2e-6 for d in 1e-6 * np.eye(len(x))
    ]
    return np.allclose(np.stack(columns, 1), jacobian(at.state), atol=1e-9)


@says(
    "What a softmax hands back",
    "Its Jacobian entry by entry: what one class gains the others lose.",
)
def gains_and_losses(at):
    if at.view != "jacobian":
        return False
    shifted = special.softmax(np.array(at.params.x) + RNG.standard_normal(len(at.params.x)))
    return np.isclose(shifted.sum(), 1) and np.allclose(jacobian(at.state).sum(0), 0)


@says(
    "The chain rule from either end: the same matrix, counted and timed.",
    "Forward and reverse accumulation give the same Jacobian",
)
def from_either_end(at):
    if at.view != "chain":
        return False
    one, other = chain.products(at.state)
    cells = {cells[0]: cells[2:] for cells in at.made.table[1:]}
    counts = chain.counts(at.state)
    counted = all(cells[name][0] == f"{n:,}" for name, n in counts.items())
    timed = all(chain.took(at.state)[name][0] > 0 for name in counts)
    return np.allclose(one, other, atol=1e-12) and counted and timed


@says("Why backwards", "A loss has one output: reverse is the cheaper one", but=[{"o": 64}])
def a_loss(at):
    found = chain.counts(at.state)
    return at.view == "chain" and at.params.o == 1 and found["reverse"] < found["forward"]


@says("Convolution, average pooling and dense layers alone are one matrix and an offset")
def one_matrix(at):
    network = Network.drawn(at.params.filters, at.params.seed)
    return at.view == "linear" and chain.composed(network, at.params.seed)[1] < 1e-9
