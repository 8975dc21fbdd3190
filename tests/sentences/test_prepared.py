"""What cards, exercises and names say holds for what they stand on: each text has one check."""

import re

import pytest

from tests.sentences import arithmetic, language, shown
from tests.sentences.prepared import CHECKS, prepared
from tests.sentences.texts import (  # noqa: F401, they register their checks
    calculus,
    filters,
    gradients,
    kernels,
    pictures,
    pooling,
    shapes,
    slide,
)

TEXTS = prepared()
each = pytest.mark.parametrize("key", TEXTS, ids=" ".join)


def test_each_text_has_a_check_and_no_check_is_left_over():
    assert set(TEXTS) == set(CHECKS)


@each
def test_it_holds(key):
    check, _ = CHECKS[key]
    assert all(check(at) for at in TEXTS[key])
    assert not arithmetic.wrong(key[1])
    assert not language.faults(key[1])


@each
def test_its_check_can_fail(key):
    """It notices each change that it names, a wrong number on a stage, another text's state."""
    check, changes = CHECKS[key]
    for at in TEXTS[key]:
        for change in changes:
            assert not check(at.but(**change)), change
        if page(at) in shown.STAGES:
            assert not check(at.planted())
        others = (
            other for (of, text), several in TEXTS.items()
            if of == key[0] and CHECKS[of, text][0] is not check
            for other in several if page(other) is page(at)
        )  # fmt: skip
        assert any(not check(other) for other in others)


def page(at):
    return type(getattr(at, "params", None))


@each
def test_a_number_in_a_text_is_part_of_it(key):
    """With another one the text has no check, or that of another text, which does not hold."""
    of, text = key
    for match in re.finditer(r"\d+", text):
        changed = f"{text[: match.start()]}{int(match[0]) + 1}{text[match.end() :]}"
        check, _ = CHECKS.get((of, changed), (None, ()))
        assert check is None or not any(check(at) for at in TEXTS[key])
