"""The table of a stack, one row for each layer, and its drawing."""

from dataclasses import fields
from fractions import Fraction

import numpy as np

from convcore.receptive import receptive_fields
from convcore.stack import ConvTranspose2d
from convview.labels import counted
from convview.scenes.layer import LINES, times
from convview.scenes.shapes.acts import NEW
from convview.scenes.shapes.seen import BYTES, HIDDEN, along, spoken, typed

LABELS = {
    "out_channels": "out",
    "kernel_size": "kernel",
    "output_padding": "output padding",
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
    seen = list(sights(found))
    rows = []
    for place, layer in enumerate(found.params.layers):
        row = {"kind": type(layer).__name__, "fields": list(_fields(layer))}
        if place < len(steps):
            step = steps[place]
            row["output"] = times(step.output_shape)
            row["amounts"] = [
                {
                    "text": f"{_amount(step, name):,}",
                    "part": _amount(step, name) / most[name],
                }
                for name in most
            ]
            row["sees"] = seen[place]
        elif place == len(steps):
            row["error"] = message(found.error)
        rows.append(row)
    part = "in all"
    if found.error:
        part = f"for {len(steps)} of {counted(len(rows), 'layer')} "
        part += f"(layer {found.error.layer} stops it)"
    totals = [
        counted(sum(_amount(step, name) for step in steps), word) + more
        for name, word, more in (
            ("parameters", "parameter", ""), ("macs", "MAC", ""),
            ("memory", "byte", " of activations"),
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
    """A refusal without the name of the function and the layer, which stand beside it.

    Nor what to use instead, where there is a button for that.
    """
    if error.rule in WORDS:
        return WORDS[error.rule].format_map(_Typed(error.numbers))
    rule = str(error).split(": ", 2)[-1].replace("in ceil_mode", "with ceil")
    return rule.partition(" Use ")[0] if error.fixes else rule


WORDS = {  # of the rules whose messages speak of keywords and tuples
    "half": "padding must be at most half of the window, as in PyTorch; got padding {padding} for "
    "a kernel of {kernel}.",
    "same": 'padding "same" keeps the size, so it needs stride 1; got stride {stride}.',
    "output padding": "output padding must be less than the larger of stride and dilation, as in "
    "PyTorch; got output padding {output_padding}, stride {stride}, dilation {dilation}.",
    "vector": "Linear needs one vector; what comes in is {shape}.",
    "image": "it needs channels, rows and columns; what comes in is one vector of {shape}. Put it "
    "before Flatten.",
    "number": "{name} must be {must}; got {value}.",
}


class _Typed(dict):
    """Numbers as the page writes them."""

    def __getitem__(self, name):
        value = super().__getitem__(name)
        if name == "shape":
            return times(value) if len(value) > 1 else counted(*value, "number")
        if name == "must" and isinstance(self.get("value"), tuple):
            return f"{value} on each axis"
        return spoken(value) if name == "name" else typed(value)


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
    return typed(value)


def _amount(step, name):
    return step.activations * BYTES if name == "memory" else getattr(step, name)


def sights(found):
    """What a layer sees, for each: receptive field, jump, start, and what it never reads.

    {} for a layer behind a flatten. Sizes as 3 × 4, places as (1, 2); one number where both are
    the same. Where no unit reads anything, none has a place either.
    """
    seen = [step for step in found.steps if step.row_ties is not None]
    along = [_along(seen, axis) for axis in (0, 1)]
    at = 0  # layers with windows so far
    for place, step in enumerate(seen):
        at += step.rows is not None
        words = {}
        fields, jumps, starts = zip(along[0][at], along[1][at], strict=True)
        fields = tuple((size,) for size in fields)
        if is_backwards(seen[: place + 1]):
            fields = tuple(map(spans, (step.row_ties, step.column_ties)))
        if (0,) in fields:
            words["field"] = "0"
        else:
            words["field"] = sized(*fields)
            words["jump"], words["start"] = _placed(*jumps), _placed(*starts)
        if step.rows is not None:
            sizes = found.shape_before(place)[1:]
            unread = [
                _unread(step.layer, *pair)
                for pair in zip((step.rows, step.columns), sizes, strict=True)
            ]
            words["unread"] = ", ".join(
                counted(count, word)
                for count, word in zip(unread, LINES, strict=True)
                if count
            )
            if any(count == size for count, size in zip(unread, sizes, strict=True)):
                words["unread"] = "all"
        yield words
    yield from ({} for _ in found.steps[len(seen) :])


def _unread(layer, axis, size):
    """Rows or columns that come in and go into nothing."""
    if isinstance(layer, ConvTranspose2d):  # its taps run the other way: all of theirs are cropped
        return int((~axis.inside[:size].any(1)).sum())
    return int((axis.counts == 0).sum())


def is_backwards(steps):
    """Whether one of these layers runs backwards: behind it the units need not see alike."""
    return any(isinstance(step.layer, ConvTranspose2d) for step in steps)


def spans(ties):
    """Cells from the first to the last that an output sees: each number that occurs, in order."""
    starts = ties.indptr[:-1][np.diff(ties.indptr) > 0]
    blind = (0,) * (len(starts) < ties.shape[0])
    if not len(starts):
        return blind
    cells = ties.indices
    sizes = np.maximum.reduceat(cells, starts) - np.minimum.reduceat(cells, starts) + 1
    return *blind, *np.unique(sizes).tolist()


def sized(rows, cols):
    """3 × 4; 3 for both; (0 or 1) × 2, where units differ."""
    one, other = map(among, (rows, cols))
    if one == other:
        return one
    return " × ".join(f"({text})" if " " in text else text for text in (one, other))


def among(sizes):
    """3; 3 or 5 of (3, 5); 2 to 4 of (2, 3, 4).

    >>> among((3,)), among((3, 5)), among((2, 3, 4))
    ('3', '3 or 5', '2 to 4')
    """
    low, *_, high = sizes * 2
    if len(sizes) <= 2:
        return " or ".join(map(str, sizes))
    return f"{low} to {high}"


def _placed(row, col):
    """(1.5, −2.5); 1.5 for both."""
    row, col = map(_short, (row, col))
    return row if row == col else f"({row}, {col})"


def _along(steps, axis):
    """[(field, jump, start), ...] along one axis, of the input and after each layer with windows.

    The field as if all layers ran forwards.
    """
    layers = [step.layer for step in steps if step.rows is not None]
    numbers = [_numbers(layer, axis) for layer in layers]
    jump, start = Fraction(1), Fraction(0)
    found = [(jump, start)]
    for layer, (kernel, stride, padding, dilation) in zip(layers, numbers, strict=True):
        half = Fraction((kernel - 1) * dilation, 2)
        if isinstance(layer, ConvTranspose2d):
            start += (padding - half) / stride * jump
            jump /= stride
        else:
            start += (half - padding) * jump
            jump *= stride
        found.append((jump, start))
    fields = [one.receptive_field for one in receptive_fields(numbers)]
    return [(field, *rest) for field, rest in zip(fields, found, strict=True)]


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
        return f"{float(number):.3f}".rstrip("0").replace("-", "\u2212")
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
