"""Cards and exercises of /filters, by NumPy and SciPy."""

import re

import numpy as np
from scipy import ndimage, signal

from convview import photographs
from convview.scenes import filters
from tests.sentences import pictures
from tests.sentences.prepared import Prepared, same, says


def answer(at):
    return at.made.answer.y


def noted(at, part):
    """The one note that holds this."""
    (note,) = [note for note in at.made.notes if part in note]
    return note


@says("Two points, one convolution: two Gaussian blobs of sigma 5", but=[{"blob_sigma": 6.0}])
def two_blobs(at):
    """Around each of two points the answer falls as a Gaussian of 5."""
    if at.view != "blobs" or len(at.params.points) != 2:
        return False
    places = np.arange(-7, 8)
    near = np.exp(-np.add.outer(places**2, places**2) / 50)
    blobs = [answer(at)[0, row - 7 : row + 8, col - 7 : col + 8] for row, col in at.params.points]
    return all(np.allclose(blob, near, atol=3e-3) for blob in blobs)  # the other's tail


@says("C3, even", "An even window of 50: the blobs lie half a cell off, and no cell is 1 high",
      but=[{"blob_window": 51}])  # fmt: skip
def half_a_cell_off(at):
    if at.view != "blobs" or at.params.blob_window != 50:
        return False
    (y,) = answer(at)
    for row, col in at.params.points:
        own = y[row - 4 : row + 6, col - 4 : col + 6]  # as far to each side of the half cell
        off = np.array(ndimage.center_of_mass(own)) - 4
        if not np.allclose(np.abs(off), 0.5, atol=0.01):
            return False
    return y.max() < 1


@says("Convolution of red, green and blue as nested loops, beside the fast one: the same numbers",
      but=[{"colour": False}])  # fmt: skip
def loops_and_the_fast_way(at):
    """Three channels in one sum, beside the fast way; the table's ways give what SciPy gives."""
    if at.view != "cost" or at.made.answer.x.shape[0] != 3:
        return False
    note = noted(at, "Literal loops")
    off = re.search(r"their answers: (?:≈ )?(\S+)\.$", note)[1]
    w = pictures.weight(at.params)
    expected = [ndimage.correlate(x, w, mode="nearest") for x in at.made.answer.x]
    return (
        "3 channels summed" in note
        and "the fast way there" in note
        and float(off.replace("−", "-")) < 1e-9
        and same(answer(at), expected)
    )


@says("A filter for vertical edges, dark beside bright; a thin line answers half as strongly",
      but=[{"weight": (((1.0, -1.0),),)}])  # fmt: skip
def edges_and_half_a_line(at):
    """Dark left of bright is positive; a thin line of 0 and 1 gives half of what an edge does."""
    if at.view != "design":
        return False
    w = pictures.weight(at.params)
    edge, line = np.zeros((2, 15, 15))
    edge[:, 8:], line[:, 7] = 1, 1
    rises, thin, across = (signal.correlate2d(x, w, "valid") for x in (edge, line, edge.T))
    rows = {row[0]: row[1:] for row in at.made.table}
    return (
        rises.max() > 0 == rises.min()
        and np.abs(thin).max() == rises.max() / 2
        and np.abs(across).max() < 1e-12
        and (rows["Vertical edge"][1], rows["Thin vertical line"][1]) == ("100 %", "50 %")
    )


@says("D2, height",
      "The higher the filter, the longer the edge that counts in full: up to 15 rows",
      but=[{"window": 14}, {"filter": "box"}])  # fmt: skip
def edges_up_to_its_height(at):
    """An edge of n rows gives n, up to 15; of a lower filter less."""
    shown = at.made.answer.weight if at.view == "filter" else None
    for height in (5, 15):
        w = np.array([[-1.0, 1.0]] * height)
        for rows in range(1, 20):
            edge = np.zeros((60, 30))
            edge[20 : 20 + rows, 15:] = 1
            if ndimage.correlate(edge, w)[:, 5:25].max() != min(rows, height):
                return False
    return np.array_equal(shown, w)


@says("Edges of a photograph", "Edges of a photograph: across, down, how steep, which way",
      "Sobel across and down: both signs, how steep, which way.", "Sobel",
      but=[{"pair": "scharr"}, {"picture": "steps"}])  # fmt: skip
def four_maps(at):
    """Across and down with both signs, how steep, which way; of the photograph."""
    titles = [panel.title for panel in at.made.panels]
    names = ["Gx: Sobel x", "Gy: Sobel y", "Magnitude √(Gx² + Gy²)", "Direction"]
    if at.params.picture not in photographs.PHOTOGRAPHS or titles[1:5] != names:
        return False
    for name, panel in (("sobel_x", "output"), ("sobel_y", "other")):
        w = pictures.named(name, 1, 1, 0)
        y = ndimage.correlate(at.made.answer.x[0], w, mode="nearest")
        levels = at.made.panel(panel).planes[0].astype(int) - 128
        if not y.min() < 0 < y.max() or not np.array_equal(np.sign(levels), np.sign(y)):
            return False
    return True


@says("Two blurs", "A Gaussian of 3 and then one of 4 is one of 5, to 0.01 % away from the border",
      but=[{"other_sigma": 5.1}])  # fmt: skip
def one_of_5(at):
    """By SciPy's own Gaussians, away from the border, and by the note of the page."""
    p = at.params
    if at.view != "compare" or (p.sigma, p.then_sigma, p.other_sigma) != (3, 4, 5):
        return False
    x = at.made.answer.x[0]
    twice = ndimage.gaussian_filter(ndimage.gaussian_filter(x, 3, radius=20), 4, radius=20)
    once = ndimage.gaussian_filter(x, 5, radius=20)
    off = np.abs(twice - once)[40:-40, 40:-40].max()
    share = float(re.search(r"≈ (\S+) % of .+, the largest of", noted(at, "no padding"))[1])
    right = 100 * off / max(twice.max(), once.max())
    return 0 < off < 1e-4 * once.max() and np.isclose(share, right, rtol=0.01)


@says(
    "Points become blobs", "One convolution turns every point into the window: click to add points."
)
def every_point_becomes_the_window(at):
    """A click more is a blob more."""
    if at.made.panels[0].act != "point":
        return False
    more = Prepared(filters.acted(at.params, {"act": "point", "row": 7, "col": 9}))
    return (7, 9) in more.params.points and all(
        same(answer(one), pictures.stamped(one.params, one.params.blob_window)[None])
        for one in (at, more)
    )


@says("Design a filter", "Your own numbers, scored against edges, a line, a corner, a flat field.")
def scored(at):
    if at.view != "design":
        return False
    rows = " ".join(row[0] for row in at.made.table)
    names = ("Vertical edge", "Horizontal edge", "Diagonal edge", "line", "Corner", "Flat")
    edit = {"grid": "kernel", "plane": 0, "row": 0, "col": 0}
    changed = Prepared(filters.edited(at.params, edit, 5.0))
    return all(name in rows for name in names) and changed.made.table != at.made.table
