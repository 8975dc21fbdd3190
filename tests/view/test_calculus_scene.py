"""The calculus page: every number on it, against the sums written out and other libraries."""

import dataclasses
import re

import numpy as np
import pytest
from scipy import special

from convview import query
from convview.labels import MINUS
from convview.params import CALCULUS_VIEWS, Calculus
from convview.scenes import calculus
from convview.scenes.calculus.chains import Function

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def number(text):
    """Of ≈ 1.39·10⁻¹¹; of 4.4 ± 0.1 the first."""
    text = text.removeprefix("≈ ").partition(" ± ")[0].replace(MINUS, "-").replace(",", "")
    mantissa, _, power = text.partition("·10")
    if re.fullmatch(r"10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", text):
        mantissa, power = "1", text[2:]
    return float(f"{mantissa}e{power.translate(RAISED)}" if power else text)


def row(shown, start):
    """The numbers of the row of its table that begins with these words."""
    rows = [cells for cells in shown.table if cells[0].startswith(start)]
    (cells,) = [cells for cells in rows if cells[0] == start] or rows
    return [number(cell) for cell in cells[1:] if cell]


def some(rng):
    """Parameters of any view."""
    return Calculus(
        at=round(rng.uniform(-2, 2), 1),
        halvings=int(rng.integers(0, 21)),
        strips=int(rng.integers(1, 401)),
        k=int(rng.integers(1, 101)),
        band=round(rng.uniform(0.1, 2), 1),
        x=tuple(np.round(rng.uniform(-9, 9, rng.integers(2, 7)), 1).tolist()),
        shift=int(rng.integers(-1000, 1001)),
        change=tuple(np.round(rng.uniform(-1, 1, 6), 2).tolist()),
        **dict(zip("lmno", rng.integers(1, 40, 4).tolist(), strict=True)),
    )


@pytest.mark.parametrize("view", CALCULUS_VIEWS)
@pytest.mark.parametrize("seed", range(12))
def test_every_setting_is_shown_and_travels_in_its_link(view, seed):
    params = dataclasses.replace(some(np.random.default_rng(seed)), view=view)
    shown = calculus.shown(params)
    assert shown.table
    assert shown.notes
    assert {len(cells) for cells in shown.table} == {len(shown.table[0])}
    for chart in shown.charts:
        for name, (x, y) in chart.curves().items():
            assert len(x) == len(y)
            assert np.isfinite(x).all()
            assert np.isfinite(y).all() or name in ("H(x)", "band")  # which jump
        head = chart.head()
        assert list(head[chart.kind]) == list(chart.lines)
        assert list(head["points"]) == list(chart.points)
        assert chart.said
    link = {name: [text] for name, text in query.write(params).items()}
    assert query.read(Calculus, link) == (params, [])


def test_b1_the_two_sides_of_relu_differ_at_zero_for_every_step():
    for halvings in range(21):
        shown = calculus.shown(Calculus(halvings=halvings))
        assert shown.table == [
            ["Slope at x = 0", "Difference quotient", "Its limit as ε goes to 0"],
            ["from the left", "0", "0"],
            ["from the right", "1", "1"],
            ["from both sides", "0.5", "0.5"],
        ]


@pytest.mark.parametrize("at", [-2.0, -0.3, 0.3, 1.7])
def test_b1_elsewhere_a_small_step_gives_the_step_function(at):
    shown = calculus.shown(Calculus(at=at, halvings=4))
    for side in ("left", "right", "both"):
        assert len(set(row(shown, f"from {'the ' * (side != 'both')}{side}"))) == 1
    far = calculus.shown(Calculus(at=0.5, halvings=0))
    assert row(far, "from the left") == [0.5, 1]
    assert any("make ε no larger than 0.5" in note for note in far.notes)


def test_b2_relu_is_rebuilt_in_two_ways():
    for strips in (11, 44, 400):
        shown = calculus.shown(Calculus(view="rebuilt", strips=strips))
        assert row(shown, "x · H(x)") == [0]
        width = 11 / strips
        (apart,) = row(shown, "integral of H")
        assert apart <= width / 2
        relu, product, _ = shown.charts[0].lines.values()
        np.testing.assert_array_equal(relu, product)
    assert row(calculus.shown(Calculus(view="rebuilt", strips=22)), "integral of H") == [0.125]


def test_b3_the_sigmoid_comes_closer_with_k():
    errors = []
    for k in (1, 4, 20, 100):
        shown = calculus.shown(Calculus(view="limit", k=k))
        y = shown.charts[0].lines["sigmoid(kx)"]
        x = shown.charts[0].x
        np.testing.assert_allclose(y, special.expit(k * x), rtol=1e-12)
        assert row(shown, "0") == [0.5, 0.5, 0]
        (cells,) = [cells for cells in shown.table if cells[0] == "2"]
        apart = number(cells[-1])
        assert cells[1].replace("1 − ", "") == cells[-1] or number(cells[1]) == pytest.approx(
            1 - apart, 5e-3
        )
        np.testing.assert_allclose(apart, special.expit(-2.0 * k), rtol=5e-3)
        errors.append(np.abs(y - (x > 0))[np.abs(x) >= 0.5].max())
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-20


@pytest.mark.parametrize("shift", [-1000, -7, 0, 3, 1000])
def test_b4_a_shift_changes_nothing_but_the_naive_form(shift):
    x = (2.0, -1.0, 0.5)
    shown = calculus.shown(Calculus(view="shift", x=x, shift=shift))
    expected = special.softmax(x)
    np.testing.assert_allclose(row(shown, "softmax(x)")[:3], expected, rtol=5e-3)
    np.testing.assert_allclose(row(shown, "softmax(x + c), stable")[:3], expected, rtol=5e-3)
    (naive,) = [cells for cells in shown.table if "naive" in cells[0]]
    if abs(shift) == 1000:
        assert set(naive[1:]) == {"no number"}
        assert any("no number" in note for note in shown.notes)
    else:
        np.testing.assert_allclose([number(n) for n in naive[1:4]], expected, rtol=5e-3)


@pytest.mark.parametrize(("x", "shift"), [((9.0, 9.0, 9.0), 700), ((1.0, 2.0), -746)])
def test_naive_numbers_that_are_wrong_are_called_wrong(x, shift):
    shown = calculus.shown(Calculus(view="shift", x=x, shift=shift))
    assert any("Naive, the numbers are wrong" in note for note in shown.notes)


def test_what_is_shifted_keeps_its_digits():
    shown = calculus.shown(Calculus(view="shift", x=(0.0, 0.7, 1.6), shift=100))
    assert row(shown, "x + c") == [100, 100.7, 101.6]


def test_b5_and_b6_a_pair_and_one_number_too_many():
    x = (1.5, -0.5, 3.0)
    shown = calculus.shown(Calculus(view="pair", x=x))
    two = special.softmax(x[:2])
    np.testing.assert_allclose(row(shown, "softmax of the first two"), two, rtol=5e-3)
    np.testing.assert_allclose(row(shown, "sigmoid(z)"), two, rtol=5e-3)
    np.testing.assert_allclose(row(shown, "softmax of that"), special.softmax(x), rtol=5e-3)
    assert row(shown, "x − x[0]") == [0, -2, 1.5]
    assert any("2 parameters are enough" in note for note in shown.notes)
    first, second = shown.charts[0].lines.values()
    np.testing.assert_allclose(first, second, atol=1e-15)


def test_b7_the_jacobian_stands_on_a_stage():
    rng = np.random.default_rng(3)
    for _ in range(10):
        params = dataclasses.replace(some(rng), view="jacobian")
        p = special.softmax(params.x)
        expected = np.diag(p) - np.outer(p, p)
        scene = calculus.scene(params)
        np.testing.assert_allclose(scene.grid("input").values[0], expected, atol=1e-15)
        change = np.array(params.change[: len(p)])
        np.testing.assert_allclose(
            scene.grid("output").values.ravel(), expected @ change, atol=1e-15
        )
        assert scene.json()
        np.testing.assert_allclose(row(calculus.shown(params), "sum of the row"), 0, atol=1e-15)


def test_a_number_typed_on_the_stage_changes_dx():
    params = calculus.edited(Calculus(view="jacobian"), {"col": 2, "row": 0}, -0.5)
    assert params.change == (0.1, 0.0, -0.5, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("sizes", [(64, 32, 16, 1), (1, 20, 30, 40), (5, 5, 5, 5)])
def test_b8_b9_counted_from_both_ends(sizes):
    l, m, n, o = sizes  # noqa: E741
    params = Calculus(view="chain", **dict(zip("lmno", sizes, strict=True)))
    shown = calculus.shown(params)
    (forward,) = [cells for cells in shown.table if cells[0] == "forward"]
    (reverse,) = [cells for cells in shown.table if cells[0] == "reverse"]
    assert number(forward[2]) == l * m * n + l * n * o
    assert number(reverse[2]) == o * m * n + o * m * l
    cheaper = {True: "forward is cheaper", False: "reverse is cheaper"}
    words = (
        "Here both cost the same" if l == o else cheaper[number(forward[2]) < number(reverse[2])]
    )
    assert any(words in note for note in shown.notes)
    assert any("is a loss" in note for note in shown.notes) == (o == 1)
    assert any("called once" in note for note in shown.notes)


def test_a_layer_of_the_chain_knows_its_jacobian():
    rng = np.random.default_rng(1)
    layer, x = Function(rng.standard_normal((3, 4))), rng.standard_normal(4)
    y = layer(x)
    steps = 1e-6 * np.eye(4)
    numeric = np.stack([(layer(x + d) - layer(x - d)) / 2e-6 for d in steps], 1)
    np.testing.assert_allclose(layer.jacobian(y), numeric, atol=1e-8)
