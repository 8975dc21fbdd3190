"""Every ready-made state is a link that opens at the state, and the state can be shown."""

import pytest

from convview import query
from convview.exercises import EXERCISES
from convview.scenes import slide
from tests.view.shown import SHOWN

ROWS = (
    *(f"A{n}" for n in (1, 2, 3, 5, 6, 7, 8)), *(f"B{n}" for n in (*range(1, 10), *range(11, 16))),
    *(f"C{n}" for n in (1, 2, 3, 4, 5, 6)), *(f"D{n}" for n in range(1, 6)),
    *(f"E{n}" for n in range(1, 8)),
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


def of(name):
    return slide.scene(next(one.params for one in EXERCISES if one.name == name))


def test_the_numbers_of_the_first_rows():
    first = of("A1")
    assert first.grid("output").values.shape == (1, 4, 5)
    assert "Never read: row 9, left over at the end: (10 + 0 − 3) mod 2 = 1." in first.notes
    assert not any("column" in note for note in first.notes)
    second = of("A2")
    assert second.grid("output").values.shape == (1, 1, 2)
    assert any(note.startswith("Never read: column 4") for note in second.notes)
    formula = "".join(text for text, _ in of("A3").formula[0])
    assert formula == "output size = ⌊(9 + 2·1 − 2·(3 − 1) − 1) / 2⌋ + 1 = 4"
    assert of("A3").grid("output").values.shape == (2, 4, 4)  # C_out is the number of filters
    assert of("E5").grid("output").values.shape == (1, 7, 7)  # one side gets one more
    assert any("odd extra cell after the input" in note for note in of("E5").notes)
