"""Exercises on slopes, softmax, the chain rule, cost, and filters on pictures."""

from fractions import Fraction

import numpy as np

from convcore import (
    avg_pool2d,
    conv2d,
    correlate2d,
    forward_accumulation,
    relu,
    reverse_accumulation,
    sigmoid,
    softmax,
    softmax_jacobian,
)
from convcore.stack import Conv2d, Flatten, Linear, stack
from convview import filters, photographs
from convview.labels import label
from convview.params import Calculus, Filters, Shapes, Slide
from convview.practice.question import Exercise, Question
from convview.practice.rows import DENSE, counted, listed, planes
from convview.scenes.filters import answer as answered
from convview.scenes.filters import peaks
from convview.torch_code import parse


def quotient(rng):
    """B1."""
    at, halvings = 0.5, 0
    if rng:
        halvings = int(rng.integers(0, 2))
        at = round(float(rng.choice([-1, 1]) * rng.integers(1, 9 - 4 * halvings) / 10), 1)
    step = 0.5**halvings
    side = -1 if at > 0 else 1
    answer = float((relu(at + side * step) - relu(at)) / (side * step))
    name = "left" if side < 0 else "right"
    return Question(
        f"ReLU at x = {label(at)}: what is the difference quotient from the {name} with ε = "
        f"{label(step)}?",
        "number",
        answer,
        [
            (float(at > 0), "That is the limit; with this ε the kink at 0 lies in between."),
            (-answer, "Divide by how far you went, with its sign."),
        ],
        (
            f"ReLU({label(at)}) = {label(relu(at))}, ReLU({label(at + side * step)}) = "
            f"{label(relu(at + side * step))}.",
            f"The difference of these two, divided by {label(step)}.",
        ),
        (
            f"{label(abs(float(relu(at + side * step) - relu(at))))} / {label(step)} = "
            f"{label(answer)}. With ε smaller than {label(abs(at))} it is H({label(at)}) = "
            f"{label(float(at > 0))}.",
        ),
        Calculus(at=at, halvings=halvings),
    )


def ramp(rng):
    """B2."""
    at = 1.5 if rng is None else round(float(rng.integers(2, 20)) / 10, 1)
    low = -1.0 if rng is None else -float(rng.integers(1, 9))
    return Question(
        f"What is the integral of H(t) for t from {label(low)} to {label(at)}?",
        "number",
        float(relu(at)),
        [
            (at - low, "H is 0 left of 0, so nothing is added there."),
            (1.0, "That is H itself; the area under it grows with x."),
        ],
        ("Where is H 0, where is it 1?", f"A rectangle of height 1 from 0 to {label(at)}."),
        (f"{label(at)} · H({label(at)}) = ReLU({label(at)}) = {label(at)}.",),
        Calculus(view="rebuilt"),
    )


def steep(rng):
    """B3."""
    band, k = 0.5, 4
    if rng:
        band, k = round(float(rng.integers(1, 11)) / 10, 1), int(rng.integers(2, 9))
    answer = float(sigmoid(-k * band))
    return Question(
        f"sigmoid({k}x) beside the step H(x): how large is the largest difference outside "
        f"|x| < {label(band)}? (three significant digits)",
        "number",
        answer,
        [
            (0.5, "That is the difference at 0, which the band leaves out."),
            (1 - answer, "That is the value of the sigmoid there, not how far it is from 1."),
        ],
        ("The difference falls with |x|, so look at the edge of the band.",
         f"1 − sigmoid({k} · {label(band)})."),
        (f"sigmoid(−{k} · {label(band)}) = 1 / (1 + exp({label(k * band)})) = {label(answer)}.",),
        Calculus(view="limit", k=k, band=band),
    )  # fmt: skip


def _parts(rng, count):
    """Whole numbers, not all alike, whose logarithms make a softmax of fractions."""
    while True:
        parts = [int(n) for n in rng.integers(1, 7, count)]
        if len(set(parts)) > 1:
            return parts


def moved(rng):
    """B4."""
    parts, c = ([1, 2, 5], 100) if rng is None else (_parts(rng, 3), int(rng.integers(5, 900)))
    x = np.log(parts)
    answer = softmax(x + c)
    shown = ", ".join(f"ln {n}" for n in parts)
    return Question(
        f"x = ({shown}). What is softmax(x + {c})? Fractions are welcome.",
        "row",
        answer.tolist(),
        [(parts, "Those are the powers: divide by their sum."),
         ((1 / 3, 1 / 3, 1 / 3), f"{c} is added to each alike, but they differ among each other.")],
        (f"exp({c}) is in the numerator and in the denominator.",
         f"So it is softmax(x), and exp(ln {parts[0]}) = {parts[0]}."),
        (", ".join(str(Fraction(n, sum(parts))) for n in parts)
         + f". Implementations take max(x) away first, so that exp({c}) is never computed.",),
        Calculus(view="shift", x=tuple(np.round(x, 4).tolist()), shift=c),
    )  # fmt: skip


def difference(rng):
    """B5."""
    a, b = (3, 1) if rng is None else (int(n) for n in rng.choice(range(-5, 6), 2, replace=False))
    return Question(
        f"softmax([{a}, {b}]) = [sigmoid(z), 1 − sigmoid(z)]. What is z?".replace("-", "−"),
        "number",
        a - b,
        [(b - a, "The other way round: that is the z of the second class."),
         (a, "The second number counts too."), (a + b, "A difference, not a sum.")],
        ("Divide numerator and denominator by the first power.", "z = x[0] − x[1]."),
        (f"z = {label(a)} − ({label(b)}) = {label(a - b)}.",),
        Calculus(view="pair", x=(float(a), float(b))),
    )  # fmt: skip


def fewer(rng):
    """B6."""
    x = [2, 5, 1] if rng is None else [int(n) for n in rng.choice(range(-4, 7), 3, replace=False)]
    answer = [n - x[0] for n in x]
    return Question(
        f"softmax({listed(x)}) = softmax of three numbers whose first is 0. Which are they?",
        "row",
        answer,
        [([0, *x[1:]], "The others have to move with the first."),
         ([-n for n in answer], "With the other sign: x[k] − x[0].")],
        ("Adding the same to all of x changes nothing.", f"Add {label(-x[0])} to each."),
        (f"{listed(answer)}: K classes need K − 1 parameters.",),
        Calculus(view="pair", x=tuple(map(float, x))),
    )  # fmt: skip


def entry(rng):
    """B7."""
    parts, (i, k) = ([1, 2, 5], (0, 1)) if rng is None else (_parts(rng, 3), rng.integers(0, 3, 2))
    p = [Fraction(n, sum(parts)) for n in parts]
    answer = float(softmax_jacobian(np.log(parts))[i, k])
    shown = ", ".join(map(str, p))
    other = float(p[i] * p[k])
    slips = [(other, "With a minus sign: what one class gains the others lose.")]
    if i == k:
        slips = [(-other, "On the diagonal it is p (1 − p)."), (other, "p (1 − p), not p · p.")]
    return Question(
        f"p = softmax(x) = ({shown}). What is the entry [{i}, {k}] of its Jacobian dp/dx? A "
        "fraction is welcome.",
        "number",
        answer,
        slips,
        ("J = diag(p) − p pᵀ.", f"J[{i}, {k}] = p[{i}] · ({int(i == k)} − p[{k}])."),
        (f"{p[i]} · ({int(i == k)} − {p[k]}) = {p[i] * (int(i == k) - p[k])}.".replace("-", "−"),),
        Calculus(view="jacobian", x=tuple(np.round(np.log(parts), 4).tolist())),
    )


def _sizes(rng):
    if rng is None:
        return 4, 3, 5, 2
    return tuple(int(n) for n in rng.choice(range(2, 12), 4, replace=False))


def half_way(rng):
    """B8."""
    l, m, n, o = _sizes(rng)  # noqa: E741
    chain = [np.ones(shape) for shape in ((m, l), (n, m), (o, n))]
    answer = reverse_accumulation(chain).partial[1].shape
    return Question(
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R^{o}. Reverse accumulation multiplies "
        "two Jacobians first. What shape is that product?",
        "shape",
        answer,
        [((n, l), "That is J_g J_f, the first product of forward accumulation."),
         ((m, o), "Rows and columns are swapped."), ((o, l), "That is the whole Jacobian.")],
        ("J_g has a row for each number that comes out of g: it is "
         f"{n} × {m}.", "Reverse begins at the end: J_h J_g."),
        (f"J_h is {o} × {n}, J_g is {n} × {m}: J_h J_g is {o} × {m}.",),
        Calculus(view="chain", l=l, m=m, n=n, o=o),
    )  # fmt: skip


def price(rng):
    """B9."""
    l, m, n, o = (64, 32, 16, 1) if rng is None else (*_sizes(rng)[:3], 1)  # noqa: E741
    chain = [np.ones(shape) for shape in ((m, l), (n, m), (o, n))]
    answer = reverse_accumulation(chain).multiplications
    other = forward_accumulation(chain).multiplications
    return Question(
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R. How many multiplications does reverse "
        "accumulation take for the Jacobian of h(g(f(x)))?",
        "number",
        answer,
        [(other, "That is forward accumulation."), (n * m, "That is the first product alone.")],
        ("A row times a matrix, twice.", "o m n + o m l, with o = 1."),
        (f"{m} · {n} + {m} · {l} = {answer:,}; forward takes {other:,}.",),
        Calculus(view="chain", l=l, m=m, n=n, o=o),
    )


def cheaper(rng):
    """B9 again: which order."""
    l, m, n, o = _sizes(rng)  # noqa: E741
    chain = [np.ones(shape) for shape in ((m, l), (n, m), (o, n))]
    ways = {"Forward": forward_accumulation(chain), "Reverse": reverse_accumulation(chain)}
    costs = [way.multiplications for way in ways.values()]
    if rng and costs[0] == costs[1]:
        return cheaper(rng)
    answer = int(np.argmin(costs))
    return Question(
        f"f: R^{l} → R^{m}, g: R^{m} → R^{n}, h: R^{n} → R^{o}. Which order takes fewer "
        "multiplications for the Jacobian of h(g(f(x)))?",
        "choice",
        answer,
        [(1 - answer, f"It takes {costs[1 - answer]:,}, the other {costs[answer]:,}.")],
        ("With l, m, n, o for these four sizes: forward l m n + l n o, reverse o m n + o m l.",
         f"The first product of forward has {l} columns, that of reverse {o} rows."),
        (f"Forward {costs[0]:,}, reverse {costs[1]:,}.",
         "With one output, the loss of a network, it is reverse: backpropagation."),
        Calculus(view="chain", l=l, m=m, n=n, o=o),
        options=tuple(ways),
    )  # fmt: skip


def ratio(rng):
    """C2."""
    h, w, k = (12, 12, 3)
    if rng:
        k = int(rng.integers(2, 5))
        h, w = (int(n) for n in rng.integers(k + 1, 13, 2))
    c, f = 3, 4
    layer = stack([Conv2d(c, f, k)], (c, h, w))[-1]
    out = layer.output_shape
    full = stack([Flatten(), Linear(c * h * w, int(np.prod(out)), bias=False)], (c, h, w))[-1]
    answer = layer.macs / full.macs
    return Question(
        f"{c} channels of {h} × {w}, a convolution with kernels of {k} × {k}, beside a fully "
        f"connected layer with the same output of {f} maps. How many multiplications does the "
        "convolution take, as a fraction of those?",
        "number",
        answer,
        [(1 / answer, "The other way round."),
         (k * k / (c * h * w), "Both read all channels: they cancel.")],
        ("For each output: C · H_K · W_K products against C · H · W.",
         f"{k} · {k} / ({h} · {w})."),
        (f"{layer.macs:,} against {full.macs:,}: {k * k} / {h * w} = {label(answer)}.",),
        Shapes(layers=parse(f"Conv2d({c},{f},{k})"), shape=(c, h, w), at=1),
    )  # fmt: skip


def blob(rng):
    """C3."""
    point, window = 20, 50
    if rng:
        point, window = int(rng.integers(15, 35)), int(rng.integers(20, 30))
    params = Filters(points=((point, 25),), blob_window=window)
    found = answered(photographs.canvas(params.points), filters.blob(window, 5.0), "zeros")
    (((first, last), _, height, _), *_) = peaks(found.y[0])
    answer = (first + last) / 2
    return Question(
        f"A white point in row {point} and one convolution ('same', as in SciPy) with a Gaussian "
        f"window of {window} × {window} cells. Where, in rows, is the middle of the blob?",
        "number",
        answer,
        [(point, "A window of an even size has no middle cell."),
         (point - 0.5, "Half a cell off, but to the other side.")]
        if window % 2 == 0
        else [(point + off, "An odd window has a middle cell: nothing is shifted.")
              for off in (0.5, -0.5)],
        ("Has the window a middle cell?",
         f"{window} is {'odd' if window % 2 else 'even: the middle lies between two cells'}."),
        (f"In row {first}, {height:.3f} high."
         if first == last
         else f"Rows {first} and {last} are the highest, both {height:.3f}: {label(answer)}.",),
        params,
    )  # fmt: skip


def one_matrix(rng):
    """C4."""
    few, side, classes = 2, 6, 3
    if rng:
        few, side = int(rng.integers(1, 5)), int(rng.choice([4, 6, 8]))
        classes = int(rng.integers(2, 7))
    cells = side * side
    basis = np.concatenate([np.zeros((1, cells)), np.eye(cells)]).reshape(-1, 1, side, side)
    pooled = avg_pool2d(conv2d(basis, np.ones((few, 1, 3, 3)), np.ones(few)), 2)
    scores = pooled.reshape(len(basis), -1) @ np.ones((pooled[0].size, classes))
    answer = scores.size  # a column for each of the basis, and the offset
    own = few * 10 + classes * (pooled[0].size + 1)
    return Question(
        f"A network of a 3 × 3 convolution ({counted(few, 'filter')}, bias), average pooling by "
        f"2 × 2 and a dense layer, without non-linearity, takes pictures of {side} × {side} to "
        f"{classes} classes. "
        "Composed it is one matrix and one offset. How many numbers are these together?",
        "number",
        answer,
        [(answer - classes, "Without the offset, one for each class."),
         (own, "That is the network's own number of parameters.")],
        (f"A row for each class, a column for each of {cells} cells.",
         "And an offset for each class."),
        (f"{classes} · {cells} + {classes} = {answer}: those of a logistic regression. "
         "Composed, the network is one of them, so its loss can't be below their best.",),
        Calculus(view="linear", filters=few),
    )  # fmt: skip


def loops(rng):
    """D1."""
    c, n, k, s, f = 3, 9, 3, 2, 4
    if rng:
        n, k, s, f = (int(rng.integers(*ends)) for ends in ((7, 13), (2, 5), (2, 4), (2, 6)))
    y = conv2d(np.zeros((c, n, n)), np.zeros((f, c, k, k)), None, s)
    answer = y.size * c * k * k
    return Question(
        f"Nested loops over an RGB picture of {n} × {n}: {f} filters of {k} × {k}, stride {s}, no "
        "padding. How many multiplications?",
        "number",
        answer,
        [(answer // c, "Each filter reads all three colours."),
         (answer // f, "Each of the filters slides over the picture."),
         (f * c * k * k * (n - k + 1) ** 2, f"That is with stride 1; the stride is {s}.")],
        (f"The output is {f} × {y.shape[1]} × {y.shape[2]}.", f"Each takes {c} · {k} · {k} "
                                                              "products."),
        (f"{f} · {y.shape[1]} · {y.shape[2]} · {c} · {k} · {k} = {answer:,}.",),
        Shapes(layers=parse(f"Conv2d({c},{f},{k},stride={s})"), shape=(c, n, n), at=1),
    )  # fmt: skip


EDGES = {  # a dark half is 0, a bright one 1
    "dark on the left, bright on the right": [[0, 0, 1, 1]] * 4,
    "bright on the left, dark on the right": [[1, 1, 0, 0]] * 4,
    "dark above, bright below": np.repeat([[0], [0], [1], [1]], 4, 1).tolist(),
    "bright above, dark below": np.repeat([[1], [1], [0], [0]], 4, 1).tolist(),
}
DETECTORS = {
    "each row −1 1": [[-1, 1]] * 2,
    "each row 1 −1": [[1, -1]] * 2,
    "−1 −1 above 1 1": [[-1, -1], [1, 1]],
    "1 1 above −1 −1": [[1, 1], [-1, -1]],
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
        [(at, "It answers 0 everywhere: the edge lies along it." if value == 0
          else f"It answers {label(value)}: the sign is the other direction.")
         for at, value in enumerate(most) if at != answer],
        ("Where the filter has −1 the picture is to be dark.", "Where it has 1, bright."),
        (f"{list(DETECTORS)[answer].capitalize()}: 2 · ({label(high)} − {label(low)}) = "
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
        f"A filter of {tall} rows, each −1 1, on an edge: {label(dark)} left of it, "
        f"{label(bright)} "
        "right of it, along its whole height. What does it answer?",
        "number",
        answer,
        [(answer / tall, "That is one row; they add up, so a long edge is preferred."),
         (-answer, "Bright right of dark is positive: the sign is the direction.")],
        ("One row first.", f"{tall} rows add up."),
        (f"{tall} · ({label(bright)} − {label(dark)}) = {label(answer)}. An edge half as "
         "long gives half of it; a line one cell thin answers on both of its sides with opposite "
         "signs.",),
        _slid(picture, weight),
    )  # fmt: skip


EXERCISES = (
    Exercise("B1", "A difference quotient", "Calculus", 1, quotient),
    Exercise("B2", "The integral of the step", "Calculus", 1, ramp),
    Exercise("B3", "How close the sigmoid is", "Calculus", 2, steep),
    Exercise("B4", "Softmax, shifted", "Calculus", 2, moved),
    Exercise("B5", "Two classes", "Calculus", 1, difference),
    Exercise("B6", "One number too many", "Calculus", 1, fewer),
    Exercise("B7", "An entry of the Jacobian", "Calculus", 2, entry),
    Exercise("B8", "The first product", "Calculus", 2, half_way),
    Exercise("B9", "The price of reverse", "Calculus", 2, price),
    Exercise("B9, which", "Forward or reverse", "Calculus", 2, cheaper),
    Exercise("D2, which", "The filter for an edge", "Pictures", 1, detector),
    Exercise("C2", "Convolution beside dense", "Networks", 2, ratio),
    Exercise("C3", "Where the blob is", "Pictures", 2, blob,
             "that 50 cells of Gaussian give a peak on the point; and scipy.signal.gaussian is now "
             "scipy.signal.windows.gaussian"),
    Exercise("C4", "A network that is one matrix", "Networks", 3, one_matrix),
    Exercise("D1", "Counting loops", "Convolution", 2, loops),
    Exercise("D2", "An edge filter", "Pictures", 1, edge),
)  # fmt: skip
