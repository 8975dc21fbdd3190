"""The layer that a page looks at: its operands, its taps, and how they stand in a scene."""

from dataclasses import dataclass, replace

import numpy as np

from convcore import conv2d, pad2d, same_padding
from convcore.taps import Axis, axis_taps, pad_index
from convview.params import LARGEST_EDITED
from convview.pictures import PICTURES
from convview.scene import Grid, Line, Sweep, scale_of
from convview.weights import weights

LINES = ("row", "column")  # of which the two axes are made

@dataclass(frozen=True)
class Layer:
    """One setting: x (C, H, W), weight (F, C/groups, kH, kW), y (F, H_out, W_out).

    `weight` is as typed; `sliding` is what moves over x: a convolution turns it by 180 degrees.
    """

    params: object
    x: np.ndarray
    x_padded: np.ndarray
    weight: np.ndarray
    sliding: np.ndarray
    bias: np.ndarray | None
    y: np.ndarray
    rows: Axis
    cols: Axis

    @property
    def flip(self):
        return self.params.operation == "convolution"

    @property
    def settings(self):
        """Stride, padding, dilation and groups, as `convcore` takes them."""
        pads = self.rows.padding, self.cols.padding
        return self.params.stride, pads, self.params.dilation, self.params.groups

    @property
    def one_row(self):
        return is_one_row(self.rows)

    @property
    def planes(self):
        """The kernels one after the other, (F * C/groups, kH, kW), as typed."""
        return self.weight.reshape(-1, *self.weight.shape[2:])

    @property
    def pairs(self):
        """For each filter, the channels it reads, each with the plane of its kernel."""
        filters, channels = self.weight.shape[:2]
        return [
            [[f * self.params.groups // filters * channels + c, f * channels + c]
             for c in range(channels)]
            for f in range(filters)
        ]  # fmt: skip

    @property
    def taps(self):
        """Per axis [out][tap]: the position in the padded input."""
        return [(axis.index + axis.padding[0]).tolist() for axis in (self.rows, self.cols)]

    @property
    def turns(self):
        """Per axis, which row (column) of the typed kernel each tap takes."""
        return [turned(size, self.flip) for size in self.weight.shape[2:]]

    def as_typed(self, gradient):
        """dL/d(what slides), (F, C/groups, kH, kW), as planes where each weight was typed."""
        turned = gradient[:, :, ::-1, ::-1] if self.flip else gradient
        return turned.reshape(self.planes.shape)

    def lines(self):
        """Rows and columns of the padded input."""
        mode = self.params.padding_mode
        return _line(self.rows, mode), _line(self.cols, mode)

    def input_grid(self):
        small = max(self.params.size) <= LARGEST_EDITED
        return Grid(
            "input", "Input", sizes(self.x, self.x_padded), "input", self.x_padded,
            *self.lines(), named("channel", len(self.x)), editable=small,
        )  # fmt: skip

    def kernel_grid(self, note=None):
        channels = self.weight.shape[1]
        return Grid(
            "kernel", "Kernel", self._kernel_note() if note is None else note, "kernel",
            self.planes, *(Line.plain(size) for size in self.weight.shape[2:]),
            self.kernel_planes("w"), across=channels, editable=True, places=self.kernel_places,
        )  # fmt: skip

    def output_grid(self):
        return Grid(
            "output", "Output", times(self.y.shape[1:]), "output", self.y,
            *(Line.plain(size) for size in self.y.shape[1:]), named("filter", len(self.y)),
            scale=scale_of(self.x, self.sliding),
        )  # fmt: skip

    def sweep(self, **options):
        """The kernel slides over the padded input."""
        return Sweep("output", "input", "kernel", *self.taps, *self.turns, self.pairs, **options)

    @property
    def kernel_places(self):
        """(filter, channel of its group) of each plane of the kernel; of one there is no index."""
        places = tuple(np.ndindex(*self.weight.shape[:2]))
        return places if len(places) > 1 else ((),)

    def kernel_planes(self, symbol):
        """The title of each plane of the kernel, w[filter, channel], or none."""
        return tuple(f"{symbol}[{', '.join(map(str, place))}]" if place else ""
                     for place in self.kernel_places)  # fmt: skip

    def _kernel_note(self):
        note = times(self.weight.shape[2:])
        reach = (self.rows.effective_kernel_size, self.cols.effective_kernel_size)
        if reach != self.weight.shape[2:]:
            note += f", spans {times(reach)}"
        return note + ", as typed" * self.flip


def layer(params):
    """The layer of a setting, from `convcore`; ShapeError where the setting is impossible."""
    x, weight, pads = input_of(params), weight_of(params), padding_of(params)
    bias = None if params.bias is None else fitted(params.bias, (1, 1, params.out_channels))[0, 0]
    sliding = weight if params.operation == "correlation" else weight[:, :, ::-1, ::-1]
    settings = params.stride, pads, params.dilation, params.groups
    y = conv2d(x, sliding, bias, *settings)  # a refusal speaks of the numbers on the page
    x_padded = pad2d(x, pads, params.padding_mode)
    if params.padding_mode != "zeros":
        y = conv2d(x_padded, sliding, bias, params.stride, 0, params.dilation, params.groups)
    rows, cols = (
        axis_taps(n, k, s, p, d)
        for n, k, s, p, d in zip(
            params.size, params.kernel_size, params.stride, pads, params.dilation, strict=True
        )
    )
    return Layer(params, x, x_padded, weight, sliding, bias, y, rows, cols)


def input_of(params):
    """The input (C, H, W): the numbers typed by hand, cut or continued with zeros, or a preset."""
    shape = (params.in_channels, *params.size)
    if params.x is None:
        return PICTURES[params.picture](*shape, params.seed)
    return fitted(params.x, shape)


def weight_of(params):
    """The weights (C_out, C_in/groups, kH, kW): typed by hand, cut or continued, or a preset."""
    filters, channels = params.out_channels, max(1, params.in_channels // params.groups)
    if params.weight is None:
        return weights(params.kernel, filters, channels, *params.kernel_size, params.seed)
    typed = fitted(params.weight, (filters * channels, *params.kernel_size))
    return typed.reshape(filters, channels, *params.kernel_size)


def padding_of(params):
    """((top, bottom), (left, right)) that the word or the numbers mean in the chosen dialect."""
    if params.padding == "valid":
        return (0, 0), (0, 0)
    if params.padding == "full":
        return tuple(
            (d * (k - 1),) * 2 for k, d in zip(params.kernel_size, params.dilation, strict=True)
        )
    if params.padding != "same":
        return params.padding
    return tuple(
        same_padding(n, k, s, d, params.dialect)
        for n, k, s, d in zip(
            params.size, params.kernel_size, params.stride, params.dilation, strict=True
        )
    )


def edited(params, edit, value):
    """The parameters with one number changed; the whole grid then stands in the link.

    Numbers typed before that the present size cuts off stay behind it.
    """
    name = {"input": "x", "kernel": "weight", "bias": "bias"}[edit["grid"]]
    shown = {
        "x": lambda: input_of(params),
        "weight": lambda: weight_of(params).reshape(-1, *params.kernel_size),
        "bias": lambda: fitted(params.bias, (1, 1, params.out_channels)),
    }[name]()
    return typed(params, name, shown, edit, value)


def typed(params, name, shown, edit, value):
    """The parameters with one of the shown planes' numbers typed, under that name."""
    at = edit["plane"], edit["row"], edit["col"]
    if not all(0 <= place < size for place, size in zip(at, shown.shape, strict=True)):
        return params  # a cell that a slider has taken away meanwhile
    before = getattr(params, name)
    numbers = shown
    if before is not None:
        numbers = fitted(before, np.maximum(np.shape(before), shown.shape))
    numbers = np.array(numbers)
    numbers[at] = value
    planes = tuple(tuple(tuple(map(float, line)) for line in rows) for rows in numbers)
    return replace(params, **{name: planes})


def fitted(numbers, shape):
    """Typed planes cut, or continued with zeros, to the shape (P, R, C)."""
    numbers = np.asarray(numbers, float)
    kept = tuple(slice(min(a, b)) for a, b in zip(numbers.shape, shape, strict=True))
    result = np.zeros(shape)
    result[kept] = numbers[kept]
    return result


def unread(axis, mode):
    """{position in the padded axis: why no window reads it}; a cell whose copy is read is read."""
    padded = axis_taps(
        axis.padded_size, axis.kernel_size, axis.stride, (0, 0), axis.dilation
    )  # its cells are our positions
    causes = {place: cause for place, cause in enumerate(padded.unread_causes) if cause}
    if mode == "zeros":
        return causes
    source = pad_index(axis.size, *axis.padding, mode) + axis.padding[0]
    read = {source[place] for place in range(axis.padded_size) if place not in causes}
    return {place: cause for place, cause in causes.items() if source[place] not in read}


def is_one_row(rows):
    """Whether a layer with this axis of rows is one-dimensional: all its grids are rows."""
    return rows.padded_size == 1


def named_axes(pair, both="rows and columns"):
    """[(name, axis), ...]: both at once where they are alike, and no rows where there is one."""
    rows, cols = pair
    if rows == cols:
        return [(both, rows)]
    if is_one_row(rows):
        return [("columns", cols)]
    return [("rows", rows), ("columns", cols)]


def indexed(place, planes, one_row):
    """'[2, 0, 1]' of a cell (plane, row, column), as the stage names it.

    The plane only where there are several, the row not where the layer has one.
    """
    plane, row, col = (str(n) for n in place)
    return f"[{', '.join([plane] * (planes > 1) + [row] * (not one_row) + [col])}]"


def turned(size, flip):
    return list(range(size))[:: -1 if flip else 1]


def named(word, count):
    return ("",) if count == 1 else tuple(f"{word} {i}" for i in range(count))


def sizes(x, x_padded):
    size, padded = times(x.shape[1:]), times(x_padded.shape[1:])
    return size if size == padded else f"{size}, padded to {padded}"


def times(shape):
    return " × ".join(map(str, shape))


def _line(axis, mode):
    """The positions of a padded input axis: coordinates, marks, and what copies what."""
    before, after = axis.padding
    causes = unread(axis, mode)
    marks = {}
    for position in range(axis.padded_size):
        pad = not before <= position < before + axis.size
        words = ["pad"] * pad + ([causes[position]] if position in causes else [])
        if words:
            marks[position] = " ".join(words)
    source = None
    if mode != "zeros":
        source = (pad_index(axis.size, before, after, mode) + before).tolist()
    return Line(list(range(-before, axis.size + after)), marks, source)
