"""Pooling: forward, backward, and what it may be exchanged with."""

from convview.params import Pooling
from convview.scenes import layer
from convview.scenes.pooling import backward, dialects, forward, laws
from convview.scenes.pooling.pooled import axes, pooled

__all__ = ["edited", "scene"]

VIEWS = {
    "forward": forward.scene,
    "backward": backward.scene,
    "hits": backward.hits,
    "both": forward.both,
    "relu": laws.rectified,
    "linear": laws.linear,
    "dialects": dialects.scene,
}


def scene(params: Pooling):
    """The scene of a setting; ShapeError where it is impossible."""
    made = VIEWS[params.view](params, layer.input_of(params))
    rows, _ = axes(params)
    return made.in_one_row() if layer.is_one_row(rows) else made


def edited(params, edit, value):
    """The parameters with one number changed."""
    if edit["grid"] != "upstream":
        return layer.edited(params, edit, value)
    y = pooled(params, layer.input_of(params)).y
    return layer.typed(params, "grad_y", backward.upstream_of(params, y), edit, value)
