"""A stack of layers as a table, a drawing, formulas, and what a unit sees."""

from dataclasses import fields, replace
from fractions import Fraction
from math import prod

import numpy as np

from convcore import ShapeError, receptive_field
from convcore.stack import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    stack,
)
from convview import torch_code
from convview.query import kinds
from convview.scenes.layer import times

NEW = {  # what a layer is when it is put in
    "Conv2d": Conv2d(None, 8, 3),
    "ConvTranspose2d": ConvTranspose2d(None, 8, 2, 2),
    "MaxPool2d": MaxPool2d(2),
    "AvgPool2d": AvgPool2d(2),
    "ReLU": ReLU(),
    "Flatten": Flatten(),
    "Linear": Linear(None, 10),
}
LABELS = {
    "out_channels": "out",
    "kernel_size": "kernel",
    "output_padding": "extra",
    "ceil_mode": "ceil",
    "count_include_pad": "count padding",
    "out_features": "out",
}
HIDDEN = ("in_channels", "in_features")  # what comes in
BYTES = 4  # of a number, float32
TALL, WIDE = 110, 70  # of the largest block in the drawing, px


class Seen:
    """A stack as far as it works.

    steps : of the layers that do; error : ShapeError of the first that does not, or None
    """

    def __init__(self, params):
        self.params = params
        self.steps, self.error = (), None
        for count in range(len(params.layers), -1, -1):
            try:
                self.steps = stack(params.layers[:count], params.shape)
                break
            except ShapeError as error:
                self.error = error

    @property
    def at(self):
        """Place of the layer that is looked at, from 0, or None if there is none."""
        return min(self.params.at, len(self.steps)) - 1 if self.steps else None

    def shape_before(self, place):
        return self.steps[place - 1].output_shape if place else self.params.shape


def seen(params):
    return Seen(params)


def table(found):
    """One row for each layer: its settings, and what comes of them."""
    steps = found.steps
    most = {
        name: max([1, *(_amount(step, name) for step in steps)])
        for name in ("parameters", "macs", "memory")
    }
    rows = []
    for place, layer in enumerate(found.params.layers):
        row = {"kind": type(layer).__name__, "fields": list(_fields(layer))}
        if place < len(steps):
            step = steps[place]
            row["output"] = times(step.output_shape)
            row["amounts"] = [
                {
                    "name": name,
                    "text": counted(_amount(step, name)),
                    "part": _amount(step, name) / most[name],
                }
                for name in most
            ]
            row["sees"] = sees(found, place)
        elif place == len(steps):
            row["error"] = message(found.error)
        rows.append(row)
    totals = [
        f"{name}: {counted(sum(_amount(step, name) for step in steps))}"
        for name in ("parameters", "macs", "memory")
    ]
    return {
        "rows": rows,
        "kinds": list(NEW),
        "at": found.at,
        "totals": totals,
        "drawing": drawing(found),
    }


def message(error):
    """A refusal without the name of the function and the layer, which stand beside it."""
    return str(error).split(": ", 2)[-1].partition(" Use ")[0]


def _fields(layer):
    for one in fields(layer):
        if one.name in HIDDEN:
            continue
        value = getattr(layer, one.name)
        entry = {"name": one.name, "label": LABELS.get(one.name, one.name)}
        if isinstance(value, bool):
            yield entry | {"on": value}
        else:
            yield entry | {"text": _written(layer, one.name, value)}


def _written(layer, name, value):
    if value is None:  # a pooling's stride
        value = layer.kernel_size
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _amount(step, name):
    return step.activations * BYTES if name == "memory" else getattr(step, name)


def counted(number):
    """Whole numbers with commas."""
    return f"{number:,}"


def sees(found, place):
    """Receptive field, jump and start of a layer, and what it never reads; {} behind a flatten."""
    step = found.steps[place]
    if step.reach_rows is None:
        return {}
    layers = [one.layer for one in found.steps[: place + 1] if one.rows is not None]
    along = [_along(found, layers, place, axis) for axis in (0, 1)]
    words = {}
    for name, pair in zip(("field", "jump", "start"), zip(*along, strict=True), strict=True):
        rows, cols = map(_short, pair)
        words[name] = rows if rows == cols else f"{rows} × {cols}"
    if step.rows is not None and not isinstance(step.layer, ConvTranspose2d):
        unread = [int((axis.counts == 0).sum()) for axis in (step.rows, step.columns)]
        words["unread"] = ", ".join(
            f"{count} {word}{'s' * (count > 1)}"
            for count, word in zip(unread, ("row", "column"), strict=True)
            if count
        )
    return words


def _along(found, layers, place, axis):
    """(field, jump, start) along one axis; the field is measured where a layer runs backwards."""
    jump, start = Fraction(1), Fraction(0)
    for layer in layers:
        kernel, stride, padding, dilation = _numbers(layer, axis)
        half = Fraction((kernel - 1) * dilation, 2)
        if isinstance(layer, ConvTranspose2d):
            start += (padding - half) / stride * jump
            jump /= stride
        else:
            start += (half - padding) * jump
            jump *= stride
    if any(isinstance(layer, ConvTranspose2d) for layer in layers):
        step = found.steps[place]
        reach = step.reach_columns if axis else step.reach_rows
        field = max((_span(row)[1] - _span(row)[0] + 1 for row in reach if row.any()), default=0)
    else:
        numbers = [_numbers(layer, axis) for layer in layers]
        field = receptive_field(numbers).receptive_field
    return field, jump, start


def _numbers(layer, axis):
    kernel = _of(layer.kernel_size, axis)
    stride = kernel if layer.stride is None else _of(layer.stride, axis)
    dilation = _of(getattr(layer, "dilation", 1), axis)
    padding = layer.padding
    if isinstance(padding, str):
        padding = (kernel - 1) * dilation // 2 if padding == "same" else 0
    return kernel, stride, _of(padding, axis), dilation


def _of(value, axis):
    return value[axis] if isinstance(value, tuple) else value


def _span(row):
    cells = np.flatnonzero(row)
    return cells[0], cells[-1]


def _short(number):
    number = Fraction(number)
    if number.denominator == 1:
        return str(number.numerator).replace("-", "\u2212")
    if number.denominator in (2, 4, 8):
        return f"{float(number):g}".replace("-", "\u2212")
    return f"{number.numerator}/{number.denominator}".replace("-", "\u2212")


def drawing(found):
    """The blocks of the drawing: heights as the rows, widths as the channels, both to scale."""
    shapes = [found.params.shape, *(step.output_shape for step in found.steps)]
    images = [shape for shape in shapes if len(shape) == 3]
    tallest = max(shape[1] for shape in images)
    deepest = max(shape[0] for shape in shapes)
    blocks = []
    for shape in shapes:
        height = shape[1] / tallest if len(shape) == 3 else 1 / tallest
        blocks.append(
            {
                "high": max(2, TALL * height),
                "wide": max(2, WIDE * shape[0] / deepest),
                "text": times(shape),
            }
        )
    return blocks


def details(found):
    """Sentences on the layer that is looked at: its formulas with their numbers."""
    if found.at is None:
        return
    step, before = found.steps[found.at], found.shape_before(found.at)
    if step.rows is not None:
        yield from _size_lines(step)
    yield from _cost_lines(step, before)
    yield f"Memory: {counted(step.activations)} numbers, {_kilobytes(step)} as float32."


def filled(found):
    """The layers with the channels that come in written out, as far as the stack works."""
    shape = found.params.shape
    layers = []
    for layer, step in zip(found.params.layers, found.steps, strict=False):
        names = {f.name for f in fields(layer)} & set(HIDDEN)
        layers.append(replace(layer, **{name: shape[0] for name in names}))
        shape = step.output_shape
    return (*layers, *found.params.layers[len(layers) :])


def _size_lines(step):
    axes = [("size", step.rows)]
    if step.rows != step.columns:
        axes = [("rows", step.rows), ("columns", step.columns)]
    for word, axis in axes:
        before, after = axis.padding
        pads = f"2·{before}" if before == after else f"({before} + {after})"
        kernel = f"{axis.dilation}·({axis.kernel_size} − 1)"
        if isinstance(step.layer, ConvTranspose2d):
            out = axis.size
            cells = out + before + after - axis.leftover - axis.effective_kernel_size
            inputs = cells // axis.stride + 1
            yield (
                f"Output {word} = ({inputs} − 1)·{axis.stride} − {pads} + {kernel} + "
                f"{out + before + after - (inputs - 1) * axis.stride - axis.effective_kernel_size}"
                f" + 1 = {out}"
            )
            continue
        ceil = getattr(step.layer, "ceil_mode", False)
        down, up = "⌈⌉" if ceil else "⌊⌋"
        yield (
            f"Output {word} = {down}({axis.size} + {pads} − {kernel} − 1) / {axis.stride}{up} + 1 "
            f"= {axis.output_size}"
        )


def _cost_lines(step, before):
    layer = step.layer
    if isinstance(layer, (Conv2d, ConvTranspose2d)):
        kernel = [_of(layer.kernel_size, axis) for axis in (0, 1)]
        channels = (before[0], step.output_shape[0])
        inner = channels[0] if isinstance(layer, Conv2d) else channels[1]
        outer = channels[1] if isinstance(layer, Conv2d) else channels[0]
        each = f"{inner // layer.groups}" + (f" (of {layer.groups} groups)" * (layer.groups > 1))
        product = f"{outer} · {each} · {kernel[0]} · {kernel[1]}"
        yield (
            f"Parameters: {product} = {counted(step.weights)} weights"
            + (f" + {counted(step.biases)} biases = {counted(step.parameters)}"
               if step.biases else ", no bias")
        )  # fmt: skip
        places = step.output_shape[1:] if isinstance(layer, Conv2d) else before[1:]
        yield (
            f"Multiply-accumulates: {counted(step.weights)} · {places[0]} · {places[1]} = "
            f"{counted(step.macs)}"
        )
        if isinstance(layer, Conv2d) and layer.groups == 1:
            yield _against_linear(step, before, kernel)
    elif isinstance(layer, Linear):
        yield (
            f"Parameters: {before[0]} · {layer.out_features} = {counted(step.weights)} weights"
            + (f" + {step.biases} biases = {counted(step.parameters)}" if step.biases else "")
        )
    else:
        yield "Nothing to learn."


def _against_linear(step, before, kernel):
    """C2: the same output from a fully connected layer."""
    full = prod(before) * step.activations
    ratio = Fraction(kernel[0] * kernel[1], before[1] * before[2])
    return (
        f"A fully connected layer with the same output: {times(before)} · "
        f"{times(step.output_shape)} = {counted(full)} multiplications. The convolution needs "
        f"H_K W_K / (H W) = {kernel[0]}·{kernel[1]} / ({before[1]}·{before[2]}) = {ratio} of them."
    )


def _kilobytes(step):
    size = step.activations * BYTES
    return f"{size / 1024:,.1f} KiB" if size >= 1024 else f"{size} bytes"


def view(found):
    """What the field view draws: for each output row and column, the input cells that it reads."""
    if found.at is None or found.steps[found.at].reach_rows is None:
        return None
    step = found.steps[found.at]
    _, height, width = found.params.shape
    rows, cols = (_tables(reach) for reach in (step.reach_rows, step.reach_columns))
    return {
        "input": [height, width],
        "rows": rows,
        "cols": rows if step.reach_rows is step.reach_columns else cols,
        "name": f"layer {found.at + 1}, {type(step.layer).__name__}",
    }


def _tables(reach):
    """[[first cell, [count, ...]], ...] for each output; [0, []] for one that reads none."""
    found = []
    for row in reach:
        if row.any():
            low, high = _span(row)
            found.append([int(low), [float(n) for n in row[low : high + 1]]])
        else:
            found.append([0, []])
    return found


def acted(params, act):
    """The parameters after one act of the table; ValueError where a number cannot be taken.

    act : {"act": "edit", "place", "name", "text" or "on"}, {"act": "kind", "place", "kind"}, or
        "look", "up", "down", "remove" at a place, or "add" behind it
    """
    place = act.get("place", 0)
    if act.get("act") == "look":
        return replace(params, at=place + 1)
    return taken(params, _changed(params.layers, act))


def taken(params, layers):
    """The parameters with other layers; ValueError where they are too many or too large."""
    if len(layers) > torch_code.MOST_LAYERS:
        raise ValueError(f"At most {torch_code.MOST_LAYERS} layers are shown.")
    kind = kinds(params)["layers"]
    large = kind.too_large(layers)
    if large:
        raise ValueError(f"Layer {large[0]}: {large[1]} up to {kind.largest} can be shown.")
    return replace(params, layers=tuple(layers))


def mended(params, fix):
    """The layers with the fix of a refused stack applied, or None where it says too little."""
    fix = dict(fix)
    place = fix.pop("layer") - 1
    known = {f.name for f in fields(params.layers[place])}
    layers = list(params.layers)
    if fix.get("insert") in NEW:
        return (*layers[:place], NEW[fix["insert"]], *layers[place:])
    if not fix or not set(fix) <= known:
        return None
    layers[place] = replace(layers[place], **fix)
    return tuple(layers)


def _changed(layers, act):
    layers = list(layers)
    name, place = act.get("act"), act.get("place", 0)
    if name == "add":
        return tuple([*layers[: place + 1], NEW["Conv2d"], *layers[place + 1 :]])
    if not 0 <= place < len(layers):
        return tuple(layers)
    if name == "remove":
        del layers[place]
    elif name in ("up", "down"):
        other = place + (1 if name == "down" else -1)
        if 0 <= other < len(layers):
            layers[place], layers[other] = layers[other], layers[place]
    elif name == "kind" and act.get("kind") in NEW:
        layers[place] = _turned(layers[place], NEW[act["kind"]])
    elif name == "edit":
        layers[place] = _edited(layers[place], act)
    return tuple(layers)


def _turned(old, new):
    """The new kind of layer, with what both kinds have."""
    shared = {f.name for f in fields(old)} & {f.name for f in fields(new)} - set(HIDDEN)
    return type(new)(**{**vars(new), **{name: getattr(old, name) for name in shared}})


def _edited(layer, act):
    """One argument typed anew, read as PyTorch code is."""
    known = {f.name: f for f in fields(layer)}
    if act.get("name") not in known:
        return layer
    text = repr(bool(act["on"])) if "on" in act else _argument(str(act.get("text", ""))[:40])
    values = {**{n: repr(getattr(layer, n)) for n in known}, act["name"]: text}
    code = ", ".join(f"{name}={value}" for name, value in values.items())
    try:
        (read,) = torch_code.parse(f"{type(layer).__name__}({code})")
    except torch_code.CodeError as error:  # its column is none that the person sees
        raise ValueError(error.rule.capitalize()) from None
    return read


def _argument(text):
    """3, (3, 2) of "3, 2" or "3 x 2", 'same'."""
    text = text.strip().replace("×", "x")
    if text in ("same", "valid"):
        return repr(text)
    parts = text.replace("x", ",").split(",")
    return f"({text.replace('x', ',')})" if len(parts) > 1 else text or "None"
