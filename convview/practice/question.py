"""A question with its answer, and the exercise that draws questions."""

from collections.abc import Callable
from dataclasses import dataclass, field

from convview.practice.answers import same

PERCENT = "that is in percent: type the sign % with it"


@dataclass(frozen=True)
class Question:
    """One question with its numbers.

    kind : how it is answered: "number", "shape" or "row" (typed), "matrix" (typed into cells),
        "cells" (marked on the board) or "choice"
    answer : number, or nested tuples of numbers, computed by convcore; of cells 1 where one is to
        be marked, of a choice the place of the right option
    slips : [(wrong answer, what was probably done)]; given as clauses without a full stop, kept as
        sentences. Where two lead to one answer the sentence says "Either ...; or ...", and what
        leads to the right answer is left out
    hints : two, in steps; solution : sentences with the numbers filled in
    params : the page's state that shows it
    board : what stands in the cells to be marked; rows of words
    options : sentences to choose from
    why : (row, column) -> why this cell is not one to be marked
    """

    words: str
    kind: str
    answer: object
    slips: list
    hints: tuple
    solution: tuple
    params: object
    board: tuple = ()
    options: tuple = ()
    why: Callable | None = field(default=None, compare=False)
    misleading: bool = field(default=False, init=False)  # a wrong way leads to the right answer

    def __post_init__(self):
        wrong = [slip for slip in self.slips if not same(slip[0], self.answer)]
        object.__setattr__(self, "misleading", len(wrong) < len(self.slips))
        object.__setattr__(self, "slips", _sentences(wrong))


def _sentences(slips):
    """One sentence for each wrong answer."""
    ways = []
    for wrong, clause in slips:
        known = next((clauses for other, clauses in ways if same(wrong, other)), None)
        if known is None:
            ways.append((wrong, [clause]))
        elif clause not in known:
            known.append(clause)
    return [(wrong, _sentence(clauses)) for wrong, clauses in ways]


def _sentence(clauses):
    first, *more = clauses
    if more:
        return f"Either {'; or '.join(clauses)}."
    return f"{first[0].upper()}{first[1:]}."


@dataclass(frozen=True)
class Exercise:
    """A row of the courses' table.

    draw : random numbers -> Question; None in place of them for the numbers of the course
    level : 1 to 3; slip : what is commonly got wrong, or ""
    """

    row: str
    title: str
    topic: str
    level: int
    draw: Callable = field(repr=False)
    slip: str = ""
