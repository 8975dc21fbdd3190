"""What a view of the calculus page shows beside its sliders."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Chart:
    """Curves over one axis, and points on them.

    lines : {name: y (n,)}, over x (n,) or, where a line has its own, (x, y)
    points : {name: (x, y)}
    kind : "line", or "bar" with a bar for each x and line
    logarithmic : whether both axes are
    ends : lowest and highest y, so that a slider does not move the axis
    said : the chart in a sentence, for who does not see it
    """

    title: str
    x_title: str
    x: np.ndarray
    lines: dict
    said: str
    points: dict = field(default_factory=dict)
    kind: str = "line"
    logarithmic: bool = False
    ends: tuple | None = None
    y_title: str | None = None

    def columns(self):
        """The numbers as columns of equal length: x, y, which line, whether a point."""
        columns = {"x": [], "y": [], "line": [], "point": []}
        for name, line in self.lines.items():
            x, y = line if isinstance(line, tuple) else (self.x, line)
            self._add(columns, name, x, y, False)
        for name, (x, y) in self.points.items():
            self._add(columns, name, [x], [y], True)
        return columns

    @staticmethod
    def _add(columns, name, x, y, point):
        columns["x"] += [float(n) for n in x]
        columns["y"] += [float(n) for n in y]
        columns["line"] += [name] * len(x)
        columns["point"] += [point] * len(x)


@dataclass(frozen=True)
class Shown:
    """charts; table : [[cell, ...], ...], its heads first, or (); notes : sentences; panels."""

    charts: tuple
    table: tuple
    notes: tuple
    panels: tuple = ()
