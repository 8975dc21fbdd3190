"""What is said of blobs, of the two directions of a derivative, and of two filters compared."""

import re

import numpy as np
from scipy import ndimage

from convcore import KERNELS
from convview import query
from convview.params import Filters
from tests.sentences import pictures
from tests.sentences.claims import kind
from tests.sentences.kinds.filters import (
    FILTERS,
    are_blocks,
    is_answered,
    is_the_filter,
    is_the_sum,
    maps,
    panel,
)
from tests.sentences.pictures import PAIRS, says, slack, stamped, weight

TITLES = {
    "edge_2": "Vertical edge, 2 columns", "edge_3": "Vertical edge, 3 columns", "box": "Box",
    "gaussian": "Gaussian", "log": "Laplacian of Gaussian", "gabor": "Gabor",
}  # fmt: skip
WITH_SIGMA = ("gaussian", "log", "gabor")
SPOT = re.compile(
    r"(?:\[(\d+), (\d+)\]|rows? (\d+)(?: to (\d+))?, columns? (\d+)(?: to (\d+))?),"
    r"( all| both| up to)? (≈ )?(\d\S*) high"
)


# Points become blobs


def is_stamped(state):
    p = state.params
    if p.view != "blobs":
        return False
    shown = state.made.answer.y[0]
    return np.allclose(shown, stamped(p, p.blob_window), rtol=1e-9, atol=1e-12)


def spots(y):
    """[(cells, height), ...]: cells that touch and are as high as they are written, no neighbour
    of them higher.
    """
    left = {tuple(cell): y[tuple(cell)] for cell in np.argwhere(y > 0).tolist()}
    written = {cell: float(f"{v:.3f}" if v >= 0.001 else f"{v:.2e}") for cell, v in left.items()}
    found = []
    while left:
        ready, cells, beside = [next(iter(left))], set(), 0
        while ready:
            row, col = cell = ready.pop()
            if cell in left:
                del left[cell]
                cells.add(cell)
                near = [(row + r, col + c) for r in (-1, 0, 1) for c in (-1, 0, 1)]
                ready += [one for one in near if written.get(one) == written[cell]]
                beside = max(beside, *(written.get(one, 0) for one in near))
        if beside <= written[cell]:
            found.append((cells, max(y[one] for one in cells)))
    return found


@kind("Each point becomes the window: what a single point turns into is the point spread.")
def each_point(state):
    return is_stamped(state)


@kind("Heights are rounded.")
def heights(state):
    return is_stamped(state)


@kind("Window {n:d}: {peaks}.", place="note")
def peaks_of(state, n, peaks):
    p = state.params
    if p.view != "blobs" or n not in (p.blob_window, _other(p)):
        return False
    found = sorted(spots(stamped(state.params, n)), key=lambda one: -one[1])
    if peaks == "nothing but 0":
        return not found
    words, _, listed = peaks.partition(" at ")
    *listed, last = listed.split("; ")
    more = re.fullmatch(r"(\d+) more", last)
    listed += [] if more else [last]
    if words != ("peak" if len(found) == 1 else "peaks") or len(found) != len(listed) + (
        int(more[1]) if more else 0
    ):
        return False
    named = [_spot(text) for text in listed]
    if len(listed) != min(6, len(found)) or None in named:
        return False
    corners = [one[:4] for one in named]
    lowest = found[len(listed) - 1][1] * (1 - 1e-6)
    return len(set(corners)) == len(corners) and all(
        any(_is_spot(one, cells, height) and height >= lowest for cells, height in found)
        for one in named
    )


def _other(p):
    return p.blob_window - 1 if p.blob_window > 1 else 2


def _spot(text):
    """(first row, last, first column, last, all or both or up to or None, ≈, height) as written."""
    match = SPOT.fullmatch(text)
    if not match:
        return None
    row, col, top, bottom, left, right, how, about, height = match.groups()
    if row is not None:
        return int(row), int(row), int(col), int(col), how, about, height
    ends = (top, bottom or top, left, right or left)
    return *map(int, ends), how, about, height


def _is_spot(named, cells, height):
    *ends, how, about, text = named
    rows, cols = zip(*cells, strict=True)
    whole = len(cells) == (max(rows) - min(rows) + 1) * (max(cols) - min(cols) + 1)
    expected = {1: None, 2: " both"}.get(len(cells), " all") if whole else " up to"
    if about or height < 0.001:
        is_high = says(f"{about or ''}{text}", height)
    else:
        is_high = re.fullmatch(r"\d+\.\d{3}", text) and abs(float(text) - height) <= 0.00050001
    return (
        ends == [min(rows), max(rows), min(cols), max(cols)]
        and how == expected
        and bool(is_high)
    )  # fmt: skip


@kind("{n:d} points, {m:d} peak: where windows overlap, their answers add up; peaks that touch or "
      "run together count once.",
      "{n:d} points, {m:d} peaks: where windows overlap, their answers add up; peaks that touch or "
      "run together count once.")  # fmt: skip
def run_together(state, n, m):
    p = state.params
    found = spots(stamped(p, p.blob_window))
    return n == len(p.points) and 0 < m == len(found) < n and is_stamped(state)


@kind("{n:d} points are as many as a link holds.")
def a_full_canvas(state, n):
    points = state.params.points
    spare = next((r, c) for r in range(50) for c in range(50) if (r, c) not in points)
    link = query.write(Filters(points=(*points, spare)))
    kept, _ = query.read(Filters, {name: [text] for name, text in link.items()})
    return n == len(points) == len(kept.points)


@kind("An even window has no middle cell: what window {n:d} makes of a single point lies half a "
      "cell off, and its four highest cells are {high} high instead of 1.")  # fmt: skip
def even_window(state, n, high):
    p = state.params
    if p.view != "blobs" or not p.points:
        return False
    even = next(n for n in (p.blob_window, _other(p)) if n % 2 == 0)
    point = np.zeros((1, 250, 250))
    point[0, 125, 125] = 1
    y = pictures.correlated(point, pictures.bell(even, p.blob_sigma), "zeros")[0]
    off = np.array(ndimage.center_of_mass(y)) - 125
    return (
        n == even
        and np.allclose(np.abs(off), 0.5)
        and says(high, y.max())
        and y.max() < 1
        and np.isclose(y, y.max(), rtol=1e-9, atol=0).sum() == 4
    )


@kind("Points: click to put or take one", place="title of input", pages=FILTERS)
def the_canvas(state):
    p, x = state.params, state.made.answer.x
    put = {tuple(cell) for cell in np.argwhere(x[0]).tolist()}
    return p.view == "blobs" and put == set(p.points) and set(np.unique(x)) <= {0.0, 1.0}


@kind("Window {n:d}: {parity:w}", place="title of (output|other)", pages=FILTERS)
def parity(state, n, parity):
    p = state.params
    return (
        p.view == "blobs"
        and n in (p.blob_window, _other(p))
        and parity == ("odd" if n % 2 else "even")
    )


# Two directions of a derivative


DIRECTIONS = {
    *(f"{title} x" for title in PAIRS),  # whose kernel is shown
    *(KERNELS[f"{name}_{axis}"].title for name in PAIRS.values() for axis in "xy"),
}


def _directed(title):
    @kind(title, place="title of (?P<map>output|other|kernel)", pages=FILTERS)
    def one_direction(state, map):
        """The kernel of the pair that was asked for, whose answers have names of their own.

        In a comparison it is the title of a filter with nothing behind it.
        """
        p = state.params
        if p.view == "compare":
            behind = map == "output" and p.then_sigma
            return map != "kernel" and not behind and _is_titled(state, map, title)
        asked = next(name for name, key in PAIRS.items() if key == p.pair)
        return (
            (p.view, map, title) == ("edges", "kernel", f"{asked} x")
            and is_the_sum(state)
            and is_the_filter(state)
        )


for _title in DIRECTIONS:
    _directed(_title)


@kind(*(f"G{{axis:w}}: {name} {{of:w}}" for name in PAIRS), pages=FILTERS,
      place="title of (?P<map>output|other)")  # fmt: skip
def answer_of_a_pair(state, map, axis, of):
    """Gx across, Gy down, each on its own map; x and y are the picture and other answers."""
    p = state.params
    if p.view != "edges" or not is_answered(state) or axis != of:
        return False
    title = next(title for title, name in PAIRS.items() if name == p.pair)
    if panel(state, map).title != f"G{axis}: {title} {axis}":
        return False
    w, name = pictures.named(f"{p.pair}_{axis}", 1, 1, 0), {"x": "output", "y": "other"}[axis]
    y = pictures.correlated(state.made.answer.x, w, p.padding_mode)[0]
    return map == name and np.allclose(y, maps(state)[name], atol=slack(state))


@kind("Magnitude √(Gx² + Gy²)", place="title of magnitude", pages=FILTERS)
def magnitude(state):
    """Brighter where it is steeper."""
    steep, shown = maps(state).get("magnitude"), panel(state, "magnitude")
    if steep is None or shown is None:
        return False
    if are_blocks(state, 1, 1) and steep.max() > slack(state):
        levels = 128 + np.maximum(np.rint(127 * steep / steep.max()), steep > 0)
        return np.abs(levels - shown.planes[0]).max() <= 1
    return True


@kind("Direction", place="title of direction", pages=FILTERS)
def direction(state):
    return state.params.view == "edges" and panel(state, "direction") is not None


@kind("Its colours", place="title of wheel", pages=FILTERS)
def its_colours(state):
    """A cell of the map has the colour that the wheel has in its direction."""
    if state.params.view != "edges" or not are_blocks(state, 1, 1):
        return state.params.view == "edges"
    found, wheel = maps(state), panel(state, "wheel").planes.astype(int)
    shown = panel(state, "direction").planes.astype(int)
    steep, middle = found["magnitude"], wheel.shape[1] // 2
    cells = np.argwhere(steep > 0.06 * steep.max())[:: max(1, steep.size // 40)]
    for row, col in cells:
        unit = 30 / steep[row, col]
        at = (round(middle + unit * found[name][row, col]) for name in ("other", "output"))
        if np.abs(wheel[:, *at] - shown[:, row, col]).max() > 24:
            return False
    return True


@kind("Gx answers to vertical edges, Gy to horizontal ones; both keep their sign.")
def two_directions(state):
    p = state.params
    if p.view != "edges" or not is_answered(state):
        return False
    step = np.repeat([[0.0] * 8 + [1.0] * 8], 16, axis=0)
    x, y = (pictures.named(f"{p.pair}_{axis}", 1, 1, 0) for axis in "xy")
    return all(
        ndimage.correlate(edge, own).max() > 0 > ndimage.correlate(1 - edge, own).min()
        and not ndimage.correlate(edge, other).any()
        for edge, own, other in ((step, x, y), (step.T, y, x))
    )


@kind("The direction is where brightness rises, as on the wheel; grey where the gradient is at "
      "most {least:d} % of the steepest: in {share} of the cells.")  # fmt: skip
def grey_where_flat(state, least, share):
    steep = maps(state).get("magnitude")
    if steep is None:
        return False
    grey = (steep <= steep.max() / 20 + 1e-12).mean()
    shown = panel(state, "direction").planes
    blank = (shown == 128).all(0).mean() if are_blocks(state, 1, 1) else grey
    named = grey == 1 if share == "all" else says(share.removesuffix(" %"), 100 * grey)
    return least == 5 and named and abs(blank - grey) < 1e-9


# Two filters beside each other


def title_of(name):
    return TITLES.get(name) or KERNELS[name].title


def _titled(name):
    """Two filters may have one title."""
    title = title_of(name)
    then = ", then Gaussian, σ {then:f}"
    form = title + ", σ {s:f}" * (name in WITH_SIGMA)

    @kind(form + (then if title in DIRECTIONS else f"[[{then}]]"), pages=FILTERS,
          place="title of (?P<map>output|other)")  # fmt: skip
    def compared(state, map, s=None, then=None):
        p = state.params
        sigma = p.sigma if map == "output" else p.other_sigma
        behind = p.then_sigma if map == "output" else 0
        return (
            _is_titled(state, map, title)
            and s == (sigma if name in WITH_SIGMA else None)
            and then == (behind or None)
        )


for _name in {title_of(name): name for name in (*TITLES, *KERNELS)}.values():
    _titled(_name)


def _is_titled(state, map, title):
    """Whether in a comparison this is the filter of a map that is its answer."""
    p = state.params
    asked = p.filter if map == "output" else p.other
    return p.view == "compare" and title_of(asked) == title and is_answered(state)


@kind("First minus second", place="title of difference", pages=FILTERS)
def first_minus_second(state):
    return "difference" in maps(state) and panel(state, "difference") is not None


DIFFERENCE = "{off}[[, {share} % of {most}, the largest of the answers compared, sign aside]]."


@kind(f"Largest difference: {DIFFERENCE}", pages=FILTERS)
def largest_difference(state, off, share, most):
    return "difference" in maps(state) and _differ(state, off, share, most, 0)


@kind("The first filter is {one:s}[[, the Gaussian behind it {blur:s}]], the second {other:s}.",
      pages=FILTERS)  # fmt: skip
def sizes_compared(state, one, other, blur):
    p = state.params
    second = pictures.named(p.other, p.window, p.other_sigma, p.angle)
    return (
        p.view == "compare"
        and one == weight(p).shape
        and other == second.shape
        and blur == ((p.window, p.window) if p.then_sigma else None)
    )


@kind(f"At least {{n:d}} cell from the border, where no padding is read: {DIFFERENCE}",
      f"At least {{n:d}} cells from the border, where no padding is read: {DIFFERENCE}",
      pages=FILTERS)  # fmt: skip
def difference_inside(state, n, off, share, most):
    """No padding is read there, and at some cell one nearer it is."""
    p = state.params
    if p.view != "compare":
        return False
    reads = [max(weight(p).shape) // 2 + (p.window // 2 if p.then_sigma else 0)]
    reads.append(max(pictures.named(p.other, p.window, p.other_sigma, p.angle).shape) // 2)
    return n == max(reads) and _differ(state, off, share, most, n)


def _differ(state, off, share, of, border):
    found = maps(state)
    apart = np.abs(found["difference"])
    rows, cols = apart.shape
    apart = float(apart[border : rows - border, border : cols - border].max())
    if share is None:
        return off == "0, but for rounding" and apart <= 1000 * slack(state)
    most = max(np.abs(found[name]).max() for name in ("output", "other"))
    near = slack(state)
    return (
        says(off, apart, near)
        and says(of, most, near)
        and says(share, 100 * apart / most, 100 * near / most)
    )


