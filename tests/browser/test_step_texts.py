"""Every text that the browser makes of a step or a cell, over random settings: each claim in it is
checked against the scene, and each check bites."""

import re
from collections import Counter, defaultdict

import numpy as np
import pytest

from convview.params import Calculus, Filters, Gradients, Pooling, Slide
from tests.browser.step_links import FORMS, faults
from tests.browser.step_texts import Way, Writer, scenes

FEW = {Slide: 40, Gradients: 18, Pooling: 20, Calculus: 3, Filters: 3}
MANY = {Slide: 180, Gradients: 160, Pooling: 180, Calculus: 20, Filters: 20}
PLANTED = 30  # scenes of each page whose texts are falsified
EXAMPLES = 5  # of each form in a scene
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def writer(browser):
    made = Writer(browser)
    yield made
    made.close()


def told(writer, page, count, seed=0):
    """[(params, ways, texts), ...] of so many scenes; which steps and cells is drawn."""
    rng = np.random.default_rng(seed)
    for params, scene in scenes(page, count):
        ways = [Way(scene, n) for n in range(len(scene.sweeps))]
        yield params, ways, writer.said(scene, rng.random(5).tolist())


def by_name(way, text):
    words = re.sub(r"\s+", " ", text.text).strip()
    return [check.__name__ for kind, pattern, check in FORMS
            if kind == text.kind and pattern.fullmatch(words)]  # fmt: skip


@pytest.mark.parametrize(
    "counts", [FEW, pytest.param(MANY, marks=pytest.mark.matrix)], ids=["few", "many"]
)
@pytest.mark.parametrize("kind", FEW)
def test_every_text_holds(writer, kind, counts):
    tried = Counter()
    for params, ways, texts in told(writer, kind, counts[kind]):
        for text in texts:
            wrong = faults(ways[text.way], text)
            assert not wrong, f"{text}\n{wrong}\n{params}"
            tried.update(by_name(ways[text.way], text))
    print(kind.__name__, sum(tried.values()), dict(sorted(tried.items())))


@pytest.mark.parametrize("kind", FEW)
def test_what_is_planted_is_caught(writer, kind):
    """Each number changed; and the text of another step or cell."""
    for params, ways, texts in told(writer, kind, min(PLANTED, MANY[kind]), seed=1):
        seen = defaultdict(list)
        for text in texts:
            way = ways[text.way]
            (name,) = by_name(way, text)
            if len(seen[name]) >= EXAMPLES:
                continue
            for false in changed(text.text):
                assert faults(way, text.saying(false)), f"{false!r}\n{text}\n{params}"
            for other in seen[name]:
                if other.text != text.text and (other.grid, other.way) == (text.grid, text.way):
                    assert faults(way, text.saying(other.text)), f"{other}\n{text}\n{params}"
            seen[name].append(text)


def changed(text):
    """A text with one of its numbers changed, for each of them; with = for ≈, and ≈ for =; with
    a rounded number as if it were exact; with the first or the last index of a name left out."""
    for match in NUMBER.finditer(text):
        digits = match[0]
        last = str((int(digits[-1]) + 1) % 10)
        other = digits[:-1] + last if "." in digits else str(int(digits) + 1)
        yield text[: match.start()] + other + text[match.end() :]
    for match in re.finditer("[=≈]", text):
        yield text[: match.start()] + ("≈" if match[0] == "=" else "=") + text[match.end() :]
    if ": about " in text:
        yield text.replace(": about ", ": ", 1)
    for match in re.finditer(r"(?<=\[)−?\d+, |, −?\d+(?=\])", text):
        yield text[: match.start()] + text[match.end() :]


def test_every_form_is_met(writer):
    met = set()
    for page, count in FEW.items():
        for _, ways, texts in told(writer, page, count):
            for text in texts:
                met.update(by_name(ways[text.way], text))
    assert {check.__name__ for _, _, check in FORMS} == met
