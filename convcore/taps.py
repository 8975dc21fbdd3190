"""The one module that knows indexing: which input cell meets which tap.

On each axis   input index = output index * stride + tap index * dilation - padding before.
Forward, both gradients, pooling, coverage and the matrices are sums over these same taps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from .arguments import choice, per_axis, whole_number
from .misfit import misfit
from .shape_error import ShapeError

PAD_MODES = ("zeros", "reflect", "replicate", "circular", "symmetric")


@dataclass(frozen=True)
class Axis:
    """The taps of one spatial axis; make it with `axis_taps`, which checks that the kernel fits."""

    size: int
    kernel_size: int
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    dilation: int = 1
    overhang: int = 0  # by which the last window of a pooling in ceil_mode passes the padding

    @cached_property
    def padded_size(self) -> int:
        """size + padding before + padding after + overhang."""
        return self.size + self.padding[0] + self.padding[1] + self.overhang

    @cached_property
    def effective_kernel_size(self) -> int:
        """Cells from the first tap to the last, both included: dilation * (kernel_size - 1) + 1."""
        return self.dilation * (self.kernel_size - 1) + 1

    @cached_property
    def output_size(self) -> int:
        """floor((padded_size - effective_kernel_size) / stride) + 1."""
        return (self.padded_size - self.effective_kernel_size) // self.stride + 1

    @property
    def leftover(self) -> int:
        """Padded positions past the end of the last window: what the floor threw away."""
        return (self.padded_size - self.effective_kernel_size) % self.stride

    @cached_property
    def missing(self) -> int:
        """Cells by which the padded input is too short for one window (0 if the kernel fits)."""
        return max(0, self.effective_kernel_size - self.padded_size)

    @property
    def largest_dilation(self) -> int:
        """The dilation, lowered as far as needed for the kernel to fit; 0 if none does."""
        gaps = self.kernel_size - 1
        return min(self.dilation, (self.padded_size - 1) // gaps) if gaps else self.dilation

    @property
    def largest_kernel(self) -> int:
        """The kernel size, lowered as far as needed for the kernel to fit."""
        return min(self.kernel_size, (self.padded_size - 1) // self.dilation + 1)

    @cached_property
    def index(self) -> np.ndarray:
        """Input index of every tap, (output_size, kernel_size), read-only.

        Below 0 or at `size` and beyond, the tap reads padding.
        """
        o = np.arange(self.output_size)[:, None]
        u = np.arange(self.kernel_size)
        return _frozen(o * self.stride + u * self.dilation - self.padding[0])

    @cached_property
    def inside(self) -> np.ndarray:
        """Which taps read a real cell, (output_size, kernel_size) of bool, read-only."""
        return _frozen((self.index >= 0) & (self.index < self.size))

    @cached_property
    def counts(self) -> np.ndarray:
        """How many (output, tap) pairs read each input cell, (size,), read-only."""
        return _frozen(np.bincount(self.index[self.inside], minlength=self.size))

    @cached_property
    def unread_causes(self) -> tuple[str, ...]:
        """Why each input cell is never read, (size,); "" for a cell that is.

        "leftover": past the end of the last window. "dilation hole": inside the span of a window,
        but no tap lands there. "stride gap": between two windows.
        """
        return tuple("" if n else self._unread_cause(i) for i, n in enumerate(self.counts))

    @property
    def steps(self) -> range:
        """How many cells after the first tap of its window each tap reads."""
        return range(0, self.effective_kernel_size, self.dilation)

    def cells(self, u: int) -> slice:
        """The padded positions that tap `u` reads, one for each output, in their order.

        No position comes twice, so an array indexed with it can be added to.
        """
        first = u * self.dilation
        return slice(first, first + (self.output_size - 1) * self.stride + 1, self.stride)

    def real_cells(self, u: int, outputs: slice) -> tuple[slice, slice]:
        """Which of these outputs read a real cell with tap `u`, counted from the first of them, and
        those cells of the input without its padding."""
        shift = self.padding[0] - u * self.dilation
        low = max(outputs.start, -(-shift // self.stride))
        high = max(low, min(outputs.stop, (self.size - 1 + shift) // self.stride + 1))
        first = low * self.stride - shift
        cells = slice(first, first + max(0, (high - low - 1) * self.stride + 1), self.stride)
        return slice(low - outputs.start, high - outputs.start), cells

    def span(self, outputs: slice) -> slice:
        """The padded positions from the first to the last that these outputs read."""
        first = outputs.start * self.stride
        return slice(
            first, first + (outputs.stop - outputs.start - 1) * self.stride
            + self.effective_kernel_size,
        )  # fmt: skip

    def part(self, outputs: slice) -> Axis:
        """The taps of these outputs alone, over their `span`: the same, with nothing to pad."""
        span = self.span(outputs)
        return shared_axis(
            span.stop - span.start, self.kernel_size, self.stride, (0, 0), self.dilation
        )

    def cut(self, cells: slice) -> Axis:
        """The same taps over these input cells alone, with what is around them as padding."""
        before, after = self.padding
        return Axis(
            cells.stop - cells.start, self.kernel_size, self.stride,
            (before + cells.start, after + self.size - cells.stop), self.dilation, self.overhang,
        )  # fmt: skip

    def _unread_cause(self, i: int) -> str:
        position = i + self.padding[0]
        # The nearest window that starts at or before the cell decides: earlier ones end earlier.
        nearest = min(position // self.stride, self.output_size - 1)
        if position < nearest * self.stride + self.effective_kernel_size:
            return "dilation hole"
        return "leftover" if nearest == self.output_size - 1 else "stride gap"


def axis_taps(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: int | tuple[int, int] = (0, 0),
    dilation: int = 1,
) -> Axis:
    """The taps of one axis: which input index each (output, tap) pair reads.

        index[o, u] = o * stride + u * dilation - padding[0],   0 <= o < output_size,
                                                                0 <= u < kernel_size

    Parameters
    ----------
    size, kernel_size, stride, dilation : int, at least 1 (dilation 1 is dense)
    padding : int or (before, after), at least 0

    Returns
    -------
    Axis
        Frozen, and shared between equal calls; its arrays are read-only.

    Raises
    ------
    ShapeError
        If a number is illegal, or dilation * (kernel_size - 1) + 1 > size + before + after.

    Notes
    -----
    Coordinates of padding are kept (they are < 0 or >= size), so the same table serves every
    padding mode. Time and memory: output_size * kernel_size, on first use of an array.

    Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning",
    arXiv:1603.07285, relationships 5, 6 and 15.

    Examples
    --------
    >>> axis = axis_taps(5, 3, stride=2, padding=(1, 1))
    >>> axis.index.tolist()
    [[-1, 0, 1], [1, 2, 3], [3, 4, 5]]
    >>> axis.counts.tolist()
    [1, 2, 1, 2, 1]
    """
    size = whole_number("axis_taps", "size", size, 1)
    kernel_size = whole_number("axis_taps", "kernel_size", kernel_size, 1)
    stride = whole_number("axis_taps", "stride", stride, 1)
    sides = per_axis("axis_taps", "padding", padding, 0)
    dilation = whole_number("axis_taps", "dilation", dilation, 1)
    axis = shared_axis(size, kernel_size, stride, sides, dilation)
    if axis.missing:
        raise misfit("axis_taps", (axis,), padding, dilation, kernel_size)
    return axis


# A lesson asks for the same few axes again and again; sharing them keeps a tiny call tiny.
shared_axis = lru_cache(maxsize=64)(Axis)


def pooled_axis(
    size: int,
    kernel_size: int,
    stride: int,
    padding: tuple[int, int],
    dilation: int,
    ceil_mode: bool,
) -> Axis:
    """The axis of a pooling; in ceil_mode one more window may hang over the end.

    Not one that would start behind the input: it would see nothing but padding.

    Source: PyTorch, aten/src/ATen/native/Pool.h, pooling_output_shape_pad_lr.
    """
    axis = shared_axis(size, kernel_size, stride, padding, dilation)
    short = -(axis.padded_size - axis.effective_kernel_size) % stride  # of one more window
    starts = axis.padded_size + short - axis.effective_kernel_size
    if not ceil_mode or not short or not 0 <= starts < size + padding[0]:
        return axis
    return shared_axis(size, kernel_size, stride, padding, dilation, short)


def transposed_axis(
    output_size: int,
    kernel_size: int,
    stride: int,
    padding: tuple[int, int],
    output_padding: int,
    dilation: int,
) -> Axis:
    """The axis of the convolution that a transposed one runs backwards.

        size = (output_size - 1) * stride + dilation * (kernel_size - 1) + 1 + output_padding
               - padding before - padding after

    Its `size` is what the transposed convolution puts out (less than 1: nothing is left of it), and
    `output_padding` becomes its `leftover`. Only an output_padding of `stride` or more, legal under
    a larger dilation, makes room for further windows: `output_size` is then larger than asked.
    """
    span = dilation * (kernel_size - 1) + 1
    whole = (output_size - 1) * stride + span + output_padding
    return shared_axis(whole - sum(padding), kernel_size, stride, padding, dilation)


def windows(x_padded: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """Every window of a padded input, as a view.

        windows[n, c, i, j, u, v] = x_padded[n, c, i * stride_h + u * dilation_h,
                                                   j * stride_w + v * dilation_w]

    Parameters
    ----------
    x_padded : (N, C, rows.padded_size, columns.padded_size) array
    rows, columns : Axis

    Returns
    -------
    (N, C, H_out, W_out, kH, kW) array, read-only
        A view of `x_padded` (of a contiguous copy, if it was not C-contiguous).

    Raises
    ------
    ShapeError
        If `x_padded` does not have the padded sizes of the two axes.

    Notes
    -----
    Nothing is flipped. Cells overlap in memory, which is why the view is read-only. Made with
    `np.ndarray(..., strides)`, several times cheaper than `sliding_window_view`.

    Examples
    --------
    >>> x = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> windows(x, axis_taps(4, 2, stride=2), axis_taps(4, 2, stride=2))[0, 0, 1, 0].tolist()
    [[8.0, 9.0], [12.0, 13.0]]
    """
    needed = (rows.padded_size, columns.padded_size)
    if x_padded.ndim != 4 or x_padded.shape[2:] != needed:
        raise ShapeError(
            f"windows: x_padded must be (N, C, {needed[0]}, {needed[1]}), the padded sizes of its "
            f"axes; got shape {x_padded.shape}. Use pad2d on the input first."
        )
    view = taps_first(np.ascontiguousarray(x_padded), rows, columns).transpose(0, 1, 4, 5, 2, 3)
    view.flags.writeable = False
    return view


def taps_first(x_padded: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """The same windows in the order of im2col, (N, C, kH, kW, H_out, W_out), and unchecked.

    x_padded is C-contiguous and has the padded sizes; nobody writes into the view.
    """
    n_step, c_step, h_step, w_step = x_padded.strides
    return np.ndarray(
        (*x_padded.shape[:2], rows.kernel_size, columns.kernel_size,
         rows.output_size, columns.output_size),
        x_padded.dtype, x_padded, 0,
        (n_step, c_step, h_step * rows.dilation, w_step * columns.dilation,
         h_step * rows.stride, w_step * columns.stride),
    )  # fmt: skip


def row_windows(shifts: np.ndarray, rows: Axis) -> np.ndarray:
    """Every window over the rows of an array, flattened, as a view.

        row_windows[g, i] = shifts[g, i * stride : i * stride + kernel_size], as one axis

    Parameters
    ----------
    shifts : (G, rows.size, ..., W) array, C-contiguous
    rows : Axis without padding, dilation 1

    Returns
    -------
    (G, rows.output_size, kernel_size * ..., W) array, read-only
        Rows overlap in memory.
    """
    group_step, row_step, *_, step = shifts.strides
    row_cells = row_step // step // shifts.shape[-1]
    view = np.ndarray(
        (len(shifts), rows.output_size, rows.kernel_size * row_cells, shifts.shape[-1]),
        shifts.dtype, shifts, 0,
        (group_step, row_step * rows.stride, step * shifts.shape[-1], step),
    )  # fmt: skip
    view.flags.writeable = False
    return view


def pad_limit(size: int, mode: str) -> int | None:
    """The most cells a mode can add on one side; None if there is no limit."""
    return {"reflect": size - 1, "circular": size, "symmetric": size}.get(mode)


def pad_index(size: int, before: int, after: int, mode: str = "zeros") -> np.ndarray:
    """Where each cell of a padded axis comes from.

        zeros      -1 outside 0..size-1          . . a b c . .
        replicate  the nearest edge              a a a b c c c
        reflect    mirrored about the edge cell  c b a b c b a
        symmetric  mirrored about the edge       b a a b c c b
        circular   the other end                 b c a b c a b

    Parameters
    ----------
    size : int, at least 1
    before, after : int, at least 0; at most size - 1 for reflect, size for circular and symmetric
    mode : "zeros", "reflect", "replicate", "circular" or "symmetric"

    Returns
    -------
    (before + size + after,) int array
        Indices into the unpadded axis, -1 for a cell that holds zero.

    Raises
    ------
    ShapeError
        If a number is illegal or a side exceeds what the mode can mirror.

    Notes
    -----
    Other names: reflect is SciPy "mirror" and OpenCV REFLECT_101; symmetric is SciPy "reflect" and
    OpenCV REFLECT.

    Source: PyTorch, torch.nn.functional.pad (names and limits); numpy.pad ("symmetric").

    Examples
    --------
    >>> pad_index(3, 2, 1, "reflect").tolist()
    [2, 1, 0, 1, 2, 1]
    >>> pad_index(3, 2, 1, "symmetric").tolist()
    [1, 0, 0, 1, 2, 2]
    """
    size = whole_number("pad_index", "size", size, 1)
    before = whole_number("pad_index", "before", before, 0)
    after = whole_number("pad_index", "after", after, 0)
    choice("pad_index", "mode", mode, PAD_MODES, "zeros")
    limit = pad_limit(size, mode)
    if limit is not None and max(before, after) > limit:
        fix = {"before": min(before, limit), "after": min(after, limit)}
        raise ShapeError(
            f"pad_index: {mode} can add at most {limit} cell{'s' * (limit != 1)} on each side of "
            f"{size}; got before {before}, after {after}. Use before {fix['before']}, after "
            f"{fix['after']} or "
            'mode "replicate".',
            [fix, {"mode": "replicate"}],
        )
    position = np.arange(-before, size + after)
    if mode == "zeros":
        return np.where((position >= 0) & (position < size), position, -1)
    if mode == "replicate":
        return np.clip(position, 0, size - 1)
    if mode == "circular":
        return position % size
    # A mirror repeats after a there-and-back walk: 2n steps if the edge cell is met twice, else two
    # fewer. (max: one cell mirrored about itself has no walk at all.)
    period = 2 * size if mode == "symmetric" else max(1, 2 * size - 2)
    walk = position % period
    back = (2 * size - 1 if mode == "symmetric" else 2 * size - 2) - walk
    return np.where(walk < size, walk, back)


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
