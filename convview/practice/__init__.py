"""Practice: every row of the courses as an exercise, with fresh numbers as often as wanted."""

import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from convview.fields import Choice, Whole, Words
from convview.practice import (
    calculus,
    chain,
    convolution,
    gradients,
    jacobians,
    networks,
    pictures,
    pooling,
    sizes,
)
from convview.practice.answers import SPELLINGS, Verdict, check
from convview.practice.question import Exercise, Question
from convview.practice.spelling import LONGEST
from convview.query import setting

__all__ = [
    "EXERCISES", "LONGEST", "SHEETS", "SPELLINGS", "TOPICS", "Exercise", "Exercises", "Question",
    "Verdict", "check", "offered", "question",
]  # fmt: skip


def _place(exercise):
    """A2 before A10."""
    name, *_ = exercise.row.split(",")
    return name[0], int(name[1:]), exercise.row


_PARTS = (
    calculus, chain, convolution, gradients, jacobians, networks, pictures, pooling, sizes,
)  # fmt: skip
EXERCISES = {
    one.row: one for one in sorted((one for part in _PARTS for one in part.EXERCISES), key=_place)
}


TOPICS = tuple(dict.fromkeys(exercise.topic for exercise in EXERCISES.values()))
MOST_DRAWS = 200
SHEETS = {"practise": "Practise", "sheet": "Sheet", "solutions": "Sheet with solutions"}


@dataclass(frozen=True)
class Exercises:
    """The exercises page.

    row, seed : which exercise, with which numbers (see `question`); seed is that of a sheet too
    topic : those that are offered, "" for all; rows : a list chosen by a lecturer, () for none
    """

    view: str = setting(Choice(tuple(SHEETS)), "practise")
    row: str = setting(Choice(tuple(EXERCISES)), "A2")
    seed: int = setting(Whole(0, 9999), 0)
    topic: str = setting(Choice(("", *TOPICS)), "")
    rows: tuple = setting(Words(tuple(EXERCISES)), ())

    @staticmethod
    def implied(values):
        """The exercise is one of those that are offered: the one asked for, or the first."""
        first, *_ = rows = [one.row for one in offered(values.get("topic"), values.get("rows"))]
        narrowed = values.get("topic") or values.get("rows")
        return values | {"row": first} if narrowed and values.get("row") not in rows else values

    @property
    def offered(self):
        """The exercises to choose from."""
        return offered(self.topic, self.rows)


def offered(topic, rows):
    """The exercises of a list in its order, or those of a topic, the easiest first."""
    if rows:
        return [EXERCISES[row] for row in rows]
    chosen = [one for one in EXERCISES.values() if topic in ("", None, one.topic)]
    return sorted(chosen, key=lambda one: one.level)


@lru_cache(maxsize=1024)
def question(row, seed=0):
    """The question of this row; seed 0 has the numbers of the course, each other one its own."""
    course = EXERCISES[row].draw(None)
    if not seed:
        return course
    used = {course.words, _drawn(row, seed - 1, 0).words}
    drawn = [_drawn(row, seed, 0)]
    while len(drawn) < MOST_DRAWS and (drawn[-1].words in used or drawn[-1].misleading):
        drawn.append(_drawn(row, seed, len(drawn)))
    return drawn[-1]


def _drawn(row, seed, turn):
    return EXERCISES[row].draw(np.random.default_rng([seed, turn, zlib.crc32(row.encode())]))
