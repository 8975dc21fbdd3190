"""The lessons as the start page offers them: a title, a sentence, a prepared state."""

from dataclasses import dataclass
from functools import cached_property

from convview import query, thumbnail
from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from convview.scenes import calculus, filters, gradients, pooling, shapes, slide


@dataclass(frozen=True)
class Card:
    """One card: `page` is the file that answers, `params` its state, `step` where it starts.

    scene : params -> Scene; None for the page without a stage
    """

    title: str
    text: str
    page: str
    params: object
    scene: object = None
    step: int = 0

    @cached_property
    def picture(self):
        """An SVG of what the page will show."""
        if isinstance(self.params, Filters):
            return thumbnail.levels(filters.content(self.params).panel("output"))
        if isinstance(self.params, Calculus) and self.scene is None:
            return thumbnail.curves(calculus.shown(self.params).charts[0])
        if self.scene is None:
            return thumbnail.blocks(shapes.drawing(shapes.Seen(self.params)))
        return thumbnail.svg(self.scene(self.params), self.step)

    @property
    def link(self):
        """The query of the link."""
        return query.write(self.params) | ({"step": str(self.step)} if self.scene else {})


CARDS = (
    Card(
        "A kernel slides",
        "Multiply, add, move on: one output value at a time, with the sum written out.",
        "pages/slide.py", Slide(), slide.scene, 7,
    ),
    Card(
        "Stride leaves something over",
        "10 × 11 cells, stride 2: why is the output 4 × 5, and which row is never read?",
        "pages/slide.py", Slide(size=(10, 11), stride=(2, 2), view="coverage"), slide.scene, 8,
    ),
    Card(
        "Dilation makes holes",
        "Stride 2 and dilation 2 together read only every other row and column, however far the "
        "window slides.",
        "pages/slide.py",
        Slide(
            picture="face", size=(9, 9), stride=(2, 2), dilation=(2, 2), padding=((1, 1), (1, 1)),
            view="coverage",
        ),
        slide.scene, 5,
    ),
    Card(
        "It is one matrix",
        "Each output is a row of weights times the input as one long vector.",
        "pages/slide.py", Slide(size=(5, 5), view="matrix"), slide.scene, 4,
    ),
    Card(
        "Flip it: convolution",
        "An impulse prints the kernel: turned by correlation, upright by convolution.",
        "pages/slide.py",
        Slide(picture="impulse", kernel="counting", padding="same", operation="convolution"),
        slide.scene, 24,
    ),
    Card(
        "Colour and filters",
        "Three channels of a photograph in, two filters out, each channel's part of the sum shown.",
        "pages/slide.py",
        Slide(picture="photo", size=(8, 8), in_channels=3, out_channels=2), slide.scene, 14,
    ),
    Card(
        "Why is the kernel rotated?",
        "dL/dx two ways at once: stamps that add up, and the rotated kernel over the spread map.",
        "pages/gradients.py", Gradients(), gradients.scene, 15,
    ),
    Card(
        "The stride becomes the dilation",
        "dL/dw is a correlation of the input with dL/dy, its cells as far apart as the stride.",
        "pages/gradients.py", Gradients(view="weight"), gradients.scene, 3,
    ),
    Card(
        "Transposed convolution",
        "The way back, run forward: stamps overlap in a checkerboard, and it is no inverse.",
        "pages/gradients.py", Gradients(view="transposed"), gradients.scene, 4,
    ),
    Card(
        "The largest wins",
        "Max pooling keeps one number of each window, average pooling a share of all.",
        "pages/pooling.py", Pooling(view="both"), pooling.scene, 4,
    ),
    Card(
        "The winner takes the gradient",
        "Backward, each upstream number goes to one cell; what wins in several windows gets the "
        "sum of theirs.",
        "pages/pooling.py",
        Pooling(kernel_size=(3, 3), stride=(1, 1), view="backward"), pooling.scene, 9,
    ),
    Card(
        "Three libraries, three answers",
        "The same pooling in PyTorch, ONNX and TensorFlow: which cells differ, and why.",
        "pages/pooling.py",
        Pooling(
            kind="average", size=(6, 6), kernel_size=(3, 3), padding=((1, 1), (1, 1)),
            view="dialects",
        ),
        pooling.scene, 1,
    ),
    Card(
        "Points become blobs",
        "One convolution turns every point into the window: click to add points.",
        "pages/filters.py", Filters(),
    ),
    Card(
        "Edges of a photograph",
        "Sobel across and down: both signs, how steep, which way.",
        "pages/filters.py", Filters(view="edges"),
    ),
    Card(
        "Design a filter",
        "Your own numbers, scored against edges, a line, a corner, a flat field.",
        "pages/filters.py", Filters(view="design", picture="steps"),
    ),
    Card(
        "What a network costs",
        "LeNet-5 layer by layer: shapes, parameters, multiplications, from the formulas.",
        "pages/shapes.py", Shapes.of("lenet", 4),
    ),
    Card(
        "How far a unit sees",
        "Four strided layers: the receptive field more than doubles with each; a border cuts it.",
        "pages/shapes.py", Shapes.of("strided", 4),
    ),
    Card(
        "Holes of a dilated stack",
        "Behind two dilated layers a unit reads every other row and column, the middle pixel nine "
        "times.",
        "pages/shapes.py", Shapes.of("holes", 2),
    ),
    Card(
        "Where ReLU has no slope",
        "Difference quotients from both sides: at 0 they never meet, however small the step.",
        "pages/calculus.py", Calculus(),
    ),
    Card(
        "What a softmax hands back",
        "Its Jacobian entry by entry: what one class gains the others lose.",
        "pages/calculus.py", Calculus(view="jacobian"), calculus.scene,
    ),
    Card(
        "Why backwards",
        "The chain rule from either end: the same matrix, counted and timed.",
        "pages/calculus.py", Calculus(view="chain"),
    ),
)  # fmt: skip
