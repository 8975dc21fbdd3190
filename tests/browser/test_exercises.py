"""The exercises page in a browser: type, be told why, ask for a hint, see it, try fresh numbers."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from convview.practice import EXERCISES, question
from tests.browser.screens import LAPTOP, PHONE


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
    expect(page.get_by_text("1 of 49 solved")).to_be_visible()
    expect(page.get_by_text("Commonly got wrong: the part of a window")).to_be_visible()
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
    expect(page.get_by_text("0 of 49 solved")).to_be_visible()


def test_progress_is_cleared_by_a_reload(exercises: Callable[[str], Page]) -> None:
    page = exercises("row=A2")
    said = "Progress stays on this page: no account, nothing is kept, so a reload clears it."
    expect(page.get_by_text(said)).to_be_visible()
    answer(page, "2")
    expect(page.get_by_text("1 of 49 solved")).to_be_visible()
    page.reload()
    expect(page.get_by_text("0 of 49 solved")).to_be_visible()


def test_a_lecturers_list_is_a_link_and_a_sheet(exercises: Callable[[str], Page]) -> None:
    page = exercises("rows=A1__B10__C2")
    page.get_by_text("A list of your own, as a link").click()
    expect(page.get_by_text("The address holds the list: copy it for your class.")).to_be_visible()
    expect(page.get_by_text("0 of 3 solved")).to_be_visible()
    expect(page.get_by_text(question("A1").words)).to_be_visible()
    page.get_by_text("Sheet with solutions").click()
    for row in ("A1", "B10", "C2"):
        expect(page.get_by_text(f"{row}. {EXERCISES[row].title}")).to_be_visible()
        expect(page.get_by_text(question(row).solution[0])).to_be_visible()
    said = "Print it with your browser: the controls stay off the paper."
    expect(page.get_by_text(said)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Another one")).to_be_hidden()
    expect(page.get_by_text(question("B10").words)).to_be_visible()
    page.emulate_media(media="screen")


def fill(page: Page, rows: list) -> None:
    """Type a matrix into the cells, by the keyboard alone."""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            page.locator(f'.cell[data-row="{r}"][data-col="{c}"]').focus()
            page.keyboard.type(f"{value:g}")


def test_a_matrix_is_typed_into_cells(exercises: Callable[[str], Page]) -> None:
    page = exercises("row=C6")
    alert, check = page.get_by_test_id("stAlert"), page.get_by_role("button", name="Check")
    check.click()
    expect(alert).to_contain_text("4 cells are still empty")
    fill(page, [[1, 2], [3, 4]])
    check.click()
    expect(alert).to_contain_text("another size: 2 × 2 was typed, it is 3 × 3")
    expect(page.locator('.cell[data-row="1"][data-col="1"]')).to_have_value("4")  # nothing is lost
    page.get_by_role("button", name="Rows: one more").click()
    page.get_by_role("button", name="Columns: one more").click()
    fill(page, question("C6").answer)
    page.keyboard.press("Enter")  # in the last cell
    expect(alert).to_contain_text("Right")
    expect(page.get_by_text("1 of 49 solved")).to_be_visible()
    page.get_by_role("button", name="Another one").click()
    expect(page.locator(".cell")).to_have_count(4)
    expect(page.locator('.cell[data-row="0"][data-col="0"]')).to_have_value("")


def test_cells_are_marked_by_pointer_and_keyboard(exercises: Callable[[str], Page]) -> None:
    page = exercises("row=A1,+unread")
    alert, check = page.get_by_test_id("stAlert"), page.get_by_role("button", name="Check")
    marked = page.locator('.cell[aria-pressed="true"]')
    check.click()
    expect(alert).to_contain_text("None is marked yet")
    page.get_by_role("button", name="Column 10: mark all of it, or none").click()
    expect(marked).to_have_count(10)
    check.click()
    expect(alert).to_contain_text("Rows and columns are swapped")
    page.get_by_role("button", name="Column 10: mark all of it, or none").click()
    first = page.locator('.cell[data-row="9"][data-col="0"]')
    first.click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    check.click()
    expect(alert).to_contain_text("Not row 8, column 0: the window of output [3, 0] reads it")
    page.locator('.cell[data-row="8"][data-col="0"]').click()
    first.hover()
    for n in range(1, 11):  # and across the rest with the button down
        cell = page.locator(f'.cell[data-row="9"][data-col="{n}"]')
        cell.hover()
        if n == 1:
            page.mouse.down()
    page.mouse.up()
    expect(marked).to_have_count(11)
    check.click()
    expect(alert).to_contain_text("Right")


@pytest.mark.parametrize("way", ["sheet", "page"])
@pytest.mark.parametrize("row", ["A1", "C6", "B9,+which"])
def test_an_answer_stays_while_something_else_is_shown(
    exercises: Callable[[str], Page], row: str, way: str
) -> None:
    page = exercises(f"row={row}")
    if row == "A1":
        answer(page, "9x9")
    elif row == "C6":
        fill(page, [[1, 2], [3, 4]])
        page.get_by_role("button", name="Check").click()
    else:
        page.get_by_text("Forward", exact=True).click()
        page.get_by_role("button", name="Check").click()
    page.get_by_test_id("stAlert").wait_for()
    if way == "sheet":
        page.get_by_text("Sheet", exact=True).click()
        page.get_by_text("Print it with your browser").wait_for()
        page.get_by_text("Practise", exact=True).click()
    else:
        page.get_by_role("link", name="Calculus").click()
        page.wait_for_url(re.compile("/calculus"))
        page.go_back()
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    if row == "A1":
        expect(page.get_by_label("Your answer")).to_have_value("9x9")
    elif row == "C6":
        expect(page.locator('.cell[data-row="1"][data-col="0"]')).to_have_value("3")
    else:
        expect(page.get_by_role("radio", name="Forward")).to_be_checked()


def test_a_number_is_one_cell_and_a_smaller_size_keeps_the_rest(
    exercises: Callable[[str], Page],
) -> None:
    page = exercises("row=C6")
    fill(page, [[1, 2], [3, 4]])
    page.get_by_role("button", name="Columns: one fewer").click()
    first = page.locator('.cell[data-row="0"][data-col="0"]')
    first.fill("1,2; 7")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("a number into each cell")
    page.get_by_role("button", name="Columns: one more").click()
    expect(page.locator('.cell[data-row="1"][data-col="1"]')).to_have_value("4")


@pytest.mark.parametrize(
    "text",
    ["1 2; 3 4", "[[1, 2], [3, 4]]", "array([[1, 2],\n       [3, 4]])", "1\t2\r\n3\t4",
     "tensor([[1, 2],\n        [3, 4]])", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"],
)  # fmt: skip
def test_a_matrix_is_pasted(exercises: Callable[[str], Page], text: str) -> None:
    page = exercises("row=C6")
    page.locator('.cell[data-row="0"][data-col="0"]').evaluate(
        """(cell, text) => {
          const data = new DataTransfer();
          data.setData("text", text);
          cell.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
    cells = page.locator(".cell")
    expect(cells).to_have_count(4)
    assert [cells.nth(n).input_value() for n in range(4)] == ["1", "2", "3", "4"]


def test_the_address_names_the_exercise_that_is_shown(exercises: Callable[[str], Page]) -> None:
    page = exercises("topic=Convolution&row=C6")
    expect(page.get_by_text(question("A4").words)).to_be_visible()
    page.wait_for_url(re.compile("row=A4"))


def test_an_option_is_chosen(exercises: Callable[[str], Page]) -> None:
    page = exercises("row=B15,+which")
    alert, check = page.get_by_test_id("stAlert"), page.get_by_role("button", name="Check")
    check.click()
    expect(alert).to_contain_text("Choose one")
    asked = question("B15, which")
    page.get_by_text(asked.options[0]).click()
    check.click()
    expect(alert).to_contain_text("the kernel has to be flipped")
    page.get_by_text(asked.options[asked.answer]).click()
    check.click()
    expect(alert).to_contain_text("Right")


def test_a_list_is_in_the_lecturers_order(exercises: Callable[[str], Page]) -> None:
    page = exercises("rows=C2__A1&row=B5")
    expect(page.get_by_text(question("C2").words)).to_be_visible()
    page.wait_for_url(re.compile("rows=C2__A1"))
    assert "B5" not in page.url
    expect(page.get_by_test_id("stAlert")).to_contain_text("row is read as C2")


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("query", ["row=C6", "view=sheet", "row=A1,+unread", "row=D5", "row=A6"])
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


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE])
def test_each_title_fits_into_its_box(exercises: Callable[[str], Page]) -> None:
    """Measured in the font of the box, against the room that the one shown has."""
    names = [f"{one.row}: {one.title}" for one in EXERCISES.values()]
    page = exercises("row=A2")
    box = page.get_by_test_id("stSelectbox").filter(has=page.get_by_text("Exercise", exact=True))
    expect(box).to_be_visible()
    wide = box.evaluate(
        """(node, names) => {
          const pen = document.createElement("canvas").getContext("2d");
          const field = node.querySelector("[role=combobox], [data-baseweb=select] input");
          pen.font = getComputedStyle(field).font;
          const icon = node.querySelector("svg").getBoundingClientRect();
          const room = icon.left - field.getBoundingClientRect().left;
          return names.map((name) => [name, pen.measureText(name).width, room]);
        }""",
        names,
    )
    assert wide[0][2] > 100
    assert [one for one in wide if one[1] + 4 > one[2]] == []


def test_a_cell_is_read_as_it_was_typed(exercises: Callable[[str], Page]) -> None:
    """A decimal comma and a space within a cell reach the reader, and stay in the cell."""
    page = exercises("row=C5")
    alert, check = page.get_by_test_id("stAlert"), page.get_by_role("button", name="Check")
    cell = page.locator('.cell[data-row="0"][data-col="1"]')
    for row, texts in enumerate((("2,0", "7 7"), ("- 5", "4"))):
        for column, text in enumerate(texts):
            page.locator(f'.cell[data-row="{row}"][data-col="{column}"]').fill(text)
    check.click()
    expect(alert).to_contain_text("Not read: row 0, column 1.")
    expect(cell).to_have_value("7 7")
    cell.fill("7,0")
    page.locator('.cell[data-row="1"][data-col="0"]').fill("5,0")
    check.click()
    expect(alert).to_contain_text("Right.")
