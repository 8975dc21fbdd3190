"""How a number is written in a cell, a sum or a caption: formatted once, here."""

import math
import re

MINUS = "\N{MINUS SIGN}"
DIGITS = 3  # significant digits of what is not a whole number
RAISED = str.maketrans("−0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
UP = 1 + 2**-50  # a five that is to be rounded goes away from 0, as in school: 198.5 to 199
NOISE = 1e-12  # of a number: as far as sums of decimals such as 0.1 + 0.2 are off


def label(value):
    """The text of a number: true minus sign, up to 999,999 no digit before the point is cut.

    >>> label(-3.0), label(1 / 3), label(1e30), label(1163.4), label(-0.0), label(-float("inf"))
    ('−3', '0.333', '1e30', '1163', '0', '−∞')
    >>> label(-198.5), label(2.625), label(1000.5)
    ('−199', '2.63', '1001')
    """
    value = float(value)
    if math.isinf(value):
        text = "-\N{INFINITY}" if value < 0 else "\N{INFINITY}"
    elif abs(value) < 1e6 and (value == int(value) or abs(value) >= 999.5):
        text = str(round(value * UP))
    else:
        text = f"{value * UP:.{DIGITS}g}"
        if "e" in text:
            mantissa, exponent = text.split("e")
            text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def in_powers(words):
    """A sentence with its large and small numbers as powers of ten.

    >>> in_powers("by ≈ 1.39e−11"), in_powers("the 1e30th")
    ('by ≈ 1.39·10⁻¹¹', 'the 10³⁰th')
    """
    return re.sub(r"(?<![\w.])(\d[\d.]*)e(−?\d+)", _power, words)


def _power(found):
    mantissa, exponent = found.groups()
    return f"{'' if mantissa == '1' else f'{mantissa}·'}10{exponent.translate(RAISED)}"


def number(text):
    """The number that a label says; it is not the one it was made of where that was rounded.

    >>> number(label(-3.0)), number(label(1 / 3))
    (-3.0, 0.333)
    """
    return float(text.replace(MINUS, "-").replace("\N{INFINITY}", "inf"))


def is_rounded(value, text=None):
    """Whether the label of a number says less than the number, noise of floating point aside.

    text : the label, where it has been made before

    >>> is_rounded(1 / 3), is_rounded(0.1 + 0.2), is_rounded(3.0)
    (True, False, False)
    """
    value = float(value)
    return not math.isclose(number(text or label(value)), value, rel_tol=NOISE)


def equals(value):
    """A number with the sign that belongs before its label: = where it is exact, else ≈.

    >>> equals(0.5), equals(1 / 3)
    ('= 0.5', '≈ 0.333')
    """
    return f"{'≈' if is_rounded(value) else '='} {label(value)}"


def marked(value):
    """A number's label, with ≈ before it where it was rounded.

    >>> marked(0.5), marked(1 / 3)
    ('0.5', '≈ 0.333')
    """
    return f"{'≈ ' * is_rounded(value)}{label(value)}"


def counted(count, singular, plural=None):
    """A count with its noun, commas in between: 1 row, 2 rows, 1,200 biases.

    >>> counted(1, "row"), counted(1200, "bias", "biases"), counted(0, "cell")
    ('1 row', '1,200 biases', '0 cells')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def joined(words):
    """Several words as a sentence lists them; one alone stays as it is.

    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
