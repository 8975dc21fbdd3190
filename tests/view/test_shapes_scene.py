"""The shapes page: the numbers of the table and the formulas, what a unit sees, every act."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from convcore.stack import AvgPool2d, Conv2d, ConvTranspose2d, Flatten, Linear, MaxPool2d, stack
from convview import query, torch_code
from convview.exercises import EXERCISES
from convview.params import Shapes
from convview.scenes import shapes
from convview.stacks import STACKS


def preset(name, at=1):
    return shapes.Seen(Shapes(layers=STACKS[name].layers, shape=STACKS[name].shape, at=at))


def exercise(name):
    return shapes.Seen(next(one.params for one in EXERCISES if one.name == name))


def amounts(row):
    return [int(one["text"].replace(",", "")) for one in row["amounts"]]


@pytest.mark.parametrize("name", STACKS)
def test_the_table_has_the_numbers_of_the_core(name):
    found = preset(name)
    assert found.error is None
    steps = stack(STACKS[name].layers, STACKS[name].shape)
    rows = shapes.table(found)["rows"]
    assert len(rows) == len(steps)
    for row, step in zip(rows, steps, strict=True):
        assert amounts(row) == [step.parameters, step.macs, 4 * step.activations]
        assert row["output"] == " × ".join(map(str, step.output_shape))


def test_b11():
    """32x64x64 -> 32x32x32 -> 64x32x32 = 65,536 scalars; the last layer has 18,432 weights."""
    rows = shapes.table(exercise("B11"))["rows"]
    assert [row["output"] for row in rows] == ["32 × 64 × 64", "32 × 32 × 32", "64 × 32 × 32"]
    assert amounts(rows[2]) == [18_432, 18_874_368, 4 * 65_536]


def test_c1_says_the_floor():
    words = list(shapes.formulas(exercise("C1")))
    assert words[0] == "Output size = ⌊(32 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 15"
    assert shapes.table(exercise("C1"))["rows"][0]["sees"]["unread"] == "1 row, 1 column"


def test_c2_compares_with_a_fully_connected_layer():
    found = exercise("C2")
    (_, before), step = found.steps[:2], found.steps[1]
    (words,) = [one for one in shapes.formulas(found) if "fully connected" in one]
    full = 4 * 15 * 15 * 8 * 8 * 8
    assert f"= {full:,} multiplications" in words
    assert before.macs * 15 * 15 == full * 9
    assert "3·3 / (15·15) = 1/25 of them" in words
    assert step.macs == before.macs


def test_e6_grows_with_each_layer():
    rows = shapes.table(exercise("E6"))["rows"]
    assert [row["sees"]["field"] for row in rows] == ["3", "7", "15", "31"]
    assert [row["sees"]["jump"] for row in rows] == ["2", "4", "8", "16"]


def test_vgg_16_sees_212_pixels_at_its_end():
    rows = shapes.table(preset("vgg"))["rows"]
    assert rows[-1]["sees"] == {"field": "212", "jump": "32", "start": "15.5", "unread": ""}


def test_a_transposed_convolution_halves_the_jump():
    rows = shapes.table(preset("updown"))["rows"]
    assert [row["sees"]["jump"] for row in rows] == ["2", "2", "1"]
    assert rows[-1]["sees"]["start"] == "−0.5"  # half an input cell outside: 4 taps, stride 2
    assert rows[-1]["output"] == "3 × 32 × 32"


@pytest.mark.parametrize(
    ("code", "sees", "said"),
    [("ConvTranspose2d(None,1,1,stride=3)", {"field": "0 or 1", "jump": "1/3", "start": "0"},
      "12 of 16 units read no input cell: their output is the bias alone."),
     ("ConvTranspose2d(None,1,1,stride=3,padding=1)", {"field": "0"},
      "No unit of this layer reads an input cell: its output is the bias alone."),
     ("Conv2d(None,1,(1,3),padding=(0,3),bias=False)",
      {"field": "1 × 3", "jump": "1", "start": "(0, −2)"},
      "4 of 12 units read no input cell: their output is 0.")],
)  # fmt: skip
def test_units_that_read_nothing(code, sees, said):
    """By hand, of 2 × 2 cells: 2 of 4 places along each axis are stamped, or 4 of 6 in a row."""
    found = shapes.Seen(Shapes(layers=torch_code.parse(code), shape=(1, 2, 2), at=1))
    row = shapes.table(found)["rows"][0]["sees"]
    assert {name: text for name, text in row.items() if name != "unread"} == sees
    assert shapes.detail(found)["sentences"][-1] == said


@pytest.mark.parametrize("name", STACKS)
def test_the_field_view_sends_what_each_unit_reads(name):
    steps = stack(STACKS[name].layers, STACKS[name].shape)
    at = max(n for n, step in enumerate(steps, 1) if step.reach_rows is not None)
    found = preset(name, at)
    view, step = shapes.view(found), steps[at - 1]
    for tables, reach in ((view["rows"], step.reach_rows), (view["cols"], step.reach_columns)):
        whole = np.zeros(reach.shape)
        for row, (first, counts) in zip(whole, tables, strict=True):
            row[first : first + len(counts)] = counts
        np.testing.assert_array_equal(whole, reach)


def test_behind_a_flatten_there_is_nothing_to_see():
    found = preset("lenet", 10)
    assert shapes.view(found) is None
    assert shapes.table(found)["rows"][9]["sees"] == {}


def test_a_stack_that_cannot_work_says_where_and_shows_what_works():
    params = Shapes(layers=(Conv2d(3, 8, 5), Conv2d(9, 8, 3), Conv2d(None, 4, 1)), shape=(3, 8, 8))
    found = shapes.Seen(params)
    rows = shapes.table(found)["rows"]
    assert rows[0]["output"] == "8 × 4 × 4"
    assert rows[1]["error"] == "in_channels must be what comes in, 8; got 9."
    assert "output" not in rows[2]
    (fix,) = found.error.fixes
    assert shapes.Seen(shapes.mended(params, fix)).error is None


def act(params, **what):
    return shapes.acted(params, what)


def test_the_acts_of_the_table():
    params = Shapes()
    assert act(params, act="look", place=2).at == 3
    assert [type(one).__name__ for one in act(params, act="up", place=1).layers] == [
        "MaxPool2d", "Conv2d", "Conv2d",
    ]  # fmt: skip
    assert act(params, act="up", place=0) == params
    assert act(params, act="down", place=2) == params
    assert len(act(params, act="remove", place=0).layers) == 2
    assert len(act(params, act="add", place=2).layers) == 4
    assert len(act(replace(params, layers=()), act="add", place=-1).layers) == 1
    assert act(params, act="edit", place=0, name="kernel_size", text="5").layers[0].kernel_size == 5
    assert act(params, act="edit", place=0, name="stride", text="3 x 2").layers[0].stride == (3, 2)
    assert (
        act(params, act="edit", place=0, name="padding", text="valid").layers[0].padding == "valid"
    )
    assert act(params, act="edit", place=1, name="ceil_mode", on=True).layers[1].ceil_mode
    strided = act(params, act="edit", place=1, name="stride", text="1")
    assert strided.layers[1].stride == 1
    assert act(strided, act="edit", place=1, name="stride", text="").layers[1].stride is None


def test_a_linear_layer_gets_its_flatten():
    params = Shapes(layers=(Conv2d(None, 4, 3), Linear(None, 10)))
    (fix,) = shapes.Seen(params).error.fixes
    mended = shapes.mended(params, fix)
    assert shapes.Seen(mended).error is None
    assert len(mended.layers) == 3


def test_another_kind_keeps_what_both_have():
    params = act(Shapes(), act="kind", place=0, kind="ConvTranspose2d")
    assert params.layers[0] == ConvTranspose2d(None, 32, 8, 2, 3)
    params = act(Shapes(), act="kind", place=1, kind="AvgPool2d")
    assert params.layers[1] == AvgPool2d(2)


@pytest.mark.parametrize(
    "what",
    [
        {"act": "edit", "place": 0, "name": "kernel_size", "text": "abc"},
        {"act": "edit", "place": 0, "name": "kernel_size", "text": "2.5"},
        {"act": "edit", "place": 0, "name": "kernel_size", "text": "65"},
        {"act": "edit", "place": 0, "name": "kernel_size", "text": "3) or (4"},
        {"act": "edit", "place": 0, "name": "kernel_size", "text": "__import__('os')"},
        {"act": "edit", "place": 0, "name": "kernel_size", "text": ""},
        {"act": "edit", "place": 0, "name": "padding", "text": "-1"},
    ],
    ids=str,
)
def test_what_the_table_refuses(what):
    with pytest.raises(ValueError, match=r"kernel.size|padding"):
        shapes.acted(Shapes(), what)


@pytest.mark.parametrize(
    "what", [{}, {"act": "remove", "place": 9}, {"act": "edit", "place": 0, "name": "x"},
             {"act": "kind", "place": 0, "kind": "Conv9d"}, {"act": "nonsense"}], ids=str,
)  # fmt: skip
def test_an_act_that_means_nothing_changes_nothing(what):
    assert shapes.acted(Shapes(), what) == Shapes()


def test_at_most_so_many_layers():
    params = Shapes(layers=(MaxPool2d(1),) * torch_code.MOST_LAYERS)
    with pytest.raises(ValueError, match="At most"):
        act(params, act="add", place=0)


@pytest.mark.parametrize("name", STACKS)
def test_the_copied_code_is_the_stack(name):
    found = preset(name)
    layers = torch_code.parse(torch_code.pytorch(shapes.filled(found)))
    again = shapes.Seen(Shapes(layers=layers, shape=STACKS[name].shape))
    assert again.error is None
    assert [s.output_shape for s in again.steps] == [s.output_shape for s in found.steps]
    assert all(getattr(layer, "in_channels", 1) is not None for layer in layers)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"shape": ["3x0x5"]}, {"shape": (3, 1, 5)}),
        ({"shape": ["9999x9999x9999"]}, {"shape": (4096, 1024, 1024)}),
        ({"shape": ["3x3"]}, {}),
        ({"layers": ["import os"]}, {}),
        ({"layers": ["Conv2d(3,8,1000)"]}, {}),
        ({"layers": [""]}, {"layers": ()}),
        ({"at": ["77"]}, {"at": 60}),
    ],
    ids=str,
)
def test_a_broken_link_gives_the_nearest_page(asked, shown):
    params, notices = query.read(Shapes, asked)
    assert params == replace(Shapes(), **shown)
    assert bool(notices) == (asked != {"layers": [""]})
    shapes.table(shapes.Seen(params))


def test_hostile_stacks_cost_little():
    """Transposed convolutions that multiply the size are stopped where memory would end."""
    layers = (ConvTranspose2d(None, 8, 64, 64),) * 6
    found = shapes.Seen(Shapes(layers=layers, shape=(3, 64, 64)))
    assert len(found.steps) == 1
    assert "at most 4096 rows" in str(found.error)
    assert shapes.table(found)["rows"][1]["error"]


def looked(code, shape, at=1):
    return shapes.Seen(Shapes(layers=torch_code.parse(code), shape=shape, at=at))


def test_the_formula_of_a_transposed_layer_has_its_own_numbers():
    """output_padding may reach the stride, under a larger dilation."""
    found = looked("ConvTranspose2d(1, 1, 2, stride=1, dilation=3, output_padding=2)", (1, 7, 6))
    assert list(shapes.formulas(found))[:2] == [
        "Output rows = (7 − 1)·1 − 2·0 + 3·(2 − 1) + 2 + 1 = 12",
        "Output columns = (6 − 1)·1 − 2·0 + 3·(2 − 1) + 2 + 1 = 11",
    ]


def test_a_dropped_window_is_told():
    words = list(shapes.formulas(looked("MaxPool2d(2, 4, 1, ceil_mode=True)", (1, 7, 7))))
    assert words[0].endswith(
        "+ 1 = 3; the last window would start past the input and is dropped: 2"
    )


def test_what_a_transposed_layer_crops_is_never_read():
    rows = shapes.table(looked("ConvTranspose2d(2, 3, 1, stride=1, padding=1)", (2, 5, 5)))["rows"]
    assert rows[0]["sees"]["unread"] == "2 rows, 2 columns"


def test_more_multiplications_than_a_linear_layer():
    found = looked("Conv2d(1, 4, 4, padding='same', dilation=2)", (1, 2, 2))
    assert "= 4 times as many" in " ".join(shapes.formulas(found))


@pytest.mark.parametrize(
    ("at", "act", "after"),
    [
        (3, {"act": "up", "place": 2}, 2),
        (3, {"act": "down", "place": 1}, 2),
        (1, {"act": "down", "place": 1}, 1),
        (3, {"act": "remove", "place": 0}, 2),
        (1, {"act": "remove", "place": 2}, 1),
        (1, {"act": "add", "place": 2}, 4),
    ],
)
def test_the_layer_looked_at_is_followed(at, act, after):
    params = Shapes(at=at)
    assert len(params.layers) == 3
    changed = shapes.acted(params, act)
    assert changed.at == after
    if act["act"] in ("up", "down"):
        assert changed.layers[after - 1] == params.layers[at - 1]


@pytest.mark.parametrize(
    "text", ["{[]}", "3)#", "3);Dropout(p=1", "1_0", "0x10", "None", "", "3.0"]
)
def test_a_field_takes_numbers_and_nothing_else(text):
    act = {"act": "edit", "place": 0, "name": "stride", "text": text}
    if text == "0x10":  # rows x columns
        assert shapes.Seen(shapes.acted(Shapes(), act)).error.layer == 1
        return
    with pytest.raises(ValueError, match="must be"):
        shapes.acted(Shapes(), act)


@pytest.mark.parametrize(("stride", "then"), [("None", "2"), ("(2, 1)", "2, 1")])
def test_the_stride_of_a_pooling_stays_when_its_kernel_changes(stride, then):
    """As it is shown; emptied, it follows the kernel."""
    params = looked(f"MaxPool2d(2, {stride})", (3, 9, 9)).params
    act = {"act": "edit", "place": 0, "name": "kernel_size", "text": "3"}
    changed = shapes.acted(params, act)
    entries = shapes.table(shapes.Seen(changed))["rows"][0]["fields"]
    shown = {entry["name"]: entry.get("text") for entry in entries}
    assert (shown["kernel_size"], shown["stride"]) == ("3", then)
    emptied = shapes.acted(changed, act | {"name": "stride", "text": ""})
    assert emptied.layers[0] == MaxPool2d(3)


def test_totals_say_of_how_many_layers():
    broken = looked("Conv2d(3, 8, 3); Linear(None, 2)", (3, 9, 9))
    assert shapes.table(broken)["totals"][-1] == "for 1 of 2 layers (layer 2 stops it)"
    assert shapes.table(preset("sheet"))["totals"][-1] == "in all"


def test_a_chosen_unit_is_sent_and_forgotten_with_its_layer():
    params = shapes.pinned(Shapes(), {"row": 3, "col": 5})
    assert shapes.view(shapes.Seen(params))["unit"] == [3, 5]
    assert query.write(params)["unit"] == "3x5"
    assert shapes.view(shapes.Seen(shapes.pinned(params, None)))["unit"] is None
    assert (
        shapes.view(shapes.Seen(shapes.acted(params, {"act": "look", "place": 1})))["unit"] is None
    )


@pytest.mark.parametrize(
    "code",
    [
        "Conv2d(1, 1, 8000, padding=5000)",
        ";".join(["ConvTranspose2d(1, 1, 4, 4)", *["Conv2d(1, 1, 301, padding=150)"] * 40]),
    ],
)
def test_a_stack_too_large_to_be_looked_into_is_refused(code):
    tracemalloc.start()
    error = looked(code, (1, 1024, 1023)).error
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "tied too often" in str(error)
    assert most < 300e6


def test_a_word_of_padding_belongs_to_convolutions():
    same = act(Shapes(layers=(Conv2d(None, 4, 3),)), act="edit", place=0, name="padding",
               text="same")  # fmt: skip
    for kind in ("ConvTranspose2d", "MaxPool2d", "AvgPool2d"):
        turned = act(same, act="kind", place=0, kind=kind)
        assert shapes.Seen(turned).error is None
        assert shapes.table(shapes.Seen(turned))
        with pytest.raises(ValueError, match="padding must be a whole number"):
            act(turned, act="edit", place=0, name="padding", text="same")


def test_a_repair_helps_and_stands_in_a_link():
    same = act(Shapes(), act="edit", place=0, name="padding", text="same")  # stride 2: refused
    repairs = [shapes.mended(same, fix) for fix in shapes.Seen(same).error.fixes]
    assert any(repairs)
    for one in filter(None, repairs):
        assert shapes.table(shapes.Seen(one))["rows"][0]["sees"]
        link = {name: [text] for name, text in query.write(one).items()}
        assert query.read(Shapes, link) == (one, [])
    large = Shapes(layers=(MaxPool2d(2, padding=64),))
    padding, window = shapes.Seen(large).error.fixes
    assert shapes.mended(large, padding).layers[0].padding == 1
    assert "kernel_size" in window
    assert shapes.mended(large, window) is None  # no link holds a window of 128


def test_a_flattened_photograph_fits_a_linear_layer():
    params = Shapes(layers=(Flatten(), Linear(784, 10)), shape=(3, 224, 224))
    (mended,) = [shapes.mended(params, fix) for fix in shapes.Seen(params).error.fixes]
    assert mended.layers[1].in_features == 150528


@pytest.mark.parametrize("done", [{"act": "add", "place": 0}, {"act": "remove", "place": 0}])
def test_a_unit_is_forgotten_with_its_layer_however_it_goes(done):
    params = shapes.pinned(Shapes(), {"row": 3, "col": 5})
    assert act(params, **done).unit == (-1, -1)
