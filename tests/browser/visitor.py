"""A visitor who stays in the app and goes from link to link, without loading it anew.

Loading Streamlit's code takes a page a second of a core; another link of a page that is open, a
tenth. The tests that read every number of many settings go this way; that a link opens the same
in a new window is what the tests of reload and of broken links are for.
"""

from playwright.sync_api import Browser

from tests.browser.app_server import AppServer
from tests.browser.screens import LAPTOP
from tests.browser.stage import STAGE, Stage
from tests.browser.visit import address, visit, wait_idle
from tests.browser.watch import Watch

# As Back and Forward do: another address, and the news of it.
FOLLOW = """url => {
    document.activeElement?.blur();
    history.pushState({}, "", url);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


class Visitor:
    """One window of a laptop's size, on one page at a time."""

    def __init__(self, browser: Browser, server: AppServer) -> None:
        self.server = server
        context = browser.new_context(viewport=LAPTOP)
        self.watch = Watch(context)
        self.page = context.new_page()
        self.path = ""

    def follow(self, path: str, query: str) -> Stage:
        """The stage of this link; of an unknown one, what the page makes of it."""
        url = address(self.server.url, f"{path}?{query}")
        stage = Stage(self.page)
        if path != self.path:
            visit(self.page, url)
            stage.wait_until_drawn()
            self.path = path
            return stage
        self.page.mouse.move(0, 0)
        before = stage.root.get_attribute("data-visit")
        self.page.evaluate(FOLLOW, url)
        self.page.wait_for_selector(f"{STAGE}[data-visit]:not([data-visit='{before}'])")
        wait_idle(self.page)
        return stage
