"""axe-core finds nothing to complain of, on any page, in light and dark."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests.browser.drawers import open_drawer
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR
from tests.browser.stage import STAGE

PAGES = {
    "start": "/",
    "sliding": "/slide?padding=1",
    "coverage": "/slide?view=coverage&stride=2&size=10",
    "matrix": "/slide?view=matrix&size=4",
    "matrix as a heat map": "/slide?view=matrix&size=9",
    "heat map": "/slide?size=24",
    "channels": "/slide?in_channels=3&out_channels=2&bias=1,2",
    "predict": "/slide?predict=1",
    "mended": "/slide?stride=99",
    "impossible": "/slide?size=2",
    "gradients": "/gradients?step=15",
    "build-up": "/gradients?view=build&step=22",
    "dL/dw": "/gradients?view=weight&loss=squares",
    "transposed": "/gradients?view=transposed&step=4",
    "dy/dx": "/gradients?view=dydx&size=4",
    "dy/dw": "/gradients?view=dydw&size=4&in_channels=2",
    "pooling": "/pooling?kernel_size=3&padding=1&step=3",
    "pooling backward": "/pooling?view=backward&kind=average&ceil_mode=1&size=7",
    "pooling relu": "/pooling?view=relu&step=4",
    "shapes": "/shapes?at=2",
    "shapes refused": "/shapes?layers=Conv2d(3,8,5);ReLU();Linear(None,3)&shape=3x9x9",
    "blobs": "/filters",
    "a filter": "/filters?view=filter&filter=sobel_x&look=20x30",
    "edges": "/filters?view=edges&picture=steps",
    "a design": "/filters?view=design",
    "two filters": "/filters?view=compare&filter=gaussian",
    "cost": "/filters?view=cost&window=9&filter=gaussian",
    "too small a picture": "/filters?view=filter&filter=box&window=61&side=16&padding_mode=reflect",
    "slopes": "/calculus?at=0.5",
    "softmax": "/calculus?view=shift&shift=900",
    "softmax Jacobian": "/calculus?view=jacobian",
    "an exercise": "/exercises?row=C6",
    "cells to mark": "/exercises?row=D5,+where",
    "a choice": "/exercises?row=B15,+which",
    "a sheet": "/exercises?view=solutions&rows=A1__B7",
    "pooling libraries": "/pooling?view=dialects&kind=average&kernel_size=3&padding=1",
}
SCREENS = [
    (viewport, path + query)
    for path in ("/slide", "/gradients", "/pooling", "/filters", "/shapes", "/calculus")
    for viewport, query in ((PHONE, ""), (PROJECTOR, "?present=1"))
]


DARK = """() => {
    const app = document.querySelector("[data-testid=stApp]");
    const stages = [...document.querySelectorAll("*")].filter((one) => one.shadowRoot)
        .flatMap((one) => [...one.shadowRoot.querySelectorAll("[data-theme]")]);
    return getComputedStyle(app).backgroundColor === "rgb(20, 23, 28)"
        && stages.every((stage) => stage.dataset.theme === "dark")
        && document.getAnimations().every((one) => one.playState !== "running");
}"""


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule; in the dark, those of colours."""
    found = broken(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(DARK)
    return found + broken(page, runOnly=["color-contrast", "link-in-text-block"])


def broken(page: Page, **rules: object) -> list[str]:
    options = {"resultTypes": ["violations"], **rules}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.fixture
def open_stage(goto: Callable[..., Page], page: Page) -> Callable[[str], Page]:
    def opened(path: str) -> Page:
        goto(path)
        page.wait_for_selector(
            f"{STAGE}[data-rev], [data-testid=field] canvas[aria-label], "
            "[data-testid=photos][data-rev], [data-testid=stProgress]"
        )
        return page

    return opened


@pytest.mark.parametrize("name", PAGES)
def test_no_violation(open_stage: Callable[[str], Page], name: str) -> None:
    assert violations(open_stage(PAGES[name])) == []


@pytest.mark.parametrize(("viewport", "path"), SCREENS, ids=str)
def test_no_violation_on_other_screens(
    open_stage: Callable[[str], Page], viewport: ViewportSize, path: str
) -> None:
    assert viewport != LAPTOP
    assert violations(open_stage(path)) == []


def test_no_violation_in_the_middle_of_things(open_stage: Callable[[str], Page]) -> None:
    """With a text refused, a cell pinned and everything behind "More" in sight."""
    page = open_stage("/slide?padding=same")
    open_drawer(page, "More")
    page.wait_for_selector("text=Rows and columns apart")
    page.locator("[data-grid=kernel]").first.click()
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    assert violations(page) == []


@pytest.mark.parametrize(
    ("plant", "rule"),
    [
        ("stage => stage.querySelector('[aria-label=Play]').removeAttribute('aria-label')"
         " || stage.querySelector('.play').removeAttribute('title')", "button-name"),
        ("stage => stage.querySelector('.step-text').style.color = '#ddd'", "color-contrast"),
        ("stage => stage.querySelector('[data-grid]').setAttribute('role', 'nonsense')",
         "aria-roles"),
    ],
    ids=["name", "contrast", "role"],
)  # fmt: skip
def test_a_violation_inside_the_stage_is_found(
    open_stage: Callable[[str], Page], plant: str, rule: str
) -> None:
    """axe looks behind the shadow root, where all of the stage is."""
    page = open_stage("/slide")
    page.locator(STAGE).evaluate(plant)
    assert any(found.startswith(f"{rule}:") for found in broken(page))


def test_a_violation_in_the_dark_alone_is_found(open_stage: Callable[[str], Page]) -> None:
    page = open_stage("/slide")
    page.locator(f"{STAGE} .step-text").evaluate("text => { text.style.color = '#16191d'; }")
    assert any(found.startswith("color-contrast:") for found in violations(page))
