"""Windows: pages that stay open from one test to the next.

A new page costs two seconds, most of them Streamlit's own code being compiled once more; a page
that has been there before needs one. Every test gets it blank, at its own size and in its own
colours; what a visit does to a session ends with the visit.
"""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize
from playwright.sync_api import Error as PlaywrightError

from tests.browser.screens import has_touch
from tests.browser.watch import Watch

PATIENCE = 10_000  # ms for anything on a page; a page that opens gets more
MOST_USES = 50  # then a new window: the process behind one grows with each visit


@dataclass(frozen=True)
class Window:
    page: Page
    watch: Watch


class Windows:
    """One window for a mouse and one for a finger, each with its watch."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._open: dict[bool, Window] = {}
        self._uses: dict[bool, int] = {}

    def blank(self, viewport: ViewportSize, color_scheme: str) -> tuple[Page, Watch]:
        """An empty page of this size, and the watch over it with nothing to complain of yet."""
        touch = has_touch(viewport)
        self._uses[touch] = self._uses.get(touch, 0) + 1
        if self._uses[touch] > MOST_USES:
            self._uses[touch] = 1
            self._open.pop(touch).page.context.close()
        try:
            window = self._open[touch]
            window.page.goto("about:blank")
        except (KeyError, PlaywrightError):  # none yet, or it was closed, crashed or hangs
            window = self._open[touch] = self._new(touch)
        page, watch = window.page, window.watch
        page.set_default_timeout(PATIENCE)
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme, reduced_motion="no-preference")
        page.mouse.move(0, 0)
        watch.complaints.clear()
        return page, watch

    def close(self) -> None:
        for context in self.browser.contexts:
            context.close()

    def _new(self, touch: bool) -> Window:
        context = self.browser.new_context(has_touch=touch)
        watch = Watch(context)
        return Window(context.new_page(), watch)
