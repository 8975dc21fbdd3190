"""The stage: one browser component for every lesson, and its mount in a Streamlit page.

The component's files lie in `browser/` and are served once, as files: Streamlit sends inline code
again with every message. It looks for such files only in installed packages; Convscope runs from
its checkout, so the mount declares the folder itself. Streamlit's version is pinned, and
tests/view/test_stage.py holds it to what is used here.
"""

import json
import struct
import zlib
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from convview.packing import packed

PACKAGE = "convscope"
COMPONENTS = ("stage", "sliders", "pen", "nav", "layers", "photos", "answer")
STAGE, SLIDERS, PEN, NAVIGATION, LAYERS, PHOTOS, ANSWER = (
    f"{PACKAGE}.{name}" for name in COMPONENTS
)
HERE = Path(__file__).parent


def show(scene, key, *, ack=0, on_edit=None, sliders=None, on_move=None, behind=0,
         dimmed=False, present=False, play=None, small=False):  # fmt: skip
    """Put a scene on the stage of this page.

    Parameters
    ----------
    scene : str
        What `Scene.json` wrote.
    key : str
        Constant for a stage: with it, new data reach the same stage, which keeps its step.
    ack : int
        Number of the last edit that the scene contains.
    on_edit : callable, optional
        Called with a list of {"id", "grid", "plane", "row", "col", "text"} when cells were edited.
    sliders : dict, optional
        Where the page's sliders stand: {"of": their name, "ack": number of the last moves that are
        in the scene, "values": {label: value}, "says": {label: what stands there instead}}.
    on_move : callable, optional
        Called with a number and {label: value} when those sliders were moved.
    behind : int
        Not 0 where the address does not say yet what the scene shows: the page's `pen` is to write
        it, and is told this number.
    dimmed : bool
        Show the scene as what was last right, while something else is being explained.
    present : bool
        Sizes for a projector, and a presenter's keys wherever the focus is.
    play : dict, optional
        Where to start: {"visit", "step", "speed", "loop"}; it counts where `visit` is a new one.
    small : bool
        A stage beside other things: lower, and without a place in the address.
    """
    state = {
        "ack": ack,
        "sliders": sliders,
        "behind": behind,
        "dimmed": dimmed,
        "present": present,
        "play": play,
        "small": small,
    }
    data = _with(scene, state)

    def edited():
        if on_edit:
            on_edit(st.session_state[key].edit["edits"])

    def moved():
        moves = st.session_state[key].moves
        if on_move and moves:
            on_move(moves["count"], moves["values"])

    return _mount(STAGE, js="stage.js", css="stage.css")(
        key=key, data=data, on_edit_change=edited, on_moves_change=moved
    )


def _with(text, state):
    """A JSON object with more entries, as it is sent."""
    return _packed(f"{text[:-1]},{json.dumps(state)[1:]}")


def _packed(text):
    """Bytes, for Streamlit looks into everything else for tables; compressed if many."""
    return packed(text.encode())


def sliders(name, ranges, key):
    """Put sliders of whole numbers into this page, all drawn together; a stage speaks for them.

    name : what the stage calls them by
    ranges : [(label, low, high), ...] from top to bottom
    """
    _mount(SLIDERS, js="sliders.js", css="sliders.css")(
        key=key, data={"of": name, "ranges": [list(one) for one in ranges]}
    )


def pen(key, on_rest):
    """Mount what tells Python that a stage has come to rest; nothing of it is seen.

    on_rest : callable
        Called with {"behind", "step", "speed", "loop"}, of the latter what differs from the usual,
        some time after a scene that was sent as `behind`.
    """

    def rested():
        on_rest(st.session_state[key].rest)

    _mount(PEN, js="pen.js")(key=key, on_rest_change=rested)


def navigation(pages, here):
    """Mount links to all pages; pages : [(path, title)], here : path of the one that is shown."""
    data = {"pages": [{"path": path, "title": title} for path, title in pages], "here": here}
    files = {"js": "nav.js", "css": "nav.css", "isolate_styles": False}
    _mount(NAVIGATION, **files)(key="navigation", data=data)


def layers(table, key, *, ack, refused, on_act, visit, behind):
    """Put an editable table of layers into this page, and below it one of them looked at closely.

    table : JSON of what convview.scenes.shapes.written says
    ack : number of the last act that the table contains; refused : the acts that were not taken
    on_act : called with a list of {"id", "act", ...} when something was done to it
    visit : how often a link was followed to here; what nobody has answered ends with it
    behind : as for `show`
    """

    data = _with(table, {"ack": ack, "refused": refused, "visit": visit, "behind": behind})
    _mount(LAYERS, js="layers.js", css="layers.css")(
        key=key, data=data, on_acts_change=_acted(key, on_act)
    )


def photos(panels, key, state, *, sliders, on_move, ack, on_act):
    """Put charts, pictures and maps into this page; they speak for its sliders, as a stage does.

    panels : bytes of convview.scenes.panel.packed
    state : {"visit", "behind"}, "present" for sizes of a projector, and, where a cell can be looked
        at, {"look": that cell (plane, row, column), "window": along rows and columns (first, last)
        cell that it reads, counted from its own place, "said": a sentence about it, "dimmed"}
    sliders, on_move : as for `show`
    ack, on_act : as for `layers`
    """

    def moved():
        moves = st.session_state[key].moves
        if moves:
            on_move(moves["count"], moves["values"])

    told = state | {"rev": zlib.crc32(panels), "sliders": sliders, "ack": ack}
    head = json.dumps(told).encode()
    _mount(PHOTOS, js="photos.js", css="photos.css")(
        key=key,
        data=struct.pack(">I", len(head)) + head + panels,
        on_acts_change=_acted(key, on_act),
        on_moves_change=moved,
    )


def answer(of, held, board, key, *, ack, on_act, visit):
    """Put cells for an answer into this page, with a button that sends it.

    of : which question; what is filled in stays as long as it is this one
    held : what had been answered before, as convview.practice.answers reads it, or ""
    board : rows of words, cells to be marked; () for a matrix of cells to be typed
    ack, on_act, visit : as for `layers`; the act says {"of", "text"}
    """

    told = {"of": of, "held": held, "board": board or None, "ack": ack, "visit": visit}
    _mount(ANSWER, js="answer.js", css="answer.css")(
        key=key, data=told, on_acts_change=_acted(key, on_act)
    )


def _acted(key, on_act):
    """What a component calls with its acts."""
    return lambda: on_act(st.session_state[key].acts["acts"])


def _mount(name, **options):
    """What puts a component into the page."""
    return _component(get_bidi_component_manager(), name, **options)


@lru_cache(maxsize=2 * len(COMPONENTS))
def _component(manager, name, **options):
    """Once for each server: declaring a component looks for its files."""
    if manager.get_component_asset_root(STAGE) is None:
        components = [ComponentConfig(one, "browser") for one in COMPONENTS]
        manager.register_from_manifest(ComponentManifest(PACKAGE, "1", components), HERE)
    return st.components.v2.component(name, **options)
