"""Whether a number that is written is the right one: rounded as the app rounds, or exact."""

import math

from tests.sentences.claims import TYPES, plain

DIGITS = 3  # significant ones of a label that is not whole


def read(text):
    """The number of a label; nan of what is none."""
    try:
        return TYPES["f"][1](text)
    except ValueError:
        return math.nan


def says(text, value):
    """Whether a label says this value, to within the rounding of a label."""
    said, value = read(text) if isinstance(text, str) else text, float(value)
    if math.isinf(said) or math.isinf(value):
        return said == value
    if isinstance(text, str) and 0 < abs(value) < 1e-300:  # floats lie farther apart than labels
        return plain(text) == f"{value:.{DIGITS}g}"
    if value == 0 or said == 0:
        return abs(said - value) < 1e-15
    half = 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)
    if 999.5 <= abs(value) < 1e6:
        half = 0.5
    if math.isclose(abs(said - value), half, rel_tol=2e-12):  # between two labels: away from 0
        return abs(said) > abs(value)
    return abs(said - value) <= half


def exact(text, value):
    """Whether it is the value itself."""
    return math.isclose(read(text), value, rel_tol=1e-9, abs_tol=0 if value else 1e-15)


def marked(text, value):
    """'0.25', or '≈ 0.333' where that is rounded: the sign is there where it belongs."""
    rounded = text.startswith("≈ ")
    text = text.removeprefix("≈ ")
    return says(text, value) and rounded == (not exact(text, value))


def related(text, value):
    """'= 0.25', '≈ 0.333'."""
    return text[:2] in ("= ", "≈ ") and marked(text.removeprefix("= "), value)


def row(cells, values):
    """Whether the cells of a row say these values, "" where there is none."""
    texts = [cell.strip() for cell in cells.split("|")]
    if len(texts) != len(values):
        return False
    pairs = zip(texts, values, strict=True)
    return all(text == value if isinstance(value, str) else marked(text, value)
               for text, value in pairs)  # fmt: skip
