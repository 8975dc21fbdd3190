"""What stands around the pictures of /filters, and at the cell that is looked at."""

import numpy as np

from convview import photographs
from convview.params import Filters
from convview.scenes import filters
from tests.sentences import pictures
from tests.sentences.claims import kind
from tests.sentences.pictures import answers, says, slack, weight

FILTERS = (Filters,)
OUTPUTS = ("red", "green", "blue")
SHOWN_UP_TO = 720


def panel(state, name):
    return next((one for one in state.made.panels if one.name == name), None)


def is_answered(state):
    """Whether the answer that is shown is the sum over its windows."""
    y, shown = answers(state), state.made.answer.y
    return y.shape == shown.shape and np.allclose(y, shown, rtol=1e-9, atol=slack(state))


def is_the_filter(state):
    """Whether the filter that is shown is the one that was asked for."""
    asked, shown = weight(state.params), state.made.answer.weight
    return asked.shape == shown.shape and np.allclose(asked, shown, rtol=1e-9, atol=1e-13)


def maps(state):
    """{name of a panel: its values (H, W)}, computed once more."""
    p, y = state.params, answers(state)
    x = state.made.answer.x
    if p.view == "blobs":
        other = p.blob_window - 1 if p.blob_window > 1 else 2
        return {"output": y[0], "other": pictures.stamped(p, other)}
    if p.view == "edges":
        down = pictures.correlated(x, pictures.named(f"{p.pair}_y", 1, 1, 0), p.padding_mode)
        steep = np.sqrt(y[0] ** 2 + down[0] ** 2)
        return {"output": y[0], "other": down[0], "magnitude": steep}
    if p.view == "compare":
        first = y
        if p.then_sigma:
            blur = pictures.named("gaussian", p.window, p.then_sigma, 0)
            first = pictures.correlated(y, blur, p.padding_mode)
        other = pictures.named(p.other, p.window, p.other_sigma, p.angle)
        second = pictures.correlated(x, other, p.padding_mode)
        return {"output": first[0], "other": second[0], "difference": (first - second)[0]}
    if len(y) == 1:
        return {"output": y[0]}
    return {f"output {n}": plane for n, plane in enumerate(y)}


def blocks(shape):
    """The side of the blocks that a picture of this size is shown by."""
    return -(-max(shape) // SHOWN_UP_TO)


def are_blocks(state, a, b):
    """Whether cells became blocks of a × b cells; of 1 × 1 where nothing is said of it."""
    step = blocks(state.made.answer.x.shape[1:])
    return (a or 1, b or 1) == (step, step)


@kind("Picture", place="title of input", pages=FILTERS)
def the_picture(state):
    p, x = state.params, state.made.answer.x
    if p.view == "blobs":
        return False
    if p.picture == "own":
        return x.std() == 0  # what the tests bring is flat
    colour = p.colour and p.view not in ("edges", "compare")
    return np.array_equal(x, photographs.picture(p.picture, p.side, colour))


@kind("{size:s}[[; the mean of {a:d} × {b:d} cells each]]", place="caption of input",
      pages=FILTERS)  # fmt: skip
def size_of_picture(state, size, a, b):
    return size == state.made.answer.x.shape[1:] and are_blocks(state, a, b)


@kind("around [{row:d}, {col:d}][[, {rest}]]", place="caption of input", pages=FILTERS)
def the_window(state, row, col, rest):
    """Where it is, whose colour, and that it is the window of this answer."""
    where = [state_colour(state)] if len(state.made.answer.y) > 1 else []
    where += [rank(state)] if min(state.params.look) < 0 else []
    return (
        looked(state)[1:] == (row, col)
        and (rest or "") == ", ".join(where)
        and is_the_sum(state)
    )  # fmt: skip


def looked(state):
    """(channel, row, column): as asked, or the first of the strongest."""
    p, y = state.params, answers(state)
    if min(p.look) < 0:
        return tuple(int(n) for n in np.argwhere(strongest(state))[0])
    asked = (p.channel, *p.look)
    return tuple(min(n, size - 1) for n, size in zip(asked, y.shape, strict=True))


def strongest(state):
    y = np.abs(answers(state))
    return y >= y.max() * (1 - 1e-14) - slack(state) / 100


def state_colour(state):
    return OUTPUTS[looked(state)[0]]


def rank(state):
    count = int(strongest(state).sum())
    of = " of the three colours" if len(answers(state)) > 1 else ""
    if state.params.view == "edges":
        of = " of Gx"
    if count == 1:
        return f"the strongest answer{of}"
    if count == answers(state).size:
        return "as strong as at every other cell"
    return f"the first of {count:,} equally strong answers{of}"


def is_the_sum(state):
    """Whether the window, the filter and the answer that are written out are those of this cell.

    And whether the sum has the answer's own letter: of a pair Gx, as in the sentence beside it.
    """
    scene = filters.closely(state.params, state.made.answer)
    letter = "Gx" if state.params.view == "edges" else "y"
    if scene.symbols != {"input": "x", "kernel": "w", "output": letter}:
        return False
    window, kernel, output = (scene.grid(name).values for name in ("input", "kernel", "output"))
    channel, row, col = looked(state)
    mode = pictures.mode(state.params)
    around = pictures.padded(state.made.answer.x[channel], kernel.shape[1:], mode)
    height, width = kernel.shape[1:]
    return (
        np.array_equal(window[0], around[row : row + height, col : col + width])
        and np.allclose(kernel[0], weight(state.params), rtol=1e-9, atol=1e-13)
        and abs((window * kernel).sum() - output[0, 0, 0]) <= slack(state)
    )


@kind("Window", place="title of input", pages=FILTERS)
def window_looked_at(state):
    return is_the_sum(state)


@kind("Filter", place="title of kernel", pages=FILTERS)
def the_filter(state):
    return is_the_filter(state)


@kind("Gaussian window", place="title of kernel", pages=FILTERS)
def the_gaussian_window(state):
    return state.params.view == "blobs" and is_the_filter(state)


@kind("{size:s}[[, sum {total}]]", place="caption of kernel", pages=FILTERS)
def size_of_filter(state, size, total):
    w = weight(state.params)
    said = total is None or says(total, w.sum(), 1e-11 * np.abs(w).sum() + 1e-15)
    return size == w.shape and said and is_the_filter(state)


@kind("Answer[[, {colour:w}]]", place="title of output.*", pages=FILTERS)
def the_answer(state, colour):
    if colour is None:
        return is_answered(state)
    shown = panel(state, f"output {OUTPUTS.index(colour)}")
    return is_answered(state) and shown.title == f"Answer, {colour}"


@kind("at [{row:d}, {col:d}]", place="caption of output", pages=FILTERS)
def the_place(state, row, col):
    """Whose answer it is stands beside: in the sentence, and the colour at the window."""
    return looked(state)[1:] == (row, col) and is_the_sum(state)


RANGE = "{low} to {high}[[; the strongest of {a:d} × {b:d} cells each]]"
PLACES = {
    "output": "caption of output", "output 0": "caption of output 0",
    "output 1": "caption of output 1", "output 2": "caption of output 2",
    "other": "caption of other", "magnitude": "caption of magnitude",
    "difference": "caption of difference",
}  # fmt: skip


def _ends(name):
    @kind(RANGE, place=PLACES[name], pages=FILTERS)
    def ends(state, low, high, a, b):
        y = maps(state).get(name)
        near = slack(state)
        return (
            y is not None
            and says(low, y.min(), near)
            and says(high, y.max(), near)
            and are_blocks(state, a, b)
        )

    return ends


for _name in PLACES:
    _ends(_name)


@kind("black is {low}, white is {high}[[; the mean of {a:d} × {b:d} cells each]]",
      place="caption of output", pages=FILTERS)  # fmt: skip
def grey_levels(state, low, high, a, b):
    y = answers(state)
    ends = min(0, y.min()), max(255, y.max())
    near = slack(state)
    return says(low, ends[0], near) and says(high, ends[1], near) and are_blocks(state, a, b)


@kind("the mean of {a:d} × {b:d} cells each", place="caption of (output|other)", pages=FILTERS)
def mean_of_blocks(state, a, b):
    """Where it stands alone, black is 0 and white is 255."""
    shown = [y for name, y in maps(state).items() if name.startswith("output") or name == "other"]
    inside = all(y.min() >= -1e-6 and y.max() <= 255 + 1e-6 for y in shown)
    return are_blocks(state, a, b) and inside


@kind("the steepest of {a:d} × {b:d} cells each", place="caption of direction", pages=FILTERS)
def steepest_of_blocks(state, a, b):
    return state.params.view == "edges" and are_blocks(state, a, b)


@kind("Purple is below 0, orange above: cut off at 0 or turned into bytes, part of the answer "
      "would be lost.")  # fmt: skip
def both_signs(state):
    y, least = answers(state), slack(state)
    sums_to_1 = abs(weight(state.params).sum() - 1) < 1e-9
    return y.min() < -least and least < y.max() and not sums_to_1


SAID = "{whose} at [{row:d}, {col:d}][[, {rank}]]: {value}, the sum of {h:d} × {w:d} = {n:d}"


@kind(f"{SAID} products.", f"{SAID} product.", place="looked at")
def sum_looked_at(state, whose, row, col, rank, value, h, w, n):
    p, y = state.params, answers(state)
    expected = "Answer" if len(y) == 1 else f"Answer, {state_colour(state)},"
    if p.view == "compare" and p.then_sigma:
        expected = "The first filter's answer, before the Gaussian,"
    return (
        whose == expected
        and looked(state)[1:] == (row, col)
        and is_ranked(state, rank)
        and says(value, y[looked(state)], slack(state))
        and (h, w) == weight(p).shape
        and n == h * w
    )


def is_ranked(state, said):
    return said == (rank(state) if min(state.params.look) < 0 else None)


@kind("At [{row:d}, {col:d}][[, {rank}]]: Gx {x}, Gy {y}, magnitude {steep}"
      "[[, direction {turn}° (0° right, 90° down)]].", place="looked at")  # fmt: skip
def gradient_looked_at(state, row, col, rank, x, y, steep, turn):
    if state.params.view != "edges" or looked(state)[1:] != (row, col):
        return False
    near = slack(state)
    across, down = (float(maps(state)[name][row, col]) for name in ("output", "other"))
    across, down = (0.0 if abs(one) <= near else one for one in (across, down))
    angle = np.degrees(np.angle(complex(across, down)))
    flat = max(abs(across), abs(down)) <= near
    return (
        is_ranked(state, rank)
        and says(x, across, near)
        and says(y, down, near)
        and says(steep, abs(complex(across, down)), near)
        and (turn is None) == flat
        and (flat or says(turn, angle, 1e-6))
    )
