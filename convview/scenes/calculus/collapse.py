"""A network without non-linearity is one matrix, and no better than logistic regression: C4."""

import numpy as np

from convview.labels import label
from convview.linear_network import (
    CELLS,
    CLASSES,
    INNER,
    KERNEL,
    PICTURES,
    POOL,
    SIDE,
    STEPS,
    Training,
    composed,
)
from convview.scenes.calculus.shown import Shown
from convview.scenes.chart import Chart
from convview.scenes.panel import signed


def linear(params, training=None):
    """The matrix, how far its outputs are from the network's, and the losses so far.

    training : None for one that has not begun
    """
    training = training or Training(params.filters, params.seed)
    network = training.network
    matrix, offset = composed(network)
    scores = network.scores(training.x)
    apart = float(np.abs(training.flat @ matrix.T + offset - scores).max())
    top = float(np.abs(matrix).max())
    panels = [
        signed(f"row {n}", f"Its row for “{name}”", row.reshape(SIDE, SIDE), top, act="")
        for n, (name, row) in enumerate(zip(CLASSES, matrix, strict=True))
    ]
    losses, best = training.losses, training.best
    table = [
        ["Loss on the pictures", "at first", f"after {training.steps} steps", "least so far"],
        *(
            [name, *(_loss(one) for one in (some[0], some[-1], min(some)))]
            for name, some in losses.items()
        ),
        ["logistic regression, its best", "", "", _loss(best)],
    ]  # fmt: skip
    features = params.filters * INNER**2
    own = sum(part.size for part in network.parts)
    filters = f"{params.filters} filter{'s' * (params.filters > 1)}"
    notes = (
        f"{PICTURES} noisy pictures of {SIDE} × {SIDE}, {len(CLASSES)} classes: convolution "
        f"({filters} {KERNEL} × {KERNEL}), average pooling {POOL} × {POOL}, dense from {features} "
        f"to {len(CLASSES)}, softmax; {own} numbers.",
        f"Composed: the zero picture gives the offset, each of {CELLS} pictures with a single 1 a "
        f"column. Matrix and network differ by at most {label(apart)} on all pictures.",
        f"So the network is a logistic regression with {len(CLASSES) * (CELLS + 1)} numbers that "
        f"has only {own} to choose: its least loss, {_loss(min(losses['network']))} so far, can't "
        f"be below {_loss(best)}.",
    )
    count = np.arange(len(losses["network"]))
    whole = np.array([0, STEPS])
    lines = {name: (count, np.array(some)) for name, some in losses.items()}
    lines["best possible"] = np.array([best, best])
    said = (
        f"Losses over {training.steps} steps; the network is at {_loss(losses['network'][-1])}, "
        f"logistic regression at {_loss(losses['logistic regression'][-1])}."
    )
    chart = Chart("Loss by step", "step", whole, lines, said, ends=(0.0, _ceiling(losses)))
    return Shown((chart,), table, notes, tuple(panels))


def _loss(value):
    return f"{value:.5f}"


def _ceiling(losses):
    return float(np.ceil(max(max(some) for some in losses.values()) * 5) / 5)
