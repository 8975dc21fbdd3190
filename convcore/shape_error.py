"""The one exception a lesson shows: what is wrong, with which numbers, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class ShapeError(ValueError):
    """An argument breaks a rule of convolution, pooling or padding.

    The message reads `function: the rule in words; the numbers; the nearest fix`, so that a learner
    can repair the call without looking anything up.

    Parameters
    ----------
    message : str
    fixes : iterable of mappings
        Keyword changes, the smallest first. Each one on its own removes the fault that is reported:
        `function(**{**arguments, **error.fixes[0]})`. Empty when no keyword can help (a weight of
        the wrong shape); the message then says which shape is needed.
    rule : str
        A word for the rule that is broken, "" where no page has words of its own for it.
    **numbers
        What the rule speaks of, for those who say it in other words.

    Examples
    --------
    >>> text = "conv2d: stride must be at least 1; got 0. Use stride 1."
    >>> error = ShapeError(text, [{"stride": 1}])
    >>> error.fixes
    ({'stride': 1},)
    >>> isinstance(error, ValueError)
    True
    """

    fixes: tuple[dict[str, Any], ...]
    rule: str
    numbers: dict[str, Any]

    def __init__(
        self,
        message: str,
        fixes: Iterable[Mapping[str, Any]] = (),
        rule: str = "",
        **numbers: Any,
    ) -> None:
        super().__init__(message)
        self.fixes = tuple(dict(fix) for fix in fixes)
        self.rule, self.numbers = rule, numbers


def alternatives(words: Iterable[str]) -> str:
    """Join choices the way they are spoken: 'a', 'a or b', 'a, b or c'."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
