"""Exercises on slopes and softmax."""

from fractions import Fraction

import numpy as np

from convcore import relu, sigmoid, softmax, softmax_jacobian
from convview.labels import equals, label
from convview.params import Calculus
from convview.practice.question import PERCENT, Exercise, Question
from convview.practice.rows import listed, signed


def quotient(rng):
    """B1."""
    at, halvings = 0.5, 0
    if rng:
        halvings = int(rng.integers(0, 2))
        at = round(float(rng.choice([-1, 1]) * rng.integers(1, 9 - 4 * halvings) / 10), 1)
    step = 0.5**halvings
    side = -1 if at > 0 else 1
    there = round(at + side * step, 1)
    change = round(abs(float(relu(there) - relu(at))), 1)
    answer = change / step
    other_way = float(relu(at + step) - relu(at - step)) / (2 * step)
    name = "left" if side < 0 else "right"
    undivided = (
        (change, f"that is the difference; divide it by {label(step)}"),
        (change * step, f"that is multiplied by {label(step)}: divide by it"),
    )
    return Question(
        f"ReLU at x = {label(at)}: what is the difference quotient from the {name} with ε = "
        f"{label(step)}?",
        "number",
        answer,
        [
            (
                float(at > 0),
                f"that is the slope at {label(at)}; with this ε the kink at 0 lies in between",
            ),
            (float(at < 0), "that is the slope on the other side of the kink at 0"),
            (-answer, "divide by how far you went, with its sign"),
            *(undivided if step < 1 else ()),
            (other_way, "that is to both sides: from x − ε to x + ε, divided by 2 ε"),
            (1 - answer, "that is the part of ε on the other side of 0"),
        ],
        (
            f"ReLU({label(at)}) {equals(relu(at))}, ReLU({label(there)}) {equals(relu(there))}.",
            f"The difference of these two, divided by {label(step)}.",
        ),
        (
            f"{label(change)} / {label(step)} {equals(answer)}. With ε smaller than "
            f"{label(abs(at))} it is H({label(at)}) = {label(float(at > 0))}.",
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
            (at - low, "H is 0 left of 0, so nothing is added there"),
            (-low, "that is the part left of 0, where H is 0"),
            (at + low, "H is 0 left of 0, so nothing is taken away there"),
            (1.0, "that is H itself; the area under it grows with x"),
            (at * at / 2, "that is the integral of ReLU; the one of H is ReLU"),
            (0.0, f"H is 1 right of 0, up to {label(at)}"),
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
            (100 * answer, PERCENT),
            (0.5, "that is the difference at 0, which the band leaves out"),
            (1 - answer, "that is the value of the sigmoid there, not how far it is from 1"),
            (float(sigmoid(-k)), f"that is the difference at 1; the band ends at {label(band)}"),
            (float(sigmoid(-band)), f"that is without the {k}: sigmoid({k}x)"),
            (float(np.exp(-k * band)), f"that is exp(−{k} · {label(band)}): divide by 1 plus it"),
        ],
        ("The difference falls with |x|, so look at the edge of the band.",
         f"1 − sigmoid({k} · {label(band)})."),
        (f"sigmoid(−{k} · {label(band)}) = 1 / (1 + exp({label(k * band)})) {equals(answer)}.",),
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
    total = sum(parts)
    slips = [
        ((100 * answer).tolist(), PERCENT),
        (parts, f"those are exp(x): divide by their sum, {total}"),
        ((1 / 3, 1 / 3, 1 / 3), f"{c} is added to each alike, but they differ among each other"),
        (x.tolist(), "those are the logarithms, x itself"),
        ((x / x.sum()).tolist(), "exp comes first: those are the logarithms divided by their sum"),
        (softmax(-x).tolist(), "that is softmax(−x)"),
        ((answer + c).tolist(), f"nothing is added to the result: softmax(x + {c}) is not "
                                f"softmax(x) + {c}"),
        ([(n + c) / (total + 3 * c) for n in parts], f"{c} is added to the logarithms: it "
                                                     "multiplies exp(x), it is not added to it"),
    ]  # fmt: skip
    if parts.count(max(parts)) == 1:
        only = [float(n == max(parts)) for n in parts]
        slips.append((only, "that is the arg max alone: softmax gives the others a part too"))
    shown = ", ".join(f"ln {n}" for n in parts)
    return Question(
        f"x = ({shown}). What is softmax(x + {c})? Fractions are welcome.",
        "row",
        answer.tolist(),
        slips,
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
        [
            (b - a, "the other way round: that is the z of the second class"),
            (a, "that is x[0]: the second number counts too"),
            (b, "that is x[1]: the first number counts too"),
            (a + b, "a difference, not a sum"),
            (a / b if b else a, "a difference, not a quotient: softmax divides the powers"),
            (float(sigmoid(a - b)), "that is sigmoid(z), the first probability; z goes into it"),
            (float(np.exp(a - b)), "that is exp(z), the quotient of the probabilities"),
        ],
        ("Call the two numbers x[0] and x[1]; divide numerator and denominator by exp(x[0]).",
         "z = x[0] − x[1]."),
        (f"z = {label(a)} − {signed(b)} = {label(a - b)}.",),
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
        [
            ([0, *x[1:]], "the others have to move with the first"),
            ([-n for n in answer], "with the other sign: x[k] − x[0]"),
            ([0, *(n + x[0] for n in x[1:])], "the first is taken away from the others, not added"),
            ([n - max(x) for n in x], "that is with the largest moved to 0: it is the first"),
            ([n - x[2] for n in x], "that is with the last moved to 0: it is the first"),
            (answer[1:], "those are the other two: the 0 is the first of the three"),
            ([n / x[0] if x[0] else n for n in x], "differences count, not quotients"),
            (softmax(np.array(x, float)).tolist(), "those are the probabilities"),
        ],
        ("Adding the same to all three changes nothing.", f"Add {label(-x[0])} to each."),
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
    diagonal = [float(q * (1 - q)) for q in (p[i], p[k])]
    slips = [
        (100 * answer, PERCENT),
        (float(p[i]), f"that is p[{i}] itself"),
        (float(p[k]), f"that is p[{k}] itself"),
        (-answer, "with the other sign: a class gains by its own x, and loses by another's"),
    ]
    if i == k:
        slips += [
            (-other, "on the diagonal it is p (1 − p)"),
            (other, "on the diagonal p[i] is multiplied by 1 − p[i], not by p[i]"),
            (float(1 - p[i]), f"that is 1 − p[{i}]: it is multiplied by p[{i}]"),
        ]
    else:
        slips += [
            (diagonal[0], f"that is p (1 − p), the entry [{i}, {i}] on the diagonal"),
            (diagonal[1], f"that is p (1 − p), the entry [{k}, {k}] on the diagonal"),
            (float(p[i] * (1 - p[k])), "off the diagonal there is no 1: it is − p[i] p[k]"),
            (float(-p[k] * (1 - p[i])), "off the diagonal there is no 1: it is − p[i] p[k]"),
            (0.0, "no entry is 0: the sum below the fraction holds all of x"),
        ]
    return Question(
        f"p = softmax(x) = ({shown}). What is the entry [{i}, {k}] of its Jacobian dp/dx? A "
        "fraction is welcome.",
        "number",
        answer,
        slips,
        ("The Jacobian is J = diag(p) − p pᵀ.",
         f"J[{i}, {k}] = p[{i}] · ({int(i == k)} − p[{k}])."),
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
