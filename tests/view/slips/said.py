"""What the sentence about a slip says, and whether the list accounts for it."""

import re

import numpy as np

DIGITS = re.compile(r"\d[\d,.]*(?<![,.])")


def typed(asked, answer):
    """An answer in full, in the spelling of its kind."""
    answer = np.asarray(answer, float)
    if asked.kind in ("matrix", "cells"):
        return "; ".join(" ".join(f"{n:.15g}" for n in row) for row in answer)
    return (" x " if asked.kind == "shape" else ", ").join(f"{n:.15g}" for n in answer.ravel())


def equal(one, other):
    """To the last digit that is typed, noise of floating point aside."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-9)


def near(one, other):
    """As `equal`, where three digits may be typed."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, rtol=6e-3, atol=1e-9)


def clauses(said):
    """What a sentence says may have been done."""
    parts = said.rstrip(".").removeprefix("Either ").lower().split("; or ")
    return parts if len(parts) > 1 else [said.rstrip(".").lower()]


def means(words, clause):
    """Whether a clause says what these words say, and no number besides theirs."""
    rest = list(DIGITS.findall(words))
    for digits in DIGITS.findall(clause):
        if digits not in rest:
            return False
        rest.remove(digits)
    more = any(
        part in clause and part not in words
        for part in (", and the bias", ", and the flip", ", with rows")
    )
    return words.lower() in clause and not more


def unfounded(asked, slips, wrong, said):
    """The clauses of a sentence that no slip of the list accounts for."""
    ways = [words for words, answer in slips if near(answer, wrong)]
    return [one for one in clauses(said) if not any(means(words, one) for words in ways)]
