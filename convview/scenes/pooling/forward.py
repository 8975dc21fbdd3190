"""The window slides and takes the maximum, or the average."""

import numpy as np

from convview.scene import Scene
from convview.scenes.pooling import words
from convview.scenes.pooling.pooled import alike, pooled

SYMBOLS = {"input": "x", "output": "y"}


def scene(params, x):
    result = pooled(params, x)
    return Scene(
        view=params.view,
        grids=(result.input_grid(), result.output_grid()),
        columns=((0.58, ("input",)), (0.42, ("output",))),
        sweeps=(result.sweep(columns=(0, 1), words=(1, 1)),),
        formula=words.formula(result),
        notes=(
            *words.notes(result),
            "No weights: there is nothing to learn, and each channel is pooled by itself.",
        ),
        symbols=SYMBOLS,
        predict=params.predict,
    )


def both(params, x):
    """The maximum beside the average, in step."""
    most, mean = (pooled(params, x, kind) for kind in ("max", "average"))
    return Scene(
        view=params.view,
        grids=(
            most.input_grid(),
            most.output_grid(title="Max"),
            mean.output_grid("output_average", "Average"),
            mean.input_grid("input_average", editable=False),
        ),
        columns=((0.4, ("input",)), (0.3, ("output",)), (0.3, ("output_average",))),
        sweeps=(
            most.sweep(columns=(0, 1), words=(0, 1)),
            mean.sweep("output_average", "input_average", columns=(2, 2), words=(2, 2)),
        ),
        formula=words.formula(most),
        notes=(
            "Max takes one number of each window as it is; the average mixes all that count.",
            words.largest(np.abs(most.y - mean.y).max(), "maximum and average"),
            *words.notes(most),
            *(f"Average: {note}" for note in words.average_notes(mean)),
        ),
        symbols=SYMBOLS | {"output_average": "a", "input_average": "x"},
        twins=(alike("output", "output_average", most.y),),
        predict=params.predict,
    )
