"""What of the numbers in a link does not fit the sizes beside them, or gives way to others."""

from math import prod

import numpy as np

from convcore import ShapeError
from convview import query, torch_code
from convview.params import Input, Pooling, Shapes
from convview.scenes import layer, places, shapes
from convview.scenes.pooling import pooled

PRESETS = {"x": "picture", "weight": "kernel"}  # numbers, and the preset that they stand for
LOSSES = {"grad_y": "upstream", "target": "squares", "cell": "cell", "cell_filter": "cell"}
UNITS = {
    "x": "cell{} of the input", "weight": "weight{}", "bias": "filter{}",
    "grad_y": "cell{} of dL/dy", "target": "cell{} of y",
}  # fmt: skip


def mends(params, asked, notices):
    """The notices of a link, and what else of its numbers, layers and places is not as it says.

    asked : {name: texts}. Of a link that the page has written there is nothing to tell: numbers
    stay in it that a slider has cut off for the moment.
    """
    if query.is_own(params, asked):
        return notices
    notices = list(notices)
    for name, notice in places.beyond(params, asked):
        notices = [one for one in notices if not one.startswith(f"{name} is read as")]
        notices.append(notice)
    if isinstance(params, Shapes) and "layers" in asked:
        notices += _passed(params, asked["layers"][-1])
    if not isinstance(params, Input):
        return notices
    for name, preset in PRESETS.items():
        if name in asked and preset in asked and getattr(params, name, None):
            notices = [one for one in notices if not one.startswith(f"{preset} could not")]
            notices.append(f"{preset} is not shown: {name} takes its place")
    idle = [name for name, loss in LOSSES.items() if getattr(params, "loss", loss) != loss]
    notices += [
        f"{name} is not shown: it counts with loss={LOSSES[name]} alone"
        for name in idle if name in asked
    ]  # fmt: skip
    return notices + [
        _misfit(name, np.shape(getattr(params, name)), shape)
        for name, shape in _shapes(params).items()
        if name in asked and name not in idle and getattr(params, name, None)
        and np.shape(getattr(params, name)) != shape
    ]  # fmt: skip


def _passed(params, text):
    """What is said of layers in a link that was read, for which there is no row."""
    if query.kinds(params)["layers"].read(text) is None:
        return
    names = torch_code.left_out(text)
    if names:
        yield shapes.left_out(names).removesuffix(".")


def _shapes(params):
    """{name: (planes, rows, columns)} that these parameters need, as far as they are possible."""
    needed = {"x": (params.in_channels, *params.size)}
    try:
        if isinstance(params, Pooling):
            return needed | {"grad_y": pooled(params, layer.input_of(params)).y.shape}
        found = layer.layer(params)
    except ShapeError:
        return needed
    needed |= {"weight": found.planes.shape, "bias": (1, 1, params.out_channels)}
    return needed | dict.fromkeys(("grad_y", "target"), found.y.shape)


def _misfit(name, typed, needed):
    """One sentence with both sizes, the planes where there are several."""
    first = 2 if name == "bias" else int(typed[0] == needed[0] == 1)
    sizes = ("1" if prod(one) == 1 else layer.times(one[first:]) for one in (typed, needed))
    lacks = any(a < b for a, b in zip(typed, needed, strict=True))
    exceeds = any(a > b for a, b in zip(typed, needed, strict=True))
    what = ["what is missing is 0"] * lacks + ["what is beyond is left out"] * exceeds
    units = ("number{}", UNITS[name])
    numbers, cells = (
        f"{size} {unit.format('s' * (size != '1'))}"
        for size, unit in zip(sizes, units, strict=True)
    )
    return f"{name} has {numbers} for {cells}: {', '.join(what)}"
