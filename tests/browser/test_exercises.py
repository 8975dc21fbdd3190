"""The exercises page in a browser: type, be told why, ask for a hint, see it, try fresh numbers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from convview.practice import EXERCISES, question
from tests.browser.screens import PHONE


@pytest.fixture
def exercises(goto: Callable[..., Page]) -> Callable[[str], Page]:
    def opened(query: str = "") -> Page:
        page = goto(f"/exercises?{query}")
        page.get_by_text("solved").first.wait_for()
        return page

    return opened


def answer(page: Page, text: str) -> None:
    page.get_by_label("Your answer").fill(text)
    page.keyboard.press("Enter")


def test_a_wrong_answer_is_explained_and_a_right_one_counted(
    exercises: Callable[[str], Page],
) -> None:
    page = exercises("row=A1")
    alert = page.get_by_test_id("stAlert")
    answer(page, "four")
    expect(alert).to_contain_text("such as 4x5")
    answer(page, "4.5 x 5")
    expect(alert).to_contain_text("Not rounded down")
    expect(page.get_by_label("Your answer")).to_have_value("4.5 x 5")  # nothing is lost
    page.get_by_role("button", name="Hint 1").click()
    expect(page.get_by_text("Hint 1:")).to_be_visible()
    page.get_by_role("button", name="Hint 2").click()
    expect(page.get_by_text("Hint 2:")).to_be_visible()
    answer(page, "(4, 5)")
    expect(alert).to_contain_text("Right")
    expect(page.get_by_text("1 of 44 solved")).to_be_visible()
    expect(page.get_by_text("Commonly got wrong")).to_be_visible()
    page.get_by_role("link", name="See it on the slide page").click()
    page.wait_for_selector("[data-testid=stage][data-rev]")
    assert "view=coverage" in page.url


def test_fresh_numbers_stand_in_the_link(exercises: Callable[[str], Page]) -> None:
    page = exercises("row=B10")
    page.get_by_role("button", name="Another one").click()
    expect(page.get_by_text("Fresh numbers, seed 1.")).to_be_visible()
    page.wait_for_url(re.compile("seed=1"))
    page.reload()
    expect(page.get_by_text(question("B10", 1).words)).to_be_visible()
    page.get_by_role("button", name="The course's numbers").click()
    expect(page.get_by_text(question("B10").words)).to_be_visible()


def test_the_solution_is_shown_for_the_asking(exercises: Callable[[str], Page]) -> None:
    page = exercises("row=C2")
    page.get_by_role("button", name="Show the solution").click()
    expect(page.get_by_text("Worked solution")).to_be_visible()
    expect(page.get_by_text("0 of 44 solved")).to_be_visible()


def test_a_lecturers_list_is_a_link_and_a_sheet(exercises: Callable[[str], Page]) -> None:
    page = exercises("rows=A1__B10__C2")
    expect(page.get_by_text("0 of 3 solved")).to_be_visible()
    expect(page.get_by_text(question("A1").words)).to_be_visible()
    page.get_by_text("Sheet with solutions").click()
    for row in ("A1", "B10", "C2"):
        expect(page.get_by_text(f"{row}. {EXERCISES[row].title}")).to_be_visible()
        expect(page.get_by_text(question(row).solution[0])).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Another one")).to_be_hidden()
    expect(page.get_by_text(question("B10").words)).to_be_visible()
    page.emulate_media(media="screen")


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("query", ["row=C6", "view=sheet"])
def test_a_phone_needs_no_sideways_scroll(exercises: Callable[[str], Page], query: str) -> None:
    page = exercises(query)
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize(
    "query", ["row=XX&seed=-4", "rows=A1__ZZ", "seed=nan&topic=cats&view=?", "row=<script>"]
)
def test_a_broken_link_gives_the_nearest_page(exercises: Callable[[str], Page], query: str) -> None:
    page = exercises(query)
    assert "Link mended" in page.get_by_test_id("stAlert").inner_text()
    assert page.get_by_label("Your answer").count() == 1
