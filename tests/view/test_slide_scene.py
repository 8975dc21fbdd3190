"""The scene of the slide page says what `convcore` says, in plain data that JSON can carry."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from convcore import ShapeError, conv2d, conv2d_matrix, coverage, pad2d
from convview import refusals
from convview.params import Slide
from convview.pictures import PICTURES
from convview.scenes import layer, slide
from convview.weights import WEIGHTS, weights
from tests.view.test_query import slides

EVEN = ((1, 1), (1, 1))


def notes(**settings):
    return slide.scene(Slide(**settings)).notes


@given(slides(largest=24))
def test_every_setting_is_drawn_or_refused_with_a_reason(params):
    try:
        data = slide.scene(params).data()
    except ShapeError:
        return
    json.dumps(data, allow_nan=False)
    sweep, grids = data["sweeps"][0], {grid["name"]: grid for grid in data["grids"]}
    padded = len(grids["input"]["rows"]["names"]), len(grids["input"]["cols"]["names"])
    assert max(max(taps) for taps in sweep["rows"]) < padded[0]
    assert max(max(taps) for taps in sweep["cols"]) < padded[1]
    assert min(min(taps) for taps in sweep["rows"] + sweep["cols"]) >= 0


@given(slides(largest=8))
def test_the_taps_of_a_scene_add_up_to_its_output(params):
    try:
        scene = slide.scene(replace(params, x=None, weight=None, bias=None, view="sliding"))
    except ShapeError:
        return
    x, w, y = (scene.grid(name).values for name in ("input", "kernel", "output"))
    sweep = scene.sweeps[0]
    rows, cols = np.array(sweep.rows), np.array(sweep.cols)
    kernels = w[:, sweep.weight_rows][:, :, sweep.weight_cols]
    for f, pairs in enumerate(sweep.pairs):
        windows = [x[c][rows[:, None, :, None], cols[None, :, None, :]] for c, _ in pairs]
        products = [win * kernels[k] for win, (_, k) in zip(windows, pairs, strict=True)]
        total = sum(product.sum((2, 3)) for product in products)
        np.testing.assert_allclose(y[f], total, rtol=1e-9, atol=1e-9)


def test_channels_add_up_with_the_bias():
    scene = slide.scene(Slide(in_channels=3, out_channels=2, picture="photo", bias=(((1, -1),),)))
    parts = scene.grid("partial").values.reshape(2, 3, 5, 5)
    y = scene.grid("output").values
    np.testing.assert_allclose(parts.sum(1) + np.array([[[1]], [[-1]]]), y)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_padding_cells_hold_what_the_mode_says(mode):
    params = Slide(picture="random", padding=((2, 1), (0, 3)), padding_mode=mode)
    shown = slide.scene(params).grid("input").values
    np.testing.assert_array_equal(shown, pad2d(layer.input_of(params), params.padding, mode))


def test_a_convolution_slides_the_turned_kernel():
    params = Slide(picture="impulse", kernel="counting", padding=EVEN, size=(3, 3))
    upright = slide.scene(replace(params, operation="convolution")).grid("output").values[0]
    turned = slide.scene(params).grid("output").values[0]
    assert upright.ravel().tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert turned.ravel().tolist() == [9, 8, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("dialect", "shown"),
    [
        ("tensorflow", [321, 543, 65]),
        ("onnx_upper", [321, 543, 65]),
        ("onnx_lower", [210, 432, 654]),
    ],
)
def test_same_with_a_stride_follows_the_dialect(dialect, shown):
    params = Slide(
        x=(((1, 2, 3, 4, 5, 6),),), weight=(((1, 10, 100),),), size=(1, 6), kernel_size=(1, 3),
        stride=(1, 2), padding="same", dialect=dialect,
    )  # fmt: skip
    assert slide.scene(params).grid("output").values.ravel().tolist() == shown


@pytest.mark.parametrize(
    ("dialect", "sides"),
    [("pytorch", (1, 2)), ("onnx_lower", (2, 1)), ("scipy", (2, 1)), ("opencv", (2, 1))],
)
def test_an_even_kernel_has_its_extra_cell_where_the_dialect_puts_it(dialect, sides):
    params = Slide(kernel_size=(4, 4), padding="same", dialect=dialect)
    assert layer.padding_of(params) == (sides, sides)


def test_a_last_row_that_is_never_read_is_named_with_its_remainder():
    settings = {"size": (10, 11), "stride": (2, 2)}
    said = "Never read: row 9, left over at the end: (10 + 0 − 3) mod 2 = 1."
    assert notes(**settings)[0] == said
    scene = slide.scene(Slide(**settings, view="coverage"))
    assert scene.grid("output").values.shape == (1, 4, 5)
    assert scene.grid("coverage").rows.marks == {9: "leftover"}
    assert scene.grid("coverage").cols.marks == {}


def test_leftover_padding_loses_no_pixel():
    said = notes(size=(6, 6), stride=(2, 2), padding=EVEN)
    assert (
        said[0] == "1 padding row at the end left over: (6 + 2 − 3) mod 2 = 1; no pixel is in it."
    )


def test_holes_and_gaps_are_told_apart():
    holes = notes(size=(7, 7), stride=(2, 2), dilation=(2, 2), padding=EVEN)
    assert "rows 0, 2, 4 and 6, between the taps of the dilated kernel" in holes[0]
    gaps = notes(size=(8, 8), stride=(3, 3), kernel_size=(2, 2))
    assert "rows 2 and 5, in a gap between two windows" in gaps[0]


@pytest.mark.parametrize("mode", ["zeros", "circular"])
def test_coverage_counts_windows(mode):
    params = Slide(size=(6, 5), stride=(2, 1), padding=EVEN, view="coverage", padding_mode=mode)
    shown = slide.scene(params).grid("coverage").values[0]
    if mode == "zeros":
        real = coverage((6, 5), (3, 3), (2, 1), 1)
        np.testing.assert_array_equal(shown[1:-1, 1:-1], real)
        return
    # A window that reads a copy reads the cell that was copied: push an indicator through.
    for h in range(6):
        for w in range(5):
            one = np.zeros((1, 6, 5))
            one[0, h, w] = 1
            reads = conv2d(pad2d(one, 1, mode), np.ones((1, 1, 3, 3)), stride=(2, 1))
            assert shown[h + 1, w + 1] == (reads > 0).sum()


@given(slides(largest=6))
def test_the_matrix_is_the_one_of_the_core(params):
    params = replace(params, view="matrix", padding_mode="zeros", bias=None)
    try:
        scene = slide.scene(params)
    except ShapeError:
        return
    matrix, sweep = scene.matrix, scene.sweeps[0]
    w = scene.grid("kernel").values
    built = np.zeros((matrix["height"], matrix["width"]))
    y_at, x_at = matrix["rows"], matrix["columns"]
    for f, pairs in enumerate(sweep.pairs):
        for i, taps_h in enumerate(sweep.rows):
            for j, taps_w in enumerate(sweep.cols):
                row = y_at["planes"][f] + y_at["rows"][i] + y_at["cols"][j]
                for c, k in pairs:
                    for u, h in enumerate(taps_h):
                        for v, col in enumerate(taps_w):
                            r, q = x_at["rows"][h], x_at["cols"][col]
                            if r is not None and q is not None:
                                built[row, x_at["planes"][c] + r + q] = w[
                                    k, sweep.weight_rows[u], sweep.weight_cols[v]
                                ]
    weight = layer.weight_of(params)
    if params.operation == "convolution":
        weight = weight[:, :, ::-1, ::-1]
    shape = (params.in_channels, *params.size)
    expected = conv2d_matrix(
        weight, shape, params.stride, layer.padding_of(params), params.dilation, params.groups
    )
    np.testing.assert_array_equal(built, expected)


def test_a_matrix_too_large_to_read_is_refused_with_a_way_on():
    large = Slide(size=(40, 40), view="matrix")
    with pytest.raises(ShapeError) as refusal:
        slide.scene(large)
    repaired = refusals.repairs(large, refusal.value, slide.scene)
    assert repaired == [replace(large, size=(16, 16)), replace(large, view="sliding")]


def test_an_edited_number_stands_and_the_rest_stays():
    params = Slide(picture="ramp", size=(2, 3))
    changed = slide.edited(params, {"grid": "input", "plane": 0, "row": 1, "col": 2}, -7.5)
    assert changed.x == (((1, 2, 3), (4, 5, -7.5)),)
    changed = slide.edited(changed, {"grid": "kernel", "plane": 0, "row": 0, "col": 0}, 4)
    assert layer.weight_of(changed)[0, 0, 0].tolist() == [4, 0, 1]
    assert changed.x[0][1][2] == -7.5


def test_typed_numbers_that_are_cut_come_back():
    typed = Slide(x=(((1.0, 2.0), (3.0, 4.0)),), size=(3, 3))
    assert layer.input_of(typed)[0].tolist() == [[1, 2, 0], [3, 4, 0], [0, 0, 0]]
    assert layer.input_of(replace(typed, size=(1, 1)))[0].tolist() == [[1]]
    assert layer.input_of(replace(typed, size=(2, 2)))[0].tolist() == [[1, 2], [3, 4]]


def test_rounded_numbers_are_not_called_equal():
    def rounded(kernel):
        return slide.scene(Slide(kernel=kernel)).grid("kernel").data()["rounded"]

    assert rounded("sobel_x") == []
    assert rounded("mean") == [0]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 1, 9), (3, 64, 64), (1, 16, 5)])
def test_every_picture_has_every_shape(name, shape):
    picture = PICTURES[name](*shape, seed=3)
    assert picture.shape == shape
    assert np.isfinite(picture).all()
    assert (picture == np.round(picture)).all()


@pytest.mark.parametrize("name", WEIGHTS)
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 3), (1, 7), (4, 5)])
def test_every_kernel_has_every_shape(name, size):
    w = weights(name, 2, 3, *size, seed=3)
    assert w.shape == (2, 3, *size)
    assert np.isfinite(w).all()


def test_named_kernels_are_those_of_the_core():
    from convcore import KERNELS

    for name, theirs in {
        "sobel_x": "sobel_x", "sobel_y": "sobel_y", "prewitt_x": "prewitt_x",
        "laplacian": "laplacian_4", "sharpen": "sharpen", "mean": "box_3", "emboss": "emboss",
        "gaussian": "gaussian_3", "identity": "identity", "counting": "one_to_nine",
    }.items():  # fmt: skip
        ours, core = WEIGHTS[name](3, 3, 0), np.asarray(KERNELS[theirs])
        scale = core.sum() if name in ("mean", "gaussian") else 1
        np.testing.assert_allclose(ours, core / scale, err_msg=name)


def test_filters_and_channels_are_told_apart():
    w = weights("counting", 3, 3, 3, 3, seed=0).reshape(9, -1)
    assert len({tuple(row) for row in w.tolist()}) == 9


def test_an_edit_keeps_the_numbers_that_a_smaller_size_cuts_off():
    typed = Slide(x=(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (7.0, 8.0, 9.0)),), size=(2, 2))
    edit = {"grid": "input", "plane": 0, "row": 1, "col": 1}
    assert slide.edited(typed, edit, -5.0).x == (((1, 2, 3), (4, -5, 6), (7, 8, 9)),)
    larger = slide.edited(replace(typed, size=(2, 4)), {**edit, "col": 3}, -4.0)
    assert larger.x == (((1, 2, 3, 0), (4, 5, 6, -4), (7, 8, 9, 0)),)


def test_a_refusal_speaks_of_the_input_and_not_of_its_padded_copy():
    with pytest.raises(ShapeError, match=r"padded input has 5 \(input 3, padding 1 \+ 1\)"):
        slide.scene(Slide(size=(3, 3), kernel_size=(7, 7), padding=EVEN, padding_mode="reflect"))
