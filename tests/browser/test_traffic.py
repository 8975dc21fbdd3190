"""What goes over the wire: nothing while playing or hovering, little when a slider moves."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.sliders import move
from tests.browser.stage import Stage
from tests.browser.traffic import Traffic
from tests.browser.visit import wait_idle

MOST_BYTES = 12_000  # of one slider move at 16 x 16

Open = Callable[[str], Stage]


@pytest.fixture
def traffic(page: Page) -> Iterator[Traffic]:
    with Traffic(page) as recorded:
        yield recorded


def test_playing_sends_nothing(slide: Open, traffic: Traffic) -> None:
    stage = slide("size=16&kernel_size=7&padding=1&speed=5")  # 144 steps of 112 ms
    stage.button("Play").click()
    stage.wait_for_playing(True)
    traffic.clear()
    stage.wait_past_step(18)  # two seconds at full speed
    assert stage.read().playing
    assert traffic.sent == []
    stage.button("Pause").click()
    stage.button("Last step").click()
    stage.page.wait_for_url(re.compile("step=143"))
    assert traffic.sent == []  # nor does coming to rest, which writes the place into the address
    assert traffic.requests == []


@pytest.mark.parametrize("view", ["sliding", "coverage", "matrix"])
def test_hovering_sends_nothing(slide: Open, traffic: Traffic, view: str) -> None:
    stage = slide(f"size=8&padding=1&view={view}")
    traffic.clear()
    lit = []
    for row in range(8):
        for col in (0, 3, 7):
            cell = stage.cell("input", row, col)
            cell.hover()
            lit.append(cell.get_attribute("data-lit"))
    stage.page.wait_for_function("() => new Promise(requestAnimationFrame)")
    assert stage.read().link != ""
    assert (traffic.sent, traffic.requests) == ([], [])


def test_stepping_pinning_and_revealing_send_nothing(slide: Open, traffic: Traffic) -> None:
    stage = slide("size=6&padding=1&predict=1")
    traffic.clear()
    stage.button("Reveal").click()
    stage.button("Next step").click()
    stage.cell("output", 2, 2).click()
    stage.cell("input", -1, 0).click()
    stage.page.keyboard.press("Escape")
    stage.walk(list(range(36)))
    stage.page.wait_for_url(re.compile("step=35"))
    assert (traffic.sent, traffic.requests) == ([], [])


def test_an_edit_sends_one_message(slide: Open, traffic: Traffic) -> None:
    """The record above does see what is sent; a slow server is told the same again."""
    stage = slide("size=6")
    rev = stage.rev
    traffic.clear()
    stage.cell("kernel", 0, 0).click()
    stage.editor.fill("50")
    stage.editor.press("Enter")
    stage.wait_for_change(rev)
    assert len(set(traffic.sent)) == 1
    assert traffic.received != []


def test_the_stage_is_fetched_once(slide: Open, traffic: Traffic) -> None:
    stage = slide("")
    wait_idle(stage.page)
    own = [
        urlsplit(url).path.rsplit("/", 1)[-1]
        for url in traffic.requests
        if re.search(r"convscope\.stage.*\.(js|css)$", urlsplit(url).path)
    ]
    assert {"stage.js", "stage.css", "cells.js"} <= set(own)
    assert sorted(own) == sorted(set(own))
    traffic.clear()
    for label in ("Stride", "Padding", "Input size", "Kernel size"):
        move(stage, label)
    assert traffic.requests == []
    assert not any(b"class Stage" in payload for payload in traffic.received)


# The usual one, and those whose sums have the most different digits.
@pytest.mark.parametrize("kernel", ["sobel_x", "mean", "gaussian", "random"])
def test_a_slider_move_is_small(slide: Open, traffic: Traffic, kernel: str) -> None:
    stage = slide(f"size=16&kernel={kernel}")
    wait_idle(stage.page)
    received = {}
    # Each leaves more numbers on the stage than it found, the last one the most.
    for label in ("Stride", "Padding", "Kernel size", "Kernel size", "Dilation (1 = dense)"):
        traffic.clear()
        move(stage, label)
        received[f"{label} to {stage.page.url.partition('?')[2]}"] = traffic.bytes_received
    traffic.clear()
    move(stage, "Stride", "ArrowLeft")
    received["Stride back to 1"] = traffic.bytes_received
    assert min(received.values()) > 500  # something was received each time
    assert {move: size for move, size in received.items() if size > MOST_BYTES} == {}


def test_a_slider_at_rest_sends_nothing_of_the_page_around_it(
    slide: Open, traffic: Traffic
) -> None:
    stage = slide("")
    traffic.clear()
    for label in ("Stride", "Padding"):
        move(stage, label)
    stage.page.emulate_media(color_scheme="dark")  # the stage is drawn again, and rests once more
    stage.page.wait_for_timeout(1000)
    assert len(traffic.received) > 4
    assert not any(b"A kernel slides over the input" in payload for payload in traffic.received)
