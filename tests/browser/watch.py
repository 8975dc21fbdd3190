"""A watch over what a page can do wrong while looking right.

Errors in the console, exceptions, requests that leave this machine: a test that opens a page fails
for them at its end unless it expected them.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# No host behind these: the page itself wrote what they hold.
LOCAL_SCHEMES = {"data", "blob", "about"}
# Opened at /slide, Streamlit asks whether it is served under that path; a 404 says that it is not.
BASE_PATH_PROBE = re.compile(r"/_stcore/(health|host-config)$")


class Watch:
    """Attach it to a context before its first page. `complaints` are sentences, in order."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("request", self._request)
        context.on("page", self._page)

    def unexpected(self, expected: Iterable[str] = ()) -> list[str]:
        """The complaints in which none of the `expected` regular expressions is found."""
        patterns = list(expected)
        return [c for c in self.complaints if not any(re.search(p, c) for p in patterns)]

    def _console(self, message: ConsoleMessage) -> None:
        where = message.location["url"]
        if message.type == "error" and not BASE_PATH_PROBE.search(where):
            self.complaints.append(f"console error: {message.text} ({where})")

    def _exception(self, error: WebError) -> None:
        self.complaints.append(f"exception: {error.error.stack or error.error}")

    def _request(self, request: Request) -> None:
        self._address("request", request.url)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._websocket)

    def _websocket(self, websocket: WebSocket) -> None:
        self._address("websocket", websocket.url)

    def _address(self, what: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.hostname not in LOOPBACK:
            self.complaints.append(f"{what} to another machine: {url}")
