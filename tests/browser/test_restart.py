"""A server that is started anew under an open tab: the page is there again, as its address says."""

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.app_server import AppServer
from tests.browser.sliders import move, slider
from tests.browser.stage import Stage
from tests.browser.visit import visit, wait_idle

TRIES = 8  # of 5 seconds


@pytest.fixture
def mortal() -> Iterator[AppServer]:
    """A server of this test's own."""
    with AppServer() as server:
        yield server


@pytest.fixture
def expected_errors() -> list[str]:
    return [
        "WebSocket",
        "ERR_CONNECTION",
        "Failed to load resource",
        "Network Error",
        "No response received",
        "not responding",
        "net::",
        "when disconnected",
    ]


def test_an_open_tab_outlives_its_server(mortal: AppServer, page: Page) -> None:
    stage = Stage(visit(page, f"{mortal.url}/slide?weight=4_2__1_3&stride=2"))
    stage.wait_until_drawn()
    move(stage, "Padding")
    mortal.restart()
    for _ in range(TRIES):  # a move may be lost with the old page, which loads itself anew
        slider(page, "Dilation (1 = dense)").focus()
        page.keyboard.press("ArrowRight")
        with suppress(TimeoutError):
            page.wait_for_url(re.compile("dilation="), timeout=5_000)
            break
    assert "dilation=" in page.url
    wait_idle(page)
    stage.wait_until_drawn()
    expect(slider(page, "Padding")).to_have_value("1")
    expect(stage.cell("kernel", 0, 0)).to_have_attribute("data-value", "4")
    rev = stage.rev
    stage.cell("kernel", 0, 0).click()
    stage.editor.fill("9")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    page.wait_for_url(re.compile("weight=9_2__1_3"))
