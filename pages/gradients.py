"""Where the gradients of a layer come from."""

from convview import lesson
from convview.params import Gradients
from convview.scenes import gradients

lesson.page(
    Gradients,
    "Where do the gradients come from?",
    {
        "input": "dL/dx",
        "build": "Build-up",
        "weight": "dL/dw",
        "transposed": "Transposed",
        "dydx": "dy/dx",
        "dydw": "dy/dw",
    },
    gradients.scene,
    gradients.edited,
)
