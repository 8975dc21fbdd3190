"""The stage: one browser component for every lesson, and its mount in a Streamlit page.

The component's files lie in `browser/` and are served once, as files: Streamlit sends inline code
again with every message. It looks for such files only in installed packages; Convscope runs from
its checkout, so the mount declares the folder itself. Streamlit's version is pinned, and
tests/view/test_stage.py holds it to what is used here.
"""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

NAME = "convscope.stage"
HERE = Path(__file__).parent


def show(
    scene, key, *, ack=0, on_edit=None, on_rest=None, behind=False,
    dimmed=False, present=False, play=None, small=False,
):  # fmt: skip
    """Put a scene on the stage of this page.

    Parameters
    ----------
    scene : Scene
    key : str
        Constant for a stage: with it, new data reach the same stage, which keeps its step.
    ack : int
        Number of the last edit that the scene contains.
    on_edit : callable, optional
        Called with a list of {"id", "grid", "plane", "row", "col", "text"} when cells were edited.
    on_rest : callable, optional
        Called with {"step", "speed", "loop"} some time after a scene that was sent as `behind`.
    behind : bool
        Whether `on_rest` is wanted: the address does not say yet what the scene shows.
    dimmed : bool
        Show the scene as what was last right, while something else is being explained.
    present : bool
        Sizes for a projector, and a presenter's keys wherever the focus is.
    play : dict, optional
        Where a new stage starts: {"step", "speed", "loop"}.
    small : bool
        A stage beside other things: lower, and without a place in the address.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        package, component = NAME.split(".")
        manager.register_from_manifest(
            ComponentManifest(package, "1", [ComponentConfig(component, "browser")]), HERE
        )
    data = {
        **scene.data(),
        "ack": ack,
        "behind": behind,
        "dimmed": dimmed,
        "present": present,
        "play": play,
        "small": small,
    }

    def edited():
        on_edit(st.session_state[key].edit["edits"])

    def rested():
        on_rest(st.session_state[key].rest)

    mount = st.components.v2.component(NAME, js="stage.js", css="stage.css")
    return mount(
        key=key,
        data=data,
        on_edit_change=edited if on_edit else _ignore,
        on_rest_change=rested if on_rest else _ignore,
    )


def _ignore():
    """An event that this page has no use for."""
