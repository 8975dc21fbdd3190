"""What can be done to the table of a stack."""

import re
from dataclasses import fields, replace

from convcore.stack import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
)
from convview import torch_code
from convview.fields import SHOWN_CELLS
from convview.params import MIDDLE, Shapes
from convview.query import kinds
from convview.scenes.shapes.seen import HIDDEN, Seen, spoken, typed

NEW = {  # what a layer is when it is put in
    "Conv2d": Conv2d(None, 8, 3),
    "ConvTranspose2d": ConvTranspose2d(None, 8, 2, 2),
    "MaxPool2d": MaxPool2d(2),
    "AvgPool2d": AvgPool2d(2),
    "ReLU": ReLU(),
    "Flatten": Flatten(),
    "Linear": Linear(None, 10),
}


def acted(params, act):
    """The parameters after one act of the table; ValueError where a number cannot be taken.

    act : {"act": "edit", "place", "name", "text" or "on"}, {"act": "kind", "place", "kind"}, or
        "look", "up", "down", "remove" at a place, or "add" behind it, or {"act": "pin", "unit"}
        with {"row", "col"} or None
    """
    place = act.get("place", 0)
    if act.get("act") == "pin":
        return pinned(params, act["unit"])
    if act.get("act") == "look":
        return replace(params, at=place + 1, unit=MIDDLE)
    changed = taken(params, _changed(params.layers, act))
    at = _followed(params, changed, act)
    same = act.get("act") in ("edit", "kind") or _at(params, params.at) == _at(changed, at)
    return replace(changed, at=at, unit=params.unit if same else MIDDLE)


def pinned(params, unit):
    """The parameters with another unit looked at; None for the one in the middle."""
    if unit is None:
        return replace(params, unit=MIDDLE)
    return replace(params, unit=(int(unit["row"]), int(unit["col"])))


def _at(params, at):
    """The layer at a place from 1, in a list; none behind the last."""
    return params.layers[at - 1 : at]


def _followed(params, changed, act):
    """The place, from 1, of the layer that was looked at before: it may have moved, or be new."""
    at, place = params.at, act.get("place", 0) + 1
    name = act.get("act")
    grown = len(changed.layers) - len(params.layers)
    if name == "add" and grown:
        return place + 1
    if name == "remove" and grown and place < at:
        return at - 1
    other = place + {"up": -1, "down": 1}.get(name, 0)
    if other != place and 1 <= other <= len(changed.layers) and at in (place, other):
        return place + other - at
    return at


def taken(params, layers):
    """The parameters with other layers; ValueError where they are too many or too large."""
    if len(layers) > torch_code.MOST_LAYERS:
        raise ValueError(f"At most {torch_code.MOST_LAYERS} layers are shown.")
    kind = kinds(params)["layers"]
    large = kind.too_large(layers)
    if large:
        place, name = large
        raise ValueError(f"Layer {place}: {spoken(name)} up to {kind.largest} can be shown.")
    return replace(params, layers=tuple(layers))


def mended(params, fix):
    """The parameters with the fix of a refused stack applied.

    None where the fix says too little, does not help, or cannot stand in a link.
    """
    layers = _with_fix(params, dict(fix))
    kind = kinds(params)["layers"]
    if layers is None or kind.read(kind.write(layers)) != (layers, False):
        return None
    try:
        changed = taken(params, layers)
    except ValueError:
        return None
    error = Seen(changed).error
    return None if error and error.layer <= fix["layer"] else changed


def buttons(params, error):
    """[(label, layers), ...] of what helps where a stack stops: its fixes, or the layer away."""
    number = error.layer
    for fix in error.fixes:
        changed = mended(params, fix)
        if not changed:
            continue
        name = next(name for name in fix if name != "layer")
        if name == "insert":
            yield f"Put {fix[name]} before layer {number}", changed.layers
        else:
            value = typed(getattr(changed.layers[number - 1], name))
            yield f"Use {spoken(name)} {value} in layer {number}", changed.layers
    yield f"Remove layer {number}", params.layers[: number - 1] + params.layers[number:]


def _with_fix(params, fix):
    place = fix.pop("layer") - 1
    known = {f.name for f in fields(params.layers[place])}
    layers = list(params.layers)
    if fix.get("insert") in NEW:
        return (*layers[:place], NEW[fix["insert"]], *layers[place:])
    if not fix or not set(fix) <= known:
        return None
    values = {name: _short(new) for name, new in fix.items()}
    layers[place] = replace(layers[place], **_steady(layers[place], fix), **values)
    return tuple(layers)


def _short(value):
    """((3, 3), (2, 2)), as many cells on either side, as (3, 2); the same on both axes as one."""
    if isinstance(value, tuple) and all(isinstance(p, tuple) and len({*p}) == 1 for p in value):
        value = tuple(before for before, _ in value)
    if isinstance(value, tuple) and len({*value}) == 1 and isinstance(value[0], int):
        return value[0]
    return value


def _steady(layer, names):
    """{"stride": ...} of a pooling without one of its own whose kernel changes: it stays."""
    follows = "kernel_size" in names and "stride" not in names
    return {"stride": layer.kernel_size} if follows and layer.stride is None else {}


def _changed(layers, act):
    layers = list(layers)
    name, place = act.get("act"), act.get("place", 0)
    if name == "add":
        return tuple([*layers[: place + 1], NEW["Conv2d"], *layers[place + 1 :]])
    if not 0 <= place < len(layers):
        return tuple(layers)
    if name == "remove":
        del layers[place]
    elif name in ("up", "down"):
        other = place + (1 if name == "down" else -1)
        if 0 <= other < len(layers):
            layers[place], layers[other] = layers[other], layers[place]
    elif name == "kind" and act.get("kind") in NEW:
        layers[place] = _turned(layers[place], NEW[act["kind"]])
    elif name == "edit":
        try:
            layers[place] = _edited(layers[place], act)
        except ValueError as error:
            raise ValueError(f"layer {place + 1}: {error}") from None
    return tuple(layers)


def _turned(old, new):
    """The new kind of layer, with what both kinds have."""
    shared = {f.name for f in fields(old)} & {f.name for f in fields(new)} - set(HIDDEN)
    kept = {name: getattr(old, name) for name in shared}
    if isinstance(kept.get("padding"), str) and not isinstance(new, Conv2d):
        del kept["padding"]  # a word, which convolutions alone know
    return type(new)(**{**vars(new), **kept})


def _edited(layer, act):
    """One argument typed anew, read as PyTorch code is."""
    known = {f.name: f for f in fields(layer)}
    if act.get("name") not in known:
        return layer
    text = repr(bool(act["on"])) if "on" in act else _argument(str(act.get("text", ""))[:40])
    steady = _steady(layer, [act["name"]])
    values = {n: repr(steady.get(n, getattr(layer, n))) for n in known} | {act["name"]: text}
    code = ", ".join(f"{name}={value}" for name, value in values.items())
    try:
        if "on" in act or ARGUMENT.fullmatch(text):
            (read,) = torch_code.parse(f"{type(layer).__name__}({code})")
            return read
    except torch_code.CodeError:  # it speaks of code, which nobody sees here
        pass
    raise ValueError(f"{spoken(act['name'])} must be {_legal(layer, act['name'])}")


def _legal(layer, name):
    """What can be typed for an argument."""
    most = kinds(Shapes)["layers"].largest if name in SHOWN_CELLS else torch_code.MOST
    legal = [f"a whole number from {torch_code.least_of(name)} to {most:,}"]
    if name not in torch_code.SINGLE:
        legal.append("two: rows, columns")
    if name == "padding" and isinstance(layer, Conv2d):
        legal.append("same or valid")
    if name == "stride" and isinstance(layer, (MaxPool2d, AvgPool2d)):
        legal.append("empty: as far as the kernel is wide")
    return ", or ".join(legal)


ARGUMENT = re.compile(r"\d+|\(\d+, ?\d+\)|'same'|'valid'|None", re.ASCII)


def _argument(text):
    """3, (3, 2) of "3, 2" or "3 x 2", 'same'; a word as it is."""
    text = text.strip().replace("×", "x")
    if text in ("same", "valid"):
        return repr(text)
    parts = [part.strip() for part in text.replace("x", ",").strip("()").split(",")]
    return f"({', '.join(parts)})" if len(parts) > 1 else parts[0] or "None"
