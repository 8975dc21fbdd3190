"""A network without non-linearity is one matrix, and no better than logistic regression: C4."""

import numpy as np

from convview.labels import counted
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
    """The matrix that the network is, and the losses so far.

    training : None for one that has not begun
    """
    training = training or Training(params.filters, params.seed)
    network = training.network
    matrix, _ = composed(network)
    top = float(np.abs(matrix).max())
    panels = [
        signed(f"row {n}", f"The matrix's row for “{name}”", row.reshape(SIDE, SIDE), top, act="")
        for n, (name, row) in enumerate(zip(CLASSES, matrix, strict=True))
    ]
    losses, best = training.losses, training.best
    steps = counted(training.steps, "step")
    table = [
        ["Loss on the pictures", "at first", f"after {steps}", "least so far"],
        *(
            [name, *(_loss(one) for one in (some[0], some[-1], min(some)))]
            for name, some in losses.items()
        ),
        ["logistic regression, its best", "", "", _loss(best)],
    ]  # fmt: skip
    features = params.filters * INNER**2
    own = sum(part.size for part in network.parts)
    filters = counted(params.filters, "filter")
    notes = (
        f"{PICTURES} noisy pictures of {SIDE} × {SIDE}, of {len(CLASSES)} classes. The network: "
        f"convolution ({filters} of {KERNEL} × {KERNEL}), average pooling {POOL} × {POOL}, dense "
        f"from {features} to {len(CLASSES)}, softmax; {own} numbers.",
        "Composed: the zero picture gives the offset; each of the "
        f"{CELLS} pictures with a single 1 gives, less the offset, one column of the matrix. "
        "On the noisy pictures matrix and network agree up to rounding, to less than 10⁻⁹.",
        f"So the network is a logistic regression with {len(CLASSES) * (CELLS + 1)} numbers that "
        f"has only {own} to choose: its least loss, {_loss(min(losses['network']))} so far, "
        f"can't be below the best of all logistic regressions, {_loss(best)}.",
    )
    count = np.arange(len(losses["network"]))
    whole = np.array([0, STEPS])
    lines = {name: (count, np.array(some)) for name, some in losses.items()}
    lines["best possible"] = np.array([best, best])
    said = (
        f"{f'Losses over {steps}' if training.steps else 'Before the first step'}; "
        f"the network is at {_loss(losses['network'][-1])}, "
        f"logistic regression at {_loss(losses['logistic regression'][-1])}."
    )
    chart = Chart("Loss by step", "step", whole, lines, said, ends=(0.0, _ceiling(losses)))
    return Shown((chart,), table, notes, tuple(panels))


def _loss(value):
    return f"≈ {value:.5f}"  # a loss is no short decimal


def _ceiling(losses):
    return float(np.ceil(max(max(some) for some in losses.values()) * 5) / 5)
