"""A stack of layers as a table, a drawing, formulas, and what a unit sees."""

from convview.scenes.shapes.acts import acted, buttons, mended, pinned, taken
from convview.scenes.shapes.formulas import formulas
from convview.scenes.shapes.seen import Seen, filled, left_out
from convview.scenes.shapes.table import drawing, message, table
from convview.scenes.shapes.view import detail, view
from convview.scenes.shapes.written import written

__all__ = [
    "Seen",
    "acted",
    "buttons",
    "detail",
    "drawing",
    "filled",
    "formulas",
    "left_out",
    "mended",
    "message",
    "pinned",
    "table",
    "taken",
    "view",
    "written",
]
