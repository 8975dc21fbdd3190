"""Transposed convolution: the way back run forward, with the size that is meant."""

from dataclasses import replace

import numpy as np

from convcore import conv2d, conv_transpose2d
from convview.scene import Grid, Scene
from convview.scenes.gradients import parts, words
from convview.scenes.gradients.way import ways
from convview.scenes.layer import times


def scene(params, result, g):
    pads = result.rows.padding, result.cols.padding
    given = params.stride, pads, params.output_padding, params.groups, params.dilation
    y = conv_transpose2d(g, result.sliding, None, *given)
    back = tuple(
        replace(way, leftover=extra)
        for way, extra in zip(ways(result), params.output_padding, strict=True)
    )
    note = times(y.shape[1:]) + " after the crop" * any(way.cropped for way in back)
    canvas = replace(parts.canvas(result, g, back, "Output"), note=note)
    counts = parts.stamped(np.ones((1, *g.shape[1:])), np.ones((1, 1, *params.kernel_size)), back)
    grids = (
        parts.upstream_grid(g, "Input", f"z, {times(g.shape[1:])}"),
        result.kernel_grid(parts.kernel_note(result)),
        canvas,
        Grid(
            "overlap", "Overlap", "stamps on each cell", "output", counts,
            *(way.canvas_line() for way in back),
        ),
    )  # fmt: skip
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.2, ("upstream", "kernel")), (0.42, (canvas.name,)), (0.38, ("overlap",))),
        sweeps=(parts.scatter(result, back, columns=(0, 1), words=(0, 1)),),
        formula=tuple(
            _transposed_line(word, way)
            for word, way in words.named_axes(back, "size")
        ),
        notes=tuple(_transposed_notes(params, result, back, g, y)),
        symbols=parts.SYMBOLS | {"upstream": "z", canvas.name: "y"},
        mirrors={"overlap": canvas.name},
    )  # fmt: skip


def _transposed_line(word, way):
    pads = f"2·{way.before}" if way.before == way.after else f"({way.before} + {way.after})"
    return (
        (f"output {word} = (", ""), (str(way.outputs), "upstream"),
        (f" \u2212 1)·{way.stride} \u2212 {pads} + {way.dilation}·(", ""),
        (str(way.kernel_size), "kernel"),
        (f" \u2212 1) + {way.leftover} + 1 = ", ""), (str(way.size), "input"),
    )  # fmt: skip


def _transposed_notes(params, result, back, g, y):
    yield from _meant_notes(back)
    yield from _overlap_notes(back)
    again = conv2d(y, result.sliding, None, *result.settings)
    apart = np.abs(again - g).max(initial=0) if again.shape == g.shape else None
    if apart:
        yield (
            "It is the transpose, not the inverse: shapes come back, values do not. The layer "
            f"applied to this output differs from z by up to {apart:g}."
        )
    elif apart == 0:
        yield "It is the transpose; here the layer happens to give z back, as an inverse would."
    if any(way.cropped for way in back):
        yield "Its padding crops: what the layer padded is cut off here."


def _meant_notes(back):
    """Which input sizes of the layer end in the same output size."""
    for word, way in words.named_axes(back):
        if way.leftover >= way.stride:
            yield (
                f"output_padding {way.leftover} ({word}) is legal because it is less than the "
                f"dilation; but the layer takes {way.size} to more than {way.outputs}."
            )
        elif way.stride > 1:
            least = way.size - way.leftover
            sizes = [str(least + extra) for extra in range(way.stride)]
            yield (
                f"output_padding, {word}: the layer takes inputs of {', '.join(sizes[:-1])} and "
                f"{sizes[-1]} to the same {way.outputs}; {way.leftover} says that {way.size} is "
                "meant."
            )


def _overlap_notes(back):
    for word, way in words.named_axes(back):
        if way.stride > 1 and way.dilation == 1:
            if way.kernel_size % way.stride == 0:
                yield (
                    f"Even overlap ({word}): the stride {way.stride} divides the kernel "
                    f"{way.kernel_size}."
                )
            else:
                yield (
                    f"Uneven overlap ({word}), a checkerboard: the stride {way.stride} does not "
                    f"divide the kernel {way.kernel_size}."
                )
