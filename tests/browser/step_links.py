"""The forms of what is said of a cell under the pointer, and of a step to a screen reader.

As those of the written sums, with which they are read: see step_forms.py.
"""

import re

import numpy as np

from tests.browser.step_forms import (
    ADDED,
    FORMS,
    LISTED,
    NAME,
    NAMES,
    NUM,
    faults,
    form,
    gathered,
    is_count,
    is_factor,
    is_named,
)
from tests.browser.step_texts import Text, Way, holds, is_rounded, shows, sign

__all__ = ["FORMS", "faults"]

CUT = r"(?:, … \((?P<{0}>\d+) in all\))?"

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


# Of a Jacobian.


@form("link", rf"(?P<one>{NAME}) and (?P<other>{NAME}) meet in (?P<entry>{NAME}) (?P<about>[=≈]) "
              rf"(?P<head>{NUM})\.")  # fmt: skip
def entry_of_a_matrix(way, said, one, other, entry, about, head):
    """What a row has of a column: the weight or the input cell that ties them."""
    (site,) = met(way, said) or (None,)
    if site is None:
        return False
    name = way.scene.matrix["entries"]
    cell = site.weight if name == way.sweep.weights else site.read
    value = way.value(name, cell)
    return (
        are_the_ends(way, said, one, other)
        and entry == way.name(name, cell)
        and shows(head, value)
        and about == sign(is_rounded(value))
    )


@form("link", rf"(?P<one>{NAME}) and (?P<other>{NAME}) do not meet: 0\.")
def hole_of_a_matrix(way, said, one, other):
    return are_the_ends(way, said, one, other) and not met(way, said)


def ends_of(way: Way, said: Text) -> tuple:
    """(cell of y, name of the columns' grid, its cell): both vectors in row-major order."""
    _, row, col = said.cell
    name, width = way.scene.matrix["columns"]["grid"], way.scene.matrix["width"]
    shape = way.grids[name].values.shape
    cells = list(np.ndindex(*shape))
    if width < len(cells):  # zeros around the input are in no column
        cells = [cell for cell in cells if not way.is_padding(name, cell)]
    assert len(cells) == width
    return way.outs[row], name, cells[col]


def met(way: Way, said: Text) -> list:
    if said.grid != "matrix":
        return []
    out, name, cell = ends_of(way, said)
    of = "weight" if name == way.sweep.weights else "read"
    return [site for site in way.window(out) if getattr(site, of) == cell]


def are_the_ends(way: Way, said: Text, one, other) -> bool:
    if said.grid != "matrix":
        return False
    out, name, cell = ends_of(way, said)
    return one == way.name(way.sweep.steps, out) and other == way.name(name, cell)


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


@form("link", rf"{HEAD} was added and makes no term\.")
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


@form("link", rf"{HEAD} (?P<verb>goes into|is multiplied by) (?P<listed>.+?){CUT.format('cut')}\.")
def goes_into(way, said, name, sign, head, verb, listed, cut):
    sites = sites_of(way, said)
    scatters = way.sweep.mode == "scatter"
    weighed = bool(way.weights) and not scatters
    parts = re.findall(rf"({NAME})(?: \(×\s({NUM})\))?", listed)
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
            shows(o, v) and "(" not in o for o, v in zip(others, wanted, strict=True)
        )
    else:
        fine = not any(others)
    return (
        fine
        and bool(sites)
        and way.sweep.mode != "max"
        and heads(way, said, name, sign, head)
        and verb == ("is multiplied by" if scatters else "goes into")
        and text == listed.replace("\N{NO-BREAK SPACE}", " ")
        and are_named(way, ", ".join(names), cut, sites)
    )


LATER = rf"so far; at the end (?P<about>≈ )?(?P<end>{NUM})"
SCATTERED = r"(?P<off>[=≈]) (?P<terms>.+?)(?: \+ … \((?P<cut>\d+) in all\))?"


@form("link", rf"{HEAD} {SCATTERED}")
def added_up(way, said, name, sign, head, off, terms, cut):
    """dL/dx[2, 3] = 4 = 3·1 + 1·1: what reaches a cell that is scattered into."""
    return (
        heads(way, said, name, sign, head)
        and way.sofar(said.cell, said.step) is None
        and adds_up(way, said, head, off, terms, cut)
    )


@form("link", rf"{HEAD}, which is (?P<only>{NAME})\.")
def given_whole(way, said, name, sign, head, only):
    """Of a maximum: the one upstream number that reaches the cell."""
    return (
        heads(way, said, name, sign, head)
        and way.sofar(said.cell, said.step) is None
        and is_the_only(way, said, only)
    )


@form("link", rf"{HEAD} {LATER}, which is (?P<only>{NAME})\.")
def given_whole_later(way, said, name, sign, head, about, end, only):
    return comes_to(way, said, name, sign, head, about, end) and is_the_only(way, said, only)


def is_the_only(way: Way, said: Text, only) -> bool:
    """Whether one upstream cell, named so, goes whole into a cell."""
    sites, sweep = sites_of(way, said), way.sweep
    return (
        len(sites) == 1
        and sweep.mode == "scatter"
        and not way.weights
        and not sweep.divisors
        and said.grid == sweep.reads
        and only == way.name(sweep.steps, sites[0].out)
        and way.value(said.grid, said.cell) == way.value(sweep.steps, sites[0].out)
    )


@form("link", rf"{HEAD} {LATER} {SCATTERED}")
def added_so_far(way, said, name, sign, head, about, end, off, terms, cut):
    return comes_to(way, said, name, sign, head, about, end) and adds_up(
        way, said, end, off, terms, cut
    )


def comes_to(way: Way, said: Text, name, sign, head, about, end) -> bool:
    """Whether a cell shows this number now, and that one in the end."""
    now, value = way.sofar(said.cell, said.step), way.value(said.grid, said.cell)
    return (
        is_named(way, said, name)
        and now is not None
        and shows(head, now)
        and sign == ("≈" if is_rounded(now) else "=")
        and shows(end, value)
        and bool(about) == is_rounded(value)
    )


def adds_up(way: Way, said: Text, total, off, terms, cut) -> bool:
    """Whether terms are those of all sites of a cell, and come to its number."""
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
            fine &= w == "" and len(sites) > 1
    for site in sites:
        weight = way.value(sweep.weights, site.weight) if way.weights else 1.0
        rounded |= is_rounded(way.value(sweep.steps, site.out)) or is_rounded(weight)
    return (
        bool(fine and sites)
        and sweep.mode == "scatter"
        and said.grid == sweep.reads
        and off == ("≈" if rounded else "=")
        and (int(cut) == len(sites) > ADDED if cut else len(sites) <= ADDED)
        and (bool(cut) or holds(f"{total} {off} {terms}"))
    )


@form("link", rf"{HEAD} is read by (?P<listed>{NAMES}){CUT.format('cut')}"
              rf"(?: and (?:wins (?P<won>{NAMES}|none of them){CUT.format('won_cut')}|"
              rf"(?P<lost>does not win)))?\."
              rf"(?: It is as large as the (?P<who>winners?) of (?P<late>{NAMES})"
              rf"{CUT.format('late_cut')}, but comes later\.)?")  # fmt: skip
def wins(way, said, name, sign, head, listed, cut, won, won_cut, lost, who, late,
         late_cut):  # fmt: skip
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
    if late:
        fine &= who == ("winners" if len(equal) > 1 else "winner")
    return fine and (are_named(way, late, late_cut, equal) if late else not equal)


# ---- the sentence for a screen reader -----------------------------------------------------------

SPOKEN = rf"(?:(?P<title>.+?) )??(?P<name>{NAME}): (?P<value>(?:about )?{NUM}|not yet shown)"
PADDING = (r"(?:, (?P<only>padding only)|(?:, (?P<some>\d+) of them padding)?"
           r"(?:, (?P<over>\d+) of them over the end)?)")  # fmt: skip
OF = rf"(?P<count>\d+) (?P<noun>cells?){PADDING}"


def is_spoken(way: Way, said: Text, title, name, value) -> bool:
    of_step = way.value(said.grid, said.cell)
    if said.hidden or value == "not yet shown":
        shown = said.hidden and value == "not yet shown"
    else:
        about = value.startswith("about ")
        shown = about == is_rounded(of_step) and shows(value.removeprefix("about "), of_step)
    written, symbol = way.grids[said.grid].title, way.scene.symbols[said.grid]
    doubled = f"{written} ".startswith(f"{symbol} ")  # dL/dx, dp = J dx
    return shown and is_named(way, said, name) and title == (None if doubled else written)


@form("sentence", rf"{SPOKEN}, the largest of {OF}(?:, the first of (?P<ties>\d+) equal ones)?\.")
def spoken_maximum(way, said, title, name, value, count, noun, some, only, over, ties):
    equal = 0 if said.hidden else len(way.maxima(said.cell))
    return (
        way.sweep.mode == "max"
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(way.window(said.cell)), "cell")
        and is_padded(way, way.window(said.cell), some, only, over)
        and (int(ties) == equal > 1 if ties else equal < 2)
    )


@form("sentence", rf"{SPOKEN}, the average of {OF}\.")
def spoken_average(way, said, title, name, value, count, noun, some, only, over):
    return (
        way.sweep.mode == "average"
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(way.counted(said.cell)), "cell")
        and is_padded(way, way.counted(said.cell), some, only, over)
    )


def is_padded(way: Way, sites, some, only, over) -> bool:
    """Whether so many cells are said to be padding, and what ceil mode reads over the end."""
    marks = [way.mark(way.sweep.reads, site.read).split() for site in sites]
    beyond = sum("overhang" in mark for mark in marks)
    padding = sum("pad" in mark and "overhang" not in mark for mark in marks)
    if only:
        return padding == len(sites)
    return int(some or 0) == padding < len(sites) and int(over or 0) == beyond


@form(
    "sentence",
    rf"{SPOKEN}, the sum of (?P<count>\d+) (?P<noun>products?)(?:(?P<those>, each|, "
    r"(?P<some>\d+) of them)? with an (?P<zero>added zero))?(?P<bias>,? and the bias)?\.",
)
def spoken_sum(way, said, title, name, value, count, noun, those, some, zero, bias):
    every, kept = gathered(way, said)
    zeros = len(every) - len(kept)
    return (
        way.sweep.mode == "gather"
        and bool(way.weights)
        and is_spoken(way, said, title, name, value)
        and is_count(count, noun, len(every), "product")
        and bool(zero) == (zeros > 0)
        and (int(some) == zeros < len(every) if some else zeros in (0, len(every)))
        and (those == ", each") == (zeros == len(every) > 1)
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
