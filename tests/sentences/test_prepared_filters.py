"""What the cards and exercises say of the filters page, at the state that each of them opens."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage, signal

from convview import photographs
from convview.exercises import EXERCISES
from convview.lessons import CARDS
from convview.params import Filters
from convview.scenes import filters
from tests.sentences import pictures

PREPARED = {one.text: one.params for one in (*EXERCISES, *CARDS) if type(one.params) is Filters}


def made(params):
    return filters.content(params)


def panels(content):
    return [panel.title for panel in content.panels]


def two_blobs(params):
    """Around each of two points the answer falls as a Gaussian of 5."""
    (y,) = made(params).answer.y
    assert len(params.points) == 2
    at = np.arange(-7, 8)
    near = np.exp(-np.add.outer(at**2, at**2) / 50)
    for row, col in params.points:
        blob = y[row - 7 : row + 8, col - 7 : col + 8]
        np.testing.assert_allclose(blob, near, atol=3e-3)  # the other's tail


def half_a_cell_off(params):
    assert params.blob_window == 50
    (y,) = made(params).answer.y
    assert y.max() < 1
    for row, col in params.points:
        own = y[row - 4 : row + 6, col - 4 : col + 6]  # as far to each side of the half cell
        off = np.array(ndimage.center_of_mass(own)) - 4
        np.testing.assert_allclose(np.abs(off), 0.5, atol=0.01)


def loops_and_the_fast_way(params):
    """Three channels in one sum, beside the fast way; the table's ways give what SciPy gives."""
    content = made(params)
    assert content.answer.x.shape[0] == 3
    (note,) = [note for note in content.notes if note.startswith("Literal loops")]
    assert "3 channels summed" in note
    assert "the fast way there" in note
    off = re.search(r"largest difference (?:≈ )?(\S+)\.$", note)[1]
    assert float(off.replace("−", "-")) < 1e-9
    for x, y in zip(content.answer.x, content.answer.y, strict=True):
        expected = ndimage.correlate(x, pictures.weight(params), mode="nearest")
        np.testing.assert_allclose(y, expected, atol=1e-9)


def edges_and_half_a_line(params):
    """Dark left of bright is positive; a thin line of 0 and 1 gives half of what an edge does."""
    w = pictures.weight(params)
    edge, line = np.zeros((2, 15, 15))
    edge[:, 8:], line[:, 7] = 1, 1
    answers = [signal.correlate2d(x, w, "valid") for x in (edge, line, edge.T)]
    assert answers[0].max() > 0 == answers[0].min()
    assert np.abs(answers[1]).max() == answers[0].max() / 2
    assert np.abs(answers[2]).max() < 1e-12
    rows = {row[0]: row[1:] for row in made(params).table}
    assert rows["Vertical edge"][1] == "100 %"
    assert rows["Thin vertical line"][1] == "50 %"


def edges_up_to_its_height(params):
    """An edge of n rows gives n, up to 15; of a lower filter less."""
    for height in (5, params.window):
        w = np.array([[-1.0, 1.0]] * height)
        if height == params.window:
            np.testing.assert_array_equal(made(params).answer.weight, w)
        for rows in range(1, 20):
            edge = np.zeros((60, 30))
            edge[20 : 20 + rows, 15:] = 1
            assert ndimage.correlate(edge, w)[:, 5:25].max() == min(rows, height)
    assert params.window == 15


def four_maps(params):
    """Across and down with both signs, how steep, which way; of the photograph."""
    content = made(params)
    assert params.picture in photographs.PHOTOGRAPHS
    names = ["Sobel x", "Sobel y", "Magnitude √(x² + y²)", "Direction"]
    assert panels(content)[1:5] == names
    for name in ("sobel_x", "sobel_y"):
        y = ndimage.correlate(content.answer.x[0], pictures.named(name, 1, 1, 0), mode="nearest")
        levels = content.panel("output" if name == "sobel_x" else "other").planes[0]
        assert y.min() < 0 < y.max()
        np.testing.assert_array_equal(np.sign(levels.astype(int) - 128), np.sign(y))


def one_of_5(params):
    """By SciPy's own Gaussians, away from the border, and by the note of the page."""
    content = made(params)
    x = content.answer.x[0]
    twice = ndimage.gaussian_filter(ndimage.gaussian_filter(x, 3, radius=20), 4, radius=20)
    once = ndimage.gaussian_filter(x, 5, radius=20)
    apart = np.abs(twice - once)[40:-40, 40:-40].max()
    assert 0 < apart < 1e-4 * once.max()
    (note,) = [note for note in content.notes if "no padding" in note]
    share = float(re.search(r"≈ (\S+) % of the largest", note)[1])
    assert share == pytest.approx(100 * apart / max(twice.max(), once.max()), rel=0.01)


def every_point_becomes_the_window(params):
    """A click more is a blob more."""
    more = filters.acted(params, {"act": "point", "row": 7, "col": 9})
    for one in (params, more):
        expected = pictures.stamped(one, one.blob_window)
        np.testing.assert_allclose(made(one).answer.y[0], expected, atol=1e-12)
    assert (7, 9) in more.points
    assert made(params).panels[0].act == "point"


def scored(params):
    rows = " ".join(row[0] for row in made(params).table)
    for name in ("Vertical edge", "Horizontal edge", "Diagonal edge", "line", "Corner", "Flat"):
        assert name in rows
    edit = {"grid": "kernel", "plane": 0, "row": 0, "col": 0}
    changed = filters.edited(params, edit, 5.0)
    assert made(changed).table != made(params).table


CLAIMS = {
    "Two points, one convolution: two Gaussian blobs of sigma 5": two_blobs,
    "An even window of 50: the blobs lie half a cell off, and no cell is 1 high": half_a_cell_off,
    "Convolution of red, green and blue as nested loops, beside the fast one: the same numbers": (
        loops_and_the_fast_way
    ),
    "A filter for vertical edges, dark beside bright; a thin line answers half as strongly": (
        edges_and_half_a_line
    ),
    "The higher the filter, the longer the edge that counts in full: up to 15 rows": (
        edges_up_to_its_height
    ),
    "Edges of a photograph: across, down, how steep, which way": four_maps,
    "A Gaussian of 3 and then one of 4 is one of 5, to 0.01 % away from the border": one_of_5,
    "One convolution turns every point into the window: click to add points.": (
        every_point_becomes_the_window
    ),
    "Sobel across and down: both signs, how steep, which way.": four_maps,
    "Your own numbers, scored against edges, a line, a corner, a flat field.": scored,
}


@pytest.mark.parametrize("text", PREPARED)
def test_what_is_said_of_it_holds(text):
    assert text in CLAIMS, "a claim without a check"
    CLAIMS[text](PREPARED[text])


def test_no_check_without_a_claim():
    assert set(CLAIMS) == set(PREPARED)


@pytest.mark.parametrize(
    ("text", "change"),
    [("Two points, one convolution: two Gaussian blobs of sigma 5", {"blob_sigma": 6.0}),
     ("An even window of 50: the blobs lie half a cell off, and no cell is 1 high",
      {"blob_window": 51}),
     ("Convolution of red, green and blue as nested loops, beside the fast one: the same numbers",
      {"colour": False}),
     ("A filter for vertical edges, dark beside bright; a thin line answers half as strongly",
      {"weight": (((1.0, -1.0),),)}),
     ("The higher the filter, the longer the edge that counts in full: up to 15 rows",
      {"window": 14}),
     ("Edges of a photograph: across, down, how steep, which way", {"pair": "scharr"}),
     ("A Gaussian of 3 and then one of 4 is one of 5, to 0.01 % away from the border",
      {"other_sigma": 5.1})],
)  # fmt: skip
def test_another_setting_is_found_out(text, change):
    with pytest.raises((AssertionError, ValueError)):
        CLAIMS[text](replace(PREPARED[text], **change))
