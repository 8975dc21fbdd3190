"""Exercises on pooling and its gradient."""

import numpy as np

from convcore import avg_pool2d, max_pool2d, max_pool2d_backward, pool_output_size
from convview.labels import label
from convview.params import Pooling
from convview.practice.question import Exercise, Question
from convview.practice.rows import listed, nested, planes, whole
from convview.scenes.pooling.laws import second


def pooled(rng):
    """D4."""
    h, w, k, s = 7, 9, 3, 2
    if rng:
        k, s = int(rng.integers(2, 5)), int(rng.integers(2, 4))
        h, w = (int(m) for m in rng.choice(range(k + 2, 16), 2, replace=False))
    answer = pool_output_size(h, k, s), pool_output_size(w, k, s)
    return Question(
        f"Max pooling of {h} × {w} by windows of {k} × {k} with stride {s}. What size comes out?",
        "shape",
        answer,
        [
            (answer[::-1], "Rows and columns are swapped: rows come first."),
            ((h // k, w // k), "That is with a stride as large as the window."),
            (((h - k) / s + 1, (w - k) / s + 1), "Not rounded down."),
        ],
        ("The same steps as those of a kernel.", "1 + floor((H − h) / s), and so for W."),
        (
            f"1 + floor(({h} − {k}) / {s}) = {answer[0]} rows, "
            f"1 + floor(({w} − {k}) / {s}) = {answer[1]} columns.",
        ),
        Pooling(size=(h, w), kernel_size=(k, k), stride=(s, s)),
    )


def routed(rng):
    """D5."""
    x = np.array([[1.0, 5, 2], [3, 4, 0], [6, 1, 2]])
    g = np.array([[1.0, 2], [3, 4]])
    if rng:
        x = rng.permutation(9).reshape(3, 3).astype(float)
        g = whole(rng, 1, 5, 2, 2)
    answer = max_pool2d_backward(g[None], x[None], 2, 1)[0]
    return Question(
        f"Max pooling of {listed(x)} by 2 × 2 with stride 1; dL/dy = {listed(g)}. What is dL/dx?",
        "matrix",
        nested(answer),
        [
            (nested((answer > 0) * 1.0), "That says where, not how much."),
            (nested(np.where(answer > 0, x, 0)), "The gradient goes there, not the value."),
        ],
        (
            f"The maxima are {listed(max_pool2d(x[None], 2, 1)[0])}: where do they stand?",
            "Each dL/dy goes to the largest of its window; one that won twice gets both.",
        ),
        (f"{listed(answer)}. Of equal values the first in row-major order would win.",),
        Pooling(size=(3, 3), kernel_size=(2, 2), stride=(1, 1), x=planes(x), grad_y=planes(g),
                view="backward"),
    )  # fmt: skip


def winners(rng):
    """D5 again: which cells get anything."""
    asked = routed(rng)
    x, got = np.array(asked.params.x[0]), np.array(asked.answer)
    params = asked.params
    return Question(
        f"Max pooling of {listed(x)} by 2 × 2 with stride 1. Which cells get a gradient from the "
        "outputs? Mark them.",
        "cells",
        (got != 0).astype(int).tolist(),
        [((got == 0).astype(int).tolist(), "Those are the cells that get nothing.")],
        (
            "Only the largest of a window passes its gradient on.",
            f"The maxima are {listed(max_pool2d(x[None], 2, 1)[0])}; one cell may win twice.",
        ),
        (
            f"With dL/dy = {listed(np.array(params.grad_y[0]))} it is dL/dx = {listed(got)}: 0 "
            "where a cell wins nothing.",
        ),
        params,
        board=tuple(tuple(label(value) for value in row) for row in x),
        why=lambda row, column: "in each window that reads it another cell is larger",
    )


def additive(rng):
    """E7 again: which of the two is linear."""
    x, seed = np.array([[1.0, 5], [3, 7]]), 1
    if rng:
        x, seed = whole(rng, 0, 9, 2, 2), int(rng.integers(1, 9999))
    params = Pooling(
        size=(2, 2), kernel_size=(2, 2), stride=(2, 2), view="linear", x=planes(x), seed=seed
    )
    z = second(params, (1, 2, 2))[0]
    pools = {"average": avg_pool2d, "maximum": max_pool2d}
    found = {
        name: [pool(one[None], 2).item() for one in (x + z, x, z)] for name, pool in pools.items()
    }
    linear = [name for name, (both, first, then) in found.items() if np.isclose(both, first + then)]
    options = ("The average alone", "The maximum alone", "Both", "Neither")
    answer = {("average",): 0, ("maximum",): 1, tuple(pools): 2, (): 3}[tuple(linear)]
    lines = [
        "{}: {} together; apart {} and {}.".format(name.capitalize(), *map(label, numbers))
        for name, numbers in found.items()
    ]
    lesson = (
        "The maximum agrees by chance: x and z are largest in one cell."
        if "maximum" in linear
        else "Average pooling is linear, a convolution with equal weights; the maximum is not."
    )
    return Question(
        f"x = {listed(x)} and z = {listed(z)}, pooled by 2 × 2. Which pooling gives the same for "
        "x + z as for x and z apart, added up?",
        "choice",
        answer,
        [(at, " ".join(lines)) for at in range(len(options)) if at != answer],
        ("Pool x + z, then x and z alone.", f"x + z = {listed(x + z)}."),
        (*lines, lesson),
        params,
        options=options,
    )


def averaged(rng):
    """E7."""
    x = np.array([[1.0, 5, 2, 0], [3, 7, 0, 2]])
    if rng:
        x = whole(rng, 0, 9, 2, 4)
    answer = avg_pool2d(x[None], 2)[0]
    most = max_pool2d(x[None], 2)[0]
    return Question(
        f"Average pooling of {listed(x)} by 2 × 2, stride 2. What comes out?",
        "row",
        nested(answer[0]),
        [
            (nested(most[0]), "Those are the maxima."),
            (nested(4 * answer[0]), "Those are the sums: divide by 4."),
        ],
        ("Two windows, four numbers each.", "The sum of each, divided by 4."),
        (
            f"{listed(answer[0])}. There are no parameters to learn; the maxima are "
            f"{listed(most[0])}.",
        ),
        Pooling(size=(2, 4), kernel_size=(2, 2), stride=(2, 2), kind="average", x=planes(x)),
    )


EXERCISES = (
    Exercise("D4", "Size of a pooling", "Pooling", 1, pooled),
    Exercise("D5", "Back through max pooling", "Pooling", 2, routed),
    Exercise("D5, where", "Who gets a gradient", "Pooling", 1, winners),
    Exercise("E7", "Average pooling", "Pooling", 1, averaged),
    Exercise("E7, linear", "Which pooling is linear", "Pooling", 2, additive),
)  # fmt: skip
