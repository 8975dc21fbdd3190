"""A stack as far as it works."""

from dataclasses import fields, replace
from functools import lru_cache

from convcore.stack import LayerError, stack
from convview.labels import joined

HIDDEN = ("in_channels", "in_features")  # of a layer: what comes in
BYTES = 4  # of a number, float32

worked_out = lru_cache(maxsize=8)(stack)  # one layer of it after the other is looked at


class Seen:
    """A stack as far as it works.

    steps : of the layers that do; error : LayerError of the first that does not, or None
    """

    def __init__(self, params):
        self.params = params
        self.error = None
        try:
            self.steps = worked_out(params.layers, params.shape)
        except LayerError as error:
            self.error = error
            self.steps = worked_out(params.layers[: error.layer - 1], params.shape)

    @property
    def at(self):
        """Place of the layer that is looked at, from 0, or None if there is none."""
        return min(self.params.at, len(self.steps)) - 1 if self.steps else None

    def shape_before(self, place):
        return self.steps[place - 1].output_shape if place else self.params.shape


def filled(found):
    """The layers that work, with the channels that come in written out."""
    shape = found.params.shape
    layers = []
    for layer, step in zip(found.params.layers, found.steps, strict=False):
        names = {f.name for f in fields(layer)} & set(HIDDEN)
        layers.append(replace(layer, **{name: shape[0] for name in names}))
        shape = step.output_shape
    return tuple(layers)


def spoken(name):
    """An argument of a layer in a sentence; PyTorch's own name where the table does not show it."""
    return name if name in HIDDEN else name.replace("_", " ")


def typed(value):
    """A value as it is typed into the table: 3, or 3, 2."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def along(value, axis):
    """One number, or that of an axis of a pair."""
    return value[axis] if isinstance(value, tuple) else value


def left_out(names, alone=False):
    """What is said of layers of a text that no row is made for; alone : there are no others."""
    be, they, change = ("is", "it", "changes") if len(names) == 1 else ("are", "they", "change")
    said = f"{joined(names)} {be} left out: {they} {change} neither shape nor cost."
    return f"{said} There is nothing else, so the stack stays as it was." if alone else said
