"""Medians of what was measured, and tables of them."""

import statistics
from collections.abc import Iterable, Sequence


def median(found: Iterable[dict], name: str) -> float:
    return statistics.median(one[name] for one in found)


def p95(found: Iterable[dict], name: str) -> float:
    """The value that one in twenty exceeds."""
    values = sorted(one[name] for one in found)
    return values[min(len(values) - 1, int(0.95 * len(values)))]


def largest(found: Iterable[dict], name: str) -> float:
    return max(one[name] for one in found)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown under its title, aligned for a terminal."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    rule = ["-" * width for width in widths]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in (heads, rule, *rows)
    ]
    return "\n".join(("", title, "", *lines))
