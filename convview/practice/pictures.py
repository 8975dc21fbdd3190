"""Exercises on filters and pictures."""

import numpy as np

from convcore import correlate2d
from convview import filters, photographs
from convview.labels import is_rounded, label
from convview.params import Filters, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import DENSE, planes
from convview.scenes.filters import answer as answered
from convview.scenes.filters import peaks

SIGMA = 5.0  # of the Gaussian of C3, in cells


def blob(rng):
    """C3."""
    point, window = 20, 50
    if rng:
        point, window = int(rng.integers(15, 35)), int(rng.integers(20, 30))
    params = Filters(points=((point, 25),), blob_window=window, blob_sigma=SIGMA)
    found = answered(photographs.canvas(params.points), filters.blob(window, SIGMA), "zeros")
    (((first, last), _, height, _), *_) = peaks(found.y[0])
    answer = (first + last) / 2
    even = window % 2 == 0
    high = f"{'about ' if is_rounded(height) else ''}{label(height)}"
    full = point + (window - 1) / 2, "that is in the full convolution; 'same' is its middle"
    if even:
        middle = "a window of an even size has no middle cell: two rows are equally high"
        slips = [
            (point, middle),
            (point + 1, middle),
            (point - 0.5, "half a cell off, but to the other side"),
            (point - 1, "that is to the other side, and the middle lies between two rows"),
            full,
        ]
    else:
        middle = "an odd window has a middle cell: nothing is shifted"
        slips = [(point + 0.5, middle), (point - 0.5, middle), full]
    return Question(
        f"A white point in row {point} and one convolution ('same', as in SciPy) with a Gaussian "
        f"window of {window} × {window} cells, σ = {label(SIGMA)}, not normalised. Where, in "
        "rows, is the middle of the blob?",
        "number",
        answer,
        slips,
        ("Has the window a middle cell?",
         f"{window} is {'even: the middle lies between two cells' if even else 'odd'}."),
        (f"Row {first} is the highest: {high}."
         if first == last
         else f"Rows {first} and {last} are the highest, both {high}: the middle is "
              f"({first} + {last}) / 2 = {label(answer)}.",),
        params,
    )  # fmt: skip


EDGES = {  # a dark half is 0, a bright one 1
    "dark on the left, bright on the right": [[0, 0, 1, 1]] * 4,
    "bright on the left, dark on the right": [[1, 1, 0, 0]] * 4,
    "dark above, bright below": np.repeat([[0], [0], [1], [1]], 4, 1).tolist(),
    "bright above, dark below": np.repeat([[1], [1], [0], [0]], 4, 1).tolist(),
}
DETECTORS = {
    "[−1, 1] in each row": [[-1, 1]] * 2,
    "[1, −1] in each row": [[1, -1]] * 2,
    "[−1, −1] above [1, 1]": [[-1, -1], [1, 1]],
    "[1, 1] above [−1, −1]": [[1, 1], [-1, -1]],
}


def _slid(picture, weight):
    """The slide page with this picture and this filter."""
    return Slide(
        **DENSE, size=picture.shape, kernel_size=weight.shape, x=planes(picture),
        weight=planes(weight),
    )  # fmt: skip


def detector(rng):
    """D2 again: which filter."""
    name = next(iter(EDGES)) if rng is None else str(rng.choice(list(EDGES)))
    low, high = (0, 1) if rng is None else (int(rng.integers(0, 3)), int(rng.integers(4, 9)))
    picture = low + (high - low) * np.array(EDGES[name])
    answers = [correlate2d(picture, np.array(one, float), "valid").ravel()
               for one in DETECTORS.values()]  # fmt: skip
    most = [float(one[np.abs(one).argmax()]) for one in answers]
    answer = int(np.argmax(most))
    chosen = list(DETECTORS.values())[answer]
    return Question(
        f"A picture of 4 × 4: {name}, {label(low)} and {label(high)}. Which 2 × 2 filter answers "
        "most strongly, and with a plus sign?",
        "choice",
        answer,
        [(at, "it answers 0 everywhere: along the edge nothing changes" if value == 0
          else f"it answers {label(value)} on the edge: the sign is the other direction")
         for at, value in enumerate(most) if at != answer],
        ("Where the filter has −1 the picture is to be dark.", "Where it has 1, bright."),
        (f"{list(DETECTORS)[answer]}: 2 · ({label(high)} − {label(low)}) = "
         f"{label(most[answer])} on the edge, 0 beside it.",),
        _slid(picture, np.array(chosen, float)),
        options=tuple(DETECTORS),
    )  # fmt: skip


def edge(rng):
    """D2."""
    tall, dark, bright = (3, 0.0, 1.0)
    if rng:
        tall, dark = int(rng.integers(2, 7)), float(rng.integers(0, 4))
        bright = dark + float(rng.integers(1, 6))
    weight = filters.named("edge_2", tall)
    picture = np.full((tall, 2), dark)
    picture[:, 1] = bright
    answer = float(correlate2d(picture, weight, "valid")[0, 0])
    return Question(
        f"A filter of {tall} rows, each [−1, 1], on an edge: {label(dark)} left of it, "
        f"{label(bright)} "
        "right of it, along its whole height. What does it answer?",
        "number",
        answer,
        [
            (answer / tall, "that is one row; they add up, so a long edge is preferred"),
            (-answer, "bright right of dark is positive: the sign is the direction"),
            (tall * (bright + dark), "the weight on the left is −1: the dark side is taken away"),
            (tall * bright, "the dark side counts too, with −1"),
            (-tall * dark, "the bright side counts too, with 1"),
            (answer / (2 * tall), "that is the mean of the products: they add up"),
            (0.0, "it answers 0 where nothing changes; here the sides differ"),
        ],
        ("One row first.", f"{tall} rows add up."),
        (f"{tall} · ({label(bright)} − {label(dark)}) = {label(answer)}. An edge half as "
         "long gives half of it; a line one cell thin answers on both of its sides with opposite "
         "signs.",),
        _slid(picture, weight),
    )  # fmt: skip


EXERCISES = (
    Exercise("C3", "Where the blob is", "Pictures", 2, blob,
             "expecting a peak on the point from a window of an even size, which has no middle "
             "cell; in SciPy the window is scipy.signal.windows.gaussian"),
    Exercise("D2", "An edge filter", "Pictures", 1, edge),
    Exercise("D2, which", "A filter for an edge", "Pictures", 1, detector),
)  # fmt: skip
