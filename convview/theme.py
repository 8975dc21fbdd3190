"""Every colour of Convscope, light and dark, for the browser, the thumbnails and Streamlit's frame.

Two languages that never mix. ROLE says who a number is: outlines, titles, digits in the written
sum. VALUE says how big it is and which sign it has: cell fills only.

Value scale: purple (negative), the cell surface (zero), orange (positive). The anchors are
ColorBrewer's PuOr, 11 classes (colorbrewer2.org, (c) 2002 Cynthia Brewer, Mark Harrower, The
Pennsylvania State University, Apache-2.0); the dark theme starts at its own surface and ends in
anchors of the same two hues, brightened. Both halves are walked so that the OKLab distance from
the surface is REACH * |value| / vmax: +v and -v stand out from zero equally.
OKLab: Bjoern Ottosson, 2020, https://bottosson.github.io/posts/oklab/.
`python -m convview.theme` writes the browser's copy, stage/browser/palette.js.
"""

import json
from pathlib import Path

import numpy as np

ZERO = 128  # the level of 0; -vmax is level 1, +vmax is 255, level 0 repeats level 1
STEPS = 127  # levels on either side of zero
INKS = ("#000000", "#ffffff")  # only black and white give 4.5:1 on every fill between them

COLOUR = {
    "light": {
        "input": "#115bcd",
        "kernel": "#c2185b",
        "output": "#145a35",
        "upstream": "#806d06",
        "text": "#16191d",  # words, operators; also the ring of a lit cell
        "muted": "#5a626f",  # notes and captions
        "pad": "#666e7b",  # digits, dashes and hatching of padding cells
        "line": "#d5d9e0",
        "surface": "#f7f7f7",  # a cell that holds zero
        "page": "#ffffff",
        "focus": "#16191d",
    },
    "dark": {
        "input": "#69a2ee",
        "kernel": "#ef6a8a",
        "output": "#7deccb",
        "upstream": "#dfc445",
        "text": "#eceef1",
        "muted": "#a6aebb",
        "pad": "#8f98a6",
        "line": "#3b424d",
        "surface": "#23272e",
        "page": "#14171c",
        "focus": "#eceef1",
    },
}
# A gradient wears the colour of what it is the gradient of: it has the same shape, sits in the same
# place, is titled dL/d..., and never meets its original in one sum. A nameless one is upstream.
SAME = {
    "grad_input": "input",
    "grad_kernel": "kernel",
    "bias": "kernel",
    "grad_bias": "kernel",
    "grad": "upstream",
}
for _colours in COLOUR.values():
    _colours.update({name: _colours[role] for name, role in SAME.items()})

REACH = {"light": 0.37, "dark": 0.55}  # OKLab distance of +-vmax from the surface
ANCHORS = {  # outwards from the surface
    "light": {
        +1: ("#f7f7f7", "#fee0b6", "#fdb863", "#e08214", "#b35806", "#7f3b08"),
        -1: ("#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac", "#542788"),
    },
    "dark": {
        +1: ("#23272e", "#7f3b08", "#b35806", "#e48233", "#feb578"),
        -1: ("#23272e", "#543a88", "#7e60bc", "#aa8be4", "#d3befa"),
    },
}

_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def rgb(colour):
    """'#rrggbb' as three bytes, (3,) uint8."""
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)


def linear(bytes_):
    """Linear light of sRGB bytes (..., 3), IEC 61966-2-1."""
    share = np.asarray(bytes_) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def oklab(bytes_):
    """OKLab (L, a, b) of sRGB bytes (..., 3)."""
    return np.cbrt(linear(bytes_) @ _LMS.T) @ _LAB.T


def contrast(one, other):
    """WCAG 2 contrast ratio, 1 to 21, of two colours given as sRGB bytes (..., 3).

    >>> float(contrast(rgb("#000000"), rgb("#ffffff")))
    21.0
    """
    one, other = (linear(colour) @ (0.2126, 0.7152, 0.0722) + 0.05 for colour in (one, other))
    return np.maximum(one / other, other / one)


def level(value, vmax):
    """The level 1..255 of a value on the scale that runs from -vmax to +vmax.

    level = 128 + sign(value) * max(1, round(127 * |value| / vmax)), and 128 for exactly 0: a tiny
    value keeps its sign and is told from a true 0. Beyond vmax, infinities included, the scale
    stays at its end; NaN is 128. If vmax is 0, negative or not finite there is no scale and every
    value is 128. A count uses the positive half: level(count, most).

    value : number or array; returns an int, or a uint8 array of the same shape.

    >>> [level(value, 10) for value in (-10, -0.001, 0, 5, 1e300)]
    [1, 127, 128, 192, 255]
    """
    value = np.asarray(value, dtype=float)
    steps = np.zeros_like(value)
    if np.isfinite(vmax) and vmax > 0:
        with np.errstate(over="ignore"):
            share = np.minimum(np.abs(value / vmax), 1)
        steps = np.nan_to_num(np.sign(value) * np.maximum(np.rint(STEPS * share), 1))
    levels = (ZERO + steps).astype(np.uint8)
    return levels if levels.ndim else int(levels)


def _half(anchors, reach):
    """The colours (STEPS + 1, 3) whose OKLab distance from anchors[0] runs from 0 to reach."""
    corners = oklab([rgb(anchor) for anchor in anchors])
    at = np.linspace(0, len(anchors) - 1, 2001)
    path = np.stack([np.interp(at, range(len(anchors)), axis) for axis in corners.T], axis=1)
    far = np.linalg.norm(path - path[0], axis=1)  # increasing: tests/view/test_theme.py
    lab = np.stack([np.interp(np.linspace(0, reach, STEPS + 1), far, axis) for axis in path.T], 1)
    light = np.clip((lab @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_LMS).T, 0, 1)
    share = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(255 * share).astype(np.uint8)


def _fill(theme):
    up, down = (_half(ANCHORS[theme][sign], REACH[theme]) for sign in (+1, -1))
    return np.concatenate([down[-1:], down[:0:-1], up])  # (256, 3)


FILL = {theme: _fill(theme) for theme in COLOUR}  # {theme: (256, 3) uint8}; FILL[theme][levels]
INK = {  # {theme: (256,)}: which of INKS reads better on each level
    theme: np.argmax([contrast(fill, rgb(ink)) for ink in INKS], axis=0)
    for theme, fill in FILL.items()
}


def cell(level, theme):
    """The fill and the ink of a cell at a level.

    >>> cell(ZERO, "light")
    ('#f7f7f7', '#000000')
    """
    return "#" + FILL[theme][level].tobytes().hex(), INKS[INK[theme][level]]


# Streamlit 1.67 uses primaryColor for words (a slider's value, the chosen tab) and, in both themes,
# for the ground of white marks (ticks, switches, labels of primary buttons). In the dark no colour
# gives 4.5:1 twice; this one gives it to the words and 3:1 to the marks. So the frame has no
# button of type="primary": Play belongs to the stage.
ACCENT = {"light": "#16191d", "dark": "#8c94a1"}
FRAME = {  # [theme.light] and [theme.dark] of .streamlit/config.toml
    theme: {
        "primaryColor": ACCENT[theme],
        "backgroundColor": colours["page"],
        "secondaryBackgroundColor": colours["surface"],
        "textColor": colours["text"],
        "linkColor": colours["text"],
        "borderColor": colours["line"],
    }
    for theme, colours in COLOUR.items()
}

PALETTE_JS = Path(__file__).parent / "stage" / "browser" / "palette.js"


def palette_js():
    """The text of palette.js: the same table as an ES module."""
    lines = [
        "// Generated by `python -m convview.theme` from convview/theme.py: edit that, not this.",
        '// Fill of a level: "#" + fill.slice(6 * level, 6 * level + 6). Ink: inks[ink[level]].',
        "export const palette = {",
    ]
    for theme, colours in COLOUR.items():
        scale = {"fill": FILL[theme].tobytes().hex(), "ink": "".join(map(str, INK[theme]))}
        table = {**colours, "inks": INKS, **scale}
        lines += [f"  {theme}: {{"]
        lines += [f"    {name}: {json.dumps(entry)}," for name, entry in table.items()]
        lines += ["  },"]
    return "\n".join([*lines, "};", ""])


if __name__ == "__main__":
    PALETTE_JS.write_text(palette_js(), encoding="utf-8")
