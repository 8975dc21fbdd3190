"""Where the gradients of a layer come from: scatter beside gather, dL/dw, transposed, Jacobians."""

from dataclasses import replace

from convview.params import Gradients
from convview.scenes import layer, presets
from convview.scenes.gradients import (
    build_up,
    into_input,
    into_weight,
    jacobians,
    transposed,
)
from convview.scenes.gradients.upstream import edited, upstream_of

__all__ = ["edited", "scene"]

VIEWS = {
    "input": into_input.scene,
    "build": build_up.scene,
    "weight": into_weight.scene,
    "transposed": transposed.scene,
    "dydx": jacobians.by_input,
    "dydw": jacobians.by_weight,
}


def scene(params: Gradients):
    """The scene of a setting; ShapeError where it is impossible."""
    result = layer.layer(params)
    made = VIEWS[params.view](params, result, upstream_of(params, result))
    if any(grid.name == "kernel" for grid in made.grids):
        made = replace(made, notes=(*made.notes, *presets.notes(params)))
    adds_rows = params.view == "transposed" and params.output_padding[0]
    return made.in_one_row() if result.one_row and not adds_rows else made
