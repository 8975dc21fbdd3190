"""conv2d against SciPy, ONNX Runtime and JAX, which share no code with it."""

import jax
import numpy as np
import pytest
import scipy.signal
from jax import lax

from convcore import conv2d, same_padding
from tests.onnx_operators import onnx_operator


def pair(value):
    return (value, value) if np.ndim(value) == 0 else tuple(value)


def sides_of(padding, kernel, dilation):
    """Written out here again on purpose: the authority must not use the code it judges."""
    reach = [d * (k - 1) for k, d in zip(kernel, pair(dilation), strict=True)]
    if padding == "valid":
        return [(0, 0), (0, 0)]
    if padding == "same":
        return [(r // 2, r - r // 2) for r in reach]
    if padding == "full":
        return [(r, r) for r in reach]
    return [pair(p) for p in pair(padding)]


def scipy_conv2d(x, weight, bias, stride, sides, dilation, groups):
    x = np.pad(x, [(0, 0), (0, 0), *sides])
    filters, depth, kernel_h, kernel_w = weight.shape
    (d_h, d_w), (s_h, s_w) = pair(dilation), pair(stride)
    spread = np.zeros((filters, depth, d_h * (kernel_h - 1) + 1, d_w * (kernel_w - 1) + 1))
    spread[..., ::d_h, ::d_w] = weight
    y = [
        [
            sum(
                scipy.signal.correlate2d(image[c // (filters // groups) * depth + b], spread[c, b],
                                         "valid")
                for b in range(depth)
            )[::s_h, ::s_w]
            + bias[c]
            for c in range(filters)
        ]
        for image in x
    ]  # fmt: skip
    return np.array(y)


def whole_numbers(rng, *shapes):
    """Operands whose products and sums are exact in float32."""
    return [rng.integers(-9, 10, shape).astype(float) for shape in shapes]


def jax_conv2d(x, weight, stride, padding, dilation, groups):
    with jax.enable_x64(True):
        return np.asarray(
            lax.conv_general_dilated(x, weight, pair(stride), padding, rhs_dilation=pair(dilation),
                                     feature_group_count=groups)
        )  # fmt: skip


def operands(rng, shape, kernel, groups):
    x = rng.standard_normal(shape if len(shape) == 4 else (1, *shape))
    weight = rng.standard_normal((2 * groups, x.shape[1] // groups, *kernel))
    return x, weight, rng.standard_normal(2 * groups)


def test_scipy_agrees(rng, agrees, setting):
    shape, kernel, stride, padding, dilation, groups = setting
    x, weight, bias = operands(rng, shape, kernel, groups)
    sides = sides_of(padding, kernel, dilation)
    y = conv2d(x, weight, bias, stride, padding, dilation, groups)
    agrees(y, scipy_conv2d(x, weight, bias, stride, sides, dilation, groups))


def test_onnx_agrees(rng, agrees, setting_of_120):
    shape, kernel, stride, padding, dilation, groups = setting_of_120
    shapes = (one.shape for one in operands(rng, shape, kernel, groups))
    x, weight, bias = whole_numbers(rng, *shapes)
    (top, bottom), (left, right) = sides_of(padding, kernel, dilation)
    y = conv2d(x, weight, bias, stride, padding, dilation, groups)
    agrees(y, onnx_operator("Conv", x, weight, bias, strides=pair(stride), group=groups,
                            dilations=pair(dilation),
                            pads=[top, left, bottom, right]))  # fmt: skip


def test_jax_agrees(rng, agrees, setting_of_60):
    shape, kernel, stride, padding, dilation, groups = setting_of_60
    x, weight, _ = operands(rng, shape, kernel, groups)
    sides = sides_of(padding, kernel, dilation)
    y = conv2d(x, weight, None, stride, padding, dilation, groups)
    agrees(y, jax_conv2d(x, weight, stride, sides, dilation, groups))


@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("n", [6, 7])
@pytest.mark.parametrize(
    ("word", "dialect"), [("SAME", "tensorflow"), ("SAME_LOWER", "onnx_lower")]
)
def test_jax_same_is_our_dialect(rng, agrees, word, dialect, n, stride, k):
    x, weight = rng.standard_normal((1, 2, n, n + 1)), rng.standard_normal((3, 2, k, k))
    sides = tuple(same_padding(size, k, stride, dialect=dialect) for size in (n, n + 1))
    agrees(conv2d(x, weight, None, stride, sides), jax_conv2d(x, weight, stride, word, 1, 1))


@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("k", [2, 3, 4])
def test_jax_same_with_dilation_is_torch_same(rng, agrees, k, dilation):
    x, weight = rng.standard_normal((1, 1, 7, 8)), rng.standard_normal((1, 1, k, k))
    y = conv2d(x, weight, padding="same", dilation=dilation)
    agrees(y, jax_conv2d(x, weight, 1, "SAME", dilation, 1))


@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("n", [6, 7, 8])
@pytest.mark.parametrize(
    ("word", "dialect"), [("SAME_UPPER", "onnx_upper"), ("SAME_LOWER", "onnx_lower")]
)
def test_onnx_auto_pad_is_our_dialect(rng, agrees, word, dialect, n, stride, k):
    x, weight = whole_numbers(rng, (1, 1, n, n), (1, 1, k, k))
    sides = (same_padding(n, k, stride, dialect=dialect),) * 2
    expected = onnx_operator("Conv", x, weight, auto_pad=word, strides=[stride] * 2,
                             kernel_shape=[k, k])  # fmt: skip
    agrees(conv2d(x, weight, None, stride, sides), expected)
