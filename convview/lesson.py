"""What every lesson page does: show its scene, or say kindly why this setting has none."""

from dataclasses import fields, replace
from functools import lru_cache

import streamlit as st

from convcore import ShapeError
from convview import panels, query, stage
from convview.controls import Lesson
from convview.fields import Numbers
from convview.params import DIALECTS, GRADIENT_VIEWS, POOLINGS

MOST_NAMED = 3  # settings in a sentence


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
    if here.has("predict"):
        here.toggle("Predict first", *panels.same("predict"))
    panels.exercises(here)


@st.fragment
def _live(kind, scene, edited):
    """What a slider moves, run by itself: what stands around it is not sent again."""
    here = Lesson(kind, live=True)
    here.notice()
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


def possible(here, show):
    """(what `show` makes of the parameters, False); or of the last good ones, and True.

    Then the rule, the numbers and the repairs stand above it. show : params -> anything, raising
    ShapeError
    """
    try:
        shown = show(here.params)
    except ShapeError as error:
        repaired = repairs(here.params, error, show)
        _refuse(here, error, repaired)
        good = here.last_good or (repaired[0] if repaired else type(here.params)())
        st.caption(_dimmed(here.params, good))
        return show(good), True
    here.keep()
    return shown, False


def _show(here, scene, edited):
    picture, dimmed = possible(here, lambda params: drawn(scene, params))
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


def repairs(params, error, show):
    """Parameters that would work, nearest first and each by changing something else: at most 3."""
    found = {}
    whole = sorted(error.fixes, key=lambda fix: any(isinstance(v, tuple) for v in fix.values()))
    last_resort = {"padding": 0, "kernel_size": 1, "groups": 1, "view": type(params)().view}
    for fix in (*whole, *_nearby(), last_resort):
        if found and fix is last_resort:
            break
        candidate = _fixed(params, fix)
        changed = candidate and frozenset(_changes(params, candidate))
        if not changed or changed in found or len(found) == 3:
            continue
        try:
            show(candidate)
        except ShapeError:
            continue
        found[changed] = candidate
    return list(found.values())


def _fixed(params, fix):
    """The parameters with a fix in the core's words applied; None where they lack such a word."""
    names = {f.name for f in fields(params)}
    values = {{"mode": "padding_mode"}.get(name, name): value for name, value in fix.items()}
    if not set(values) <= names:
        return None
    for name, value in values.items():
        if name == "padding" and not isinstance(value, str):
            pair = value if isinstance(value, tuple) else (value, value)
            sides = [p if isinstance(p, tuple) else (p, p) for p in pair]
            if _is_even(params.padding):  # then so is the fix: as many cells on either side
                sides = [(max(side), max(side)) for side in sides]
            values[name] = tuple(sides)
        elif isinstance(value, int) and isinstance(getattr(params, name), tuple):
            values[name] = (value, value)
    return query.clamp(replace(params, **values))


def _is_even(padding):
    return isinstance(padding, str) or all(before == after for before, after in padding)


def _nearby():
    """Steps towards what always works, for a refusal whose own fix is out of this page's range."""
    yield {"groups": 1}
    yield from ({"padding": p} for p in range(1, 7))
    yield from ({"kernel_size": k} for k in range(6, 0, -1))
    yield {"dilation": 1}
    yield {"output_padding": 0}
    yield {"padding": 0, "padding_mode": "zeros"}


def _refuse(here, error, repaired):
    rule = str(error).partition(": ")[2].rpartition(" Use ")[0] or str(error)
    st.warning(f"This setting is impossible: {rule}")
    with st.container(horizontal=True):
        for number, candidate in enumerate(repaired):
            changes = _changes(here.params, candidate)
            words = " and ".join(changes.values())
            here.button(f"Use {words}", _values(candidate, changes), f"fix {number}")


def _dimmed(params, good):
    """Which setting the dimmed picture shows: what it has other than the impossible one."""
    kinds = query.kinds(good)
    other = [name for name in kinds if getattr(good, name) != getattr(params, name)]
    if len(other) > MOST_NAMED or any(isinstance(kinds[name], Numbers) for name in other):
        return "Dimmed below: another setting of this page, one that works."
    return f"Dimmed below: this setting with {' and '.join(_changes(params, good).values())}."


def _changes(params, candidate):
    """{name: 'padding 1'} of what a candidate changes."""
    kinds = query.kinds(candidate)
    return {
        name: f"{name.replace('_', ' ')} {_spoken(kinds[name].write(getattr(candidate, name)))}"
        for name in kinds
        if getattr(candidate, name) != getattr(params, name)
    }


def _spoken(text):
    return (DIALECTS | GRADIENT_VIEWS | POOLINGS).get(text, text.replace("x", " × "))


def _values(candidate, changes):
    return {name: getattr(candidate, name) for name in changes}
