"""What a window of a pooling keeps, and where its gradient goes."""

from convview import lesson
from convview.params import POOLING_VIEWS, Pooling
from convview.scenes import pooling

lesson.page(
    Pooling,
    "Pooling: what a window keeps",
    POOLING_VIEWS,
    pooling.scene,
    pooling.edited,
)
