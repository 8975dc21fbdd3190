"""Calculus: what is computed, the charts, tables and words, and the Jacobian on its stage."""

from dataclasses import replace

from convview.labels import in_powers
from convview.scenes.calculus import chains, collapse, probabilities, steps
from convview.scenes.calculus.probabilities import scene
from convview.scenes.calculus.shown import Shown

__all__ = ["Shown", "edited", "scene", "shown"]

VIEWS = {
    "slope": steps.slope,
    "rebuilt": steps.rebuilt,
    "limit": steps.limit,
    "shift": probabilities.shifted,
    "pair": probabilities.pair,
    "jacobian": probabilities.jacobian,
    "chain": chains.chain,
    "linear": collapse.linear,
}


def shown(params, *more):
    """What the view of these parameters shows; of a network its training may come with them."""
    made = VIEWS[params.view](params, *more)
    return replace(
        made,
        charts=tuple(replace(one, said=in_powers(one.said)) for one in made.charts),
        table=[[in_powers(cell) for cell in row] for row in made.table],
        notes=tuple(map(in_powers, made.notes)),
    )


def edited(params, edit, value):
    """The parameters after a number was typed into the change of x."""
    change = list(params.change)
    change[edit["col"]] = value
    return replace(params, change=tuple(change))
