"""The controls of the calculus page, its charts, and its live part."""

from dataclasses import dataclass

import streamlit as st

from convview import labels, lesson, panels, query, stage
from convview.controls import Lesson
from convview.linear_network import STEPS, Training
from convview.params import MOST_CLASSES, Calculus
from convview.scenes import calculus
from convview.scenes.panel import packed

SLIDERS = {
    "slope": {"at": "Point x", "halvings": "Step ε"},
    "rebuilt": {"strips": "Strips of the integral"},
    "limit": {"k": "k", "band": "Band around 0"},
    "shift": {"shift": "c, added to all"},
    "linear": {"filters": "Filters"},
    "chain": {"l": "l, inputs", "m": "m", "n": "n", "o": "o, outputs"},
}
OF_CLASSES = ("shift", "pair", "jacobian")  # views with a row of numbers x
TICK, WORK = 0.25, 0.15  # seconds between two looks at a training, and of work at each
SAYS = {
    "halvings": lambda params: labels.label(params.step),
    "shift": lambda params: labels.label(params.shift),
}


def sizes(here):
    """The sliders of the view, as `Lesson.sliders` takes them."""
    view = here.params.view
    rows = [
        panels.row(here, name, label, SAYS.get(name, lambda params: ""))
        for name, label in SLIDERS.get(view, {}).items()
    ]
    if view in OF_CLASSES:
        rows += [_entry(here, n) for n in range(len(here.params.x))]
        rows.append(("Classes", 2, MOST_CLASSES, lambda p: len(p.x), _classes, lambda p: ""))
    return rows


def _entry(here, n):
    """The slider of one number of x."""
    kind = query.kinds(here.params)["x"]

    def change(params, new):
        x = list(params.x)
        x[n:] = [new, *x[n + 1 :]]
        return {"x": tuple(x)}

    return panels.tenths(f"x[{n}]", kind, lambda p: p.x[n], change)


def _classes(params, new):
    return {"x": (*params.x, *[0.0] * MOST_CLASSES)[:new]}


def _training(here):
    """The network of the view that trains one, or None."""
    if here.params.view != "linear":
        return None
    return here.held(Training, here.params.filters, here.params.seed)


@dataclass
class Watch:
    """Whether the live part looks for news by itself."""

    on: bool = False


def _train(here, training):
    """Some steps, if it runs; how far it is; and buttons to start and to stop."""
    if training.running:
        training.advance(WORK)
        training.running = not training.done
    if training.running != here.held(Watch).on:
        st.rerun()
    st.progress(training.steps / STEPS, f"Step {training.steps} of {STEPS}")
    with st.container(horizontal=True):
        if training.running:
            st.button("Stop", on_click=lambda: setattr(training, "running", False))
        elif not training.done:
            words = "Go on" if training.steps else "Train both"
            st.button(words, on_click=lambda: setattr(training, "running", True))
        if training.steps and not training.running:
            st.button("From the beginning", on_click=training.restart)


def apart(here):
    """What the controls outside the live part show: how many sliders there are."""
    return here.params.view, len(here.params.x)


def drawer(here):
    if here.params.view in ("chain", "linear"):
        here.integer("Random seed", *here.range("seed"), *panels.same("seed"))
    panels.exercises(here)


def live():
    """The live part; while a network is trained it looks for news by itself."""
    here = Lesson(Calculus, live=True)
    training = _training(here)
    watch = here.held(Watch)
    watch.on = bool(training and training.running)
    st.fragment(_live, run_every=TICK if watch.on else None)()


def _live():
    """Charts, a stage for the Jacobian, and a table with the numbers."""
    here = Lesson(Calculus, live=True)
    params, training = here.params, _training(here)
    staged = calculus.scene(params).json() if params.view == "jacobian" else ""
    here.notice(staged and (lambda: lesson.steps(staged)))
    if training:
        _train(here, training)
    shown = calculus.shown(params, *([training] if training else []))
    if staged:
        stage.show(
            staged, "calculus stage", ack=here.ack,
            on_edit=here.edits(calculus.edited), present=here.present, play=here.play,
        )  # fmt: skip
    ranges = sizes(here)
    stage.photos(
        packed(shown.panels, shown.notes, shown.table, shown.charts),
        "calculus numbers",
        {"visit": here.play["visit"], "behind": here.behind, "present": here.present},
        sliders=here.positions(ranges),
        on_move=here.moves(ranges),
        ack=here.acted,
        on_act=here.acts(lambda params, act: params),
    )
