"""Cards and exercises of /slide."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from tests.sentences import brute
from tests.sentences.layer import Layer, drawn_matrix
from tests.sentences.prepared import Prepared, same, says


def counted(at):
    """How many windows read each cell of the padded input, (1, H, W)."""
    counts = [list(axis.counts.values()) for axis in brute.axes(at.params)]
    return np.multiply.outer(*counts)[None]


def unread(at):
    return [axis.unread for axis in brute.axes(at.params)]


@says("A kernel slides", "Multiply, add, move on: one output value at a time, with the sum written "
      "out.", but=[{"view": "coverage"}, {"view": "matrix"}])  # fmt: skip
def one_value_at_a_time(at):
    """A step for each output value: the products of its window, which add up to it."""
    layer = Layer(at.params)
    if at.view != "sliding" or not at.shows(input=at.x, kernel=layer.w[0], output=layer.forward()):
        return False
    (sweep,) = at.made.sweeps
    i, j = divmod(at.step, at.grid("output").shape[-1])
    window = at.x[0][np.ix_(sweep.rows[i], sweep.cols[j])]
    return (
        (sweep.steps, sweep.reads, sweep.weights) == ("output", "input", "kernel")
        and sweep.words == (1, 2)
        and (window * layer.w[0, 0]).sum() == at.at_step("output")
    )


@says("Stride leaves something over",
      "10 × 11 cells, stride 2: why is the output 4 × 5, and which row is never read?",
      "10 × 11, a 3 × 3 kernel, stride 2: which pixels are never read?",
      but=[{"size": (11, 11)}, {"size": (10, 12)}, {"stride": (3, 3)}, {"view": "sliding"},
           {"padding": ((0, 1), (0, 0))}])  # fmt: skip
def one_row_is_left_over(at):
    """By the formula, by SciPy and window by window; one row and no column is never read."""
    p = at.params
    if (p.size, p.kernel_size, p.stride) != ((10, 11), (3, 3), (2, 2)):
        return False
    y = signal.correlate2d(at.x[0], Layer(p).w[0, 0], "valid")[::2, ::2]
    formula = tuple((n - 3) // 2 + 1 for n in p.size)
    windows = tuple(axis.out for axis in brute.axes(p))
    rows, cols = unread(at)
    return (
        formula == windows == y.shape == (4, 5)
        and at.shows(output=y[None], coverage=counted(at))
        and len(rows) == 1
        and not cols
    )


@says("Five cells, a kernel of 2, stride 2: the last one is never read",
      but=[{"size": (1, 6)}, {"stride": (1, 1)}, {"stride": (1, 3)}])  # fmt: skip
def the_last_cell(at):
    p = at.params
    row = (p.size[1], p.kernel_size[1], p.stride[1])
    return row == (5, 2, 2) and unread(at) == [[], [4]] and at.shows(coverage=counted(at))


@says("Dilation makes holes", "Stride 2 and dilation 2 together read only every other row and "
      "column, however far the window slides.",
      but=[{"stride": (1, 1)}, {"dilation": (1, 1)}, {"dilation": (2, 3)}])  # fmt: skip
def every_other(at):
    """On this input and on longer ones."""
    p = at.params
    if (p.stride, p.dilation) != ((2, 2), (2, 2)):
        return False
    for axis in brute.axes(p):
        for n in (axis.n, *range(axis.span, 100)):
            longer = brute.Axis(n, axis.k, axis.s, axis.before, axis.after, axis.d)
            reads = [i for i, count in longer.counts.items() if count]
            if set(np.diff(reads)) != {2}:
                return False
    return at.shows(coverage=counted(at))


@says("The size formula with padding, stride and dilation; C_out is the number of filters",
      but=[{"dilation": (1, 1)}, {"stride": (1, 1)}, {"padding": "valid"},
           {"out_channels": 3}])  # fmt: skip
def the_size_formula(at):
    """It is shown with its result; C_out is told apart from C_in."""
    p, y = at.params, Layer(at.params).forward()
    (n, _), (k, _), (s, _), (d, _) = p.size, p.kernel_size, p.stride, p.dilation
    (before, after), _ = brute.padding(p)
    size = (n + before + after - d * (k - 1) - 1) // s + 1
    formula = "".join(text for text, _ in at.made.formula[0])
    return (
        min(before, after) > 0
        and min(s, d) > 1
        and y.shape == (p.out_channels, size, size)
        and p.out_channels != p.in_channels
        and at.shows(output=y)
        and formula.startswith("output size = ")
        and formula.endswith(f" = {size}")
    )


@says("It is one matrix", "Each output is a row of weights times the input as one long vector.",
      but=[{"view": "sliding"}])  # fmt: skip
def one_matrix(at):
    matrix, layer = drawn_matrix(at), Layer(at.params)
    if matrix is None:
        return False
    y = layer.forward()
    return same(matrix @ at.x.ravel(), y.ravel()) and same(
        matrix, layer.jacobian("x").reshape(y.size, -1)
    )


@says("Flip it: convolution", "An impulse prints the kernel: turned by correlation, upright by "
      "convolution.", but=[{"operation": "correlation"}, {"picture": "digit"},
                           {"kernel": "gaussian"}])  # fmt: skip
def prints_the_kernel(at):
    """By both operations of SciPy, and by the page set to the other one."""
    if at.params.operation != "convolution":
        return False
    (x,), w = at.x, Layer(at.params).w[0, 0]
    other = Prepared(at.but(operation="correlation").params)
    upright, turned = (how(x, w, "same") for how in (signal.convolve2d, signal.correlate2d))
    middle = slice(2, 5), slice(2, 5)
    return (
        at.shows(output=upright[None])
        and other.shows(output=turned[None])
        and same(upright[middle], w)
        and same(turned[middle], w[::-1, ::-1])
        and not same(w, w[::-1, ::-1])
        and np.count_nonzero(upright) == np.count_nonzero(w)
    )


@says("Colour and filters", "Three channels of a photograph in, two filters out, each channel's "
      "part of the sum shown.", but=[{"in_channels": 2}, {"out_channels": 1}, {"picture": "digit"},
                                     {"view": "coverage"}])  # fmt: skip
def parts_of_the_sum(at):
    p, w = at.params, Layer(at.params).w
    if p.picture != "photo" or w.shape[:2] != (2, 3) or at.view != "sliding":
        return False
    parts = [[signal.correlate2d(x, k, "valid") for x, k in zip(at.x, of, strict=True)] for of in w]
    parts = np.array(parts)
    (sweep,) = at.made.sweeps
    return (
        at.shows(input=at.x, output=parts.sum(1))
        and sweep.partials == "partial"
        and same(at.state.grid("partial"), parts.reshape(6, *parts.shape[2:]))
    )


@says("Two channels, one filter, stride 2: y[j] reads x[c, 2j + k]",
      but=[{"stride": (1, 1)}, {"in_channels": 1}, {"out_channels": 2}])  # fmt: skip
def reads_2j_and_k(at):
    x, w = at.x, Layer(at.params).w
    if (x.shape, w.shape) != ((2, 1, 5), (1, 2, 1, 3)):
        return False
    y = [
        sum(w[0, c, 0, k] * x[c, 0, 2 * j + k] for c in range(2) for k in range(3))
        for j in range(2)
    ]
    return at.shows(output=np.array([[y]]))


@says(
    "Three channels, two filters, bias, padding 1, stride 2",
    but=[{"bias": None}, {"stride": (1, 1)}, {"padding": "valid"}, {"in_channels": 2}],
)
def all_of_a_layer(at):
    p, w = at.params, Layer(at.params).w
    if p.bias is None or w.shape[:2] != (2, 3):
        return False
    windows = sliding_window_view(np.pad(at.x, ((0, 0), (1, 1), (1, 1))), w.shape[2:], (1, 2))
    y = np.einsum("cijuv,fcuv->fij", windows[:, ::2, ::2], w) + np.array(p.bias).reshape(2, 1, 1)
    return at.shows(output=y, bias=np.array(p.bias))


@says(
    "Padding (k − 1) / 2 keeps the size for odd k; even k needs one more on one side",
    but=[{"kernel_size": (3, 3)}, {"padding": ((1, 1), (1, 1))}, {"dilation": (2, 2)}],
)
def keeps_the_size(at):
    """An odd k by Axis, and the even one that is shown."""
    p = at.params
    k, _ = p.kernel_size
    odd = all(
        brute.Axis(n, k, 1, (k - 1) // 2, (k - 1) // 2, 1).out == n
        for n in range(1, 20) for k in range(1, 8, 2)
    )  # fmt: skip
    less = (k - 1) // 2
    short, kept = (brute.Axis(p.size[0], k, 1, less, less + more, 1).out for more in (0, 1))
    y = Layer(p).forward()
    return (
        odd
        and short < kept == p.size[0]
        and brute.padding(p) == ((less, less + 1),) * 2
        and at.shows(output=y)
        and y.shape == at.x.shape
    )
