"""Cards and exercises of /gradients, by JAX's automatic differentiation and SciPy's sums."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from tests.sentences import brute
from tests.sentences.layer import Layer, drawn_matrix
from tests.sentences.prepared import same, says


def turned(w):
    return w[..., ::-1, ::-1]


def cropped(at, padded):
    (top, _), (left, _) = brute.padding(at.params)
    rows, cols = at.params.size
    return padded[:, top : top + rows, left : left + cols]


def dx_is_right(at):
    return at.shows(grad_input=Layer(at.params).back(at.grid("upstream"))[0])


def dw_is_right(at):
    dw = Layer(at.params).back(at.grid("upstream"))[1]
    return at.shows(grad_kernel=dw.reshape(-1, *dw.shape[2:]))


@says("Why is the kernel rotated?", "dL/dx two ways at once: stamps that add up, and the rotated "
      "kernel over the spread map.", but=[{"view": "build"}, {"kernel": "gaussian"}])  # fmt: skip
def two_ways(at):
    """The same by stamps, by SciPy with the rotated kernel, and by JAX; not with the kernel as is.
    """  # fmt: skip
    if at.view != "input":
        return False
    layer, g = Layer(at.params), at.grid("upstream")
    axes = layer.rows, layer.cols
    w = layer.w[:, 0]
    around = [(axis.span - 1, axis.span - 1 + axis.rest) for axis in axes]
    spread = np.pad(layer.spread(g), ((0, 0), *around))
    gathered, other = (signal.correlate(spread, k, "valid") for k in (turned(w), w))
    return (
        at.shows(spread=spread, kernel=w, kernel_rotated=turned(w))
        and at.shows(grad_input_scatter=brute.scattered(g, layer.w, *axes, 1))
        and at.shows(grad_input=cropped(at, gathered))
        and dx_is_right(at)
        and not same(gathered, other)
    )


@says("The stride becomes the dilation", "dL/dw is a correlation of the input with dL/dy, its "
      "cells as far apart as the stride.", but=[{"view": "input"}, {"stride": (1, 1)}])  # fmt: skip
def as_far_apart_as_the_stride(at):
    """By SciPy: the padded input under dL/dy with s - 1 zeros between its cells."""
    layer = Layer(at.params)
    if "grad_kernel" not in at.drawn or max(at.params.stride) == 1:
        return False
    return dw_is_right(at) and at.shows(grad_kernel=correlated(at, layer))


def correlated(at, layer):
    """dL/dw of one filter, plane by plane; the stride may leave rows over behind it."""
    x, (g,) = brute.padded(at.x, at.params), layer.spread(at.grid("upstream"))
    rows, cols = at.params.kernel_size
    return np.array([signal.correlate2d(plane, g, "valid")[:rows, :cols] for plane in x])


@says(
    "Transposed convolution",
    "The way back, run forward: stamps overlap in a checkerboard, and it is no inverse.",
    but=[{"stride": (1, 1)}, {"stride": (3, 3)}, {"view": "input"}],
)
def no_inverse(at):
    """The output is JAX's dL/dx for dL/dy = z; away from the ends 1 and 2 stamps meet in turn."""
    if at.view != "transposed":
        return False
    z, layer = at.grid("upstream"), Layer(at.params)
    (w,) = layer.w[0]
    canvas = signal.convolve2d(layer.spread(z)[0], w)
    stamps = signal.convolve2d(layer.spread(np.ones(z.shape))[0], np.ones(w.shape))
    (top, bottom), (left, right) = brute.padding(at.params)
    y = canvas[None, top : len(canvas) - bottom, left : canvas.shape[1] - right]
    inner = [line[2:-2] for line in (stamps[0], stamps[:, 0])]
    return (
        at.shows(grad_input_scatter=canvas[None], overlap=stamps[None])
        and same(layer.back(z, np.zeros(y.shape))[0], y)
        and all(set(line) == {1, 2} and np.diff(line).all() for line in inner)
        and not same(layer.forward(y), z)
    )


@says("dy/dw, the im2col matrix, and its full shape", but=[{"view": "dydx"}, {"view": "weight"}])
def im2col(at):
    """Each row holds a window; the shape is that of JAX's Jacobian, rows of 1 left out."""
    matrix = drawn_matrix(at)
    if at.view != "dydw":
        return False
    windows = sliding_window_view(at.x[:, 0], at.params.kernel_size[1], 1)[
        :, :: at.params.stride[1]
    ]
    jacobian = Layer(at.params).jacobian("w")
    shape = " × ".join(str(n) for axis, n in enumerate(jacobian.shape) if axis not in (1, 5))
    return (
        same(matrix, np.concatenate(windows, 1))
        and same(matrix, jacobian.reshape(matrix.shape))
        and at.made.matrix["note"].endswith(f"as a tensor {shape}")
    )


@says("dy/dx, the convolution matrix: the last axis runs over the inputs",
      but=[{"view": "dydw"}, {"view": "input"}])  # fmt: skip
def convolution_matrix(at):
    """As JAX's Jacobian, whose last axis is that of x, not of w."""
    matrix, jacobian = drawn_matrix(at), Layer(at.params).jacobian("x")
    last = jacobian.shape[-1]
    return (
        at.view == "dydx"
        and same(matrix, jacobian.reshape(matrix.shape))
        and same(matrix @ at.x.ravel(), Layer(at.params).forward().ravel())
        and last == at.params.size[1] != at.params.kernel_size[1]
        and at.made.matrix["note"].endswith(f" × {last}")
    )


@says("dL/dw has the shape of w; the stride became the dilation",
      but=[{"stride": (1, 1)}, {"view": "dydw"}])  # fmt: skip
def shape_of_w(at):
    layer = Layer(at.params)
    dw = at.grid("grad_kernel")
    if at.params.stride[1] == 1 or dw.size != layer.w.size:
        return False
    return dw_is_right(at) and same(dw, correlated(at, layer)) and dw.shape == layer.w.shape[1:]


def two_layers(mode, sizes):
    def check(at):
        """By NumPy: the length after each of two layers; the first is the one that is shown."""
        x, w = np.ones(at.params.size[1]), np.ones(3)
        lengths = [len(x)]
        for _ in range(2):
            x = np.correlate(x, w, mode)
            lengths.append(len(x))
        matrix = drawn_matrix(at)
        return (
            lengths == sizes
            and matrix is not None
            and matrix.shape == (sizes[1], sizes[0])
            and same(matrix, Layer(at.params).jacobian("x").reshape(matrix.shape))
        )

    return check


says("Two valid layers, kernels of 3: 8 becomes 6, then 4", but=[{"size": (1, 9)}])(
    two_layers("valid", [8, 6, 4])
)
says("Two full layers, kernels of 3: 8 becomes 10, then 12", but=[{"padding": "valid"}])(
    two_layers("full", [8, 10, 12])
)


def through(padding, mode):
    def check(at):
        """By SciPy, from dL/dy as it is and the kernel turned round."""
        g, w = at.grid("upstream"), Layer(at.params).w[:, 0]
        sides = {tuple(side) for side in brute.padding(at.params)[1:]}
        if at.view != "input" or sides != {padding} or min(g.shape[1:]) != 1:
            return False
        return at.shows(grad_input=signal.correlate(g, turned(w), mode)) and dx_is_right(at)

    return check


says("Through a valid layer: a full correlation with the flipped kernel",
     but=[{"padding": "full"}, {"stride": (1, 2)}])(through((0, 0), "full"))  # fmt: skip
says("Through a full layer: a valid correlation with the flipped kernel",
     but=[{"padding": "valid"}])(through((2, 2), "valid"))  # fmt: skip


@says("dL/dK: valid correlation of x with dL/dy as the kernel",
      but=[{"stride": (2, 2)}, {"padding": ((1, 1), (1, 1))}, {"view": "input"}])  # fmt: skip
def dy_as_the_kernel(at):
    (x,), (g, *_) = at.x[:1], at.grid("upstream")
    return dw_is_right(at) and at.shows(grad_kernel=signal.correlate2d(x, g, "valid")[None])


@says("dL/dX: dL/dy padded by k − 1, the kernel rotated by 180°",
      but=[{"stride": (2, 2)}, {"padding": ((1, 1), (1, 1))}, {"view": "weight"}])  # fmt: skip
def padded_by_k_less_1(at):
    g, w = at.grid("upstream"), Layer(at.params).w[:, 0]
    k, _ = at.params.kernel_size
    padded = np.pad(g, ((0, 0), (k - 1,) * 2, (k - 1,) * 2))
    return (
        at.shows(spread=padded, kernel_rotated=turned(w))
        and at.shows(grad_input=signal.correlate(padded, turned(w), "valid"))
        and dx_is_right(at)
    )


@says("With stride s, dL/dK[c, x, y] sums dL/dy[i, j] · I[c, s·i + x, s·j + y]",
      but=[{"stride": (1, 1)}, {"padding": ((1, 1), (1, 1))}, {"view": "input"}])  # fmt: skip
def the_index(at):
    (s, _), (g, *_) = at.params.stride, at.grid("upstream")
    found = at.grid("grad_kernel")
    if s == 1 or len(at.x) != 3 or brute.padding(at.params) != ((0, 0), (0, 0)):
        return False
    by_index = np.zeros(found.shape)
    for c, x, y in np.ndindex(*found.shape):
        for i, j in np.ndindex(*g.shape):
            by_index[c, x, y] += g[i, j] * at.x[c, s * i + x, s * j + y]
    return same(found, by_index) and dw_is_right(at)


@says("The gradient of each bias is the sum of its filter's dL/dy",
      but=[{"view": "input"}, {"out_channels": 1}])  # fmt: skip
def sum_of_dy(at):
    """A bias goes into each output of its filter once: its dL/dy, summed cell by cell."""
    g = at.grid("upstream")
    return len(g) > 1 and at.shows(grad_bias=np.array([[[sum(plane.flat) for plane in g]]]))


@says("The gradient of the filters: dL/dy times the padded window, summed",
      but=[{"padding": "valid"}, {"view": "input"}, {"out_channels": 1}])  # fmt: skip
def times_the_window(at):
    layer, g = Layer(at.params), at.grid("upstream")
    if len(g) < 2 or not any(map(any, brute.padding(at.params))):
        return False
    found = brute.weight_gradient(
        g, brute.padded(at.x, at.params), layer.rows, layer.cols, layer.w.shape
    )
    found = found.reshape(-1, *layer.w.shape[2:])
    return at.shows(grad_kernel=found) and dw_is_right(at)


@says("The gradient of the padded input, cropped; what is left over gets 0",
      but=[{"padding": "valid"}, {"size": (8, 8)}, {"view": "weight"}])  # fmt: skip
def left_over(at):
    """Padding is cut off, and in the last row and column, which no window reads, 0 stands."""
    layer, g, found = Layer(at.params), at.grid("upstream"), at.grid("grad_input")
    rows, cols = layer.rows, layer.cols
    if not found.size or not rows.unread or not any(map(any, brute.padding(at.params))):
        return False
    padded = brute.scattered(g, layer.w, rows, cols, len(at.x))
    rest = [axis.n - 1 for axis in (rows, cols)]
    return (
        at.shows(grad_input_scatter=padded, grad_input=cropped(at, padded))
        and [rows.unread, cols.unread] == [[n] for n in rest]
        and not found[:, rest[0]].any()
        and not found[:, :, rest[1]].any()
        and dx_is_right(at)
    )


@says("Photograph", "Half the energy of an edge filter's output: its gradient with respect to "
      "every pixel",
      but=[{"picture": "digit"}, {"loss": "sum"}, {"kernel": "gaussian"}])  # fmt: skip
def of_the_energy(at):
    """By JAX's gradient of half the sum of squares; flat parts give 0."""
    layer = Layer(at.params)
    return (
        at.params.picture == "photo"
        and abs(layer.w.sum()) < 1e-12
        and at.shows(grad_input=layer.slope(lambda y: (y**2).sum() / 2))
    )


@says("One cell", "The gradient of a single output with respect to every pixel: the kernel itself",
      but=[{"loss": "sum"}, {"stride": (2, 2)}, {"cell": (8, 9)}])  # fmt: skip
def the_kernel_itself(at):
    """By JAX's gradient of that output: the kernel, upright, around its cell and 0 elsewhere."""
    layer = Layer(at.params)
    if at.params.loss != "cell" or at.x.shape != (1, 16, 16):
        return False
    found = np.zeros(at.x.shape)
    found[0, 7:10, 7:10] = layer.w[0, 0]
    return same(layer.slope(lambda y: y[0, 8, 8]), found) and at.shows(grad_input=found)
