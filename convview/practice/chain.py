"""Exercises on the chain rule: in which order the Jacobians are multiplied."""

import numpy as np

from convcore import forward_accumulation, reverse_accumulation
from convview.params import Calculus
from convview.practice.question import Exercise, Question


def _sizes(rng):
    if rng is None:
        return 4, 3, 5, 2
    return tuple(int(n) for n in rng.choice(range(2, 12), 4, replace=False))


def half_way(rng):
    """B8."""
    l, m, n, o = _sizes(rng)  # noqa: E741
    chain = [np.ones(shape) for shape in ((m, l), (n, m), (o, n))]
    answer = reverse_accumulation(chain).partial[1].shape
    return Question(
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R^{o}. Reverse accumulation multiplies "
        "two Jacobians first. What shape is that product?",
        "shape",
        answer,
        [
            ((n, l), "that is J_g J_f, the first product of forward accumulation"),
            ((m, o), "rows and columns are swapped: a row for each output"),
            ((o, l), "that is the whole Jacobian"),
            ((l, o), "that is the whole Jacobian, with rows and columns swapped"),
            ((n, m), "that is J_g alone"),
            ((o, n), "that is J_h alone"),
            ((m, l), "that is J_f alone"),
            ((l, n), "that is J_g J_f, with rows and columns swapped"),
        ],
        ("Call the Jacobians J_f, J_g, J_h; J_g has a row for each number that comes out of g: it "
         f"is {n} × {m}.", "Reverse begins at the end: J_h J_g."),
        (f"J_h is {o} × {n}, J_g is {n} × {m}: J_h J_g is {o} × {m}.",),
        Calculus(view="chain", l=l, m=m, n=n, o=o),
    )  # fmt: skip


def price(rng):
    """B9."""
    l, m, n, o = (64, 32, 16, 1) if rng is None else (*_sizes(rng)[:3], 1)  # noqa: E741
    chain = [np.ones(shape) for shape in ((m, l), (n, m), (o, n))]
    answer = reverse_accumulation(chain).multiplications
    other = forward_accumulation(chain).multiplications
    return Question(
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R. How many multiplications does reverse "
        "accumulation take for the Jacobian of h(g(f(x)))?",
        "number",
        answer,
        [
            (other, "that is forward accumulation"),
            (n * m, "that is the first product alone"),
            (m * l, "that is the second product alone"),
            (l * m * n, "that is the product J_g J_f, the first of forward accumulation, alone"),
            (l * m + m * n + n, "that is how many numbers the three Jacobians hold"),
            (n * m * m * l, "the two products are added, not multiplied"),
        ],
        (
            "A row times a matrix, twice.",
            "With l, m, n for these three sizes, and o = 1 for the one output: o m n + o m l.",
        ),
        (
            f"1 · {m} · {n} + 1 · {m} · {l} = {answer:,}.",
            f"Forward takes {l} · {m} · {n} + {l} · {n} · 1 = {other:,}.",
        ),
        Calculus(view="chain", l=l, m=m, n=n, o=o),
    )


def cheaper(rng):
    """B9 again: which order."""
    l, m, n, o = _sizes(rng)  # noqa: E741
    chain = [np.ones(shape) for shape in ((m, l), (n, m), (o, n))]
    ways = {"Forward": forward_accumulation(chain), "Reverse": reverse_accumulation(chain)}
    costs = [way.multiplications for way in ways.values()]
    if rng and costs[0] == costs[1]:
        return cheaper(rng)
    answer = int(np.argmin(costs))
    return Question(
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R^{o}. Which order takes fewer "
        "multiplications for the Jacobian of h(g(f(x)))?",
        "choice",
        answer,
        [(1 - answer, f"forward takes {costs[0]:,} multiplications, reverse {costs[1]:,}")],
        ("With l, m, n, o for these four sizes: forward l m n + l n o, reverse o m n + o m l.",
         f"The first product of forward has {l} columns, that of reverse {o} rows."),
        (f"Forward: {l} · {m} · {n} + {l} · {n} · {o} = {costs[0]:,}.",
         f"Reverse: {o} · {m} · {n} + {o} · {m} · {l} = {costs[1]:,}.",
         "With one output and many inputs, as in the loss of a network, it is reverse as a rule: "
         "backpropagation."),
        Calculus(view="chain", l=l, m=m, n=n, o=o),
        options=tuple(ways),
    )  # fmt: skip


EXERCISES = (
    Exercise("B8", "The first product", "Calculus", 2, half_way),
    Exercise("B9", "The price of reverse", "Calculus", 2, price),
    Exercise("B9, which", "Forward or reverse", "Calculus", 2, cheaper),
)  # fmt: skip
