"""The kinds of sentence in hints and solutions, each with a check of the numbers in it."""

from tests.view.practice_kinds import numbers, shapes
from tests.view.practice_kinds.table import KINDS, RULES, array

__all__ = ["KINDS", "RULES", "array", "numbers", "shapes"]
