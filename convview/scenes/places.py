"""Places in a link, such as a cell of y, that are beyond the last one: the nearest is shown."""

from math import prod

from convcore import ShapeError
from convview.labels import counted
from convview.params import Filters, Gradients, Shapes
from convview.scenes import layer, shapes
from convview.scenes.filters.answers import input_of
from convview.scenes.filters.closely import nearest
from convview.scenes.gradients.upstream import cell_of


def beyond(params, asked):
    """(name, sentence) of each place in a link that is not there, with the one that is.

    asked : {name: texts}
    """
    for name, there, why in _places(params):
        if name in asked and getattr(params, name) != there:
            written = there if isinstance(there, int) else list(there)
            yield name, f"{name} is read as {written}, counted from {int(name == 'at')}: {why}"


def _places(params):
    """(name, the nearest place there is, how many there are) of what these settings point at."""
    if isinstance(params, Gradients) and params.loss == "cell":
        yield from _outputs(params)
    if isinstance(params, Shapes) and params.layers:
        yield from _layers(params)
    if isinstance(params, Filters) and min(params.look) >= 0 and params.picture != "own":
        channels, *size = input_of(params).shape
        channel, *cell = nearest(params, (channels, *size))
        yield "look", tuple(cell), f"the picture has {_sized(size, 'cell')}"
        yield "channel", channel, f"the picture has {counted(channels, 'channel')}"


def _outputs(params):
    try:
        y = layer.layer(params).y
    except ShapeError:
        return
    plane, *cell = cell_of(params, y)
    yield "cell", tuple(cell), f"y has {_sized(y.shape[1:], 'cell')}"
    yield "cell_filter", plane, f"there {_are(len(y), 'filter')}"


def _layers(params):
    count = len(params.layers)
    yield "at", min(params.at, count), f"there {_are(count, 'layer')}"
    found = shapes.Seen(params)
    size = found.steps[found.at].output_shape[1:] if found.steps else ()
    if size and min(params.unit) >= 0:
        unit = tuple(min(n, side - 1) for n, side in zip(params.unit, size, strict=True))
        yield "unit", unit, f"a channel of layer {found.at + 1} has {_sized(size, 'unit')}"


def _sized(size, noun):
    return f"{layer.times(size)} {noun}s" if prod(size) > 1 else f"1 {noun}"


def _are(count, noun):
    return f"{'is' if count == 1 else 'are'} {counted(count, noun)}"
