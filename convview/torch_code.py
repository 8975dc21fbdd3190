"""Layers as PyTorch code: read as text, never executed, and written; written as Keras code too."""

import ast
from dataclasses import fields, replace

from convcore.stack import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    LayerError,
    Linear,
    MaxPool2d,
    ReLU,
    stack,
)
from convview.labels import counted

LONGEST = 20_000  # characters
MOST_LAYERS = 60
MOST = 100_000  # of a number
MOST_FEATURES = 10**12  # that a flatten makes of the largest input

# The arguments of torch.nn in their order; what a layer here lacks must have its usual value.
SIGNATURES = {
    "Conv2d": (
        Conv2d,
        "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode",
    ),
    "ConvTranspose2d": (
        ConvTranspose2d,
        "in_channels out_channels kernel_size stride padding output_padding groups bias dilation",
    ),
    "MaxPool2d": (MaxPool2d, "kernel_size stride padding dilation return_indices ceil_mode"),
    "AvgPool2d": (AvgPool2d, "kernel_size stride padding ceil_mode count_include_pad"),
    "ReLU": (ReLU, "inplace"),
    "Flatten": (Flatten, "start_dim end_dim"),
    "Linear": (Linear, "in_features out_features bias"),
}
USUAL = {"padding_mode": ("zeros",), "return_indices": (False,), "inplace": (False, True),
         "start_dim": (1,), "end_dim": (-1,)}  # fmt: skip
PASSED = ("Dropout", "Dropout2d", "Identity")  # change neither shape nor cost
LACKING = {"ceil_mode": False, "dilation": 1}  # of a pooling, in Keras: what it has instead
FLAGS = ("bias", "ceil_mode", "count_include_pad")
SINGLE = ("in_channels", "out_channels", "groups", "in_features", "out_features")


class CodeError(ValueError):
    """What cannot be read, and where: line and column count from 1."""

    def __init__(self, rule, line, column):
        super().__init__(f"line {line}, column {column}: {rule}")
        self.rule, self.line, self.column = rule, line, column


def parse(text):
    """The layers that a piece of PyTorch code builds.

    Layers one below the other, with or without commas, `name = nn.Conv2d(...)`, and nn.Sequential,
    also nested. Raises CodeError.

    >>> parse("nn.Sequential(nn.Conv2d(3, 32, 8, stride=2, padding=3), nn.MaxPool2d(2))")[1]
    MaxPool2d(kernel_size=2, stride=None, padding=0, dilation=1, ceil_mode=False)
    """
    if len(text) > LONGEST:
        raise CodeError(f"at most {LONGEST} characters are read", 1, 1)
    try:
        return _parsed(_at_the_margin(text))
    except CodeError as error:
        column = _column(text, error.line, error.column)
        raise CodeError(error.rule, error.line, column) from None


def left_out(text):
    """The kinds of layers in a text that is read which change neither shape nor cost.

    >>> left_out("nn.Conv2d(3, 6, 5), nn.Dropout(0.5), nn.Identity(), nn.Dropout(0.2)")
    ['Dropout', 'Identity']
    """
    calls = (node for node in ast.walk(ast.parse(_at_the_margin(text)))
             if isinstance(node, ast.Call))  # fmt: skip
    return sorted({_name(call.func) for call in calls} & set(PASSED))


def _parsed(text):
    """The layers; a CodeError counts columns from 0, in bytes, as Python does."""
    try:
        body = ast.parse(text).body
    except SyntaxError as error:
        rule = f"this is no Python: {error.msg}"
        if "integer string conversion" in error.msg:  # of Python itself, and how to change it
            rule = "a number has too many digits"
        line = text.splitlines()[error.lineno - 1] if error.lineno else ""
        before = line[: max(0, (error.offset or 1) - 1)]  # characters, here alone
        raise CodeError(rule, error.lineno or 1, len(before.encode())) from None
    except (ValueError, RecursionError, MemoryError):
        raise CodeError("this is no Python", 1, 0) from None
    layers = []
    for statement in body:
        if not isinstance(statement, (ast.Expr, ast.Assign)):
            raise _fault(statement, "only layers are read, such as nn.Conv2d(3, 8, 3)")
        layers += _layers(statement.value)
    if len(layers) > MOST_LAYERS:
        raise CodeError(f"at most {MOST_LAYERS} layers are shown; these are {len(layers)}", 1, 0)
    return tuple(layers)


def _column(text, line, at):
    """The column, from 1 and in characters, of a byte of a line at the margin."""
    lines = text.splitlines()
    if line > len(lines):
        return 1
    margin = _margin(text)
    margin = margin if lines[line - 1].startswith(margin) else ""
    rest = lines[line - 1].removeprefix(margin).encode()
    return len(margin) + len(rest[:at].decode(errors="ignore")) + 1


def _margin(text):
    """The indentation of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first[: len(first) - len(first.lstrip())]


def _at_the_margin(text):
    """The text without the indentation of its first line; lines keep their numbers."""
    margin = _margin(text)
    return "\n".join(line.removeprefix(margin) for line in text.rstrip().splitlines())


def _layers(node):
    if isinstance(node, (ast.Tuple, ast.List)):
        return [layer for entry in node.elts for layer in _layers(entry)]
    name = _name(node.func) if isinstance(node, ast.Call) else None
    if name is None:
        raise _fault(node, "a layer is a call, such as nn.Conv2d(3, 8, 3)")
    if name == "Sequential":
        if node.keywords:
            rule = "nn.Sequential is read here with layers, nothing else"
            raise _fault(node.keywords[0].value, rule)
        return [layer for entry in node.args for layer in _layers(entry)]
    if name in PASSED:
        return []
    if name not in SIGNATURES:
        raise _fault(node, f"{name[:40]} is not known here; known are {', '.join(SIGNATURES)}")
    return [_layer(name, node)]


def _name(function):
    """Conv2d of nn.Conv2d, torch.nn.Conv2d and Conv2d."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def _layer(name, node):
    kind, order = SIGNATURES[name]
    order = order.split()
    if len(node.args) > len(order):
        most = counted(len(order), "argument")
        raise _fault(node.args[len(order)], f"{name} is read here with at most {most}")
    given = dict(zip(order, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg not in order or keyword.arg in given:
            known = f"{name} is read here with {', '.join(order)}, each at most once"
            raise _fault(keyword.value, f"{known}; got {str(keyword.arg)[:40]}")
        given[keyword.arg] = keyword.value
    empty = ["in_channels", "in_features"]  # what comes in
    if kind in (MaxPool2d, AvgPool2d):
        empty.append("stride")  # the window's size
    words = ("valid", "same") if kind is Conv2d else ()
    values = {argument: _value(argument, entry, empty, words) for argument, entry in given.items()}
    for argument in set(values) & set(USUAL):
        if values.pop(argument) not in USUAL[argument]:
            usual = " or ".join(map(repr, USUAL[argument]))
            raise _fault(given[argument], f"{argument} must be {usual} here")
    try:
        return kind(**values)
    except TypeError:
        wanted = [f.name for f in fields(kind) if f.name in order][: _least(kind)]
        raise _fault(node, f"{name} needs {', '.join(wanted)}") from None


def _least(kind):
    """How many arguments a layer cannot do without."""
    return {Conv2d: 3, ConvTranspose2d: 3, Linear: 2}.get(kind, 1)


def _value(argument, node, empty, words):
    try:
        value = ast.literal_eval(node)
    except (TypeError, ValueError, RecursionError, MemoryError):
        if argument not in USUAL and argument not in FLAGS:
            raise _fault(node, f"{argument} must be written as a number here") from None
        value = ...  # a name: none of the values that they may have
    if argument in USUAL:
        return value
    if argument in FLAGS:
        if not isinstance(value, bool):
            raise _fault(node, f"{argument} must be True or False here")
        return value
    if argument == "padding" and isinstance(value, str) and value in words:
        return value
    if value is None and argument in empty:
        return value
    several = isinstance(value, (tuple, list)) and argument not in SINGLE
    entries = tuple(value) if several else (value,)
    if several and len(entries) != 2:
        raise _fault(node, f"{argument} must be one number or two here, rows and columns")
    most = MOST_FEATURES if argument == "in_features" else MOST
    if any(type(entry) is not int or not 0 <= entry <= most for entry in entries):
        least = least_of(argument)
        rule = f"{argument} must be a whole number from {least} to {most:,} here"
        raise _fault(node, rule + _or(words, argument))
    return entries if several else value


def _or(words, argument):
    """What padding may be besides a number."""
    return f", or {' or '.join(map(repr, words))}" if words and argument == "padding" else ""


def least_of(argument):
    """The smallest number with which a layer can work; a smaller one is read, and refused there."""
    return 0 if argument in ("padding", "output_padding") else 1


def _fault(node, rule):
    return CodeError(rule, node.lineno, node.col_offset)


def pytorch(layers):
    """The layers as nn.Sequential; what has its usual value is left out."""
    inside = "".join(f"    nn.{line(layer)},\n" for layer in layers)
    return f"nn.Sequential(\n{inside})" if layers else "nn.Sequential()"


def line(layer):
    """Conv2d(3, 32, 8, stride=2)"""
    kind = type(layer)
    required = _least(kind) if fields(kind) else 0
    parts = []
    for place, one in enumerate(fields(kind)):
        value = getattr(layer, one.name)
        if place < required:
            parts.append(repr(value))
        elif value != one.default:
            parts.append(f"{one.name}={value!r}")
    return f"{kind.__name__}({', '.join(parts)})"


def keras(layers, input_shape):
    """The layers as keras.Sequential, channels last; and what Keras says differently, as comments.

    Keras knows no padding in numbers: it stands as a layer of its own before.
    """
    channels, height, width = input_shape
    lines = [f"keras.Input(({height}, {width}, {channels})),"]
    for layer, note in zip(layers, _lacks(layers, input_shape), strict=True):
        lines += _keras(layer)
        lines[-1] += _noted([note], "#" in lines[-1]) if note else ""
    return "keras.Sequential([\n" + "".join(f"    {one}\n" for one in lines) + "])"


def _lacks(layers, shape):
    """For each layer what it is without ceil_mode and a dilation of poolings, or "".

    Told of what comes in there in Keras, where a pooling before may have left more or less.
    """
    plain = tuple(_plain(layer) for layer in layers)
    sizes, theirs = _sizes(layers, shape), _sizes(plain, shape)
    given = [shape, *theirs]
    for place, (layer, same) in enumerate(zip(layers, plain, strict=True)):
        if place >= len(given):
            yield ""
            continue
        ours, keras = (_size(one, given[place]) for one in (layer, same))
        lacking = [name for name in LACKING if getattr(layer, name, 0) != getattr(same, name, 0)]
        if "ceil_mode" in lacking and _size(replace(same, ceil_mode=True), given[place]) == keras:
            lacking.remove("ceil_mode")  # the last window ends where the input does
        said = f"Keras pools without {' and '.join(lacking)}" if lacking else ""
        if said and ours and keras != ours:
            yield f"{said}: {keras or 'no window fits and nothing comes out'}, not {ours}"
        elif place == len(theirs) < len(sizes):
            yield _unfit(layer, given[place], [shape, *sizes][place])
        else:
            yield said


def _unfit(layer, theirs, ours):
    """Why a layer that works in PyTorch does not on the shape that comes in there in Keras."""
    if isinstance(layer, Linear):
        return f"{theirs[0]} numbers come in here, not {ours[0]}"
    sizes = ("\N{MULTIPLICATION SIGN}".join(map(str, one[1:])) for one in (theirs, ours))
    return "no window fits here: {} comes in, not {}".format(*sizes)


def _size(layer, shape):
    """Rows and columns that a layer puts out, or ""."""
    found = _sizes((layer,), shape) if len(shape) == 3 else []
    return "\N{MULTIPLICATION SIGN}".join(str(n) for one in found for n in one[-2:])


def _plain(layer):
    if not isinstance(layer, (MaxPool2d, AvgPool2d)):
        return layer
    return replace(layer, **{name: LACKING[name] for name in LACKING if hasattr(layer, name)})


def _sizes(layers, shape):
    """What each layer puts out, as far as they work."""
    try:
        return [step.output_shape for step in stack(layers, shape)]
    except LayerError as error:
        return _sizes(layers[: error.layer - 1], shape)


def _keras(layer):
    if isinstance(layer, ReLU):
        return ["layers.ReLU(),"]
    if isinstance(layer, Flatten):
        return ["layers.Permute((3, 1, 2)),  # so that the order is PyTorch's", "layers.Flatten(),"]
    if isinstance(layer, Linear):
        return [f"layers.Dense({layer.out_features}{_without_bias(layer)}),"]
    stride = layer.stride if layer.stride is not None else layer.kernel_size
    common = f"{layer.kernel_size}, strides={stride}"
    if isinstance(layer, ConvTranspose2d):
        return _keras_transposed(layer, common)
    padding, before = _keras_padding(layer)
    if isinstance(layer, Conv2d):
        more = "".join(
            f", {keras_name}={getattr(layer, name)}"
            for name, keras_name in (("dilation", "dilation_rate"), ("groups", "groups"))
            if getattr(layer, name) != 1
        )
        name = f"Conv2D({layer.out_channels}, {common}{padding}{more}{_without_bias(layer)})"
        return [*before, f"layers.{name},{_noted(_refused(layer))}"]
    kind = "MaxPooling2D" if isinstance(layer, MaxPool2d) else "AveragePooling2D"
    notes = []
    if before and not getattr(layer, "count_include_pad", True):
        notes.append("these zeros count in the divisor, PyTorch's do not")
    return [*before, f"layers.{kind}({common}{padding}),{_noted(notes)}"]


def _noted(notes, more=False):
    return f"{'; ' if more else '  # '}{'; '.join(notes)}" if notes else ""


def _refused(layer):
    both = not {layer.stride, layer.dilation} & {1, (1, 1)}
    return ["Keras refuses a stride together with a dilation"] * both


def _keras_padding(layer):
    """The argument, and a layer before for padding in numbers."""
    if layer.padding in ("same", "valid"):
        return f', padding="{layer.padding}"', []
    if layer.padding in (0, (0, 0)):
        return "", []
    note = ""
    if isinstance(layer, MaxPool2d):
        note = "  # zeros, where PyTorch has -inf: the same if nothing negative comes in"
    return "", [f"layers.ZeroPadding2D({layer.padding}),{note}"]


def _keras_transposed(layer, common):
    more = f", dilation_rate={layer.dilation}" if layer.dilation != 1 else ""
    if _overtaken(layer) or layer.output_padding not in (0, (0, 0)):
        more += f", output_padding={layer.output_padding}"
    notes = [*_refused(layer), *["Keras has no groups here"] * (layer.groups != 1)]
    name = f"Conv2DTranspose({layer.out_channels}, {common}{more}{_without_bias(layer)})"
    lines = [f"layers.{name},{_noted(notes)}"]
    if layer.padding not in (0, (0, 0)):
        lines.append(f"layers.Cropping2D({layer.padding}),")
    return lines


def _overtaken(layer):
    """Whether the stride passes the kernel: Keras would add the rows that it leaves out."""
    pairs = (
        value if isinstance(value, tuple) else (value, value)
        for value in (layer.kernel_size, layer.stride)
    )
    return any(stride > kernel for kernel, stride in zip(*pairs, strict=True))


def _without_bias(layer):
    return "" if layer.bias else ", use_bias=False"
