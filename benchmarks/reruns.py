"""One rerun of a page's script, on the server's side alone: Streamlit's AppTest, no browser."""

import time
from itertools import cycle, islice, product
from statistics import median

from streamlit.testing.v1 import AppTest

from benchmarks.table import table
from tests.browser.app_server import ROOT

FLOOR = ROOT / "benchmarks" / "floor.py"
BLOCK = 8  # reruns of one page before it is another's turn


def reruns(rounds: int) -> str:
    """The time of a rerun, in turns with the floor."""
    pages = {"floor": Reruns(AppTest.from_file(FLOOR, default_timeout=60), "Value")}
    for size, label in (("7", "Stride"), ("16", "Stride"), ("16", "Padding")):
        pages[f"{size}x{size}, {label}"] = Reruns(_slide(size), label)
    for page in pages.values():
        page.times(BLOCK)
    found = {name: [] for name in pages}
    for _, (name, page) in product(range(rounds), pages.items()):
        found[name] += page.times(BLOCK)
    floor = median(found["floor"])
    return table(
        f"One rerun on the server (AppTest): median of {BLOCK * rounds}",
        ("", "ms", "to floor"),
        [(name, f"{median(ms):.1f}", f"x{median(ms) / floor:.1f}") for name, ms in found.items()],
    )


def _slide(size: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.run().switch_page("pages/slide.py")
    app.query_params["size"] = size
    return app


class Reruns:
    """A page's script, run again and again with another value of one slider."""

    def __init__(self, app: AppTest, label: str) -> None:
        self.app = app.run()
        self.label = label
        low, high = int(self.slider.min), int(self.slider.max)
        self.values = cycle((*range(low + 1, high + 1), *range(high - 1, low - 1, -1)))

    @property
    def slider(self):
        return next(one for one in self.app.slider if one.label == self.label)

    def times(self, count: int) -> list[float]:
        """Milliseconds of each of `count` reruns."""
        return [self._rerun(value) for value in islice(self.values, count)]

    def _rerun(self, value: int) -> float:
        self.slider.set_value(value)
        start = time.perf_counter()
        self.app.run()
        return 1000 * (time.perf_counter() - start)
