"""What the browser says of the steps and cells of a scene, and what a scene holds to check it by.

One blank page loads the modules that write (words.js and what it needs) and says for a scene's
JSON the written sums, the texts under the pointer and the sentences for a screen reader. No server.
"""

import itertools
import math
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from convview import stage
from convview.scenes import calculus, filters
from tests.sentences import shown
from tests.sentences.arithmetic import wrong

HERE = Path(__file__).parent
MODULES = Path(stage.__file__).parent / "browser"
ORIGIN = "http://127.0.0.1:1"  # nobody listens: every request is answered here
PAGE = "<!doctype html><script type=module src=/tests/step_texts.js></script>"
FILLERS = {"ring": "a zero of the ring around", "between": "a zero between two upstream cells",
           "appended": "a zero for what the stride left over"}  # fmt: skip


class Writer:
    """A page that writes: `said(scene, fractions)` is what the stage would say."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.route("**/*", self._answer)
        self.page.goto(f"{ORIGIN}/")
        self.page.wait_for_function("window.ready")

    def _answer(self, route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "/":
            route.fulfill(body=PAGE, content_type="text/html")
            return
        folder, name = path.lstrip("/").split("/")
        file = {"browser": MODULES, "tests": HERE}[folder] / name
        route.fulfill(body=file.read_text(), content_type="text/javascript")

    def said(self, scene, fractions: list[float]) -> list["Text"]:
        found = self.page.evaluate("([json, f]) => said(json, f)", [scene.json(), fractions])
        assert not self.errors, self.errors
        return [Text(**one | {"cell": tuple(one["cell"])}) for one in found]

    def close(self) -> None:
        self.page.close()


@dataclass(frozen=True)
class Text:
    """One text of the browser: of a step ("sum", "sentence") or of a cell ("link")."""

    kind: str
    way: int  # which sweep of the scene
    step: int  # that the stage shows, -1 of a cell looked at; of a link that of its own sweep
    hidden: bool  # the answers of its steps are still to be asked for
    grid: str
    cell: tuple[int, int, int]
    text: str

    def saying(self, text: str) -> "Text":
        return replace(self, text=text)


def scenes(page, count):
    """So many scenes of a page whose steps are written out."""
    fixed = {"view": "jacobian"} if page.__name__ == "Calculus" else {}
    found = 0
    for state in shown.states(page, 4 * count, **fixed):
        made = state.made
        if page.__name__ == "Filters":
            if not filters.writes(made.answer):
                continue
            made = filters.closely(state.params, made.answer)
        if page.__name__ == "Calculus":
            made = calculus.scene(state.params)
        yield state.params, made
        found += 1
        if found == count:
            return


# ---- numbers as they are written ----------------------------------------------------------


def number(label: str) -> float:
    assert "-" not in label
    if label == "?":
        return math.nan
    return float(label.strip("()").replace("−", "-").replace("∞", "inf"))


def is_exact(label: str, value: float) -> bool:
    """Whether a label says all of a value, noise of floating point aside."""
    return math.isclose(number(label), value, rel_tol=1e-12)


UP = 1 + 2**-50  # fives are rounded away from 0, those that noise leaves a bit below too


def shortened(value: float) -> float:
    """What a label keeps of a value: a whole number below a million, else three digits."""
    if math.isinf(value) or (abs(value) < 1e6 and (value == round(value) or abs(value) >= 999.5)):
        return value if math.isinf(value) else float(round(value * UP))
    return float(f"{value * UP:.3g}")


def shows(label: str, value: float) -> bool:
    """Whether a label is that of a value, in brackets or not."""
    if not re.fullmatch(r"\(−[^()]+\)|[^()?]+", label):
        return False
    return number(label) == shortened(value)


def is_rounded(value: float) -> bool:
    """Whether the label of a value says less than all of it, noise of floating point aside."""
    return not math.isclose(shortened(value), value, rel_tol=1e-12)


def sign(rounded: bool) -> str:
    return "≈" if rounded else "="


def holds(equation: str) -> bool:
    return not wrong(equation)


# ---- a scene, looked up by hand ------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    out: tuple
    read: tuple
    weight: tuple


class Way:
    """One sweep of a scene: which cells meet, from its tables and its grids, by plain loops."""

    def __init__(self, scene, n: int) -> None:
        self.scene, self.sweep = scene, scene.sweeps[n]
        self.grids = {grid.name: grid for grid in scene.grids}
        self.steps, self.reads = self.grids[self.sweep.steps], self.grids[self.sweep.reads]
        self.weights = self.grids.get(self.sweep.weights)
        self.bias = self.grids.get(self.sweep.bias)
        self.leads = int(np.prod(self.grids[scene.sweeps[0].steps].values.shape))  # stage's steps
        self.pools = bool(self.sweep.picks or self.sweep.divisors)

    def value(self, name: str, cell) -> float:
        """As it is shown: sums of decimals without the noise of floating point."""
        grid = self.grids[name]
        value = float(grid.values[cell])
        near = round(value, 9) + 0.0 if math.isfinite(value) else value
        return near if abs(value - near) <= 1e-14 * grid.scale else value

    def mark(self, name: str, cell) -> str:
        grid = self.grids[name]
        return f"{grid.rows.marks.get(cell[1], '')} {grid.cols.marks.get(cell[2], '')}"

    def is_padding(self, name: str, cell) -> bool:
        return "pad" in self.mark(name, cell).split()

    def filler(self, name: str, cell) -> str:
        return next((f for f in ("ring", "appended", "between") if f in self.mark(name, cell)), "")

    def name(self, grid: str, cell) -> str:
        """y[1, 2]: no row where no grid of the layer has two, one index of a vector; before them
        what the title of the plane says, w[0, 1], channel 1, where there are several planes."""
        found, (plane, row, col) = self.grids[grid], cell
        index = {"rows": found.rows.names[row], "cols": found.cols.names[col]}
        if grid in ("bias", "grad_bias"):
            index.pop("rows")
        elif self.scene.view == "jacobian":
            index.pop({"output": "cols", "p": "cols", "kernel": "rows"}.get(grid), None)
        elif self.scene.view != "closely" and self.is_flat:
            index.pop("rows")
        symbol = self.scene.symbols[grid]
        named = [str(n).replace("-", "−") for n in index.values()]
        if len(found.values) > 1:
            title = found.planes[plane]
            of_weight = re.fullmatch(rf"{re.escape(symbol)}\[(.+)\]", title)
            named.insert(0, of_weight[1] if of_weight else re.fullmatch(r"[a-z]+ (\d+)", title)[1])
        return f"{symbol}[{', '.join(named)}]"

    @cached_property
    def is_flat(self) -> bool:
        """Whether no grid has a second row: then the layer has one."""
        return all(grid.values.shape[1] == 1 for grid in self.scene.grids)

    def placed(self, step: int) -> int:
        """How many of this way's steps end with one of the stage; 1 where one is looked at."""
        own = len(self.outs)
        return 1 if step < 0 else -(-(step + 1) * own // self.leads) + (-step * own // self.leads)

    def sofar(self, cell, step: int) -> float | None:
        """What a cell holds that is scattered into, after a step; None where nothing follows."""
        sites = self.reading.get(cell, [])
        before = [site for site in sites if self.outs.index(site.out) <= step]
        if len(before) == len(sites) or self.reads.history is None:
            return None
        added = [self.value(self.sweep.steps, site.out) for site in before]
        if self.weights:
            weights = [self.value(self.sweep.weights, site.weight) for site in before]
            added = [g * w for g, w in zip(added, weights, strict=True)]
        if self.sweep.divisors:
            added = [g / len(self.counted(s.out)) for g, s in zip(added, before, strict=True)]
        return round(sum(added), 9) + 0.0

    @lru_cache(maxsize=4096)  # noqa: B019 - as long as the scene
    def window(self, out) -> tuple[Site, ...]:
        """Every site of a step, plane by plane, tap by tap."""
        plane, i, j = out
        sweep = self.sweep
        return tuple(
            Site(out, (c, row, col), (k, sweep.weight_rows[u], sweep.weight_cols[v]))
            for c, k in sweep.pairs[plane]
            for u, row in enumerate(sweep.rows[i])
            for v, col in enumerate(sweep.cols[j])
        )

    @lru_cache(maxsize=4096)  # noqa: B019
    def maxima(self, out) -> tuple[Site, ...]:
        """Of a maximum: the sites of the largest number, in row-major order; padding is none."""
        decides = "input" if self.sweep.mode == "scatter" else self.sweep.reads
        numbers = [self.value(decides, site.read) for site in self.window(out)]
        top = max(numbers)
        if top == -np.inf:
            return ()
        return tuple(s for s, n in zip(self.window(out), numbers, strict=True) if n == top)

    @lru_cache(maxsize=4096)  # noqa: B019
    def counted(self, out) -> tuple[Site, ...]:
        """The sites of a step that make a term, fillers too: of a gradient of a maximum, one."""
        if self.sweep.mode == "scatter" and self.sweep.picks:
            return self.maxima(out)[:1]
        skips = self.sweep.skips
        return tuple(
            site for site in self.window(out)
            if not skips or skips not in self.mark(self.sweep.reads, site.read)
        )  # fmt: skip

    @cached_property
    def outs(self) -> list[tuple]:
        return list(np.ndindex(*self.steps.values.shape))

    @cached_property
    def reading(self) -> dict:
        """{cell that is read: the sites of all steps that count it}, in the order of the steps."""
        return _by("read", map(self.counted, self.outs))

    @cached_property
    def weighing(self) -> dict:
        """{cell of the weights: its sites of all steps}, in the order of the steps."""
        return _by("weight", map(self.window, self.outs))


def _by(cell: str, steps) -> dict:
    """{cell: its sites}: of the sites of each step those with this cell, "read" or "weight"."""
    found: dict = {}
    for site in itertools.chain.from_iterable(steps):
        found.setdefault(getattr(site, cell), []).append(site)
    return found
