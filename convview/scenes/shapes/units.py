"""Sentences on what the units of a layer read of the input, where that is not all that they see."""

import numpy as np

from convcore.stack import Conv2d, ConvTranspose2d
from convview.labels import counted
from convview.scenes.layer import LINES
from convview.scenes.shapes.table import among, is_backwards, sights, spans


def units(found):
    """Sentences on the layer that is looked at."""
    step = found.steps[found.at]
    if step.row_ties is None:
        return
    if not is_backwards(found.steps[: found.at + 1]):
        yield from _cut(found, step)
    yield from _blind(step, found.shape_before(found.at))


def _cut(found, step):
    """That the border cuts what the units see."""
    sees = list(sights(found))[found.at]["field"]
    within = [spans(ties) for ties in (step.row_ties, step.column_ties)]
    sizes = sees.split(" × ") * 2
    if all(among(size) == text for size, text in zip(within, sizes, strict=False)):
        return
    said = f"Sees {sees}: cells beyond the border count"
    within = [tuple(size for size in sizes if size) for sizes in within]  # of units that read
    if not all(within):
        yield f"{said}."
        return
    rows, cols = (
        f"{among(size)} {word if size[-1] == 1 else word + 's'}"
        for size, word in zip(within, LINES, strict=True)
    )
    yield f"{said}; those of the input that a unit reads lie within {rows} and {cols}."


def _blind(step, shape):
    """How many units read no input cell, and what they give."""
    all_units = step.output_shape[1] * step.output_shape[2]
    blind = all_units - _reading(step.row_ties) * _reading(step.column_ties)
    if not blind:
        return
    what = "the same whatever the input is"
    if isinstance(step.layer, (Conv2d, ConvTranspose2d)) and blind == _idle(step, shape):
        what = "the bias alone" if step.layer.bias else "0"
    if blind == all_units:
        yield f"No unit of this layer reads an input cell: its output is {what}."
    elif blind == 1:
        yield f"1 of {all_units:,} units reads no input cell: its output is {what}."
    else:
        yield (
            f"{blind:,} of {counted(all_units, 'unit')} read no input cell: their output is {what}."
        )


def _reading(ties):
    return int((np.diff(ties.indptr) > 0).sum())


def _idle(step, shape):
    """How many units multiply nothing that comes in, (C, H, W), in this layer itself."""
    axes = zip((step.rows, step.columns), shape[1:], strict=True)
    rows, cols = (_multiplying(step.layer, axis, size) for axis, size in axes)
    return step.output_shape[1] * step.output_shape[2] - rows * cols


def _multiplying(layer, axis, size):
    if isinstance(layer, ConvTranspose2d):  # its taps run the other way
        return len(np.unique(axis.index[:size][axis.inside[:size]]))
    return int(axis.inside.any(1).sum())
