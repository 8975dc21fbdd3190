"""The grids of /pooling: their titles and captions, and its size formula where one is dropped."""

import numpy as np

from convview.params import Pooling
from tests.sentences import brute, pools
from tests.sentences.claims import kind
from tests.sentences.kinds.windows import axis_of

POOLING = (Pooling,)
OUTPUTS = "output|output_average|output_a|output_b|added|pooled|after"


def x_of(state):
    return brute.typed_input(state.params)


def pooled(state, x=None, kind=None):
    """The brute-force pooling of x, or of the page's input, by its kind or this one."""
    p = state.params
    x = x_of(state) if x is None else x
    return pools.windows(p).pooled(x, kind or p.kind, p.count_include_pad)


def is_it(state, name, values):
    """Whether a grid holds these numbers."""
    shown = state.grid(name)
    return shown.shape == values.shape and np.allclose(shown, values, rtol=1e-9, atol=1e-9)


def inside(state, name):
    """What a grid drawn over the padded input holds where the input lies."""
    (top, _), (left, _) = state.params.padding
    height, width = state.params.size
    return state.grid(name)[:, top : top + height, left : left + width]


def around(state, name):
    """The numbers of a padded grid outside of the input."""
    grid = state.grid(name)
    (top, _), (left, _) = state.params.padding
    height, width = state.params.size
    outside = np.ones(grid.shape, bool)
    outside[:, top : top + height, left : left + width] = False
    return grid[outside]


def holds_the_input(state, name, x):
    wall = -np.inf if state.params.kind == "max" or state.params.view == "both" else 0
    return np.array_equal(inside(state, name), x) and (around(state, name) == wall).all()


def second(state):
    """b, which stands beside a."""
    return state.grid("input_b")[:, *_core(state)]


def _core(state):
    (top, _), (left, _) = state.params.padding
    height, width = state.params.size
    return slice(top, top + height), slice(left, left + width)


@kind("Input", place="title of (input|input_onnx)", pages=POOLING)
def the_pooled_input(state):
    return state.params.view != "linear" and holds_the_input(state, "input", x_of(state))


@kind("Input", place="title of input_tensorflow", pages=POOLING)
def the_input_of_tensorflow(state):
    top, _, left, _ = tensorflow_sides(state)
    height, width = state.params.size
    seen = state.grid("input_tensorflow")[:, top : top + height, left : left + width]
    return np.array_equal(seen, x_of(state))


@kind("a", place="title of input", pages=POOLING)
def a(state):
    return state.params.view == "linear" and holds_the_input(state, "input", x_of(state))


@kind("b", place="title of input_b", pages=POOLING)
def b(state):
    found = inside(state, "input_b")
    return found.shape == x_of(state).shape and np.isfinite(found).all()


@kind("a + b", place="title of input_c", pages=POOLING)
def a_and_b(state):
    return holds_the_input(state, "input_c", x_of(state) + second(state))


@kind("f(a)", place="title of output_a", pages=POOLING)
def f_of_a(state):
    return is_it(state, "output_a", pooled(state))


@kind("f(b)", place="title of output_b", pages=POOLING)
def f_of_b(state):
    return is_it(state, "output_b", pooled(state, second(state)))


@kind("f(a + b)", place="title of output", pages=POOLING)
def f_of_both(state):
    return is_it(state, "output", pooled(state, x_of(state) + second(state)))


@kind("f(a) + f(b)", place="title of added", pages=POOLING)
def both_fs(state):
    wanted = pooled(state) + pooled(state, second(state))
    ringed = state.made.grid("added").differs
    apart = ~np.isclose(wanted, state.grid("output"))
    return is_it(state, "added", wanted) and np.array_equal(ringed, apart)


@kind("ReLU(x)", place="title of rectified", pages=POOLING)
def rectified(state):
    return holds_the_input(state, "rectified", np.maximum(x_of(state), 0))


@kind("y = {kind:w} of ReLU(x)", place="title of output", pages=POOLING)
def of_rectified(state, kind):
    return kind == state.params.kind and is_it(
        state, "output", pooled(state, np.maximum(x_of(state), 0))
    )


@kind("p = {kind:w} of x", place="title of pooled", pages=POOLING)
def of_x(state, kind):
    return kind == state.params.kind and is_it(state, "pooled", pooled(state))


@kind("r = ReLU(p)", place="title of after", pages=POOLING)
def rectified_after(state):
    return is_it(state, "after", np.maximum(pooled(state), 0))


@kind("Output", place="title of output", pages=POOLING)
def pooled_output(state):
    return state.params.view == "forward" and is_it(state, "output", pooled(state))


@kind("Max", place="title of output", pages=POOLING)
def maximum(state):
    return is_it(state, "output", pooled(state, kind="max"))


@kind("Average", place="title of output_average", pages=POOLING)
def average(state):
    return is_it(state, "output_average", pooled(state, kind="average"))


@kind("PyTorch", place="title of output", pages=POOLING)
def of_pytorch(state):
    return state.params.view == "dialects" and is_it(state, "output", pooled(state))


@kind("ONNX", place="title of output_onnx", pages=POOLING)
def of_onnx(state):
    shown, wanted = state.grid("output_onnx"), pools.by_onnx(state.params)
    return shown.shape == wanted.shape and np.allclose(shown, _finite(wanted), atol=1e-5)


def _finite(y):
    """ONNX Runtime begins a maximum with the lowest float where IEEE has −∞."""
    return np.where(y <= np.finfo(np.float32).min, -np.inf, y)


def word_of_tensorflow(state):
    return pools.word_of_tensorflow(state.params)


def tensorflow_sides(state):
    (top, bottom), (left, right) = pools.as_tensorflow(state.params).padding
    return top, bottom, left, right


@kind("TensorFlow", place="title of output_tensorflow", pages=POOLING)
def of_tensorflow(state):
    return is_it(state, "output_tensorflow", pools.by_jax(state.params, word_of_tensorflow(state)))


@kind("dL/dy", place="title of upstream", pages=POOLING)
def upstream(state):
    g, typed = state.grid("upstream"), state.params.grad_y
    if g.shape != pooled(state).shape:
        return False
    if typed is None:
        return bool(np.isin(np.abs(g), (1, 2, 3)).all())
    typed = np.array(typed)
    common = tuple(slice(min(n, m)) for n, m in zip(g.shape, typed.shape, strict=True))
    return (
        np.array_equal(g[common], typed[common])
        and not np.delete(
            g.ravel(), np.ravel_multi_index(np.indices(g.shape)[(slice(None), *common)], g.shape)
        ).any()
    )


def gradient(state, g):
    p = state.params
    return pools.windows(p).back(x_of(state), g, p.kind, p.count_include_pad)


@kind("dL/dx", place="title of grad_input", pages=POOLING)
def routed(state):
    return is_it(state, "grad_input", gradient(state, state.grid("upstream")))


@kind("Hits", place="title of hits", pages=POOLING)
def hits(state):
    """A divided gradient says which windows a cell takes part in; so does a count."""
    p = state.params
    windows = pools.windows(p)
    if p.kind == "max":
        return is_it(state, "hits", gradient(state, np.ones(pooled(state).shape)))
    divisors = np.broadcast_to(windows.divisors(p.count_include_pad), pooled(state).shape)
    return is_it(state, "hits", gradient(state, divisors.astype(float)))


@kind("windows that each cell has won", place="caption of hits", pages=POOLING)
def won(state):
    return state.params.kind == "max" and hits(state)


@kind("windows it is part of", place="caption of hits", pages=POOLING)
def part_of(state):
    return state.params.kind == "average" and hits(state)


@kind("g, {size:s}", place="caption of upstream", pages=POOLING)
def size_of_upstream(state, size):
    return size == pooled(state).shape[1:] == state.grid("upstream").shape[1:]


@kind("{size:s}", place="caption of grad_input", pages=POOLING)
def size_of_gradient(state, size):
    return size == state.params.size == inside(state, "grad_input").shape[1:]


@kind("{size:s}", place=f"caption of ({OUTPUTS})", pages=POOLING)
def size_of_pooled(state, size):
    return size == pooled(state, kind="max").shape[1:] == state.grid("output").shape[1:]


def _padded_sizes(state, size, padded, rows, cols, sides):
    """What a caption says of an input: its size, with padding, and what hangs over."""
    (top, bottom), (left, right) = sides
    height, width = state.params.size
    axes = brute.axes(state.params)
    over = [pools.Windows.beyond(axis) - axis.after for axis in axes]
    whole = (height + top + bottom, width + left + right)
    return (
        size == (height, width)
        and (padded or size) == whole
        and [rows or 0, cols or 0] == over
        and (padded is None) == (whole == size)
    )


@kind(
    "{size:s}[[, padded to {padded:s}]], {rows:d} row[[s]] over the end",
    "{size:s}[[, padded to {padded:s}]], {cols:d} column[[s]] over the end",
    "{size:s}[[, padded to {padded:s}]], {rows:d} row[[s]] and {cols:d} column[[s]] over the end",
    place="caption of (input|input_b|input_c|input_onnx|rectified)", pages=POOLING,
)  # fmt: skip
def hangs_over(state, size, padded, rows=None, cols=None):
    return _padded_sizes(state, size, padded, rows, cols, state.params.padding)


@kind("{size:s}[[, padded to {padded:s}]]",
      place="caption of (input_b|input_c|input_onnx|rectified)", pages=POOLING)  # fmt: skip
def padded_to(state, size, padded):
    return _padded_sizes(state, size, padded, None, None, state.params.padding)


@kind("{size:s}[[, padded to {padded:s}]]", place="caption of input_tensorflow", pages=POOLING)
def padded_by_tensorflow(state, size, padded):
    top, bottom, left, right = tensorflow_sides(state)
    height, width = state.params.size
    whole = (height + top + bottom, width + left + right)
    return size == (height, width) and (padded or size) == whole


def differing(state, beside):
    """How many cells of another library's output are not PyTorch's, or have none there."""
    y = pooled(state)
    return sum(
        not (i < y.shape[1] and j < y.shape[2] and np.isclose(y[c, i, j], beside[c, i, j]))
        for c, i, j in np.ndindex(*beside.shape)
    )


def _rings(state, name):
    return int(state.made.grid(name).differs.sum())


@kind("{size:s}[[, {count:d} differ[[s]][[ in {all:w}]]]]", place="caption of output_onnx",
      pages=POOLING)  # fmt: skip
def onnx_differs(state, size, count, all):
    y = _finite(pools.by_onnx(state.params))
    found = differing(state, y)
    several = all == ("all" if found and len(y) > 1 else None)
    return (
        size == y.shape[1:] and (count or 0) == found == _rings(state, "output_onnx") and several
    )


@kind("{size:s}[[, {count:d} differ[[s]][[ in {all:w}]]]][[, {refused:w}]]",
      place="caption of output_tensorflow", pages=POOLING)  # fmt: skip
def tensorflow_differs(state, size, count, all, refused):
    y = pools.by_jax(state.params, word_of_tensorflow(state))
    found = differing(state, y)
    return (
        size == y.shape[1:]
        and (count or 0) == found == _rings(state, "output_tensorflow")
        and all == ("all" if found and len(y) > 1 else None)
        and refused == ("refused" if is_refused(state) else None)
    )


def is_refused(state):
    """tf.nn.pool: no stride together with a dilation."""
    return any(s > 1 for s in state.params.stride) and any(d > 1 for d in state.params.dilation)


@kind(
    "output {word:w} = ⌈({n:d} + 2·{both:d} − {d:d}·({k:d} − 1) − 1) / {s:d}⌉ + 1 = {whole:d}; "
    "the last would start past the input and is dropped: {out:d}",
    "output {word:w} = ⌈({n:d} + {before:d} + {after:d} − {d:d}·({k:d} − 1) − 1) / {s:d}⌉ + 1 "
    "= {whole:d}; the last would start past the input and is dropped: {out:d}",
    place="formula",
)  # fmt: skip
def one_dropped(state, word, n, d, k, s, whole, out, both=None, before=None, after=None):
    axis = axis_of(state, word)
    sides = (both, both) if before is None else (before, after)
    asked = (axis.n, axis.d, axis.k, axis.s, axis.before, axis.after, axis.out)
    starts = axis.starts[0] + (whole - 1) * axis.s
    rows, cols = brute.axes(state.params)
    return (
        asked == (n, d, k, s, *sides, out)
        and state.params.ceil_mode
        and whole == out + 1
        and starts >= axis.n
        and (word == "size") == (rows == cols)
    )
