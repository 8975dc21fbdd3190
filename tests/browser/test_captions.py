"""Nothing of a caption is cut off, and none runs into the next one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from convview.params import POOLING_VIEWS
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR
from tests.browser.stage import Stage

Follow = Callable[[str, str], Stage]
LINKS = [
    *(
        ("/pooling", f"view={view}&size=6&kernel_size=3&stride=2&padding=1&ceil_mode=1")
        for view in POOLING_VIEWS
    ),
    *(
        ("/slide", f"operation=convolution&size=16&kernel_size=5x6&dilation=2&view={view}")
        for view in ("sliding", "coverage", "matrix")
    ),
]


def test_a_caption_is_read_to_its_end(follow: Follow) -> None:
    long = 0
    for path, query in LINKS:
        stage = follow(path, query)
        assert stage.cut_captions() == [], query
        long += "over the end" in stage.root.inner_text()
    assert long >= 5


@pytest.mark.parametrize("viewport", [PHONE, PROJECTOR])
def test_it_is_on_other_screens(slide: Callable[[str], Stage]) -> None:
    stage = slide(LINKS[-3][1])
    assert "as typed" in stage.root.inner_text()
    assert stage.cut_captions() == []


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("path", ["/slide", "/gradients", "/pooling", "/calculus?view=chain"])
def test_the_name_of_a_slider_is_read_to_its_end(goto: Callable[..., Page], path: str) -> None:
    names = goto(path).locator(".sliders label span")
    expect(names.nth(3)).to_be_visible()
    cut = names.evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    )
    assert cut == []


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE])
def test_a_slider_says_the_sides_of_an_uneven_padding(slide: Callable[[str], Stage]) -> None:
    page = slide("padding=5,6,2,5&size=12").page
    row = page.locator("label").filter(has=page.get_by_label("Padding", exact=True))
    expect(row.locator("output")).to_have_text("top 5, bottom 6, left 2, right 5")
    for part in (row.locator("output"), row.locator("span")):
        assert part.evaluate("node => node.scrollWidth <= node.clientWidth + 1"), part
