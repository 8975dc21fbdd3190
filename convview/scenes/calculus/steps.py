"""ReLU, the step and the sigmoid: B1 to B3."""

import numpy as np
from scipy.integrate import cumulative_trapezoid

from convcore import heaviside, relu, sigmoid
from convview.labels import RAISED, counted, equals, is_rounded, label, marked
from convview.scenes.calculus.shown import Shown
from convview.scenes.chart import Chart

ENDS = -3.0, 3.0  # of what is drawn
CORNER = np.array([ENDS[0], 0.0, ENDS[1]])  # all that a ramp needs to be drawn
CURVE = ENDS[1] * np.linspace(-1.0, 1.0, 121) ** 3  # closest where a sigmoid bends, at 0
BELOW = -8.0  # where an integral from minus infinity may begin: H is 0 there


def _step():
    """H as a line that jumps: (x, y), with a gap at 0."""
    left, right = np.array([ENDS[0], 0.0]), np.array([0.0, ENDS[1]])
    y = np.concatenate([heaviside(left, 0.0), [np.nan], heaviside(right, 1.0)])
    return np.concatenate([left, [0.0], right]), y


def _half():
    """H at its jump, as a point of the chart."""
    return {"H(x), at 0": (0.0, float(heaviside(0.0)))}


def slope(params):
    """Difference quotients of ReLU from both sides of a point, beside H."""
    x, at, step = CORNER, params.at, params.step
    here, left, right = (float(relu(place)) for place in (at, at - step, at + step))
    quotients = (here - left) / step, (right - here) / step, (right - left) / (2 * step)
    reach = 1.5 * max(step, 0.5)
    around = np.array([at - reach, at + reach])
    lines = {"ReLU(x)": relu(x)}
    for name, quotient in zip(("from the left", "from the right"), quotients, strict=False):
        lines[name] = (around, here + quotient * (around - at))
    table = [
        ["Slope at x = " + label(at), "Difference quotient", "Its limit as ε goes to 0"],
        ["from the left", marked(quotients[0]), label(heaviside(at, 0.0))],
        ["from the right", marked(quotients[1]), label(heaviside(at, 1.0))],
        ["from both sides", marked(quotients[2]), label(heaviside(at))],
    ]
    within = abs(at) < step
    notes = [
        f"Left: (ReLU({label(at)}) − ReLU({label(at)} − ε)) / ε; right: "
        f"(ReLU({label(at)} + ε) − ReLU({label(at)})) / ε; both: (ReLU({label(at)} + ε) − "
        f"ReLU({label(at)} − ε)) / 2ε; ε = {_halved(params.halvings)}.",
        "Where ReLU has a derivative it is the step H(x): 0 left of 0, 1 right of it.",
    ]
    if at == 0:
        notes.append(
            "At 0 the two sides give 0 and 1 for every ε: there is no derivative. H(0) = 1/2 is "
            "a choice, and what both sides together give."
        )
    elif within:
        notes.append(
            "The kink at 0 lies within ε of x, so a quotient is in between: make ε no larger "
            f"than {label(abs(at))}."
        )
    said = (
        f"ReLU with two lines through its point at {label(at)}: slope {marked(quotients[0])} from "
        f"the left, {marked(quotients[1])} from the right."
    )
    chart = Chart("ReLU and its slopes", "x", x, lines, said, {"x": (at, here)}, ends=(-1.5, 3.0))
    step_chart = Chart(
        "The step H(x) beside these slopes", "x", x, {"H(x)": _step()},
        "H is 0 left of 0, one half at 0, 1 right of it.",
        {**_half(), "from the left": (at, quotients[0]), "from the right": (at, quotients[1])},
        ends=(0.0, 1.0),
    )  # fmt: skip
    return Shown((chart, step_chart), table, tuple(notes))


def _halved(times):
    """1, halved so often: as a decimal, as a power where that is rounded.

    >>> _halved(3), _halved(20)
    ('0.125', '2⁻²⁰ ≈ 9.54e−7')
    """
    value = 0.5**times
    power = "2⁻" + str(times).translate(RAISED)
    return f"{power} {marked(value)}" if is_rounded(value) else label(value)


def rebuilt(params):
    """ReLU from H, in two ways."""
    x = CORNER
    everywhere = np.linspace(*ENDS, 601)
    off = np.abs(everywhere * heaviside(everywhere) - relu(everywhere)).max()
    walk = np.linspace(BELOW, ENDS[1], params.strips + 1)
    integral = cumulative_trapezoid(heaviside(walk), walk, initial=0.0)
    inside = np.interp(0.0, walk, integral)  # over the corner, where no strip may end
    farthest = float(max(np.abs(integral - relu(walk)).max(), inside))
    wide = f"{marked(walk[1] - walk[0])} wide"
    strips = f"The integral adds up {params.strips} trapezoids between values of H, each {wide}."
    if params.strips == 1:
        strips = f"The integral is one trapezoid between two values of H, {wide}."
    lines = {
        "ReLU(x)": relu(x),
        "x · H(x)": x * heaviside(x),
        "integral of H": (walk, integral),
    }
    table = [
        ["ReLU rebuilt", "Largest difference from ReLU, −3 to 3"],
        ["x · H(x)", label(off)],
        [
            f"integral of H from {label(BELOW)} to x, {counted(params.strips, 'strip')}",
            marked(farthest),
        ],
    ]
    notes = (
        "x · H(x) keeps what is right of 0 and makes 0 of the rest.",
        f"H(0) = 1/2 here, a choice. In the integral it counts where a strip ends at 0, as "
        f"{'one does' if (walk == 0).any() else 'none does'} here.",
        f"{strips} Between the ends of a strip it is a straight line. Left of 0 H is 0, so it may "
        "begin anywhere there; what it is off by comes from strips that touch 0.",
        "It is off by at most half the width of a strip: thin enough, and it is as close to ReLU "
        "as you like. But for 0, the step is the derivative of ReLU; ReLU is its integral.",
    )
    said = f"ReLU and x · H(x) are one curve; the integral is off by {marked(farthest)} at most."
    return Shown((Chart("ReLU in three ways", "x", x, lines, said),), table, notes)


def limit(params):
    """sigmoid(k x) closing in on H."""
    k, band = float(params.k), params.band
    x = np.union1d(CURVE, [-band, band])
    y = sigmoid(k * x)
    edge = f"sigmoid(−{label(k)} · {label(band)}) {equals(_between(k, band))}"
    lines = {"sigmoid(kx)": y, "H(x)": _step()}
    edges = {"left": -band, "right": band}
    lines["band"] = np.array([-band, -band, 0.0, band, band]), np.array([0, 1, np.nan, 0, 1])
    points = _half() | {f"band, {side} edge": (at, float(sigmoid(k * at)))
                        for side, at in edges.items()}  # fmt: skip
    table = [
        ["x", f"sigmoid({label(k)} · x)", "H(x)", "apart"],
        *(
            [label(at), _near_one(k, at), label(heaviside(at)), marked(_between(k, at))]
            for at in sorted({-2.0, -band, 0.0, band, 2.0})
        ),
    ]
    notes = (
        f"Outside |x| < {label(band)} it differs from H most at the edge of the band, by {edge}.",
        "Larger k, steeper sigmoid: for x > 0 it goes to 1, for x < 0 to 0. At x = 0 it is 1/2 for "
        "every k, so there the limit is 1/2 as well. In all three cases it is k that grows, not x.",
        "The closer to 0, the larger k has to be: no k is good enough for all x at once.",
    )
    said = f"A sigmoid with k = {label(k)} beside the step; at the edge of the band {edge} apart."
    return Shown(
        (Chart("sigmoid(kx) and the step", "x", x, lines, said, points, ends=(0.0, 1.0)),),
        table,
        notes,
    )


def _between(k, x):
    """|sigmoid(k x) - H(x)| without losing digits where both are nearly 1."""
    return float(sigmoid(-k * abs(x))) if x else 0.0


def _near_one(k, x):
    """sigmoid(k x), as 1 less what is missing where it would be rounded to 1.

    >>> _near_one(1, -1.0), _near_one(4, 2.0)
    ('≈ 0.269', '≈ 1 − 0.000335')
    """
    value = sigmoid(k * x)
    if label(value) != "1":
        return marked(value)
    less = _between(k, x)
    return f"{'≈ ' * is_rounded(less)}1 − {label(less)}"
