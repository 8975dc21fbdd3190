"""What is said of ReLU, the step and the sigmoid: the first three views of /calculus."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
from scipy.special import expit

from convview.params import Calculus
from tests.sentences import claims
from tests.sentences.numbers import exact, marked, read, related, says

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
LEFT, RIGHT = -8, 3  # of the integral; of what is drawn -3 and 3


def kind(*templates, place=".*"):
    return claims.kind(*templates, pages=(Calculus,), place=place)


def relu(x):
    return max(x, 0)


def step(x):
    return 0.5 if x == 0 else float(x > 0)


def curves(state):
    """{name: (x, y)} of all charts."""
    return {name: line for chart in state.made.charts for name, line in chart.curves().items()}


def points(state, chart=-1):
    return state.made.charts[chart].points


def is_curve(state, name, function):
    """Whether a curve of the charts runs through the values of this function."""
    x, y = curves(state)[name]
    return np.allclose(y, [function(float(at)) for at in x], atol=1e-9)


# Slopes


def at(state):
    return Fraction(str(state.params.at))


def slopes(state, epsilon=None):
    """From the left, the right, and both sides: exactly."""
    x, e = at(state), epsilon or Fraction(1, 2**state.params.halvings)
    left, here, right = (relu(place) for place in (x - e, x, x + e))
    return (here - left) / e, (right - here) / e, (right - left) / (2 * e)


def is_slope(state):
    return state.params.view == "slope"


@kind("Left: (ReLU({a:f}) − ReLU({b:f} − ε)) / ε; right: (ReLU({c:f} + ε) − ReLU({d:f})) / ε; "
      "both: (ReLU({e:f} + ε) − ReLU({f:f} − ε)) / 2ε; ε = {eps}.")  # fmt: skip
def the_quotients(state, a, b, c, d, e, f, eps):
    halvings = state.params.halvings
    power, _, rounded = eps.partition(" ≈ ")
    if rounded:
        base, raised = power[0], power[1:].translate(RAISED)
        right = (base, int(raised)) == ("2", -halvings) and says(rounded, 0.5**halvings)
    else:
        right = exact(eps, 0.5**halvings)
    return is_slope(state) and right and {a, b, c, d, e, f} == {state.params.at}


@kind("Where ReLU has a derivative it is the step H(x): 0 left of 0, 1 right of it.")
def the_derivative_is_the_step(state):
    e = Fraction(1, 10**9)
    found = [(relu(x + e) - relu(x - e)) / (2 * e) for x in (Fraction(-1, 9), Fraction(1, 9))]
    return is_slope(state) and found == [step(-1), step(1)] == [0, 1]


@kind("At 0 the two sides give 0 and 1 for every ε: there is no derivative.",
      "H(0) = 1/2 is a choice, and what both sides together give.")  # fmt: skip
def no_derivative(state):
    return is_slope(state) and slopes(state) == (0, 1, Fraction(1, 2)) and at(state) == 0


@kind("The kink at 0 lies within ε of x, so a quotient is in between: make ε no larger than "
      "{far:f}.")  # fmt: skip
def a_kink_within(state, far):
    x, near = at(state), Fraction(str(state.params.at).removeprefix("-"))
    if not is_slope(state) or not near:
        return False
    small = (relu(x + near) - relu(x)) / near, (relu(x) - relu(x - near)) / near
    return (
        any(0 < one < 1 for one in slopes(state))
        and set(small) <= {step(x)}
        and far == abs(state.params.at)
    )


@kind("Slope at x = {x:f} | Difference quotient | Its limit as ε goes to 0", place="head")
def slope_head(state, x):
    return is_slope(state) and x == state.params.at


def is_slope_row(state, which, slope, limit):
    """A quotient, and what it is for every ε that is small enough."""
    near = slopes(state, Fraction(1, 10**9))
    return is_slope(state) and [slope, limit] == floats([slopes(state)[which], near[which]])


@kind("from the left | {slope:f} | {limit:f}", place="row")
def left_row(state, **said):
    return is_slope_row(state, 0, **said)


@kind("from the right | {slope:f} | {limit:f}", place="row")
def right_row(state, **said):
    return is_slope_row(state, 1, **said)


@kind("from both sides | {slope:f} | {limit:f}", place="row")
def both_sides_row(state, **said):
    return is_slope_row(state, 2, **said)


@kind("ReLU and its slopes", place="chart")
def slope_chart(state):
    return is_slope(state) and points(state, 0).get("x") == (state.params.at, relu(state.params.at))


@kind("ReLU with two lines through its point at {x:f}: slope {left:f} from the left, {right:f} "
      "from the right.", place="spoken chart")  # fmt: skip
def spoken_slope(state, x, left, right):
    wanted = [float(one) for one in slopes(state)[:2]]
    return is_slope(state) and x == state.params.at and [left, right] == wanted


@kind("The step H(x) beside these slopes", place="chart")
def step_chart(state):
    """The slopes are drawn as points."""
    drawn = [points(state)[name][1] for name in ("from the left", "from the right")]
    return is_slope(state) and np.allclose(drawn, [float(one) for one in slopes(state)[:2]])


@kind("H is 0 left of 0, one half at 0, 1 right of it.", place="spoken chart")
def spoken_step(state):
    return is_slope(state) and the_step(state)


@kind("x | ", place="axes")
def over_x(state):
    return state.params.view in ("slope", "rebuilt", "limit")


@kind("from the left", "from the right", "x", place="curve")
def tangents(state):
    """Lines through the point, with the slope of the quotient; and the point of each."""
    here = float(at(state))
    for name, slope in zip(("from the left", "from the right"), slopes(state), strict=False):
        if not is_curve(state, name, lambda x, by=slope: relu(here) + float(by) * (x - here)):
            return False
    return is_slope(state) and points(state, 0)["x"] == (here, relu(here))


@kind("ReLU(x)", "x · H(x)", place="curve")
def ramps(state):
    names = [name for name in ("ReLU(x)", "x · H(x)") if name in curves(state)]
    ends = [curves(state)[name][0][[0, -1]].tolist() for name in names]
    return (
        state.params.view in ("slope", "rebuilt")
        and all(is_curve(state, name, relu) for name in names)
        and all(end == [-3, 3] for end in ends)
    )


@kind("H(x)", "H(x), at 0", place="curve")
def the_step(state):
    if state.params.view not in ("slope", "limit") or "H(x)" not in curves(state):
        return False
    x, y = curves(state)["H(x)"]
    there = np.isfinite(y)
    ends = [(float(at), float(value)) for at, value in zip(x[there], y[there], strict=True)]
    drawn = ends == [(-3, 0), (0, 0), (0, 1), (3, 1)]  # with a gap where it jumps
    return drawn and not there.all() and points(state)["H(x), at 0"] == (0, step(0))


# ReLU from the step


def strips(state):
    """(width, nodes, the sum of trapezoids up to each), strip by strip."""
    count = state.params.strips
    wide = Fraction(RIGHT - LEFT, count)
    nodes = [LEFT + n * wide for n in range(count + 1)]
    total, found = Fraction(0), [Fraction(0)]
    for one, other in pairwise(nodes):
        total += wide * (Fraction(step(one)) + Fraction(step(other))) / 2
        found.append(total)
    return wide, nodes, found


def floats(fractions):
    return [float(one) for one in fractions]


def farthest(state):
    """The largest distance of the broken line from ReLU: at a node, or over the corner."""
    _, nodes, found = strips(state)
    off = [abs(one - relu(x)) for x, one in zip(nodes, found, strict=True)]
    corner = np.interp(0.0, floats(nodes), floats(found))
    return max(float(max(off)), corner)


def is_rebuilt(state):
    return state.params.view == "rebuilt"


@kind("x · H(x) keeps what is right of 0 and makes 0 of the rest.")
def product(state):
    x = np.linspace(-3, 3, 61)
    return is_rebuilt(state) and all(one * step(one) == (one if one > 0 else 0) for one in x)


@kind("H(0) = 1/2 here, a choice.")
def half_by_choice(state):
    return is_rebuilt(state) and step(0) == 0.5


@kind("Between the ends of a strip it is a straight line.")
def straight_strips(state):
    """Drawn from end to end, with no point in between."""
    if not is_rebuilt(state):
        return False
    drawn = np.array(curves(state)["integral of H"])
    ends = np.array([floats(numbers) for numbers in strips(state)[1:]])
    return drawn.shape == ends.shape and np.allclose(drawn, ends)


@kind("In the integral it counts where a strip ends at 0, as {some:w} {does:w} here.")
def where_it_counts(state, some, does):
    _, nodes, _ = strips(state)
    return is_rebuilt(state) and does == "does" and some == ("one" if 0 in nodes else "none")


@kind("The integral adds up {count:d} trapezoids between values of H, each {wide} wide.")
def several_strips(state, count, wide):
    return is_rebuilt(state) and 1 < count == state.params.strips and marked(wide, 11 / count)


@kind("The integral is one trapezoid between two values of H, {wide} wide.")
def one_strip(state, wide):
    return is_rebuilt(state) and state.params.strips == 1 and marked(wide, 11)


@kind("Left of 0 H is 0, so it may begin anywhere there; what it is off by comes "
      "from strips that touch 0.")  # fmt: skip
def off_at_0(state):
    """Strip by strip: what it adds, beside what ReLU grows by over it."""
    _, nodes, found = strips(state)
    if not is_rebuilt(state) or nodes[0] >= 0:
        return False
    return all(
        one <= 0 <= other or after - before == relu(other) - relu(one)
        for (one, other), (before, after) in zip(pairwise(nodes), pairwise(found), strict=True)
    )


@kind("It is off by at most half the width of a strip: thin enough, and it is as close to ReLU as "
      "you like.")  # fmt: skip
def within_half_a_strip(state):
    return is_rebuilt(state) and farthest(state) <= float(strips(state)[0]) / 2 + 1e-12


@kind("But for 0, the step is the derivative of ReLU; ReLU is its integral.")
def ramp_and_step(state):
    x = np.linspace(-3, 3, 600)  # 0 is not among them
    ramp = np.array([relu(one) for one in x])
    slope = np.diff(ramp) / np.diff(x)
    away = np.abs(x[:-1] + np.diff(x) / 2) > 0.01
    return is_rebuilt(state) and np.allclose(slope[away], x[:-1][away] > 0)


@kind("ReLU rebuilt | Largest difference from ReLU, −3 to 3", place="head")
def rebuilt_head(state):
    return is_rebuilt(state)


@kind("x · H(x) | {off:f}", place="row")
def product_row(state, off):
    x = np.linspace(-3, 3, 1001)
    return is_rebuilt(state) and off == max(abs(one * step(one) - relu(one)) for one in x)


@kind("integral of H from {start:f} to x, {count:d} strip[[s]] | {off}", place="row")
def integral_row(state, start, count, off):
    return (
        is_rebuilt(state)
        and (start, count) == (LEFT, state.params.strips)
        and marked(off, farthest(state))
    )


@kind("ReLU in three ways", place="chart")
def rebuilt_chart(state):
    return is_rebuilt(state) and len(curves(state)) == 3


@kind("ReLU and x · H(x) are one curve; the integral is off by {off} at most.",
      place="spoken chart")  # fmt: skip
def spoken_rebuilt(state, off):
    return is_rebuilt(state) and ramps(state) and marked(off, farthest(state))


@kind("integral of H", place="curve")
def integral_curve(state):
    if not is_rebuilt(state) or "integral of H" not in curves(state):
        return False
    _, nodes, found = strips(state)
    x, y = curves(state)["integral of H"]
    return np.allclose(x, floats(nodes)) and np.allclose(y, floats(found))


# The sigmoid that goes to the step


def is_limit(state):
    return state.params.view == "limit"


def apart(state, x):
    """|sigmoid(k x) - H(x)|."""
    return float(expit(-state.params.k * abs(x))) if x else 0.0


def is_edge(state, k, band, text):
    """Whether the largest difference off the band is that at its edge, of this size."""
    p = state.params
    off = max(apart(state, x) for x in np.linspace(p.band, 3, 200))
    same = (k, band) == (p.k, p.band) and np.isclose(off, apart(state, p.band), rtol=1e-9)
    return is_limit(state) and bool(same) and related(text, off)


@kind("Outside |x| < {b:f} it differs from H most at the edge of the band, by sigmoid(−{k:d} · "
      "{band:f}) {value}.")  # fmt: skip
def off_the_band(state, b, k, band, value):
    return b == band and is_edge(state, k, band, value)


@kind("A sigmoid with k = {one:d} beside the step; at the edge of the band sigmoid(−{k:d} · "
      "{band:f}) {value} apart.", place="spoken chart")  # fmt: skip
def spoken_limit(state, one, k, band, value):
    return one == k and is_edge(state, k, band, value)


@kind("Larger k, steeper sigmoid: for x > 0 it goes to 1, for x < 0 to 0.",
      "In all three cases it is k that grows, not x.")  # fmt: skip
def steeper(state):
    k = np.array([1.0, 10, 100, 1000])
    for x in (0.1, 1.0):
        rises = np.all(np.diff(expit(k * x)) >= 0) and expit(1000 * x) > 1 - 1e-9
        falls = np.all(np.diff(expit(-k * x)) <= 0) and expit(-1000 * x) < 1e-9
        if not (rises and falls):
            return False
    return is_limit(state)


@kind("At x = 0 it is 1/2 for every k, so there the limit is 1/2 as well.")
def half_at_0(state):
    return is_limit(state) and set(expit(0.0 * np.arange(1, 101)).tolist()) == {0.5}


@kind("The closer to 0, the larger k has to be: no k is good enough for all x at once.")
def not_uniform(state):
    needed = np.log(99) / np.array([1, 0.1, 0.01])  # k for 1 % apart at these x
    near = [expit(-k * 1e-9 / k) for k in (1, 100, 1e6)]
    return is_limit(state) and np.all(np.diff(needed) > 0) and min(near) > 0.49


@kind("x | sigmoid({k:d} · x) | H(x) | apart", place="head")
def limit_head(state, k):
    return is_limit(state) and k == state.params.k


@kind("{x:f} | {value} | {h:f} | {off}", place="row")
def limit_row(state, x, value, h, off):
    p = state.params
    if not is_limit(state) or x not in (-2, -p.band, 0, p.band, 2) or h != step(x):
        return False
    if "1 − " in value:  # too near to 1 to be written otherwise
        right = value.replace("1 − ", "") == off and apart(state, x) < 0.00051
    else:
        right = marked(value, expit(p.k * x)) and read(value.removeprefix("≈ ")) != 1
    return right and marked(off, apart(state, x))


@kind("sigmoid(kx) and the step", place="chart")
def limit_chart(state):
    drawn = is_limit(state) and "sigmoid(kx)" in curves(state)
    return drawn and is_curve(state, "sigmoid(kx)", lambda x: expit(state.params.k * x))


@kind("sigmoid(kx)", "band", "band, left edge", "band, right edge", place="curve")
def limit_curves(state):
    p = state.params
    if not limit_chart(state):
        return False
    (x, _), (left, low), (right, high) = (
        curves(state)["band"], points(state)["band, left edge"], points(state)["band, right edge"]
    )  # fmt: skip
    upright = x[:2].tolist() == [-p.band] * 2 and x[-2:].tolist() == [p.band] * 2
    values = expit(-p.k * p.band), expit(p.k * p.band)
    return upright and (left, right) == (-p.band, p.band) and np.allclose((low, high), values)
