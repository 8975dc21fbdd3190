"""What is said of a file or an answer that cannot be taken: its numbers, and what would be."""

import re

import numpy as np
import pytest

from convview import uploads
from convview.practice import EXERCISES, question
from convview.practice.answers import SPELLINGS, check
from convview.practice.spelling import readings
from tests.sentences import arithmetic, language
from tests.view.test_uploads import png_of_size

PIXELS, BYTES = 2048 * 2048, 20 * 10**6
MEANT = {  # the examples that a field gives: what they mean
    "4": 4, "0.5": 0.5, "1/2": 0.5, "4x5": (4, 5), "4 by 5": (4, 5), "(4, 5)": (4, 5),
    "1 2 3": (1, 2, 3), "1, 2, 3": (1, 2, 3), "−3": -3,
}  # fmt: skip
ASKED = {kind: next(one for row in EXERCISES if (one := question(row)).kind == kind)
         for kind in SPELLINGS}  # fmt: skip
NOTHING = ("abc", "", "?", "1/0", "--3", "one", "3..5", "nan", "x", "−", "2 pi",
           "2 k", "5 - - 1")


@pytest.mark.parametrize("seed", range(60))
def test_a_file_is_refused_with_its_own_numbers(seed):
    rng = np.random.default_rng(seed)
    wide = int(rng.integers(1, 30_000))
    high = int(rng.integers(max(1, PIXELS // wide - 3), 2 * PIXELS // wide + 3))
    with pytest.raises(uploads.PictureError) as found:
        uploads.read(png_of_size(wide, high))
    said = str(found.value)
    numbers = [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", said)]
    if wide * high > PIXELS:
        assert numbers == [wide, high, wide * high, PIXELS]
        assert re.sub(r"[\d,]*\d", "{}", said) == (
            "it has {} × {} = {} pixels; at most {} are read: make it smaller"
        )
        assert not arithmetic.wrong(said)
        assert not language.faults(said)
    else:
        assert numbers == []  # only then: its header promises more than the file holds


@pytest.mark.parametrize("more", [1, 2, 1234])
def test_a_long_file_is_refused_with_its_bytes(more):
    with pytest.raises(uploads.PictureError) as found:
        uploads.read(bytes(BYTES + more))
    assert str(found.value) == f"the file has {BYTES + more:,} bytes; at most {BYTES:,} are read"
    with pytest.raises(uploads.PictureError, match="no PNG"):
        uploads.read(bytes(BYTES))


@pytest.mark.parametrize("kind", ["number", "shape", "row", "matrix"])
def test_what_a_field_names_as_an_example_is_read(kind):
    """As what it means; each example of the sentence is one that the test knows."""
    named = SPELLINGS[kind].partition("such as ")[2]
    examples = [one for one in MEANT if re.search(rf"(?<![\w/.]){re.escape(one)}(?![\w/.])", named)]
    assert len(examples) >= 2
    for one in examples:
        first, *_ = readings(kind, one)
        np.testing.assert_array_equal(np.ravel(first.values), np.ravel(MEANT[one]))


@pytest.mark.parametrize("kind", ["number", "shape", "row", "matrix"])
def test_what_is_no_answer_is_told_what_one_is(kind):
    for text in NOTHING:
        verdict = check(ASKED[kind], text)
        assert verdict.right is None, (kind, text)
        was = "Not read: row 0, column 0" if kind == "matrix" and text else "That was not read"
        if kind != "matrix" or " " not in text:
            assert verdict.words == f"{was}. Type {SPELLINGS[kind]}."
    taken = [text for text in MEANT if readings(kind, text)]
    assert len(taken) >= 3
    for text in taken:
        assert check(ASKED[kind], text).right is not None


@pytest.mark.parametrize("seed", range(60))
def test_empty_cells_are_counted(seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(-9, 9, rng.integers(1, 5, 2)).astype(str)
    empty = rng.random(cells.shape) < 0.4
    cells[empty] = "_"
    words = check(ASKED["matrix"], ";".join(" ".join(row) for row in cells)).words
    count = int(empty.sum())
    if count:
        assert words == f"{count} {'cells are' if count > 1 else 'cell is'} still empty."
    else:
        assert "empty" not in words


@pytest.mark.parametrize("seed", range(60))
def test_the_cells_that_were_not_read_are_named(seed):
    rng = np.random.default_rng(seed)
    cells = rng.integers(-9, 9, rng.integers(1, 4, 2)).astype("U9")
    odd = rng.random(cells.shape) < 0.3
    cells[odd] = rng.choice(["abc", "2\u00a0pi", "1?2", "--3", "1/0"], odd.sum())
    words = check(ASKED["matrix"], "; ".join(" ".join(row) for row in cells)).words
    places = [f"row {r}, column {c}" for r, c in np.argwhere(odd).tolist()]
    if not places:
        assert "read" not in words
        return
    listed, _, spelling = words.removeprefix("Not read: ").partition(". Type ")
    assert spelling == f"{SPELLINGS['matrix']}."
    *named, last = listed.split("; ")
    if len(places) > 4:
        assert named == places[:3]
        assert last == f"{len(places) - 3} other cells"
    else:
        assert [*named, last] == places


@pytest.mark.parametrize("kind", ["number", "shape", "row", "matrix"])
@pytest.mark.parametrize("text", ["1e400", "9" * 400, "-1e999", "1" + "0" * 400 + "/3", "3/1e-400"])
def test_a_number_that_is_too_large_is_called_so(kind, text):
    said = check(ASKED[kind], text)
    assert said.right is None
    division = "/1e-400" in text  # by 0: no number
    large = "That is a number too large to be checked."
    assert (said.words == large) != division
