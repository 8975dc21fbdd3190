"""Screenshots: every page on every screen it is made for, to look at before calling a change done.

`make shots` writes shots/<page>-<variant>.png; the folder is not in git.
"""

import shutil
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from convview import query
from convview.params import Shapes
from convview.stacks import STACKS
from tests.browser.app_server import ROOT, AppServer
from tests.browser.chromium import launch_chromium
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, has_touch
from tests.browser.visit import address, visit

SHOTS = ROOT / "shots"
COMPONENT = "[data-testid^=stBidiComponent]"
STAGE = "[data-testid=stage], [data-testid=layers], [data-testid=photos], .st-key-asked"

VGG = query.write(Shapes(layers=STACKS["vgg"].layers))["layers"].replace(" ", "")
PAGES = {
    "start": "/",
    "slide": "/slide",
    "slide-strided": "/slide?stride=2&padding=1&step=5",
    "slide-dilated": "/slide?size=9&dilation=2&stride=2&padding=1&step=6",
    "slide-coverage": "/slide?size=10x11&stride=2&view=coverage&step=8",
    "slide-matrix": "/slide?size=5&view=matrix&step=4",
    "slide-large-matrix": "/slide?size=12&view=matrix&step=33",
    "slide-channels": "/slide?picture=photo&in_channels=3&out_channels=2&bias=1,-1&step=30",
    "slide-heat": "/slide?picture=photo&size=56&padding=1&step=1400",
    "slide-largest": "/slide?size=16&kernel_size=7&padding=3&kernel=random&step=90",
    "slide-refused": "/slide?size=2&kernel_size=5",
    "gradients": "/gradients?step=15",
    "gradients-build": "/gradients?view=build&step=22",
    "gradients-weight": "/gradients?view=weight&step=3",
    "gradients-transposed": "/gradients?view=transposed&step=4",
    "gradients-dydx": "/gradients?view=dydx&size=5&step=2",
    "gradients-dydw": "/gradients?view=dydw&size=5&step=2",
    "gradients-row": "/gradients?size=1x8&kernel_size=1x3&stride=1&padding=full&step=3",
    "gradients-channels": "/gradients?in_channels=3&out_channels=2&loss=squares&step=40",
    "pooling": "/pooling?step=4",
    "pooling-padded": "/pooling?kernel_size=3&padding=1&ceil_mode=1&step=4",
    "pooling-average": "/pooling?kind=average&kernel_size=3&padding=1&step=3",
    "pooling-backward": "/pooling?view=backward&kernel_size=3&stride=1&step=8",
    "pooling-shares": "/pooling?view=backward&kind=average&kernel_size=3&stride=1&step=8",
    "pooling-hits": "/pooling?view=hits&kernel_size=3&stride=1&step=8",
    "pooling-relu": "/pooling?view=relu&step=4",
    "pooling-linear": "/pooling?view=linear&step=4",
    "pooling-dialects": "/pooling?view=dialects&kind=average&size=7&kernel_size=3&padding=1&step=5",
    "pooling-photo": "/pooling?view=both&picture=photo&size=64&kernel_size=4&stride=4&step=100",
    "pooling-channels": "/pooling?in_channels=3&view=backward&step=12",
    "filters": "/filters",
    "filters-even": "/filters?blob_window=50",
    "filters-sobel": "/filters?view=filter&filter=sobel_x",
    "filters-blur": "/filters?view=filter&filter=gaussian&window=9&sigma=2&colour=1",
    "filters-edges": "/filters?view=edges",
    "filters-steps": "/filters?view=edges&picture=steps",
    "filters-design": "/filters?view=design&picture=steps",
    "filters-compare": "/filters?view=compare&filter=gaussian&other=gaussian&window=41&sigma=3"
    "&then_sigma=4&other_sigma=5",
    "filters-cost": "/filters?view=cost&filter=gaussian&window=15&sigma=3&colour=1",
    "shapes": "/shapes?at=3",
    "shapes-vgg": "/shapes?layers=" + VGG + "&shape=3x224x224&at=10",
    "shapes-holes": "/shapes?layers=Conv2d(None,8,3,dilation=2);Conv2d(None,8,3,dilation=2)&at=2"
    "&shape=1x16x16",
    "shapes-refused": "/shapes?layers=Conv2d(3,8,5);ReLU();Linear(None,3)&shape=3x9x9",
    "calculus": "/calculus",
    "calculus-rebuilt": "/calculus?view=rebuilt&strips=6",
    "calculus-limit": "/calculus?view=limit",
    "calculus-shift": "/calculus?view=shift&shift=800",
    "calculus-pair": "/calculus?view=pair",
    "calculus-jacobian": "/calculus?view=jacobian",
    "calculus-linear": "/calculus?view=linear",
    "calculus-chain": "/calculus?view=chain",
    "exercises": "/exercises?row=A1",
    "exercises-matrix": "/exercises?row=C6",
    "exercises-cells": "/exercises?row=A1,+unread",
    "exercises-choice": "/exercises?row=B15,+which",
    "exercises-sheet": "/exercises?view=solutions&rows=A1__B10__C2",
    "gradients-photo": "/gradients?size=64&picture=photo&kernel=sobel_x&loss=squares&step=900",
}


@dataclass(frozen=True)
class Variant:
    viewport: ViewportSize
    color_scheme: str = "light"
    query: tuple[tuple[str, str], ...] = ()
    also_full: bool = False  # the whole page too, however long


VARIANTS = {
    "light": Variant(LAPTOP),
    "dark": Variant(LAPTOP, color_scheme="dark"),
    "phone": Variant(PHONE, also_full=True),
    "projector": Variant(PROJECTOR, query=(("present", "1"),)),
}


def main() -> None:
    shutil.rmtree(SHOTS, ignore_errors=True)  # no picture of yesterday among those of today
    SHOTS.mkdir()
    with AppServer() as server, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for page_name, path in PAGES.items():
            for variant_name, variant in VARIANTS.items():
                url = address(server.url, path, **dict(variant.query))
                shoot(browser, url, variant, f"{page_name}-{variant_name}")
        browser.close()


def shoot(browser: Browser, url: str, variant: Variant, name: str) -> None:
    context = browser.new_context(
        viewport=variant.viewport,
        color_scheme=variant.color_scheme,
        has_touch=has_touch(variant.viewport),
    )
    page = context.new_page()
    visit(page, url)
    if page.locator(COMPONENT).count():
        page.wait_for_selector(STAGE)
    save(page, name)
    if variant.also_full:
        grow_to_fit(page)
        save(page, f"{name}-full")
    context.close()


def grow_to_fit(page: Page) -> None:
    """Make the window as tall as the page, which Streamlit scrolls inside itself.

    The layout may use the room it gets, so it takes more than one look.
    """
    for _ in range(5):
        size = page.viewport_size
        needed = page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight")
        if needed <= size["height"]:
            return
        page.set_viewport_size(ViewportSize(width=size["width"], height=needed))
        page.wait_for_timeout(300)


def save(page: Page, name: str) -> None:
    path = SHOTS / f"{name}.png"
    page.screenshot(path=path)
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
