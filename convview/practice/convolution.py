"""Exercises that ask for the numbers of a convolution, or their cost."""

import numpy as np

from convcore import conv1d, conv2d, convolve1d
from convview.labels import label
from convview.params import Shapes, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import TWO_CHANNELS, listed, nested, planes, uneven, whole
from convview.torch_code import parse


def learned(rng):
    """A4."""
    w = np.array([1.0, 2.0, 3.0]) if rng is None else uneven(rng, -4, 5, int(rng.integers(3, 5)))
    return Question(
        f"A layer that convolves has learnt the kernel {listed(w)}. A layer that cross-correlates "
        "is to compute the same outputs. Which kernel does it learn?",
        "row",
        nested(w[::-1]),
        [
            (nested(w), "That is the same kernel: only a symmetric one hides the difference."),
            (nested(-w), "The index changes its sign, not the numbers."),
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
        x, weight = whole(rng, 0, 4, 2, n), whole(rng, -2, 3, 2, 3)
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
        nested(y),
        [
            (nested(dense), f"That is with stride 1; the stride is {s}."),
            (nested(alone), "That is the first channel alone: the channels add up."),
            (nested(conv1d(x, weight[None, :, ::-1], None, s)[0]), "The kernel was flipped."),
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
            w = uneven(rng, -2, 4, 3)
            x = whole(rng, 0, 9, int(rng.integers(4, 6)))
        answer = convolve1d(x, w, mode)
        others = {name: convolve1d(x, w, name) for name in ("full", "same", "valid")}
        return Question(
            f"[{', '.join(map(label, x))}] * [{', '.join(map(label, w))}] with flipping, {mode}: "
            "which numbers?",
            "row",
            nested(answer),
            [
                (nested(convolve1d(x, w[::-1], mode)), "The flip was forgotten."),
                *(
                    (nested(one), f"That is '{name}', not '{mode}'.")
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


def one_output(rng):
    """E1."""
    x, w = (
        np.array([[1.0, 2, 0], [0, 1, 3], [2, 1, 1]]),
        np.array([[1.0, 0, 1], [2, 1, 0], [0, 1, 1]]),
    )
    b, s = 2.0, 2
    if rng:
        x, w, b = whole(rng, 0, 4, 3, 3), whole(rng, -2, 2, 3, 3), float(rng.integers(-3, 4) or 1)
    y = conv2d(x[None], w[None, None], [b], s, 1)[0]
    bare = conv2d(x[None], w[None, None], None, s, 1)[0]
    return Question(
        f"x = {listed(x)}, F = {listed(w)}, bias {label(b)}, padding 1, stride {s}, no flip. What "
        "is y, all of it?",
        "matrix",
        nested(y),
        [
            (nested(bare), "The bias is missing."),
            (nested(conv2d(x[None], w[None, None, ::-1, ::-1], [b], s, 1)[0]), "F was flipped."),
        ],
        (
            f"{y.shape[0]} × {y.shape[1]} outputs: windows start at −1 and at {s - 1}.",
            "y[h, w] = sum of F[kh, kw] x_pad[hS + kh, wS + kw] + b.",
        ),
        (f"y = {listed(y)}.",),
        Slide(size=(3, 3), x=planes(x), weight=planes(w), bias=(((b,),),),
              stride=(s, s), padding=((1, 1), (1, 1))),
    )  # fmt: skip


def loops(rng):
    """D1."""
    c, n, k, s, f = 3, 9, 3, 2, 4
    if rng:
        n, k, s, f = (int(rng.integers(*ends)) for ends in ((7, 13), (2, 5), (2, 4), (2, 6)))
    y = conv2d(np.zeros((c, n, n)), np.zeros((f, c, k, k)), None, s)
    answer = y.size * c * k * k
    return Question(
        f"Nested loops over an RGB picture of {n} × {n}: {f} filters of {k} × {k}, stride {s}, no "
        "padding. How many multiplications?",
        "number",
        answer,
        [(answer // c, "Each filter reads all three colours."),
         (answer // f, "Each of the filters slides over the picture."),
         (f * c * k * k * (n - k + 1) ** 2, f"That is with stride 1; the stride is {s}.")],
        (f"The output is {f} × {y.shape[1]} × {y.shape[2]}.", f"Each takes {c} · {k} · {k} "
                                                              "products."),
        (f"{f} · {y.shape[1]} · {y.shape[2]} · {c} · {k} · {k} = {answer:,}.",),
        Shapes(layers=parse(f"Conv2d({c},{f},{k},stride={s})"), shape=(c, n, n), at=1),
    )  # fmt: skip


EXERCISES = (
    Exercise("A4", "The kernel that is learnt", "Convolution", 1, learned,
             "that the kernel is the same: symmetric ones hide the difference"),
    Exercise("A5", "Two channels, one filter", "Convolution", 2, two_channels),
    Exercise("B10", "Full convolution", "Convolution", 2, _convolved("full")),
    Exercise("B10, same", "Convolution, same", "Convolution", 2, _convolved("same")),
    Exercise("B10, valid", "Convolution, valid", "Convolution", 1, _convolved("valid")),
    Exercise("D1", "Counting loops", "Convolution", 2, loops),
    Exercise("E1", "A layer with bias and padding", "Convolution", 2, one_output),
)  # fmt: skip
