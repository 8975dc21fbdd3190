"""The chain rule from either end: B8 and B9."""

import itertools
from time import perf_counter

import numpy as np

from convcore import forward_accumulation, reverse_accumulation
from convview.labels import counted, equals, label, marked
from convview.scenes.calculus.shown import Shown
from convview.scenes.chart import Chart

TURNS = 5, 41  # fewest and most of each order, one order after the other; the median counts
ENOUGH = 0.01  # seconds of measuring, once the fewest are done
ORDERS = {"forward": forward_accumulation, "reverse": reverse_accumulation}


class Function:
    """tanh(W x)."""

    def __init__(self, weight):
        self.weight = weight

    def __call__(self, x):
        return np.tanh(self.weight @ x)

    def jacobian(self, y):
        """At the point whose value is y: no second call."""
        return (1 - y**2)[:, None] * self.weight


def chain(params):
    """h(g(f(x))): its Jacobian, counted and timed from both ends."""
    sizes = l, m, n, o = params.l, params.m, params.n, params.o  # noqa: E741
    rng = np.random.default_rng(params.seed)
    functions = [
        Function(rng.standard_normal((after, before)) / np.sqrt(before))
        for before, after in itertools.pairwise(sizes)
    ]
    value, jacobians = rng.standard_normal(l), []
    for function in functions:
        value = function(value)
        jacobians.append(function.jacobian(value))
    found = {name: order(jacobians) for name, order in ORDERS.items()}
    forward, reverse = found["forward"], found["reverse"]
    products = {
        "forward": f"J_h (J_g J_f): {l}·{m}·{n} + {l}·{n}·{o}",
        "reverse": f"(J_h J_g) J_f: {o}·{m}·{n} + {o}·{m}·{l}",
    }
    took = _took(jacobians)
    table = [
        ["Order", "Products", "Multiplications", "Microseconds on this server"],
        *([name, products[name], _whole(found[name]), _timed(took[name])] for name in ORDERS),
        ["1 × 1 matrices", "1·1·1 + 1·1·1", "2", _timed(took["small"])],
    ]
    few, many = sorted(ORDERS, key=lambda name: found[name].multiplications)
    notes = [
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R^{o}. F(x) = h(g(f(x))) has the Jacobian "
        f"J_F = J_h J_g J_f, each at its own point: J_f at x, J_g at f(x), J_h at g(f(x)); each "
        "function is called once.",
        f"Both give the same {o} × {l} matrix, up to rounding: less than 10⁻¹² apart.",
        _cheaper(few, many, *(found[name].multiplications for name in (few, many))),
        f"Forward is the cheaper one where l n (m + o) < o m (n + l): here {l * n * (m + o):,} "
        f"against {o * m * (n + l):,}.",
    ]
    notes.append(
        "The time is the median of several turns; at least half of them lie within what stands "
        "behind ±."
    )
    (quick, about), (slow, around) = took[few], took[many]
    differ = _whole(forward) != _whole(reverse)
    if abs(quick - slow) <= max(about, around):
        notes.append(
            "Measured, the two are too close to tell: their times differ by no more than a ±."
        )
    elif quick > slow and differ:
        notes.append(
            f"Measured, {few} was no quicker, though it multiplies less: times do not follow the "
            "multiplications alone, as that of 1 × 1 matrices shows."
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
    notes.append(_crossing(l, m, n))
    said = (
        f"Multiplications by the number of outputs, here {_whole(forward)} forward and "
        f"{_whole(reverse)} in reverse."
    )
    chart = Chart(
        "Multiplications by the number of outputs", "o, outputs of h", outputs, lines, said, points,
        logarithmic=True, y_title="multiplications",
    )  # fmt: skip
    return Shown((chart,), table, tuple(notes))


def _whole(found):
    return f"{found.multiplications:,}"


def _cheaper(few, many, less, more):
    """Which order multiplies less, and how much less."""
    if less == more:
        return "Here both cost the same number of multiplications."
    if more < 1.01 * less:  # a ratio that would be rounded to 1
        by = f"{counted(more - less, 'multiplication')} more"
    else:
        by = f"{marked(more / less)} times as many multiplications"
    return f"Here {few} is cheaper: {many} takes {by}."


def _crossing(l, m, n):  # noqa: E741
    """From which number of outputs on forward is the cheaper one."""
    if m * n + m * l <= l * n:
        return "For these l, m, n reverse is cheaper for every o."
    at = l * m * n / (m * n + m * l - l * n)
    if at < 1:
        return "For these l, m, n forward is cheaper for every o."
    return (
        f"For these l, m, n the two cross at o {equals(at)}: reverse is cheaper for a smaller o, "
        "forward for a larger one."
    )


def _took(jacobians):
    """{order: (the median of some turns, the median distance from it)}, in microseconds.

    "small" is the time of 1 x 1 matrices.

    All have run once before, and take turns: what else the machine does meets each of them.
    """
    calls = {name: (order, jacobians) for name, order in ORDERS.items()}
    calls["small"] = forward_accumulation, [np.ones((1, 1))] * len(jacobians)
    times = {name: [] for name in calls}
    fewest, most = TURNS
    begin = perf_counter()
    for turn in range(most + 1):
        for name, (order, some) in calls.items():
            start = perf_counter()
            order(some)
            times[name].append(perf_counter() - start)
        if turn >= fewest and perf_counter() - begin > ENOUGH:
            break
    return {name: _middle(np.array(some[1:])) for name, some in times.items()}


def _middle(times):
    """The median in microseconds, and how far from it half of the times lie at the most."""
    median = float(f"{1e6 * np.median(times):.2g}")
    return median, float(f"{np.median(np.abs(1e6 * times - median)):.2g}")


def _timed(time):
    median, about = time
    return f"≈ {label(median)} ± {label(about)}"
