"""Every ready-made state is a link that opens at the state, and the state can be shown."""

import pytest

from convview import query
from convview.exercises import EXERCISES
from convview.params import Gradients, Pooling, Shapes, Slide
from convview.scenes import gradients, pooling, shapes, slide

SHOWN = {
    Slide: lambda params: slide.scene(params).json(),
    Gradients: lambda params: gradients.scene(params).json(),
    Pooling: lambda params: pooling.scene(params).json(),
    Shapes: lambda params: shapes.seen(params).error is None,
}
ROWS = (
    *(f"A{n}" for n in (1, 2, 3, 5, 6, 7, 8)), *(f"B{n}" for n in range(11, 16)),
    "C1", "C2", "C5", "C6", *(f"D{n}" for n in (3, 4, 5)), *(f"E{n}" for n in range(1, 8)),
)  # fmt: skip


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_exercise_is_a_link(exercise):
    page = type(exercise.params)
    link = query.write(exercise.params)
    params, notices = query.read(page, {name: [text] for name, text in link.items()})
    assert (params, notices) == (exercise.params, [])
    assert SHOWN[page](params)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_state(row):
    assert any(exercise.name == row for exercise in EXERCISES)


def test_names_are_told_apart():
    names = [(type(exercise.params), exercise.name) for exercise in EXERCISES]
    assert len(set(names)) == len(names)
