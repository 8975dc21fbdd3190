"""One layer of a stack, looked at closely: its formulas, and what each of its units sees."""

from itertools import pairwise

from convview.scenes.shapes.formulas import formulas
from convview.scenes.shapes.table import is_backwards
from convview.scenes.shapes.units import units


def detail(found):
    """What stands below the table: a title, sentences, and the map of what a unit sees, or None."""
    title = f"Layer {found.at + 1}, {type(found.steps[found.at].layer).__name__}"
    return {"title": title, "sentences": [*formulas(found), *units(found)], "map": view(found)}


def view(found):
    """What the field view draws: for each output row and column, the input cells that it reads."""
    if found.at is None or found.steps[found.at].row_ties is None:
        return None
    step = found.steps[found.at]
    row, col = found.params.unit
    _, height, width = found.params.shape
    rows = _tables(step.row_ties)
    same = step.row_ties is step.column_ties
    return {
        "input": [height, width],
        "unit": None if min(row, col) < 0 else [row, col],
        "rows": rows,
        "cols": rows if same else _tables(step.column_ties),
        "nothing": nothing(found),
        "name": f"layer {found.at + 1}, {type(step.layer).__name__}",
    }


def nothing(found):
    """What is said of a unit that reads no input cell."""
    if is_backwards(found.steps[: found.at + 1]):
        return "reads no input cell"
    return "reads no input cell, only cells beyond the border"


def _tables(ties):
    """[[first cell, [count, ...]], ...] for each output; [0, []] for one that reads none."""
    ties.sort_indices()
    ends, cells, counts = (part.tolist() for part in (ties.indptr, ties.indices, ties.data))
    found = []
    for low, high in pairwise(ends):
        if low == high:
            found.append([0, []])
            continue
        first = cells[low]
        row = [0] * (cells[high - 1] - first + 1)
        for cell, count in zip(cells[low:high], counts[low:high], strict=True):
            row[cell - first] = count
        found.append([first, row])
    return found
