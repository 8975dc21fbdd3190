"""A panel: a picture or a map as bytes, as the browser draws it."""

import json
import struct
from dataclasses import dataclass

import numpy as np

from convview import labels, packing, theme

SHOWN_UP_TO = 720  # rows or columns of a panel; of a larger map blocks are shown


@dataclass(frozen=True)
class Panel:
    """planes (P, H, W) uint8: one of grey, three of colours, or one of the levels of `theme`.

    kind : "grey", "colour" or "levels"
    shape : (H, W) of what is shown, before blocks of `step` x `step` became one
    act : what a click on a cell is: "look" with its plane, "point", or ""
    """

    name: str
    title: str
    note: str
    kind: str
    planes: np.ndarray
    shape: tuple
    step: int = 1
    act: str = "look"
    plane: int = 0

    def head(self):
        """What the browser is told beside the bytes."""
        rows, cols = self.planes.shape[1:]
        return {
            "name": self.name, "title": self.title, "note": self.note, "kind": self.kind,
            "rows": rows, "cols": cols, "planes": len(self.planes), "height": self.shape[0],
            "width": self.shape[1], "step": self.step, "act": self.act, "plane": self.plane,
        }  # fmt: skip


def light(name, title, x, low=0.0, high=255.0, note="", **options):
    """A picture (1 or 3, H, W): black is `low`, white is `high`."""
    step = step_of(x)
    blocks = x
    if step > 1:  # one channel at a time: photographs fill the memory
        blocks = np.concatenate([_blocks(channel[None], step).mean(2).mean(3) for channel in x])
    scaled = (blocks - low) * (255 / ((high - low) or 1))
    planes = np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    kind = "colour" if len(x) == 3 else "grey"
    return Panel(name, title, by_step(note, step), kind, planes, x.shape[1:], step, **options)


def signed(name, title, y, vmax=None, note="", **options):
    """A map (H, W) on the diverging scale around 0; of a block, what is farthest from 0."""
    step = step_of(y)
    shown = y if step == 1 else _farthest(y, step)
    most = max(float(y.max()), -float(y.min())) if vmax is None else vmax
    note = note or f"{labels.marked(y.min())} to {labels.marked(y.max())}"
    planes = theme.level(shown, most)[None]
    return Panel(name, title, by_step(note, step, "the strongest"), "levels", planes, y.shape, step,
                 **options)  # fmt: skip


def step_of(y):
    """The side of the blocks that a map (..., H, W) is shown by."""
    return -(-max(y.shape[-2:]) // SHOWN_UP_TO)


def _farthest(y, step):
    """Of each block of a map (H, W) the number that is farthest from 0."""
    blocks = _blocks(y[None], step)[0]
    high, low = (most(most(blocks, axis=1), axis=2) for most in (np.max, np.min))
    return np.where(high >= -low, high, low)


def strongest(step, by, *maps):
    """Of each block of `step` x `step` cells of maps (H, W), that where `by` is largest."""
    if step == 1:
        return maps
    at = _flat(by, step).argmax(-1)[..., None]
    return tuple(np.take_along_axis(_flat(one, step), at, -1)[..., 0] for one in maps)


def _flat(y, step):
    """(rows, columns, step * step): the cells of each block."""
    blocks = _blocks(y[None], step)[0]  # rows, step, columns, step
    return blocks.transpose(0, 2, 1, 3).reshape(blocks.shape[0], blocks.shape[2], -1)


def _blocks(x, step):
    """(C, rows, step, cols, step) of a picture continued at its end by its last cells."""
    grown = [(0, 0), *((0, -size % step) for size in x.shape[1:])]
    if any(after for _, after in grown):
        x = np.pad(x, grown, mode="edge")
    return x.reshape(len(x), x.shape[1] // step, step, x.shape[2] // step, step)


def by_step(note, step, what="the mean"):
    if step == 1:
        return note
    return f"{note}{'; ' * bool(note)}{what} of {step} × {step} cells each"


def packed(panels, notes, table, charts=()):
    """As the browser reads it: the head's length, the head as JSON, the panels' bytes in turn.

    Little of it goes as it is: unpacking takes the browser some turns. The first byte tells, 0 of a
    length and never of what zlib writes.

    table : [[cell, ...], ...], its heads first, or (); charts : of convview.scenes.chart
    """
    head = {
        "charts": [chart.head() for chart in charts],
        "panels": [panel.head() for panel in panels],
        "notes": notes,
        "table": table,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    planes = b"".join(panel.planes.tobytes() for panel in panels)
    return packing.packed(struct.pack(">I", len(text)) + text + planes, level=1)
