"""What a page says of its parameters: every sentence of a state, each with its place."""

import re
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from convcore import ShapeError
from convview.linear_network import Training
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from convview.scenes import calculus, filters, gradients, pooling, shapes, slide
from convview.scenes.shapes.view import detail
from tests.sentences import impossible, settings
from tests.sentences.impossible import Impossible

STAGES = {Slide: slide.scene, Gradients: gradients.scene, Pooling: pooling.scene}
OWN = Image.new("L", (40, 30), 90)  # a visitor's picture: flat, as no other is
OF_ONE = re.compile(  # notes on one of several results
    r"(?:(PyTorch and ONNX|PyTorch|TensorFlow|Average): )?(.*)"
)
END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|\d|[−“])")  # between two sentences


@dataclass(frozen=True)
class Said:
    """place : "note", "formula", "caption of input", ...; text : one sentence."""

    place: str
    text: str


@dataclass(frozen=True)
class State:
    """A page with its parameters, and what it made of them.

    made : Scene of a stage, Content of a picture page, Shown of /calculus, Seen of /shapes
    training : of a network that has learned, or None
    """

    params: object
    made: object
    training: object = None

    @property
    def page(self):
        return type(self.params)

    def has(self, name):
        """Whether a stage has a grid of this name."""
        return any(grid.name == name for grid in self.made.grids)

    def grid(self, name):
        """The values (P, R, C) that a stage shows under this name."""
        return self.made.grid(name).values

    @cached_property
    def said(self):
        return tuple(SAYS[self.page](self))


def state(params):
    """The State of these parameters; ShapeError where they are impossible."""
    return State(params, MADE[type(params)](params))


def states(page, count, **fixed):
    """So many possible states of random settings, the rare ones first; `fixed` are as given."""
    if isinstance(page, Impossible):
        yield from impossible.states(page.of, count, MADE[page.of])
        return
    found = 0
    for rare in settings.RARE.get(page, ()):
        try:
            yield state(page(**rare | fixed))
        except ShapeError:
            assert fixed  # a rare setting is a possible one
    if page is Calculus:
        yield from (learned(*one) for one in ((1, 1, 1), (3, 8, 2), (2, 5, 40)))
    for rng in settings.generators():
        try:
            one = state(settings.drawn(page, rng, **fixed))
        except ShapeError:
            continue
        yield one
        found += 1
        if found == count:
            return


def learned(filters, seed, steps):
    """The State of a linear network after so many steps of its training."""
    params, training = Calculus(view="linear", filters=filters, seed=seed), Training(filters, seed)
    for _ in range(steps):
        training.advance(0)
    return State(params, calculus.shown(params, training), training)


def sentences(text):
    """A text, sentence by sentence."""
    return [one for one in END.split(text.strip()) if one]


def _each(place, *texts):
    for text in texts:
        if text:
            yield from (Said(place, one) for one in sentences(text))


def of_stage(scene):
    """What stands around and on a stage."""
    for note in scene.notes:
        of, text = OF_ONE.fullmatch(note).groups()
        yield from _each(f"note on {of}" if of else "note", text)
    for line in scene.formula:
        yield Said("formula", "".join(text for text, _ in line))
    drawn = [name for _, names in scene.columns for name in names]
    for grid in scene.grids:
        if grid.name in drawn:
            yield Said(f"title of {grid.name}", grid.title)
            if grid.note:
                yield Said(f"caption of {grid.name}", grid.note)
    if scene.matrix:
        yield Said("title of matrix", scene.matrix["title"])
        yield Said("caption of matrix", scene.matrix["note"])


def of_panels(panels, notes, table, charts=()):
    yield from _each("note", *notes)
    for panel in panels:
        yield Said(f"title of {panel.name}", panel.title)
        if panel.note:
            yield Said(f"caption of {panel.name}", panel.note)
    for n, row in enumerate(table):
        yield Said("head" if n == 0 else "row", " | ".join(map(str, row)))
    for chart in charts:
        yield Said("chart", chart.title)
        yield from _each("spoken chart", chart.said)
        yield Said("axes", f"{chart.x_title} | {chart.y_title}")
        yield from (Said("curve", name) for name in (*chart.lines, *chart.points))


def _of_filters(state):
    made, params = state.made, state.params
    yield from of_panels(made.panels, made.notes, made.table)
    yield from _each("looked at", filters.said(params, made.answer))
    if filters.writes(made.answer):
        yield from of_stage(filters.closely(params, made.answer))


def _of_calculus(state):
    made, params = state.made, state.params
    yield from of_panels(made.panels, made.notes, made.table, made.charts)
    if params.view == "jacobian":
        yield from of_stage(calculus.scene(params))


def _of_shapes(state):
    found = state.made
    if found.error:
        yield from _each("refusal", shapes.message(found.error))
        fixes = enumerate(shapes.buttons(state.params, found.error))
        yield from (Said(f"fix {n}", label) for n, (label, _) in fixes)
    told = shapes.table(found)
    for n, row in enumerate(told["rows"]):
        amounts = [one["text"] for one in row.get("amounts", ())]
        sees = [f"{name} {text}" for name, text in row.get("sees", {}).items() if text]
        cells = [row["kind"], row.get("output", ""), *amounts, *sees]
        yield Said(f"row of layer {n + 1}", " | ".join(cells))
    yield Said("totals", " | ".join(told["totals"]))
    yield from (Said(f"block {n}", one["text"]) for n, one in enumerate(told["drawing"]))
    if found.at is not None:
        below = detail(found)
        yield Said("title of detail", below["title"])
        yield from _each("detail", *below["sentences"])
        tables = below["map"] and (below["map"]["rows"], below["map"]["cols"])
        if tables and any(not counts for table in tables for _, counts in table):
            yield Said("unit", below["map"]["nothing"])


MADE = {
    **STAGES,
    Filters: lambda params: filters.content(params, OWN if params.picture == "own" else None),
    Calculus: calculus.shown,
    Shapes: shapes.Seen,
}
SAYS = {
    **dict.fromkeys(STAGES, lambda state: of_stage(state.made)),
    Filters: _of_filters,
    Calculus: _of_calculus,
    Shapes: _of_shapes,
}
