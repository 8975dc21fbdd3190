"""A kernel slides over an input."""

from convview import lesson
from convview.params import VIEWS, Slide
from convview.scenes import slide

lesson.page(
    Slide,
    "A kernel slides over the input",
    {view: view.capitalize() for view in VIEWS},
    slide.scene,
    slide.edited,
)
