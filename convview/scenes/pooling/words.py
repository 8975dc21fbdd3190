"""What is said about a pooling: its size formula and its notes."""

import numpy as np

from convview import labels
from convview.scenes.layer import named_axes
from convview.scenes.slide import unread_notes


def formula(result):
    """The size formula with this setting's numbers, one line, or one for each axis."""
    axes = named_axes((result.rows, result.cols), "size")
    return tuple(_formula_line(word, axis, result.params.ceil_mode) for word, axis in axes)


def _formula_line(word, axis, ceil):
    before, after = axis.padding
    pads = f"2·{before}" if before == after else f"{before} + {after}"
    down, up = "⌈⌉" if ceil else "⌊⌋"
    whole = -(-_reach(axis) // axis.stride) if ceil else _reach(axis) // axis.stride
    dropped = "; the last would start past the input and is dropped: "
    return (
        (f"output {word} = {down}(", ""), (str(axis.size), "input"),
        (f" + {pads} − {axis.dilation}·(", ""), (str(axis.kernel_size), "kernel"),
        (f" − 1) − 1) / {axis.stride}{up} + 1 = ", ""), (str(whole + 1), "output"),
        *(((dropped, ""), (str(axis.output_size), "output"))
          if axis.output_size <= whole else ()),
    )  # fmt: skip


def _reach(axis):
    """How far the window can slide inside the padding."""
    return axis.size + sum(axis.padding) - axis.effective_kernel_size


def notes(result):
    """What decides the numbers of this setting."""
    yield from unread_notes(result, "zeros")
    if any(before != after for before, after in (result.rows.padding, result.cols.padding)):
        yield f"PyTorch's pooling pads both sides alike: {_uneven(result)}."
    yield from _max_notes(result) if result.kind == "max" else average_notes(result)


def _uneven(result):
    """What PyTorch would have to be asked instead, if there is such a thing."""
    if result.params.ceil_mode or (
        result.kind == "average" and not result.params.count_include_pad
    ):
        return "no call of it gives this"
    return f"uneven padding is F.pad(x, ...{', value=-inf' * (result.kind == 'max')}) before it"


def unseeing(result):
    """How many windows see nothing but padding."""
    apart = (~axis.inside.any(1) for axis in (result.rows, result.cols))
    return int(np.logical_or.outer(*apart).sum())


def largest(difference):
    """A sentence on the largest difference between two ways."""
    difference = float(difference)
    if 0 < difference < 1e-9:  # of results that have rounded twice
        return f"Largest difference here: 0 up to rounding ({labels.label(difference)})."
    text = labels.label(difference)
    about = "≈ " * labels.is_rounded(difference, text)
    return f"Largest difference here: {about}{text}."


def _max_notes(result):
    if _is_padded(result) or _hangs(result):
        yield "What lies around the input is −∞: it wins against nothing."
    alone = unseeing(result)
    if alone:
        yield (
            f"{alone} window{'s see' if alone > 1 else ' sees'} only padding: the maximum is −∞, "
            "and no cell gets its gradient."
        )
    tied = len(result.ties)
    if tied:
        yield (
            f"In {tied} window{'s' * (tied > 1)} the largest value stands more than once: the "
            "first in row-major order wins, and gets the whole gradient (as in PyTorch)."
        )


def average_notes(result):
    """What counts in the divisors of an average."""
    padded = _is_padded(result)
    if padded and result.params.count_include_pad:
        yield "The zeros of the padding count in the divisor (PyTorch's default)."
    elif padded:
        yield "Padding does not count: the divisor is the number of input cells in the window."
    if _hangs(result):
        yield "What hangs over the end in ceil mode never counts."


def _is_padded(result):
    return any(map(sum, (result.rows.padding, result.cols.padding)))


def _hangs(result):
    return result.rows.overhang or result.cols.overhang
