"""A small still picture of a scene's current step, as SVG: for the lessons' cards."""

import base64
import io

import numpy as np
from PIL import Image

from convview import theme
from convview.scene import Grid, Line, Scene

CELL = 10  # units of the drawing
GAP = 1
WIDTH, HEIGHT = 240, 120


def svg(scene: Scene, step=0):
    """The grids of a scene side by side without digits, the window of one step outlined.

    One file serves both themes: the visitor's system chooses. Colours are those of the stage.
    """
    names = [name for _, names in scene.columns for name in names]
    grids = [grid for grid in scene.grids if grid.name in names and grid.name != "bias"]
    if scene.matrix:
        grids.append(_matrix(scene))
    columns = [(grid, len(grid.rows.names), len(grid.cols.names)) for grid in grids]
    wide = sum(cols for _, _, cols in columns) + 2 * (len(columns) - 1)
    tall = max(rows for _, rows, _ in columns)
    cell = min(WIDTH / wide, HEIGHT / tall)
    at, groups = (WIDTH - cell * wide) / 2, {"light": [], "dark": []}
    for grid, rows, cols in columns:
        top = (HEIGHT - cell * rows) / 2
        for name, parts in groups.items():
            parts += _cells(grid, at, top, cell, name)
            parts += _outline(scene, grid, step, at, top, cell, name)
        at += cell * (cols + 2)
    return _both_themes(groups)


def blocks(drawing):
    """The blocks of a stack of layers, [{"wide", "high", ...}], side by side."""
    between = 14
    wide = sum(block["wide"] + between for block in drawing) - between
    scale = min(WIDTH / wide, HEIGHT / max(block["high"] for block in drawing))
    at, groups = (WIDTH - wide * scale) / 2, {"light": [], "dark": []}
    for block in drawing:
        width, height = block["wide"] * scale, block["high"] * scale
        for name, parts in groups.items():
            colours = theme.COLOUR[name]
            parts.append(
                f'<rect x="{at:.2f}" y="{HEIGHT - height:.2f}" width="{width:.2f}"'
                f' height="{height:.2f}" fill="{colours["surface"]}" stroke="{colours["text"]}"'
                ' stroke-width="2"/>'
            )
        at += width + between * scale
    return _both_themes(groups)


def levels(panel):
    """A panel of levels, in the colours of either theme."""
    groups = {}
    for name, fill in theme.FILL.items():
        image = Image.fromarray(fill[panel.planes[0]])
        image = image.resize((round(HEIGHT * image.width / image.height), HEIGHT))
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        data = base64.b64encode(file.getvalue()).decode()
        left = (WIDTH - image.width) / 2
        groups[name] = [
            f'<image x="{left}" y="0" width="{image.width}" height="{HEIGHT}"'
            f' href="data:image/png;base64,{data}"/>'
        ]
    return _both_themes(groups)


def curves(chart):
    """The lines of a chart, in the colours of either theme."""
    lines = [np.array(line)[:, np.isfinite(line[1])] for line in chart.curves().values()]
    x, y = (np.concatenate(part) for part in zip(*lines, strict=True))
    groups = {}
    for name, colours in theme.COLOUR.items():
        strokes = [colours[role] for role in ("input", "kernel", "output", "upstream")]
        groups[name] = [
            f'<polyline points="{_points(line, x, y)}" fill="none" stroke="{stroke}"'
            ' stroke-width="3"/>'
            for line, stroke in zip(lines, strokes, strict=False)
        ]
    return _both_themes(groups)


def _points(line, x, y):
    """A line scaled into the drawing, whose ends are those of all x and y."""
    across = (np.asarray(line[0]) - x.min()) / np.ptp(x) * WIDTH
    up = HEIGHT - (np.asarray(line[1]) - y.min()) / np.ptp(y) * HEIGHT
    few = np.unique(np.linspace(0, len(across) - 1, 121).astype(int))
    return " ".join(f"{across[n]:.1f},{up[n]:.1f}" for n in few)


def _both_themes(groups):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {WIDTH + 8} {HEIGHT + 8}">'
        "<style>.dark{display:none}@media(prefers-color-scheme:dark)"
        "{.dark{display:inline}.light{display:none}}</style>"
        + "".join(f'<g class="{name}">{"".join(parts)}</g>' for name, parts in groups.items())
        + "</svg>"
    )


def _matrix(scene):
    """The matrix as a grid: for each step and tap, the entry that ties output and column."""
    matrix, sweep = scene.matrix, scene.sweeps[0]
    values = np.zeros((matrix["height"], matrix["width"]))
    weights = scene.grid(sweep.weights).values
    place = matrix["columns"]
    for row, (f, i, j) in enumerate(np.ndindex(scene.grid(sweep.steps).values.shape)):
        for c, k in sweep.pairs[f]:
            for u, at in enumerate(sweep.rows[i]):
                for v, to in enumerate(sweep.cols[j]):
                    if place["rows"][at] is not None and place["cols"][to] is not None:
                        column = place["planes"][c] + place["rows"][at] + place["cols"][to]
                        tap = sweep.weight_rows[u], sweep.weight_cols[v]
                        values[row, column] = weights[k][tap]
    lines = (Line.plain(size) for size in values.shape)
    return Grid("matrix", "", "", "kernel", values[None], *lines)


def _cells(grid, left, top, cell, name):
    values = grid.values[0]
    finite = np.abs(grid.values[np.isfinite(grid.values)])
    levels = theme.level(values, float(finite.max(initial=0.0)))
    size = cell * (1 - GAP / CELL)
    for (row, col), level in zip(_places(values), levels.ravel(), strict=True):
        pad = "pad" in grid.rows.marks.get(row, "") + grid.cols.marks.get(col, "")
        fill = "none" if pad else theme.cell(int(level), name)[0]
        yield (
            f'<rect x="{left + col * cell:.2f}" y="{top + row * cell:.2f}" width="{size:.2f}"'
            f' height="{size:.2f}" rx="1" fill="{fill}" stroke="{theme.COLOUR[name]["line"]}"'
            ' stroke-width="0.5"/>'
        )


def _outline(scene, grid, step, left, top, cell, name):
    sweep = scene.sweeps[0]
    _, i, j = _cell(scene.grid(sweep.steps), step)
    if grid.name == "matrix":
        rows, cols = [step], [0, grid.values.shape[2] - 1]
    elif grid.name == sweep.steps:
        rows, cols = [i], [j]
    elif grid.name == sweep.reads or scene.mirrors.get(grid.name) == sweep.reads:
        rows, cols = sweep.rows[i], sweep.cols[j]
    else:
        return
    yield (
        f'<rect x="{left + cols[0] * cell - 1:.2f}" y="{top + rows[0] * cell - 1:.2f}"'
        f' width="{(cols[-1] - cols[0] + 1) * cell + 1:.2f}"'
        f' height="{(rows[-1] - rows[0] + 1) * cell + 1:.2f}" rx="2" fill="none"'
        f' stroke="{theme.COLOUR[name]["output" if grid.name == sweep.steps else "kernel"]}"'
        ' stroke-width="2.5"/>'
    )


def _places(values):
    return ((row, col) for row in range(values.shape[0]) for col in range(values.shape[1]))


def _cell(grid, step):
    _, rows, cols = grid.values.shape
    return step // (rows * cols), step // cols % rows, step % cols
