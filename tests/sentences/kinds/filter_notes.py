"""What is said of each filter: tried on pictures that tell whether it does so."""

import re

import numpy as np
from scipy import ndimage, optimize

from tests.sentences import pictures
from tests.sentences.claims import kind
from tests.sentences.kinds.filters import is_the_filter
from tests.sentences.pictures import says

RNG = np.random.default_rng(9)
NOISE = RNG.integers(0, 256, (24, 26)).astype(float)
ROWS, COLS = np.mgrid[:24, :26].astype(float)
RIGHT, DOWN = COLS >= 13, ROWS >= 12  # steps
LINE = COLS == 13
INNER = (slice(8, -8), slice(8, -8))


def on(w, x):
    """The answer to a picture, away from its border; None of a filter that reads farther."""
    w = np.asarray(w)
    return ndimage.correlate(np.asarray(x, float), w)[INNER] if max(w.shape) <= 9 else None


def is_(answer, expected):
    return answer is not None and np.allclose(answer, np.asarray(expected)[INNER], atol=1e-9)


def moved(x, down=0, right=0):
    """The picture whose cell [i, j] is x[i + down, j + right]."""
    return np.roll(x, (-down, -right), (0, 1))


def zero(w, *xs):
    return all(np.allclose(on(w, x), 0, atol=1e-9) for x in xs)


def sums_to_1(w):
    return np.isclose(w.sum(), 1)


SMOOTH = {"Sobel": [1, 2, 1], "Prewitt": [1, 1, 1], "Scharr": [3, 10, 3]}


def rises(w, name):
    """Whether it is the rise to the right, smoothed so: positive, and 0 along a horizontal edge."""
    smooth = np.array(SMOOTH[name])[:, None]
    rise = moved(NOISE, right=1) - moved(NOISE, right=-1)
    return (
        is_(on(w, NOISE), ndimage.correlate(rise, smooth))
        and on(w, RIGHT).max() > 0 > on(w, ~RIGHT).min()
        and zero(w, DOWN)
    )


def farthest(smooth):
    """By how many degrees the direction of a wave is taken wrongly at most."""
    down, across = np.mgrid[-1:2, -1:2]
    x = np.outer(smooth, [-1, 0, 1])
    worst = 0.0
    for length in (3, 4, 6, 8, 16):
        for angle in np.radians(range(91)):
            wave = np.sin(2 * np.pi / length * (down * np.sin(angle) + across * np.cos(angle)))
            found = np.arctan2((x.T * wave).sum(), (x * wave).sum())
            worst = max(worst, abs(np.degrees(found - angle)))
    return worst


def measures_more_equally(w):
    return rises(w, "Scharr") and farthest([3, 10, 3]) < farthest([1, 2, 1]) / 5


def second(x):
    """Second differences across plus down."""
    across = moved(x, right=1) + moved(x, right=-1) - 2 * x
    return across + moved(x, down=1) + moved(x, down=-1) - 2 * x


def eight(x):
    near = [moved(x, i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    return np.sum(near, axis=0) - 8 * x


def flat_and_slopes(w):
    return zero(w, np.ones_like(ROWS), ROWS, COLS, 3 * ROWS - 2 * COLS)


def binomial(x, times=1):
    for _ in range(times):
        for axis in (0, 1):
            x = ndimage.correlate1d(x, [0.25, 0.5, 0.25], axis)
    return x


def tells_turns(w):
    turns = [np.rot90(one, n) for one in (w, w.T) for n in range(4)]
    return len(np.unique(w)) == 9 == w.size and len({one.tobytes() for one in turns}) == 8


def near_weigh_more(w):
    """The farther from the middle, the less; cells as far weigh the same."""
    down, across = (np.arange(size) - (size - 1) / 2 for size in w.shape)
    far = np.add.outer(down**2, across**2).ravel()
    order = np.argsort(far, kind="stable")
    weights, steps = w.ravel()[order], np.diff(far[order])
    falls = np.diff(weights)
    return (
        (falls <= 1e-12).all()
        and np.allclose(falls[steps < 1e-9], 0)
        and weights[0] > weights[-1]
    )  # fmt: skip


def to_lines(w):
    """Positive to a bright line, negative to a dark one, half as strong to an edge, 0 across."""
    line, edge = on(w, LINE), np.abs(on(w, RIGHT)).max()
    return (
        np.isclose(line.max(), np.abs(line).max())
        and np.isclose(on(w, 1 - LINE).min(), -line.max())
        and np.isclose(edge, line.max() / 2)
        and zero(w, LINE.T[:24, :24] * 1.0, DOWN)
    )


def shines(w):
    """Slopes towards the lower right come out brighter than they are, others darker."""
    slope = ROWS + COLS
    return (
        sums_to_1(w)
        and (on(w, slope) > slope[INNER] + 1).all()
        and (on(w, -slope) < -slope[INNER] - 1).all()
    )


CELLS = "the sum of the weights is 1."
SOBEL = "answers to {} edges."
NOTES = {
    "Leaves the picture as it is.": lambda w: is_(on(w, NOISE), NOISE),
    "Each cell takes its left neighbour: the picture moves one cell to the right.": lambda w: is_(
        on(w, NOISE), moved(NOISE, right=-1)
    ),
    "Nine different weights: they show whether and how a kernel is flipped.": tells_turns,
    f"The mean of the 3 x 3 neighbourhood; {CELLS}": lambda w: is_(
        on(w, NOISE), ndimage.uniform_filter(NOISE, 3)
    ),
    f"The mean of the 5 x 5 neighbourhood; {CELLS}": lambda w: is_(
        on(w, NOISE), ndimage.uniform_filter(NOISE, 5)
    ),
    f"Nearby cells weigh more than far ones; {CELLS}": lambda w: (
        near_weigh_more(w) and sums_to_1(w)
    ),
    "1 4 6 4 1 over 16 on each axis: 1 2 1 over 4 convolved with itself.": lambda w: (
        is_(on(w, NOISE), binomial(NOISE, 2))
        and np.allclose(16 * w.sum(0), [1, 4, 6, 4, 1])
        and np.allclose(w.sum(1), np.convolve(*2 * [np.array([1, 2, 1]) / 4]))
    ),
    "The mean of five cells along a diagonal, as if the camera had moved.": lambda w: is_(
        on(w, NOISE), np.mean([moved(NOISE, n, n) for n in range(-2, 3)], axis=0)
    ),
    "Right cell minus left: the shortest derivative.": lambda w: (
        w.size == 2 and is_(on(w, NOISE), NOISE - moved(NOISE, right=-1))
    ),
    "Lower cell minus upper.": lambda w: is_(on(w, NOISE), NOISE - moved(NOISE, down=-1)),
    "Rise to the right, smoothed down the column: answers to vertical edges.": lambda w: rises(
        w, "Sobel"
    ),
    "Rise downwards, smoothed along the row: answers to horizontal edges.": lambda w: rises(
        w.T, "Sobel"
    ),
    "As Sobel x, smoothed with equal weights.": lambda w: rises(w, "Prewitt"),
    "As Sobel y, smoothed with equal weights.": lambda w: rises(w.T, "Prewitt"),
    "As Sobel x, with weights that measure all directions more equally.": measures_more_equally,
    "As Sobel y, with weights that measure all directions more equally.": lambda w: (
        measures_more_equally(w.T)
    ),
    "The upper left cell minus the lower right: a difference along one diagonal.": lambda w: is_(
        on(w, NOISE), moved(NOISE, -1, -1) - NOISE
    ),
    "The upper right cell minus the lower left: a difference along the other diagonal.": (
        lambda w: is_(on(w, NOISE), moved(NOISE, -1, 0) - moved(NOISE, 0, -1))
    ),
    "Second derivative across plus down; 0 on flat parts and even slopes.": lambda w: (
        is_(on(w, NOISE), second(NOISE)) and flat_and_slopes(w)
    ),
    "The eight neighbours less eight times the cell; 0 on flat parts and even slopes.": lambda w: (
        is_(on(w, NOISE), eight(NOISE)) and flat_and_slopes(w)
    ),
    f"The picture minus its Laplacian; {CELLS}": lambda w: (
        is_(on(w, NOISE), NOISE - second(NOISE)) and sums_to_1(w)
    ),
    "The picture plus what a blur takes away from it.": lambda w: is_(
        on(w, NOISE), 2 * NOISE - binomial(NOISE, 2)
    ),
    f"Light from one corner: rises towards the lower right shine; {CELLS}": shines,
    "Answers to thin vertical lines, positive to bright ones; to an edge half as strongly.": (
        to_lines
    ),
    "Answers to thin horizontal lines, positive to bright ones; to an edge half as strongly.": (
        lambda w: to_lines(w.T)
    ),
}


def _note(text, is_so):
    def check(state):
        w = state.made.answer.weight
        return state.params.view == "filter" and max(w.shape) <= 9 and bool(is_so(w))

    check.__name__ = re.sub(r"\W+", "_", text)
    kind(text)(check)


for _text, _is_so in NOTES.items():
    _note(_text, _is_so)


# Families, with the numbers of their sliders


def family(state, *names):
    """Whether it is one of these, and its filter the one that was asked for."""
    p = state.params
    return p.view == "filter" and p.filter in names and is_the_filter(state)


def _column(state, picture):
    w = state.made.answer.weight
    return ndimage.correlate(np.asarray(picture, float), w, mode="constant")


@kind("Bright right of dark gives a positive answer, dark right of bright a negative one.")
def signs_of_edges(state):
    if not family(state, "edge_2"):
        return False
    step = np.repeat([[0.0] * 30 + [1.0] * 30], 130, axis=0)
    answers = [_column(state, one)[65, 5:-5] for one in (step, 1 - step)]
    return answers[0].max() > 0 == answers[0].min() and answers[1].min() < 0 == answers[1].max()


@kind("A vertical edge from 0 to 1 gives as much as it is long, up to the filter's height, {n:d}.")
def length_of_edge(state, n):
    if not family(state, "edge_2"):
        return False
    for length in (1, 2, max(1, n - 1), n, n + 1, n + 5):
        edge = np.zeros((200, 40))
        edge[80 : 80 + length, 20:] = 1
        if _column(state, edge)[:, 5:-5].max() != min(length, n):
            return False
    return True


RISE = ("As with two columns, and zeros between them: a rise that takes two cells counts in full, "
        "in each row, up to {n:d} row")  # fmt: skip


@kind(f"{RISE}.", f"{RISE}s.")
def rise_over_two_cells(state, n):
    if not family(state, "edge_3") or (state.made.answer.weight[:, 1] != 0).any():
        return False
    for rows in (1, n, n + 2):
        ramp = np.zeros((200, 41))
        ramp[80 : 80 + rows, 20], ramp[80 : 80 + rows, 21:] = 0.5, 1.0
        if _column(state, ramp)[:, 5:-5].max() != min(rows, n):
            return False
    return True


@kind("The mean of one cell: the picture stays as it is.")
def mean_of_one(state):
    return family(state, "box") and np.array_equal(state.made.answer.y, state.made.answer.x)


@kind("The mean of {a:d} × {b:d} = {n:d} cells.")
def mean_of_cells(state, a, b, n):
    w = state.made.answer.weight
    return family(state, "box") and w.shape == (a, b) and np.allclose(w, 1 / n) and n > 1


@kind("A mean in which near cells weigh more.")
def near_cells(state):
    w = state.made.answer.weight
    return family(state, "gaussian") and near_weigh_more(w) and sums_to_1(w)


@kind("Flat parts and even slopes give 0, bends do not; along a straight edge the answer crosses "
      "0.")  # fmt: skip
def bends(state):
    """An edge is answered to with one sign before it and as much of the other behind it."""
    if not family(state, "log"):
        return False
    w = state.made.answer.weight
    size, tiny = len(w), 1e-9 * np.abs(w).sum()
    at = np.arange(3 * size) - size
    along = ndimage.correlate1d
    flat, slope, bend, edge = (
        along(np.asarray(x, float), w.sum(0), mode="constant")[size:-size]
        for x in (at**0, at - at.mean(), (at - at.mean()) ** 2, at >= size / 2)
    )
    rises_and_falls = edge[: size // 2].sum() * edge[-(size // 2) :].sum() < 0 or (
        edge.max() > tiny and edge.min() < -tiny
    )
    return (
        np.abs(flat).max() < tiny
        and np.abs(slope).max() < tiny * size
        and np.abs(bend).min() > tiny
        and rises_and_falls
    )


@kind("Less their mean all weights are 0 in so small a window, and so is every answer.")
def nothing_left(state):
    made = state.made.answer
    largest = np.abs(made.x).max() * made.weight.size
    return (
        family(state, "log", "gabor")
        and np.abs(made.weight).max() < 1e-12
        and np.abs(made.y).max() <= 1e-12 * largest
    )


@kind("A wave {sigma:f} / 0.56 {sign} {long} cells long, running at {angle:d}° (0° right, "
      "90° down), under a Gaussian, less its mean.")  # fmt: skip
def wave_of_gabor(state, sigma, sign, long, angle):
    p = state.params
    return (
        family(state, "gabor")
        and (sigma, angle) == (p.sigma, p.angle)
        and says(long if sign == "=" else f"{sign} {long}", sigma / 0.56)
    )


def wave(p):
    """Cycles per cell, down and across."""
    turn = np.radians(p.angle)
    return 0.56 / p.sigma * np.array([np.sin(turn), np.cos(turn)])


@kind("That is too short for cells, which show it as a wave {long} cells long.")
def too_short(state, long):
    """At whole cells both waves have the same values."""
    p = state.params
    if not family(state, "gabor") or np.abs(wave(p)).max() <= 0.5:
        return False
    steps = [wave(p) + np.array([i, j]) for i in range(-8, 9) for j in range(-8, 9)]
    return says(long, max(1 / np.hypot(*step) for step in steps))


@kind("The window, {n:d} cells wide, does not hold one whole wave.")
def too_long(state, n):
    p = state.params
    return (
        family(state, "gabor")
        and n == p.window < p.sigma / 0.56
        and np.abs(wave(p)).max() <= 0.5
    )  # fmt: skip


def passing(w, waves):
    """How strongly waves (N, 2) pass a filter."""
    rows, cols = np.indices(w.shape)
    turns = waves[:, :1] * rows.ravel() + waves[:, 1:] * cols.ravel()
    return np.abs(np.exp(-2j * np.pi * turns) @ w.ravel())


@kind("To such waves it answers ≈ {share:d} % as strongly as to those that it answers most.")
def share_of_most(state, share):
    p = state.params
    if not family(state, "gabor") or np.abs(wave(p)).max() > 0.5 or p.window < p.sigma / 0.56:
        return False
    w = pictures.weight(p)
    at = np.linspace(-0.5, 0.5, 4 * p.window + 1)
    coarse = np.stack(np.meshgrid(at, at[at >= 0], indexing="ij"), -1).reshape(-1, 2)
    best = coarse[np.argsort(passing(w, coarse))[-4:]]
    found = [
        -optimize.minimize(lambda one: -passing(w, one[None])[0], start, method="Nelder-Mead").fun
        for start in (*best, wave(p))
    ]
    return abs(share - 100 * passing(w, wave(p)[None])[0] / max(found)) <= 0.55


# How much of a Gaussian its window cuts off


def gaussians(p):
    """{what it is called where it is told: (window, sigma)}"""
    names = {"gaussian": "Gaussian", "log": "Laplacian of Gaussian", "gabor": "Gabor"}
    if p.view == "blobs":
        of = [("gaussian", p.blob_window, p.blob_sigma)]
    elif p.view == "filter":
        of = [(p.filter, p.window, p.sigma)]
    elif p.view == "compare":
        of = [(p.filter, p.window, p.sigma), (p.other, p.window, p.other_sigma)]
        of += [("gaussian", p.window, p.then_sigma)] if p.then_sigma else []
        of = [one for one in of if one[1] < usual(one[2])]
    else:
        of = []
    return {
        f"{names[name]}, window {window}, σ {sigma:.1f}": (window, sigma)
        for name, window, sigma in of
        if name in names
    }


def usual(sigma):
    """How many cells SciPy's Gaussian reads."""
    point = np.zeros(201)
    point[100] = 1
    return int((ndimage.gaussian_filter1d(point, sigma, mode="constant") > 0).sum())


def beyond(window, sigma):
    """How much of a Gaussian lies outside the window: cells counted, as far as there is any."""
    whole = pictures.bell(window + 2 * int(8 * sigma + 2), sigma)
    start = int(8 * sigma + 2)
    return 1 - whole[start : start + window, start : start + window].sum() / whole.sum()


def is_percent(text, share):
    if text == "less than 0.1 %":
        return share < 0.001
    return share >= 0.001 and says(text.removesuffix(" %"), 100 * share, 1e-9)


@kind("{name}: in the middle of each side of the window the Gaussian is {share} of its largest "
      "weight[[{box}]]; {rest} of its sum lies beyond the window and is cut off, {left}; the usual "
      "window reaches {reach:d}σ to each side: 2·⌊{times:d}·{size:f} + 0.5⌋ + 1 = {n:d} {cell:w}.",
)  # fmt: skip
def cut_off(state, name, share, box, rest, left, reach, times, size, n, cell):
    told = gaussians(state.params)
    if name not in told or not is_left(state, name, left):
        return False
    window, sigma = told[name]
    bell = pictures.bell(window, sigma)
    rim, corner = bell[0, window // 2] / bell.max(), bell[0, 0] / bell.max()
    return (
        window > 2
        and is_percent(share, rim)
        and is_percent(rest, beyond(window, sigma))
        and box == (", a box in all but name" if corner >= 0.9 else None)
        and size == sigma
        and reach == times == 4
        and abs((n - 1) / 2 - reach * sigma) <= 0.5 + 1e-9
        and n == usual(sigma)
        and cell == "cell" + "s" * (n != 1)
    )


LEFT = {  # of a Gaussian: what all weights of the filter then sum to
    1: "and what is left is scaled to sum 1",
    0: "what is left is scaled to sum 1, and the filter made of it sums to 0",
}


def is_left(state, name, left):
    """Whether the weights that are shown are what is left, and sum to what is said."""
    p, w = state.params, state.made.answer.weight
    if p.view == "blobs":
        said = left.removeprefix("and what is left is not scaled: it sums to ")
        bell = pictures.bell(p.blob_window, p.blob_sigma)
        return said != left and np.allclose(w, bell) and says(said, w.sum(), 1e-9)
    what = {"Gaussian": "gaussian", "Laplacian of Gaussian": "log", "Gabor": "gabor"}
    what = what[name.split(",")[0]]
    window, sigma = gaussians(p)[name]
    made = pictures.named(what, window, sigma, p.angle)
    if (p.filter, p.sigma) == (what, sigma) and not np.allclose(w, made):
        return False
    total = 1 if what == "gaussian" else 0
    return left == LEFT[total] and abs(made.sum() - total) < 1e-9


@kind("{name}: a window of {n:d} holds one cell, whatever σ[[{then}]].")
def one_cell(state, name, n, then):
    alone = state.params.view == "filter" and state.params.filter == "gaussian"
    return (
        gaussians(state.params).get(name, (0,))[0] == n == 1
        and then == (": the picture stays as it is" if alone else None)
        and (not alone or np.allclose(state.made.answer.y, state.made.answer.x))
    )


@kind("{name}: the Gaussian is the same in all four cells of {a:d} × {b:d}, whatever σ[[{then}]].")
def four_cells(state, name, a, b, then):
    alone = state.params.view == "filter" and state.params.filter == "gaussian"
    window, sigma = gaussians(state.params).get(name, (0, 1))
    return (
        window == a == b == 2
        and np.ptp(pictures.bell(window, sigma)) < 1e-12
        and then == (": the mean of four cells" if alone else None)
    )
