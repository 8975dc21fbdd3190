"""dL/dx two ways at once: scatter, each upstream cell stamps the kernel, beside gather."""

from dataclasses import replace

import numpy as np

from convcore import check_vjp, conv2d, conv2d_backward, grad_x_by_construction
from convview import labels
from convview.scene import Grid, Line, Scene, Sweep, Twin, scale_of
from convview.scenes.gradients import parts, words
from convview.scenes.gradients.upstream import loss_note
from convview.scenes.gradients.way import ways
from convview.scenes.layer import named, times, turned, unread


def scene(params, result, g):
    back = ways(result)
    steps = grad_x_by_construction(g, result.x, result.sliding, *result.settings)
    ring = [way.effective_kernel_size - 1 for way in back]
    canvas = parts.canvas(result, g, back)
    planes = named("channel", len(result.x))
    compared = parts.squares_grids(params, result)
    lines = tuple(_gradient_line(axis) for axis in (result.rows, result.cols))
    grids = (
        parts.upstream_grid(g),
        *compared,
        result.kernel_grid("as typed"),
        canvas,
        parts.spread_grid(steps.padded, back, ring),
        Grid(
            "kernel_rotated", "Kernel", "not rotated" if result.flip else "rotated 180°", "kernel",
            result.sliding[:, :, ::-1, ::-1].reshape(result.planes.shape),
            *(Line.plain(n) for n in params.kernel_size), result.kernel_planes("w\u2032"),
            across=result.weight.shape[1], places=result.kernel_places,
        ),
        Grid(
            "grad_input", "dL/dx", f"by gather, {times(result.x.shape[1:])}", "input",
            steps.cropped, *lines, planes, scale=scale_of(g, result.sliding),
        ),
    )  # fmt: skip
    gather, scatter = _gather(params, result, back), parts.scatter(result, back)
    return Scene(
        view=params.view,
        grids=grids,
        columns=(
            (0.17, ("upstream", "kernel")),
            (0.25, ("grad_input_scatter",)),
            (0.35, ("spread", *(grid.name for grid in compared))),
            (0.23, ("kernel_rotated", "grad_input")),
        ),
        sweeps=(gather, replace(scatter, columns=(0, 1), words=(0, 1))),
        formula=words.construction(result, back),
        notes=tuple(_input_notes(params, result, g, steps, canvas.values)),
        symbols=parts.SYMBOLS,
        twins=(
            parts.spread_twin(g, back, "spread", ring),
            *parts.squares_twins(params, result),
            Twin(
                "grad_input", "grad_input_scatter", list(range(len(result.x))),
                *([w.before + i for i in range(w.size)] for w in back),
            ),
            Twin(
                "kernel", "kernel_rotated", list(range(len(result.planes))),
                *(turned(n, not result.flip) for n in params.kernel_size),
            ),
        ),
    )  # fmt: skip


def _gather(params, result, back):
    pairs = [
        [[f, k] for f, reads in enumerate(result.pairs) for channel, k in reads if channel == c]
        for c in range(len(result.x))
    ]
    return Sweep(
        "grad_input", "spread", "kernel_rotated", *(way.gathered for way in back),
        *(list(range(n)) for n in params.kernel_size), pairs, columns=(2, 3), words=(2, 3),
    )  # fmt: skip


def _gradient_line(axis):
    """Cells of dL/dx; those that no window reads get 0 and are marked so."""
    causes = {place - axis.padding[0]: cause for place, cause in unread(axis, "zeros").items()}
    return Line(list(range(axis.size)), {p: c for p, c in causes.items() if 0 <= p < axis.size})


def _input_notes(params, result, g, steps, scattered):
    inside = [slice(a.padding[0], a.padding[0] + a.size) for a in (result.rows, result.cols)]
    apart = np.abs(scattered[:, inside[0], inside[1]] - steps.cropped).max(initial=0)
    checked = check_vjp(
        lambda x: conv2d(x, result.sliding, None, *result.settings),
        lambda grad, x: conv2d_backward(grad, x, result.sliding, *result.settings).x,
        result.x,
        step=words.step(result.x),
    )
    yield (
        "Scatter and gather end in the same dL/dx: the largest difference between the two is "
        f"{words.small(apart)}. {words.finite_differences('x', checked)}"
    )
    yield _flip_note(result)
    axes = result.rows, result.cols
    yield from words.along(axes, _ring_note)
    yield from words.along(axes, _leftover_note)
    yield from _unread_notes(result)
    yield loss_note(params, g, result.one_row)


def _flip_note(result):
    if result.flip:
        return (
            "The layer flips its kernel (convolution): scatter stamps it turned by 180°, and "
            "gather slides it as it was typed, turned twice."
        )
    return (
        "The layer slides the kernel unflipped, so an input cell meets its taps in reverse order: "
        "on the way back the kernel is rotated by 180°."
    )


def _ring_note(axis):
    """What the padding of the layer leaves of the ring of zeros, kernel span - 1 of them."""
    reach = axis.effective_kernel_size - 1
    before, after = axis.padding
    if before == after == 0 and reach:
        zeros = labels.counted(reach, "zero")
        sides = f"{zeros} on each side"
        if axis.leftover:
            sides = f"{zeros} before, {reach} + r = {reach + axis.leftover} after"
        return (
            f"Through a valid layer ({{}}: padding 0) the gradient is a full correlation: {sides}."
        )
    if before == after == reach and reach:
        return (
            f"Through a full layer ({{}}: padding = kernel span − 1 = {reach}) the gradient is "
            "a valid correlation: what the crop keeps reads nothing of the ring of zeros around."
        )
    if before > reach or after > reach + axis.leftover:
        return (
            f"Padding beyond kernel span − 1 = {reach} ({{}}: {before} before, {after} after): "
            "at least one window reads padding only, and its upstream number reaches no cell of x."
        )
    return None


def _leftover_note(axis):
    """What is left over comes back as zeros; dL/dx needs those that stand for cells of x."""
    if not axis.leftover:
        return None
    said = f"r = {axis.leftover} left over by the stride ({{}}; "
    pixels = axis.leftover - min(axis.leftover, axis.padding[1])
    if not pixels:
        return (
            f"{said}padding only): appending zeros for it completes the padded input; dL/dx itself "
            "does not need that."
        )
    among = "in x" if pixels == axis.leftover else f"{pixels} of them in x"
    short = labels.counted(pixels, "cell")
    return f"{said}{among}): without zeros appended for it dL/dx would end {short} too early."


def _unread_notes(result):
    yield from parts.unread_cells(result)
    if any(_gradient_line(axis).marks for axis in (result.rows, result.cols)):
        yield (
            "Struck out once the step comes to them: cells that no window reads; their gradient "
            "is 0."
        )
