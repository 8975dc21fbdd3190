"""The Jacobians of a layer as matrices: where each cell stands in which vector.

The stage fills them from the taps: see `stage/browser/matrix.js`.
"""

from convcore import ShapeError
from convview.params import LARGEST_EDITED
from convview.scenes.layer import times


def ensure_small(params, height, width, otherwise):
    """Refuse an input too large to be drawn as a matrix; `otherwise` is a view that can show it."""
    if max(params.size) > LARGEST_EDITED:
        raise ShapeError(
            f"matrix view: it is drawn for inputs up to {times((LARGEST_EDITED,) * 2)}; got "
            f"{times(params.size)}. Use view {otherwise}.",
            rule="matrix",
            most=LARGEST_EDITED,
            height=height,
            width=width,
            otherwise=otherwise,
        )


def by_input(layer, title, note, strips):
    """dy/dx: the entries are weights.

    With zeros around the input, padding has no column. Otherwise the padded input is the vector,
    since its copies are read as cells of their own.
    """
    zeros = layer.params.padding_mode == "zeros"
    axes = (layer.rows, layer.cols)
    sizes = vector_of(layer).shape[1:]
    before = [a.padding[0] if zeros else 0 for a in axes]
    inside = [
        [p - b if 0 <= p - b < n else None for p in range(a.padded_size)]
        for a, b, n in zip(axes, before, sizes, strict=True)
    ]
    columns = {
        "grid": "input",
        "planes": [c * sizes[0] * sizes[1] for c in range(len(layer.x))],
        "rows": [None if r is None else r * sizes[1] for r in inside[0]],
        "cols": inside[1],
    }
    width = len(layer.x) * sizes[0] * sizes[1]
    return _matrix(layer, title, note, strips, columns, width, "kernel")


def vector_of(layer):
    """The input whose cells are the columns of dy/dx: with its padding where that holds copies."""
    return layer.x if layer.params.padding_mode == "zeros" else layer.x_padded


def by_weight(layer, title, note, strips):
    """dy/dw: the entries are inputs, the im2col matrix for each filter."""
    columns = places(layer.kernel_grid())
    return _matrix(layer, title, note, strips, columns, layer.planes.size, "input")


def _matrix(layer, title, note, strips, columns, width, entries):
    return {
        "title": title,
        "note": f"{times((layer.y.size, width))}, {note}",
        "height": layer.y.size,
        "width": width,
        "rows": places(layer.output_grid()),
        "columns": columns,
        "entries": entries,
        "strips": list(strips),
    }


def places(grid):
    """Where each cell of a grid stands in its vector, plane by plane in row-major order."""
    planes, rows, cols = grid.values.shape
    return {
        "grid": grid.name,
        "planes": [p * rows * cols for p in range(planes)],
        "rows": [r * cols for r in range(rows)],
        "cols": list(range(cols)),
    }
