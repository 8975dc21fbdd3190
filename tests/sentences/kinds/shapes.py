"""What is said of a stack of layers, and of the one that is looked at."""

import math
import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import prod

from convcore.stack import Conv2d, ConvTranspose2d, Linear
from convview.params import Shapes
from convview.scenes import shapes
from tests.sentences import claims
from tests.sentences.numbers import exact
from tests.sentences.stacks import both, centre, sees_of, worked


def kind(*templates, place=".*"):
    return claims.kind(*templates, pages=(Shapes,), place=place)


solved = lru_cache(maxsize=512)(worked)


def found(state):
    """([Worked, ...], why the next layer does not work): of the settings."""
    return solved(state.params.layers, state.params.shape)


def is_shown(state):
    """Whether the page shows a stack that goes as far as this one."""
    steps, why = found(state)
    wanted = [one.shape for one in steps]
    return [step.output_shape for step in state.made.steps] == wanted and bool(why) == bool(
        state.made.error
    )


# The table and the drawing


def number(text):
    """1.5, −1/3"""
    return Fraction(text.replace("−", "-"))


def pair(text):
    """The numbers of rows and columns, (1.5, −2) or one for both; a × would be a product."""
    if "×" in text:
        return None
    parts = text[1:-1].split(", ") if text.startswith("(") else [text]
    return tuple(map(number, parts * 2 if len(parts) == 1 else parts))


def sizes(text):
    """(numbers, numbers) of rows and columns: 3 × 4, 0 or 1, (2 to 4) × 3."""
    parts = text.split(" × ")
    if len(parts) == 2 and parts[0].strip("()") == parts[1].strip("()"):
        return None  # one is enough
    return tuple(map(size, parts * 2 if len(parts) == 1 else parts))


def size(text):
    """A number, two that are told apart by or, or (fewest, most) of more: 3, 0 or 2, 2 to 4."""
    match = re.fullmatch(r"\(?(\d+)(?: (or|to) (\d+))?\)?", text)
    if match is None:
        return None
    low, word, high = match.groups()
    if word is None:
        return (int(low),)
    return (int(low), int(high)) if word == "or" else (int(low), ..., int(high))


def sized(numbers):
    """What `size` reads of a text that says these numbers of cells."""
    return numbers if len(numbers) <= 2 else (numbers[0], ..., numbers[-1])


def unread_said(text):
    """'2 rows, 1 column' as (2, 1)."""
    counts = dict.fromkeys(("row", "column"), 0)
    for part in text.split(", ") if text else ():
        count, word = part.split(" ")
        counts[word.removesuffix("s")] = int(count)
    return tuple(counts.values())


@kind("{name:w} | {output:s} | {parameters:d} | {macs:d} | {memory:d}"
      "[[ | field {sees}]][[ | jump {jump}]][[ | start {start}]][[ | unread {unread}]]",
      place=r"row of layer (?P<n>\d+)")  # fmt: skip
def layer_row(state, n, name, output, parameters, macs, memory, sees, jump, start, unread):
    """What the heads of the table say of its numbers.

    MACs: "Multiply-accumulates". Sees: "Receptive field: cells from the first to the last that a
    unit reads, rows × columns where they differ, cells beyond the border included; behind a
    transposed convolution those of the input alone, fewest to most". Jump: "Input cells between two
    neighbouring units, (down, across) where they differ; behind a transposed convolution on
    average". Start: "Where the first unit is centred, the middle of its windows traced back, (row,
    column) where they differ; the first input cell is 0". Never read: "What comes in and goes into
    no unit".
    """
    steps, n = found(state)[0], int(n)
    if not 1 <= n <= len(steps) or not is_shown(state):
        return False
    one = steps[n - 1]
    said = (name, output, parameters, macs, memory)
    if said != (type(one.layer).__name__, one.shape, one.parameters, one.macs, 4 * prod(one.shape)):
        return False
    if len(one.shape) != 3:
        return sees is jump is start is unread is None
    until = steps[:n]
    wanted = tuple(sized(sees_of(until, axis)) for axis in (0, 1))
    blind = (0,) in wanted
    if blind:
        wanted = ((0,), (0,))
    first = tuple(centre(until, axis, 0) for axis in (0, 1))
    apart = tuple(centre(until, axis, 1) - first[axis] for axis in (0, 1))
    missed = tuple(len(side.unread) for side in one.sides) if one.sides else (0, 0)
    none = bool(one.sides) and any(len(side.unread) == side.n for side in one.sides)
    return (
        sizes(sees) == wanted
        and (jump is start is None if blind else (pair(jump), pair(start)) == (apart, first))
        and (unread == "all" if none else unread != "all" and unread_said(unread) == missed)
    )


@kind("{name:w} | ", place=r"row of layer (?P<n>\d+)")
def unworked_row(state, n, name):
    (steps, why), n = found(state), int(n)
    names = [type(layer).__name__ for layer in state.params.layers]
    return is_shown(state) and bool(why) and len(steps) < n <= len(names) and names[n - 1] == name


@kind("{parameters:d} {word:w} | {macs:d} {mac:w} | {memory:d} {byte:w} of activations | in all",
      "{parameters:d} {word:w} | {macs:d} {mac:w} | {memory:d} {byte:w} of activations | for "
      "{n:d} of {all:d} {layer:w} (layer {next:d} stops it)", place="totals")  # fmt: skip
def totals(state, parameters, word, macs, mac, memory, byte, n=None, all=None, layer=None,
           next=None):  # fmt: skip
    steps, why = found(state)
    said = (parameters, macs, memory)
    wanted = (
        sum(one.parameters for one in steps),
        sum(one.macs for one in steps),
        sum(4 * prod(one.shape) for one in steps),
    )
    nouns = [(parameters, word, "parameter"), (macs, mac, "MAC"), (memory, byte, "byte")]
    if n is not None:
        nouns.append((all, layer, "layer"))
    right = all_right(nouns) and said == wanted and is_shown(state)
    part = n is None
    if why:
        part = (n, all, next) == (len(steps), len(state.params.layers), len(steps) + 1)
    return right and part


def all_right(nouns):
    return all(word == noun + "s" * (count != 1) for count, word, noun in nouns)


@kind("{shape:s}", place=r"block (?P<n>\d+)")
def block(state, n, shape):
    """By their shares of the largest, and at least 2 px: a line."""
    steps, _ = found(state)
    wanted = [state.params.shape, *(one.shape for one in steps)]
    drawn = shapes.drawing(state.made)
    if not is_shown(state) or len(drawn) != len(wanted) or wanted[int(n) : int(n) + 1] != [shape]:
        return False
    tallest = max(one[1] for one in wanted if len(one) == 3)
    deepest = max(one[0] for one in wanted)
    sizes = [(110 * (one[1] if len(one) == 3 else 1) / tallest, 70 * one[0] / deepest)
             for one in wanted]  # fmt: skip
    return all(
        math.isclose(block["high"], max(2, high)) and math.isclose(block["wide"], max(2, wide))
        for block, (high, wide) in zip(drawn, sizes, strict=True)
    )


# The layer that is looked at


def looked_at(state):
    """Its place from 1, and what was worked out of it; (None, None) where there is none."""
    steps, _ = found(state)
    at = min(state.params.at, len(steps))
    return (at, steps[at - 1]) if steps and is_shown(state) else (None, None)


@kind("Layer {n:d}, {name:w}", place="title of detail")
def title(state, n, name):
    at, one = looked_at(state)
    return n == at and name == type(one.layer).__name__


def side_of(state, one, word):
    """Of a size line: the side that it speaks of, None where there should be no such line."""
    rows, columns = one.sides
    alike = replace(rows, layer=None) == replace(columns, layer=None)
    single = not alike and all(
        {side.n + side.before + side.after, side.span, side.out} == {1}
        for side in (step.sides[0] for step in found(state)[0] if step.sides)
    )
    there = {"size": alike, "rows": not alike and not single, "columns": not alike}
    return (columns if word == "columns" else rows) if there.get(word) else None


@kind("Output {word:w} = {floor}({n:d} + 2·{both:d} − {d:d}·({k:d} − 1) − 1) / {s:d}{end} + 1 = "
      "{out:d}[[; the last window would start past the input and is dropped: {left:d}]]",
      "Output {word:w} = {floor}({n:d} + ({before:d} + {after:d}) − {d:d}·({k:d} − 1) − 1) / {s:d}"
      "{end} + 1 = {out:d}[[; the last window would start past the input and is dropped: "
      "{left:d}]]", place="detail")  # fmt: skip
def size_line(state, word, floor, end, n, d, k, s, out, left, both=None, before=None, after=None):
    _, one = looked_at(state)
    if one is None or not one.sides or not (side := side_of(state, one, word)) or side.backwards:
        return False
    ceil = getattr(one.layer, "ceil_mode", False)
    pads = (both, both) if before is None else (before, after)
    if before is not None and before == after:
        return False
    through = math.ceil if ceil else math.floor
    whole = through(Fraction(n + sum(pads) - d * (k - 1) - 1, s)) + 1
    return (
        (n, d, k, s, *pads) == (side.n, side.d, side.k, side.s, side.before, side.after)
        and floor + end == ("⌈⌉" if ceil else "⌊⌋")
        and out == whole
        and (out if left is None else left) == side.out
        and (left is None or left < out)
    )


@kind("Output {word:w} = ({n:d} − 1)·{s:d} − 2·{p:d} + {d:d}·({k:d} − 1) + {extra:d} + 1 = {out:d}",
      place="detail")  # fmt: skip
def transposed_line(state, word, n, s, p, d, k, extra, out):
    _, one = looked_at(state)
    if one is None or not isinstance(one.layer, ConvTranspose2d):
        return False
    side = side_of(state, one, word)
    return side is not None and (n, s, p, p, d, k, extra, out) == (
        side.n, side.s, side.before, side.after, side.d, side.k, side.extra, side.out,
    )  # fmt: skip


def learns(one, weights, noun, biases, bias, parameters):
    """Whether '18 weights + 2 biases = 20', '18 weights, no bias' are these."""
    if all_right([(weights, noun, "weight")]) is False or weights != one.weights:
        return False
    if biases is None:
        return not one.layer.bias
    right = bias == ("bias" if biases == 1 else "biases") and one.layer.bias
    return bool(right) and (biases, parameters) == (one.biases, one.parameters)


@kind("Parameters[[, in {groups:d} groups]]: {outer:d} · {inner:d}[[/{divided:d}]] · {k:d} · {w:d} "
      "= {weights:d} {noun:w} + {biases:d} {bias:w} = {parameters:d}",
      "Parameters[[, in {groups:d} groups]]: {outer:d} · {inner:d}[[/{divided:d}]] · {k:d} · {w:d} "
      "= {weights:d} {noun:w}, no bias", place="detail")  # fmt: skip
def kernels(state, groups, outer, inner, divided, k, w, weights, noun, biases=None, bias=None,
            parameters=None):  # fmt: skip
    _, one = looked_at(state)
    if one is None or not isinstance(one.layer, (Conv2d, ConvTranspose2d)):
        return False
    channels = (one.shape[0], one.before[0])
    if isinstance(one.layer, ConvTranspose2d):
        channels = channels[::-1]
    several = one.layer.groups if one.layer.groups > 1 else None
    return (
        (outer, inner) == channels
        and groups == divided == several
        and (k, w) == both(one.layer.kernel_size)
        and learns(one, weights, noun, biases, bias, parameters)
    )


@kind("Parameters: {inputs:d} · {outputs:d} = {weights:d} {noun:w} + {biases:d} {bias:w} = "
      "{parameters:d}",
      "Parameters: {inputs:d} · {outputs:d} = {weights:d} {noun:w}, no bias",
      place="detail")  # fmt: skip
def linear(state, inputs, outputs, weights, noun, biases=None, bias=None, parameters=None):
    _, one = looked_at(state)
    if one is None or not isinstance(one.layer, Linear):
        return False
    return ((inputs,), (outputs,)) == (one.before, one.shape) and learns(
        one, weights, noun, biases, bias, parameters
    )


@kind("Multiply-accumulates: {weights:d} · {rows:d} · {columns:d} = {macs:d}", place="detail")
def macs_line(state, weights, rows, columns, macs):
    """Each weight once at each output; of a transposed convolution at each input."""
    _, one = looked_at(state)
    if one is None or not isinstance(one.layer, (Conv2d, ConvTranspose2d)):
        return False
    places = one.shape if isinstance(one.layer, Conv2d) else one.before
    return (weights, (rows, columns), macs) == (one.weights, places[1:], one.macs)


@kind("Multiply-accumulates: one for each weight, {macs:d}", place="detail")
def linear_macs(state, macs):
    _, one = looked_at(state)
    return one is not None and isinstance(one.layer, Linear) and macs == one.weights == one.macs


@kind("Nothing to learn.", place="detail")
def nothing_to_learn(state):
    _, one = looked_at(state)
    return one is not None and not isinstance(one.layer, Linear) and one.parameters == 0


def is_dense_twin(state):
    """The layer, if it is one that is set against a fully connected one."""
    _, one = looked_at(state)
    return one if one and isinstance(one.layer, Conv2d) and one.layer.groups == 1 else None


@kind("A fully connected layer with the same output: ({inputs}) · ({outputs}) = {full:d} "
      "{noun:w}.", place="detail")  # fmt: skip
def fully_connected(state, inputs, outputs, full, noun):
    one = is_dense_twin(state)
    if one is None:
        return False
    said = [tuple(int(n) for n in text.split("·")) for text in (inputs, outputs)]
    right = all_right([(full, noun, "multiplication")])
    return said == [one.before, one.shape] and full == prod(one.before) * prod(one.shape) and right


NEEDS = "The convolution needs kH·kW / (H·W) = {k:d}·{w:d} / ({rows:d}·{columns:d}) = "


@kind(NEEDS + "{share} of them.", NEEDS + "{share}: just as many.",
      NEEDS + "{more} times as many, some of them with padding.", place="detail")  # fmt: skip
def share_of_dense(state, k, w, rows, columns, share=None, more=None):
    one = is_dense_twin(state)
    if one is None or ((k, w), (rows, columns)) != (both(one.layer.kernel_size), one.before[1:]):
        return False
    ratio = Fraction(one.macs, prod(one.before) * prod(one.shape))
    padded = [o for side in one.sides for o in range(side.out)
              if len(side.inside(o)) < len(side.reads(o))]  # fmt: skip
    if more is not None:
        return number(more) == ratio > 1 and bool(padded)
    return number(share) == ratio <= 1


@kind("Memory: {count:d} {noun:w}, {size} as float32.", place="detail")
def memory(state, count, noun, size):
    _, one = looked_at(state)
    if one is None or count != prod(one.shape) or not all_right([(count, noun, "number")]):
        return False
    value, unit = size.removeprefix("≈ ").split(" ")
    if unit != "KiB":
        return number(value.replace(",", "")) == 4 * count < 1024 and unit == "bytes"
    kib = Fraction(4 * count, 1024)
    near = abs(number(value.replace(",", "")) - kib) <= Fraction(1, 20)
    return kib >= 1 and near and size.startswith("≈") == (not exact(value, float(kib)))
