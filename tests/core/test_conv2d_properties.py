"""What convolution is, as laws that hold for any numbers (Hypothesis)."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from convcore import (
    axis_taps,
    conv2d,
    conv2d_backward,
    conv2d_matrix,
    conv_transpose2d,
    convolve1d,
    convolve2d,
    correlate1d,
    correlate2d,
    coverage,
    grad_weight_by_construction,
    grad_x_by_construction,
    pad2d,
)

settings.register_profile("core", deadline=None, max_examples=60)
quick = settings(settings.get_profile("core"))


@st.composite
def calls(draw):
    """Random operands and legal settings: (x, weight, keyword arguments)."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups = draw(st.integers(1, 3))
    depth, filters = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    dilation = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    stride = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    padding = tuple(draw(st.tuples(st.integers(0, 4), st.integers(0, 4))) for _ in range(2))
    size = tuple(
        max(1, d * (k - 1) + 1 - sum(p)) + draw(st.integers(0, 6))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    )
    x = rng.standard_normal((draw(st.integers(1, 2)), groups * depth, *size))
    weight = rng.standard_normal((groups * filters, depth, *kernel))
    return x, weight, {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


signals = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@quick
@given(calls(), st.floats(-3, 3), st.integers(0, 1000))
def test_linear_in_x_and_in_the_weight(agrees, call, factor, seed):
    x, weight, how = call
    rng = np.random.default_rng(seed)
    x2, weight2 = rng.standard_normal(x.shape), rng.standard_normal(weight.shape)
    y = conv2d(x, weight, **how)
    agrees(conv2d(x + factor * x2, weight, **how), y + factor * conv2d(x2, weight, **how), 1e-11)
    agrees(conv2d(x, weight + factor * weight2, **how), y + factor * conv2d(x, weight2, **how),
           1e-11)  # fmt: skip


@quick
@given(calls(), st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_shifting_x_by_the_stride_shifts_y_by_one(agrees, call, steps):
    """Zeros put before x, as many as `steps` strides: the outputs reappear `steps` further on."""
    x, weight, how = call
    (s_h, s_w), (down, right) = how["stride"], steps
    y = conv2d(x, weight, **how)
    shifted = conv2d(pad2d(x, ((down * s_h, 0), (right * s_w, 0))), weight, **how)
    agrees(shifted[..., down:, right:], y)


@quick
@given(calls())
def test_flipping_everything_flips_the_answer(agrees, call):
    x, weight, how = call
    how = {**how, "stride": 1}
    mirrored = {**how, "padding": tuple(side[::-1] for side in how["padding"])}
    y = conv2d(x[..., ::-1, ::-1], weight[..., ::-1, ::-1], **mirrored)
    agrees(y[..., ::-1, ::-1], conv2d(x, weight, **how))


@quick
@given(calls())
def test_transposing_everything_transposes_the_answer(agrees, call):
    x, weight, how = call
    turned = {name: v if name == "groups" else v[::-1] for name, v in how.items()}
    y = conv2d(x.swapaxes(2, 3), weight.swapaxes(2, 3), **turned)
    agrees(y.swapaxes(2, 3), conv2d(x, weight, **how))


@quick
@given(calls())
def test_a_stride_takes_every_sth_of_the_dense_answer(agrees, call):
    x, weight, how = call
    s_h, s_w = how["stride"]
    agrees(conv2d(x, weight, **how), conv2d(x, weight, **{**how, "stride": 1})[..., ::s_h, ::s_w])


@quick
@given(calls())
def test_dilation_is_a_kernel_with_zeros_between(agrees, call):
    x, weight, how = call
    d_h, d_w = how["dilation"]
    filters, depth, kh, kw = weight.shape
    spread = np.zeros((filters, depth, d_h * (kh - 1) + 1, d_w * (kw - 1) + 1))
    spread[..., ::d_h, ::d_w] = weight
    agrees(conv2d(x, spread, **{**how, "dilation": 1}), conv2d(x, weight, **how))


@quick
@given(calls())
def test_padding_is_padding_x_first(agrees, call):
    x, weight, how = call
    agrees(conv2d(pad2d(x, how["padding"]), weight, **{**how, "padding": 0}),
           conv2d(x, weight, **how))  # fmt: skip


@quick
@given(calls())
def test_groups_are_separate_convolutions_side_by_side(agrees, call):
    x, weight, how = call
    groups = how["groups"]
    parts = [
        conv2d(part, filters, **{**how, "groups": 1})
        for part, filters in zip(np.split(x, groups, axis=1), np.split(weight, groups), strict=True)
    ]
    agrees(conv2d(x, weight, **how), np.concatenate(parts, axis=1))


@quick
@given(calls())
def test_the_matrix_times_x_is_the_convolution(agrees, call):
    x, weight, how = call
    matrix = conv2d_matrix(weight, x.shape[1:], **how)
    y = conv2d(x, weight, **how)
    agrees(np.array([matrix @ image.ravel() for image in x]), y.reshape(len(x), -1))


@quick
@given(calls())
def test_coverage_counts_the_windows_that_see_each_cell(call):
    """By asking: a cell is read by as many windows as an indicator of it lights up."""
    x, weight, how = call
    how = {name: v for name, v in how.items() if name != "groups"}
    ones = np.ones((1, 1, *weight.shape[2:]))
    height, width = x.shape[2:]
    indicators = np.eye(height * width).reshape(-1, 1, height, width)
    seen = conv2d(indicators, ones, **how).sum(axis=(1, 2, 3)).reshape(height, width)
    count = coverage((height, width), weight.shape[2:], **how)
    np.testing.assert_array_equal(count, seen)


@quick
@given(signals, st.integers(1, 8), st.integers(1, 8), st.sampled_from(["full", "same", "valid"]))
def test_convolving_is_correlating_with_the_flipped_kernel(agrees, rng, n, k, mode):
    n, k = (max(n, k), min(n, k)) if mode == "valid" else (n, k)
    x, kernel = rng.standard_normal(n), rng.standard_normal(k)
    agrees(convolve1d(x, kernel, mode), correlate1d(x, kernel[::-1], mode))
    x, kernel = rng.standard_normal((n, n + 1)), rng.standard_normal((k, k))
    if mode != "same" or k % 2:  # for even k "same" the two of SciPy's 2-D functions differ
        agrees(convolve2d(x, kernel, mode), correlate2d(x, kernel[::-1, ::-1], mode))


@quick
@given(signals, st.integers(1, 8), st.integers(1, 8))
def test_convolution_commutes_and_correlation_mirrors(agrees, rng, n, k):
    x, kernel = rng.standard_normal(n), rng.standard_normal(k)
    agrees(convolve1d(x, kernel), convolve1d(kernel, x))
    agrees(correlate1d(x, kernel), correlate1d(kernel, x)[::-1])
    x, kernel = rng.standard_normal((n, 3)), rng.standard_normal((2, k))
    agrees(convolve2d(x, kernel), convolve2d(kernel, x))
    agrees(correlate2d(x, kernel), correlate2d(kernel, x)[::-1, ::-1])


@quick
@given(signals, st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_convolution_is_associative(agrees, rng, n, k, m):
    x, a, b = rng.standard_normal(n), rng.standard_normal(k), rng.standard_normal(m)
    agrees(convolve1d(convolve1d(x, a), b), convolve1d(x, convolve1d(a, b)))


@quick
@given(signals, st.integers(1, 6), st.integers(1, 6))
def test_convolution_multiplies_polynomials(agrees, rng, n, k):
    a, b = rng.standard_normal(n), rng.standard_normal(k)
    agrees(convolve1d(a, b), np.polynomial.polynomial.polymul(a, b)[: n + k - 1])


@quick
@given(calls(), st.integers(0, 1000))
def test_the_gradient_is_the_adjoint(agrees, call, seed):
    """<conv(x), g> = <x, grad_x(g)> = <weight, grad_weight(g)>: both are the same triple sum."""
    x, weight, how = call
    y = conv2d(x, weight, **how)
    g = np.random.default_rng(seed).standard_normal(y.shape)
    grad = conv2d_backward(g, x, weight, **how)
    scale = np.abs(y * g).sum() + 1e-300
    for product in (np.sum(x * grad.x), np.sum(weight * grad.weight)):
        assert abs(product - np.sum(y * g)) <= 1e-12 * scale
    agrees(grad.bias, g.sum(axis=(0, 2, 3)))


@quick
@given(calls(), st.floats(-3, 3), st.integers(0, 1000))
def test_gradients_are_linear_in_the_upstream_gradient(agrees, call, factor, seed):
    x, weight, how = call
    g, g2 = np.random.default_rng(seed).standard_normal((2, *conv2d(x, weight, **how).shape))
    both = conv2d_backward(g + factor * g2, x, weight, **how)
    one, other = (conv2d_backward(g, x, weight, **how) for g in (g, g2))
    for together, a, b in zip(both, one, other, strict=True):
        agrees(together, a + factor * b, 1e-10)


@quick
@given(calls(), st.integers(0, 1000))
def test_the_construction_is_the_gradient(agrees, call, seed):
    x, weight, how = call
    g = np.random.default_rng(seed).standard_normal(conv2d(x, weight, **how).shape)
    grad = conv2d_backward(g, x, weight, **how)
    agrees(grad_x_by_construction(g, x, weight, **how).cropped, grad.x)
    agrees(grad_weight_by_construction(g, x, weight, **how).taken, grad.weight)


@quick
@given(calls(), st.integers(0, 1000))
def test_a_cell_gets_a_gradient_iff_a_window_reads_it(call, seed):
    x, weight, how = call
    g = np.random.default_rng(seed).standard_normal(conv2d(x, weight, **how).shape)
    grad_x = conv2d_backward(g, x, weight, **how).x
    without_groups = {name: v for name, v in how.items() if name != "groups"}
    read = coverage(x.shape, weight.shape[2:], **without_groups) > 0
    np.testing.assert_array_equal(grad_x != 0, np.broadcast_to(read, x.shape))


@quick
@given(calls(), st.integers(0, 1000))
def test_the_weight_gradient_is_a_convolution_with_stride_and_dilation_exchanged(
    agrees, call, seed
):
    """Images play the part of channels, and grad_y that of the kernel."""
    x, weight, how = call
    (p_h, p_w), groups = how["padding"], how["groups"]
    g = np.random.default_rng(seed).standard_normal(conv2d(x, weight, **how).shape)
    grads = [
        conv2d(part.swapaxes(0, 1), upstream.swapaxes(0, 1), stride=how["dilation"],
               padding=(p_h, p_w), dilation=how["stride"]).swapaxes(0, 1)
        for part, upstream in zip(np.split(x, groups, axis=1), np.split(g, groups, axis=1),
                                  strict=True)
    ]  # fmt: skip
    # Leftover rows may leave room for further taps; the kernel has no more than kH x kW of them.
    kernel_h, kernel_w = weight.shape[2:]
    grad_weight = conv2d_backward(g, x, weight, **how).weight
    agrees(np.concatenate(grads)[..., :kernel_h, :kernel_w], grad_weight)


@quick
@given(calls(), st.integers(0, 1000))
def test_transposing_a_transposed_convolution_gives_the_convolution(call, seed):
    """<conv_transpose(g), x> = <g, conv(x)>, with every crop and every output_padding."""
    x, weight, how = call
    y = conv2d(x, weight, **how)
    g = np.random.default_rng(seed).standard_normal(y.shape)
    leftover = tuple(
        axis_taps(n, k, s, p, d).leftover
        for n, k, s, p, d in zip(x.shape[2:], weight.shape[2:], how["stride"], how["padding"],
                                 how["dilation"], strict=True)
    )  # fmt: skip
    back = conv_transpose2d(g, weight, output_padding=leftover, **how)
    assert back.shape == x.shape
    assert abs(np.sum(back * x) - np.sum(g * y)) <= 1e-12 * (np.abs(g * y).sum() + 1e-300)
