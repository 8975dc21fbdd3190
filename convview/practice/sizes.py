"""Exercises that ask for a size or a count of cells."""

import numpy as np

from convcore import axis_taps, conv_output_size, coverage, same_padding
from convview.params import Shapes, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import counted, times
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


EXERCISES = (
    Exercise("A1", "Size with a stride", "Sizes", 1, output_size,
             "5 × 5: (10 − 3) / 2 + 1 = 4.5 is rounded down, so it is the last row that is lost"),
    Exercise("A1, unread", "What is never read", "Sizes", 2, never_read,
             "the last column: it is the row, for (10 − 3) mod 2 = 1 and (11 − 3) mod 2 = 0"),
    Exercise("A2", "A row of cells", "Sizes", 1, row_size, "the un-floored 2.5"),
    Exercise("A3", "Padding, stride, dilation", "Sizes", 2, formula,
             "putting dilation 0 for a dense kernel into this formula: it is 1"),
    Exercise("B12", "Two valid layers", "Sizes", 2, two_valid),
    Exercise("B14", "Two full layers", "Sizes", 2, two_full),
    Exercise("C1", "Size with padding", "Sizes", 1, padded),
    Exercise("E5", "Padding that keeps the size", "Sizes", 1, keeping),
)  # fmt: skip
