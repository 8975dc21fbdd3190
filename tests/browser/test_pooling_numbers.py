"""Every number on the pooling page is the one that its input and the link lead to.

The test reads the input and dL/dy from their grids, which are the numbers of the link where it has
some, and computes the rest from them, with `convcore` or from the formula of the windows:
input = output * stride + tap * dilation - padding. Nothing is taken from the way that the page
takes.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import parse_qsl

import numpy as np
import pytest

from convcore import (
    avg_pool2d,
    avg_pool2d_backward,
    avg_pool2d_divisors,
    max_pool2d,
    max_pool2d_backward,
    max_pool2d_indices,
    relu,
    same_padding,
)
from tests.browser.grids import check_grid
from tests.browser.stage import READ, Place, Reading, Stage, reading
from tests.browser.written_sum import number

# Where a link draws no picture, the test types x and dL/dy into it.
MAX = (
    "picture=signed",
    "picture=random&size=8&kernel_size=2&stride=2&seed=5",
    # stride: smaller than the window, equal to it, larger
    "size=6&kernel_size=3&stride=1",
    "size=6&kernel_size=3&stride=3",
    "size=7x5&kernel_size=2&stride=3",
    "size=8x9&kernel_size=2x3&stride=1x4",
    "size=5&kernel_size=1&stride=2",
    # padding: on all sides, per axis, each side apart, the most there is
    "picture=signed&size=7&kernel_size=3&stride=2&padding=1",
    "size=8x7&kernel_size=3x2&stride=2x1&padding=1x0",
    "size=6x7&kernel_size=4x3&stride=2&padding=2,1,0,1",
    "size=9&kernel_size=8&stride=1&padding=4",
    # ceil mode: a window hangs over, none does, one is dropped
    "size=6&kernel_size=3&stride=2&ceil_mode=1",
    "size=7&kernel_size=3&stride=2&ceil_mode=1",
    "size=5x6&kernel_size=2&stride=3&padding=1&ceil_mode=1",
    "size=7x8&kernel_size=3&stride=4x3&padding=0,1,1,0&ceil_mode=1",
    "size=6&kernel_size=4&stride=5&ceil_mode=1",
    # dilation
    "size=7&kernel_size=2&stride=2&dilation=2",
    "size=8x9&kernel_size=3x2&stride=1x2&dilation=2x3&padding=1",
    "size=9&kernel_size=3&stride=3&dilation=2x1&padding=1,0,0,1&ceil_mode=1",
    "size=2x6&kernel_size=2&stride=1&dilation=3x2&padding=1",  # windows of nothing but padding
    # channels
    "size=5x6&kernel_size=2&stride=2x1&in_channels=2",
    "picture=signed&size=6&kernel_size=3&stride=2&padding=1&in_channels=3",
    # one row, one column, one cell, one window
    "size=1x9&kernel_size=1x3&stride=1x2&padding=0x1",
    "size=1x8&kernel_size=2x3&stride=2&padding=1&in_channels=2",
    "size=9x1&kernel_size=2x1&stride=2&ceil_mode=1",
    "size=1&kernel_size=1&stride=1",
    "size=6x5&kernel_size=6x5&stride=1",
    # ties
    "picture=checker&size=6",
    "picture=checker&size=8x7&kernel_size=3&stride=1&padding=1&in_channels=2",
    "picture=checker&size=7&kernel_size=3&stride=2&ceil_mode=1&dilation=2x1",
    "size=4&kernel_size=3&stride=1&x=5_5_5_-1__5_5_7_7__-2_5_5_7__0_0_0_0",
)
AVERAGE = tuple(
    f"kind=average&{link}"
    for link in (
        "picture=signed",
        "picture=ramp&size=5x7&kernel_size=3&stride=2",
        "size=6&kernel_size=3&stride=1",
        "size=8x7&kernel_size=4x2&stride=2x3",
        "size=7x6&kernel_size=2&stride=3",
        # padding, which counts or not
        "picture=signed&size=7&kernel_size=3&stride=2&padding=1",
        "picture=signed&size=7&kernel_size=3&stride=2&padding=1&count_include_pad=0",
        "size=6x7&kernel_size=4x3&stride=2&padding=2,1,0,1",
        "size=6x7&kernel_size=4x3&stride=2&padding=2,1,0,1&count_include_pad=0",
        "size=5&kernel_size=4&stride=1&padding=2&count_include_pad=0",
        # ceil mode: a window hangs over, none does, one is dropped
        "size=6&kernel_size=3&stride=2&ceil_mode=1",
        "size=7&kernel_size=3&stride=2&ceil_mode=1",
        "size=6&kernel_size=3&stride=2&padding=1&ceil_mode=1",
        "size=6&kernel_size=3&stride=2&padding=1&ceil_mode=1&count_include_pad=0",
        "size=5x6&kernel_size=2&stride=3&padding=1&ceil_mode=1",
        "size=7x8&kernel_size=3x5&stride=4x3&padding=0,1,2,0&ceil_mode=1&in_channels=2",
        "size=7x8&kernel_size=3x5&stride=4x3&padding=0,1,2,0&ceil_mode=1&count_include_pad=0",
        # channels, one row, one cell
        "size=5x6&kernel_size=2x3&stride=2&in_channels=3&padding=0x1",
        "size=1x9&kernel_size=1x4&stride=1x3&padding=0x2&ceil_mode=1&count_include_pad=0",
        "size=1&kernel_size=2&stride=1&padding=1",
        "picture=checker&size=6&kernel_size=3&stride=1&padding=1",
    )
)
COMPARED = (
    "picture=signed&size=7&kernel_size=3&stride=2&padding=1&in_channels=2",
    "size=6x7&kernel_size=2x3&stride=2&ceil_mode=1&padding=0,1,1,0",
    "kind=average&size=7x6&kernel_size=3&stride=2&padding=1&ceil_mode=1",
    "kind=average&picture=signed&size=5x8&kernel_size=2&stride=1x3&count_include_pad=0",
)
BY_HAND = "size=6x7&kernel_size=3x2&stride=1x2&padding=1&in_channels=2"


# ---- what a link means ------------------------------------------------------------------------


def pair(text: str) -> tuple[int, int]:
    first, *second = map(int, text.split("x"))
    return first, *(second or [first])


def sides(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    if "," in text:
        top, bottom, left, right = map(int, text.split(","))
        return (top, bottom), (left, right)
    rows, cols = pair(text)
    return (rows, rows), (cols, cols)


def planes(text: str) -> np.ndarray:
    """1_2__3_4___5_6__7_8 is two planes of two rows of two cells."""
    return np.array(
        [[row.split("_") for row in plane.split("__")] for plane in text.split("___")], float
    )


def typed(numbers: np.ndarray) -> str:
    return "___".join(
        "__".join("_".join(f"{n:.12g}" for n in row) for row in plane) for plane in numbers
    )


@dataclass(frozen=True)
class Pool:
    """The pooling of a link."""

    channels: int
    size: tuple[int, int]
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]
    dilation: tuple[int, int]
    kind: str
    ceil_mode: bool
    with_padding: bool

    @classmethod
    def of(cls, link: str) -> "Pool":
        said = {"in_channels": "1", "size": "6", "kernel_size": "2", "stride": "2"}
        said |= {"padding": "0", "dilation": "1", "kind": "max"} | dict(parse_qsl(link))
        return cls(
            int(said["in_channels"]),
            *(pair(said[name]) for name in ("size", "kernel_size", "stride")),
            sides(said["padding"]),
            pair(said["dilation"]),
            said["kind"],
            said.get("ceil_mode") == "1",
            said.get("count_include_pad") != "0",
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.channels, *self.size

    @property
    def before(self) -> tuple[int, int]:
        return self.padding[0][0], self.padding[1][0]

    @property
    def first(self) -> tuple[int, int]:
        """The coordinates of the first cell, padding included."""
        return -self.before[0], -self.before[1]

    @property
    def window(self) -> tuple:
        return self.kernel_size, self.stride, self.padding

    @property
    def rest(self) -> tuple:
        """What the functions of this kind take behind the padding."""
        if self.kind == "max":
            return self.dilation, self.ceil_mode
        return self.ceil_mode, self.with_padding

    def forward(self, x: np.ndarray) -> np.ndarray:
        pool = max_pool2d if self.kind == "max" else avg_pool2d
        return pool(x, *self.window, *self.rest)

    def backward(self, g: np.ndarray, x: np.ndarray) -> np.ndarray:
        back = max_pool2d_backward if self.kind == "max" else avg_pool2d_backward
        return back(g, x, *self.window, *self.rest)

    def winners(self, x: np.ndarray) -> np.ndarray | None:
        """h * W + w of the winner of each window; an average has none."""
        return max_pool2d_indices(x, *self.window, *self.rest) if self.kind == "max" else None

    @cached_property
    def divisors(self) -> np.ndarray:
        return avg_pool2d_divisors(
            self.size, *self.window, ceil_mode=self.ceil_mode, count_include_pad=self.with_padding
        )

    @cached_property
    def outputs(self) -> tuple[int, int, int]:
        return self.forward(np.zeros(self.shape)).shape

    @cached_property
    def canvas(self) -> tuple[int, int, int]:
        """The shape of the input with its padding, and with what the last windows hang over."""
        ends = [
            max(n + before + after, (out - 1) * s + (k - 1) * d + 1)
            for n, (before, after), out, s, k, d in zip(
                self.size, self.padding, self.outputs[1:], self.stride, self.kernel_size,
                self.dilation, strict=True,
            )
        ]  # fmt: skip
        return self.channels, *ends

    def cells(self, out: Place) -> list[Place]:
        """The cells of a window in row-major order, whatever they are."""
        c, i, j = out
        return [
            (c, *(at * s + tap * d - before for at, s, tap, d, before in zip(
                (i, j), self.stride, taps, self.dilation, self.before, strict=True)))
            for taps in np.ndindex(*self.kernel_size)
        ]  # fmt: skip

    def is_input(self, cell: Place) -> bool:
        return all(0 <= at < n for at, n in zip(cell[1:], self.size, strict=True))

    def hangs_over(self, cell: Place) -> bool:
        """Whether it lies behind the input and behind the padding."""
        return any(
            at >= n + after
            for at, n, (_, after) in zip(cell[1:], self.size, self.padding, strict=True)
        )

    def counted(self, out: Place) -> list[Place]:
        """The cells of a window that have a say: all, or those that the divisor counts."""
        if self.kind == "max":
            return self.cells(out)
        return [
            cell
            for cell in self.cells(out)
            if self.is_input(cell) or (self.with_padding and not self.hangs_over(cell))
        ]

    def given(self, out: Place, winners: np.ndarray | None) -> list[Place]:
        """The cells that get a part of an upstream value: the winner, or all that counted."""
        if winners is None:
            return self.counted(out)
        index = int(winners[out])
        return [] if index < 0 else [(out[0], *divmod(index, self.size[1]))]

    def maxima(self, x: np.ndarray, out: Place) -> list[Place]:
        """The cells of a window that hold its maximum."""
        if self.kind == "average":
            return []
        top = self.forward(x)[out]
        return [cell for cell in self.cells(out) if self.is_input(cell) and x[cell] == top]

    def share(self, g: np.ndarray, out: Place) -> float:
        return g[out] if self.kind == "max" else g[out] / self.divisors[out[1:]]

    def inside(self, canvas: np.ndarray) -> np.ndarray:
        (top, left), (rows, cols) = self.before, self.size
        return canvas[:, top : top + rows, left : left + cols]

    def around(self, x: np.ndarray) -> np.ndarray:
        """x with its padding."""
        canvas = np.full(self.canvas, -np.inf if self.kind == "max" else 0.0)
        self.inside(canvas)[...] = x
        return canvas

    def routed(self, g: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The gradient, also of the padding; inside it is the core's."""
        canvas, winners = np.zeros(self.canvas), self.winners(x)
        for out in np.ndindex(*g.shape):
            for c, h, w in self.given(out, winners):
                canvas[c, h + self.before[0], w + self.before[1]] += self.share(g, out)
        np.testing.assert_allclose(self.inside(canvas), self.backward(g, x), rtol=1e-9, atol=1e-9)
        self.inside(canvas)[...] = self.backward(g, x)
        return canvas


@dataclass(frozen=True)
class Lesson:
    """A link with its numbers typed in, and what they are, as far as they are typed."""

    link: str
    pool: Pool
    x: np.ndarray | None
    g: np.ndarray | None

    @classmethod
    def of(cls, link: str) -> "Lesson":
        pool, said = Pool.of(link), dict(parse_qsl(link))
        if "picture" in said:
            return cls(link, pool, None, None)
        rng = np.random.default_rng(list(link.encode()))
        scale = float(rng.choice([1, 1, 0.5, 0.125]))
        g = rng.integers(-9, 10, pool.outputs) * scale
        if "x" in said:  # continued with zeros
            x, given = np.zeros(pool.shape), planes(said["x"])
            x[tuple(map(slice, given.shape))] = given
        else:
            x = rng.integers(-9, 10, pool.shape) * scale
            link += f"&x={typed(x)}"
        return cls(f"{link}&grad_y={typed(g)}", pool, x, g)

    def input(self, seen: Reading, name: str = "input") -> np.ndarray:
        """x as the page shows it."""
        cells = seen.grid(name)
        assert {place for place in cells if self.pool.is_input(place)} == set(
            np.ndindex(*self.pool.shape)
        )
        x = np.array([cells[place].value for place in np.ndindex(*self.pool.shape)])
        x = x.reshape(self.pool.shape)
        if self.x is not None and name == "input":
            np.testing.assert_array_equal(x, self.x)
        return x

    def upstream(self, seen: Reading) -> np.ndarray:
        g = seen.array("upstream")
        assert g.shape == self.pool.outputs
        if self.g is not None:
            np.testing.assert_array_equal(g, self.g)
        return g


# ---- what the page shows ----------------------------------------------------------------------

NUMBER = r"−?(?:∞|\d+(?:\.\d+)?(?:e−?\d+)?)"
TERM = re.compile(rf"\((−{NUMBER.removeprefix('−?')})\)|({NUMBER})")
# The stage and what is written under it at each of these steps, moved to as in `Stage.walk`.
WALK = f"""(stage, steps) => {{
    const read = {READ};
    const slider = stage.querySelector("input[aria-label=Step]");
    const underlined = node => getComputedStyle(node).textDecorationLine.includes("underline");
    const written = () => [...stage.querySelectorAll("[data-testid=step-text]")].map(text => ({{
        text: text.innerText,
        terms: [...text.querySelectorAll(".term")].map(term => ({{
            text: term.innerText,
            won: term.classList.contains("won"),
            underlined: [term, ...term.querySelectorAll("*")].some(underlined),
            padding: term.classList.contains("padding"),
        }})),
    }}));
    return JSON.stringify(steps.map(step => {{
        slider.value = step;
        slider.dispatchEvent(new InputEvent("input", {{ bubbles: true }}));
        return {{ step, seen: read(stage), written: written() }};
    }}));
}}"""


@dataclass(frozen=True)
class Term:
    """A number of a written maximum or average."""

    text: str
    won: bool
    underlined: bool
    padding: bool


@dataclass(frozen=True)
class Written:
    """What is written about a step."""

    text: str
    terms: list[Term]


Moment = tuple[int, Reading, list[Written]]
Open = Callable[[Lesson, str], Stage]


@pytest.fixture
def opened(follow: Callable[[str, str], Stage]) -> Open:
    def open_lesson(lesson: Lesson, more: str) -> Stage:
        stage = follow("/pooling", f"{more}&{lesson.link}")
        assert stage.page.get_by_test_id("stAlert").all_inner_texts() == []
        return stage

    return open_lesson


def turn_to(stage: Stage, view: str) -> None:
    rev = stage.rev
    stage.page.get_by_role("radio", name=view, exact=True).click()
    stage.wait_for_change(rev)


def walk(stage: Stage, steps: list[int]) -> Iterator[Moment]:
    """The stage and what is written, at each of these steps."""
    for moment in json.loads(stage.root.evaluate(WALK, steps)):
        written = [
            Written(one["text"], [Term(**term) for term in one["terms"]])
            for one in moment["written"]
        ]
        yield moment["step"], reading(moment["seen"]), written


def near(value: float) -> object:
    """What a label of three digits may write for this value."""
    return pytest.approx(value, rel=5.1e-3, abs=1e-9)


def check_marks(seen: Reading, name: str, pool: Pool) -> None:
    """Padding is marked as padding, and what hangs over as that."""
    for place, cell in seen.grid(name).items():
        assert ("pad" in cell.marks) == (not pool.is_input(place)), place
        assert ("overhang" in cell.marks) == pool.hangs_over(place), place


def check_tapped(seen: Reading, name: str, expected: set[Place]) -> None:
    """The cells in which is printed what the step does with them."""
    assert {place for place, cell in seen.grid(name).items() if "tapped" in cell.marks} == expected


def spelled(pool: Pool, symbol: str, place: Place) -> str:
    """x[2, 3], with the channel where there are several; no row in a pooling of one row."""
    index = [place[0]] if pool.outputs[0] > 1 else []
    index += [place[1]] if pool.canvas[1] > 1 else []
    return f"{symbol}[{', '.join(str(n).replace('-', '−') for n in [*index, place[2]])}]"


def some_steps(steps: int) -> list[int]:
    return sorted({0, 1 % steps, steps // 3, steps // 2, steps - 2 if steps > 1 else 0, steps - 1})


def place_of(step: int, shape: tuple[int, ...]) -> Place:
    return tuple(int(n) for n in np.unravel_index(step, shape))


def note(stage: Stage, pattern: str) -> int:
    """The number in a note, 1 where it names one thing only; 0 where there is no such note."""
    found = re.search(pattern, stage.root.locator(".notes").inner_text())
    return int(found[1] or 1) if found else 0


# ---- forward ----------------------------------------------------------------------------------


def check_window(written: Written, pool: Pool, x: np.ndarray, out: Place, name: str) -> None:
    """The written maximum or average of one window."""
    terms = written.terms
    y, around, cells = pool.forward(x), pool.around(x), pool.counted(out)
    values = [around[c, h + pool.before[0], w + pool.before[1]] for c, h, w in cells]
    assert [number(term.text) for term in terms] == [near(value) for value in values]
    assert [term.padding for term in terms] == [not pool.is_input(cell) for cell in cells]
    *body, result = written.text.split("\n")
    listed = " ".join(line.strip() for line in body)
    said = [number(text) for text in (result[2:], *(term.text for term in terms))]
    rounded = pool.kind == "average" and said != [y[out], *values]
    assert result[:2] == ("≈ " if rounded else "= ")
    assert number(result[2:]) == near(y[out])
    here = spelled(pool, name, out)
    if pool.kind == "average":
        check_average(pool, here, listed, result, terms, values, y[out], out)
        return
    between = ", ".join(term.text for term in terms)
    exact = all(number(term.text) == value for term, value in zip(terms, values, strict=True))
    head = f"{here} {'=' if exact else '≈'} max({between})"
    assert listed.startswith(head)
    won = pool.given(out, pool.winners(x))
    assert [term.won for term in terms] == [cell in won for cell in cells]
    assert [term.underlined for term in terms] == [term.won for term in terms]
    assert number(result[2:]) == max(number(term.text) for term in terms)
    equal = values.count(y[out])
    if won:
        assert cells.index(won[0]) == values.index(y[out])  # the first of the equal ones
    else:
        assert set(values) == {-np.inf}
    tail = listed.removeprefix(head).strip()
    assert tail == (f"the first of {equal} equal ones wins" if won and equal > 1 else "")


def check_average(
    pool: Pool,
    here: str,
    listed: str,
    result: str,
    terms: list[Term],
    values: list[float],
    value: float,
    out: Place,
) -> None:
    between = " + ".join(term.text for term in terms)
    between = f"({between})" if len(terms) > 1 else between
    found = re.fullmatch(rf"{re.escape(here)} ([=≈]) {re.escape(between)} / (\d+)", listed.strip())
    assert found, listed
    assert all(TERM.fullmatch(term.text) for term in terms)
    divisor = int(found[2])
    assert divisor == pool.divisors[out[1:]] == len(values)
    assert sum(values) / divisor == pytest.approx(value, rel=1e-9, abs=1e-9)
    written = [number(term.text) for term in terms]
    exact = written == values
    assert found[1] == ("=" if exact else "≈")
    if exact and result[0] == "=":
        assert sum(written) / divisor == pytest.approx(number(result[2:]), rel=1e-9, abs=1e-9)


def check_formula(stage: Stage, pool: Pool) -> None:
    """The size of the output, as the formula says."""
    text = stage.root.locator(".formula").inner_text()
    found = dict(re.findall(r"^output (\w+) = .*(?:= |: )(\d+)$", text, re.M))
    rows, cols = map(str, pool.outputs[1:])
    if "size" in found:
        assert (rows, found) == (cols, {"size": rows})
    elif rows == "1" and "rows" not in found:  # one row, which no window slides down
        assert (pool.size[0], pool.before[0], found) == (1, 0, {"columns": cols})
    else:
        assert found == {"rows": rows, "columns": cols}


def check_forward(lesson: Lesson, stage: Stage, steps: list[int]) -> None:
    pool = lesson.pool
    check_formula(stage, pool)
    for step, seen, [written] in walk(stage, steps):
        check_forward_maps(lesson, seen)
        assert (seen.step, seen.steps) == (step, np.prod(pool.outputs))
        x = lesson.input(seen)
        out = place_of(step, pool.outputs)
        check_window(written, pool, x, out, "y")
        cells = pool.counted(out)
        assert seen.lit("input") == set(cells)
        assert seen.lit("output") == {out}
        equal = pool.maxima(x, out)
        check_tapped(seen, "input", set(equal if pool.kind == "max" else cells))
        label = seen.grid("output")[out].digits
        said = "about " * bool(number(label) != pool.forward(x)[out]) + label
        over = sum(pool.hangs_over(cell) for cell in cells)
        padding = sum(not pool.is_input(cell) for cell in cells) - over
        around = f", {padding} of them padding" if 0 < padding < len(cells) else ""
        around += f", {over} of them over the end" * (over > 0)
        end = (
            f"the {'largest' if pool.kind == 'max' else 'average'} of {len(cells)} "
            f"cell{'s' * (len(cells) > 1)}{', padding only' if padding == len(cells) else around}"
            + f", the first of {len(equal)} equal ones" * (len(equal) > 1) + "."
        )  # fmt: skip
        assert seen.spoken == f"Output {spelled(pool, 'y', out)}: {said}, {end}"


def check_forward_maps(lesson: Lesson, seen: Reading) -> None:
    x = lesson.input(seen)
    check_grid(seen, "input", lesson.pool.around(x), lesson.pool.first)
    check_marks(seen, "input", lesson.pool)
    check_grid(seen, "output", lesson.pool.forward(x))


def ties(pool: Pool, x: np.ndarray) -> int:
    """Windows in which a winner has equals."""
    return sum(len(pool.maxima(x, out)) > 1 for out in np.ndindex(*pool.outputs))


# ---- backward ---------------------------------------------------------------------------------


def check_routing(pool: Pool, text: str, g: np.ndarray, x: np.ndarray, out: Place) -> None:
    """Where the words say that an upstream value goes."""
    here = spelled(pool, "g", out)
    given = pool.given(out, pool.winners(x))
    words = " ".join(text.split())
    found = re.match(rf"{re.escape(here)} ([=≈]) ({NUMBER})(.*)", words)
    assert found, words
    about, label, rest = found.groups()
    assert number(label) == near(g[out])
    assert about == ("=" if number(label) == g[out] else "≈")
    if pool.kind == "average":
        cells, value, divisor, sign, share = re.fullmatch(
            rf": (to each of the \d+ cells that counted|to the one cell that counted) "
            rf"({NUMBER}) / (\d+) ([=≈]) ({NUMBER})",
            rest,
        ).groups()
        counted = "the one cell" if len(given) == 1 else f"each of the {len(given)} cells"
        assert cells == f"to {counted} that counted"
        assert int(divisor) == pool.divisors[out[1:]] == len(given)
        assert value == label
        assert number(share) == near(g[out] / len(given))
        exact = about == "=" and number(share) == g[out] / len(given)
        assert sign == ("=" if exact else "≈")
    elif given:
        winner = spelled(pool, "dL/dx", given[0])
        equal = len(pool.maxima(x, out))
        which = f"the first of {equal} equal maxima" if equal > 1 else "the maximum"
        assert rest == f" goes to {winner} alone, {which} of its window"
    else:
        assert rest == " goes nowhere: the window read no input cell."


def check_backward(lesson: Lesson, stage: Stage, beside: str, steps: list[int]) -> None:
    """dL/dx after some steps, and at the end."""
    pool = lesson.pool
    check_formula(stage, pool)
    for step, seen, [written] in walk(stage, steps):
        check_backward_maps(lesson, seen, beside, step)
        assert (seen.step, seen.steps) == (step, np.prod(pool.outputs))
        g = lesson.upstream(seen)
        out = place_of(step, g.shape)
        x = lesson_x(lesson, seen, beside)
        check_routing(pool, written.text, g, x, out)
        given = set(pool.given(out, pool.winners(x)))
        assert seen.lit("upstream") == {out}
        assert seen.lit("grad_input") == seen.lit(beside) == given
        equal = pool.maxima(x, out)
        check_tapped(seen, "grad_input", given | set(equal))
        cells = f"{len(given)} cell{'s' * (len(given) != 1)}" if given else "no cell"
        cells += f", the first of {len(equal)} equal maxima of its window" * (len(equal) > 1)
        label = seen.grid("upstream")[out].digits
        said = "about " * bool(number(label) != g[out]) + label
        assert seen.spoken == f"dL/dy {spelled(pool, 'g', out)}: {said}, given to {cells}."
    check_backward_maps(lesson, seen, beside, seen.steps - 1)
    empty = int((pool.backward(np.ones_like(g), x) == 0).sum())
    assert note(stage, rf"(\d+) of {x.size} input cells? gets? no") == empty
    assert note(stage, r"In (?:(\d+) windows|window) [^ ].* the largest") == ties(pool, x)


def lesson_x(lesson: Lesson, seen: Reading, beside: str) -> np.ndarray:
    return lesson.input(seen) if beside == "input" else lesson.x


def check_backward_maps(lesson: Lesson, seen: Reading, beside: str, step: int) -> None:
    """After a step only the upstream cells so far have been given away."""
    pool = lesson.pool
    x, g = lesson_x(lesson, seen, beside), lesson.upstream(seen)
    check_grid(seen, "upstream", g)
    so_far = g.copy()
    so_far.flat[step + 1 :] = 0
    check_grid(seen, "grad_input", pool.routed(so_far, x), pool.first)
    check_marks(seen, "grad_input", pool)
    if beside == "input":
        check_grid(seen, "input", pool.around(x), pool.first)
    else:
        counts = np.ones_like(g)
        if pool.kind == "average":
            counts *= pool.divisors
        check_grid(seen, "hits", pool.routed(counts, x), pool.first)
    check_marks(seen, beside, pool)


HITS = (*MAX[7:20:3], *AVERAGE[7:19:3])


@pytest.mark.parametrize("link", MAX + AVERAGE, ids=str)
def test_forward_and_backward(link: str, opened: Open) -> None:
    lesson = Lesson.of(link)
    stage = opened(lesson, "view=forward")
    steps = some_steps(int(np.prod(lesson.pool.outputs)))
    check_forward(lesson, stage, steps)
    if "checker" in link and lesson.pool.kind == "max":
        assert ties(lesson.pool, lesson.input(stage.read()))
    if lesson.x is None:
        lesson = replace(lesson, x=lesson.input(stage.read()))
    turn_to(stage, "Backward")
    check_backward(lesson, stage, "input", steps)
    if link in HITS:
        turn_to(stage, "Hits")
        check_backward(lesson, stage, "hits", steps[-2:])


def test_a_link_and_the_keys_lead_to_a_step(opened: Open) -> None:
    lesson = Lesson.of(BY_HAND)
    rows, cols = lesson.pool.outputs[1:]
    winners = lesson.pool.winners(lesson.x)
    here = cols + 1
    stage = opened(lesson, f"view=backward&step={here}")
    stage.focus()
    for key, there in (
        (None, here),
        ("ArrowRight", here + 1),
        ("ArrowDown", here + 1 + cols),
        ("PageUp", here + cols),
        ("ArrowLeft", here + cols - 1),
        ("Home", 0),
        ("End", 2 * rows * cols - 1),
    ):
        if key:
            stage.page.keyboard.press(key)
        stage.wait_for_step(there)
        seen = stage.read()
        check_backward_maps(lesson, seen, "input", there)
        out = place_of(there, lesson.pool.outputs)
        check_routing(lesson.pool, seen.text, lesson.g, lesson.x, out)
        assert seen.lit("grad_input") == set(lesson.pool.given(out, winners))


# ---- one beside another -----------------------------------------------------------------------


@pytest.mark.parametrize("link", COMPARED, ids=str)
def test_one_pooling_beside_another(link: str, opened: Open) -> None:
    lesson = Lesson.of(link)
    stage = opened(lesson, "view=both")
    check_both(lesson, stage)
    turn_to(stage, "ReLU")
    check_relu(lesson, stage)
    turn_to(stage, "Linear?")
    check_linear(lesson, stage)
    turn_to(stage, "Libraries")
    check_libraries(lesson, stage)


def walked(stage: Stage, pool: Pool) -> Iterator[tuple[Reading, list[Written], Place]]:
    for step, seen, written in walk(stage, some_steps(int(np.prod(pool.outputs)))[1::2]):
        yield seen, written, place_of(step, pool.outputs)


def check_both(lesson: Lesson, stage: Stage) -> None:
    most, mean = (replace(lesson.pool, kind=kind) for kind in ("max", "average"))
    for seen, written, out in walked(stage, most):
        x = lesson.input(seen)
        check_grid(seen, "input", most.around(x), most.first)
        check_grid(seen, "output", most.forward(x))
        check_grid(seen, "output_average", mean.forward(x))
        check_window(written[0], most, x, out, "y")
        check_window(written[1], mean, x, out, "a")
        assert seen.lit("input") == set(most.cells(out))
        assert seen.lit("output") == seen.lit("output_average") == {out}


def check_relu(lesson: Lesson, stage: Stage) -> None:
    pool = lesson.pool
    for seen, written, out in walked(stage, pool):
        x = lesson.input(seen)
        check_grid(seen, "input", pool.around(x), pool.first)
        check_grid(seen, "pooled", pool.forward(x))
        check_grid(seen, "after", relu(pool.forward(x)))
        check_grid(seen, "rectified", pool.around(relu(x)), pool.first)
        check_grid(seen, "output", pool.forward(relu(x)))
        check_window(written[0], pool, relu(x), out, "y")
        check_window(written[1], pool, x, out, "p")
    check_apart(stage, "the two orders", relu(pool.forward(x)) - pool.forward(relu(x)))


def check_linear(lesson: Lesson, stage: Stage) -> None:
    pool = lesson.pool
    for seen, written, out in walked(stage, pool):
        a, b = lesson.input(seen), lesson.input(seen, "input_b")
        for values, reads, steps in (
            (a, "input", "output_a"),
            (b, "input_b", "output_b"),
            (a + b, "input_c", "output"),
        ):
            check_grid(seen, reads, pool.around(values), pool.first)
            check_grid(seen, steps, pool.forward(values))
        added = pool.forward(a) + pool.forward(b)
        check_grid(seen, "added", added)
        check_window(written[0], pool, a + b, out, "f(a + b)")
        check_window(written[1], pool, a, out, "f(a)")
        check_window(written[2], pool, b, out, "f(b)")
        apart = added - pool.forward(a + b)
        check_different(seen, "added", abs(apart) > 1e-9)
    check_apart(stage, "f(a) + f(b) and f(a + b)", apart)


def check_apart(stage: Stage, between: str, apart: np.ndarray) -> None:
    """What a note says about the largest difference."""
    said = stage.root.locator(".notes").inner_text()
    found = re.search(
        rf"Largest difference between {re.escape(between)}: "
        r"(≈ )?(\d+(?:\.\d+)?)( up to rounding|\.)",
        said,
    )
    largest = float(found[2])
    assert largest == pytest.approx(abs(apart).max(), rel=5.1e-3, abs=1e-9)
    assert bool(found[1]) == (largest != abs(apart).max() > 1e-9)


def check_different(seen: Reading, name: str, expected: np.ndarray) -> None:
    """The ringed cells."""
    ringed = {place for place, cell in seen.grid(name).items() if "differs" in cell.marks}
    assert ringed == {place for place in np.ndindex(*expected.shape) if expected[place]}


def same_in_tensorflow(pool: Pool) -> Pool:
    """SAME where the setting adds anything at the sides, else VALID; padding never counts."""
    padding = (0, 0), (0, 0)
    if pool.canvas[1:] != pool.size:
        padding = tuple(
            same_padding(*axis, "tensorflow")
            for axis in zip(pool.size, pool.kernel_size, pool.stride, pool.dilation, strict=True)
        )
    return replace(pool, padding=padding, ceil_mode=False, with_padding=False)


def check_libraries(lesson: Lesson, stage: Stage) -> None:
    torch = lesson.pool
    pools = {
        "": torch,
        "_onnx": replace(torch, with_padding=False),
        "_tensorflow": same_in_tensorflow(torch),
    }
    for seen, written, out in walked(stage, torch):
        x = lesson.input(seen)
        y = torch.forward(x)
        for way, (library, pool) in enumerate(pools.items()):
            check_grid(seen, f"input{library}", pool.around(x), pool.first)
            check_marks(seen, f"input{library}", pool)
            check_grid(seen, f"output{library}", pool.forward(x))
            other = np.full(pool.outputs, np.nan)
            kept = tuple(slice(min(n)) for n in zip(y.shape, pool.outputs, strict=True))
            other[kept] = y[kept]
            check_different(seen, f"output{library}", ~np.isclose(pool.forward(x), other))
            if pool.outputs == torch.outputs:
                check_window(written[way], pool, x, out, "y")
        assert seen.lit("input") == set(torch.counted(out))


def test_the_libraries_with_a_dilated_window(opened: Open) -> None:
    """SAME may then be more than half of the window: a setting of the library's, not the link's."""
    lesson = Lesson.of("size=7&kernel_size=3&stride=1&dilation=2&padding=1")
    stage = opened(lesson, "view=dialects")
    seen, pool = stage.read(), lesson.pool
    x = lesson.input(seen)
    padding = same_in_tensorflow(pool).padding
    padded = np.pad(x.astype(float), ((0, 0), *padding), constant_values=-np.inf)
    check_grid(seen, "output", pool.forward(x))
    check_grid(seen, "input_tensorflow", padded, tuple(-before for before, _ in padding))
    check_grid(
        seen, "output_tensorflow", max_pool2d(padded, *pool.window[:2], dilation=pool.dilation)
    )


# ---- the comparison can fail ------------------------------------------------------------------


def test_a_wrong_number_is_noticed(opened: Open) -> None:
    """One cell of any grid, a little off in its value, its digits or its place, fails the check."""
    lesson = Lesson.of(BY_HAND)
    stage = opened(lesson, "view=backward")
    last = int(np.prod(lesson.pool.outputs)) - 1
    [seen] = stage.walk([last])
    check_backward_maps(lesson, seen, "input", last)
    with pytest.raises(AssertionError):
        check_backward_maps(lesson, seen, "input", last // 2)
    for name in ("upstream", "grad_input", "input"):
        at = max(
            n
            for n, c in enumerate(seen.cells)
            if c.grid == name and not c.magnified and "pad" not in c.marks
        )
        cell = seen.cells[at]
        for wrong in (
            {"value": cell.value + 1e-3},
            {"digits": f"{abs(cell.value) + 1}"},
            {"col": cell.col + 100},
        ):
            cells = [*seen.cells[:at], replace(cell, **wrong), *seen.cells[at + 1 :]]
            with pytest.raises(AssertionError):
                check_backward_maps(lesson, replace(seen, cells=tuple(cells)), "input", last)
