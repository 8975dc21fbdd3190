"""What can be set on each page: frozen, with defaults, and never outside its own range."""

from dataclasses import dataclass

from convcore.stack import MOST_ROWS
from convview import filters, photographs
from convview.fields import (
    Choice,
    Flag,
    Layers,
    Numbers,
    Padding,
    Pair,
    Points,
    Real,
    Reals,
    Sizes,
    Whole,
)
from convview.pictures import PICTURES
from convview.query import setting
from convview.stacks import STACKS
from convview.torch_code import MOST_LAYERS
from convview.weights import WEIGHTS

LARGEST = 64  # cells of an input, per axis
LARGEST_EDITED = 16  # cells of an input whose numbers can be edited, and so stand in the link
LARGEST_KERNEL = 7
LARGEST_WINDOW = 8  # of a pooling
LARGEST_TYPED = 28  # cells of an output that an edited input can have, per axis
LARGEST_CHANNELS = 3

DIALECTS = {
    "pytorch": "PyTorch",
    "tensorflow": "TensorFlow / JAX SAME",
    "onnx_upper": "ONNX SAME_UPPER",
    "onnx_lower": "ONNX SAME_LOWER",
    "scipy": "SciPy signal.correlate",
    "opencv": "OpenCV filter2D",
}
BOUNDARIES = ("zeros", "reflect", "replicate", "circular")
VIEWS = ("sliding", "coverage", "matrix")
GRADIENT_VIEWS = {
    "input": "dL/dx",
    "build": "Build-up",
    "weight": "dL/dw",
    "transposed": "Transposed",
    "dydx": "dy/dx",
    "dydw": "dy/dw",
}
POOLINGS = {"max": "Max", "average": "Average"}
POOLING_VIEWS = {
    "forward": "Forward",
    "backward": "Backward",
    "hits": "Hits",
    "both": "Max, average",
    "relu": "ReLU",
    "linear": "Linear?",
    "dialects": "Libraries",
}
PREDICTED = (*VIEWS, "forward", "both")  # views whose outputs can be hidden until one asks
LOSSES = ("upstream", "sum", "squares", "cell")


@dataclass(frozen=True)
class Input:
    """An input, as every page sets it.

    `x` are numbers typed by hand; they win over the picture. An input typed smaller than `size` is
    continued with zeros, a larger one is cut, and what is cut stays in the link: moving a slider
    back brings it back.
    """

    size: tuple = setting(Pair(1, LARGEST), (7, 7))
    picture: str = setting(Choice(tuple(PICTURES)), "digit")
    seed: int = setting(Whole(0, 9999), 1)
    in_channels: int = setting(Whole(1, LARGEST_CHANNELS), 1)
    x: tuple | None = setting(Numbers(LARGEST_CHANNELS, LARGEST_EDITED, LARGEST_EDITED), None)

    @staticmethod
    def implied(values):
        """Sizes that typed numbers bring with them, unless they are given too."""
        if not values.get("x"):
            return values
        x = values["x"]
        return {"in_channels": len(x), "size": (len(x[0]), len(x[0][0]))} | values


@dataclass(frozen=True)
class Setting(Input):
    """A convolution and its operands; `weight` is typed by hand and wins over the kernel."""

    kernel_size: tuple = setting(Pair(1, LARGEST_KERNEL), (3, 3))
    stride: tuple = setting(Pair(1, 5), (1, 1))
    padding: tuple | str = setting(Padding(6), ((0, 0), (0, 0)))
    dilation: tuple = setting(Pair(1, 4), (1, 1))
    kernel: str = setting(Choice(tuple(WEIGHTS)), "sobel_x")
    operation: str = setting(Choice(("correlation", "convolution")), "correlation")
    dialect: str = setting(Choice(tuple(DIALECTS)), "pytorch")
    out_channels: int = setting(Whole(1, LARGEST_CHANNELS), 1)
    groups: int = setting(Whole(1, LARGEST_CHANNELS), 1)
    weight: tuple | None = setting(
        Numbers(LARGEST_CHANNELS**2, LARGEST_KERNEL, LARGEST_KERNEL), None
    )

    @staticmethod
    def implied(values):
        """Sizes that typed numbers bring with them, unless they are given too."""
        implied = {}
        if values.get("weight"):
            implied["kernel_size"] = (len(values["weight"][0]), len(values["weight"][0][0]))
        return implied | Input.implied(values)


@dataclass(frozen=True)
class Slide(Setting):
    """The slide page."""

    padding_mode: str = setting(Choice(BOUNDARIES), "zeros")
    bias: tuple | None = setting(Numbers(1, 1, LARGEST_CHANNELS), None)
    view: str = setting(Choice(VIEWS), "sliding")
    predict: bool = setting(Flag(), False)


@dataclass(frozen=True)
class Gradients(Setting):
    """The gradients page: a layer y = x * w, and where the gradients of a loss L come from.

    loss : "upstream", dL/dy is given: `grad_y`, typed by hand, or random whole numbers by `seed`;
        "sum", L = sum of y; "squares", L = half the squared error of y to `target`, typed by hand
        or 0; "cell", L = y at row and column `cell` of filter `cell_filter`, as far as y reaches
    output_padding : rows and columns added at the end by a transposed convolution
    """

    size: tuple = setting(Pair(1, LARGEST), (6, 6))
    stride: tuple = setting(Pair(1, 5), (2, 2))
    padding: tuple | str = setting(Padding(6), ((1, 1), (1, 1)))
    kernel: str = setting(Choice(tuple(WEIGHTS)), "counting")
    view: str = setting(Choice(tuple(GRADIENT_VIEWS)), "input")
    loss: str = setting(Choice(LOSSES), "upstream")
    grad_y: tuple | None = setting(Numbers(LARGEST_CHANNELS, LARGEST_TYPED, LARGEST_TYPED), None)
    target: tuple | None = setting(Numbers(LARGEST_CHANNELS, LARGEST_TYPED, LARGEST_TYPED), None)
    cell: tuple = setting(Pair(0, LARGEST), (1, 1))
    cell_filter: int = setting(Whole(0, LARGEST_CHANNELS - 1), 0)
    output_padding: tuple = setting(Pair(0, 4), (0, 0))

    padding_mode = "zeros"  # what a gradient flows back through
    bias = None
    predict = False


@dataclass(frozen=True)
class Pooling(Input):
    """The pooling page: the maximum or the average of each window, and its gradient.

    kind : "max" or "average"; only the maximum has dilation, only the average count_include_pad
    grad_y : dL/dy typed by hand, or None for random whole numbers by `seed`
    """

    size: tuple = setting(Pair(1, LARGEST), (6, 6))
    picture: str = setting(Choice(tuple(PICTURES)), "signed")
    kernel_size: tuple = setting(Pair(1, LARGEST_WINDOW), (2, 2))
    stride: tuple = setting(Pair(1, LARGEST_WINDOW), (2, 2))
    padding: tuple = setting(Padding(LARGEST_WINDOW // 2, ()), ((0, 0), (0, 0)))
    dilation: tuple = setting(Pair(1, 4), (1, 1))
    kind: str = setting(Choice(tuple(POOLINGS)), "max")
    ceil_mode: bool = setting(Flag(), False)
    count_include_pad: bool = setting(Flag(), True)
    grad_y: tuple | None = setting(Numbers(LARGEST_CHANNELS, LARGEST_TYPED, LARGEST_TYPED), None)
    view: str = setting(Choice(tuple(POOLING_VIEWS)), "forward")
    predict: bool = setting(Flag(), False)


LARGEST_PICTURE = 2048  # rows or columns of a photograph
MOST_POINTS = 60  # of the canvas
FILTER_VIEWS = {
    "blobs": "Blobs",
    "filter": "Filter",
    "edges": "Edges",
    "design": "Design",
    "compare": "Compare",
    "cost": "Cost",
}
NOWHERE = (-1, -1)  # instead of a cell's row and column


@dataclass(frozen=True)
class Filters:
    """The filters page: one filter over a real picture, or a canvas of points.

    picture, side, colour : what goes in, but for the blobs; `side` is that of its longer side
    points : of the canvas
    filter, window, sigma, angle : what slides; the last three as far as the filter has such sliders
    weight : the filter of the design view, typed by hand, or None for two dark and two bright
        columns
    other, other_sigma, then_sigma : of the comparison: the filter and then a Gaussian of
        `then_sigma` (0: nothing), beside `other` with `other_sigma`
    look, channel : the cell of the result that is looked at closely
    """

    view: str = setting(Choice(tuple(FILTER_VIEWS)), "blobs")
    picture: str = setting(Choice((*photographs.TITLES, "own")), "hopper")
    side: int = setting(Whole(16, LARGEST_PICTURE), 256)
    colour: bool = setting(Flag(), False)
    points: tuple = setting(Points(photographs.CANVAS - 1, MOST_POINTS), ((20, 40), (40, 20)))
    blob_window: int = setting(Whole(1, 101), 51)
    blob_sigma: float = setting(Real(0.1, 20, 0.1), 5.0)
    filter: str = setting(Choice(filters.NAMES), "edge_2")
    window: int = setting(Whole(1, 61), 5)
    sigma: float = setting(Real(0.1, 20, 0.1), 1.5)
    angle: int = setting(Whole(0, 179), 0)
    pair: str = setting(Choice(tuple(filters.PAIRS)), "sobel")
    weight: tuple | None = setting(Numbers(1, LARGEST_KERNEL, LARGEST_KERNEL), None)
    other: str = setting(Choice(filters.NAMES), "sobel_x")
    other_sigma: float = setting(Real(0.1, 20, 0.1), 3.0)
    then_sigma: float = setting(Real(0, 20, 0.1), 0.0)
    padding_mode: str = setting(Choice(BOUNDARIES), "replicate")
    look: tuple = setting(Pair(-1, LARGEST_PICTURE - 1), NOWHERE)
    channel: int = setting(Whole(0, 2), 0)

    @staticmethod
    def implied(values):
        """Nothing follows from a part of these settings."""
        return values


CALCULUS_VIEWS = {
    "slope": "Slope of ReLU",
    "rebuilt": "ReLU from a step",
    "limit": "Sigmoid to step",
    "shift": "Softmax shifted",
    "pair": "Two classes",
    "jacobian": "Softmax Jacobian",
    "chain": "Chain rule",
    "linear": "All linear",
}
MOST_CLASSES = 6


@dataclass(frozen=True)
class Calculus:
    """The calculus page.

    at, halvings : the point of a slope, and how often its step, at first 1, was halved
    strips : of an integral
    k, band : of sigmoid(k x), and how close to 0 it is not looked at
    x, shift : what goes into the softmax, and what is added to all of it
    change : of x, beside the Jacobian
    l, m, n, o : numbers before, between and after three functions
    filters : of the network without non-linearity
    """

    view: str = setting(Choice(tuple(CALCULUS_VIEWS)), "slope")
    at: float = setting(Real(-2, 2, 0.1), 0.0)
    halvings: int = setting(Whole(0, 20), 0)
    strips: int = setting(Whole(1, 400), 44)
    k: int = setting(Whole(1, 100), 4)
    band: float = setting(Real(0.1, 2, 0.1), 0.5)
    x: tuple = setting(Reals(-9, 9, 0.0001, 2, MOST_CLASSES), (2.0, 1.0, 0.0, -1.0))
    shift: int = setting(Whole(-1000, 1000), 0)
    change: tuple = setting(Reals(-9, 9, 0.001, MOST_CLASSES, MOST_CLASSES), (0.1,) + (0.0,) * 5)
    l: int = setting(Whole(1, 256), 64)  # noqa: E741
    m: int = setting(Whole(1, 256), 32)
    n: int = setting(Whole(1, 256), 16)
    o: int = setting(Whole(1, 256), 1)
    filters: int = setting(Whole(1, 4), 2)
    seed: int = setting(Whole(0, 9999), 1)

    @property
    def step(self):
        """The step of a difference quotient."""
        return 0.5**self.halvings

    @staticmethod
    def implied(values):
        """Nothing follows from a part of these settings."""
        return values


LARGEST_DEPTH = 4096  # channels that go into a stack of layers
LARGEST_IMAGE = 1024  # rows and columns that go into a stack of layers
MIDDLE = (-1, -1)  # instead of a unit's row and column


@dataclass(frozen=True)
class Shapes:
    """The shapes page: a stack of layers, what goes in, (C, H, W), the layer and unit looked at."""

    layers: tuple = setting(Layers(64), STACKS["sheet"].layers)
    shape: tuple = setting(
        Sizes((LARGEST_DEPTH, LARGEST_IMAGE, LARGEST_IMAGE)), STACKS["sheet"].shape
    )
    at: int = setting(Whole(1, MOST_LAYERS), 1)
    unit: tuple = setting(Pair(-1, MOST_ROWS - 1), MIDDLE)

    @classmethod
    def of(cls, name, at=1):
        """One of the ready-made STACKS."""
        return cls(layers=STACKS[name].layers, shape=STACKS[name].shape, at=at)

    @staticmethod
    def implied(values):
        """Nothing follows from a part of these settings."""
        return values
