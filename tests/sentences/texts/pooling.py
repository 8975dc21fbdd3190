"""Cards and exercises of /pooling, window by window."""

import numpy as np

from tests.sentences import pools
from tests.sentences.prepared import same, says


def pooled(at, kind, x=None):
    x = at.x if x is None else x
    return pools.windows(at.params).pooled(x, kind, at.params.count_include_pad)


def is_routed(at):
    """Whether each upstream number goes to the first maximum of its window."""
    if "upstream" not in at.drawn:
        return False
    windows = pools.windows(at.params)
    back = windows.back(at.x, at.grid("upstream"), "max")
    return (windows.winners(at.x) >= 0).all() and at.shows(grad_input=back)


@says("The largest wins", "Max pooling keeps one number of each window, average pooling a share of "
      "all.", but=[{"view": "forward"}])  # fmt: skip
def one_number_or_all(at):
    """Each number of a window has a share in its average; its maximum is one of them."""
    read = pools.windows(at.params).of(at.x, np.nan)
    most = pooled(at, "max")
    shares = read / read.shape[-1]
    return (
        at.shows(output=most, output_average=shares.sum(-1))
        and (read == most[..., None]).any(-1).all()
        and at.at_step("output") > at.at_step("output_average")
    )


@says("The winner takes the gradient",
      "Backward, each upstream number goes to one cell; what wins in several windows gets the sum "
      "of theirs.",
      "Backward through max pooling: to the arg-max only; what wins in several windows gets the "
      "sum of theirs",
      but=[{"kind": "average"}, {"kernel_size": (2, 2), "stride": (2, 2)},
           {"view": "forward"}])  # fmt: skip
def to_the_winner(at):
    """A cell is there that two windows give their numbers to."""
    ones = np.ones(pooled(at, "max").shape)
    return is_routed(at) and pools.windows(at.params).back(at.x, ones, "max").max() > 1


@says("Three libraries, three answers", "The same pooling in PyTorch, ONNX and TensorFlow: which "
      "cells differ, and why.", but=[{"kind": "max"}, {"padding": ((0, 0), (0, 0))}])  # fmt: skip
def three_answers(at):
    """Each differs from both others, at the step where the card begins too; the notes say why."""
    names = ("output", "output_onnx", "output_tensorflow")
    if not at.drawn.issuperset(names):
        return False
    notes = " ".join(at.made.notes)
    return (
        at.shows(output=pooled(at, "average"))
        and at.shows(output_tensorflow=pools.by_jax(at.params, "SAME"))
        and same(at.grid("output_onnx"), pools.by_onnx(at.params), rtol=1e-6)  # in float32
        and len({at.grid(name).tobytes() for name in names}) == 3
        and len({round(at.at_step(name), 9) for name in names}) == 3
        and all(word in notes for word in ("ONNX's AveragePool", "TensorFlow's", "PyTorch's"))
    )


@says("R[i, j] = max of I[2i + a, 2j + b]: 1 + (7 − 3) / 2 = 3 rows, 1 + (9 − 3) / 2 = 4 columns",
      but=[{"stride": (1, 1)}, {"size": (7, 8)}, {"kind": "average"}])  # fmt: skip
def strided(at):
    if at.x.shape != (1, 7, 9):
        return False
    y = [
        [[at.x[0, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3].max() for j in range(4)] for i in range(3)]
    ]
    return at.shows(output=np.array(y))


@says("Max pooling and ReLU commute: in either order the same numbers", but=[{"view": "forward"}])
def commute(at):
    y = np.maximum(pooled(at, "max"), 0)
    return at.shows(after=y, output=y, pooled=pooled(at, "max"))


@says("E7, linear",
      "Average pooling is linear, max pooling is not: f(a + b) against f(a) + f(b)",
      but=[{"kind": "max"}])  # fmt: skip
def linear(at):
    if "input_b" not in at.drawn:
        return False
    b = at.grid("input_b")
    apart = {
        kind: np.abs(pooled(at, kind) + pooled(at, kind, b) - pooled(at, kind, at.x + b)).max()
        for kind in ("average", "max")
    }
    both = pooled(at, "average", at.x + b)
    return apart["average"] < 1e-9 < apart["max"] and at.shows(output=both, added=both)


@says("Tie", "Two equal maxima in each window: the first gets the whole gradient",
      but=[{"x": None}])  # fmt: skip
def tie(at):
    return (pools.windows(at.params).equal(at.x).sum(-1) == 2).all() and is_routed(at)


def photograph(factor, left):
    def check(at):
        return (
            at.params.picture == "photo"
            and at.params.kernel_size == (factor, factor)
            and at.shows(output=pooled(at, "max"), output_average=pooled(at, "average"))
            and at.grid("output").shape == (1, left, left)
        )

    return check


for factor, left in ((2, 32), (4, 16), (8, 8)):
    says(f"Photograph by {factor}",
         f"Max against average, {factor} × {factor}: {left} × {left} cells are left",
         but=[{"stride": (1, 1)}, {"picture": "face"}])(photograph(factor, left))  # fmt: skip
