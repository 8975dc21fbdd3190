"""The gradients page in the hand: what holds on the slide page holds here."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from convview.params import GRADIENT_VIEWS
from tests.browser.drawers import open_drawer
from tests.browser.sliders import move, slider
from tests.browser.stage import Stage
from tests.browser.traffic import Traffic
from tests.browser.visit import wait_idle

Open = Callable[[str], Stage]

MOST_BYTES = 12_000  # of one slider move at 16 x 16
BROKEN = {
    "numbers": "stride=nan&size=1e309&padding=-3&dilation=2.5&output_padding=99&cell=-1x9999",
    "words": "loss=cat&view=%00&kernel=🙂&operation=&dialect=x",
    "typed": "grad_y=1,2;3&target=nan&x=1,2;3,x&weight=inf",
    "scripts": f"loss={quote('<script>window.injected=1</script>')}&rocket=1&padding_mode=reflect",
}
IMPOSSIBLE = [
    "size=2&kernel_size=5&padding=0",
    "groups=2",
    "view=dydx&size=40",
    "view=transposed&output_padding=3",
]


@pytest.fixture
def traffic(page: Page) -> Iterator[Traffic]:
    with Traffic(page) as recorded:
        yield recorded


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_link_gives_the_nearest_page(gradients: Open, page: Page, name: str) -> None:
    gradients(BROKEN[name])
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_contain_text("Link mended")
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("window.injected") is None


@pytest.mark.parametrize("query", IMPOSSIBLE)
def test_an_impossible_setting_is_repaired_by_a_button(
    gradients: Open, page: Page, query: str
) -> None:
    stage = gradients(query)
    expect(page.get_by_test_id("stAlert")).to_contain_text("This setting is impossible")
    expect(stage.root).to_have_class(re.compile("dimmed"))
    page.get_by_role("button", name=re.compile("^Use ")).first.click()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    expect(stage.root).not_to_have_class(re.compile("dimmed"))


@pytest.mark.parametrize("query", ["", "view=weight", "view=transposed", "loss=squares"])
def test_a_slider_move_is_small(gradients: Open, traffic: Traffic, query: str) -> None:
    stage = gradients(f"size=16&stride=2&{query}")
    wait_idle(stage.page)
    received = {}
    for label, key in (("Stride", "ArrowLeft"), ("Padding", "ArrowRight"),
                       ("Kernel size", "ArrowLeft"), ("Input size", "ArrowLeft")):  # fmt: skip
        traffic.clear()
        move(stage, label, key)
        received[label] = traffic.bytes_received
    assert min(received.values()) > 500
    assert {label: size for label, size in received.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("view", GRADIENT_VIEWS)
def test_playing_and_hovering_send_nothing(gradients: Open, traffic: Traffic, view: str) -> None:
    stage = gradients(f"view={view}&speed=5&loop=1")
    wait_idle(stage.page)
    traffic.clear()
    stage.button("Play").click()
    stage.wait_for_playing(True)
    stage.page.wait_for_timeout(400)
    stage.button("Pause").click()
    cells = stage.root.locator("[data-grid=upstream], [data-grid=matrix]")
    for number in range(min(5, cells.count())):
        cells.nth(number).hover()
    assert stage.root.locator("[data-lit]").count() > 0
    assert traffic.sent == []


@pytest.mark.parametrize("view", GRADIENT_VIEWS)
def test_a_link_opens_at_its_view_and_step(gradients: Open, page: Page, view: str) -> None:
    stage = gradients(f"view={view}&step=3")
    rev = stage.rev
    assert stage.step == 3
    page.reload()
    wait_idle(page)
    stage.wait_until_drawn()
    assert (stage.rev, stage.step) == (rev, 3)


def test_an_upstream_number_is_typed_and_stays_in_the_link(gradients: Open, page: Page) -> None:
    stage = gradients("loss=sum")
    rev = stage.rev
    stage.cell("upstream", 1, 1).click()
    stage.editor.fill("-7")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    expect(stage.cell("upstream", 1, 1)).to_have_attribute("data-value", "-7")
    page.wait_for_url(re.compile("grad_y=1_1_1__1_-7_1__1_1_1"))
    page.go_back()
    stage.wait_for_rev(rev)


def test_the_arrows_move_both_ways_in_step(gradients: Open) -> None:
    stage = gradients("")
    stage.root.focus()
    stage.page.keyboard.press("End")
    assert stage.step == 35
    sums = stage.root.get_by_test_id("step-text").all_inner_texts()
    assert sums[0].startswith("dL/dx[5, 5]")
    assert sums[1].startswith("g[2, 2]")
    stage.page.keyboard.press("ArrowUp")
    assert stage.step == 29


def test_one_row_is_one_click(gradients: Open, page: Page) -> None:
    stage = gradients("")
    open_drawer(page, "More")
    rev = stage.rev
    page.get_by_text("One row (1-D)").click()
    stage.wait_for_change(rev)
    page.wait_for_url(re.compile("size=1x6&kernel_size=1x3&stride=1x2&padding=0x1"))
    rev = stage.rev
    slider(page, "Input size").focus()
    page.keyboard.press("ArrowRight")
    stage.wait_for_change(rev)
    page.wait_for_url(re.compile("size=1x7"))


def test_an_exercise_is_one_click_and_back(gradients: Open, page: Page) -> None:
    stage = gradients("stride=1")
    rev = stage.rev
    open_drawer(page, "Exercises, photographs")
    page.get_by_role("button", name=re.compile("^A6 ")).click()
    stage.wait_for_change(rev)
    expect(stage.root).to_contain_text("1 × 2 × 1 × 2 × 3")
    page.wait_for_url(re.compile("view=dydw"))
    page.go_back()
    stage.wait_for_rev(rev)


UNEVEN = "size=14x9&stride=3x2&kernel_size=2x3&dilation=2x1&operation=convolution&padding=1x2"


@pytest.mark.parametrize("link", ["", UNEVEN, "size=1x7&kernel_size=1x3&stride=1x3"])
@pytest.mark.parametrize("view", GRADIENT_VIEWS)
def test_no_caption_is_cut_off(gradients: Open, view: str, link: str) -> None:
    stage = gradients(f"view={view}&{link}")
    assert stage.root.locator(".block h2").count() >= 3
    assert stage.cut_captions() == []
