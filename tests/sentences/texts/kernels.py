"""Names of kernels, (height, width, seed) -> array, and of filters, (window, sigma, angle)."""

from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage, signal, special

from tests.sentences.prepared import same, says

RNG = np.random.default_rng(5)
X = RNG.standard_normal((24, 24))
STEP = np.repeat([[0.0, 1.0]], 12, 1).repeat(24, 0)  # dark beside bright
ODD = [(3, 3), (5, 5), (7, 7), (3, 5), (5, 7)]
SMALL = [(1, 1), (1, 4), (5, 1)]
EVERY = [(height, width) for height, width in product(range(2, 8), repeat=2)]


def answers(w, x=X):
    return signal.correlate2d(x, w, "valid")


def acts_as(w, how):
    """Whether a filter answers to random numbers as a function does, away from the border."""
    y, expected = answers(w), how(X)
    if expected.shape == X.shape:
        rows, cols = (size // 2 for size in w.shape)
        expected = expected[rows : rows + len(y), cols : cols + y.shape[1]]
    return same(y, expected)


def binomial(size):
    """By binomial coefficients, sum 1."""
    return special.comb(size - 1, np.arange(size)) / 2 ** (size - 1)


def blurred(size):
    row = binomial(size)
    return lambda x: ndimage.correlate1d(ndimage.correlate1d(x, row, 0), row, 1)


def box(size):
    return lambda x: ndimage.uniform_filter(x, size)


def scharr(axis):
    """By its definition: 3 10 3 across the derivative."""
    return lambda x: ndimage.correlate1d(
        ndimage.correlate1d(x, [-1, 0, 1], axis), [3, 10, 3], 1 - axis
    )


def neighbours(x):
    """The eight around each cell less eight times the cell."""
    return 9 * ndimage.uniform_filter(x, 3) - 9 * x


def sharpened(x):
    return x - ndimage.laplace(x)


def embossed(x):
    """GIMP's matrix, sum 1: from the upper left to the lower right."""
    return ndimage.correlate(x, np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]))


def line(axis):
    """Twice a line less the one before and the one after, three cells along it."""
    return lambda x: ndimage.correlate1d(
        ndimage.correlate1d(x, [-1, 2, -1], 1 - axis), [1, 1, 1], axis
    )


ACTS = {  # name of a fixed filter: what it does
    "Identity": lambda x: x,
    "Shift right": lambda x: np.roll(x, 1, 1),
    "Box 3 x 3": box(3),
    "Box 5 x 5": box(5),
    "Gaussian 3 x 3 (binomial)": blurred(3),
    "Gaussian 5 x 5 (binomial)": blurred(5),
    "Motion blur": lambda x: sum(np.roll(x, (n, n), (0, 1)) for n in range(-2, 3)) / 5,
    "Difference across": lambda x: np.diff(x, axis=1),
    "Difference down": lambda x: np.diff(x, axis=0),
    "Sobel x": lambda x: ndimage.sobel(x, 1),
    "Sobel y": lambda x: ndimage.sobel(x, 0),
    "Prewitt x": lambda x: ndimage.prewitt(x, 1),
    "Prewitt y": lambda x: ndimage.prewitt(x, 0),
    "Scharr x": scharr(1),
    "Scharr y": scharr(0),
    "Roberts, main diagonal": lambda x: x[:-1, :-1] - x[1:, 1:],
    "Roberts, other diagonal": lambda x: x[:-1, 1:] - x[1:, :-1],
    "Laplacian, 4 neighbours": ndimage.laplace,
    "Laplacian, 8 neighbours": neighbours,
    "Sharpen": sharpened,
    "Unsharp mask 5 x 5": lambda x: 2 * x - blurred(5)(x),
    "Emboss": embossed,
    "Vertical line": line(0),
    "Horizontal line": line(1),
}
for title, how in ACTS.items():
    says(title, of="filter")(lambda at, how=how: acts_as(at(), how))
PAIRS = {name: (f"{name} x", f"{name} y") for name in ("Sobel", "Prewitt", "Scharr")}
for title, pair in (PAIRS | {"Difference": ("Difference across", "Difference down")}).items():
    says(title, of="pair")(
        lambda at, pair=pair: all(acts_as(w, ACTS[name]) for w, name in zip(at, pair, strict=True))
    )


def counts_up(w):
    return np.array_equal(w.ravel(), np.arange(1, w.size + 1))


def is_for_vertical_edges(w):
    """Positive where it gets brighter to the right, 0 along a horizontal edge."""
    vertical, horizontal = answers(w, STEP), answers(w, STEP.T)
    return vertical.max() > 0 == vertical.min() and np.abs(horizontal).max() < 1e-12


@says("One to nine", of="filter")
def one_to_nine(at):
    return at().shape == (3, 3) and counts_up(at())


def columns(count):
    return lambda at: all(
        at(height).shape == (height, count) and is_for_vertical_edges(at(height))
        for height in (1, 3, 15)
    )


says("Vertical edge, 2 columns", of="filter")(columns(2))
says("Vertical edge, 3 columns", of="filter")(columns(3))


@says("Box", of="filter")
def a_box(at):
    return all(acts_as(at(size), box(size)) for size in (1, 3, 7))


@says("Gaussian", of="filter")
def a_gaussian(at):
    impulse = np.pad([[1.0]], 20)
    return all(
        same(at(41, sigma), ndimage.gaussian_filter(impulse, sigma, radius=20))
        for sigma in (0.5, 2.0, 5.0)
    )


@says("Laplacian of Gaussian", of="filter")
def bends_of_a_gaussian(at):
    """As SciPy's, less the little that is left of its sum."""
    expected = ndimage.gaussian_laplace(np.pad([[1.0]], 30), 4.0, radius=30)
    return same(at(61, 4.0), expected, atol=1e-4 * np.abs(expected).max())


@says("Gabor", of="filter")
def a_wave_under_a_gaussian(at):
    """It answers most to waves across its angle, to none that is flat."""
    for angle in (0, 30, 90, 150):
        passes = np.abs(np.fft.fft2(at(61, 8.0, angle), (256, 256)))
        down, across = np.unravel_index(passes[:128].argmax(), (128, 256))
        turn = np.degrees(np.arctan2(down, (across + 128) % 256 - 128))
        if abs((turn - angle + 90) % 180 - 90) > 3 or passes[0, 0] > 1e-9:
            return False
    return True


@says("Sobel, vertical edges", of="kernel")
def sobel_x(at):
    """The smoothing along an edge is binomial, as in OpenCV's getDerivKernels."""
    smooth = all(
        same(np.abs(at(*size, 1)).sum(1) / np.abs(at(*size, 1)).sum(), binomial(size[0]))
        for size in EVERY
    )
    return smooth and acts_as(at(3, 3, 1), ACTS["Sobel x"]) and all(
        is_for_vertical_edges(at(*size, 1)) for size in EVERY
    )  # fmt: skip


@says("Sobel, horizontal edges", of="kernel")
def sobel_y(at):
    return sobel_x(lambda height, width, seed: at(width, height, seed).T)


@says("Prewitt, vertical edges", of="kernel")
def prewitt_x(at):
    equal = all(same(np.ptp(at(*size, 1), axis=0), np.zeros(size[1])) for size in EVERY)
    return equal and acts_as(at(3, 3, 1), ACTS["Prewitt x"]) and all(
        is_for_vertical_edges(at(*size, 1)) for size in EVERY
    )  # fmt: skip


@says("Laplacian", of="kernel")
def laplacian(at):
    """0 on flat parts and slopes, less at a peak."""
    slope = np.add.outer(2.0 * np.arange(24), np.arange(24))
    flat = all(np.abs(answers(at(*size, 1), slope)).max() < 1e-9 for size in ODD)
    return flat and acts_as(at(3, 3, 1), ndimage.laplace)


@says("Sharpen", of="kernel")
def sharpen(at):
    """A flat part stays, an edge is overshot on both sides."""
    edges = [answers(at(*size, 1), STEP) for size in ODD]
    over = all(y.min() < 0 and y.max() > 1 and y[0, 0] == 0 and y[0, -1] == 1 for y in edges)
    return over and acts_as(at(3, 3, 1), sharpened)


@says("Emboss", of="kernel")
def emboss(at):
    """Flat parts stay as bright; slopes to the lower right shine, those to the upper left not."""
    slope = np.add.outer(np.arange(24.0), np.arange(24.0))
    lit = all(
        np.isclose(at(*size, 1).sum(), 1)
        and (answers(at(*size, 1), slope).mean() > slope.mean())
        and (answers(at(*size, 1), -slope).mean() < -slope.mean())
        for size in (*ODD, (1, 3), (3, 1), (2, 2))
    )
    alone = same(at(1, 1, 1), [[1]])
    return lit and alone and acts_as(at(3, 3, 1), embossed)


@says("Mean", of="kernel")
def mean(at):
    return all(acts_as(at(*size, 1), box(size)) for size in ODD)


@says("Gaussian (binomial)", of="kernel")
def gaussian(at):
    return all(same(at(*size, 1), np.outer(*map(binomial, size))) for size in EVERY)


@says("Identity", of="kernel")
def identity(at):
    return all(acts_as(at(*size, 1), lambda x: x) for size in ODD)


@says("Shift: a 1 at the right", of="kernel")
def shift(at):
    """Nothing else; cross-correlation moves the picture to the left with it."""
    ones = [np.argwhere(at(*size, 1)).tolist() for size in (*EVERY, *SMALL)]
    right = [[[size[0] // 2, size[1] - 1]] for size in (*EVERY, *SMALL)]
    return ones == right and all(
        acts_as(at(*size, 1), lambda x, size=size: np.roll(x, -(size[1] // 2), 1)) for size in ODD
    )


@says("Ones", of="kernel")
def ones(at):
    return all(same(answers(at(*size, 1)), sliding_window_view(X, size).sum((2, 3)))
               for size in EVERY)  # fmt: skip


@says("Counting 1, 2, 3 …", of="kernel")
def counting(at):
    return all(at(*size, 1).shape == size and counts_up(at(*size, 1)) for size in EVERY)


def is_random(one, other):
    """Whole numbers, many of them, others for another seed."""
    several = len(np.unique(one)) > 5
    return np.array_equal(one, np.rint(one)) and several and not np.array_equal(one, other)


@says("Random", of="kernel")
def random_kernel(at):
    return is_random(at(7, 7, 1), at(7, 7, 2)) and np.array_equal(at(7, 7, 1), at(7, 7, 1))
