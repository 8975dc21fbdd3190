"""Groups of controls that several pages share, for parameters named as on the slide page."""

from dataclasses import replace

import streamlit as st

from convcore import ShapeError
from convview import labels, query
from convview.controls import TENTHS
from convview.exercises import EXERCISES
from convview.fields import Real
from convview.params import BOUNDARIES, DIALECTS, LARGEST, LARGEST_CHANNELS, POOLINGS
from convview.scenes import layer

PICTURE_NAMES = {
    "digit": "Digit",
    "face": "Face",
    "edge": "Edge",
    "ramp": "Ramp 1, 2, 3 …",
    "impulse": "Impulse",
    "checker": "Checker",
    "random": "Random",
    "signed": "Random, both signs",
    "photo": "Photograph",
}
KERNEL_NAMES = {
    "sobel_x": "Sobel, vertical edges",
    "sobel_y": "Sobel, horizontal edges",
    "prewitt_x": "Prewitt, vertical edges",
    "laplacian": "Laplacian",
    "sharpen": "Sharpen",
    "emboss": "Emboss",
    "mean": "Mean",
    "gaussian": "Gaussian (binomial)",
    "identity": "Identity",
    "shift": "Shift: a 1 at the right",
    "ones": "Ones",
    "counting": "Counting 1, 2, 3 …",
    "random": "Random",
}
PADDINGS = {"numbers": "Numbers", "valid": "Valid", "same": "Same", "full": "Full"}
DRAWER = "more"
TYPED = "typed by hand"


def is_row(params):
    """Whether the layer is one-dimensional: an input and a kernel of one row."""
    return params.size[0] == params.kernel_size[0] == 1


def both(name):
    """Reader and writer of a (rows, columns) parameter that one slider sets for both axes.

    In one dimension it sets the columns alone.
    """

    def change(params, new):
        rows = getattr(params, name)[0] if is_row(params) else new
        return {name: (rows, new)}

    return (lambda p: getattr(p, name)[is_row(p)]), change


def one(name, axis):
    """Reader and writer of one axis of a (rows, columns) parameter."""

    def change(params, new):
        pair = list(getattr(params, name))
        pair[axis] = new
        return {name: tuple(pair)}

    return (lambda p: getattr(p, name)[axis]), change


def same(name):
    """Reader and writer of a parameter that a control shows as it is."""
    return (lambda p: getattr(p, name)), (lambda p, new: {name: new})


def row(here, name, label, say=lambda params: ""):
    """The slider of a whole number, or of tenths of a number with one digit behind the point."""
    kind = query.kinds(here.params)[name]
    if not isinstance(kind, Real):
        return (label, *here.range(name), *same(name), say)
    return tenths(
        label, kind, lambda params: getattr(params, name), lambda params, new: {name: new}
    )


def tenths(label, kind, get, change):
    """The slider of tenths for `get(params)`, a `Real` or one of some `Reals`."""
    return (
        label, round(10 * kind.low), round(10 * kind.high),
        lambda params: round(10 * get(params)), lambda params, new: change(params, new / 10),
        lambda params: f"{get(params):.1f}".replace("-", labels.MINUS), TENTHS,
    )  # fmt: skip


def sizes(here):
    """The sliders of input, kernel, stride, padding and dilation, for both axes at once."""
    labels = {
        "size": "Input size",
        "kernel_size": "Kernel size" if here.has("kernel") else "Window",
        "stride": "Stride",
        "padding": "Padding",
        "dilation": "Dilation (1 = dense)",
    }
    ranges = []
    for name, label in labels.items():
        ways = (*both(name), _pair(name))
        if name == "padding":
            ways = (_padding, _change_padding, _say_padding)
        ranges.append((label, *here.range(name), *ways))
    return ranges


def presets(here):
    """Which picture, which kernel; a chosen one replaces what was typed."""
    picture = lambda p: p.picture if p.x is None else TYPED  # noqa: E731
    pictures = PICTURE_NAMES | ({TYPED: "Typed by hand"} if here.params.x else {})
    here.choice(
        "Picture", pictures, picture,
        lambda p, new: {} if new == TYPED else {"picture": new, "x": None},
    )  # fmt: skip
    if here.has("kernel"):
        _kernels(here)


def _kernels(here):
    names = KERNEL_NAMES | ({TYPED: "Typed by hand"} if here.params.weight else {})
    here.choice(
        "Kernel", names, lambda p: p.kernel if p.weight is None else TYPED,
        lambda p, new: {} if new == TYPED else {"kernel": new, "weight": None},
    )  # fmt: skip


def pooling(here):
    """Max or average, and how each counts."""
    here.segments("Pooling", POOLINGS, *same("kind"))
    here.toggle("Ceil mode", *same("ceil_mode"))
    if here.params.kind == "average":
        here.toggle("Divisor counts padding", *same("count_include_pad"))


OPERATIONS = {"correlation": "Cross-correlation", "convolution": "Convolution (flip)"}
LOSS_NAMES = {
    "upstream": "dL/dy given, by hand",
    "sum": "Sum of y",
    "squares": "Half the squared error",
    "cell": "One output cell",
}


def loss(here):
    """What L is; one of its cells, where it is one."""
    here.choice("Loss L", LOSS_NAMES, *same("loss"))
    if here.params.loss == "cell":
        last = last_cell(here.params)
        for axis, (column, word) in enumerate(zip(st.columns(2), ("row", "column"), strict=True)):
            get, change = one("cell", axis)
            with column:
                here.integer(
                    f"Cell {word}", 0, last[axis],
                    lambda params, get=get, most=last[axis]: min(get(params), most), change,
                )  # fmt: skip


def last_cell(params):
    """Row and column of the last cell of y; of an impossible setting the largest there can be."""
    try:
        return tuple(size - 1 for size in layer.layer(params).y.shape[1:])
    except ShapeError:
        return LARGEST, LARGEST


PHOTOGRAPHS = ("photo", "hopper")  # among the pictures of the stages and of /filters


def exercises(here):
    """The ready-made states of this page, each a button that sets everything."""
    own = [one for one in EXERCISES if isinstance(one.params, type(here.params))]
    photographs = any(getattr(one.params, "picture", "") in PHOTOGRAPHS for one in own)
    label = "Exercises, photographs" if photographs else "Exercises"
    drawer = st.expander(label, key="exercises", on_change="rerun")
    if not drawer.open:
        return
    with drawer:
        for exercise in own:
            here.button(
                f"**{exercise.name}** {exercise.text}", vars(exercise.params), exercise.name,
                type="tertiary",
            )  # fmt: skip


SLIDERS = ("size", "kernel_size", "stride", "padding", "dilation")


def apart(here):
    """What the controls outside the sliders show: while the drawer is open, everything."""
    if st.session_state.get(DRAWER):
        return here.params
    typed = {name: bool(getattr(here.params, name)) for name in ("x", "weight") if here.has(name)}
    last = last_cell(here.params) if getattr(here.params, "loss", "") == "cell" else None
    return replace(here.params, **{name: None for name in SLIDERS}, **typed), last


def more(here):
    """Everything else, made only while it is open: a closed drawer costs a slider nothing."""
    drawer = st.expander("More", key=DRAWER, on_change="rerun")
    if drawer.open:
        with drawer:
            _more(here)


def _more(here):
    """Axes apart, padding per side, dialects, flip, channels."""
    if here.has("operation"):
        here.segments("Operation", OPERATIONS, *same("operation"))
        here.segments("Padding given as", PADDINGS, _form, _change_form)
    if here.params.padding == "same":
        here.choice("Odd extra cell as in", DIALECTS, *same("dialect"))
    if here.has("padding_mode"):
        here.choice("Padding holds", {word: word for word in BOUNDARIES}, *same("padding_mode"))
    here.toggle("One row (1-D)", is_row, _change_row)
    st.caption("Rows and columns apart")
    apart = {
        "size": "Input",
        "kernel_size": "Kernel" if here.has("kernel") else "Window",
        "stride": "Stride",
        "dilation": "Dilation",
        "output_padding": "Output padding",
    }
    for name, label in apart.items():
        if not here.has(name):
            continue
        rows, cols = st.columns(2)
        with rows:
            here.integer(f"{label} rows", *here.range(name), *one(name, 0))
        with cols:
            here.integer(f"{label} columns", *here.range(name), *one(name, 1))
    if here.params.padding not in PADDINGS:
        for axis, sides in enumerate((("top", "bottom"), ("left", "right"))):
            for side, column in enumerate(st.columns(2)):
                with column:
                    here.integer(
                        f"Padding {sides[side]}", *here.range("padding"), *_side(axis, side)
                    )
    st.caption("Channels")
    here.slider("Channels in", 1, LARGEST_CHANNELS, *same("in_channels"))
    if here.has("kernel"):
        here.slider("Filters out", 1, LARGEST_CHANNELS, *same("out_channels"))
        here.slider("Groups", 1, LARGEST_CHANNELS, *same("groups"))
    if here.has("bias"):
        here.toggle("Bias", lambda p: p.bias is not None, _change_bias)
    if here.has("cell_filter") and here.params.loss == "cell" and here.params.out_channels > 1:
        last = here.params.out_channels - 1
        here.integer(
            "Filter of the cell", 0, last, lambda params: min(params.cell_filter, last),
            lambda params, new: {"cell_filter": new},
        )  # fmt: skip
    here.integer("Random seed", 0, 9999, *same("seed"))


def _pair(name):
    """Says both numbers where rows and columns differ."""

    def say(params):
        rows, cols = getattr(params, name)
        return "" if rows == cols or is_row(params) else f"{rows} × {cols}"

    return say


def _say_padding(params):
    """A word, or how many cells on each side where they are not as many; "" where they are."""
    if isinstance(params.padding, str):
        return params.padding
    (top, bottom), (left, right) = params.padding
    sides = {"top": top, "bottom": bottom, "left": left, "right": right}
    if is_row(params) and top == bottom == 0:
        sides = {"left": left, "right": right}
    if len(set(sides.values())) == 1:
        return ""
    return ", ".join(f"{side}\N{NO-BREAK SPACE}{cells}" for side, cells in sides.items())


def _padding(params):
    return 0 if isinstance(params.padding, str) else params.padding[is_row(params)][0]


def _change_padding(params, new):
    return {"padding": ((0, 0) if is_row(params) else (new, new), (new, new))}


def _change_row(params, wanted):
    """To one row and back; what a row is for the columns stays."""
    pairs = ("size", "kernel_size", "stride", "dilation")
    values = {name: getattr(params, name)[1] for name in pairs}
    changed = {name: (1 if wanted else value, value) for name, value in values.items()}
    if not isinstance(params.padding, str):
        sides = params.padding[1]
        changed["padding"] = ((0, 0) if wanted else sides, sides)
    return changed


def _form(params):
    return params.padding if isinstance(params.padding, str) else "numbers"


def _change_form(params, word):
    return {"padding": ((0, 0), (0, 0)) if word == "numbers" else word}


def _side(axis, side):
    def change(params, new):
        sides = [list(pair) for pair in params.padding]
        sides[axis][side] = new
        return {"padding": tuple(tuple(pair) for pair in sides)}

    return (lambda p: p.padding[axis][side]), change


def _change_bias(params, wanted):
    """One number for each filter, each another; they are edited on the stage."""
    return {"bias": (((1.0, -1.0, 2.0),),) if wanted else None}
