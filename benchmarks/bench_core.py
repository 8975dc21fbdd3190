"""The speed of convcore beside torch, SciPy, OpenCV and the literal loops.

    python -m benchmarks.bench_core [--quick]

One process, one thread, float32; everybody's runs of a workload in turns, so that what disturbs one
disturbs all, and medians of them. Ratios are what to read. Prints the tables and writes them to
benchmarks/RESULTS.md. The peers are in requirements-bench.txt.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is loaded

import argparse  # noqa: E402
import time  # noqa: E402
import tracemalloc  # noqa: E402
from collections.abc import Callable  # noqa: E402
from importlib.metadata import version  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks.table import table  # noqa: E402
from benchmarks.workloads import GOALS, WHY, Workload, workloads  # noqa: E402

RESULTS = Path(__file__).with_name("RESULTS.md")
SECONDS = 0.6  # of each peer's runs of a workload, about
PEAK = 1024  # rows and columns of the matrices whose product is the peak


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_core")
    parser.add_argument("--quick", action="store_true", help="fewer turns, rougher numbers")
    seconds = SECONDS / 4 if parser.parse_args().quick else SECONDS
    a = np.random.default_rng(0).standard_normal((PEAK, PEAK), np.float32)
    rows, found = [], {}
    for work in workloads():
        work.check()
        ways = {"ours": work.ours, "gemm": lambda: a @ a, **work.peers}
        times = in_turns(ways, seconds)
        peak = 2 * PEAK**3 / times["gemm"]
        share = work.macs and 2 * work.macs / times["ours"] / peak
        ratios = {name: times[name] / times["ours"] for name in work.peers}
        scratch = scratch_of(work)
        found.setdefault(work.area, []).append((work, ratios, share, scratch))
        rows.append(
            (
                work.name,
                f"{1000 * times['ours']:.3g}",
                *(f"x{ratios[name]:.2f}" if name in ratios else "" for name in PEERS),
                f"{100 * share:.0f} %" if share else "",
                f"{scratch / 2**20:.1f}",
            )
        )
        print(rows[-1], flush=True)
    heads = ("", "ms", *PEERS, "of the peak", "scratch MiB")
    reached = list(goals(found))
    short = [row for row in reached if row[-1] != "goal"]
    text = "\n\n".join(
        (
            "# How fast convcore is",
            f"{os.cpu_count()} cores, one thread, {blas()}; "
            + ", ".join(f"{name} {version(name)}" for name in VERSIONS),
            "Written by `make bench`. x2 beside a peer: it takes twice our time.",
            table("Medians of interleaved runs, float32", heads, rows).lstrip(),
            table(REACHED, HEADS, reached).lstrip(),
            *(f"- {row[0]}: {row[3]} of {row[2]}. {reason(row[0])}" for row in short),
        )
    )
    print(text)
    RESULTS.write_text(text + "\n", encoding="utf-8")


PEERS = ("torch", "fftconvolve", "OpenCV", "loops")
REACHED = "Goals, and the worst of their workloads (other rows are measured without one)"
HEADS = ("", "must hold", "goal", "reached", "")
VERSIONS = ("numpy", "scipy", "torch", "opencv-python-headless")


def in_turns(ways: dict[str, Callable[[], object]], seconds: float) -> dict[str, float]:
    """{name: seconds, the median}; each gets as many turns as the slowest has time for."""
    once = {name: timed(way) for name, way in ways.items()}
    slow = {name for name, first in once.items() if first > seconds}
    quick = {name: way for name, way in ways.items() if name not in slow}
    turns = max(3, min(200, int(seconds / max(once[name] for name in quick))))
    times = {name: [once[name]] if name in slow else [] for name in ways}
    for _ in range(turns):
        for name, way in quick.items():
            times[name].append(timed(way))
    return {name: median(some) for name, some in times.items()}


def timed(way: Callable[[], object]) -> float:
    """Of a second call, with its own numbers in the caches; the mean of many if they are short."""
    way()
    start = time.perf_counter()
    way()
    took = time.perf_counter() - start
    if took > 2e-4:
        return took
    start = time.perf_counter()
    for _ in range(300):
        way()
    return (time.perf_counter() - start) / 300


def scratch_of(work: Workload) -> int:
    """Bytes at the highest point of a call, without what it returns."""
    tracemalloc.start()
    returned = work.ours()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    parts = returned if isinstance(returned, tuple) else (returned,)
    return max(0, most - sum(part.nbytes for part in parts if isinstance(part, np.ndarray)))


def goals(found: dict) -> list[tuple[str, ...]]:
    for area, (measure, must, wish) in GOALS.items():
        values = []
        for work, ratios, share, scratch in (
            [one for some in found.values() for one in some] if area == "scratch memory"
            else found[area]
        ):  # fmt: skip
            value = {"share": share, "scratch": scratch / 2**20}.get(measure, ratios.get(measure))
            values.append((value, work.name))
        worst = max(values)[0] if measure == "scratch" else min(values)[0]
        word = {"share": "{:.0%}", "scratch": "{:.1f} MiB"}.get(measure, "x{:.2f}")
        sign = -1 if measure == "scratch" else 1
        verdict = "goal" if sign * worst >= sign * wish else "holds"
        verdict = verdict if sign * worst >= sign * must else "MISSED"
        beside = "" if measure in ("share", "scratch") else f", beside {measure}"
        yield (area + beside, word.format(must), word.format(wish), word.format(worst), verdict)


def reason(area: str) -> str:
    """Why a goal is missed, as far as it is known."""
    why = next((text for start, text in WHY.items() if area.startswith(start)), "not looked into.")
    return why[0].upper() + why[1:]


def blas() -> str:
    """The name and the kernels of NumPy's BLAS."""
    info = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{info['name']} {info['version']}"


if __name__ == "__main__":
    main()
