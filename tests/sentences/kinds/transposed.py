"""What is said of a transposed convolution."""

from dataclasses import replace

import numpy as np

from convview.params import Gradients
from tests.sentences import brute
from tests.sentences.claims import kind
from tests.sentences.kinds.gradients import (
    close,
    full_correlation,
    just,
    named,
    upstream,
    weight,
    with_output_padding,
)

TRANSPOSED = (Gradients,)


def canvas(state):
    """Each number of z times the weights, laid over one another, by SciPy: (C, H, W)."""
    made = full_correlation(state)
    sizes = [a.n + a.before + a.after for a in with_output_padding(state)]
    ends = [(0, size - n) for size, n in zip(sizes, made.shape[1:], strict=True)]
    return np.pad(made, [(0, 0), *ends])


def output(state):
    rows, cols = with_output_padding(state)
    inside = canvas(state)[:, rows.before :, cols.before :]
    return inside[:, : rows.n, : cols.n]


def outputs_of(state, axis_name, n):
    """How many outputs the layer makes of n cells along one axis; 0 where it cannot."""
    which = ("rows", "columns").index(axis_name)
    size = list(state.params.size)
    size[which] = n
    axis = brute.axes(replace(state.params, size=tuple(size)))[which]
    return axis.out if axis.n + axis.before + axis.after >= axis.span else 0


def _listed(many):
    return [int(n) for n in many.replace(" and ", ", ").split(", ")]


def _all_sizes(state, word):
    name = "columns" if word in ("rows and columns", "size") else word
    axis = dict(zip(("rows", "columns"), brute.axes(state.params), strict=True))[name]
    return [n for n in range(1, 400) if outputs_of(state, name, n) == axis.out]


@kind("output_padding, {word}: the layer takes inputs of {many} to the same {out:d}; {extra:d} "
      "says that {meant:d} is meant.",
      "output_padding, {word}: the layer takes an input of {many} to {out:d}; {extra:d} says that "
      "{meant:d} is meant.")  # fmt: skip
def what_is_meant(state, word, many, out, extra, meant):
    axis = named(state, word, with_output_padding(state))
    if axis is None:
        return False
    p = state.params
    which = 0 if word == "rows" else 1
    return (
        _listed(many) == _all_sizes(state, word)
        and (out, extra, meant) == (axis.out, p.output_padding[which], axis.n)
        and not (p.padding == "same" and p.dialect in ("tensorflow", "onnx_upper", "onnx_lower"))
        and meant in _listed(many)
    )


@kind("SAME, {word}: the layer takes inputs of {many} to the same {out:d}, and pads each anew; "
      "with this padding of {before:d} + {after:d} output_padding {extra:d} makes {size:d}.")
def what_same_means(state, word, many, out, before, after, extra, size):
    p = state.params
    axis = named(state, word, with_output_padding(state))
    if axis is None:
        return False
    which = 0 if word == "rows" else 1
    s = p.stride[which]
    ceil = [n for n in range(1, 400) if -(-n // s) == axis.out]
    return (
        p.padding == "same"
        and _listed(many) == ceil == _all_sizes(state, word)
        and (out, before, after) == (axis.out, axis.before, axis.after)
        and (extra, size) == (p.output_padding[which], axis.n)
        and output(state).shape[1 + which] == size
    )


@kind("output_padding {extra:d} ({word}) is legal because it is less than the dilation; but the "
      "layer takes {size:d} to more than {out:d}.")  # fmt: skip
def large_output_padding(state, extra, word, size, out):
    axis = named(state, word, with_output_padding(state))
    if axis is None:
        return False
    name = "columns" if word in ("rows and columns", "size") else word
    which = ("rows", "columns").index(name)
    return (
        axis.s <= extra == state.params.output_padding[which] < axis.d
        and (size, out) == (axis.n, axis.out)
        and outputs_of(state, name, size) > out
    )


def stamps(axis):
    """How many stamps meet on each cell of the canvas, the appended ones aside."""
    counts = [0] * ((axis.out - 1) * axis.s + axis.span)
    for j in range(axis.out):
        for u in range(axis.k):
            counts[j * axis.s + u * axis.d] += 1
    return counts


def inner(axis):
    """Away from the ends: where as many stamps could meet as anywhere."""
    counts = stamps(axis)
    return counts[axis.k - 1 : len(counts) - axis.k + 1] or [max(counts)]


@kind("Gaps ({word}): the stride {s:d} is larger than the kernel {k:d}, so between two stamps "
      "{gap:d} cell[[s]] {verb} none.")  # fmt: skip
def gaps(state, word, s, k, gap, verb):
    def holds(axis):
        between = stamps(axis)[axis.k : axis.s]
        return (axis.s, axis.k) == (s, k) and between == [0] * gap

    return verb == ("gets" if gap == 1 else "get") and met(state, word, holds)


@kind("Even overlap ({word}): the stride {s:d} divides the kernel {k:d}, so away from the ends "
      "{count:d} {noun} on each cell.")  # fmt: skip
def even_overlap(state, word, s, k, count, noun):
    def holds(axis):
        return (axis.s, axis.k) == (s, k) and set(inner(axis)) == {count}

    named_rightly = noun == ("stamp meets" if count == 1 else "stamps meet")
    return named_rightly and s > 1 and met(state, word, holds)


@kind("Uneven overlap ({word})[[, {pattern}]]: the stride {s:d} does not divide the kernel {k:d}, "
      "so away from the ends {few:d} and {many:d} stamps meet in turn.")  # fmt: skip
def uneven_overlap(state, word, pattern, s, k, few, many):
    def holds(axis):
        counts = set(stamps(axis))
        return (
            (axis.s, axis.k) == (s, k)
            and counts >= {few, many}
            and max(counts) == many == few + 1
        )

    uneven = [a.d == 1 and a.k > a.s > 1 and a.k % a.s for a in with_output_padding(state)]
    fits = pattern == ("a checkerboard" if all(uneven) else None)
    return fits and met(state, word, holds)


def met(state, word, holds):
    """Whether it is so along just these axes, and the overlap that is shown has their stamps.

    Nothing is said of an axis with holes in its stamps, or too few of them to meet as often as can
    be.
    """
    shown = close(state.grid("overlap")[0], overlap(state))

    def tells(axis):
        return axis.d == 1 and axis.out > 1 and axis.out * axis.s >= axis.k and holds(axis)

    return shown and just(state, word, tells, with_output_padding(state))


def overlap(state):
    axes = with_output_padding(state)
    along = []
    for axis in axes:
        counts = stamps(axis)
        along.append(counts + [0] * (axis.n + axis.before + axis.after - len(counts)))
    return np.multiply.outer(*along)


@kind("It is the transpose, not the inverse: shapes come back, values do not.")
def no_inverse(state):
    again = forwards(state)
    return again.shape == upstream(state).shape and not close(again, upstream(state))


def forwards(state):
    """The layer applied to the output, (F, H_out, W_out)."""
    p = state.params
    axes = [brute.Axis(a.n, a.k, a.s, a.before, a.after, a.d) for a in with_output_padding(state)]
    (top, bottom), (left, right) = ((a.before, a.after) for a in axes)
    y = np.pad(output(state), ((0, 0), (top, bottom), (left, right)))
    return brute.correlated(y, weight(state), None, *axes, p.groups)


@kind("The layer applied to this output differs from z by up to[[ {about:w}]] {off:f}.")
def differs_by(state, about, off):
    found = float(np.abs(forwards(state) - upstream(state)).max())
    whole = found < 1e6 and np.isclose(found, round(found), rtol=1e-12)
    said = {
        round(near) if whole or 999.5 <= near < 1e6 else float(f"{near:.3g}")
        for near in (found * (1 - 1e-12), found * (1 + 1e-12))  # halves go either way
    }
    exact = whole or np.isclose(off, found, rtol=1e-12)
    return off in said and (about == "about") != exact


@kind("It is the transpose; here the layer happens to give z back, as an inverse would.")
def happens_to_be_inverse(state):
    return close(forwards(state), upstream(state))


@kind("Its padding crops: what the layer padded is cut off here.")
def crops(state):
    return any(axis.before or axis.after for axis in brute.axes(state.params)) and close(
        state.grid("grad_input_scatter"), canvas(state)
    )


@kind("The layer flips its kernel (convolution): each stamp is the kernel turned by {turn:d}°.")
def stamps_turned(state, turn):
    flips = state.params.operation == "convolution"
    return flips and turn == 180 and close(state.grid("grad_input_scatter"), canvas(state))


@kind("output {word} = ({z:d} − 1)·{s:d} − 2·{both:d} + {d:d}·({k:d} − 1) + {extra:d} + 1 = {n:d}",
      "output {word} = ({z:d} − 1)·{s:d} − ({before:d} + {after:d}) + {d:d}·({k:d} − 1) + "
      "{extra:d} + 1 = {n:d}", place="formula")  # fmt: skip
def transposed_size(state, word, z, s, d, k, extra, n, both=None, before=None, after=None):
    axis = named(state, word, with_output_padding(state))
    if axis is None:
        return False
    which = 0 if word == "rows" else 1
    sides = (both, both) if before is None else (before, after)
    return (z, s, d, k, *sides, extra, n) == (
        axis.out, axis.s, axis.d, axis.k, axis.before, axis.after,
        state.params.output_padding[which], axis.n,
    )  # fmt: skip


@kind("Input", place="title of upstream", pages=TRANSPOSED)
def title_of_z(state):
    return state.params.view == "transposed"


@kind("Output", place="title of grad_input_scatter", pages=TRANSPOSED)
def title_of_transposed(state):
    return close(state.grid("grad_input_scatter"), canvas(state))


@kind("{size:s}[[ after the {crop:w}]]", place="caption of grad_input_scatter", pages=TRANSPOSED)
def size_of_transposed(state, size, crop):
    padded = any(axis.before or axis.after for axis in brute.axes(state.params))
    return size == output(state).shape[1:] and (crop == "crop") == padded


@kind("Overlap", place="title of overlap")
@kind("stamps on each cell", place="caption of overlap")
def stamps_on_each(state):
    return close(state.grid("overlap")[0], overlap(state))
