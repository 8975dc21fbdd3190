"""The speed of the app in Chromium, beside the barest Streamlit page.

    python -m benchmarks.bench_app [--quick]

All that is compared is measured in turns within one run, and only ratios are compared: another
computer, or this one while busy, changes every time here, and hardly the ratios. It judges nothing
and ends well whatever it finds; the goals stand beside what was reached.
"""

import argparse
from itertools import product

from playwright.sync_api import Browser, sync_playwright

from benchmarks import reruns
from benchmarks.pages import STAGE, WRITTEN, Slider, hovers, opened
from benchmarks.table import Row, largest, median, p95, table
from convview.params import Slide
from convview.pictures import PICTURES
from convview.scenes import slide
from convview.weights import WEIGHTS
from tests.browser.app_server import AppServer
from tests.browser.chromium import launch_chromium
from tests.browser.visit import address

GRID = {"size": 16}
FASTEST = {"speed": 5, "loop": 1}  # 8x, to and fro without end
SECONDS = 4
LONG_FRAME = 25  # ms: one and a half frames at 60 a second


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_app")
    parser.add_argument("--quick", action="store_true", help="fewer turns, rougher numbers")
    rounds = 2 if parser.parse_args().quick else 6
    with AppServer() as app, AppServer(reruns.FLOOR) as bare, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        print(moves(browser, app.url, bare.url, rounds), flush=True)
        print(payloads(browser, app.url), flush=True)
        print(motion(browser, app.url, max(1, rounds // 2)), flush=True)
        browser.close()
    print(scripts(rounds))


def moves(browser: Browser, app: str, bare: str, rounds: int) -> str:
    """From a key press on a slider to the changed picture."""
    floor = Slider(opened(browser, bare, WRITTEN), "Value", WRITTEN)
    pages = {
        "7x7": opened(browser, address(app, "/slide"), STAGE),
        "16x16": opened(browser, address(app, "/slide", **GRID), STAGE),
    }
    sliders = {"floor": floor} | {
        f"{size}, {label}": Slider(page, label, STAGE)
        for (size, page), label in product(pages.items(), ("Stride", "Padding"))
    }
    found = {name: [] for name in sliders}
    for slider in sliders.values():
        slider.moves(2)  # the first move of a session loads what later ones keep
    for _ in range(rounds):
        for name, slider in sliders.items():
            found[name] += slider.moves(6)
    lowest = {what: median(found["floor"], what) for what in ("changed", "painted")}
    rows = [
        Row(
            name,
            f"{median(these, 'changed'):.0f} / {p95(these, 'changed'):.0f}",
            f"x{median(these, 'changed') / lowest['changed']:.1f}",
            f"{median(these, 'painted'):.0f} / {p95(these, 'painted'):.0f}",
            f"x{median(these, 'painted') / lowest['painted']:.1f}",
            f"{median(these, 'answered') - median(these, 'sent'):.0f}",
            f"{median(these, 'bytes') / 1000:.1f} / {largest(these, 'bytes') / 1000:.1f}",
        )
        for name, these in found.items()
    ]
    heads = ("changed ms", "to floor", "painted ms", "to floor", "server ms", "kB")
    return table(
        f"Key press to changed picture: {6 * rounds} moves each (goal: at most x2, 12 kB)",
        ("median / p95, kB median / largest", *heads), rows,
    )  # fmt: skip


def payloads(browser: Browser, app: str) -> str:
    """What one move sends at 16 x 16, for the picture and the kernel that need most."""
    rows = []
    for kernel_size in (3, 7):
        pairs = product(PICTURES, WEIGHTS)
        picture, kernel = max(pairs, key=lambda pair: _weight(*pair, kernel_size))
        query = {"picture": picture, "kernel": kernel, "kernel_size": kernel_size}
        page = opened(browser, address(app, "/slide", **GRID, **query), STAGE)
        found = Slider(page, "Padding", STAGE).moves(12)
        rows.append(
            Row(
                f"{picture}, {kernel} {kernel_size}x{kernel_size}, padding 0 to 6",
                f"{median(found, 'bytes') / 1000:.1f}",
                f"{largest(found, 'bytes') / 1000:.1f}",
                f"{largest(found, 'messages')}",
            )
        )
        page.close()
    return table(
        "Received per move at 16x16, before compression (goal: at most 12 kB)",
        ("largest scene of all pictures and kernels", "median kB", "largest kB", "messages"), rows,
    )  # fmt: skip


def _weight(picture: str, kernel: str, kernel_size: int) -> int:
    setting = Slide(
        size=(16, 16), picture=picture, kernel=kernel, kernel_size=(kernel_size, kernel_size),
        padding=((6, 6), (6, 6)),
    )  # fmt: skip
    return len(str(slide.scene(setting).data()))


def motion(browser: Browser, app: str, rounds: int) -> str:
    """Playing and hovering: all in the browser."""
    wide = {**GRID, "kernel_size": 7, "picture": "random"}
    pages = {"empty page": opened(browser, "about:blank")} | {
        f"playing at 8x, padding {padding}": opened(
            browser, address(app, "/slide", **wide, **FASTEST, padding=padding), STAGE
        )
        for padding in (3, 6)
    }
    frames = {name: [] for name in pages}
    pointed = {name: [] for name in list(pages)[1:]}
    said = dict.fromkeys(pages, 0)
    for _, (name, page) in product(range(rounds), pages.items()):
        page.bring_to_front()
        if name in pointed:
            page.get_by_role("button", name="Play", exact=True).click()
        found = page.evaluate("seconds => bench.frames(seconds)", SECONDS)
        frames[name] += found["gaps"]
        said[name] += found["sent"]
        if name in pointed:
            page.get_by_role("button", name="Pause", exact=True).click()
            before = page.evaluate("bench.sent.length")
            pointed[name] += hovers(page, 15)
            said[name] += page.evaluate("bench.sent.length") - before
    rows = []
    for name, gaps in frames.items():
        lit = pointed.get(name)
        rows.append(
            Row(
                name, f"{1000 * len(gaps) / sum(gaps):.1f}", f"{sum(g > LONG_FRAME for g in gaps)}",
                f"{max(gaps):.0f}", f"{said[name]}",
                f"{median(lit, 'changed'):.0f} / {p95(lit, 'changed'):.0f}" if lit else "",
                f"{median(lit, 'painted'):.0f} / {p95(lit, 'painted'):.0f}" if lit else "",
            )
        )  # fmt: skip
    return table(
        f"Playing and hovering, 16x16 input, 7x7 kernel, {rounds} x {SECONDS} s "
        "(goal: 55 frames/s, nothing sent, hover 100 ms)",
        ("", "frames/s", f"over {LONG_FRAME} ms", "longest", "sent", "hover lit ms", "painted ms"),
        rows,
    )  # fmt: skip


def scripts(rounds: int) -> str:
    """One rerun on the server."""
    runs = {
        "floor": reruns.floor(), "7x7, Stride": reruns.slide("Stride"),
        "16x16, Stride": reruns.slide("Stride", size="16"),
        "16x16, Padding": reruns.slide("Padding", size="16"),
    }  # fmt: skip
    found = {name: [] for name in runs}
    for _, (name, run) in product(range(rounds + 1), runs.items()):
        found[name] += run.times(8)
    middle = {name: sorted(times[8:])[len(times[8:]) // 2] for name, times in found.items()}
    return table(
        "One rerun on the server (AppTest)", ("", "median ms", "to floor"),
        [Row(name, f"{ms:.1f}", f"x{ms / middle['floor']:.1f}") for name, ms in middle.items()],
    )  # fmt: skip


if __name__ == "__main__":
    main()
