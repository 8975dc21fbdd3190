"""What a filter costs: multiplications counted, time measured, and which way the core takes."""

from statistics import median
from time import perf_counter

import numpy as np

from convcore import ShapeError, conv2d
from convcore.by_factors import factors
from convcore.by_fft import tile_size
from convcore.loops import conv2d_loops
from convcore.sums import LARGE, SPECTRAL, TWO_PASSES, WIDE, check_method, fastest
from convcore.taps import axis_taps
from convview import labels
from convview.scenes.layer import times

CORNERS = (256, 64)  # rows and columns that are measured at most: the first that is quick
PRODUCTS = 20_000_000  # that a way forms at most, to be measured
FEWEST, MOST = 3, 7  # rounds of measurements
BUDGET = 0.15  # seconds, after which no other round begins
LITERAL = (24, 16, 12, 8, 4)  # rows and columns of the literal loops: the first that is quick
LITERAL_PRODUCTS = 12_000  # that they form at most
STRIDE = 2  # of the literal loops

WAYS = {
    "columns": "Direct: windows gathered, one matrix product",
    "rows": "Direct: each row of the kernel a product of its own",
    "shifts": "Direct: whole rows shifted",
    "factors": "Separable: a column, then a row",
    "fft": "By spectra (FFT), in tiles",
}


def cost(found):
    """(sentences, table): each way, its multiplications for the picture, its time on this server.

    The time is that of one channel of a corner, all ways in turn.
    """
    x, axes, way = _measured_corner(found)
    rounds, took = _measured({name: _call(x, found, name) for name in _possible(x, found, axes)})
    times_of = {name: _milliseconds(seconds) for name, seconds in took.items()}
    return _sentences(found, x, way, times_of, rounds), _table(found, x, axes, way, times_of)


def _table(found, x, axes, way, took):
    """Rows of cells, heads first."""
    head = f"Multiplications for {times(found.y.shape[1:])}"
    one = ", one channel" * (len(found.y) > 1)
    yield ["Way", head, f"Milliseconds for {times(x.shape[2:])}{one}"]
    whole = _axes(found.x, found)
    for name, title in WAYS.items():
        mark = " (the core's choice)" * (name == way)
        if name not in took and _products(name, axes) <= PRODUCTS:
            yield [title, "not possible here", ""]
            continue
        about = "about " * (name == "fft") + _many(name, len(found.y), whole)
        yield [f"{title}{mark}", about, took.get(name, "too many to measure")]


def _many(way, channels, axes):
    """The count of multiplications of a way; by spectra it is rounded."""
    count = multiplications(way, channels, *axes)
    return f"{int(float(f'{count:.3g}')) if way == 'fft' else count:,}"


def _milliseconds(seconds):
    return f"{1e3 * seconds:,.0f}" if seconds >= 0.1 else f"{1e3 * seconds:.3g}"


def multiplications(way, channels, rows, columns):
    """Of all outputs and channels; a transform of N real numbers as N log2 N."""
    outputs = rows.output_size * columns.output_size
    tall, wide = rows.kernel_size, columns.kernel_size
    if way == "factors":
        return channels * outputs * (tall + wide)
    if way == "fft":
        sides, across = _tiles(rows, columns)
        tiles, cells = across[0] * across[1], sides[0] * sides[1]
        transform = cells * np.log2(cells)
        return transform + channels * tiles * (2 * transform + 2 * cells)
    return channels * outputs * tall * wide


def _tiles(*axes):
    """The sides of a tile, and how many there are along each."""
    sides = [tile_size(axis) for axis in axes]
    across = [
        -(-axis.output_size // (side - axis.kernel_size + 1))
        for axis, side in zip(axes, sides, strict=True)
    ]
    return sides, across


def _sentences(found, x, way, took, rounds):
    cells = times(x.shape[2:])
    yield (
        f"The core (convcore, the part of this app that convolves) chooses “{WAYS[way]}” for "
        f"{cells} cells, because {_reason(found, x, way)}."
    )
    quickest = min(took, key=lambda name: float(took[name].replace(",", "")))
    if float(took[quickest].replace(",", "")) < float(took[way].replace(",", "")):
        yield (
            f"On this server another way is quicker, “{WAYS[quickest]}”: {took[quickest]} ms, the "
            f"core's choice {took[way]} ms. The core chooses by sizes, without measuring."
        )
    yield (
        f"Milliseconds are this server's, rounded: medians of {rounds} measurements, the ways in "
        "turn, after one of each that does not count."
    )
    yield from _counts(found)
    yield _literal(found)
    yield "Every way gives the same numbers, but for rounding."


def _counts(found):
    """Sentences on the counts of the table, each as a formula with its numbers."""
    (channels, height, width), (tall, wide) = found.y.shape, found.weight.shape
    several = f"{channels} · " * (channels > 1)
    places = f"{several}{height} · {width}"
    axes = _axes(found.x, found)
    yield f"Each direct way: {places} · {tall} · {wide} = {_many('columns', channels, axes)}."
    if factors(found.weight) is not None:
        yield (
            f"Separable, both passes counted at the outputs alone: {places} · ({tall} + {wide}) = "
            f"{_many('factors', channels, axes)}."
        )
    sides, across = _tiles(*axes)
    tiles = channels * across[0] * across[1]
    cells = sides[0] * sides[1]
    once = f"{cells:,} · log₂({cells:,})"
    yield (
        f"By spectra: {several}{across[0]} · {across[1]} = {labels.counted(tiles, 'tile')} of "
        f"{times(sides)} = {cells:,} cells. A transform of so many counts as {once}; the filter "
        f"takes one, each tile two and 2 · {cells:,} more for the product of spectra: in all "
        f"(1 + 2 · {tiles}) · {once} + {tiles} · 2 · {cells:,} "
        f"≈ {round(multiplications('fft', channels, *axes)):,}."
    )


def _reason(found, x, way):
    """Each condition on the way to this choice."""
    (tall, wide), (height, width) = found.weight.shape, x.shape[2:]
    outputs, taps = f"{height * width:,} outputs", f"{tall} × {wide} = {tall * wide:,} taps"
    if height * width < LARGE:
        return f"{outputs} are fewer than {LARGE:,}, and then it is this way for every filter"
    few = (
        f"its smaller side, {min(tall, wide)}, is less than {TWO_PASSES}"
        if min(tall, wide) < TWO_PASSES
        else "it is no column times a row"
    )
    if way == "factors":
        return (
            f"{outputs} are at least {LARGE:,}, the filter's smaller side, {min(tall, wide)}, is "
            f"at least {TWO_PASSES}, and it is a column times a row"
        )
    if way == "fft":
        return (
            f"{outputs} are at least {LARGE:,}, the filter's {taps} are at least {SPECTRAL}, and "
            f"{few}"
        )
    wide_enough = "at least" if way == "shifts" else "shorter than"
    return (
        f"rows of {width} outputs are {wide_enough} {WIDE}, the filter's {taps} are fewer than "
        f"{SPECTRAL}, and {few}"
    )


def _measured_corner(found):
    """x (1, 1, H, W), its axes, and the core's choice for it."""
    for side in CORNERS:
        x = np.ascontiguousarray(found.x[None, :1, :side, :side])
        axes = _axes(x[0], found)
        way = fastest(x, found.weight[None, None], *axes)
        if _products(way, axes) <= PRODUCTS:
            break
    return x, axes, way


def _axes(x, found):
    return [
        axis_taps(size, reach, 1, sides, 1)
        for size, reach, sides in zip(x.shape[1:], found.weight.shape, found.pads, strict=True)
    ]


def _products(way, axes):
    return multiplications(way, 1, *axes)


def _possible(x, found, axes):
    """The ways that can compute this, and not too many products to be measured."""
    for way in WAYS:
        try:
            check_method(way, x, found.weight[None, None], *axes)
        except ShapeError:
            continue
        if _products(way, axes) <= PRODUCTS:
            yield way


def _call(x, found, way):
    return lambda: conv2d(x, found.weight[None, None], None, 1, found.pads, method=way)


def _measured(calls):
    """(rounds, {name: median seconds}): one round that does not count, then all in turn."""
    for call in calls.values():
        call()
    took = {name: [] for name in calls}
    begun = perf_counter()
    rounds = 0
    while rounds < FEWEST or (rounds < MOST and perf_counter() - begun < BUDGET):
        for name, call in calls.items():
            start = perf_counter()
            call()
            took[name].append(perf_counter() - start)
        rounds += 1
    return rounds, {name: median(each) for name, each in took.items()}


def _literal(found):
    """The literal loops beside the fast way, on the same few cells."""
    each = found.weight.size * len(found.y) / STRIDE**2
    side = next((n for n in LITERAL if n * n * each <= LITERAL_PRODUCTS), LITERAL[-1])
    x = np.ascontiguousarray(found.x[None, :, :side, :side])  # one picture of several channels
    channels = x.shape[1]
    weight = np.repeat(found.weight[None, None], channels, axis=1)
    setting = x, weight, None, STRIDE, found.pads
    slow, fast = conv2d_loops(*setting), conv2d(*setting)
    rounds, took = _measured(
        {"loops": lambda: conv2d_loops(*setting), "fast": lambda: conv2d(*setting)}
    )
    several = f"{channels} channels summed" if channels > 1 else "1 channel"
    apart = labels.marked(np.abs(slow - fast).max())
    return (
        f"Literal loops, a smaller test of its own (the first {times(x.shape[2:])} cells, "
        f"{several}, stride {STRIDE}, zeros around): {slow.size * weight.size:,} multiplications, "
        f"those with the zeros included, in {_milliseconds(took['loops'])} ms; the fast way there "
        f"{_milliseconds(took['fast'])} ms, medians of {rounds}; largest difference between their "
        f"answers: {apart}."
    )
