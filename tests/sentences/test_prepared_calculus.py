"""What cards and exercises say of their states on /calculus and /shapes, each text as a claim."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import prod

import numpy as np
import pytest
from scipy import special

from convcore.stack import AvgPool2d, Conv2d, MaxPool2d
from convview.exercises import EXERCISES
from convview.lessons import CARDS
from convview.linear_network import Training
from convview.params import Calculus, Shapes
from convview.scenes import calculus
from convview.stacks import STACKS
from tests.sentences import shown
from tests.sentences.claims import faults
from tests.sentences.kinds import chain, load
from tests.sentences.kinds.chain import counts, products
from tests.sentences.kinds.softmax import jacobian
from tests.sentences.kinds.steps import relu, step
from tests.sentences.stacks import field, worked

load()
PAGES = (Calculus, Shapes)
PREPARED = [one for one in (*CARDS, *EXERCISES) if isinstance(one.params, PAGES)]
CLAIMS = {}
RNG = np.random.default_rng(11)


def claim(*texts):
    def registered(check):
        CLAIMS.update(dict.fromkeys(texts, check))
        return check

    return registered


def kinds(params):
    return [type(layer) for layer in params.layers]


def steps(params):
    found, why = worked(params.layers, params.shape)
    assert not why
    return found


def fields(params):
    """Of the input and behind each layer, along the rows."""
    found = steps(params)
    return [1, *(field(found[: n + 1], 0) for n in range(len(found)))]


def reads(params, unit):
    """{row of the input: how often a unit behind all layers reads it}."""
    cells = {unit: 1}
    for one in reversed(steps(params)):
        below = {}
        for o, times in cells.items():
            for i in one.sides[0].inside(o):
                below[i] = below.get(i, 0) + times
        cells = below
    return cells


def row(params, start):
    (cells,) = [cells for cells in calculus.shown(params).table if cells[0] == start]
    return cells[1:]


@claim("LeNet-5 layer by layer: shapes, parameters, multiplications, from the formulas.")
def lenet(params):
    """Published: 156 + 2,416 + 48,120 + 10,164 + 850, with C3 fully connected."""
    own = [one.parameters for one in steps(params) if one.parameters]
    said = [one.text for one in shown.state(params).said]
    written = any(text.startswith("Parameters: ") for text in said)
    return own == [156, 2416, 48120, 10164, 850] and written


@claim(
    "Four strided layers: the receptive field more than doubles with each; a border cuts it.",
    "With stride 2 the receptive field grows twice as much with each layer",
)
def strided(params):
    if [layer.stride for layer in params.layers if isinstance(layer, Conv2d)] != [2] * 4:
        return False
    sees = fields(params)
    grows = np.diff(sees)
    cut = len(reads(params, 0)) < sees[-1] == len(reads(params, 2))
    more = all(after > 2 * before for before, after in pairwise(sees))
    return more and cut and all(b == 2 * a for a, b in pairwise(grows))


@claim("Behind two dilated layers a unit reads every other pixel, the middle one nine times.")
def holes(params):
    if [getattr(layer, "dilation", 1) for layer in params.layers] != [2, 2]:
        return False
    cells = reads(params, 3)
    rows = np.array(list(cells.values()))
    both = np.multiply.outer(rows, rows)
    middle = both[len(rows) // 2, len(rows) // 2]
    alone = np.count_nonzero(both == middle) == 1
    return set(np.diff(sorted(cells))) == {2} and middle == both.max() == 9 and alone


@claim("3 × 128 × 128 through two convolutions and a pooling")
def the_sheet(params):
    found = kinds(params)
    pools = sum(one in (MaxPool2d, AvgPool2d) for one in found)
    return params.shape == (3, 128, 128) and (found.count(Conv2d), pools, len(found)) == (2, 1, 3)


def leaves(params):
    """What the division of the size formula leaves, layer by layer."""
    sides = [one.sides[0] for one in steps(params) if one.sides]
    return [(side.n + side.before + side.after - side.span) % side.s for side in sides]


@claim("The size with stride and padding; the floor when it does not divide")
def the_floor(params):
    strided = all(layer.stride == 2 for layer in params.layers)
    padded = [layer.padding for layer in params.layers if isinstance(layer, Conv2d)]
    return strided and any(padded) and leaves(params)[0] > 0


@claim("Multiplications: a convolution against a fully connected layer")
def against_dense(params):
    at = min(params.at, len(params.layers))
    one = steps(params)[at - 1]
    said = " ".join(one.text for one in shown.state(params).said if one.place == "detail")
    full = prod(one.before) * prod(one.shape)
    return at == 2 and f"= {full:,} multiplications" in said and one.macs < full


@claim(
    "Difference quotients from both sides: at 0 they never meet, however small the step.",
    "ReLU′ is the step H, but at 0 the two sides differ",
)
def two_sides(params):
    if params.view != "slope" or params.at != 0:
        return False
    for n in range(60):
        e = Fraction(1, 2**n)
        if (relu(0) - relu(-e)) / e != 0 or (relu(e) - relu(0)) / e != 1:
            return False
    return all((relu(x + 1e-6) - relu(x)) / 1e-6 == pytest.approx(step(x)) for x in (-1, 1.5))


@claim("ReLU from H: x H(x), and the integral of H")
def rebuilt(params):
    return params.view == "rebuilt" and [
        row(params, "x · H(x)"),
        [name for name, *_ in calculus.shown(params).table[2:]],
    ] == [["0"], ["integral of H from −8 to x, 44 strips"]]


@claim("sigmoid(kx) tends to H(x) as k grows")
def sigmoids(params):
    x = np.array([-1, -0.1, 0, 0.1, 1])
    off = [np.abs(special.expit(k * x) - [step(n) for n in x]).max() for k in (params.k, 100, 1000)]
    return params.view == "limit" and off == sorted(off, reverse=True) and off[-1] < 1e-9


@claim("softmax(x + c) = softmax(x), and why max(x) is taken away first")
def shifts(params):
    if params.view != "shift":
        return False
    naive = row(params, "exp(x + c) / sum, naive")
    stable = row(params, "softmax(x + c), stable")
    return set(naive) == {"no number"} and stable == row(params, "softmax(x)")


@claim("Two classes are a sigmoid of x[0] − x[1]")
def a_pair(params):
    x = params.x[:2]
    same = np.isclose(special.softmax(x)[0], special.expit(x[0] - x[1]), rtol=1e-12)
    return params.view == "pair" and bool(same)


@claim("K classes need K − 1 parameters")
def one_less(params):
    """Of K numbers each set of K - 1 gives other probabilities, the last changes none."""
    rank = np.linalg.matrix_rank(jacobian(shown.state(params)), tol=1e-12)
    return params.view == "pair" and rank == len(params.x) - 1


@claim("The Jacobian of softmax is diag(p) − p pᵀ")
def of_softmax(params):
    if params.view != "jacobian":
        return False
    x = np.array(params.x)
    columns = [
        (special.softmax(x + d) - special.softmax(x - d)) / 2e-6 for d in 1e-6 * np.eye(len(x))
    ]
    return np.allclose(np.stack(columns, 1), jacobian(shown.state(params)), atol=1e-9)


@claim("Its Jacobian entry by entry: what one class gains the others lose.")
def gains_and_losses(params):
    if params.view != "jacobian":
        return False
    shifted = special.softmax(np.array(params.x) + RNG.standard_normal(len(params.x)))
    return np.isclose(shifted.sum(), 1) and np.allclose(jacobian(shown.state(params)).sum(0), 0)


@claim(
    "The chain rule from either end: the same matrix, counted and timed.",
    "Forward and reverse accumulation give the same Jacobian",
)
def from_either_end(params):
    if params.view != "chain":
        return False
    state = shown.state(params)
    one, other = products(state)
    cells = {cells[0]: cells[2:] for cells in state.made.table[1:]}
    counted = all(cells[name][0] == f"{n:,}" for name, n in counts(state).items())
    timed = all(float(cells[name][1].replace(",", "")) > 0 for name in counts(state))
    return np.allclose(one, other, atol=1e-12) and counted and timed


@claim("A loss has one output: reverse is the cheaper one")
def a_loss(params):
    found = counts(shown.state(params))
    return params.view == "chain" and params.o == 1 and found["reverse"] < found["forward"]


@claim("Convolution, average pooling and dense layers alone are one matrix and an offset")
def one_matrix(params):
    return params.view == "linear" and chain.composed(params.filters, params.seed)[1] < 1e-9


def test_each_text_is_a_claim_and_no_claim_is_left_over():
    assert {one.text for one in PREPARED} == set(CLAIMS)


@pytest.mark.parametrize("one", PREPARED, ids=lambda one: getattr(one, "name", None) or one.title)
def test_it_holds_for_its_state_and_not_for_others(one):
    check = CLAIMS[one.text]
    assert check(one.params)
    others = [other for other in PREPARED if CLAIMS[other.text] is not check]
    others = [other.params for other in others if type(other.params) is type(one.params)]
    assert any(not check(other) for other in others)


TOTALS = {  # as torch counts them, without the fully connected layers of AlexNet and VGG-16
    "lenet": 61_706,
    "alexnet": 61_100_840 - (9216 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000),
    "vgg": 138_357_544 - (25088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000),
    "resnet": 64 * 3 * 7 * 7,
}


@pytest.mark.parametrize("name", TOTALS)
def test_published_networks_have_their_published_numbers(name):
    texts = [one.text for one in shown.state(Shapes.of(name)).said if one.place == "totals"]
    assert texts[0].startswith(f"{TOTALS[name]:,} parameters | ")


@pytest.mark.parametrize("name", STACKS)
def test_every_sentence_of_a_ready_made_stack_holds(name):
    params = Shapes.of(name)
    if name in ("alexnet", "vgg"):  # the checks go through every cell: a smaller input says as much
        params = replace(params, shape=(3, 64, 64))
    for at in range(1, len(params.layers) + 1):
        state = shown.state(replace(params, at=at))
        assert not [(said, wrong) for said in state.said if (wrong := faults(said, state))]


@pytest.mark.parametrize("steps", [1, 2, 40])
def test_every_sentence_of_a_network_that_has_learned_holds(steps, monkeypatch):
    for params in (Calculus(view="linear", filters=n, seed=seed) for n, seed in ((1, 1), (3, 8))):
        training = Training(params.filters, params.seed)
        for _ in range(steps):
            training.advance(0)
        learned = chain.composed_of(training.network, params.seed)
        monkeypatch.setattr(chain, "composed", lambda *_, learned=learned: learned)
        state = shown.State(params, calculus.shown(params, training))
        assert not [(said, wrong) for said in state.said if (wrong := faults(said, state))]


def test_the_numbers_at_the_axes_are_those_that_stand_there():
    seen = 0
    for state in shown.states(Calculus, 200):
        for chart in state.made.charts:
            for axis in chart.axes():
                for number, text in axis.ticks():
                    said = float(text.replace("−", "-").replace(",", ""))
                    assert said == pytest.approx(number, rel=1e-9, abs=1e-12)
                    seen += 1
    assert seen > 1000
