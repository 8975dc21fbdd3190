"""One rerun of a page's script, on the server's side alone: Streamlit's AppTest, no browser."""

import time
from itertools import cycle, islice

from streamlit.testing.v1 import AppTest

from tests.browser.app_server import ROOT

FLOOR = ROOT / "benchmarks" / "floor.py"


class Reruns:
    """A page's script, run again and again with another value of one slider."""

    def __init__(self, app: AppTest, label: str) -> None:
        self.app = app.run()
        self.slider = next(slider for slider in app.slider if slider.label == label)
        values = range(int(self.slider.min), int(self.slider.max) + 1)
        self.values = cycle((*values[1:], *reversed(values[:-1])))

    def times(self, count: int) -> list[float]:
        """Milliseconds of each of `count` reruns."""
        return [self._rerun(value) for value in islice(self.values, count)]

    def _rerun(self, value: int) -> float:
        slider = next(one for one in self.app.slider if one.label == self.slider.label)
        slider.set_value(value)
        start = time.perf_counter()
        self.app.run()
        return 1000 * (time.perf_counter() - start)


def floor() -> Reruns:
    return Reruns(AppTest.from_file(FLOOR, default_timeout=60), "Value")


def slide(label: str, **query: str) -> Reruns:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.run().switch_page("pages/slide.py")
    for name, value in query.items():
        app.query_params[name] = value
    return Reruns(app, label)
