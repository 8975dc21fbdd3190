"""Exercises on the shapes of derivatives."""

from convcore import conv_output_size
from convview.params import Gradients
from convview.practice.question import Exercise, Question
from convview.practice.rows import DENSE, TWO_CHANNELS, counted, times


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
            ((out, c, k), "the axes of the filters are missing, in y and in W"),
            ((f, c, k), "that is the shape of W, and of dL/dW; each element of y has one of those"),
            ((f, out), "that is the shape of y; each of its elements has a derivative by all of W"),
            ((f, out, c, k), "the filter axis of W is missing"),
            ((out, f, c, k), "the filter axis of y is missing"),
            ((f, c, k, f, out), "that is W first: the shape of y comes first"),
            ((f, out, c, n), "that is the shape of dy/dx"),
            ((f * out, f * c * k), "that is the matrix, with the axes of y in one and those of W "
                                   "in the other; the tensor keeps them apart"),
        ],
        ("One derivative for each element of y and each of W.", "The shape of y, then that of W."),
        (
            f"y is {times((f, out))}, W is {times((f, c, k))}: dy/dW is {times(answer)}.",
            f"[i, j, i', c', k'] is x[c', {s}j + k'] where i = i', else 0: the im2col matrix.",
        ),
        _layer(c, n, f, k, s, view="dydw"),
    )  # fmt: skip


def dy_dx(rng):
    """A7."""
    c, n, f, k, s, out = _jacobian_sizes(rng)
    answer = f, out, c, n
    return Question(
        f"{_described(c, n, f, k, s)}, so y is {f} × {out}. What shape is the full tensor dy/dx?",
        "shape",
        answer,
        [
            ((f, out, c, k), f"the last axis runs over the {n} inputs, not over the {k} taps"),
            ((out, c, n), "the filter axis of y is missing"),
            ((f, out, n), "the channel axis of x is missing"),
            ((c, n), "that is the shape of x; each element of y has one of those"),
            ((f, out), "that is the shape of y; each of its elements has a derivative by all of x"),
            ((c, n, f, out), "that is x first: the shape of y comes first"),
            ((f, out, f, c, k), "that is the shape of dy/dW"),
            ((f * out, c * n), "that is the matrix, with the axes of y in one and those of x in "
                               "the other; the tensor keeps them apart"),
        ],
        ("One derivative for each element of y and each of x.", "The shape of y, then that of x."),
        (
            f"y is {times((f, out))}, x is {times((c, n))}: dy/dx is {times(answer)}.",
            f"[i, j, c', k'] is W[i, c', k' − {s}j] where 0 ≤ k' − {s}j < {k}, else 0.",
        ),
        _layer(c, n, f, k, s, view="dydx"),
    )  # fmt: skip


def dl_dw(rng):
    """A8."""
    c, n, f, k, s, out = _jacobian_sizes(rng)
    answer = f, c, k
    return Question(
        f"{_described(c, n, f, k, s)}. The gradient g = dL/dy is given. What shape is dL/dW?",
        "shape",
        answer,
        [
            ((f, out), "that is the shape of the output, and of g"),
            ((c, n), "that is the shape of x"),
            ((f, out, f, c, k), "that is dy/dW; g has summed up the axes of y"),
            ((c, k), "the filter axis is missing: W has one, so dL/dW has it too"),
            ((f, k), "the channel axis is missing: W has one, so dL/dW has it too"),
            ((c, f, k), "filters come first, then channels"),
            ((k, c, f), "the axes are in reverse order: filters, channels, taps"),
        ],
        ("L is one number.", "A gradient has the shape of what it is the gradient of."),
        (
            f"That of W: {times(answer)}.",
            f"dL/dW[i, c, k] = sum over j of g[i, j] x[c, {s}j + k]: the stride became the "
            "dilation.",
        ),
        _layer(c, n, f, k, s, view="weight"),
    )


EXERCISES = (
    Exercise("A6", "The shape of dy/dW", "Gradients", 3, dy_dw,
             "a shape without the axes of the filters, of which y has one and W another"),
    Exercise("A7", "The shape of dy/dx", "Gradients", 3, dy_dx,
             "the last axis: it runs over the inputs, not over the taps"),
    Exercise("A8", "The shape of dL/dW", "Gradients", 2, dl_dw, "the shape of the output"),
)  # fmt: skip
