"""Pooling against JAX and ONNX Runtime, which share no code with it: forward and backward."""

import itertools
import random

import jax
import numpy as np
import pytest
from jax import numpy as jnp

from convcore import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from tests.onnx_operators import onnx_operator


def pair(value):
    return (value, value) if np.ndim(value) == 0 else tuple(value)


def every_setting():
    """(shape, kernel, stride, padding, dilation, ceil_mode), as torch would take them."""
    for setting in itertools.product(
        [(2, 1, 6, 7), (1, 3, 5, 4), (2, 9, 8)],  # x; the last has no batch axis
        [2, 3, (1, 4), (3, 2), (5, 3)],  # kernel
        [None, 1, 2, 3, (2, 1), (4, 3)],  # stride
        [0, 1, (1, 0), (0, 1), (2, 1)],
        [1, 2, (1, 3)],  # dilation
        [False, True],  # ceil_mode
    ):
        shape, kernel, _, padding, dilation, _ = setting
        k, p, d = (np.array(pair(value)) for value in (kernel, padding, dilation))
        if (2 * p <= k).all() and (d * (k - 1) + 1 <= shape[-2:] + 2 * p).all():
            yield setting


SETTINGS = random.Random(11).sample(list(every_setting()), 520)
each_pooling = pytest.mark.parametrize("pooling", SETTINGS, ids=str)


def judged(setting):
    """Rows and columns that each window reads, (out, tap), and whether they lie in x or in its
    padding. Written out here again on purpose: the authority must not use the code it judges."""
    shape, kernel, stride, padding, dilation, ceil_mode = setting
    for n, k, s, p, d in zip(
        shape[-2:], *map(pair, (kernel, stride or kernel, padding, dilation)), strict=True
    ):
        outputs = (n + 2 * p - d * (k - 1) - 1 + (s - 1) * ceil_mode) // s + 1
        if ceil_mode and (outputs - 1) * s >= n + p:
            outputs -= 1
        index = np.array([[o * s - p + u * d for u in range(k)] for o in range(outputs)])
        yield index, (index >= 0) & (index < n), index < n + p


def table(pooling):
    """The cell h * W + w of each (window, tap), whether it lies in x, and in x or its padding."""
    (rows, in_rows, pad_rows), (cols, in_cols, pad_cols) = judged(pooling)
    cells = rows[:, None, :, None] * pooling[0][-1] + cols[None, :, None, :]
    inside = in_rows[:, None, :, None] & in_cols[None, :, None, :]
    padded = pad_rows[:, None, :, None] & pad_cols[None, :, None, :]
    windows = len(rows) * len(cols)
    return *(part.reshape(windows, -1) for part in (cells, inside, padded)), (len(rows), len(cols))


# JAX compiles each shape anew, so all settings are padded to one: planes, cells, windows, taps.
PLANES, CELLS, WINDOWS, TAPS = 3, 72, 96, 15


@jax.jit
def jax_max(x, g, cells, inside, divisor):
    """Each window gathered, then its maximum; and the gradient by autodiff."""
    y, back = jax.vjp(lambda x: jnp.where(inside, x[:, cells], -jnp.inf).max(-1), x)
    return y, back(g)[0]


@jax.jit
def jax_average(x, g, cells, inside, divisor):
    y, back = jax.vjp(lambda x: jnp.where(inside, x[:, cells], 0).sum(-1) / divisor, x)
    return y, back(g)[0]


def by_jax(judge, x, g, pooling, count_include_pad=True):
    """The pooled x, and the gradient of x from an upstream gradient drawn as `g(shape)`."""
    cells, inside, padded, size = table(pooling)
    counted = (padded if count_include_pad else inside).sum(1)
    planes = x.reshape(-1, x.shape[-2] * x.shape[-1])
    g = g((*x.shape[:-2], *size))

    def spread(values, shape, fill=0):
        whole = np.full(shape, fill, values.dtype)
        whole[tuple(map(slice, values.shape))] = values
        return whole

    with jax.enable_x64(True):
        y, grad = judge(
            spread(planes, (PLANES, CELLS)),
            spread(g.reshape(len(planes), -1), (PLANES, WINDOWS)),
            spread(np.where(inside, cells, 0), (WINDOWS, TAPS)),
            spread(inside, (WINDOWS, TAPS), False),
            spread(counted, (WINDOWS,), 1),
        )
    y = np.asarray(y)[: len(planes), : counted.size].reshape(g.shape)
    return y, g, np.asarray(grad)[: len(planes), : planes.shape[1]].reshape(x.shape)


@each_pooling
def test_max_agrees_with_jax(rng, agrees, pooling):
    shape, *how = pooling
    x = rng.permutation(np.arange(np.prod(shape))).reshape(shape) - 30.0  # no ties
    y, g, grad = by_jax(jax_max, x, rng.standard_normal, pooling)
    assert np.array_equal(max_pool2d(x, *how), y)
    agrees(max_pool2d_backward(g, x, *how), grad)


@each_pooling
@pytest.mark.parametrize("count_include_pad", [True, False])
def test_average_agrees_with_jax(rng, agrees, pooling, count_include_pad):
    shape, kernel, stride, padding, _, ceil_mode = pooling
    how = kernel, stride, padding, ceil_mode, count_include_pad
    x = rng.standard_normal(shape)
    dense = (*pooling[:4], 1, ceil_mode)
    y, g, grad = by_jax(jax_average, x, rng.standard_normal, dense, count_include_pad)
    agrees(avg_pool2d(x, *how), y)
    agrees(avg_pool2d_backward(g, x, *how), grad)


def every_pooling():
    """Settings as ONNX takes them, unequal pads too, which torch has not."""
    for setting in itertools.product(
        [(2, 1, 6, 7), (1, 3, 5, 4), (1, 1, 9, 8)],  # x
        [2, 3, (1, 4), (3, 2), (5, 3)],  # kernel
        [1, 2, 3, (2, 1), (4, 3)],  # stride
        [(0, 0), (1, 1), (0, 1), (1, 0), (2, 1)],  # rows of padding before and after
        [(0, 0), (1, 1), (0, 1), (2, 0)],  # columns
        [1, 2, (1, 3)],  # dilation
        [False, True],  # ceil_mode
    ):
        shape, kernel, _, *sides, dilation, _ = setting
        k, p, d = np.array(pair(kernel)), np.array(sides), np.array(pair(dilation))
        if (2 * p <= k[:, None]).all() and (d * (k - 1) + 1 <= shape[-2:] + p.sum(1)).all():
            yield setting


EVERY = list(every_pooling())
POOLINGS = random.Random(12).sample([one for one in EVERY if one[5] == 1], 300)
POOLINGS += random.Random(13).sample([one for one in EVERY if one[5] != 1], 200)


def by_onnx(operator, x, pooling, **attributes):
    _, kernel, stride, (top, bottom), (left, right), dilation, ceil_mode = pooling
    return onnx_operator(
        operator, x, kernel_shape=pair(kernel), strides=pair(stride), dilations=pair(dilation),
        pads=[top, left, bottom, right], ceil_mode=int(ceil_mode), **attributes,
    )  # fmt: skip


@pytest.mark.parametrize("pooling", POOLINGS, ids=str)
def test_max_agrees_with_onnx(rng, pooling):
    shape, kernel, stride, *sides, dilation, ceil_mode = pooling
    x = rng.integers(-99, 100, shape).astype(float)
    y = max_pool2d(x, kernel, stride, sides, dilation, ceil_mode)
    assert np.array_equal(y, by_onnx("MaxPool", x, pooling))


@pytest.mark.parametrize("pooling", [one for one in POOLINGS if one[5] == 1], ids=str)
@pytest.mark.parametrize("count_include_pad", [True, False])
def test_average_agrees_with_onnx(rng, agrees, pooling, count_include_pad):
    shape, kernel, stride, *sides, _, ceil_mode = pooling
    x = rng.integers(-99, 100, shape).astype(float)
    y = avg_pool2d(x, kernel, stride, sides, ceil_mode, count_include_pad)
    expected = by_onnx("AveragePool", x, pooling, count_include_pad=int(count_include_pad))
    agrees(y, expected, 1e-6)


def test_onnx_pads_and_hangs_over_as_the_conventions_say():
    """The cases that the reference evaluator of the package onnx gets wrong."""
    x = np.arange(1.0, 7).reshape(1, 1, 1, 6)
    row = {"kernel_shape": (1, 3), "strides": (1, 2), "pads": (0, 1, 0, 1), "ceil_mode": 1}
    y = [onnx_operator("AveragePool", x, **row, count_include_pad=n).ravel() for n in (1, 0)]
    assert [one.tolist() for one in y] == [[1, 3, 5, 3], [1.5, 3, 5, 6]]
    uneven = {"kernel_shape": (1, 2), "strides": (1, 1), "pads": (0, 0, 0, 1)}
    assert onnx_operator("MaxPool", -x, **uneven).ravel().tolist() == [-1, -2, -3, -4, -5, -6]
