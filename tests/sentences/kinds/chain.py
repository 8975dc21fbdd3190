"""What is said of the chain rule from either end, and of the network that is one matrix."""

from fractions import Fraction
from functools import lru_cache
from unittest import mock

import numpy as np
from scipy.optimize import minimize
from scipy.signal import correlate
from scipy.special import logsumexp

from convview import linear_network
from convview.linear_network import Network, pictures
from convview.params import Calculus
from convview.scenes.calculus import chains
from tests.sentences import claims
from tests.sentences.kinds.steps import curves, points
from tests.sentences.numbers import marked, read, related, says

ORDERS = ("forward", "reverse")


def kind(*templates, place=".*"):
    return claims.kind(*templates, pages=(Calculus,), place=place)


# The chain rule


def is_chain(state):
    return state.params.view == "chain"


def sizes(state):
    p = state.params
    return p.l, p.m, p.n, p.o


def multiplied(left, right):
    """How many multiplications the product of two matrices takes, (rows, columns) each."""
    return left[0] * left[1] * right[1]


def counts(state, o=None):
    """{order: multiplications}, product by product."""
    l, m, n, outputs = sizes(state)  # noqa: E741
    f, g, h = (m, l), (n, m), (o or outputs, n)
    return {
        "forward": multiplied(g, f) + multiplied(h, (n, l)),
        "reverse": multiplied(h, g) + multiplied((h[0], m), f),
    }


def took(state):
    """{row of the table: (microseconds, what stands behind ±)}."""
    rows = state.made.table[1:] if is_chain(state) else ()
    return {row[0]: tuple(map(read, row[3].removeprefix("≈ ").split(" ± "))) for row in rows}


@kind("f: R^{l:d} → R^{m:d}, g: R^{p:d} → R^{n:d}, h: R^{q:d} → R^{o:d}.")
def the_functions(state, l, m, p, n, q, o):  # noqa: E741
    return is_chain(state) and sizes(state) == (l, m, n, o) and (p, q) == (m, n)


@lru_cache(maxsize=64)
def spied(params):
    """How often each function of a chain is called for its page, and at which points."""
    called, call = [], chains.Function.__call__

    def spy(self, x):
        called.append((self, x, call(self, x)))
        return called[-1][2]

    with mock.patch.object(chains.Function, "__call__", spy):
        chains.chain(params)
    return called


def products(state):
    """The Jacobian by JAX-free literals: each layer's own by its formula, at its own point."""
    each = [(1 - np.tanh(one.weight @ x) ** 2)[:, None] * one.weight for one, x, _ in
            spied(state.params)]  # fmt: skip
    f, g, h = each
    return h @ (g @ f), (h @ g) @ f


@kind("F(x) = h(g(f(x))) has the Jacobian J_F = J_h J_g J_f, each at its own point: J_f at x, J_g "
      "at f(x), J_h at g(f(x)); each function is called once.")  # fmt: skip
def called_once(state):
    if not is_chain(state):
        return False
    (f, x, y), (g, at_g, z), (h, at_h, _) = spied(state.params)
    step = 1e-6 * np.random.default_rng(1).standard_normal(len(x))

    def whole(start):
        for one in (f, g, h):
            start = np.tanh(one.weight @ start)
        return start

    numeric = (whole(x + step) - whole(x - step)) / 2
    return (
        len({id(one) for one in (f, g, h)}) == 3
        and at_g is y
        and at_h is z
        and np.allclose(numeric, products(state)[0] @ step, atol=1e-12)
    )


@kind("Both give the same {o:d} × {l:d} matrix, up to rounding: less than 10⁻¹² apart.")
def the_same_matrix(state, o, l):  # noqa: E741
    if not is_chain(state):
        return False
    one, other = products(state)
    return one.shape == (o, l) and np.abs(one - other).max() < 1e-12


@kind("Here both cost the same number of multiplications.")
def same_cost(state):
    return is_chain(state) and len({*counts(state).values()}) == 1


@kind("Here {few:w} is cheaper: {many:w} takes {times} times as many multiplications.",
      "Here {few:w} is cheaper: {many:w} takes {more:d} multiplication[[s]] more.")  # fmt: skip
def cheaper(state, few, many, times=None, more=None):
    found = counts(state)
    if not is_chain(state) or {few, many} != {*ORDERS}:
        return False
    if times is not None:
        ratio = found[many] / found[few]
        return ratio > 1 and marked(times, ratio) and not says("1", ratio)
    return 0 < found[many] - found[few] == more


@kind("Forward is the cheaper one where l n (m + o) < o m (n + l): here {one:d} against "
      "{other:d}.")  # fmt: skip
def the_condition(state, one, other):
    return is_chain(state) and {"forward": one, "reverse": other} == counts(state)


@kind(
    "Measured, {few:w} was no quicker, though it multiplies less: times do not follow the "
    "multiplications alone, as that of 1 × 1 matrices shows."
)
def measured_otherwise(state, few):
    if not is_chain(state) or few not in ORDERS:
        return False
    (many,) = {*ORDERS} - {few}
    found = counts(state)
    times = {name: time for name, (time, _) in took(state).items()}
    small = times["1 × 1 matrices"] / 2
    quicker = max(times[name] / found[name] for name in ORDERS) < small
    return (
        found[few] < found[many]
        and times[few] > times[many]
        and not too_close(state)
        and (quicker or max(found.values()) < 16)
    )


@kind("Measured, the two are too close to tell: their times differ by no more than a ±.")
def too_close(state):
    if not is_chain(state):
        return False
    (one, about), (other, around) = (took(state)[name] for name in ORDERS)
    return abs(one - other) <= max(about, around)


@kind("The time is the median of several turns; at least half of them lie within what stands "
      "behind ±.")  # fmt: skip
def half_of_the_turns(state):
    """Of times of its own: the rule that makes the two numbers."""
    times = np.random.default_rng(state.params.seed).gamma(2, 3e-6, 41)
    median, about = chains._middle(times)
    within = np.abs(1e6 * times - median) <= about * 1.05
    right = within.mean() >= 0.5 and (np.abs(1e6 * times - median) < about * 0.9).mean() < 0.55
    return is_chain(state) and right and all(about >= 0 for _, about in took(state).values())


@kind("For these l, m, n the two cross at o {at}: reverse is cheaper for a smaller o, forward for "
      "a larger one.")  # fmt: skip
def crossing(state, at):
    return is_chain(state) and related(at, cross(state)) and cross(state) >= 1


def cross(state):
    """Where both cost the same, by two counts of each: straight lines over o."""
    one, two = counts(state, 1), counts(state, 2)
    apart, rises = (
        Fraction(one["forward"] - one["reverse"]),
        (two["reverse"] - two["forward"]) - (one["reverse"] - one["forward"]),
    )
    return float(1 + apart / rises) if rises > 0 else float("inf")


@kind("For these l, m, n {order:w} is cheaper for every o.")
def one_for_every_o(state, order):
    tried = [counts(state, o) for o in (1, 2, 3, 10, 1000, 10**6)]
    other = {"forward": "reverse", "reverse": "forward"}.get(order, order)
    return is_chain(state) and all(one[order] < one[other] for one in tried)


@kind("o = 1 is a loss: reverse multiplies a row by matrices and never a matrix by a matrix.",
      "That is why backpropagation goes from the end to the beginning.")  # fmt: skip
def a_loss(state):
    """The left of each of its products is one row, and it never costs more."""
    found = counts(state)
    l, m, n, o = sizes(state)  # noqa: E741
    rows = o * n * m + o * m * l
    return is_chain(state) and o == 1 and found["reverse"] == n * m + m * l == rows


@kind("Order | Products | Multiplications | Microseconds on this server", place="head")
def chain_head(state):
    return is_chain(state)


PRODUCTS = "{a:d}·{b:d}·{c:d} + {d:d}·{e:d}·{f:d} | {count:d} | ≈ {time:f} ± {about:f}"


def is_chain_row(state, name, wanted, count, time, about, **product):
    """Whether a row has these products, what they come to, and a time that was measured."""
    a, b, c, d, e, f = factors = tuple(product.values())
    measured = is_chain(state) and took(state).get(name) == (time, about) and 0.1 < time < 1e6
    return measured and factors == wanted and count == a * b * c + d * e * f


@kind(f"forward | J_h (J_g J_f): {PRODUCTS}", place="row")
def forward_row(state, **said):
    l, m, n, o = sizes(state)  # noqa: E741
    return is_chain_row(state, "forward", (l, m, n, l, n, o), **said)


@kind(f"reverse | (J_h J_g) J_f: {PRODUCTS}", place="row")
def reverse_row(state, **said):
    l, m, n, o = sizes(state)  # noqa: E741
    return is_chain_row(state, "reverse", (o, m, n, o, m, l), **said)


@kind(f"1 × 1 matrices | {PRODUCTS}", place="row")
def small_row(state, **said):
    return is_chain_row(state, "1 × 1 matrices", (1,) * 6, **said)


@kind("Multiplications by the number of outputs", place="chart")
def chain_chart(state):
    (chart,) = state.made.charts
    return is_chain(state) and chart.logarithmic and len(chart.x) > 20


@kind("Multiplications by the number of outputs, here {forward:d} forward and {reverse:d} in "
      "reverse.", place="spoken chart")  # fmt: skip
def spoken_chain(state, forward, reverse):
    return is_chain(state) and {"forward": forward, "reverse": reverse} == counts(state)


@kind("o, outputs of h | multiplications", place="axes")
@kind("forward", "reverse", "forward, here", "reverse, here", place="curve")
def chain_curves(state):
    if not is_chain(state):
        return False
    drawn = all(
        [counts(state, int(o))[name] for o in curves(state)[name][0]]
        == curves(state)[name][1].tolist()
        for name in ORDERS
    )
    here = [points(state)[f"{name}, here"] for name in ORDERS]
    return drawn and here == [(state.params.o, counts(state)[name]) for name in ORDERS]


# All linear


def is_linear(state):
    return state.params.view == "linear"


def scores(network, x):
    """Layer by layer, with SciPy's correlation and means of 2 x 2."""
    found = []
    for picture in x[:, 0]:
        seen = [correlate(picture, w[0], "valid") + b
                for w, b in zip(network.weight, network.bias, strict=True)]  # fmt: skip
        pooled = [one.reshape(2, 2, 2, 2).mean((1, 3)).ravel() for one in seen]
        found.append(network.dense @ np.concatenate(pooled) + network.offset)
    return np.array(found)


def loss(scores, labels):
    return float((logsumexp(scores, 1) - scores[np.arange(len(labels)), labels]).mean())


@lru_cache(maxsize=128)
def least(seed):
    """The least loss of a logistic regression: by another method than the page's, from another
    start, and with a gradient that proves how little is left."""
    x, labels = pictures(seed)
    flat = np.hstack([x.reshape(len(x), -1), np.ones((len(x), 1))])
    right = np.eye(3)[labels]

    def of(numbers):
        found = flat @ numbers.reshape(3, -1).T
        p = np.exp(found - logsumexp(found, 1, keepdims=True))
        return loss(found, labels), ((p - right).T @ flat / len(x)).ravel()

    start = 0.1 * np.random.default_rng(5).standard_normal(3 * flat.shape[1])
    found = minimize(of, start, jac=True, method="BFGS", options={"gtol": 1e-8, "maxiter": 2000})
    assert np.abs(of(found.x)[1]).max() < 1e-6
    return float(found.fun)


@lru_cache(maxsize=128)
def first(filters, seed):
    """The loss of the network before it has learned anything."""
    x, labels = pictures(seed)
    return loss(scores(Network.drawn(filters, seed), x), labels)


def as_loss(said, value):
    """Whether five digits of it are these."""
    return abs(said - value) <= 0.5e-5 * (1 + 1e-6) + 1e-8


def losses(state):
    """{curve: its losses}, that are drawn; the first and the best are computed anew."""
    p, drawn = state.params, {name: y for name, (_, y) in curves(state).items()}
    right = (
        np.isclose(drawn["network"][0], first(p.filters, p.seed))
        and np.isclose(drawn["logistic regression"][0], np.log(3))
        and np.allclose(drawn["best possible"], least(p.seed), atol=1e-7)
    )
    return drawn if right else None


def numbers_of(state):
    """How many numbers the network has, by its parts."""
    filters = state.params.filters
    return filters * 3 * 3 + filters + 3 * (filters * 2 * 2) + 3


@kind("{count:d} noisy pictures of {side:d} × {width:d}, of {classes:d} classes.")
def the_pictures(state, count, side, width, classes):
    x, labels = pictures(state.params.seed)
    several = len({*labels.tolist()}) == classes
    return is_linear(state) and x.shape == (count, 1, side, width) and several


@kind("The network: convolution ({filters:d} filter[[s]] of {k:d} × {w:d}), average pooling "
      "{pool:d} × {q:d}, dense from {features:d} to {outputs:d}, softmax; {own:d} numbers.")
def the_network(state, filters, k, w, pool, q, features, outputs, own):
    x, _ = pictures(state.params.seed)
    side, width = x.shape[2:]
    network = Network.drawn(state.params.filters, state.params.seed)
    return (
        is_linear(state)
        and outputs == len(network.offset)
        and network.weight.shape == (filters, 1, k, w)
        and filters == state.params.filters
        and ((side - k + 1) // pool) * ((width - w + 1) // q) * filters == features
        and (pool, q) == (2, 2)
        and network.dense.shape == (outputs, features)
        and own == numbers_of(state)
    )


def composed(network, seed):
    """(matrix (3, 36), by how much its scores are off), column by column."""
    x, _ = pictures(seed)
    offset = scores(network, np.zeros((1, 1, 6, 6)))
    matrix = (scores(network, np.eye(36).reshape(36, 1, 6, 6)) - offset).T
    whole = x.reshape(len(x), -1) @ matrix.T + offset
    return matrix, np.abs(whole - scores(network, x)).max()


def matrix(state):
    return composed(network_of(state), state.params.seed)[0]


def network_of(state):
    """As it was drawn, or as it has learned."""
    p = state.params
    return state.training.network if state.training else Network.drawn(p.filters, p.seed)


def is_composed(state):
    """Whether the matrix has the network's scores, and is what is drawn: shades of the largest."""
    found, off = composed(network_of(state), state.params.seed)
    shades = [(panel.planes[0].ravel() - 128.0) / 127 for panel in state.made.panels]
    return off < 1e-9 and np.abs(np.stack(shades) - found / np.abs(found).max()).max() < 1.01 / 127


@kind("Composed: the zero picture gives the offset; each of the {count:d} pictures with a single 1 "
      "gives, less the offset, one column of the matrix.")  # fmt: skip
def the_columns(state, count):
    return is_linear(state) and matrix(state).shape == (3, count) and is_composed(state)


@kind("On the noisy pictures matrix and network agree up to rounding, to less than 10⁻⁹.")
def matrix_and_network(state):
    return is_linear(state) and is_composed(state)


@kind("So the network is a logistic regression with {all:d} numbers that has only {own:d} to "
      "choose: its least loss, ≈ {so_far:f} so far, can't be below the best of all logistic "
      "regressions, ≈ {best:f}.")  # fmt: skip
def not_below(state, all, own, so_far, best):
    if not is_linear(state) or (all, own) != (3 * 37, numbers_of(state)):
        return False
    drawn = losses(state)
    return (
        drawn is not None
        and as_loss(best, least(state.params.seed))
        and as_loss(so_far, min(drawn["network"]))
        and min(drawn["network"]) >= least(state.params.seed) - 1e-9
    )


@kind("The matrix's row for “{name}”", place=r"title of row \d")
def a_row(state, name):
    wanted = [f"The matrix's row for “{one}”" for one in linear_network.CLASSES]
    titles = [panel.title for panel in state.made.panels]
    return is_linear(state) and titles == wanted and f"The matrix's row for “{name}”" in titles


@kind("{low} to {high}", place=r"caption of row (?P<n>\d)")
def range_of_row(state, n, low, high):
    if not is_linear(state):
        return False
    row = matrix(state)[int(n)]
    return marked(low, row.min()) and marked(high, row.max()) and is_composed(state)


@kind("Loss on the pictures | at first | after {steps:d} step[[s]] | least so far", place="head")
def loss_head(state, steps):
    return is_linear(state) and len(curves(state)["network"][1]) == steps + 1


@kind("network | ≈ {start:f} | ≈ {now:f} | ≈ {least:f}",
      "logistic {regression:w} | ≈ {start:f} | ≈ {now:f} | ≈ {least:f}", place="row")  # fmt: skip
def loss_row(state, start, now, least, regression=None):
    if not is_linear(state) or regression not in (None, "regression"):
        return False
    name = "logistic regression" if regression else "network"
    drawn = losses(state)
    wanted = drawn and (drawn[name][0], drawn[name][-1], min(drawn[name]))
    return bool(wanted) and all(map(as_loss, (start, now, least), wanted))


@kind("logistic regression, its best |  |  | ≈ {best:f}", place="row")
def best_row(state, best):
    return is_linear(state) and as_loss(best, least(state.params.seed))


@kind("Loss by step", place="chart")
@kind("step | ", place="axes")
@kind("network", "logistic regression", "best possible", place="curve")
def loss_chart(state):
    return is_linear(state) and losses(state) is not None


@kind("Losses over {steps:d} step[[s]]; the network is at ≈ {network:f}, logistic regression at ≈ "
      "{logistic:f}.",
      "Before the first step; the network is at ≈ {network:f}, logistic regression at ≈ "
      "{logistic:f}.", place="spoken chart")  # fmt: skip
def spoken_losses(state, network, logistic, steps=0):
    if not is_linear(state):
        return False
    drawn = losses(state)
    return (
        drawn is not None
        and len(drawn["network"]) == steps + 1
        and as_loss(network, drawn["network"][-1])
        and as_loss(logistic, drawn["logistic regression"][-1])
    )
