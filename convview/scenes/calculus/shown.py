"""What a view of the calculus page shows beside its sliders."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shown:
    """charts; table : [[cell, ...], ...], its heads first, or (); notes : sentences; panels."""

    charts: tuple
    table: tuple
    notes: tuple
    panels: tuple = ()
