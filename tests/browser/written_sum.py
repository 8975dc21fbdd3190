"""The written sum of a step, read back into its numbers.

y[0, 0] = 5·(−1) + 0·2            factors in the order written, negatives in brackets
channel 0: 5·1 + 2·2 = 9          with several channels, each one's part
+ (−1) (bias)
= 8
"""

import re
from dataclasses import dataclass

NUMBER = r"−?\d+(?:\.\d+)?(?:e−?\d+)?"
FACTOR = rf"\(−{NUMBER.removeprefix('−?')}\)|{NUMBER.removeprefix('−?')}"
TERM = re.compile(rf"({FACTOR})·({FACTOR})")
BIAS = re.compile(rf"\+ ({FACTOR}) \(bias\)")
PART = re.compile(rf"channel \d+: [^\n]*? = ({NUMBER})")
HEAD = re.compile(r"^y\[[\d, ]+\] ([=≈])")
RESULT = re.compile(rf"([=≈]) ({NUMBER}|\?)\s*$")


def number(text: str) -> float:
    """The number that a label writes: true minus sign, brackets around a negative factor."""
    assert "-" not in text
    return float(text.strip("()").replace("−", "-").replace("∞", "inf"))


@dataclass(frozen=True)
class WrittenSum:
    exact: bool  # whether it begins with "=", or with "≈" because its factors are rounded
    rounded: bool  # whether it ends with "≈", because the result is
    factors: tuple[tuple[float, float], ...]
    parts: tuple[float, ...]  # one for each channel, where there are several
    bias: float | None
    label: str  # of the result, as written

    @classmethod
    def read(cls, text: str) -> "WrittenSum":
        head, result, bias = HEAD.search(text), RESULT.search(text), BIAS.search(text)
        assert head, f"no written sum: {text!r}"
        assert result, f"a sum without its result: {text!r}"
        return cls(
            exact=head[1] == "=",
            factors=tuple((number(a), number(b)) for a, b in TERM.findall(text)),
            parts=tuple(number(part) for part in PART.findall(text)),
            bias=number(bias[1]) if bias else None,
            rounded=result[1] == "≈",
            label=result[2],
        )

    @property
    def products(self) -> list[float]:
        return [a * b for a, b in self.factors]

    @property
    def total(self) -> float:
        """What the written factors and the written bias come to."""
        return sum(self.products) + (self.bias or 0)

    @property
    def value(self) -> float:
        """The result, as written."""
        return number(self.label)
