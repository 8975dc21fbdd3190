"""The pooling page's scenes: every number from the core, and the numbers of the exercises."""

import re
from dataclasses import replace

import numpy as np
import pytest

from convcore import (
    ShapeError,
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from convview import refusals
from convview.exercises import EXERCISES
from convview.params import POOLING_VIEWS, POOLINGS, Pooling
from convview.scenes import layer, pooling
from convview.scenes.pooling.backward import upstream_of

SETTINGS = [
    Pooling(),
    Pooling(size=(7, 5), kernel_size=(3, 2), stride=(2, 1), in_channels=2),
    Pooling(size=(7, 7), kernel_size=(3, 3), padding=((1, 1), (1, 0)), ceil_mode=True),
    Pooling(size=(5, 8), kernel_size=(2, 3), stride=(3, 3), ceil_mode=True, in_channels=3),
    Pooling(size=(4, 4), kernel_size=(4, 4), stride=(1, 1), padding=((2, 2), (2, 2))),
    Pooling(
        size=(6, 6), kernel_size=(3, 3), stride=(2, 2), padding=((1, 1), (1, 1)),
        count_include_pad=False, ceil_mode=True,
    ),
    Pooling(size=(1, 6), kernel_size=(1, 3), stride=(1, 2), picture="checker"),  # ties
]  # fmt: skip
each_setting = pytest.mark.parametrize("params", SETTINGS, ids=range(len(SETTINGS)))
each_kind = pytest.mark.parametrize("kind", POOLINGS)


def forward(params, x):
    """Written out here again: not by the scene's own way to the core."""
    window = params.kernel_size, params.stride, params.padding
    if params.kind == "max":
        return max_pool2d(x, *window, params.dilation, params.ceil_mode)
    return avg_pool2d(x, *window, params.ceil_mode, params.count_include_pad)


def backward(params, x, g):
    window = params.kernel_size, params.stride, params.padding
    if params.kind == "max":
        return max_pool2d_backward(g, x, *window, params.dilation, params.ceil_mode)
    return avg_pool2d_backward(g, x, *window, params.ceil_mode, params.count_include_pad)


def inside(params, values):
    (top, _), (left, _) = params.padding
    rows, cols = params.size
    return values[:, top : top + rows, left : left + cols]


@each_kind
@each_setting
def test_the_output_is_that_of_the_core(params, kind):
    params = replace(params, kind=kind)
    scene = pooling.scene(params)
    x = layer.input_of(params)
    np.testing.assert_array_equal(inside(params, scene.grid("input").values), x)
    np.testing.assert_array_equal(scene.grid("output").values, forward(params, x))


@each_kind
@each_setting
def test_picks_and_divisors_give_the_output(params, kind):
    """What the stage writes as the sum of a step ends in the step's value."""
    scene = pooling.scene(replace(params, kind=kind))
    (sweep,) = scene.sweeps
    x, y = scene.grid("input"), scene.grid("output").values
    for step, (c, i, j) in enumerate(np.ndindex(*y.shape)):
        cells = [(r, k) for r in sweep.rows[i] for k in sweep.cols[j]]
        if kind == "max":
            assert x.values[(c, *cells[sweep.picks[step]])] == y[c, i, j]
        else:
            marks = [f"{x.rows.marks.get(r, '')} {x.cols.marks.get(k, '')}" for r, k in cells]
            kept = [
                x.values[c, r, k]
                for (r, k), mark in zip(cells, marks, strict=True)
                if sweep.skips not in mark
            ]
            assert int(sweep.divisors[step]) == len(kept)
            assert sum(kept) / len(kept) == pytest.approx(y[c, i, j], rel=1e-12)


@each_kind
@each_setting
def test_the_gradient_is_that_of_the_core_and_its_story_ends_in_it(params, kind):
    params = replace(params, kind=kind, view="backward")
    scene = pooling.scene(params)
    x = layer.input_of(params)
    g = upstream_of(params, forward(params, x))
    np.testing.assert_array_equal(scene.grid("upstream").values, g)
    grid = scene.grid("grad_input")
    np.testing.assert_allclose(inside(params, grid.values), backward(params, x, g), rtol=1e-12)
    (sweep,) = scene.sweeps
    last = {}
    history = iter(grid.history)
    for step, (c, i, j) in enumerate(np.ndindex(*g.shape)):
        cells = [(r, k) for r in sweep.rows[i] for k in sweep.cols[j]]
        for tap, (r, k) in enumerate(cells):
            mark = f"{grid.rows.marks.get(r, '')} {grid.cols.marks.get(k, '')}"
            picked = sweep.picks[step] == tap if sweep.picks else True
            if picked and not (sweep.skips and sweep.skips in mark):
                last[c, r, k] = next(history)
    assert next(history, None) is None
    for cell, value in last.items():
        assert value == pytest.approx(grid.values[cell], abs=1e-12)
    untouched = np.ones(grid.values.shape, bool)
    untouched[tuple(np.array(list(last)).T)] = False
    assert not grid.values[untouched].any()


@each_setting
def test_hits_count_the_windows_that_give_a_cell_a_part(params):
    scene = pooling.scene(replace(params, view="hits"))
    x = layer.input_of(params)
    wanted = backward(params, x, np.ones_like(forward(params, x)))
    np.testing.assert_array_equal(inside(params, scene.grid("hits").values), wanted)


@each_setting
def test_max_pooling_and_relu_commute(params):
    scene = pooling.scene(replace(params, view="relu", picture="signed"))
    np.testing.assert_array_equal(scene.grid("after").values, scene.grid("output").values)
    assert scene.notes[1] == "Largest difference between the two orders: 0."


def test_average_pooling_and_relu_do_not():
    scene = pooling.scene(Pooling(view="relu", kind="average"))
    assert (scene.grid("after").values != scene.grid("output").values).any()
    assert scene.notes[1] != "Largest difference between the two orders: 0."


@each_kind
@each_setting
def test_linearity(params, kind):
    scene = pooling.scene(replace(params, view="linear", kind=kind))
    added = scene.grid("output_a").values + scene.grid("output_b").values
    np.testing.assert_array_equal(scene.grid("added").values, added)
    whole = scene.grid("output").values
    if kind == "average":
        np.testing.assert_allclose(added, whole, atol=1e-12)
        assert not scene.grid("added").differs.any()
    else:
        assert (whole <= added).all()


def test_max_pooling_is_not_linear():
    assert pooling.scene(Pooling(view="linear")).grid("added").differs.any()


def test_the_libraries_answer_as_the_golden_numbers():
    params = Pooling(
        x=(((1.0, 2.0, 3.0, 4.0, 5.0),),), size=(1, 5), kernel_size=(1, 3), stride=(1, 2),
        padding=((0, 0), (1, 1)), kind="average", view="dialects",
    )  # fmt: skip
    scene = pooling.scene(params)
    assert scene.grid("output").values.ravel().tolist() == [1, 3, 3]
    assert scene.grid("output_onnx").values.ravel().tolist() == [1.5, 3, 4.5]
    assert scene.grid("output_onnx").differs.ravel().tolist() == [True, False, True]
    assert scene.grid("output_tensorflow").values.ravel().tolist() == [1.5, 3, 4.5]


def test_tensorflow_puts_the_odd_cell_at_the_end():
    """SAME of 6 cells, window 3, stride 2 pads (0, 1): the windows start elsewhere."""
    params = Pooling(
        x=(((1.0, 2.0, 3.0, 4.0, 5.0, 6.0),),), size=(1, 6), kernel_size=(1, 3), stride=(1, 2),
        padding=((0, 0), (1, 1)), view="dialects",
    )  # fmt: skip
    scene = pooling.scene(params)
    assert scene.grid("output").values.ravel().tolist() == [2, 4, 6]
    assert scene.grid("output_tensorflow").values.ravel().tolist() == [3, 5, 6]


def test_a_size_that_differs_is_marked():
    scene = pooling.scene(Pooling(size=(6, 6), padding=((1, 1), (1, 1)), view="dialects"))
    assert scene.grid("output").values.shape == (1, 4, 4)
    other = scene.grid("output_tensorflow")
    assert other.values.shape == (1, 3, 3)
    same = np.isclose(other.values, scene.grid("output").values[:, :3, :3])
    np.testing.assert_array_equal(other.differs, ~same)
    assert other.differs.any()


@pytest.mark.parametrize("view", POOLING_VIEWS)
def test_dilation_is_refused_for_an_average_with_ways_out(view):
    params = Pooling(kind="average", dilation=(2, 2), view=view)
    told = (
        "avg_pool2d: average pooling has no dilation; got dilation 2. Use dilation 1 or kind max."
    )
    with pytest.raises(ShapeError, match=f"^{re.escape(told)}$") as caught:
        pooling.scene(params)
    repaired = refusals.repairs(params, caught.value, pooling.scene)
    assert repaired
    for candidate in repaired:
        pooling.scene(candidate)


@pytest.mark.parametrize("view", POOLING_VIEWS)
def test_padding_beyond_half_of_the_window_is_refused_with_ways_out(view):
    params = Pooling(padding=((2, 2), (2, 2)), view=view)
    with pytest.raises(ShapeError) as caught:
        pooling.scene(params)
    repaired = refusals.repairs(params, caught.value, pooling.scene)
    assert {one.padding for one in repaired} >= {((1, 1), (1, 1))}


@pytest.mark.parametrize("view", POOLING_VIEWS)
@each_setting
def test_every_view_of_every_setting_is_drawn(params, view):
    assert pooling.scene(replace(params, view=view)).json()


def test_an_upstream_number_is_typed():
    params = pooling.edited(
        Pooling(view="backward"), {"grid": "upstream", "plane": 0, "row": 1, "col": 2}, 8.0
    )
    assert pooling.scene(params).grid("upstream").values[0, 1, 2] == 8


def test_ties_are_told_with_their_windows():
    notes = " ".join(pooling.scene(SETTINGS[-1]).notes)
    assert "first in row-major order wins" in notes
    tied = {"x": (((7.0, 7.0, 1.0, 2.0), (3.0, 7.0, 1.0, 2.0)),), "size": (2, 4)}
    assert any(note.startswith("In 2 windows ([0, 0] and [0, 1]) the") for note in said(**tied)[0])
    flat = {"x": (((7.0,) * 6,) * 2,), "size": (2, 6), "kernel_size": (1, 2), "stride": (1, 2)}
    some = "In 6 windows ([0, 0], [0, 1], [0, 2], …) the"
    assert any(note.startswith(some) for note in said(**flat)[0])


def exercise(name):
    return pooling.scene(next(one.params for one in EXERCISES if one.name == name))


def test_the_numbers_of_the_exercises():
    assert exercise("D4").grid("output").values.shape == (1, 3, 4)
    text = next(one.text for one in EXERCISES if one.name == "D4")
    assert "= 3 rows" in text
    assert "= 4 columns" in text
    routed = exercise("D5")
    grad = routed.grid("grad_input").values
    assert (grad != 0).sum() <= routed.grid("upstream").values.size  # arg-max only
    assert grad.sum() == pytest.approx(routed.grid("upstream").values.sum())
    tied = exercise("Tie")
    assert tied.grid("grad_input").values[0, 0, 1] == tied.grid("upstream").values[0, 0, 0]
    assert tied.grid("grad_input").values[0, 1, 0] == 0
    relu = exercise("E7")
    np.testing.assert_array_equal(relu.grid("after").values, relu.grid("output").values)
    for factor in (2, 4, 8):
        assert exercise(f"Photograph by {factor}").grid("output").values.shape[1:] == (
            64 // factor,
            64 // factor,
        )


def said(**setting):
    params = Pooling(**setting)
    scene = pooling.scene(params)
    return scene.notes, "".join(text for text, _ in scene.formula[0])


SEES_NOTHING = {
    "kernel_size": (2, 2), "stride": (1, 1), "dilation": (4, 4), "padding": ((1, 1), (1, 1)),
    "x": (((1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (7.0, 8.0, 9.0)),), "size": (3, 3),
}  # fmt: skip


def test_windows_overlap_where_a_cell_is_read_twice():
    overlap = "Windows overlap here: a cell adds up what it gets from each."
    apart = {"view": "backward", "size": (4, 4), "stride": (1, 1), "dilation": (2, 2)}
    assert overlap not in said(**apart)[0]
    assert overlap not in said(view="backward", **SEES_NOTHING)[0]
    assert overlap in said(view="backward", dilation=(2, 2))[0]  # taps {0, 2} and {2, 4}


def test_a_window_of_padding_alone_is_told():
    notes, _ = said(view="backward", **SEES_NOTHING)
    alone = "In window [0, 0] there is no input cell: the maximum is −∞"
    assert any(note.startswith(alone) for note in notes)
    notes, _ = said(view="relu", **SEES_NOTHING)
    assert any("ReLU makes the maximum −∞ a 0" in note for note in notes)
    assert not any("Largest difference" in note for note in notes)
    same = "Largest difference between f(a) + f(b) and f(a + b): 0."
    assert same in said(view="linear", **SEES_NOTHING)[0]


def test_another_cell_may_win_behind_relu():
    negative = {"x": (((-3.0, -1.0), (-4.0, -2.0)),), "size": (2, 2)}
    assert any("the first wins instead" in note for note in said(view="relu", **negative)[0])
    positive = {"x": (((3.0, 1.0), (4.0, 2.0)),), "size": (2, 2)}
    assert not any("the first wins instead" in note for note in said(view="relu", **positive)[0])


def test_rounding_is_no_difference():
    notes, _ = said(
        view="linear", kind="average", size=(5, 7), kernel_size=(3, 3),
        padding=((1, 1), (1, 1)), count_include_pad=False,
    )  # fmt: skip
    assert "0 up to rounding" in notes[1]
    notes, _ = said(view="relu", kind="average", kernel_size=(3, 3))
    assert "≈" in notes[1]


def test_a_dropped_window_is_told_in_a_true_equation():
    _, formula = said(ceil_mode=True, size=(2, 2), kernel_size=(1, 1), stride=(2, 2))
    assert formula.endswith("+ 1 = 2; the last would start past the input and is dropped: 1")


def test_each_library_is_told_by_its_name():
    notes, _ = said(view="dialects", kernel_size=(3, 3), padding=((1, 1), (1, 1)))
    assert any("(tf.nn.max_pool2d takes numbers for the padding too)" in note for note in notes)
    assert not any("divisor" in note for note in notes)
    assert any(note.startswith("PyTorch: ") for note in notes)
    valid = {"kind": "average", "ceil_mode": True, "size": (5, 5), "kernel_size": (3, 3)}
    assert any("here VALID" in note for note in said(view="dialects", **valid)[0])


def test_the_overhang_is_no_padding():
    scene = pooling.scene(Pooling(ceil_mode=True, size=(1, 6), kernel_size=(1, 3),
                                  stride=(1, 2), padding=((0, 0), (1, 1))))  # fmt: skip
    assert scene.grids[0].note == "1 × 6, padded to 1 × 8, 1 column over the end"
