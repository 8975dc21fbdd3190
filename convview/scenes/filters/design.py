"""A filter of one's own: what it answers to, its sums, its frequencies, and what can be done."""

from dataclasses import replace

import numpy as np

from convcore import correlate2d
from convview import labels
from convview.fields import LARGEST
from convview.params import LARGEST_KERNEL
from convview.scenes.filters.answers import weight_of

SIDE = 15  # cells of a test picture; its step lies beyond what any filter reads at the other end
AT_POINT = "Corner, windows with the corner point inside"
SPECTRUM = 63  # cells of a side of the frequency response


def _tests():
    rows, cols = np.mgrid[:SIDE, :SIDE]
    middle = SIDE // 2
    return {
        "Vertical edge": cols > middle,
        "Horizontal edge": rows > middle,
        "Diagonal edge": rows + cols > 2 * middle,
        "Thin vertical line": cols == middle,
        "Corner": (rows > middle) & (cols > middle),
        "Flat": np.ones((SIDE, SIDE), bool),
    }


TESTS = {name: picture.astype(float) for name, picture in _tests().items()}


def scores(weight):
    """The strongest answer to each of the TESTS, pictures of 0 and 1, beside the most possible.

    Rows of cells, heads first: what, the answer with its sign, or both signs, percent of what any
    picture of 0 and 1 could give at most. Only whole windows count; of the corner also those alone
    with the corner point inside, so that none of them is an edge.
    """
    yield ["Test picture of 0 and 1", "Strongest answer", "Share of the largest possible answer"]
    for name, picture in TESTS.items():
        yield _score(name, correlate2d(picture, weight, "valid"), weight)
        if name == "Corner" and min(weight.shape) > 1:
            yield _score(AT_POINT, _at_point(picture, weight), weight)


def _at_point(picture, weight):
    """The answers of the windows with cells on all sides of the point where the edges meet."""
    first = [SIDE // 2 + 2 - size for size in weight.shape]
    rows, cols = (slice(at, SIDE // 2 + 1) for at in first)
    return correlate2d(picture, weight, "valid")[rows, cols]


def _score(name, answers, weight):
    tiny = 1e-12 * float(np.abs(weight).sum())
    high, low = float(answers.max()), float(answers.min())
    strongest = high if high >= -low - tiny else low
    strongest = 0.0 if abs(strongest) <= tiny else strongest
    both = strongest and abs(high + low) <= tiny
    said = f"±{labels.label(abs(strongest))}" if both else labels.label(strongest)
    most = max(float(weight[weight > 0].sum()), float(-weight[weight < 0].sum()))
    share = f"{labels.marked(100 * abs(strongest) / most)} %" if most else "—"
    return [name, f"{'≈ ' * labels.is_rounded(strongest)}{said}", share]


def explained(weight):
    """Sentences on the table."""
    yield f"The test pictures are {SIDE} × {SIDE} cells; only whole windows count in the table."
    yield "Edges are 0, then 1: on the right, below, or both, as at the corner."
    if min(weight.shape) > 1:
        yield (
            "A window without the corner point, where the two edges meet, inside it sees at most "
            "one straight edge: hence a row of the windows with the point inside."
        )


def measures(found):
    """Sentences on its sum, its norm, and whether it is a column times a row."""
    weight = found.weight
    total, tiny = float(weight.sum()), 1e-12 * float(np.abs(weight).sum())
    border = ", but for a border of zeros" * (found.mode == "zeros")
    if not weight.any():
        yield "All its numbers are 0, and so is every answer."
        return
    if abs(total) <= tiny:
        yield f"Sum 0: it answers to change alone, a flat picture gives 0{border}."
    elif abs(total - 1) < 1e-12:
        yield f"Sum 1: it keeps the brightness of a flat picture{border}."
    else:
        yield f"Sum {labels.marked(total)}: a flat picture is multiplied by it{border}."
    rank = int(np.linalg.matrix_rank(weight))
    kind = "a column times a row: two passes do it (separable)"
    if rank > 1:
        kind = f"a sum of {rank} products of a column and a row"
    norm = labels.marked(np.linalg.norm(weight))
    yield f"Norm, the root of the sum of squares: {norm}; rank {rank}, {kind}."


def frequency(weight):
    """How strongly waves of each direction and length pass, (63, 63), 0 in the middle."""
    spectrum = np.fft.fftshift(np.fft.fft2(weight, (SPECTRUM, SPECTRUM)))
    return np.abs(spectrum)


TURNS = {
    "Flip left and right": lambda w: w[:, ::-1],
    "Flip up and down": lambda w: w[::-1],
    "Rotate by 90°": np.rot90,
    "Transpose": np.transpose,
    "Change the sign": np.negative,
}


def turned(params, name):
    """The parameters with the filter turned; ValueError where it cannot be made to sum to 1."""
    weight = weight_of(params)
    if name == "Normalise":
        total = float(weight.sum())
        if abs(total) <= 1e-12 * np.abs(weight).sum():
            raise ValueError(
                "it sums to 0, so no factor makes it sum to 1: change a number first, or leave it, "
                "since a filter that gives 0 on a flat picture sums to 0"
            )
        if np.abs(weight / total).max() > LARGEST:
            raise ValueError(
                f"it sums to {labels.marked(total)}: divided by so little, some of its numbers go "
                f"beyond {LARGEST:,.0f}"
            )
        return typed(params, weight / total)
    return typed(params, TURNS[name](weight))


def resized(params, height, width):
    """The parameters with a filter of another size: cut at the end, or continued by zeros."""
    weight = weight_of(params)
    grown = np.zeros((height, width))
    rows, cols = min(height, weight.shape[0]), min(width, weight.shape[1])
    grown[:rows, :cols] = weight[:rows, :cols]
    return typed(params, grown)


def typed(params, weight):
    """The parameters with this filter, at most 7 x 7."""
    if max(weight.shape) > LARGEST_KERNEL:
        raise ValueError(f"at most {LARGEST_KERNEL} rows and columns")
    rows = tuple(tuple(float(number) + 0.0 for number in row) for row in weight)
    return replace(params, weight=(rows,))


def edited(params, edit, value):
    """The parameters with one number of the filter changed: a design from now on."""
    weight = np.array(weight_of(params), float)
    at = edit["row"], edit["col"]
    if edit["grid"] != "kernel" or not all(
        0 <= place < size for place, size in zip(at, weight.shape, strict=True)
    ):
        return params
    weight[at] = value
    return replace(typed(params, weight), view="design")
