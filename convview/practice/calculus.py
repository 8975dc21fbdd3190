"""Exercises on slopes and softmax."""

from fractions import Fraction

import numpy as np

from convcore import relu, sigmoid, softmax, softmax_jacobian
from convview.labels import label
from convview.params import Calculus
from convview.practice.question import Exercise, Question
from convview.practice.rows import listed


def quotient(rng):
    """B1."""
    at, halvings = 0.5, 0
    if rng:
        halvings = int(rng.integers(0, 2))
        at = round(float(rng.choice([-1, 1]) * rng.integers(1, 9 - 4 * halvings) / 10), 1)
    step = 0.5**halvings
    side = -1 if at > 0 else 1
    answer = float((relu(at + side * step) - relu(at)) / (side * step))
    name = "left" if side < 0 else "right"
    return Question(
        f"ReLU at x = {label(at)}: what is the difference quotient from the {name} with ε = "
        f"{label(step)}?",
        "number",
        answer,
        [
            (float(at > 0), "That is the limit; with this ε the kink at 0 lies in between."),
            (-answer, "Divide by how far you went, with its sign."),
        ],
        (
            f"ReLU({label(at)}) = {label(relu(at))}, ReLU({label(at + side * step)}) = "
            f"{label(relu(at + side * step))}.",
            f"The difference of these two, divided by {label(step)}.",
        ),
        (
            f"{label(abs(float(relu(at + side * step) - relu(at))))} / {label(step)} = "
            f"{label(answer)}. With ε smaller than {label(abs(at))} it is H({label(at)}) = "
            f"{label(float(at > 0))}.",
        ),
        Calculus(at=at, halvings=halvings),
    )


def ramp(rng):
    """B2."""
    at = 1.5 if rng is None else round(float(rng.integers(2, 20)) / 10, 1)
    low = -1.0 if rng is None else -float(rng.integers(1, 9))
    return Question(
        f"What is the integral of H(t) for t from {label(low)} to {label(at)}?",
        "number",
        float(relu(at)),
        [
            (at - low, "H is 0 left of 0, so nothing is added there."),
            (1.0, "That is H itself; the area under it grows with x."),
        ],
        ("Where is H 0, where is it 1?", f"A rectangle of height 1 from 0 to {label(at)}."),
        (f"{label(at)} · H({label(at)}) = ReLU({label(at)}) = {label(at)}.",),
        Calculus(view="rebuilt"),
    )


def steep(rng):
    """B3."""
    band, k = 0.5, 4
    if rng:
        band, k = round(float(rng.integers(1, 11)) / 10, 1), int(rng.integers(2, 9))
    answer = float(sigmoid(-k * band))
    return Question(
        f"sigmoid({k}x) beside the step H(x): how large is the largest difference outside "
        f"|x| < {label(band)}? (three significant digits)",
        "number",
        answer,
        [
            (0.5, "That is the difference at 0, which the band leaves out."),
            (1 - answer, "That is the value of the sigmoid there, not how far it is from 1."),
        ],
        ("The difference falls with |x|, so look at the edge of the band.",
         f"1 − sigmoid({k} · {label(band)})."),
        (f"sigmoid(−{k} · {label(band)}) = 1 / (1 + exp({label(k * band)})) = {label(answer)}.",),
        Calculus(view="limit", k=k, band=band),
    )  # fmt: skip


def _parts(rng, count):
    """Whole numbers, not all alike, whose logarithms make a softmax of fractions."""
    while True:
        parts = [int(n) for n in rng.integers(1, 7, count)]
        if len(set(parts)) > 1:
            return parts


def moved(rng):
    """B4."""
    parts, c = ([1, 2, 5], 100) if rng is None else (_parts(rng, 3), int(rng.integers(5, 900)))
    x = np.log(parts)
    answer = softmax(x + c)
    shown = ", ".join(f"ln {n}" for n in parts)
    return Question(
        f"x = ({shown}). What is softmax(x + {c})? Fractions are welcome.",
        "row",
        answer.tolist(),
        [(parts, "Those are the powers: divide by their sum."),
         ((1 / 3, 1 / 3, 1 / 3), f"{c} is added to each alike, but they differ among each other.")],
        (f"exp({c}) is in the numerator and in the denominator.",
         f"So it is softmax(x), and exp(ln {parts[0]}) = {parts[0]}."),
        (", ".join(str(Fraction(n, sum(parts))) for n in parts)
         + f". Implementations take max(x) away first, so that exp({c}) is never computed.",),
        Calculus(view="shift", x=tuple(np.round(x, 4).tolist()), shift=c),
    )  # fmt: skip


def difference(rng):
    """B5."""
    a, b = (3, 1) if rng is None else (int(n) for n in rng.choice(range(-5, 6), 2, replace=False))
    return Question(
        f"softmax([{a}, {b}]) = [sigmoid(z), 1 − sigmoid(z)]. What is z?".replace("-", "−"),
        "number",
        a - b,
        [(b - a, "The other way round: that is the z of the second class."),
         (a, "The second number counts too."), (a + b, "A difference, not a sum.")],
        ("Divide numerator and denominator by the first power.", "z = x[0] − x[1]."),
        (f"z = {label(a)} − ({label(b)}) = {label(a - b)}.",),
        Calculus(view="pair", x=(float(a), float(b))),
    )  # fmt: skip


def fewer(rng):
    """B6."""
    x = [2, 5, 1] if rng is None else [int(n) for n in rng.choice(range(-4, 7), 3, replace=False)]
    answer = [n - x[0] for n in x]
    return Question(
        f"softmax({listed(x)}) = softmax of three numbers whose first is 0. Which are they?",
        "row",
        answer,
        [([0, *x[1:]], "The others have to move with the first."),
         ([-n for n in answer], "With the other sign: x[k] − x[0].")],
        ("Adding the same to all of x changes nothing.", f"Add {label(-x[0])} to each."),
        (f"{listed(answer)}: K classes need K − 1 parameters.",),
        Calculus(view="pair", x=tuple(map(float, x))),
    )  # fmt: skip


def entry(rng):
    """B7."""
    parts, (i, k) = ([1, 2, 5], (0, 1)) if rng is None else (_parts(rng, 3), rng.integers(0, 3, 2))
    p = [Fraction(n, sum(parts)) for n in parts]
    answer = float(softmax_jacobian(np.log(parts))[i, k])
    shown = ", ".join(map(str, p))
    other = float(p[i] * p[k])
    slips = [(other, "With a minus sign: what one class gains the others lose.")]
    if i == k:
        slips = [(-other, "On the diagonal it is p (1 − p)."), (other, "p (1 − p), not p · p.")]
    return Question(
        f"p = softmax(x) = ({shown}). What is the entry [{i}, {k}] of its Jacobian dp/dx? A "
        "fraction is welcome.",
        "number",
        answer,
        slips,
        ("J = diag(p) − p pᵀ.", f"J[{i}, {k}] = p[{i}] · ({int(i == k)} − p[{k}])."),
        (f"{p[i]} · ({int(i == k)} − {p[k]}) = {p[i] * (int(i == k) - p[k])}.".replace("-", "−"),),
        Calculus(view="jacobian", x=tuple(np.round(np.log(parts), 4).tolist())),
    )


EXERCISES = (
    Exercise("B1", "A difference quotient", "Calculus", 1, quotient),
    Exercise("B2", "The integral of the step", "Calculus", 1, ramp),
    Exercise("B3", "How close the sigmoid is", "Calculus", 2, steep),
    Exercise("B4", "Softmax, shifted", "Calculus", 2, moved),
    Exercise("B5", "Two classes", "Calculus", 1, difference),
    Exercise("B6", "One number too many", "Calculus", 1, fewer),
    Exercise("B7", "An entry of the Jacobian", "Calculus", 2, entry),
)  # fmt: skip
