"""Sentences without a number of the question: rules, each tried with numbers of its own."""

import re
from itertools import product

import numpy as np
from scipy.signal import correlate2d
from scipy.special import expit, softmax

from tests.view.asked import out, plane, routes, stamped, unread, wholes, windows_of
from tests.view.practice_kinds.table import array, kind

RNG = np.random.default_rng(3)
X, W = RNG.integers(-9, 10, 12), np.array([2, -1, 3])


def shape_of_w(asked):
    p = asked.params
    return p.out_channels, p.in_channels, p.kernel_size[1]


def shape_of_y(asked):
    p = asked.params
    return p.out_channels, out(p.size[1], p.kernel_size[1], p.stride[1])


@kind("A1, unread", "A cell is read where its row and its column are.")
def rows_and_columns_apart(asked):
    p = asked.params
    read = np.zeros(p.size, bool)
    rows, cols = ([out(n, p.kernel_size[0], p.stride[0], 0, p.dilation[0])] for n in p.size)
    for i, j, a, b in product(range(*rows), range(*cols), *map(range, p.kernel_size)):
        read[i * p.stride[0] + a * p.dilation[0], j * p.stride[0] + b * p.dilation[0]] = True
    apart = np.logical_and.outer(read.any(1), read.any(0))
    return np.array_equal(read, apart) and np.array_equal(~read, asked.answer)


@kind("A1, unread", "{axis:w} that no window reads: none.")
def all_read(asked, axis):
    p, at = asked.params, ["Rows", "Columns"].index(axis)
    return not unread(p.size[at], p.kernel_size[at], p.stride[at], p.dilation[at])


@kind("A4", "Convolution: y[i] = sum over k of w[k] x[i − k]; cross-correlation: y[i] = sum over k "
      "of w[k] x[i + k]; w is the kernel.")  # fmt: skip
def both_sums(asked):
    taps = range(len(W))
    turned = [sum(W[k] * X[i - k] for k in taps) for i in range(len(W) - 1, len(X))]
    straight = [sum(W[k] * X[i + k] for k in taps) for i in range(len(X) - len(W) + 1)]
    return (
        np.array_equal(turned, np.convolve(X, W, "valid"))
        and np.array_equal(straight, np.correlate(X, W, "valid"))
    )  # fmt: skip


@kind("A4", "The one is the other with the kernel turned round.")
def one_is_the_other(asked):
    return np.array_equal(np.convolve(X, W), np.correlate(X, W[::-1], "full"))


@kind(
    "A6", "One derivative for each element of y and each of W.", "The shape of y, then that of W."
)
def of_y_and_w(asked):
    return asked.answer == (*shape_of_y(asked), *shape_of_w(asked))


@kind(
    "A7", "One derivative for each element of y and each of x.", "The shape of y, then that of x."
)
def of_y_and_x(asked):
    return asked.answer == (*shape_of_y(asked), asked.params.in_channels, asked.params.size[1])


@kind("A8", "L is one number.", "A gradient has the shape of what it is the gradient of.")
def of_w(asked):
    return asked.answer == shape_of_w(asked)


@kind("B3", "The difference falls with |x|, so look at the edge of the band.")
def difference_falls(asked):
    right = np.linspace(0.01, 2, 40)
    apart = np.abs(expit(asked.params.k * np.array([right, -right])) - [[1.0], [0.0]])
    edge = np.abs(expit(asked.params.k * asked.params.band) - 1)
    return (np.diff(apart) <= 0).all() and np.isclose(asked.answer, edge)


@kind("B6", "Adding the same to all three changes nothing.")
def shift(asked):
    return np.allclose(softmax(asked.answer), softmax(asked.params.x), rtol=1e-12)


@kind("B7", "The Jacobian is J = diag(p) − p pᵀ.")
def jacobian_of_softmax(asked):
    x, step = np.array(asked.params.x), 1e-6
    p = softmax(x)
    nudged = [softmax(x + step * one) - softmax(x - step * one) for one in np.eye(len(x))]
    return np.allclose(np.diag(p) - np.outer(p, p), np.array(nudged).T / (2 * step), atol=1e-9)


@kind("B8", "Reverse begins at the end: J_h J_g.")
def reverse_begins(asked):
    p = asked.params
    return asked.answer == (np.ones((p.o, p.n)) @ np.ones((p.n, p.m))).shape


@kind("B9", "A row times a matrix, twice.")
def row_times_matrix(asked):
    p = asked.params
    first = np.ones((1, p.n)) @ np.ones((p.n, p.m))
    return p.o == 1 and len(first) == 1 and asked.answer == p.n * p.m + p.m * p.l


@kind("B9, which", "With l, m, n, o for these four sizes: forward l m n + l n o, reverse o m n + "
      "o m l.")  # fmt: skip
def both_counts(asked):
    """The numbers of products in (J_h J_g) J_f and J_h (J_g J_f), counted entry by entry."""
    p = asked.params
    forward = p.n * p.l * p.m + p.o * p.l * p.n
    reverse = p.o * p.m * p.n + p.o * p.l * p.m
    quicker = 2 if forward == reverse else int(reverse < forward)
    return asked.answer == quicker


@kind("B9, which", "With one output and many inputs, as in the loss of a network, it is reverse as "
      "a rule: backpropagation.")  # fmt: skip
def reverse_as_a_rule(asked):
    """Always, where there are at least as many inputs as numbers in the middle."""
    sizes = RNG.integers(2, 50, (200, 3))
    return all(
        m * n + m * ins < ins * m * n + ins * n for ins, m, n in sizes.tolist() if ins >= max(m, n)
    )


@kind("C2", "For each output: {c:d} · {k:d} · {other:d} products against {d:d} · {h:d} · {w:d}.")
def products_of_an_output(asked, c, k, other, d, h, w):
    (layer,), (channels, *size) = asked.params.layers, asked.params.shape
    if [c, d, k, other, h, w] != [channels, channels, *[layer.kernel_size] * 2, *size]:
        return False
    x, kernel = np.ones((channels, h, w)), np.ones((channels, k, k))
    return np.isclose(asked.answer, kernel.size / x.size)


@kind("C4", "And an offset for each class.")
def offset_of_each_class(asked):
    (classes,) = wholes(asked, "to # classes")
    (side, _) = wholes(asked, "pictures of # × #")
    return asked.answer == classes * side**2 + classes


@kind("C5", "dL/dw[u, v] = sum over i, j of g[i, j] x[i + u, j + v], with g = dL/dy.")
def sum_of_dl_dw(asked):
    p = asked.params
    g, x = plane(p.grad_y), plane(p.x)
    written = [
        [
            sum(g[i, j] * x[i + u, j + v] for i, j in np.ndindex(g.shape))
            for v in range(p.kernel_size[1])
        ]
        for u in range(p.kernel_size[0])
    ]
    return np.array_equal(written, asked.answer)


@kind("C6", "Each dL/dy[i, j] stamps w, times itself, onto the window it came from.")
def stamps(asked):
    p = asked.params
    return np.array_equal(stamped(plane(p.grad_y), plane(p.weight), p.size), asked.answer)


@kind("D4", "The same steps as those of a kernel.")
def steps_of_a_kernel(asked):
    p = asked.params
    return asked.answer == correlate2d(np.ones(p.size), np.ones(p.kernel_size), "valid")[
        :: p.stride[0], :: p.stride[1]
    ].shape  # fmt: skip


@kind("D5", "Each dL/dy goes to the largest of its window; a cell that wins several gets "
      "their sum.")  # fmt: skip
def to_the_largest(asked):
    got = np.zeros(asked.params.size)
    for winner, share in routes(plane(asked.params.x), plane(asked.params.grad_y)):
        got[winner] += share
    return np.array_equal(got, asked.answer)


@kind("D5, where", "Of each window only the largest cell gets the gradient.")
def only_the_largest(asked):
    x, won = plane(asked.params.x), np.zeros(asked.params.size)
    for (i, j), seen in windows_of(x, (2, 2), (1, 1)):
        won[i : i + 2, j : j + 2] += seen == seen.max()
    return np.array_equal(won > 0, np.array(asked.answer, bool))


@kind("E1", "y[h, w] = sum over a, b of F[a, b] x_pad[{s:d}h + a, {t:d}w + b], plus the bias; with "
      "x_pad for x with its padding.")
def sum_of_y(asked, s, t):
    p = asked.params
    x, f = np.pad(plane(p.x), p.padding), plane(p.weight)
    if (s, t) != p.stride:
        return False
    written = [
        [
            sum(f[a, b] * x[h * s + a, w * s + b] for a, b in np.ndindex(f.shape)) + p.bias[0][0][0]
            for w in range(len(asked.answer[0]))
        ]
        for h in range(len(asked.answer))
    ]
    return np.array_equal(written, asked.answer)


@kind("E2", "Sum over both pictures, and the rows and columns of each.")
def sum_of_dl_db(asked):
    return np.sum(asked.params.grad_y) == asked.answer


@kind("E2", "The page has both, one above the other, as one picture.")
def both_as_one(asked):
    told = [array(one) for one in re.findall(r"\[\[.*?\]\]", asked.words)]
    return len(told) == 2 and np.array_equal(np.vstack(told), plane(asked.params.grad_y))


@kind("E7, linear", "Average pooling is linear, a convolution with equal weights; the maximum is "
      "not.")  # fmt: skip
def only_the_average(asked):
    x = plane(asked.params.x)
    one = correlate2d(x, np.full((2, 2), 0.25), "valid").item()
    return one == x.mean() and asked.answer == 0


@kind("E7, linear", "The maximum agrees by chance: x and z are largest in the same cell.")
def by_chance(asked):
    x, z = (array(one) for one in re.findall(r"\[\[.*?\]\]", asked.words))
    return ((x == x.max()) & (z == z.max())).any() and asked.answer == 2


@kind("C1", "A padding of p on every side makes the input larger by 2p.")
def larger_by_the_padding(asked):
    p = asked.params
    (pad, _), _ = p.layers[0].padding if hasattr(p, "layers") else p.padding
    return len(np.pad(np.ones(5), pad)) == 5 + 2 * pad


@kind("E2", "The bias goes into every output with the factor 1.")
def factor_of_the_bias(asked):
    """Of correlate(x, w) + b, the output moves as far as the bias does, everywhere."""
    x, w = RNG.integers(-4, 5, (5, 3)), np.ones((2, 2))
    one, other = (correlate2d(x, w, "valid") + b for b in (0, 1))
    return (other - one == 1).all() and asked.answer == np.sum(asked.params.grad_y)


@kind("E6", "1 + the sum over the layers of (k − 1) times the jump before, with a kernel of k; the "
      "jump is the product of the strides before.")
def field_of_a_unit(asked):
    """Counted: how many cells of the input the last unit reads, layer by layer backwards."""
    first, last = 0, 0
    for layer in reversed(asked.params.layers):
        first, last = first * layer.stride, last * layer.stride + layer.kernel_size - 1
    jump, r = 1, 1
    for layer in asked.params.layers:
        r, jump = r + (layer.kernel_size - 1) * jump, jump * layer.stride
    return r == last - first + 1 == asked.answer


def halved(asked):
    """What the windows of 2 x 2 see, stride 2."""
    return [one for _, one in windows_of(plane(asked.params.x), (2, 2), (2, 2))]


@kind("E7", "Two windows, four numbers each.")
def windows_and_numbers(asked):
    seen = halved(asked)
    return len(seen) == 2 and all(one.size == 4 for one in seen)


@kind("E7", "The sum of each, divided by 4.")
def averages(asked):
    return np.array_equal([one.sum() / 4 for one in halved(asked)], asked.answer)
