"""Shapes, parameters and macs of a stack against published figures, and what it sees by a probe."""

from math import prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convcore import ShapeError, avg_pool2d, conv2d, conv_transpose2d, receptive_field
from convcore.stack import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    stack,
)

LENET = [
    Conv2d(1, 6, 5), AvgPool2d(2), Conv2d(6, 16, 5), AvgPool2d(2), Conv2d(16, 120, 5), Flatten(),
    Linear(120, 84), Linear(84, 10),
]  # fmt: skip
ALEXNET = [
    Conv2d(3, 64, 11, stride=4, padding=2), ReLU(), MaxPool2d(3, 2),
    Conv2d(64, 192, 5, padding=2), ReLU(), MaxPool2d(3, 2),
    Conv2d(192, 384, 3, padding=1), ReLU(),
    Conv2d(384, 256, 3, padding=1), ReLU(),
    Conv2d(256, 256, 3, padding=1), ReLU(), MaxPool2d(3, 2),
    Flatten(), Linear(9216, 4096), ReLU(), Linear(4096, 4096), ReLU(), Linear(4096, 1000),
]  # fmt: skip


def vgg16():
    layers, channels = [], 3
    for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
        if width:
            layers += [Conv2d(channels, width, 3, padding=1), ReLU()]
            channels = width
        else:
            layers.append(MaxPool2d(2))
    return layers


def parameters(steps):
    return sum(step.parameters for step in steps)


def macs(steps):
    return sum(step.macs for step in steps)


def test_lenet_5():
    """LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86(11), 1998, section II.B: C1 has 156
    parameters and 122,304 connections (a bias is one), C5 48,120, F6 10,164. Its C3 is connected in
    part; today's is not."""
    steps = stack(LENET, (1, 32, 32))
    shapes = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1), (120,), (84,), (10,)]
    assert [step.output_shape for step in steps] == shapes
    assert steps[0].parameters == 156
    assert steps[0].macs + steps[0].activations == 122_304
    assert steps[4].parameters == steps[4].macs + 120 == 48_120
    assert steps[6].parameters == 10_164


def test_alexnet():
    """torchvision's AlexNet (Krizhevsky's "one weird trick", arXiv:1404.5997): 61,100,840
    parameters, 0.71 GMACs."""
    steps = stack(ALEXNET, (3, 224, 224))
    assert [s.output_shape for s in steps if isinstance(s.layer, MaxPool2d)] == [
        (64, 27, 27), (192, 13, 13), (256, 6, 6),
    ]  # fmt: skip
    assert parameters(steps) == 61_100_840
    assert macs(steps) == 714_188_480


def test_vgg_16():
    """Simonyan and Zisserman, arXiv:1409.1556, configuration D: 138 million parameters; Keras lists
    14,714,688 without the top and 138,357,544 with it; 15.5 GMACs."""
    head = [Flatten(), Linear(25088, 4096), Linear(4096, 4096), Linear(4096, 1000)]
    steps = stack(vgg16(), (3, 224, 224))
    assert steps[-1].output_shape == (512, 7, 7)
    assert parameters(steps) == 14_714_688
    whole = stack([*vgg16(), *head], (3, 224, 224))
    assert parameters(whole) == 138_357_544
    assert macs(whole) == 15_470_264_320


def test_the_stem_of_resnet_18():
    """He et al., arXiv:1512.03385, table 1: 112 x 112 after conv1, 56 x 56 after the pooling."""
    steps = stack([Conv2d(3, 64, 7, 2, 3, bias=False), MaxPool2d(3, 2, 1)], (3, 224, 224))
    assert [step.output_shape for step in steps] == [(64, 112, 112), (64, 56, 56)]
    assert (parameters(steps), macs(steps)) == (9_408, 118_013_952)


def test_the_network_of_the_sheet():
    """B11."""
    layers = [Conv2d(3, 32, 8, 2, 3), MaxPool2d(2), Conv2d(32, 64, 3, 1, 1, bias=False)]
    steps = stack(layers, (3, 128, 128))
    shapes = [(32, 64, 64), (32, 32, 32), (64, 32, 32)]
    assert [step.output_shape for step in steps] == shapes
    assert steps[-1].activations == 65_536
    assert steps[-1].parameters == 18_432


def test_a_fully_connected_layer_costs_more():
    """C2: the ratio of multiplications is H_K W_K / (H W)."""
    (conv,) = stack([Conv2d(3, 8, 5, padding=2, bias=False)], (3, 32, 32))
    flatten, full = stack([Flatten(), Linear(None, conv.activations)], (3, 32, 32))
    assert flatten.output_shape == (3072,)
    assert conv.macs * 32 * 32 == full.macs * 5 * 5


layers = st.one_of(
    st.builds(
        Conv2d, st.none(), st.just(1), st.integers(1, 3), st.integers(1, 2), st.integers(0, 2),
        st.integers(1, 2),
    ),
    st.builds(AvgPool2d, st.integers(2, 3), st.integers(1, 3), st.integers(0, 1), st.booleans()),
    st.builds(
        ConvTranspose2d, st.none(), st.just(1), st.integers(1, 3), st.integers(1, 2),
        st.integers(0, 1), st.integers(0, 1),
    ),
    st.just(ReLU()),
)  # fmt: skip


def through(x, layer):
    """One layer with weights of ones: no two paths cancel, and none is lost."""
    if isinstance(layer, ReLU):
        return x
    if isinstance(layer, AvgPool2d):
        area = np.prod(np.broadcast_to(layer.kernel_size, 2))
        return avg_pool2d(x, layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode) * area
    ones = np.ones((1, 1, layer.kernel_size, layer.kernel_size))
    if isinstance(layer, ConvTranspose2d):
        return conv_transpose2d(
            x, ones, None, layer.stride, layer.padding, layer.output_padding, 1, layer.dilation
        )
    return conv2d(x, ones, None, layer.stride, layer.padding, layer.dilation)


@given(st.integers(1, 9), st.integers(1, 9), st.lists(layers, min_size=1, max_size=3))
def test_what_an_output_sees_is_what_moves_it(height, width, stacked):
    try:
        step = stack(stacked, (1, height, width))[-1]
    except ShapeError:
        assume(False)
    x = np.eye(height * width).reshape(-1, 1, height, width)
    for layer in stacked:
        x = through(x, layer)
    assert x.shape[1:] == step.output_shape
    moved = x[:, 0].reshape(height, width, *step.output_shape[1:]) > 0
    sees = np.einsum("ih,jw->hwij", step.reach_rows, step.reach_columns) > 0
    np.testing.assert_array_equal(moved, sees)


def test_the_reach_spans_the_receptive_field():
    steps = stack(vgg16(), (3, 224, 224))
    fields = [(3, 1, 1) if isinstance(s.layer, Conv2d) else (2, 2) for s in steps
              if not isinstance(s.layer, ReLU)]  # fmt: skip
    third = next(n for n, s in enumerate(steps) if s.output_shape == (256, 28, 28))
    count = sum(not isinstance(s.layer, ReLU) for s in steps[: third + 1])
    seen = np.flatnonzero(steps[third].reach_rows[14])
    assert seen[-1] - seen[0] + 1 == receptive_field(fields[:count]).receptive_field


@pytest.mark.parametrize(
    ("layers", "number", "rule"),
    [
        ([Conv2d(3, 8, 3), Conv2d(9, 8, 3)], 2, "in_channels must be what comes in, 8"),
        ([Conv2d(3, 8, 9)], 1, "the kernel spans 9 rows"),
        ([MaxPool2d(2), MaxPool2d(2), MaxPool2d(3)], 3, "the kernel spans 3 rows"),
        ([Linear(None, 3)], 1, "needs one vector"),
        ([Flatten(), Conv2d(None, 3, 1)], 2, "channels, rows and columns"),
        ([Flatten(), Linear(100, 3)], 2, "in_features must be what comes in, 192"),
        ([Conv2d(3, 8, 3, groups=2)], 1, "groups must divide"),
        ([Conv2d(3, 0, 3)], 1, "out_channels must be at least 1"),
        ([AvgPool2d(2, padding=2)], 1, "at most half of the window"),
        ([ConvTranspose2d(3, 4, 2, 2, output_padding=2)], 1, "output_padding must be smaller"),
        ([ConvTranspose2d(3, 4, 1, 1, padding=4)], 1, "must leave something"),
    ],
)
def test_what_is_refused_says_where(layers, number, rule, form):
    with pytest.raises(ShapeError) as caught:
        stack(layers, (3, 8, 8))
    message = str(caught.value)
    assert message.startswith(f"stack: layer {number}, {type(layers[number - 1]).__name__}: ")
    assert rule in message
    assert form.match(message), message
    assert all(fix["layer"] == number for fix in caught.value.fixes)


def test_activations_are_the_numbers_put_out():
    steps = stack(LENET, (1, 32, 32))
    assert [s.activations for s in steps] == [prod(s.output_shape) for s in steps]
