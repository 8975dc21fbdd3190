"""A visit: open an address of the app and wait until it has nothing left to do."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, TimeoutError

CLICKS, CLICK_TIMEOUT = 4, 4000  # milliseconds

# Streamlit says "initial" until the first run is announced, then running, then notRunning. Even so
# the code of a widget or a component may still be on its way, with a grey skeleton in its place.
IDLE = """() =>
    document.querySelector(
        "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
    ) && !document.querySelector("[data-testid=stSkeleton]")
"""


def address(base: str, path: str = "/", **query: Any) -> str:
    """`address("http://h", "/slide?stride=2", padding=1)` is "http://h/slide?stride=2&padding=1".

    A path keeps the query it brings, byte for byte, so that a broken one can be tested.
    """
    if not query:
        return base + path
    return base + path + ("&" if "?" in path else "?") + urlencode(query, doseq=True)


def visit(page: Page, url: str) -> Page:
    page.goto(url, timeout=30_000)
    wait_idle(page)
    return page


def wait_idle(page: Page) -> None:
    """Wait until the first run is over and everything of it is drawn.

    After a click, wait for what the click changes instead (the stage's data-rev): the app is still
    idle for a moment before the click reaches the server.
    """
    page.wait_for_function(IDLE, timeout=30_000)


def follow_link(link: Locator, url: str | re.Pattern[str]) -> None:
    """Click a link until the page that it leads to opens.

    While the page is still being made, and its pictures move what is below them, a click may meet
    nothing; whoever clicked would click again.
    """
    for _ in range(CLICKS):
        with suppress(TimeoutError):
            link.click(timeout=CLICK_TIMEOUT)
        with suppress(TimeoutError):
            link.page.wait_for_url(url, timeout=CLICK_TIMEOUT)
            return
    raise AssertionError(f"{CLICKS} clicks did not lead from {link.page.url} to {url}")
