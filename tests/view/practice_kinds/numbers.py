"""Sentences on the numbers of a row, a matrix or a slope."""

import re

import numpy as np
from scipy.signal import convolve, correlate

from tests.view.asked import gathered, layer, plane, routes, row_of, stamped, text, wholes
from tests.view.practice_kinds.table import array, is_answer, kind


def maxima(x):
    return [[x[i : i + 2, j : j + 2].max() for j in (0, 1)] for i in (0, 1)]


def terms_of(ones, others):
    pairs = zip(np.ravel(ones), np.ravel(others), strict=True)
    return " + ".join(f"{signed(a)} · {signed(b)}" for a, b in pairs)


def signed(value):
    return f"({text(value)})" if value < 0 else text(value)


def height(asked):
    """Of the blob: the middle of the window, times itself."""
    window = asked.params.blob_window
    nearest = 0 if window % 2 else 0.5
    return np.exp(-2 * nearest**2 / (2 * asked.params.blob_sigma**2))


@kind(
    "A4", "{answer}, the kernel turned round. The output is the same function, so a network does "
    "not care which of the two its library computes.",
)  # fmt: skip
@kind("A5; E1", "y = {answer}.")
@kind("B6", "{answer}: K classes need K − 1 parameters.")
@kind("B10; B10, same; B10, valid", "'full': {answer}.", "'same': {answer}.", "'valid': {answer}.")
@kind("C5; D3; E3", "All: {answer}.")
@kind("D5", "dL/dx = {answer}. Of equal values the first in row-major order would win.")
def the_answer(asked, answer):
    return is_answer(asked, answer)


@kind("A5", "y[j] = sum over c and k of x[c, {s:d}j + k] W[c, k].")
def strided_sum(asked, s):
    return s == asked.params.stride[1]


@kind("A5", "{count:d} outputs; the first window holds {one} and {other}.")
def first_window(asked, count, one, other):
    x = np.array(asked.params.x)[:, 0, :3]
    return count == len(asked.answer) and np.array_equal([array(one), array(other)], x)


@kind("B1", "The difference of these two, divided by {step:f}.")
def divided_by_the_step(asked, step):
    return step == 0.5**asked.params.halvings


@kind("B1", "{change:f} / {step:f} {answer}. With ε smaller than {at:f} it is H({x:f}) = {h:f}.")
def the_quotient(asked, change, step, answer, at, x, h):
    return at == abs(x) == abs(asked.params.at) and np.isclose(change / step, asked.answer)


@kind("B1", "ReLU({at:f}) = {y:f}, ReLU({there:f}) = {y2:f}.")
def both_values(asked, at, y, there, y2):
    p = asked.params
    step = 0.5**p.halvings * (-1 if p.at > 0 else 1)
    right = at == p.at and np.isclose(there, p.at + step)
    return right and (y, y2) == (max(at, 0), max(there, 0))


@kind("B2", "{at:f} · H({x:f}) = ReLU({y:f}) = {answer:f}.")
def rebuilt(asked, at, x, y, answer):
    return at == x == y == answer == asked.answer


@kind("B3", "sigmoid({k:f} · {band:f}) = 1 / (1 + exp({exponent:f})) ≈ {answer:f}.")
def at_the_edge(asked, k, band, exponent, answer):
    p = asked.params
    right = (-k, band) == (p.k, p.band) and np.isclose(exponent, p.k * p.band)
    return right and answer == float(f"{1 / (1 + np.exp(p.k * p.band)):.3g}")


@kind("B2", "A rectangle of height 1 from 0 to {at:f}.")
def rectangle(asked, at):
    return at == asked.answer


@kind("B3", "1 − sigmoid({k:f} · {band:f}).")
def distance_from_1(asked, k, band):
    return np.isclose(1 - 1 / (1 + np.exp(-k * band)), asked.answer)


@kind("B4", "exp({c:d}) is in the numerator and in the denominator.")
def common_factor(asked, c):
    return c == asked.params.shift


@kind(
    "B4", "{parts}. Implementations take max(x) away first, so that exp({c:d}) is never computed."
)
def fractions(asked, parts, c):
    values = [eval(part) for part in parts.split(", ")]
    return np.allclose(values, asked.answer) and c == asked.params.shift


@kind("B5", "Call the two numbers x[0] and x[1]; divide numerator and denominator by exp(x[0]).",
      "z = x[0] − x[1].")
def difference(asked):
    return asked.params.x[0] - asked.params.x[1] == asked.answer


@kind("B6", "Add {x:d} to each.")
def moved(asked, x):
    return [n + x for n in asked.params.x] == asked.answer


@kind("B7", "J[{i:d}, {k:d}] = p[{i2:d}] · ({one:d} − p[{k2:d}]).")
def jacobian(asked, i, k, i2, one, k2):
    return [i, k] == [i2, k2] == wholes(asked, r"entry \[#, #\]") and one == (i == k)


@kind("B10; B10, same; B10, valid", "{count:d} numbers: '{mode:w}'.")
def how_many(asked, count, mode):
    return count == len(asked.answer) and f"flipping, {mode}" in asked.words


@kind("B10; B10, same; B10, valid", "Slide {kernel}, the kernel turned round.")
def turned(asked, kernel):
    return np.array_equal(array(kernel), row_of(asked.params.weight)[::-1])


@kind("B10; B10, same; B10, valid", "The full one is {full}.")
def full(asked, full):
    p = asked.params
    return np.array_equal(array(full), convolve(row_of(p.x), row_of(p.weight), "full", "direct"))


@kind("B13; B15", "It has the shape of h1: {n:d} numbers.")
def shape_of_h1(asked, n):
    return [n] == wholes(asked, "from # numbers h1") and n == len(asked.answer)


@kind("B13; B15", "A {way:w} correlation of dL/da2 with flip(w2) = {kernel}.")
def flipped(asked, way, kernel):
    g = row_of(asked.params.grad_y)
    same = np.array_equal(array(kernel), row_of(asked.params.weight)[::-1])
    return same and np.array_equal(correlate(g, array(kernel), way, "direct"), asked.answer)


@kind(
    "B13; B15", "Each h1[n] went into a2[i] with w2[n − i[[ + {pad:d}]]]; summed up, a {way:w} "
    "correlation with {kernel}: {answer}.",
)  # fmt: skip
def each_tap(asked, pad, way, kernel, answer):
    g, w = row_of(asked.params.grad_y), row_of(asked.params.weight)
    by_hand = [
        sum(g[i] * w[n - i + (pad or 0)] for i in range(len(g)) if 0 <= n - i + (pad or 0) < len(w))
        for n in range(len(asked.answer))
    ]
    right = np.array_equal(by_hand, asked.answer) and is_answer(asked, answer)
    return right and flipped(asked, way, kernel)


@kind("B15, which", "g has {count:d} numbers, dL/dh1 has {n:d}.")
def two_lengths(asked, count, n):
    return count == len(row_of(asked.params.grad_y)) and n == asked.params.size[1]


@kind(
    "B15, which", "Each h1[n] went into a2[i] with the tap n − i[[ + {pad:d}]]: the index of g has "
    "the minus sign.",
)  # fmt: skip
def which_tap(asked, pad):
    return (pad or 0) == (2 if "A full" in asked.words else 0)


@kind(
    "B15, which", "A {way:w} correlation of g with flip(w2): from {count:d} numbers to {n:d}, such "
    "as {right} from g = {g}.",
)  # fmt: skip
def such_as(asked, way, count, n, right, g):
    p = asked.params
    found = correlate(array(g), row_of(p.weight)[::-1], way, "direct")
    shown = np.array_equal(array(g), row_of(p.grad_y)) and np.array_equal(found, array(right))
    return shown and (count, n) == (len(array(g)), len(found)) and n == p.size[1]


@kind("C3", "{window:d} is even: the middle lies between two cells.", "{window:d} is odd.")
def even_or_odd(asked, window):
    return window == asked.params.blob_window and (window % 2 == 0) == (asked.answer % 1 == 0.5)


@kind("C3", "Row {row:d} is the highest: {high:f}.")
def highest(asked, row, high):
    return row == asked.answer and high == height(asked)


@kind(
    "C3", "Rows {one:d} and {two:d} are the highest, both about {high:f}: the middle is ({a:d} + "
    "{b:d}) / 2 = {middle:f}.",
)  # fmt: skip
def both_highest(asked, one, two, high, a, b, middle):
    near = abs(high - height(asked)) <= 0.0005
    return near and (one, two) == (a, b) and two == one + 1 and middle == asked.answer


@kind("C5; D3; E3", "dL/dw has the shape of w: 2 × 2.")
def shape_of_w(asked):
    return np.shape(asked.answer) == (2, 2)


@kind("D3; E3", "dL/dw[u, v] = sum over i, j of g[i, j] x[{s:d}i + u, {t:d}j + v], "
      "with g = dL/dy.")
def sum_with_the_stride(asked, s, t):
    p = asked.params
    right = gathered(plane(p.grad_y), plane(p.x), (2, 2), s)
    return s == t and np.array_equal(right, asked.answer)


@kind("C5; D3; E3", "dL/dw[0, 0] = {terms} = {first:f}.")
@kind("E1", "y[0, 0] = {terms} = {first:f}, without the zeros of the padding.")
def the_first(asked, terms, first):
    p = asked.params
    x, s = plane(p.x), p.stride[0]
    if "dL/dw" in asked.words:
        expected = terms_of(plane(p.grad_y), x[: s + 1 : s, : s + 1 : s])
    else:  # the window over the corner: the other factors are zeros of the padding
        expected = terms_of(x[:2, :2], plane(p.weight)[1:, 1:]) + f" + {signed(row_of(p.bias)[0])}"
    return terms == expected and first == asked.answer[0][0]


@kind("C6", "dL/dx has the shape of x: 3 × 3.")
def shape_of_x(asked):
    return np.shape(asked.answer) == (3, 3)


@kind("C6", "dL/dy padded by 1, correlated with the rotated kernel {kernel}: {answer}.")
def padded_and_rotated(asked, kernel, answer):
    g, w = plane(asked.params.grad_y), plane(asked.params.weight)
    found = layer(g, array(kernel), p=1)
    right = np.array_equal(found, stamped(g, w, (3, 3))) and is_answer(asked, answer)
    return right and np.array_equal(array(kernel), np.rot90(w, 2))


@kind("A5", "y[0] = {terms} = {first:f}.")
def first_output(asked, terms, first):
    p = asked.params
    x, w = np.array(p.x)[:, 0, :3], np.array(p.weight)[:, 0]
    return terms == terms_of(x, w) and first == asked.answer[0]


@kind("D2", "{tall:d} rows add up.")
def rows_add_up(asked, tall):
    return [tall] == wholes(asked, "filter of # rows")


@kind(
    "D2", "{sum} = {answer:f}. An edge half as long gives half of it; a line one cell thin answers "
    "on both of its sides with opposite signs.",
)  # fmt: skip
@kind("D2, which", "{option}: {sum} = {answer:f} on the edge, 0 beside it.")
def answer_of_the_filter(asked, sum, answer, option=None):
    if option is None:
        return answer == asked.answer
    found = layer(plane(asked.params.x), plane(asked.params.weight))
    return option == asked.options[asked.answer] and set(found.ravel()) == {0, answer}


@kind("D2, which", "Where the filter has −1 the picture is to be dark.", "Where it has 1, bright.")
def dark_and_bright(asked):
    picture, w = plane(asked.params.x), plane(asked.params.weight)
    found = layer(picture, w)
    i, j = np.argwhere(found == found.max())[0]
    seen = picture[i : i + 2, j : j + 2]
    return (seen[w == -1] == picture.min()).all() and (seen[w == 1] == picture.max()).all()


@kind("D5", "The maxima are {most}: where do they stand?")
def the_maxima(asked, most):
    return np.array_equal(array(most), maxima(plane(asked.params.x)))


@kind("D5, where", "The maxima are {most}; a cell may win in several windows.")
def the_maxima_of_several(asked, most):
    """A cell that all windows read is the largest of each, if it is the largest of all."""
    x = np.zeros(np.shape(asked.params.x)[1:])
    x[1, 1] = 9
    return the_maxima(asked, most) and np.equal(maxima(x), 9).sum() > 1


@kind("D5, where", "With dL/dy = {g} it is dL/dx = {dx}: 0 where a cell wins nothing.")
def routed(asked, g, dx):
    right = np.zeros((3, 3))
    for at, value in routes(plane(asked.params.x), array(g)):
        right[at] += value
    return np.array_equal(right, array(dx)) and np.array_equal(right != 0, asked.answer)


@kind("E1", "{h:d} × {w:d} outputs: windows start at −1 and at {second:d}.")
def starts(asked, h, w, second):
    return np.shape(asked.answer) == (h, w) and second == -1 + asked.params.stride[0]


@kind("E7", "{answer}. There are no parameters to learn; the maxima are {most}.")
def averages(asked, answer, most):
    x = plane(asked.params.x)
    return is_answer(asked, answer) and array(most).tolist() == [x[:, :2].max(), x[:, 2:].max()]


@kind("E7, linear", "x + z = {both}.")
def both_added(asked, both):
    x, z = re.search(r"x = (\[\[.*\]\]) and z = (\[\[.*\]\]), pooled", asked.words).groups()
    return np.array_equal(array(both), array(x) + array(z))


@kind("E7, linear", "{name:w}: x + z gives {both:f}; x and z give {apart}.")
def pooled_together(asked, name, both, apart):
    x, z = re.search(r"x = (\[\[.*\]\]) and z = (\[\[.*\]\]), pooled", asked.words).groups()
    pool = {"Average": np.mean, "Maximum": np.max}[name]
    one, other = pool(array(x)), pool(array(z))
    second = f"({text(other)})" if other < 0 else text(other)
    said = f"{text(one)} + {second} = {text(one + other)}"
    return both == pool(array(x) + array(z)) and apart == said
