"""Where the gradients of a layer come from."""

from convview import lesson
from convview.params import GRADIENT_VIEWS, Gradients
from convview.scenes import gradients

lesson.page(
    Gradients,
    "Where do the gradients come from?",
    GRADIENT_VIEWS,
    gradients.scene,
    gradients.edited,
)
