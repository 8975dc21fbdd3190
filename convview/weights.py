"""The kernels one can choose, at any size from 1 x 1 to 7 x 7, for every filter and channel.

Each is a function (height, width, seed) -> float64 array (kH, kW). At 3 x 3 the named ones equal
those of `convcore.KERNELS`; larger ones grow by the same rule (binomial smoothing, and its
differences), as in OpenCV's getDerivKernels.
"""

import numpy as np


def smoothing(size):
    """Row `size` of Pascal's triangle: 1, 11, 121, 1331, ..."""
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return row


def difference(size):
    """The central difference of a smoothing: -1 0 1 at 3, -1 -2 0 2 1 at 5; -1 1 at 2; 1 at 1."""
    if size < 3:
        return np.array([1.0]) if size == 1 else np.array([-1.0, 1.0])
    return np.convolve(smoothing(size - 2), [-1, 0, 1])


def sobel_x(height, width, seed):
    return np.outer(smoothing(height), difference(width))


def sobel_y(height, width, seed):
    return np.outer(difference(height), smoothing(width))


def prewitt_x(height, width, seed):
    return np.outer(np.ones(height), np.sign(difference(width)))


def laplacian(height, width, seed):
    """Every cell 1 in the middle row and column, the centre minus their number: sums to 0."""
    w = np.zeros((height, width))
    w[height // 2, :] = w[:, width // 2] = 1
    w[height // 2, width // 2] -= w.sum()
    return w


def sharpen(height, width, seed):
    """Identity minus Laplacian."""
    return identity(height, width, seed) - laplacian(height, width, seed)


def emboss(height, width, seed):
    """Light from the upper left: -2 .. 2 along the diagonal, 1 in the centre: sums to 1."""
    rows, cols = (np.sign(difference(n)) * (n > 1) for n in (height, width))
    return rows[:, None] + cols + identity(height, width, seed)


def mean(height, width, seed):
    return np.full((height, width), 1 / (height * width))


def gaussian(height, width, seed):
    """The binomial approximation, normalised to sum 1."""
    w = np.outer(smoothing(height), smoothing(width))
    return w / w.sum()


def identity(height, width, seed):
    w = np.zeros((height, width))
    w[height // 2, width // 2] = 1
    return w


def shift(height, width, seed):
    """A single 1 in the last column: the picture moves to the left."""
    w = np.zeros((height, width))
    w[height // 2, -1] = 1
    return w


def ones(height, width, seed):
    return np.ones((height, width))


def counting(height, width, seed):
    """1, 2, 3, ... in row-major order: shows at once whether the kernel was turned."""
    return np.arange(1.0, height * width + 1).reshape(height, width)


def random(height, width, seed):
    """Whole numbers from -3 to 3 drawn from the seed."""
    return np.random.default_rng(seed).integers(-3, 4, (height, width)).astype(float)


WEIGHTS = {
    "sobel_x": sobel_x,
    "sobel_y": sobel_y,
    "prewitt_x": prewitt_x,
    "laplacian": laplacian,
    "sharpen": sharpen,
    "emboss": emboss,
    "mean": mean,
    "gaussian": gaussian,
    "identity": identity,
    "shift": shift,
    "ones": ones,
    "counting": counting,
    "random": random,
}


def weights(name, filters, channels, height, width, seed):
    """The chosen kernel for each filter and channel, (C_out, C_in/groups, kH, kW).

    The second filter is the first one mirrored left to right and the third mirrored top to bottom,
    so that filters answer differently; channels count once, twice, three times, with a minus for
    the second, so that they do too. `scenes.presets` says both. `random` draws each afresh.
    """
    if name == "random":
        seeds = [[[seed, f, c] for c in range(channels)] for f in range(filters)]
        return np.array([[random(height, width, each) for each in row] for row in seeds])
    w = WEIGHTS[name](height, width, seed)
    turned = np.stack([w, w[:, ::-1], w[::-1, :]])[:filters]  # (F, kH, kW)
    factor = np.array([1.0, -1.0, 2.0])[:channels]
    return turned[:, None] * factor[:, None, None]  # (F, C, kH, kW)
