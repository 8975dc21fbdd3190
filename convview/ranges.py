"""What each kind of parameter takes, in words for who wrote a link that asks for more."""

import math
from dataclasses import replace

from convview import torch_code
from convview.fields import (
    SHOWN_CELLS,
    Layers,
    Numbers,
    Padding,
    Pair,
    Points,
    Real,
    Reals,
    Sizes,
    Whole,
)
from convview.labels import MINUS


def takes(kind):
    """The numbers that a parameter can be; "" where words say it, for a page shows those.

    >>> takes(Whole(1, 5)), takes(Real(-2, 2, 0.1))
    ('whole numbers from 1 to 5', 'numbers from −2 to 2 in steps of 0.1')
    """
    match kind:
        case Whole() | Pair():
            return f"whole numbers from {_range(kind.low, kind.high)}"
        case Padding():
            words = f", or {', '.join(kind.words)}" * bool(kind.words)
            return f"whole numbers from {_range(0, kind.high)}{words}"
        case Real():
            return f"numbers from {_range(kind.low, kind.high)} in steps of {kind.step}"
        case Reals():
            count = f"{kind.fewest} to " * (kind.fewest < kind.most) + str(kind.most)
            return f"{count} {takes(Real(kind.low, kind.high, kind.step))}"
        case Points():
            cells = f"up to {kind.most} different cells"
            return f"{cells}, rows and columns from {_range(0, kind.high)}"
        case Sizes():
            return f"whole numbers from 1 to {' × '.join(map(str, kind.highs))}"
        case Numbers():
            sides = " × ".join(str(n) for n in (kind.planes, kind.rows, kind.cols) if n > 1)
            most = f"{kind.largest:,.0f}"
            return f"up to {sides} numbers from {MINUS}{most} to {most}"
        case Layers():
            names = f"{', '.join(SHOWN_CELLS[:-1])} and {SHOWN_CELLS[-1]}"
            return (
                f"layers of PyTorch, with numbers up to {torch_code.MOST:,}, and up to "
                f"{kind.largest} in {names}"
            )
    return ""


def is_out(kind, text):
    """Whether a text that no legal value is near to is one of its kind, of too large a size."""
    if isinstance(kind, Numbers):
        free = dict.fromkeys(("planes", "rows", "cols", "largest"), math.inf)
        return replace(kind, **free).read(text) is not None
    if not isinstance(kind, Layers):
        return False
    try:
        return kind.too_large(torch_code.parse(text)) is not None
    except torch_code.CodeError as error:
        return "must be a whole number from" in error.rule


def _range(low, high):
    return f"{low} to {high}".replace("-", MINUS)
