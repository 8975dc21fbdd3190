"""Sentences on sizes, shapes and counts."""

import re

import numpy as np

from tests.view.asked import out, unread, wholes
from tests.view.practice_kinds.table import kind, lists, shape


@kind("A1", "floor((n − k) / s) + 1 from n cells, with k = {k:d} and s = {s:d}.")
def sizes_named(asked, k, s):
    return (k, s) == (asked.params.kernel_size[0], asked.params.stride[0])


@kind("A1", "{axis:w}: floor(({n:d} − {k:d}) / {s:d}) + 1 = {steps:d} + 1 = {answer:d}.")
@kind("A2", "floor(({n:d} − {k:d}) / {s:d}) + 1 = {steps:d} + 1 = {answer:d}.")
@kind("D4", "{axis:w}: 1 + floor(({n:d} − {k:d}) / {s:d}) = {answer:d}.")
@kind("C1", "{axis:w}: floor(({n:d} − {k:d} + 2 · {pad:d}) / {s:d}) + 1 = {answer:d}.")
def size_on_an_axis(asked, n, k, s, answer, axis="Columns", steps=None, pad=0):
    p, at = asked.params, ["Rows", "Columns"].index(axis)
    given = p.size[at], p.kernel_size[at], p.stride[at]
    padding = p.padding[at][0] if isinstance(p.padding, tuple) else 0
    right = (n, k, s) == given and answer == np.ravel(asked.answer)[-1 if axis == "Columns" else 0]
    return right and pad == padding and answer == out(n, k, s, pad)


@kind(
    "A3", "floor(({n:d} + 2 · {pad:d} − {d:d} · {steps:d} − 1) / {s:d}) + 1 = {answer:d}.",
)  # fmt: skip
def size_with_all(asked, n, pad, d, steps, s, answer):
    p = asked.params
    given = p.size[0], p.padding[0][0], p.dilation[0], p.kernel_size[0] - 1, p.stride[0]
    return (n, pad, d, steps, s) == given and answer == asked.answer[1]


@kind("A1", "Left over at the end: {rows} and {cols}, which no window reads.")
def left_over(asked, rows, cols):
    p, ends = asked.params, []
    for n, k, s in zip(p.size, p.kernel_size, p.stride, strict=True):
        last = max(set(range(n)) - set(unread(n, k, s)))
        ends.append(n - 1 - last)
    return ends == [*lists(rows), *lists(cols)]


@kind("A1, unread", "Windows of {k:d} × {kw:d} {taps} begin in {rows} and in {cols}.")
def where_windows_begin(asked, k, kw, taps, rows, cols):
    p = asked.params
    (n, m), s, d = p.size, p.stride[0], p.dilation[0]
    starts = [[*range(0, size - d * (k - 1), s)] for size in (n, m)]
    names = [f"{name}{'s' if len(one) > 1 else ''} " for name, one in zip(("row", "column"), starts,
                                                                        strict=True)]  # fmt: skip
    return (
        (k, kw) == p.kernel_size
        and taps == ("cells" if d == 1 else f"taps, {d} cells apart,")
        and [lists(rows), lists(cols)] == starts
        and rows.startswith(names[0])
        and cols.startswith(names[1])
    )


@kind("A1, unread", "{axis:w} that no window reads: {places}.")
def not_read(asked, axis, places):
    p, at = asked.params, ["Rows", "Columns"].index(axis)
    return lists(places) == unread(p.size[at], p.kernel_size[at], p.stride[at], p.dilation[at])


@kind("A2", "floor(({n:d} − {k:d}) / {s:d}) + 1.")
def formula_of_a_row(asked, n, k, s):
    p = asked.params
    return (n, k, s) == (p.size[1], p.kernel_size[1], p.stride[1])


@kind("A2", "Never read: {places}.")
def cells_never_read(asked, places):
    n, k, s = wholes(asked, "# cells in a row, a kernel of #, stride #")
    end = range(n - (n - k) % s, n)
    return lists(places) == [at for at in unread(n, k, s) if at in end]


@kind("A3", "The dilated kernel spans {d:d} · ({k:d} − 1) + 1 = {span:d} cells.")
def span(asked, d, k, span):
    return (d, k) == (asked.params.dilation[0], asked.params.kernel_size[0])


@kind("A3", "floor((n + 2p − d(k − 1) − 1) / s) + 1 from n cells, with padding p, dilation d, a "
      "kernel of k and stride s; and one channel for each filter.")
def formula_with_all(asked):
    p = asked.params
    (n, _), (k, _), (s, _), ((pad, _), _), (d, _) = (
        p.size, p.kernel_size, p.stride, p.padding, p.dilation,
    )  # fmt: skip
    return asked.answer == (p.out_channels, *[(n + 2 * pad - d * (k - 1) - 1) // s + 1] * 2)


@kind("A3", "One channel for each filter: {answer}.")
@kind("A8", "That of W: {answer}.")
def shape_of_the_answer(asked, answer):
    return shape(answer) == tuple(asked.answer)


@kind("A6", "y is {y}, W is {w}: dy/dW is {answer}.")
@kind("A7", "y is {y}, x is {x}: dy/dx is {answer}.")
def shapes_joined(asked, y, answer, w="", x=""):
    c, n = wholes(asked, "x has # channels? of # cells")
    f, _, k, s = wholes(asked, "W is # × # × #, stride #")
    first, last = (f, out(n, k, s)), (f, c, k) if w else (c, n)
    return (shape(y), shape(w or x), shape(answer)) == (first, last, first + last)


@kind("A6", "[i, j, i', c', k'] is x[c', {s:d}j + k'] where i = i', else 0: the im2col matrix.")
@kind(
    "A8", "dL/dW[i, c, k] = sum over j of g[i, j] x[c, {s:d}j + k]: the stride became the dilation."
)
def strided_index(asked, s):
    return s == asked.params.stride[1]


@kind("A7", "[i, j, c', k'] is W[i, c', k' − {s:d}j] where 0 ≤ k' − {t:d}j < {k:d}, else 0.")
def strided_weight(asked, s, t, k):
    return s == t == asked.params.stride[1] and k == asked.params.kernel_size[1]


@kind("B8", "Call the Jacobians J_f, J_g, J_h; J_g has a row for each number that comes out of g: "
      "it is {g}.")
def jacobian_of_g(asked, g):
    return shape(g) == (asked.params.n, asked.params.m)


@kind("B8", "J_h is {h}, J_g is {g}: J_h J_g is {answer}.")
def product_of_jacobians(asked, h, g, answer):
    p = asked.params
    return (shape(h), shape(g), shape(answer)) == ((p.o, p.n), (p.n, p.m), (p.o, p.m))


@kind("B9", "With l, m, n for these three sizes, and o = {o:d} for the one output: o m n + o m l.")
def price_by_letters(asked, o):
    """The question gives the sizes in this order, and no fourth one."""
    l, m, n = sizes = [int(size) for size in re.findall(r"R\^(\d+) →", asked.words)]  # noqa: E741
    return (
        sizes == [asked.params.l, asked.params.m, asked.params.n]
        and asked.words.count("→ R.") == o == 1
        and o * m * n + o * m * l == asked.answer
    )


@kind("B9, which", "The first product of forward has {l:d} columns, that of reverse {o:d} rows.")
def first_products(asked, l, o):  # noqa: E741
    return (l, o) == (asked.params.l, asked.params.o)


@kind("B11", "First layer: floor(({size:d} + 6 − 8) / 2) + 1 = {half:d}.")
def first_layer(asked, size, half):
    return half == out(asked.params.shape[1], 8, 2, 3) and size == asked.params.shape[1]


@kind("B11", "Pooling halves; padding 1 keeps the size under a 3 × 3 kernel.")
def padding_keeps(asked):
    return all(out(n, 3, 1, 1) == n for n in range(3, 99))


@kind("B11", "{one} → {two} → {three}.")
def through_the_layers(asked, one, two, three):
    size, first, second = wholes(asked, "3 × # × .*then # filters.*by 2 × 2, # filters")
    half = out(size, 8, 2, 3)
    expected = (first, half, half), (first, half // 2, half // 2), (second, half // 2, half // 2)
    return tuple(map(shape, (one, two, three))) == expected


@kind("B12; B14", "d {formula} from d cells, with kernels of k1 and k2.")
def formula_by_letters(asked, formula):
    k1, k2, d = wholes(asked, "kernels of # and #, on # cells")
    terms = "d " + formula.removeprefix("d ").replace("−", "-")
    return eval(terms, {"k1": k1, "k2": k2, "d": d}) == asked.answer


@kind("B12; B14", "{d:d} → {middle:d} → {answer:d}: {terms} = {result:d}.")
def lengths(asked, d, middle, answer, terms, result):
    k1, _, given = wholes(asked, "kernels of # and #, on # cells")
    grown = k1 - 1 if "full" in asked.words else 1 - k1
    found = d == given and middle == d + grown and answer == asked.answer
    return found and eval(terms.replace("−", "-")) == result == answer


@kind("C1", "floor((n − k + 2p) / s) + 1 rows from n rows, with a kernel of k and stride s; so for "
      "the columns.")
@kind("D4", "1 + floor((n − k) / s) rows from n rows, with windows of k and stride s; so for the "
      "columns.")
def rule_of_the_size(asked):
    p = asked.params
    pad = p.padding[0][0] if isinstance(p.padding, tuple) else 0
    sizes = [(n - k + 2 * pad) // s + 1 for n, k, s in zip(p.size, p.kernel_size, p.stride,
                                                          strict=True)]  # fmt: skip
    return tuple(asked.answer) == tuple(sizes)


@kind("C2", "{k:d} · {k2:d} / ({h:d} · {w:d}).")
def cells_of_the_kernel(asked, k, k2, h, w):
    return k == k2 and np.isclose(k * k / (h * w), asked.answer)


@kind("C2", "{few:d} against {many:d}.")
def against(asked, few, many):
    (layer,), (c, h, w) = asked.params.layers, asked.params.shape
    outputs = out(h, layer.kernel_size) * out(w, layer.kernel_size) * layer.out_channels
    return few == outputs * c * layer.kernel_size**2 and many == outputs * c * h * w


@kind("C4", "A row for each class, a column for each of {cells:d} cells.")
def columns(asked, cells):
    h, w = wholes(asked, "pictures of # × #")
    return cells == h * w


@kind(
    "C4", "{classes:d} · {cells:d} + {offset:d} = {answer:d}: those of a logistic regression. "
    "Composed, the network is one of them, so its loss can't be below their best.",
)  # fmt: skip
def regression(asked, classes, cells, offset, answer):
    return classes == offset == wholes(asked, "to # classes")[0] and answer == asked.answer


@kind("D1", "The output is {size}.")
def output(asked, size):
    n, _, f, k, _, s = wholes(asked, "of # × #: # filters of # × #, stride #")
    return shape(size) == (f, out(n, k, s), out(n, k, s))


@kind("D1", "Filters, rows and columns of the output, colours, and the {k:d} × {k2:d} of a filter: "
      "{f:d} · {rows:d} · {cols:d} · 3 · {high:d} · {wide:d} = {all}.")  # fmt: skip
def product_of_all(asked, k, k2, f, rows, cols, high, wide, all):
    n, _, filters, size, _, s = wholes(asked, "of # × #: # filters of # × #, stride #")
    right = (f, rows, cols) == (filters, out(n, size, s), out(n, size, s))
    whole = int(all.replace(",", "")) == f * rows * cols * 3 * high * wide == asked.answer
    return right and whole and {k, k2, high, wide} == {size}


@kind("D1", "Each takes 3 · {k:d} · {k2:d} products.")
def products(asked, k, k2):
    return k == k2 == wholes(asked, "filters of #")[0]


@kind("E4", "After the last window: ({n:d} − {k:d}) mod {s:d}. No row between two windows: {why}.")
def none_between(asked, n, k, s, why):
    return k >= s and (n - k) % s == asked.answer == len(unread(n, k, s))


@kind("E4", "After the last window: ({n:d} − {k:d}) mod {s:d}[[ = {end:d}]].")
def after_the_last(asked, n, k, s, end):
    p = asked.params
    after = n - 1 - max(set(range(n)) - set(unread(n, k, s)))
    given = (n, k, s) == (p.size[0], p.kernel_size[0], p.stride[0])
    return given and end in (None, after) and (n - k) % s == after


@kind(
    "E4", "[[After the last window: ({n:d} − {k2:d}) mod {s2:d}. ]]Between two windows: {s:d} − "
    "{k:d} = {rows}[[, {times:d} times]].",
)  # fmt: skip
def between(asked, n, k2, s2, s, k, rows, times):
    size, kernel, stride = (pair[0] for pair in (
        asked.params.size, asked.params.kernel_size, asked.params.stride))  # fmt: skip
    places = unread(size, kernel, stride)
    last = max(set(range(size)) - set(places))
    inside = len([at for at in places if at < last])
    given = (s, k) == (stride, kernel) and (n is None or (n, k2, s2) == (size, kernel, stride))
    return given and inside == lists(rows)[0] * (times or 1)


@kind("E4", "No window reads {places}, so the gradient is 0 there.")
def rows_not_read(asked, places):
    p = asked.params
    right = unread(p.size[0], p.kernel_size[0], p.stride[0])
    named = places.startswith("rows " if len(right) > 1 else "row ")
    return named and lists(places) == right and len(right) == asked.answer


@kind("E5", "The kernel spans {span:d} cells.")
def spans(asked, span):
    k, _, d = wholes(asked, "A # × # kernel with stride 1 and dilation #")
    return span == len(range(0, d * (k - 1) + 1))


@kind("E5", "Half of what the size loses: d (k − 1) / 2, with a kernel of k and dilation d.")
def half_of_the_loss(asked):
    k, _, d = wholes(asked, "A # × # kernel with stride 1 and dilation #")
    return (99 - out(99, k, d=d)) / 2 == asked.answer
