"""Filters over real pictures: what is computed, and the panels that show it."""

from convview.scenes.filters.answers import STAND_IN, Answer, answer, weight_of
from convview.scenes.filters.closely import acted, closely, patch, place, reach, said, writes
from convview.scenes.filters.content import Content, content, peaks
from convview.scenes.filters.cost import cost
from convview.scenes.filters.design import TURNS, edited, resized, scores, turned

__all__ = [
    "STAND_IN",
    "TURNS",
    "Answer",
    "Content",
    "acted",
    "answer",
    "closely",
    "content",
    "cost",
    "edited",
    "patch",
    "peaks",
    "place",
    "reach",
    "resized",
    "said",
    "scores",
    "turned",
    "weight_of",
    "writes",
]
