"""What a setting has other than another one, in the words of the controls."""

from convview import filters, panels, photographs, query
from convview.fields import Numbers, Points
from convview.labels import joined
from convview.params import (
    DIALECTS,
    FILTER_VIEWS,
    GRADIENT_VIEWS,
    POOLING_VIEWS,
    POOLINGS,
    Pooling,
)

NAMES = {
    "size": "input size",
    "in_channels": "channels in",
    "out_channels": "filters out",
    "seed": "random seed",
    "cell": "cell row and column",
    "cell_filter": "filter of the cell",
    "count_include_pad": "divisor counts padding",
    "predict": "predict first",
    "side": "longer side of the picture",
    "colour": "red, green and blue",
    "pair": "derivative",
    "other": "second filter",
    "other_sigma": "sigma of the second",
    "then_sigma": "sigma of the Gaussian behind it",
    "blob_window": "window of the blobs",
    "blob_sigma": "sigma of the blobs",
    "look": "cell looked at, row and column",
    "channel": "channel looked at",
}
WORDS = {
    "picture": panels.PICTURE_NAMES | photographs.TITLES | {"own": "Your own"},
    "kernel": panels.KERNEL_NAMES,
    "filter": filters.TITLES,
    "other": filters.TITLES,
    "pair": filters.PAIR_TITLES,
    "loss": panels.LOSS_NAMES,
}
VIEWS = GRADIENT_VIEWS | POOLING_VIEWS | FILTER_VIEWS


def between(params, other):
    """The names of what another setting has other than this one."""
    return [name for name in query.kinds(other) if getattr(other, name) != getattr(params, name)]


def listed(params, names):
    """'padding 1, dilation 2 and ceil mode on'."""
    return joined([spoken(params, name) for name in names])


def is_plain(params, name):
    """Whether the value of a parameter can be said in a few words."""
    return not isinstance(query.kinds(params)[name], (Numbers, Points))


def spoken(params, name):
    """'padding 2 × 1', 'ceil mode on', 'the view “dL/dw”'."""
    value = getattr(params, name)
    if name == "view":
        return f"the view “{VIEWS.get(value) or value.capitalize()}”"
    if name == "kind":
        return f"{POOLINGS[value].lower()} pooling"
    if name == "operation":
        return panels.OPERATIONS[value].lower()
    if name == "dialect":
        return f"same padding as in {DIALECTS[value]}"
    if name == "padding_mode":
        return f"{value} padding"
    if isinstance(value, bool):
        return f"{_name(params, name)} {'on' if value else 'off'}"
    if name in WORDS:
        return f"the {_name(params, name)} “{WORDS[name][value]}”"
    return f"{_name(params, name)} {written(params, name)}"


def _name(params, name):
    if name == "kernel_size" and isinstance(params, Pooling):
        return "window"
    return NAMES.get(name, name.replace("_", " "))


def written(params, name):
    """3, 2 × 1; of an uneven padding '1, 0, 2, 2 (top, bottom, left, right)'."""
    text = query.kinds(params)[name].write(getattr(params, name))
    if name == "padding" and "," in text:
        return f"{text.replace(',', ', ')} (top, bottom, left, right)"
    return text.replace("x", " × ").replace("-", "−")
