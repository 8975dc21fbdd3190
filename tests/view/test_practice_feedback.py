"""What is said of an answer is true of what was typed: taken apart, and verified by itself."""

import math
import re
import zlib
from collections import defaultdict
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from convview.practice import EXERCISES, check, question
from tests.view.asked import plane, wholes
from tests.view.slips import SLIPS
from tests.view.slips.said import typed, unfounded

FEW, MANY = 6, 40  # seeds of each exercise
JUNK = ("", "four", "x x", "1 2 a", "--3", "1/0", "nan", "; ;", "3 _; 4 5", "_ _; _ _")
CLAIMS = []
# Sentences whose numbers are examples or no numbers of the answer, or may be true with others too
ONCE = {"a slip", "unread", "off_by_one", "read_by_a_window", "beaten"}


def claim(pattern):
    """A check of the sentences of this form: (question, typed array or None, groups) -> bool."""

    def kept(holds):
        CLAIMS.append((re.compile(pattern), holds))
        return holds

    return kept


def digits_of(value):
    """How many significant digits a number is typed with."""
    return len(Decimal(f"{value:.12g}").normalize().as_tuple().digits)


def shortened(one, exact, *ways):
    """Whether `one` is `exact` rounded in one of these ways, to fewer digits."""
    if not one or not exact:
        return False
    one, exact = (Decimal(f"{n:.12g}") for n in (one, exact))
    places = [Decimal(1).scaleb(at) for at in range(-12, math.floor(math.log10(abs(exact))) + 1)]
    return any(exact.quantize(unit, way) == one for unit in places for way in ways)


def half_a_unit(exact):
    """Of its third significant digit."""
    return Decimal(5).scaleb(Decimal(f"{exact:.12g}").adjusted() - 3)


def right(one, exact):
    """Whether it is the right number: in full, or as near as three digits are."""
    if abs(one - exact) <= 1e-9 * max(1, abs(exact)):
        return True
    if exact == round(exact):
        return False
    if abs(exact) >= 1 and 8 * exact == round(8 * exact):
        return digits_of(one) >= 3 and shortened(one, exact, ROUND_HALF_UP, ROUND_HALF_EVEN)
    return abs(Decimal(f"{one:.12g}") - Decimal(f"{exact:.12g}")) <= half_a_unit(exact)


def each_right(one, exact):
    return [right(*pair) for pair in zip(np.ravel(one), np.ravel(exact), strict=True)]


def all_right(one, exact):
    return np.shape(one) == np.shape(exact) and all(each_right(one, exact))


@claim(r"Right\.")
def it_is_right(asked, given):
    return given is not None and all_right(given, asked.answer)


@claim(r"It has (\d+) numbers?; (\d+) typed\.")
def how_many(asked, given, there, here):
    sizes = np.size(asked.answer), np.size(given)
    return given is not None and sizes == (int(there), int(here)) and sizes[0] != sizes[1]


@claim(r"It has another size: (\d+) × (\d+) was typed, it is (\d+) × (\d+)\.")
def another_size(asked, given, *sizes):
    given_size = np.shape(given) if given is not None else ()
    found = tuple(map(int, sizes)) == given_size + np.shape(asked.answer)
    return found and given_size != np.shape(asked.answer)


@claim(r"A size is a whole number\.")
def whole_numbers(asked, given):
    return asked.kind == "shape" and given is not None and (given != np.round(given)).any()


@claim(r"The right (numbers|rows), in reverse order\.")
def reverse_order(asked, given, what):
    kind = {1: "numbers", 2: "rows"}.get(np.ndim(asked.answer))
    return what == kind and wrong(asked, given) and all_right(given[::-1], asked.answer)


@claim(r"The right numbers, with rows and columns swapped\.")
def swapped(asked, given):
    return wrong(asked, given) and all_right(np.transpose(given), asked.answer)


@claim(r"The right numbers, in another order\.")
def another_order(asked, given):
    several = np.ndim(asked.answer) and wrong(asked, given)
    return several and all_right(np.sort(np.ravel(given)), np.sort(np.ravel(asked.answer)))


@claim(r"The right (numbers|amount), with the wrong sign\.")
def wrong_sign(asked, given, what):
    kind = "numbers" if np.ndim(asked.answer) else "amount"
    return what == kind and wrong(asked, given) and all_right(-given, asked.answer)


@claim(r"Close: 1 too (large|small)\.")
def off_by_one(asked, given, way):
    return given is not None and given - asked.answer == (1 if way == "large" else -1)


@claim(r"Close: (\d+) of the (\d+) sizes (is|are) off by one\.")
def sizes_off_by_one(asked, given, count, size, verb):
    off = [abs(a - b) for a, b in zip(np.ravel(given), np.ravel(asked.answer), strict=True)]
    counted = (int(count), int(size)) == (off.count(1), len(off)) and set(off) <= {0, 1}
    return counted and off.count(1) > 0 and verb == ("is" if count == "1" else "are")


@claim(r"Close, but (rounded too far|cut off too early|cut off, not rounded): "
       r"three significant digits are enough\.")  # fmt: skip
def rounded_too_far(asked, given, what):
    if not wrong(asked, given):
        return False
    nearest = ROUND_HALF_UP, ROUND_HALF_EVEN
    pairs = list(zip(np.ravel(given), np.ravel(asked.answer), strict=True))
    off = [pair for pair in pairs if not right(*pair)]
    cut = [pair for pair in off if not shortened(*pair, *nearest)]
    few = all(digits_of(one) < 3 for one, _ in cut or off)
    ways = "rounded too far" if not cut else f"cut off{' too early' if few else ', not rounded'}"
    short = all(shortened(*pair, ROUND_DOWN, *nearest) for pair in off)
    return bool(off) and short and what == ways


@claim(r"Close, but (−?[\d.]+) is no rounding of it to three significant digits or more\.")
def no_rounding(asked, given, typed):
    exact = asked.answer
    if not wrong(asked, given) or exact == round(exact):
        return False
    one = float(typed.replace("−", "-"))
    near = abs(Decimal(typed.replace("−", "-")) - Decimal(f"{exact:.12g}"))
    ways = ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN
    return one == given and near <= 4 * half_a_unit(exact) and not shortened(one, exact, *ways)


@claim(r"Close, but (rounded too far|cut off too early): "
       r"all digits of this whole number are asked for\.")  # fmt: skip
def count_rounded(asked, given, what):
    way = (ROUND_HALF_UP, ROUND_HALF_EVEN) if "rounded" in what else (ROUND_DOWN,)
    whole = not np.ndim(asked.answer) and asked.answer == round(asked.answer)
    return whole and wrong(asked, given) and shortened(float(given), asked.answer, *way)


@claim(r"(\d+) of the (\d+) numbers (is|are) right\.")
def some_right(asked, given, count, size, verb):
    if not wrong(asked, given):
        return False
    good = each_right(given, asked.answer)
    counted = (int(count), int(size)) == (sum(good), len(good)) and 0 < sum(good) < len(good)
    return counted and verb == ("is" if count == "1" else "are")


@claim(r"Not yet\.")
def nothing_more(asked, given):
    """Nothing of the above could have been said."""
    if not wrong(asked, given) or any(each_right(given, asked.answer)):
        return False
    plain = reverse_order, swapped, another_order, wrong_sign
    if any(rule(asked, given, *more) for rule in plain for more in _forms(rule)):
        return False
    off = np.abs(np.subtract(given, asked.answer))
    whole = (np.round(asked.answer) == asked.answer).all()
    return not whole or asked.kind not in ("number", "shape") or off.max() != 1 or (off % 1).any()


def _forms(rule):
    words = {"reverse_order": [("numbers",), ("rows",)],
             "wrong_sign": [("numbers",), ("amount",)]}  # fmt: skip
    return words.get(rule.__name__, [()])


@claim(r"Not row (\d+), column (\d+): the window of output \[(\d+), (\d+)\] reads it\.")
def read_by_a_window(asked, given, *at):
    row, column, i, j = map(int, at)
    k, _, s, d = wholes(asked, "a kernel of # × #, stride #, dilation #")
    axes = zip((i, j), (row, column), strict=True)
    return given[row][column] == 1 and all(
        (place - s * o) in range(0, d * (k - 1) + 1, d) for o, place in axes
    )


@claim(r"Not row (\d+), column (\d+): in each window that reads it another cell is larger\.")
def beaten(asked, given, *at):
    row, column = map(int, at)
    x = plane(asked.params.x)
    windows = [x[i : i + 2, j : j + 2] for i in (0, 1) for j in (0, 1)
               if row - i in (0, 1) and column - j in (0, 1)]  # fmt: skip
    return given[row][column] == 1 and all(one.max() > x[row, column] for one in windows)


@claim(r"None is marked yet\.")
def none_marked(asked, given):
    return asked.kind == "cells" and given is not None and not given.any()


@claim(r"All of these, and (\d+) more\.")
def more_to_mark(asked, given, count):
    missing = np.subtract(asked.answer, given)
    return given.any() and missing.min() == 0 and missing.sum() == int(count) > 0


@claim(r"Those are other cells\. Mark them once more\.")
def other_cells(asked, given):
    return given is not None and np.shape(given) != np.shape(asked.answer)


@claim(r"That was not read\. Type .+\.|Not read: .+\. Type .+\.|Choose one of them first\.")
def unread(asked, given):
    return given is None


@claim(r"(\d+) cells? (?:is|are) still empty\.")
def empty(asked, given, count):
    return given is None and asked.kind == "matrix" and int(count) in (1, 4)


def wrong(asked, given):
    same_size = given is not None and np.shape(given) == np.shape(asked.answer)
    return same_size and not all_right(given, asked.answer)


def faults(asked, given, said):
    """What is wrong with a sentence about what was typed; given : its numbers, None if unread."""
    for pattern, holds in CLAIMS:
        match = pattern.fullmatch(said)
        if match:
            try:
                return [] if holds(asked, given, *match.groups()) else [holds.__name__]
            except (ValueError, TypeError, IndexError, AttributeError):
                return [holds.__name__]  # of another size or kind: it can't be said of it
    if given is None:
        return ["nothing was read"]
    return unfounded(asked, list(SLIPS[asked_row(asked)](asked)), given, said)


ROWS = {}


def asked_row(asked):
    return ROWS[asked.words]


def answers(asked, rng):
    """Arrays that somebody might type: near the answer, parts of it, mixed up, and elsewhere."""
    answer = np.array(asked.answer, float)
    if asked.kind == "choice":
        yield from (np.array(float(at)) for at in range(len(asked.options)))
        return
    if asked.kind == "cells":
        yield np.zeros(answer.shape)
        yield np.zeros((2, 2))
        for share in (0.05, 0.3, 0.9):
            chosen = rng.random(answer.shape) < share
            yield answer * chosen
            yield np.maximum(answer, chosen * (rng.random(answer.shape) < 0.2))
        return
    yield answer
    yield -answer
    yield answer + rng.integers(-1, 2, answer.shape)
    yield answer + rng.choice([-1, 1])
    yield answer + rng.integers(-9, 10, answer.shape)
    yield answer * 100
    yield answer + rng.normal(0, 0.03, answer.shape) * (1 + np.abs(answer))
    for digits in (1, 2, 3, 4):
        unit = 10.0 ** (np.floor(np.log10(np.maximum(np.abs(answer), 1e-9))) - digits + 1)
        yield np.round(answer / unit) * unit
        yield np.trunc(answer / unit) * unit
    for decimals in (0, 1, 2):
        yield np.round(answer, decimals)
    if answer.ndim:
        yield answer[::-1]
        yield answer[:-1]
        yield rng.permutation(answer.ravel()).reshape(answer.shape)
        yield answer.T
        yield np.where(rng.random(answer.shape) < 0.5, answer, answer + 2)
        yield np.append(answer, answer[:1], 0)


def tried(count):
    """(question, numbers typed or None, verdict) of random answers to random questions."""
    for row in EXERCISES:
        rng = np.random.default_rng(zlib.crc32(row.encode()))
        for seed in (0, *rng.integers(1, 9999, count).tolist()):
            asked = question(row, seed)
            ROWS[asked.words] = row
            others = [wrong for wrong, _ in question(row, seed % 7 + 1).slips]
            foreign = np.array(question(rng.choice([*EXERCISES]), 3).answer, float)
            given = [*answers(asked, rng)]
            if asked.kind not in ("choice", "cells"):
                fit = (np.array(one, float) for one in (*others, foreign))
                given += [one for one in fit if fits(asked.kind, one)]
            for one in given:
                one = np.array([[float(f"{n:.12g}") for n in line] for line in one]
                               if one.ndim == 2 else [float(f"{n:.12g}") for n in one]
                               if one.ndim else float(f"{one:.12g}"))  # fmt: skip
                if (one.size and asked.kind != "choice") or one.ndim == 0:
                    yield asked, one, check(asked, typed(asked, one))
            for junk in JUNK:
                yield asked, None, check(asked, junk)


def fits(kind, one):
    return one.ndim == {"number": 0, "shape": 1, "row": 1, "matrix": 2}[kind]


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.matrix)])
def test_what_is_said_is_true_of_what_was_typed(count):
    number = 0
    for asked, given, verdict in tried(count):
        number += 1
        wrong_words = faults(asked, given, verdict.words)
        assert not wrong_words, (verdict.words, given, asked.answer, asked.words)
        if given is not None and all_right(given, asked.answer):
            assert verdict.right, (given, asked.answer, asked.words)
        else:
            assert not verdict.right
    assert number > 500


def test_every_claim_is_made_and_each_catches_what_is_planted():
    """The sentence about another answer, about the right one, or with another number."""
    said = defaultdict(list)
    for asked, given, verdict in tried(FEW):
        form = next((holds.__name__ for pattern, holds in CLAIMS
                     if pattern.fullmatch(verdict.words)), "a slip")  # fmt: skip
        said[form].append((asked, given, verdict.words))
    assert set(said) == {holds.__name__ for _, holds in CLAIMS} | {"a slip"}
    for form, examples in said.items():
        for asked, given, words in examples[:200]:
            answer = np.array(asked.answer, float)
            other = answer + 5 if form == "it_is_right" else answer
            if asked.kind not in ("cells", "choice"):
                assert faults(asked, other, words), (words, asked.words)
            for match in re.finditer(r"\d+", words) if form not in ONCE else ():
                false = words[: match.start()] + str(int(match[0]) + 1) + words[match.end() :]
                assert faults(asked, given, false), (words, false)


def test_a_cell_that_may_be_marked_is_not_named():
    for row in ("A1, unread", "D5, where"):
        for seed in range(20):
            asked = question(row, seed)
            ROWS[asked.words] = row
            for i, j in np.argwhere(np.array(asked.answer) == 0):
                marked = np.array(asked.answer, float)
                marked[i, j] = 1
                words = check(asked, typed(asked, marked)).words
                assert (
                    words.startswith(f"Not row {i}, column {j}: ")
                    or faults(asked, marked, words) == []
                )
                first = np.argwhere(asked.answer)[0]
                false = words.replace(f"row {i}, column {j}", "row {}, column {}".format(*first))
                assert false == words or faults(asked, marked, false)
