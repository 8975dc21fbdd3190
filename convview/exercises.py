"""Ready-made states of the pages: the exercises of the courses, and photographs.

The numbering is that of the course sheets (A to E). The sentences say what to look at; the numbers
in them are computed.
"""

from dataclasses import dataclass

from convcore import conv_output_size, pool_output_size
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide

ROW = {"padding": ((0, 0), (0, 0)), "kernel_size": (1, 3)}
# Both channels 1..5, one filter of 2 x 3 weights, stride 2.
TWO_CHANNELS = {
    **ROW,
    "size": (1, 5),
    "stride": (1, 2),
    "in_channels": 2,
    "x": (((1.0, 2.0, 3.0, 4.0, 5.0),),) * 2,
    "weight": (((1.0, 2.0, 3.0),), ((4.0, 5.0, 6.0),)),
}
LONG_ROW = {**ROW, "size": (1, 8), "stride": (1, 1)}
DENSE = {"stride": (1, 1), "padding": ((0, 0), (0, 0))}
COLOUR = {"in_channels": 3, "out_channels": 2, "size": (6, 6), "stride": (2, 2)}
PHOTOGRAPH = {"picture": "photo", "size": (64, 64), "stride": (1, 1), "kernel": "sobel_x"}

STRIDED = {"size": (7, 9), "kernel_size": (3, 3), "stride": (2, 2)}


@dataclass(frozen=True)
class Exercise:
    """One row of the table: `params` is the state of the page that shows it."""

    name: str
    text: str
    params: object


def _stacked(name, padding):
    """Two layers one after the other, kernels of 3: how long what comes out is."""
    length, kernel = LONG_ROW["size"][1], 3
    first = conv_output_size(length, kernel, padding=padding)
    second = conv_output_size(first, kernel, padding=padding)
    return f"Two {name} layers, kernels of {kernel}: {length} becomes {first}, then {second}"


def _strided():
    """The size of strided pooling, with its numbers."""
    (height, width), (k, _), (s, _) = STRIDED.values()
    rows, cols = (pool_output_size(n, k, s) for n in (height, width))
    return (
        f"R[i, j] = max of I[{s}i + a, {s}j + b]: 1 + ({height} \u2212 {k}) / {s} = {rows} rows, "
        f"1 + ({width} \u2212 {k}) / {s} = {cols} columns"
    )


EXERCISES = (
    Exercise(
        "A1",
        "10 \u00d7 11, a 3 \u00d7 3 kernel, stride 2: which pixels are never read?",
        Slide(size=(10, 11), stride=(2, 2), view="coverage"),
    ),
    Exercise(
        "A2",
        "Five cells, a kernel of 2, stride 2: the last one is never read",
        Slide(
            size=(1, 5),
            kernel_size=(1, 2),
            stride=(1, 2),
            picture="ramp",
            kernel="ones",
            view="coverage",
        ),
    ),
    Exercise(
        "A3",
        "The size formula with padding, stride and dilation; C_out is the number of filters",
        Slide(
            size=(9, 9),
            stride=(2, 2),
            dilation=(2, 2),
            padding=((1, 1), (1, 1)),
            in_channels=3,
            out_channels=2,
        ),
    ),
    Exercise(
        "B11", "3 \u00d7 128 \u00d7 128 through two convolutions and a pooling", Shapes.of("sheet")
    ),
    Exercise(
        "C1",
        "The size with stride and padding; the floor when it does not divide",
        Shapes.of("floor"),
    ),
    Exercise(
        "C2",
        "Multiplications: a convolution against a fully connected layer",
        Shapes.of("floor", 2),
    ),
    Exercise(
        "E6",
        "With stride 2 the receptive field grows twice as much with each layer",
        Shapes.of("strided", 4),
    ),
    Exercise(
        "A5", "Two channels, one filter, stride 2: y[j] reads x[c, 2j + k]", Slide(**TWO_CHANNELS)
    ),
    Exercise(
        "A6", "dy/dw, the im2col matrix, and its full shape", Gradients(**TWO_CHANNELS, view="dydw")
    ),
    Exercise(
        "A7",
        "dy/dx, the convolution matrix: the last axis runs over the inputs",
        Gradients(**TWO_CHANNELS, view="dydx"),
    ),
    Exercise(
        "A8",
        "dL/dw has the shape of w; the stride became the dilation",
        Gradients(**TWO_CHANNELS, view="weight"),
    ),
    Exercise("B12", _stacked("valid", 0), Gradients(**LONG_ROW, view="dydx")),
    Exercise(
        "B13",
        "Through a valid layer: a full correlation with the flipped kernel",
        Gradients(**LONG_ROW),
    ),
    Exercise("B14", _stacked("full", 2), Gradients(**LONG_ROW | {"padding": "full"}, view="dydx")),
    Exercise(
        "B15",
        "Through a full layer: a valid correlation with the flipped kernel",
        Gradients(**LONG_ROW | {"padding": "full"}),
    ),
    Exercise(
        "C5",
        "dL/dK: valid correlation of x with dL/dy as the kernel",
        Gradients(**DENSE, view="weight"),
    ),
    Exercise(
        "C6", "dL/dX: dL/dy padded by k \u2212 1, the kernel rotated by 180°", Gradients(**DENSE)
    ),
    Exercise(
        "D3",
        "With stride s, dL/dK[c, x, y] sums dL/dy[i, j] · I[c, s·i + x, s·j + y]",
        Gradients(in_channels=3, padding=((0, 0), (0, 0)), view="weight"),
    ),
    Exercise("D4", _strided(), Pooling(**STRIDED)),
    Exercise(
        "D5",
        "Backward through max pooling: to the arg-max only; what wins in several windows gets the "
        "sum of theirs",
        Pooling(**STRIDED, view="backward"),
    ),
    Exercise(
        "E1",
        "Three channels, two filters, bias, padding 1, stride 2",
        Slide(**COLOUR, padding=((1, 1), (1, 1)), bias=(((1.0, -1.0),),)),
    ),
    Exercise(
        "E2",
        "The gradient of each bias is the sum of its filter's dL/dy",
        Gradients(**COLOUR, view="weight"),
    ),
    Exercise(
        "E3",
        "The gradient of the filters: dL/dy times the padded window, summed",
        Gradients(**COLOUR, view="weight", kernel="random"),
    ),
    Exercise(
        "E4",
        "The gradient of the padded input, cropped; what is left over gets 0",
        Gradients(size=(9, 9), stride=(3, 3)),
    ),
    Exercise(
        "E5",
        "Padding (k \u2212 1) / 2 keeps the size for odd k; even k needs one more on one side",
        Slide(kernel_size=(4, 4), padding="same"),
    ),
    Exercise(
        "E7",
        "Max pooling and ReLU commute: in either order the same numbers",
        Pooling(view="relu"),
    ),
    Exercise(
        "E7, linear",
        "Average pooling is linear, max pooling is not: f(a + b) against f(a) + f(b)",
        Pooling(view="linear", kind="average"),
    ),
    Exercise(
        "Tie",
        "Two equal maxima in each window: the first gets the whole gradient",
        Pooling(x=(((2.0, 7.0, 1.0, 0.0), (7.0, 3.0, 4.0, 4.0)),), size=(2, 4), view="backward"),
    ),
    *(
        Exercise(
            f"Photograph by {factor}",
            f"Max against average, {factor} \u00d7 {factor}: {64 // factor} \u00d7 "
            f"{64 // factor} cells are left",
            Pooling(
                picture="photo",
                size=(64, 64),
                kernel_size=(factor, factor),
                stride=(factor, factor),
                view="both",
            ),
        )
        for factor in (2, 4, 8)
    ),
    Exercise("B1", "ReLU\u2032 is the step H, but at 0 the two sides differ", Calculus()),
    Exercise("B2", "ReLU from H: x H(x), and the integral of H", Calculus(view="rebuilt")),
    Exercise("B3", "sigmoid(kx) tends to H(x) as k grows", Calculus(view="limit", k=20)),
    Exercise(
        "B4",
        "softmax(x + c) = softmax(x), and why max(x) is taken away first",
        Calculus(view="shift", shift=1000),
    ),
    Exercise("B5", "Two classes are a sigmoid of x[0] \u2212 x[1]", Calculus(view="pair")),
    Exercise(
        "B6",
        "K classes need K \u2212 1 parameters",
        Calculus(view="pair", x=(2.0, 1.0, 0.0, -1.0, 0.5)),
    ),
    Exercise(
        "B7", "The Jacobian of softmax is diag(p) \u2212 p p\u1d40", Calculus(view="jacobian")
    ),
    Exercise(
        "B8",
        "Forward and reverse accumulation give the same Jacobian",
        Calculus(view="chain", l=4, m=3, n=5, o=2),
    ),
    Exercise("B9", "A loss has one output: reverse is the cheaper one", Calculus(view="chain")),
    Exercise(
        "C4",
        "Convolution, average pooling and dense layers alone are one matrix and an offset",
        Calculus(view="linear"),
    ),
    Exercise("C3", "Two points, one convolution: two Gaussian blobs of sigma 5", Filters()),
    Exercise(
        "C3, even",
        "An even window of 50: the blobs lie half a cell off, and no cell is 1 high",
        Filters(blob_window=50),
    ),
    Exercise(
        "D1",
        "Convolution of red, green and blue as nested loops, beside the fast one: the same numbers",
        Filters(view="cost", colour=True, filter="sobel_x"),
    ),
    Exercise(
        "D2",
        "A filter for vertical edges, dark beside bright; a thin line answers half as strongly",
        Filters(view="design"),
    ),
    Exercise(
        "D2, height",
        "The higher the filter, the longer the edge that counts in full: up to 15 rows",
        Filters(view="filter", filter="edge_2", window=15),
    ),
    Exercise(
        "Sobel",
        "Edges of a photograph: across, down, how steep, which way",
        Filters(view="edges"),
    ),
    Exercise(
        "Two blurs",
        "A Gaussian of 3 and then one of 4 is one of 5, to 0.01 % away from the border",
        Filters(
            view="compare",
            filter="gaussian",
            other="gaussian",
            window=41,
            sigma=3.0,
            then_sigma=4.0,
            other_sigma=5.0,
        ),
    ),
    Exercise(
        "Photograph",
        "Half the energy of an edge filter's output: its gradient with respect to every pixel",
        Gradients(**PHOTOGRAPH, loss="squares"),
    ),
    Exercise(
        "One cell",
        "The gradient of a single output with respect to every pixel: the kernel itself",
        Gradients(**PHOTOGRAPH | {"size": (16, 16)}, loss="cell", cell=(8, 8)),
    ),
)
