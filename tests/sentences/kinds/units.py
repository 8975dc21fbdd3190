"""What is said of the units of a layer: those the border cuts, those that are blind.

A blind unit reads no cell of the input.
"""

import numpy as np

from convcore.stack import Conv2d, ConvTranspose2d
from tests.sentences.kinds.shapes import found, kind, looked_at, size, sized, sizes
from tests.sentences.stacks import inputs, sees_of, within


def until(state):
    """The layers up to the one that is looked at, if what it sees is known; else None."""
    at, one = looked_at(state)
    return found(state)[0][:at] if one is not None and len(one.shape) == 3 else None


def runs_backwards(steps):
    return any(isinstance(one.layer, ConvTranspose2d) for one in steps)


def unit_reads(steps):
    """Whether each unit (H, W) reads anything of the input."""
    rows, cols = ([bool(cells) for cells in inputs(steps, axis)] for axis in (0, 1))
    return np.logical_and.outer(rows, cols)


@kind("Sees {sees}: cells beyond the border count[[; those of the input that a unit reads lie "
      "within {rows} {row:w} and {cols} {col:w}]].", place="detail")  # fmt: skip
def cut_by_the_border(state, sees, rows, row, cols, col):
    steps = until(state)
    if steps is None or runs_backwards(steps):
        return False
    whole = tuple(sees_of(steps, axis) for axis in (0, 1))
    cut = tuple(within(steps, axis) for axis in (0, 1))
    if sizes(sees) != whole or whole == cut:
        return False
    reading = [sized(tuple(n for n in numbers if n)) for numbers in cut]
    if () in reading:  # no unit reads anything
        return rows is cols is None
    return (
        rows is not None
        and [size(rows), size(cols)] == reading
        and row == "row" + "s" * (reading[0][-1] != 1)
        and col == "column" + "s" * (reading[1][-1] != 1)
    )


@kind("{n:d} of {all:d} {unit:w} read no input cell: their output is {what}.",
      "{n:d} of {all:d} {unit:w} reads no input cell: its output is {what}.",
      "No unit of this layer reads an input cell: its output is {what}.",
      place="detail")  # fmt: skip
def blind_units(state, what, n=None, all=None, unit=None):
    """By feeding the layers two inputs: what is blind is the same, and as it is said to be."""
    steps = until(state)
    if steps is None:
        return False
    reads = unit_reads(steps)
    blind = int((~reads).sum())
    if n is None:
        right = blind == reads.size
    else:
        right = (n, all) == (blind, reads.size) and 0 < blind < reads.size and unit == "units"
    return right and what == gives(steps, reads) and is_blind(steps, reads)


def gives(steps, reads):
    """What the blind units give: the bias alone where their own layer multiplies nothing."""
    one = steps[-1]
    if isinstance(one.layer, (Conv2d, ConvTranspose2d)):
        own = unit_reads([one])
        if not own[~reads].any():
            return "the bias alone" if one.layer.bias else "0"
    return "the same whatever the input is"


def is_blind(steps, reads):
    """Whether weights of 1 bring ones of the input to all units that read, and to no other."""
    moved = np.ones(steps[0].before[1:])
    for one in steps:
        for axis, side in enumerate(one.sides or ()):
            taps = np.zeros((side.out, side.n))
            for o in range(side.out):
                np.add.at(taps[o], side.inside(o), 1)
            moved = np.moveaxis(np.tensordot(taps, moved, (1, axis)), 0, axis)
    return moved.shape == reads.shape and np.array_equal(moved > 0, reads)


@kind("reads no input cell[[, only cells beyond the {border}]]", place="unit")
def blind_unit(state, border):
    """Beyond the border: its windows have cells, and traced back none of them is in the input.

    Behind a layer that runs backwards a unit may lie between the stamps and have no cells at all.
    """
    steps = until(state)
    if steps is None or unit_reads(steps).all():
        return False
    return border == (None if runs_backwards(steps) else "border") and all(
        side.backwards or side.reads(0) for one in steps for side in one.sides or ()
    )
