"""Softmax: a shift, two classes, one number too many, and its Jacobian. B4 to B7."""

import numpy as np

from convcore import sigmoid, softmax, softmax_jacobian
from convview.labels import counted, label, marked
from convview.scene import Grid, Line, Scene, Sweep
from convview.scenes.calculus.shown import Shown
from convview.scenes.chart import Chart


def naive(x):
    """Softmax as it stands in the books: inf / inf where a number is large, 0 / 0 where all are
    small."""
    with np.errstate(over="ignore", invalid="ignore"):
        power = np.exp(x)
        return power, power.sum(), power / power.sum()


def shifted(params):
    """softmax(x + c) = softmax(x), and what becomes of it without the stable form."""
    x, c = np.array(params.x), float(params.shift)
    p, moved = softmax(x), softmax(x + c)
    power, total, plain = naive(x + c)
    table = [
        ["Class", *_names(x), "sum"],
        ["x", *map(_plain, x), ""],
        ["softmax(x)", *_labels([*p, p.sum()])],
        [f"x + c, c = {label(c)}", *(_plain(n) for n in x + c), ""],
        ["softmax(x + c), stable", *_labels([*moved, moved.sum()])],
        ["exp(x + c)", *_labels([*power, total])],
        ["exp(x + c) / sum, naive", *_labels([*plain, plain.sum()])],
    ]
    notes = [
        "softmax(x + c) and softmax(x) agree to within 10⁻¹²: exp(c) cancels."
        if c
        else "With c = 0 nothing is added: softmax(x + c) is softmax(x).",
        "The stable form takes the largest number away first: then the largest power is "
        "exp(0) = 1, and none overflows.",
        *_naively(plain, p, c),
    ]
    said = "The same bars with and without the shift."
    lines = {"softmax(x)": p, "softmax(x + c)": moved}
    chart = Chart(
        "Probabilities", "class", np.arange(len(x)), lines, said, kind="bar", ends=(0.0, 1.0)
    )
    return Shown((chart,), table, tuple(notes))


def _naively(plain, p, c):
    """What is wrong with the numbers of the naive form, if anything is."""
    if np.isnan(plain).all():
        yield "Naive, the result is no number: " + (
            "beyond ≈ 709.78 exp overflows to ∞ in float64, and ∞ / ∞ has no value."
            if c > 0
            else "below ≈ −745.13 every power is 0 in float64, and 0 / 0 has no value."
        )
    elif np.isnan(plain).any():
        yield (
            "Naive, the result is no number where exp overflows to ∞ in float64, beyond ≈ 709.78: "
            "∞ / ∞ has no value. The others become 0."
        )
    elif np.abs(plain - p).max() > 1e-6:
        yield "Naive, the numbers are wrong: " + (
            "the sum of the powers overflows." if c > 0 else "powers so small have few digits."
        )


def pair(params):
    """Two classes are a sigmoid of the difference; K classes need K - 1 numbers."""
    x = np.array(params.x)
    z = x[0] - x[1]
    two, single = softmax(x[:2]), sigmoid(np.array([z, -z]))
    p, fewer = softmax(x), softmax(x - x[0])
    reach = max(6.0, abs(z) + 1)
    axis = np.linspace(-reach, reach, 241)
    curve = softmax(np.stack([axis, np.zeros_like(axis)]), 0)
    table = [
        ["Class", *_names(x)],
        ["x", *map(_plain, x)],
        ["softmax of the first two", *_labels(two), *[""] * (len(x) - 2)],
        [
            f"sigmoid(z), 1 − sigmoid(z), z = {_plain(z)}",
            *_labels(single),
            *[""] * (len(x) - 2),
        ],
        ["softmax of both" if len(x) == 2 else f"softmax of all {len(x)}", *_labels(p)],
        ["x − x[0]: the first is 0", *map(_plain, x - x[0])],
        ["softmax of that", *_labels(fewer)],
    ]
    notes = (
        "Two classes: softmax and sigmoid agree to within 10⁻¹². Only z = x[0] − "
        "x[1] counts, one number for two probabilities.",
        f"{len(x)} classes: {_taken(x[0])} One of the numbers can be held at 0, so "
        f"{counted(len(x) - 1, 'parameter')} {'is' if len(x) == 2 else 'are'} enough.",
    )
    said = f"A sigmoid over z; at z = {_plain(z)} it is {marked(two[0])}."
    chart = Chart(
        "The first of two classes", "z = x[0] − x[1]", axis,
        {"softmax([z, 0])[0]": curve[0], "sigmoid(z)": sigmoid(axis)}, said, {"here": (z, two[0])},
        ends=(0.0, 1.0),
    )  # fmt: skip
    return Shown((chart,), table, notes)


def _taken(first):
    """What it does to take the first number away from each."""
    if not first:
        return "x[0] is 0, so taking x[0] away from every x changes nothing."
    return (
        "with x[0] taken away from every x, so that the first is 0, the probabilities stay as they "
        "are, to within 10⁻¹²."
    )


def jacobian(params):
    """What stands beside the Jacobian on its stage."""
    x = np.array(params.x)
    p, found, change = softmax(x), softmax_jacobian(x), np.array(params.change[: len(x)])
    table = [
        ["Class", *_names(x)],
        ["x", *map(_plain, x)],
        ["p = softmax(x)", *_labels(p)],
        ["sum of the row of J", *_labels(_clean(found.sum(1)))],
        ["dp = J dx", *_labels(_clean(found @ change))],
        ["softmax(x + dx) − p", *_labels(_clean(softmax(x + change) - p))],
    ]
    notes = (
        "Difference quotients, step 10⁻⁶ to either side, differ from J by less than 10⁻⁹.",
        "dp = J dx is how p begins to change: near softmax(x + dx) − p where dx is small.",
        "Each row adds up to 0: the same added to all of x changes no probability.",
        "Symmetric: class k takes from class i as much as i takes from k. On the diagonal p(1 − "
        "p), never negative; beside it −p[i] p[k], never positive.",
    )
    return Shown((), table, notes)


def scene(params):
    """dp = J dx on the stage: each entry of J, and what a small change of x does to p."""
    x = np.array(params.x)
    found, change = softmax_jacobian(x), np.array(params.change[: len(x)])
    size = len(x)
    line, single, every = Line.plain(size), Line.plain(1), list(range(size))
    p = softmax(x)
    shape, moved = f"{size} × {size}", _clean(found @ change)
    grids = (
        Grid("p", "p", "softmax(x)", "grad_input", p[None, :, None], line, single,
             axes=("rows",)),
        Grid("input", "J = diag(p) − p pᵀ", shape, "input", found[None], line, line),
        Grid("kernel", "dx", "a change of x", "kernel", change[None, None], single, line,
             editable=True, axes=("cols",)),
        Grid("output", "dp = J dx", "the change of p", "output", moved[None, :, None], line,
             single, axes=("rows",)),
    )  # fmt: skip
    sweep = Sweep(
        "output", "input", "kernel", [[n] for n in every], [every], [0], every, [[[0, 0]]],
        columns=(0, 1), words=(0, 1),
    )  # fmt: skip
    return Scene(
        view="jacobian",
        grids=grids,
        columns=((0.5, ("input",)), (0.36, ("kernel", "output")), (0.14, ("p",))),
        sweeps=(sweep,),
        formula=((("J[i, k] = dp[i]/dx[k] = p[i] · ((1 if i = k else 0) − p[k])", ""),),),
        symbols={"input": "J", "kernel": "dx", "output": "dp", "p": "p"},
    )


def _names(x):
    return [f"[{n}]" for n in range(len(x))]


def _labels(numbers):
    return ["no number" if np.isnan(n) else marked(n) for n in numbers]


def _plain(number):
    """A number with all the digits that a slider can give it."""
    return f"{number:.8g}".replace("-", "−")


def _clean(sums):
    """Rounding is no number of its own."""
    return np.where(np.abs(sums) < 1e-15, 0.0, sums)
