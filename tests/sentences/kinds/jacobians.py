"""What is said of dy/dx and dy/dw, the Jacobians of a layer: /gradients."""

import numpy as np

from tests.sentences import brute
from tests.sentences.claims import kind
from tests.sentences.kinds.gradients import (
    GRADIENTS,
    close,
    grad_w_is_right,
    grad_x_is_right,
    size_of_y,
    upstream,
    weight,
)
from tests.sentences.layer import drawn_matrix


def matrix_gives(state, grad):
    """Whether the matrix that is drawn, with g from the left, gives the gradient."""
    matrix = drawn_matrix(state)
    fits = matrix.shape == (upstream(state).size, grad.size)
    return fits and close(upstream(state).ravel() @ matrix, grad.ravel())


@kind("dy/dx has one row for each y and one column for each x; dL/dy from the left gives dL/dx "
      "below (the vector-Jacobian product).")  # fmt: skip
def jacobian_by_x(state):
    grad = state.grid("grad_input")
    return state.params.view == "dydx" and matrix_gives(state, grad) and grad_x_is_right(state)


@kind("dy/dw has one row for each y and one column for each w; dL/dy from the left gives dL/dw "
      "below (the vector-Jacobian product).")  # fmt: skip
def jacobian_by_w(state):
    grad = state.grid("grad_kernel")
    return state.params.view == "dydw" and matrix_gives(state, grad) and grad_w_is_right(state)


@kind("This is the convolution matrix: each row holds the weights of its filter at the cells of x "
      "that its window reads[[, the kernel turned by {turn:d}°]][[; {padding} have no column]].")
def is_convolution_matrix(state, turn, padding):
    """Row by row: the weights as typed, turned if it is said, each where its tap reads."""
    p, typed = state.params, brute.typed_weight(state.params)
    w = typed if turn is None else typed[:, :, ::-1, ::-1]
    rows, cols = brute.axes(p)
    made = np.zeros((*size_of_y(state), p.in_channels, *p.size))
    for f, i, j in np.ndindex(size_of_y(state)):
        for c, u, v in np.ndindex(w.shape[1:]):
            at, to = rows.taps(i)[u], cols.taps(j)[v]
            if at in range(rows.n) and to in range(cols.n):
                made[f, i, j, group(p, f) * w.shape[1] + c, at, to] = w[f, c, u, v]
    return (
        turn in (None, 180)
        and (turn is None) == (p.operation == "correlation")
        and padding == ("taps on padding" if reads_padding(rows) or reads_padding(cols) else None)
        and is_drawn(state, made)
    )


def reads_padding(axis):
    return any(at not in range(axis.n) for i in range(axis.out) for at in axis.taps(i))


def group(params, f):
    """Which group a filter is of."""
    return f * params.groups // params.out_channels


def is_drawn(state, made):
    """Whether the matrix is just this: made, with axes of y first."""
    matrix = drawn_matrix(state)
    return np.array_equal(matrix, made.reshape(upstream(state).size, -1))


@kind("This is the im2col matrix: each row holds the inputs of its window[[, in the order of the "
      "weights as {typed:w}]].")  # fmt: skip
def is_im2col(state, typed):
    return state.params.out_channels == 1 and is_gathered(state, typed)


@kind("The im2col matrix stands on the diagonal once for each filter[[, of the channels of its "
      "{group:w}]]: each row holds the inputs of its window[[, in the order of the "
      "weights as {typed:w}]], and {zero:d} at the weights of other filters.")  # fmt: skip
def is_im2col_of_several(state, group, typed, zero):
    p = state.params
    said = group == ("group" if p.groups > 1 else None)
    return said and zero == 0 and p.out_channels > 1 and is_gathered(state, typed)


def is_gathered(state, typed):
    """Row by row: what the taps read, the last tap first if the weights are typed so."""
    p, x, shape = state.params, state.grid("input"), weight(state).shape
    rows, cols = brute.axes(p)
    made = np.zeros((*size_of_y(state), *shape))
    for f, i, j in np.ndindex(size_of_y(state)):
        for c, u, v in np.ndindex(shape[1:]):
            at = rows.taps(i)[u] + rows.before, cols.taps(j)[v] + cols.before
            made[f, i, j, f, c, u, v] = x[group(p, f) * shape[1] + c][at]
    made = made[..., ::-1, ::-1] if typed else made
    flips = p.operation == "convolution"
    return typed == ("typed" if flips else None) and is_drawn(state, made)


@kind("{height:d} × {width:d}, as a tensor {tensor:s}", place="caption of matrix")
def tensor(state, height, width, tensor):
    p = state.params
    y = upstream(state).shape
    by = (p.in_channels, *p.size) if p.view == "dydx" else (*weight(state).shape,)
    row = p.size[0] + sum(brute.padding(p)[0]) == 1
    parts = [(*one[:-2], one[-1]) if row else one for one in (y, by)]
    return (height, width) == (int(np.prod(y)), int(np.prod(by))) and tensor == (
        *parts[0], *parts[1],
    )  # fmt: skip


@kind("dy/dx", "dy/dw", place="title of matrix", pages=GRADIENTS)
def title_of_jacobian(state):
    of = {"dydx": "dy/dx", "dydw": "dy/dw"}
    return state.made.matrix["title"] == of.get(state.params.view)
