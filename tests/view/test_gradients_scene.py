"""The gradients page's scenes: their taps add up to what they show, their words are true."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convcore import ShapeError, conv2d_backward, conv2d_matrix, conv_transpose2d, im2col
from convview.exercises import EXERCISES
from convview.params import GRADIENT_VIEWS, LOSSES, Gradients, Slide
from convview.scenes import gradients, layer, slide
from convview.scenes.gradients.upstream import upstream_of

PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))
SIDES = st.tuples(st.integers(0, 4), st.integers(0, 4))
ROW = {"size": (1, 5), "kernel_size": (1, 3), "stride": (1, 2), "padding": ((0, 0), (0, 0))}

settings = st.builds(
    Gradients,
    size=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    kernel_size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=PAIR,
    padding=st.one_of(st.tuples(SIDES, SIDES), st.sampled_from(["valid", "same", "full"])),
    dilation=PAIR,
    picture=st.just("random"),
    kernel=st.just("random"),
    seed=st.integers(0, 99),
    operation=st.sampled_from(["correlation", "convolution"]),
    in_channels=st.integers(1, 3),
    out_channels=st.integers(1, 3),
    groups=st.integers(1, 3),
    loss=st.sampled_from(LOSSES),
    output_padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)


def possible(params):
    """The layer and dL/dy of a setting; settings that are refused are passed over."""
    try:
        result = layer.layer(params)
    except ShapeError:
        assume(False)
    return result, upstream_of(params, result)


def totals(scene, sweep):
    """What the taps of a sweep add up to, shaped as the grid that it ends in."""
    reads, weights = scene.grid(sweep.reads).values, scene.grid(sweep.weights).values
    outs = scene.grid(sweep.steps).values
    scatters = sweep.mode == "scatter"
    total = np.zeros_like(reads if scatters else outs)
    for f, i, j in np.ndindex(outs.shape):
        for c, k in sweep.pairs[f]:
            cells = np.ix_(sweep.rows[i], sweep.cols[j])
            kernel = weights[k][np.ix_(sweep.weight_rows, sweep.weight_cols)]
            if scatters:
                total[c][cells] += outs[f, i, j] * kernel
            else:
                total[f, i, j] += (reads[c][cells] * kernel).sum()
    return total


@given(settings, st.sampled_from(list(GRADIENT_VIEWS)))
def test_every_setting_is_drawn_or_refused_with_a_reason(params, view):
    try:
        scene = gradients.scene(replace(params, view=view))
    except ShapeError:
        return
    assert json.loads(scene.json())["view"] == view
    for note in scene.notes:
        assert note.endswith("."), note


@given(settings)
def test_scatter_and_gather_end_in_the_gradient(params):
    result, g = possible(params)
    scene = gradients.scene(params)
    expected = conv2d_backward(g, result.x, result.sliding, *result.settings).x
    canvas = scene.grid("grad_input_scatter")
    (top, _), (left, _) = layer.padding_of(params)
    rows, cols = params.size
    middle = canvas.values[:, top : top + rows, left : left + cols]
    gather, scatter = scene.sweeps
    for shown in (scene.grid("grad_input").values, middle, totals(scene, gather)):
        np.testing.assert_allclose(shown, expected, atol=1e-9)
    np.testing.assert_allclose(totals(scene, scatter), canvas.values, atol=1e-9)


@given(settings)
def test_what_the_canvas_holds_at_last_is_the_gradient(params):
    possible(params)
    scene = gradients.scene(params)
    canvas, sweep = scene.grid("grad_input_scatter"), scene.sweeps[1]
    last = np.zeros_like(canvas.values)
    stamped = iter(canvas.history)
    for f, i, j in np.ndindex(scene.grid("upstream").values.shape):
        for c, _ in sweep.pairs[f]:
            for row in sweep.rows[i]:
                for col in sweep.cols[j]:
                    last[c, row, col] = next(stamped)
    np.testing.assert_allclose(last, canvas.values, atol=1e-9)


@given(settings)
def test_the_weight_gradient_stands_where_the_weight_was_typed(params):
    result, g = possible(params)
    scene = gradients.scene(replace(params, view="weight"))
    grads = conv2d_backward(g, result.x, result.sliding, *result.settings)
    flip = slice(None, None, -1 if params.operation == "convolution" else 1)
    expected = grads.weight[:, :, flip, flip].reshape(result.planes.shape)
    np.testing.assert_allclose(scene.grid("grad_kernel").values, expected, atol=1e-9)
    np.testing.assert_allclose(totals(scene, scene.sweeps[0]), expected, atol=1e-9)
    np.testing.assert_allclose(scene.grid("grad_bias").values.ravel(), g.sum((1, 2)))


@given(settings)
def test_a_transposed_convolution_is_stamped(params):
    result, g = possible(params)
    pads = result.rows.padding, result.cols.padding
    given_ = params.stride, pads, params.output_padding, params.groups, params.dilation
    try:
        expected = conv_transpose2d(g, result.sliding, None, *given_)
    except ShapeError:
        with pytest.raises(ShapeError):
            gradients.scene(replace(params, view="transposed"))
        return
    scene = gradients.scene(replace(params, view="transposed"))
    canvas = scene.grid("grad_input_scatter")
    inside = [[p for p in range(len(line.names)) if p not in line.marks]
              for line in (canvas.rows, canvas.cols)]  # fmt: skip
    shown = canvas.values[:, inside[0]][:, :, inside[1]]
    np.testing.assert_allclose(shown, expected, atol=1e-9)
    np.testing.assert_allclose(totals(scene, scene.sweeps[0]), canvas.values, atol=1e-9)


@pytest.mark.parametrize("flip", ["correlation", "convolution"])
def test_the_vector_jacobian_product_is_the_gradient(flip):
    params = Gradients(size=(4, 5), in_channels=2, out_channels=2, operation=flip, kernel="random")
    result = layer.layer(params)
    g = upstream_of(params, result)
    matrix = conv2d_matrix(result.sliding, result.x.shape, *result.settings)
    shown = gradients.scene(replace(params, view="dydx")).grid("grad_input").values
    np.testing.assert_allclose(shown.ravel(), g.ravel() @ matrix)
    columns = im2col(result.x, params.kernel_size, *result.settings[:3])
    by_weight = np.kron(np.eye(2), columns.T)
    shown = gradients.scene(replace(params, view="dydw")).grid("grad_kernel").values
    if flip == "convolution":
        shown = shown[:, ::-1, ::-1]
    np.testing.assert_allclose(shown.ravel(), g.ravel() @ by_weight)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_upstream_gradient_is_that_of_the_loss(loss):
    params = Gradients(loss=loss, cell=(2, 1), target=(((1.0, 2.0, 3.0),) * 3,))
    result = layer.layer(params)
    y, target = result.y, np.array(params.target)

    def value(y):
        return {"sum": y.sum(), "squares": ((y - target) ** 2).sum() / 2, "cell": y[0, 2, 1]}[loss]

    g = upstream_of(params, result)
    if loss == "upstream":
        typed = replace(params, grad_y=(((5.0, 6.0), (7.0, 8.0)),))
        assert upstream_of(typed, result)[0].tolist() == [[5, 6, 0], [7, 8, 0], [0, 0, 0]]
        return
    for at in np.ndindex(y.shape):
        step = np.zeros_like(y)
        step[at] = 1e-4
        assert (value(y + step) - value(y - step)) / 2e-4 == pytest.approx(g[at], abs=1e-6)


def test_an_upstream_number_is_typed():
    edit = {"grid": "upstream", "plane": 0, "row": 1, "col": 2}
    params = gradients.edited(Gradients(loss="sum"), edit, 7.0)
    assert params.loss == "upstream"
    assert params.grad_y == (((1, 1, 1), (1, 1, 7), (1, 1, 1)),)
    target = gradients.edited(Gradients(loss="squares"), {**edit, "grid": "target"}, 2.0)
    assert target.target == (((0, 0, 0), (0, 0, 2), (0, 0, 0)),)


@pytest.mark.parametrize(("view", "otherwise"), [("dydx", "input"), ("dydw", "weight")])
def test_an_input_too_large_for_a_matrix_is_refused_with_its_size(view, otherwise):
    told = "matrix view: it is drawn for inputs up to 16 × 16; got 17 × 5. Use view"
    with pytest.raises(ShapeError, match=f"^{told} {otherwise}\\.$"):
        gradients.scene(Gradients(view=view, size=(17, 5)))
    gradients.scene(Gradients(view=view, size=(16, 16)))
    gradients.scene(Gradients(view=otherwise, size=(17, 5)))


def notes(**values):
    return " ".join(gradients.scene(Gradients(**values)).notes)


def test_the_pair_of_statements_about_valid_and_full_layers():
    assert "full correlation: 2 zeros on each side" in notes(**ROW)
    assert "2 zeros before, 2 + r = 3 after" in notes(padding=((0, 0), (0, 0)))
    assert "valid correlation" in notes(**ROW | {"padding": "full"})
    assert "beyond kernel span \u2212 1 = 1" in notes(kernel_size=(2, 2), padding=((3, 3), (3, 3)))


def test_a_flipping_layer_slides_the_kernel_as_typed():
    scene = gradients.scene(Gradients(operation="convolution"))
    np.testing.assert_array_equal(scene.grid("kernel_rotated").values, scene.grid("kernel").values)
    assert "as it was typed" in " ".join(scene.notes)


def test_both_sizes_that_a_transposed_convolution_may_mean():
    assert "takes inputs of 5 and 6 to the same 3; 1 says that 6 is meant" in notes(
        view="transposed", output_padding=(1, 1)
    )


def exercise(name):
    params = next(one.params for one in EXERCISES if one.name == name)
    return (slide if isinstance(params, Slide) else gradients).scene(params)


def test_the_numbers_of_the_exercises():
    # 1..5 twice, weights 1 2 3 and 4 5 6, stride 2: 14 + 32 and 26 + 62
    assert exercise("A5").grid("output").values.tolist() == [[[46, 88]]]
    assert "1 × 2 × 1 × 2 × 3" in exercise("A6").matrix["note"]
    assert "1 × 2 × 2 × 5" in exercise("A7").matrix["note"]
    assert exercise("A8").grid("grad_kernel").values.shape == (2, 1, 3)
    texts = {one.name: one.text for one in EXERCISES}
    assert texts["B12"].endswith("8 becomes 6, then 4")  # d - k1 - k2 + 2
    assert texts["B14"].endswith("8 becomes 10, then 12")  # d + k1 + k2 - 2
    lost = exercise("E4").grid("grad_input")
    assert list(lost.rows.marks.values()) == ["leftover"]
    assert not lost.values[:, list(lost.rows.marks)].any()
    assert exercise("E5").grid("output").values.shape == (1, 7, 7)
