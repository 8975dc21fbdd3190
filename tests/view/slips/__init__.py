"""The slips that a teacher would expect: wrong answers with what is to be said of them.

Each row of the table has a function of a question that yields (words, wrong answer): the answers
are computed here from the words and the page of the question, without the code of the exercises.
All numbers that the sentence holds stand in these words.
"""

from tests.view.slips import calculus, shapes, sums
from tests.view.slips.table import SLIPS

__all__ = ["SLIPS", "calculus", "shapes", "sums"]
