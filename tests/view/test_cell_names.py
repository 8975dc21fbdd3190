"""A cell has one name on a page: the rows and planes of an index are those of the layer."""

import numpy as np
import pytest

from convview.params import VIEWS, Gradients, Pooling, Slide
from convview.scenes import gradients, pooling, slide

VECTORS = {"bias", "grad_bias"}
ROW = {"size": (1, 8), "kernel_size": (1, 3), "stride": (1, 2), "padding": ((0, 0), (1, 1))}
ROWS_AROUND = ROW | {"padding": ((1, 1), (1, 1))}  # one row, and padding above and below
ONE_OUTPUT = {"size": (3, 3), "kernel_size": (3, 3), "stride": (1, 1)}
LAYERS = [
    (layer | {"in_channels": channels, "out_channels": filters, "groups": groups}, one_row)
    for layer, one_row in ((ROW, True), (ROWS_AROUND, False), (ONE_OUTPUT, False))
    for channels, filters, groups in ((1, 1, 1), (2, 1, 1), (1, 3, 1), (3, 2, 1), (2, 2, 2))
]
GRADIENT_VIEWS = ("input", "build", "weight", "transposed", "dydx", "dydw")
POOLING_VIEWS = ("forward", "backward", "hits", "both", "relu", "linear", "dialects")


def shown(layer):
    for view in VIEWS:
        yield slide.scene(Slide(**layer, view=view, bias=(((0.5,) * layer["out_channels"],),)))
    for view in GRADIENT_VIEWS:
        yield gradients.scene(Gradients(**layer, view=view))


@pytest.mark.parametrize(("layer", "one_row"), LAYERS)
def test_an_index_has_a_row_where_the_layer_has_several(layer, one_row):
    for made in shown(layer):
        for grid in made.grids:
            flat = one_row or grid.name in VECTORS
            assert grid.axes == (("cols",) if flat else ("rows", "cols")), (made.view, grid.name)


@pytest.mark.parametrize(("layer", "_"), LAYERS)
def test_a_weight_is_named_as_its_plane_is_titled(layer, _):
    """By filter and channel of its group, in w, the turned w′ and dL/dw."""
    filters, channels = layer["out_channels"], layer["in_channels"] // layer["groups"]
    symbols = {"kernel": "w", "kernel_rotated": "w′", "grad_kernel": "dL/dw"}
    for made in shown(layer):
        for grid in made.grids:
            if grid.name not in symbols:
                continue
            places = [list(place) for place in np.ndindex(filters, channels)]
            symbol, several = symbols[grid.name], len(places) > 1
            assert made.symbols[grid.name] == symbol
            assert list(map(list, grid.data()["places"])) == (places if several else [[]])
            assert list(grid.planes) == [f"{symbol}{p}" if several else "" for p in places]


def test_a_row_that_output_padding_adds_is_named():
    one = Gradients(**ROW | {"stride": (2, 2)}, view="transposed", output_padding=(1, 0))
    made = gradients.scene(one)
    assert {grid.values.shape[1] for grid in made.grids} == {1, 2}
    assert {grid.axes for grid in made.grids} == {("rows", "cols")}


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("view", POOLING_VIEWS)
def test_of_a_pooling(view, channels):
    row = {"size": (1, 8), "kernel_size": (1, 2), "stride": (1, 2)}
    for layer, axes in ((row, ("cols",)), (ONE_OUTPUT, ("rows", "cols"))):
        made = pooling.scene(Pooling(**layer, in_channels=channels, view=view))
        assert {grid.axes for grid in made.grids} == {axes}


def test_the_cell_that_is_the_loss_is_named_as_on_the_stage():
    small = {"size": (3, 4), "kernel_size": (3, 3), "stride": (1, 1), "padding": ((0, 0), (0, 0))}
    for layer, name in (
        (small | {"out_channels": 3, "cell_filter": 2}, "y[2, 0, 1]"),
        (small, "y[0, 1]"),
        (ROW, "y[1]"),
    ):
        made = gradients.scene(Gradients(**layer, view="weight", loss="cell", cell=(0, 1)))
        assert any(note.startswith(f"L = {name}: ") for note in made.notes)
