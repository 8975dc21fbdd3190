"""The filters page in a browser: every map beside SciPy's, points, designs, files, keyboard."""

import base64
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from scipy import ndimage

from convview import filters, photographs, query, theme
from convview.params import Filters
from tests.browser.drawers import open_drawer
from tests.browser.sliders import slider
from tests.browser.visit import wait_idle
from tests.browser.visitor import FOLLOW
from tests.view.test_uploads import FILES, saved

Goto = Callable[..., Page]
PHOTOS = "[data-testid=photos]"
PIXELS = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let text = "";
    for (let at = 0; at < data.length; at += 4096) {
        text += String.fromCharCode(...data.subarray(at, at + 4096));
    }
    return [canvas.height, canvas.width, btoa(text)];
}"""


def opened(goto: Goto, **settings: object) -> Page:
    page = goto("/filters", **query.write(Filters(**settings)))
    page.wait_for_selector(f"{PHOTOS}[data-rev]")
    wait_idle(page)
    return page


def panel(page: Page, name: str) -> Locator:
    return page.locator(f"{PHOTOS} [data-panel='{name}']")


def pixels(page: Page, name: str) -> np.ndarray:
    """The colours of a panel as they are drawn, (H, W, 3)."""
    height, width, text = panel(page, name).locator("canvas").first.evaluate(PIXELS)
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3]


def click(page: Page, name: str, row: int, col: int) -> None:
    """In the middle of a cell."""
    node = panel(page, name).locator(".map")
    box = node.bounding_box()
    rows, cols, _ = pixels(page, name).shape
    x, y = (col + 0.5) * box["width"] / cols, (row + 0.5) * box["height"] / rows
    node.click(position={"x": x, "y": y})


def looked(page: Page) -> tuple[str | None, ...]:
    photos = page.locator(PHOTOS)
    return tuple(photos.get_attribute(f"data-{name}") for name in ("plane", "row", "col"))


def value(page: Page) -> float:
    """The answer's cell that is looked at, in full."""
    cell = page.locator("[data-testid=stage] .cell[data-grid=output]").first
    return float(cell.get_attribute("data-value"))


def expect_value(page: Page, expected: float, name: str = "") -> None:
    """The stage comes a moment after the maps."""
    for _ in range(100):
        if abs(value(page) - expected) < 1e-6:
            return
        page.wait_for_timeout(100)
    assert abs(value(page) - expected) < 1e-6, name


def reloaded(page: Page) -> None:
    page.reload()
    page.wait_for_selector(f"{PHOTOS}[data-rev]", timeout=20_000)
    wait_idle(page)


def follow(page: Page, url: str) -> None:
    before = page.locator(PHOTOS).get_attribute("data-visit")
    page.evaluate(FOLLOW, url)
    page.wait_for_selector(f"{PHOTOS}[data-visit]:not([data-visit='{before}'])")
    wait_idle(page)


def test_every_filter_beside_scipy(goto: Goto) -> None:
    x = photographs.picture("hopper", 256, False)[0]
    page = opened(goto, view="filter")
    base = page.url.partition("?")[0]
    for name in filters.NAMES:
        params = Filters(view="filter", filter=name, look=(146, 140))
        weight = filters.named(name, params.window, params.sigma, params.angle)
        expected = ndimage.correlate(x, weight, mode="nearest")
        follow(page, base + "?" + "&".join(f"{k}={v}" for k, v in query.write(params).items()))
        expect(panel(page, "output")).to_be_visible()
        expect_value(page, expected[146, 140], name)
        drawn = pixels(page, "output")
        if abs(weight.sum() - 1) < 1e-9:
            low, high = min(0, expected.min()), max(255, expected.max())
            shade = np.clip((expected - low) * 255 / (high - low), 0, 255)
            assert np.abs(drawn - shade[..., None]).max() <= 0.5 + 1e-6, name
        else:
            levels = theme.level(expected, np.abs(expected).max())
            assert np.abs(drawn.astype(int) - theme.FILL["light"][levels]).max() <= 8, name
            same = (drawn == theme.FILL["light"][levels]).all(-1)
            assert same.mean() > 0.999, name  # but where a half is rounded the other way


def test_points_become_blobs_where_they_are_put(goto: Goto) -> None:
    page = opened(goto)
    notes = page.locator(f"{PHOTOS} li")
    expect(notes.nth(1)).to_have_text(
        "Window 51: peaks at [20, 40], 1.000 high; [40, 20], 1.000 high."
    )
    expect(notes.nth(2)).to_contain_text("rows 20 to 21, columns 40 to 41, all 0.990 high")
    click(page, "input", 8, 9)
    expect(notes.nth(1)).to_contain_text("[8, 9], 1.000 high")
    page.wait_for_url(re.compile("points=20_40__40_20__8_9"))
    top = theme.FILL["light"][255]
    np.testing.assert_array_equal(pixels(page, "output")[8, 9], top)
    np.testing.assert_array_equal(pixels(page, "input")[8, 9], top)
    click(page, "input", 8, 9)
    expect(notes.nth(1)).not_to_contain_text("[8, 9]")
    reloaded(page)
    expect(notes.nth(1)).to_contain_text("[20, 40], 1.000 high; [40, 20]")
    page.get_by_role("button", name="No points").click()
    expect(notes.nth(1)).to_contain_text("nothing but 0")


def test_points_are_put_by_keyboard(goto: Goto) -> None:
    page = opened(goto, points=())
    page.get_by_label("; Enter puts a point or takes it").focus()
    for key in ("ArrowUp", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(re.compile(r"points=\d+_\d+"))
    row, col = map(int, re.search(r"points=(\d+)_(\d+)", page.url).groups())
    expect(page.locator(f"{PHOTOS} li").nth(1)).to_contain_text(f"[{row}, {col}], 1.000 high")


def test_sigma_and_window_are_sliders(goto: Goto) -> None:
    page = opened(goto)
    slider(page, "Window").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{PHOTOS} [data-panel=output] figcaption")).to_contain_text("Window 50")
    slider(page, "Sigma").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("blob_window=50.*blob_sigma=5.1"))
    page.go_back()
    expect(page.locator(f"{PHOTOS} [data-panel=output] figcaption")).to_contain_text("Window 51")


def test_the_sliders_are_those_of_the_view(goto: Goto) -> None:
    page = opened(goto)
    for view, labels in (
        ("Filter", ["Height of the filter"]), ("Edges", []),
        ("Design", ["Filter rows", "Filter columns"]), ("Blobs", ["Window", "Sigma"]),
    ):  # fmt: skip
        page.get_by_role("radio", name=view, exact=True).click()
        ranges = page.locator(".sliders input[type=range]")
        expect(ranges).to_have_count(len(labels))
        for place, label in enumerate(labels):
            expect(ranges.nth(place)).to_have_attribute("aria-label", label)


def test_a_cell_is_looked_at_by_click_and_by_keyboard(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="sobel_x", side=64)
    x = photographs.picture("hopper", 64, False)[0]
    expected = ndimage.correlate(x, filters.named("sobel_x"), mode="nearest")
    click(page, "output", 50, 30)
    stage = page.locator("[data-testid=stage]")
    expect(stage).to_contain_text("at [50, 30]")
    expect_value(page, expected[50, 30])
    panel(page, "output").get_by_label("; arrow keys choose a cell to look at").focus()
    page.keyboard.press("ArrowRight")
    expect(stage).to_contain_text("at [50, 31]")
    page.wait_for_url(re.compile("look=50x31"))
    reloaded(page)
    expect(stage).to_contain_text("at [50, 31]")
    expect_value(page, expected[50, 31])


@pytest.mark.parametrize(
    "settings",
    [{"view": "compare", "then_sigma": 4.0, "look": (229, 206)},
     {"view": "filter", "filter": "sobel_x", "colour": True, "look": (229, 206)},
     {"view": "edges", "look": (229, 206)}],
)  # fmt: skip
def test_where_the_answer_is_is_not_cut_off(goto: Goto, settings: dict) -> None:
    page = opened(goto, **settings)
    heading = page.locator("[data-testid=stage] .block h2").last
    expect(heading).to_have_text("Answer at [229, 206]")
    assert heading.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_a_patch_opens_on_the_slide_page(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="sobel_x", look=(100, 60))
    answer = value(page)
    page.get_by_role("link", name="Open this patch on the slide page").click()
    page.wait_for_url("**/slide?**")
    stage = page.locator("[data-testid=stage]")
    expect(stage.locator(".cell[data-grid=kernel][data-row='1'][data-col='0']")).to_have_attribute(
        "data-value", "-2"
    )
    outputs = stage.locator(".cell[data-grid=output]")
    expect(outputs.nth(255)).to_be_visible()
    values = [float(one) for one in outputs.evaluate_all("all => all.map(o => o.dataset.value)")]
    assert any(abs(one - answer) < 1e-9 for one in values)


def test_a_number_of_the_filter_is_edited(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="sobel_x", look=(100, 60))
    cell = page.locator("[data-testid=stage] .cell[data-grid=kernel][data-row='1'][data-col='0']")
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    expect(page.locator(f"{PHOTOS} [data-panel=frequency]")).to_be_visible()
    page.wait_for_url(re.compile("view=design.*weight=-1_0_1__-5_0_2__-1_0_1"))
    expect(page.locator(f"{PHOTOS} tbody tr").first).to_contain_text("Vertical edge")


def test_what_can_be_done_to_a_design(goto: Goto) -> None:
    page = opened(goto, view="design")
    first = page.locator(f"{PHOTOS} tbody tr").first
    expect(first).to_contain_text("100 %")
    page.get_by_role("button", name="Normalise").click()
    expect(page.get_by_text("Not done: it sums to 0")).to_be_visible()
    page.get_by_role("button", name="Transpose").click()
    expect(first).to_contain_text("0 %")
    expect(page.get_by_text("Not done")).to_have_count(0)
    box = page.get_by_label(re.compile("^The filter as text"))
    expect(box).to_have_count(1)  # the one before stands until its run has ended
    expect(box).to_have_value("-1,-1,-1;-1,-1,-1;1,1,1;1,1,1")
    box.fill("1,2;3")
    box.press("Enter")
    expect(page.get_by_text("Not done: up to 7 rows")).to_be_visible()
    expect(box).to_have_count(1)
    expect(box).to_have_value("1,2;3")  # what was typed is not lost
    box.fill("[[1, 2], [3, 4]]")
    box.press("Enter")
    page.wait_for_url(re.compile("weight=1_2__3_4"))
    expect(page.get_by_text("Sum 10: a flat picture")).to_be_visible()


def test_two_filters_are_compared(goto: Goto) -> None:
    page = opened(
        goto, view="compare", filter="gaussian", other="gaussian", window=41, sigma=3.0,
        then_sigma=4.0, other_sigma=5.0,
    )  # fmt: skip
    expect(page.locator(f"{PHOTOS} [data-panel=output]")).to_contain_text(
        "Gaussian, σ 3.0, then Gaussian, σ 4.0"
    )
    notes = page.locator(f"{PHOTOS} li")
    expect(notes.nth(0)).to_contain_text("the Gaussian behind it 41 × 41, the second 41 × 41")
    expect(notes.nth(2)).to_contain_text("At least 40 cells from the border")


def test_the_swipe_lays_the_picture_over_the_answer(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="sobel_x")
    above = panel(page, "output").locator("canvas.above")
    assert above.evaluate("node => node.style.clipPath") == "inset(0px 100% 0px 0px)"
    panel(page, "output").get_by_label("Picture over the answer").press("End")
    assert above.evaluate("node => node.style.clipPath") == "inset(0px 0% 0px 0px)"


def test_too_small_a_picture_is_refused_kindly(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="box", window=61, side=16, padding_mode="reflect")
    expect(page.get_by_text("This setting is impossible")).to_be_visible()
    page.get_by_role("button", name="Use replicate padding").click()
    expect(page.get_by_text("This setting is impossible")).to_have_count(0)


def test_a_bad_file_gets_one_line(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="sobel_x")
    before = pixels(page, "input")
    open_drawer(page, "Your own picture")
    for name, (data, rule) in FILES.items():
        if name == "too long":
            continue  # Streamlit's own limit is before ours
        upload(page, f"<img src=x onerror=alert(1)> {name}.png", data)
        expect(page.get_by_text(re.compile(f"This file is not shown: .*({rule})"))).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        np.testing.assert_array_equal(pixels(page, "input"), before)
        page.get_by_role("button", name=re.compile("^Remove")).click()
        expect(page.get_by_text("This file is not shown")).to_have_count(0)


def upload(page: Page, name: str, data: bytes) -> None:
    files = page.locator("[data-testid=stFileUploader] input[type=file]")
    files.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})


def test_ones_own_picture_is_filtered_and_stays_out_of_the_link(goto: Goto) -> None:
    from PIL import Image

    page = opened(goto, view="filter", filter="identity")
    open_drawer(page, "Your own picture")
    stays = "It stays in this session: a link shows “Photograph: Grace Hopper” instead."
    expect(page.get_by_text(stays)).to_be_visible()
    own = np.random.default_rng(3).integers(0, 256, (30, 40), dtype=np.uint8)
    upload(page, "own.png", saved(Image.fromarray(own)))
    expect(panel(page, "input")).to_contain_text("30 × 40")
    for name in ("input", "output"):
        np.testing.assert_array_equal(pixels(page, name), np.repeat(own[..., None], 3, -1))
    page.wait_for_url(re.compile("picture=own"))
    reloaded(page)
    absent = "Your own picture is not in the link; “Photograph: Grace Hopper” stands in for it."
    expect(page.get_by_text(absent)).to_be_visible()
    expect(panel(page, "input")).to_contain_text("512 × 437")


BROKEN = (
    "points=1_2_3", "points=99_99", "filter=cat", "window=1e9", "sigma=nan", "side=0",
    "look=9999x9999&view=filter", "weight=1,2;3&view=design", "view=cost&side=99999",
    "picture=own&view=filter", "channel=9&view=filter", "blob_sigma=0", "blob_window=-4",
    "view=design&weight=1e30", "view=filter&filter=gaussian&sigma=0.1&window=4",
)  # fmt: skip


def test_a_broken_link_gives_the_nearest_page(goto: Goto) -> None:
    page = opened(goto)
    base = page.url.partition("?")[0]
    for link in BROKEN:
        follow(page, f"{base}?{link}")
        expect(page.locator(f"{PHOTOS}[data-rev]")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_pictures_stand_there_once_however_quickly_one_acts(goto: Goto) -> None:
    page = opened(goto, view="filter", filter="sobel_x", look=(100, 50))
    page.locator(f"{PHOTOS} [data-panel=output] .map").focus()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(20)
    page.wait_for_url(re.compile("look=100x90"))
    expect(page.locator(PHOTOS)).to_have_count(1)
    expect(page.locator("[data-testid=stage]")).to_have_count(1)
    assert looked(page) == ("0", "100", "90")


def test_quick_points_are_all_put(goto: Goto) -> None:
    page = opened(goto, points=())
    canvas = page.locator(f"{PHOTOS} [data-panel=input] .map")
    canvas.evaluate(
        """node => {
            const box = node.getBoundingClientRect();
            for (let n = 0; n < 12; n++) {
                const at = { clientX: box.left + (n + 0.5) * box.width / 50,
                    clientY: box.top + (2 * n + 0.5) * box.height / 50 };
                node.dispatchEvent(new MouseEvent("click", { bubbles: true, ...at }));
            }
        }"""
    )
    page.wait_for_url(re.compile("points=" + "__".join(f"{2 * n}_{n}" for n in range(12))))
    expect(page.locator(PHOTOS)).to_have_count(1)


def test_a_long_run_is_not_begun_again_and_again(goto: Goto) -> None:
    page = opened(goto, view="cost", filter="gabor", window=41, colour=True)
    click(page, "input", 60, 60)
    expect(page.locator(PHOTOS)).to_have_attribute("data-row", re.compile(r"^\d+$"))
    page.wait_for_url(re.compile("look="), timeout=30_000)
