"""The pooling page in the hand: what holds on the slide page holds here."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from convview.params import POOLING_VIEWS
from tests.browser.drawers import open_drawer
from tests.browser.screens import PHONE
from tests.browser.sliders import move, slider
from tests.browser.stage import Stage
from tests.browser.traffic import Traffic
from tests.browser.visit import wait_idle

Open = Callable[[str], Stage]

MOST_BYTES = 12_000  # of one slider move at 16 x 16
BROKEN = {
    "numbers": "stride=nan&size=1e309&padding=-3&dilation=2.5&ceil_mode=maybe",
    "words": "kind=median&view=%00&padding=same&kernel=mean",
    "typed": "grad_y=1,2;3&x=1,2;3,x",
    "scripts": f"kind={quote('<script>window.injected=1</script>')}",
}
IMPOSSIBLE = ["kind=average&dilation=2", "padding=3", "size=3&kernel_size=8", "view=relu&padding=4"]


@pytest.fixture
def traffic(page: Page) -> Iterator[Traffic]:
    with Traffic(page) as recorded:
        yield recorded


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_link_gives_the_nearest_page(pooling: Open, page: Page, name: str) -> None:
    pooling(BROKEN[name])
    expect(page.get_by_test_id("stAlert")).to_contain_text("Link mended")
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("window.injected") is None


@pytest.mark.parametrize("query", IMPOSSIBLE)
def test_an_impossible_setting_is_repaired_by_a_button(
    pooling: Open, page: Page, query: str
) -> None:
    stage = pooling(query)
    expect(page.get_by_test_id("stAlert")).to_contain_text("This setting is impossible")
    page.get_by_role("button", name=re.compile("^Use ")).first.click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(stage.root).not_to_have_class(re.compile("dimmed"))


@pytest.mark.parametrize("query", ["", "view=backward", "view=linear", "view=dialects"])
def test_a_slider_move_is_small(pooling: Open, traffic: Traffic, query: str) -> None:
    stage = pooling(f"size=16&{query}")
    wait_idle(stage.page)
    received = {}
    for label in ("Stride", "Window", "Padding"):
        traffic.clear()
        move(stage, label, "ArrowRight")
        received[label] = traffic.bytes_received
    assert min(received.values()) > 500
    assert {label: size for label, size in received.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("view", POOLING_VIEWS)
def test_playing_and_hovering_send_nothing(pooling: Open, traffic: Traffic, view: str) -> None:
    stage = pooling(f"view={view}&speed=5&loop=1")
    wait_idle(stage.page)
    traffic.clear()
    stage.button("Play").click()
    stage.wait_for_playing(True)
    stage.page.wait_for_timeout(300)
    stage.button("Pause").click()
    cells = stage.root.locator(".cell:visible")
    for number in range(0, 40, 13):
        cells.nth(number).hover()
    assert stage.root.locator("[data-lit]").count() > 0
    assert traffic.sent == []


@pytest.mark.parametrize("view", ["forward", "both"])
def test_predict_hides_the_answers_until_asked(pooling: Open, view: str) -> None:
    stage = pooling(f"view={view}&predict=1")
    assert {cell.value for cell in stage.read().grid("output").values()} == {None}
    stage.root.focus()
    stage.page.keyboard.press("r")
    shown = [cell.value for cell in stage.read().grid("output").values()]
    assert shown.count(None) == len(shown) - 1


def test_the_link_and_back(pooling: Open, page: Page) -> None:
    stage = pooling("view=backward")
    rev = stage.rev
    stage.cell("upstream", 1, 1).click()
    stage.editor.fill("-7")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    page.wait_for_url(re.compile("grad_y="))
    edited = stage.rev
    move(stage, "Stride", "ArrowLeft")
    page.wait_for_url(re.compile("stride=1"))
    page.go_back()
    stage.wait_for_rev(edited)
    expect(stage.cell("upstream", 1, 1)).to_have_attribute("data-value", "-7")
    page.reload()
    wait_idle(page)
    stage.wait_until_drawn()
    assert stage.rev == edited


def test_max_becomes_average_by_keyboard(pooling: Open, page: Page) -> None:
    stage = pooling("")
    rev = stage.rev
    page.get_by_role("radio", name="Max", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    stage.wait_for_change(rev)
    expect(page.get_by_text("Divisor counts padding")).to_be_visible()
    slider(page, "Padding").focus()
    rev = stage.rev
    page.keyboard.press("ArrowRight")
    stage.wait_for_change(rev)
    expect(stage.cell("input", -1, -1)).to_have_attribute("data-value", "0")


def test_an_exercise_is_one_click(pooling: Open, page: Page) -> None:
    stage = pooling("")
    rev = stage.rev
    open_drawer(page, "Exercises, photographs")
    page.get_by_role("button", name=re.compile("^Photograph by 4 ")).click()
    stage.wait_for_change(rev)
    page.wait_for_url(re.compile("picture=photo"))
    expect(stage.root).to_contain_text("16 × 16")


def marks(stage: Stage, grid: str) -> dict[str, str]:
    """What is printed in the cells of a grid beside their numbers: {"row, column": mark}."""
    return stage.root.evaluate(
        """(stage, grid) => Object.fromEntries(
            [...stage.querySelectorAll(`.tapped[data-grid="${grid}"]`)].map((cell) =>
                [`${cell.dataset.row}, ${cell.dataset.col}`, cell.lastChild.textContent]))""",
        grid,
    )


TIED = "x=2,7,1;7,3,4&size=2x3&kernel_size=2&stride=1&grad_y=5,-2"


def test_equal_maxima_are_all_marked(pooling: Open) -> None:
    """Forward the first is max; backward it gets all of the gradient, the other nothing."""
    stage = pooling(TIED)
    assert marks(stage, "input") == {"0, 1": "max", "1, 0": "= max"}
    stage = pooling(f"{TIED}&view=backward")
    assert marks(stage, "input") == {"0, 1": "max", "1, 0": "= max"}
    assert marks(stage, "grad_input") == {"0, 1": "+5", "1, 0": "+0"}
    assert "alone, the first of 2 equal maxima of its window" in stage.read().text
    stage.page.get_by_role("button", name="Next step").click()
    assert marks(stage, "input") == {"0, 1": "max"}
    assert marks(stage, "grad_input") == {"0, 1": "−2"}
    stage = pooling(f"{TIED}&view=hits")
    assert marks(stage, "hits") == {"0, 1": "max", "1, 0": "= max"}


def test_no_mark_and_no_word_tells_what_is_to_be_guessed(pooling: Open) -> None:
    stage = pooling(f"{TIED}&predict=1")
    cell = stage.root.locator('.cell[data-grid="input"][data-row="0"][data-col="1"]').first
    cell.hover()
    expect(stage.root.get_by_test_id("link-text")).to_have_text(re.compile(r"is read by .*\]\.$"))
    assert marks(stage, "input") == {}
    stage.page.keyboard.press("Escape")
    stage.page.get_by_role("button", name="Reveal").click()
    assert marks(stage, "input") == {"0, 1": "max", "1, 0": "= max"}


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize(
    ("view", "grid"),
    [("backward", "input"), ("hits", "hits"), ("linear", "added"), ("dialects", "output_onnx")],
)
def test_a_phone_shows_every_grid(pooling: Open, view: str, grid: str) -> None:
    stage = pooling(f"view={view}")
    expect(stage.root.locator(f'[data-block="{grid}"]')).to_be_visible()
    (text, *_) = stage.root.get_by_test_id("step-text").all_inner_texts()
    assert "goes todL" not in text


def test_a_rounded_number_is_whole_in_its_title(pooling: Open) -> None:
    """104.5 is written as 105, away from 0; -65.25 as -65.3."""
    stage = pooling("kind=average&size=4x2&x=104,105;104,105;-65,-65;-65,-66")
    first, last = stage.cell("output", 0, 0), stage.cell("output", 1, 0)
    expect(first.locator(".digits")).to_have_text("105")
    expect(first).to_have_attribute("title", "104.5")
    expect(last.locator(".digits")).to_have_text("\u221265.3")
    expect(last).to_have_attribute("title", "\u221265.25")


@pytest.mark.parametrize(
    ("view", "swept", "other"), [("relu", "pooled", "after"), ("linear", "output", "added")]
)
def test_another_form_of_a_map_fills_with_it(
    pooling: Open, view: str, swept: str, other: str
) -> None:
    """ReLU(p) comes with p, and f(a) + f(b) with f(a + b): three cells at the third step."""
    stage = pooling(f"view={view}&step=2")
    for name in (swept, other):
        cells = stage.root.locator(f'.cell[data-grid="{name}"]')
        expect(cells).to_have_count(9)
        expect(cells.and_(stage.root.locator('[data-veil="future"]'))).to_have_count(6)
