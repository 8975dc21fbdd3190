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
CUT = r"(?:, … \((?P<{0}>\d+) in all\))?"
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
ZEROS = r"(?: and (?P<zeros>\d+) (?P<noun>products?) with a zero put in)?"
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
        and is_count(zeros, noun, len(every) - len(kept), "product")
        and ends(way, said, label, about, rounded)
        and (said.hidden or holds(f"{written} {about} {label}"))
    )


@form("sum", rf"(?P<name>{NAME}) = (?P<zeros>\d+) (?P<noun>products?) with a zero put in {END}")
def sum_of_zeros(way, said, name, zeros, noun, about, label):
    every, kept = gathered(way, said)
    return (
        not kept
        and way.sweep.mode == "gather"
        and is_named(way, said, name)
        and is_count(zeros, noun, len(every), "product")
        and ends(way, said, label, about)
        and label in "0?"
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
        and is_count(zeros, noun, len(every) - len(kept), "product")
        and ends(way, said, label, about, rounded)
    )


@form("sum", rf"(?P<name>{NAME}) adds, cell by cell: (?P<terms>{PRODUCT}(?:, {PRODUCT})*)")
def stamp(way, said, name, terms):
    found, sites = factors(terms), way.counted(said.cell)
    g = way.value(said.grid, said.cell)
    return (
        way.sweep.mode == "scatter"
        and is_named(way, said, name)
        and len(found) == len(sites) <= ADDED
        and all(
            shows(one, g) and is_factor(one) and is_factor(w)
            and shows(w, way.value(way.sweep.weights, site.weight))
            for site, (one, w) in zip(sites, found, strict=True)
        )
    )  # fmt: skip


@form("sum", rf"(?P<name>{NAME}) {END}, times each of its (?P<count>\d+) weights, is added cell "
             r"by cell\.")  # fmt: skip
def stamp_in_short(way, said, name, about, label, count):
    return (
        way.sweep.mode == "scatter"
        and bool(way.weights)
        and is_named(way, said, name)
        and ends(way, said.__class__(**vars(said) | {"hidden": False}), label, about)
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


# ---- what the cell under the pointer takes part in ---------------------------------------------

HEAD = rf"(?P<name>{NAME}) (?P<sign>[=≈]) (?P<head>{NUM})"


def heads(way: Way, said: Text, name: str, about: str, head: str) -> bool:
    value = way.value(said.grid, said.cell)
    return is_named(way, said, name) and shows(head, value) and about == sign(is_rounded(value))


def sites_of(way: Way, said: Text) -> list:
    """The sites of a cell, zeros put in aside."""
    found = []
    if said.grid == way.sweep.reads:
        found = way.reading.get(said.cell, [])
    elif said.grid == way.sweep.weights:
        found = way.weighing.get(said.cell, [])
    return [site for site in found if not way.filler(way.sweep.reads, site.read)]


def are_named(way: Way, text: str, cut, sites) -> bool:
    """Whether a list names the steps of these sites: up to twelve, then how many there are."""
    names = [way.name(way.sweep.steps, site.out) for site in sites]
    listed = re.findall(NAME, text)
    return (
        ", ".join(listed) == text
        and listed == names[:LISTED]
        and (int(cut) == len(names) > LISTED if cut else len(names) <= LISTED)
    )


@form("link", "")
def nothing_to_say(way, said):
    return said.grid == way.sweep.steps or said.grid not in way.scene.symbols


@form("link", HEAD)
def head_alone(way, said, name, sign, head):
    others = {way.sweep.reads, way.sweep.bias, *way.scene.totals}
    return (
        heads(way, said, name, sign, head)
        and said.grid not in others
        and not sites_of(way, said)
    )  # fmt: skip


@form("link", rf"{HEAD} is added to every output of its filter\.")
def of_the_bias(way, said, name, sign, head):
    return said.grid == way.sweep.bias and heads(way, said, name, sign, head)


@form("link", rf"{HEAD} is the sum of (?P<title>[^,]+)(?:, (?P<plane>[^,]+))?\.")
def a_total(way, said, name, sign, head, title, plane):
    summed = way.grids[way.scene.totals[said.grid]]
    f = said.cell[2]
    total = summed.values[f].sum()
    return (
        heads(way, said, name, sign, head)
        and title == summed.title
        and plane == (summed.planes[f] if len(summed.values) > 1 else None)
        and np.isclose(total, way.value(said.grid, said.cell), rtol=1e-9, atol=1e-9)
    )


@form("link", rf"{HEAD} was put in and makes no term\.")
def put_in(way, said, name, sign, head):
    filler = way.filler(way.sweep.reads, said.cell)
    return heads(way, said, name, sign, head) and said.grid == way.sweep.reads and bool(filler)


def is_idle(way, said, name, sign, head, mode) -> bool:
    """Whether a cell that is read takes part in nothing, in this mode."""
    return (
        heads(way, said, name, sign, head)
        and said.grid == way.sweep.reads
        and not way.filler(said.grid, said.cell)
        and not sites_of(way, said)
        and mode
    )


@form("link", rf"{HEAD} is read by no window\.")
def unread(way, said, name, sign, head):
    mode = way.sweep.mode != "scatter" and not way.sweep.divisors
    return is_idle(way, said, name, sign, head, mode)


@form("link", rf"{HEAD} is reached by no stamp\.")
def unreached(way, said, name, sign, head):
    return is_idle(way, said, name, sign, head, way.sweep.mode == "scatter" and not way.pools)


@form("link", rf"{HEAD} has won no window\.")
def never_won(way, said, name, sign, head):
    mode = way.sweep.mode == "scatter" and bool(way.sweep.picks)
    return is_idle(way, said, name, sign, head, mode)


@form("link", rf"{HEAD} counts in no window\.")
def counts_nowhere(way, said, name, sign, head):
    return is_idle(way, said, name, sign, head, bool(way.sweep.divisors))


@form("link", rf"{HEAD} (?P<verb>goes into|is stamped by) (?P<listed>.+?){CUT.format('cut')}\.")
def goes_into(way, said, name, sign, head, verb, listed, cut):
    sites = sites_of(way, said)
    scatters = way.sweep.mode == "scatter"
    weighed = bool(way.weights) and not scatters
    parts = re.findall(rf"({NAME})(?: \(×\s({FACTOR})\))?", listed)
    names, others = [one for one, _ in parts], [other for _, other in parts]
    text = ", ".join(f"{one} (× {other})" if other else one for one, other in parts)
    if weighed:
        of_read = said.grid == way.sweep.reads
        wanted = [
            way.value(way.sweep.weights, s.weight)
            if of_read
            else way.value(way.sweep.reads, s.read)
            for s in sites[:LISTED]
        ]
        fine = len(wanted) == len(others) and all(
            shows(o, v) and is_factor(o) for o, v in zip(others, wanted, strict=True)
        )
    else:
        fine = not any(others)
    return (
        fine
        and bool(sites)
        and way.sweep.mode != "max"
        and heads(way, said, name, sign, head)
        and verb == ("is stamped by" if scatters else "goes into")
        and text == listed.replace("\N{NO-BREAK SPACE}", " ")
        and are_named(way, ", ".join(names), cut, sites)
    )


@form("link", rf"{HEAD} (?P<off>[=≈]) (?P<terms>.+?)(?: \+ … \((?P<cut>\d+) in all\))?")
def added_up(way, said, name, sign, head, off, terms, cut):
    """dL/dx[2, 3] = 4 = 3·1 + 1·1: what reaches a cell that is scattered into."""
    sites, sweep = sites_of(way, said), way.sweep
    found = terms.split(" + ")
    value = way.value(said.grid, said.cell)
    rounded = is_rounded(value)
    fine = len(found) == min(len(sites), ADDED)
    for term, site in zip(found, sites, strict=False):
        g, _, w = term.partition("·" if way.weights else " / ")
        upstream = way.value(sweep.steps, site.out)
        fine &= shows(g, upstream) and is_factor(g)
        if way.weights:
            fine &= shows(w, way.value(sweep.weights, site.weight)) and is_factor(w)
        elif sweep.divisors:
            fine &= int(w) == len(way.counted(site.out))
        else:
            fine &= w == ""
    for site in sites:
        weight = way.value(sweep.weights, site.weight) if way.weights else 1.0
        rounded |= is_rounded(way.value(sweep.steps, site.out)) or is_rounded(weight)
    return (
        bool(fine and sites)
        and sweep.mode == "scatter"
        and said.grid == sweep.reads
        and heads(way, said, name, sign, head)
        and off == ("≈" if rounded else "=")
        and (int(cut) == len(sites) > ADDED if cut else len(sites) <= ADDED)
        and (bool(cut) or holds(f"{head} {off} {terms}"))
    )


@form("link", rf"{HEAD} is read by (?P<listed>{NAMES}){CUT.format('cut')}"
              rf"(?: and (?:wins (?P<won>{NAMES}|none of them){CUT.format('won_cut')}|"
              rf"(?P<lost>does not win)))?\."
              rf"(?: It is as large as the winner of (?P<late>{NAMES}){CUT.format('late_cut')}, "
              r"but comes later\.)?")  # fmt: skip
def wins(way, said, name, sign, head, listed, cut, won, won_cut, lost, late, late_cut):
    sites = sites_of(way, said)
    first = [site for site in sites if way.maxima(site.out)[:1] == (site,)]
    equal = [site for site in sites if site in way.maxima(site.out)[1:]]
    fine = (
        way.sweep.mode == "max"
        and heads(way, said, name, sign, head)
        and are_named(way, listed, cut, sites)
    )
    if said.hidden:
        return fine and won is lost is late is None
    if first:
        fine &= bool(won) and won != "none of them" and are_named(way, won, won_cut, first)
    else:
        fine &= bool(lost) if len(sites) == 1 else won == "none of them"
    return fine and (are_named(way, late, late_cut, equal) if late else not equal)


# ---- the sentence for a screen reader -----------------------------------------------------------

SPOKEN = rf"(?P<title>.+?) (?P<name>{NAME}): (?P<value>{NUM}|not yet shown)"
PADDING = r"(?:, (?:(?P<some>\d+) of them padding|(?P<only>padding only)))?"
OF = rf"(?P<count>\d+) (?P<noun>cells?){PADDING}"


def is_spoken(way: Way, said: Text, title, name, value) -> bool:
    of_step = way.value(said.grid, said.cell)
    hidden = value == "not yet shown"
    shown = hidden == said.hidden and (hidden or shows(value, of_step))
    return shown and is_named(way, said, name) and title == way.grids[said.grid].title


@form("sentence", rf"{SPOKEN}, the largest of {OF}(?:, the first of (?P<ties>\d+) equal ones)?\.")
def spoken_maximum(way, said, title, name, value, count, noun, some, only, ties):
    equal = 0 if said.hidden else len(way.maxima(said.cell))
    return (
        way.sweep.mode == "max"
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(way.window(said.cell)), "cell")
        and is_padded(way, way.window(said.cell), some, only)
        and (int(ties) == equal > 1 if ties else equal < 2)
    )


@form("sentence", rf"{SPOKEN}, the average of {OF}\.")
def spoken_average(way, said, title, name, value, count, noun, some, only):
    return (
        way.sweep.mode == "average"
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(way.counted(said.cell)), "cell")
        and is_padded(way, way.counted(said.cell), some, only)
    )


def is_padded(way: Way, sites, some, only) -> bool:
    padding = sum(way.is_padding(way.sweep.reads, site.read) for site in sites)
    if only:
        return some is None and padding == len(sites)
    return int(some or 0) == padding < len(sites)


@form(
    "sentence",
    rf"{SPOKEN}, the sum of (?P<count>\d+) (?P<noun>products?)(?:, (?:(?P<some>\d+) of "
    r"them|(?P<each>each)) with a zero put in)?(?P<bias>,? and the bias)?\.",
)
def spoken_sum(way, said, title, name, value, count, noun, some, each, bias):
    every, kept = gathered(way, said)
    zeros = len(every) - len(kept)
    return (
        way.sweep.mode == "gather"
        and bool(way.weights)
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(every), "product")
        and (zeros == len(every) if each else int(some or 0) == zeros < len(every))
        and bias == (None if not way.bias else ", and the bias" if zeros else " and the bias")
    )


@form("sentence", rf"{SPOKEN}, given to (?:no cell|(?P<count>\d+) (?P<noun>cells?))"
                  r"(?:, the first of (?P<ties>\d+) equal maxima of its window)?\.")  # fmt: skip
def spoken_scatter(way, said, title, name, value, count, noun, ties):
    equal = len(way.maxima(said.cell)) if way.sweep.picks else 0
    cells = {site.read for site in way.counted(said.cell)}
    return (
        way.sweep.mode == "scatter"
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(cells), "cell")
        and (int(ties) == equal > 1 if ties else equal < 2)
    )


@form("sentence", rf"{SPOKEN}\.")
def spoken_copy(way, said, title, name, value):
    return not way.weights and not way.pools and is_spoken(way, said, title, name, value)
