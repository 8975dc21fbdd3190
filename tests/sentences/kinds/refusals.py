"""What is said of a setting that cannot be: the rule, the buttons, the dimmed picture."""

import re
from dataclasses import replace

from convview import fields, panels, photographs, query
from convview.params import (
    DIALECTS,
    FILTER_VIEWS,
    GRADIENT_VIEWS,
    POOLING_VIEWS,
    VIEWS,
    Filters,
    Gradients,
    Pooling,
    Slide,
)
from tests.sentences import brute, claims
from tests.sentences.impossible import (
    LARGEST_MATRIX,
    MATRICES,
    Impossible,
    axis_of,
    extra_or_crop,
    filter_words,
    is_nearest,
    is_strided_same,
    lacking,
    mirrored,
    too_mirrored,
    whole,
    works,
)

STAGES = tuple(map(Impossible, (Slide, Gradients, Pooling)))
LAYERS = tuple(map(Impossible, (Slide, Gradients)))
PAGES = (*STAGES, Impossible(Filters))
START = "This setting is impossible: "
UNITS = {"row": 0, "rows": 0, "column": 1, "columns": 1}


def kind(*templates, pages=STAGES, starts=(START, "Besides, ")):
    """A kind of refusal, without the words that begin and end each."""
    templates = (f"{start}{one}." for one in templates for start in starts)
    return claims.kind(*templates, pages=pages, place="refusal")


def is_counted(count, unit):
    return unit.endswith("s") == (count != 1)


# The rules


@kind("the {window:w} spans {span:d} {unit:w} ({again:w} {k:d}, dilation {d:d}) but the padded "
      "input has {padded:d} (input {n:d}, padding 0)[[, and in ceil mode at most {hang:d} may hang "
      "over the end]]",
      "the {window:w} spans {span:d} {unit:w} ({again:w} {k:d}, dilation {d:d}) but the padded "
      "input has {padded:d} (input {n:d}, padding {before:d} + {after:d})[[, and in ceil mode at "
      "most {hang:d} may hang over the end]]")  # fmt: skip
def too_large(state, window, span, unit, again, k, d, padded, n, hang, before=0, after=0):
    p, axis = state.params, UNITS[unit]
    size, reach, stride, *sides = axis_of(p, axis)
    ceil = getattr(p, "ceil_mode", False)
    return (
        window == again == ("window" if isinstance(p, Pooling) else "kernel")
        and (size, reach, sides) == (n, span, [before, after])
        and (k, d) == (p.kernel_size[axis], p.dilation[axis])
        and padded == n + before + after
        and (hang or 0) == (stride - 1 if ceil else 0)
        and lacking(p, axis) == span - padded - (hang or 0) > 0
        and is_counted(span, unit)
    )


@kind("padding must be at most half of the window, as in PyTorch; "
      "here {pads:d} {unit:w} of padding {meet:w} a window of {k:d} {other:w}",
      pages=(Impossible(Pooling),))  # fmt: skip
def over_padded(state, pads, unit, meet, k, other):
    p, axis = state.params, UNITS[unit]
    return (
        UNITS[other] == axis
        and pads == max(p.padding[axis]) > k / 2
        and k == p.kernel_size[axis]
        and is_counted(pads, unit)
        and is_counted(k, other)
        and meet == ("meets" if pads == 1 else "meet")
    )


@kind("average pooling has no dilation in PyTorch, so it must be 1 here; it is {dilation:s}",
      pages=(Impossible(Pooling),))  # fmt: skip
def dilated_average(state, dilation):
    p = state.params
    both = dilation * 2 if len(dilation) == 1 else dilation
    averages = p.kind == "average" or p.view == "both"
    return averages and both == p.dilation != (1, 1) and len(dilation) == len({*p.dilation})


@kind("{mode:w} adds at most {limit:d} {unit:w} on each side of an input with {n:d} {other:w}, "
      "as in PyTorch; the padding is {before:d} {one} and {after:d} {end}",
      pages=(Impossible(Slide),))  # fmt: skip
def beyond_the_mirror(state, mode, limit, unit, n, other, before, after, one, end):
    """The cell at the edge is not mirrored."""
    p, axis = state.params, UNITS[unit]
    return (
        mode == p.padding_mode
        and axis in too_mirrored(p)
        and n == p.size[axis]
        and limit == {"reflect": n - 1, "circular": n}[mode]
        and (before, after) == brute.padding(p)[axis]
        and UNITS[other] == axis
        and is_counted(limit, unit)
        and is_counted(n, other)
        and (one, end) == (("above", "below"), ("on the left", "on the right"))[axis]
    )


@kind("{mode:w} adds at most {limit:d} {unit:w} on each side of a picture with {n:d} {other:w}, "
      "as in PyTorch; the filter needs {before:d} {one} and {after:d} {end}",
      pages=(Impossible(Filters),), starts=(START,))  # fmt: skip
def beyond_the_picture(state, mode, limit, unit, n, other, before, after, one, end):
    p, axis = state.params, UNITS[unit]
    needs = [
        most for most, there, size, along in mirrored(p)
        if (there, size, along) == (limit, n, axis) and most > limit
    ]  # fmt: skip
    return (
        mode == p.padding_mode
        and before in needs
        and after in (before, before - 1)
        and (before + after) in {k - 1 for k in _window_sizes(p)}
        and UNITS[other] == axis
        and is_counted(limit, unit)
        and is_counted(n, other)
        and (one, end) == (("above", "below"), ("on the left", "on the right"))[axis]
    )


def _window_sizes(p):
    """Of filters that are larger than any picture is small."""
    return {p.window}


@kind("groups must divide the channels in and the filters out; {groups:d} does not divide "
      "{count:d} {what:w} {way:w}",
      "groups must divide the channels in and the filters out; {groups:d} divides neither "
      "{count:d} {what:w} {way:w} nor {other:d} {noun:w} out", pages=LAYERS)  # fmt: skip
def undivided(state, groups, count, what, way, other=None, noun=None):
    p = state.params
    wrong = [
        (n, word + "s" * (n != 1), there)
        for n, word, there in ((p.in_channels, "channel", "in"), (p.out_channels, "filter", "out"))
        if n % groups
    ]
    said = [(count, what, way)] + [(other, noun, "out")] * (other is not None)
    return groups == p.groups and said == wrong


@kind('PyTorch has no padding "same" with a stride; the stride is {stride:s}', pages=LAYERS,
      starts=(START,))  # fmt: skip
def strided_same(state, stride):
    p = state.params
    both = stride * 2 if len(stride) == 1 else stride
    return is_strided_same(p) and both == p.stride and len(stride) == len({*p.stride})


@kind("output padding must be less than the larger of stride and dilation, as in PyTorch; "
      "along the {unit:w} it is {extra:d}, the stride {s:d}, the dilation {d:d}",
      pages=(Impossible(Gradients),))  # fmt: skip
def too_much_output(state, unit, extra, s, d):
    p, axis = state.params, UNITS[unit]
    return (
        unit in ("rows", "columns")
        and p.view == "transposed"
        and (extra, s, d) == (p.output_padding[axis], p.stride[axis], p.dilation[axis])
        and extra_or_crop(p, axis) == "extra"
    )


@kind("padding crops a transposed convolution and must leave at least one cell; it takes "
      "{before:d} + {after:d} of {all:d} {unit:w}", pages=(Impossible(Gradients),))  # fmt: skip
def cropped_away(state, before, after, all, unit):
    p, axis = state.params, UNITS[unit]
    return (
        p.view == "transposed"
        and brute.padding(p)[axis] == (before, after)
        and all == whole(p, axis) <= before + after
        and extra_or_crop(p, axis) == "crop"
        and is_counted(all, unit)
    )


@kind("the matrix is drawn for inputs up to {most:s}; this input is {size:s}, and its matrix would "
      "have {height:d} × {width:d} entries", pages=LAYERS)  # fmt: skip
def matrix_too_large(state, most, size, height, width):
    p = state.params
    outputs = [brute.Axis(n, k, s, *pads, d).out for n, k, s, pads, d in zip(
        p.size, p.kernel_size, p.stride, brute.padding(p), p.dilation, strict=True)]  # fmt: skip
    cells = [n + sum(pads) * (p.padding_mode != "zeros")
             for n, pads in zip(p.size, brute.padding(p), strict=True)]  # fmt: skip
    columns = p.in_channels * cells[0] * cells[1]
    if p.view == "dydw":
        columns = p.out_channels * p.in_channels // p.groups * p.kernel_size[0] * p.kernel_size[1]
    return (
        p.view in MATRICES
        and most == (LARGEST_MATRIX,) * 2
        and size == p.size
        and max(size) > LARGEST_MATRIX
        and (height, width) == (p.out_channels * outputs[0] * outputs[1], columns)
    )


# What a change is called: '{parameter} {value}', or a phrase

SIDES = r" \(top, bottom, left, right\)"
PAIRS = {"input size": "size", "kernel size": "kernel_size", "stride": "stride",
         "dilation": "dilation", "output padding": "output_padding",
         "cell row and column": "cell", "cell looked at, row and column": "look"}  # fmt: skip
WHOLES = {"channels in": "in_channels", "filters out": "out_channels", "groups": "groups",
          "random seed": "seed", "filter of the cell": "cell_filter",
          "longer side of the picture": "side", "angle": "angle",
          "channel looked at": "channel", "window of the blobs": "blob_window"}  # fmt: skip
REALS = {
    "sigma": "sigma",
    "sigma of the blobs": "blob_sigma",
    "sigma of the second": "other_sigma",
    "sigma of the Gaussian behind it": "then_sigma",
}
FLAGS = {"ceil mode": "ceil_mode", "divisor counts padding": "count_include_pad",
         "predict first": "predict", "red, green and blue": "colour"}  # fmt: skip
SHOWN = GRADIENT_VIEWS | POOLING_VIEWS | FILTER_VIEWS | {name: name.capitalize() for name in VIEWS}
OPERATIONS = {"cross-correlation": "correlation", "convolution (flip)": "convolution"}
TITLED = {
    "picture": ("picture", photographs.TITLES | panels.PICTURE_NAMES | {"own": "Your own"}),
    "kernel": ("kernel", panels.KERNEL_NAMES),
    "loss": ("loss", panels.LOSS_NAMES),
    "view": ("view", SHOWN),
    "derivative": ("pair", {"sobel": "Sobel", "prewitt": "Prewitt", "scharr": "Scharr",
                            "difference": "Difference"}),
}  # fmt: skip


def change(text, params):
    """(parameter, value) that a phrase says; None where it says nothing that the page knows."""
    found = _phrase(text) or _titled(text) or _counted_change(text, params)
    return found if found and found[0] in query.kinds(params) else None


def _phrase(text):
    if text.startswith("same padding as in "):
        return "dialect", _key(DIALECTS, text.removeprefix("same padding as in "))
    if text in ("max pooling", "average pooling"):
        return "kind", text.partition(" ")[0]
    if text in OPERATIONS:
        return "operation", OPERATIONS[text]
    if re.fullmatch("(zeros|reflect|replicate|circular) padding", text):
        return "padding_mode", text.partition(" ")[0]
    name, _, state = text.rpartition(" ")
    return (FLAGS[name], state == "on") if name in FLAGS and state in ("on", "off") else None


def _titled(text):
    match = re.fullmatch(r"the (.+?) “(.+)”", text)
    if not match:
        return None
    if match[1] in ("filter", "second filter"):
        return {"filter": "filter"}.get(match[1], "other"), filter_words().get(match[2])
    name, words = TITLED[match[1]]
    return name, _key(words, match[2])


def _key(words, shown):
    return next((key for key, title in words.items() if title == shown), None)


def _counted_change(text, params):
    match = re.fullmatch(rf"(.+?) (valid|same|full|−?\d[\d., ×−]*?)(?:{SIDES})?", text)
    if not match:
        return None
    name, value = match[1], match[2].replace("−", "-")
    if name == "padding":
        return "padding", _padding(value, "top" in text)
    if name == "window":
        if isinstance(params, Pooling):
            return "kernel_size", _both(value)
        return "window", int(value)
    for names, read in ((PAIRS, _both), (WHOLES, int), (REALS, float)):
        if name in names:
            return names[name], read(value)
    return None


def _both(text):
    numbers = tuple(int(n) for n in text.split(" × "))
    return numbers if len(numbers) > 1 else numbers * 2


def _padding(text, apart):
    if text in ("valid", "same", "full"):
        return text
    if apart:
        top, bottom, left, right = (int(n) for n in text.split(", "))
        return (top, bottom), (left, right)
    rows, cols = _both(text)
    return (rows, rows), (cols, cols)


def with_changes(text, params):
    """The parameters with all that 'padding 1 and dilation 2' says, and the names of it."""
    outside = r"(?=(?:[^“”()]|“[^”]*”|\([^)]*\))*$)"  # quotes and brackets
    phrases = re.split(rf"(?: and (?!blue|column)|, (?=[a-z](?!reen)(?!ow and))){outside}", text)
    told = [change(phrase, params) for phrase in phrases]
    if None in told or any(value is None for _, value in told):
        return None, ()
    values = dict(told)
    new = any(getattr(params, name) == value for name, value in told)
    return (None, ()) if new or len(values) < len(told) else (replace(params, **values), values)


@claims.kind("Use {changes}", pages=PAGES, place=r"fix (?P<n>\d+)")
def fix(state, n, changes):
    """It is what the button sets, it works, and nothing less does.

    Where it changes several parameters, all of them are needed, and no button changes one alone.
    """
    p, (_, values) = state.params, state.made.buttons[int(n)]
    fixed, names = with_changes(changes, p)
    if fixed is None or fixed != replace(p, **values) or not works(fixed):
        return False
    needed = all(not works(replace(fixed, **{one: getattr(p, one)})) for one in names)
    fewest = min(len(each) for _, each in state.made.buttons)
    return needed and len(names) == fewest and all(is_nearest(p, fixed, one) for one in names)


@claims.kind("Dimmed below, to look at only: this setting with {changes}.", pages=PAGES,
             place="dimmed")  # fmt: skip
def dimmed(state, changes):
    shown, _ = with_changes(changes, state.params)
    return shown is not None and shown == state.made.good and works(shown)


@claims.kind("Dimmed below, to look at only: another setting of this page, one that works.",
             pages=PAGES, place="dimmed")  # fmt: skip
def another(state):
    p, good = state.params, state.made.good
    differs = [name for name in query.kinds(p) if getattr(p, name) != getattr(good, name)]
    typed = any(isinstance(query.kinds(p)[name], (fields.Numbers, fields.Points))
                for name in differs)  # fmt: skip
    return type(good) is type(p) and works(good) and (len(differs) > 3 or typed)
