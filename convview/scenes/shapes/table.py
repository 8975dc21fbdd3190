"""The table of a stack, one row for each layer, and its drawing."""

from dataclasses import fields
from fractions import Fraction

import numpy as np

from convcore import receptive_field
from convcore.stack import ConvTranspose2d
from convview.scenes.layer import times
from convview.scenes.shapes.acts import NEW
from convview.scenes.shapes.seen import BYTES, HIDDEN, along, counted

LABELS = {
    "out_channels": "out",
    "kernel_size": "kernel",
    "output_padding": "extra",
    "ceil_mode": "ceil",
    "count_include_pad": "count padding",
    "out_features": "out",
}
TALL, WIDE = 110, 70  # of the largest block in the drawing, px


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
    part = f"of {len(steps)} of {len(rows)} layers" if found.error else "in all"
    totals = [
        f"{counted(sum(_amount(step, name) for step in steps))} {words}"
        for name, words in (
            ("parameters", "parameters"), ("macs", "MACs"), ("memory", "bytes of activations"),
        )
    ] + [part]  # fmt: skip
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


def sees(found, place):
    """Receptive field, jump and start of a layer, and what it never reads; {} behind a flatten."""
    step = found.steps[place]
    if step.row_ties is None:
        return {}
    layers = [one.layer for one in found.steps[: place + 1] if one.rows is not None]
    along = [_along(found, layers, place, axis) for axis in (0, 1)]
    words = {}
    for name, pair in zip(("field", "jump", "start"), zip(*along, strict=True), strict=True):
        rows, cols = map(_short, pair)
        words[name] = rows if rows == cols else f"{rows} × {cols}"
    if step.rows is not None:
        sizes = found.shape_before(place)[1:]
        unread = [
            _unread(step.layer, *pair)
            for pair in zip((step.rows, step.columns), sizes, strict=True)
        ]
        words["unread"] = ", ".join(
            f"{count} {word}{'s' * (count > 1)}"
            for count, word in zip(unread, ("row", "column"), strict=True)
            if count
        )
    return words


def _unread(layer, axis, size):
    """Rows or columns that come in and go into nothing."""
    if isinstance(layer, ConvTranspose2d):  # its taps run the other way: all of theirs are cropped
        return int((~axis.inside[:size].any(1)).sum())
    return int((axis.counts == 0).sum())


def _widest(ties):
    """The most cells from the first to the last that an output sees."""
    starts = ties.indptr[:-1][np.diff(ties.indptr) > 0]
    if not len(starts):
        return 0
    cells = ties.indices
    return int((np.maximum.reduceat(cells, starts) - np.minimum.reduceat(cells, starts)).max()) + 1


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
        field = _widest(step.column_ties if axis else step.row_ties)
    else:
        numbers = [_numbers(layer, axis) for layer in layers]
        field = receptive_field(numbers).receptive_field
    return field, jump, start


def _numbers(layer, axis):
    kernel = along(layer.kernel_size, axis)
    stride = kernel if layer.stride is None else along(layer.stride, axis)
    dilation = along(getattr(layer, "dilation", 1), axis)
    padding = layer.padding
    if isinstance(padding, str):
        padding = (kernel - 1) * dilation // 2 if padding == "same" else 0
    return kernel, stride, along(padding, axis), dilation


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
