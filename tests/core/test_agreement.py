"""The comparison the other tests rely on must itself be able to fail."""

import numpy as np
import pytest

from convcore import conv2d, conv2d_loops


@pytest.fixture
def results(rng):
    x, weight = rng.standard_normal((2, 3, 7, 7)), rng.standard_normal((4, 3, 3, 3))
    return x, weight, conv2d(x, weight), conv2d_loops(x, weight)


def test_a_right_result_passes(results, agrees):
    _, _, y, expected = results
    agrees(y, expected)


@pytest.mark.parametrize(
    "plant",
    [
        lambda x, w, y: y * 1.0005,
        lambda x, w, y: y + 1e-6 * (np.arange(y.size).reshape(y.shape) == 17),
        lambda x, w, y: y.swapaxes(2, 3),
        lambda x, w, y: np.roll(y, 1, axis=3),
        lambda x, w, y: conv2d(x, w[..., ::-1, ::-1]),
        lambda x, w, y: conv2d(x, w.swapaxes(2, 3)),
        lambda x, w, y: y[:, :, :, :-1],
        lambda x, w, y: y[None],
        lambda x, w, y: np.where(np.arange(y.size).reshape(y.shape) == 17, np.nan, y),
    ],
    ids=["0.05 percent", "one element", "transposed", "shifted", "flipped kernel",
         "transposed kernel", "column short", "extra axis", "NaN"],
)  # fmt: skip
def test_a_planted_wrong_result_fails(results, agrees, plant):
    x, weight, y, expected = results
    with pytest.raises(AssertionError):
        agrees(plant(x, weight, y), expected)
