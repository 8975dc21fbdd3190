"""Every number on the gradients page is the one that the arrays of the link lead to.

The test makes up x, w and dL/dy, types them into the link, and computes the rest from them, with
`convcore` or from the formula of the taps: input = output * stride + tap * dilation - padding.
Nothing is taken from the page, nor from the way that the page takes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import product
from urllib.parse import parse_qsl

import numpy as np
import pytest

from convcore import (
    conv2d,
    conv2d_backward,
    conv2d_matrix,
    conv_transpose2d,
    grad_x_by_construction,
    im2col,
    pad2d,
)
from tests.browser.grids import check_grid
from tests.browser.stage import Place, Reading, Stage
from tests.browser.written_sum import RESULT, TERM, WrittenSum, number

Factors = list[tuple[float, float]]
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

ONE_ROW = "size=1x9&kernel_size=1x3&padding=0x1"
GROUPS = "size=6&in_channels=2&out_channels=2&groups=2&padding=1"
CHANNELS = "size=5x6&kernel_size=2x3&in_channels=3&out_channels=2&stride=2x1&padding=0,2,1,0"
FLIP = "size=7x6&kernel_size=3x2&operation=convolution&padding=1,0,0,1"

INPUT = (
    # numbers that the page draws itself
    "kernel=counting&loss=upstream",
    "kernel=random&picture=random&loss=upstream",
    "kernel=random&picture=random&seed=7&loss=squares&size=5x6&padding=1x0",
    "kernel=random&picture=random&seed=4321&loss=upstream&in_channels=3&out_channels=2&size=5",
    # stride, with and without a leftover, larger than the kernel
    "size=7&stride=1&padding=0",
    "size=8&stride=2&padding=0",
    "size=8x7&stride=3&padding=0",
    "size=8&stride=3x2&padding=1,0,0,1",
    "size=8x7&kernel_size=2&stride=4x3&padding=0",
    "size=7&kernel_size=1&stride=3&padding=1",
    # dilation
    "size=7&dilation=2&stride=1",
    "size=8&dilation=3x2&stride=2&kernel_size=2x3",
    "size=8&dilation=2&stride=3&kernel_size=2&padding=2,0,1,1",
    # padding: beyond ke - 1, full, each side apart
    "size=5&kernel_size=2&padding=3&stride=1",
    "size=4x5&kernel_size=2&padding=3&stride=2",
    "size=5&padding=full&stride=1",
    "size=6x7&padding=0,2,1,0&stride=2",
    # even kernels
    "size=7&kernel_size=4x2&padding=1&stride=2x1",
    # one row, one cell
    ONE_ROW,
    "size=1&kernel_size=1&stride=1&padding=0",
    # channels, filters, groups
    GROUPS,
    CHANNELS,
    # convolution: the kernel turned
    FLIP,
    GROUPS + "&operation=convolution&kernel_size=2x3&dilation=1x2",
    # losses
    "size=6&loss=sum&stride=2&padding=1",
    "size=4&loss=squares&target=1_2__-3.5_4___0_1__2_-2&out_channels=2&stride=1&padding=0",
    "size=6&loss=cell&cell=1x2&cell_filter=1&out_channels=2&in_channels=2&stride=1",
    "size=6&loss=upstream&grad_y=1_2_0__3_4_0__0_0_0&operation=convolution",
)
WEIGHT_AND_TRANSPOSED = (
    "size=7&stride=3x2&padding=0,2,1,0",
    "size=8&kernel_size=2x3&dilation=2x3&stride=2&padding=2&output_padding=1x2",
    "size=8x7&stride=3x2&kernel_size=2&padding=0,1,1,0&output_padding=2x1",
    "size=6&stride=1x2&dilation=2&padding=2&output_padding=1x0",
    GROUPS + "&operation=convolution&output_padding=0x1",
    CHANNELS + "&output_padding=1x0",
    ONE_ROW + "&operation=convolution&stride=3&output_padding=0x2",
    "kernel=random&picture=random&seed=12&size=6&output_padding=1",
)
JACOBIANS = (
    "size=5&stride=1&padding=0,1,2,0&dilation=2x1&kernel_size=2x3",
    "size=4x5&in_channels=2&out_channels=2&kernel_size=2&operation=convolution&padding=1",
    "size=6x7&stride=3x2&padding=0,1,0,2",
)
HOVERED = (GROUPS + "&operation=convolution&kernel_size=2x3&dilation=1x2", CHANNELS, FLIP)


# ---- what a link means ------------------------------------------------------------------------


def pair(text: str) -> tuple[int, int]:
    first, *second = map(int, text.split("x"))
    return first, *(second or [first])


def planes(text: str) -> np.ndarray:
    """1_2__3_4___5_6__7_8 is two planes of two rows of two cells."""
    return np.array(
        [[row.split("_") for row in plane.split("__")] for plane in text.split("___")], float
    )


def fitted(numbers: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Cut, or continued with zeros."""
    result = np.zeros(shape)
    kept = tuple(slice(min(a, b)) for a, b in zip(numbers.shape, shape, strict=True))
    result[kept] = numbers[kept]
    return result


def typed(numbers: np.ndarray) -> str:
    rows, cols = numbers.shape[-2:]
    return "___".join(
        "__".join("_".join(f"{n:.12g}" for n in row) for row in plane)
        for plane in numbers.reshape(-1, rows, cols)
    )


class Layer:
    """The layer and the upstream gradient of a link, made up where the link does not say."""

    def __init__(self, link: str) -> None:
        said = {"seed": "1", "in_channels": "1", "out_channels": "1", "groups": "1"}
        said |= {"size": "6", "kernel_size": "3", "stride": "2", "dilation": "1", "padding": "1"}
        said |= {"output_padding": "0", "cell_filter": "0"} | dict(parse_qsl(link))
        self.link, self.said = link, said
        self.seed, channels, self.filters, self.groups = (
            int(said[name]) for name in ("seed", "in_channels", "out_channels", "groups")
        )
        self.size, self.kernel_size, self.stride, self.dilation, self.output_padding = (
            pair(said[name])
            for name in ("size", "kernel_size", "stride", "dilation", "output_padding")
        )
        self.flip = said.get("operation") == "convolution"
        self.reach = tuple(
            (k - 1) * d for k, d in zip(self.kernel_size, self.dilation, strict=True)
        )  # ke - 1
        self.padding = self._padding(said["padding"])
        self.before = tuple(sides[0] for sides in self.padding)
        self.settings = self.stride, self.padding, self.dilation, self.groups
        self.depth = channels // self.groups  # channels that a filter reads

        self._rng = np.random.default_rng(list(link.encode()))
        self._scale = float(self._rng.choice([1, 1, 0.5, 0.1]))
        self.x = self._x((channels, *self.size))
        self.weight = self._weight((self.filters, self.depth, *self.kernel_size))
        self.sliding = self.weight[:, :, ::-1, ::-1] if self.flip else self.weight
        self.y = conv2d(self.x, self.sliding, None, *self.settings)
        self.target = fitted(planes(said.get("target", "0")), self.y.shape)
        self.g = self._g(self.y.shape)
        self.grads = conv2d_backward(self.g, self.x, self.sliding, *self.settings)

    def _padding(self, text: str) -> tuple[tuple[int, int], tuple[int, int]]:
        if text == "full":
            return tuple((reach, reach) for reach in self.reach)
        if "," not in text:
            rows, cols = pair(text)
            return (rows, rows), (cols, cols)
        top, bottom, left, right = map(int, text.split(","))
        return (top, bottom), (left, right)

    def _made_up(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        numbers = np.round(self._rng.integers(-9, 10, shape) * self._scale, 9)
        self.link += f"&{name}={typed(numbers)}"
        return numbers

    def _x(self, shape: tuple[int, ...]) -> np.ndarray:
        if self.said.get("picture") == "random":
            return np.random.default_rng(self.seed).integers(0, 10, shape).astype(float)
        return self._made_up("x", shape)

    def _weight(self, shape: tuple[int, ...]) -> np.ndarray:
        if self.said.get("kernel") == "counting":
            return np.arange(1.0, np.prod(shape) + 1).reshape(shape)
        if self.said.get("kernel") != "random":
            return self._made_up("weight", shape)
        return np.array(
            [
                [
                    np.random.default_rng([self.seed, f, c]).integers(-3, 4, shape[2:])
                    for c in range(shape[1])
                ]
                for f in range(shape[0])
            ],
            float,
        )

    def _g(self, shape: tuple[int, ...]) -> np.ndarray:
        loss = self.said.get("loss")
        if loss == "sum":
            return np.ones(shape)
        if loss == "squares":
            return self.y - self.target
        if loss == "cell":
            g = np.zeros(shape)
            g[int(self.said["cell_filter"]), *pair(self.said["cell"])] = 1
            return g
        if "grad_y" in self.said:
            return fitted(planes(self.said["grad_y"]), shape)
        if loss == "upstream":
            rng = np.random.default_rng(self.seed)
            return rng.integers(1, 4, shape) * rng.choice([-1.0, 1.0], shape)  # none is 0
        return self._made_up("grad_y", shape)

    @cached_property
    def canvas_size(self) -> tuple[int, int]:
        """Of the padded input."""
        return tuple(n + sum(sides) for n, sides in zip(self.size, self.padding, strict=True))

    def first_channel(self, f: int) -> int:
        return f // (self.filters // self.groups) * self.depth

    def weight_place(self, f: int, b: int, u: int, v: int) -> Place:
        """Where the weight is typed that slides as tap (u, v) over channel b of filter f's own."""
        height, width = self.kernel_size
        u, v = (height - 1 - u, width - 1 - v) if self.flip else (u, v)
        return f * self.depth + b, u, v

    def stamp(self, upstream: Place) -> Iterator[tuple[Place, tuple[int, int, int, int]]]:
        """The input cells, some of them padding, and taps of an upstream cell."""
        f, i, j = upstream
        for b, u, v in np.ndindex(*self.sliding.shape[1:]):
            h, w = (
                at * s + tap * d - before
                for at, s, tap, d, before in zip(
                    (i, j), self.stride, (u, v), self.dilation, self.before, strict=True
                )
            )
            yield (self.first_channel(f) + b, h, w), (f, b, u, v)

    def stamped(self, stamps: int, size: tuple[int, int]) -> np.ndarray:
        """A canvas after so many stamps."""
        canvas = np.zeros((len(self.x), *size))
        for upstream in list(np.ndindex(*self.g.shape))[:stamps]:
            for (c, h, w), tap in self.stamp(upstream):
                canvas[c, h + self.before[0], w + self.before[1]] += (
                    self.g[upstream] * self.sliding[tap]
                )
        return canvas

    def meetings(self, cell: Place) -> list[tuple[Place, tuple[int, int, int, int]]]:
        """The upstream cells and taps whose products make the gradient of an input cell."""
        return [
            (upstream, tap)
            for upstream in np.ndindex(*self.g.shape)
            for reached, tap in self.stamp(upstream)
            if reached == cell
        ]


# ---- what the page shows ----------------------------------------------------------------------

Open = Callable[[Layer, str], Stage]


@pytest.fixture
def opened(follow: Callable[[str, str], Stage]) -> Open:
    def open_layer(layer: Layer, view: str) -> Stage:
        stage = follow("/gradients", f"view={view}&{layer.link}")
        assert stage.page.get_by_test_id("stAlert").all_inner_texts() == []
        return stage

    return open_layer


def vector(seen: Reading, name: str) -> np.ndarray:
    return seen.array(name).ravel()


def texts(stage: Stage) -> list[str]:
    return stage.root.get_by_test_id("step-text").all_inner_texts()


def spelled(layer: Layer, symbol: str, place: tuple[int, ...], planes: int) -> str:
    """x[2, 3], with what names the plane where there are several; no row in a layer of one row."""
    *plane, row, col = place
    index = (plane if planes > 1 else []) + ([row] if layer.canvas_size[0] > 1 else []) + [col]
    return f"{symbol}[{', '.join(str(n).replace('-', '−') for n in index)}]"


def check_factors(text: str, expected: Factors, exact: bool) -> None:
    factors = [(number(a), number(b)) for a, b in TERM.findall(text)]
    assert len(factors) == len(expected)
    for written, numbers in zip(factors, expected, strict=True):
        assert written == pytest.approx(numbers, rel=0 if exact else 5.1e-3, abs=1e-12)


def check_sum(text: str, name: str, expected: Factors, value: float, zeros: int = 0) -> None:
    """`dL/dx[3, 0] = (−3)·8 + …` has these factors and comes to this value, as it says."""
    if not expected:
        each = "s, each" * (zeros > 1)
        said = f"{name} is the sum of {zeros} product{each} with an added zero: 0"
        assert " ".join(text.split()) == said
        assert value == 0
        return
    assert text.startswith((f"{name} = ", f"{name} ≈ "))
    exact = text.startswith(f"{name} = ")
    check_factors(text, expected, exact)
    added = f"{zeros} product{'s, each' * (zeros > 1)} with an added zero"
    assert (f"and {added}" in text) == (zeros > 0)
    sign, label = RESULT.search(text).groups()
    total = number(label)
    assert total == pytest.approx(value, rel=5.1e-3, abs=1e-9)
    if exact and sign == "=":
        assert sum(a * b for a, b in expected) == pytest.approx(total, rel=1e-9, abs=1e-9)


MOST_WRITTEN = 16  # products of a stamp


def check_stamp(layer: Layer, text: str, symbol: str, step: int, placed: int = 1) -> None:
    upstream = tuple(int(n) for n in np.unravel_index(step, layer.g.shape))
    products = [(layer.g[upstream], layer.sliding[tap]) for _, tap in layer.stamp(upstream)]
    name = spelled(layer, symbol, upstream, layer.filters)
    last = f", the last of {placed} in this step" * (placed > 1)
    if len(products) > MOST_WRITTEN:
        whose, of = ("", f" of filter {upstream[0]}") if layer.filters > 1 else ("kernel’s ", "")
        pattern = rf"{re.escape(name)} = (.+){last}, times each of the {whose}(\d+) weights{of}, is"
        found = re.match(pattern, text)
        assert number(found[1]) == pytest.approx(layer.g[upstream], rel=5.1e-3)
        assert int(found[2]) == len(products)
        return
    about = rf"(?: ≈ [^\s,]+)?{last}{',' * bool(last)} adds, cell by cell:"
    assert re.match(rf"{re.escape(name)}{about}", text)
    check_factors(text, products, exact=False)


def some_steps(steps: int) -> list[int]:
    return sorted({0, steps // 2, steps - 1})


# ---- dL/dx ------------------------------------------------------------------------------------


def check_operands(layer: Layer, seen: Reading) -> None:
    steps = grad_x_by_construction(layer.g, layer.x, layer.sliding, *layer.settings)
    flat = (-1, *layer.kernel_size)
    check_grid(seen, "upstream", layer.g)
    check_grid(seen, "kernel", layer.weight.reshape(flat))
    rotated = layer.weight if layer.flip else layer.weight[:, :, ::-1, ::-1]
    check_grid(seen, "kernel_rotated", rotated.reshape(flat))
    check_grid(seen, "spread", steps.padded, tuple(-reach for reach in layer.reach))
    if layer.said.get("loss") == "squares":
        check_grid(seen, "target", layer.target)
        check_grid(seen, "output", layer.y)


def check_end(layer: Layer, seen: Reading) -> None:
    """The last step: both ways have arrived at dL/dx."""
    check_operands(layer, seen)
    check_grid(seen, "grad_input", layer.grads.x)
    padded = np.zeros((len(layer.x), *layer.canvas_size))
    canvas = conv2d_backward(
        layer.g, padded, layer.sliding, layer.stride, 0, layer.dilation, layer.groups
    ).x
    (top, left), (height, width) = layer.before, layer.size
    np.testing.assert_allclose(
        canvas[:, top : top + height, left : left + width], layer.grads.x, rtol=1e-9, atol=1e-9
    )
    check_canvas(layer, seen, canvas)


def check_canvas(layer: Layer, seen: Reading, canvas: np.ndarray) -> None:
    """The stamped canvas, its cells counted from minus the padding."""
    check_grid(seen, "grad_input_scatter", canvas, tuple(-before for before in layer.before))


def check_middle(layer: Layer, seen: Reading, gather: str, scatter: str) -> None:
    """Any step: what the stamps so far add up to, and the two written sums."""
    cells, stamps = layer.x.size, layer.g.size
    stamp = -(-(seen.step + 1) * stamps // cells) - 1  # as far through its stamps, rounded up
    check_canvas(layer, seen, layer.stamped(stamp + 1, layer.canvas_size))
    check_stamp(layer, scatter, "g", stamp, stamp + 1 - -(-seen.step * stamps // cells))
    cell = tuple(int(n) for n in np.unravel_index(seen.step, layer.x.shape))
    height, width = layer.kernel_size
    met = sorted(  # as the rotated kernel reads: filter by filter, its last tap first
        layer.meetings(cell), key=lambda m: (m[1][0], height - 1 - m[1][2], width - 1 - m[1][3])
    )
    check_sum(
        gather,
        spelled(layer, "dL/dx", cell, len(layer.x)),
        [(layer.g[upstream], layer.sliding[tap]) for upstream, tap in met],
        layer.grads.x[cell],
        layer.filters // layer.groups * height * width - len(met),
    )


def check_words(layer: Layer, stage: Stage) -> None:
    """The three numbers of the construction in the formula, and the differences in the notes."""
    text = stage.root.locator(".formula").inner_text()
    leftover = [
        (n - 1 - reach) % s
        for n, reach, s in zip(layer.canvas_size, layer.reach, layer.stride, strict=True)
    ]
    said = [[s - 1 for s in layer.stride], leftover, list(layer.reach)]
    found = re.search(
        r"stride − 1 = (.+), leftover r = (.+) appended, padded by kernel span − 1 = (.+)\)", text
    )
    for (rows, cols), part in zip(said, found.groups(), strict=True):
        same = rows == cols or layer.canvas_size[0] == 1
        assert part == (f"{cols}" if same else f"{rows} (rows) and {cols} (columns)")
    note = stage.root.locator(".notes li").first.inner_text()
    apart, finite = re.findall(r"(0|\d·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?:\.| of)", note)
    assert size_of(apart) < 1e-11
    assert size_of(finite) < 1e-6


def size_of(text: str) -> float:
    """3·10⁻¹¹ as a number."""
    digit, _, power = text.partition("·10")
    return float(f"{digit}e{power.translate(LOWERED) or 0}")


@pytest.mark.parametrize("link", INPUT, ids=str)
def test_both_ways_to_the_input_gradient(link: str, opened: Open) -> None:
    layer = Layer(link)
    stage = opened(layer, "input")
    check_words(layer, stage)
    for step in some_steps(layer.x.size):
        [seen] = stage.walk([step])
        assert (seen.step, seen.steps) == (step, layer.x.size)
        gather, scatter = texts(stage)
        check_middle(layer, seen, gather, scatter)
    check_end(layer, seen)
    if link in HOVERED:
        check_hovering(layer, stage)


def hover(stage: Stage, grid: str, place: Place) -> Reading:
    plane, row, col = place
    stage.cell(grid, row, col, plane).hover(force=True)  # nothing lies over it
    stage.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return stage.read()


def check_hovering(layer: Layer, stage: Stage) -> None:
    """A gradient lights what it is made of; an upstream cell lights what it stamps."""
    for cell in ((0, 0, 0), tuple(n // 2 for n in layer.x.shape)):
        met = layer.meetings(cell)
        upstream = {above for above, _ in met}
        weights = {layer.weight_place(*tap) for _, tap in met}
        seen = hover(stage, "grad_input", cell)
        assert seen.lit("grad_input") == seen.lit("grad_input_scatter") == {cell}
        assert seen.lit("upstream") == upstream
        assert seen.lit("kernel") == weights
        seen = hover(stage, "grad_input_scatter", cell)
        assert seen.lit("grad_input") == seen.lit("grad_input_scatter") == {cell}
        assert seen.lit("upstream") == upstream
        assert seen.lit("kernel") == weights
    for above in ((0, 0, 0), tuple(n // 2 for n in layer.g.shape)):
        stamped = {cell for cell, _ in layer.stamp(above)}
        seen = hover(stage, "upstream", above)
        assert seen.lit("upstream") == {above}
        assert seen.lit("grad_input_scatter") == stamped
        assert seen.lit("grad_input") == stamped & set(np.ndindex(*layer.x.shape))


# ---- dL/dw and dL/db --------------------------------------------------------------------------


def check_weight_gradient(layer: Layer, seen: Reading, text: str) -> None:
    typed_order = layer.grads.weight[:, :, ::-1, ::-1] if layer.flip else layer.grads.weight
    x_padded = pad2d(layer.x, layer.padding)
    check_grid(seen, "input", x_padded, tuple(-before for before in layer.before))
    check_grid(seen, "upstream", layer.g)
    grad = typed_order.reshape(-1, *layer.kernel_size)
    check_grid(seen, "grad_kernel", grad)
    check_grid(seen, "grad_bias", layer.grads.bias[None, None, :])
    np.testing.assert_allclose(layer.grads.bias, layer.g.sum(axis=(1, 2)), rtol=1e-9, atol=1e-9)
    place = tuple(int(n) for n in np.unravel_index(seen.step, grad.shape))
    f, b = divmod(place[0], layer.depth)
    _, u, v = layer.weight_place(0, 0, *place[1:])  # the tap of what is typed there
    products = []
    for i, j in np.ndindex(*layer.g.shape[1:]):
        h, w = (
            at * s + tap * d
            for at, s, tap, d in zip((i, j), layer.stride, (u, v), layer.dilation, strict=True)
        )
        products.append((x_padded[layer.first_channel(f) + b, h, w], layer.g[f, i, j]))
    check_sum(text, spelled(layer, "dL/dw", (f, b, *place[1:]), len(grad)), products, grad[place])


@pytest.mark.parametrize("link", WEIGHT_AND_TRANSPOSED, ids=str)
def test_the_weight_gradient_and_the_transposed_convolution(link: str, opened: Open) -> None:
    layer = Layer(link)
    stage = opened(layer, "weight")
    for step in some_steps(layer.weight.size):
        [seen] = stage.walk([step])
        assert (seen.step, seen.steps) == (step, layer.weight.size)
        check_weight_gradient(layer, seen, *texts(stage))
    turn_to(stage, "Transposed")
    check_transposed(layer, stage)


def turn_to(stage: Stage, view: str) -> None:
    rev = stage.rev
    stage.page.get_by_role("radio", name=view, exact=True).click()
    stage.wait_for_change(rev)


# ---- transposed convolution -------------------------------------------------------------------


def check_transposed(layer: Layer, stage: Stage) -> None:
    """The stamps so far at some steps, all of them, what the crop leaves, and the overlap."""
    first = tuple(-before for before in layer.before)
    more = layer.output_padding, layer.groups, layer.dilation
    canvas = conv_transpose2d(layer.g, layer.sliding, None, layer.stride, 0, *more)
    y = conv_transpose2d(layer.g, layer.sliding, None, layer.stride, layer.padding, *more)
    ones = np.ones((1, *layer.g.shape[1:])), np.ones((1, 1, *layer.kernel_size))
    counts = conv_transpose2d(*ones, None, layer.stride, 0, more[0], 1, layer.dilation)
    for step in some_steps(layer.g.size):
        [seen] = stage.walk([step])
        assert (seen.step, seen.steps) == (step, layer.g.size)
        check_canvas(layer, seen, layer.stamped(step + 1, canvas.shape[1:]))
        check_grid(seen, "overlap", counts, first)
        check_grid(seen, "upstream", layer.g)
        check_grid(seen, "kernel", layer.weight.reshape(-1, *layer.kernel_size))
        check_stamp(layer, *texts(stage), "z", step)
    check_canvas(layer, seen, canvas)
    cells = seen.grid("grad_input_scatter")
    kept = {place for place, cell in cells.items() if "pad" not in cell.marks}
    assert kept == set(np.ndindex(*y.shape))
    (top, left), (height, width) = layer.before, y.shape[1:]
    inside = canvas[:, top : top + height, left : left + width]
    np.testing.assert_allclose(inside, y, rtol=1e-9, atol=1e-9)
    lines = re.findall(
        r"output \w+ = .* = (\d+)$", stage.root.locator(".formula").inner_text(), re.M
    )
    assert {int(n) for n in lines} <= set(y.shape[1:])
    assert lines


# ---- Jacobians and the upstream map, built up -------------------------------------------------


def check_forward(layer: Layer, stage: Stage) -> None:
    """The written sum of an output, at some steps."""
    for step in some_steps(layer.y.size):
        stage.walk([step])
        written = WrittenSum.read(*texts(stage))
        f, i, j = np.unravel_index(step, layer.y.shape)
        first = layer.first_channel(f)
        x_padded = pad2d(layer.x, layer.padding)
        expected = [
            (
                x_padded[
                    first + b,
                    i * layer.stride[0] + u * layer.dilation[0],
                    j * layer.stride[1] + v * layer.dilation[1],
                ],
                layer.sliding[f, b, u, v],
            )
            for b, u, v in product(*map(range, layer.sliding.shape[1:]))
        ]
        assert len(written.factors) == len(expected)
        for factors, numbers in zip(written.factors, expected, strict=True):
            assert factors == pytest.approx(numbers, rel=5.1e-3, abs=1e-12)
        assert written.value == pytest.approx(layer.y[f, i, j], rel=5.1e-3, abs=1e-9)


def check_jacobian(
    layer: Layer, seen: Reading, matrix: np.ndarray, across: dict[str, np.ndarray]
) -> None:
    """The matrix, y and dL/dy beside it, and above and below it what its columns stand for."""
    check_grid(seen, "matrix", matrix[None])
    check_grid(seen, "upstream", layer.g)
    check_grid(seen, "upstream_vector", layer.g.reshape(1, -1, 1))
    check_grid(seen, "output_vector", layer.y.reshape(1, -1, 1))
    for name, numbers in across.items():
        check_grid(seen, name, numbers.reshape(1, 1, -1))
    operand, gradient = (numbers.ravel() for numbers in across.values())
    np.testing.assert_allclose(matrix @ operand, layer.y.ravel(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(layer.g.ravel() @ matrix, gradient, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("link", JACOBIANS, ids=str)
def test_the_jacobians_and_the_build_up(link: str, opened: Open) -> None:
    layer = Layer(link)
    stage = opened(layer, "dydx")
    seen = stage.read()
    matrix = conv2d_matrix(layer.sliding, layer.x.shape, *layer.settings)
    strips = {"input_vector": layer.x, "grad_input_vector": layer.grads.x}
    check_jacobian(layer, seen, matrix, strips)
    check_grid(seen, "kernel", layer.weight.reshape(-1, *layer.kernel_size))
    check_forward(layer, stage)

    turn_to(stage, "dy/dw")
    seen = stage.read()
    columns = im2col(layer.x, layer.kernel_size, layer.stride, layer.padding, layer.dilation)
    matrix = np.kron(np.eye(layer.filters), columns.T)
    grad = layer.grads.weight
    if layer.flip:  # the columns stand for the weights as they are typed
        tensor = matrix.reshape(-1, *layer.weight.shape)[..., ::-1, ::-1]
        matrix, grad = tensor.reshape(matrix.shape), grad[:, :, ::-1, ::-1]
    check_jacobian(layer, seen, matrix, {"kernel_vector": layer.weight, "grad_kernel_vector": grad})
    check_grid(seen, "input", pad2d(layer.x, layer.padding), tuple(-n for n in layer.before))
    check_forward(layer, stage)

    turn_to(stage, "Build-up")
    check_build(layer, stage)


def check_build(layer: Layer, stage: Stage) -> None:
    """The spread map in its three stages, and where each of its cells comes from."""
    steps = grad_x_by_construction(layer.g, layer.x, layer.sliding, *layer.settings)
    seen = stage.read()
    check_grid(seen, "upstream", layer.g)
    check_grid(seen, "between", steps.spread)
    check_grid(seen, "appended", steps.appended)
    check_grid(seen, "spread", steps.padded, tuple(-reach for reach in layer.reach))
    assert seen.steps == steps.padded.size
    upstream = tuple(int(n) for n in np.unravel_index(layer.g.size // 2, layer.g.shape))
    spread = upstream[0], *(at * s for at, s in zip(upstream[1:], layer.stride, strict=True))
    place = spread[0], *(at + reach for at, reach in zip(spread[1:], layer.reach, strict=True))
    for step in (0, int(np.ravel_multi_index(place, steps.padded.shape))):
        stage.walk([step])
        [text] = texts(stage)
        if step:
            there, here = (
                spelled(layer, symbol, at, layer.filters)
                for symbol, at in (("g′", spread), ("g", upstream))
            )
            moved = f"{there} = {here}\n"
            assert text.startswith(moved)
        value = steps.padded.ravel()[step]
        assert number(RESULT.search(text)[2]) == pytest.approx(value, rel=5.1e-3)


# ---- the comparison can fail ------------------------------------------------------------------


def test_a_wrong_number_is_noticed(opened: Open) -> None:
    """One cell of any grid, a little off in its value or in its digits, fails the check."""
    layer = Layer("size=5x6&kernel_size=2x3&padding=1")
    [seen] = opened(layer, "input").walk([layer.x.size - 1])
    check_end(layer, seen)
    for name in (
        "upstream",
        "kernel",
        "kernel_rotated",
        "spread",
        "grad_input_scatter",
        "grad_input",
    ):
        at = max(n for n, c in enumerate(seen.cells) if c.grid == name and not c.magnified)
        cell = seen.cells[at]
        for wrong in (
            {"value": cell.value + 1e-3},
            {"digits": f"{abs(cell.value) + 1}"},
            {"col": cell.col + 1},
        ):
            cells = [*seen.cells[:at], replace(cell, **wrong), *seen.cells[at + 1 :]]
            with pytest.raises(AssertionError):
                check_end(layer, replace(seen, cells=tuple(cells)))
