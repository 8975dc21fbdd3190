"""The chain rule from either end: B8 and B9."""

import itertools
from time import perf_counter

import numpy as np

from convcore import forward_accumulation, reverse_accumulation
from convview.labels import label
from convview.scenes.calculus.shown import Shown
from convview.scenes.chart import Chart

TURNS = 5  # of which the quickest counts
MEASURABLE = 200_000  # multiplications that take longer than a call, about
ORDERS = {"forward": forward_accumulation, "reverse": reverse_accumulation}


class Counted:
    """A function and how often it was called."""

    def __init__(self, weight):
        self.weight, self.calls = weight, 0

    def __call__(self, x):
        self.calls += 1
        return np.tanh(self.weight @ x)

    def jacobian(self, y):
        """At the point whose value is y: no second call."""
        return (1 - y**2)[:, None] * self.weight


def chain(params):
    """h(g(f(x))): its Jacobian, counted and timed from both ends."""
    sizes = l, m, n, o = params.l, params.m, params.n, params.o  # noqa: E741
    rng = np.random.default_rng(params.seed)
    functions = [
        Counted(rng.standard_normal((after, before)) / np.sqrt(before))
        for before, after in itertools.pairwise(sizes)
    ]
    value, jacobians = rng.standard_normal(l), []
    for function in functions:
        value = function(value)
        jacobians.append(function.jacobian(value))
    found = {name: order(jacobians) for name, order in ORDERS.items()}
    forward, reverse = found["forward"], found["reverse"]
    apart = float(np.abs(forward.jacobian - reverse.jacobian).max())
    products = {
        "forward": f"J_h (J_g J_f): {l}·{m}·{n} + {l}·{n}·{o}",
        "reverse": f"(J_h J_g) J_f: {o}·{m}·{n} + {o}·{m}·{l}",
    }
    table = [
        ["Order", "Products", "Multiplications", "Microseconds, this server"],
        *([name, products[name], _whole(found[name]), _took(jacobians, name)] for name in ORDERS),
    ]
    calls = "each function is called once" if {f.calls for f in functions} == {1} else "?"
    few = min(found, key=lambda name: found[name].multiplications)
    more = max(found.values(), key=lambda one: one.multiplications).multiplications
    same = forward.multiplications == reverse.multiplications
    notes = [
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R^{o}. J_F = J_h J_g J_f, each at its own "
        f"point: J_f at x, J_g at f(x), J_h at g(f(x)); {calls}.",
        f"Both give the same {o} × {l} matrix, to {label(apart)}.",
        "Here both cost the same."
        if same
        else f"Here {few} is cheaper, {label(more / found[few].multiplications)} times.",
        f"Forward is the cheaper one where l n (m + o) < o m (n + l): here {l * n * (m + o):,} "
        f"against {o * m * (n + l):,}.",
    ]
    if more < MEASURABLE:
        notes.append(
            f"Fewer than {MEASURABLE:,} multiplications take less time than the calls around them: "
            "make the sizes larger to measure the difference."
        )
    if o == 1:
        notes.append(
            "o = 1 is a loss: reverse multiplies a row by matrices and never a matrix by a matrix. "
            "That is why backpropagation goes from the end to the beginning."
        )
    outputs = np.unique(np.rint(np.geomspace(1, 512, 28)).astype(int))
    lines = {
        "forward": l * m * n + l * n * outputs,
        "reverse": outputs * m * n + outputs * m * l,
    }
    points = {f"{name}, here": (o, found[name].multiplications) for name in ORDERS}
    crossing = l * m * n / (m * n + m * l - l * n) if m * n + m * l > l * n else None
    if crossing:
        notes.append(f"For these l, m, n they cross at o = {label(crossing)}.")
    said = (
        f"Multiplications by the number of outputs, here {_whole(forward)} and {_whole(reverse)}."
    )
    chart = Chart(
        "Multiplications by the number of outputs", "o, outputs of h", outputs, lines, said, points,
        logarithmic=True, y_title="multiplications",
    )  # fmt: skip
    return Shown((chart,), table, tuple(notes))


def _whole(found):
    return f"{found.multiplications:,}"


def _took(jacobians, name):
    """The quickest of some turns."""
    order, best = ORDERS[name], np.inf
    for _ in range(TURNS):
        start = perf_counter()
        order(jacobians)
        best = min(best, perf_counter() - start)
    return label(float(f"{1e6 * best:.2g}"))
