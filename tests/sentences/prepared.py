"""What the app says of what it has prepared: each text has one check of its own.

    @says("Two equal maxima in each window: the first gets the whole gradient")
    def tie(at): ...

Texts of cards and exercises stand on a state, names on what they name: a stack, a picture, a kernel
or a filter. `at` is that, and the check is true where the text holds for it, false otherwise.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from convview import filters, panels, photographs
from convview.exercises import EXERCISES
from convview.lessons import CARDS
from convview.params import Shapes
from convview.pictures import PICTURES
from convview.stacks import STACKS
from convview.weights import WEIGHTS
from tests.sentences import brute, shown

CHECKS = {}  # (of, text): (check, changes of the state under which the text is false)
SHEET = re.compile(r"[A-E]\d+")  # an exercise's name that is its number alone


def says(*texts, of="state", but=()):
    """Register a check of these texts; of names, `of` what.

    but : changes of the parameters, each of which the check must notice
    """

    def registered(check):
        for text in texts:
            assert (of, text) not in CHECKS, f"a second check of {text!r}"
            CHECKS[of, text] = check, but
        return check

    return registered


@dataclass(frozen=True)
class Prepared:
    """A state that the app has prepared: its parameters, the step, what its page shows."""

    params: object
    step: int = 0

    @cached_property
    def state(self):
        return shown.state(self.params)

    @property
    def made(self):
        return self.state.made

    @property
    def view(self):
        return self.params.view

    def but(self, **changes):
        return replace(self, params=replace(self.params, **changes))

    def planted(self):
        """The same, the last number of each grid of its stage wrong by another amount."""
        grids = []
        for n, grid in enumerate(self.made.grids):
            values = grid.values.copy()
            values.flat[-1] += n + 0.5
            grids.append(replace(grid, values=values))
        wrong = replace(self)
        made = replace(self.made, grids=tuple(grids))
        wrong.__dict__["state"] = replace(self.state, made=made)
        return wrong

    @cached_property
    def x(self):
        """The input (C, H, W) without its padding."""
        return brute.typed_input(self.params)

    @cached_property
    def drawn(self):
        return {name for _, names in self.made.columns for name in names}

    def grid(self, name):
        """The values (P, R, C) that are drawn under this name, of no size where none are."""
        return self.state.grid(name) if name in self.drawn else np.zeros((0, 0, 0))

    def at_step(self, name):
        return self.grid(name).ravel()[self.step]

    def shows(self, **grids):
        """Whether these grids stand on the page, with these numbers."""
        return all(same(self.grid(name), values) for name, values in grids.items())


def same(one, other, rtol=1e-9, atol=1e-9):
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol, atol)


def prepared():
    """{(of, text): [what the text stands on, ...]} of every text."""
    found = defaultdict(list)
    for card in CARDS:
        for text in (card.title, card.text):
            found["state", text].append(Prepared(card.params, card.step))
    for one in EXERCISES:
        for text in (one.text, *([] if SHEET.fullmatch(one.name) else [one.name])):
            found["state", text].append(Prepared(one.params))
    for name, stack in STACKS.items():
        found["stack", stack.name].append(Prepared(Shapes.of(name)))
    for of, titles, named in NAMED:
        for name, title in titles.items():
            found[of, title].append(named(name))
    return dict(found)


NAMED = (  # what is named, {its name in links: title}, what the name stands for
    ("picture", panels.PICTURE_NAMES, PICTURES.get),  # (channels, height, width, seed) -> array
    ("kernel", panels.KERNEL_NAMES, WEIGHTS.get),  # (height, width, seed) -> array
    ("photograph", photographs.TITLES, lambda name: partial(photographs.picture, name)),
    ("filter", filters.TITLES, lambda name: partial(filters.named, name)),
    ("pair", filters.PAIR_TITLES, lambda name: [filters.named(one) for one in filters.PAIRS[name]]),
)
