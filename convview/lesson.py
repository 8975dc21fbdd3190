"""What every lesson page does: show its scene, or say kindly why this setting has none."""

import json
from functools import lru_cache

import streamlit as st

from convcore import ShapeError
from convview import panels, refusals, stage
from convview.controls import Lesson
from convview.params import PREDICTED


def page(kind, title, views, scene, edited):
    """A lesson on a stage: its title and views, the sliders, the stage, and other controls.

    kind : dataclass of settings; views : {name: what is shown}
    scene : params -> Scene, raising ShapeError where the setting is impossible
    edited : (params, edit, value) -> params with one number changed
    """
    laid_out(
        kind, title, views, panels.sizes, lambda: _live(kind, scene, edited), _drawer, panels.apart
    )


def laid_out(kind, title, views, sliders, live, drawer, apart):
    """A lesson: its title and views, sliders, a live part, and the drawer of other controls.

    sliders : here -> what `Lesson.sliders` takes; live : draws the live part, a fragment
    drawer : here -> None; apart : here -> what the controls outside the live part show
    """
    here = Lesson(kind)
    with st.container(key="docked"), st.container(key="lesson"):
        with here.place("heading"), st.container(horizontal=True, vertical_alignment="center"):
            st.title(title, anchor=False)
            here.segments("View", views, *panels.same("view"))
        with here.place("sliders"):
            here.sliders(sliders(here))
        with here.place("picture"):
            live()
        with here.place("drawer"):
            drawer(here)
        here.shows(apart(here))
        _pen(kind, apart)


def _drawer(here):
    panels.presets(here)
    if here.has("loss"):
        panels.loss(here)
    if here.has("kind"):
        panels.pooling(here)
    panels.more(here)
    if here.has("predict") and here.params.view in PREDICTED:
        here.toggle("Predict first", *panels.same("predict"))
    panels.exercises(here)


@st.fragment
def _live(kind, scene, edited):
    """What a slider moves, run by itself: what stands around it is not sent again."""
    here = Lesson(kind, live=True)
    _show(here, scene, edited)


@st.fragment
def _pen(kind, apart):
    """What follows once a slider or an edit has come to rest: the address, the other controls."""
    here = Lesson(kind, live=True)
    stage.pen(f"{here.name} pen", here.rest)
    here.settle(apart(here))


@lru_cache(maxsize=256)
def drawn(scene, params):
    """A scene as it is sent. In a class all move the same sliders: who is second finds it ready."""
    return scene(params).json()


def steps(picture):
    """How many steps the stage takes through a scene, as it is sent: the cells of its first way."""
    data = json.loads(picture)
    lead = data["sweeps"][0]["steps"]
    (grid,) = (grid for grid in data["grids"] if grid["name"] == lead)
    return len(grid["planes"]) * len(grid["rows"]["names"]) * len(grid["cols"]["names"])


def possible(here, show, steps=None):
    """(what `show` makes of the parameters, False); or of the last good ones, and True.

    Then the rule, the numbers and the repairs stand above it, and before them what was mended of
    the link. show : params -> anything, raising ShapeError; steps : how many of the stage that has
    """
    try:
        shown = show(here.params)
    except ShapeError as error:
        refused = refusals.refused(here.params, error, show, here.last_good)
        good = show(refused.good)
        here.notice(steps and (lambda: steps(good)))
        _say(here, refused)
        return good, True
    here.keep()
    here.notice(steps and (lambda: steps(shown)))
    return shown, False


def _show(here, scene, edited):
    picture, dimmed = possible(here, lambda params: drawn(scene, params), steps)
    ranges = panels.sizes(here)
    stage.show(
        picture,
        f"{here.name} stage",
        sliders=here.positions(ranges),
        on_move=here.moves(ranges),
        ack=here.ack,
        on_edit=here.edits(edited),
        behind=here.behind,
        dimmed=dimmed,
        present=here.present,
        play=here.play,
    )


def _say(here, refused):
    st.warning(refused.warning)
    with st.container(horizontal=True):
        for number, (label, values) in enumerate(refused.buttons):
            here.button(label, values, f"fix {number}")
    st.caption(refused.caption)
