"""pad2d and pad_index: what stands outside the border."""

import numpy as np
import pytest
import scipy.ndimage

from convcore import ShapeError, pad2d, pad_index
from convcore.taps import PAD_MODES

IN_NUMPY = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap",
            "symmetric": "symmetric"}  # fmt: skip
IN_NDIMAGE = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest", "circular": "wrap",
              "symmetric": "reflect"}  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "source"),
    [
        ("zeros", [-1, -1, 0, 1, 2, -1, -1]),
        ("replicate", [0, 0, 0, 1, 2, 2, 2]),
        ("reflect", [2, 1, 0, 1, 2, 1, 0]),
        ("symmetric", [1, 0, 0, 1, 2, 2, 1]),
        ("circular", [1, 2, 0, 1, 2, 0, 1]),
    ],
)
def test_pad_index_of_three_cells(mode, source):
    assert pad_index(3, 2, 2, mode).tolist() == source


def test_pad2d_by_hand():
    assert pad2d([[1, 2], [3, 4]], ((1, 0), (0, 2))).tolist() == [
        [0, 0, 0, 0],
        [1, 2, 0, 0],
        [3, 4, 0, 0],
    ]
    assert pad2d([[1, 2], [3, 4]], (0, 1), "circular").tolist() == [[2, 1, 2, 1], [4, 3, 4, 3]]


@pytest.mark.parametrize("mode", PAD_MODES)
@pytest.mark.parametrize("shape", [(4, 5), (2, 3, 5, 4), (1, 6), (0, 2, 3, 3)])
@pytest.mark.parametrize("padding", [0, 1, (2, 1), ((1, 3), (0, 2)), ((0, 0), (3, 0))])
def test_pad2d_is_numpy_pad(rng, mode, shape, padding):
    x = rng.standard_normal(shape)
    sides = np.broadcast_to(np.reshape(padding, (-1, 1)) if np.ndim(padding) == 1 else padding,
                            (2, 2))  # fmt: skip
    limit = {"reflect": -1, "circular": 0, "symmetric": 0}.get(mode)
    if limit is not None and (sides.max(axis=1) > np.add(shape[-2:], limit)).any():
        with pytest.raises(ShapeError, match=f"^pad2d: {mode} can add at most"):
            pad2d(x, padding, mode)
        return
    widths = [(0, 0)] * (x.ndim - 2) + sides.tolist()
    np.testing.assert_array_equal(pad2d(x, padding, mode), np.pad(x, widths, IN_NUMPY[mode]))


@pytest.mark.parametrize("mode", PAD_MODES)
def test_names_of_the_borders_in_ndimage(rng, agrees, mode):
    x, kernel = rng.standard_normal((6, 7)), rng.standard_normal((3, 3))
    padded = pad2d(x, 1, mode)
    valid = sum(kernel[u, v] * padded[u : u + 6, v : v + 7] for u in range(3) for v in range(3))
    agrees(valid, scipy.ndimage.correlate(x, kernel, mode=IN_NDIMAGE[mode]))


def test_zeros_are_zeros_even_beside_nan():
    y = pad2d([[np.nan, np.inf]], 1)
    assert y[[0, 2]].tolist() == [[0.0] * 4] * 2
    assert y[1, [0, 3]].tolist() == [0.0, 0.0]


def test_dtypes_are_kept_or_promoted():
    assert pad2d(np.ones((2, 2), np.float32), 1).dtype == np.float32
    assert pad2d(np.ones((2, 2), np.uint8), 1).dtype == np.float64


def test_the_result_is_a_copy():
    x = np.ones((2, 2))
    pad2d(x, 0)[...] = 5
    assert x.tolist() == [[1, 1], [1, 1]]


@pytest.mark.parametrize(("mode", "largest"), [("reflect", 3), ("circular", 4), ("symmetric", 4)])
def test_limits_are_exact_and_the_fixes_work(mode, largest):
    x = np.arange(20.0).reshape(4, 5)
    assert pad2d(x, largest, mode).shape == (4 + 2 * largest, 5 + 2 * largest)
    for padding, least in [
        (largest + 1, largest),
        ((largest + 2, 1), ((largest, largest), (1, 1))),
        (((0, largest + 1), (1, 2)), ((0, largest), (1, 2))),
    ]:
        with pytest.raises(ShapeError, match=f"at most {largest} rows on each side of 4") as e:
            pad2d(x, padding, mode)
        assert e.value.fixes == ({"padding": least}, {"mode": "replicate"})
        for fix in e.value.fixes:
            pad2d(**{"x": x, "padding": padding, "mode": mode, **fix})


def test_an_int_is_lowered_to_what_both_axes_allow():
    for shape in [(4, 3), (3, 4)]:
        with pytest.raises(ShapeError) as e:
            pad2d(np.ones(shape), 3, "reflect")
        assert e.value.fixes[0] == {"padding": 2}


def test_pad_index_limits_and_fixes():
    assert pad_index(1, 0, 0, "reflect").tolist() == [0]
    assert pad_index(1, 1, 1, "circular").tolist() == [0, 0, 0]
    with pytest.raises(ShapeError, match=r"^pad_index: reflect can add at most 2 cells on") as e:
        pad_index(3, 3, 1, "reflect")
    assert e.value.fixes == ({"before": 2, "after": 1}, {"mode": "replicate"})
    for fix in e.value.fixes:
        pad_index(**{"size": 3, "before": 3, "after": 1, "mode": "reflect", **fix})


@pytest.mark.parametrize(
    ("mode", "ours"),
    [("constant", "zeros"), ("edge", "replicate"), ("wrap", "circular"), ("Reflect", "reflect")],
)
def test_other_libraries_names_are_translated(mode, ours):
    with pytest.raises(ShapeError, match=f'got "{mode}"') as e:
        pad2d([[1.0]], 0, mode)
    assert e.value.fixes == ({"mode": ours},)


@pytest.mark.parametrize("x", [[1.0, 2.0], 3.0, np.zeros((0, 2)), np.zeros((2, 0))])
def test_an_image_needs_rows_and_columns(x):
    with pytest.raises(ShapeError, match=r"^pad2d: x must have rows and columns"):
        pad2d(x, 1)


@pytest.mark.parametrize(
    ("padding", "fix"),
    [(-1, 0), ((1, -2), (1, 0)), (((0, 1), (-3, 2)), ((0, 1), (0, 2))), (1.5, 2), (True, 1)],
)
def test_illegal_padding_is_refused_with_the_nearest(padding, fix):
    with pytest.raises(ShapeError, match=r"^pad2d: padding must be") as e:
        pad2d([[1.0]], padding)
    assert e.value.fixes == ({"padding": fix},)
    pad2d([[1.0]], fix)


@pytest.mark.parametrize("padding", [(1, 2, 3, 4), (1,), (), ((1, 2, 3), (1, 2))])
def test_other_forms_of_padding_are_refused(padding):
    with pytest.raises(ShapeError, match=r"\(\(top, bottom\), \(left, right\)\)"):
        pad2d([[1.0]], padding)
