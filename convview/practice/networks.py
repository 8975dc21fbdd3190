"""Exercises on layers one after the other, and on their cost."""

import numpy as np

from convcore import avg_pool2d, conv2d, receptive_field
from convcore.stack import Conv2d, Flatten, Linear, stack
from convview.labels import equals
from convview.params import Calculus, Shapes
from convview.practice.question import PERCENT, Exercise, Question
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
    shapes = [tuple(step.output_shape) for step in stack(layers, (3, size, size))]
    answer = shapes[-1]
    (_, half, _), (_, last, _) = shapes[0], answer

    def of(n):
        return second, n, n

    return Question(
        f"3 × {size} × {size}, then {first} filters of 8 × 8 with stride 2 and padding 3, max "
        f"pooling by 2 × 2, {second} filters of 3 × 3 with stride 1 and padding 1. What shape "
        "comes out? Channels first.",
        "shape",
        answer,
        [
            (shapes[0], "that is after the first layer"),
            (shapes[1], "that is after the pooling: one channel for each filter of the last layer"),
            (of(half), "the pooling halves both sizes"),
            (of(last - 2), "that is without padding in the last layer: padding 1 keeps the size"),
            (of((half - 3) // 2), "that is without padding in the first layer"),
            (of((size - 1) // 2), "that is with stride 1 in the first layer"),
            (of((half - 1) // 2), "the window at the very start counts too: add 1"),
            (of(last // 2), "the stride of 2 and the pooling halve, the last layer does not"),
            ((first * second, last, last), "a filter adds its channels up: one channel for each "
                                           "filter of the last layer"),
            ((last, last, second), "the right numbers, but channels come first here"),
            ((3, last, last), "one channel for each filter of the last layer, not of the picture"),
        ],
        (
            f"First layer: floor(({size} + 6 − 8) / 2) + 1 = {half}.",
            "Pooling halves; padding 1 keeps the size under a 3 × 3 kernel.",
        ),
        (" → ".join(times(one) for one in shapes) + ".",),
        Shapes(layers=layers, shape=(3, size, size), at=3),
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
        f"connected layer with the same output of {f} maps. What fraction of that layer's "
        "multiplications does the convolution take?",
        "number",
        answer,
        [
            (1 / answer, "the other way round: this many times as many in the connected layer"),
            (1 - answer, "that is the part that is saved"),
            (100 * answer, PERCENT),
            (answer / c, "both read all channels: they cancel"),
            (answer * c, "both read all channels: they cancel"),
            (answer / f, "both make all maps: they cancel"),
            (k * k / np.prod(out[1:]), "that is beside the size of the output; each output of the "
                                       "connected layer reads the whole input"),
            (f * c * k * k / full.macs, "those are the weights: each is multiplied at every output "
                                        "of its map"),
            (k / h, "that is k / H: both axes count"),
            (k / w, "that is k / W: both axes count"),
            (k / (h * w), "a kernel has k · k weights of each channel"),
        ],
        (f"For each output: {c} · {k} · {k} products against {c} · {h} · {w}.",
         f"{k} · {k} / ({h} · {w})."),
        (f"{layer.macs:,} against {full.macs:,}.", f"{k * k} / {h * w} {equals(answer)}."),
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
    features = pooled[0].size
    own, dense = few * 10, classes * (features + 1)
    return Question(
        f"A network of a 3 × 3 convolution ({counted(few, 'filter')}, bias), average pooling by "
        f"2 × 2 and a dense layer, without non-linearity, takes pictures of {side} × {side} to "
        f"{classes} classes. "
        "Composed it is one matrix and one offset. How many numbers are these together?",
        "number",
        answer,
        [
            (classes * cells, "that is without the offset, one for each class"),
            (classes * cells + 1, "the offset is a vector: one for each class"),
            (classes * cells + cells, "the offset has a number for each class, not each cell"),
            (cells + 1, "that is for one class"),
            (cells, "that is one row of the matrix"),
            (classes * (side + 1), f"a picture has {side} · {side} cells"),
            (own + dense, "that is the network's own number of parameters"),
            (dense, "those are the parameters of the dense layer alone"),
            (own, "those are the parameters of the convolution alone"),
            (few * answer, "the filters are inside the matrix: it goes from cells to classes"),
        ],
        (f"A row for each class, a column for each of {cells} cells.",
         "And an offset for each class."),
        (f"{classes} · {cells} + {classes} = {answer}: those of a logistic regression. "
         "Composed, the network is one of them, so its loss can't be below their best.",),
        Calculus(view="linear", filters=few),
    )  # fmt: skip


def field(rng):
    """E6."""
    count, k, s = 4, 3, 2
    if rng:
        count, k, s = int(rng.integers(2, 5)), int(rng.integers(3, 6)), int(rng.integers(2, 4))
    code = ";".join(f"Conv2d(None,8,{k},stride={s})" for _ in range(count))
    seen = [int(receptive_field([(k, s)] * n).receptive_field) for n in range(1, count + 2)]
    answer, jumps = seen[count - 1], [s**n for n in range(count)]
    size = answer + s**count
    return Question(
        f"{count} layers one after the other, kernels of {k} × {k}, stride {s}. How many input "
        "cells from the first to the last does a unit see, per axis?",
        "number",
        answer,
        [
            (seen[count], f"that is one layer more: there are {count}"),
            (seen[count - 2], f"that is one layer less: there are {count}"),
            (1 + count * (k - 1), "that is with stride 1: each stride spreads the steps of the "
                                  "layers after it"),
            (1 + count * (k - 1) * s, "the strides multiply from layer to layer, they don't add"),
            (1 + s * (answer - 1), "the stride of a layer spreads the layers after it, not its own "
                                   "kernel"),
            (1 + k * sum(jumps), "each layer adds k − 1 steps, not k"),
            (answer - 1, "the first cell counts too: start with 1"),
            (k**count, "the kernels don't multiply; what they add is spread by the strides before"),
            (count * k, "the kernels overlap, and the strides spread them"),
            (s**count, "that is the jump: how far two neighbours' fields are apart"),
            (answer**2, "per axis, not the cells of the square"),
        ],
        ("Start with 1 and go from the input on.", "1 + the sum over the layers of (k − 1) times "
         "the jump before, with a kernel of k; the jump is the product of the strides before."),
        (
            "1 + " + " + ".join(f"{k - 1} · {jump}" for jump in jumps) + f" = {answer}.",
        ),
        Shapes(layers=parse(code), shape=(1, size, size), at=count),
    )  # fmt: skip


EXERCISES = (
    Exercise("B11", "Through three layers", "Networks", 2, network),
    Exercise("C2", "Convolution beside dense", "Networks", 2, ratio),
    Exercise("C4", "A network as one matrix", "Networks", 3, one_matrix),
    Exercise("E6", "How far a unit sees", "Networks", 3, field),
)  # fmt: skip
