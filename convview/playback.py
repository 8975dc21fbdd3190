"""What the stage itself writes into the address: where it stands, and how it plays."""

import math

from convview.fields import LONGEST_TEXT, Flag, Whole, number
from convview.labels import joined
from convview.query import read_values

PLAYBACK = {"step": Whole(0, 10**6), "speed": Whole(0, 5), "loop": Flag()}
USUAL = {"step": 0, "speed": 2, "loop": False}  # speed 2 is 1x: see stage/browser/transport.js


def played(asked):
    """{name: text} of where the stage starts other than usual, from a query."""
    values, _ = read_values(PLAYBACK, asked, USUAL)
    return {
        name: PLAYBACK[name].write(value)
        for name, value in values.items()
        if value != USUAL[name]
    }


def mends(asked, steps):
    """One sentence for each thing that a query says of the playback and that is not shown.

    steps : how many there are, 0 where nothing is played

    >>> mends({"step": ["999"]}, 25), mends({"step": ["3"]}, 25)
    (['step is beyond the last: step 25 of 25 is shown'], [])
    """
    if asked and not steps:
        verb = "is" if len(asked) == 1 else "are"
        return [f"{joined(list(asked))} {verb} left out: there are no steps here"]
    others = {name: texts for name, texts in asked.items() if name != "step"}
    _, notices = read_values(PLAYBACK, others, USUAL)
    return notices + list(_of_step(asked.get("step"), steps))


def _of_step(texts, steps):
    """A link counts steps from 0, the player from 1: here they are counted as in the player."""
    if not texts:
        return
    if len(texts) > 1:
        yield f"step was given {len(texts)} times; the last one counts"
    asked = number(texts[-1]) if len(texts[-1]) <= LONGEST_TEXT else None
    at = Whole(0, steps - 1).clamp(_nearest(asked or 0))
    if asked is None:
        why = "could not be read"
    elif _nearest(asked) != at:
        why = "is before the first" if asked < 0 else "is beyond the last"
    elif asked != at:
        why = "is no whole number"
    else:
        return
    yield f"step {why}: step {at + 1} of {steps} is shown"


def _nearest(asked):
    """The whole number that a number is read as."""
    return asked if math.isinf(asked) else math.floor(asked + 0.5)


def presents(asked):
    """(whether it is for presenting, what was mended), from a query."""
    values, notices = read_values({"present": Flag()}, asked, {"present": False})
    return values["present"], notices
