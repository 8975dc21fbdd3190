"""Exercises that ask for the numbers of a convolution, a pooling, or their gradients."""

import numpy as np

from convcore import (
    avg_pool2d,
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    convolve1d,
    correlate1d,
    coverage,
    max_pool2d,
    max_pool2d_backward,
)
from convview.labels import label
from convview.params import Gradients, Pooling, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import DENSE, TWO_CHANNELS, listed, planes
from convview.scenes.pooling.laws import second


def _whole(rng, low, high, *shape):
    """Whole numbers, not all alike."""
    while True:
        numbers = rng.integers(low, high + 1, shape).astype(float)
        if numbers.size == 1 or np.ptp(numbers) > 0:
            return numbers


def _uneven(rng, low, high, k):
    """A row that is not its own mirror image."""
    while True:
        row = _whole(rng, low, high, k)
        if (row != row[::-1]).any():
            return row


def _nested(array):
    return array.tolist()


def learned(rng):
    """A4."""
    w = np.array([1.0, 2.0, 3.0]) if rng is None else _uneven(rng, -4, 5, int(rng.integers(3, 5)))
    return Question(
        f"A layer that convolves has learnt the kernel {listed(w)}. A layer that cross-correlates "
        "is to compute the same outputs. Which kernel does it learn?",
        "row",
        _nested(w[::-1]),
        [
            (_nested(w), "That is the same kernel: only a symmetric one hides the difference."),
            (_nested(-w), "The index changes its sign, not the numbers."),
        ],
        (
            "Convolution: y[i] = sum of w[k] x[i − k]; correlation: x[i + k].",
            "The one is the other with the kernel turned round.",
        ),
        (
            f"{listed(w[::-1])}, the kernel turned round. The output is the same function, so a "
            "network does not care which of the two its library computes.",
        ),
        Slide(size=(1, 7), kernel_size=(1, len(w)), weight=(planes(w[None])),
              operation="convolution"),
    )  # fmt: skip


def two_channels(rng):
    """A5."""
    x = np.array(TWO_CHANNELS["x"])[:, 0]
    weight, s = np.array(TWO_CHANNELS["weight"])[:, 0], 2
    params = Slide(**TWO_CHANNELS)
    if rng:
        n = 3 + s * int(rng.integers(1, 3))
        x, weight = _whole(rng, 0, 4, 2, n), _whole(rng, -2, 3, 2, 3)
        params = Slide(
            **TWO_CHANNELS
            | {
                "size": (1, n),
                "x": tuple(planes(row[None])[0] for row in x),
                "weight": tuple(planes(row[None])[0] for row in weight),
            }
        )
    y = conv1d(x, weight[None], None, s)[0]
    dense = conv1d(x, weight[None])[0]
    alone = conv1d(x[:1], weight[None, :1], None, s)[0]
    first = " + ".join(
        f"{label(x[c, k])}·{label(weight[c, k])}" for c in range(2) for k in range(3)
    )
    return Question(
        f"x has two channels, {listed(x[0])} and {listed(x[1])}. One filter W has the rows "
        f"{listed(weight[0])} and {listed(weight[1])}. Stride {s}, no padding, no bias, no flip. "
        "What is y?",
        "row",
        _nested(y),
        [
            (_nested(dense), f"That is with stride 1; the stride is {s}."),
            (_nested(alone), "That is the first channel alone: the channels add up."),
            (_nested(conv1d(x, weight[None, :, ::-1], None, s)[0]), "The kernel was flipped."),
        ],
        (
            f"y[j] = sum over c and k of x[c, {s}j + k] W[c, k].",
            f"{len(y)} outputs; the first window holds {listed(x[0, :3])} and {listed(x[1, :3])}.",
        ),
        (f"y[0] = {first} = {label(y[0])}.", f"y = {listed(y)}."),
        params,
    )


def _convolved(mode):
    def draw(rng):
        x, w = np.array([5.0, 6, 7, 8]), np.array([3.0, 0, 1])
        if rng:
            w = _uneven(rng, -2, 4, 3)
            x = _whole(rng, 0, 9, int(rng.integers(4, 6)))
        answer = convolve1d(x, w, mode)
        others = {name: convolve1d(x, w, name) for name in ("full", "same", "valid")}
        return Question(
            f"[{', '.join(map(label, x))}] * [{', '.join(map(label, w))}] with flipping, {mode}: "
            "which numbers?",
            "row",
            _nested(answer),
            [
                (_nested(convolve1d(x, w[::-1], mode)), "The flip was forgotten."),
                *(
                    (_nested(one), f"That is '{name}', not '{mode}'.")
                    for name, one in others.items()
                    if name != mode
                ),
            ],
            (
                f"{len(answer)} numbers: '{mode}'.",
                f"Slide {listed(w[::-1])}, the kernel turned round.",
            ),
            (f"The full one is {listed(others['full'])}.", f"'{mode}': {listed(answer)}."),
            Slide(
                size=(1, len(x)), kernel_size=(1, 3), x=(planes(x[None])), weight=planes(w[None]),
                operation="convolution",
                padding={"full": "full", "same": "same", "valid": ((0, 0), (0, 0))}[mode],
            ),
        )  # fmt: skip

    return draw


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
            w, n = _uneven(rng, -2, 4, 3), int(rng.integers(4, 6))
            g = _whole(rng, -1, 3, n + 2 if full else n - 2)
        pad = 2 if full else 0
        x = np.zeros((1, n))
        answer = conv1d_backward(g[None], x, w[None, None], 1, pad).x[0]
        no_flip = conv1d_backward(g[None], x, w[None, None, ::-1], 1, pad).x[0]
        way = "valid" if full else "full"
        return Question(
            f"A {layer} 1-D layer (correlation with w2 = {listed(w)}) made a2 from {n} numbers h1. "
            f"dL/da2 = {listed(g)}. What is dL/dh1?",
            "row",
            _nested(answer),
            [
                (_nested(no_flip), "The kernel has to be flipped."),
                (_nested(g), "That is dL/da2 itself."),
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
            x, w, g = _whole(rng, 0, 4, n, n), _whole(rng, -2, 3, 2, 2), _whole(rng, -1, 2, 2, 2)
            if (w == w[::-1, ::-1]).all():
                w[0, 0] += 1
        found = conv2d_backward(g[None, None], x[None, None], w[None, None], s)
        answer = (found.weight if of == "w" else found.x)[0, 0]
        if of == "w":
            given = f"x = {listed(x)} and dL/dy = {listed(g)}"
            slips = [
                (_nested(conv2d(x[None], g[None, None])[0]), "That is with stride 1.")
            ] if s > 1 else [
                (_nested(answer[::-1, ::-1]), "Turned by 180 degrees: nothing is flipped here."),
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
            slips = [(_nested(straight.x[0, 0]), "The kernel has to be rotated by 180 degrees.")]
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
            _nested(answer),
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


def one_output(rng):
    """E1."""
    x, w = (
        np.array([[1.0, 2, 0], [0, 1, 3], [2, 1, 1]]),
        np.array([[1.0, 0, 1], [2, 1, 0], [0, 1, 1]]),
    )
    b, s = 2.0, 2
    if rng:
        x, w, b = _whole(rng, 0, 4, 3, 3), _whole(rng, -2, 2, 3, 3), float(rng.integers(-3, 4) or 1)
    y = conv2d(x[None], w[None, None], [b], s, 1)[0]
    bare = conv2d(x[None], w[None, None], None, s, 1)[0]
    return Question(
        f"x = {listed(x)}, F = {listed(w)}, bias {label(b)}, padding 1, stride {s}, no flip. What "
        "is y, all of it?",
        "matrix",
        _nested(y),
        [
            (_nested(bare), "The bias is missing."),
            (_nested(conv2d(x[None], w[None, None, ::-1, ::-1], [b], s, 1)[0]), "F was flipped."),
        ],
        (
            f"{y.shape[0]} × {y.shape[1]} outputs: windows start at −1 and at {s - 1}.",
            "y[h, w] = sum of F[kh, kw] x_pad[hS + kh, wS + kw] + b.",
        ),
        (f"y = {listed(y)}.",),
        Slide(size=(3, 3), x=planes(x), weight=planes(w), bias=(((b,),),),
              stride=(s, s), padding=((1, 1), (1, 1))),
    )  # fmt: skip


def bias(rng):
    """E2."""
    g = np.array([[[1.0, 2], [0, -1]], [[3.0, 0], [1, 1]]])
    if rng:
        g = _whole(rng, -2, 4, 2, 2, 2)
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


def routed(rng):
    """D5."""
    x = np.array([[1.0, 5, 2], [3, 4, 0], [6, 1, 2]])
    g = np.array([[1.0, 2], [3, 4]])
    if rng:
        x = rng.permutation(9).reshape(3, 3).astype(float)
        g = _whole(rng, 1, 5, 2, 2)
    answer = max_pool2d_backward(g[None], x[None], 2, 1)[0]
    return Question(
        f"Max pooling of {listed(x)} by 2 × 2 with stride 1; dL/dy = {listed(g)}. What is dL/dx?",
        "matrix",
        _nested(answer),
        [
            (_nested((answer > 0) * 1.0), "That says where, not how much."),
            (_nested(np.where(answer > 0, x, 0)), "The gradient goes there, not the value."),
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


def back_through(rng):
    """B13 and B15 again: which correlation it is."""
    w, n, pad = np.array([1.0, 2.0, 3.0]), 5, 2
    if rng:
        w, n, pad = _uneven(rng, -2, 4, 3), int(rng.integers(5, 8)), int(rng.integers(0, 2)) * 2
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


def additive(rng):
    """E7 again: which of the two is linear."""
    x, seed = np.array([[1.0, 5], [3, 7]]), 1
    if rng:
        x, seed = _whole(rng, 0, 9, 2, 2), int(rng.integers(1, 9999))
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
        x = _whole(rng, 0, 9, 2, 4)
    answer = avg_pool2d(x[None], 2)[0]
    most = max_pool2d(x[None], 2)[0]
    return Question(
        f"Average pooling of {listed(x)} by 2 × 2, stride 2. What comes out?",
        "row",
        _nested(answer[0]),
        [
            (_nested(most[0]), "Those are the maxima."),
            (_nested(4 * answer[0]), "Those are the sums: divide by 4."),
        ],
        ("Two windows, four numbers each.", "The sum of each, divided by 4."),
        (
            f"{listed(answer[0])}. There are no parameters to learn; the maxima are "
            f"{listed(most[0])}.",
        ),
        Pooling(size=(2, 4), kernel_size=(2, 2), stride=(2, 2), kind="average", x=planes(x)),
    )


EXERCISES = (
    Exercise("A4", "The kernel that is learnt", "Convolution", 1, learned,
             "that the kernel is the same: symmetric ones hide the difference"),
    Exercise("A5", "Two channels, one filter", "Convolution", 2, two_channels),
    Exercise("B10", "Full convolution", "Convolution", 2, _convolved("full")),
    Exercise("B10, same", "Convolution, same", "Convolution", 2, _convolved("same")),
    Exercise("B10, valid", "Convolution, valid", "Convolution", 1, _convolved("valid")),
    Exercise("B13", "Back through a valid layer", "Gradients", 3, _through("valid")),
    Exercise("B15", "Back through a full layer", "Gradients", 3, _through("full"),
             "the symbol of the full correlation: through a full layer it is a valid one"),
    Exercise("C5", "The gradient of the kernel", "Gradients", 2, _gradient("w")),
    Exercise("C6", "The gradient of the input", "Gradients", 3, _gradient("x")),
    Exercise("D3", "The kernel's gradient with a stride", "Gradients", 3, _gradient("w", 3)),
    Exercise("B15, which", "Which correlation goes back", "Gradients", 3, back_through,
             "the symbol of the full correlation: through a full layer it is a valid one"),
    Exercise("D5, where", "Who gets a gradient", "Pooling", 1, winners),
    Exercise("E7, linear", "Which pooling is linear", "Pooling", 2, additive),
    Exercise("D5", "Back through max pooling", "Pooling", 2, routed),
    Exercise("E1", "A layer with bias and padding", "Convolution", 2, one_output),
    Exercise("E2", "The gradient of the bias", "Gradients", 1, bias),
    Exercise("E3", "The gradient of a filter", "Gradients", 2, _gradient("w", 2)),
    Exercise("E4", "Rows that get no gradient", "Gradients", 2, leftover),
    Exercise("E7", "Average pooling", "Pooling", 1, averaged),
)  # fmt: skip
