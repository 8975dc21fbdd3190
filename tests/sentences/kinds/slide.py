"""What is said of a forward pass, its coverage and its matrix."""

import numpy as np

from convview.params import Gradients, Pooling, Slide
from tests.sentences import brute
from tests.sentences.claims import kind
from tests.sentences.kinds.windows import copies_of

SLIDE = (Slide,)


def sliding(state):
    """The weights (F, C/groups, kH, kW) that move over the input: turned by a convolution."""
    p = state.params
    typed = state.grid("kernel")
    weight = typed.reshape(p.out_channels, -1, *p.kernel_size)
    return weight[:, :, ::-1, ::-1] if p.operation == "convolution" else weight


def real(state, name="input"):
    """The input without its padding, (C, H, W)."""
    (top, _), (left, _) = brute.padding(state.params)
    h, w = state.params.size
    return state.grid(name)[:, top : top + h, left : left + w]


def is_padded(state):
    """Whether the padded input is what numpy.pad makes of the input."""
    return np.array_equal(state.grid("input"), brute.padded(real(state), state.params))


def is_forward(state):
    """Whether the output that is shown is the sum over its windows."""
    p = state.params
    bias = np.array(state.grid("bias")).ravel() if p.bias is not None else None
    y = brute.correlated(state.grid("input"), sliding(state), bias, *brute.axes(p), p.groups)
    shown = state.grid("output")
    return shown.shape == y.shape and np.allclose(shown, y, rtol=1e-9, atol=1e-9)


@kind("Cross-correlation: no flip.")
def no_flip(state):
    return state.params.operation == "correlation" and is_forward(state)


@kind("Deep-learning layers call this convolution.")
def as_layers_call_it(state):
    return state.params.operation == "correlation" and is_forward(state)


@kind("Convolution turns the kernel by 180° before it slides.")
def flips(state):
    return state.params.operation == "convolution" and is_forward(state)


@kind("Padding cells are copies of input cells ({mode:w}).")
def copies(state, mode):
    p = state.params
    has = any(map(any, brute.padding(p)))
    return p.padding_mode == mode != "zeros" and has and is_padded(state)


@kind("A window that reads a copy counts for the cell and for all of its copies.")
def counts_copies(state):
    """By following each tap to the cell that it is a copy of."""
    p = state.params
    if p.view != "coverage" or p.padding_mode == "zeros" or not state.has("coverage"):
        return False
    counts = []
    for axis, sides in zip(brute.axes(p), brute.padding(p), strict=True):
        of = np.pad(np.arange(axis.n), sides, brute.BORDERS[p.padding_mode])
        reads = [{int(of[at + axis.before]) for at in axis.taps(i)} for i in range(axis.out)]
        counts.append([sum(int(cell) in cells for cells in reads) for cell in of])
    return np.array_equal(state.grid("coverage")[0], np.multiply.outer(*counts))


@kind("The columns are the cells of the padded input, its copies among them.")
def columns_of_the_padded(state):
    p = state.params
    return (
        p.view == "matrix"
        and p.padding_mode != "zeros"
        and state.made.matrix["width"] == state.grid("input").size
    )


@kind("Each output has the bias of its filter added: y = M x + b.")
def bias_beside_the_matrix(state):
    return state.params.view == "matrix" and state.params.bias is not None and is_forward(state)


@kind("Input", place="title of input", pages=SLIDE)
def the_input(state):
    return is_padded(state)


@kind("{size:s}[[, padded to {padded:s}]]", place="caption of input",
      pages=(Slide, Gradients, Pooling))  # fmt: skip
def input_size(state, size, padded):
    inside = real(state).shape[1:]
    whole = state.grid("input").shape[1:]
    return size == inside and (padded or inside) == whole


@kind("Kernel", place="title of kernel", pages=SLIDE)
def the_kernel(state):
    return is_forward(state)


@kind("{size:s}[[, spans {span:s}]][[, {how}]]", place="caption of kernel",
      pages=(Slide, Gradients))  # fmt: skip
def kernel_size(state, size, span, how):
    """Where it slides turned, the grid holds it as it was typed or as its name has it."""
    p, axes = state.params, brute.axes(state.params)
    reach = tuple(axis.span for axis in axes)
    return (
        size == p.kernel_size == state.grid("kernel").shape[1:]
        and (span or p.kernel_size) == reach
        and how == ("as typed" if p.operation == "convolution" else None)
        and np.array_equal(state.grid("kernel").ravel(), np.ravel(brute.typed_weight(p)))
    )


@kind("Output", place="title of output", pages=SLIDE)
def the_output(state):
    return is_forward(state)


@kind("{size:s}", place="caption of output", pages=(Slide, Gradients))
def size_of_output(state, size):
    return size == tuple(axis.out for axis in brute.axes(state.params))


@kind("Bias", place="title of bias")
def the_bias(state):
    return state.params.bias is not None and is_forward(state)


@kind("Coverage", place="title of coverage")
def the_coverage(state):
    return is_coverage(state)


@kind("windows that read each cell", place="caption of coverage")
def is_coverage(state):
    p = state.params
    along = []
    for axis in brute.axes(p):
        same = copies_of(axis, p.padding_mode)
        reads = [{same.get(at, at) for at in axis.taps(i)} for i in range(axis.out)]
        cells = [same.get(at, at) for at in range(-axis.before, axis.n + axis.after)]
        along.append([sum(cell in one for one in reads) for cell in cells])
    return np.array_equal(state.grid("coverage")[0], np.multiply.outer(*along))


@kind("Convolution matrix", place="title of matrix", pages=SLIDE)
def the_matrix(state):
    return state.params.view == "matrix"


@kind("{height:d} × {width:d}, one row for each output", place="caption of matrix")
def matrix_size(state, height, width):
    p = state.params
    x = real(state) if p.padding_mode == "zeros" else state.grid("input")
    return (height, width) == (state.grid("output").size, x.size)
