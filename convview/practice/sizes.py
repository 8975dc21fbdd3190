"""Exercises that ask for a size, a shape or a count."""

import numpy as np

from convcore import (
    axis_taps,
    conv_output_size,
    coverage,
    pool_output_size,
    receptive_field,
    same_padding,
)
from convcore.stack import stack
from convview.params import Gradients, Pooling, Shapes, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import DENSE, TWO_CHANNELS, counted, times
from convview.torch_code import parse


def output_size(rng):
    """A1: no padding, a stride that leaves something over."""
    (h, w), k, s = (10, 11), 3, 2
    if rng:
        k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        h = k + s * int(rng.integers(2, 5)) + int(rng.integers(1, s))
        w = h + int(rng.integers(1, 5))
    answer = conv_output_size(h, k, s), conv_output_size(w, k, s)
    exact = (h - k) / s + 1, (w - k) / s + 1
    left = axis_taps(h, k, s).leftover, axis_taps(w, k, s).leftover
    return Question(
        f"An input of {h} × {w}, a kernel of {k} × {k}, stride {s}, no padding. What size is "
        "the output?",
        "shape",
        answer,
        [
            (exact, "Not rounded down: a window that does not fit as a whole is left out."),
            (answer[::-1], "Rows and columns are swapped: rows come first."),
            ([n - 1 for n in answer], "The window at the very start counts too: add 1."),
            (
                [-(-(n - k) // s) + 1 for n in (h, w)],
                "Rounded up: the last window would hang over.",
            ),
            ((h - k + 1, w - k + 1), f"That is the size with stride 1; the stride is {s}."),
        ],
        (
            "On each axis: how many steps can the window make after it has stood at the start?",
            f"floor((n − k) / s) + 1, with k = {k} and s = {s}.",
        ),
        (
            f"Rows: floor(({h} − {k}) / {s}) + 1 = floor({exact[0] - 1:g}) + 1 = {answer[0]}.",
            f"Columns: floor(({w} − {k}) / {s}) + 1 = floor({exact[1] - 1:g}) + 1 = {answer[1]}.",
            f"Left over at the end: {counted(left[0], 'row')} and {counted(left[1], 'column')}, "
            "which no window reads.",
        ),
        Slide(size=(h, w), kernel_size=(k, k), stride=(s, s), view="coverage"),
    )


def never_read(rng):
    """A1 again: what no window reads."""
    (h, w), k, s, d = (10, 11), 3, 2, 1
    seen = coverage((h, w), k, s)
    if rng:
        seen = np.ones((1, 1))
        while seen.all():
            k, s, d = (int(rng.integers(*ends)) for ends in ((2, 4), (2, 4), (1, 3)))
            h, w = (d * (k - 1) + 1 + int(m) for m in rng.integers(2, 8, 2))
            seen = coverage((h, w), k, s, dilation=d)
    rows, cols = axis_taps(h, k, s, dilation=d), axis_taps(w, k, s, dilation=d)
    unread = [[i for i, n in enumerate(axis.counts) if not n] for axis in (rows, cols)]
    dense = " (dense)" if d == 1 else ""
    starts = [f"{', '.join(map(str, axis.index[:, 0]))}" for axis in (rows, cols)]

    swapped = np.zeros((h, w))
    swapped[:, w - rows.leftover :] = swapped[h - cols.leftover :] = 1
    slips = [(seen > 0, "Those are the cells that are read.")]
    if rows.leftover != cols.leftover and d == 1 and s <= k:
        slips.append((swapped, "Rows and columns are swapped: the floor is taken on each axis."))
    if d > 1:
        slips.append((coverage((h, w), k, s) == 0, "That is dense: here the taps stand apart."))
    slips = [(wrong.astype(int).tolist(), words) for wrong, words in slips]

    def why(row, column):
        i, j = (
            next(o for o, taps in enumerate(axis.index) if at in taps)
            for axis, at in ((rows, row), (cols, column))
        )
        return f"the window of output [{i}, {j}] reads it"

    return Question(
        f"An input of {h} × {w}, a kernel of {k} × {k}, stride {s}, dilation {d}{dense}, no "
        "padding. Which cells does no window read? Mark them; the number of a row or a column "
        "marks all of it.",
        "cells",
        (seen == 0).astype(int).tolist(),
        slips,
        (
            "A cell is read where its row and its column are.",
            f"Windows begin in rows {starts[0]} and in columns {starts[1]}; from there each has a "
            f"tap every {d} cells."
            if d > 1
            else f"Windows begin in rows {starts[0]} and in columns {starts[1]}, {k} cells long.",
        ),
        (
            f"Rows that no window reads: {_named(unread[0])}.",
            f"Columns that no window reads: {_named(unread[1])}.",
        ),
        Slide(size=(h, w), kernel_size=(k, k), stride=(s, s), dilation=(d, d), view="coverage"),
        board=tuple(("",) * w for _ in range(h)),
        why=why,
    )


def _named(places):
    return ", ".join(map(str, places)) or "none"


def row_size(rng):
    """A2: one dimension."""
    n, k, s = 5, 2, 2
    if rng:
        k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        n = k + s * int(rng.integers(1, 4)) + int(rng.integers(1, s))
    answer, exact = conv_output_size(n, k, s), (n - k) / s + 1
    return Question(
        f"{n} cells in a row, a kernel of {k}, stride {s}, no padding. How many outputs?",
        "number",
        answer,
        [
            (exact, "Not rounded down: there is no half a window."),
            (answer + 1, "The last of those windows would hang over the end."),
            (answer - 1, "The window at the start counts too: add 1."),
        ],
        ("Place the windows one by one.", f"floor(({n} − {k}) / {s}) + 1."),
        (
            f"floor(({n} − {k}) / {s}) + 1 = floor({exact - 1:g}) + 1 = {answer}.",
            "Never read: " + ", ".join(f"x[{i}]" for i in range(n - (n - k) % s, n)) + ".",
        ),
        Slide(size=(1, n), kernel_size=(1, k), stride=(1, s), picture="ramp", kernel="ones",
              view="coverage"),
    )  # fmt: skip


def formula(rng):
    """A3: everything at once."""
    c, n, k, p, s, d, f = 3, 9, 3, 1, 2, 2, 2
    if rng:
        c, f = (int(m) for m in rng.choice([1, 2, 3], 2, replace=False))
        k, d, s, p = (int(rng.integers(*ends)) for ends in ((2, 4), (2, 4), (2, 4), (1, 3)))
        n = d * (k - 1) + 1 + int(rng.integers(1, 8))
    size = conv_output_size(n, k, s, p, d)
    answer = f, size, size
    dense = conv_output_size(n, k, s, p)
    bare = conv_output_size(n, k, s, 0, d)
    zero = (n + 2 * p - 1) // s + 1
    return Question(
        f"{counted(c, 'channel')} of {n} × {n}, {counted(f, 'filter')} of {k} × {k}, padding "
        f"{p} on each side, stride "
        f"{s}, dilation {d} (1 is dense). What shape is the output? Channels first.",
        "shape",
        answer,
        [
            ((f, zero, zero), "The dilation of a dense kernel is 1, not 0: the span is d (k − "
                              "1) + 1."),
            ((c, size, size), f"Each filter makes one channel: {f}, not {c}."),
            ((f, dense, dense), f"That is dense; with dilation {d} the kernel spans more."),
            ((f, bare, bare), f"Padding adds {p} on both sides: 2 · {p}."),
            ((size, size, f), "Right numbers, but channels come first here."),
        ],
        (
            f"The dilated kernel spans {d} · ({k} − 1) + 1 = {d * (k - 1) + 1} cells.",
            "floor((n + 2p − d(k − 1) − 1) / s) + 1, and one channel for each filter.",
        ),
        (
            f"floor(({n} + 2 · {p} − {d} · {k - 1} − 1) / {s}) + 1 = {size}.",
            f"One channel for each filter: {times(answer)}.",
        ),
        Slide(size=(n, n), kernel_size=(k, k), padding=((p, p), (p, p)), stride=(s, s),
              dilation=(d, d), in_channels=c, out_channels=f),
    )  # fmt: skip


def _jacobian_sizes(rng):
    c, n, f, k, s = 2, 5, 1, 3, 2
    if rng:
        c, k, s = (int(rng.integers(*ends)) for ends in ((2, 4), (2, 4), (2, 4)))
        n = k + s * int(rng.integers(1, 3))
        f = int(rng.choice([m for m in (1, 2, 3) if m != c]))
    return c, n, f, k, s, conv_output_size(n, k, s)


def _described(c, n, f, k, s):
    return (
        f"x has {counted(c, 'channel')} of {n} cells, W is {f} × {c} × {k}, stride {s}, no padding"
    )


def _layer(c, n, f, k, s, **more):
    course = (c, n, f, k, s) == (2, 5, 1, 3, 2)
    if course:
        return Gradients(**TWO_CHANNELS, **more)
    row = DENSE | {"size": (1, n), "kernel_size": (1, k), "stride": (1, s)}
    return Gradients(**row, in_channels=c, out_channels=f, **more)


def dy_dw(rng):
    """A6."""
    c, n, f, k, s, out = _jacobian_sizes(rng)
    answer = f, out, f, c, k
    return Question(
        f"{_described(c, n, f, k, s)}, so y is {f} × {out}. What shape is the full tensor dy/dW?",
        "shape",
        answer,
        [
            ((out, c, k), "The axes of the filters are missing, in y and in W."),
            (
                (f, c, k),
                "That is the shape of W, and of dL/dW; each element of y has one of those.",
            ),
            ((f, out, c, k), "The filter axis of W is missing."),
        ],
        ("One derivative for each element of y and each of W.", "The shape of y, then that of W."),
        (
            f"y is {times((f, out))}, W is {times((f, c, k))}: dy/dW is {times(answer)}.",
            f"[i, j, i', c', k'] is x[c', {s}j + k'] where i = i', else 0: the im2col matrix.",
        ),
        _layer(c, n, f, k, s, view="dydw"),
    )


def dy_dx(rng):
    """A7."""
    c, n, f, k, s, out = _jacobian_sizes(rng)
    answer = f, out, c, n
    return Question(
        f"{_described(c, n, f, k, s)}, so y is {f} × {out}. What shape is the full tensor dy/dx?",
        "shape",
        answer,
        [
            ((f, out, c, k), f"The last axis runs over the {n} inputs, not over the {k} taps."),
            ((out, c, n), "The filter axis of y is missing."),
            ((c, n), "That is the shape of x; each element of y has one of those."),
        ],
        ("One derivative for each element of y and each of x.", "The shape of y, then that of x."),
        (
            f"y is {times((f, out))}, x is {times((c, n))}: dy/dx is {times(answer)}.",
            f"[i, j, c', k'] is W[i, c', k' − {s}j] where 0 ≤ k' − {s}j < {k}, else 0.",
        ),
        _layer(c, n, f, k, s, view="dydx"),
    )


def dl_dw(rng):
    """A8."""
    c, n, f, k, s, out = _jacobian_sizes(rng)
    answer = f, c, k
    return Question(
        f"{_described(c, n, f, k, s)}. The gradient g = dL/dy is given. What shape is dL/dW?",
        "shape",
        answer,
        [
            ((f, out), "That is the shape of the output, and of g."),
            ((c, n), "That is the shape of x."),
            ((f, out, f, c, k), "That is dy/dW; g has summed up the axes of y."),
        ],
        ("L is one number.", "A gradient has the shape of what it is the gradient of."),
        (
            f"That of W: {times(answer)}.",
            f"dL/dW[i, c, k] = sum over j of g[i, j] x[c, {s}j + k]: the stride became the "
            "dilation.",
        ),
        _layer(c, n, f, k, s, view="weight"),
    )


def network(rng):
    """B11."""
    size, first, second = 128, 32, 64
    if rng:
        size = 2 ** int(rng.integers(5, 8))
        first, second = (int(2**m) for m in rng.integers(3, 7, 2))
    code = (
        f"Conv2d(3,{first},8,stride=2,padding=3);MaxPool2d(2);Conv2d({first},{second},3,padding=1)"
    )
    layers = parse(code)
    steps = stack(layers, (3, size, size))
    shapes = [tuple(step.output_shape) for step in steps]
    answer = shapes[-1]
    return Question(
        f"3 × {size} × {size}, then {first} filters of 8 × 8 with stride 2 and padding 3, max "
        f"pooling by 2 × 2, {second} filters of 3 × 3 with stride 1 and padding 1. What shape "
        "comes out? Channels first.",
        "shape",
        answer,
        [
            (shapes[0], "That is after the first layer."),
            ((second, *shapes[0][1:]), "The pooling halves both sizes."),
            ((first, *answer[1:]), "One channel for each filter of the last layer."),
        ],
        (
            f"First layer: floor(({size} + 6 − 8) / 2) + 1 = {shapes[0][1]}.",
            "Pooling halves; padding 1 keeps the size under a 3 × 3 kernel.",
        ),
        (" → ".join(times(one) for one in shapes) + ".",),
        Shapes(layers=layers, shape=(3, size, size), at=3),
    )


def _stacked(rng, words, pad, formula):
    d, k1, k2 = 8, 3, 3
    if rng:
        k1, k2 = (int(m) for m in rng.integers(2, 6, 2))
        d = k1 + k2 + int(rng.integers(1, 9))
    answer = conv_output_size(conv_output_size(d, k1, padding=pad(k1)), k2, padding=pad(k2))
    kernels = conv_output_size(d, k1, padding=pad(k1))
    code = ";".join(f"Conv2d(1,1,(1,{k}),padding=(0,{pad(k)}))" for k in (k1, k2))
    return Question(
        f"Two {words} 1-D layers one after the other, kernels of {k1} and {k2}, on {d} cells. How "
        "many cells come out?",
        "number",
        answer,
        [
            (kernels, "That is after the first layer."),
            (d, "Only 'same' keeps the length."),
            (answer + 1, "One too many."),
            (answer - 1, "One too few."),
        ],
        ("Take one layer at a time.", formula),
        (f"{d} → {kernels} → {answer}: {formula}.",),
        Shapes(layers=parse(code), shape=(1, 1, d), at=2),
    )  # fmt: skip


def two_valid(rng):
    """B12."""
    return _stacked(rng, "valid", lambda k: 0, "d − k1 − k2 + 2")


def two_full(rng):
    """B14."""
    return _stacked(rng, "full", lambda k: k - 1, "d + k1 + k2 − 2")


def padded(rng):
    """C1."""
    h, w, k, s, p = 12, 9, 5, 2, 2
    if rng:
        k, s = int(rng.integers(3, 6)), int(rng.integers(2, 4))
        p = int(rng.integers(1, k // 2 + 1))
        h, w = (int(m) for m in rng.choice(range(k + 2, 16), 2, replace=False))
    answer = tuple(conv_output_size(n, k, s, p) for n in (h, w))
    return Question(
        f"An input of {h} × {w}, a kernel of {k} × {k}, stride {s}, padding {p} on every side. "
        "What size is the feature map?",
        "shape",
        answer,
        [
            (tuple((n - k + 2 * p) / s + 1 for n in (h, w)), "Not rounded down."),
            (tuple(conv_output_size(n, k, s) for n in (h, w)), f"Without the padding of {p}."),
            (tuple((n - k + p) // s + 1 for n in (h, w)), "Padding stands on both sides: 2p."),
            (answer[::-1], "Rows and columns are swapped: rows come first."),
        ],
        ("Padding makes the input larger by 2p.", "floor((H − H_K + 2p) / s) + 1, and so for W."),
        (
            f"Rows: floor(({h} − {k} + 2 · {p}) / {s}) + 1 = {answer[0]}.",
            f"Columns: floor(({w} − {k} + 2 · {p}) / {s}) + 1 = {answer[1]}.",
        ),
        Slide(size=(h, w), kernel_size=(k, k), stride=(s, s), padding=((p, p), (p, p))),
    )


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


def keeping(rng):
    """E5."""
    k = 5 if rng is None else int(rng.choice([3, 5, 7]))
    d = 1 if rng is None else int(rng.integers(1, 5))
    before, _ = same_padding(4 * k, k, dilation=d)
    return Question(
        f"A {k} × {k} kernel with stride 1 and dilation {d}. How much padding on each side "
        "keeps the size of the input?",
        "number",
        before,
        [
            (2 * before, "That is both sides together."),
            (k // 2 if d > 1 else k, "The dilation spreads the kernel." if d > 1 else "Too much."),
            (d * (k + 1) / 2, "k − 1, not k + 1: the middle cell stays where it is."),
        ],
        (
            f"The kernel spans {d * (k - 1) + 1} cells.",
            "Half of what the size loses: d (k − 1) / 2.",
        ),
        (f"{d} · ({k} − 1) / 2 = {before}. An even span needs one more on one side.",),
        Slide(size=(9, 9), kernel_size=(k, k), dilation=(d, d), padding="same"),
    )


def field(rng):
    """E6."""
    count, k, s = 4, 3, 2
    if rng:
        count, k, s = int(rng.integers(2, 5)), int(rng.integers(3, 6)), int(rng.integers(2, 4))
    code = ";".join(f"Conv2d(None,8,{k},stride={s})" for _ in range(count))
    seen = receptive_field([(k, s)] * count)
    answer = int(seen.receptive_field)
    dense = 1 + count * (k - 1)
    size = answer + s**count
    return Question(
        f"{count} layers one after the other, kernels of {k} × {k}, stride {s}. How many input "
        "cells from the first to the last does a unit see, per axis?",
        "number",
        answer,
        [
            (dense, "With stride 1. Each stride spreads the steps of the layers after it."),
            (1 + count * (k - 1) * s, "The strides multiply from layer to layer, they don't add."),
            (k**count, "The kernels don't multiply; what they add is spread by the strides "
                       "before."),
        ],
        ("Start with 1 and go from the input on.", "r = 1 + sum of (k − 1) times the jump before."),
        (
            "1 + " + " + ".join(f"{k - 1} · {s**n}" for n in range(count)) + f" = {answer}.",
        ),
        Shapes(layers=parse(code), shape=(1, size, size), at=count),
    )  # fmt: skip


EXERCISES = (
    Exercise("A1", "Size with a stride", "Sizes", 1, output_size,
             "5 × 5: (10 − 3) / 2 + 1 = 4.5 is rounded down, so it is the last row that is lost"),
    Exercise("A1, unread", "What is never read", "Sizes", 2, never_read,
             "the last column: it is the row, for (10 − 3) mod 2 = 1 and (11 − 3) mod 2 = 0"),
    Exercise("A2", "A row of cells", "Sizes", 1, row_size, "the un-floored 2.5"),
    Exercise("A3", "Padding, stride, dilation", "Sizes", 2, formula,
             "putting dilation 0 for a dense kernel into this formula: it is 1"),
    Exercise("A6", "The shape of dy/dW", "Gradients", 3, dy_dw,
             "2 × 2 × 3, which drops the axes of the filters"),
    Exercise("A7", "The shape of dy/dx", "Gradients", 3, dy_dx,
             "1 × 2 × 2 × 3: the last axis runs over the 5 inputs, not the 3 taps"),
    Exercise("A8", "The shape of dL/dW", "Gradients", 2, dl_dw, "the shape of the output"),
    Exercise("B11", "Through three layers", "Networks", 2, network),
    Exercise("B12", "Two valid layers", "Sizes", 2, two_valid),
    Exercise("B14", "Two full layers", "Sizes", 2, two_full),
    Exercise("C1", "Size with padding", "Sizes", 1, padded),
    Exercise("D4", "Size of a pooling", "Pooling", 1, pooled),
    Exercise("E5", "Padding that keeps the size", "Sizes", 1, keeping),
    Exercise("E6", "How far a unit sees", "Networks", 3, field),
)  # fmt: skip
