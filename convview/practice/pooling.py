"""Exercises on pooling and its gradient."""

import numpy as np

from convcore import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from convcore import pool_output_size as size
from convview.labels import label
from convview.params import Pooling
from convview.practice.question import Exercise, Question
from convview.practice.rows import exactly, listed, nested, planes, signed, whole
from convview.practice.sizes import FIRST, ROUND_DOWN, SWAPPED, exact
from convview.scenes.pooling.laws import second


def pooled(rng):
    """D4."""
    h, w, k, s = 7, 9, 3, 2
    if rng:
        k, s = int(rng.integers(2, 5)), int(rng.integers(2, 4))
        h, w = (int(m) for m in rng.choice(range(k + 2, 16), 2, replace=False))
    answer = size(h, k, s), size(w, k, s)
    slips = [
        (answer[::-1], SWAPPED),
        ((exact(h, k, s), exact(w, k, s)), ROUND_DOWN),
        ([-(-(n - k) // s) + 1 for n in (h, w)], "rounded up, which is ceil mode: without it a "
                                                 "window that hangs over is left out"),
        ([n - 1 for n in answer], FIRST),
        ((h - k + 1, w - k + 1), f"that is with stride 1; the stride is {s}"),
    ]  # fmt: skip
    if s != k:
        slips.append(((h // k, w // k), f"that is with stride {k}, as large as the window"))
        slips.append(((h // s, w // s), f"that is with windows as large as the stride, {s}"))
    return Question(
        f"Max pooling of {h} × {w} by windows of {k} × {k} with stride {s}. What size comes out?",
        "shape",
        answer,
        slips,
        ("The same steps as those of a kernel.", "1 + floor((n − k) / s) rows from n rows, with "
         "windows of k and stride s; so for the columns."),
        (
            f"Rows: 1 + floor(({h} − {k}) / {s}) = {answer[0]}.",
            f"Columns: 1 + floor(({w} − {k}) / {s}) = {answer[1]}.",
        ),
        Pooling(size=(h, w), kernel_size=(k, k), stride=(s, s)),
    )


def _written_over(x, g):
    """Where each winner keeps what the last of its windows sent it."""
    found = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        a, b = np.unravel_index(x[i : i + 2, j : j + 2].argmax(), (2, 2))
        found[i + a, j + b] = g[i, j]
    return found


def routed(rng):
    """D5."""
    x = np.array([[1.0, 5, 2], [3, 4, 0], [6, 1, 2]])
    g = np.array([[1.0, 2], [3, 4]])
    if rng:
        x = rng.permutation(9).reshape(3, 3).astype(float)
        g = whole(rng, 1, 5, 2, 2)
    answer = max_pool2d_backward(g[None], x[None], 2, 1)[0]
    smallest = max_pool2d_backward(g[None], -x[None], 2, 1)[0]
    spread = avg_pool2d_backward(g[None], x[None], 2, 1)[0]
    everywhere = 4 * spread
    return Question(
        f"Max pooling of x = {listed(x)} by 2 × 2 with stride 1; dL/dy = {listed(g)}. What is "
        "dL/dx?",
        "matrix",
        nested(answer),
        [
            (nested((answer > 0) * 1.0), "that says where, not how much"),
            (nested(np.where(answer > 0, x, 0)), "those are the values: the gradient goes there"),
            (nested(answer * x), "nothing is multiplied by x: the gradient is passed on as it is"),
            (nested(_written_over(x, g)), "what wins in several windows gets the sum of theirs, "
                                          "not the last one"),
            (nested(spread), "that is for average pooling: a quarter to each cell of a window"),
            (nested(everywhere), "only the largest cell of a window gets its gradient, not all"),
            (nested(smallest), "that is for the smallest of each window"),
        ],
        (
            f"The maxima are {listed(max_pool2d(x[None], 2, 1)[0])}: where do they stand?",
            "Each dL/dy goes to the largest of its window; a cell that wins several gets their "
            "sum.",
        ),
        (f"dL/dx = {listed(answer)}. Of equal values the first in row-major order would win.",),
        Pooling(size=(3, 3), kernel_size=(2, 2), stride=(1, 1), x=planes(x), grad_y=planes(g),
                view="backward"),
    )  # fmt: skip


def winners(rng):
    """D5 again: which cells get anything."""
    asked = routed(rng)
    x, got = np.array(asked.params.x[0]), np.array(asked.answer)
    params = asked.params
    smallest = max_pool2d_backward(np.ones((1, 2, 2)), -x[None], 2, 1)[0]
    return Question(
        f"Max pooling of x = {listed(x)} by 2 × 2 with stride 1. Which cells get a gradient from "
        "the outputs? Mark them.",
        "cells",
        (got != 0).astype(int).tolist(),
        [
            ((got == 0).astype(int).tolist(), "those are the cells that get nothing"),
            ((smallest != 0).astype(int).tolist(), "those are the smallest of the windows"),
            ((x == x.max()).astype(int).tolist(), "that is the largest cell of all: each window "
                                                  "has a largest one of its own"),
        ],
        (
            "Of each window only the largest cell gets the gradient.",
            f"The maxima are {listed(max_pool2d(x[None], 2, 1)[0])}; a cell may win in several "
            "windows.",
        ),
        (
            f"With dL/dy = {listed(np.array(params.grad_y[0]))} it is dL/dx = {listed(got)}: 0 "
            "where a cell wins nothing.",
        ),
        params,
        board=tuple(tuple(label(value) for value in row) for row in x),
        why=lambda row, column: "in each window that reads it another cell is larger",
    )  # fmt: skip


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
        f"{name.capitalize()}: x + z gives {exactly(both)}; x and z give {exactly(first)} + "
        f"{signed(then)} = {exactly(first + then)}"
        for name, (both, first, then) in found.items()
    ]
    lesson = (
        "The maximum agrees by chance: x and z are largest in the same cell."
        if "maximum" in linear
        else "Average pooling is linear, a convolution with equal weights; the maximum is not."
    )
    return Question(
        f"x = {listed(x)} and z = {listed(z)}, pooled by 2 × 2. Which pooling gives the same for "
        "x + z as for x and z apart, added up?",
        "choice",
        answer,
        [(at, f"not that one. {'. '.join(lines)}") for at in range(len(options)) if at != answer],
        ("Pool x + z, then x and z alone.", f"x + z = {listed(x + z)}."),
        (*(f"{line}." for line in lines), lesson),
        params,
        options=options,
    )


def averaged(rng):
    """E7."""
    x = np.array([[1.0, 5, 2, 0], [3, 7, 0, 2]])
    if rng:
        x = whole(rng, 0, 9, 2, 4)
    answer = avg_pool2d(x[None], 2)[0, 0]
    most, least = max_pool2d(x[None], 2)[0, 0], -max_pool2d(-x[None], 2)[0, 0]
    sums = [" + ".join(map(label, x[:, at : at + 2].ravel())) for at in (0, 2)]
    return Question(
        f"Average pooling of x = {listed(x)} by 2 × 2, stride 2. What comes out?",
        "row",
        nested(answer),
        [
            (nested(most), "those are the maxima"),
            (nested(least), "those are the minima"),
            (nested(4 * answer), "those are the sums: divide by 4"),
            (nested(2 * answer), "those are the sums divided by 2: a window has 4 numbers"),
            (nested(avg_pool2d(x[None], 2, 1)[0, 0]), "that is with stride 1; the stride is 2"),
            (nested(x.mean(1)), "those are the averages of the rows"),
            (nested(x.mean(0)), "those are the averages of the columns"),
        ],
        ("Two windows, four numbers each.", "The sum of each, divided by 4."),
        (
            *(f"({terms}) / 4 = {label(one)}." for terms, one in zip(sums, answer, strict=True)),
            f"{listed(answer)}. There are no parameters to learn; the maxima are {listed(most)}.",
        ),
        Pooling(size=(2, 4), kernel_size=(2, 2), stride=(2, 2), kind="average", x=planes(x)),
    )


EXERCISES = (
    Exercise("D4", "Size of a pooling", "Pooling", 1, pooled),
    Exercise("D5", "Back through max pooling", "Pooling", 2, routed),
    Exercise("D5, where", "Who gets a gradient", "Pooling", 1, winners),
    Exercise("E7", "Average pooling", "Pooling", 1, averaged),
    Exercise("E7, linear", "A linear pooling", "Pooling", 2, additive),
)  # fmt: skip
