"""The stage as a reader sees it: its state, its cells and its written sum, read from the DOM.

A `Reading` is everything at one moment, taken in one call, so that two parts of it cannot belong
to two moments. It comes as JSON: Playwright's own way with objects takes ten times as long.
"""

import json
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Locator, Page

STAGE = "[data-testid=stage]"

CUT = """stage => [...stage.querySelectorAll(".block h2")].filter(head => {
    const words = document.createRange();
    words.selectNodeContents(head);
    const { right } = head.closest(".place").getBoundingClientRect();
    return head.scrollWidth > head.clientWidth
        || [...words.getClientRects()].some(part => part.right > right + 1);
}).map(head => head.innerText)"""

READ = """stage => ({
    rev: stage.dataset.rev,
    step: Number(stage.dataset.step),
    steps: Number(stage.dataset.steps),
    playing: stage.dataset.playing === "true",
    text: stage.querySelector("[data-testid=step-text]").innerText,
    link: stage.querySelector("[data-testid=link-text]").innerText,
    spoken: stage.querySelector("[aria-live]").textContent,
    cells: [...stage.querySelectorAll("[data-row]")].map(cell => ({
        grid: cell.dataset.grid,
        plane: Number(cell.dataset.channel),
        row: Number(cell.dataset.row),
        col: Number(cell.dataset.col),
        value: cell.dataset.value ?? null,
        digits: cell.querySelector(".digits").textContent,
        lit: cell.hasAttribute("data-lit"),
        marks: [...cell.classList],
        magnified: Boolean(cell.closest(".magnified")),
    })),
})"""

# The slider of the transport, moved as a hand moves it: the stage draws each step at once.
WALK = f"""(stage, steps) => {{
    const read = {READ};
    const slider = stage.querySelector("input[aria-label=Step]");
    return JSON.stringify(steps.map(step => {{
        slider.value = step;
        slider.dispatchEvent(new InputEvent("input", {{ bubbles: true }}));
        return read(stage);
    }}));
}}"""

Place = tuple[int, int, int]  # plane, row, column, as written at the cell


@dataclass(frozen=True)
class Cell:
    grid: str
    plane: int
    row: int
    col: int
    value: float | None
    digits: str
    lit: bool
    marks: frozenset[str]
    magnified: bool

    @property
    def place(self) -> Place:
        return self.plane, self.row, self.col


@dataclass(frozen=True)
class Reading:
    """The stage at one moment. `magnified` cells are those of the window beside a heat map."""

    rev: str
    step: int
    steps: int
    playing: bool
    text: str
    link: str
    spoken: str
    cells: tuple[Cell, ...]

    def grid(self, name: str, magnified: bool = False) -> dict[Place, Cell]:
        return {c.place: c for c in self.cells if c.grid == name and c.magnified == magnified}

    def lit(self, name: str, magnified: bool = False) -> set[Place]:
        return {place for place, cell in self.grid(name, magnified).items() if cell.lit}

    @property
    def numbers(self) -> dict[tuple[str, Place], tuple[float | None, str]]:
        """Every cell's number and what is written in it."""
        return {(c.grid, c.place): (c.value, c.digits) for c in self.cells if not c.magnified}

    def array(self, name: str) -> np.ndarray:
        """The values of a grid (P, R, C) in the order of their coordinates, padding included."""
        cells = self.grid(name)
        planes, rows, cols = (sorted({place[axis] for place in cells}) for axis in range(3))
        assert len(cells) == len(planes) * len(rows) * len(cols), f"{name} has holes"
        return np.array([[[cells[p, r, c].value for c in cols] for r in rows] for p in planes])


class Stage:
    """The one stage of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.locator(STAGE)

    def read(self) -> Reading:
        return reading(json.loads(self.root.evaluate(f"stage => JSON.stringify(({READ})(stage))")))

    def cut_captions(self) -> list[str]:
        """Captions that are not read to their end, or run into the next one."""
        return self.root.evaluate(CUT)

    def walk(self, steps: list[int]) -> list[Reading]:
        """A reading at each of these steps, moved to with the Step slider."""
        return [reading(seen) for seen in json.loads(self.root.evaluate(WALK, steps))]

    def cell(self, grid: str, row: int, col: int, plane: int = 0) -> Locator:
        at = f"[data-grid={grid}][data-channel='{plane}'][data-row='{row}'][data-col='{col}']"
        return self.root.locator(f".plane:not(.magnified) {at}")

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    @property
    def editor(self) -> Locator:
        """The field of the one number being edited."""
        return self.root.get_by_role("textbox")

    @property
    def refusal(self) -> Locator:
        """Why the text in the editor is not taken."""
        return self.root.get_by_role("alert")

    @property
    def rev(self) -> str:
        return self.root.get_attribute("data-rev") or ""

    @property
    def step(self) -> int:
        return int(self.root.get_attribute("data-step") or -1)

    def focus(self) -> None:
        """The keyboard to the stage itself, not to one of its grids."""
        self.root.focus()

    def wait_until_drawn(self) -> None:
        self.page.wait_for_selector(f"{STAGE}[data-rev]", timeout=20_000)

    def wait_for_step(self, step: int) -> None:
        self.page.wait_for_selector(f"{STAGE}[data-step='{step}']", timeout=10_000)

    def wait_past_step(self, step: int) -> None:
        """Until this step is reached: while playing, none of them stands for long."""
        self.page.wait_for_function(
            "([stage, step]) => Number(stage.dataset.step) >= step",
            arg=[self.root.element_handle(), step],
        )

    def wait_for_playing(self, playing: bool) -> None:
        state = "true" if playing else "false"
        self.page.wait_for_selector(f"{STAGE}[data-playing={state}]", timeout=20_000)

    def wait_for_change(self, rev: str) -> None:
        """Until the stage shows other data than `rev`."""
        self.page.wait_for_selector(f"{STAGE}[data-rev]:not([data-rev='{rev}'])", timeout=10_000)

    def wait_for_rev(self, rev: str) -> None:
        self.page.wait_for_selector(f"{STAGE}[data-rev='{rev}']", timeout=10_000)


def reading(seen: dict) -> Reading:
    """What `READ` read."""
    cells = tuple(Cell(**{**cell, **_parsed(cell)}) for cell in seen["cells"])
    return Reading(**{**seen, "cells": cells})


def _parsed(cell: dict) -> dict:
    value = cell["value"]
    return {"value": None if value is None else float(value), "marks": frozenset(cell["marks"])}
