"""Playing and hovering, which are the browser's work alone."""

from itertools import product

from playwright.sync_api import Browser, Page

from benchmarks.pages import STAGE, hovers, opened
from benchmarks.table import median, p95, table
from tests.browser.visit import address

SECONDS = 4
HOVERS = 15
LONG_FRAME = 25  # ms: one and a half frames at 60 a second
SETTING = {"size": 16, "kernel_size": 7, "picture": "random", "speed": 5, "loop": 1}  # 5 is 8x
EMPTY = "empty page"


def motion(browser: Browser, app: str, rounds: int) -> str:
    """Frames a second while playing at 8x, and how soon a hovered cell lights its partners.

    The empty page beside it has the rate that this machine has to give.
    """
    pages = {EMPTY: opened(browser, "about:blank")}
    for padding in (3, 6):
        url = address(app, "/slide", **SETTING, padding=padding)
        pages[f"playing at 8x, padding {padding}"] = opened(browser, url, STAGE)
    url = address(app, "/gradients", size=16, stride=1, kernel="random", speed=5, loop=1)
    pages["gradients at 8x, 3x3 kernel"] = opened(browser, url, STAGE)
    gaps, lit, sent = ({name: [] for name in pages} for _ in range(3))
    for _, (name, page) in product(range(rounds), pages.items()):
        page.bring_to_front()
        before = page.evaluate("bench.sent.length")
        if name == EMPTY:
            gaps[name] += _frames(page)
        else:
            page.get_by_role("button", name="Play", exact=True).click()
            gaps[name] += _frames(page)
            page.get_by_role("button", name="Pause", exact=True).click()
            lit[name] += hovers(page, HOVERS)
        sent[name].append(page.evaluate("bench.sent.length") - before)
    return table(
        f"16x16 input, 7x7 kernel, {rounds} x {SECONDS} s, {HOVERS * rounds} hovers: median / p95 "
        "(goal: 55 frames/s, nothing sent, lit in 100 ms)",
        ("", "frames/s", f"over {LONG_FRAME} ms", "longest ms", "lit ms", "painted ms", "sent"),
        [_row(name, gaps[name], lit[name], sum(sent[name])) for name in pages],
    )


def _frames(page: Page) -> list[float]:
    return page.evaluate("seconds => bench.frames(seconds)", SECONDS)


def _row(name: str, gaps: list[float], lit: list[dict], sent: int) -> list[str]:
    hover = (
        [f"{median(lit, what):.0f} / {p95(lit, what):.0f}" for what in ("changed", "painted")]
        if lit
        else ["", ""]
    )
    rate = 1000 * len(gaps) / sum(gaps)
    late = sum(gap > LONG_FRAME for gap in gaps)
    return [name, f"{rate:.1f}", f"{late}", f"{max(gaps):.0f}", *hover, f"{sent}"]
