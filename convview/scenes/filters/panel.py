"""A panel: a picture or a map as bytes, as the browser draws it."""

from dataclasses import dataclass

import numpy as np

from convview import labels, theme

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
    step = _step(x)
    blocks = _blocks(x, step).mean((2, 4)) if step > 1 else x
    scaled = (blocks - low) * (255 / ((high - low) or 1))
    planes = np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    kind = "colour" if len(x) == 3 else "grey"
    return Panel(name, title, _with(note, step), kind, planes, x.shape[1:], step, **options)


def signed(name, title, y, vmax=None, note="", **options):
    """A map (H, W) on the diverging scale around 0; of a block, what is farthest from 0."""
    step = _step(y[None])
    if step > 1:
        blocks = _blocks(y[None], step)[0].transpose(0, 2, 1, 3).reshape(
            -(-y.shape[0] // step), -(-y.shape[1] // step), -1
        )  # fmt: skip
        at = np.abs(blocks).argmax(-1)[..., None]
        shown = np.take_along_axis(blocks, at, -1)[..., 0]
    else:
        shown = y
    most = float(np.abs(y).max(initial=0)) if vmax is None else vmax
    note = note or f"{labels.label(float(y.min()))} to {labels.label(float(y.max()))}"
    planes = theme.level(shown, most)[None]
    return Panel(name, title, _with(note, step, "the strongest"), "levels", planes, y.shape, step,
                 **options)  # fmt: skip


def _step(x):
    return -(-max(x.shape[1:]) // SHOWN_UP_TO)


def _blocks(x, step):
    """(C, rows, step, cols, step) of a picture continued at its end by its last cells."""
    grown = [(0, 0), *((0, -size % step) for size in x.shape[1:])]
    x = np.pad(x, grown, mode="edge")
    return x.reshape(len(x), x.shape[1] // step, step, x.shape[2] // step, step)


def _with(note, step, what="the mean"):
    if step == 1:
        return note
    return f"{note}{'; ' * bool(note)}{what} of {step} × {step} cells each"
