"""Traffic: what a page sends to the server and gets from it while something is done to it.

with Traffic(page) as traffic:      before the page is opened: its sockets are met as they open
    goto("/slide")
    traffic.clear()
    ...
    assert traffic.sent == []
"""

from types import TracebackType
from typing import Self

from playwright.sync_api import Page, Request, WebSocket


class Traffic:
    """WebSocket payloads both ways, and the addresses of the requests, in order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        self.requests: list[str] = []

    def __enter__(self) -> Self:
        self.page.on("websocket", self._opened)
        self.page.on("request", self._requested)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.page.remove_listener("websocket", self._opened)
        self.page.remove_listener("request", self._requested)

    def clear(self) -> None:
        for record in (self.sent, self.received, self.requests):
            record.clear()

    @property
    def bytes_received(self) -> int:
        return sum(map(len, self.received))

    def _opened(self, websocket: WebSocket) -> None:
        websocket.on("framesent", lambda payload: self.sent.append(_bytes(payload)))
        websocket.on("framereceived", lambda payload: self.received.append(_bytes(payload)))

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)


def _bytes(payload: bytes | str) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload
