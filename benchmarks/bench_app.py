"""The speed of the app in Chromium, beside the barest Streamlit page.

    python -m benchmarks.bench_app [--quick]

All that is compared is measured in turns within one run, and ratios are what to read: another
computer changes every time here. A machine busy with other work inflates the ratios too, because a
page that does more loses more; so the load is printed first. It judges nothing and ends well
whatever it finds; the goals stand beside what was reached.
"""

import argparse
import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks import motion, moves, photographs
from tests.browser.app_server import AppServer
from tests.browser.chromium import launch_chromium

FLOOR = Path(__file__).with_name("floor.py")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_app")
    parser.add_argument("--quick", action="store_true", help="fewer turns, rougher numbers")
    rounds = 2 if parser.parse_args().quick else 6
    print(f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} busy before it began")
    with AppServer() as app, AppServer(FLOOR) as bare, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        print(moves.latency(browser, app.url, bare.url, rounds), flush=True)
        print(moves.payload(browser, app.url), flush=True)
        print(photographs.work(rounds), flush=True)
        print(motion.motion(browser, app.url, max(1, rounds // 2)), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
