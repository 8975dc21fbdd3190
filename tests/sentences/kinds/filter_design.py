"""What is said of a filter of one's own: its sum, its norm, what it answers to."""

import numpy as np

from convview.scenes.filters import design
from tests.sentences.claims import kind
from tests.sentences.kinds.filters import FILTERS, is_answered, panel
from tests.sentences.pictures import says, weight

SIDE = 15
AT_POINT = "Corner, windows with the corner point inside"


def pictures_of():
    """The test pictures by their names, drawn cell by cell."""
    cells = [[(row - 7, col - 7) for col in range(SIDE)] for row in range(SIDE)]
    drawn = {
        "Vertical edge": lambda row, col: col > 0,
        "Horizontal edge": lambda row, col: row > 0,
        "Diagonal edge": lambda row, col: row + col > 0,
        "Thin vertical line": lambda row, col: col == 0,
        "Corner": lambda row, col: row > 0 and col > 0,
        "Flat": lambda row, col: True,
    }
    return {
        name: np.array([[float(rule(*cell)) for cell in row] for row in cells])
        for name, rule in drawn.items()
    }


def whole_windows(w, picture):
    """{(first row, first column): answer} of the windows that lie in the picture."""
    height, width = w.shape
    return {
        (i, j): float((picture[i : i + height, j : j + width] * w).sum())
        for i in range(SIDE - height + 1)
        for j in range(SIDE - width + 1)
    }


def with_point_inside(w, found):
    """Those with cells on both sides of the corner point, down and across."""
    height, width = w.shape
    return {
        (i, j): y
        for (i, j), y in found.items()
        if any(row > 7 for row in range(i, i + height)) and i <= 7
        if any(col > 7 for col in range(j, j + width)) and j <= 7
    }


@kind("Test picture of 0 and 1 | Strongest answer | Share of the largest possible answer",
      place="head")  # fmt: skip
def head_of_scores(state):
    """Its rows: the six pictures, and windows with the corner point inside where there are any."""
    names = [*pictures_of()]
    if min(weight(state.params).shape) > 1:
        names.insert(5, AT_POINT)
    rows = [row[0] for row in state.made.table[1:]]
    return state.params.view == "design" and rows == names


@kind("Edges are 0, then 1: on the right, below, or both, as at the corner.")
def edges_are_bright_at_the_end(state):
    """Each has 0 at the first cell; its 1s begin across, down, or at the last cell alone."""
    drawn = {name: design.TESTS[name] for name in pictures_of()}
    same = all(np.array_equal(drawn[name], one) for name, one in pictures_of().items())
    across, down, both, _, corner, _ = drawn.values()
    starts = [(int(one[0, -1]), int(one[-1, 0]), int(one[-1, -1]))
              for one in (across, down, both, corner)]  # fmt: skip
    ends = [(1, 0, 1), (0, 1, 1), (0, 0, 1), (0, 0, 1)]
    return state.params.view == "design" and same and starts == ends


def _score(name):
    @kind(f"{name} | {{answer}} | {{share}}", place="row")
    def score(state, answer, share):
        w = weight(state.params)
        found = whole_windows(w, pictures_of()[name.partition(",")[0]])
        found = with_point_inside(w, found) if name == AT_POINT else found
        return is_scored(state, found, answer, share)

    score.__name__ = f"score_of_{name}"


for _name in (*pictures_of(), AT_POINT):
    _score(_name)


def is_scored(state, found, answer, share):
    """Strongest, with both signs where both are as strong; of what pictures of 0 and 1 can give."""
    w = weight(state.params)
    if state.params.view != "design":
        return False
    tiny = 1e-11 * np.abs(w).sum()
    high, low = max(found.values()), min(found.values())
    strongest = high if high >= -low - tiny else low
    strongest = 0.0 if abs(strongest) <= tiny else strongest
    both = bool(strongest) and abs(high + low) <= tiny
    most = max(w[w > 0].sum(), -w[w < 0].sum())
    if most == 0:
        return (answer, share) == ("0", "—")
    return (
        ("±" in answer) == both
        and says(answer, strongest, tiny)
        and says(share.removesuffix(" %"), 100 * abs(strongest) / most, 1e-9)
    )


@kind("The test pictures are {a:d} × {b:d} cells; only whole windows count in the table.")
def size_of_tests(state, a, b):
    """The largest filter of this page has whole windows in each; one more would not do here."""
    return state.params.view == "design" and a == b == SIDE and is_answered(state)


@kind("A window without the corner point, where the two edges meet, inside it sees at most one "
      "straight edge: hence a row of the windows with the point inside.")  # fmt: skip
def one_straight_edge(state):
    """All rows of such a window are alike, or all columns; of the others neither."""
    w, corner = weight(state.params), pictures_of()["Corner"]
    found = whole_windows(w, corner)
    inside = set(with_point_inside(w, found))

    def is_straight(i, j):
        seen = corner[i : i + w.shape[0], j : j + w.shape[1]]
        return (seen == seen[:1]).all() or (seen == seen[:, :1]).all()

    return (
        state.params.view == "design"
        and AT_POINT in [row[0] for row in state.made.table]
        and all(is_straight(*at) != (at in inside) for at in found)
        and bool(inside)
    )


BORDER = ", but for a border of zeros"


def total(state, border):
    """The sum; None where the border is not spoken of rightly, or it is no design."""
    p = state.params
    spoken = border == (BORDER if p.padding_mode == "zeros" else None)
    return weight(p).sum() if p.view == "design" and spoken and is_answered(state) else None


@kind("Sum 0: it answers to change alone, a flat picture gives 0[[{border}]].")
def sums_to_0(state, border):
    found = total(state, border)
    return found is not None and abs(found) < 1e-11 and bool(weight(state.params).any())


@kind("Sum 1: it keeps the brightness of a flat picture[[{border}]].")
def keeps_brightness(state, border):
    found = total(state, border)
    return found is not None and np.isclose(found, 1, rtol=1e-11)


@kind("Sum {said}: a flat picture is multiplied by it[[{border}]].")
def multiplies(state, said, border):
    found = total(state, border)
    return found is not None and says(said, found) and found != 0


@kind("All its numbers are 0, and so is every answer.")
def all_zero(state):
    return (
        state.params.view == "design"
        and not weight(state.params).any()
        and not state.made.answer.y.any()
    )


@kind("Norm, the root of the sum of squares: {norm}; rank {rank:d}, {what}.")
def norm_and_rank(state, norm, rank, what):
    """The rank as the number of singular values that are no rounding; its products give it back."""
    p, w = state.params, weight(state.params)
    left, size, right = np.linalg.svd(w)
    count = int((size > 1e-12 * size.max()).sum())
    several = f"a sum of {count} products of a column and a row"
    expected = "a column times a row: two passes do it (separable)" if count == 1 else several
    made = (left[:, :count] * size[:count]) @ right[:count]
    return (
        p.view == "design"
        and says(norm, float((w**2).sum()) ** 0.5)
        and rank == count
        and what == expected
        and np.allclose(made, w)
    )


@kind("Frequency response", place="title of frequency", pages=FILTERS)
def frequency_response(state):
    return state.params.view == "design" and _is_spectrum(state)


@kind("flat in the middle, the finest stripes at the border", place="caption of frequency",
      pages=FILTERS)  # fmt: skip
def middle_and_border(state):
    return state.params.view == "design" and _is_spectrum(state)


def _is_spectrum(state):
    """Waves of n whole turns in 63 cells, n from −31 to 31 both ways, by their definition."""
    w, shown = weight(state.params), panel(state, "frequency")
    if shown is None:
        return False
    turns = np.arange(-31, 32) / 63
    down = np.exp(-2j * np.pi * np.outer(turns, np.arange(w.shape[0])))
    across = np.exp(-2j * np.pi * np.outer(np.arange(w.shape[1]), turns))
    passing = np.abs(down @ w @ across)
    levels = 128 + np.rint(127 * passing / (passing.max() or 1))
    return np.abs(levels - shown.planes[0]).max() <= 1
