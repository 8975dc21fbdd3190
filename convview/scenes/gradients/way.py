"""The way back along one axis: from upstream cells to the cells of the padded input."""

from dataclasses import dataclass

from convview.scene import Line


@dataclass(frozen=True)
class Way:
    """One axis of the way back: from `outputs` upstream cells to a canvas of padded input cells."""

    outputs: int
    stride: int
    dilation: int
    kernel_size: int
    before: int
    after: int
    leftover: int

    @property
    def effective_kernel_size(self):
        return (self.kernel_size - 1) * self.dilation + 1

    @property
    def padded_size(self):
        """Cells of the padded input."""
        return (self.outputs - 1) * self.stride + self.effective_kernel_size + self.leftover

    @property
    def size(self):
        return self.padded_size - self.before - self.after

    @property
    def cropped(self):
        """Whether part of the canvas is padding of the layer."""
        return bool(self.before or self.after)

    @property
    def stamped(self):
        """[upstream cell][tap]: the canvas cell."""
        s, d = self.stride, self.dilation
        return [[j * s + u * d for u in range(self.kernel_size)] for j in range(self.outputs)]

    @property
    def gathered(self):
        """[input cell][tap of the rotated kernel]: the cell of the spread, padded upstream map."""
        taps = range(self.kernel_size)
        return [[i + self.before + u * self.dilation for u in taps] for i in range(self.size)]

    def place(self, ring):
        """Where each upstream cell stands in the spread map, with `ring` zeros before it."""
        return [ring + j * self.stride for j in range(self.outputs)]

    def spread_line(self, ring=0, appended=0):
        """The spread upstream map: zeros between its cells, appended ones, a ring around."""
        span = (self.outputs - 1) * self.stride + 1
        real = set(self.place(ring))
        marks = {}
        for position in range(ring + span + appended + ring):
            if position in real:
                continue
            inside = position - ring
            word = "ring" if inside < 0 or inside >= span + appended else "between"
            marks[position] = "pad appended" if span <= inside < span + appended else f"pad {word}"
        return Line([p - ring for p in range(ring + span + appended + ring)], marks)

    def canvas_line(self):
        """The padded input; what is cropped counts as padding."""
        crop = {
            p: "pad crop"
            for p in range(self.padded_size)
            if not self.before <= p < self.before + self.size
        }
        return Line([p - self.before for p in range(self.padded_size)], crop)


def ways(result):
    """The two axes of the way back through a layer."""
    return tuple(
        Way(a.output_size, a.stride, a.dilation, a.kernel_size, *a.padding, a.leftover)
        for a in (result.rows, result.cols)
    )
