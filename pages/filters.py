"""Blobs and edges on real pictures."""

from convview import filter_panels, lesson
from convview.params import FILTER_VIEWS, Filters

lesson.laid_out(
    Filters,
    "Filters on real pictures",
    FILTER_VIEWS,
    filter_panels.sizes,
    filter_panels.live,
    filter_panels.drawer,
    filter_panels.apart,
)
