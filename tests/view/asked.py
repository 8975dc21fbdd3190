"""Reading the words and the page of a question, and arithmetic of its own: nothing of convcore."""

import re
from itertools import product

import numpy as np
from scipy.signal import correlate, correlate2d

NUMBER = r"(-?\d+(?:\.\d+)?)"


def found(asked, pattern):
    """The groups of `pattern` in the words of a question; # stands for a number."""
    words = asked.words.replace("−", "-")
    return re.search(pattern.replace("#", NUMBER), words).groups()


def numbers(asked, pattern):
    return [float(text) for text in found(asked, pattern)]


def wholes(asked, pattern):
    return [int(text) for text in found(asked, pattern)]


def plane(values):
    """The first channel, (H, W)."""
    return np.array(values[0])


def row_of(values):
    """The first row of the first channel."""
    return plane(values)[0]


def windows_of(x, kernel_size, stride):
    """((i, j), what the window of output [i, j] reads), as far as windows fit as a whole."""
    (h, w), (kh, kw), (sh, sw) = x.shape, kernel_size, stride
    for i, j in product(range((h - kh) // sh + 1), range((w - kw) // sw + 1)):
        yield (i, j), x[sh * i : sh * i + kh, sw * j : sw * j + kw]


def out(n, k, s=1, p=0, d=1):
    """How many windows fit, counted one by one."""
    return len(range(-p, n + p - d * (k - 1), s))


def unread(n, k, s, d=1):
    """The places of a row that no window reads."""
    read = {start + d * tap for start in range(0, n - d * (k - 1), s) for tap in range(k)}
    return [at for at in range(n) if at not in read]


def corr(x, w, mode="valid", s=1):
    """A row slid over a row, by SciPy."""
    return correlate(np.asarray(x, float), np.asarray(w, float), mode, "direct")[::s]


def layer(x, w, b=0.0, s=1, p=0):
    """A plane slid over a plane, by SciPy."""
    return correlate2d(np.pad(np.asarray(x, float), p), w, "valid")[::s, ::s] + b


def stamped(g, w, size, s=1):
    """dL/dx: each g[i, j] times w, added where the window of output [i, j] stood."""
    total, (kh, kw) = np.zeros(size), w.shape
    for i, j in np.ndindex(g.shape):
        total[s * i : s * i + kh, s * j : s * j + kw] += g[i, j] * w
    return total


def gathered(g, x, kernel_size, s=1):
    """dL/dw: the windows of x, each times its g[i, j], added up."""
    return sum(g[at] * seen for at, seen in windows_of(x, kernel_size, (s, s)))


def routes(x, g, key=np.argmax):
    """[(winner of window [i, j], g[i, j]), ...]"""
    for i, j in np.ndindex(g.shape):
        a, b = divmod(int(key(x[i : i + 2, j : j + 2])), 2)
        yield (i + a, j + b), g[i, j]


def text(value):
    """A number with all its digits, and the true minus sign."""
    return f"{float(value):.12g}".replace("-", "−")
