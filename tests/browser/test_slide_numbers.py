"""Every number on the slide page is the one `convcore` computes from the arrays shown.

The arrays are read from the cells, the result is computed here from them, and which cells meet is
taken from the formula input = output * stride + tap * dilation - padding. Nothing of the way that
the page itself takes (parameters, scenes, tap tables) is used.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from convcore import KERNELS, conv2d, conv2d_matrix, coverage, pad2d
from tests.browser.stage import Place, Reading, Stage
from tests.browser.written_sum import WrittenSum

Sides = tuple[int, int]
NEVER_READ = {"leftover", "gap", "hole"}
NONE = ((0, 0), (0, 0))


@dataclass(frozen=True)
class Setting:
    """A link, and what it says in the words of the formula, written down by hand.

    `padding` is ((top, bottom), (left, right)): what a word of the link must come to.
    """

    link: str
    stride: tuple[int, int] = (1, 1)
    padding: tuple[Sides, Sides] = NONE
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1
    mode: str = "zeros"
    flip: bool = False

    @property
    def before(self) -> tuple[int, int]:
        return self.padding[0][0], self.padding[1][0]

    def input_index(self, axis: int, out: int, tap: int) -> int:
        return out * self.stride[axis] + tap * self.dilation[axis] - self.before[axis]


def alike(cells: int) -> tuple[Sides, Sides]:
    return ((cells, cells), (cells, cells))


X_DECIMALS = "0.5,-1.25,3;2,0.125,-7;4.5,-0.75,1.5;0,9,-2.5"  # 4 x 3
SIX = "1,-2,3,0.5,0,4|-1,0,2,5,-3,1|2,2,-2,1,1,0"  # 3 channels of 1 x 6

SETTINGS = (
    # sizes
    Setting(""),
    Setting("size=1&kernel_size=1"),
    Setting("size=1x9&kernel_size=1x3"),
    Setting("size=9x1&kernel_size=3x1&picture=ramp"),
    Setting("size=5&kernel_size=1&kernel=sharpen"),
    Setting("size=6x9&kernel_size=3x2&picture=ramp&kernel=counting"),
    Setting("size=7&kernel_size=7&picture=checker&kernel=random&seed=4"),
    Setting("size=16&kernel_size=7&picture=face&kernel=laplacian"),
    # even kernels
    Setting("size=6&kernel_size=2&kernel=counting&picture=random"),
    Setting("size=8&kernel_size=4&kernel=sobel_y&picture=random&seed=7"),
    Setting("size=9x8&kernel_size=4x2&kernel=emboss&picture=edge&padding=1", padding=alike(1)),
    # stride, also larger than the kernel
    Setting("size=8x7&stride=2", stride=(2, 2)),
    Setting("size=11&stride=3x2&picture=ramp", stride=(3, 2)),
    Setting("size=10&kernel_size=2&stride=5&picture=random", stride=(5, 5)),
    Setting("size=9&kernel_size=1&stride=4&picture=ramp", stride=(4, 4)),
    # dilation with holes
    Setting("size=9&dilation=2&picture=impulse&kernel=counting", dilation=(2, 2)),
    Setting(
        "size=9&stride=2&dilation=2&padding=1&picture=face",
        stride=(2, 2), dilation=(2, 2), padding=alike(1),
    ),
    Setting(
        "size=12x10&kernel_size=2x3&dilation=4x3&stride=3&padding=2x1&picture=random",
        stride=(3, 3), dilation=(4, 3), padding=((2, 2), (1, 1)),
    ),
    # padding, each side apart, larger than the kernel, and by a word
    Setting("size=5x6&padding=0,1,2,0&kernel=counting", padding=((0, 1), (2, 0))),
    Setting("size=4&padding=6&kernel_size=2&stride=3", stride=(3, 3), padding=alike(6)),
    Setting("size=3&kernel_size=5&padding=1", padding=alike(1)),
    Setting("size=6&padding=valid"),
    Setting("size=6x5&kernel_size=3x2&padding=full", padding=((2, 2), (1, 1))),
    Setting("size=5&dilation=2&padding=full", dilation=(2, 2), padding=alike(4)),
    # "same", as each library means it
    Setting("size=6&kernel_size=4&padding=same", padding=((1, 2), (1, 2))),
    Setting(
        "size=6&kernel_size=2&dilation=3&padding=same", dilation=(3, 3), padding=((1, 2), (1, 2))
    ),
    Setting("size=6&kernel_size=4&padding=same&dialect=tensorflow", padding=((1, 2), (1, 2))),
    Setting(
        "size=6x7&stride=2&padding=same&dialect=tensorflow", stride=(2, 2), padding=((0, 1), (1, 1))
    ),
    Setting(
        "size=5&kernel_size=4&stride=2&padding=same&dialect=onnx_upper",
        stride=(2, 2), padding=((1, 2), (1, 2)),
    ),
    Setting(
        "size=6x5&kernel_size=3x4&stride=2&padding=same&dialect=onnx_lower",
        stride=(2, 2), padding=((1, 0), (2, 1)),
    ),
    Setting("size=6&kernel_size=4&padding=same&dialect=scipy", padding=((2, 1), (2, 1))),
    Setting("size=6x7&kernel_size=2x4&padding=same&dialect=opencv", padding=((1, 0), (2, 1))),
    # what the padding holds
    Setting("size=5&padding=2&padding_mode=reflect", padding=alike(2), mode="reflect"),
    Setting("size=4x5&padding=3&padding_mode=replicate", padding=alike(3), mode="replicate"),
    Setting(
        "size=6&padding=1,2,3,0&padding_mode=circular&stride=2",
        stride=(2, 2), padding=((1, 2), (3, 0)), mode="circular",
    ),
    # convolution: the kernel turned
    Setting("size=6&operation=convolution&kernel=counting", flip=True),
    Setting(
        "size=7&kernel_size=2x3&operation=convolution&kernel=counting&padding=same&dialect=scipy"
        "&picture=impulse",
        padding=((1, 0), (1, 1)), flip=True,
    ),
    # channels, filters, groups, bias
    Setting("size=6&in_channels=3&kernel=counting"),
    Setting(
        "size=5&in_channels=2&out_channels=3&picture=random&padding=1&bias=1,-2,0.5",
        padding=alike(1),
    ),
    Setting("size=6&in_channels=3&out_channels=3&groups=3&kernel=random", groups=3),
    Setting(
        "size=6&in_channels=2&out_channels=2&groups=2&operation=convolution&kernel=counting&bias=-4,3",
        groups=2, flip=True,
    ),
    Setting("size=5&out_channels=2&bias=0,-0.25&picture=random"),
    # pictures and kernels that the others leave out
    Setting("size=8&picture=photo&in_channels=3&out_channels=2"),
    Setting("size=16&picture=photo&kernel=gaussian&kernel_size=5&stride=2", stride=(2, 2)),
    Setting("size=9&picture=edge&kernel=prewitt_x&kernel_size=5"),
    Setting("size=5&picture=checker&kernel=mean"),
    Setting("size=6&picture=ramp&kernel=shift&in_channels=2"),
    Setting("size=6&picture=random&kernel=ones&kernel_size=3x1"),
    Setting("size=5&picture=digit&kernel=identity&in_channels=3"),
    # numbers typed by hand
    Setting(f"x={X_DECIMALS}&weight=0.5,-0.25;1.75,2", ),
    Setting(f"x={X_DECIMALS}&weight=0.1,-0.3;-2.5,1e-3&padding=1,0,0,2", padding=((1, 0), (0, 2))),
    Setting(f"x={SIX}&weight=1,2,3|-1,0.5,0|2,-2,1"),
    Setting("x=1.25,2.5&weight=1.25"),
    Setting("x=99999,12345&weight=7"),  # results that no label holds in full
)  # fmt: skip


@pytest.fixture
def open_setting(follow: Callable[[str, str], Stage]) -> Callable[..., Stage]:
    def opened(setting: Setting, more: str = "") -> Stage:
        stage = follow("/slide", "&".join(filter(None, [setting.link, more])))
        said = stage.page.get_by_test_id("stAlert").all_inner_texts()
        assert said == []  # nothing mended, nothing refused
        return stage

    return opened


@dataclass(frozen=True)
class Arrays:
    """What a setting computes: x as shown, then everything from `convcore`."""

    x: np.ndarray  # (C, H, W)
    padded: np.ndarray
    sliding: np.ndarray  # (F, C/groups, kH, kW), turned if the setting turns it
    y: np.ndarray  # (F, H_out, W_out)


def compute(setting: Setting, x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None) -> Arrays:
    """weight : planes (F * C/groups, kH, kW), as shown."""
    weight = weight.reshape(-1, len(x) // setting.groups, *weight.shape[1:])
    sliding = weight[:, :, ::-1, ::-1] if setting.flip else weight
    padded = pad2d(x, setting.padding, setting.mode)
    y = conv2d(padded, sliding, bias, setting.stride, 0, setting.dilation, setting.groups)
    return Arrays(x, padded, sliding, y)


def arrays_shown(setting: Setting, seen: Reading) -> Arrays:
    """x, kernel and bias from their cells, and what follows from them."""
    shown = seen.array("input")  # with its padding
    (top, bottom), (left, right) = setting.padding
    x = shown[:, top : shown.shape[1] - bottom, left : shown.shape[2] - right]
    rows = {row for _, row, _ in seen.grid("input")}
    cols = {col for _, _, col in seen.grid("input")}
    assert (min(rows), max(rows)) == (-top, x.shape[1] - 1 + bottom)
    assert (min(cols), max(cols)) == (-left, x.shape[2] - 1 + right)
    bias = seen.array("bias").ravel() if seen.grid("bias") else None
    arrays = compute(setting, x, seen.array("kernel"), bias)
    np.testing.assert_array_equal(shown, arrays.padded)
    return arrays


@dataclass(frozen=True)
class Site:
    """An input cell and the weight that it meets in one output."""

    read: Place
    weight: Place
    numbers: tuple[float, float]


def sites_of(setting: Setting, arrays: Arrays, out: Place) -> Iterator[Site]:
    """The taps of an output, channel by channel, row by row, from the formula."""
    f, i, j = out
    filters, depth, height, width = arrays.sliding.shape
    first = f // (filters // setting.groups) * depth
    for c, u, v in product(range(depth), range(height), range(width)):
        h, w = setting.input_index(0, i, u), setting.input_index(1, j, v)
        a, b = (height - 1 - u, width - 1 - v) if setting.flip else (u, v)
        at = (h + setting.before[0], w + setting.before[1])
        yield Site(
            (first + c, h, w),
            (f * depth + c, a, b),
            (arrays.padded[(first + c, *at)], arrays.sliding[f, c, u, v]),
        )


def steps_to_visit(steps: int) -> list[int]:
    return sorted({0, 1 % steps, steps // 3, steps // 2, steps - 1})


def check_sum(setting: Setting, arrays: Arrays, out: Place, seen: Reading, digits: str) -> None:
    """The written sum has this step's factors, comes to its result, and that is the cell's."""
    written = WrittenSum.read(seen.text)
    sites = list(sites_of(setting, arrays, out))
    assert len(written.factors) == len(sites)
    for factors, site in zip(written.factors, sites, strict=True):
        assert factors == pytest.approx(site.numbers, rel=0 if written.exact else 5.1e-3, abs=0)
    assert written.label == digits
    value = arrays.y[out]
    assert written.value == pytest.approx(value, rel=5.1e-3, abs=1e-12)
    slack = (
        0
        if written.exact and not written.rounded
        else 0.011 * (sum(map(abs, written.products)) + abs(value))
    )
    assert written.total == pytest.approx(written.value, rel=1e-12, abs=slack + 1e-12)
    if arrays.sliding.shape[1] > 1:
        depth = len(sites) // arrays.sliding.shape[1]
        for n, part in enumerate(written.parts):
            own = sum(a * b for a, b in (s.numbers for s in sites[n * depth : (n + 1) * depth]))
            assert part == pytest.approx(own, rel=5.1e-3, abs=1e-12)
        assert len(written.parts) == arrays.sliding.shape[1]
    else:
        assert written.parts == ()


def check_reading(setting: Setting, arrays: Arrays, seen: Reading) -> None:
    """One step: every output cell, the lit cells of every grid, and the written sum."""
    np.testing.assert_allclose(seen.array("output"), arrays.y, rtol=1e-9, atol=1e-9)
    out = tuple(int(n) for n in np.unravel_index(seen.step, arrays.y.shape))
    sites = list(sites_of(setting, arrays, out))
    assert seen.lit("input") == {site.read for site in sites}
    assert seen.lit("kernel") == {site.weight for site in sites}
    assert seen.lit("output") == {out}
    assert seen.lit("bias") == ({(0, 0, out[0])} if seen.grid("bias") else set())
    check_sum(setting, arrays, out, seen, seen.grid("output")[out].digits)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.link or "default")
def test_every_number(setting: Setting, open_setting: Callable[..., Stage]) -> None:
    stage = open_setting(setting)
    steps = steps_to_visit(stage.read().steps)
    readings = stage.walk(steps)
    arrays = arrays_shown(setting, readings[0])
    assert readings[0].steps == arrays.y.size
    assert [seen.step for seen in readings] == steps
    for seen in readings:
        check_reading(setting, arrays, seen)


def test_every_step(open_setting: Callable[..., Stage]) -> None:
    """One setting with everything in it, at each of its steps and not only at some."""
    setting = Setting(
        "size=5x6&kernel_size=2x3&stride=2x1&dilation=1x2&padding=1,0,0,2&in_channels=2"
        "&out_channels=2&operation=convolution&bias=1,-1&picture=random&kernel=random",
        stride=(2, 1), dilation=(1, 2), padding=((1, 0), (0, 2)), flip=True,
    )  # fmt: skip
    stage = open_setting(setting)
    readings = stage.walk(list(range(stage.read().steps)))
    arrays = arrays_shown(setting, readings[0])
    for seen in readings:
        check_reading(setting, arrays, seen)


@pytest.mark.parametrize(
    "tamper",
    [
        """stage => {
            const cell = stage.querySelector("[data-grid=output][data-row='1'][data-col='1']");
            cell.dataset.value = Number(cell.dataset.value) + 0.001;
        }""",
        "stage => stage.querySelector('[data-grid=output][data-lit] .digits').textContent += '0'",
        "stage => delete stage.querySelector('[data-grid=input][data-lit]').dataset.lit",
        "stage => delete stage.querySelector('[data-grid=kernel][data-lit]').dataset.lit",
        "stage => stage.querySelector('.term span').textContent += '0'",
        "stage => stage.querySelector('.step-text .line').remove()",
    ],
    ids=["value", "label", "input not lit", "kernel not lit", "factor", "missing line"],
)
def test_a_wrong_number_is_noticed(tamper: str, slide: Callable[[str], Stage]) -> None:
    """The comparison above can fail: each of these, planted on the stage, fails it."""
    setting = Setting("size=5&picture=ramp&kernel=counting")
    stage = slide(setting.link)
    seen = stage.walk([4])[0]
    arrays = arrays_shown(setting, seen)
    check_reading(setting, arrays, seen)
    stage.root.evaluate(tamper)
    with pytest.raises(AssertionError):
        check_reading(setting, arrays, stage.read())


# ---- typed and preset arrays are the ones the link means ------------------------------------


def test_typed_numbers_are_shown(open_setting: Callable[..., Stage]) -> None:
    seen = open_setting(Setting(f"x={X_DECIMALS}&weight=0.1,-0.3;-2.5,1e-3")).read()
    typed = [[float(cell) for cell in row.split(",")] for row in X_DECIMALS.split(";")]
    np.testing.assert_array_equal(seen.array("input"), [typed])
    np.testing.assert_array_equal(seen.array("kernel"), [[[0.1, -0.3], [-2.5, 1e-3]]])


PRESETS = {  # as the page calls it: as the core calls it
    "sobel_x": "sobel_x",
    "sobel_y": "sobel_y",
    "prewitt_x": "prewitt_x",
    "laplacian": "laplacian_4",
    "sharpen": "sharpen",
    "emboss": "emboss",
    "mean": "box_3",
    "gaussian": "gaussian_3",
    "identity": "identity",
    "counting": "one_to_nine",
}


def test_preset_kernels_are_those_of_the_core(open_setting: Callable[..., Stage]) -> None:
    shown = {
        name: open_setting(Setting(f"kernel={name}")).read().array("kernel")[0] for name in PRESETS
    }
    for name, core in PRESETS.items():
        np.testing.assert_allclose(shown[name], KERNELS[core].values, rtol=1e-9, err_msg=name)


def test_impulse_prints_the_kernel_turned(open_setting: Callable[..., Stage]) -> None:
    seen = open_setting(Setting("size=5&picture=impulse&kernel=counting")).read()
    np.testing.assert_array_equal(seen.array("output"), [[[9, 8, 7], [6, 5, 4], [3, 2, 1]]])


def test_impulse_prints_the_kernel_upright(open_setting: Callable[..., Stage]) -> None:
    link = "size=5&picture=impulse&kernel=counting&operation=convolution"
    seen = open_setting(Setting(link)).read()
    np.testing.assert_array_equal(seen.array("output"), [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])


# ---- heat maps ------------------------------------------------------------------------------

HEAT = (
    Setting("size=20&picture=ramp"),
    Setting("size=24&picture=ramp&kernel=counting&kernel_size=2x3&padding=1", padding=alike(1)),
    Setting(
        "size=21x23&picture=ramp&stride=2x3&padding=0,2,1,0&operation=convolution&kernel=emboss",
        stride=(2, 3), padding=((0, 2), (1, 0)), flip=True,
    ),
    Setting(
        "size=20x17&picture=ramp&dilation=2x3&padding=2&padding_mode=reflect&in_channels=2",
        dilation=(2, 3), padding=alike(2), mode="reflect",
    ),
)  # fmt: skip


@pytest.mark.parametrize("setting", HEAT, ids=lambda s: s.link)
def test_magnified_cells_of_a_heat_map(
    setting: Setting, open_setting: Callable[..., Stage]
) -> None:
    """The large grid has no cells of its own; the window beside it has, with the same numbers."""
    stage = open_setting(setting)
    first = stage.read()
    assert first.grid("input") == {}
    kernel = first.array("kernel")
    size = dict(part.split("=") for part in setting.link.split("&"))["size"]
    height, width = (int(n) for n in (size.split("x") * 2)[:2])
    channels = len(kernel)
    ramp = np.arange(1.0, channels * height * width + 1).reshape(channels, height, width)
    arrays = compute(setting, ramp, kernel, None)
    assert first.steps == arrays.y.size
    steps = sorted({*range(0, first.steps, 7), first.steps - 1})
    for step, seen in zip(steps, stage.walk(steps), strict=True):
        out = tuple(int(n) for n in np.unravel_index(step, arrays.y.shape))
        sites = {site.read: site.numbers[0] for site in sites_of(setting, arrays, out)}
        window, nearby = seen.grid("input", magnified=True), seen.grid("output", magnified=True)
        assert {at: cell.value for at, cell in window.items()} == sites
        assert out in nearby
        for at, cell in nearby.items():
            assert cell.value == pytest.approx(arrays.y[at], rel=1e-9, abs=1e-9)
        assert seen.lit("input", magnified=True) == set(sites)
        assert seen.lit("output", magnified=True) == {out}
        check_sum(setting, arrays, out, seen, nearby[out].digits)


# ---- coverage -------------------------------------------------------------------------------

COVERAGE = (
    Setting(""),
    Setting("size=10x11&stride=2", stride=(2, 2)),
    Setting("size=10&kernel_size=2&stride=5", stride=(5, 5)),
    Setting(
        "size=9&stride=2&dilation=2&padding=1",
        stride=(2, 2), dilation=(2, 2), padding=alike(1),
    ),
    Setting("size=6&stride=2&padding=1", stride=(2, 2), padding=alike(1)),
    Setting("size=5x6&padding=0,1,2,0&stride=3x2", stride=(3, 2), padding=((0, 1), (2, 0))),
    Setting("size=12&kernel_size=2x3&dilation=4x1&stride=1x4", stride=(1, 4), dilation=(4, 1)),
    Setting("size=8&kernel_size=4&padding=same", padding=((1, 2), (1, 2))),
    Setting("size=5&in_channels=2&out_channels=3&padding=full", padding=alike(2)),
    Setting("size=1&kernel_size=1"),
)  # fmt: skip


def kernel_size_of(seen: Reading) -> tuple[int, int]:
    """Coverage has no kernel on the stage: the window's size is that of the first step's taps."""
    first = [place for place in seen.lit("input") if place[0] == 0]
    return len({row for _, row, _ in first}), len({col for _, _, col in first})


@pytest.mark.parametrize("setting", COVERAGE, ids=lambda s: s.link or "default")
def test_coverage(setting: Setting, open_setting: Callable[..., Stage]) -> None:
    stage = open_setting(setting, "view=coverage")
    seen = stage.walk([0])[0]
    (top, bottom), (left, right) = setting.padding
    height, width = seen.array("input").shape[1:]
    real = (height - top - bottom, width - left - right)
    size = kernel_size_of(seen)
    counts = coverage(real, size, setting.stride, setting.padding, setting.dilation)
    padded = coverage((height, width), size, setting.stride, 0, setting.dilation)
    np.testing.assert_array_equal(padded[top : top + real[0], left : left + real[1]], counts)
    shown = seen.array("coverage")
    np.testing.assert_array_equal(shown, [padded])
    for grid in ("coverage", "input"):
        for (_, row, col), cell in seen.grid(grid).items():
            read = padded[row + top, col + left] > 0
            assert bool(cell.marks & NEVER_READ) != read, (grid, row, col, cell.marks)


def test_coverage_of_copies_counts_windows(open_setting: Callable[..., Stage]) -> None:
    """A window that reads a pixel itself and through its copies is one window."""
    setting = Setting("size=3&padding=1&padding_mode=replicate", padding=alike(1), mode="replicate")
    seen = open_setting(setting, "view=coverage").read()
    place = np.arange(9.0).reshape(1, 3, 3)
    source = pad2d(place, setting.padding, setting.mode)[0].astype(int)
    windows = [set(source[i : i + 3, j : j + 3].ravel()) for i, j in product(range(3), range(3))]
    expected = [[sum(w in window for window in windows) for w in row] for row in place[0]]
    shown = seen.array("coverage")[0, 1:-1, 1:-1]
    np.testing.assert_array_equal(shown, expected)


def test_never_read_cells_say_why(open_setting: Callable[..., Stage]) -> None:
    """Row 9 is left over, column gaps lie between windows, dilation holes inside them."""
    leftover = open_setting(Setting("size=10&stride=2&view=coverage")).read().grid("coverage")
    assert "leftover" in leftover[0, 9, 0].marks
    gap = open_setting(Setting("size=10&kernel_size=2&stride=5&view=coverage")).read()
    assert "gap" in gap.grid("coverage")[0, 0, 3].marks
    hole = open_setting(Setting("size=9&stride=2&dilation=2&padding=1&view=coverage")).read()
    assert "hole" in hole.grid("coverage")[0, 0, 0].marks


# ---- the convolution matrix -----------------------------------------------------------------

COUNTING = "weight=1,2,3;4,5,6;7,8,9"
MATRIX = (
    Setting(f"size=5&{COUNTING}"),
    Setting(f"size=5&{COUNTING}&operation=convolution", flip=True),
    Setting(f"size=4x6&{COUNTING}&stride=1x2&padding=1", stride=(1, 2), padding=alike(1)),
    Setting("size=5&weight=1,-2;3,0.5&dilation=3", dilation=(3, 3)),
    Setting("size=4&weight=1,-2;3,0.5&padding=0,1,2,0", padding=((0, 1), (2, 0))),
    Setting(
        "size=3&weight=1,-2;3,0.5&padding=1&padding_mode=circular",
        padding=alike(1), mode="circular",
    ),
    Setting("size=3x4&in_channels=2&weight=1,-2;3,0.5|5,6;7,8|0,1;1,0|2,2;-2,-2&out_channels=2"),
    Setting(
        "size=3&in_channels=2&out_channels=2&groups=2&weight=1,-2;3,0.5|5,6;7,8", groups=2
    ),
    Setting("size=1&weight=-3"),
)  # fmt: skip


def typed_weight(setting: Setting) -> np.ndarray:
    text = next(p for p in setting.link.split("&") if p.startswith("weight=")).partition("=")[2]
    planes = [[row.split(",") for row in plane.split(";")] for plane in text.split("|")]
    return np.array(planes, float)


@pytest.mark.parametrize("setting", MATRIX, ids=lambda s: s.link)
def test_matrix(setting: Setting, open_setting: Callable[..., Stage]) -> None:
    stage = open_setting(setting, "view=matrix")
    seen = stage.read()
    shown = seen.array("input")
    (top, bottom), (left, right) = setting.padding
    x = shown[:, top : shown.shape[1] - bottom, left : shown.shape[2] - right]
    arrays = compute(setting, x, typed_weight(setting), None)
    read, padding = (x, setting.padding) if setting.mode == "zeros" else (arrays.padded, 0)
    matrix = conv2d_matrix(
        arrays.sliding, read.shape, setting.stride, padding, setting.dilation, setting.groups
    )
    np.testing.assert_allclose(seen.array("matrix")[0], matrix, rtol=1e-9)
    np.testing.assert_allclose(seen.array("input_vector").ravel(), read.ravel(), rtol=1e-9)
    np.testing.assert_allclose(seen.array("output_vector").ravel(), arrays.y.ravel(), rtol=1e-9)
    steps = steps_to_visit(seen.steps)
    for step, now in zip(steps, stage.walk(steps), strict=True):
        lit = now.lit("matrix")
        assert {row for _, row, _ in lit} <= {step}
        assert {col for _, _, col in lit} >= set(np.flatnonzero(matrix[step]))
        assert {col for _, _, col in now.lit("input_vector")} == {col for _, _, col in lit}
        assert {row for _, row, _ in now.lit("output_vector")} == {step}
        outline = stage.root.locator("[data-block=matrix] .plane:has([data-grid=matrix]) .window")
    top_row = outline.evaluate("node => Number(node.style.getPropertyValue('--top'))")
    assert top_row == steps[-1]
    out = tuple(int(n) for n in np.unravel_index(steps[-1], arrays.y.shape))
    vector = now.grid("output_vector")[0, steps[-1], 0]
    check_sum(setting, arrays, out, now, vector.digits)
