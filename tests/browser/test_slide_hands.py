"""The slide page in somebody's hands: editing, pinning, hovering, keys, playing, going back."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from convcore import conv2d
from convview.lessons import CARDS
from tests.browser.screens import PHONE, PROJECTOR
from tests.browser.sliders import move, slider
from tests.browser.stage import STAGE, Stage
from tests.browser.traffic import Traffic
from tests.browser.visit import follow_link, wait_idle
from tests.browser.written_sum import WrittenSum

SMALL = "size=5&picture=ramp&kernel=counting"  # 1..25 under 1..9: nine outputs
TYPED = re.compile(r"[?&]x=")

Open = Callable[[str], Stage]


def focused(stage: Stage) -> dict[str, str]:
    """What has the keyboard, inside the stage: its data attributes and its name."""
    return stage.root.evaluate(
        """stage => {
            const at = stage.getRootNode().activeElement;
            return at ? { ...at.dataset, label: at.getAttribute("aria-label") ?? "" } : {};
        }"""
    )


def forward(stage: Stage) -> np.ndarray:
    """What the input and the kernel on the stage come to, stride 1 and no padding."""
    seen = stage.read()
    return conv2d(seen.array("input"), seen.array("kernel")[:, None])


# ---- editing --------------------------------------------------------------------------------


def test_enter_takes_a_number(slide: Open) -> None:
    stage = slide(SMALL)
    before = stage.read()
    stage.cell("input", 2, 2).click()
    stage.editor.fill("-40.5")
    stage.editor.press("Enter")
    stage.wait_for_change(before.rev)
    seen = stage.read()
    assert seen.grid("input")[0, 2, 2].value == -40.5
    assert seen.grid("input")[0, 2, 2].digits == "−40.5"
    changed = [at for at, cell in seen.grid("input").items() if cell != before.grid("input")[at]]
    assert (0, 2, 2) in changed
    np.testing.assert_allclose(seen.array("output"), forward(stage), rtol=1e-12)
    assert (seen.array("output") != before.array("output")).all()  # each window reads the middle
    expect(stage.editor).to_have_count(0)
    expect(stage.page).to_have_url(TYPED)


WRITTEN = {
    "-3": -3, "−4": -4, " 7 ": 7, "+.5": 0.5, "2.": 2, "1e3": 1000, "1E-3": 0.001,
}  # fmt: skip


def test_ways_to_write_a_number(slide: Open) -> None:
    stage = slide(SMALL)
    for text, value in WRITTEN.items():
        rev = stage.rev
        stage.cell("kernel", 1, 1).click()
        stage.editor.fill(text)
        stage.editor.press("Enter")
        stage.wait_for_change(rev)
        assert stage.read().grid("kernel")[0, 1, 1].value == value


@pytest.mark.parametrize("grid", ["kernel", "bias"])
def test_every_grid_with_numbers_of_its_own_is_edited(slide: Open, grid: str) -> None:
    stage = slide(f"{SMALL}&bias=1")
    before = stage.read()
    stage.cell(grid, 0, 0).click()
    stage.editor.fill("100")
    stage.editor.press("Enter")
    stage.wait_for_change(before.rev)
    seen = stage.read()
    assert seen.grid(grid)[0, 0, 0].value == 100
    bias = seen.array("bias").ravel()
    expected = conv2d(seen.array("input"), seen.array("kernel")[:, None], bias)
    np.testing.assert_allclose(seen.array("output"), expected, rtol=1e-12)
    assert (seen.array("output") != before.array("output")).all()


def test_a_cell_of_another_channel_is_edited(slide: Open) -> None:
    stage = slide("size=4&picture=ramp&in_channels=3&out_channels=2")
    before = stage.read()
    stage.cell("input", 3, 0, plane=2).click()
    stage.editor.fill("-1")
    stage.editor.press("Enter")
    stage.wait_for_change(before.rev)
    difference = stage.read().array("input") - before.array("input")
    assert np.argwhere(difference).tolist() == [[2, 3, 0]]


def test_tab_moves_on_and_both_numbers_arrive(slide: Open) -> None:
    """Without a pause: the second number is typed before the first one is answered."""
    stage = slide(SMALL)
    stage.cell("kernel", 0, 0).click()
    stage.page.keyboard.type("70")
    stage.page.keyboard.press("Tab")
    stage.page.keyboard.type("80")
    stage.page.keyboard.press("Enter")
    stage.page.wait_for_function(
        "([stage, values]) => values.every((value, col) => stage.querySelector("
        "`[data-grid=kernel][data-row='0'][data-col='${col}']`).dataset.value === value)",
        arg=[stage.root.element_handle(), ["70", "80"]],
        timeout=10_000,
    )
    np.testing.assert_array_equal(stage.read().array("kernel")[0, 0], [70, 80, 3])
    np.testing.assert_allclose(stage.read().array("output"), forward(stage), rtol=1e-12)


def test_the_next_number_can_be_typed_after_the_answer(slide: Open) -> None:
    """The answer to the first edit arrives while the editor is open on the second cell."""
    stage = slide(SMALL)
    first = stage.rev
    stage.cell("kernel", 0, 0).click()
    stage.page.keyboard.type("70")
    stage.page.keyboard.press("Tab")
    stage.wait_for_change(first)
    wait_idle(stage.page)
    second = stage.rev
    stage.page.keyboard.type("80")
    stage.page.keyboard.press("Enter")
    stage.wait_for_change(second)
    np.testing.assert_array_equal(stage.read().array("kernel")[0, 0], [70, 80, 3])


def test_what_is_being_typed_survives_the_answer(slide: Open) -> None:
    """Half of the second number is typed when the answer to the first arrives."""
    stage = slide(SMALL)
    first = stage.rev
    stage.cell("kernel", 0, 0).click()
    stage.page.keyboard.type("70")
    stage.page.keyboard.press("Tab")
    stage.page.keyboard.type("8")
    stage.wait_for_change(first)
    wait_idle(stage.page)
    second = stage.rev
    stage.page.keyboard.type("5")
    stage.page.keyboard.press("Enter")
    stage.wait_for_change(second)
    np.testing.assert_array_equal(stage.read().array("kernel")[0, 0], [70, 85, 3])


def test_shift_tab_moves_back(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("kernel", 1, 1).click()
    stage.editor.press("Shift+Tab")
    expect(stage.cell("kernel", 1, 0).get_by_role("textbox")).to_be_focused()


def test_escape_leaves_the_number(slide: Open, page: Page) -> None:
    with Traffic(page) as traffic:
        stage = slide(SMALL)
        before = stage.read()
        stage.cell("input", 2, 2).click()
        stage.editor.fill("99")
        traffic.clear()
        stage.editor.press("Escape")
        expect(stage.editor).to_have_count(0)
        assert focused(stage)["row"] == "2"
        assert traffic.sent == []
    seen = stage.read()
    assert seen.rev == before.rev
    assert {c.place: c.digits for c in seen.cells} == {c.place: c.digits for c in before.cells}


def test_focus_stays_on_the_cell_that_was_edited(slide: Open) -> None:
    stage = slide(SMALL)
    rev = stage.rev
    stage.cell("input", 2, 2).click()
    stage.editor.fill("50")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    wait_idle(stage.page)
    assert (focused(stage).get("row"), focused(stage).get("col")) == ("2", "2")
    stage.page.keyboard.press("ArrowRight")
    assert (focused(stage).get("row"), focused(stage).get("col")) == ("2", "3")


def test_a_digit_on_a_focused_cell_opens_the_editor_with_it(slide: Open) -> None:
    stage = slide(SMALL)
    rev = stage.rev
    stage.cell("kernel", 2, 0).focus()
    stage.page.keyboard.type("-4")
    expect(stage.editor).to_have_value("-4")
    stage.page.keyboard.press("Enter")
    stage.wait_for_change(rev)
    assert stage.read().grid("kernel")[0, 2, 0].value == -4


@pytest.mark.parametrize("key", ["Enter", "F2"])
def test_a_key_opens_the_editor_with_the_number_in_full(slide: Open, key: str) -> None:
    stage = slide("size=4&kernel=mean")
    stage.cell("kernel", 0, 0).focus()
    stage.page.keyboard.press(key)
    assert float(stage.editor.input_value()) == 1 / 9


REFUSED = [
    "",
    "   ",
    "abc",
    "1/3",
    "1,5",
    "1e999",
    "NaN",
    "Infinity",
    "1e31",
    "0x10",
    "1_0",
    "５",
    "--2",
]


def test_no_number_is_refused_in_place(slide: Open, page: Page) -> None:
    with Traffic(page) as traffic:
        stage = slide(SMALL)
        before = stage.read()
        stage.cell("kernel", 0, 0).click()
        traffic.clear()
        for text in REFUSED:
            stage.editor.fill(text)
            stage.editor.press("Enter")
            expect(stage.refusal).to_be_visible()
            assert len(stage.refusal.inner_text()) > 10
            expect(stage.editor).to_be_focused()
            expect(stage.editor).to_have_value(text)
            expect(stage.editor).to_have_attribute("aria-invalid", "true")
        seen = stage.read()
        assert seen.rev == before.rev
        np.testing.assert_array_equal(seen.array("output"), before.array("output"))
        assert traffic.sent == []
        stage.editor.fill("6")
        stage.editor.press("Enter")
        stage.wait_for_change(before.rev)
    assert stage.read().grid("kernel")[0, 0, 0].value == 6
    expect(stage.refusal).to_have_count(0)


def test_a_refusal_is_told_to_a_screen_reader_with_its_field(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("kernel", 0, 0).click()
    stage.editor.fill("abc")
    stage.editor.press("Enter")
    expect(stage.editor).to_have_accessible_name(re.compile("Kernel row 0, column 0"))
    expect(stage.refusal).to_have_attribute("role", "alert")


def covered(node: Locator) -> bool:
    """Whether something else lies on the middle of it."""
    return node.evaluate(
        """node => {
            const box = node.getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            return !node.contains(node.getRootNode().elementFromPoint(x, y));
        }"""
    )


def test_a_refusal_is_not_covered(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("kernel", 0, 0).click()
    stage.editor.fill("abc")
    stage.editor.press("Enter")
    assert not covered(stage.refusal)


def test_a_refusal_is_not_covered_after_an_answer(slide: Open) -> None:
    stage = slide(SMALL)
    rev = stage.rev
    stage.cell("kernel", 0, 0).click()
    stage.page.keyboard.type("70")
    stage.page.keyboard.press("Tab")
    stage.wait_for_change(rev)
    wait_idle(stage.page)
    stage.editor.fill("abc")
    stage.editor.press("Enter")
    assert not covered(stage.refusal)


def test_a_click_elsewhere_does_not_lose_a_refused_text(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("kernel", 0, 0).click()
    stage.editor.fill("abc")
    stage.cell("input", 4, 4).click()
    expect(stage.editor).to_have_count(1)
    expect(stage.editor).to_have_value("abc")
    expect(stage.refusal).to_be_visible()


def test_padding_is_not_edited(slide: Open) -> None:
    stage = slide(f"{SMALL}&padding=1")
    stage.cell("input", -1, 0).click()
    expect(stage.editor).to_have_count(0)


def test_an_edited_link_reloads_identically(slide: Open) -> None:
    stage = slide(f"{SMALL}&in_channels=2&bias=1")
    rev = stage.rev
    stage.cell("input", 1, 1, plane=1).click()
    stage.editor.fill("0.1")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    edited = stage.rev
    stage.cell("kernel", 2, 2, plane=1).click()
    stage.editor.fill("-1e-7")
    stage.editor.press("Enter")
    stage.wait_for_change(edited)
    stage.page.wait_for_url(re.compile("weight="))
    wait_idle(stage.page)
    before, url = stage.read(), stage.page.url
    stage.page.reload()
    wait_idle(stage.page)
    stage.wait_until_drawn()
    assert stage.page.url == url
    seen = stage.read()
    assert seen.rev == before.rev
    assert seen.numbers == before.numbers


def test_a_bias_lights_every_output_of_its_filter(slide: Open) -> None:
    stage = slide(f"{SMALL}&out_channels=2&bias=1,2")
    stage.root.locator("[data-grid=bias]").nth(1).hover()
    lit = stage.root.locator("[data-grid=output][data-lit]")
    expect(lit).to_have_count(stage.root.locator("[data-grid=output][data-channel='1']").count())
    expect(stage.root.get_by_test_id("link-text")).to_contain_text("every output of its filter")


def test_a_cell_is_edited_after_a_walk_to_another_page(slide: Open, page: Page) -> None:
    stage = slide(SMALL)
    for value in ("11", "12"):
        rev = stage.rev
        stage.cell("kernel", 0, 0).click()
        stage.editor.fill(value)
        stage.editor.press("Enter")
        stage.wait_for_change(rev)
    page.get_by_role("link", name="Start").first.click()
    page.wait_for_selector("text=See convolution")
    page.get_by_role("link", name="Slide").first.click()
    page.wait_for_selector("text=A kernel slides over the input")
    wait_idle(page)
    stage.wait_until_drawn()
    rev = stage.rev
    stage.cell("kernel", 0, 0).click()
    stage.editor.fill("13")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    assert stage.read().grid("kernel")[0, 0, 0].value == 13


# ---- pinning and hovering -------------------------------------------------------------------


def test_hovering_an_input_cell_lights_where_it_goes(slide: Open) -> None:
    stage = slide(SMALL)
    step = stage.read()
    stage.cell("input", 1, 4).hover()
    expect(stage.cell("output", 0, 2)).to_have_attribute("data-lit", "1")
    seen = stage.read()
    assert seen.lit("output") == {(0, 0, 2), (0, 1, 2)}
    assert seen.lit("kernel") == {(0, 1, 2), (0, 0, 2)}
    assert seen.lit("input") == {(0, 1, 4)}
    assert seen.link.startswith("x[1, 4] = 10 goes into y[0, 2] (×\u00a06), y[1, 2] (×\u00a03)")
    assert seen.step == 0
    stage.page.mouse.move(0, 0)
    expect(stage.cell("output", 0, 0)).to_have_attribute("data-lit", "1")
    assert stage.read().lit("input") == step.lit("input")


def test_hovering_a_weight_lights_every_number_it_meets(slide: Open) -> None:
    stage = slide("size=6&stride=2&padding=1&picture=ramp")
    stage.cell("kernel", 0, 2).hover()
    expect(stage.cell("output", 1, 2)).to_have_attribute("data-lit", "1")
    seen = stage.read()
    assert seen.lit("kernel") == {(0, 0, 2)}
    assert seen.lit("output") == set(seen.grid("output"))
    assert seen.lit("input") == {(0, 2 * i - 1, 2 * j + 1) for i in range(3) for j in range(3)}


def test_hovering_an_output_lights_its_window(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("output", 2, 1).hover()
    expect(stage.cell("input", 4, 3)).to_have_attribute("data-lit", "1")
    seen = stage.read()
    assert seen.lit("output") == {(0, 2, 1)}
    assert seen.lit("input") == {(0, h, w) for h in (2, 3, 4) for w in (1, 2, 3)}
    assert seen.step == 0


def test_hovering_a_copy_lights_its_source(slide: Open) -> None:
    stage = slide("size=4&padding=1&padding_mode=circular&picture=ramp")
    stage.cell("input", -1, 0).hover()
    expect(stage.cell("input", 3, 0)).to_have_attribute("data-lit", "1")


def test_hovering_a_matrix_cell_lights_its_three(slide: Open) -> None:
    stage = slide("size=4&view=matrix&picture=ramp&kernel=counting")
    stage.cell("matrix", 3, 6).hover()  # output (1, 1), input (1, 2): weight (0, 1)
    expect(stage.cell("matrix", 3, 6)).to_have_attribute("data-lit", "1")
    expect(stage.cell("input", 1, 2)).to_have_attribute("data-lit", "1")
    seen = stage.read()
    assert seen.lit("matrix") == {(0, 3, 6)}
    assert seen.lit("input") == {(0, 1, 2)}
    assert seen.lit("input_vector") == {(0, 0, 6)}
    assert seen.lit("output_vector") == {(0, 3, 0)}


def test_a_click_pins_and_escape_unpins(slide: Open) -> None:
    stage = slide(f"{SMALL}&padding=1")
    before = stage.read()
    stage.cell("input", -1, 2).click()  # a padding cell: nothing to edit there
    stage.page.mouse.move(0, 0)
    pinned = stage.read()
    assert pinned.lit("output") == {(0, 0, 1), (0, 0, 2), (0, 0, 3)}
    stage.cell("input", 3, 3).hover()
    assert stage.read().lit("output") == pinned.lit("output")
    stage.focus()
    stage.page.keyboard.press("Escape")
    stage.page.mouse.move(0, 0)
    expect(stage.cell("output", 0, 0)).to_have_attribute("data-lit", "1")
    seen = stage.read()
    assert seen.link == ""
    for grid in ("input", "kernel", "output"):
        assert seen.lit(grid) == before.lit(grid)


def test_escape_in_the_editor_then_escape_unpins(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("input", 4, 4).click()
    stage.page.mouse.move(0, 0)
    stage.page.keyboard.press("Escape")
    assert stage.read().lit("output") == {(0, 2, 2)}
    stage.page.keyboard.press("Escape")
    expect(stage.cell("output", 0, 0)).to_have_attribute("data-lit", "1")
    assert stage.read().lit("output") == {(0, 0, 0)}


def test_a_click_on_an_output_goes_there(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("output", 1, 2).click()
    seen = stage.read()
    assert seen.step == 5
    assert WrittenSum.read(seen.text).value == seen.grid("output")[0, 1, 2].value


# ---- keys -----------------------------------------------------------------------------------


def test_keys_move_the_window(slide: Open) -> None:
    stage = slide("size=6x5&picture=ramp&padding=1")  # outputs 6 x 5
    stage.focus()
    walk = [
        ("ArrowRight", 1), ("ArrowDown", 6), ("ArrowLeft", 5), ("ArrowLeft", 5), ("ArrowUp", 0),
        ("ArrowUp", 0), ("PageDown", 1), ("PageDown", 2), ("PageUp", 1), ("End", 29),
        ("ArrowRight", 29), ("ArrowDown", 29), ("PageDown", 29), ("Home", 0), ("PageUp", 0),
    ]  # fmt: skip
    steps = []
    for key, _ in walk:
        stage.page.keyboard.press(key)
        steps.append(stage.step)
    assert steps == [step for _, step in walk]


def test_buttons_move_the_window(slide: Open) -> None:
    stage = slide(SMALL)
    walk = [("Next step", 1), ("Next step", 2), ("Previous step", 1), ("Last step", 8),
            ("Next step", 8), ("First step", 0), ("Previous step", 0)]  # fmt: skip
    steps = []
    for name, _ in walk:
        stage.button(name).click()
        steps.append(stage.step)
    assert steps == [step for _, step in walk]


def test_plus_and_minus_set_the_speed(slide: Open) -> None:
    stage = slide(SMALL)
    speed = stage.root.get_by_role("slider", name="Speed")
    stage.focus()
    heard = []
    for key in "+++++------":
        stage.page.keyboard.press(key)
        heard.append(speed.get_attribute("aria-valuetext").removesuffix(" times"))
    assert heard == ["2", "4", "8", "8", "8", "4", "2", "1", "0.5", "0.25", "0.25"]


def test_space_plays_and_pauses(slide: Open) -> None:
    stage = slide("size=16&picture=ramp")
    stage.page.get_by_role("group", name="Stage: Space plays, arrows move the window").focus()
    stage.page.keyboard.press("ArrowRight")
    stage.wait_for_step(1)
    stage.page.keyboard.press(" ")
    stage.wait_for_playing(True)
    expect(stage.button("Pause")).to_be_visible()
    stage.page.keyboard.press(" ")
    stage.wait_for_playing(False)
    expect(stage.button("Play")).to_be_visible()


def test_one_tab_stop_for_each_grid(slide: Open) -> None:
    stage = slide("size=5&in_channels=2&bias=1")
    stage.focus()
    stops = []
    for _ in range(12):
        stage.page.keyboard.press("Tab")
        at = focused(stage)
        if not at.get("grid"):
            break
        stops.append((at["grid"], at["channel"]))
    assert sorted(stops) == [
        ("bias", "0"), ("input", "0"), ("input", "1"), ("kernel", "0"), ("kernel", "1"),
        ("output", "0"),
    ]  # fmt: skip


def test_tab_goes_on_to_the_buttons(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("output", 0, 0).focus()
    stage.page.keyboard.press("Tab")
    assert focused(stage)["label"] == "First step"


def test_arrows_walk_inside_a_grid(slide: Open) -> None:
    stage = slide(f"{SMALL}&padding=1")
    stage.cell("input", 0, 0).focus()
    visited = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp"):
        stage.page.keyboard.press(key)
        at = focused(stage)
        visited.append((int(at["row"]), int(at["col"])))
    assert visited == [(0, 1), (1, 1), (1, 0), (0, 0), (-1, 0), (-1, 0)]
    assert stage.step == 0
    stops = stage.root.locator("[data-grid=input][tabindex='0']")
    expect(stops).to_have_count(1)
    expect(stops).to_be_focused()


def test_a_focused_cell_lights_what_it_is_tied_to(slide: Open) -> None:
    """What the mouse does by hovering, the keyboard does by walking."""
    stage = slide(SMALL)
    stage.cell("input", 0, 0).focus()
    for _ in range(4):
        stage.page.keyboard.press("ArrowRight")
    expect(stage.cell("output", 0, 2)).to_have_attribute("data-lit", "1")
    assert stage.read().lit("output") == {(0, 0, 2)}


def test_enter_on_an_output_goes_there(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("output", 2, 1).focus()
    stage.page.keyboard.press("Enter")
    assert stage.step == 7


# ---- predict --------------------------------------------------------------------------------


def test_predict_hides_every_output(slide: Open) -> None:
    stage = slide(f"{SMALL}&predict=1")
    seen = stage.read()
    assert {cell.digits for cell in seen.grid("output").values()} == {"?"}
    assert {cell.value for cell in seen.grid("output").values()} == {None}
    assert WrittenSum.read(seen.text).label == "?"
    answers = {
        f"{value:g}" for value in conv2d(seen.array("input"), seen.array("kernel")[:, None]).flat
    }
    assert answers.isdisjoint(re.findall(r"\d+", stage.root.inner_html()))


def test_predict_hides_parts_and_tooltips_too(slide: Open) -> None:
    """Answers of five digits: such a cell has a tooltip with the number in full."""
    stage = slide("x=4321,1234;3,4&weight=7&predict=1&in_channels=1")
    assert {"30247", "8638"}.isdisjoint(re.findall(r"\d+", stage.root.inner_html()))


@pytest.mark.parametrize("view", ["coverage", "matrix"])
def test_predict_hides_the_output_of_every_view(slide: Open, view: str) -> None:
    stage = slide(f"x=4321,1234;3,4&weight=7&predict=1&view={view}")
    assert "30247" not in stage.root.inner_html()


@pytest.mark.parametrize("how", ["button", "r", "next"])
def test_predict_reveals_first(slide: Open, how: str) -> None:
    stage = slide(f"{SMALL}&predict=1")
    acts = {
        "button": lambda: stage.button("Reveal").click(),
        "r": lambda: (stage.focus(), stage.page.keyboard.press("r")),
        "next": lambda: stage.button("Next step").click(),
    }
    acts[how]()
    seen = stage.read()
    assert seen.step == 0
    outputs = seen.grid("output")
    value = int((seen.array("input")[0, :3, :3] * seen.array("kernel")[0]).sum())
    assert (outputs[0, 0, 0].digits, outputs[0, 0, 0].value) == (str(value), value)
    assert WrittenSum.read(seen.text).value == value
    assert {cell.digits for at, cell in outputs.items() if at != (0, 0, 0)} == {"?"}
    expect(stage.button("Reveal")).to_be_hidden()
    stage.button("Next step").click()
    assert stage.step == 1
    assert stage.read().grid("output")[0, 0, 1].digits == "?"


# ---- playing --------------------------------------------------------------------------------


def note_steps(stage: Stage) -> Callable[[], list[int]]:
    """From now on, every step that the stage shows, in order."""
    stage.root.evaluate(
        """stage => {
            window.steps = [];
            new MutationObserver(() => window.steps.push(Number(stage.dataset.step)))
                .observe(stage, { attributeFilter: ["data-step"] });
        }"""
    )
    return lambda: [step for step, _ in groupby(stage.page.evaluate("window.steps"))]


def test_play_shows_every_step_and_stops_at_the_end(slide: Open) -> None:
    stage = slide(f"{SMALL}&speed=5")
    steps = note_steps(stage)
    stage.button("Play").click()
    stage.wait_for_playing(True)
    stage.wait_for_playing(False)
    assert [step for step in steps() if step] == [1, 2, 3, 4, 5, 6, 7, 8]
    expect(stage.button("Play")).to_be_visible()


def test_play_at_the_end_starts_over(slide: Open) -> None:
    stage = slide(f"{SMALL}&speed=5&step=8")
    assert stage.step == 8
    steps = note_steps(stage)
    stage.button("Play").click()
    stage.wait_for_playing(True)
    stage.wait_for_playing(False)
    assert steps() == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_a_loop_goes_on(slide: Open) -> None:
    stage = slide(f"{SMALL}&speed=5&step=7&loop=1")
    steps = note_steps(stage)
    stage.button("Play").click()
    stage.page.wait_for_function("() => window.steps.includes(1)")
    assert stage.read().playing
    stage.button("Loop").click()
    stage.wait_for_playing(False)
    assert stage.step == 8
    assert [step for step in steps() if step != 7][:3] == [8, 0, 1]


def test_a_step_by_hand_stops_playing(slide: Open) -> None:
    stage = slide("size=16&picture=ramp")
    stage.button("Play").click()
    stage.button("Next step").click()
    stage.wait_for_playing(False)


def test_nothing_plays_unasked(slide: Open) -> None:
    stage = slide("")
    assert not stage.read().playing
    assert stage.root.get_by_role("button", name="Loop").get_attribute("aria-pressed") == "false"


# ---- the address ----------------------------------------------------------------------------


def test_a_reload_keeps_the_place(slide: Open, page: Page) -> None:
    stage = slide(SMALL)
    stage.walk([5])
    stage.root.get_by_role("button", name="Loop").click()
    page.wait_for_url(lambda url: "step=5" in url and "loop=1" in url)
    stage.focus()
    page.keyboard.press("+")  # after the rest was written: the speed must be written for itself
    page.wait_for_url(lambda url: "speed=3" in url)
    page.reload()
    wait_idle(page)
    stage.wait_until_drawn()
    assert stage.step == 5
    assert stage.root.get_by_role("slider", name="Speed").input_value() == "3"
    assert stage.button("Loop").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(
    ("label", "key", "link", "outputs"),
    [
        ("Stride", "ArrowRight", "stride=2", (3, 3)),
        ("Padding", "ArrowRight", "padding=1", (7, 7)),
        ("Dilation (1 = dense)", "ArrowRight", "dilation=2", (3, 3)),
        ("Kernel size", "ArrowLeft", "kernel_size=2", (6, 6)),
        ("Input size", "ArrowRight", "size=8", (6, 6)),
    ],
)
def test_a_slider_moved_by_key_changes_the_address_and_the_picture(
    slide: Open, label: str, key: str, link: str, outputs: tuple[int, int]
) -> None:
    stage = slide("")
    rev = stage.rev
    slider(stage.page, label).focus()
    stage.page.keyboard.press(key)
    stage.wait_for_change(rev)
    assert stage.read().array("output")[0].shape == outputs
    expect(stage.page).to_have_url(re.compile(rf"[?&]{link}(&|$)"))


def test_a_slider_keeps_the_keyboard_while_it_is_move(slide: Open) -> None:
    stage = slide("")
    slider(stage.page, "Stride").focus()
    for value in ("2", "3", "4"):
        stage.page.keyboard.press("ArrowRight")
        expect(stage.page).to_have_url(re.compile(f"stride={value}"))
    expect(slider(stage.page, "Stride")).to_be_focused()


DRAG = """(slider, value) => {
    slider.value = value;
    slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
}"""


def test_no_move_is_lost_to_a_quicker_one(slide: Open, page: Page) -> None:
    slide("")
    for value in ("2", "3", "4", "3"):  # sooner than the server can answer
        for label in ("Stride", "Padding", "Kernel size"):
            slider(page, label).evaluate(DRAG, value)
    page.wait_for_url(re.compile(r"stride=3&padding=3"))
    for label in ("Stride", "Padding", "Kernel size"):
        expect(slider(page, label)).to_have_value("3")


def test_the_navigation_loads_nothing_anew(slide: Open, page: Page) -> None:
    stage = slide("stride=2")
    rev = stage.rev
    page.evaluate("window.visited = true")
    page.get_by_role("link", name="Start").click()
    page.wait_for_selector("text=See convolution")
    assert page.evaluate("window.visited")
    page.go_back()
    page.wait_for_selector("text=A kernel slides over the input")
    stage.wait_for_rev(rev)
    expect(page).to_have_url(re.compile(r"/slide\?v=1&stride=2$"))


def test_a_slider_keeps_the_step(slide: Open) -> None:
    """The picture changes under the same window, as far as that window still exists."""
    stage = slide("size=8&picture=ramp&step=4")
    rev = stage.rev
    slider(stage.page, "Kernel size").focus()
    stage.page.keyboard.press("ArrowLeft")
    stage.wait_for_change(rev)
    assert stage.step == 4


def test_back_and_forward_through_slider_moves(slide: Open, page: Page) -> None:
    stage = slide("")
    revs = [stage.rev, move(stage, "Stride"), move(stage, "Padding")]
    strides = ["1", "2", "2"]
    assert len(set(revs)) == 3
    for at in (1, 0):
        page.go_back()
        stage.wait_for_rev(revs[at])
        expect(slider(page, "Stride")).to_have_value(strides[at])
    for at in (1, 2):
        page.go_forward()
        stage.wait_for_rev(revs[at])
    expect(page).to_have_url(re.compile(r"stride=2&padding=1"))
    assert move(stage, "Stride") not in revs  # and the page goes on from there


def test_back_and_forward_across_pages(goto: Callable[..., Page], page: Page) -> None:
    goto("/")
    wait_idle(page)  # a click on a page that is still being made is lost
    card = page.get_by_role("link", name="Stride leaves something over")
    follow_link(card, re.compile("/slide"))
    page.wait_for_selector("text=A kernel slides over the input")
    stage = Stage(page)
    page.wait_for_selector(f"{STAGE}[data-steps='20']")
    lesson = stage.rev
    assert stage.step == 8
    changed = move(stage, "Padding")
    page.go_back()
    stage.wait_for_rev(lesson)
    page.go_back()
    page.wait_for_selector("text=See convolution")
    assert page.url.endswith("/")
    page.go_forward()
    page.wait_for_selector("text=A kernel slides over the input")
    stage.wait_for_rev(lesson)
    page.go_forward()
    stage.wait_for_rev(changed)


@pytest.mark.parametrize("third", range(3))
def test_lessons_open_what_they_show(goto: Callable[..., Page], page: Page, third: int) -> None:
    """Each card of the start page leads to a stage or a table, with nothing to mend on the way."""
    goto("/")
    cards = page.get_by_test_id("stPageLink-NavLink")
    expect(cards).to_have_count(len(CARDS))
    for number in range(third, len(CARDS), 3):
        wait_idle(page)  # a click on a page that is still being made is lost
        link = cards.nth(number).get_attribute("href")
        follow_link(cards.nth(number), f"**/{link.lstrip('/').partition('?')[0]}**")
        charts = "calculus" in link and "jacobian" not in link
        if charts or "shapes?" in link or "filters" in link:
            page.wait_for_selector("[data-testid=layers] table, [data-testid=photos][data-rev]")
            wait_idle(page)
        else:
            stage = Stage(page)
            stage.wait_until_drawn()
            wait_idle(page)
            wanted = re.search(r"step=(\d+)", link)
            assert stage.step == int(wanted[1] if wanted else 0)
        assert page.get_by_test_id("stAlert").count() == 0
        page.get_by_role("link", name="Start", exact=True).click()
        expect(cards).to_have_count(len(CARDS))


@pytest.fixture
def other_tab(page: Page) -> Iterator[Page]:
    tab = page.context.new_page()
    yield tab
    tab.close()


def test_two_tabs_are_independent(slide: Open, page: Page, other_tab: Page) -> None:
    here = slide(SMALL)
    other_tab.goto(page.url)
    wait_idle(other_tab)
    there = Stage(other_tab)
    there.wait_until_drawn()
    untouched = there.read()
    move(here, "Stride")
    rev = here.rev
    here.cell("kernel", 0, 0).click()
    here.editor.fill("50")
    here.editor.press("Enter")
    here.wait_for_change(rev)
    assert there.read() == untouched
    move(there, "Padding")
    assert there.read().grid("kernel")[0, 0, 0].value == 1
    assert "stride" not in other_tab.url
    assert here.read().grid("kernel")[0, 0, 0].value == 50
    assert "padding" not in page.url


# ---- impossible settings --------------------------------------------------------------------


def test_an_impossible_setting_explains_itself(slide: Open, page: Page) -> None:
    stage = slide("size=4&kernel_size=4&picture=ramp")
    good = stage.read()
    slider(page, "Input size").focus()
    page.keyboard.press("ArrowLeft")
    warning = page.get_by_test_id("stAlert")
    expect(warning).to_contain_text("impossible")
    text = warning.inner_text()
    assert "the kernel spans 4 rows (kernel 4, dilation 1)" in text
    assert "the padded input has 3 (input 3, padding 0)" in text
    expect(page.locator(f"{STAGE}.dimmed")).to_be_visible()
    dimmed = stage.read()
    assert dimmed.rev == good.rev
    assert [c.value for c in dimmed.cells] == [c.value for c in good.cells]
    places = stage.root.locator(".places")
    assert float(places.evaluate("node => getComputedStyle(node).opacity")) < 0.6
    fixes = page.get_by_role("button", name=re.compile("^Use "))
    assert fixes.all_inner_texts() == ["Use padding 1", "Use kernel size 3", "Use input size 4"]


@pytest.mark.parametrize(
    ("fix", "link", "outputs"),
    [
        ("Use padding 1", {"v": "1", "size": "3", "kernel_size": "4", "padding": "1"}, (2, 2)),
        ("Use kernel size 3", {"v": "1", "size": "3"}, (1, 1)),  # 3 is the default
    ],
)
def test_a_fix_repairs(
    slide: Open, page: Page, fix: str, link: dict[str, str], outputs: tuple[int, int]
) -> None:
    stage = slide("size=4&kernel_size=4&picture=ramp")
    rev = stage.rev
    slider(page, "Input size").focus()
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name=fix).click()
    stage.wait_for_change(rev)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator(f"{STAGE}.dimmed")).to_have_count(0)
    assert stage.read().array("output")[0].shape == outputs
    wanted = link | {"picture": "ramp"}
    page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)) == wanted)


def test_a_fix_outlives_a_reload(slide: Open, page: Page) -> None:
    """Pressed after the impossible setting has reached the address."""
    stage = slide("size=4&kernel_size=4&picture=ramp")
    rev = stage.rev
    slider(page, "Input size").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("size=3&"))
    page.get_by_role("button", name="Use padding 1").click()
    stage.wait_for_change(rev)
    page.wait_for_url(re.compile("padding=1"))
    repaired = stage.rev
    page.reload()
    wait_idle(page)
    stage.wait_until_drawn()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert stage.rev == repaired


def test_an_impossible_link_is_drawn_as_its_nearest_fix(slide: Open, page: Page) -> None:
    stage = slide("size=3&kernel_size=5")
    expect(page.get_by_test_id("stAlert")).to_contain_text("the padded input has 3")
    expect(page.locator(f"{STAGE}.dimmed")).to_be_visible()
    assert stage.read().steps >= 1
    page.get_by_role("button", name=re.compile("^Use ")).first.click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(page.locator(f"{STAGE}.dimmed")).to_have_count(0)


# ---- presenter, phone, motion, screen reader ------------------------------------------------


@pytest.mark.parametrize("viewport", [PROJECTOR], ids=["projector"])
def test_digits_reach_the_back_row(slide: Open) -> None:
    stage = slide("present=1")
    sizes = stage.root.evaluate(
        """stage => [...stage.querySelectorAll(".digits")]
            .filter(node => node.checkVisibility())
            .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    )
    assert len(sizes) >= 49 + 9 + 25
    assert min(sizes) >= 32


@pytest.mark.parametrize("viewport", [PROJECTOR], ids=["projector"])
def test_presenting_everything_is_on_one_screen(slide: Open) -> None:
    stage = slide("present=1")
    for part in ("[data-block=input]", "[data-block=kernel]", "[data-block=output]", ".step-text"):
        expect(stage.root.locator(part)).to_be_in_viewport(ratio=1)
    expect(stage.button("Next step")).to_be_in_viewport(ratio=1)


def test_everything_is_on_one_laptop_screen(slide: Open) -> None:
    stage = slide("")
    for part in ("[data-block=input]", "[data-block=kernel]", "[data-block=output]", ".step-text"):
        expect(stage.root.locator(part)).to_be_in_viewport(ratio=1)
    expect(stage.button("Next step")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("viewport", [PROJECTOR], ids=["projector"])
def test_a_clicker_needs_no_focus(slide: Open, page: Page) -> None:
    stage = slide("present=1")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("PageDown")
    stage.wait_for_step(1)
    page.keyboard.press("PageDown")
    stage.wait_for_step(2)
    page.keyboard.press("PageUp")
    stage.wait_for_step(1)


def test_without_presenting_the_page_keeps_its_keys(slide: Open, page: Page) -> None:
    stage = slide("")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("PageDown")
    assert stage.step == 0


PHONE_LINKS = [
    "",
    "size=16&kernel_size=7",
    "size=40&stride=3",
    "in_channels=3&out_channels=3&bias=1,2,3",
    "view=coverage&stride=2",
    "view=matrix&size=6",
    "size=3&kernel_size=5",
]


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("link", PHONE_LINKS)
def test_a_phone_needs_no_sideways_scroll(slide: Open, page: Page, link: str) -> None:
    slide(link)
    widths = page.evaluate(
        """() => [document.scrollingElement, document.querySelector("[data-testid=stMain]")]
            .map(node => [node.scrollWidth, node.clientWidth])"""
    )
    for content, window in widths:
        assert content <= window <= PHONE["width"]


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_a_phone_shows_window_and_sum_together(slide: Open, page: Page) -> None:
    stage = slide("")
    header = page.get_by_test_id("stHeader").bounding_box()
    free = PHONE["height"] - header["y"] - header["height"]
    for step in (0, 12, 24):
        stage.walk([step])
        boxes = [
            stage.root.locator(part).bounding_box()
            for part in ("[data-block=input] .window", ".step-text")
        ]
        top = min(box["y"] for box in boxes)
        bottom = max(box["y"] + box["height"] for box in boxes)
        assert bottom - top <= free
    stage.root.locator("[data-block=input]").evaluate("node => node.scrollIntoView()")
    expect(stage.root.locator(".step-text")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("path", ["/slide", "/gradients", "/calculus?view=chain"])
def test_on_a_phone_the_sliders_leave_the_picture_its_room(
    goto: Callable[..., Page], path: str
) -> None:
    page = goto(path)
    sliders = page.locator(".sliders")
    expect(sliders.get_by_role("slider").nth(3)).to_be_visible()
    for one in sliders.get_by_role("slider").all():
        assert one.bounding_box()["width"] >= 140
    page.wait_for_function(  # they are laid out once their own width is known
        "node => innerHeight - node.getBoundingClientRect().top <= innerHeight / 3",
        arg=sliders.element_handle(),
    )


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_a_finger_can_hit_every_button(slide: Open, page: Page) -> None:
    stage = slide("predict=1")
    buttons = stage.root.locator("button, input[type=range]")
    boxes = buttons.evaluate_all(
        """nodes => nodes.filter(node => node.checkVisibility()).map(node => {
            const { width, height } = node.getBoundingClientRect();
            return [node.getAttribute("aria-label") ?? node.textContent, width, height];
        })"""
    )
    assert len(boxes) >= 9
    assert [box for box in boxes if min(box[1:]) < 44] == []


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
@pytest.mark.parametrize("link", ["", "size=3&kernel_size=5"], ids=["controls", "fixes"])
def test_a_finger_can_hit_the_buttons_beside_the_stage(slide: Open, page: Page, link: str) -> None:
    slide(link)
    boxes = page.locator("[data-testid=stMain] button, [data-testid=stMain] summary").evaluate_all(
        """nodes => nodes.filter(node => node.checkVisibility()).map(node => {
            const { width, height } = node.getBoundingClientRect();
            return [node.textContent, width, height];
        })"""
    )
    assert len(boxes) >= 3
    assert [box for box in boxes if min(box[1:]) < 44] == []


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_a_tap_lights_and_a_second_tap_edits(slide: Open) -> None:
    stage = slide(SMALL)
    stage.cell("input", 4, 4).tap()
    assert stage.read().lit("output") == {(0, 2, 2)}
    expect(stage.editor).to_have_count(0)
    stage.cell("input", 4, 4).tap()
    expect(stage.editor).to_be_focused()


def glide(stage: Stage) -> float:
    """Seconds that the window takes from one cell to the next."""
    window = stage.root.locator("[data-block=input] .window")
    return float(window.evaluate("node => parseFloat(getComputedStyle(node).transitionDuration)"))


def test_reduced_motion_is_respected(slide: Open, page: Page) -> None:
    stage = slide("size=16")
    stage.button("Play").click()
    stage.wait_for_playing(True)
    assert glide(stage) > 0
    page.emulate_media(reduced_motion="reduce")
    assert glide(stage) == 0


def test_a_screen_reader_hears_one_sentence_for_each_step(slide: Open) -> None:
    stage = slide(SMALL)
    expected = forward(stage).ravel()
    for step, seen in enumerate(stage.walk(list(range(9)))):
        row, col = divmod(step, 3)
        value = f"{expected[step]:g}"
        assert seen.spoken == f"Output y[{row}, {col}]: {value}, the sum of 9 products."


def test_a_screen_reader_hears_nothing_while_playing(slide: Open) -> None:
    stage = slide(f"{SMALL}&speed=5")
    stage.button("Next step").click()
    stage.root.evaluate(
        """stage => {
            const spoken = stage.querySelector("[aria-live]");
            window.heard = [];
            new MutationObserver(() => window.heard.push(spoken.textContent))
                .observe(spoken, { childList: true, characterData: true, subtree: true });
        }"""
    )
    stage.button("Play").click()
    stage.wait_for_playing(True)
    stage.wait_for_playing(False)
    assert stage.step == 8
    assert stage.page.evaluate("window.heard") == []
    stage.button("Previous step").click()
    assert len(stage.page.evaluate("window.heard")) == 1


SLIDERS = "/_stcore/bidi-components/convscope.stage/ranges.js"  # as the stage imports it
NOBODY_ANSWERS = f"""async () => {{
    const {{ slidersOf }} = await import("{SLIDERS}");
    slidersOf("slide").send = () => {{}};
    slidersOf("slide").move("Stride", 3);
}}"""
WAITING = f"""async () => {{
    const {{ slidersOf }} = await import("{SLIDERS}");
    return slidersOf("slide").again !== null;
}}"""


def test_an_unanswered_move_ends_with_its_visit(slide: Open, page: Page) -> None:
    """Else it would be sent again on other pages, and reload them as unheard."""
    stage = slide("stride=2")
    page.evaluate(NOBODY_ANSWERS)
    assert slider(page, "Stride").input_value() == "3"
    assert page.evaluate(WAITING)
    slides = stage.rev
    page.get_by_role("link", name="Gradients", exact=True).click()
    page.wait_for_url("**/gradients**")
    stage.wait_for_change(slides)
    wait_idle(page)
    assert not page.evaluate(WAITING)
    page.get_by_role("link", name="Slide", exact=True).click()
    page.wait_for_url("**/slide**")
    expect(slider(page, "Stride")).to_have_value("1")  # for a moment still the other page's, at 2


def test_a_lost_answer_is_drawn_when_the_address_is_written(slide: Open, page: Page) -> None:
    """Streamlit drops what a run has drawn, if the pen's message overtakes it on a busy server."""
    lost: list[bytes] = []
    deaf = False

    def between(visitor: WebSocketRoute) -> None:
        server = visitor.connect_to_server()
        server.on_message(lambda told: lost.append(told) if deaf else visitor.send(told))

    page.route_web_socket("**/_stcore/stream", between)
    stage = slide("size=4&kernel_size=4&picture=ramp")
    slider(page, "Input size").press("ArrowLeft")
    fix = page.get_by_role("button", name="Use kernel size 3")
    expect(fix).to_be_visible()
    page.wait_for_url(re.compile("size=3"))  # and the stage has nothing more to ask
    wait_idle(page)
    rev, deaf = stage.rev, True
    fix.click()
    page.wait_for_timeout(1000)
    deaf = False
    assert len(lost) > 4
    page.evaluate(
        "window.dispatchEvent(new CustomEvent('convscope-rest', { detail: { behind: 1 } }))"
    )
    stage.wait_for_change(rev)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert forward(stage).size == 1
