"""The gradients four ways: from the taps, as constructed, by JAX, by finite differences.

Every setting of the grid, each with a random upstream gradient: ones would hide misplaced ones.
"""

import jax
import numpy as np
import pytest
import scipy.signal
from jax import lax

from convcore import (
    Axis,
    check_vjp,
    conv2d,
    conv2d_backward,
    grad_weight_by_construction,
    grad_x_by_construction,
)


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


def jax_gradients(g, x, weight, stride, padding, dilation, groups):
    """Autodiff of lax's convolution, in float64."""
    batched = x.ndim == 4
    g, x = (g, x) if batched else (g[None], x[None])
    sides = sides_of(padding, weight.shape[2:], dilation)

    def conv(x, weight, bias):
        y = lax.conv_general_dilated(x, weight, pair(stride), sides, rhs_dilation=pair(dilation),
                                     feature_group_count=groups)  # fmt: skip
        return y + bias[:, None, None]

    with jax.enable_x64(True):
        backward = jax.jit(lambda g, *operands: jax.vjp(conv, *operands)[1](g))
        grads = [np.asarray(a) for a in backward(g, x, weight, np.zeros(len(weight)))]
    return grads if batched else [grads[0][0], *grads[1:]]


def problem(rng, setting):
    """(grad_y, x, weight, stride, padding, dilation, groups), random."""
    shape, kernel, stride, padding, dilation, groups = setting
    x = rng.standard_normal(shape)
    weight = rng.standard_normal((2 * groups, shape[-3] // groups, *kernel))
    how = (stride, padding, dilation, groups)
    return rng.standard_normal(conv2d(x, weight, None, *how).shape), x, weight, *how


def test_four_ways_agree(rng, agrees, setting):
    g, x, weight, *how = problem(rng, setting)
    grad = conv2d_backward(g, x, weight, *how)

    agrees(grad_x_by_construction(g, x, weight, *how).cropped, grad.x)
    agrees(grad_weight_by_construction(g, x, weight, *how).taken, grad.weight)
    for ours, jaxs in zip(grad, jax_gradients(g, x, weight, *how), strict=True):
        agrees(ours, jaxs, 1e-12)

    def forward(x, weight, bias):
        return conv2d(x, weight, bias, *how)

    def backward(g, x, weight, bias):
        return conv2d_backward(g, x, weight, *how)

    check = check_vjp(forward, backward, (x, weight, rng.standard_normal(len(weight))))
    assert check, check


def test_each_entry_by_its_own_difference_of_scipys_forward(rng, agrees):
    """Not one scalar but every entry, and through a convolution that is not ours."""
    x, kernel, g = (rng.standard_normal(shape) for shape in [(6, 7), (3, 2), (2, 3)])

    def loss(x, kernel):
        return np.sum(g * scipy.signal.correlate2d(x, kernel, "valid")[::2, ::2])

    def slopes(loss, at):
        steps = 1e-5 * np.eye(at.size).reshape(-1, *at.shape)
        return np.reshape([(loss(at + h) - loss(at - h)) / 2e-5 for h in steps], at.shape)

    grad = conv2d_backward(g[None], x[None], kernel[None, None], stride=2)
    agrees(grad.x[0], slopes(lambda x: loss(x, kernel), x), 1e-9)
    agrees(grad.weight[0, 0], slopes(lambda kernel: loss(x, kernel), kernel), 1e-9)


@pytest.mark.parametrize("groups", [1, 3])
def test_a_deep_narrow_and_a_wide_layer(rng, agrees, groups):
    """Larger than the grid's: many channels, several blocks."""
    x, weight = rng.standard_normal((3, 12, 33, 31)), rng.standard_normal((9, 12 // groups, 5, 4))
    how = ((2, 3), ((3, 1), (0, 2)), (2, 1), groups)
    g = rng.standard_normal(conv2d(x, weight, None, *how).shape)
    for ours, jaxs in zip(
        conv2d_backward(g, x, weight, *how), jax_gradients(g, x, weight, *how), strict=True
    ):
        agrees(ours, jaxs)


def test_the_sample_holds_what_is_hard(sample):
    hard = dict.fromkeys(
        ["leftover row", "leftover column", "padding beyond the kernel", "even kernel", "hole",
         "stride 3", "dilation 3", "padding per side", "groups", "no batch axis"], 0
    )  # fmt: skip
    for shape, kernel, stride, padding, dilation, groups in sample:
        sides = sides_of(padding, kernel, dilation)
        rows, columns = map(Axis, shape[-2:], kernel, pair(stride), sides, pair(dilation))
        hard["leftover row"] += rows.leftover > 0
        hard["leftover column"] += columns.leftover > 0
        hard["padding beyond the kernel"] += any(
            max(axis.padding) > axis.effective_kernel_size - 1 for axis in (rows, columns)
        )
        hard["even kernel"] += any(k % 2 == 0 for k in kernel)
        hard["hole"] += "dilation hole" in rows.unread_causes + columns.unread_causes
        hard["stride 3"] += 3 in pair(stride)
        hard["dilation 3"] += 3 in pair(dilation)
        hard["padding per side"] += np.ndim(padding) == 2
        hard["groups"] += groups > 1
        hard["no batch axis"] += len(shape) == 3
    assert len(set(sample)) >= 500
    assert min(hard.values()) >= 20, hard
