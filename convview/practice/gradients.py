"""Exercises on the gradients of a convolution."""

import numpy as np

from convcore import (
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv_output_size,
    correlate1d,
    coverage,
)
from convview.labels import label
from convview.params import Gradients
from convview.practice.question import Exercise, Question
from convview.practice.rows import (
    DENSE,
    counted,
    listed,
    nested,
    planes,
    products,
    signed,
    uneven,
    whole,
)


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
            w, n = uneven(rng, -2, 4, 3), int(rng.integers(5, 7))
            g = whole(rng, -1, 3, n + 2 if full else n - 2)
        way, other = ("valid", "full") if full else ("full", "valid")
        found = conv1d_backward(g[None], np.zeros((1, n)), w[None, None], 1, 2 if full else 0)
        answer, turned = found.x[0], w[::-1]
        return Question(
            f"A {layer} 1-D layer (correlation with w2 = {listed(w)}) made a2 from {n} numbers h1. "
            f"dL/da2 = {listed(g)}. What is dL/dh1?",
            "row",
            nested(answer),
            [
                (nested(correlate1d(g, w, way)), "the kernel w2 has to be flipped"),
                (nested(g), "that is dL/da2 itself"),
                (nested(correlate1d(g, turned, other)), f"that is the {other} correlation with "
                                                        f"flip(w2); it is the {way} one"),
                (nested(correlate1d(g, w, other)), f"that is the {other} correlation with w2 as it "
                                                   f"is; it is the {way} one with flip(w2)"),
                (nested(correlate1d(g, turned, "same")), "that is the 'same' correlation with "
                                                         f"flip(w2); it is the {way} one"),
            ],
            (
                f"It has the shape of h1: {n} numbers.",
                f"A {way} correlation of dL/da2 with flip(w2) = {listed(turned)}.",
            ),
            (
                f"Each h1[n] went into a2[i] with w2[n − i{' + 2' if full else ''}]; summed up, a "
                f"{way} correlation with {listed(turned)}: {listed(answer)}.",
            ),
            _row_layer(n, w, g, full),
        )  # fmt: skip

    return draw


def _gradient(of, stride=1):
    """C5, C6, D3, E3: the gradients of a small layer."""

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
        by = _by_kernel if of == "w" else _by_input
        given, answer, slips, hints, done = by(x, w, g, s)
        return Question(
            f"A layer correlates a {n} × {n} input x with a 2 × 2 kernel w, stride {s}, no "
            f"padding. {given}. What is dL/d{of}?",
            "matrix",
            nested(answer),
            [(nested(wrong), clause) for wrong, clause in slips],
            hints,
            done,
            Gradients(**DENSE | {"stride": (s, s)}, size=(n, n), kernel_size=(2, 2), x=planes(x),
                      weight=planes(w), grad_y=planes(g),
                      view="weight" if of == "w" else "input"),
        )  # fmt: skip

    return draw


def _by_kernel(x, w, g, s):
    """dL/dw of a layer with stride s: what is given, answer, slips, hints, solution."""
    answer = conv2d_backward(g[None, None], x[None, None], w[None, None], s).weight[0, 0]
    spread = np.zeros((s + 1, s + 1))
    spread[::s, ::s] = g
    first = x[: s + 1 : s, : s + 1 : s]
    turned = conv2d(x[None], spread[None, None, ::-1, ::-1])[0]
    slips = [
        (answer[::-1, ::-1], "turned by 180 degrees: nothing is flipped here"),
        (turned[:2, :2], "the gradient dL/dy was turned: nothing is flipped here"),
        (answer / g.size, "that is the mean over the outputs: they add up"),
    ]
    if s > 1:
        dense = conv2d(x[None], g[None, None])[0]
        slips += [
            (dense, "that is with stride 1"),
            (dense[:2, :2], "the cells of dL/dy stand apart by the stride"),
            (conv2d(x[None], g[None, None], None, s)[0], "the stride spreads dL/dy; the windows "
                                                         "move by 1"),
        ]  # fmt: skip
    times_s = "" if s == 1 else f"{s}"
    return (
        f"x = {listed(x)} and dL/dy = {listed(g)}",
        answer,
        slips,
        (
            "dL/dw has the shape of w: 2 × 2.",
            f"dL/dw[u, v] = sum over i, j of g[i, j] x[{times_s}i + u, {times_s}j + v], with "
            "g = dL/dy.",
        ),
        (
            f"dL/dw[0, 0] = {products(g.ravel(), first.ravel())} = {label(answer[0, 0])}.",
            f"All: {listed(answer)}.",
        ),
    )


def _by_input(x, w, g, s):
    """dL/dx, as `_by_kernel`."""
    turned = w[::-1, ::-1]

    def back(w, g=g):
        return conv2d_backward(g[None, None], x[None, None], w[None, None], s).x[0, 0]

    answer = back(w)
    slips = [
        (back(turned), "the kernel w has to be rotated by 180 degrees"),
        (back(w.T), "the kernel w was transposed: it is rotated by 180 degrees"),
        (back(w[:, ::-1]), "the kernel w was mirrored on one axis: it is rotated by 180 degrees"),
        (back(w[::-1]), "the kernel w was mirrored on one axis: it is rotated by 180 degrees"),
        (back(np.ones((2, 2))), "the kernel w is missing: each dL/dy[i, j] stamps w, times itself"),
        (conv2d(g[None], turned[None, None])[0], "that is a valid correlation; dL/dy is padded"),
    ]
    return (
        f"w = {listed(w)} and dL/dy = {listed(g)}",
        answer,
        slips,
        (
            "dL/dx has the shape of x: {} × {}.".format(*x.shape),
            "Each dL/dy[i, j] stamps w, times itself, onto the window it came from.",
        ),
        (
            f"dL/dy padded by 1, correlated with the rotated kernel {listed(turned)}: "
            f"{listed(answer)}.",
        ),
    )


def bias(rng):
    """E2."""
    g = np.array([[[1.0, 2], [0, -1]], [[3.0, 0], [1, 1]]])
    if rng:
        g = whole(rng, -2, 4, 2, 2, 2)
    answer = conv2d_backward(g[:, None], np.zeros((2, 1, 3, 3)), np.zeros((1, 1, 2, 2))).bias
    first, second, total = float(g[0].sum()), float(g[1].sum()), float(answer[0])
    return Question(
        f"A batch of two pictures, one filter. dL/dy is {listed(g[0])} for the first and "
        f"{listed(g[1])} for the second. What is dL/db?",
        "number",
        total,
        [
            (first, "that is the first picture alone: the batch adds up"),
            (second, "that is the second picture alone: the batch adds up"),
            (first - second, "that is the first picture less the second: the batch adds up"),
            (total / 2, "that is the mean over the batch: it is a sum"),
            (total / 4, "that is the mean over the places of a picture: it is a sum"),
            (total / 8, "that is the mean of all: it is a sum"),
            (float(np.abs(g).sum()), "that is the sum without the signs: they count"),
        ],
        ("The bias goes into every output with the factor 1.",
         "Sum over both pictures, and the rows and columns of each."),
        (
            f"{label(first)} + {signed(second)} = {label(total)}.",
            "The page has both, one above the other, as one picture.",
        ),
        Gradients(
            **DENSE, view="weight", size=(5, 3), kernel_size=(2, 2), grad_y=planes(g.reshape(4, 2))
        ),
    )


def leftover(rng):
    """E4: rows between two windows, and rows after the last one."""
    n, k, s = 8, 3, 3
    if rng:
        k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        n = k + s * int(rng.integers(1, 3)) + int(rng.integers(1, s))
    unread = np.flatnonzero((coverage((n, n), k, s) == 0).all(1))
    answer, after = len(unread), (n - k) % s
    windows, gap = conv_output_size(n, k, s), max(0, s - k)
    between = gap * (windows - 1)
    slips = [
        (0, "the size does not divide: something is left over"),
        (answer * n, "that is how many cells are in these rows"),
        (n - answer, "those are the rows that are read"),
        (n * n - (n - answer) ** 2, "those are the cells that no window reads, of rows and of "
                                    "columns"),
        (n % s, f"that is {n} mod {s}: the kernel is left out"),
    ]  # fmt: skip
    if between:
        slips += [
            (after, f"that is what is left over at the end; {counted(gap, 'row')} "
                    f"{'lies' if gap == 1 else 'lie'} between two windows too"),
            (between, "those are the rows between two windows; some are left over at the end too"),
        ]  # fmt: skip
    end = f"({n} − {k}) mod {s}"
    gaps = f"Between two windows: {s} − {k} = {counted(gap, 'row')}"
    gaps += "." if windows == 2 else f", {windows - 1} times."
    return Question(
        f"An input of {n} × {n}, a kernel of {k} × {k}, stride {s}, no padding. How many rows "
        "of dL/dx are 0, whatever dL/dy is?",
        "number",
        answer,
        slips,
        (
            "Which rows does no window read?",
            f"After the last window: {end}. "
            + (gaps if gap else "No row between two windows: the kernel is as long as the stride "
                                "or longer."),
        ),
        (
            f"After the last window: {end} = {after}.",
            *([gaps, f"{after} + {windows - 1} · {gap} = {answer}."] if gap else []),
            f"No window reads {'row' if answer == 1 else 'rows'} "
            f"{', '.join(map(str, unread.tolist()))}, so the gradient is 0 there.",
        ),
        Gradients(**DENSE | {"stride": (s, s)}, size=(n, n), kernel_size=(k, k)),
    )  # fmt: skip


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
        "Which operation on g = dL/da2 gives dL/dh1?",
        "choice",
        answer,
        [
            (at, f"that has {counted(len(one), 'number')}; h1 has {n}" if len(one) != n
             else "the right size, but the kernel has to be flipped")
            for at, one in enumerate(found) if at != answer
        ],
        (
            f"g has {len(g)} numbers, dL/dh1 has {n}.",
            f"Each h1[n] went into a2[i] with the tap n − i{' + 2' if pad else ''}: the index of g "
            "has the minus sign.",
        ),
        (
            f"{_way(*ways[answer])}: from {len(g)} numbers to {n}, such as {listed(right)} from "
            f"g = {listed(g)}.",
        ),
        _row_layer(n, w, g, full=bool(pad)),
        options=tuple(_way(*way) for way in ways),
    )  # fmt: skip


def _way(mode, turned):
    return f"A {mode} correlation of g with {'flip(w2)' if turned else 'w2 as it is'}"


THROUGH_A_LAYER = (
    "the full correlation for every layer: back through a full layer it is a valid one"
)
EXERCISES = (
    Exercise("B13", "Back through a valid layer", "Gradients", 3, _through("valid")),
    Exercise("B15", "Back through a full layer", "Gradients", 3, _through("full"),
             THROUGH_A_LAYER),
    Exercise("C5", "The gradient of the kernel", "Gradients", 2, _gradient("w")),
    Exercise("C6", "The gradient of the input", "Gradients", 3, _gradient("x")),
    Exercise("D3", "The kernel and a stride", "Gradients", 3, _gradient("w", 3)),
    Exercise("B15, which", "The way back", "Gradients", 3, back_through,
             THROUGH_A_LAYER),
    Exercise("E2", "The gradient of the bias", "Gradients", 1, bias),
    Exercise("E3", "The gradient of a filter", "Gradients", 2, _gradient("w", 2)),
    Exercise("E4", "Rows that get no gradient", "Gradients", 2, leftover),
)  # fmt: skip
