"""What is said of softmax: the shift, two classes, and the Jacobian on its stage."""

from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy import special

from convview.params import Calculus
from convview.scenes import calculus
from tests.sentences import claims
from tests.sentences.kinds.steps import curves, is_curve, points
from tests.sentences.numbers import exact, marked, row

OF_X = ("shift", "pair", "jacobian")
LARGEST, SMALLEST = 709.782712893384, -745.1332191019411  # exp is ∞ above, 0 below, in float64


def kind(*templates, place=".*"):
    return claims.kind(*templates, pages=(Calculus,), place=place)


def x_of(state):
    return np.array(state.params.x)


def p_of(state):
    return special.softmax(x_of(state))


def is_view(state, view):
    return state.params.view == view


def filled(state, numbers):
    """A row of the table: the numbers, and "" for what the widest row has more."""
    wide = len(state.params.x) + is_view(state, "shift")
    return [*numbers, *[""] * (wide - len(numbers))]


@kind("Class | {names}", place="head")
def classes(state, names):
    wanted = [f"[{n}]" for n in range(len(state.params.x))]
    wanted += ["sum"] * is_view(state, "shift")
    return state.params.view in OF_X and names.split(" | ") == wanted


def are_exactly(cells, numbers):
    texts = [cell.strip() for cell in cells.split("|")]
    return len(texts) == len(numbers) and all(
        exact(text, number) if not isinstance(number, str) else text == number
        for text, number in zip(texts, numbers, strict=True)
    )


@kind("x | {cells}", place="row")
def x_row(state, cells):
    return state.params.view in OF_X and are_exactly(cells, filled(state, state.params.x))


# Shifted


def shifted(state):
    """x + c, exp of it, and what the books' softmax makes of it, in float64."""
    moved = x_of(state) + state.params.shift
    power = np.array([0.0 if n < SMALLEST else np.inf if n > LARGEST else float(np.exp(n))
                      for n in moved])  # fmt: skip
    with np.errstate(all="ignore"):
        return moved, power, power / power.sum()


@kind("softmax(x) | {cells}", place="row")
def softmax_row(state, cells):
    return is_view(state, "shift") and row(cells, [*p_of(state), 1])


@kind("softmax(x + c), stable | {cells}", place="row")
def stable_row(state, cells):
    moved = special.softmax(x_of(state) + state.params.shift)
    return is_view(state, "shift") and row(cells, [*moved, 1])


@kind("x + c, c = {c:d} | {cells}", place="row")
def moved_row(state, c, cells):
    right = c == state.params.shift and are_exactly(cells, filled(state, x_of(state) + c))
    return is_view(state, "shift") and right


@kind("exp(x + c) | {cells}", place="row")
def power_row(state, cells):
    _, power, _ = shifted(state)
    with np.errstate(over="ignore"):
        return is_view(state, "shift") and row(cells, [*power, power.sum()])


@kind("exp(x + c) / sum, naive | {cells}", place="row")
def naive_row(state, cells):
    _, _, plain = shifted(state)
    wanted = ["no number" if np.isnan(n) else n for n in [*plain, plain.sum()]]
    return is_view(state, "shift") and row(cells, wanted)


@kind("With c = 0 nothing is added: softmax(x + c) is softmax(x).")
def nothing_added(state):
    return is_view(state, "shift") and state.params.shift == 0


@kind("softmax(x + c) and softmax(x) agree to within 10⁻¹²: exp(c) cancels.")
def the_shift_cancels(state):
    moved = special.softmax(x_of(state) + state.params.shift)
    return is_view(state, "shift") and np.abs(moved - p_of(state)).max() < 1e-12


@kind("The stable form takes the largest number away first: then the largest power is exp(0) = 1, "
      "and none overflows.")  # fmt: skip
def stable(state):
    power = np.exp(x_of(state) - max(state.params.x))
    same = np.allclose(power / power.sum(), p_of(state), rtol=1e-12)
    return is_view(state, "shift") and power.max() == 1 and same


@kind("Naive, the result is no number: beyond ≈ 709.78 exp overflows to ∞ in float64, and ∞ / ∞ "
      "has no value.")  # fmt: skip
def all_overflow(state):
    _, power, plain = shifted(state)
    with np.errstate(over="ignore"):
        edge = np.isinf(np.exp(709.79)) and np.isfinite(np.exp(709.78))
    return is_view(state, "shift") and edge and np.isinf(power).all() and np.isnan(plain).all()


@kind("Naive, the result is no number where exp overflows to ∞ in float64, beyond ≈ 709.78: ∞ / ∞ "
      "has no value.", "The others become 0.")  # fmt: skip
def some_overflow(state):
    moved, _, plain = shifted(state)
    over = moved > LARGEST
    some = over.any() and not over.all()
    right = np.array_equal(np.isnan(plain), over) and not plain[~over].any()
    return is_view(state, "shift") and bool(some and right)


@kind("Naive, the result is no number: below ≈ −745.13 every power is 0 in float64, and 0 / 0 has "
      "no value.")  # fmt: skip
def all_vanish(state):
    moved, power, _ = shifted(state)
    edge = np.exp(-745.13) > 0 == np.exp(-745.14)
    return is_view(state, "shift") and edge and (moved < SMALLEST).all() and not power.any()


@kind("Naive, the numbers are wrong: the sum of the powers overflows.")
def the_sum_overflows(state):
    _, power, _ = shifted(state)
    with np.errstate(over="ignore"):
        return is_view(state, "shift") and np.isfinite(power).all() and np.isinf(power.sum())


@kind("Naive, the numbers are wrong: powers so small have few digits.")
def few_digits(state):
    """The largest is subnormal: farther from its neighbours than 10⁻¹³ of itself."""
    _, power, plain = shifted(state)
    largest = power.max()
    few = 0 < largest < np.finfo(float).tiny and np.spacing(largest) > 1e-13 * largest
    return is_view(state, "shift") and bool(few) and np.abs(plain - p_of(state)).max() > 1e-6


@kind("Probabilities", place="chart")
def bars(state):
    return is_view(state, "shift") and state.made.charts[0].kind == "bar"


@kind("The same bars with and without the shift.", place="spoken chart")
def the_same_bars(state):
    one, other = (y for _, y in curves(state).values())
    return is_view(state, "shift") and np.allclose(one, other, atol=1e-12)


@kind("class | ", place="axes")
def over_classes(state):
    return is_view(state, "shift") and len(state.made.charts[0].x) == len(state.params.x)


@kind("softmax(x)", "softmax(x + c)", place="curve")
def bar_of_each(state):
    if not is_view(state, "shift") or list(curves(state)) != ["softmax(x)", "softmax(x + c)"]:
        return False
    bars = [y for _, y in curves(state).values()]
    return all(len(y) == len(state.params.x) and np.allclose(y, p_of(state)) for y in bars)


# Two classes


def z_of(state):
    return state.params.x[0] - state.params.x[1]


@kind("softmax of the first two | {cells}", place="row")
def two_row(state, cells):
    return is_view(state, "pair") and row(cells, filled(state, special.softmax(x_of(state)[:2])))


@kind("sigmoid(z), 1 − sigmoid(z), z = {z:f} | {cells}", place="row")
def sigmoid_row(state, z, cells):
    value = special.expit(z_of(state))
    right = exact(str(z), z_of(state)) and row(cells, filled(state, [value, 1 - value]))
    return is_view(state, "pair") and right


@kind("softmax of both | {cells}", place="row")
def both_row(state, cells):
    return is_view(state, "pair") and len(state.params.x) == 2 and row(cells, p_of(state))


@kind("softmax of all {count:d} | {cells}", place="row")
def all_row(state, count, cells):
    return is_view(state, "pair") and 2 < count == len(state.params.x) and row(cells, p_of(state))


@kind("x − x[0]: the first is 0 | {cells}", place="row")
def without_first(state, cells):
    return is_view(state, "pair") and are_exactly(cells, x_of(state) - state.params.x[0])


@kind("softmax of that | {cells}", place="row")
def of_that(state, cells):
    fewer = special.softmax(x_of(state) - state.params.x[0])
    return is_view(state, "pair") and row(cells, fewer)


@kind("Two classes: softmax and sigmoid agree to within 10⁻¹².",
      "Only z = x[0] − x[1] counts, one number for two probabilities.")  # fmt: skip
def a_pair_is_a_sigmoid(state):
    first = special.softmax(x_of(state)[:2])[0]
    moved = special.softmax(x_of(state)[:2] + 3.7)[0]
    close = max(abs(first - special.expit(z_of(state))), abs(moved - first)) < 1e-12
    return is_view(state, "pair") and close


@kind("{count:d} classes: with x[0] taken away from every x, so that the first is 0, the "
      "probabilities stay as they are, to within 10⁻¹².")  # fmt: skip
def without_x0(state, count):
    fewer = special.softmax(x_of(state) - state.params.x[0])
    close = np.abs(fewer - p_of(state)).max() < 1e-12
    counted = count == len(state.params.x) and state.params.x[0] != 0
    return is_view(state, "pair") and counted and close


@kind("{count:d} classes: x[0] is 0, so taking x[0] away from every x changes nothing.")
def x0_is_0(state, count):
    x = x_of(state)
    return is_view(state, "pair") and count == len(x) and np.array_equal(x - x[0], x)


@kind("One of the numbers can be held at 0, so {count:d} parameters are enough.",
      "One of the numbers can be held at 0, so {count:d} parameter is enough.")  # fmt: skip
def one_too_many(state, count):
    """So many numbers give any probabilities: log(p[i] / p[0]) are they; fewer have too low a
    rank."""
    x = x_of(state)
    p = p_of(state)
    rank = np.linalg.matrix_rank(np.diag(p) - np.outer(p, p), tol=1e-14)
    given = special.softmax(np.log(p) - np.log(p[0]))
    return is_view(state, "pair") and count == len(x) - 1 == rank and np.allclose(given, p)


@kind("The first of two classes", place="chart")
def pair_chart(state):
    return is_view(state, "pair") and is_curve(state, "sigmoid(z)", special.expit)


@kind("A sigmoid over z; at z = {z:f} it is {value}.", place="spoken chart")
def spoken_pair(state, z, value):
    right = exact(str(z), z_of(state)) and marked(value, special.expit(z_of(state)))
    return is_view(state, "pair") and right


@kind("z = x[0] − x[1] | ", place="axes")
def over_z(state):
    where, value = points(state)["here"]
    right = np.allclose([where, value], [z_of(state), special.expit(where)])
    return is_view(state, "pair") and right


@kind("softmax([z, 0])[0]", "sigmoid(z)", "here", place="curve")
def pair_curves(state):
    one, other = (y for _, y in curves(state).values())
    return pair_chart(state) and np.allclose(one, other, atol=1e-12) and over_z(state)


# The Jacobian


scene = lru_cache(maxsize=64)(calculus.scene)


def grid(state, name):
    """What the stage shows; nothing on other views."""
    if not is_view(state, "jacobian"):
        return np.full((1, 1, 1), np.nan)
    return scene(state.params).grid(name).values


def jacobian(state):
    p = p_of(state)
    return np.diag(p) - np.outer(p, p)


def change_of(state):
    return np.array(state.params.change[: len(state.params.x)])


@kind("p = softmax(x) | {cells}", place="row")
def p_row(state, cells):
    return is_view(state, "jacobian") and row(cells, p_of(state))


@kind("sum of the row of J | {cells}", place="row")
def sums_row(state, cells):
    return is_view(state, "jacobian") and row(cells, [0] * len(state.params.x))


@kind("dp = J dx | {cells}", place="row")
def dp_row(state, cells):
    return is_view(state, "jacobian") and row(cells, jacobian(state) @ change_of(state))


@kind("softmax(x + dx) − p | {cells}", place="row")
def difference_row(state, cells):
    moved = special.softmax(x_of(state) + change_of(state))
    return is_view(state, "jacobian") and row(cells, moved - p_of(state))


@kind("Difference quotients, step 10⁻⁶ to either side, differ from J by less than 10⁻⁹.")
def by_quotients(state):
    x = x_of(state)
    steps = 1e-6 * np.eye(len(x))
    found = [(special.softmax(x + d) - special.softmax(x - d)) / 2e-6 for d in steps]
    close = np.abs(np.stack(found, 1) - jacobian(state)).max() < 1e-9
    return is_view(state, "jacobian") and close


@kind("dp = J dx is how p begins to change: near softmax(x + dx) − p where dx is small.")
def begins_to_change(state):
    x, change = x_of(state), change_of(state)
    off = [
        np.abs(special.softmax(x + t * change) - p_of(state) - t * jacobian(state) @ change).max()
        for t in (1e-2, 1e-3, 1e-4)
    ]
    quadratic = all(b <= a / 50 + 1e-15 for a, b in pairwise(off))
    return is_view(state, "jacobian") and quadratic


@kind("Each row adds up to 0: the same added to all of x changes no probability.")
def rows_add_up_to_0(state):
    j = grid(state, "input")[0]
    same = special.softmax(x_of(state) + 1.5)
    return np.abs(j.sum(1)).max() < 1e-15 and np.allclose(same, p_of(state), atol=1e-12)


@kind("Symmetric: class k takes from class i as much as i takes from k.")
@kind("On the diagonal p(1 − p), never negative; beside it −p[i] p[k], never positive.")
def symmetric(state):
    j, p = grid(state, "input")[0], p_of(state)
    off = ~np.eye(len(p), dtype=bool)
    return (
        np.array_equal(j, j.T)
        and np.allclose(np.diag(j), p * (1 - p), atol=1e-15)
        and np.allclose(j[off], -np.outer(p, p)[off], atol=1e-15)
        and (np.diag(j) >= 0).all()
        and (j[off] <= 0).all()
    )


@kind("J[i, k] = dp[i]/dx[k] = p[i] · ((1 if i = k else 0) − p[k])", place="formula")
def entry(state):
    p = p_of(state)
    wanted = [[p[i] * ((i == k) - p[k]) for k in range(len(p))] for i in range(len(p))]
    return np.allclose(grid(state, "input")[0], wanted, atol=1e-15)


@kind("J = diag(p) − p pᵀ", place="title of input")
def the_jacobian(state):
    return np.allclose(grid(state, "input")[0], jacobian(state), atol=1e-15)


@kind("{shape:s}", place="caption of input")
def jacobian_size(state, shape):
    size = len(state.params.x)
    return is_view(state, "jacobian") and shape == (size, size)


@kind("dx", place="title of kernel")
def the_change(state):
    return np.array_equal(grid(state, "kernel").ravel(), change_of(state))


@kind("a change of x", place="caption of kernel")
def a_change(state):
    return is_view(state, "jacobian") and the_change(state)


@kind("dp = J dx", place="title of output")
def the_new(state):
    dp = grid(state, "output").ravel()
    return np.allclose(dp, jacobian(state) @ change_of(state), atol=1e-14)


@kind("the change of p", place="caption of output")
def a_change_of_p(state):
    return the_new(state)


@kind("p", place="title of p")
@kind("softmax(x)", place="caption of p")
def the_probabilities(state):
    return np.allclose(grid(state, "p").ravel(), p_of(state))
