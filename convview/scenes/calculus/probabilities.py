"""Softmax: a shift, two classes, one number too many, and its Jacobian. B4 to B7."""

import numpy as np

from convcore import sigmoid, softmax, softmax_jacobian
from convview.labels import label
from convview.scene import Grid, Line, Scene, Sweep
from convview.scenes.calculus.shown import Shown
from convview.scenes.chart import Chart

STEP = 1e-6  # of a difference quotient


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
        ["x", *_labels(x), ""],
        ["softmax(x)", *_labels(p), label(p.sum())],
        [f"x + c, c = {label(c)}", *(_plain(n) for n in x + c), ""],
        ["softmax(x + c), stable", *_labels(moved), label(moved.sum())],
        ["exp(x + c)", *_labels(power), label(total)],
        ["exp(x + c) / sum, naive", *_labels([*plain, plain.sum()])],
    ]
    farthest = label(np.abs(moved - p).max())
    notes = [
        f"softmax(x + c) and softmax(x) differ by at most {farthest}: exp(c) cancels.",
        "The stable form takes the largest number away first, c = −max(x): then the largest "
        "power is exp(0) = 1 and none overflows.",
    ]
    if not np.isfinite(plain).all():
        notes.append(
            "Naive, the result is no number: "
            + ("exp overflows beyond 709.78" if c > 0 else "every power is 0 below −745.13")
            + " in float64, and "
            + ("∞ / ∞" if c > 0 else "0 / 0")
            + " has no value."
        )
    elif np.abs(plain - p).max() > 1e-6:
        notes.append(
            "Naive, the numbers are wrong: "
            + ("the sum of the powers overflows." if c > 0 else "powers so small have few digits.")
        )
    said = "The same bars with and without the shift."
    lines = {"softmax(x)": p, "softmax(x + c)": moved}
    chart = Chart(
        "Probabilities", "class", np.arange(len(x)), lines, said, kind="bar", ends=(0.0, 1.0)
    )
    return Shown((chart,), table, tuple(notes))


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
        ["x", *_labels(x)],
        ["softmax of the first two", *_labels(two), *[""] * (len(x) - 2)],
        [
            f"sigmoid(z), 1 − sigmoid(z), z = {label(z)}",
            *_labels(single),
            *[""] * (len(x) - 2),
        ],
        [f"softmax of {'both' if len(x) == 2 else f'all {len(x)}'}", *_labels(p)],
        ["x − x[0]: the first is 0", *_labels(x - x[0])],
        ["softmax of that", *_labels(fewer)],
    ]
    notes = (
        f"Two classes: largest difference {label(np.abs(two - single).max())}. Only z = x[0] − "
        "x[1] counts, one number for two probabilities.",
        f"{len(x)} classes: largest difference {label(np.abs(p - fewer).max())}. One of the "
        f"numbers can be held at 0, so {len(x) - 1} parameters are enough.",
    )
    said = f"A sigmoid over z; at z = {label(z)} it is {label(two[0])}."
    chart = Chart(
        "The first of two classes", "z = x[0] − x[1]", axis,
        {"softmax([z, 0])[0]": curve[0], "sigmoid(z)": sigmoid(axis)}, said, {"here": (z, two[0])},
        ends=(0.0, 1.0),
    )  # fmt: skip
    return Shown((chart,), table, notes)


def quotients(x):
    """The Jacobian of softmax by central differences, (K, K)."""
    steps = STEP * np.eye(len(x))
    return np.stack([(softmax(x + d) - softmax(x - d)) / (2 * STEP) for d in steps], 1)


def jacobian(params):
    """What stands beside the Jacobian on its stage."""
    x = np.array(params.x)
    p, found, change = softmax(x), softmax_jacobian(x), np.array(params.change[: len(x)])
    table = [
        ["Class", *_names(x)],
        ["x", *_labels(x)],
        ["p = softmax(x)", *_labels(p)],
        ["sum of the row of J", *_labels(_clean(found.sum(1)))],
        ["dp = J dx", *_labels(_clean(found @ change))],
        ["softmax(x + dx) − p", *_labels(_clean(softmax(x + change) - p))],
    ]
    notes = (
        f"Difference quotients (step {label(STEP)}) give the same to "
        f"{label(np.abs(found - quotients(x)).max())}.",
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
        Grid("p", "p", "softmax(x)", "grad_input", p[None, :, None], line, single),
        Grid("input", "J = diag(p) − p pᵀ", shape, "input", found[None], line, line),
        Grid("kernel", "dx", "a change of x", "kernel", change[None, None], single, line,
             editable=True),
        Grid("output", "dp = J dx", "the change of p", "output", moved[None, :, None], line,
             single),
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
    return ["no number" if np.isnan(n) else label(n) for n in numbers]


def _plain(number):
    """A number with all the digits that a slider can give it."""
    return f"{number:.8g}".replace("-", "−")


def _clean(sums):
    """Rounding is no number of its own."""
    return np.where(np.abs(sums) < 1e-15, 0.0, sums)
