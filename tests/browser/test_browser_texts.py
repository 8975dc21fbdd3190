"""Texts of the browser that no scene makes: what an editor refuses, what a map and a head say.

Those of steps and cells are in test_step_texts; that none is left out is tried here.
"""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from convview import stage
from convview.params import Gradients, Pooling, Slide
from convview.scenes import slide as scenes_of
from tests.browser.step_texts import ORIGIN, Writer, scenes
from tests.sentences.test_every_text import HOLE, WORD, spoken_of

SOURCES = sorted(Path(stage.__file__).parent.rglob("*.js"))
COMMENT = re.compile(r"^\s*//.*$|\s//\s.*$", re.M)
LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`')
PUT_IN = re.compile(r"\$\{[^{}]*\}")  # the innermost; a text inside is a literal of its own
OF_STYLE = re.compile(r"[<{]|--st-|\[[\w-]+[=\]]|:not\(|:\w|:\0|^[\da-f]{99}")
NAMES = {"your answer, cell by cell", "table of the layers", "new value of"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?", re.I)


def literals(source):
    """The texts of a module, a hole for each value that is put in."""
    source = COMMENT.sub("", source)
    while PUT_IN.search(source):
        for inner in PUT_IN.finditer(source):
            yield from (one[0][1:-1] for one in LITERAL.finditer(inner[0]))
        source = PUT_IN.sub(HOLE, source)
    yield from (one[0][1:-1] for one in LITERAL.finditer(source))


@pytest.fixture(scope="module")
def writer(browser):
    made = Writer(browser)
    yield made
    made.close()


@pytest.fixture(scope="module")
def written(writer):
    """What is said of the steps and cells of some scenes; test_step_texts tries all of it."""
    texts = {one.text for page in (Slide, Gradients, Pooling) for _, scene in scenes(page, 40)
             for one in writer.said(scene, [0.3, 0.6])}  # fmt: skip
    return " ".join("\n".join(texts).lower().split())


def unread(text, written):
    """The parts of a text that no scene says, and of which no test speaks."""
    text = text.replace("\\u2212", "−").replace("\\u00d7", "×").replace("\\u2026", "…").lower()
    parts = (part.strip(" .,:;") for part in text.split(HOLE))
    return [part for part in parts if len(WORD.findall(part)) > 1
            and part not in NAMES and part not in written and part not in spoken_of()]  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_text_of_the_browser_is_read(path, written):
    texts = [text for text in literals(path.read_text(encoding="utf-8"))
             if len(WORD.findall(text)) >= 3 and not OF_STYLE.search(text)]  # fmt: skip
    missing = {text.replace(HOLE, "{}"): unread(text, written) for text in texts}
    assert not {text: parts for text, parts in missing.items() if parts}


@pytest.fixture(scope="module")
def refusal(writer):
    """What the editor of a cell says of a text."""
    writer.page.evaluate(f"import('{ORIGIN}/browser/editor.js').then((one) => window.editor = one)")
    return lambda text: writer.page.evaluate("(text) => editor.refusal(text)", text)


def typed(rng):
    """A text that a hand may type into a cell."""
    kind, value = int(rng.integers(8)), float(rng.normal() * 10.0 ** rng.integers(-3, 3))
    a, b = (int(n) for n in rng.integers(0, 500, 2))
    return (f"{value:.3g}", f"{a},{b}", f"{a}/{b}", f"{value:.1e}", f"{a}e{b // 9}", "",
            str(rng.choice(["abc", "--1", "1 2", "nan", "inf", "0x10", ".", "e5", "1,2,3", "1e"])),
            f"-{a}.{b}")[kind]  # fmt: skip


def test_what_the_editor_refuses_is_so(refusal):
    """Six hundred texts: refused is what is no number, with a number of the right kind for it."""
    rng, met = np.random.default_rng(5), set()
    for _ in range(600):
        text = typed(rng)
        said = refusal(text)
        met.add(re.sub(r"[\d,.]*\d", "{}", said))
        number = float(text) if NUMBER.fullmatch(text) else math.nan
        assert (said == "") == (abs(number) <= 1e6), text
        if not text:
            assert said == "A cell needs a number; Escape leaves it as it was."
        elif re.fullmatch(r"\d+,\d+", text):
            point = text.replace(",", ".")
            assert said == f"Write {point}: the decimal sign is a point."
            assert refusal(point) == ""
        elif "/" in text:
            assert said == "Write a decimal number, such as 0.25."
        elif math.isnan(number):
            assert said == "That is no number. Write one such as −3 or 0.25."
        elif abs(number) > 1e6:
            assert said == "Numbers from −1,000,000 to 1,000,000 are taken."
    assert len(met) == 6
    assert not any(refusal(text) for text in ("-3", "0.25", "1e6", "-1e6"))


def test_arrow_keys_move_over_the_cells_of_a_heat_map(slide):
    stage = slide("size=24&picture=ramp&view=sliding")
    grid = scenes_of.scene(Slide(size=(24, 24), picture="ramp")).grid("input")
    stage.page.get_by_label(": heat map, arrow keys move over the cells").first.focus()
    row = col = 0
    for key in ("Down", "Right", "Right", "Up", "Up", "Down", "Left"):
        stage.page.keyboard.press(f"Arrow{key}")
        row = max(0, row + (key == "Down") - (key == "Up"))
        col = max(0, col + (key == "Right") - (key == "Left"))
        value = f"{grid.values[0, row, col]:.0f}"
        expect(stage.root).to_contain_text(f"x[{row}, {col}] = {value} goes into")
