"""Where a stack of layers stops: why, and the buttons that help."""

import re
from dataclasses import replace

from convcore.stack import Flatten
from convview.scenes import shapes
from tests.sentences.kinds.shapes import found, is_shown, kind, solved
from tests.sentences.stacks import MOST_ROWS, POOLS, Side, both


def refused(state, why):
    """Whether the first layer that cannot work is the one that is refused, and for this reason.

    Each fix that is offered must help: the layer works with it, or another reason is next.
    """
    steps, found_why = found(state)
    error = state.made.error
    if found_why != why or error is None or error.layer != len(steps) + 1 or not is_shown(state):
        return None
    for fix in error.fixes:
        mended = shapes.mended(state.params, fix)
        if mended and len(solved(mended.layers, state.params.shape)[0]) < error.layer:
            return None
    shape = steps[-1].shape if steps else state.params.shape
    return state.params.layers[error.layer - 1], shape


def offered(state):
    """{name of an argument: its value in the layer}, for each fix that the page offers."""
    error, given = state.made.error, {}
    for fix in error.fixes:
        mended = shapes.mended(state.params, fix)
        for name in set(fix) - {"layer"} if mended else ():
            given[name] = getattr(mended.layers[error.layer - 1], name, fix[name])
    return given


def works(state, **changes):
    """Whether the refused layer would work with other numbers."""
    place = state.made.error.layer - 1
    layers = list(state.params.layers[: place + 1])
    layers[place] = replace(layers[place], **changes)
    return not solved(tuple(layers), state.params.shape)[1]


def helps(state, **fix):
    """Whether this fix is offered; none is where the layer has another fault besides."""
    return offered(state) == (fix if works(state, **fix) else {})


@kind("the kernel spans {span:d} {word:w} (kernel {k:d}, dilation {d:d}) but the padded input has "
      "{padded:d} (input {n:d}, padding {pads})[[, and with ceil at most {hang:d} may hang over]].",
      place="refusal")  # fmt: skip
def too_large(state, span, word, k, d, padded, n, pads, hang):
    at = refused(state, "spans")
    if at is None or word not in ("rows", "columns"):
        return False
    layer, shape = at
    one = worked_side(layer, ("rows", "columns").index(word), shape)
    before, _, after = pads.partition(" + ")
    slack = one.s - 1 if getattr(layer, "ceil_mode", False) else 0
    right = (k, d, span, n) == (one.k, one.d, one.span, one.n) and padded + slack < span
    right = right and (hang or 0) == slack
    sides = (int(before), int(after or before)) == (one.before, one.after)
    return right and sides and padded == n + one.before + one.after and is_nearest(state)


def worked_side(layer, axis, shape):
    return Side.of(layer, axis, shape[1 + axis])


def numbers(text):
    """'3, 2' as it is typed into the table."""
    return tuple(int(n) for n in text.split(", "))


def argument(words):
    """kernel_size of 'kernel size'; what the table does not show has PyTorch's own name."""
    return "?" if words.startswith("in ") else words.replace(" ", "_")


@kind("Use {words} in layer {n:d}", place=r"fix (?P<i>\d+)")
def use(state, i, words, n):
    layers = list(state.params.layers)
    name, value = re.fullmatch(r"([a-z_ ]+) ([\d, ]+)", words).groups()
    name, new = argument(name), numbers(value)
    if n != state.made.error.layer or not hasattr(layers[n - 1], name):
        return False
    before = layers[n - 1]
    layers[n - 1] = replace(before, **{name: new if len(new) > 1 else new[0]})
    if name == "kernel_size" and before.stride is None:  # the stride stands as it is shown
        layers[n - 1] = replace(layers[n - 1], stride=before.kernel_size)
    return len({*new}) == len(new) and sets(state, i, layers)


@kind("Put {name:w} before layer {n:d}", place=r"fix (?P<i>\d+)")
def put(state, i, name, n):
    layers = list(state.params.layers)
    layers.insert(n - 1, Flatten())
    return name == "Flatten" and n == state.made.error.layer and sets(state, i, layers)


def sets(state, i, layers):
    """Whether the button sets these layers, and the one that was refused works."""
    set_by = list(shapes.buttons(state.params, state.made.error))[int(i)][1]
    works_until = len(solved(tuple(layers), state.params.shape)[0])
    return set_by == tuple(layers) and works_until >= state.made.error.layer


@kind("Remove layer {n:d}", place=r"fix (?P<i>\d+)")
def remove(state, i, n):
    layers = [layer for at, layer in enumerate(state.params.layers, 1) if at != n]
    set_by = list(shapes.buttons(state.params, state.made.error))[int(i)][1]
    return n == state.made.error.layer and set_by == tuple(layers)


def is_nearest(state):
    """Of a kernel or dilation one larger, and of a padding one smaller, none works.

    Not asked in ceil_mode, where a window may also hang over.
    """
    if getattr(state.params.layers[state.made.error.layer - 1], "ceil_mode", False):
        return bool(offered(state))
    for name, value in offered(state).items():
        step = -1 if name == "padding" else 1
        was = getattr(state.params.layers[state.made.error.layer - 1], name)
        new, old = both(value), both(0 if isinstance(was, str) else was)
        if not all(isinstance(n, int) for n in (*new, *old)):
            continue  # padding of all four sides
        axes = [{axis} for axis in (0, 1) if new[axis] != old[axis]]
        if isinstance(was, (int, str)) and isinstance(value, int):
            axes = [{0, 1}] * bool(axes)  # one number for both
        nearer = [tuple(n + step * (axis in some) for axis, n in enumerate(new)) for some in axes]
        if not nearer or any(works(state, **{name: one}) for one in nearer):
            return False
    return bool(offered(state))


@kind("padding must be at most half of the window, as in PyTorch; got padding {p:d} for a kernel "
      "of {k:d}.", place="refusal")  # fmt: skip
def over_padded(state, p, k):
    at = refused(state, "half")
    if at is None or not isinstance(at[0], POOLS):
        return False
    sides = [worked_side(at[0], axis, at[1]) for axis in (0, 1)]
    over = [(side.before, side.k) for side in sides if side.before > side.k / 2]
    return (p, k) == over[0]


@kind('padding "same" keeps the size, so it needs stride 1; got stride {stride}.', place="refusal")
def strided_same(state, stride):
    at = refused(state, "same")
    if at is None:
        return False
    right = numbers(stride) in (both(at[0].stride), both(at[0].stride)[:1])
    return right and offered(state).get("stride") == 1


@kind("in_channels must be what comes in, {channels:d}; got {got:d}.", place="refusal")
def wrong_channels(state, channels, got):
    at = refused(state, "channels")
    return at is not None and (channels, got) == (at[1][0], at[0].in_channels) and got != channels


@kind("groups must divide the channels in and out; got groups {groups:d}, in {channels:d}, out "
      "{out:d}.", place="refusal")  # fmt: skip
def wrong_groups(state, groups, channels, out):
    at = refused(state, "groups")
    return (
        at is not None
        and (groups, channels, out) == (at[0].groups, at[1][0], at[0].out_channels)
        and (channels % groups > 0 or out % groups > 0)
        and helps(state, groups=1)
    )


@kind("Linear needs one vector; what comes in is {shape:s}.", place="refusal")
def no_vector(state, shape):
    at = refused(state, "vector")
    return at is not None and shape == at[1] and offered(state) == {"insert": "Flatten"}


@kind("in_features must be what comes in, {features:d}; got {got:d}.", place="refusal")
def wrong_features(state, features, got):
    at = refused(state, "features")
    return (
        at is not None
        and ((features,), got) == (at[1], at[0].in_features)
        and offered(state) == {"in_features": features}
    )


@kind("it needs channels, rows and columns; what comes in is one vector of {features:d} {noun:w}.",
      "Put it before Flatten.", place="refusal")  # fmt: skip
def behind_a_flatten(state, features=None, noun="numbers"):
    """Before the flatten it would have rows and columns."""
    at = refused(state, "flat")
    if at is None:
        return False
    names = [type(layer).__name__ for layer in state.params.layers[: state.made.error.layer - 1]]
    counted = noun == "number" + "s" * (features != 1)
    return features in (None, *at[1]) and counted and "Flatten" in names and len(at[1]) == 1


@kind("output padding must be less than the larger of stride and dilation, as in PyTorch; "
      "got output padding "
      "{extra:d}, stride {s:d}, dilation {d:d}.", place="refusal")  # fmt: skip
def too_much_output(state, extra, s, d):
    at = refused(state, "extra")
    if at is None:
        return False
    sides = [worked_side(at[0], axis, at[1]) for axis in (0, 1)]
    named = any((side.extra, side.s, side.d) == (extra, s, d) for side in sides)
    most = [max(side.s, side.d) - 1 for side in sides]
    given = at[0].output_padding
    fix = tuple(map(min, given, most)) if isinstance(given, tuple) else min(most)
    return named and extra >= s and extra >= d and helps(state, output_padding=fix)


@kind("the padding of a transposed convolution crops, and must leave something; got padding {p:d} "
      "for {whole:d} {word:w}.", place="refusal")  # fmt: skip
def crops_all(state, p, whole, word):
    at = refused(state, "crops")
    if at is None:
        return False
    axis = 0 if word.startswith("row") else 1
    side = worked_side(at[0], axis, at[1])
    right = word == ("row", "column")[axis] + "s" * (whole != 1) and 2 * p >= whole
    said = (p, whole) == (side.before, side.uncropped)
    return right and said and helps(state, padding=0)


@kind("its output must have at most {most:d} rows and columns to be looked into; it has {has:d}.",
      place="refusal")  # fmt: skip
def too_many_rows(state, most, has):
    at = refused(state, "large")
    if at is None:
        return False
    sides = [worked_side(at[0], axis, at[1]) for axis in (0, 1)]
    return MOST_ROWS == most < has == max(side.out for side in sides)


@kind("outputs and inputs are tied too often to be looked into.", "Use a smaller input.",
      place="refusal")  # fmt: skip
def tied_too_often(state):
    at = refused(state, "ties")
    less = tuple(max(1, n // 64) for n in state.params.shape[1:])
    layers = state.params.layers[: len(found(state)[0]) + 1]
    return at is not None and solved(layers, (state.params.shape[0], *less))[1] != "ties"


@kind("{name} must be at least {least:d}[[ on each {axis:w}]]; got {got}.", place="refusal")
def too_small(state, name, least, axis, got):
    at = refused(state, "number")
    if at is None:
        return False
    name = argument(name)
    given = getattr(at[0], name)
    said = numbers(got)
    return (
        said == (given if isinstance(given, tuple) else (given,))
        and isinstance(given, tuple) == (axis == "axis")
        and min(said) < least == 1
        and min(both(offered(state)[name])) == 1
    )
