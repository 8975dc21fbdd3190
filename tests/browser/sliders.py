"""The sliders beside the stage, moved by key as a hand would, until the page has come to rest."""

from playwright.sync_api import Locator, Page

from tests.browser.stage import Stage
from tests.browser.visit import wait_idle


def slider(page: Page, label: str) -> Locator:
    return page.locator(f"input[type=range][aria-label='{label}']")


def move(stage: Stage, label: str, key: str = "ArrowRight") -> str:
    """Press one key on a slider; the rev of the picture that comes of it.

    The picture changes first and the address follows, so both are awaited.
    """
    rev, url = stage.rev, stage.page.url
    slider(stage.page, label).focus()
    stage.page.keyboard.press(key)
    stage.wait_for_change(rev)
    stage.page.wait_for_url(lambda now: now != url)
    wait_idle(stage.page)
    return stage.rev
