"""The kinds of sentence in hints and solutions, each with a check of the numbers in it."""

from tests.view.practice_kinds import numbers, rules, shapes
from tests.view.practice_kinds.table import ASKS, KINDS, array

__all__ = ["ASKS", "KINDS", "array", "numbers", "rules", "shapes"]
