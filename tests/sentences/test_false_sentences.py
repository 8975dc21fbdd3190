"""Sentences that were false or unclear: none of them passes any more."""

import sys
from dataclasses import replace

import pytest

from convview import torch_code
from convview.params import Filters, Gradients, Pooling, Shapes, Slide
from tests.sentences import shown
from tests.sentences.claims import faults
from tests.sentences.kinds import load
from tests.sentences.shown import Said

load()
OUTPUTS = "Direct: windows gathered, one matrix product"
OF_FILTERS = [
    ({"view": "edges"}, "note",
     "x answers to vertical edges, y to horizontal ones; both keep their sign."),
    ({"view": "edges"}, "title of output", "Sobel x"),
    ({"view": "edges"}, "title of magnitude", "Magnitude √(x² + y²)"),
    ({"view": "compare"}, "note", "Largest difference: ≈ 431, ≈ 69 % of the largest answer."),
    ({"view": "blobs"}, "note",
     "An even window has no middle cell: what it makes of a single point lies half a cell off, and "
     "none of its cells is 1 high."),
    ({"view": "cost"}, "note",
     f"The core's choice for 40 × 34 cells: “{OUTPUTS}”, because 1,360 outputs are fewer than "
     "16,384: whole numbers stay whole."),
    ({"view": "design"}, "row", "Corner, windows over its tip | 4 | ≈ 66.7 %"),
    ({"view": "design"}, "head",
     "Test picture of 0 and 1 | Strongest answer | Of the most possible"),
]  # fmt: skip
OF_SHAPES = [  # (layers, shape, place, what is written, what was)
    ("ConvTranspose2d(None,1,1,stride=3)", (1, 2, 2), "row of layer 1", "field 0 or 1", "field 1"),
    ("ConvTranspose2d(None,1,1,stride=3,padding=1)", (1, 2, 2), "row of layer 1", "field 0",
     "field 0 | jump 1/3 | start 1/3"),
    ("Conv2d(None,1,1,padding=2)", (1, 2, 2), "unit", "only cells beyond the border",
     "padding only"),
    ("Conv2d(None,1,1,padding=(1,0));Conv2d(None,1,1)", (1, 2, 2), "unit",
     "reads no input cell, only cells beyond the border", "reads padding only, no input cell"),
    ("Conv2d(None,1,(3,5),padding=(1,2),dilation=(2,1))", (1, 5, 8), "detail", "within 3 or 5 rows",
     "within 3 to 5 rows"),
    ("Conv2d(None,1,(2,1),padding=(2,0),dilation=(3,1),stride=(3,2))", (1, 1, 6),
     "row of layer 1", "unread all", "unread 1 row, 3 columns"),
    ("Conv2d(None,4,(5,3),padding=2)", (1, 8, 8), "row of layer 1", "start (0, −1)",
     "start 0 × −1"),
    ("Conv2d(None,4,3);Linear(4,4)", (1, 8, 8), "totals",
     "(layer 2 stops it)", "(layer 3 stops it)"),
]  # fmt: skip
OF_GRADIENTS = [  # (settings, what is written, what was)
    ({}, "(rows and columns; padding only): appending zeros for it completes the padded input; "
     "dL/dx itself does not need that", "(rows and columns; in x): without zeros appended for it "
     "dL/dx would end 1 cell too early"),
    ({"padding": ((0, 0), (0, 0))}, "in x): without zeros appended for it dL/dx would end 1 "
     "cell too early", "padding only): appending zeros for it completes the padded input; dL/dx "
     "itself does not need that"),
    ({"padding": ((0, 0), (0, 0))}, "2 zeros before, 2 + r = 3 after", "2 zeros on each side"),
    ({"view": "dydx", "operation": "convolution"}, ", the kernel turned by 180°", ""),
    ({"view": "dydx"}, "; taps on padding have no column", ""),
    ({"view": "dydw", "out_channels": 2}, "The im2col matrix stands on the diagonal once for each "
     "filter: each row holds the inputs of its window, and 0 at the weights of other filters",
     "This is the im2col matrix: each row holds the inputs of its window"),
    ({"view": "dydw"}, "This is the im2col matrix: each row holds the inputs of its window",
     "The im2col matrix stands on the diagonal once for each filter: each row holds the inputs of "
     "its window, and 0 at the weights of other filters"),
    ({"view": "dydw", "operation": "convolution"}, ", in the order of the weights as typed", ""),
    ({"size": (6, 8)}, "(rows and columns; padding only)", "(columns; padding only)"),
]  # fmt: skip
OVER = {"size": (5, 5), "kernel_size": (3, 3), "stride": (3, 3), "ceil_mode": True}
PADDED = {"kernel_size": (3, 3), "padding": ((1, 1), (1, 1))}
THREE = {"view": "dialects", "size": (5, 5), "kernel_size": (2, 2), "stride": (3, 3)}
OF_POOLING = [  # (settings, where, what is written, what was or might have been)
    (OVER, "note", "Over the end lies −∞", "Around the input lies −∞"),
    (OVER, "note", "Over the end lies −∞", "In the padding lies −∞"),
    (PADDED, "note", "In the padding lies −∞", "In the padding and over the end lies −∞"),
    (OVER | PADDED | {"size": (6, 6), "stride": (2, 2)}, "note",
     "In the padding and over the end lies −∞", "In the padding lies −∞"),
    (THREE, "note", "(tf.nn.max_pool2d takes numbers for the padding too)",
     "(tf.nn.max_pool2d takes numbers too)"),
    ({"view": "linear"}, "note", "between f(a) + f(b) and f(a + b):", "here:"),
    ({"view": "linear"}, "note", "between f(a) + f(b) and", "between maximum and"),
    ({"view": "linear"}, "note", "less where no cell of a window holds both the maximum of a and "
     "that of b.", "less where a and b have no winner in one place."),
    (THREE, "note", "stride larger than the window", "stride larger than the kernel"),
    ({"size": (5, 5), "dilation": (2, 2)}, "note", "taps of the dilated window",
     "taps of the dilated kernel"),
]  # fmt: skip
TWO = {"kernel": "shift", "in_channels": 2, "out_channels": 2}
OF_SLIDE = [
    ({"operation": "convolution"}, "caption of kernel", "as typed", "turned 180° to slide"),
    (TWO, "note", "mirrored left to right", "mirrored top to bottom"),
    (TWO, "note", "times −1", "times 2"),
    (TWO | {"out_channels": 3}, "note", "mirrored top to bottom", "mirrored left to right"),
    ({"kernel": "sobel_x", "kernel_size": (1, 1)}, "note", "no vertical", "no horizontal"),
    ({"kernel": "sobel_x", "kernel_size": (1, 2)}, "note",
     "of one row is the difference of Sobel without its smoothing",
     "of one row finds no vertical edges: of Sobel only the smoothing is left"),
    ({"kernel": "laplacian", "kernel_size": (2, 3)}, "note", "of rows", "of columns"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "place", "text"), OF_FILTERS)
def test_what_was_said_of_pictures(settings, place, text):
    state = shown.state(Filters(side=40, **settings))
    assert not [one for one in state.said if faults(one, state)]
    assert faults(Said(place, text), state)


@pytest.mark.parametrize(("code", "shape", "place", "now", "before"), OF_SHAPES)
def test_what_was_said_of_stacks(code, shape, place, now, before):
    state = shown.state(Shapes(layers=torch_code.parse(code), shape=shape, at=1))
    (text,) = [one.text for one in state.said if one.place == place and now in one.text]
    assert not [one for one in state.said if faults(one, state)]
    assert faults(Said(place, text.replace(now, before)), state)


@pytest.mark.parametrize(
    ("page", "settings", "place", "now", "before"),
    [*((Pooling, *one) for one in OF_POOLING), *((Slide, *one) for one in OF_SLIDE),
     *((Gradients, at, None, *one) for at, *one in OF_GRADIENTS)],
)
def test_what_was_said_of_windows(page, settings, place, now, before):
    state = shown.state(page(**settings))
    assert not [one for one in state.said if faults(one, state)]
    said = [one for one in state.said if now in one.text and place in (one.place, None)]
    assert said
    assert all(faults(replace(one, text=one.text.replace(now, before)), state) for one in said)


@pytest.mark.parametrize(
    ("settings", "whose"),
    [({}, "note"), ({"padding": ((1, 1), (1, 1))}, "note on PyTorch and ONNX")],
)
def test_what_holds_of_all_libraries_is_not_said_of_one(settings, whose):
    """Cells in a gap of PyTorch's windows, that are in one of TensorFlow's too, or are not."""
    state = shown.state(Pooling(**THREE | settings))
    gaps = [one for one in state.said if "in a gap" in one.text and one.place == whose]
    assert gaps
    assert not [one for one in state.said if faults(one, state)]
    for place in {"note", "note on PyTorch", "note on PyTorch and ONNX", "note on TensorFlow"}:
        assert place == whose or all(faults(replace(one, place=place), state) for one in gaps)


def test_one_letter_for_two_numbers(monkeypatch):
    """The written sum of Gx under the letter y."""
    state = shown.state(Filters(view="edges", side=40))
    monkeypatch.setattr(sys.modules["convview.scenes.filters.closely"], "ACROSS", "y")
    assert "Window" in [one.text for one in state.said if faults(one, state)]
