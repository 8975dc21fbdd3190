"""Exercises that ask for a size or a count of cells."""

import numpy as np

from convcore import axis_taps, conv_output_size, coverage, same_padding
from convcore.stack import stack
from convview.params import Shapes, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import counted, times
from convview.torch_code import parse

ROUND_DOWN = "not rounded down: a window that does not fit as a whole is left out"
ROUND_UP = "rounded up: the last window would hang over the end"
SWAPPED = "rows and columns are swapped: rows come first"
FIRST = "the window at the very start counts too: add 1"


def exact(n, k, s):
    """The size before it is rounded down."""
    return (n - k) / s + 1


def output_size(rng):
    """A1: no padding, a stride that leaves something over."""
    (h, w), k, s = (10, 11), 3, 2
    if rng:
        k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        h = k + s * int(rng.integers(2, 5)) + int(rng.integers(1, s))
        w = h + int(rng.integers(1, 5))
    answer = conv_output_size(h, k, s), conv_output_size(w, k, s)
    left = axis_taps(h, k, s).leftover, axis_taps(w, k, s).leftover
    return Question(
        f"An input of {h} × {w}, a kernel of {k} × {k}, stride {s}, no padding. What size is "
        "the output?",
        "shape",
        answer,
        [
            ((exact(h, k, s), exact(w, k, s)), ROUND_DOWN),
            (answer[::-1], SWAPPED),
            ([n - 1 for n in answer], FIRST),
            ([-(-(n - k) // s) + 1 for n in (h, w)], ROUND_UP),
            ((h - k + 1, w - k + 1), f"that is the size with stride 1; the stride is {s}"),
            ((h // s, w // s), f"that is n / {s}, rounded down: the kernel is left out"),
        ],
        (
            "On each axis: how many steps can the window make after it has stood at the start?",
            f"floor((n − k) / s) + 1 from n cells, with k = {k} and s = {s}.",
        ),
        (
            f"Rows: floor(({h} − {k}) / {s}) + 1 = {answer[0] - 1} + 1 = {answer[0]}.",
            f"Columns: floor(({w} − {k}) / {s}) + 1 = {answer[1] - 1} + 1 = {answer[1]}.",
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
    starts = " and in ".join(
        f"{name}{'s' if len(axis.index) > 1 else ''} {', '.join(map(str, axis.index[:, 0]))}"
        for name, axis in (("row", rows), ("column", cols))
    )

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
        _marked_wrongly((h, w), k, s, d, unread),
        (
            "A cell is read where its row and its column are.",
            f"Windows of {k} × {k} taps, {d} cells apart, begin in {starts}."
            if d > 1
            else f"Windows of {k} × {k} cells begin in {starts}.",
        ),
        (
            f"Rows that no window reads: {_named(unread[0])}.",
            f"Columns that no window reads: {_named(unread[1])}.",
        ),
        Slide(size=(h, w), kernel_size=(k, k), stride=(s, s), dilation=(d, d), view="coverage"),
        board=tuple(("",) * w for _ in range(h)),
        why=why,
    )


def _marked_wrongly(size, k, s, d, unread):
    """Slips of cells that no window reads."""

    def marked(rows, cols):
        board = np.zeros(size, int)
        board[rows] = board[:, cols] = 1
        return board.tolist()

    rows, cols = unread
    (h, w), ends = size, d == 1 and s <= k
    slips = [((1 - np.array(marked(rows, cols))).tolist(), "those are the cells that are read")]
    if rows and cols:
        slips += [
            (marked(rows, []), "those are the rows; there are columns that no window reads too"),
            (marked([], cols), "those are the columns; there are rows that no window reads too"),
        ]
    if ends and len(rows) != len(cols):
        slips.append((marked([*range(h - len(cols), h)], [*range(w - len(rows), w)]),
                      "rows and columns are swapped: the floor is taken on each axis"))  # fmt: skip
    if ends:
        start = marked([*range(len(rows))], [*range(len(cols))])
        slips.append((start, "windows begin at the first row and column: the end is left over"))
    if d > 1:
        dense = coverage(size, k, s) == 0
        slips.append((dense.astype(int).tolist(), "that is dense: the taps stand apart"))
    return slips


def _named(places):
    return ", ".join(map(str, places)) or "none"


def row_size(rng):
    """A2: one dimension."""
    n, k, s = 5, 2, 2
    if rng:
        k, s = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        n = k + s * int(rng.integers(1, 4)) + int(rng.integers(1, s))
    answer = conv_output_size(n, k, s)
    return Question(
        f"{n} cells in a row, a kernel of {k}, stride {s}, no padding. How many outputs?",
        "number",
        answer,
        [
            (exact(n, k, s), ROUND_DOWN),
            (answer + 1, ROUND_UP),
            (answer - 1, FIRST),
            (n - k + 1, f"that is the number with stride 1; the stride is {s}"),
            (n // s, f"that is {n} / {s}, rounded down: the kernel is left out"),
            (n - k, f"that is {n} − {k}: divide by the stride, round down and add 1"),
        ],
        ("Place the windows one by one.", f"floor(({n} − {k}) / {s}) + 1."),
        (
            f"floor(({n} − {k}) / {s}) + 1 = {answer - 1} + 1 = {answer}.",
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
    size, span = conv_output_size(n, k, s, p, d), d * (k - 1) + 1
    answer = f, size, size

    def of(one):
        return f, one, one

    return Question(
        f"{counted(c, 'channel')} of {n} × {n}, {counted(f, 'filter')} of {k} × {k}, padding "
        f"{p} on each side, stride "
        f"{s}, dilation {d} (1 is dense). What shape is the output? Channels first.",
        "shape",
        answer,
        [
            (of((n + 2 * p - 1) // s + 1), "that is with a span of 1, as if the dilation were 0: "
                                           "the span is d (k − 1) + 1"),
            ((c, size, size), f"each filter makes one channel, so there are {f}, not {c}"),
            ((c * f, size, size), "a filter adds its channels up: one map for each filter"),
            (of(conv_output_size(n, k, s, p)), f"that is dense; dilation {d} makes the kernel "
                                               "span more"),
            (of(max(0, (n + 2 * p - d * k) // s + 1)), "that is with a span of d k; it is "
                                                       "d (k − 1) + 1"),
            (of(conv_output_size(n, k, s, 0, d)), "that is without the padding"),
            (of((n + p - span) // s + 1), f"the padding is on both sides: 2 · {p} cells"),
            (of(exact(n + 2 * p, span, s)), ROUND_DOWN),
            (of(size - 1), FIRST),
            (of(n + 2 * p - span + 1), f"that is with stride 1; the stride is {s}"),
            ((size, size), "that is one map: the number of filters comes first"),
            ((size, size, f), "the right numbers, but channels come first here"),
        ],
        (
            f"The dilated kernel spans {d} · ({k} − 1) + 1 = {span} cells.",
            "floor((n + 2p − d(k − 1) − 1) / s) + 1 from n cells, with padding p, dilation d, a "
            "kernel of k and stride s; and one channel for each filter.",
        ),
        (
            f"floor(({n} + 2 · {p} − {d} · {k - 1} − 1) / {s}) + 1 = {size}.",
            f"One channel for each filter: {times(answer)}.",
        ),
        Slide(size=(n, n), kernel_size=(k, k), padding=((p, p), (p, p)), stride=(s, s),
              dilation=(d, d), in_channels=c, out_channels=f),
    )  # fmt: skip


def _stacked(rng, full):
    """Two layers one after the other."""
    d, k1, k2 = 8, 3, 3
    if rng:
        k1, k2 = (int(m) for m in rng.integers(2, 6, 2))
        d = k1 + k2 + int(rng.integers(1, 9))
    pads = [k - 1 if full else 0 for k in (k1, k2)]
    steps = stack(
        parse(
            ";".join(
                f"Conv2d(1,1,(1,{k}),padding=(0,{pad}))"
                for k, pad in zip((k1, k2), pads, strict=True)
            )
        ),
        (1, 1, d),
    )
    middle, answer = (step.output_shape[-1] for step in steps)
    this, other = ("full", "valid") if full else ("valid", "full")
    grow = 1 if full else -1
    formula = "d + k1 + k2 − 2" if full else "d − k1 − k2 + 2"
    written = formula.replace("k1", f"{k1}").replace("k2", f"{k2}").replace("d", f"{d}")
    sums = "the sizes of the kernels are {}, but each layer {} k − 1"
    return Question(
        f"Two {this} 1-D layers one after the other, kernels of {k1} and {k2}, on {d} cells. How "
        "many cells come out?",
        "number",
        answer,
        [
            (middle, "that is after the first layer"),
            *([(d + grow * (k2 - 1), f"that is through the kernel of {k2} alone")] * (k1 != k2)),
            (d, "that is the length that went in, which only 'same' layers keep"),
            (d - grow * (k1 + k2 - 2), f"that is for two {other} layers"),
            (d + grow * (k1 + k2), sums.format(*(("added", "adds") if full
                                                 else ("taken away", "takes away")))),
            (d + grow * (k1 + k2 - 1), f"the 1 of k − 1 counts in both layers: {written}"),
            (d + grow * (k1 * k2 - 1), "the kernels don't multiply: two layers are one kernel of "
                                       f"{k1} + {k2} − 1 cells"),
            (k1 + k2 - 1, "that is the size of one kernel that does what both do"),
        ],
        ("Take one layer at a time.", f"{formula} from d cells, with kernels of k1 and k2."),
        (f"{d} → {middle} → {answer}: {written} = {answer}.",),
        Shapes(layers=tuple(step.layer for step in steps), shape=(1, 1, d), at=2),
    )  # fmt: skip


def two_valid(rng):
    """B12."""
    return _stacked(rng, full=False)


def two_full(rng):
    """B14."""
    return _stacked(rng, full=True)


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
            ([exact(n + 2 * p, k, s) for n in (h, w)], ROUND_DOWN),
            ([-(-(n + 2 * p - k) // s) + 1 for n in (h, w)], ROUND_UP),
            ([conv_output_size(n, k, s) for n in (h, w)], f"that is without the padding of {p}"),
            ([(n - k + p) // s + 1 for n in (h, w)], "padding is on both sides: 2p"),
            ([n + 2 * p - k + 1 for n in (h, w)], f"that is with stride 1; the stride is {s}"),
            ([n - 1 for n in answer], FIRST),
            (answer[::-1], SWAPPED),
        ],
        ("A padding of p on every side makes the input larger by 2p.",
         "floor((n − k + 2p) / s) + 1 rows from n rows, with a kernel of k and stride s; so for "
         "the columns."),
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
    span = d * (k - 1) + 1
    slips = [
        (2 * before, "that is both sides together"),
        (span, "that is how many cells the kernel spans"),
        (span / 2, "the middle cell stays where it is: (span − 1) / 2"),
        (0, "without padding the output is smaller than the input"),
        (d * (k + 1) // 2, "half of k − 1, not of k + 1: the middle cell stays where it is"),
    ]
    if d > 1:
        slips += [
            ((k - 1) // 2, "that is dense: the dilation spreads the kernel"),
            ((d + 1) * (k - 1) // 2, "dilation 1 is dense: with dilation d there are d − 1 cells "
                                     "between two taps, not d"),
            (d * k / 2, "that is d k / 2: there are k − 1 steps between k taps"),
        ]  # fmt: skip
    return Question(
        f"A {k} × {k} kernel with stride 1 and dilation {d}. How much padding on each side "
        "keeps the size of the input?",
        "number",
        before,
        slips,
        (
            f"The kernel spans {span} cells.",
            "Half of what the size loses: d (k − 1) / 2, with a kernel of k and dilation d.",
        ),
        (f"{d} · ({k} − 1) / 2 = {before}. An even span needs one more on one side.",),
        Slide(size=(9, 9), kernel_size=(k, k), dilation=(d, d), padding="same"),
    )


EXERCISES = (
    Exercise("A1", "Size with a stride", "Sizes", 1, output_size,
             "the part of a window that does not fit: the size is rounded down"),
    Exercise("A1, unread", "What is never read", "Sizes", 2, never_read,
             "taking the columns for the rows: what is left over is found on each axis by itself"),
    Exercise("A2", "A row of cells", "Sizes", 1, row_size,
             "rounding up: what is left over holds no window"),
    Exercise("A3", "Padding, stride, dilation", "Sizes", 2, formula,
             "putting dilation 0 for a dense kernel into this formula: it is 1"),
    Exercise("B12", "Two valid layers", "Sizes", 2, two_valid),
    Exercise("B14", "Two full layers", "Sizes", 2, two_full),
    Exercise("C1", "Size with padding", "Sizes", 1, padded),
    Exercise("E5", "Padding that keeps the size", "Sizes", 1, keeping),
)  # fmt: skip
