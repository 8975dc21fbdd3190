"""What pooling may be exchanged with: ReLU before or after it, and sums of inputs."""

import numpy as np

from convcore import relu
from convview.params import POOLINGS
from convview.pictures import PICTURES
from convview.scene import Grid, Line, Scene, scale_of
from convview.scenes.layer import named, times
from convview.scenes.pooling import words
from convview.scenes.pooling.pooled import alike, pooled


def rectified(params, x):
    """Pooling of ReLU(x) beside ReLU of the pooled x."""
    first, last = pooled(params, relu(x)), pooled(params, x)
    answer = relu(last.y)
    name = POOLINGS[params.kind].lower()
    lines = (Line.plain(n) for n in answer.shape[1:])
    planes = named("channel", len(answer))
    return Scene(
        view=params.view,
        grids=(
            last.input_grid(),
            first.input_grid("rectified", "ReLU(x)", editable=False),
            first.output_grid(title=f"y = {name} of ReLU(x)"),
            last.output_grid("pooled", f"p = {name} of x"),
            Grid("after", "r = ReLU(p)", times(answer.shape[1:]), "output", answer,
                 *lines, planes, of="pooled"),
        ),
        columns=((0.25, ("input",)), (0.25, ("pooled", "after")),
                 (0.25, ("rectified",)), (0.25, ("output",))),
        sweeps=(
            first.sweep("output", "rectified", columns=(2, 3), words=(2, 3)),
            last.sweep("pooled", "input", columns=(0, 1), words=(0, 1)),
        ),
        formula=words.formula(last),
        notes=(
            *_commutes(first, last, answer),
            *words.notes(last),
        ),
        symbols={"input": "x", "rectified": "ReLU(x)", "pooled": "p", "after": "r", "output": "y"},
        twins=(
            alike("after", "output", answer),
            alike("after", "pooled", answer),
        ),
    )  # fmt: skip


def _commutes(first, last, answer):
    """Whether it matters that ReLU comes first."""
    apart = np.abs(answer[last.sees] - first.y[last.sees]).max(initial=0)
    if first.kind == "average":
        if apart and not words.is_rounding(apart):
            yield "For an average the order matters: some windows here hold both signs."
        else:
            yield "For an average the order matters if a window holds both signs; here none does."
        yield words.largest(apart, "the two orders")
        return
    yield "Max pooling and ReLU commute: a ≤ b gives ReLU(a) ≤ ReLU(b)."
    blind = ~last.sees
    if blind.any():
        yield (
            f"The exception: in {words.windows(blind, last)} there is no input cell, and ReLU "
            "makes the maximum −∞ a 0."
        )
    else:
        yield words.largest(apart, "the two orders")
    other = np.reshape(first.picks, answer.shape) != np.reshape(last.picks, answer.shape)
    if other.any():
        yield (
            f"In {words.windows(other, last)} no number is positive: ReLU makes all of them 0, and "
            "the first wins instead of the largest."
        )


def second(params, shape):
    """The picture b that stands beside a."""
    return PICTURES["signed"](*shape, params.seed + 1)


def linear(params, x):
    """f(a + b) beside f(a) + f(b)."""
    other = second(params, x.shape)
    parts = [pooled(params, values) for values in (x, other, x + other)]
    added = parts[0].y + parts[1].y
    apart = np.zeros(added.shape)
    np.subtract(added, parts[2].y, out=apart, where=np.isfinite(added))
    apart = np.abs(apart)
    differs = apart > 1e-9
    lines = (Line.plain(n) for n in added.shape[1:])
    columns = []
    grids = []
    for name, title, result in zip("abc", ("a", "b", "a + b"), parts, strict=True):
        reads = "input" if name == "a" else f"input_{name}"
        grids.append(result.input_grid(reads, title, editable=name == "a"))
        steps = "output" if name == "c" else f"output_{name}"
        grids.append(result.output_grid(steps, f"f({title})"))
        columns.append((0.25, (reads, steps)))
    grids.append(
        Grid("added", "f(a) + f(b)", times(added.shape[1:]), "output", added, *lines,
             named("channel", len(added)), differs=differs, scale=scale_of(added),
             of="output")
    )  # fmt: skip
    sweeps = (
        parts[2].sweep("output", "input_c", columns=(2, 2), words=(2, 2)),
        parts[0].sweep("output_a", "input", columns=(0, 0), words=(0, 0)),
        parts[1].sweep("output_b", "input_b", columns=(1, 1), words=(1, 1)),
    )
    return Scene(
        view=params.view,
        grids=tuple(grids),
        columns=(*columns, (0.25, ("added",))),
        sweeps=sweeps,
        formula=words.formula(parts[0]),
        notes=(
            _verdict(params.kind, apart.max(initial=0)),
            words.largest(apart.max(initial=0), "f(a) + f(b) and f(a + b)"),
            *["Ringed: cells where f(a) + f(b) is not f(a + b)."] * bool(differs.any()),
            *words.unread(parts[0]),
        ),
        symbols={
            "input": "a", "input_b": "b", "input_c": "(a + b)", "output_a": "f(a)",
            "output_b": "f(b)", "output": "f(a + b)", "added": "f(a) + f(b)",
        },
        twins=(alike("output", "added", added),),
    )  # fmt: skip


def _verdict(kind, apart):
    if kind == "average":
        return "Average pooling is linear: f(a + b) = f(a) + f(b)."
    if apart and not words.is_rounding(apart):
        return (
            "Max pooling is not linear: f(a + b) ≤ f(a) + f(b), and less where no cell of "
            "a window holds both the maximum of a and that of b."
        )
    return (
        "Max pooling is not linear, but here f(a + b) = f(a) + f(b): in each window one cell holds "
        "both the maximum of a and that of b."
    )
