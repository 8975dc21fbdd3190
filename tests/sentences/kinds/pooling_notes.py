"""What the notes of /pooling say."""

import re
from dataclasses import replace

import numpy as np

from tests.sentences import brute, pools
from tests.sentences.claims import kind
from tests.sentences.kinds.pooling import (
    POOLING,
    around,
    differing,
    gradient,
    is_it,
    is_refused,
    pooled,
    routed,
    second,
    tensorflow_sides,
    word_of_tensorflow,
    x_of,
)
from tests.sentences.kinds.windows import NOTE, of_each_library

NAMED = 3


def names_windows(state, text, found):
    """Whether a text names the windows (C, H_out, W_out) of bool: all up to three, else the first
    three and how many."""
    flat = all(grid.values.shape[1] == 1 for grid in state.made.grids)
    kept = [0] * (len(found) > 1) + [1] * (not flat) + [2]
    cells = [str([at[axis] for axis in kept]) for at in np.argwhere(found).tolist()]
    if len(cells) == 1:
        return text == f"window {cells[0]}"
    count, listed = re.fullmatch(r"([\d,]+) windows \((.*)\)", text).groups()
    said = re.findall(r"\[[^\]]*\]", listed)
    more = listed.endswith(", …")
    return (
        int(count.replace(",", "")) == len(cells)
        and said == cells[:NAMED]
        and more == (len(cells) > NAMED)
    )


def windows(state):
    return pools.windows(state.params)


@kind("Each upstream value goes to the winner of its window alone[[, {hedge}]]; the other cells "
      "get {nothing:d} from it.")  # fmt: skip
def to_the_winner(state, hedge, nothing):
    said = None if windows(state).inside.any(-1).all() else "if there is one"
    return hedge == said and nothing == 0 and state.params.kind == "max" and routed(state)


@kind("Each cell that counts gets the same share: the upstream value over the divisor.")
def in_shares(state):
    return state.params.kind == "average" and routed(state)


@kind("Windows overlap here: a cell adds up what it gets from each.", pages=POOLING)
def overlap(state):
    rows, cols = ([axis.counts[at] for at in range(axis.n)] for axis in brute.axes(state.params))
    return np.multiply.outer(rows, cols).max() > 1 and routed(state)


@kind("{empty:d} of {total:d} input cell[[s]] get[[s]] no gradient at all.")
def no_gradient(state, empty, total):
    p = state.params
    (top, _), (left, _) = p.padding
    given = gradient(state, np.ones(pooled(state).shape))
    given = given[:, top : top + p.size[0], left : left + p.size[1]]
    return total == given.size and empty == (given == 0).sum() > 0


@kind("dL/dy is given[[: {how}]].", pages=POOLING)
def upstream_is_given(state, how):
    grid = state.made.grid("upstream")
    small = max(grid.values.shape[1:]) <= 28
    said = "click a cell to change its number" if small else None
    return how == said and grid.editable == small and routed(state)


@kind("{where} lies −∞, smaller than every number: it never wins.", place=NOTE)
@of_each_library
def never_wins(state, where):
    """In the padding that windows read, in what they read beyond it, in both."""
    found = windows(state)
    winners = found.winners(x_of(state))
    c, i, j = np.nonzero(winners >= 0)
    places = {
        "In the padding": (found.counts & ~found.inside).any(),
        "Over the end": (~found.counts).any(),
    }
    read = [place for place, is_read in places.items() if is_read]
    shown = state.params.view not in ("backward", "hits") and (around(state, "input") == -np.inf)
    return (
        (state.params.kind == "max" or state.params.view == "both")
        and where.lower() == " and ".join(read).lower() != ""
        and found.inside[i, j, winners[c, i, j]].all()
        and (shown is False or shown.all())
    )


@kind("In {which} there is no input cell: the maximum is −∞, and no cell gets {whose:w} gradient.")
def blind(state, which, whose):
    y = pooled(state, kind="max")
    found = ~np.broadcast_to(windows(state).inside.any(-1), y.shape)
    return (
        found.any()
        and (y[found] == -np.inf).all()
        and names_windows(state, which, found)
        and whose == ("its" if found.sum() == 1 else "their")
    )


@kind("In {which} the largest value stands more than once: the first in row-major order wins, and "
      "gets the whole gradient (as in PyTorch).")  # fmt: skip
def ties(state, which):
    tied = windows(state).equal(x_of(state)).sum(-1) > 1
    to = state.params.view not in ("backward", "hits") or gradient_is_right(state)
    return tied.any() and names_windows(state, which, tied) and to


def gradient_is_right(state):
    return is_it(state, "grad_input", gradient(state, state.grid("upstream")))


@kind("The zeros of the padding count in the divisor (PyTorch's default).")
def zeros_count(state):
    p, found = state.params, windows(state)
    padding = (found.counts & ~found.inside).any()
    return bool(padding and p.count_include_pad and averages(state))


@kind("Padding does not count: the divisor is the number of input cells in the window.")
def padding_does_not_count(state):
    p, found = state.params, windows(state)
    padding = (found.counts & ~found.inside).any()
    return bool(padding and not p.count_include_pad and averages(state))


@kind("What hangs over the end in ceil mode never counts.")
def overhang(state):
    over = any(pools.Windows.beyond(axis) > axis.after for axis in brute.axes(state.params))
    return over and state.params.ceil_mode and averages(state)


def averages(state):
    """Whether the averages that are shown have brute force's divisors."""
    view = state.params.view
    if view in ("backward", "hits"):
        return state.params.kind == "average" and routed(state)
    name = {"both": "output_average", "relu": "pooled"}.get(view, "output")
    return (state.params.kind == "average" or view == "both") and is_it(
        state, name, pooled(state, kind="average")
    )


@kind("PyTorch's pooling pads both sides alike: F.pad puts {what} around x before it.")
def f_pad(state, what):
    """What PyTorch then answers, with its own padding 0, is what is shown."""
    return what == wall(state) and uneven(state) and np.array_equal(*beside_f_pad(state))


@kind("PyTorch's pooling pads both sides alike: after F.pad, ceil mode keeps a window that is "
      "dropped here.")  # fmt: skip
def f_pad_keeps_more(state):
    ours, theirs = beside_f_pad(state)
    return uneven(state) and ours.shape != theirs.shape and max(theirs.shape) >= max(ours.shape)


@kind("PyTorch's pooling pads both sides alike: what F.pad puts around x before it counts in the "
      "divisor.")  # fmt: skip
def f_pad_counts(state):
    p = state.params
    return uneven(state) and p.kind == "average" and not p.count_include_pad


def uneven(state):
    return any(one != other for one, other in state.params.padding)


def wall(state):
    return "−∞" if state.params.kind == "max" or state.params.view == "both" else "zeros"


def beside_f_pad(state):
    """Divisors (of an average), or cells read, of our windows and of those after F.pad."""
    p = state.params
    size = tuple(n + sum(sides) for n, sides in zip(p.size, p.padding, strict=True))
    after = pools.Windows(replace(p, size=size, padding=((0, 0), (0, 0)), x=None))
    ours = windows(state)
    if wall(state) == "zeros":
        return ours.divisors(True), after.divisors(True)
    before = [sides[0] for sides in p.padding]
    return (ours.at + before, after.at) if ours.at.shape == after.at.shape else (
        ours.divisors(True), after.divisors(True)
    )  # fmt: skip


@kind("No weights: there is nothing to learn, and each channel is pooled by itself.")
def by_itself(state):
    alone = [pooled(state, plane[None])[0] for plane in x_of(state)]
    return is_it(state, "output", np.array(alone))


@kind("Max takes one number of each window as it is; the average mixes all that count.")
def one_or_all(state):
    most = pooled(state, kind="max")
    among = (windows(state).of(x_of(state), np.nan) == most[..., None]).any(-1)
    return (
        state.params.view == "both"
        and among.all()
        and is_it(state, "output", most)
        and is_it(state, "output_average", pooled(state, kind="average"))
    )


def apart(state):
    """The largest difference of the two results of a view, where there is a number."""
    view = state.params.view
    one, other = {
        "both": ("output", "output_average"),
        "relu": ("after", "output"),
        "linear": ("added", "output"),
    }[view]
    one, other = state.grid(one), state.grid(other)
    sees = np.isfinite(other)
    if view == "both":
        sees = np.broadcast_to(True, other.shape)
    return float(np.abs(one[sees] - other[sees]).max(initial=0))


def is_rounded_to(said, value):
    """Whether a number of three digits is the nearest one to a value."""
    return value > 0 and abs(said - value) <= 0.5 * 10.0 ** (np.floor(np.log10(value)) - 2) * (
        1 + 1e-9
    )


def is_between(state, between):
    """Whether these are the two results that the view compares; of ReLU where all are numbers."""
    titles = {"both": "maximum and average", "linear": "f(a) + f(b) and f(a + b)",
              "relu": "the two orders"}  # fmt: skip
    sees = state.params.view != "relu" or windows(state).inside.any(-1).all()
    return sees and between == titles.get(state.params.view)


@kind("Largest difference between {between}: 0 up to rounding ({tiny:f}).", pages=POOLING)
def difference_of_rounding(state, between, tiny):
    found = apart(state)
    return is_between(state, between) and found < 1e-9 and is_rounded_to(tiny, found)


@kind("Largest difference between {between}: [[{sign} ]]{value:f}.", pages=POOLING)
def difference(state, between, sign, value):
    found = apart(state)
    exact = np.isclose(value, found, rtol=1e-12, atol=0) if found else value == 0
    near = exact or is_rounded_to(value, found)
    return bool(near and (sign == "≈") == (not exact) and is_between(state, between))


@kind("For an average the order matters: some windows here hold both signs.")
def order_matters(state):
    return state.params.kind == "average" and both_signs(state).any() and apart(state) > 1e-9


@kind("For an average the order matters if a window holds both signs; here none does.")
def order_does_not_matter(state):
    return state.params.kind == "average" and not both_signs(state).any() and apart(state) < 1e-9


def both_signs(state):
    found = windows(state).of(x_of(state), 0)
    return (found > 0).any(-1) & (found < 0).any(-1)


@kind("Max pooling and ReLU commute: a ≤ b gives ReLU(a) ≤ ReLU(b).")
def commute(state):
    sees = np.broadcast_to(windows(state).inside.any(-1), state.grid("after").shape)
    one, other = state.grid("after")[sees], state.grid("output")[sees]
    wanted = np.maximum(pooled(state), 0)[sees]
    return state.params.kind == "max" and all(np.array_equal(wanted, y) for y in (one, other))


@kind("The exception: in {which} there is no input cell, and ReLU makes the maximum −∞ a {zero:d}.")
def exception(state, which, zero):
    found = ~np.broadcast_to(windows(state).inside.any(-1), state.grid("after").shape)
    return (
        found.any()
        and names_windows(state, which, found)
        and (state.grid("pooled")[found] == -np.inf).all()
        and (state.grid("after")[found] == zero).all()
    )


@kind("In {which} no number is positive: ReLU makes all of them {zero:d}, and the first wins "
      "instead of the largest.")  # fmt: skip
def another_wins(state, which, zero):
    x, found = x_of(state), windows(state)
    after, before = found.winners(np.maximum(x, 0)), found.winners(x)
    other = after != before
    none_positive = (found.of(x, -np.inf).max(-1) <= 0)[other].all()
    first = found.inside.argmax(-1)
    return (
        zero == 0
        and names_windows(state, which, other)
        and none_positive
        and (after == first)[other].all()
        and is_it(state, "output", pooled(state, np.maximum(x, 0)))
    )


@kind("Average pooling is linear: f(a + b) = f(a) + f(b).")
def linear(state):
    return state.params.kind == "average" and np.allclose(state.grid("added"), state.grid("output"))


@kind("Max pooling is not linear: f(a + b) ≤ f(a) + f(b), and less where no cell of a window holds "
      "both the maximum of a and that of b.")  # fmt: skip
def not_linear(state):
    less = state.grid("output") < state.grid("added") - 1e-9
    return state.params.kind == "max" and less.any() and np.array_equal(less, ~together(state))


@kind("Max pooling is not linear, but here f(a + b) = f(a) + f(b): in each window one cell holds "
      "both the maximum of a and that of b.")  # fmt: skip
def not_linear_but_here(state):
    less = state.grid("output") < state.grid("added") - 1e-9
    return state.params.kind == "max" and not less.any() and together(state).all()


def together(state):
    """Which windows hold the maximum of a and of b in one cell, or none at all."""
    found = windows(state)
    both = found.equal(x_of(state)) & found.equal(second(state))
    return both.any(-1) | ~np.broadcast_to(found.inside.any(-1), both.shape[:-1])


@kind("Ringed: cells where f(a) + f(b) is not f(a + b).")
def ringed_sums(state):
    if not state.has("added"):
        return False
    ringed = state.made.grid("added").differs
    apart = ~np.isclose(state.grid("added"), state.grid("output"))
    return bool(ringed.any()) and np.array_equal(ringed, apart)


@kind("Ringed: cells whose value is not PyTorch's, or that PyTorch's output does not have.")
def ringed(state):
    counts = [differing(state, state.grid(name)) for name in ("output_onnx", "output_tensorflow")]
    rings = [
        int(state.made.grid(name).differs.sum()) for name in ("output_onnx", "output_tensorflow")
    ]
    return counts == rings and any(rings)


@kind("The outputs differ in size and end together: at one step the libraries need not stand at "
      "the same cell.")  # fmt: skip
def walked_apart(state):
    """By the sizes that the libraries themselves give."""
    sizes = {pooled(state).size, pools.by_onnx(state.params).size}
    return len(sizes | {pools.by_jax(state.params, word_of_tensorflow(state)).size}) > 1


@kind("All three give the same numbers here.")
def all_the_same(state):
    y = pooled(state)
    return all([is_it(state, name, y) for name in ("output", "output_onnx", "output_tensorflow")])


@kind("No cell differs, but TensorFlow's output has fewer of them.")
def fewer(state):
    one = state.grid("output_tensorflow")
    return differing(state, one) == 0 and one.size < pooled(state).size


@kind("ONNX's AveragePool leaves padding out of the divisor unless told otherwise.")
def onnx_default(state):
    return (
        state.params.kind == "average"
        and state.grid("output_onnx").shape == pools.by_onnx(state.params).shape
        and np.allclose(state.grid("output_onnx"), pools.by_onnx(state.params), atol=1e-5)
    )


@kind("{library}'s average pooling knows the paddings VALID and SAME only; here {how}.",
      "{library} pools with padding VALID or SAME only (tf.nn.max_pool2d takes numbers for the "
      "padding too); here {how}.")  # fmt: skip
def of_tensorflow_only(state, library, how):
    if library != {"max": "Keras", "average": "TensorFlow"}[state.params.kind]:
        return False
    top, bottom, left, right = tensorflow_sides(state)
    word = word_of_tensorflow(state)
    if word == "VALID":
        said = "VALID: no padding"
    else:
        odd = ", the odd cell at the end" if (top, left) != (bottom, right) else ""
        said = f"SAME{odd}: {top} above, {bottom} below, {left} left, {right} right"
    return how == said and is_it(state, "output_tensorflow", pools.by_jax(state.params, word))


@kind("TensorFlow's padding is never in the divisor.")
def never_in_the_divisor(state):
    return state.params.kind == "average" and is_it(
        state, "output_tensorflow", pools.by_jax(state.params, "SAME")
    )


@kind("TensorFlow's tf.nn.pool refuses a stride together with a dilation; shown is what it would "
      "answer.")  # fmt: skip
def tensorflow_refuses(state):
    y = pools.by_jax(state.params, word_of_tensorflow(state))
    return is_refused(state) and is_it(state, "output_tensorflow", y)
