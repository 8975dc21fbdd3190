"""The stamps add up to the gradient that `conv2d_backward` computes from the taps."""

import numpy as np
import pytest

from convcore import ShapeError, axis_taps, conv2d_backward, stamps


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("kernel_size", [(3, 2), (1, 4)])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_stamps_add_up_to_the_gradient_of_the_padded_input(
    stride, dilation, kernel_size, groups
):
    rng = np.random.default_rng(7)
    x, pads = rng.normal(size=(4, 9, 8)), ((2, 1), (0, 3))
    weight = rng.normal(size=(2 * groups, 4 // groups, *kernel_size))
    axes = [
        axis_taps(n, k, stride, p, dilation)
        for n, k, p in zip(x.shape[1:], kernel_size, pads, strict=True)
    ]
    grad_y = rng.normal(size=(2 * groups, *(axis.output_size for axis in axes)))
    done = stamps(grad_y, weight, tuple(a.padded_size for a in axes), stride, dilation, groups)
    expected = conv2d_backward(grad_y, x, weight, stride, pads, dilation, groups).x
    (top, _), (left, _) = pads
    np.testing.assert_allclose(done.canvas[:, top : top + 9, left : left + 8], expected, atol=1e-12)


def test_each_sum_is_the_one_before_it_and_one_product():
    rng = np.random.default_rng(8)
    grad_y, weight = rng.normal(size=(2, 3, 3)), rng.normal(size=(2, 1, 2, 3))
    done = stamps(grad_y, weight, (6, 8), stride=2)
    canvas = np.zeros((6, 8))
    for c, i, j in np.ndindex(2, 3, 3):
        for u, v in np.ndindex(2, 3):
            canvas[2 * i + u, 2 * j + v] += grad_y[c, i, j] * weight[c, 0, u, v]
            assert done.sums[c, i, j, 0, u, v] == canvas[2 * i + u, 2 * j + v]
    np.testing.assert_array_equal(done.canvas[0], canvas)


@pytest.mark.parametrize(
    ("grad_y", "canvas_size", "words"),
    [
        (np.ones((2, 2, 2)), (4, 4), "one plane for each filter"),
        (np.ones((1, 3, 3)), (4, 5), "reach 5 x 5"),
    ],
)
def test_what_cannot_be_stamped_is_refused(grad_y, canvas_size, words):
    with pytest.raises(ShapeError, match=words):
        stamps(grad_y, np.ones((1, 1, 3, 3)), canvas_size)
