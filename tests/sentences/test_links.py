"""What is said of a broken link: each thing that came out otherwise, and nothing else."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from convview import fields, playback, query, ranges
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from convview.practice import EXERCISES, Exercises
from tests.sentences import language, settings
from tests.sentences.taken import takes_so

PAGES = (Slide, Gradients, Pooling, Filters, Calculus, Shapes, Exercises)
FEW, MANY = 60, 600
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LONGEST = 40_000  # characters that are looked at: 3 x 16 x 16 numbers
OTHERS = ("rocket", "Stride", "<script>", "colour2", "")


# What a text asks for, read here


def number(text):
    text = text.strip(" ")
    if text.lower().lstrip("+-") == "inf":
        return -math.inf if text[0] == "-" else math.inf
    return float(text) if text.isascii() and NUMBER.fullmatch(text) else None


def numbers(text, *marks):
    """Numbers in nested rows, the outermost mark first; None where one is none."""
    if not marks:
        return number(text)
    parts = [numbers(part, *marks[1:]) for part in text.split(marks[0])]
    return None if any(part is None for part in parts) else parts


def asked(kind, text):
    """What a text asks for as numbers or words, None where it is nothing of this kind."""
    if len(text) > LONGEST:
        return None
    if isinstance(kind, (fields.Choice, fields.Flag)):
        words = getattr(kind, "words", ("0", "1", "true", "false"))
        text = text.lower() if isinstance(kind, fields.Flag) else text
        return text if text in words else None
    if isinstance(kind, fields.Words):
        parts = [] if text == "-" else text.split("__")
        return parts if text == "-" or set(parts) & set(kind.words) else None
    if isinstance(kind, fields.Padding) and text in kind.words:
        return text
    if isinstance(kind, fields.Layers):
        return None if "9d" in text or is_out(kind, text) else text
    if isinstance(kind, (fields.Numbers, fields.Reals)):  # as by hand
        if isinstance(kind, fields.Numbers) and re.search("[,;|_][,;|]|[,;|]_", text):
            return None  # a number is missing
        text = text.replace("|", "___").replace(";", "__").replace(",", "_")
    return _in_numbers(kind, text)


def _in_numbers(kind, text):
    if isinstance(kind, fields.Points):
        cells = [] if text == "-" else numbers(text, "__", "_")
        whole = cells is not None and all(
            len(cell) == 2 and math.isfinite(sum(cell)) and not sum(n % 1 for n in cell)
            for cell in cells
        )
        return cells if whole else None  # fmt: skip
    if isinstance(kind, fields.Numbers):
        planes = numbers(text, "___", "__", "_")
        if planes is None or len({(len(p), len(row)) for p in planes for row in p}) != 1:
            return None
        largest = max(abs(n) for plane in planes for row in plane for n in row)
        sizes = (len(planes), len(planes[0]), len(planes[0][0]))
        fits = all(n <= m for n, m in zip(sizes, (kind.planes, kind.rows, kind.cols), strict=True))
        return planes if fits and largest <= 1e6 else None
    counts = {fields.Whole: (1,), fields.Real: (1,), fields.Pair: (1, 2), fields.Sizes: (3,),
              fields.Padding: (1, 2, 4), fields.Reals: range(1, 99)}[type(kind)]  # fmt: skip
    mark = "x" if isinstance(kind, (fields.Pair, fields.Sizes)) else "_"
    if isinstance(kind, fields.Padding):
        mark = "," if "," in text else "x"
    found = numbers(text, mark)
    right = found is not None and len(found) in counts
    if isinstance(kind, fields.Padding) and right and len(found) != (4 if mark == "," else 2):
        right = mark == "x"
    return found if right else None


def is_nearest(kind, value, wanted):
    """Whether a value is that of its kind which lies nearest to what was asked."""
    if isinstance(kind, fields.Points):
        inside = [tuple(map(int, one)) for one in wanted if max(one) <= kind.high and min(one) >= 0]
        return value == tuple(dict.fromkeys(inside))[: kind.most]
    if isinstance(kind, fields.Words):
        return value == tuple(dict.fromkeys(one for one in wanted if one in kind.words))
    low, high = (kind.low, kind.high) if hasattr(kind, "low") else (0, getattr(kind, "high", 0))
    if isinstance(kind, fields.Sizes):
        low, high = 1, np.array(kind.highs)
    step = getattr(kind, "step", 1)
    flat = np.ravel(value)
    if isinstance(kind, fields.Reals):  # too many are cut, too few continued with zeros
        wanted = [*wanted, *[0.0] * (kind.fewest - len(wanted))][: kind.most]
    if isinstance(kind, fields.Padding) and len(wanted) < 4:
        wanted = np.repeat(np.resize(wanted, 2), 2)
    wanted = np.resize(np.array(wanted, float), flat.shape) if len(wanted) == 1 else wanted
    off = np.abs(flat - np.clip(np.array(wanted, float), low, high))
    return bool((off <= step / 2 + 1e-9).all() and ((low <= flat) & (flat <= high)).all())


def is_exact(kind, value, wanted):
    """Whether a value is what was asked."""
    if isinstance(kind, fields.Choice) or isinstance(value, str):
        return value == wanted
    if isinstance(kind, fields.Flag):
        return value == (wanted in ("1", "true"))
    if isinstance(kind, fields.Layers):
        return re.sub(r"\s", "", kind.write(value)) == re.sub(r"\s", "", wanted)
    if isinstance(kind, fields.Words):
        return list(value) == wanted
    if isinstance(kind, fields.Points):
        return [list(one) for one in value] == wanted
    flat, wanted = np.ravel(value), np.ravel(np.array(wanted, float))
    if isinstance(kind, fields.Padding) and len(wanted) < 4:
        wanted = np.repeat(np.resize(wanted, 2), 2)
    if isinstance(kind, fields.Pair):
        wanted = np.resize(wanted, 2)
    return flat.shape == wanted.shape and bool((flat == wanted).all())


def shown_as(kind, text, value):
    """Whether a notice writes a value, with the signs of the page."""
    read = asked(kind, text.replace(" × ", "x").replace("−", "-"))
    return read is not None and is_exact(kind, value, read)


# What is wrong with the notices


def wrong(known, texts, shown, usual, notices):
    """What is wrong with notices: too few, too many, or not so."""
    faults, left = [], list(notices)

    def take(pattern):
        found = [one for one in left if re.fullmatch(pattern, one)]
        for one in found:
            left.remove(one)
        return found

    for name in (name for name in known if texts.get(name)):
        kind, value, wanted = known[name], shown[name], asked(known[name], texts[name][-1])
        again = take(rf"{name} was given \d+ times; the last one counts")
        if again != [f"{name} was given {len(texts[name])} times; the last one counts"] * (
            len(texts[name]) > 1
        ):
            faults.append(f"{name} given {len(texts[name])} times: {again}")
        said = take(rf"{name} (?:could not be read.+|is out of range.+|is read as .+)")
        if wanted is None:
            right = len(said) == 1 and _unread(kind, said[0], name, value, usual[name])
            right = right and (" is out of range" in said[0]) == is_out(kind, texts[name][-1])
        elif is_exact(kind, value, wanted):
            right = not said
        else:
            right = len(said) == 1 and _read_as(kind, said[0], name, value, wanted)
        if not right:
            faults.append(f"{name}={texts[name]} came out as {value}: {said}")
    return faults + [f"too much: {one}" for one in left]


def _unread(kind, said, name, value, usual):
    first, _, text = said.rpartition("; ")
    failed = r"(?:could not be read|is out of range)"
    why = re.fullmatch(rf"{name} {failed}(?: \(it takes (.+)\))?", first)
    if not why or not takes_so(kind, why[1]):
        return False
    text = text.removesuffix(" is shown")
    return value == usual if text == "the default" else value != usual and shown_as(
        kind, text, value)  # fmt: skip


def _read_as(kind, said, name, value, wanted):
    text, _, takes = said.removeprefix(f"{name} is read as ").partition(": it takes ")
    near = isinstance(kind, fields.Choice) or is_nearest(kind, value, wanted)
    return said != text and near and shown_as(kind, text, value) and takes_so(kind, takes)


def is_out(kind, text):
    """Whether a text is numbers in rows, or layers, and too many or too large."""
    if len(text) > LONGEST:
        return False
    if isinstance(kind, fields.Layers):
        return bool(re.search(r"\d{6}|6[5-9]", text))  # of those that are tried
    if not isinstance(kind, fields.Numbers) or re.search("[,;|_][,;|]|[,;|]_", text):
        return False
    planes = numbers(re.sub("[|;,]", lambda m: {"|": "___", ";": "__", ",": "_"}[m[0]], text),
                     "___", "__", "_")  # fmt: skip
    return planes is not None and len({(len(p), len(row)) for p in planes for row in p}) == 1


def wrong_of_page(page, texts, params, notices):
    """`wrong`, with what is said of the whole link."""
    known = query.kinds(page)
    usual = {"v", "present", "embed", "embed_options", "step"}
    whole = unknown_said([name for name in texts if name not in set(known) | usual])
    if texts.get("v", ["1"])[-1] != "1":
        whole.append("it was made for another version of Convscope, so the picture may differ")
    rest = [one for one in notices if one not in whole]
    faults = [f"not said: {one}" for one in whole if notices.count(one) != 1]
    if page is Exercises and params.row not in _offered(params):
        faults.append(f"{params.row} is none of those that are offered")
    return faults + wrong(known, texts, vars(params), vars(page()), rest)


def unknown_said(names):
    """What is said of names that nothing here has: up to three plain ones stand in it."""
    plain = [name for name in names if name in ("rocket", "Stride", "colour2")]
    if not names or not plain:
        count = len(names)
        return [f"{count} unknown parameter{'s' if count > 1 else ''} left out"] * (count > 0)
    parts, more = [f"`{name}`" for name in plain], len(names) - len(plain)
    parts += [f"{more} other{'s' if more > 1 else ''}"] * (more > 0)
    listed = " and ".join([", ".join(parts[:-1])] * (len(parts) > 1) + parts[-1:])
    return [f"{listed} {'is' if len(names) == 1 else 'are'} unknown and left out"]


def _offered(params):
    return params.rows or [row for row, one in EXERCISES.items()
                           if params.topic in ("", one.topic)]  # fmt: skip


# Broken links

BREAKS = (
    lambda text, rng: "abc",
    lambda text, rng: "",
    lambda text, rng: f"{text}.5",
    lambda text, rng: f"-{text}",
    lambda text, rng: f"{text}000",
    lambda text, rng: f"{rng.integers(0, 90)}.{rng.integers(1, 9)}",
    lambda text, rng: str(rng.integers(-2000, 9999)),
    lambda text, rng: str(
        rng.choice(["inf", "-inf", "nan", "1e9", " 2 ", "２", "1_0", "2x", "-0"])
    ),
    lambda text, rng: f"{rng.integers(0, 70)}x{rng.integers(0, 70)}",
    lambda text, rng: f"{rng.integers(0, 9)},{rng.integers(0, 9)},1,{rng.integers(0, 9)}",
    lambda text, rng: f"{text}__{text}",
    lambda text, rng: f"{text}__{rng.integers(0, 99)}_{rng.integers(0, 99)}",
    lambda text, rng: f"{text}_{rng.integers(-20, 20)}.12345",
    lambda text, rng: text.upper(),
    lambda text, rng: "9" * 50_000,
    lambda text, rng: str(rng.choice([*EXERCISES, "same", "True", "-"])),
)


LAYERS = ("Conv9d(1, 2)", "", "Conv2d(None, 1000000, 3)", "Conv2d(3, 4, 65)",
          "MaxPool2d(2, stride=(1, 66))")  # fmt: skip


def broken(page, rng):
    """A query with some of its texts broken, repeated or unknown."""
    params = page() if page is Exercises else settings.drawn(page, rng)
    if page is Exercises:
        names = list(EXERCISES)
        rows = tuple(rng.choice(names, int(rng.integers(0, 4)), replace=False).tolist())
        topic = str(rng.choice(["", *{one.topic for one in EXERCISES.values()}]))
        params = replace(params, rows=rows, topic=topic, row=str(rng.choice(names)))
    known = query.kinds(page)
    texts = {name: [text] for name, text in query.write(params).items()}
    for name in rng.choice(list(known), int(rng.integers(0, 4))).tolist():
        kind = known[name]
        value = getattr(params, name)
        text = "1_2__3_4" if value is None else kind.write(value)
        if isinstance(kind, fields.Layers):
            text = str(rng.choice([text, *LAYERS]))
        else:
            text = BREAKS[int(rng.integers(len(BREAKS)))](text, rng)
        before = texts.get(name, []) if rng.random() < 0.5 else []
        texts[name] = [*before, text]
    for name in rng.choice(OTHERS, int(rng.integers(0, 3)), replace=False).tolist():
        texts[name] = ["1"]
    if rng.random() < 0.2:
        texts["v"] = [str(rng.choice(["1", "0", "7", "abc"]))]
    return texts


def links(page, count):
    for _, rng in zip(range(count), settings.generators(), strict=False):
        texts = broken(page, rng)
        yield texts, *query.read(page, texts)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.matrix)])
def test_each_thing_that_came_out_otherwise_is_said(page, count):
    said = 0
    for texts, params, notices in links(page, count):
        assert not wrong_of_page(page, texts, params, notices), texts
        assert not any(language.faults(one) for one in notices)
        said += len(notices)
    assert said > count


@pytest.mark.parametrize("page", PAGES)
def test_a_false_notice_is_caught(page):
    """A number changed, one left out, one said twice, those of another link."""
    before = ([], None)
    for texts, params, notices in links(page, FEW):
        for at, one in enumerate(notices):
            rest = [*notices[:at], *notices[at + 1 :]]
            assert wrong_of_page(page, texts, params, rest), one
            assert wrong_of_page(page, texts, params, [*notices, one]), one
            for number in re.finditer(r"(?<![A-Z])\d+(?!\d*[_,])", one):
                if "__" in one or number.start() < one.find(" "):
                    continue  # a name, or a list, of which a part may be left out alike
                changed = str(int(number[0]) + 1)
                false = one[: number.start()] + changed + one[number.end() :]
                assert wrong_of_page(page, texts, params, [*rest, false]), false
        other, _ = before
        if sorted(other) != sorted(notices):
            assert wrong_of_page(page, texts, params, other)
        before = (notices, texts)


@pytest.mark.parametrize("seed", range(MANY))
def test_where_the_stage_starts_is_told_too(seed):
    rng = np.random.default_rng(seed)
    known = playback.PLAYBACK | {"present": fields.Flag()}
    texts = {}
    for name in known:
        for _ in range(int(rng.integers(0, 3))):
            text = BREAKS[int(rng.integers(len(BREAKS)))](str(rng.integers(0, 8)), rng)
            texts.setdefault(name, []).append(text)
    asked_for = {n: t for n, t in texts.items() if n != "present"}
    played, steps = playback.played(asked_for), int(rng.integers(0, 9))
    notices = playback.mends(asked_for, steps)
    present, more = playback.presents(texts)
    usual = playback.USUAL | {"present": False}
    shown = usual | {"present": present}
    shown |= {name: asked(known[name], text) for name, text in played.items()}
    shown = {name: value[0] if isinstance(value, list) else value == "1" if value in ("0", "1")
             else value for name, value in shown.items()}  # fmt: skip
    if not steps:
        first = " and ".join([", ".join(list(asked_for)[:-1])] * (len(asked_for) > 1)
                             + list(asked_for)[-1:])  # fmt: skip
        verb = "are" if len(asked_for) > 1 else "is"
        assert notices == [f"{first} {verb} left out: there are no steps here"] * bool(asked_for)
        texts, notices = {"present": texts.get("present", [])}, []
    else:
        told = [one for one in notices if one.startswith("step ")]
        assert told == step_said(texts.pop("step", []), steps)
        notices = [one for one in notices if one not in told]
    assert not wrong(known, texts, shown, usual, [*notices, *more]), texts


def step_said(texts, steps):
    """What is said of a step: the link counts from 0, who looks at the player from 1."""
    if not texts:
        return []
    said = [f"step was given {len(texts)} times; the last one counts"] * (len(texts) > 1)
    wanted = number(texts[-1]) if len(texts[-1]) <= LONGEST else None
    if wanted is None:
        return [*said, f"step could not be read: step 1 of {steps} is shown"]
    for place in range(steps):  # the one that is meant, or nearest
        if wanted == place:
            return said
        if place - 0.5 <= wanted < place + 0.5:
            return [*said, f"step is no whole number: step {place + 1} of {steps} is shown"]
    if wanted < 0:
        return [*said, f"step is before the first: step 1 of {steps} is shown"]
    return [*said, f"step is beyond the last: step {steps} of {steps} is shown"]


@pytest.mark.parametrize(("page", "name", "words"), [
    (Slide, "stride", "whole numbers from 1 to 5"),
    (Slide, "x", "up to 3 × 16 × 16 numbers from −1,000,000 to 1,000,000"),
    (Filters, "sigma", "numbers from 0.1 to 20 in steps of 0.1"),
    (Filters, "points", "up to 60 different cells, rows and columns from 0 to 49"),
    (Shapes, "layers", "layers of PyTorch, with numbers up to 100,000, and up to 64 in "
     "kernel_size, stride, padding, output_padding and dilation"),
])  # fmt: skip
def test_what_a_parameter_takes(page, name, words):
    kind = query.kinds(page)[name]
    assert ranges.takes(kind) == words
    assert takes_so(kind, words)
