"""A question with its answer, and the exercise that draws questions."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Question:
    """One question with its numbers.

    kind : how it is answered: "number", "shape", "row" or "matrix"
    answer : number, or nested tuples of numbers, computed by convcore
    slips : [(wrong answer, what was probably done)]
    hints : two, in steps; solution : sentences with the numbers filled in
    params, step : the page's state that shows it
    """

    words: str
    kind: str
    answer: object
    slips: list
    hints: tuple
    solution: tuple
    params: object
    step: int = 0


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
