"""The exercises of the courses, by number: A4-A8, B12-B15, C5, C6, D3, E1-E5 (exercises.md).

Each formula is written out here as its course states it, and must give what convcore gives.
"""

import itertools

import numpy as np
import pytest

from convcore import (
    conv1d,
    conv1d_backward,
    conv2d,
    conv2d_backward,
    conv2d_matrix,
    conv_output_size,
    convolve2d,
    correlate1d,
    correlate2d,
    grad_weight_by_construction,
    grad_x_by_construction,
    im2col,
    pad2d,
    rotate180,
)


def test_a4_a_network_with_convolution_learns_the_flipped_kernel(rng, agrees):
    """Descend the squared error to the output of a flipping layer, with a layer that does not."""
    x, kernel = rng.standard_normal((8, 1, 9, 9)), np.array([[1.0, 2.0], [3.0, -4.0]])
    target = np.array([[convolve2d(image[0], kernel, "valid")] for image in x])
    learned = np.zeros((1, 1, 2, 2))
    for _ in range(60):
        error = conv2d(x, learned) - target
        learned -= 1.0 / 512 * conv2d_backward(error, x, learned).weight
    agrees(learned[0, 0], rotate180(kernel), 1e-6)
    agrees(conv2d(x, learned), target, 1e-6)


class TestA5ToA8:
    """x (2, 5), both channels 1..5; one filter (1, 2, 3); stride 2, no padding, no bias."""

    x = np.array([[1.0, 2, 3, 4, 5], [1, 2, 3, 4, 5]])
    weight = np.array([[[1.0, 10, 100], [1000, 10000, 100000]]])
    g = np.array([[7.0, -2.0]])

    def test_a5_the_output(self):
        y = conv1d(self.x, self.weight, stride=2)
        assert y.shape == (1, 2)
        for i, j in np.ndindex(1, 2):
            terms = [self.x[c, 2 * j + k] * self.weight[i, c, k] for c, k in np.ndindex(2, 3)]
            assert y[i, j] == sum(terms)
        assert y.tolist() == [[321321, 543543]]

    def test_a6_dy_dw_is_the_im2col_matrix(self):
        columns = im2col(self.x[:, None], (1, 3), stride=2)
        assert columns.tolist() == [[1, 3], [2, 4], [3, 5]] * 2
        tensor = columns.T.reshape(1, 2, 1, 2, 3)  # one filter: one block, so nothing else
        for i, j, i2, c, k in np.ndindex(1, 2, 1, 2, 3):
            assert tensor[i, j, i2, c, k] == (self.x[c, 2 * j + k] if i == i2 else 0)
            one = np.zeros((1, 2, 3))
            one[i2, c, k] = 1
            assert tensor[i, j, i2, c, k] == conv1d(self.x, one, stride=2)[i, j]

    def test_a7_dy_dx_is_the_convolution_matrix_over_the_five_inputs(self):
        matrix = conv2d_matrix(self.weight[:, :, None], (2, 1, 5), stride=2)
        tensor = matrix.reshape(1, 2, 2, 5)
        for i, j, c, k in np.ndindex(1, 2, 2, 5):
            inside = 0 <= k - 2 * j < 3
            assert tensor[i, j, c, k] == (self.weight[i, c, k - 2 * j] if inside else 0)
        assert tensor[0, 1].tolist() == [[0, 0, 1, 10, 100], [0, 0, 1000, 10000, 100000]]

    def test_a8_dl_dw_has_the_shape_of_w_and_g_is_dilated(self):
        grad = conv1d_backward(self.g, self.x, self.weight, stride=2)
        assert grad.weight.shape == (1, 2, 3)
        for i, c, k in np.ndindex(1, 2, 3):
            assert grad.weight[i, c, k] == sum(
                self.g[i, j] * self.x[c, 2 * j + k] for j in range(2)
            )
        assert grad.weight.tolist() == [[[7 - 6, 14 - 8, 21 - 10]] * 2]
        # the same as a correlation of x with g at dilation 2: the stride became the dilation
        taken = conv1d(self.x[:, None], self.g[:, None], dilation=2)
        np.testing.assert_array_equal(taken[:, 0], grad.weight[0])

    def test_the_products_with_g_are_the_gradients(self):
        grad = conv1d_backward(self.g, self.x, self.weight, stride=2)
        matrix = conv2d_matrix(self.weight[:, :, None], (2, 1, 5), stride=2)
        np.testing.assert_array_equal((matrix.T @ self.g.ravel()).reshape(2, 5), grad.x)
        columns = im2col(self.x[:, None], (1, 3), stride=2)
        np.testing.assert_array_equal((columns @ self.g.ravel()).reshape(1, 2, 3), grad.weight)


def slopes_of_a_layer(weight, length, padding):
    """da_i/dh_n as a matrix [i, n]: each row is the gradient of one output."""
    h = np.zeros((1, length))
    outputs = conv1d(h, weight[None, None], padding=padding).shape[1]
    return np.array(
        [
            conv1d_backward(row[None], h, weight[None, None], padding=padding).x[0]
            for row in np.eye(outputs)
        ]
    )


@pytest.mark.parametrize(("d", "k1", "k2"), [(11, 3, 4), (9, 2, 5), (8, 4, 1)])
class TestB12ToB15:
    """Two stacked 1-D layers h1 = x . w1, a2 = h1 . w2."""

    def layers(self, d, k1, k2, padding):
        rng = np.random.default_rng(d)
        x, w1, w2 = rng.standard_normal(d), rng.standard_normal(k1), rng.standard_normal(k2)
        h1 = conv1d(x[None], w1[None, None], padding=padding)
        a2 = conv1d(h1, w2[None, None], padding=padding)
        return h1, w2, a2, rng.standard_normal(a2.shape)

    def test_b12_valid_sizes_and_slopes(self, d, k1, k2):
        h1, w2, a2, _ = self.layers(d, k1, k2, "valid")
        assert a2.shape[1] == d - k1 - k2 + 2
        slopes = slopes_of_a_layer(w2, h1.shape[1], "valid")
        for i, n in itertools.product(range(1, a2.shape[1] + 1), range(1, h1.shape[1] + 1)):
            k = n - i + 1  # 1-based, as the course counts
            assert slopes[i - 1, n - 1] == (w2[k - 1] if 1 <= k <= k2 else 0)

    def test_b13_through_a_valid_layer_the_gradient_is_a_full_correlation(self, agrees, d, k1, k2):
        h1, w2, _, g = self.layers(d, k1, k2, "valid")
        grad = conv1d_backward(g, h1, w2[None, None])
        agrees(grad.x[0], correlate1d(g[0], w2[::-1], "full"))

    def test_b14_full_sizes_and_slopes(self, d, k1, k2):
        h1, w2, a2, _ = self.layers(d, k1, k2, "full")
        assert a2.shape[1] == d + k1 + k2 - 2
        slopes = slopes_of_a_layer(w2, h1.shape[1], "full")
        for i, n in itertools.product(range(1, a2.shape[1] + 1), range(1, h1.shape[1] + 1)):
            k = n - i + k2
            assert slopes[i - 1, n - 1] == (w2[k - 1] if 1 <= k <= k2 else 0)

    def test_b15_through_a_full_layer_the_gradient_is_a_valid_correlation(self, agrees, d, k1, k2):
        h1, w2, _, g = self.layers(d, k1, k2, "full")
        grad = conv1d_backward(g, h1, w2[None, None], padding="full")
        agrees(grad.x[0], correlate1d(g[0], w2[::-1], "valid"))
        if k2 > 1:  # the slip: the full symbol gives another length
            assert correlate1d(g[0], w2[::-1], "full").size != grad.x.size


class TestC5AndC6:
    def setup_method(self):
        rng = np.random.default_rng(5)
        self.x, self.kernel = rng.standard_normal((7, 8)), rng.standard_normal((3, 4))
        self.g = rng.standard_normal((5, 5))
        self.grad = conv2d_backward(self.g[None], self.x[None], self.kernel[None, None])

    def test_c5_dl_dk_is_the_valid_correlation_of_the_input_with_g(self, agrees):
        agrees(self.grad.weight[0, 0], correlate2d(self.x, self.g, "valid"))

    def test_c6_dl_dx_pads_g_and_rotates_the_kernel(self, agrees):
        padded = pad2d(self.g, (3 - 1, 4 - 1))
        agrees(self.grad.x[0], correlate2d(padded, rotate180(self.kernel), "valid"))
        agrees(self.grad.x[0], correlate2d(self.g, rotate180(self.kernel), "full"))


@pytest.mark.parametrize("s", [1, 2, 3])
def test_d3_the_gradient_of_each_channel_of_the_filter(rng, agrees, s):
    image, kernel = rng.standard_normal((3, 8, 9)), rng.standard_normal((1, 3, 3, 2))
    g = rng.standard_normal(conv2d(image, kernel, stride=s).shape)
    grad = conv2d_backward(g, image, kernel, stride=s).weight
    expected = np.zeros(kernel.shape)
    for c, x, y in np.ndindex(3, 3, 2):
        for i, j in np.ndindex(g.shape[1:]):
            expected[0, c, x, y] += g[0, i, j] * image[c, s * i + x, s * j + y]
    agrees(grad, expected)


@pytest.mark.parametrize(
    ("size", "k", "stride", "padding"),
    [((6, 7), 3, 1, 1), ((7, 8), 3, 2, 0), ((7, 8), 3, 2, 1), ((8, 7), 2, 3, 2), ((5, 6), 4, 2, 4)],
)
class TestE1ToE4:
    """The lecture notes: NCHW, batch, bias, padding P, stride S, sums over indices as written."""

    def layer(self, size, k, stride, padding):
        rng = np.random.default_rng(k)
        x, filters = rng.standard_normal((2, 3, *size)), rng.standard_normal((4, 3, k, k))
        bias = rng.standard_normal(4)
        how = {"stride": stride, "padding": padding}
        y = conv2d(x, filters, bias, **how)
        g = rng.standard_normal(y.shape)
        return x, filters, bias, y, g, conv2d_backward(g, x, filters, **how), how

    def test_e1_forward(self, agrees, size, k, stride, padding):
        x, filters, bias, y, *_ = self.layer(size, k, stride, padding)
        x_pad, expected = pad2d(x, padding), np.zeros(y.shape)
        for n, co, h, w in np.ndindex(y.shape):
            window = x_pad[n, :, h * stride : h * stride + k, w * stride : w * stride + k]
            expected[n, co, h, w] = np.sum(filters[co] * window) + bias[co]
        agrees(y, expected)

    def test_e2_the_gradient_of_the_bias(self, agrees, size, k, stride, padding):
        *_, g, grad, _ = self.layer(size, k, stride, padding)
        agrees(grad.bias, [sum(g[:, co].ravel()) for co in range(4)])

    def test_e3_the_gradient_of_the_filters(self, agrees, size, k, stride, padding):
        x, filters, _, _, g, grad, _ = self.layer(size, k, stride, padding)
        x_pad, expected = pad2d(x, padding), np.zeros(filters.shape)
        for n, co, h, w in np.ndindex(g.shape):
            window = x_pad[n, :, h * stride : h * stride + k, w * stride : w * stride + k]
            expected[co] += g[n, co, h, w] * window
        agrees(grad.weight, expected)

    def test_e4_the_gradient_of_the_padded_input_and_its_central_slice(
        self, agrees, size, k, stride, padding
    ):
        x, filters, _, _, g, grad, how = self.layer(size, k, stride, padding)
        x_pad = pad2d(x, padding)
        d_pad = np.zeros(x_pad.shape)
        for n, ci, a, b in np.ndindex(x_pad.shape):  # the indicator form
            for h, w in np.ndindex(g.shape[2:]):
                if 0 <= a - h * stride < k and 0 <= b - w * stride < k:
                    taps = filters[:, ci, a - h * stride, b - w * stride]
                    d_pad[n, ci, a, b] += np.sum(g[n, :, h, w] * taps)
        steps = grad_x_by_construction(g, x, filters, **how)
        agrees(steps.full, d_pad)
        central = d_pad[:, :, padding : padding + size[0], padding : padding + size[1]]
        agrees(grad.x, central)
        agrees(steps.cropped, central)
        agrees(grad_weight_by_construction(g, x, filters, **how).taken, grad.weight)

    def test_e4_leftover_rows_and_columns_get_0(self, size, k, stride, padding):
        x, filters, _, _, g, _, how = self.layer(size, k, stride, padding)
        full = grad_x_by_construction(g, x, filters, **how).full
        rows, columns = ((n + 2 * padding - k) % stride for n in size)
        assert not full[:, :, full.shape[2] - rows :].any()
        assert not full[..., full.shape[3] - columns :].any()
        assert full[:, :, full.shape[2] - rows - 1].any()


def test_e5_half_padding_keeps_the_size_of_odd_kernels_and_even_ones_need_one_more_on_a_side():
    x = np.ones((1, 6, 9))
    for k in (1, 3, 5, 7):
        assert conv2d(x, np.ones((1, 1, k, k)), padding=(k - 1) // 2).shape == x.shape
    for k in (2, 4, 6):
        weight, less, more = np.ones((1, 1, k, k)), (k - 1) // 2, k // 2
        assert conv2d(x, weight, padding=less).shape == (1, 5, 8)
        assert conv2d(x, weight, padding=more).shape == (1, 7, 10)
        assert conv2d(x, weight, padding=((less, more), (less, more))).shape == x.shape
        same = conv2d(x, weight, padding="same")  # the extra one stands at the end
        np.testing.assert_array_equal(same, conv2d(x, weight, padding=((less, more),) * 2))
        assert conv_output_size(9, k, padding="same") == 9
