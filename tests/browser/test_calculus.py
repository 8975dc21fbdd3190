"""The calculus page in a browser: sliders, links, the Jacobian's stage, a training that stops."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import special

from tests.browser.screens import LAPTOP, PHONE
from tests.browser.sliders import slider
from tests.browser.stage import Stage

NUMBERS = "[data-testid=photos][data-rev]"


@pytest.fixture
def calculus(goto: Callable[..., Page]) -> Callable[[str], Page]:
    def opened(query: str = "") -> Page:
        page = goto(f"/calculus?{query}")
        page.wait_for_selector(NUMBERS)
        return page

    return opened


def cells(page: Page, start: str) -> list[str]:
    """The table's row that begins with these words."""
    row = page.locator(f"{NUMBERS} tbody tr", has_text=re.compile(f"^{re.escape(start)}")).first
    return row.locator("td").all_inner_texts()


def test_a_slider_moves_the_numbers_and_the_address(calculus: Callable[[str], Page]) -> None:
    page = calculus("at=0.5")
    assert cells(page, "from the left") == ["0.5", "1"]
    slider(page, "Step ε").press("ArrowRight")
    expect(page.locator(f"{NUMBERS} tbody td").first).to_have_text("1")
    page.wait_for_url(re.compile("halvings=1"))
    page.reload()
    page.wait_for_selector(NUMBERS)
    assert cells(page, "from the left") == ["1", "1"]
    assert page.get_by_test_id("stAlert").count() == 0


def number(text: str) -> float:
    """Of a cell, rounded or not."""
    return float(text.removeprefix("≈ "))


def test_a_large_shift_is_no_number_without_the_stable_form(
    calculus: Callable[[str], Page],
) -> None:
    page = calculus("view=shift&shift=1000")
    assert set(cells(page, "exp(x + c) / sum, naive")) == {"no number"}
    expected = special.softmax([2, 1, 0, -1])
    shown = [number(text) for text in cells(page, "softmax(x + c), stable")[:4]]
    np.testing.assert_allclose(shown, expected, rtol=5e-3)


def test_the_jacobian_is_stepped_and_its_change_edited(calculus: Callable[[str], Page]) -> None:
    page = calculus("view=jacobian&x=1_0_-1")
    stage = Stage(page)
    stage.wait_until_drawn()
    p = special.softmax([1, 0, -1])
    jacobian = np.diag(p) - np.outer(p, p)
    np.testing.assert_allclose(stage.read().array("input")[0], jacobian, atol=1e-15)
    rev = stage.rev
    stage.cell("kernel", 0, 2).click()
    stage.editor.fill("2")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    seen = stage.read()
    np.testing.assert_allclose(seen.array("output")[0][:, 0], jacobian @ [0.1, 0, 2], atol=1e-12)
    stage.cell("input", 1, 2).hover()
    assert seen.text.startswith("dp[")


def test_a_training_reports_stops_and_goes_on(calculus: Callable[[str], Page]) -> None:
    page = calculus("view=linear")
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_contain_text("Step 0 of")
    page.get_by_role("button", name="Train both").click()
    expect(progress).not_to_contain_text("Step 0 of", timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    again = page.get_by_role("button", name=re.compile("Go on|From the beginning")).first
    expect(again).to_be_visible(timeout=20_000)
    least = cells(page, "network")[-1]
    best = cells(page, "logistic regression, its best")[-1]
    assert number(least) >= number(best)
    page.get_by_role("button", name="From the beginning").click()
    expect(progress).to_contain_text("Step 0 of", timeout=20_000)


RUNS = """() => new Promise((tell) => {
  const app = document.querySelector("[data-testid=stApp]");
  let runs = 0;
  const watch = new MutationObserver(() => { runs += app.dataset.testScriptState === "running"; });
  watch.observe(app, { attributeFilter: ["data-test-script-state"] });
  setTimeout(() => tell(runs), 2500);
})"""


def test_a_training_that_was_given_up_asks_for_nothing(calculus: Callable[[str], Page]) -> None:
    page = calculus("view=linear")
    progress = page.get_by_test_id("stProgress")
    page.get_by_role("button", name="Train both").click()
    expect(progress).not_to_contain_text("Step 0 of", timeout=20_000)
    page.get_by_role("slider", name="Filters").press("ArrowRight")
    expect(progress).to_contain_text("Step 0 of", timeout=20_000)
    expect(page.get_by_role("button", name="Train both")).to_be_visible()
    page.wait_for_timeout(1500)
    assert page.evaluate(RUNS) == 0


DRAWN = """chart => {
    const middle = (node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return [(left + right) / 2, (top + bottom) / 2];
    };
    const ticks = (name, axis) => [...chart.querySelectorAll(`.${name} span`)]
        .map((node) => [middle(node)[axis], Number(node.textContent.replace("\u2212", "-"))]);
    const dot = middle([...chart.querySelectorAll("svg[role=img] .point")].at(-1)); // "band"
    return { dot, across: ticks("across", 0), up: ticks("up", 1) };
}"""


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE])
def test_the_dot_is_where_the_numbers_at_the_axes_say(calculus: Callable[[str], Page]) -> None:
    page = calculus("view=limit&k=4&band=0.5")
    chart = page.locator(".chart")
    for k in (4, 5):
        expect(page.locator(f"{NUMBERS} thead")).to_contain_text(f"sigmoid({k} · x)")
        drawn = chart.evaluate(DRAWN)
        expected = (0.5, special.expit(k * 0.5))
        for place, ticks, value in zip(
            drawn["dot"], (drawn["across"], drawn["up"]), expected, strict=True
        ):
            places, numbers = np.array(sorted(ticks)).T
            assert len(numbers) > 2
            pixel = abs(np.ptp(numbers) / np.ptp(places))
            assert np.interp(place, places, numbers) == pytest.approx(value, abs=1.5 * pixel)
        slider(page, "k").press("ArrowRight")


def test_a_chart_is_named_and_so_is_each_of_its_curves(calculus: Callable[[str], Page]) -> None:
    page = calculus("view=chain")
    expect(page.get_by_role("img", name=re.compile("^Multiplications by"))).to_be_visible()
    names = ["forward", "reverse", "forward, here", "reverse, here"]
    expect(page.locator(".chart .legend li")).to_have_text(names)
    looks = page.locator(".chart svg[role=img] path:not(.grid)").evaluate_all(
        "paths => paths.map(path => getComputedStyle(path).stroke)"
    )
    assert looks[0] != looks[1]
    assert looks[2:] == looks[:2]  # a point has the colour of its curve
    spoken = page.locator(NUMBERS).aria_snapshot()
    assert "forward, here" in spoken
    assert "100,000" not in spoken  # the numbers at the axes are for the eye
    page.get_by_text("Two classes", exact=True).click()
    expect(page.locator(".chart .legend li")).to_have_text(
        ["softmax([z, 0])[0]", "sigmoid(z)", "here"]
    )


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("view", ["slope", "shift"])
def test_a_phone_has_a_slider_beside_the_chart(calculus: Callable[[str], Page], view: str) -> None:
    page = calculus(f"view={view}")
    for place in (page.locator(".chart svg[role=img]").first, page.get_by_role("slider").first):
        expect(place).to_be_in_viewport(ratio=0.5)


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("view", ["slope", "shift", "jacobian", "chain"])
def test_a_phone_needs_no_sideways_scroll(calculus: Callable[[str], Page], view: str) -> None:
    page = calculus(f"view={view}")
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("at=99&k=0&view=limit", "at=2"),
        ("x=1_2_3_nan&view=pair", "view=pair"),
        ("l=-5&view=chain", "l=1"),
    ],
)
def test_a_broken_link_gives_the_nearest_page(
    calculus: Callable[[str], Page], query: str, kept: str
) -> None:
    page = calculus(query)
    assert "Link mended" in page.get_by_test_id("stAlert").inner_text()
    page.wait_for_url(re.compile(kept))


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE])
@pytest.mark.parametrize("x", ["5,-2.5,0", "5,-5,5,-5,0,5", "5,-5,0.1"])
def test_a_number_of_the_jacobian_stays_in_its_cell(
    calculus: Callable[[str], Page], x: str
) -> None:
    """The longest ones, where digits are shown: in the grid, or in the window that has them."""
    page = calculus(f"view=jacobian&x={x}&change=0,0,0,0,0,0")
    expect(page.locator("[data-grid=input] .tap", has_text="×0").first).to_be_attached()
    found = page.locator(".cell[data-grid=input]").evaluate_all(
        """cells => cells.map((cell) => {
          const box = cell.getBoundingClientRect();
          const digits = cell.querySelector(".digits");
          const text = document.createRange();
          text.selectNodeContents(digits);
          const { left, right } = text.getBoundingClientRect();
          return right > left ? [digits.innerText, left - box.left, box.right - right] : null;
        }).filter(Boolean)"""
    )
    assert max(len(text) for text, *_ in found) >= 8
    assert [one for one in found if min(one[1:]) < -0.5] == []
