"""Pages under measurement: opened with the stopwatch inside, and driven by keyboard and pointer."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests.browser.screens import LAPTOP
from tests.browser.visit import visit

PROBE = Path(__file__).with_name("probe.js")
STAGE = "[data-testid=stage]"
DETAIL = "[data-testid=detail]"
PHOTOS = "[data-testid=photos]"
WRITTEN = "[data-testid=stMarkdown]"  # what st.write made, on the floor page


def opened(browser: Browser, url: str, shows: str | None = None) -> Page:
    """A page of its own session, ready: what it `shows` is there."""
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.add_init_script(path=PROBE)
    if shows is None:
        page.goto(url)
    else:
        visit(page, url).wait_for_selector(shows)
    return page


class Slider:
    """A slider that is moved to and fro by its arrow keys, never against its end."""

    def __init__(self, page: Page, label: str, shows: str) -> None:
        self.page = page
        self.label = label
        self.shows = page.locator(shows)
        self.thumb = page.locator(f'input[type=range][aria-label="{label}"]')
        self.key = "ArrowRight"

    def moves(self, count: int) -> list[dict]:
        """Press a key `count` times; after each wait until the server is at rest again."""
        self.page.bring_to_front()
        self.thumb.focus()
        return [self._move() for _ in range(count)]

    def _move(self) -> dict:
        now, low, high = self.thumb.evaluate("at => [at.value, at.min, at.max].map(Number)")
        if now >= high:
            self.key = "ArrowLeft"
        elif now <= low:
            self.key = "ArrowRight"
        self.shows.evaluate("node => bench.expectMove(node)")
        self.page.keyboard.press(self.key)
        return self.page.evaluate("bench.move")


class Looks:
    """Layers of a stack that are looked at, one after the other and back to the first."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shows = page.locator(DETAIL)
        self.buttons = page.locator("button.look")
        self.place = 0

    def moves(self, count: int) -> list[dict]:
        """Press Enter on the next `count` layers; wait until the server is at rest each time."""
        self.page.bring_to_front()
        return [self._move() for _ in range(count)]

    def _move(self) -> dict:
        self.place = (self.place + 1) % self.buttons.count()
        self.buttons.nth(self.place).focus()
        self.shows.evaluate("node => bench.expectMove(node)")
        self.page.keyboard.press("Enter")
        return self.page.evaluate("bench.move")


def hovers(page: Page, count: int) -> list[dict]:
    """Point at cells of the first, a middle and the last grid in turn."""
    page.bring_to_front()
    stage = page.locator(STAGE)
    times = []
    for cell in _some_cells(stage, count):
        box = cell.bounding_box()
        stage.evaluate("node => bench.expectHover(node)")
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        times.append(page.evaluate("bench.hover"))
    return times


def _some_cells(stage: Locator, count: int) -> Iterator[Locator]:
    names = stage.evaluate("""stage =>
        [...new Set([...stage.querySelectorAll(".cell")].map((cell) => cell.dataset.grid))]""")
    chosen = (names[0], names[len(names) // 2], names[-1])
    grids = [stage.locator(f".cell[data-grid={name}]") for name in chosen]
    for number in range(count):
        cells = grids[number % 3]
        yield cells.nth(7 * (number + 1) % cells.count())
