"""Slips of slopes, softmax and the chain rule."""

import re
from fractions import Fraction

import numpy as np

from tests.view.asked import found, numbers, text, wholes
from tests.view.slips.table import PERCENT, of


@of("B1")
def difference_quotient(asked):
    at, step = asked.params.at, 0.5**asked.params.halvings
    other = at - step if at > 0 else at + step
    change = abs(max(other, 0) - max(at, 0))
    yield f"that is the slope at {text(at)}; with this ε the kink at 0", float(at > 0)
    yield "the slope on the other side of the kink at 0", float(at < 0)
    yield "divide by how far you went, with its sign", -change / step
    if step < 1:
        yield f"that is the difference; divide it by {text(step)}", change
        yield f"that is multiplied by {text(step)}", change * step
    both = (max(at + step, 0) - max(at - step, 0)) / (2 * step)
    yield "to both sides: from x − ε to x + ε, divided by 2 ε", both
    yield "the part of ε on the other side of 0", 1 - change / step


@of("B2")
def integral_of_the_step(asked):
    low, high = numbers(asked, "from # to #")
    yield "h is 0 left of 0, so nothing is added there", high - low
    yield "the part left of 0, where h is 0", -low
    yield "h is 0 left of 0, so nothing is taken away there", high + low
    yield "that is h itself", 1
    yield "the integral of relu", high**2 / 2
    yield f"h is 1 right of 0, up to {text(high)}", 0


@of("B3")
def sigmoid_and_step(asked):
    k, band = asked.params.k, asked.params.band
    yield PERCENT, 100 / (1 + np.exp(k * band))
    yield "the difference at 0,", 0.5
    yield "the value of the sigmoid there, not how far it is from 1", 1 / (1 + np.exp(-k * band))
    yield f"the difference at 1; the band ends at {text(band)}", 1 / (1 + np.exp(k))
    yield f"without the {k}: sigmoid({k}x)", 1 / (1 + np.exp(band))
    yield f"that is exp(−{k} · {text(band)}): divide by 1 plus it", np.exp(-k * band)


@of("B4")
def shifted_softmax(asked):
    parts = np.array([int(n) for n in re.findall(r"ln (\d+)", asked.words)], float)
    c, x, total = asked.params.shift, np.log(parts), parts.sum()
    yield f"those are exp(x): divide by their sum, {text(total)}", parts
    yield PERCENT, 100 * parts / total
    yield f"{c} is added to each alike", np.full(3, 1 / 3)
    yield "the logarithms, x itself", x
    yield "the logarithms divided by their sum", x / x.sum()
    yield "that is softmax(−x)", (1 / parts) / (1 / parts).sum()
    yield f"to the result: softmax(x + {c}) is not softmax(x) + {c}", parts / total + c
    yield f"{c} is added to the logarithms", (parts + c) / (parts + c).sum()
    if (parts == parts.max()).sum() == 1:
        yield "the arg max alone", parts == parts.max()


@of("B5")
def two_classes(asked):
    a, b = wholes(asked, r"\[#, #\]")
    yield "the other way round", b - a
    yield "that is x[0]", a
    yield "that is x[1]", b
    yield "not a sum", a + b
    if b:
        yield "not a quotient", a / b
    yield "that is sigmoid(z)", np.exp(a) / (np.exp(a) + np.exp(b))
    yield "that is exp(z)", np.exp(a - b)


@of("B6")
def one_too_many(asked):
    x = np.array(wholes(asked, r"\[#, #, #\]"), float)
    yield "the others have to move", [0, x[1], x[2]]
    yield "with the other sign: x[k] − x[0]", x[0] - x
    yield "is taken away from the others", [0, x[1] + x[0], x[2] + x[0]]
    yield "with the largest moved to 0", x - x.max()
    yield "with the last moved to 0", x - x[2]
    yield "the other two: the 0 is the first", (x - x[0])[1:]
    if x[0]:
        yield "not quotients", x / x[0]
    yield "those are the probabilities", np.exp(x) / np.exp(x).sum()


@of("B7")
def entry_of_the_jacobian(asked):
    (listed,) = found(asked, r"= \(([\d/, ]+)\)")
    p, (i, k) = [float(Fraction(q)) for q in listed.split(", ")], wholes(asked, r"entry \[#, #\]")
    yield f"that is p[{i}] itself", p[i]
    yield f"that is p[{k}] itself", p[k]
    yield PERCENT, 100 * ((i == k) * p[i] - p[i] * p[k])
    yield "with the other sign", p[i] * p[k] - (i == k) * p[i]
    if i == k:
        yield "on the diagonal it is p (1 − p)", -(p[i] ** 2)
        yield "is multiplied by 1 − p[i]", p[i] ** 2
        yield f"that is 1 − p[{i}]: it is multiplied by p[{i}]", 1 - p[i]
    else:
        for at in (i, k):
            yield f"that is p (1 − p), the entry [{at}, {at}]", p[at] * (1 - p[at])
        yield "there is no 1: it is", p[i] * (1 - p[k])
        yield "there is no 1: it is", -p[k] * (1 - p[i])
        yield "no entry is 0", 0


def lengths(asked):
    """l, m, n, o of three functions."""
    (l, m), (n,) = wholes(asked, r"f: R\^# → R\^#"), wholes(asked, r"g: R\^\d+ → R\^#")  # noqa: E741
    last = re.search(r"h: R\^\d+ → R\^(\d+)", asked.words)
    return l, m, n, int(last[1]) if last else 1


@of("B8")
def first_product(asked):
    l, m, n, o = lengths(asked)  # noqa: E741
    yield "that is j_g j_f, the first product", (n, l)
    yield "rows and columns are swapped: a row", (m, o)
    yield "that is the whole jacobian", (o, l)
    yield "the whole jacobian, with rows and columns swapped", (l, o)
    for name, shape in (("j_f", (m, l)), ("j_g", (n, m)), ("j_h", (o, n))):
        yield f"that is {name} alone", shape
    yield "that is j_g j_f, with rows and columns swapped", (l, n)


@of("B9")
def price_of_reverse(asked):
    l, m, n, _ = lengths(asked)  # noqa: E741
    yield "that is forward accumulation", l * m * n + l * n
    yield "the first product alone", m * n
    yield "the second product alone", l * m
    yield "the product j_g j_f, the first of forward accumulation, alone", l * m * n
    yield "how many numbers the three jacobians hold", l * m + m * n + n
    yield "added, not multiplied", m * n * l * m


@of("B9, which")
def cheaper(asked):
    l, m, n, o = lengths(asked)  # noqa: E741
    forward, reverse = l * m * n + l * n * o, o * m * n + o * m * l
    said = f"forward takes {forward:,} multiplications, reverse {reverse:,}"
    yield said, int(forward < reverse)
