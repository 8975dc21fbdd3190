"""Where a chart puts its numbers, read back from what the browser is told."""

import itertools
import re

import numpy as np
import pytest

from convview.labels import number
from convview.scenes.chart import BOX, Axis, Chart

X = np.linspace(-3, 5, 41)


def places(path):
    """The points of each stroke of an SVG path of M and L, [(n, 2), ...]."""
    strokes = [part.split("h")[0].split("L") for part in path.split("M")[1:]]
    return [np.array([point.split() for point in stroke], float) for stroke in strokes]


def scale(ticks, logarithmic=False):
    """What a place on this axis means, from the places of two of its numbers."""
    (first, low), *_, (last, high) = [(at, number(text.replace(",", ""))) for at, text in ticks]
    if logarithmic:
        low, high = np.log10([low, high])
    rate = (high - low) / (last - first)

    def value(place):
        found = low + (np.asarray(place) - first) * rate
        return 10**found if logarithmic else found

    return value, abs(rate)


@pytest.mark.parametrize("ends", [None, (-2.0, 20.0)])
@pytest.mark.parametrize("factor", [1e-3, 1.0, 7e4])
def test_curves_lie_where_the_ticks_say(ends, factor):
    sine = factor * np.sin(X)
    ends = ends and tuple(factor * end for end in ends)
    own = np.array([-1.0, 0.5, 4.0])
    chart = Chart(
        "t",
        "x",
        X,
        {"sine": sine, "own": (own, factor * own)},
        "said",
        {"dot": (2.0, 0.0)},
        ends=ends,
    )
    head = chart.head()
    (across, unit), (up, unit_up) = scale(head["across"]), scale(head["up"])
    for name, x, y in (("sine", X, sine), ("own", own, factor * own)):
        (found,) = places(head["line"][name])
        np.testing.assert_allclose(across(found[:, 0]), x, atol=2 * unit)
        np.testing.assert_allclose(up(found[:, 1]), y, atol=2 * unit_up)
    right, down, _ = head["points"]["dot"]
    assert across(right) == pytest.approx(2.0, abs=2 * unit)
    assert up(down) == pytest.approx(0.0, abs=2 * unit_up)


def test_powers_of_ten_are_as_far_from_each_other():
    x = np.geomspace(1, 512, 28)
    head = Chart("t", "x", x, {"cubes": x**3}, "said", logarithmic=True).head()
    assert [text for _, text in head["across"]] == ["1", "10", "100"]
    assert [text for _, text in head["up"]][:4] == ["1", "10", "100", "1,000"]
    (found,) = places(head["line"]["cubes"])
    for ticks, axis, numbers in ((head["across"], 0, x), (head["up"], 1, x**3)):
        value, unit = scale(ticks, logarithmic=True)
        np.testing.assert_allclose(
            np.log10(value(found[:, axis])), np.log10(numbers), atol=2 * unit
        )


def test_a_jump_is_a_gap():
    x = np.array([-1.0, 0.0, 0.0, 0.0, 1.0])
    y = np.array([0.0, 0.0, np.nan, 1.0, 1.0])
    strokes = places(Chart("t", "x", x, {"H": y}, "said").head()["line"]["H"])
    assert [len(stroke) for stroke in strokes] == [2, 2]
    assert strokes[0][-1][0] == strokes[1][0][0]
    assert strokes[0][0][1] > strokes[1][0][1]


def test_bars_are_as_high_as_their_numbers_and_none_covers_another():
    p = {"one": np.array([0.7, 0.2, 0.1]), "other": np.array([0.25, 0.5, 0.25])}
    chart = Chart("t", "class", np.arange(3), p, "said", kind="bar", ends=(0.0, 1.0))
    head = chart.head()
    value, unit = scale(head["up"])
    assert [text for _, text in head["across"]] == ["0", "1", "2"]
    taken = []
    for name, expected in p.items():
        bars = re.findall(r"M(\d+) (\d+)V(\d+)H(\d+)V\2Z", head["bar"][name])
        left, ground, top, right = np.array(bars, float).T
        np.testing.assert_allclose(value(top), expected, atol=2 * unit)
        np.testing.assert_allclose(value(ground), 0.0, atol=2 * unit)
        taken += list(zip(left, right, strict=True))
        for (place, _), start, end in zip(head["across"], left, right, strict=True):
            assert abs((start + end) / 2 - place) < BOX / 3 / 2
    taken.sort()
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(taken))


@pytest.mark.parametrize(
    "ends", [(0.0, 1.0), (-1.5, 3.0), (0.0, 7e-5), (-123.0, 4567.0), (2.0, 2.0)]
)
def test_few_round_numbers_within_the_ends(ends):
    x, y = np.array([0.0, 1.0]), np.array(ends)
    head = Chart("t", "x", x, {"y": y}, "said", ends=ends).head()
    numbers = [number(text) for _, text in head["up"]]
    assert 1 <= len(numbers) <= 8
    assert numbers == sorted(numbers)
    assert ends[0] <= numbers[0]
    assert numbers[-1] <= ends[1]
    steps = {f"{step:.1g}" for step in np.diff(numbers)}
    assert len(steps) <= 1
    assert all(step[0] in "125" for step in (one.lstrip("0.") for one in steps))


@pytest.mark.parametrize(
    ("ends", "texts"),
    [
        ((2.5, 2.5), ["2.5"]),
        ((1.2312, 1.2338), ["1.2315", "1.2320", "1.2325", "1.2330", "1.2335"]),
        ((-1000.2, -999.6), ["\u22121000.2", "\u22121000.1", "\u22121000.0", "\u2212999.9",
                             "\u2212999.8", "\u2212999.7", "\u2212999.6"]),
    ],
)  # fmt: skip
def test_each_line_of_the_grid_has_a_number_of_its_own(ends, texts):
    assert [text for _, text in Axis(*ends).ticks()] == texts


def test_a_power_axis_that_holds_no_power_says_its_ends():
    assert [text for _, text in Axis(2.0, 9.0, logarithmic=True).ticks()] == ["2", "9"]


def test_what_is_far_out_stays_where_it_is_and_what_is_no_number_is_a_gap():
    y = np.array([0.0, 1e16, -1e16, np.inf, 1.0])
    head = Chart("t", "x", np.arange(5.0), {"y": y}, "said", ends=(0.0, 1.0)).head()
    first, last = places(head["line"]["y"])
    assert first[1][1] < 0
    assert first[2][1] > BOX
    assert len(last) == 1
    assert head["line"]["y"].endswith("h60")  # so that one point is seen


def test_bars_stand_on_zero_and_one_without_a_number_is_left_out():
    p = {"y": np.array([0.4, np.nan, -0.2])}
    head = Chart("t", "class", np.arange(3), p, "said", kind="bar").head()
    value, unit = scale(head["up"])
    bars = re.findall(r"M\d+ (\d+)V(\d+)H\d+V\d+Z", head["bar"]["y"])
    found = value(np.array(bars, float))
    np.testing.assert_allclose(found, [[0, 0.4], [0, -0.2]], atol=2 * unit)


def test_a_point_has_the_colour_of_its_line():
    x = np.array([1.0, 2.0])
    points = {"b, here": (1, 1), "a": (1, 1), "apart": (1, 1)}
    head = Chart("t", "x", x, {"a": x, "b": x}, "said", points).head()
    assert [colour for *_, colour in head["points"].values()] == [1, 0, 3]
