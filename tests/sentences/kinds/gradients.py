"""What is said of the way back through a layer: /gradients."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import correlate2d

from convcore import check_vjp, conv2d, conv2d_backward, grad_weight_by_construction
from convview.params import Gradients
from tests.sentences import brute
from tests.sentences.arithmetic import RAISED
from tests.sentences.claims import kind
from tests.sentences.kinds.slide import real

GRADIENTS = (Gradients,)


def upstream(state):
    return state.grid("upstream")


def x_padded(state):
    """The padded input: where no grid shows it, that of /slide's picture or the numbers typed."""
    if state.has("input"):
        return state.grid("input")
    return brute.padded(brute.typed_input(state.params), state.params)


def weight(state):
    """The weights (F, C/groups, kH, kW) that move over the input."""
    w = brute.typed_weight(state.params)
    return w[:, :, ::-1, ::-1] if state.params.operation == "convolution" else w


def grad_padded(state):
    """dL/d(padded x) by literal loops: each upstream number times the weights, onto its window."""
    p, g, w = state.params, upstream(state), weight(state)
    rows, cols = brute.axes(p)
    return brute.scattered(g, w, rows, cols, p.in_channels, p.groups)


def cropped(state, padded):
    (top, _), (left, _) = brute.padding(state.params)
    h, w = state.params.size
    return padded[:, top : top + h, left : left + w]


def grad_weight(state):
    """dL/dw, (F, C/groups, kH, kW), where each weight was typed."""
    p = state.params
    found = brute.weight_gradient(
        upstream(state), x_padded(state), *brute.axes(p), weight(state).shape, p.groups
    )
    return found[:, :, ::-1, ::-1] if p.operation == "convolution" else found


def close(one, other):
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-8, atol=1e-8)


def grad_x_is_right(state):
    """Whether dL/dx, as far as it is shown, is the sum over the taps, by both ways."""
    padded = grad_padded(state)
    fine = True
    if state.has("grad_input"):
        fine &= close(state.grid("grad_input"), cropped(state, padded))
    if state.has("grad_input_scatter") and state.params.view == "input":
        fine &= close(state.grid("grad_input_scatter"), padded)
    return fine


def size_of_y(state):
    p = state.params
    return (p.out_channels, *(axis.out for axis in brute.axes(p)))


def grad_w_is_right(state):
    found = grad_weight(state)
    return close(state.grid("grad_kernel"), found.reshape(state.grid("grad_kernel").shape))


def grad_b_is_right(state):
    """Whether dL/db sums up an upstream map of this layer's size."""
    fits = size_of_y(state) == upstream(state).shape
    return fits and close(state.grid("grad_bias").ravel(), upstream(state).sum((1, 2)))


def number(text):
    """'0' or 'about 4·10⁻¹⁶'."""
    if text == "0":
        return 0.0
    digit, times, power = text.removeprefix("about ").partition("·10")
    if not times:
        return np.nan
    return int(digit) * 10.0 ** int(power.translate(RAISED))


def named(state, word, axes=None):
    """The axis of 'rows', 'columns' or 'rows and columns'; None if it is to be called otherwise."""
    rows, cols = axes or brute.axes(state.params)
    if word in ("rows and columns", "size"):
        return rows if rows == cols else None
    one_row = rows.n + rows.before + rows.after == 1
    if rows == cols or (word == "rows" and one_row):
        return None
    return {"rows": rows, "columns": cols}[word]


AXES = {"rows": (True, False), "columns": (False, True), "rows and columns": (True, True)}


def just(state, word, holds, axes=None):
    """Whether a claim holds for the axes that are named, and for no other."""
    return tuple(map(holds, axes or brute.axes(state.params))) == AXES.get(word)


def _settings(state):
    p = state.params
    return p.stride, brute.padding(p), p.dilation, p.groups


def _checked(state, of):
    """Finite differences beside the gradient, along the random direction of `check_vjp`."""
    x, w, settings = real_or_typed(state), weight(state), _settings(state)
    if of == "x":
        return check_vjp(
            lambda x: conv2d(x, w, None, *settings),
            lambda g, x: conv2d_backward(g, x, w, *settings).x,
            x,
            step=_step(x),
        )
    return check_vjp(
        lambda w: conv2d(x, w, None, *settings),
        lambda g, w: conv2d_backward(g, x, w, *settings).weight,
        w,
        step=_step(w),
    )


def _step(operand):
    return 1e-5 * max(1, np.abs(operand).max())


def real_or_typed(state):
    return real(state) if state.has("input") else brute.typed_input(state.params)


@kind("Scatter and gather end in the same dL/dx: the largest difference between the two is {off}.")
def both_ways(state, off):
    inside = cropped(state, state.grid("grad_input_scatter"))
    found = float(np.abs(inside - state.grid("grad_input")).max())
    return said_small(off, found) and grad_x_is_right(state)


@kind("Summed tap by tap and by the formula above, dL/dw is the same: the largest difference "
      "between the two is {off}.")  # fmt: skip
def weight_two_ways(state, off):
    operands = upstream(state), real_or_typed(state), weight(state), *_settings(state)
    built = grad_weight_by_construction(*operands).taken
    found = float(np.abs(conv2d_backward(*operands).weight - built).max())
    return said_small(off, found) and found < 1e-9 and grad_w_is_right(state)


@kind("Tested by finite differences: with random numbers for dL/dy, along a random direction of "
      "{of:w}, the slope of Σ dL/dy · y and the one that {gradient} gives have a relative "
      "difference of {off}.")  # fmt: skip
def beside_finite_differences(state, of, gradient, off):
    """The two slopes by literal loops, and as far apart as it is said."""
    checked = _checked(state, of)
    return (
        gradient == f"dL/d{of}"
        and of == {"input": "x", "weight": "w"}[state.params.view]
        and said_small(off, checked.difference)
        and np.allclose(_slopes(state, of), (checked.numeric, checked.analytic), rtol=1e-6)
        and np.isclose(*_slopes(state, of), rtol=1e-6)
        and (grad_x_is_right if of == "x" else grad_w_is_right)(state)
    )


def _slopes(state, of):
    """Of the sum of g y along v, both random: y after less before by h, and the gradient times v.

    g and v are what `check_vjp` draws: first the direction, then the upstream gradient.
    """
    p, x, w = state.params, real_or_typed(state), weight(state)
    axes, rng, h = brute.axes(p), np.random.default_rng(0), _step(x if of == "x" else w)

    def y(x, w):
        return brute.correlated(brute.padded(x, p), w, None, *axes, p.groups)

    v = rng.standard_normal((x if of == "x" else w).shape)
    after, before = (
        y(x + step * v, w) if of == "x" else y(x, w + step * v) for step in (h, -h)
    )
    g = rng.standard_normal(after.shape)
    if of == "x":
        gradient = cropped(state, brute.scattered(g, w, *axes, p.in_channels, p.groups))
    else:
        gradient = brute.weight_gradient(g, brute.padded(x, p), *axes, w.shape, p.groups)
    return (g * (after - before)).sum() / (2 * h), (gradient * v).sum()


def said_small(text, found):
    """Whether a text of one digit and a power says this difference."""
    return (text == "0") == (found == 0) and f"{found:.0e}" == f"{number(text):.0e}"


@kind("The layer flips its kernel (convolution): scatter stamps it turned by {turn:d}°, and gather "
      "slides it as it was typed, turned twice.")  # fmt: skip
def slides_as_typed(state, turn):
    same = np.array_equal(state.grid("kernel_rotated"), state.grid("kernel"))
    flips = state.params.operation == "convolution"
    return flips and turn == 180 and same and shows_typed(state) and grad_x_is_right(state)


@kind("The layer slides the kernel unflipped, so an input cell meets its taps in reverse order: on "
      "the way back the kernel is rotated by 180°.")  # fmt: skip
def slides_rotated(state):
    turned = np.array_equal(state.grid("kernel_rotated"), state.grid("kernel")[:, ::-1, ::-1])
    return state.params.operation == "correlation" and turned and grad_x_is_right(state)


@kind("Through a valid layer ({word}: padding {pad:d}) the gradient is a full correlation: "
      "{zeros:d} zero[[s]] on each side.",
      "Through a valid layer ({word}: padding {pad:d}) the gradient is a full correlation: "
      "{zeros:d} zero[[s]] before, {reach:d} + r = {after:d} after.")  # fmt: skip
def through_valid(state, word, pad, zeros, reach=None, after=None):
    """As the spread map has them: before its first number, and after its last one."""
    spread = state.grid("spread").any(0)

    def holds(axis, filled):
        first = axis.span - 1
        ends = first, len(filled) - 1 - (first + (axis.out - 1) * axis.s)
        said = (zeros, zeros if after is None else after)
        return (
            axis.before == axis.after == pad == 0 < zeros
            and said == ends
            and reach in (None, zeros)
            and (after is None) == (axis.rest == 0)
            and not filled[: ends[0]].any()
            and not filled[len(filled) - ends[1] :].any()
        )

    rows, cols = brute.axes(state.params)
    found = holds(rows, spread.any(1)), holds(cols, spread.any(0))
    return found == AXES.get(word) and grad_x_is_right(state)


@kind("Through a full layer ({word}: padding = kernel span − 1 = {pad:d}) the gradient is a valid "
      "correlation: what the crop keeps reads nothing of the ring of zeros around.")  # fmt: skip
def through_full(state, word, pad):
    def holds(axis):
        reach = axis.span - 1
        spread = range(reach, reach + (axis.out - 1) * axis.s + 1 + axis.rest)
        reads = {i + axis.before + u * axis.d for i in range(axis.n) for u in range(axis.k)}
        return axis.before == axis.after == pad == reach > 0 and reads <= set(spread)

    return just(state, word, holds)


@kind("Padding beyond kernel span − 1 = {reach:d} ({word}: {before:d} before, {after:d} after): at "
      "least one window reads padding only, and its upstream number reaches no cell of x.")
def beyond_the_ring(state, reach, word, before, after):
    def holds(axis):
        blind = [i for i in range(axis.out) if not set(axis.taps(i)) & set(range(axis.n))]
        said = (axis.span - 1, axis.before, axis.after) == (reach, before, after)
        return said and bool(blind) and max(before, after) > reach

    return just(state, word, holds)


@kind("r = {rest:d} left over by the stride ({word}; padding only): appending zeros for it "
      "completes the padded input; dL/dx itself does not need that.")  # fmt: skip
def completes_the_padded(state, rest, word):
    return appended(state, word, rest, lambda axis, cut: close(cut, state.grid("grad_input")))


@kind("r = {rest:d} left over by the stride ({word}; in x): without zeros appended for it "
      "dL/dx would end {short:d} cell[[s]] too early.",
      "r = {rest:d} left over by the stride ({word}; {pixels:d} of them in x): without zeros "
      "appended for it dL/dx would end {short:d} cell[[s]] too early.")  # fmt: skip
def completes_x(state, rest, word, short, pixels=None):
    def is_short(axis, cut):
        missing = state.grid("grad_input").size * short // axis.n
        whole = cut.size + missing == state.grid("grad_input").size
        return whole and short == (pixels or rest) and pixels != rest

    return appended(state, word, rest, is_short)


def appended(state, word, rest, cut_is):
    """Whether so much is left over, and dL/dx cut out without it is as said; along each axis."""
    found = []
    for which, axis in enumerate(brute.axes(state.params)):
        others = [(0, 0 if which == n else a.rest) for n, a in enumerate(brute.axes(state.params))]
        whole = np.pad(full_correlation(state), [(0, 0), *others])
        found.append(axis.rest == rest > 0 and cut_is(axis, cropped(state, whole)))
    return tuple(found) == AXES.get(word) and grad_x_is_right(state)


def full_correlation(state):
    """g, spread, under the rotated kernel wherever the two meet, by SciPy; nothing appended."""
    g, w = upstream(state), weight(state)
    rows, cols = brute.axes(state.params)
    spread = np.zeros((len(g), (rows.out - 1) * rows.s + 1, (cols.out - 1) * cols.s + 1))
    spread[:, :: rows.s, :: cols.s] = g
    dilated = np.zeros((*w.shape[:2], rows.span, cols.span))
    dilated[..., :: rows.d, :: cols.d] = w
    filters, each = w.shape[:2]
    size = [one + tap - 1 for one, tap in zip(spread.shape[1:], dilated.shape[2:], strict=True)]
    found = np.zeros((state.params.in_channels, *size))
    for f, c in np.ndindex(filters, each):
        channel = f // (filters // state.params.groups) * each + c
        found[channel] += correlate2d(spread[f], dilated[f, c, ::-1, ::-1])
    return found


@kind("Struck out once the step comes to them: cells that no window reads; their gradient is 0.")
def struck_out(state):
    grad, grid = cropped(state, grad_padded(state)), state.made.grid("grad_input")
    rows, cols = brute.axes(state.params)
    marked = [sorted(line.marks) for line in (grid.rows, grid.cols)]
    unread = [rows.unread, cols.unread]
    return marked == unread and any(unread) and not grad[:, rows.unread].any()


@kind("L = sum of y: every upstream number is 1.")
def loss_is_the_sum(state):
    return state.params.loss == "sum" and (upstream(state) == 1).all()


@kind("L = ½ Σ (y − t)², with {what}: dL/dy = y − t.")
def loss_is_squared(state, what):
    """By the slope of L at each y, by finite differences, which are exact for squares."""
    p = state.params
    target = np.zeros_like(upstream(state))
    if p.target is not None:
        typed = np.array(p.target)
        kept = tuple(slice(min(a, b)) for a, b in zip(typed.shape, target.shape, strict=True))
        target[kept] = typed[kept]
    said = "the target t" if p.target else "the target t = 0"
    y = brute.correlated(x_padded(state), weight(state), None, *brute.axes(p), p.groups)
    h = np.maximum(1, np.abs(y))  # a small one would be lost beside a large y
    losses = [(y + step - target) ** 2 / 2 for step in (h, -h)]
    slope = (losses[0] - losses[1]) / (2 * h)
    shown = not state.has("target") or np.array_equal(state.grid("target"), target)
    return p.loss == "squares" and what == said and shown and close(upstream(state), slope)


@kind("L = y[{index}]: one upstream number is 1, and one window gets a gradient.")
def loss_is_a_cell(state, index):
    g = upstream(state)
    (at,) = np.argwhere(g)
    plane, row, col = at.tolist()
    flat = all(grid.values.shape[1] == 1 for grid in state.made.grids)
    named = [plane] * (len(g) > 1) + [row] * (not flat) + [col]
    return (
        state.params.loss == "cell"
        and g.sum() == 1
        and [int(n) for n in index.split(", ")] == named
    )


@kind("dL/dy is given: click a cell to change its number.", pages=GRADIENTS)
def loss_is_given(state):
    return state.params.loss == "upstream"


@kind("Spread: the stride jumped over stride − 1 places, so as many zeros stand between.")
def spread(state):
    rows, cols = brute.axes(state.params)
    g, found = upstream(state), state.grid("between")
    if g.shape != size_of_y(state):
        return False
    size = [(axis.out - 1) * axis.s + 1 for axis in (rows, cols)]
    made = np.zeros((len(g), *size))
    made[:, :: rows.s, :: cols.s] = g
    return np.array_equal(made, found)


@kind("Append: the r rows and columns that the stride left over come back as zeros.")
def append(state):
    rest = [(0, axis.rest) for axis in brute.axes(state.params)]
    return np.array_equal(np.pad(state.grid("between"), [(0, 0), *rest]), state.grid("appended"))


@kind("Pad: now the kernel[[, {how:w},]] can start where it covers one cell only.")
def pad(state, how):
    ring = [(axis.span - 1,) * 2 for axis in brute.axes(state.params)]
    flips = state.params.operation == "convolution"
    padded = np.pad(state.grid("appended"), [(0, 0), *ring])
    return how == (None if flips else "rotated") and np.array_equal(padded, state.grid("spread"))


@kind("dL/dw has the shape of w{which}.")
def shape_of_w(state, which):
    kernel, y = state.params.kernel_size, upstream(state).shape[1:]
    said = ", and here y has it too" if kernel == y else ", not of y"
    shown = state.grid("grad_kernel").shape[1:]
    return which == said and shown == kernel and grad_w_is_right(state)


@kind("Stride and dilation exchange their roles: the stride became the dilation.")
def roles(state):
    return grad_w_is_right(state)


@kind("dL/db is the sum of dL/dy over all places of its filter: the bias went into each once.")
def of_the_bias(state):
    return grad_b_is_right(state)


@kind("The layer flips its kernel, so each number stands where its weight was typed.")
def where_it_was_typed(state):
    return state.params.operation == "convolution" and grad_w_is_right(state)


@kind("dL/dw = x[[ (padded to {padded:s})]] ⋆ dL/dy with dilation {dilation}, the stride of the "
      "layer, and stride {stride}, its dilation[[, cropped to {size:s}]][[; rotated by {turn:d}°: "
      "the layer flips its kernel]]", place="formula")  # fmt: skip
def weight_formula(state, padded, dilation, stride, size, turn):
    p = state.params
    axes = brute.axes(p)
    wide = tuple(axis.n + axis.before + axis.after for axis in axes)
    found = tuple(
        len(range(0, n - (axis.out - 1) * axis.s, axis.d))
        for n, axis in zip(wide, axes, strict=True)
    )
    return (
        padded == (wide if wide != p.size else None)
        and size == (p.kernel_size if found != p.kernel_size else None)
        and dilation == both(state, p.stride)
        and stride == both(state, p.dilation)
        and (turn == 180) == (p.operation == "convolution")
        and grad_w_is_right(state)
    )


def both(state, pair):
    """Each number with its axis where they differ; in one row that of the columns."""
    rows, cols = pair
    size, (above, below) = state.params.size, brute.padding(state.params)[0]
    same = rows == cols or size[0] + above + below == 1
    return str(cols) if same else f"{rows} (rows) and {cols} (columns)"


@kind("dL/dx = dL/dy (spread by stride − 1 = {s}, leftover r = {r} appended, padded by kernel span "
      "− 1 = {ring}) ⋆ kernel {how}[[, cropped to {size:s}]]", place="formula")  # fmt: skip
def input_formula(state, s, r, ring, how, size):
    p, axes = state.params, brute.axes(state.params)
    return (
        s == both(state, [axis.s - 1 for axis in axes])
        and r == both(state, [axis.rest for axis in axes])
        and ring == both(state, [axis.span - 1 for axis in axes])
        and how == {"correlation": "rotated by 180°", "convolution": "as it was typed"}[p.operation]
        and (size is not None) == any(axis.before or axis.after for axis in axes)
        and (size is None or size == p.size)
        and grad_x_is_right(state)
    )


# ---- titles and captions ---------------------------------------------------------------------


@kind("dL/dy", place="title of (upstream|between|appended|spread)", pages=GRADIENTS)
def title_of_upstream(state):
    sums = {round(float(grid.values.sum()), 6) for grid in state.made.grids
            if grid.name in ("upstream", "between", "appended", "spread")}  # fmt: skip
    y = [axis.out for axis in brute.axes(state.params)]
    return len(sums) == 1 and upstream(state).shape == (state.params.out_channels, *y)


@kind("g, {size:s}", "z, {size:s}", place="caption of upstream", pages=GRADIENTS)
def size_of_upstream(state, size):
    return size == tuple(axis.out for axis in brute.axes(state.params))


@kind("the kernel now", place="caption of upstream")
def upstream_as_kernel(state):
    return state.params.view == "weight" and grad_w_is_right(state)


@kind("Target", place="title of target")
def title_of_target(state):
    return state.params.loss == "squares"


@kind("Output", place="title of output", pages=GRADIENTS)
def title_of_compared(state):
    """y, of whose error dL/dy is the gradient."""
    t = state.grid("target")
    y, p = state.grid("output"), state.params
    right = brute.correlated(x_padded(state), weight(state), None, *brute.axes(p), p.groups)
    return close(y, right) and close(y - t, upstream(state))


@kind("y, {size:s}", place="caption of output", pages=GRADIENTS)
def caption_of_compared(state, size):
    return size == tuple(axis.out for axis in brute.axes(state.params))


@kind("t", place="caption of target")
def caption_of_target(state):
    return state.grid("target").shape == upstream(state).shape == size_of_y(state)


@kind("dL/dx", place="title of grad_input.*", pages=GRADIENTS)
def title_of_grad_x(state):
    return grad_x_is_right(state)


@kind("dL/dw", place="title of grad_kernel")
def title_of_grad_w(state):
    return grad_w_is_right(state)


@kind("dL/db", place="title of grad_bias")
@kind("the sum of dL/dy", place="caption of grad_bias")
def title_of_grad_b(state):
    return grad_b_is_right(state)


@kind("{size:s}, as w", place="caption of grad_kernel")
def as_w(state, size):
    return size == state.params.kernel_size


@kind("by scatter", place="caption of grad_input_scatter")
def by_scatter(state):
    return close(state.grid("grad_input_scatter"), grad_padded(state))


@kind("by gather, {size:s}", place="caption of grad_input")
def by_gather(state, size):
    return size == state.params.size and grad_x_is_right(state)


@kind("spread and padded to {size:s}", place="caption of spread")
def spread_size(state, size):
    made = tuple((a.out - 1) * a.s + 1 + a.rest + 2 * (a.span - 1)
                 for a in brute.axes(state.params))  # fmt: skip
    return size == made == state.grid("spread").shape[1:]


@kind("spread, {size:s}", place="caption of (?P<name>between)")
@kind("r appended, {size:s}", place="caption of (?P<name>appended)")
@kind("padded, {size:s}", place="caption of (?P<name>spread)")
def size_so_far(state, name, size):
    made = tuple(
        (a.out - 1) * a.s + 1 + a.rest * (name != "between") + 2 * (a.span - 1) * (name == "spread")
        for a in brute.axes(state.params)
    )
    return size == made == state.grid(name).shape[1:]


@kind("Kernel", place="title of kernel.*", pages=GRADIENTS)
def title_of_kernel(state):
    return state.grid("kernel").shape[1:] == state.params.kernel_size


@kind("as typed", place="caption of kernel", pages=GRADIENTS)
def shows_typed(state):
    typed = brute.typed_weight(state.params)
    return np.array_equal(state.grid("kernel"), typed.reshape(-1, *typed.shape[2:]))


@kind("rotated {turn:d}°", "not rotated", place="caption of kernel_rotated")
def rotated(state, turn=None):
    flips = state.params.operation == "convolution"
    typed = state.grid("kernel")
    back = typed if flips else typed[:, ::-1, ::-1]
    return turn == (None if flips else 180) and np.array_equal(back, state.grid("kernel_rotated"))


@kind("Input", place="title of input", pages=GRADIENTS)
def title_of_input(state):
    return np.array_equal(state.grid("input"), brute.padded(real(state), state.params))


@dataclass(frozen=True)
class Back(brute.Axis):
    """An axis of a transposed convolution: `outputs` cells of z become n."""

    outputs: int = 0

    @property
    def out(self):
        return self.outputs


def with_output_padding(state):
    """The two axes of the transposed convolution."""
    found = []
    for axis, extra in zip(brute.axes(state.params), state.params.output_padding, strict=True):
        n = (axis.out - 1) * axis.s + axis.span + extra - axis.before - axis.after
        found.append(Back(n, axis.k, axis.s, axis.before, axis.after, axis.d, False, axis.out))
    return found
