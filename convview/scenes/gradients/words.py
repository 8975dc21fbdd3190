"""How a gradient's captions speak of numbers and axes."""

import numpy as np

from convview import labels
from convview.scenes.layer import named_axes, times

__all__ = ["along", "both", "construction", "finite_differences", "named_axes", "small", "step"]

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def along(axes, say):
    """What `say` says of (rows, columns), once where it says the same of both; None says nothing.

    say : function(axis) -> a text with {} where the axis is named, or None
    """
    named = {}
    for word, axis in zip(("rows", "columns"), axes, strict=True):
        named.setdefault(say(axis), []).append(word)
    return [text.format(labels.joined(words)) for text, words in named.items() if text]


def both(numbers, one_row):
    """A number of each axis: 2, or 1 (rows) and 2 (columns); one row has columns only."""
    rows, cols = numbers
    return f"{cols}" if one_row or rows == cols else f"{rows} (rows) and {cols} (columns)"


def small(difference):
    """0, or about one digit and a power of ten."""
    if difference == 0:
        return "0"
    digit, power = f"{difference:.0e}".split("e")
    return f"about {digit}·10{str(int(power)).translate(RAISED)}"


def step(operand):
    """Of finite differences: 1e-5, and more beside large numbers, where so little would be lost."""
    return 1e-5 * max(1, np.abs(operand).max())


def finite_differences(of, checked):
    """What `check_vjp` found of the gradient with respect to x or w."""
    return (
        "Tested by finite differences: with random numbers for dL/dy, along a random direction of "
        f"{of}, the slope of Σ dL/dy · y and the one that dL/d{of} gives have a relative "
        f"difference of {small(checked.difference)}."
    )


def construction(result, back):
    """The formula line of dL/dx: what is done to the upstream map before the kernel slides."""
    rotated = "as it was typed" if result.flip else "rotated by 180°"
    cropped = ""
    if any(way.cropped for way in back):
        cropped = f", cropped to {times(result.x.shape[1:])}"
    between, leftover, around = (
        both([getattr(way, name) - less for way in back], result.one_row)
        for name, less in (("stride", 1), ("leftover", 0), ("effective_kernel_size", 1))
    )
    steps = (
        f"spread by stride \u2212 1 = {between}, leftover r = {leftover} appended, "
        f"padded by kernel span \u2212 1 = {around}"
    )
    return (
        (
            ("dL/dx", "input"), (" = ", ""), ("dL/dy", "upstream"), (f" ({steps}) ⋆ ", ""),
            ("kernel", "kernel"), (f" {rotated}{cropped}", ""),
        ),
    )  # fmt: skip
