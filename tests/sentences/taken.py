"""What a parameter of a link is said to take, held against what it reads."""

import re

from convview import fields

NUMBER = r"-?\d+(?:\.\d+)?(?:e\d+)?"
FORMS = {  # what is said, with # for a number
    fields.Whole: "whole numbers from # to #",
    fields.Pair: "whole numbers from # to #",
    fields.Padding: "whole numbers from # to #(, or valid, same, full)?",
    fields.Real: "numbers from # to # in steps of #",
    fields.Reals: "(# to )?# numbers from # to # in steps of #",
    fields.Points: "up to # different cells, rows and columns from # to #",
    fields.Sizes: "whole numbers from # to # × # × #",
    fields.Numbers: "up to (# × )*# numbers from # to #",
    fields.Layers: "layers of PyTorch, with numbers up to #, and up to # in kernel_size, stride, "
    "padding, output_padding and dilation",
}
FINE = [float(f"1e-{n}") for n in range(6, -1, -1)]


def takes_so(kind, text):
    """Whether what a parameter is said to take is read as it is, and more is not."""
    bare = re.sub(r"(?<=\d),(?=\d)", "", text or "").replace("−", "-")
    found = [float(one) for one in re.findall(NUMBER, bare)]

    def limits(low, high, step=1, kind=kind, write=str):
        reads = [kind.read(write(n)) for n in (low, high, low - step, high + step)]
        return [reading is not None and not reading[1] for reading in reads] == [1, 1, 0, 0]

    if isinstance(kind, (fields.Choice, fields.Words, fields.Flag)):
        return not text
    if not re.fullmatch(FORMS[type(kind)].replace("#", NUMBER), bare):
        return False
    if isinstance(kind, (fields.Whole, fields.Pair, fields.Padding)):
        words = ", or valid, same, full" if getattr(kind, "words", ()) else ""
        return text.endswith(f"to {found[1]:.0f}{words}") and limits(*map(int, found[:2]))
    if isinstance(kind, fields.Real):
        *ends, step = found
        finest = next(n for n in FINE if not kind.read(f"{ends[0] + n:.6f}")[1])
        return limits(*ends, step, write=lambda n: f"{n:.6f}") and step == finest
    if isinstance(kind, fields.Reals):
        *counts, low, high, step = found
        few, many = map(int, (counts[0], counts[-1]))
        each = [limits(low, high, step, write=lambda n: "_".join([f"{n:.6f}"] * few))]
        sizes = limits(few, many, write=lambda n: "_".join(["1"] * n))
        exact = (n for n in FINE if not kind.read("_".join([f"{n:.6f}"] * few))[1])
        finest = next(exact, None)
        return all(each) and sizes and step == finest
    return _takes_many(kind, found)


def _takes_many(kind, found):
    def exact(text):
        reading = kind.read(text)
        return reading is not None and not reading[1]

    if isinstance(kind, fields.Points):
        most, low, high = map(int, found)
        cells = [f"{n // (high + 1)}_{n % (high + 1)}" for n in range(most + 1)]
        return (
            low == 0 and exact(f"0_{high}") and not exact(f"{high + 1}_0")
            and exact("__".join(cells[:-1])) and not exact("__".join(cells))
        )  # fmt: skip
    if isinstance(kind, fields.Sizes):
        low, *highs = map(int, found)
        more = [[*highs[:n], high + 1, *highs[n + 1 :]] for n, high in enumerate(highs)]
        texts = ["x".join(map(str, one)) for one in (highs, *more)]
        return low == 1 and [exact(one) for one in texts] == [True] + [False] * len(more)
    if isinstance(kind, fields.Layers):
        most, small = map(int, found)
        sizes = [(most, small), (most, small + 1), (most + 1, small)]
        return [exact(f"Conv2d(3, {n}, {k})") for n, k in sizes] == [True, False, False]
    *sides, low, high = found
    sides = [1] * (3 - len(sides)) + [int(n) for n in sides]

    def grid(planes, rows, cols, cell="1"):
        return "___".join(["__".join(["_".join([cell] * cols)] * rows)] * planes)

    more = [[*sides[:n], side + 1, *sides[n + 1 :]] for n, side in enumerate(sides)]
    return (
        exact(grid(*sides)) and not any(exact(grid(*one)) for one in more)
        and exact(grid(1, 1, 1, str(high))) and exact(grid(1, 1, 1, str(low)))
        and not exact(str(high * 1.1)) and not exact(str(low * 1.1))
    )  # fmt: skip
