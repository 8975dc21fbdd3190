"""Sizes, padding, and what no window reads: on /slide, /gradients and /pooling."""

import re
from dataclasses import replace
from functools import wraps

import numpy as np

from convview.params import DIALECTS, Pooling
from tests.sentences import brute, pools
from tests.sentences.claims import kind

WORDS = ("rows", "columns")
NOTE = r"note(?: on (?P<whose>.+))?"


def axis_of(state, word):
    """The axis that a word names: rows, columns; size for both where they are alike, or one row."""
    rows, cols = brute.axes(state.params)
    return {"row": rows, "column": cols, "rows": rows, "columns": cols, "size": cols}.get(word)


def places_of(text):
    """(word, first places, last ones, how many) of 'row 9', 'rows 0, 2 to 4 … 14 (8 of them)'.

    The last ones are none, and how many is None, where all are named.
    """
    word, rest = re.fullmatch(r"(row|column)s? (.*)", text).groups()
    count = re.search(r" \((\d+) of them\)", rest)
    first, _, last = rest.partition(" (")[0].partition(" … ")
    return word, _expanded(first), _expanded(last), int(count[1]) if count else None


def _expanded(text):
    found = []
    for low, high in re.findall(r"(\d+)(?: to (\d+))?", text):
        if high and int(high) < int(low) + 2:
            return None  # two are named apart
        found += range(int(low), int(high or low) + 1)
    return found


def names(unread, text):
    """Whether the text names just these places."""
    _, first, last, count = places_of(text)
    if count is None:
        return first == unread and not last
    return (
        count == len(unread) > len(first) + len(last)
        and bool(first and last)
        and first == unread[: len(first)]
        and last == unread[-len(last) :]
    )


def causes(axis, mode="zeros"):
    """{real cell that is never read: why}, from the windows themselves."""
    copies = copies_of(axis, mode)
    read = {copies.get(at, at) for i in range(axis.out) for at in axis.taps(i)}
    last = axis.starts[-1] + axis.span
    found = {}
    for at in range(axis.n):
        if at in read:
            continue
        inside = any(start <= at < start + axis.span for start in axis.starts)
        found[at] = "leftover" if at >= last else "hole" if inside else "gap"
    return found


def copies_of(axis, mode):
    """{position of the padding: the real cell that it is a copy of}."""
    if mode == "zeros":
        return {}
    cells = np.pad(np.arange(axis.n), (axis.before, axis.after), brute.BORDERS[mode])
    return {at - axis.before: int(cell) for at, cell in enumerate(cells)}


def unread_by(state, word, cause):
    mode = getattr(state.params, "padding_mode", "zeros")
    return [at for at, why in causes(axis_of(state, word), mode).items() if why == cause]


@kind(
    "output {word:w} = ⌊({n:d} + 2·{both:d} − {d:d}·({k:d} − 1) − 1) / {s:d}⌋ + 1 = {out:d}",
    "output {word:w} = ⌊({n:d} + {before:d} + {after:d} − {d:d}·({k:d} − 1) − 1) / {s:d}⌋ + 1 "
    "= {out:d}",
    "output {word:w} = ⌈({n:d} + 2·{both:d} − {d:d}·({k:d} − 1) − 1) / {s:d}⌉ + 1 = {out:d}",
    "output {word:w} = ⌈({n:d} + {before:d} + {after:d} − {d:d}·({k:d} − 1) − 1) / {s:d}⌉ + 1 "
    "= {out:d}",
    place="formula",
)
def output_size(state, word, n, d, k, s, out, both=None, before=None, after=None):
    axis = axis_of(state, word)
    sides = (both, both) if before is None else (before, after)
    asked = (axis.n, axis.d, axis.k, axis.s, axis.before, axis.after, axis.out)
    return asked == (n, d, k, s, *sides, out) and _is_named_rightly(state, word)


def _is_named_rightly(state, word):
    """'size' for both axes where they are alike; no formula for rows where there is one row."""
    rows, cols = brute.axes(state.params)
    one_row = rows.n + rows.before + rows.after == 1
    return (word == "size") == (rows == cols) and not (one_row and word == "rows")


def of_tensorflow(state):
    """What TensorFlow makes of a state, which stands on its page beside PyTorch's."""
    theirs = (grid for grid in state.made.grids if grid.name.endswith("_tensorflow"))
    grids = tuple(replace(grid, name=grid.name.removesuffix("_tensorflow")) for grid in theirs)
    made = replace(state.made, grids=grids)
    return replace(state, params=pools.as_tensorflow(state.params), made=made)


def of_each_library(check):
    """A claim on windows: where three libraries stand side by side, it is made of those only for
    which it holds."""

    @wraps(check)
    def holds(state, whose, **said):
        if getattr(state.params, "view", "") != "dialects":
            return whose is None and check(state, **said)
        torch, tensorflow = check(state, **said), check(of_tensorflow(state), **said)
        holds_for = {(True, True): None, (True, False): "PyTorch and ONNX",
                     (False, True): "TensorFlow", (False, False): "none"}  # fmt: skip
        return whose == holds_for[bool(torch), bool(tensorflow)]

    return holds


@kind("Never read: {places}, left over at the end: ({n:d} + {pads:d} − {span:d}) mod {s:d} = "
      "{rest:d}[[, {padding:d} of them padding]][[, {copied:d} read as a copy]].", place=NOTE)
@of_each_library
def left_over(state, places, n, pads, span, s, rest, padding, copied):
    word, *_ = places_of(places)
    axis = axis_of(state, word)
    said = (axis.n, axis.before + axis.after, axis.span, axis.s, axis.rest)
    lost = unread_by(state, word, "leftover")
    among = min(axis.rest, axis.after)
    return (
        said == (n, pads, span, s, rest)
        and names(lost, places)
        and (padding or 0) == among
        and (copied or 0) == rest - among - len(lost)
    )


@kind("Never read: {places}, in a gap between two windows (stride larger than the {window:w}).",
      place=NOTE)  # fmt: skip
@of_each_library
def in_a_gap(state, places, window):
    word, *_ = places_of(places)
    axis = axis_of(state, word)
    found = names(unread_by(state, word, "gap"), places) and axis.s > axis.span
    return found and window == what_slides(state)


def what_slides(state):
    """As the control of its size is called."""
    return "window" if state.page is Pooling else "kernel"


@kind("Never read: {places}, between the taps of the dilated {window:w}.", place=NOTE)
@of_each_library
def in_a_hole(state, places, window):
    word, *_ = places_of(places)
    found = names(unread_by(state, word, "hole"), places) and axis_of(state, word).d > 1
    return found and window == what_slides(state)


@kind("{lost:d} padding {word:w} at the end left over: ({n:d} + {pads:d} − {span:d}) mod {s:d} = "
      "{rest:d}[[, {padding:d} of them padding]][[, {copied:d} read as a copy]]; no pixel is in "
      "{them:w}.", place=NOTE)  # fmt: skip
@of_each_library
def padding_left_over(state, lost, word, n, pads, span, s, rest, padding, copied, them):
    axis = axis_of(state, word)
    said = (axis.n, axis.before + axis.after, axis.span, axis.s, axis.rest)
    return (
        said == (n, pads, span, s, rest)
        and lost == min(axis.rest, axis.after)
        and not unread_by(state, word.removesuffix("s"), "leftover")
        and padding == (lost if lost < rest else None)
        and (copied or 0) == rest - lost
        and them == ("it" if lost == 1 else "them")
    )


def _dialect(name):
    return next((key for key, title in DIALECTS.items() if title == name), None)


@kind("{name} pads evenly here: {top:d} above and below, {left:d} left and right.")
def same_is_even(state, name, top, left):
    p = state.params
    return (
        p.padding == "same"
        and p.dialect == _dialect(name)
        and brute.padding(p) == ((top, top), (left, left))
    )


@kind("{name} puts the odd extra cell {side} the input: {top:d} above, {bottom:d} below, "
      "{left:d} left, {right:d} right.")  # fmt: skip
def same_is_odd(state, name, side, top, bottom, left, right):
    p = state.params
    later = bottom > top or right > left
    return (
        p.padding == "same"
        and p.dialect == _dialect(name)
        and brute.padding(p) == ((top, bottom), (left, right))
        and side == ("after" if later else "before")
        and not (later and (top > bottom or left > right))
    )


@kind("It has no stride: every[[ {down}]] row and every[[ {across}]] column of its result is "
      "taken.")  # fmt: skip
def no_stride(state, down, across):
    p = state.params
    ordinals = {1: None, 2: "2nd", 3: "3rd", 4: "4th", 5: "5th"}
    return (
        p.padding == "same"
        and p.dialect in ("scipy", "opencv")
        and p.stride != (1, 1)
        and (down, across) == tuple(ordinals[s] for s in p.stride)
    )


@kind("Its own same pads with zeros.")
def own_zeros(state):
    p = state.params
    return (
        p.padding == "same"
        and p.padding_mode != "zeros"
        and p.dialect in ("pytorch", "tensorflow", "onnx_upper", "onnx_lower")
    )
