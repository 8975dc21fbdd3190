"""What the table of /shapes and a filter as text refuse: told what is taken, and it is."""

import re
from dataclasses import fields as fields_of
from dataclasses import replace

import numpy as np
import pytest

from convcore.stack import AvgPool2d, Conv2d, MaxPool2d
from convview import fields, filter_panels
from convview.params import Filters, Shapes
from convview.scenes import shapes
from convview.scenes.shapes.acts import NEW
from tests.sentences import arithmetic, language, stacks

MOST_LAYERS = 60
PAIRS = {"kernel_size", "stride", "padding", "output_padding", "dilation"}
FIELDS = [
    (name, one.name)
    for name, layer in NEW.items() for one in fields_of(layer)
    if one.name in PAIRS | {"out_channels", "out_features", "groups"}
]  # fmt: skip
LEGAL = re.compile(
    r"layer (?P<at>\d+): (?P<name>[a-z ]+) must be a whole number "
    r"from (?P<least>[01]) to (?P<most>[\d,]+)"
    r"(?P<two>, or two: rows, columns)?(?P<words>, or same or valid)?"
    r"(?P<empty>, or empty: as far as the kernel is wide)?"
)
LARGE = re.compile(r"Layer (?P<at>\d+): (?P<name>[a-z ]+) up to (?P<most>\d+) can be shown\.")
TEXTS = ("abc", "", "2.5", "-1", "3 2", "3,", "3, 2, 1", "same", "valid", "full", "1e3",
         "−1", "２", "True", "3, abc", "same, 1", "0x10", "(3)", "1_0", "3; 2", "½")  # fmt: skip


def typed(layers, place, name, text):
    act = {"act": "edit", "place": place, "name": name, "text": text}
    return getattr(shapes.acted(Shapes(layers=layers), act).layers[place], name)


def is_taken(layer, name, text):
    try:
        typed((layer,), 0, name, text)
    except ValueError:
        return False
    return True


def wanted(layer, name, text):
    """What a text means as this argument, None where it means nothing, or too much to be shown."""
    text = text.strip()
    if text.strip("'") in ("same", "valid"):
        word = name == "padding" and isinstance(layer, Conv2d)
        return text.strip("'") if word else None
    if not text:
        return "" if name == "stride" and isinstance(layer, (MaxPool2d, AvgPool2d)) else None
    parts = [part.strip() for part in re.split("[,x×]", text.strip("()"))]
    if not all(re.fullmatch("[0-9]+", part) for part in parts):
        return None
    numbers = tuple(int(part) for part in parts)
    most = 64 if name in PAIRS else 100_000
    if len(numbers) > (2 if name in PAIRS else 1) or max(numbers) > most:
        return None
    return numbers if len(numbers) > 1 else numbers[0]


def works_with_0(layer, name):
    """Whether a layer with 0 there can work, by the rules of PyTorch."""
    shape = (12,) if name == "out_features" else (12, 40, 40)
    return stacks.worked((replace(layer, **{name: 0}),), shape)[1] != "number"


def wrong(layer, place, name, text, said):
    """What is wrong with what was said of a text that was not taken."""
    large = LARGE.fullmatch(said)
    found = large or LEGAL.fullmatch(said)
    if not found or language.faults(said) or arithmetic.wrong(said):
        return f"no such sentence: {said}"
    right = (int(found["at"]), found["name"]) == (place + 1, name.replace("_", " "))
    most = int(found["most"].replace(",", ""))
    right &= is_taken(layer, name, str(most)) and not is_taken(layer, name, str(most + 1))
    right &= large is not None or found["least"] == str(int(not works_with_0(layer, name)))
    if large:
        return "" if right and max(int(n) for n in re.findall(r"\d+", text)) > most else said
    for group, example in (("two", "1, 2"), ("words", "same"), ("words", "valid"), ("empty", "")):
        right &= bool(found[group]) == is_taken(layer, name, example)
    return "" if right else said


@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_a_field_says_what_it_takes(kind, name):
    """Forty texts for each: taken as they are meant, or told what would be."""
    layer, rng = NEW[kind], np.random.default_rng(len(kind) + len(name))
    numbers = [str(n) for n in rng.integers(0, 200, 9)] + ["64", "65", "100000", "100001", "9" * 12]
    pairs = [f"{a}{mark}{b}" for a, b, mark in zip(*rng.integers(0, 90, (2, 4)), (", ", "x", ",",
             " × "), strict=True)]  # fmt: skip
    for text in (*TEXTS, *numbers, *pairs):
        place = int(rng.integers(3))
        layers = (NEW["ReLU"],) * place + (layer,)
        means = wanted(layer, name, text)
        try:
            got = typed(layers, place, name, text)
        except ValueError as error:
            said = str(error)
            assert means is None, (text, said)
            assert not wrong(layer, place, name, text, said), text
            for number in re.finditer(r"\d+", said):
                more = str(int(number[0]) + 1)
                false = said[: number.start()] + more + said[number.end() :]
                assert wrong(layer, place, name, text, false), false
            assert wrong(layer, place + 1, name, text, said)
        else:
            assert got == (None if means == "" else means), text


def test_as_many_layers_are_shown_as_it_says():
    relu = NEW["ReLU"]
    add = {"act": "add", "place": 0}
    assert len(shapes.acted(Shapes(layers=(relu,) * (MOST_LAYERS - 1)), add).layers) == MOST_LAYERS
    with pytest.raises(ValueError, match=f"^At most {MOST_LAYERS} layers are shown\\.$"):
        shapes.acted(Shapes(layers=(relu,) * MOST_LAYERS), add)


@pytest.mark.parametrize("seed", range(60))
def test_a_filter_as_text_is_read_or_told_how(seed):
    """Ten texts each; what the sentence asks for is just what is read."""
    rng = np.random.default_rng(seed)
    for _ in range(10):
        rows, cols = (int(n) for n in rng.integers(1, 10, 2))
        lines = [[str(n) for n in rng.integers(-3, 4, cols)] for _ in range(rows)]
        spoilt = int(rng.integers(5))
        if spoilt == 0:
            lines[-1] = lines[-1][:-1] or ["1", "2"] * cols
        if spoilt == 1:
            lines[0][0] = str(rng.choice(["x", "1/3", "--1", "nan", "1e7", "-2e6", "inf"]))
        text = ";".join(",".join(line) for line in lines)
        plain = [all(re.fullmatch(r"-?\d+", one) for one in line) for line in lines]
        fits = rows <= 7 and max(map(len, lines)) <= 7 and len({len(one) for one in lines}) == 1
        try:
            weight = filter_panels._read(Filters(view="design"), text).weight[0]
        except ValueError as error:
            said = str(error)
            assert said in (
                "numbers from −1,000,000 to 1,000,000 are read",
                "up to 7 rows of up to 7 numbers are read, all rows as long as the first, such as "
                "−1,0,1;−2,0,2;−1,0,1",
            )
            large = lines[0][0] in ("1e7", "-2e6", "inf")
            assert not (fits and all(plain)), text
            assert (said == "numbers from −1,000,000 to 1,000,000 are read") == (
                large and fits and all(plain[1:])
            )
            assert not language.faults(said)
        else:
            assert fits, text
            assert all(plain), text
            assert [list(map(float, line)) for line in lines] == [list(row) for row in weight]


def test_the_filter_that_is_the_example_is_read():
    with pytest.raises(ValueError, match="such as ") as found:
        filter_panels._read(Filters(view="design"), "1,2;3")
    example = str(found.value).partition("such as ")[2]
    weight = filter_panels._read(Filters(view="design"), example).weight[0]
    np.testing.assert_array_equal(weight, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@pytest.mark.parametrize("seed", range(60))
def test_a_number_that_is_missing_is_told_with_its_neighbour(seed):
    """"a number is missing after 3", "a number is missing before 3": nothing closes up behind it.

    One of the numbers left out, ten filters each.
    """
    rng = np.random.default_rng(seed)
    for _ in range(10):
        rows, cols = (int(n) for n in rng.integers(1, 8, 2))
        cols = max(cols, 3 - rows)
        cells = [str(n) for n in rng.permutation(99)[: rows * cols] - 50]
        gone = int(rng.integers(len(cells)))
        left = cells.copy()
        left[gone] = str(rng.choice(["", " "]))
        rest = [left[at : at + cols] for at in range(0, len(cells), cols)]
        text = ";".join(",".join(row) for row in rest)
        ends_row = cols == 1 and gone == len(cells) - 1  # 1;2; is two rows
        if ends_row:
            weight = filter_panels._read(Filters(view="design"), text).weight[0]
            assert [[n] for n in map(float, cells[:-1])] == [list(row) for row in weight]
            continue
        with pytest.raises(ValueError, match=r"^a number is missing (after|before) −?\d+$") as said:
            filter_panels._read(Filters(view="design"), text)
        word, near = str(said.value).replace("−", "-").split()[-2:]
        assert near == (cells[gone - 1] if gone else cells[1])
        assert (word == "after") == (gone > 0)
        assert not language.faults(str(said.value))
        assert fields.Numbers(1, 9, 9).read(text) is None  # nor in a link


def test_a_row_may_end_in_a_semicolon():
    for text in ("1 2; 3 4;", "[[1, 2]; [3, 4]]", "[1,2][3,4]", " 1 , 2 ;3 , 4 ; "):
        weight = filter_panels._read(Filters(view="design"), text).weight
        assert weight == (((1.0, 2.0), (3.0, 4.0)),), text
