"""What each unit of a layer sees of the input."""

from convview.scenes.shapes.seen import span


def view(found):
    """What the field view draws: for each output row and column, the input cells that it reads."""
    if found.at is None or found.steps[found.at].row_ties is None:
        return None
    step = found.steps[found.at]
    row, col = found.params.unit
    _, height, width = found.params.shape
    rows, cols = (_tables(reach) for reach in (step.reach_rows, step.reach_columns))
    return {
        "input": [height, width],
        "unit": None if min(row, col) < 0 else [row, col],
        "rows": rows,
        "cols": rows if step.row_ties is step.column_ties else cols,
        "name": f"layer {found.at + 1}, {type(step.layer).__name__}",
    }


def _tables(reach):
    """[[first cell, [count, ...]], ...] for each output; [0, []] for one that reads none."""
    found = []
    for row in reach:
        if row.any():
            low, high = span(row)
            found.append([int(low), [float(n) for n in row[low : high + 1]]])
        else:
            found.append([0, []])
    return found
