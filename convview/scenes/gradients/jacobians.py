"""The Jacobians dy/dx and dy/dw as matrices, and dL/dy from the left: the gradients."""

from convcore import conv2d_backward
from convview.scene import Grid, Line, Scene, Twin, scale_of
from convview.scenes import jacobian
from convview.scenes.gradients import parts
from convview.scenes.gradients.upstream import loss_note
from convview.scenes.layer import named, times
from convview.scenes.slide import formula, unread_notes


def by_input(params, result, g):
    jacobian.ensure_small(params, result.y.size, result.x.size, "input")
    grad = conv2d_backward(g, result.x, result.sliding, *result.settings).x
    note = f"as a tensor {_tensor(result, result.y.shape, result.x.shape)}"
    lines = (Line.plain(n) for n in result.x.shape[1:])
    planes = named("channel", len(grad))
    scale = scale_of(g, result.sliding)
    answer = Grid("grad_input", "dL/dx", "dL/dy · M", "input", grad, *lines, planes, scale=scale)
    strips = _strips("input", answer)
    matrix = jacobian.by_input(result, "dy/dx", note, strips)
    inside = Twin(
        "grad_input", "input", list(range(len(result.x))),
        *([a.padding[0] + i for i in range(a.size)] for a in (result.rows, result.cols)),
    )  # fmt: skip
    return _jacobian_scene(params, result, g, matrix, answer, inside, ("kernel", "upstream"))


def by_weight(params, result, g):
    jacobian.ensure_small(params, result.y.size, result.weight.size, "weight")
    grad = conv2d_backward(g, result.x, result.sliding, *result.settings).weight
    note = f"as a tensor {_tensor(result, result.y.shape, result.weight.shape)}"
    lines = (Line.plain(n) for n in params.kernel_size)
    planes, typed = result.kernel_planes("dL/dw"), result.as_typed(grad)
    answer = Grid(
        "grad_kernel", "dL/dw", "dL/dy · M", "kernel", typed, *lines, planes,
        places=result.kernel_places, scale=scale_of(g, result.x),
    )  # fmt: skip
    strips = _strips("kernel", answer)
    matrix = jacobian.by_weight(result, "dy/dw", note, strips)
    same = Twin(
        "grad_kernel", "kernel", list(range(len(result.planes))),
        *(list(range(n)) for n in params.kernel_size),
    )  # fmt: skip
    return _jacobian_scene(params, result, g, matrix, answer, same, ("input", "upstream"))


def _strips(columns, answer):
    return (
        {"side": "top", "grid": columns},
        {"side": "right", "grid": "output"},
        {"side": "left", "grid": "upstream"},
        {"side": "bottom", "grid": answer.name, "places": jacobian.places(answer)},
    )


def _jacobian_scene(params, result, g, matrix, answer, twin, shown):
    places = [list(range(n)) for n in g.shape]
    grids = (
        result.input_grid(), result.kernel_grid(), result.output_grid(),
        parts.upstream_grid(g), answer,
    )  # fmt: skip
    unread = unread_notes(result, "zeros")
    if answer.name == "grad_input":
        unread = parts.unread_cells(result)
    return Scene(
        view=params.view,
        grids=grids,
        columns=((0.28, shown), (0.72, ("matrix",))),
        sweeps=(result.sweep(columns=(0, 1), words=(0, 0)),),
        formula=formula(result),
        notes=(
            f"{matrix['title']} has one row for each y and one column for each "
            f"{'x' if answer.name == 'grad_input' else 'w'}; dL/dy from the left gives "
            f"{answer.title} below (the vector-Jacobian product).",
            _convolution_note(result) if answer.name == "grad_input" else _im2col_note(result),
            *unread,
            loss_note(params, g, result.one_row),
        ),
        symbols=parts.SYMBOLS,
        twins=(Twin("upstream", "output", *places), twin),
        matrix=matrix,
    )


def _convolution_note(result):
    """What a row of dy/dx holds."""
    turned = ", the kernel turned by 180°" * result.flip
    inside = all(axis.inside.all() for axis in (result.rows, result.cols))
    padding = "" if inside else "; taps on padding have no column"
    return (
        "This is the convolution matrix: each row holds the weights of its filter at the cells of "
        f"x that its window reads{turned}{padding}."
    )


def _im2col_note(result):
    """What a row of dy/dw holds, and where several filters stand."""
    order = ", in the order of the weights as typed" * result.flip
    inputs = f"each row holds the inputs of its window{order}"
    if len(result.weight) == 1:
        return f"This is the im2col matrix: {inputs}."
    channels = ", of the channels of its group" * (result.params.groups > 1)
    return (
        f"The im2col matrix stands on the diagonal once for each filter{channels}: {inputs}, and 0 "
        "at the weights of other filters."
    )


def _tensor(result, of, by):
    """1 × 2 × 1 × 2 × 3: the axes of the numerator, then of the denominator; one row is no axis."""
    row = result.rows.padded_size == 1
    return times(n for shape in (of, by) for n in (*shape[: -2 if row else -1], shape[-1]))
