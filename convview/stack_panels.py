"""The controls and words of a stack of layers."""

import streamlit as st

from convview import torch_code
from convview.params import LARGEST_DEPTH, LARGEST_IMAGE, MIDDLE
from convview.scenes import shapes
from convview.stacks import STACKS

OWN = "own"
PASTED = """nn.Sequential(
    nn.Conv2d(3, 32, 8, stride=2, padding=3),
    nn.MaxPool2d(2),
)"""


def choice(here):
    """Which stack of layers, and what goes in."""
    names = {name: one.name for name, one in STACKS.items()}
    preset, *sizes = st.columns([0.46, 0.18, 0.18, 0.18], vertical_alignment="bottom")
    own = {OWN: "Your own"} if _preset(here.params) == OWN else {}
    with preset:
        here.choice("Stack", names | own, _preset, _chosen)
    for place, (label, column) in enumerate(
        zip(("Channels", "Rows", "Columns"), sizes, strict=True)
    ):
        with column:
            high = LARGEST_IMAGE if place else LARGEST_DEPTH
            here.integer(f"{label} in", 1, high, *_size(place))


def _preset(params):
    found = (
        n for n, one in STACKS.items() if (one.layers, one.shape) == (params.layers, params.shape)
    )
    return next(found, OWN)


def _chosen(params, name):
    if name == OWN:
        return {}
    return {"layers": STACKS[name].layers, "shape": STACKS[name].shape, "at": 1, "unit": MIDDLE}


def _size(place):
    def change(params, new):
        shape = list(params.shape)
        shape[place] = new
        return {"shape": tuple(shape)}

    return (lambda p: p.shape[place]), change


def apart(here):
    """What those controls show, for they stand outside of what the table runs."""
    return _preset(here.params), here.params.shape


def refusal(here):
    """Why a number that was typed into the table was not taken; it still stands there."""
    if here.refused:
        st.warning(f"{here.refused[:1].upper()}{here.refused[1:]}.".replace("..", "."))


def mend(here, found):
    """Where a stack stops working, why, and buttons for what would help."""
    number = found.error.layer
    st.warning(f"Layer {number} cannot work: {shapes.message(found.error)}")
    with st.container(horizontal=True):
        for place, (words, layers) in enumerate(shapes.buttons(here.params, found.error)):
            here.button(words, {"layers": layers}, f"mend {place}")


def code(here, found):
    """Layers as text, in both directions."""
    with st.expander("Paste PyTorch layers", key="paste"):
        _paste(here)
    with st.expander("Copy as PyTorch or Keras", key="copy"):
        layers = shapes.filled(found)
        if found.error and layers:
            st.caption(f"Only the layers before layer {found.error.layer}, which cannot work.")
        elif found.error:
            st.caption("No layer: the first cannot work.")
        st.code(torch_code.pytorch(layers), language="python")
        st.code(torch_code.keras(layers, here.params.shape), language="python")


def _paste(here):
    with st.form("paste form", border=False):
        text = st.text_area(
            "Layers, one below the other, or a whole nn.Sequential; read as text, never executed",
            placeholder=PASTED,
            height=160,
        )
        sent = st.form_submit_button("Read")
    if not text.strip():
        return
    try:
        layers = torch_code.parse(text)
        changed = shapes.taken(here.params, layers)
    except torch_code.CodeError as error:
        if sent:
            st.warning(f"Line {error.line}, column {error.column}: {error.rule}.")
            line = [*text.splitlines(), ""][error.line - 1][:200]
            st.code(f"{line}\n{' ' * (error.column - 1)}^", language=None)
    except ValueError as error:
        if sent:
            st.warning(str(error))
    else:
        left = torch_code.left_out(text)
        if left:
            st.caption(shapes.left_out(left, alone=not layers))
        if sent and (layers or not left):
            here.change(layers=changed.layers, at=1, unit=MIDDLE)
            st.rerun()
