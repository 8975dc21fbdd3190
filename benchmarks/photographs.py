"""What a slider of the filters page asks of the server: the filter, the maps, their bytes."""

import tracemalloc
from statistics import median
from time import perf_counter

from benchmarks.table import table
from convview import photographs
from convview.params import Filters
from convview.scenes import filters

SIZES = {
    "512x512, colours": (512, True, 150),
    "2000x2000, grey": (2000, False, 1000),
    "2000x2000, colours": (2000, True, 1000),
}
ASKED = {
    "sobel_x": {"filter": "sobel_x"},
    "gaussian 15x15": {"filter": "gaussian", "window": 15, "sigma": 3.0},
    "log 31x31": {"filter": "log", "window": 31, "sigma": 5.0},
    "edges": {"view": "edges"},
}


def work(rounds: int) -> str:
    """Milliseconds on this machine, and the most memory that one of them takes."""
    rows = []
    for size, (side, colour, goal) in SIZES.items():
        own = photographs.hopper().resize((side, side))
        for name, settings in ASKED.items():
            params = Filters(
                **{"view": "filter", "picture": "own", "side": side, "colour": colour} | settings
            )
            times = [_timed(params, own) for _ in range(rounds + 1)][1:]
            rows.append((size, name, f"{1e3 * median(times):.0f}", str(goal), _memory(params, own)))
    heads = ("picture", "filter", "ms", "goal ms", "MB at most (goal 150)")
    return table("Filters page, on the server, for each move of a slider", heads, rows)


def _timed(params: Filters, own: object) -> float:
    start = perf_counter()
    filters.content(params, own).packed()
    return perf_counter() - start


def _memory(params: Filters, own: object) -> str:
    tracemalloc.start()
    filters.content(params, own).packed()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return f"{peak / 1e6:.0f}"
