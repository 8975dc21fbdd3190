"""dL/dw: the upstream map as a kernel over the input, spread by the stride; dL/db: its sum."""

import numpy as np

from convcore import check_vjp, conv2d, conv2d_backward, grad_weight_by_construction
from convview.scene import Grid, Line, Scene, Sweep, scale_of
from convview.scenes.gradients import parts, words
from convview.scenes.gradients.upstream import loss_note
from convview.scenes.layer import times
from convview.scenes.slide import unread_notes


def scene(params, result, g):
    grads = conv2d_backward(g, result.x, result.sliding, *result.settings)
    compared = parts.squares_grids(params, result)
    kernel = (result.kernel_grid("as typed"),) if compared else ()  # y comes from it
    built = grad_weight_by_construction(g, result.x, result.sliding, *result.settings).taken
    grids = (
        result.input_grid(),
        parts.upstream_grid(g, note="the kernel now"),
        *compared,
        *kernel,
        Grid(
            "grad_kernel", "dL/dw", f"{times(params.kernel_size)}, as w", "kernel",
            result.as_typed(grads.weight), *(Line.plain(n) for n in params.kernel_size),
            result.kernel_planes("dL/dw"), across=result.weight.shape[1],
            places=result.kernel_places, scale=scale_of(g, result.x),
        ),
        Grid(
            "grad_bias", "dL/db", "the sum of dL/dy", "kernel", grads.bias[None, None, :],
            Line.plain(1), Line.plain(len(g)), axes=("cols",), scale=scale_of(g),
        ),
    )  # fmt: skip
    rows, cols = (
        [[tap * d + j * s for j in range(o)] for tap in turns]
        for turns, d, s, o in zip(
            result.turns, params.dilation, params.stride, g.shape[1:], strict=True
        )
    )
    pairs = [[[c, f]] for f, reads in enumerate(result.pairs) for c, _ in reads]
    upstream = ("upstream", *(grid.name for grid in compared))
    weights = (*(grid.name for grid in kernel), "grad_kernel", "grad_bias")
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.44, ("input",)), (0.26, upstream), (0.3, weights)),
        sweeps=(
            Sweep(
                "grad_kernel", "input", "upstream", rows, cols,
                *(list(range(n)) for n in g.shape[1:]), pairs,
            ),
        ),
        formula=_weight_formula(params, result),
        notes=tuple(_weight_notes(params, result, grads.weight, built, g)),
        symbols=parts.SYMBOLS,
        twins=tuple(parts.squares_twins(params, result)),
        totals={"grad_bias": "upstream"},
    )  # fmt: skip


def _weight_formula(params, result):
    rotated = "; rotated by 180°: the layer flips its kernel" * result.flip
    dilation, stride = (
        words.both(numbers, result.one_row) for numbers in (params.stride, params.dilation)
    )
    padded = cropped = ""
    if result.x_padded.shape != result.x.shape:
        padded = f" (padded to {times(result.x_padded.shape[1:])})"
    if any(axis.leftover >= axis.dilation for axis in (result.rows, result.cols)):
        cropped = f", cropped to {times(params.kernel_size)}"
    return (
        (
            ("dL/dw", "kernel"), (" = ", ""), ("x", "input"), (f"{padded} ⋆ ", ""),
            ("dL/dy", "upstream"),
            (f" with dilation {dilation}, the stride of the layer, and stride {stride}, its "
             f"dilation{cropped}{rotated}", ""),
        ),
    )  # fmt: skip


def _weight_notes(params, result, direct, built, g):
    checked = check_vjp(
        lambda w: conv2d(result.x, w, None, *result.settings),
        lambda grad, w: conv2d_backward(grad, result.x, w, *result.settings).weight,
        result.sliding,
        step=words.step(result.sliding),
    )
    apart = np.abs(direct - built).max(initial=0)
    yield (
        "Summed tap by tap and by the formula above, dL/dw is the same: the largest difference "
        f"between the two is {words.small(apart)}. {words.finite_differences('w', checked)}"
    )
    alike = params.kernel_size == g.shape[1:]
    yield (
        f"dL/dw has the shape of w{', and here y has it too' if alike else ', not of y'}. Stride "
        "and dilation exchange their roles: the stride became the dilation."
    )
    yield "dL/db is the sum of dL/dy over all places of its filter: the bias went into each once."
    if result.flip:
        yield "The layer flips its kernel, so each number stands where its weight was typed."
    yield from unread_notes(result, "zeros")
    yield loss_note(params, g, result.one_row)
