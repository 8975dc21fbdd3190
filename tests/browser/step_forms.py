"""The forms of what the browser says of steps and cells, each taken apart against its scene.

A text is read by exactly one form: a pattern and a check. The check holds every operand against
the number of the cell it stands for, every name against the cell's coordinates, every count
against a count by plain loops, and evaluates the arithmetic that is written: `=` where it is
exact, `≈` where a number in it is rounded.
"""

import re

import numpy as np

from tests.browser.step_texts import (
    FILLERS,
    Text,
    Way,
    holds,
    is_exact,
    is_rounded,
    number,
    shows,
    sign,
)

NUM = r"−?(?:\d+(?:\.\d+)?(?:e−?\d+)?|∞)"
FACTOR = rf"(?:\(−{NUM[2:]}\)|{NUM[2:]})"
PRODUCT = rf"{FACTOR}·{FACTOR}"
NAME = r"[^\s=≈·]+(?: \+ [^\s=≈·]+)?\[[^\]]*\]"
NAMES = rf"{NAME}(?:, {NAME})*"
LISTED, ADDED = 12, 16  # cells that are named, terms that are written, before it is cut
FORMS = []


def form(kind: str, pattern: str):
    def registered(check):
        FORMS.append((kind, re.compile(pattern, re.DOTALL), check))
        return check

    return registered


def faults(way: Way, said: Text) -> list[str]:
    """What is wrong with a text; [] where everything that it claims is so."""
    words = re.sub(r"\s+", " ", said.text).strip()
    read = [
        (check, match)
        for kind, pattern, check in FORMS
        if kind == said.kind and (match := pattern.fullmatch(words))
    ]
    if len(read) != 1:
        return [f"read by {[check.__name__ for check, _ in read] or 'no form'}"]
    ((check, match),) = read
    return [] if check(way, said, **match.groupdict()) else [f"{check.__name__} does not hold"]


# ---- the written sum of a step ---------------------------------------------------------------


def is_named(way: Way, said: Text, name: str) -> bool:
    return name == way.name(said.grid, said.cell)


def ends(way: Way, said: Text, label: str, about: str, rounded: bool = False) -> bool:
    """Whether a sum ends in its cell's number, or in ? where that is still to be asked for."""
    if said.hidden:
        return label == "?" and about == sign(rounded)
    value = way.value(said.grid, said.cell)
    return shows(label, value) and about == sign(rounded or not is_exact(label, value))


def factors(text: str) -> list[tuple[str, str]]:
    return [tuple(term.split("·")) for term in re.findall(PRODUCT, text)]


def are_products(way: Way, sites, found) -> bool:
    """Whether written products are those of these sites, each factor the number of its cell."""
    return len(sites) == len(found) and all(
        shows(x, way.value(way.sweep.reads, site.read)) and is_factor(x)
        and shows(w, way.value(way.sweep.weights, site.weight)) and is_factor(w)
        for site, (x, w) in zip(sites, found, strict=True)
    )  # fmt: skip


def is_factor(label: str) -> bool:
    """A negative one stands in brackets."""
    return label.startswith("(") == ("−" in label.split("e")[0])


def inexact(way: Way, sites) -> bool:
    """Whether a number of these products is rounded where it is written."""
    cells = [(way.sweep.reads, s.read) for s in sites] + [
        (way.sweep.weights, s.weight) for s in sites
    ]
    return any(is_rounded(way.value(*cell)) for cell in cells)


TERMS = rf"{PRODUCT}(?: \+ {PRODUCT})*"
BIAS = rf"(?: \+ (?P<bias>{FACTOR}) \(bias\))?"
ZEROS = r"(?: and (?P<zeros>\d+) (?P<noun>products?(?:, each)?) with an added zero)?"
END = rf"(?P<about>[=≈]) (?P<label>{NUM}|\?)"


def gathered(way: Way, said: Text):
    every = way.counted(said.cell)
    kept = [site for site in every if not way.filler(way.sweep.reads, site.read)]
    return every, kept


def has_bias(way: Way, said: Text, bias) -> tuple[bool, bool]:
    """(whether the written bias is right, whether it is rounded)"""
    if not way.bias:
        return bias is None, False
    value = way.value(way.sweep.bias, (0, 0, said.cell[0]))
    return bias is not None and shows(bias, value) and is_factor(bias), is_rounded(value)


def is_count(count, noun, wanted: int, word: str) -> bool:
    if count is None:
        return wanted == 0
    return int(count) == wanted > 0 and noun == word + "s" * (wanted != 1)


@form("sum", rf"(?P<name>{NAME}) (?P<first>[=≈]) (?P<terms>{TERMS}){BIAS}{ZEROS} {END}")
def sum_of_products(way, said, name, first, terms, bias, zeros, noun, about, label):
    every, kept = gathered(way, said)
    right, bias_rounded = has_bias(way, said, bias)
    rounded = inexact(way, kept) or bias_rounded
    written = f"{terms} + {bias}" if bias else terms
    return (
        way.sweep.mode == "gather"
        and not way.sweep.partials
        and is_named(way, said, name)
        and first == sign(rounded)
        and are_products(way, kept, factors(terms))
        and right
        and are_zeros(zeros, noun, len(every) - len(kept))
        and ends(way, said, label, about, rounded)
        and (said.hidden or holds(f"{written} {about} {label}"))
    )


def are_zeros(count, noun, wanted: int) -> bool:
    """Whether so many products are said to have an added zero, each of several its own."""
    if count is None:
        return wanted == 0
    return int(count) == wanted > 0 and noun == ("product" if wanted == 1 else "products, each")


@form("sum", rf"(?P<name>{NAME}) is the sum of (?P<zeros>\d+) (?P<noun>products?(?:, each)?) "
             r"with an added zero: (?P<label>0|\?)")  # fmt: skip
def sum_of_zeros(way, said, name, zeros, noun, label):
    every, kept = gathered(way, said)
    return (
        not kept
        and way.sweep.mode == "gather"
        and is_named(way, said, name)
        and are_zeros(zeros, noun, len(every))
        and ends(way, said, label, "=")
    )


PART = rf"channel \d+: {TERMS} [=≈] (?:{NUM}|\?)"


@form("sum", rf"(?P<name>{NAME}) (?P<first>[=≈]) (?P<parts>{PART}(?: {PART})*){BIAS}{ZEROS} {END}")
def sum_by_channels(way, said, name, first, parts, bias, zeros, noun, about, label):
    every, kept = gathered(way, said)
    right, bias_rounded = has_bias(way, said, bias)
    rounded = inexact(way, kept) or bias_rounded
    found = re.findall(rf"channel (\d+): ({TERMS}) ([=≈]) ({NUM}|\?)", parts)
    pairs = way.sweep.pairs[said.cell[0]]
    fine = len(found) == len(pairs)
    for (channel, terms, part_about, part), (c, k) in zip(found, pairs, strict=fine):
        sites = [site for site in kept if site.weight[0] == k]
        off = inexact(way, sites)
        if said.hidden:
            fine &= part == "?" and part_about == sign(off)
        else:
            value = sum(
                way.value(way.sweep.reads, s.read) * way.value(way.sweep.weights, s.weight)
                for s in sites
            )
            kept_part = way.value(way.sweep.partials, (k, *said.cell[1:]))
            fine &= np.isclose(kept_part, value, rtol=1e-9, atol=1e-9)
            fine &= shows(part, kept_part) and part_about == sign(off or is_rounded(kept_part))
            fine &= holds(f"{terms} {part_about} {part}")
        fine &= int(channel) == c and are_products(way, sites, factors(terms))
    if not said.hidden and fine:
        added = " + ".join(p if p[0] != "−" else f"({p})" for *_, p in found)
        loose = "≈" if any(a == "≈" for _, _, a, _ in found) else about
        fine &= holds(f"{added} + {bias} {loose} {label}" if bias else f"{added} {loose} {label}")
    return (
        bool(fine)
        and bool(way.sweep.partials)
        and is_named(way, said, name)
        and first == sign(rounded)
        and right
        and are_zeros(zeros, noun, len(every) - len(kept))
        and ends(way, said, label, about, rounded)
    )


LAST = r"(?:, the last of (?P<last>\d+) in this step{0})?"


def is_last(way: Way, said: Text, last) -> bool:
    """Whether it is said of how many placements in one step a stamp is the last."""
    placed = way.placed(said.step)
    return last is None if placed < 2 else last == str(placed)


@form("sum", rf"(?P<name>{NAME})(?: ≈ (?P<about>[^\s,]+))?{LAST.format(',')} adds, cell by cell: "
             rf"(?P<terms>{PRODUCT}(?:, {PRODUCT})*)")  # fmt: skip
def stamp(way, said, name, about, last, terms):
    found, sites = factors(terms), way.counted(said.cell)
    g = way.value(said.grid, said.cell)
    return (
        way.sweep.mode == "scatter"
        and is_named(way, said, name)
        and is_last(way, said, last)
        and len(found) == len(sites) <= ADDED
        and all((about is None) == is_exact(one, g) for one, _ in found)
        and (about is None or shows(about, g))
        and all(
            shows(one, g) and is_factor(one) and is_factor(w)
            and shows(w, way.value(way.sweep.weights, site.weight))
            for site, (one, w) in zip(sites, found, strict=True)
        )
    )  # fmt: skip


@form("sum", rf"(?P<name>{NAME}) {END}{LAST.format('')}, times each of the (?P<whose>kernel’s )?"
             r"(?P<count>\d+) weights(?: of filter (?P<plane>\d+))?, is added cell by "
             r"cell\.")  # fmt: skip
def stamp_in_short(way, said, name, about, label, last, whose, count, plane):
    several = len(way.steps.values) > 1
    return (
        way.sweep.mode == "scatter"
        and bool(way.weights)
        and is_named(way, said, name)
        and ends(way, said.__class__(**vars(said) | {"hidden": False}), label, about)
        and is_last(way, said, last)
        and plane == (str(said.cell[0]) if several else None)
        and bool(whose) == (not several)
        and int(count) == len(way.counted(said.cell)) > ADDED
    )


@form("sum", rf"(?P<name>{NAME}) (?P<first>[=≈]) max\((?P<listed>{NUM}(?:, {NUM})*)\)"
             rf"(?: the first of (?P<equal>\d+) equal ones wins)? {END}")  # fmt: skip
def maximum(way, said, name, first, listed, equal, about, label):
    values = [way.value(way.sweep.reads, site.read) for site in way.window(said.cell)]
    found = listed.split(", ")
    ties = len(way.maxima(said.cell))
    return (
        way.sweep.mode == "max"
        and is_named(way, said, name)
        and len(found) == len(values)
        and all(shows(text, value) for text, value in zip(found, values, strict=True))
        and first == sign(any(map(is_rounded, values)))
        and (equal is None if said.hidden or ties < 2 else int(equal or 0) == ties)
        and about == "="
        and (label == "?" if said.hidden else shows(label, max(values)))
        and (said.hidden or number(label) == max(map(number, found)))
        and (said.hidden or shows(label, way.value(said.grid, said.cell)))
    )


@form("sum", rf"(?P<name>{NAME}) (?P<first>[=≈]) (?P<terms>\(?{FACTOR}(?: \+ {FACTOR})*\)?)"
             rf" / (?P<divisor>\d+) {END}")  # fmt: skip
def average(way, said, name, first, terms, divisor, about, label):
    values = [way.value(way.sweep.reads, site.read) for site in way.counted(said.cell)]
    bare = terms[1:-1] if len(values) > 1 else terms
    found = bare.split(" + ")
    rounded = any(map(is_rounded, values))
    return (
        way.sweep.mode == "average"
        and is_named(way, said, name)
        and len(found) == len(values) == int(divisor)
        and (len(values) == 1 or (terms[0], terms[-1]) == ("(", ")"))
        and all(shows(t, v) and is_factor(t) for t, v in zip(found, values, strict=True))
        and first == sign(rounded)
        and ends(way, said, label, about, rounded)
        and (said.hidden or holds(f"{terms} / {divisor} {about} {label}"))
    )


def upstream_is(way, said, name, about, label) -> bool:
    g = way.value(said.grid, said.cell)
    mode = way.sweep.mode == "scatter" and way.pools
    return mode and is_named(way, said, name) and shows(label, g) and about == sign(is_rounded(g))


@form(
    "sum",
    rf"(?P<name>{NAME}) {END}: to (?P<cells>each of the \d+ cells|the one cell) that "
    rf"counted (?P<value>{NUM}) / (?P<divisor>\d+) (?P<off>[=≈]) (?P<share>{NUM})",
)
def in_shares(way, said, name, about, label, cells, value, divisor, off, share):
    count = len(way.counted(said.cell))
    g = way.value(said.grid, said.cell)
    return (
        upstream_is(way, said, name, about, label)
        and int(divisor) == count
        and cells == ("the one cell" if count == 1 else f"each of the {count} cells")
        and value == label
        and shows(share, g / count)
        and off == sign(is_rounded(g) or is_rounded(g / count))
        and holds(f"{value} / {divisor} {off} {share}")
    )


@form("sum", rf"(?P<name>{NAME}) {END} goes to (?P<winner>{NAME}) alone, (?:the maximum|the first "
             r"of (?P<equal>\d+) equal maxima) of its window")  # fmt: skip
def to_the_winner(way, said, name, about, label, winner, equal):
    maxima = way.maxima(said.cell)
    return (
        upstream_is(way, said, name, about, label)
        and bool(way.sweep.picks)
        and bool(maxima)
        and winner == way.name(way.sweep.reads, maxima[0].read)
        and (int(equal) == len(maxima) > 1 if equal else len(maxima) == 1)
    )


@form("sum", rf"(?P<name>{NAME}) {END} goes nowhere: the window read no input cell\.")
def nowhere(way, said, name, about, label):
    cells = way.window(said.cell)
    padding = all(way.is_padding(way.sweep.reads, site.read) for site in cells)
    return upstream_is(way, said, name, about, label) and padding and not way.maxima(said.cell)


@form("sum", rf"(?P<name>{NAME}) = (?P<origin>{NAME}|a zero [a-z ]+) {END}")
def copied(way, said, name, origin, about, label):
    sites = way.window(said.cell)
    shown = said.__class__(**vars(said) | {"hidden": False})
    if sites:
        (site,) = sites
        from_there = origin == way.name(way.sweep.reads, site.read)
        same = way.value(way.sweep.reads, site.read) == way.value(said.grid, said.cell)
    else:
        from_there = origin == FILLERS.get(way.filler(said.grid, said.cell))
        same = way.value(said.grid, said.cell) == 0
    return (
        not way.weights and not way.pools and is_named(way, said, name)
        and from_there and same and ends(way, shown, label, about)
    )  # fmt: skip
