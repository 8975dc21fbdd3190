"""What each page makes of its parameters: raises or is false where they cannot be shown."""

from convview.params import Calculus, Filters, Gradients, Pooling, Shapes, Slide
from convview.scenes import calculus, filters, gradients, pooling, shapes, slide

SHOWN = {
    Slide: lambda params: slide.scene(params).json(),
    Gradients: lambda params: gradients.scene(params).json(),
    Pooling: lambda params: pooling.scene(params).json(),
    Filters: lambda params: filters.content(params).packed(),
    Calculus: lambda params: calculus.shown(params).table,
    Shapes: lambda params: shapes.Seen(params).error is None,
}
