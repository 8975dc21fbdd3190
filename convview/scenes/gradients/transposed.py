"""Transposed convolution: the way back run forward, with the size that is meant."""

from dataclasses import replace

import numpy as np

from convcore import conv2d, conv_output_size, conv_transpose2d, same_padding
from convview import labels
from convview.scene import Grid, Scene
from convview.scenes.gradients import parts, words
from convview.scenes.gradients.way import ways
from convview.scenes.layer import times

PADS_BY_SIZE = ("tensorflow", "onnx_upper", "onnx_lower")  # their SAME depends on the input's size


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
        result.kernel_grid("as typed"),
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
    yield from _meant_notes(params, back)
    yield from words.along(back, lambda way: _overlap_note(back, way))
    again = conv2d(y, result.sliding, None, *result.settings)
    if again.shape == g.shape:
        apart = float(np.abs(again - g).max(initial=0))
        if apart > labels.NOISE * np.abs(g).max(initial=0):
            about = "about " * labels.is_rounded(apart)
            yield (
                "It is the transpose, not the inverse: shapes come back, values do not. The layer "
                f"applied to this output differs from z by up to {about}{labels.label(apart)}."
            )
        else:
            yield "It is the transpose; here the layer happens to give z back, as an inverse would."
    if result.flip:
        yield "The layer flips its kernel (convolution): each stamp is the kernel turned by 180°."
    if any(way.cropped for way in back):
        yield "Its padding crops: what the layer padded is cut off here."


def _meant_notes(params, back):
    """Which input sizes of the layer end in the same output size."""
    adapts = params.padding == "same" and params.dialect in PADS_BY_SIZE
    for word, way in words.named_axes(back):
        if way.leftover >= way.stride:
            yield (
                f"output_padding {way.leftover} ({word}) is legal because it is less than the "
                f"dilation; but the layer takes {way.size} to more than {way.outputs}."
            )
        elif way.stride > 1:
            sizes = _sizes_to(way, params.dialect if adapts else None)
            many = f"inputs of {', '.join(sizes[:-1])} and " if sizes[1:] else "an input of "
            same = f"the layer takes {many}{sizes[-1]} to {'the same ' * bool(sizes[1:])}"
            yield (
                f"SAME, {word}: {same}{way.outputs}, and pads each anew; with this padding of "
                f"{way.before} + {way.after} output_padding {way.leftover} makes {way.size}."
                if adapts
                else f"output_padding, {word}: {same}{way.outputs}; {way.leftover} says that "
                f"{way.size} is meant."
            )


def _sizes_to(way, dialect):
    """The input sizes from which the layer comes to as many outputs; SAME pads each anew."""
    k, s, d = way.kernel_size, way.stride, way.dilation
    found = []
    for n in range(max(1, way.size - way.leftover - s), way.size - way.leftover + 2 * s):
        pads = same_padding(n, k, s, d, dialect) if dialect else (way.before, way.after)
        if n + sum(pads) >= way.effective_kernel_size and (
            conv_output_size(n, k, s, pads, d) == way.outputs
        ):
            found.append(str(n))
    return found


def _overlap_note(back, way):
    """How many stamps meet on a cell along an axis, where there are enough of them to see it."""
    k, s = way.kernel_size, way.stride
    if s == 1 or way.dilation > 1 or way.outputs < max(2, -(-k // s)):
        return None
    if k < s:
        return (
            f"Gaps ({{}}): the stride {s} is larger than the kernel {k}, so between two stamps "
            f"{labels.counted(s - k, 'cell gets', 'cells get')} none."
        )
    if k % s == 0:
        return (
            f"Even overlap ({{}}): the stride {s} divides the kernel {k}, so away from the ends "
            f"{labels.counted(k // s, 'stamp meets', 'stamps meet')} on each cell."
        )
    return (
        f"Uneven overlap ({{}}){_pattern(back)}: the stride {s} does not divide the kernel {k}, so "
        f"away from the ends {k // s} and {k // s + 1} stamps meet in turn."
    )


def _pattern(back):
    """Where it is uneven along both axes the counts make a checkerboard."""
    return ", a checkerboard" * all(
        way.dilation == 1 and way.kernel_size > way.stride > 1 and way.kernel_size % way.stride
        for way in back
    )
