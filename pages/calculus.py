"""ReLU, the step, the sigmoid, softmax, and the chain rule."""

from convview import calculus_panels, lesson
from convview.params import CALCULUS_VIEWS, Calculus

lesson.laid_out(
    Calculus,
    "Calculus: slopes, softmax, the chain rule",
    CALCULUS_VIEWS,
    calculus_panels.sizes,
    calculus_panels.live,
    calculus_panels.drawer,
    calculus_panels.apart,
)
