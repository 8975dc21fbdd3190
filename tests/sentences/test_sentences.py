"""Every sentence of a page, over random settings: each has a check, and each check bites."""

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace

import pytest

from convcore import ShapeError
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from tests.sentences import settings, shown
from tests.sentences.claims import KINDS, faults, known
from tests.sentences.impossible import Impossible
from tests.sentences.kinds import load

load()
PAGES = (
    Slide,
    Filters,
    Gradients,
    Pooling,
    Calculus,
    Shapes,
    Impossible(Slide),
    Impossible(Gradients),
    Impossible(Pooling),
    Impossible(Filters),
)  # fmt: skip
FEW, SOME, MANY = 60, 250, 600
EXAMPLES = 4  # of each kind, that are falsified
OTHERS = 10  # states that a sentence is planted in, and as many of the same view
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.matrix)])
def test_every_sentence_holds(page, count):
    tried = defaultdict(int)
    for state in shown.states(page, count):
        for said in state.said:
            wrong = faults(said, state)
            assert not wrong, f"{said}\n{wrong}\n{state.params}"
            tried[known(said, page)[0][0].name] += 1
    print(page.__name__, dict(sorted(tried.items())))


@pytest.mark.parametrize("page", [Slide, Gradients, Pooling])
@pytest.mark.parametrize("count", [30, pytest.param(300, marks=pytest.mark.matrix)])
def test_every_sentence_holds_of_the_largest_numbers(page, count):
    """Sums of millions and ones that cancel: what is left is right to its last digit."""
    tried = 0
    for rng in settings.generators():
        drawn = settings.drawn(page, rng)
        large = settings.with_millions(drawn, rng)
        if large == drawn:
            continue
        with suppress(ShapeError):
            state = shown.state(large)
            for said in state.said:
                wrong = faults(said, state)
                assert not wrong, f"{said}\n{wrong}\n{large}"
            tried += 1
        if tried == count:
            return


@pytest.mark.parametrize("page", PAGES)
def test_every_kind_catches_what_is_planted(page):
    """A number changed, a sentence said of another setting, a setting shown as another one."""
    several = list(shown.states(page, SOME))
    examples = defaultdict(list)
    for state in several:
        for said in state.said:
            ((found, _),) = known(said, page)
            if len(examples[found]) < EXAMPLES:
                examples[found].append((said, state))
    toothless = []
    for found, some in examples.items():
        caught = 0
        for said, state in some:
            for false in _other_numbers(said):
                assert faults(false, state), f"not caught: {false}\n{state.params}"
            view = getattr(state.params, "view", "")
            alike = [
                one
                for one in several
                if getattr(one.params, "view", "") == view and one is not state
            ]
            for other in (*several[:OTHERS], *several[-OTHERS:], *alike[:OTHERS]):
                if caught:
                    break
                planted = replace(state, made=other.made)
                caught += said not in other.said and _bites(found, said, other)
                caught += _bites(found, said, planted)
        if not caught:
            toothless.append(found)
    assert not toothless


def _bites(found, said, state):
    """Whether it is this kind's own check that finds the fault."""
    try:
        values = found.read(said, state.page)
        return values is not None and not found.check(state, **values)
    except (LookupError, ValueError, TypeError, AttributeError, StopIteration):
        return False  # another setting's picture has not even the shape: no evidence


def _other_numbers(said):
    """The sentence with one of its numbers changed, for each of them."""
    for match in NUMBER.finditer(said.text):
        digits = match[0]
        last = str((int(digits[-1]) + 1) % 10)
        changed = digits[:-1] + last if "." in digits else str(int(digits) + 1)
        yield replace(said, text=said.text[: match.start()] + changed + said.text[match.end() :])


def test_every_kind_is_met():
    """No form of a sentence stands here that is gone, and none that nothing was tried of."""
    met = set()
    for page in PAGES:
        for state in shown.states(page, MANY):
            for said in state.said:
                met.update(one for one, _ in known(said, page))
    of_pages = [one for one in KINDS if not one.pages or set(one.pages) & set(PAGES)]
    assert not [(one.name, one.template) for one in of_pages if one not in met]
