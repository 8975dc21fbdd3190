"""What is said of kernels with a name: their further filters and channels, and small sizes."""

import numpy as np
from scipy import signal, special

from tests.sentences.claims import kind

LINES = ("row", "column")
EDGES = {  # (author, edges): (name in links, the axis that they lie across)
    ("Sobel", "vertical"): ("sobel_x", 1),
    ("Sobel", "horizontal"): ("sobel_y", 0),
    ("Prewitt", "vertical"): ("prewitt_x", 1),
}


def planes(state):
    """The kernel that is shown, (F, C/groups, kH, kW); of a name other than random, not typed."""
    p = state.params
    assert p.weight is None
    return state.grid("kernel").reshape(p.out_channels, -1, *p.kernel_size)


def is_named(state, *names):
    return state.params.weight is None and state.params.kernel in names


def axis_of(state, line):
    """The axis on which the kernel has one row, or one column; 'cell': on both."""
    axes = [axis for axis, size in enumerate(state.params.kernel_size) if size == 1]
    return axes == [0, 1] if line == "cell" else axes == [LINES.index(line)]


@kind("Filter 1 is filter 0 mirrored left to right[[ (which changes {one:w})]][[ and filter "
      "{second:d} is filter 0 mirrored top to {how:w}]][[ (which changes {other:w})]]."
      )  # fmt: skip
def mirrored(state, one, second, how, other):
    w = planes(state)
    third = how is None if len(w) == 2 else (second, how) == (2, "bottom")
    same = [np.array_equal(turned, w[0]) for turned in w[1:]]
    said = [word == "nothing" for word in (one, other)]
    return (
        len(w) > 1
        and third
        and said == [*same, False][:2]
        and np.array_equal(w[1], w[0, :, :, ::-1])
        and all(np.array_equal(one, w[0, :, ::-1]) for one in w[2:])
    )


@kind("Channel {one:d} has the weights of channel {of:d} times {by:d}[[, channel {two:d} those "
      "times {twice:d}]].")  # fmt: skip
def scaled(state, one, of, by, two, twice):
    w = planes(state)
    said = {one: by} | ({} if two is None else {two: twice})
    return (
        of == 0
        and list(said) == list(range(1, w.shape[1]))
        and all(np.array_equal(w[:, c], w[:, 0] * factor) for c, factor in said.items())
    )


def difference(size):
    """Of the binomial weights, by their coefficients."""
    if size == 2:
        return np.array([-1, 1])
    return np.convolve(special.comb(size - 3, np.arange(size - 2)), [-1, 0, 1])


@kind("A kernel of one {line:w} finds no {edges:w} edges: of {author:w} only {what} is left.")
def only_smoothing(state, line, edges, author, what):
    """A flat part answers as well as an edge; the weights are binomial, or all alike."""
    name, across = EDGES.get((author, edges), ("", 0))
    w = planes(state)[0, 0]
    flat = signal.correlate2d(np.ones((9, 9)), w, "valid")
    long = special.comb(w.size - 1, np.arange(w.size)) if author == "Sobel" else np.ones(w.size)
    return (
        is_named(state, name)
        and axis_of(state, line)
        and line in ("cell", LINES[across])
        and what == ("a 1" if line == "cell" else "the smoothing")
        and (flat > 0).all()
        and np.array_equal(w.ravel(), long)
    )


@kind("A kernel of one {line:w} is the difference of {author:w} without its smoothing.")
def only_difference(state, line, author):
    found = [
        across for (who, _), (name, across) in EDGES.items()
        if who == author and is_named(state, name)
    ]  # fmt: skip
    w = planes(state)[0, 0].ravel()
    wanted = difference(w.size)
    return (
        len(found) == 1
        and axis_of(state, line)
        and line == LINES[1 - found[0]]
        and w.size > 1
        and np.array_equal(w, wanted if author == "Sobel" else np.sign(wanted))
    )


@kind("A kernel of one cell has no neighbours: the Laplacian is {value:d}.")
def no_neighbours(state, value):
    alone = is_named(state, "laplacian") and axis_of(state, "cell")
    return alone and (planes(state) == value).all()


@kind("A kernel of one cell has no neighbours: {name:w} is the same as Identity.")
def identity(state, name):
    alone = is_named(state, name.lower()) and name in ("Sharpen", "Emboss")
    return alone and axis_of(state, "cell") and planes(state)[0, 0].tolist() == [[1]]


@kind("An even number of {lines} has no middle: the Laplacian is lopsided, and not {zero:d} on a "
      "slope.")  # fmt: skip
def lopsided(state, lines, zero):
    return is_named(state, "laplacian") and zero == 0 and bends(state, lines, 0)


@kind("An even number of {lines} has no middle: Sharpen is lopsided, and changes a slope too.")
def sharpened_slope(state, lines):
    return is_named(state, "sharpen") and bends(state, lines, 1)


def bends(state, lines, keeps):
    """Whether slopes along just these axes come out as other ones than those `keeps` times x."""
    w = planes(state)[0, 0]
    found = []
    for axis, line in enumerate(LINES):
        slope = np.indices((16, 16))[axis].astype(float)
        middle = [slice(size // 2, 17 - size + size // 2) for size in w.shape]
        if not np.allclose(signal.correlate2d(slope, w, "valid"), keeps * slope[*middle]):
            found.append(f"{line}s")
    return lines == " and ".join(found) and not np.array_equal(w, w[::-1, ::-1])
