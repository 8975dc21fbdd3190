"""ReLU, and sums in their order."""

import numpy as np
import pytest

from convcore import ShapeError, relu, running_sums


def test_relu_agrees_with_jax(rng):
    import jax

    x = rng.standard_normal((2, 3, 4)).astype(np.float32)
    np.testing.assert_array_equal(relu(x), np.asarray(jax.nn.relu(x)))


def test_relu_keeps_floats_and_nan():
    assert relu(np.array([-1, 2], np.float32)).dtype == np.float32
    assert relu(np.array([-1, 2])).dtype == np.float64
    assert np.isnan(relu([np.nan])).all()


def test_running_sums_end_in_the_whole_sum(rng):
    cells, values = rng.integers(0, 9, 80), rng.standard_normal(80)
    sums = running_sums(cells, values, 9)
    last = {cell: value for cell, value in zip(cells.tolist(), sums, strict=True)}
    whole = np.bincount(cells, values, 9)
    for cell, value in last.items():
        assert value == pytest.approx(whole[cell], rel=1e-12)


def test_running_sums_need_a_cell_for_each_value():
    with pytest.raises(ShapeError, match="one cell for each value"):
        running_sums([0, 1], [1.0], 2)
