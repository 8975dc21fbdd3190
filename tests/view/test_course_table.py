"""Every answer, typed, marked or chosen, by the formula of the courses' table, without convcore."""

import re
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.signal import convolve, convolve2d, correlate, correlate2d, windows
from scipy.special import expit, softmax

from convview.practice import EXERCISES, question
from tests.view.asked import (
    NUMBER,
    found,
    numbers,
    plane,
    routes,
    row_of,
    unread,
    wholes,
    windows_of,
)

SOME = 26
SEEDS = [*range(SOME), *(pytest.param(n, marks=pytest.mark.matrix) for n in range(SOME, 201))]


def output_size(asked):
    """floor((n + 2p - d(k - 1) - 1) / s) + 1 on both axes."""
    p = asked.params
    axes = zip(p.size, p.kernel_size, p.stride, p.padding, p.dilation, strict=True)
    return [(n + sum(pad) - d * (k - 1) - 1) // s + 1 for n, k, s, pad, d in axes]


def output_length(asked):
    return output_size(asked)[1]


def output_shape(asked):
    """C_out = F."""
    return asked.params.out_channels, *output_size(asked)


def learned_kernel(asked):
    """The flipped one."""
    return row_of(asked.params.weight)[::-1]


def two_channels(asked):
    """y[j] = sum over c, k of x[c, sj + k] W[c, k]."""
    p = asked.params
    x, w = np.array(p.x)[:, 0], np.array(p.weight)[:, 0]
    (channels, n), (_, taps), s = x.shape, w.shape, p.stride[1]
    return [
        sum(x[c, s * j + k] * w[c, k] for c in range(channels) for k in range(taps))
        for j in range((n - taps) // s + 1)
    ]


def shapes(asked):
    """Of y, W and x of a 1-D layer without padding."""
    p = asked.params
    (_, n), (_, k), (_, s) = p.size, p.kernel_size, p.stride
    c, f = p.in_channels, p.out_channels
    return (f, (n - k) // s + 1), (f, c, k), (c, n)


def shape_of_dy_dw(asked):
    y, w, _ = shapes(asked)
    return y + w


def shape_of_dy_dx(asked):
    y, _, x = shapes(asked)
    return y + x


def shape_of_dl_dw(asked):
    _, w, _ = shapes(asked)
    return w


def difference_quotient(asked):
    """(ReLU(x + e) - ReLU(x)) / e, with e < 0 from the left."""
    (side,) = found(asked, "from the (left|right)")
    at, step = asked.params.at, 0.5**asked.params.halvings * (-1 if side == "left" else 1)
    return (max(at + step, 0) - max(at, 0)) / step


def integral_of_the_step(asked):
    low, high = numbers(asked, "from # to #")
    return quad(lambda t: np.heaviside(t, 0.5), low, high, points=[0])[0]


def distance_from_the_step(asked):
    """The largest |sigmoid(kx) - H(x)| outside the band."""
    p = asked.params
    x = np.linspace(p.band, p.band + 5, 501)
    x = np.concatenate([-x, x])
    return np.abs(expit(p.k * x) - np.heaviside(x, 0.5)).max()


def shifted_softmax(asked):
    """softmax(x + c) = softmax(x)."""
    parts = np.array([int(n) for n in re.findall(r"ln (\d+)", asked.words)])
    return softmax(np.log(parts) + asked.params.shift)


def difference_of_two(asked):
    """z = x0 - x1."""
    return asked.params.x[0] - asked.params.x[1]


def first_moved_to_0(asked):
    """[0, x1 - x0, ...]."""
    return [x - asked.params.x[0] for x in asked.params.x]


def entry_of_the_jacobian(asked):
    """A finite difference of the softmax."""
    (listed,) = found(asked, r"= \(([\d/, ]+)\)")
    i, k = wholes(asked, r"entry \[#, #\]")
    x, step = np.log([float(Fraction(p)) for p in listed.split(", ")]), np.zeros(3)
    step[k] = 1e-5

    def probability(x):
        return np.exp(x[i]) / np.exp(x).sum()

    return (probability(x + step) - probability(x - step)) / 2e-5


def first_product_of_reverse(asked):
    """J_h J_g."""
    p = asked.params
    return (np.ones((p.o, p.n)) @ np.ones((p.n, p.m))).shape


def price_of_reverse(asked):
    """omn + oml."""
    p = asked.params
    return p.o * p.m * p.n + p.o * p.m * p.l


def convolved(mode):
    def convolution(asked):
        x, w = row_of(asked.params.x), row_of(asked.params.weight)
        return convolve(x, w, mode, "direct")

    return convolution


def through_layers(asked):
    """floor((n + 2p - k) / s) + 1, layer by layer; a pooling moves by its own size."""
    c, *size = asked.params.shape
    for layer in asked.params.layers:
        k, p, s = layer.kernel_size, layer.padding, layer.stride or layer.kernel_size
        c, size = getattr(layer, "out_channels", c), [(n + 2 * p - k) // s + 1 for n in size]
    return c, *size


def two_valid_layers(asked):
    """d - k1 - k2 + 2."""
    k1, k2, d = wholes(asked, "kernels of # and #, on # cells")
    return d - k1 - k2 + 2


def two_full_layers(asked):
    """d + k1 + k2 - 2."""
    k1, k2, d = wholes(asked, "kernels of # and #, on # cells")
    return d + k1 + k2 - 2


def through_a_layer(mode):
    """The correlation, in this mode, of the upstream gradient with flip(w2)."""

    def gradient(asked):
        g, w = row_of(asked.params.grad_y), row_of(asked.params.weight)
        return correlate(g, w[::-1], mode, "direct")

    return gradient


def cost_beside_dense(asked):
    """C_out H_F W_F H_K W_K C against C_out H_F W_F H W C."""
    (layer,), (c, h, w) = asked.params.layers, asked.params.shape
    k, outputs = layer.kernel_size, layer.out_channels
    outputs *= (h - k + 1) * (w - k + 1)
    return (outputs * k * k * c) / (outputs * h * w * c)


def middle_of_the_blob(asked):
    """The middle of the rows that hold the maximum."""
    canvas, p = np.zeros((50, 50)), asked.params
    canvas[tuple(np.transpose(p.points))] = 1
    bell = windows.gaussian(p.blob_window, p.blob_sigma)
    highest = convolve2d(canvas, np.outer(bell, bell), "same").max(1)
    return np.flatnonzero(np.isclose(highest, highest.max())).mean()


def one_matrix(asked):
    """K cells + K."""
    h, w, k = wholes(asked, "pictures of # × # to # classes")
    return k * h * w + k


def kernel_gradient(asked):
    """The valid correlation of x with g."""
    return correlate2d(plane(asked.params.x), plane(asked.params.grad_y), "valid")


def input_gradient(asked):
    """g zero-padded by k - 1, with the kernel rotated by 180 degrees."""
    w = plane(asked.params.weight)
    padded = np.pad(plane(asked.params.grad_y), [(k - 1, k - 1) for k in w.shape])
    return correlate2d(padded, w[::-1, ::-1], "valid")


def multiplications_of_the_loops(asked):
    n, _, f, k, _, s = wholes(asked, "of # × #: # filters of # × #, stride #")
    starts, taps = range(0, n - k + 1, s), range(k)
    return sum(1 for _ in product(range(f), starts, starts, range(3), taps, taps))


def answer_to_an_edge(asked):
    """Columns of -1 and 1 on columns of dark and bright."""
    tall, dark, bright = numbers(asked, "of # rows.*: # left of it, # right")
    return sum(-1 * dark + 1 * bright for _ in range(int(tall)))


def strided_kernel_gradient(asked):
    """sum over i, j of g[i, j] x[si + u, sj + v]."""
    p = asked.params
    x, g, (sh, sw) = plane(p.x), plane(p.grad_y), p.stride
    answer = np.zeros(p.kernel_size)
    for (u, v), (i, j) in product(np.ndindex(answer.shape), np.ndindex(g.shape)):
        answer[u, v] += g[i, j] * x[sh * i + u, sw * j + v]
    return answer


def filter_gradient(asked):
    """The sum of g times its window."""
    p = asked.params
    g = plane(p.grad_y)
    return sum(g[at] * seen for at, seen in windows_of(plane(p.x), p.kernel_size, p.stride))


def routed_to_the_maxima(asked):
    """To the arg-max only, the first in row-major order; windows that overlap add."""
    p = asked.params
    x, g, (kh, kw), (sh, sw) = plane(p.x), plane(p.grad_y), p.kernel_size, p.stride
    answer = np.zeros(x.shape)
    for i, j in np.ndindex(g.shape):
        cells = [(sh * i + a, sw * j + b) for a in range(kh) for b in range(kw)]
        first = cells[0]
        for cell in cells:
            if x[cell] > x[first]:
                first = cell
        answer[first] += g[i, j]
    return answer


def biased_output(asked):
    """y[h, w] = sum of F[kh, kw] x_pad[hS + kh, wS + kw] + b."""
    p = asked.params
    x, f, b = np.pad(plane(p.x), p.padding), plane(p.weight), row_of(p.bias)[0]
    y = {at: (f * seen).sum() + b for at, seen in windows_of(x, f.shape, p.stride)}
    return [[y[i, j] for j in range(max(y)[1] + 1)] for i in range(max(y)[0] + 1)]


def bias_gradient(asked):
    """The sum of g over n, h and w."""
    batch = found(asked, "dL/dy is (.+) for the first and (.+) for the second")
    return sum(float(n) for g in batch for n in re.findall(NUMBER, g))


def rows_without_gradient(asked):
    (n, _), (k, _), (s, _) = asked.params.size, asked.params.kernel_size, asked.params.stride
    read = [False] * n
    for start in range(0, n - k + 1, s):
        for tap in range(k):
            read[start + tap] = True
    return read.count(False)


def padding_that_keeps(asked):
    """(K - 1) / 2, where a kernel with dilation d is as long as one of d(k - 1) + 1."""
    span = asked.params.dilation[0] * (asked.params.kernel_size[0] - 1) + 1
    return (span - 1) / 2


def receptive_field(asked):
    """From the last layer to the first: r cells were seen from (r - 1) s + k."""
    seen = 1
    for layer in reversed(asked.params.layers):
        seen = (seen - 1) * layer.stride + layer.kernel_size
    return seen


def averages(asked):
    p = asked.params
    return [seen.sum() / seen.size for _, seen in windows_of(plane(p.x), p.kernel_size, p.stride)]


def cells_never_read(asked):
    p = asked.params
    rows, cols = (unread(*axis) for axis in zip(p.size, p.kernel_size, p.stride, p.dilation,
                                                strict=True))  # fmt: skip
    h, w = p.size
    return [[i in rows or j in cols for j in range(w)] for i in range(h)]


def cells_that_win(asked):
    """The largest of a window, of all four windows."""
    x, won = plane(asked.params.x), np.zeros((3, 3))
    for at, _ in routes(x, np.ones((2, 2))):
        won[at] = 1
    return won


def option_of_fewer(asked):
    """Forward lmn + lno, reverse omn + oml."""
    p = asked.params
    forward = p.l * p.m * p.n + p.l * p.n * p.o
    return ["Forward", "Reverse"][price_of_reverse(asked) < forward] == np.array(asked.options)


def option_of_the_edge(asked):
    """The filter with the largest answer, read from its words."""
    found = []
    for option in asked.options:
        signs = [int(n) for n in re.findall(r"-?1", option.replace("−", "-"))]
        kernel = [signs[:2], signs[2:] or signs[:2]]
        found.append(max(np.ravel(correlate2d(plane(asked.params.x), kernel, "valid")), key=abs))
    return np.array(found) == max(found)


def option_that_goes_back(asked):
    """The one that gives the derivative of sum(g y), by brute force over the inputs."""
    p = asked.params
    g, w = row_of(p.grad_y), row_of(p.weight)
    mode = "full" if "A full" in asked.words else "valid"
    right = [g @ correlate(unit, w, mode, "direct") for unit in np.eye(p.size[1])]
    ways = [(way, w if "as it is" in option else w[::-1]) for option in asked.options
            for way in ("full", "valid") if f"A {way} " in option]  # fmt: skip
    found = [correlate(g, kernel, way, "direct") for way, kernel in ways]
    return [len(one) == len(right) and np.allclose(one, right) for one in found]


def option_that_is_linear(asked):
    matrices = found(asked, r"x = (\[\[.*\]\]) and z = (\[\[.*\]\]), pooled")
    x, z = (np.array([float(n) for n in re.findall(NUMBER, one)]) for one in matrices)
    average, maximum = (pool(x + z) == pool(x) + pool(z) for pool in (np.mean, np.max))
    said = {(True, False): "The average alone", (False, True): "The maximum alone",
            (True, True): "Both", (False, False): "Neither"}[average, maximum]  # fmt: skip
    return np.array(asked.options) == said


OPTIONS = {
    "B9, which": option_of_fewer, "D2, which": option_of_the_edge,
    "B15, which": option_that_goes_back, "E7, linear": option_that_is_linear,
}  # fmt: skip
FORMULAS = {
    "A1, unread": cells_never_read, "D5, where": cells_that_win,
    "A1": output_size, "A2": output_length, "A3": output_shape, "A4": learned_kernel,
    "A5": two_channels, "A6": shape_of_dy_dw, "A7": shape_of_dy_dx, "A8": shape_of_dl_dw,
    "B1": difference_quotient, "B2": integral_of_the_step, "B3": distance_from_the_step,
    "B4": shifted_softmax, "B5": difference_of_two, "B6": first_moved_to_0,
    "B7": entry_of_the_jacobian, "B8": first_product_of_reverse, "B9": price_of_reverse,
    "B10": convolved("full"), "B10, same": convolved("same"), "B10, valid": convolved("valid"),
    "B11": through_layers, "B12": two_valid_layers, "B13": through_a_layer("full"),
    "B14": two_full_layers, "B15": through_a_layer("valid"),
    "C1": output_size, "C2": cost_beside_dense, "C3": middle_of_the_blob, "C4": one_matrix,
    "C5": kernel_gradient, "C6": input_gradient,
    "D1": multiplications_of_the_loops, "D2": answer_to_an_edge, "D3": strided_kernel_gradient,
    "D4": output_size, "D5": routed_to_the_maxima,
    "E1": biased_output, "E2": bias_gradient, "E3": filter_gradient, "E4": rows_without_gradient,
    "E5": padding_that_keeps, "E6": receptive_field, "E7": averages,
}  # fmt: skip


def test_every_row_has_its_formula():
    assert set(FORMULAS) | set(OPTIONS) == set(EXERCISES)
    assert set(OPTIONS) == {row for row in EXERCISES if question(row).kind == "choice"}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("row", FORMULAS)
def test_the_answer_is_that_of_the_table(row, seed):
    asked = question(row, seed)
    answer, expected = np.array(asked.answer, float), np.array(FORMULAS[row](asked), float)
    np.testing.assert_allclose(answer, expected, rtol=1e-9, atol=1e-9, strict=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("row", OPTIONS)
def test_one_option_is_right(row, seed):
    asked = question(row, seed)
    assert np.flatnonzero(OPTIONS[row](asked)).tolist() == [asked.answer]
