"""Slips of sizes, shapes and counts."""

import numpy as np

from tests.view.asked import out, unread, wholes
from tests.view.slips.table import CEIL, FLOOR, PERCENT, START, SWAPPED, of


@of("A1")
def size_with_a_stride(asked):
    h, w, k, _, s = wholes(asked, "input of # × #, a kernel of # × #, stride #")
    right = [out(n, k, s) for n in (h, w)]
    yield FLOOR, [(n - k) / s + 1 for n in (h, w)]
    yield CEIL, [len(range(0, n - k, s)) + 1 for n in (h, w)]
    yield SWAPPED, right[::-1]
    yield f"{START}: add 1", [n - 1 for n in right]
    yield f"with stride 1; the stride is {s}", [out(n, k) for n in (h, w)]
    yield f"that is n / {s}, rounded down: the kernel is left out", [n // s for n in (h, w)]


@of("A1, unread")
def cells_that_are_not_read(asked):
    h, w, k, _, s, d = wholes(asked, "of # × #, a kernel of # × #, stride #, dilation #")
    rows, cols = unread(h, k, s, d), unread(w, k, s, d)

    def board(rows, cols):
        return [[int(i in rows or j in cols) for j in range(w)] for i in range(h)]

    yield "those are the cells that are read", (1 - np.array(board(rows, cols))).tolist()
    if rows and cols:
        yield "those are the rows", board(rows, [])
        yield "those are the columns", board([], cols)
    if d == 1 and s <= k:  # all of it is left over at the end
        if len(rows) != len(cols):
            turned = range(h - len(cols), h), range(w - len(rows), w)
            yield SWAPPED, board(*turned)
        yield "the end is left over", board(range(len(rows)), range(len(cols)))
    if d > 1:
        yield "that is dense", board(unread(h, k, s), unread(w, k, s))


@of("A2")
def a_row(asked):
    n, k, s = wholes(asked, "# cells in a row, a kernel of #, stride #")
    yield FLOOR, (n - k) / s + 1
    yield CEIL, out(n, k, s) + 1
    yield f"{START}: add 1", out(n, k, s) - 1
    yield f"with stride 1; the stride is {s}", out(n, k)
    yield f"that is {n} / {s}, rounded down: the kernel is left out", n // s
    yield f"that is {n} − {k}: divide by the stride, round down and add 1", n - k


@of("A3")
def everything(asked):
    (c,), (n,), (f, k) = (wholes(asked, p) for p in (r"^# chan", "of # ×", "# filters? of # ×"))
    p, s, d = wholes(asked, "padding # on each side, stride #, dilation #")
    right = out(n, k, s, p, d)

    def shape(m):
        return f, m, m

    zero = "with a span of 1, as if the dilation were 0: the span is d (k − 1) + 1"
    yield zero, shape(out(n, 1, s, p))
    yield f"there are {f}, not {c}", (c, right, right)
    yield "adds its channels up", (c * f, right, right)
    yield f"that is dense; dilation {d}", shape(out(n, k, s, p))
    yield "with a span of d k; it is d (k − 1) + 1", shape(out(n, d * k, s, p))
    yield "without the padding", shape(out(n, k, s, 0, d))
    yield f"on both sides: 2 · {p} cells", shape((n + p - d * (k - 1) - 1) // s + 1)
    yield FLOOR, shape((n + 2 * p - d * (k - 1) - 1) / s + 1)
    yield f"{START}: add 1", shape(right - 1)
    yield f"with stride 1; the stride is {s}", shape(out(n, k, 1, p, d))
    yield "that is one map", (right, right)
    yield "channels come first", (right, right, f)


def sizes_1d(asked):
    """C, N, F, K, S and the number of outputs."""
    c, n = wholes(asked, "x has # channels? of # cells")
    f, _, k, s = wholes(asked, "W is # × # × #, stride #")
    return c, n, f, k, out(n, k, s)


@of("A6")
def dy_dw(asked):
    c, n, f, k, m = sizes_1d(asked)
    yield "axes of the filters are missing", (m, c, k)
    yield "that is the shape of w,", (f, c, k)
    yield "that is the shape of y", (f, m)
    yield "filter axis of w is missing", (f, m, c, k)
    yield "filter axis of y is missing", (m, f, c, k)
    yield "that is w first", (f, c, k, f, m)
    yield "shape of dy/dx", (f, m, c, n)
    yield "that is the matrix", (f * m, f * c * k)


@of("A7")
def dy_dx(asked):
    c, n, f, k, m = sizes_1d(asked)
    yield f"over the {n} inputs, not over the {k} taps", (f, m, c, k)
    yield "filter axis of y is missing", (m, c, n)
    yield "channel axis of x is missing", (f, m, n)
    yield "that is the shape of x", (c, n)
    yield "that is the shape of y", (f, m)
    yield "that is x first", (c, n, f, m)
    yield "shape of dy/dw", (f, m, f, c, k)
    yield "that is the matrix", (f * m, c * n)


@of("A8")
def dl_dw(asked):
    c, n, f, k, m = sizes_1d(asked)
    yield "the shape of the output", (f, m)
    yield "that is the shape of x", (c, n)
    yield "that is dy/dw", (f, m, f, c, k)
    yield "the filter axis is missing", (c, k)
    yield "the channel axis is missing", (f, k)
    yield "filters come first, then channels", (c, f, k)
    yield "in reverse order", (k, c, f)


@of("B11")
def three_layers(asked):
    size, first, second = wholes(asked, "3 × # × .*then # filters.*by 2 × 2, # filters")
    half = out(size, 8, 2, 3)
    quarter = half // 2

    def shape(m, channels=second):
        return channels, m, m

    yield "after the first layer", shape(half, first)
    yield "after the pooling", shape(quarter, first)
    yield "the pooling halves both sizes", shape(half)
    yield "without padding in the last layer: padding 1", shape(out(quarter, 3))
    yield "without padding in the first layer", shape(out(size, 8, 2) // 2)
    yield "with stride 1 in the first layer", shape(out(size, 8, 1, 3) // 2)
    yield f"{START}: add 1", shape((half - 1) // 2)
    yield "the stride of 2 and the pooling halve", shape(quarter // 2)
    yield "adds its channels up", shape(quarter, first * second)
    yield "channels come first", (quarter, quarter, second)
    yield "not of the picture", shape(quarter, 3)


@of("B12", "B14")
def two_layers(asked):
    k1, k2, d = wholes(asked, "kernels of # and #, on # cells")
    full = "Two full" in asked.words
    up, other = (1, "valid") if full else (-1, "full")
    yield "after the first layer", d + up * (k1 - 1)
    if k1 != k2:
        yield f"through the kernel of {k2} alone", d + up * (k2 - 1)
    yield "the length that went in", d
    yield f"for two {other} layers", d - up * (k1 - 1 + k2 - 1)
    taken = "adds k − 1" if full else "takes away k − 1"
    yield f"each layer {taken}", d + up * (k1 + k2)
    end = f"{d} + {k1} + {k2} − 2" if full else f"{d} − {k1} − {k2} + 2"
    yield f"the 1 of k − 1 counts in both layers: {end}", d + up * (k1 + k2 - 1)
    both = f"the kernels don't multiply: two layers are one kernel of {k1} + {k2} − 1"
    yield both, d + up * (k1 * k2 - 1)
    yield "the size of one kernel that does what both do", k1 + k2 - 1


@of("C1")
def size_with_padding(asked):
    h, w, k, _, s, p = wholes(asked, "of # × #, a kernel of # × #, stride #, padding #")
    right = [out(n, k, s, p) for n in (h, w)]
    yield FLOOR, [(n + 2 * p - k) / s + 1 for n in (h, w)]
    yield CEIL, [len(range(0, n + 2 * p - k, s)) + 1 for n in (h, w)]
    yield f"without the padding of {p}", [out(n, k, s) for n in (h, w)]
    yield "padding is on both sides: 2p", [(n + p - k) // s + 1 for n in (h, w)]
    yield f"with stride 1; the stride is {s}", [out(n, k, 1, p) for n in (h, w)]
    yield f"{START}: add 1", [n - 1 for n in right]
    yield SWAPPED, right[::-1]


@of("D4")
def pooling(asked):
    h, w, k, _, s = wholes(asked, "of # × # by windows of # × # with stride #")
    right = [out(n, k, s) for n in (h, w)]
    yield SWAPPED, right[::-1]
    yield FLOOR, [(n - k) / s + 1 for n in (h, w)]
    yield CEIL, [len(range(0, n - k, s)) + 1 for n in (h, w)]
    yield f"{START}: add 1", [n - 1 for n in right]
    yield f"with stride 1; the stride is {s}", [out(n, k) for n in (h, w)]
    if k != s:
        yield f"with stride {k}, as large as the window", [out(n, k, k) for n in (h, w)]
        yield f"as large as the stride, {s}", [out(n, s, s) for n in (h, w)]


@of("D1")
def loops(asked):
    n, _, f, k, _, s = wholes(asked, "of # × #: # filters of # × #, stride #")
    m, weights = out(n, k, s), f * 3 * k * k
    yield "all three colours", m * m * weights // 3
    yield "each of the filters slides", m * m * weights // f
    yield "one filter on one colour", m * m * k * k
    yield f"takes {k} · {k} products", m * m * f * 3
    yield f"with stride 1; the stride is {s}", weights * out(n, k) ** 2
    yield f"each of the {n} · {n} cells", weights * n * n
    yield "with padding 'same'", weights * len(range(0, n, s)) ** 2
    yield "at the very start count too", weights * (m - 1) ** 2
    yield f"the size of the output is rounded down: it is {m}", weights * ((n - k) / s + 1) ** 2
    yield f"one column of the output; it has {m}", weights * m
    yield "how many weights there are", weights
    yield "how many outputs there are", f * m * m


@of("E4")
def rows_without_gradient(asked):
    n, _, k, _, s = wholes(asked, "of # × #, a kernel of # × #, stride #")
    places = unread(n, k, s)
    last = max(set(range(n)) - set(places))  # that is read
    between = sum(at < last for at in places)
    yield "the size does not divide", 0
    yield "how many cells are in these rows", len(places) * n
    yield "those are the rows that are read", n - len(places)
    yield "the cells that no window reads", n * n - (n - len(places)) ** 2
    yield f"that is {n} mod {s}: the kernel is left out", n % s
    if between:
        rows = "1 row lies" if s - k == 1 else f"{s - k} rows lie"
        end = f"what is left over at the end; {rows} between two"
        yield end, len(places) - between
        yield "those are the rows between two windows", between


@of("E5")
def padding_that_keeps(asked):
    k, _, d = wholes(asked, "A # × # kernel with stride 1 and dilation #")
    span = len(range(0, d * (k - 1) + 1))
    yield "both sides together", span - 1
    yield "how many cells the kernel spans", span
    yield "(span − 1) / 2", span / 2
    yield "without padding", 0
    yield "half of k − 1, not of k + 1", d * (k + 1) / 2
    if d > 1:
        yield "that is dense", (k - 1) / 2
        yield "dilation 1 is dense: with dilation d there are d − 1", (d + 1) * (k - 1) / 2
        yield "that is d k / 2: there are k − 1 steps", d * k / 2


@of("E6")
def receptive_field(asked):
    count, k, _, s = wholes(asked, "# layers .*kernels of # × #, stride #")

    def seen(layers, k=k, s=s):
        cells = 1
        for _ in range(layers):
            cells = (cells - 1) * s + k
        return cells

    right = seen(count)
    yield f"one layer more: there are {count}", seen(count + 1)
    yield f"one layer less: there are {count}", seen(count - 1)
    yield "with stride 1", seen(count, s=1)
    yield "they don't add", 1 + count * (k - 1) * s
    yield "not its own kernel", 1 + sum((k - 1) * s ** (n + 1) for n in range(count))
    yield "each layer adds k − 1 steps", 1 + sum(k * s**n for n in range(count))
    yield "the first cell counts too: start with 1", right - 1
    yield "the kernels don't multiply", k**count
    yield "the kernels overlap", count * k
    yield "that is the jump", s**count
    yield "not the cells of the square", right**2


@of("C4")
def one_matrix(asked):
    few, side, _, classes = wholes(asked, r"\(# filters?, .*of # × # to # classes")
    cells, inside = side**2, few * ((side - 2) // 2) ** 2
    yield "without the offset", classes * cells
    yield "the offset is a vector", classes * cells + 1
    yield "a number for each class, not each cell", classes * cells + cells
    yield "for one class", cells + 1
    yield "one row of the matrix", cells
    yield f"a picture has {side} · {side} cells", classes * side + classes
    yield "the network's own number", few * 10 + classes * inside + classes
    yield "of the dense layer alone", classes * inside + classes
    yield "of the convolution alone", few * 10
    yield "the filters are inside the matrix", few * (classes * cells + classes)


@of("C2")
def beside_dense(asked):
    c, h, w, k = wholes(asked, "# channels of # × #, a convolution with kernels of #")
    (f,) = wholes(asked, "output of # maps")
    outputs, right = out(h, k) * out(w, k), k * k / (h * w)
    yield "the other way round", 1 / right
    yield "the part that is saved", 1 - right
    yield "both read all channels", right / c
    yield "both read all channels", right * c
    yield "both make all maps", right / f
    yield "beside the size of the output", k * k / outputs
    yield "those are the weights", f * c * k * k / (c * h * w * f * outputs)
    yield "that is k / h", k / h
    yield "that is k / w", k / w
    yield "a kernel has k · k weights", k / (h * w)
    yield PERCENT, 100 * right
