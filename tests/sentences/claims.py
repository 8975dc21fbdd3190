"""Kinds of sentence, each with a check that takes its claim apart and verifies it by itself.

    @kind("Never read: {places}, in a gap between two windows.")
    def gap(state, places): ...

`{name}` is any text, `{name:d}` a whole number, `{name:f}` a number as a label writes it,
`{name:w}` one word, `{name:s}` a shape such as 3 × 4; `[[ ]]` is a part that may be missing (its
names are then None). The check is true where the claim holds for the state: computed from the
parameters and the numbers that are shown, never by the code that wrote the sentence. A sentence
that no kind knows, or that two kinds know, is a fault.
"""

import re
from dataclasses import dataclass

from tests.sentences import arithmetic, language

KINDS = []
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_POWER = r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+"
LABEL = rf"−?(?:{_POWER}|\d[\d,]*(?:\.\d+)?(?:e−?\d+|·{_POWER})?|∞)"


def plain(text):
    """A label as Python writes it: -3, 1e-9, 1.39e-11, inf; what is no label stays."""
    text = text.replace(",", "").replace("−", "-").replace("∞", "inf")
    found = re.fullmatch(r"(-?)(.*?)·?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if not found:
        return text
    sign, mantissa, raised = found.groups()
    return f"{sign}{mantissa or 1}e{raised.translate(RAISED)}"


def _number(text):
    return float(plain(text))


TYPES = {
    "d": (r"−?\d[\d,]*", lambda text: int(text.replace(",", "").replace("−", "-"))),
    "f": (LABEL, _number),
    "w": (r"[^\W\d]\w*", str),
    "s": (r"\d+(?: × \d+)*", lambda text: tuple(int(n) for n in text.split(" × "))),
    "": (r".+?", str),
}
FIELD = re.compile(r"\\\{(\w+)(?::(\w))?\\\}")


@dataclass(frozen=True)
class Kind:
    """name : of its check; place : where such a sentence stands, a pattern, or anywhere.

    The named groups of the place are told to the check as well, as text.
    """

    name: str
    template: str
    check: object
    pages: tuple
    place: str

    @property
    def rule(self):
        return _rule(self.template)

    def read(self, said, page):
        """The names of the template with what a sentence says of them, or None: another kind."""
        if self.pages and page not in self.pages:
            return None
        place = re.fullmatch(self.place, said.place)
        if not place:
            return None
        pattern, readers = self.rule
        match = pattern.fullmatch(said.text)
        if not match:
            return None
        return place.groupdict() | {
            name: None if text is None else readers[name](text)
            for name, text in match.groupdict().items()
        }


_RULES = {}


def _rule(template):
    """(pattern, {name: reader}) of a template."""
    if template not in _RULES:
        readers = {}

        def field(match):
            pattern, readers[match[1]] = TYPES[match[2] or ""]
            return f"(?P<{match[1]}>{pattern})"

        text = re.escape(template).replace(r"\[\[", "(?:").replace(r"\]\]", ")?")
        _RULES[template] = re.compile(FIELD.sub(field, text), re.DOTALL), readers
    return _RULES[template]


def kind(*templates, pages=(), place=".*"):
    """Register a check for sentences of this form; of several forms for the same claim."""

    def registered(check):
        for template in templates:
            KINDS.append(Kind(check.__name__, template, check, tuple(pages), place))
        return check

    return registered


def known(said, page):
    """[(kind, what it reads), ...] of the kinds that know a sentence."""
    found = ((one, one.read(said, page)) for one in KINDS)
    return [(one, values) for one, values in found if values is not None]


def faults(said, state):
    """What is wrong with a sentence of a state: [] where everything that it claims is so."""
    found = known(said, state.page)
    if len(found) != 1:
        names = [one.name for one, _ in found]
        return [f"known by {names or 'no kind'}: add a check under tests/sentences/kinds"]
    ((one, values),) = found
    wrong = [] if one.check(state, **values) else [f"{one.name} does not hold"]
    wrong += [f"arithmetic: {text}" for text in arithmetic.wrong(said.text)]
    wrong += [f"language, {name}: {text!r}" for name, text in language.faults(said.text)]
    return wrong
