"""Slips of the numbers of a convolution, a pooling, or their gradients."""

import re

import numpy as np
from scipy.signal import convolve

from tests.view.asked import (
    NUMBER,
    corr,
    found,
    gathered,
    layer,
    numbers,
    plane,
    routes,
    row_of,
    stamped,
    text,
    wholes,
)
from tests.view.slips.table import of


@of("A4")
def learned(asked):
    w = row_of(asked.params.weight)
    yield "the same kernel", w
    yield "changes its sign, not the numbers", -w
    yield "turning it round is right", -w[::-1]


@of("A5")
def two_channels(asked):
    p = asked.params
    x, w = np.array(p.x)[:, 0], np.array(p.weight)[:, 0]
    first, second = (corr(x[c], w[c], s=2) for c in (0, 1))
    yield "with stride 1; the stride is 2", corr(x[0], w[0]) + corr(x[1], w[1])
    yield "the first channel alone", first
    yield "the second channel alone", second
    yield "less the second", first - second
    yield "the mean of the channels", (first + second) / 2
    yield "the rows of w were flipped", sum(corr(x[c], w[c][::-1], s=2) for c in (0, 1))
    exchanged = corr(x[0], w[1], s=2) + corr(x[1], w[0], s=2)
    yield "rows of w were exchanged: its first row is for channel 0", exchanged


@of("B10", "B10, same", "B10, valid")
def convolved(asked):
    x, w = row_of(asked.params.x), row_of(asked.params.weight)
    (mode,) = found(asked, "with flipping, (full|same|valid)")
    yield "the flip was forgotten", convolve(x, w[::-1], mode, "direct")
    for other in {"full", "same", "valid"} - {mode}:
        said = f"that is '{other}', not '{mode}'"
        yield said, convolve(x, w, other, "direct")
        yield f"{said}, and the flip", convolve(x, w[::-1], other, "direct")
    if mode == "same":
        full = convolve(x, w, "full", "direct")
        yield "the start of the full one", full[: len(x)]
        yield "the end of the full one", full[-len(x) :]


@of("B13", "B15")
def through_a_layer(asked):
    g, w = row_of(asked.params.grad_y), row_of(asked.params.weight)
    way, other = ("valid", "full") if "A full" in asked.words else ("full", "valid")
    yield "the kernel w2 has to be flipped", corr(g, w, way)
    yield "that is dl/da2 itself", g
    turned = f"that is the {other} correlation with flip(w2); it is the {way} one"
    yield turned, corr(g, w[::-1], other)
    as_it_is = f"the {other} correlation with w2 as it is; it is the {way} one with flip(w2)"
    yield as_it_is, corr(g, w, other)
    yield "the 'same' correlation with flip(w2)", corr(g, w[::-1], "same")


@of("B15, which")
def which_correlation(asked):
    g, w = row_of(asked.params.grad_y), row_of(asked.params.weight)
    (n,) = wholes(asked, "from # numbers h1")
    for at, option in enumerate(asked.options):
        mode = "full" if "full" in option else "valid"
        length = len(corr(g, w, mode))
        if length != n:
            numbers = "number" if length == 1 else "numbers"
            yield f"that has {length} {numbers}; h1 has {n}", at
        elif "as it is" in option:
            yield "right size, but the kernel has to be flipped", at


@of("C5", "D3", "E3")
def gradient_of_the_kernel(asked):
    p = asked.params
    x, g, s = plane(p.x), plane(p.grad_y), p.stride[0]
    right = gathered(g, x, (2, 2), s)
    yield "turned by 180 degrees", right[::-1, ::-1]
    yield "the gradient dl/dy was turned", gathered(g[::-1, ::-1], x, (2, 2), s)
    yield "the mean over the outputs", right / 4
    if s > 1:
        dense = layer(x, g)
        yield "that is with stride 1", dense
        yield "stand apart by the stride", dense[:2, :2]
        yield "the windows move by 1", layer(x, g, s=s)


@of("C6")
def gradient_of_the_input(asked):
    w, g = plane(asked.params.weight), plane(asked.params.grad_y)
    mirrored = "the kernel w was mirrored on one axis: it is rotated by 180"
    yield "the kernel w has to be rotated by 180", stamped(g, w[::-1, ::-1], (3, 3))
    yield "the kernel w was transposed: it is rotated by 180", stamped(g, w.T, (3, 3))
    yield mirrored, stamped(g, w[:, ::-1], (3, 3))
    yield mirrored, stamped(g, w[::-1], (3, 3))
    yield "the kernel w is missing", stamped(g, np.ones((2, 2)), (3, 3))
    yield "a valid correlation", layer(g, w[::-1, ::-1])


@of("D5")
def through_max_pooling(asked):
    x, g = plane(asked.params.x), plane(asked.params.grad_y)
    right, last, least = (np.zeros(x.shape) for _ in range(3))
    for at, value in routes(x, g):
        right[at] += value
        last[at] = value
    for at, value in routes(x, g, np.argmin):
        least[at] += value
    yield "says where, not how much", right > 0
    yield "those are the values", np.where(right > 0, x, 0)
    yield "nothing is multiplied by x", right * x
    yield "gets the sum of theirs, not the last one", last
    yield "for average pooling", stamped(g, np.full((2, 2), 0.25), x.shape)
    yield "only the largest cell of a window", stamped(g, np.ones((2, 2)), x.shape)
    yield "for the smallest of each window", least


@of("D5, where")
def who_gets_any(asked):
    x = np.array([[int(cell) for cell in row] for row in asked.board])
    best, least = np.zeros(x.shape, int), np.zeros(x.shape, int)
    for (at, _), (low, _) in zip(
        routes(x, x[:2, :2]), routes(x, x[:2, :2], np.argmin), strict=True
    ):
        best[at] = least[low] = 1
    yield "that get nothing", 1 - best
    yield "the smallest of the windows", least
    yield "the largest cell of all", (x == x.max()).astype(int)


@of("E1")
def bias_and_padding(asked):
    p = asked.params
    x, f, b = plane(p.x), plane(p.weight), row_of(p.bias)[0]
    yield "the bias is missing", layer(x, f, 0, 2, 1)
    yield "the bias was taken away", layer(x, f, -b, 2, 1)
    yield "the filter f was flipped", layer(x, f[::-1, ::-1], b, 2, 1)
    yield "f was flipped, and the bias is missing", layer(x, f[::-1, ::-1], 0, 2, 1)
    yield "the filter f was transposed", layer(x, f.T, b, 2, 1)
    yield "without padding", layer(x, f, b, 2, 0)
    yield "with stride 1; the stride is 2", layer(x, f, b, 1, 1)


@of("E2")
def gradient_of_the_bias(asked):
    batch = found(asked, "dL/dy is (.+) for the first and (.+) for the second")
    g = [[float(n) for n in re.findall(NUMBER, one)] for one in batch]
    first, second = map(sum, g)
    yield "the first picture alone", first
    yield "the second picture alone", second
    yield "less the second", first - second
    yield "the mean over the batch", (first + second) / 2
    yield "the mean over the places", (first + second) / 4
    yield "the mean of all", (first + second) / 8
    yield "without the signs", sum(abs(n) for one in g for n in one)


@of("E7")
def averages(asked):
    x = plane(asked.params.x)
    halves = x[:, :2], x[:, 2:]
    yield "those are the maxima", [half.max() for half in halves]
    yield "those are the minima", [half.min() for half in halves]
    yield "those are the sums: divide by 4", [half.sum() for half in halves]
    yield "divided by 2: a window has 4 numbers", [half.sum() / 2 for half in halves]
    yield "with stride 1; the stride is 2", [x[:, at : at + 2].mean() for at in range(3)]
    yield "the averages of the rows", [x[0].sum() / 4, x[1].sum() / 4]
    yield "the averages of the columns", (x[0] + x[1]) / 2


@of("E7, linear")
def which_is_linear(asked):
    matrices = found(asked, r"x = (\[\[.*\]\]) and z = (\[\[.*\]\]), pooled")
    x, z = (np.array([float(n) for n in re.findall(NUMBER, one)]) for one in matrices)
    said, linear = [], []
    for name, pool in (("average", np.mean), ("maximum", np.max)):
        both, one, other = pool(x + z), pool(x), pool(z)
        second = text(other) if other >= 0 else f"({text(other)})"
        apart = f"{text(one)} + {second} = {text(one + other)}"
        said.append(f"{name.capitalize()}: x + z gives {text(both)}; x and z give {apart}")
        linear.append(both == one + other)
    right = {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}[tuple(linear)]
    for at in {0, 1, 2, 3} - {right}:
        yield f"not that one. {'. '.join(said)}", at


@of("D2")
def edge(asked):
    tall, dark, bright = numbers(asked, "of # rows.*: # left of it, # right")
    right = tall * (bright - dark)
    yield "that is one row", right / tall
    yield "the sign is the direction", -right
    yield "the weight on the left is −1", tall * (bright + dark)
    yield "the dark side counts too, with −1", tall * bright
    yield "the bright side counts too, with 1", -tall * dark
    yield "the mean of the products", right / (2 * tall)
    yield "it answers 0 where nothing changes", 0


@of("D2, which")
def detector(asked):
    picture = plane(asked.params.x)
    kernels = ([[-1, 1], [-1, 1]], [[1, -1], [1, -1]], [[-1, -1], [1, 1]], [[1, 1], [-1, -1]])
    for at, kernel in enumerate(kernels):
        answers = layer(picture, np.array(kernel)).ravel()
        most = answers[np.abs(answers).argmax()]
        if most == 0:
            yield "it answers 0 everywhere", at
        elif most < 0:
            yield f"it answers {text(most)} on the edge", at


@of("C3")
def blob(asked):
    point, window, _ = wholes(asked, "in row # .* window of # × #")
    yield "the full convolution", point + (window - 1) / 2
    if window % 2:
        yield "an odd window has a middle cell", point + 0.5
        yield "an odd window has a middle cell", point - 0.5
    else:
        yield "no middle cell", point
        yield "no middle cell", point + 1
        yield "half a cell off", point - 0.5
        yield "to the other side, and", point - 1
