"""Whatever stands in a link or in a cell, the slide page shows a picture and says what it did.

The lists are those of "Bad input to survive": never a traceback, never a blank page.
"""

import json
import math
import re
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.parse import parse_qsl, quote, urlsplit
from urllib.request import Request

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_server import AppServer, local
from tests.browser.stage import STAGE, Stage
from tests.browser.visit import wait_idle
from tests.browser.visitor import Visitor
from tests.browser.written_sum import number

Goto = Callable[..., Page]
Open = Callable[[str], Stage]
Follow = Callable[[str, str], Stage]

SCRIPT = "<script>window.injected=1;alert(1)</script>"
PICTURE = "<img src=x onerror='window.injected=1;alert(1)'>"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"

# (the query as it stands in the address, what the address must become), in the order of the list.
LINKS = {
    "nan": ("stride=nan", {}),
    "inf": ("stride=inf", {"stride": "5"}),
    "-inf": ("stride=-inf", {}),
    "1e309": ("stride=1e309", {"stride": "5"}),
    "10^20": ("stride=100000000000000000000", {"stride": "5"}),
    "10^20 pixels": ("size=100000000000000000000", {"size": "64"}),
    "negative": ("padding=-3", {}),
    "zero": ("stride=0", {}),
    "2.5": ("stride=2.5", {"stride": "3"}),
    "full width": ("stride=５", {}),
    "1_0": ("stride=1_0", {}),
    "repeated": ("stride=2&stride=3", {"stride": "3"}),
    "repeated, with the version": ("v=1&stride=2&stride=3", {"stride": "3"}),
    "unknown name": ("colour=red", {}),
    "unknown choice": ("picture=cat", {}),
    "empty": ("stride=&picture=&x=", {}),
    "no value": ("stride&picture", {}),
    "script as a value": (f"picture={quote(SCRIPT)}", {}),
    "script as a name": (f"{quote(SCRIPT)}=1", {}),
    "picture with a handler": (f"kernel={quote(PICTURE)}", {}),
    "script among numbers": (f"x=1,2;3,{quote(SCRIPT)}", {}),
    "script in the place": (f"step={quote(SCRIPT)}&speed={quote(PICTURE)}", {}),
    "markdown": (f"view={quote('**b** [a](javascript:alert(1)) $x$ :red[r]')}", {}),
    "5,000 characters": (f"kernel={'a' * 5000}", {}),
    "5,000 digits": (f"stride={'9' * 5000}", {"stride": "5"}),
    "a name of 5,000 characters": (f"{'n' * 5000}=1", {}),
    "NUL": ("stride=%00", {}),
    "NUL after a number": ("stride=2%00", {}),
    "NUL in a name": ("str%00ide=2", {}),
    "U+202E": (f"picture={quote(OVERRIDE + 'tigid')}", {}),
    "emoji": (f"picture={quote('🙂')}&{quote('🔲')}=1", {}),
    "no UTF-8": ("picture=%ff%fe", {}),
    "a lone percent sign": ("stride=%&picture=%zz", {}),
    "lines": ("picture=digit%0D%0Aevil", {}),
    "sizes of three axes": ("size=3x4x5", {}),
    "three paddings": ("padding=1,2,3", {}),
    "too much padding": ("padding=7,8,9,10", {"padding": "6"}),
    "negative zero": ("padding=-0", {}),
    "ragged numbers": ("weight=1,2;3", {}),
    "numbers that are none": ("x=nan,1", {}),
    "infinite numbers": ("x=inf,1", {}),
    "numbers beyond a million": ("x=1e999,1", {}),
    "numbers of thirty digits": ("x=1e30,1", {}),
    "too many numbers": ("x=" + ";".join(["1" + ",1" * 16] * 17), {}),
    "too many planes": ("x=1|1|1|1", {}),
    "an old version": ("v=0&stride=2", {"stride": "2"}),
    "a broken version": (f"v={quote(SCRIPT)}&stride=2", {"stride": "2"}),
    "a place beyond the end": ("step=100000", {"step": "24"}),
    "a place that is none": ("step=abc&speed=nan&loop=yes", {}),
    "everything at once": (
        f"size=nan&kernel_size=-1&stride=1e309&padding={quote(SCRIPT)}&dilation=0&picture=cat"
        f"&kernel=🙂&seed=-5&view=%00&x=1,2;3&weight={'1' * 5000}&bias=,&groups=&in_channels=９"
        f"&stride=2.5&{quote(PICTURE)}=1&predict=maybe&v=999&step=-1",
        {"kernel_size": "1", "stride": "3", "seed": "0"},
    ),
}  # fmt: skip
UNHEARD = {"negative zero"}  # too little was wrong to speak of it
PLACE = {"step", "speed", "loop"}  # a link that says only these needs no version
SAYS = "wanted => JSON.stringify([...new URL(location).searchParams].sort()) === wanted"

READ_TRACE = re.compile(r"Traceback|Error:|Exception|line \d+, in |\.py\b")


def as_json(value: object) -> str:
    """As JSON.stringify writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def query_of(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def check_a_picture(stage: Stage) -> None:
    """A stage with finite numbers, a sum that is written out, and no traceback anywhere."""
    page = stage.page
    seen = stage.read()
    assert seen.rev
    assert seen.steps >= 1
    assert seen.text.startswith("y[")
    assert all(c.value is not None and math.isfinite(c.value) for c in seen.cells)
    assert READ_TRACE.search(page.locator("body").inner_text()) is None
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_role("dialog").count() == 0


@pytest.mark.parametrize("name", LINKS)
def test_a_broken_link_gives_the_nearest_page(follow: Follow, staying: Visitor, name: str) -> None:
    stage = follow("/slide", LINKS[name][0])
    check_mended(staying.page, stage, name)


@pytest.mark.parametrize("name", ["no UTF-8", "NUL in a name", "lines", "everything at once"])
def test_a_broken_link_opens_in_a_new_window(slide: Open, page: Page, name: str) -> None:
    check_mended(page, slide(LINKS[name][0]), name)


def test_a_link_of_too_many_parameters_says_that_none_was_read(goto: Goto) -> None:
    """Streamlit hands over up to 1,000 of them, and of more none."""
    for count, steps in ((1000, "9"), (1001, "25")):
        page = goto("/slide", stride=2, **{f"n{n}": 1 for n in range(count - 1)})
        page.wait_for_selector(f"[data-testid=stage][data-steps='{steps}']")
        said = page.get_by_text("Link not read: it has 1,001 parameters; up to 1,000 are read.")
        expect(said).to_have_count(count - 1000)


def check_mended(page: Page, stage: Stage, name: str) -> None:
    """The nearest picture, one line about it, and an address that needs no mending."""
    _, canonical = LINKS[name]
    check_a_picture(stage)
    assert page.evaluate("window.injected") is None
    assert page.locator("body").evaluate("body => body.querySelectorAll('script').length") <= 1
    said = page.get_by_test_id("stAlert").all_inner_texts()
    if name in UNHEARD:
        assert said == []
    else:
        assert len(said) == 1
        assert said[0].strip().count("\n") == 0
        assert not re.search(
            r"script|onerror|cat|evil|🙂|a{9}", said[0]
        )  # nothing of the link's own
    version = {"v": "1"} if canonical.keys() - PLACE else {}
    wanted = version | canonical
    page.wait_for_function(SAYS, arg=as_json(sorted(map(list, wanted.items()))))


def test_a_mended_link_has_nothing_left_to_mend(slide: Open, page: Page) -> None:
    stage = slide("stride=2.5&size=-1&size=9&picture=cat&padding=0,1,99,0&weight=1,2;3,4.50")
    assert "Link mended" in page.get_by_test_id("stAlert").inner_text()
    rev, url = stage.rev, page.url
    page.reload()
    wait_idle(page)
    stage.wait_until_drawn()
    assert page.get_by_test_id("stAlert").count() == 0
    assert (stage.rev, page.url) == (rev, url)


def test_a_link_says_each_thing_once(slide: Open, page: Page) -> None:
    slide("stride=2.5&stride=2&padding=1&padding=1&v=1&v=1&present=1&present=1")
    names = [name for name, _ in query_of(page)]
    assert sorted(names) == sorted(set(names))


HARD = {
    "all-zero kernel": "weight=0,0;0,0",
    "kernel that sums to 0": "weight=1,-1;-1,1",
    "1x1 under 1x1": "x=5&weight=3",
    "nothing but padding around": "size=1&kernel_size=3&padding=1",
    "one row": "size=1x16&kernel_size=1x3",
    "one column": "size=16x1&kernel_size=1&stride=5",
    "huge": "x=1e6,-1e6;1e6,1e6&weight=1e6,1e6;-1e6,1e-30",
    "tiny": "x=1e-300,0;0,1e-300&weight=1e-300",
    "constant": "x=7,7,7;7,7,7;7,7,7&weight=1,1;1,1",
    "all zero": "x=0,0;0,0&weight=0&bias=0",
    "everything large": (
        "size=16&kernel_size=7&padding=6&in_channels=3&out_channels=3&kernel=random"
    ),
    "mostly padding": "size=1x2&padding=6&kernel_size=7&dilation=2&stride=5",
}
VIEWED = [(name, "sliding") for name in HARD] + [
    (name, view)
    for name in ("all-zero kernel", "1x1 under 1x1", "huge", "one row", "everything large")
    for view in ("coverage", "matrix")
]


@pytest.mark.parametrize(("name", "view"), VIEWED)
def test_hard_numbers_are_shown(follow: Follow, name: str, view: str) -> None:
    stage = follow("/slide", f"{HARD[name]}&view={view}")
    check_a_picture(stage)
    assert stage.page.get_by_test_id("stAlert").count() == 0
    for cell in stage.read().cells:
        if cell.grid != "coverage":
            assert number(cell.digits) == pytest.approx(cell.value, rel=5.1e-3)
    assert not re.search(r"nan|inf|undefined|null", stage.root.inner_text(), re.IGNORECASE)


@pytest.mark.parametrize(
    "link",
    ["size=1x64&kernel_size=1x3", "size=64x1&kernel_size=1", "size=64&kernel_size=7&padding=6"],
)
def test_long_and_large_images_are_shown(slide: Open, link: str) -> None:
    check_a_picture(slide(link))


IMPOSSIBLE = {
    "kernel larger than the input": ("size=2", ["3", "2"]),
    "kernel larger than the padded input": ("size=3&kernel_size=7&padding=1", ["7", "5"]),
    "kernel wider than the input": ("size=9x2&kernel_size=2x3", ["3", "2"]),
    "dilation too large": ("size=6&dilation=3", ["7", "6"]),
    "same with a stride": ("stride=2&padding=same", ["2"]),
    "groups that do not divide": ("in_channels=3&groups=2", ["3", "2"]),
    "filters that groups do not divide": ("in_channels=3&groups=3&out_channels=2", ["3", "2"]),
    "reflection beyond the input": ("size=3&padding=4&padding_mode=reflect", ["4", "3"]),
    "wrapping beyond the input": ("size=3&padding=4&padding_mode=circular", ["4", "3"]),
    "reflection of one cell": ("size=1&padding=1&padding_mode=reflect", ["1"]),
    "matrix too large": ("size=17&view=matrix", ["16"]),
    "everything too large": ("size=1&kernel_size=7&dilation=4&stride=5", ["25", "1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_setting_is_explained_and_repaired(follow: Follow, name: str) -> None:
    link, numbers = IMPOSSIBLE[name]
    stage = follow("/slide", link)
    page = stage.page
    check_a_picture(stage)
    (text,) = page.get_by_test_id("stAlert").all_inner_texts()
    assert "impossible" in text
    assert set(numbers) <= set(re.findall(r"\d+", text)), text
    assert page.locator(f"{STAGE}.dimmed").count() == 1
    page.get_by_role("button", name=re.compile("^Use ")).first.click()
    page.wait_for_selector(f"{STAGE}:not(.dimmed)")
    wait_idle(page)
    check_a_picture(stage)
    assert page.get_by_test_id("stAlert").count() == 0


def test_an_even_kernel_with_same_is_explained(slide: Open, page: Page) -> None:
    """Not impossible, but one side has to get more than the other, and the page says which."""
    stage = slide("size=6&kernel_size=4&padding=same")
    check_a_picture(stage)
    words = stage.root.inner_text()
    assert "odd extra cell after the input" in words
    assert "1 above, 2 below, 1 left, 2 right" in words


def test_a_query_of_600_kib_is_answered(server: AppServer) -> None:
    """A link longer than any browser sends: refused or shown, and the server goes on."""
    link = f"{server.url}/slide?kernel={'a' * 600 * 1024}"
    try:
        with local.open(Request(link), timeout=20) as answer:
            status = answer.status
    except HTTPError as refused:
        status = refused.code
    assert status in {200, 400, 413, 414, 431}
    with local.open(f"{server.url}/_stcore/health", timeout=20) as answer:
        assert answer.status == 200


def test_a_query_of_60_kib_gives_the_page(slide: Open, page: Page) -> None:
    stage = slide(f"kernel={'a' * 60_000}")
    check_a_picture(stage)
    assert "kernel could not be read" in page.get_by_test_id("stAlert").inner_text()
    assert query_of(page) == []


def test_a_full_input_of_long_numbers_travels_in_the_link(slide: Open, page: Page) -> None:
    """The longest link that the page itself can write: 3 channels of 16 x 16 numbers."""
    x = np.random.default_rng(0).standard_normal((3, 16, 16))
    planes = [";".join(",".join(repr(float(v)) for v in row) for row in plane) for plane in x]
    stage = slide("x=" + "|".join(planes))
    check_a_picture(stage)
    assert page.get_by_test_id("stAlert").count() == 0
    np.testing.assert_array_equal(stage.read().array("input"), x)
    page.reload()
    wait_idle(page)
    stage.wait_until_drawn()
    np.testing.assert_array_equal(stage.read().array("input"), x)
