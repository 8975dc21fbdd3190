"""What a filter costs: multiplications counted, time measured, and which way the core takes."""

from time import perf_counter

import numpy as np

from convcore import ShapeError, conv2d
from convcore.by_fft import tile_size
from convcore.loops import conv2d_loops
from convcore.sums import LARGE, SPECTRAL, TWO_PASSES, WIDE, fastest
from convcore.taps import axis_taps
from convview import labels
from convview.scenes.layer import times

CORNER = 256  # rows and columns that are measured at most
LITERAL = (24, 16, 12, 8, 4)  # rows and columns of the literal loops: the first that is quick
PRODUCTS = 150_000  # that they form at most
STRIDE = 2  # of the literal loops
TIMES = 3  # each quick way is taken; the quickest counts
QUICK = 0.03  # seconds

WAYS = {
    "columns": "Direct: windows gathered, one matrix product",
    "rows": "Direct: each row of the kernel a product of its own",
    "shifts": "Direct: whole rows shifted",
    "factors": "Separable: a column, then a row",
    "fft": "By spectra (FFT), in tiles",
}


def cost(found):
    """Rows of cells, heads first: each way, its multiplications for the picture, its time.

    The time is that of a corner of at most 256 x 256 cells, on this server.
    """
    corner, axes = _corner(found, CORNER)
    chosen = fastest(corner, found.weight[None, None], *axes)
    whole = times(found.y.shape[1:])
    yield ["Way", f"Multiplications for {whole}", f"Milliseconds for {times(corner.shape[2:])}"]
    for way, name in WAYS.items():
        mark = " (the core's choice)" if way == chosen else ""
        try:
            took = _measured(corner, found, way)
        except ShapeError:
            yield [name, "not possible here", ""]
            continue
        count = multiplications(way, found)
        about = "about " if way == "fft" else ""
        yield [f"{name}{mark}", f"{about}{count:,}", _milliseconds(took)]


def _milliseconds(seconds):
    return f"{1e3 * seconds:,.0f}" if seconds >= 0.1 else f"{1e3 * seconds:.3g}"


def multiplications(way, found):
    """Of the whole picture, all channels; a transform of N real numbers as N log2 N."""
    channels, height, width = found.y.shape
    tall, wide = found.weight.shape
    if way == "factors":
        return channels * height * width * (tall + wide)
    if way == "fft":
        rows, cols = _axes(found.x, found)
        sides = tile_size(rows), tile_size(cols)
        tiles = -(-height // (sides[0] - tall + 1)) * -(-width // (sides[1] - wide + 1))
        cells = sides[0] * sides[1]
        transform = cells * np.log2(cells)
        return round(transform + channels * tiles * (2 * transform + 2 * cells))
    return channels * height * width * tall * wide


def chosen(found):
    """Sentences: which way the core takes for this corner, and why."""
    corner, axes = _corner(found, CORNER)
    way = fastest(corner, found.weight[None, None], *axes)
    tall, wide = found.weight.shape
    outputs = corner.shape[2] * corner.shape[3]
    reasons = {
        "factors": f"its smaller side is at least {TWO_PASSES} and it is a column times a row",
        "fft": f"{tall} × {wide} = {tall * wide} taps are at least {SPECTRAL}, and "
        + (
            "it is no column times a row"
            if min(tall, wide) >= TWO_PASSES
            else f"its smaller side is less than {TWO_PASSES}"
        ),
        "shifts": f"rows of {corner.shape[3]} cells are at least {WIDE}, and few channels meet",
        "columns": f"{outputs:,} outputs are fewer than {LARGE:,}: whole numbers stay whole"
        if outputs < LARGE
        else f"rows of {corner.shape[3]} cells are shorter than {WIDE}",
    }
    cells = times(corner.shape[2:])
    yield f"The core's choice for {cells} cells: {WAYS[way]}, because {reasons[way]}."
    yield _literal(found)
    yield "Every way gives the same numbers, but for rounding; times are this server's."


def _corner(found, side):
    x = np.ascontiguousarray(found.x[:, None, :side, :side])
    return x, _axes(x[:, 0], found)


def _axes(x, found):
    return [
        axis_taps(size, reach, 1, sides, 1)
        for size, reach, sides in zip(x.shape[1:], found.weight.shape, found.pads, strict=True)
    ]


def _measured(x, found, way):
    weight = found.weight[None, None]
    times = []
    for _ in range(TIMES):
        start = perf_counter()
        conv2d(x, weight, None, 1, found.pads, method=way)
        times.append(perf_counter() - start)
        if times[-1] > QUICK:
            break
    return min(times)


def _literal(found):
    """The literal loops beside the fast way, on the same few cells."""
    each = found.weight.size * len(found.y) / STRIDE**2
    side = next((side for side in LITERAL if side * side * each <= PRODUCTS), LITERAL[-1])
    small, _ = _corner(found, side)
    x = small.transpose(1, 0, 2, 3)  # one picture of several channels
    setting = np.repeat(found.weight[None, None], len(small), axis=1), None, STRIDE, found.pads
    answers, took = [], []
    for way in (conv2d_loops, conv2d):
        start = perf_counter()
        answers.append(way(x, *setting))
        took.append(_milliseconds(perf_counter() - start))
    slow, fast = answers
    channels = f"{len(small)} channels summed" if len(small) > 1 else "1 channel"
    return (
        f"Literal loops, {channels}, stride {STRIDE}, on {times(small.shape[2:])} cells: "
        f"{slow.size * setting[0].size:,} multiplications in {took[0]} ms; the fast way there "
        f"{took[1]} ms; largest difference {labels.label(float(np.abs(slow - fast).max()))}."
    )
