"""What is said of typed numbers in a link that do not fit, or win over others."""

import re

import numpy as np
import pytest

from convcore import ShapeError
from convview import query
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from convview.scenes import layer, typed
from convview.scenes.pooling import pooled
from tests.sentences import language, settings

MANY = 600
SAID = re.compile(
    r"(?P<name>\w+) has (?P<numbers>[\d ×]+) numbers? for (?P<cells>[\d ×]+) "
    r"(?P<unit>[a-zA-Z/ ]+): "
    r"(?P<what>what is missing is 0)?(?:, )?(?P<beyond>what is beyond is left out)?"
)
PLURAL = {"x": "cells of the input", "weight": "weights", "bias": "filters",
          "grad_y": "cells of dL/dy", "target": "cells of y"}  # fmt: skip


def links(page, count):
    """Links by hand: without a version, with typed numbers of any size."""
    for _, rng in zip(range(count), settings.generators(), strict=False):
        texts = query.write(settings.drawn(page, rng))
        texts.pop("v", None)
        for name, kind in query.kinds(page).items():
            if type(kind).__name__ != "Numbers" or rng.random() < 0.5:
                continue
            most = (kind.planes, min(kind.rows, 5), min(kind.cols, 5))
            sides = [int(rng.integers(1, n + 1)) for n in most]
            planes = rng.integers(1, 9, sides).astype(str).tolist()
            texts[name] = "___".join("__".join("_".join(row) for row in p) for p in planes)
        texts = {name: [text] for name, text in texts.items()}
        params, notices = query.read(page, texts)
        yield texts, params, typed.mends(params, texts, notices)


def grid(text):
    return np.array([[row.split("_") for row in p.split("__")] for p in text.split("___")], float)


def shown(params):
    """{name: the numbers that are shown}, each checked against the layer itself."""
    made = {"x": layer.input_of(params)}
    try:
        if isinstance(params, Pooling):
            made["grad_y"] = np.zeros(pooled(params, made["x"]).y.shape)
        else:
            found = layer.layer(params)
            made["weight"] = found.weight.reshape(-1, *found.weight.shape[2:])
            bias = np.zeros(params.out_channels) if found.bias is None else found.bias
            made["bias"] = bias.reshape(1, 1, -1)
            made["grad_y"] = made["target"] = np.zeros(found.y.shape)
    except ShapeError:
        pass
    return made


def wrong(texts, params, notices):
    """What is wrong with what is said of the grids of a link."""
    made, told, faults = shown(params), {}, []
    for one in notices:
        found = SAID.fullmatch(one)
        if found and found["name"] in told:
            faults.append(f"twice: {one}")
        if found:
            told[found["name"]] = found
    counts = {"grad_y": "upstream", "target": "squares"}
    for name in PLURAL:
        given = texts.get(name) and getattr(params, name, None)
        idle = getattr(params, "loss", None) not in (None, counts.get(name)) and name in counts
        if not given or name not in made or idle:
            faults += [f"too much: {told[one][0]}" for one in told if one == name]
            continue
        asked, out = grid(texts[name][-1]), made[name]
        lacks = any(a < b for a, b in zip(asked.shape, out.shape, strict=True))
        beyond = any(a > b for a, b in zip(asked.shape, out.shape, strict=True))
        if not (lacks or beyond):
            faults += [f"too much: {told[one][0]}" for one in told if one == name]
            continue
        if name not in told:
            faults.append(f"{name} is not told: {asked.shape} for {out.shape}")
            continue
        found = told[name]
        for said, is_so in ((found["numbers"], asked.shape), (found["cells"], out.shape)):
            sides = [int(n) for n in said.split(" × ")]
            full = list(is_so[2:] if name == "bias" else is_so)
            if len(sides) < len(full) and full[0] == 1:
                full = full[1:] if int(np.prod(full)) > 1 else [1]
            if sides != full:
                faults.append(f"{said} is not {is_so}")
        if (bool(found["what"]), bool(found["beyond"])) != (lacks, beyond):
            faults.append(f"{found[0]}: {lacks}, {beyond}")
        single = found["cells"] == "1"
        unit = PLURAL[name].replace("cells", "cell") if single else PLURAL[name]
        if found["unit"] != (unit.removesuffix("s") if single and " " not in unit else unit):
            faults.append(f"unit of {found[0]}")
        if name in ("x", "weight", "bias"):  # what is shown is what it says
            both = tuple(slice(min(a, b)) for a, b in zip(asked.shape, out.shape, strict=True))
            rest = np.array(out)
            rest[both] = 0
            same = np.array_equal(asked[both], out[both]) and not rest.any()
            faults += [f"{name} is shown otherwise"] * (not same)
    return faults


@pytest.mark.parametrize("page", [Slide, Gradients, Pooling])
def test_numbers_that_do_not_fit_are_told(page):
    said = 0
    for texts, params, notices in links(page, MANY):
        assert not wrong(texts, params, notices), texts
        for one in notices:
            assert not language.faults(one), one
            found = SAID.fullmatch(one)
            if not found:
                continue
            said += 1
            rest = [other for other in notices if other != one]
            assert wrong(texts, params, rest), one
            for number in re.finditer(r"\d+", one.partition(":")[0]):
                more = str(int(number[0]) + 1)
                false = one[: number.start()] + more + one[number.end() :]
                assert wrong(texts, params, [*rest, false]), false
    assert said > MANY / 4


@pytest.mark.parametrize("page", [Slide, Gradients, Pooling, Filters, Calculus, Shapes])
def test_of_a_link_of_our_own_nothing_is_told(page):
    """What is typed and then cut off by a slider stays in it; read again, it is no mistake."""
    cut = 0
    for _, rng in zip(range(MANY), settings.generators(), strict=False):
        params = settings.drawn(page, rng)
        texts = {name: [text] for name, text in query.write(params).items()}
        read, notices = query.read(page, texts)
        assert typed.mends(read, texts, notices) == []
        assert read == params
        by_hand = {name: text for name, text in texts.items() if name != "v"}
        cut += typed.mends(read, by_hand, []) != []
    assert cut > MANY / 8 or page in (Filters, Calculus, Shapes)


@pytest.mark.parametrize(
    ("page", "link", "said"),
    [
        (Slide, {"weight": "1_2__3_4", "kernel": "sobel_x"},
         ["kernel is not shown: weight takes its place"]),
        (Slide, {"weight": "1_2__3_4", "kernel": "abc"},
         ["kernel is not shown: weight takes its place"]),
        (Slide, {"weight": "abc", "kernel": "mean"},
         ["weight could not be read (it takes up to 9 × 7 × 7 numbers from −1,000,000 to "
          "1,000,000); the default is shown"]),
        (Pooling, {"x": "1_2__3_4", "picture": "face"},
         ["picture is not shown: x takes its place"]),
        (Gradients, {"grad_y": "1", "loss": "sum"},
         ["grad_y is not shown: it counts with loss=upstream alone"]),
        (Gradients, {"target": "1"}, ["target is not shown: it counts with loss=squares alone"]),
        (Gradients, {"cell": "0"}, ["cell is not shown: it counts with loss=cell alone"]),
        (Slide, {"x": "1_2__3_4", "size": "7"},
         ["x has 2 × 2 numbers for 7 × 7 cells of the input: what is missing is 0"]),
        (Slide, {"x": "5", "size": "2", "kernel_size": "1"},
         ["x has 1 number for 2 × 2 cells of the input: what is missing is 0"]),
        (Slide, {"weight": "1_2__3_4", "kernel_size": "3"},
         ["weight has 2 × 2 numbers for 3 × 3 weights: what is missing is 0"]),
        (Slide, {"x": "1_2__3_4", "in_channels": "3", "kernel_size": "1"},
         ["x has 1 × 2 × 2 numbers for 3 × 2 × 2 cells of the input: what is missing is 0"]),
        (Slide, {"x": "1_2_3__4_5_6", "size": "1x4", "kernel_size": "1"},
         ["x has 2 × 3 numbers for 1 × 4 cells of the input: what is missing is 0, what is beyond "
          "is left out"]),
        (Slide, {"bias": "1_2"}, ["bias has 2 numbers for 1 filter: what is beyond is left out"]),
    ],
)  # fmt: skip
def test_what_gives_way_is_told(page, link, said):
    texts = {name: [text] for name, text in link.items()}
    params, notices = query.read(page, texts)
    assert typed.mends(params, texts, notices) == said
