"""Fixtures of the browser tests: one server and one browser per session, a blank page per test.

    def test_reads_the_link(page, goto):
        goto("/slide", stride=2)
        assert page.locator("[data-testid=stage]").get_attribute("data-steps") == "4"

    @pytest.mark.parametrize("viewport", [PHONE])
    @pytest.mark.parametrize("color_scheme", ["light", "dark"])
    def test_fits(goto): ...

A page fails its test for every error in the console, every exception in the browser or the server
and every request to another machine, unless the test says that it is expected:
`expected_errors.append("regular expression")`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.app_server import AppServer
from tests.browser.chromium import launch_chromium
from tests.browser.screens import LAPTOP
from tests.browser.stage import Stage
from tests.browser.visit import address, visit
from tests.browser.visitor import Visitor
from tests.browser.windows import PATIENCE, Windows

HERE = Path(__file__).parent

expect.set_options(timeout=PATIENCE)  # a state is waited for as long as an act


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test shows what the server said, and leaves a picture of the page."""
    report = yield
    used = getattr(item, "funcargs", {})
    if report.failed and "server" in used:
        report.sections.append(("server log", used["server"].read_log()))
    if report.failed and report.when == "call" and "page" in used:
        picture = used["tmp_path"] / "page.png"
        used["page"].screenshot(path=picture)
        report.sections.append(("picture of the page", str(picture)))
        report.sections.append(("its words", _words(used["page"])))
    return report


def _words(page: Page) -> str:
    """Where a page is, what it is at, and what stands there: a picture may not outlive a run."""
    states = page.evaluate("({...document.querySelector('[data-testid=stApp]')?.dataset})")
    return f"{page.url} {states}\n{page.evaluate('document.body.innerText')[:3000]}"


@pytest.fixture(scope="session")
def server() -> Iterator[AppServer]:
    with AppServer() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[Windows]:
    opened = Windows(browser)
    yield opened
    opened.close()


@pytest.fixture
def viewport() -> ViewportSize:
    return LAPTOP


@pytest.fixture
def color_scheme() -> str:
    return "light"


@pytest.fixture
def expected_errors() -> list[str]:
    return []


@pytest.fixture
def page(
    windows: Windows,
    viewport: ViewportSize,
    color_scheme: str,
    expected_errors: list[str],
    tmp_path: Path,  # for the picture of a failure
) -> Iterator[Page]:
    page, watch = windows.blank(viewport, color_scheme)
    yield page
    page.goto("about:blank")  # what the page does while it is left counts too
    assert watch.unexpected(expected_errors) == []


@pytest.fixture
def goto(
    server: AppServer, page: Page, expected_errors: list[str]
) -> Iterator[Callable[..., Page]]:
    def open_page(path: str = "/", **query: object) -> Page:
        return visit(page, address(server.url, path, **query))

    before = len(server.tracebacks())
    yield open_page
    new = server.tracebacks()[before:]
    assert [t for t in new if not any(re.search(p, t) for p in expected_errors)] == []


@pytest.fixture
def slide(goto: Callable[..., Page]) -> Callable[[str], Stage]:
    """`slide("size=5&stride=2")` opens the slide page there and waits for its stage."""
    return lambda query="": _opened(goto, "/slide", query)


@pytest.fixture
def gradients(goto: Callable[..., Page]) -> Callable[[str], Stage]:
    """The same for the gradients page."""
    return lambda query="": _opened(goto, "/gradients", query)


@pytest.fixture
def pooling(goto: Callable[..., Page]) -> Callable[[str], Stage]:
    """The same for the pooling page."""
    return lambda query="": _opened(goto, "/pooling", query)


@pytest.fixture(scope="session")
def staying(browser: Browser, server: AppServer) -> Visitor:
    return Visitor(browser, server)


@pytest.fixture
def follow(staying: Visitor, server: AppServer) -> Iterator[Callable[[str, str], Stage]]:
    """`follow("/slide", "size=5")` shows that link in a window that stays open between tests."""
    before = len(server.tracebacks())
    yield staying.follow
    complaints = staying.watch.unexpected()
    staying.watch.complaints.clear()
    assert complaints == []
    assert server.tracebacks()[before:] == []


def _opened(goto: Callable[..., Page], path: str, query: str) -> Stage:
    stage = Stage(goto(f"{path}?{query}" if query else path))
    stage.wait_until_drawn()
    return stage
