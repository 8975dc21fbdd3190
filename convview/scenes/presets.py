"""What a named kernel is in further filters and channels, and at a small size."""

import numpy as np

from convview.labels import joined
from convview.scenes.layer import LINES
from convview.weights import weights

EDGES = {  # name: (its author, the axis of its difference, the edges that it finds)
    "sobel_x": ("Sobel", 1, "vertical"),
    "sobel_y": ("Sobel", 0, "horizontal"),
    "prewitt_x": ("Prewitt", 1, "vertical"),
}
SIDES = "left to right", "top to bottom"  # that the filters after the first are mirrored
ALONE = {  # of one cell
    "laplacian": "the Laplacian is 0",
    "sharpen": "Sharpen is the same as Identity",
    "emboss": "Emboss is the same as Identity",
}
LOPSIDED = {  # of an even size
    "laplacian": "the Laplacian is lopsided, and not 0 on a slope",
    "sharpen": "Sharpen is lopsided, and changes a slope too",
}


def notes(params):
    """Of weights that nobody typed."""
    if params.weight is not None:
        return
    yield from _of_size(params.kernel, params.kernel_size)
    if params.kernel == "random":
        return
    first, *others = weights(params.kernel, params.out_channels, 1, *params.kernel_size, 0)
    mirrored = [
        f"filter {n} is filter 0 mirrored {SIDES[n - 1]}"
        + " (which changes nothing)" * np.array_equal(first, other)
        for n, other in enumerate(others, 1)
    ]
    if mirrored:
        yield f"{joined(mirrored).capitalize()}."
    channels = params.in_channels // params.groups
    if channels > 1:
        third = ", channel 2 those times 2" * (channels > 2)
        yield f"Channel 1 has the weights of channel 0 times −1{third}."


def _of_size(name, size):
    if name in EDGES:
        author, axis, edges = EDGES[name]
        if size[axis] == 1:
            alone = size == (1, 1)
            few, left = ("cell", "a 1") if alone else (LINES[axis], "the smoothing")
            yield f"A kernel of one {few} finds no {edges} edges: of {author} only {left} is left."
        elif size[1 - axis] == 1:
            yield (
                f"A kernel of one {LINES[1 - axis]} is the difference of {author} without its "
                "smoothing."
            )
    if name in ALONE and size == (1, 1):
        yield f"A kernel of one cell has no neighbours: {ALONE[name]}."
    even = [f"{line}s" for line, length in zip(LINES, size, strict=True) if length % 2 == 0]
    if name in LOPSIDED and even:
        yield f"An even number of {joined(even)} has no middle: {LOPSIDED[name]}."
