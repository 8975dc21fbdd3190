"""Exercises on layers one after the other, and on their cost."""

import numpy as np

from convcore import avg_pool2d, conv2d, receptive_field
from convcore.stack import Conv2d, Flatten, Linear, stack
from convview.labels import label
from convview.params import Calculus, Shapes
from convview.practice.question import Exercise, Question
from convview.practice.rows import counted, times
from convview.torch_code import parse


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


def ratio(rng):
    """C2."""
    h, w, k = (12, 12, 3)
    if rng:
        k = int(rng.integers(2, 5))
        h, w = (int(n) for n in rng.integers(k + 1, 13, 2))
    c, f = 3, 4
    layer = stack([Conv2d(c, f, k)], (c, h, w))[-1]
    out = layer.output_shape
    full = stack([Flatten(), Linear(c * h * w, int(np.prod(out)), bias=False)], (c, h, w))[-1]
    answer = layer.macs / full.macs
    return Question(
        f"{c} channels of {h} × {w}, a convolution with kernels of {k} × {k}, beside a fully "
        f"connected layer with the same output of {f} maps. How many multiplications does the "
        "convolution take, as a fraction of those?",
        "number",
        answer,
        [(1 / answer, "The other way round."),
         (k * k / (c * h * w), "Both read all channels: they cancel.")],
        ("For each output: C · H_K · W_K products against C · H · W.",
         f"{k} · {k} / ({h} · {w})."),
        (f"{layer.macs:,} against {full.macs:,}: {k * k} / {h * w} = {label(answer)}.",),
        Shapes(layers=parse(f"Conv2d({c},{f},{k})"), shape=(c, h, w), at=1),
    )  # fmt: skip


def one_matrix(rng):
    """C4."""
    few, side, classes = 2, 6, 3
    if rng:
        few, side = int(rng.integers(1, 5)), int(rng.choice([4, 6, 8]))
        classes = int(rng.integers(2, 7))
    cells = side * side
    basis = np.concatenate([np.zeros((1, cells)), np.eye(cells)]).reshape(-1, 1, side, side)
    pooled = avg_pool2d(conv2d(basis, np.ones((few, 1, 3, 3)), np.ones(few)), 2)
    scores = pooled.reshape(len(basis), -1) @ np.ones((pooled[0].size, classes))
    answer = scores.size  # a column for each of the basis, and the offset
    own = few * 10 + classes * (pooled[0].size + 1)
    return Question(
        f"A network of a 3 × 3 convolution ({counted(few, 'filter')}, bias), average pooling by "
        f"2 × 2 and a dense layer, without non-linearity, takes pictures of {side} × {side} to "
        f"{classes} classes. "
        "Composed it is one matrix and one offset. How many numbers are these together?",
        "number",
        answer,
        [(answer - classes, "Without the offset, one for each class."),
         (own, "That is the network's own number of parameters.")],
        (f"A row for each class, a column for each of {cells} cells.",
         "And an offset for each class."),
        (f"{classes} · {cells} + {classes} = {answer}: those of a logistic regression. "
         "Composed, the network is one of them, so its loss can't be below their best.",),
        Calculus(view="linear", filters=few),
    )  # fmt: skip


EXERCISES = (
    Exercise("B11", "Through three layers", "Networks", 2, network),
    Exercise("C2", "Convolution beside dense", "Networks", 2, ratio),
    Exercise("C4", "A network that is one matrix", "Networks", 3, one_matrix),
    Exercise("E6", "How far a unit sees", "Networks", 3, field),
)  # fmt: skip
