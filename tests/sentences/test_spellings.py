"""A right answer is read and called right in every spelling; a wrong one in none."""

import zlib
from decimal import Decimal

import numpy as np
import pytest

from convview.practice import EXERCISES, check, question
from convview.practice.answers import COUNTED, IN_WORDS, Verdict
from convview.practice.spelling import LONGEST, readings

TYPED = [row for row in EXERCISES if question(row).kind in ("number", "shape", "row", "matrix")]
BETWEEN = {  # what may stand between numbers, by the decimal sign
    ".": {"shape": ("x", " x ", " × ", "*", " by ", ", ", ",", " ", "; ", " and "),
          "row": (", ", ",", " ", "  ", "; ", ";", "\t")},
    ",": {"shape": (" x ", "x", " × ", " by ", "; ", " ", ", "),
          "row": ("; ", ";", " ", "  ", ", ", "\t")},
}  # fmt: skip
BRACKETS = ("{}", "({})", "[{}]", " {} ", "{}.", "y = {}")
GROUPS = {".": (",", " ", "'", "’", "\u2009", "\u202f", "\u00a0"),
          ",": (".", " ", "'", "\u2009")}  # fmt: skip
MINUSES = ("-", "−", "- ", "–")


def written(value, rng, point, groups=True):
    """One number as somebody may type it, all its digits kept; value : a float."""
    exact = Decimal(f"{value:.12g}")
    whole, _, rest = f"{abs(exact):f}".partition(".")
    if groups and len(whole) > 3 and rng.random() < 0.7:
        whole = rng.choice(GROUPS[point]).join(reversed(  # from the right, in threes
            [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)]
        ))  # fmt: skip
    if not rest and rng.random() < 0.3:
        rest = "0"
    text = whole + (point + rest if rest else "")
    if rest and whole == "0" and rng.random() < 0.2:
        text = text[1:]
    return (rng.choice(MINUSES) if value < 0 else "") + text


def spelled(kind, values, rng):
    """An array as somebody may type it."""
    point = rng.choice([".", ","])
    if kind == "matrix":
        rows = [[written(n, rng, point).replace(" ", "\u00a0") for n in row] for row in values]
        return "; ".join(" ".join(row) for row in rows)
    if kind == "number":
        return rng.choice(BRACKETS).format(written(float(values), rng, point))
    between = rng.choice(BETWEEN[point][kind])
    spaced = not between.isspace() and between not in (",", ", ")
    one = [written(n, rng, point, groups=spaced) for n in values]
    if between == ",":  # where it has no other meaning
        between = between if all(set("- −–") >= set(t) - set("0123456789.") for t in one) else "; "
    return rng.choice(BRACKETS).format(between.join(one))


@pytest.mark.parametrize("row", TYPED)
@pytest.mark.parametrize("count", [12, pytest.param(120, marks=pytest.mark.matrix)])
def test_a_right_answer_is_right_in_every_spelling(row, count):
    rng = np.random.default_rng(zlib.crc32(row.encode()))
    for seed in (0, *rng.integers(1, 9999, count).tolist()):
        asked = question(row, seed)
        answer = np.asarray(asked.answer, float)
        other = answer + rng.choice([-3, -2, -1, 1, 2, 3, 7], answer.shape or None)
        for _ in range(10):
            text = spelled(asked.kind, answer, rng)
            assert check(asked, text).right, (text, asked.answer)
            text = spelled(asked.kind, other, rng)
            assert check(asked, text).right is False, (text, asked.answer)


@pytest.mark.parametrize("seed", range(600))
def test_a_list_is_read_as_its_numbers_in_every_spelling(seed):
    """One of the readings is the list; the first, where no comma is open to a second."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(["number", "shape", "row", "matrix"])
    size = {"number": (), "matrix": rng.integers(1, 4, 2)}.get(kind, (rng.integers(2, 7),))
    digits = rng.integers(0, 4)
    values = np.round(rng.choice([1, 30, 4000]) * rng.normal(size=size), digits) + 0.0
    text = spelled(kind, values, rng)
    found = [one.values for one in readings(kind, text)]
    assert any(np.array_equal(one, values) for one in found), text
    if "," not in text and "." not in text and "\t" not in text:
        assert np.array_equal(found[0], values), text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("1,2,3", [1, 2, 3]), ("1, 2, 3", [1, 2, 3]), ("0,125 0,25 0,625", [0.125, 0.25, 0.625]),
     ("0,125; 0,25", [0.125, 0.25]), ("4,0 x 5,0", [4, 5]), ("0,5, 1,5", [0.5, 1.5]),
     ("1 728 x 2", [1728, 2]), ("1.728,5; 2", [1728.5, 2]), ("1/8, 1/4", [0.125, 0.25]),
     ("- 1, - 1/32, 1/-32", [-1, -0.03125, -0.03125]), ("20½ 3", [20.5, 3])],
)  # fmt: skip
def test_what_the_rule_says_of_a_row(text, numbers):
    first, *_ = readings("row", text)
    assert first.values.tolist() == numbers


@pytest.mark.parametrize(
    ("row", "text", "right"),
    [("B7", "- 1/32", True), ("B7", "-(1/32)", True), ("B7", "1/-32", True), ("B7", "1/32", False),
     ("D1", "1 728", True), ("D1", "1'728", True), ("D1", "1\u2009728", True),
     ("D1", "1.728,0", True), ("D1", "1728 multiplications", True), ("D1", "1 72 8", None),
     ("D1", "1728 pictures", None), ("D1", "172800 %", None),
     ("C2", "10,800/172,800", True), ("C2", "10 800 / 172 800", True), ("C2", "6,25 %", True),
     ("A2", "2 cells", True), ("A2", "2 outputs", True), ("A2", "200%", None), ("A2", "2 pi", None),
     ("A2", "2 million", None), ("A2", "2 percent", None), ("A2", "2k", None),
     ("A1", "4×5 cells", True), ("A1", "4 rows × 5 columns", True), ("A1", "400% x 500%", None),
     ("A1", "5 columns × 4 rows", None), ("A1", "4 cells x 5 cells", True),
     ("C3", "20.5 rows", True), ("C3", "row 20.5", True), ("C3", "20.5 columns", None),
     ("C5", "2,0 7,0; 5,0 4,0", True), ("D3", "8,0 4,0; 4,0 4,0", True),
     ("B4", "12,5 % 25 % 62,5 %", True), ("B9", "2,560", True)],
)  # fmt: skip
def test_what_people_write_with_their_numbers(row, text, right):
    said = check(question(row), text)
    assert said.right is right
    no_share = "No percentage is asked for: type the number without the sign %."
    assert (said.words == no_share) == ("%" in text and right is None)


@pytest.mark.parametrize(
    ("row", "text", "words"),
    [("A2", "1e400", "That is a number too large to be checked."),
     ("D1", "9" * 400, "That is a number too large to be checked."),
     ("A2", "200%", "No percentage is asked for: type the number without the sign %."),
     ("D1", "172800 %", "No percentage is asked for: type the number without the sign %.")],
)  # fmt: skip
def test_what_is_read_and_not_checked_is_told_why(row, text, words):
    verdict = check(question(row), text)
    assert (verdict.right, verdict.words) == (None, words)


def test_what_a_question_counts_may_stand_with_its_number():
    """Asked how many outputs: 2 outputs."""
    for row in TYPED:
        asked = question(row)
        if asked.kind == "number" and "How many " in asked.words:
            after = asked.words.partition("How many ")[2].split()
            noun = next(word.strip("?") for word in after if word.strip("?").endswith("s"))
            noun = "rows" if after[0] == "rows" else noun
            assert check(asked, f"{asked.answer} {noun}").right, (row, noun)


def rounded_places(asked):
    """Where an answer is no whole number, and none so short that it is typed in full."""
    return [
        place for place, one in np.ndenumerate(np.asarray(asked.answer, float))
        if one != np.round(one) and (abs(one) < 1 or 8 * one != np.round(8 * one))
    ]  # fmt: skip


EDGES = [
    (row, seed) for row in TYPED for seed in range(12) if rounded_places(question(row, seed))
]  # fmt: skip


@pytest.mark.parametrize(("row", "seed"), EDGES)
def test_half_a_unit_of_the_third_digit_on_both_sides(row, seed):
    asked = question(row, seed)
    answer = np.asarray(asked.answer, float)
    for place in rounded_places(asked):
        exact = Decimal(f"{answer[place]:.12g}")
        half = Decimal(5).scaleb(exact.adjusted() - 3)
        for share, right in (("0.98", True), ("1.02", False)):
            for way in (-1, 1):
                typed = answer.copy()
                typed[place] = float(exact + way * Decimal(share) * half)
                text = {0: lambda t: f"{t:.12g}"}.get(
                    answer.ndim, lambda t: ", ".join(f"{n:.12g}" for n in t)
                )(typed)
                said = check(asked, text)
                assert said.right is right, (text, asked.answer)
                if not right and not answer.ndim:
                    known = {words for _, words in asked.slips}
                    assert "no rounding of it" in said.words or said.words in known


def test_the_edge_is_met_by_many_questions():
    assert {"B3", "B4", "B7", "C2"} <= {row for row, _ in EDGES}


@pytest.mark.parametrize("noun", [*COUNTED, *IN_WORDS])
def test_a_number_is_read_with_its_noun(noun):
    """10 cells, 10 classes."""
    many = f"{noun}es" if noun.endswith("s") else f"{noun}s"
    for text in (f"10 {many}", f"10 {many.upper()}", f"{many}: 10".replace(":", "")):
        (read, *_) = readings("number", text, (noun,))
        assert read.values == 10, text
    assert not readings("number", f"10 {noun}ing", (noun,))


def test_a_text_that_is_too_long_is_told_so():
    """Right or not; one that is as long as it may be is read."""
    said = check(question("A2"), "7" + " " * LONGEST)
    assert said == Verdict(None, "Up to 2,000 characters are read; that is 2,001.")
    assert check(question("A2"), "7" + " " * (LONGEST - 1)).right is not None
