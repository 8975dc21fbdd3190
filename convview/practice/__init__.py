"""Practice: every row of the courses as an exercise, with fresh numbers as often as wanted."""

import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from convview.fields import Choice, Whole, Words
from convview.practice import calculus, sizes, sums
from convview.practice.answers import READERS, Verdict, check, same
from convview.practice.question import Exercise, Question
from convview.query import setting

__all__ = [
    "EXERCISES", "READERS", "SHEETS", "TOPICS", "Exercise", "Exercises", "Question", "Verdict",
    "check", "question",
]  # fmt: skip


def _place(exercise):
    """A2 before A10."""
    name, *_ = exercise.row.split(",")
    return name[0], int(name[1:]), exercise.row


EXERCISES = {
    exercise.row: exercise
    for exercise in sorted((*sizes.EXERCISES, *sums.EXERCISES, *calculus.EXERCISES), key=_place)
}


TOPICS = tuple(dict.fromkeys(exercise.topic for exercise in EXERCISES.values()))
MOST_DRAWS = 40
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
        """A list begins with its first exercise, or with the one of it that is asked for."""
        rows = values.get("rows")
        return values | {"row": rows[0]} if rows and values.get("row") not in rows else values

    @property
    def offered(self):
        """The exercises to choose from, the easiest first; a list in its order."""
        if self.rows:
            return [EXERCISES[row] for row in self.rows]
        chosen = [one for one in EXERCISES.values() if self.topic in ("", one.topic)]
        return sorted(chosen, key=lambda one: one.level)


@lru_cache(maxsize=1024)
def question(row, seed=0):
    """The question of this row; seed 0 has the numbers of the course, each other one its own."""
    course = EXERCISES[row].draw(None)
    if not seed:
        return course
    used = {course.words, _drawn(row, seed - 1, 0).words}
    drawn = [_drawn(row, seed, 0)]
    while len(drawn) < MOST_DRAWS and (drawn[-1].words in used or _misleads(drawn[-1])):
        drawn.append(_drawn(row, seed, len(drawn)))
    return drawn[-1]


def _drawn(row, seed, turn):
    return EXERCISES[row].draw(np.random.default_rng([seed, turn, zlib.crc32(row.encode())]))


def _misleads(asked):
    """Whether a wrong way leads to the right answer."""
    return any(same(wrong, asked.answer) for wrong, _ in asked.slips)
