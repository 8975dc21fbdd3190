"""A watch that misses what it is there for would make every other browser test worth less."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.watch import Watch


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context()
    watch = Watch(context)
    yield context.new_page(), watch
    context.close()


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("() => console.error('planted')", "console error: planted"),
        ("() => { setTimeout(() => { throw new Error('planted') }) }", "exception: Error: planted"),
        ("() => { new Image().src = 'https://example.com/a.png' }", "request to another machine"),
        ("() => { fetch('http://192.0.2.1/').catch(() => 0) }", "request to another machine"),
        ("() => { new WebSocket('ws://192.0.2.1/') }", "websocket to another machine"),
    ],
    ids=["console", "exception", "picture", "fetch", "websocket"],
)
def test_complains(watched: tuple[Page, Watch], script: str, complaint: str) -> None:
    page, watch = watched
    page.evaluate(script)
    page.wait_for_timeout(300)
    assert any(complaint in said for said in watch.complaints), watch.complaints
    assert watch.unexpected(["planted", "another machine", "ERR_NAME_NOT_RESOLVED"]) == []


def test_other_machines_are_unreachable(watched: tuple[Page, Watch]) -> None:
    page, _ = watched
    reached = page.evaluate(
        "() => fetch('http://192.0.2.1/', {mode: 'no-cors'}).then(() => 'reached', String)"
    )
    assert reached == "TypeError: Failed to fetch"


def test_app_is_quiet(goto: Callable[..., Page], page: Page) -> None:
    """No error, no request elsewhere; the `page` fixture looks at its end."""
    goto("/")
    assert page.title() != ""
