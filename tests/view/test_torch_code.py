"""PyTorch code as text: what is read, where an error points, and that it is never executed."""

import ast
import re
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcore import avg_pool2d
from convcore.stack import (
    AvgPool2d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
)
from convview.torch_code import LONGEST, MOST_LAYERS, CodeError, keras, line, parse, pytorch


def test_a_whole_sequential():
    code = """
    model = nn.Sequential(
        nn.Conv2d(3, 32, 8, stride=2, padding=3),  # the first
        torch.nn.ReLU(inplace=True),
        nn.Sequential(nn.MaxPool2d(2), nn.Dropout(0.5)),
        AvgPool2d((2, 3), count_include_pad=False),
        nn.Flatten(),
        nn.Linear(100, 10, bias=False),
    )
    """
    assert parse(code) == (
        Conv2d(3, 32, 8, stride=2, padding=3),
        ReLU(),
        MaxPool2d(2),
        AvgPool2d((2, 3), count_include_pad=False),
        Flatten(),
        Linear(100, 10, bias=False),
    )


@pytest.mark.parametrize(
    "code",
    [
        "nn.Conv2d(1, 2, 3)\nnn.ReLU()",
        "nn.Conv2d(1, 2, 3), nn.ReLU(),",
        "nn.Conv2d(1, 2, 3); nn.ReLU()",
        "[nn.Conv2d(1, 2, 3), nn.ReLU()]",
        "self.conv = nn.Conv2d(1, 2, 3)\nself.act = nn.ReLU()",
        "Conv2d(in_channels=1, out_channels=2, kernel_size=3)\nReLU()",
    ],
)
def test_ways_to_write_it(code):
    assert parse(code) == (Conv2d(1, 2, 3), ReLU())


def test_positions_are_those_of_torch():
    assert parse("nn.ConvTranspose2d(1, 2, 3, 2, 1, 1, 1, False, 2)") == (
        ConvTranspose2d(1, 2, 3, 2, 1, 1, 1, False, 2),
    )
    assert parse("nn.MaxPool2d(3, 2, 1, 1, False, True)") == (MaxPool2d(3, 2, 1, 1, True),)


@pytest.mark.parametrize(
    ("code", "place", "rule"),
    [
        ("nn.Conv2d(3, 8, 3)\nnn.Conv3d(8, 8, 3)", (2, 1), "Conv3d is not known"),
        ("nn.Conv2d(3, 8)", (1, 1), "needs in_channels, out_channels, kernel_size"),
        ("nn.Conv2d(3, 8, 2.5)", (1, 17), "kernel_size must be a whole number"),
        ("nn.Conv2d(3, 8, k)", (1, 17), "kernel_size must be written as a number here"),
        ("nn.Conv2d(3, 8, 3, padding='full')", (1, 28), "padding must be a whole number"),
        ("nn.Conv2d(3, 8, 3, padding_mode='reflect')", (1, 33), "padding_mode must be 'zeros'"),
        ("nn.Conv2d(3, 8, 3, strides=2)", (1, 28), "got strides"),
        ("nn.Conv2d(3, 8, 3, 1, stride=2)", (1, 30), "each at most once"),
        ("nn.Conv2d(3, 8, (1, 2, 3))", (1, 17), "one number or two"),
        ("nn.Conv2d(3, (8, 8), 3)", (1, 14), "out_channels must be a whole number"),
        ("nn.Conv2d(3, 8, 3, bias=0)", (1, 25), "True or False"),
        ("nn.Conv2d(3, 8, True)", (1, 17), "whole number"),
        ("nn.MaxPool2d(-2)", (1, 14), "from 1 to 100,000"),
        ("nn.ReLU(1, 2)", (1, 12), "at most 1"),
        ("nn.Conv2d(3, 8", (1, 10), "no Python"),
        ("import os", (1, 1), "only layers are read"),
        ("3 + 4", (1, 1), "a layer is a call"),
        ("nn.Sequential(conv=nn.ReLU())", (1, 20), "read here with layers"),
    ],
)
def test_an_error_points_at_its_place(code, place, rule):
    with pytest.raises(CodeError) as caught:
        parse(code)
    assert (caught.value.line, caught.value.column) == place
    assert rule in str(caught.value)


@pytest.mark.parametrize(
    "code",
    [
        "__import__('os').system('touch /tmp/owned')",
        "(lambda: 1/0)()",
        "nn.Conv2d(3, 8, (lambda: 1/0)())",
        "nn.Conv2d(3, 8, [x for x in range(9)])",
        "9" * 5000,
        "nn.Conv2d(3, 8, " + "9" * 5000 + ")",
        "nn.Conv2d(" + "(" * 4000 + ")" * 4000 + ")",
        "nn.Conv2d(3, 8, " + "-" * 3000 + "1)",
        "a." * 3000 + "b()",
        "\0",
        "nn.ReLU()\n" * (MOST_LAYERS + 1),
        "x" * (LONGEST + 1),
    ],
    ids=range(12),
)
def test_nothing_is_executed_and_nothing_breaks(code):
    with pytest.raises(CodeError):
        parse(code)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    with suppress(CodeError):
        parse(text)


sizes = st.one_of(st.integers(1, 9), st.tuples(st.integers(1, 9), st.integers(1, 9)))
pads = st.one_of(st.integers(0, 4), st.tuples(st.integers(0, 4), st.integers(0, 4)))
layers = st.one_of(
    st.builds(Conv2d, st.integers(1, 9), st.integers(1, 9), sizes, sizes,
              st.one_of(pads, st.just("same")), sizes, st.integers(1, 3), st.booleans()),
    st.builds(Conv2d, st.none(), st.integers(1, 9), sizes),
    st.builds(ConvTranspose2d, st.integers(1, 9), st.integers(1, 9), sizes, sizes, pads, pads),
    st.builds(MaxPool2d, sizes, st.one_of(st.none(), sizes), pads, sizes, st.booleans()),
    st.builds(AvgPool2d, sizes, st.one_of(st.none(), sizes), pads, st.booleans(), st.booleans()),
    st.just(ReLU()),
    st.just(Flatten()),
    st.builds(Linear, st.integers(1, 99), st.integers(1, 99), st.booleans()),
)  # fmt: skip


@given(st.lists(layers, max_size=6))
def test_what_is_written_is_read_back(stacked):
    assert parse(pytorch(stacked)) == tuple(stacked)
    assert parse(";".join(map(line, stacked))) == tuple(stacked)


@given(st.lists(layers, max_size=6))
def test_keras_code_is_python(stacked):
    ast.parse(keras(stacked, (3, 32, 32)))


def test_keras_says_what_differs():
    code = keras([Conv2d(3, 8, 3, 2, 1), MaxPool2d(2), ConvTranspose2d(8, 4, 2, 2)], (3, 32, 48))
    assert code.splitlines()[1:-1] == [
        "    keras.Input((32, 48, 3)),",
        "    layers.ZeroPadding2D(1),",
        "    layers.Conv2D(8, 3, strides=2),",
        "    layers.MaxPooling2D(2, strides=2),",
        "    layers.Conv2DTranspose(4, 2, strides=2),",
    ]


@pytest.mark.parametrize(("code", "shape", "notes"), [
    ("MaxPool2d(2, ceil_mode=True)", (3, 8, 8), []),
    ("MaxPool2d(2, ceil_mode=True)", (3, 8, 9), ["Keras pools without ceil_mode: 4×4, not 4×5"]),
    ("MaxPool2d(2, dilation=2)", (3, 8, 8), ["Keras pools without dilation: 4×4, not 3×3"]),
    ("MaxPool2d(3, 1, 1, 2, ceil_mode=True)", (3, 8, 8),
     ["zeros, where PyTorch has -inf: the same if nothing negative comes in",
      "Keras pools without dilation: 8×8, not 6×6"]),
    ("AvgPool2d(3, ceil_mode=True), AvgPool2d(3, ceil_mode=True)", (1, 12, 13),
     ["Keras pools without ceil_mode: 4×4, not 4×5",
      "Keras pools without ceil_mode: 1×1, not 2×2"]),
    ("AvgPool2d(3, 2, ceil_mode=True), Conv2d(1, 1, 2), ReLU()", (1, 4, 4),
     ["Keras pools without ceil_mode: 1×1, not 2×2",
      "no window fits here: 1×1 comes in, not 2×2"]),
    ("MaxPool2d(4, 4, 1, dilation=2), Flatten(), Linear(20, 6)", (1, 21, 19),
     ["zeros, where PyTorch has -inf: the same if nothing negative comes in",
      "Keras pools without dilation: 5×5, not 5×4", "so that the order is PyTorch's",
      "25 numbers come in here, not 20"]),
    ("MaxPool2d(2, ceil_mode=True), Flatten(), Linear(16, 6)", (1, 7, 8),
     ["Keras pools without ceil_mode: 3×4, not 4×4", "so that the order is PyTorch's",
      "12 numbers come in here, not 16"]),
    ("MaxPool2d(3, 2, dilation=3, ceil_mode=True)", (1, 12, 12),
     ["Keras pools without ceil_mode and dilation: 5×5, not 4×4"]),
    ("MaxPool2d((2, 3), (2, 1), dilation=(1, 2)), MaxPool2d(1, (1, 2), ceil_mode=True)",
     (1, 24, 41), ["Keras pools without dilation: 12×39, not 12×37"]),  # 12×20 behind it, not 12×19
    ("AvgPool2d(3, 2, ceil_mode=True)", (1, 2, 4),
     ["Keras pools without ceil_mode: no window fits and nothing comes out, not 1×2"]),
])  # fmt: skip
def test_keras_says_where_its_poolings_give_another_size(code, shape, notes):
    said = keras(parse(code), shape)
    assert re.findall(r"  # (.*)", said) == notes


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("Conv2d(3, 8, {[]})", (1, 14)),
        ("ReLU(inplace={[]})", (1, 14)),
        ("Conv2d(3, 8, 3, stride=None)", (1, 24)),
        ("\n\n  ReLU(\n\nFoo(", (5, 4)),
        ("  ReLU()\n  Foo(3)", (2, 3)),
        ("\u00fc = ReLU(); Foo(3)", (1, 13)),
        ("  ReLU()\n  Foo(", (2, 6)),
    ],
)
def test_what_stands_elsewhere_or_nowhere_is_refused_at_its_place(code, place):
    with pytest.raises(CodeError) as error:
        parse(code)
    assert (error.value.line, error.value.column) == place


def test_keras_says_what_it_refuses_and_where_it_differs():
    for kind in (Conv2d, ConvTranspose2d):
        for stride, dilation, refused in ((2, 2, 1), ((1, 2), (2, 1), 1), (1, 2, 0), (2, 1, 0)):
            code = keras((kind(None, 4, 3, stride=stride, dilation=dilation),), (1, 16, 16))
            assert code.count("# Keras refuses a stride together with a dilation") == refused
    wide = keras((ConvTranspose2d(None, 3, 2, stride=3),), (2, 7, 9))
    assert "output_padding=0" in wide


def test_zeros_of_a_layer_before_count_in_the_divisor():
    """Of Keras, which pads with a layer of its own; PyTorch's do not."""
    for counted in (True, False):
        layer = AvgPool2d(3, 2, 1, count_include_pad=counted)
        code = keras((layer,), (1, 8, 8))
        assert "layers.ZeroPadding2D(1)," in code
        noted = "# these zeros count in the divisor, PyTorch's do not" in code
        padded = avg_pool2d(np.pad(np.ones((1, 1, 8, 8)), ((0, 0), (0, 0), (1, 1), (1, 1))), 3, 2)
        by_torch = avg_pool2d(np.ones((1, 1, 8, 8)), 3, 2, 1, count_include_pad=counted)
        assert noted == (not np.array_equal(padded, by_torch))
