"""Windows by brute force: what the checks of sentences count with, without the app's code."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from convview.pictures import PICTURES
from convview.weights import weights


@dataclass(frozen=True)
class Axis:
    """n cells, padded before and after; a window of k taps, d apart, moves by s."""

    n: int
    k: int
    s: int
    before: int
    after: int
    d: int
    ceil: bool = False

    @property
    def span(self):
        return 1 + self.d * (self.k - 1)

    @property
    def starts(self):
        """Where windows begin, counted from the first real cell."""
        end, found = self.n + self.after, []
        at = -self.before
        while at + self.span <= end:
            found.append(at)
            at += self.s
        hangs = (bool(found) and found[-1] + self.span < end) or (not found and self.ceil)
        if self.ceil and hangs and at < self.n:
            found.append(at)  # one more that hangs over, unless it would start past the input
        return found

    @property
    def out(self):
        return len(self.starts)

    def taps(self, i):
        return [self.starts[i] + u * self.d for u in range(self.k)]

    @property
    def counts(self):
        """{position: how many windows read it}, padding too."""
        found = dict.fromkeys(range(-self.before, self.n + self.after), 0)
        for i in range(self.out):
            for at in self.taps(i):
                found[at] = found.get(at, 0) + 1
        return found

    @property
    def unread(self):
        """Real cells that no window reads."""
        return [at for at in range(self.n) if not self.counts[at]]

    @property
    def rest(self):
        """Positions of the padded axis that the stride leaves behind the last window."""
        return self.n + self.after - (self.starts[-1] + self.span)


def axes(params):
    """(rows, columns) of a setting."""
    pads = padding(params)
    ceil = getattr(params, "ceil_mode", False)
    parts = zip(params.size, params.kernel_size, params.stride, pads, params.dilation, strict=True)
    return tuple(Axis(n, k, s, *p, d, ceil) for n, k, s, p, d in parts)


def padding(params):
    """((top, bottom), (left, right)) that a word means: the table of the libraries."""
    sides = []
    for axis in (0, 1):
        n, k, s, d = (
            getattr(params, name)[axis] for name in ("size", "kernel_size", "stride", "dilation")
        )
        sides.append(_sides(params, axis, n, s, d * (k - 1)))
    return tuple(sides)


def _sides(params, axis, n, s, reach):
    if params.padding == "valid":
        return 0, 0
    if params.padding == "full":
        return reach, reach
    if params.padding != "same":
        return params.padding[axis]
    if params.dialect in ("tensorflow", "onnx_upper", "onnx_lower"):
        reach = max((-(-n // s) - 1) * s + reach + 1 - n, 0)
    less, more = reach // 2, reach - reach // 2
    return (more, less) if params.dialect in ("scipy", "opencv", "onnx_lower") else (less, more)


BORDERS = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap",
           "symmetric": "symmetric"}  # fmt: skip


def padded(x, params):
    """x (C, H, W) as the window sees it, by numpy.pad."""
    mode = BORDERS[getattr(params, "padding_mode", "zeros")]
    return np.pad(x, ((0, 0), *padding(params)), mode)


def correlated(x, weight, bias, rows, cols, groups=1):
    """y (F, H_out, W_out) by literal loops.

    x (C, H, W), already padded; weight (F, C/groups, kH, kW)
    """
    filters, each = weight.shape[:2]
    y = np.zeros((filters, rows.out, cols.out))
    for f, i, j in product(range(filters), range(rows.out), range(cols.out)):
        first = f // (filters // groups) * each
        r = [at + rows.before for at in rows.taps(i)]
        c = [at + cols.before for at in cols.taps(j)]
        y[f, i, j] = (x[first : first + each][:, r][:, :, c] * weight[f]).sum()
        if bias is not None:
            y[f, i, j] += bias[f]
    return y


def scattered(g, weight, rows, cols, channels, groups=1):
    """dL/d(padded x), (C, H, W) with its padding, by literal loops; g (F, H_out, W_out)."""
    filters, each = weight.shape[:2]
    size = [axis.before + axis.n + axis.after for axis in (rows, cols)]
    grad = np.zeros((channels, *size))
    for f, i, j in product(*map(range, g.shape)):
        first = f // (filters // groups) * each
        for (u, at), (v, to) in product(enumerate(rows.taps(i)), enumerate(cols.taps(j))):
            cell = slice(first, first + each), at + rows.before, to + cols.before
            grad[cell] += g[f, i, j] * weight[f, :, u, v]
    return grad


def weight_gradient(g, x, rows, cols, shape, groups=1):
    """dL/dw (F, C/groups, kH, kW) by literal loops; x (C, H, W) already padded."""
    filters, each = shape[:2]
    grad = np.zeros(shape)
    for f, i, j in product(*map(range, g.shape)):
        first = f // (filters // groups) * each
        r = [at + rows.before for at in rows.taps(i)]
        c = [at + cols.before for at in cols.taps(j)]
        grad[f] += g[f, i, j] * x[first : first + each][:, r][:, :, c]
    return grad


def typed_input(params):
    """x (C, H, W) as typed or as its picture has it: where no grid of the page shows it."""
    shape = (params.in_channels, *params.size)
    if params.x is None:
        return PICTURES[params.picture](*shape, params.seed)
    x, typed = np.zeros(shape), np.array(params.x, float)
    kept = tuple(slice(min(a, b)) for a, b in zip(typed.shape, shape, strict=True))
    x[kept] = typed[kept]
    return x


def typed_weight(params):
    """The weights as typed or as their preset has them, (F, C/groups, kH, kW)."""
    filters, each = params.out_channels, params.in_channels // params.groups
    if params.weight is None:
        return weights(params.kernel, filters, each, *params.kernel_size, params.seed)
    w, typed = np.zeros((filters * each, *params.kernel_size)), np.array(params.weight, float)
    kept = tuple(slice(min(a, b)) for a, b in zip(typed.shape, w.shape, strict=True))
    w[kept] = typed[kept]
    return w.reshape(filters, each, *params.kernel_size)
