"""Faults of language that can be seen without knowing what a sentence is about."""

import re

NOUNS = (
    "parameter", "column", "row", "cell", "weight", "window", "pixel", "number", "channel",
    "filter", "layer", "output", "input", "product", "multiplication", "zero", "byte", "strip",
    "class", "point", "peak", "tap", "step", "place", "map", "group", "bias", "copy", "maximum",
    "position", "value", "hint", "exercise", "name", "picture",
)  # fmt: skip
PLURALS = {"class": "classes", "bias": "biases", "copy": "copies", "maximum": "maxima"}
SEVERAL = "|".join(PLURALS.get(noun, f"{noun}s") for noun in NOUNS)
SINGLE = "|".join(NOUNS)
WORDS = r"(?:(?!and )[a-z−-]+ ){0,1}"  # at most one adjective
BEFORE = r"(?<![\w.,·×/−+^\]-]) ?(?<![·×/−+^] )(?<!\band )"  # of a count: no part of more
FAULTS = {
    "one of several": re.compile(rf"{BEFORE}\b1 {WORDS}(?:{SEVERAL})\b"),
    "several of one": re.compile(
        rf"{BEFORE}\b(?!1 )\d[\d,]* (?:{SINGLE})\b(?![\w-]| [×·\d]|s\b| cells\b)"
    ),
    "a bracket around a positive number": re.compile(r"(?<![\w′])[−+·] \(\d+(?:\.\d+)?\)(?!\w)"),
    "a plural verb of one": re.compile(rf"\bthere are 1 (?:{SINGLE})\b"),
    "all of two": re.compile(r"\b[Aa]ll 2\b"),
    "a hyphen for a minus": re.compile(r"(?<![\w\[\]/.)-])-\d"),
    "a matrix in prose": re.compile(r"\d; −?\d[\d.]*(?= −?\d|[;.,]|$)"),
    "spaces or stops": re.compile(r"(?<!\|)  (?!\|)| [.,;:](?!\d|\.)|\.\.(?!\.)|,,"),
    "an unmade number": re.compile(r"\bnan\b|\bNone\b|\binf\b|np\.|\{|\}"),
}


def faults(text):
    """[(what, where), ...] of the faults of language in a sentence."""
    return [(name, match[0]) for name, rule in FAULTS.items() for match in rule.finditer(text)]
