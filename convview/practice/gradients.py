"""Exercises on the gradients of a convolution."""

import numpy as np

from convcore import conv1d_backward, conv2d, conv2d_backward, correlate1d, coverage
from convview.labels import label
from convview.params import Gradients
from convview.practice.question import Exercise, Question
from convview.practice.rows import DENSE, listed, nested, planes, uneven, whole


def _row_layer(n, w, g, full):
    """A 1-D layer of one filter over n cells, and the gradient g of its outputs."""
    return Gradients(
        **DENSE | {"padding": "full" if full else DENSE["padding"]},
        size=(1, n), kernel_size=(1, len(w)), weight=planes(w[None]), grad_y=planes(g[None]),
    )  # fmt: skip


def _through(layer):
    """B13 and B15: the gradient of the layer before."""
    full = layer == "full"

    def draw(rng):
        w, n = np.array([1.0, 2.0, 3.0]), 5
        g = np.array([1.0, 0.0, 2.0]) if not full else np.array([1.0, 0, 2, 1, 0, 0, 1])
        if rng:
            w, n = uneven(rng, -2, 4, 3), int(rng.integers(4, 6))
            g = whole(rng, -1, 3, n + 2 if full else n - 2)
        pad = 2 if full else 0
        x = np.zeros((1, n))
        answer = conv1d_backward(g[None], x, w[None, None], 1, pad).x[0]
        no_flip = conv1d_backward(g[None], x, w[None, None, ::-1], 1, pad).x[0]
        way = "valid" if full else "full"
        return Question(
            f"A {layer} 1-D layer (correlation with w2 = {listed(w)}) made a2 from {n} numbers h1. "
            f"dL/da2 = {listed(g)}. What is dL/dh1?",
            "row",
            nested(answer),
            [
                (nested(no_flip), "The kernel has to be flipped."),
                (nested(g), "That is dL/da2 itself."),
            ],
            (
                f"It has the shape of h1: {n} numbers.",
                f"A {way} correlation of dL/da2 with flip(w2) = {listed(w[::-1])}.",
            ),
            (
                f"Each h1[n] went into a2[i] with w2[n − i{' + 2' if full else ''}]; summed up, a "
                f"{way} correlation with {listed(w[::-1])}: {listed(answer)}.",
            ),
            _row_layer(n, w, g, full),
        )  # fmt: skip

    return draw


def _gradient(of, stride=1):
    """C5, C6, D3, E3, E4: the gradients of a small layer."""

    def draw(rng):
        x = np.array([[1.0, 2, 0], [0, 1, 3], [2, 1, 1]])
        w = np.array([[1.0, 2], [3, 4]])
        s, n = stride, 3
        if stride > 1:
            n = 5
            x = np.arange(25.0).reshape(5, 5) % 4
        g = np.array([[1.0, 0], [2, 1]])
        if rng:
            x, w, g = whole(rng, 0, 4, n, n), whole(rng, -2, 3, 2, 2), whole(rng, -1, 2, 2, 2)
            if (w == w[::-1, ::-1]).all():
                w[0, 0] += 1
        found = conv2d_backward(g[None, None], x[None, None], w[None, None], s)
        answer = (found.weight if of == "w" else found.x)[0, 0]
        if of == "w":
            given = f"x = {listed(x)} and dL/dy = {listed(g)}"
            slips = [
                (nested(conv2d(x[None], g[None, None])[0]), "That is with stride 1.")
            ] if s > 1 else [
                (nested(answer[::-1, ::-1]), "Turned by 180 degrees: nothing is flipped here."),
            ]  # fmt: skip
            hints = (
                "dL/dw has the shape of w: 2 × 2.",
                f"dL/dw[u, v] = sum over i, j of g[i, j] x[{_times_s(s)}i + u, {_times_s(s)}j + "
                "v].",
            )
            rows, cols = (slice(0, (2 - 1) * s + 1, s) for _ in range(2))
            seen = x[rows, cols]
            terms = " + ".join(
                f"{label(g[i, j])}·{label(seen[i, j])}" for i in range(2) for j in range(2)
            )
            done = (f"dL/dw[0, 0] = {terms} = {label(answer[0, 0])}.", f"All: {listed(answer)}.")
        else:
            given = f"w = {listed(w)} and dL/dy = {listed(g)}"
            straight = conv2d_backward(g[None, None], x[None, None], w[None, None, ::-1, ::-1], s)
            slips = [(nested(straight.x[0, 0]), "The kernel has to be rotated by 180 degrees.")]
            hints = (
                f"dL/dx has the shape of x: {n} × {n}.",
                "Each dL/dy[i, j] stamps w, times itself, onto the window it came from.",
            )
            rotated = listed(w[::-1, ::-1])
            done = (
                f"dL/dy padded by 1, correlated with the rotated kernel {rotated}: "
                f"{listed(answer)}."
                if s == 1
                else f"The stamps, {s} cells apart: {listed(answer)}. What no window read gets 0.",
            )
        return Question(
            f"A layer correlates a {n} × {n} input x with a 2 × 2 kernel w, stride {s}, no "
            f"padding. {given}. What is dL/d{of}?",
            "matrix",
            nested(answer),
            slips,
            hints,
            done,
            Gradients(**DENSE | {"stride": (s, s)}, size=(n, n), kernel_size=(2, 2), x=planes(x),
                      weight=planes(w), grad_y=planes(g),
                      view="weight" if of == "w" else "input"),
        )  # fmt: skip

    return draw


def _times_s(s):
    return "" if s == 1 else f"{s}·"


def bias(rng):
    """E2."""
    g = np.array([[[1.0, 2], [0, -1]], [[3.0, 0], [1, 1]]])
    if rng:
        g = whole(rng, -2, 4, 2, 2, 2)
    answer = conv2d_backward(g[:, None], np.zeros((2, 1, 3, 3)), np.zeros((1, 1, 2, 2))).bias
    return Question(
        f"A batch of two pictures, one filter. dL/dy is {listed(g[0])} for the first and "
        f"{listed(g[1])} for the second. What is dL/db?",
        "number",
        float(answer[0]),
        [
            (float(g[0].sum()), "That is the first picture alone: the batch adds up."),
            (float(g.mean()), "A sum, not a mean."),
        ],
        ("The bias goes into every output with the factor 1.", "Sum over n, h and w."),
        (
            f"{label(g[0].sum())} + {label(g[1].sum())} = {label(answer[0])}.",
            "The page has both, one above the other, as one picture.",
        ),
        Gradients(
            **DENSE, view="weight", size=(5, 3), kernel_size=(2, 2), grad_y=planes(g.reshape(4, 2))
        ),
    )


def leftover(rng):
    """E4."""
    n, k, s = 9, 3, 3
    n = 8
    if rng:
        k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        n = k + s * int(rng.integers(1, 3)) + int(rng.integers(1, s))
    answer = int((coverage((n, n), k, s) == 0).all(1).sum())
    return Question(
        f"An input of {n} × {n}, a kernel of {k} × {k}, stride {s}, no padding. How many rows "
        "of dL/dx are 0, whatever dL/dy is?",
        "number",
        answer,
        [(answer + 1, "One too many."), (0, "The size does not divide: something is left over.")],
        ("Which rows does no window read?", f"({n} − {k}) mod {s}."),
        (f"({n} − {k}) mod {s} = {answer}: rows that no window reads get gradient 0.",),
        Gradients(**DENSE | {"stride": (s, s)}, size=(n, n), kernel_size=(k, k)),
    )


def back_through(rng):
    """B13 and B15 again: which correlation it is."""
    w, n, pad = np.array([1.0, 2.0, 3.0]), 5, 2
    if rng:
        w, n, pad = uneven(rng, -2, 4, 3), int(rng.integers(5, 8)), int(rng.integers(0, 2)) * 2
    g = np.arange(1.0, n + 2 * pad - 1)
    layer = "full" if pad else "valid"
    right = conv1d_backward(g[None], np.zeros((1, n)), w[None, None], 1, pad).x[0]
    ways = [(mode, turned) for mode in ("valid", "full") for turned in (False, True)]
    found = [correlate1d(g, w[::-1] if turned else w, mode) for mode, turned in ways]
    answer = [len(one) == n and np.allclose(one, right) for one in found].index(True)
    return Question(
        f"A {layer} 1-D layer (correlation with w2 = {listed(w)}) made a2 from {n} numbers h1. "
        "What of g = dL/da2 is dL/dh1?",
        "choice",
        answer,
        [
            (at, f"That has {len(one)} numbers; h1 has {n}." if len(one) != n
             else "The right size, but the kernel has to be flipped.")
            for at, one in enumerate(found) if at != answer
        ],
        (
            f"g has {len(g)} numbers, dL/dh1 has {n}.",
            "Each h1[n] went into a2[i] with the tap n − i: the index of g has the minus sign.",
        ),
        (
            f"{_way(*ways[answer])}: from {len(g)} numbers to {n}, as {listed(right)} from "
            f"g = {listed(g)}.",
        ),
        _row_layer(n, w, g, full=bool(pad)),
        options=tuple(_way(*way) for way in ways),
    )  # fmt: skip


def _way(mode, turned):
    return f"A {mode} correlation of g with {'flip(w2)' if turned else 'w2 as it is'}"


EXERCISES = (
    Exercise("B13", "Back through a valid layer", "Gradients", 3, _through("valid")),
    Exercise("B15", "Back through a full layer", "Gradients", 3, _through("full"),
             "the symbol of the full correlation: through a full layer it is a valid one"),
    Exercise("C5", "The gradient of the kernel", "Gradients", 2, _gradient("w")),
    Exercise("C6", "The gradient of the input", "Gradients", 3, _gradient("x")),
    Exercise("D3", "The kernel's gradient with a stride", "Gradients", 3, _gradient("w", 3)),
    Exercise("B15, which", "Which correlation goes back", "Gradients", 3, back_through,
             "the symbol of the full correlation: through a full layer it is a valid one"),
    Exercise("E2", "The gradient of the bias", "Gradients", 1, bias),
    Exercise("E3", "The gradient of a filter", "Gradients", 2, _gradient("w", 2)),
    Exercise("E4", "Rows that get no gradient", "Gradients", 2, leftover),
)  # fmt: skip
