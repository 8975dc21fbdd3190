"""How a gradient's captions speak of numbers and axes."""

from convview.scenes.layer import named_axes, times

__all__ = ["both", "construction", "named_axes", "small", "zeros"]

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def zeros(count):
    """1 zero, 2 zeros, or 0 and 2 zeros for rows and columns."""
    return f"{count} zero{'s' * (str(count) != '1')}"


def both(numbers):
    rows, cols = numbers
    return str(rows) if rows == cols else f"{rows} and {cols}"


def small(difference):
    """0, or about one digit and a power of ten."""
    if difference == 0:
        return "0"
    digit, power = f"{difference:.0e}".split("e")
    return f"about {digit}·10{str(int(power)).translate(RAISED)}"


def construction(result, back):
    """The formula line of dL/dx: what is done to the upstream map before the kernel slides."""
    rotated = "as it was typed" if result.flip else "rotated by 180°"
    cropped = ""
    if any(way.cropped for way in back):
        cropped = f", cropped to {times(result.x.shape[1:])}"
    words = [("spread by s \u2212 1", [w.stride - 1 for w in back])]
    words.append(("r appended", [w.leftover for w in back]))
    words.append(("padded by ke \u2212 1", [w.effective_kernel_size - 1 for w in back]))
    steps = ", ".join(f"{word} = {both(numbers)}" for word, numbers in words)
    return (
        (
            ("dL/dx", "input"), (" = ", ""), ("dL/dy", "upstream"), (f" ({steps}) ⋆ ", ""),
            ("kernel", "kernel"), (f" {rotated}{cropped}", ""),
        ),
    )  # fmt: skip
