"""The shapes page in a browser: every number of its table, its acts, and what a unit sees."""

import os
import re
import signal
from collections.abc import Callable
from urllib.parse import unquote

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from convcore.stack import stack
from convview import query, torch_code
from convview.params import Shapes
from convview.stacks import STACKS
from tests.browser.app_server import AppServer
from tests.browser.drawers import open_drawer
from tests.browser.visit import wait_idle

Goto = Callable[..., Page]
FIRST = "sees 1 × 1 = 1 input cell, row 0, column 0; read once."
SEES = ("Sees", "Jump", "Start")
MEANT = {  # what the numbers below it are, as tests/sentences/kinds/shapes.py takes them
    "MACs": "Multiply-accumulates",
    "Sees": "Receptive field: cells from the first to the last that a unit reads, rows × columns "
            "where they differ, cells beyond the border included; behind a transposed convolution "
            "those of the input alone, fewest to most",
    "Jump": "Input cells between two neighbouring units, (down, across) where they differ; behind "
            "a transposed convolution on average",
    "Start": "Where the first unit is centred, the middle of its windows traced back, (row, "
             "column) where they differ; the first input cell is 0",
    "Never read": "What comes in and goes into no unit",
}  # fmt: skip
SCALE = (
    "As high as there are rows, as wide as there are channels, each on a scale of its own and "
    "never thinner than a line; columns are not drawn."
)


def opened(goto: Goto, params: Shapes) -> Page:
    page = goto("/shapes", **query.write(params))
    page.wait_for_selector("[data-testid=layers] table")
    return page


def rows(page: Page) -> Locator:
    return page.locator("[data-testid=layers] tbody tr")


def typed(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")


def output(page: Page, place: int) -> Locator:
    return rows(page).nth(place).locator("td[data-head=Output]")


@pytest.mark.parametrize("name", STACKS)
def test_every_number_of_a_stack(goto: Goto, name: str) -> None:
    one = STACKS[name]
    page = opened(goto, Shapes(layers=one.layers, shape=one.shape))
    steps = stack(one.layers, one.shape)
    expect(rows(page)).to_have_count(len(steps))
    expect(page.locator("[data-testid=layers] .scale")).to_have_text(SCALE)
    heads = page.locator("[data-testid=layers] th[title]")
    titles = {head.inner_text(): head.get_attribute("title") for head in heads.all()}
    assert titles == MEANT
    for place, step in enumerate(steps):
        cells = {
            head: rows(page).nth(place).locator(f'td[data-head="{head}"]').inner_text()
            for head in ("Output", "Parameters", "MACs", "Memory, bytes")
        }
        assert cells == {
            "Output": " × ".join(map(str, step.output_shape)),
            "Parameters": f"{step.parameters:,}",
            "MACs": f"{step.macs:,}",
            "Memory, bytes": f"{4 * step.activations:,}",
        }


def test_a_setting_is_typed_and_stands_in_the_link(goto: Goto) -> None:
    page = opened(goto, Shapes())
    typed(page, "kernel of layer 1", "5")
    expect(output(page, 0)).to_have_text("32 × 65 × 65")
    page.wait_for_url(re.compile("layers="))
    page.reload()
    page.wait_for_selector("[data-testid=layers] table", timeout=20_000)
    expect(output(page, 0)).to_have_text("32 × 65 × 65")
    wait_idle(page)
    page.go_back()
    expect(output(page, 0)).to_have_text("32 × 64 × 64")


def test_rows_and_columns_apart(goto: Goto) -> None:
    page = opened(goto, Shapes())
    typed(page, "stride of layer 1", "1 x 4")
    expect(output(page, 0)).to_have_text("32 × 127 × 32")
    expect(page.get_by_label("stride of layer 1", exact=True)).to_have_value("1, 4")


def test_what_is_no_number_is_refused_and_stays(goto: Goto) -> None:
    page = opened(goto, Shapes())
    typed(page, "kernel of layer 1", "abc")
    expect(page.get_by_text("Layer 1: kernel size must be a whole number")).to_be_visible()
    expect(page.get_by_label("kernel of layer 1", exact=True)).to_have_value("abc")
    expect(output(page, 0)).to_have_text("32 × 64 × 64")
    typed(page, "kernel of layer 1", "7")
    expect(output(page, 0)).to_have_text("32 × 64 × 64")  # (128 + 6 - 7) / 2 as well
    expect(page.get_by_text("Layer 1: kernel size must be a whole number")).to_have_count(0)


def test_what_was_refused_is_marked_until_it_is_mended(goto: Goto) -> None:
    page = opened(goto, Shapes())
    typed(page, "kernel of layer 1", "abc")
    box = page.get_by_label("kernel of layer 1", exact=True)
    expect(box).to_have_attribute("aria-invalid", "true")
    typed(page, "padding of layer 2", "1")
    expect(output(page, 1)).to_have_text("32 × 33 × 33")
    expect(box).to_have_value("abc")
    expect(box).to_have_attribute("title", "Not taken; 8 counts")
    typed(page, "kernel of layer 1", "8")
    expect(box).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize("text", ["8 ", " 8", "(8)", "8\t"])
def test_what_was_taken_is_not_marked_however_it_was_typed(goto: Goto, text: str) -> None:
    """Also where the number is the one that stood there before."""
    page = opened(goto, Shapes())
    box = page.get_by_label("kernel of layer 1", exact=True)
    typed(page, "kernel of layer 1", text)
    expect(box).to_have_value("8")
    expect(box).not_to_have_attribute("aria-invalid", "true")
    typed(page, "kernel of layer 1", "8, 3")
    expect(output(page, 0)).to_have_text("32 × 64 × 66")  # ⌊(128 + 6 − 3) / 2⌋ + 1
    typed(page, "kernel of layer 1", "8×3 ")
    expect(box).to_have_value("8, 3")
    expect(box).not_to_have_attribute("aria-invalid", "true")
    typed(page, "stride of layer 2", "")  # empty: as far as the window is wide
    stride = page.get_by_label("stride of layer 2", exact=True)
    expect(stride).to_have_value("2")
    expect(stride).not_to_have_attribute("aria-invalid", "true")


def test_code_and_choice_follow_the_table(goto: Goto) -> None:
    page = opened(goto, Shapes())
    open_drawer(page, "Copy as PyTorch or Keras")
    typed(page, "out of layer 3", "7")
    expect(page.get_by_text("nn.Conv2d(32, 7, 3")).to_be_visible()
    expect(page.get_by_role("combobox", name="Stack")).to_have_value("Your own")


def test_layers_are_added_moved_and_removed_by_keyboard(goto: Goto) -> None:
    page = opened(goto, Shapes())
    page.get_by_role("button", name="Add a layer").press("Enter")
    expect(rows(page)).to_have_count(4)
    page.get_by_role("button", name="Move up layer 4").press("Enter")
    expect(page.get_by_label("Kind of layer 3")).to_have_value("Conv2d")
    expect(page.get_by_role("button", name="Move up layer 3")).to_be_focused()
    page.get_by_role("button", name="Remove layer 3").press("Enter")
    expect(rows(page)).to_have_count(3)
    page.get_by_label("Kind of layer 3").select_option("AvgPool2d")
    expect(output(page, 2)).to_have_text("32 × 32 × 32")  # window, stride and padding are kept


def test_no_act_is_lost_to_a_quicker_one(goto: Goto) -> None:
    page = opened(goto, Shapes())
    for _ in range(5):
        page.get_by_role("button", name="Add a layer").click()
    expect(rows(page)).to_have_count(8)


def test_acts_in_one_moment_all_count(goto: Goto) -> None:
    page = opened(goto, Shapes())
    adder = page.get_by_role("button", name="Add a layer")
    adder.evaluate("button => { for (let n = 0; n < 8; n++) button.click(); }")
    expect(rows(page)).to_have_count(11)


def test_an_emptied_field_is_refused(goto: Goto) -> None:
    page = opened(goto, Shapes())
    typed(page, "stride of layer 1", "")
    expect(page.get_by_text("Layer 1: stride must be a whole number")).to_be_visible()
    expect(output(page, 0)).to_have_text("32 × 64 × 64")


def test_the_keyboard_stays_with_a_layer_at_the_end(goto: Goto) -> None:
    page = opened(goto, Shapes())
    page.get_by_role("button", name="Move down layer 2").press("Enter")
    expect(page.get_by_label("Kind of layer 3")).to_have_value("MaxPool2d")
    expect(page.get_by_role("button", name="Move up layer 3")).to_be_focused()


def test_a_chosen_unit_stands_in_the_link(goto: Goto) -> None:
    page = opened(goto, Shapes(at=3))
    field = page.get_by_test_id("field")
    map_of_units = field.locator("canvas").first
    map_of_units.click(position={"x": 2, "y": 2})
    page.mouse.move(0, 0)
    expect(field).to_have_attribute("data-row", "0")
    page.wait_for_url(re.compile("unit=0"))
    page.reload()
    page.wait_for_selector("[data-testid=layers] table", timeout=20_000)
    expect(field).to_have_attribute("data-row", "0")
    map_of_units.press("Escape")
    expect(field).to_have_attribute("data-row", "16")
    page.wait_for_url(lambda url: "unit" not in url)


def test_a_stack_that_cannot_work_is_repaired_by_a_button(goto: Goto) -> None:
    page = goto("/shapes", layers="Conv2d(3,8,5);Linear(None,3)", shape="3x9x9")
    expect(page.get_by_text("Layer 2 cannot work")).to_be_visible()
    page.get_by_role("button", name="Put Flatten before layer 2").click()
    expect(rows(page)).to_have_count(3)
    expect(output(page, 2)).to_have_text("3")


def test_pasted_code_is_read_and_an_error_points_at_its_place(goto: Goto) -> None:
    page = opened(goto, Shapes())
    open_drawer(page, "Paste PyTorch layers")
    box = page.get_by_label(re.compile("^Layers, one below"))
    box.fill("nn.Conv2d(3, 8, 3)\nnn.Conv3d(8, 8, 3)")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("Line 2, column 1: Conv3d is not known here")).to_be_visible()
    expect(box).to_have_value("nn.Conv2d(3, 8, 3)\nnn.Conv3d(8, 8, 3)")
    box.fill("nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2))")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(output(page, 2)).to_have_text("8 × 63 × 63")
    box.fill("nn.Dropout(0.5)")
    page.get_by_role("button", name="Read", exact=True).click()
    expect(page.get_by_text("Dropout is left out: it changes neither")).to_be_visible()
    expect(output(page, 2)).to_have_text("8 × 63 × 63")


def read_words(times: np.ndarray) -> str:
    """What the map says of how often each cell is read."""
    read = times[times > 0]
    most = int(read.max())
    often = "once" if most == 1 else f"{most:,} times"
    if (read == most).all():
        return f"; {'each ' * (len(read) > 1)}read {often}."
    several = np.count_nonzero(read == most) > 1
    if several:
        return f"; the most read ones, the darkest, {often} each."
    return f"; the most read one, the darkest, {often}."


@pytest.mark.parametrize(("name", "at"), [("holes", 2), ("dilated", 3), ("updown", 3)])
def test_a_unit_sees_what_the_core_says(goto: Goto, name: str, at: int) -> None:
    one = STACKS[name]
    page = opened(goto, Shapes(layers=one.layers, shape=one.shape, at=at))
    step = stack(one.layers, one.shape)[at - 1]
    field = page.get_by_test_id("field")
    height, width = step.output_shape[1:]
    name = f"layer {at}, {type(step.layer).__name__}"
    expect(field).to_contain_text(f"Units of {name}: choose one, or use the arrow keys")
    field.get_by_label(f"Units of {name}, {height} by {width}; arrow keys move").focus()
    for key in [None, *["ArrowUp"] * height, *["ArrowLeft"] * width, "ArrowDown", "ArrowRight"]:
        if key:
            page.keyboard.press(key)
        row, col = (int(field.get_attribute(f"data-{axis}") or -1) for axis in ("row", "col"))
        wanted = (step.reach_rows[row] > 0).sum() * (step.reach_columns[col] > 0).sum()
        assert int(field.get_attribute("data-cells") or -1) == wanted
        times = np.multiply.outer(step.reach_rows[row], step.reach_columns[col])
        expect(field.locator("canvas").last).to_have_attribute(
            "aria-label", re.compile(re.escape(read_words(times)) + "$")
        )
    assert (row, col) == (min(1, height - 1), min(1, width - 1))


@pytest.mark.parametrize(
    ("code", "says", "table"),
    [("Conv2d(None,1,1,padding=2)", "reads no input cell, only cells beyond the border.",
      ["1", "1", "\u22122"]),
     ("ConvTranspose2d(None,1,1,stride=3,padding=1)", "reads no input cell.", ["0", "—", "—"]),
     ("ConvTranspose2d(None,1,1,stride=3)", FIRST, ["0 or 1", "1/3", "0"])],
)  # fmt: skip
def test_a_unit_that_reads_nothing(goto: Goto, code: str, says: str, table: list) -> None:
    page = opened(goto, Shapes(layers=torch_code.parse(code), shape=(1, 2, 2), unit=(0, 0), at=1))
    cells = (rows(page).first.locator(f'td[data-head="{head}"]') for head in SEES)
    assert [cell.inner_text() for cell in cells] == table
    words = page.get_by_test_id("field").locator("p")
    expect(words).to_have_text(f"Unit [0, 0] {says}")


@pytest.mark.parametrize(
    "link",
    ["layers=__import__('os')", "layers=", "shape=0x0x0", "shape=nan", "at=-3", "layers=Conv2d(",
     "layers=Conv2d(3,8,9999)", "shape=1x1x1", "at=99&layers=ReLU()", "layers=" + "ReLU();" * 300],
)  # fmt: skip
def test_a_broken_link_gives_the_nearest_page(goto: Goto, link: str) -> None:
    page = goto(f"/shapes?{link}")
    expect(page.get_by_test_id("layers")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_what_is_being_typed_outlives_the_answer_to_what_was_typed_before(goto: Goto) -> None:
    page = opened(goto, Shapes())
    page.get_by_label("kernel of layer 1", exact=True).fill("5")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    expect(output(page, 0)).to_have_text("32 × 65 × 65")  # the kernel's answer has come
    expect(page.get_by_label("stride of layer 1", exact=True)).to_have_value("4")
    wait_idle(page)
    expect(output(page, 0)).to_have_text("32 × 65 × 65")  # and nobody has sent what is half typed
    page.keyboard.press("Enter")
    expect(output(page, 0)).to_have_text("32 × 33 × 33")


def test_what_is_half_typed_goes_with_its_layer(goto: Goto, server: AppServer) -> None:
    """Its row is another layer's once the answer has come."""
    page = opened(goto, Shapes())
    os.kill(server.pid, signal.SIGSTOP)
    try:
        page.get_by_role("button", name="Remove layer 1").click()
        page.get_by_label("kernel of layer 2", exact=True).focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("9")
    finally:
        os.kill(server.pid, signal.SIGCONT)
    expect(rows(page)).to_have_count(2)
    page.wait_for_url(re.compile("layers="))
    page.wait_for_timeout(1000)  # an act that should not have been sent would be in the link
    assert "9" not in unquote(page.url).partition("layers=")[2]


def test_a_double_click_removes_one_layer(goto: Goto) -> None:
    page = opened(goto, Shapes())
    page.get_by_role("button", name="Remove layer 1").evaluate(
        "button => { button.click(); button.click(); }"
    )
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_label("Kind of layer 1")).to_have_value("MaxPool2d")


def test_a_repair_of_a_padding_in_words(goto: Goto) -> None:
    page = opened(goto, Shapes())
    typed(page, "padding of layer 1", "same")
    expect(page.get_by_text("Layer 1 cannot work")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Use padding")).first.click()
    expect(page.get_by_text("Layer 1 cannot work")).to_have_count(0)
    expect(output(page, 0)).not_to_be_empty()
