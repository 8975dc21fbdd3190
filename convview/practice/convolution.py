"""Exercises that ask for the numbers of a convolution, or their cost."""

import numpy as np

from convcore import conv1d, conv2d, convolve1d
from convview.labels import label
from convview.params import Shapes, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import (
    TWO_CHANNELS,
    listed,
    nested,
    planes,
    products,
    signed,
    uneven,
    whole,
)
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
            (nested(w), "that is the same kernel: only a symmetric one hides the difference"),
            (nested(-w), "the index changes its sign, not the numbers"),
            (nested(-w[::-1]), "turning it round is right, but no number changes its sign"),
        ],
        (
            "Convolution: y[i] = sum over k of w[k] x[i − k]; cross-correlation: y[i] = sum over k "
            "of w[k] x[i + k]; w is the kernel.",
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
    first, second = (conv1d(x[c : c + 1], weight[None, c : c + 1], None, s)[0] for c in (0, 1))
    terms = products(x[:, :3].ravel(), weight.ravel())
    return Question(
        f"x has two channels, {listed(x[0])} and {listed(x[1])}. One filter W has the rows "
        f"{listed(weight[0])} and {listed(weight[1])}. Stride {s}, no padding, no bias, no flip. "
        "What is y?",
        "row",
        nested(y),
        [
            (nested(conv1d(x, weight[None])[0]), f"that is with stride 1; the stride is {s}"),
            (nested(first), "that is the first channel alone: the channels add up"),
            (nested(second), "that is the second channel alone: the channels add up"),
            (nested(first - second), "that is the first channel less the second: they add up"),
            (nested(y / 2), "that is the mean of the channels: they add up"),
            (nested(conv1d(x, weight[None, :, ::-1], None, s)[0]), "the rows of W were flipped"),
            (nested(conv1d(x, weight[None, ::-1], None, s)[0]), "the rows of W were exchanged: its "
                                                                "first row is for channel 0"),
        ],
        (
            f"y[j] = sum over c and k of x[c, {s}j + k] W[c, k].",
            f"{len(y)} outputs; the first window holds {listed(x[0, :3])} and {listed(x[1, :3])}.",
        ),
        (f"y[0] = {terms} = {label(y[0])}.", f"y = {listed(y)}."),
        params,
    )  # fmt: skip


def _convolved(mode):
    def draw(rng):
        x, w = np.array([5.0, 6, 7, 8]), np.array([3.0, 0, 1])
        if rng:
            w = uneven(rng, -2, 4, 3)
            x = whole(rng, 0, 9, int(rng.integers(4, 6)))
        modes = ("full", "same", "valid")
        flipped = {name: convolve1d(x, w, name) for name in modes}
        straight = {name: convolve1d(x, w[::-1], name) for name in modes}
        answer = flipped[mode]
        others = [name for name in modes if name != mode]
        slips = [(nested(straight[mode]), "the flip was forgotten")]
        slips += [(nested(flipped[name]), f"that is '{name}', not '{mode}'") for name in others]
        slips += [(nested(straight[name]), f"that is '{name}', not '{mode}', and the flip was "
                                           "forgotten") for name in others]  # fmt: skip
        if mode == "same":
            full = flipped["full"]
            slips += [
                (nested(full[: len(x)]), "that is the start of the full one; 'same' is its middle"),
                (nested(full[-len(x) :]), "that is the end of the full one; 'same' is its middle"),
            ]
        return Question(
            f"{listed(x)} * {listed(w)} with flipping, {mode}: which numbers?",
            "row",
            nested(answer),
            slips,
            (
                f"{len(answer)} numbers: '{mode}'.",
                f"Slide {listed(w[::-1])}, the kernel turned round.",
            ),
            (f"The full one is {listed(flipped['full'])}.", f"'{mode}': {listed(answer)}."),
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

    def layer(weight=w, bias=b, stride=s, padding=1):
        return conv2d(x[None], weight[None, None], [bias], stride, padding)[0]

    y, turned = layer(), w[::-1, ::-1]
    corner = products(x[:2, :2].ravel(), w[1:, 1:].ravel())
    return Question(
        f"x = {listed(x)}, F = {listed(w)}, bias {label(b)}, padding 1, stride {s}, no flip. What "
        "is y, all of it?",
        "matrix",
        nested(y),
        [
            (nested(layer(bias=0)), "the bias is missing"),
            (nested(layer(bias=-b)), "the bias was taken away: it is added"),
            (nested(layer(turned)), "the filter F was flipped"),
            (nested(layer(turned, 0)), "the filter F was flipped, and the bias is missing"),
            (nested(layer(w.T)), "the filter F was transposed"),
            (nested(layer(padding=0)), "that is without padding"),
            (nested(layer(stride=1)), f"that is with stride 1; the stride is {s}"),
        ],
        (
            f"{y.shape[0]} × {y.shape[1]} outputs: windows start at −1 and at {s - 1}.",
            f"y[h, w] = sum over a, b of F[a, b] x_pad[{s}h + a, {s}w + b], plus the bias; with "
            "x_pad for x with its padding.",
        ),
        (f"y[0, 0] = {corner} + {signed(b)} = {label(y[0, 0])}, without the zeros of the padding.",
         f"y = {listed(y)}."),
        Slide(size=(3, 3), x=planes(x), weight=planes(w), bias=(((b,),),),
              stride=(s, s), padding=((1, 1), (1, 1))),
    )  # fmt: skip


def loops(rng):
    """D1."""
    c, n, k, s, f = 3, 9, 3, 2, 4
    if rng:
        n, k, s, f = (int(rng.integers(*ends)) for ends in ((7, 13), (2, 5), (2, 4), (2, 6)))
    y = conv2d(np.zeros((c, n, n)), np.zeros((f, c, k, k)), None, s)
    answer, weights = y.size * c * k * k, f * c * k * k
    rows, cols = y.shape[1:]
    return Question(
        f"Nested loops over an RGB picture of {n} × {n}: {f} filters of {k} × {k}, stride {s}, no "
        "padding. How many multiplications?",
        "number",
        answer,
        [
            (answer // c, "each filter reads all three colours"),
            (answer // f, "each of the filters slides over the picture"),
            (answer // (c * f), "that is one filter on one colour"),
            (answer // (k * k), f"each output takes {k} · {k} products of each colour"),
            (weights * (n - k + 1) ** 2, f"that is with stride 1; the stride is {s}"),
            (weights * n * n, f"that is an output at each of the {n} · {n} cells"),
            (weights * (-(-n // s)) ** 2, "that is with padding 'same'; no padding is asked for"),
            (weights * (rows - 1) * (cols - 1), "the windows at the very start count too"),
            (weights * ((n - k) / s + 1) ** 2,
             f"the size of the output is rounded down: it is {rows}"),
            (weights * rows, f"that is one column of the output; it has {cols}"),
            (weights, "that is how many weights there are: each is used at every output"),
            (y.size, "that is how many outputs there are"),
        ],
        (f"The output is {f} × {rows} × {cols}.", f"Each takes {c} · {k} · {k} products."),
        (
            f"Filters, rows and columns of the output, colours, and the {k} × {k} of a filter: "
            f"{f} · {rows} · {cols} · {c} · {k} · {k} = {answer:,}.",
        ),
        Shapes(layers=parse(f"Conv2d({c},{f},{k},stride={s})"), shape=(c, n, n), at=1),
    )


EXERCISES = (
    Exercise("A4", "The kernel that is learnt", "Convolution", 1, learned,
             "the same kernel: only a symmetric one hides the difference"),
    Exercise("A5", "Two channels, one filter", "Convolution", 2, two_channels),
    Exercise("B10", "Full convolution", "Convolution", 2, _convolved("full")),
    Exercise("B10, same", "Convolution, same", "Convolution", 2, _convolved("same")),
    Exercise("B10, valid", "Convolution, valid", "Convolution", 1, _convolved("valid")),
    Exercise("D1", "Counting loops", "Convolution", 2, loops),
    Exercise("E1", "With bias and padding", "Convolution", 2, one_output),
)  # fmt: skip
