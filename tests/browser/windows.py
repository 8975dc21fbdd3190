"""Windows: pages that stay open from one test to the next.

A new page costs two seconds, most of them Streamlit's own code being compiled once more; a page
that has been there before needs one. Every test gets it blank, at its own size and in its own
colours; what a visit does to a session ends with the visit.
"""

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.screens import has_touch
from tests.browser.watch import Watch


class Windows:
    """One window for a mouse and one for a finger, each with its watch."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._open: dict[bool, tuple[BrowserContext, Watch, Page]] = {}

    def blank(self, viewport: ViewportSize, color_scheme: str) -> tuple[Page, Watch]:
        """An empty page of this size, and the watch over it with nothing to complain of yet."""
        context, watch, page = self._window(has_touch(viewport))
        if page.is_closed():
            page = context.new_page()
            self._open[has_touch(viewport)] = (context, watch, page)
        page.goto("about:blank")
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme, reduced_motion="no-preference")
        page.mouse.move(0, 0)
        watch.complaints.clear()
        return page, watch

    def close(self) -> None:
        for context, _, _ in self._open.values():
            context.close()

    def _window(self, touch: bool) -> tuple[BrowserContext, Watch, Page]:
        if touch not in self._open:
            context = self.browser.new_context(has_touch=touch)
            watch = Watch(context)
            self._open[touch] = (context, watch, context.new_page())
        return self._open[touch]
