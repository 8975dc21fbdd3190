"""How a number is written in a cell, a sum or a caption: formatted once, here."""

import math

MINUS = "\N{MINUS SIGN}"
DIGITS = 3  # significant digits of what is not a whole number


def label(value):
    """The text of a number: true minus sign, up to 999,999 no digit before the point is cut.

    >>> label(-3.0), label(1 / 3), label(1e30), label(1163.4), label(-0.0), label(-float("inf"))
    ('−3', '0.333', '1e30', '1163', '0', '−∞')
    """
    value = float(value)
    if math.isinf(value):
        text = "-\N{INFINITY}" if value < 0 else "\N{INFINITY}"
    elif abs(value) < 1e6 and (value == int(value) or abs(value) >= 999.5):
        text = str(round(value))
    else:
        text = f"{value:.{DIGITS}g}"
        if "e" in text:
            mantissa, exponent = text.split("e")
            text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def number(text):
    """The number that a label says; it is not the one it was made of where that was rounded.

    >>> number(label(-3.0)), number(label(1 / 3))
    (-3.0, 0.333)
    """
    return float(text.replace(MINUS, "-").replace("\N{INFINITY}", "inf"))
