"""Chromium: where it is, how to get one, how it is started.

The browser tests, the screenshots and the benchmarks all drive the same browser, found here and
nowhere else: the one that CONVSCOPE_CHROME names, else Chrome or Chromium on the PATH, else the one
that Playwright downloads.

    python -m tests.browser.chromium             say which browser is used
    python -m tests.browser.chromium --install   the same, and install one first where there is none
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

VARIABLE = "CONVSCOPE_CHROME"
NAMES = ("google-chrome", "chromium", "chromium-browser")

# No sandbox, because containers run the tests as root, and they open our own pages only. The others
# keep Chromium's own traffic (updates, sync, safe browsing) out. The last one makes every host but
# this machine unknown: a page that wants a font or a script from elsewhere fails here and not on a
# lecturer's train.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


class ChromiumMissing(RuntimeError):
    """No browser to test with: an error and no reason to skip; a skipped test proves nothing."""


def find_chromium(playwright: Playwright) -> Path:
    """The browser's executable; raises ChromiumMissing when there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise ChromiumMissing(f"{VARIABLE} names {named!r}, which is not an executable file.")
        return Path(found)
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    own = Path(playwright.chromium.executable_path)
    if own.exists():
        return own
    raise ChromiumMissing(
        f"no {', '.join(NAMES)} on the PATH, and Playwright has downloaded none. "
        "Run `python -m tests.browser.chromium --install`, "
        f"or set {VARIABLE} to a Chrome or Chromium."
    )


def install_chromium() -> None:
    """Debian's package when root on Debian, else Playwright's own.

    With a font, which a bare container lacks.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and is_debian():
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "--quiet=2"]
        packages = ["chromium", "fonts-dejavu-core"]
        subprocess.run([*apt, "update"], check=True, env=quiet)
        subprocess.run(
            [*apt, "install", "--yes", "--no-install-recommends", *packages],
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def is_debian() -> bool:
    """Debian itself: Ubuntu's package of that name is an empty one that wants snap."""
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:  # not a Linux
        return False


def launch_chromium(playwright: Playwright) -> Browser:
    """Start the browser, without a window."""
    return playwright.chromium.launch(executable_path=find_chromium(playwright), args=list(FLAGS))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.chromium")
    parser.add_argument("--install", action="store_true", help="install one where there is none")
    wanted = parser.parse_args()
    with sync_playwright() as playwright:
        try:
            path = find_chromium(playwright)
        except ChromiumMissing as missing:
            if not wanted.install or os.environ.get(VARIABLE):
                sys.exit(f"browser: {missing}")
            print("browser: none found, installing Chromium", flush=True)
            try:
                install_chromium()
                path = find_chromium(playwright)
            except (subprocess.CalledProcessError, ChromiumMissing) as failure:
                sys.exit(
                    f"browser: the installation failed ({failure}). "
                    f"Install Chrome or Chromium yourself, or set {VARIABLE} to one."
                )
    print(f"browser: {path}")


if __name__ == "__main__":
    main()
