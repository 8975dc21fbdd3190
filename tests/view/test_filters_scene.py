"""The filters page: answers beside SciPy's, blobs, directions, designs, costs, one cell."""

import re
import sys
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage, signal

from convcore import ShapeError
from convview import filters as named
from convview import photographs, query, theme
from convview.params import FILTER_VIEWS, LARGEST_KERNEL, MOST_POINTS, Filters
from convview.scenes import filters, slide

SCIPY = {"replicate": "nearest", "zeros": "constant", "reflect": "mirror", "circular": "wrap"}


def shown(**settings):
    return filters.content(Filters(**settings))


@pytest.mark.parametrize("name", named.NAMES)
def test_every_filter_answers_as_scipy_does(name):
    found = shown(view="filter", filter=name, window=7, sigma=1.7, angle=30).answer
    expected = ndimage.correlate(found.x[0], found.weight, mode="nearest")
    assert expected.min() < 0 or found.weight.min() >= 0  # signs are kept
    np.testing.assert_allclose(found.y[0], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("mode", SCIPY)
@pytest.mark.parametrize("window", [4, 7])
def test_every_border_and_even_windows(mode, window):
    found = shown(view="filter", filter="gaussian", window=window, padding_mode=mode).answer
    expected = ndimage.correlate(found.x[0], found.weight, mode=SCIPY[mode])
    np.testing.assert_allclose(found.y[0], expected, rtol=0, atol=1e-6)


def test_colours_are_filtered_each_by_itself():
    found = shown(view="filter", filter="sobel_x", colour=True).answer
    assert found.y.shape[0] == 3
    for x, y in zip(found.x, found.y, strict=True):
        np.testing.assert_allclose(y, ndimage.correlate(x, found.weight, mode="nearest"), atol=1e-6)


def test_the_blobs_of_the_exercise():
    profile = signal.windows.gaussian(51, 5)
    found = shown().answer
    expected = signal.convolve2d(found.x[0], np.outer(profile, profile), mode="same")
    np.testing.assert_allclose(found.y[0], expected, atol=1e-12)
    assert [peak[:2] for peak in filters.peaks(found.y[0])] == [
        ((20, 20), (40, 40)), ((40, 40), (20, 20)),
    ]  # fmt: skip
    assert all(abs(height - 1) < 1e-6 for *_, height, _ in filters.peaks(found.y[0]))


def test_an_even_window_is_half_a_cell_off():
    content = shown(blob_window=50)
    peaks = filters.peaks(content.answer.y[0])
    assert [peak[:2] for peak in peaks] == [((20, 21), (40, 41)), ((40, 41), (20, 21))]
    assert [round(height, 3) for *_, height, _ in peaks] == [0.990, 0.990]
    assert any("all 0.990 high" in note for note in content.notes)
    assert any("[20, 40], 1.000 high; [40, 20], 1.000 high" in note for note in content.notes)


def test_points_are_put_and_taken():
    params = filters.acted(Filters(), {"act": "point", "row": 3, "col": 4, "plane": 0})
    assert params.points == ((20, 40), (40, 20), (3, 4))
    params = filters.acted(params, {"act": "point", "row": 20, "col": 40, "plane": 0})
    assert params.points == ((40, 20), (3, 4))
    none = filters.content(Filters(points=()))
    assert filters.peaks(none.answer.y[0]) == []
    assert query.write(Filters(points=()))["points"] == "-"


def test_a_map_is_signed_and_centred():
    content = shown(view="filter", filter="sobel_x")
    y = content.answer.y[0]
    assert y.min() < 0 < y.max()
    levels = content.panel("output").planes[0]
    np.testing.assert_array_equal(levels, theme.level(y, np.abs(y).max()))
    assert (levels[y == 0] == theme.ZERO).all()


def test_what_keeps_the_brightness_is_a_picture_and_is_not_cut_off():
    content = shown(view="filter", filter="unsharp_5")
    panel, y = content.panel("output"), content.answer.y[0]
    assert panel.kind == "grey"
    assert panel.note.startswith("black is ")
    assert y.min() < 0
    assert y.max() > 255
    assert len(np.unique(panel.planes)) > 200  # the ends of the scale are those of the answer
    assert (panel.planes == 0).sum() < 10


def test_direction_and_magnitude():
    content = shown(view="edges", picture="steps")
    x = content.answer.x[0]
    across = ndimage.correlate(x, np.array(named.named("sobel_x")), mode="nearest")
    down = ndimage.correlate(x, np.array(named.named("sobel_y")), mode="nearest")
    steep = np.hypot(across, down)
    np.testing.assert_array_equal(
        content.panel("magnitude").planes[0], theme.level(steep, steep.max())
    )
    direction = content.panel("direction").planes
    assert (direction[:, steep <= 0.05 * steep.max()] == 128).all()
    same = direction.reshape(3, -1)[:, (steep > 0.05 * steep.max()).ravel()]
    angles = np.arctan2(down, across)[steep > 0.05 * steep.max()]
    right, left = same[:, np.abs(angles) < 0.01], same[:, np.abs(np.abs(angles) - np.pi) < 0.01]
    assert (right == right[:, :1]).all()
    assert (left == left[:, :1]).all()
    assert (right[:, 0] != left[:, 0]).any()


def test_a_flat_picture_has_no_direction():
    flat = Image.new("L", (40, 30), 90)
    content = filters.content(Filters(view="edges", picture="own"), flat)
    assert (content.panel("direction").planes == 128).all()
    assert (content.panel("output").planes == theme.ZERO).all()


def test_two_blurs_are_one():
    content = shown(
        view="compare", filter="gaussian", other="gaussian", window=41, sigma=3.0, then_sigma=4.0,
        other_sigma=5.0, side=512,
    )  # fmt: skip
    note = next(note for note in content.notes if "from the border" in note)
    share = float(re.search(r"≈ (\S+) % of", note)[1].replace("\u2212", "-"))
    assert share < 0.1  # percent
    canvas = photographs.canvas(((25, 25),))
    by = [named.gaussian(41, sigma, 0) for sigma in (3.0, 4.0, 5.0)]
    twice = filters.answer(filters.answer(canvas, by[0], "zeros").y, by[1], "zeros").y
    once = filters.answer(canvas, by[2], "zeros").y
    assert np.abs(twice - once)[:, 20:30, 20:30].max() < 1e-5


def test_a_design_is_scored():
    rows = {name: (answer, share) for name, answer, share in list(filters.scores(DESIGN))[1:]}
    assert rows["Vertical edge"] == ("6", "100 %")
    assert rows["Horizontal edge"] == ("0", "0 %")
    assert rows["Thin vertical line"] == ("±3", "50 %")
    assert rows["Flat"] == ("0", "0 %")


DESIGN = np.tile([-1.0, -1.0, 1.0, 1.0], (3, 1))


def test_what_can_be_done_to_a_design():
    params = Filters(view="design", weight=(((1.0, 2.0), (3.0, 4.0)),))
    weight = filters.weight_of(params)
    done = {
        "Flip left and right": np.fliplr, "Flip up and down": np.flipud, "Rotate by 90°": np.rot90,
        "Transpose": np.transpose, "Change the sign": np.negative,
    }  # fmt: skip
    assert set(done) == set(filters.TURNS)
    for name, expected in done.items():
        turned = filters.weight_of(filters.turned(params, name))
        np.testing.assert_array_equal(turned, expected(weight))
    assert filters.weight_of(filters.turned(params, "Normalise")).sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="sums to 0"):
        filters.turned(Filters(view="design"), "Normalise")
    grown = filters.weight_of(filters.resized(params, 3, 1))
    np.testing.assert_array_equal(grown, [[1], [3], [0]])
    edit = {"grid": "kernel", "plane": 0, "row": 1, "col": 0}
    assert filters.weight_of(filters.edited(params, edit, 9.0))[1, 0] == 9
    assert filters.edited(params, edit | {"row": 7}, 9.0) == params
    edited = filters.edited(Filters(view="filter", filter="sobel_x"), edit, 9.0)
    assert edited.view == "design"
    np.testing.assert_array_equal(filters.weight_of(edited), [[-1, 0, 1], [9, 0, 2], [-1, 0, 1]])


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("name", ["sobel_x", "gaussian", "gabor", "roberts_up"])
def test_costs_are_counted(name, colour):
    content = shown(view="cost", filter=name, window=9, colour=colour)
    found = content.answer
    channels, height, width = found.y.shape
    tall, wide = found.weight.shape
    heads, *rows = content.table
    assert len(heads) == 3
    assert rows[0][1] == f"{channels * height * width * tall * wide:,}"
    separable = np.linalg.matrix_rank(found.weight) == 1
    assert (rows[3][1] == "not possible here") is not separable
    if separable:
        assert rows[3][1] == f"{channels * height * width * (tall + wide):,}"
    assert sum("the core's choice" in row[0] for row in rows) == 1
    (loops,) = [note for note in content.notes if note.startswith("Literal loops")]
    outputs, cells = re.search(r"first (\d+) × \1 cells.*: ([\d,]+) mult", loops).groups()
    half = -(-int(outputs) // 2)  # of its rows and columns, with stride 2
    assert int(cells.replace(",", "")) == half**2 * tall * wide * channels
    assert float(loops.rstrip(".").rsplit(" ", 1)[1].replace("\u2212", "-")) < 1e-9


@pytest.mark.parametrize("mode", ["replicate", "zeros", "reflect", "circular"])
@pytest.mark.parametrize("look", [(-1, -1), (0, 0), (255, 217), (3, 100)])
def test_the_window_that_is_looked_at_adds_up(mode, look):
    params = Filters(view="filter", filter="log", window=6, padding_mode=mode, look=look)
    found = filters.content(params).answer
    scene = filters.closely(params, found)
    window, kernel, output = (scene.grid(name).values for name in ("input", "kernel", "output"))
    assert (window * kernel).sum() == pytest.approx(output[0, 0, 0], abs=1e-9)
    _, row, col = filters.place(params, found)
    assert found.y[0, row, col] == output[0, 0, 0]
    assert scene.json()


@pytest.mark.parametrize("look", [(0, 0), (255, 217), (100, 100)])
def test_a_patch_shows_the_same_numbers_on_the_slide_page(look):
    params = Filters(view="filter", filter="sobel_x", look=look)
    found = filters.content(params).answer
    patch, step = filters.patch(params, found)
    link = {name: [text] for name, text in query.write(patch).items()}
    assert query.read(type(patch), link) == (patch, [])
    y = slide.scene(patch).grid("output").values[0]
    row, col = look
    assert y.ravel()[step] == found.y[0, row, col]
    nearby = found.y[0, max(0, row - 20) : row + 20, max(0, col - 20) : col + 20].ravel()
    assert np.isin(y[2:-2, 2:-2], nearby).all()
    assert filters.patch(Filters(), filters.content(Filters()).answer) is None


def test_large_pictures_are_shown_in_blocks_that_lose_no_edge():
    content = shown(view="filter", filter="sobel_x", picture="lines", side=1500)
    panel, y = content.panel("output"), content.answer.y[0]
    assert panel.step == 3
    assert panel.planes.shape == (1, 500, 500)
    most = np.abs(y).max()
    strongest = np.abs(y).reshape(500, 3, 500, 3).max((1, 3))
    np.testing.assert_array_equal(
        np.abs(panel.planes[0].astype(int) - theme.ZERO),
        np.abs(theme.level(strongest, most).astype(int) - theme.ZERO),
    )
    assert "3 × 3 cells each" in panel.note


@pytest.mark.parametrize("view", FILTER_VIEWS)
@pytest.mark.parametrize("picture", photographs.TITLES)
def test_what_is_sent_is_what_is_shown(view, picture):
    content = shown(view=view, picture=picture, side=40)
    sent = content.packed()
    raw = sent if sent[0] == 0 else zlib.decompress(sent)
    start = 4 + int.from_bytes(raw[:4], "big")
    assert len(raw) - start == sum(panel.planes.size for panel in content.panels)
    for panel in content.panels:
        part = raw[start : start + panel.planes.size]
        assert part == panel.planes.tobytes()
        start += len(part)


def test_a_picture_too_small_for_its_border_is_refused():
    with pytest.raises(ShapeError, match="reflect"):
        shown(view="filter", filter="box", window=61, padding_mode="reflect", side=16)


def test_a_filter_is_edited_only_where_the_page_can_hold_it():
    for window in (LARGEST_KERNEL, LARGEST_KERNEL + 1):
        params = Filters(view="filter", filter="box", window=window)
        found = filters.content(params).answer
        editable = filters.closely(params, found).grid("kernel").editable
        assert editable is (window <= LARGEST_KERNEL)


@pytest.mark.parametrize("view", ["filter", "edges"])
def test_a_large_photograph_takes_little_memory_and_gives_it_back(view):
    rng = np.random.default_rng(0)
    own = Image.fromarray(rng.integers(0, 256, (2000, 2000, 3), dtype=np.uint8))
    params = Filters(view=view, picture="own", side=2000, colour=True, filter="log", window=31)
    filters.content(params, own).packed()  # what is loaded once
    tracemalloc.start()
    content = filters.content(params, own)
    assert content.packed()
    _, peak = tracemalloc.get_traced_memory()
    del content
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150e6
    assert left < 1e6


def test_spots_that_touch_at_a_corner_are_not_called_full():
    notes = shown(points=((20, 20), (21, 21)), blob_window=1).notes
    assert notes[1] == "Window 1: peak at rows 20 to 21, columns 20 to 21, up to 1.000 high."


@pytest.mark.parametrize("pair", named.PAIRS)
def test_the_gradient_at_a_cell_is_said_in_full(pair):
    params = Filters(view="edges", pair=pair, look=(100, 120))
    content = filters.content(params)
    x, y = (
        float(ndimage.correlate(content.answer.x[0], named.named(name), mode="nearest")[100, 120])
        for name in named.PAIRS[pair]
    )
    words = filters.said(params, content.answer).replace("\u2212", "-")
    found = [float(n) for n in re.findall(r"-?\d+\.?\d*", words)[2:6]]
    expected = [x, y, np.hypot(x, y), np.degrees(np.arctan2(y, x))]
    np.testing.assert_allclose(found, expected, rtol=5e-3)


def test_blobs_that_run_together_are_said_to():
    wide = shown(blob_window=101, blob_sigma=14.8)
    assert "2 points, 1 peak: " in wide.notes[3]
    assert not any("run together" in note for note in shown().notes)


def test_whole_numbers_that_cancel_leave_nothing():
    params = Filters(view="filter", filter="edge_2", window=61, look=(0, 0))
    found = filters.content(params).answer
    assert abs(found.y[0, 0, 0]) < 1e-9
    assert "at [0, 0]: 0, the sum" in filters.said(params, found)


def test_what_is_looked_at_says_whose_answer_it_is():
    params = Filters(view="compare", filter="gaussian", window=41, then_sigma=4.0)
    content = filters.content(params)
    assert content.panel("output").act == ""
    assert "first filter's answer, before the Gaussian" in filters.said(params, content.answer)
    params = Filters(view="filter", filter="sobel_x", colour=True, look=(3, 4), channel=1)
    scene = filters.closely(params, filters.content(params).answer)
    assert scene.grid("output").note == "at [3, 4]"
    assert scene.grid("input").note == "around [3, 4], green"


def test_the_border_that_padding_reaches():
    settings = {"view": "compare", "filter": "gaussian", "window": 9, "then_sigma": 1.0}
    found = {}
    for mode in ("zeros", "replicate"):
        content = shown(**settings, padding_mode=mode)
        blur = named.gaussian(9, 1.0, 0)
        found[mode] = filters.answer(content.answer.y, blur, mode).y[0]
        assert any("At least 8 cells from the border" in note for note in content.notes)
    same = found["zeros"] == found["replicate"]
    np.testing.assert_allclose(found["zeros"][8:-8, 8:-8], found["replicate"][8:-8, 8:-8])
    assert not same[7].all()


def test_why_a_thin_filter_goes_through_spectra():
    notes = shown(view="cost", filter="edge_2", window=61).notes
    assert "its smaller side, 2, is less than 7" in notes[0]


@pytest.mark.parametrize("quick", ["fft", "shifts"])
def test_a_choice_that_is_slower_says_so(quick, monkeypatch):
    """Where the table has a smaller number, and only there."""

    def measured(calls):
        return 5, {name: 0.001 if name == quick else 0.0025 for name in calls}

    monkeypatch.setattr(sys.modules["convview.scenes.filters.cost"], "_measured", measured)
    content = shown(view="cost", filter="sobel_x")
    (chosen,) = [row for row in content.table if "(the core's choice)" in row[0]]
    assert chosen[0].startswith("Direct: whole rows shifted")
    assert chosen[2] == ("1" if quick == "shifts" else "2.5")
    said = [note for note in content.notes if "another way is quicker" in note]
    assert len(said) == (quick == "fft")
    assert all("“By spectra (FFT), in tiles”: 1 ms, the core's choice 2.5 ms" in n for n in said)


def test_measuring_warms_up_takes_turns_and_ends():
    clock, order = [0.0], []
    costs = {"slow": [0.5, 0.04, 0.05, 0.04], "quick": [0.3, 0.02, 0.001, 0.001]}

    def call(name):
        order.append(name)
        clock[0] += costs[name][min(order.count(name) - 1, 3)]

    cost = sys.modules["convview.scenes.filters.cost"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cost, "perf_counter", lambda: clock[0])
        rounds, took = cost._measured({name: lambda name=name: call(name) for name in costs})
    assert order == ["slow", "quick"] * (1 + rounds)
    assert rounds == 3  # three at least; then the budget is used up
    assert took == {"slow": pytest.approx(0.04), "quick": pytest.approx(0.001)}


@pytest.mark.parametrize(
    ("window", "sigma", "share", "rest", "usual"),
    [(5, 20.0, "≈ 99.5 % of its largest weight, a box in all but name", "≈ 99 %", 161),
     (15, 4.0, "≈ 21.6 % of its largest weight;", "≈ 11.7 %", 33),
     (33, 4.0, "less than 0.1 % of its largest weight;", "less than 0.1 %", 33)],
)  # fmt: skip
def test_how_much_of_a_gaussian_its_window_cuts_off(window, sigma, share, rest, usual):
    """Near to 1 − erf(w / 2√2 σ)², which is 11.8 % of 15 cells of sigma 4."""
    settings = [
        {"view": "filter", "filter": "gaussian", "window": window, "sigma": sigma},
        {"view": "filter", "filter": "log", "window": window, "sigma": sigma},
        {"blob_window": window, "blob_sigma": sigma},
    ]
    for setting in settings:
        notes = " ".join(shown(**setting).notes)
        assert f", window {window}, σ {sigma}: in the middle of" in notes
        assert share in notes
        assert f"; {rest} of its sum lies beyond the window and is cut off, " in notes
        assert notes.count(f"+ 1 = {usual} cells.") == 1


def test_equal_answers_are_counted_and_the_first_is_looked_at():
    params = Filters(view="filter", filter="sobel_x", picture="checker", side=64)
    found = filters.content(params).answer
    most = np.argwhere(np.abs(found.y) == np.abs(found.y).max())
    assert filters.place(params, found) == tuple(most[0])
    assert f"the first of {len(most)} equally strong answers" in filters.said(params, found)
    assert len(most) > 1


def test_a_corner_is_scored_at_its_point_too():
    rows = {name: (answer, share) for name, answer, share in list(filters.scores(DESIGN))[1:]}
    assert rows["Corner"] == ("6", "100 %")
    assert rows["Corner, windows with the corner point inside"] == ("4", "≈ 66.7 %")
    assert not any("point" in row[0] for row in filters.scores(np.array([[-1.0, 1.0]])))


def test_a_full_canvas_says_so():
    full = tuple(divmod(n, 7) for n in range(MOST_POINTS))
    assert not any("as many as" in note for note in shown(points=full[1:]).notes)
    assert any("60 points are as many as" in note for note in shown(points=full).notes)


def test_a_patch_that_would_wrap_round_itself_is_not_offered():
    for look, offered in (((128, 0), False), ((128, 100), True)):
        params = Filters(view="filter", filter="sobel_x", padding_mode="circular", look=look)
        found = filters.content(params).answer
        assert (filters.patch(params, found) is not None) is offered


def test_lines_along_the_axes_are_straight():
    x = photographs.picture("lines", 256, False)[0]
    bright = x > 100
    assert bright[128, 150:220].all()
    assert bright[128, 20:100].all()
    assert not bright[127, 20:90].any()


@pytest.mark.parametrize("name", ["log", "gabor"])
def test_rounding_is_no_colour(name):
    flat = Image.new("L", (40, 30), 230)
    params = Filters(view="filter", filter=name, window=9, picture="own")
    levels = filters.content(params, flat).panel("output").planes
    assert np.abs(levels.astype(int) - theme.ZERO).max() <= 1
