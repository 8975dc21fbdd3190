"""The pictures of the filters page: photographs, drawn test pictures, a canvas of points.

A picture is an array (C, H, W) of floats from 0 to 255, C = 1 (grey) or 3 (red, green, blue).
Photographs keep their own size where that is smaller than what is asked; a drawing is as large as
asked.
"""

import gzip
from functools import lru_cache

import numpy as np
from matplotlib.cbook import get_sample_data
from PIL import Image

LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
WHITE = 255.0
EXACT_UP_TO = 1_000_000  # cells; larger photographs are float32, for they fill the memory
CANVAS = 50  # cells of a side of the canvas of points


def canvas(points):
    """Black, with a 1 at each point (row, column), (1, 50, 50); what C3 asks for."""
    x = np.zeros((1, CANVAS, CANVAS))
    for row, col in points:
        x[0, row, col] = 1.0
    return x


@lru_cache(maxsize=6)
def picture(name, side, colour):
    """A picture by its name, its longer side at most `side`; read-only."""
    if name in PHOTOGRAPHS:
        x = fitted(PHOTOGRAPHS[name](), side, colour)
    else:
        grey = np.rint(WHITE * DRAWINGS[name](side))[None]
        x = np.repeat(grey, 3, axis=0) if colour else grey
    x.flags.writeable = False
    return x


def fitted(image, side, colour):
    """A Pillow image as a picture; made smaller, never larger."""
    shrink = min(1, side / max(image.size))
    if shrink < 1:
        size = [max(1, round(length * shrink)) for length in image.size]
        image = image.resize(size, Image.Resampling.BOX)
    if image.mode != "RGB":
        image = image.convert("RGB")
    bands = np.asarray(image).transpose(2, 0, 1)
    exact = bands[0].size <= EXACT_UP_TO
    if colour:
        return bands.astype(np.float64 if exact else np.float32, order="C")
    grey = sum(share * band for share, band in zip(LUMA, bands, strict=True))
    return np.rint(grey)[None].astype(np.float64 if exact else np.float32)


def hopper():
    """Grace Hopper. US Navy photograph, public domain."""
    with get_sample_data("grace_hopper.jpg") as file:
        return Image.open(file).convert("RGB")


def head():
    """A slice through a head by magnetic resonance, 256 x 256.

    Source: Matplotlib's sample data `s1045.ima.gz`; 12 bits, brought to 8 by its largest value.
    """
    with get_sample_data("s1045.ima.gz") as file:
        raw = file.read()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    x = np.frombuffer(raw, np.uint16).reshape(256, 256)
    return Image.fromarray(np.rint(x * (WHITE / x.max())).astype(np.uint8))


def _places(side):
    """Rows and columns from -1 to 1, (side, 1) and (1, side)."""
    at = (np.arange(side) + 0.5) / side * 2 - 1
    return at[:, None], at[None, :]


def steps(side):
    """A bright disc with a dark square in it: step edges in all directions."""
    rows, cols = _places(side)
    disc = np.hypot(rows, cols) < 0.8
    square = np.maximum(np.abs(rows), np.abs(cols)) < 0.3
    return np.where(square, 0.1, np.where(disc, 0.9, 0.3))


def lines(side):
    """Thin bright lines from the middle in twelve directions."""
    x = np.full((side, side), 0.1)
    along = np.linspace(0.15, 0.95, 4 * side) * (side / 2)
    for angle in np.arange(12) * np.pi / 6:
        rows = np.floor(side / 2 - along * np.round(np.sin(angle), 9)).astype(int)
        cols = np.floor(side / 2 + along * np.round(np.cos(angle), 9)).astype(int)
        x[np.clip(rows, 0, side - 1), np.clip(cols, 0, side - 1)] = 0.9
    return x


def checker(side):
    """Eight by eight squares of dark and bright."""
    square = np.arange(side) * 8 // side
    return 0.1 + 0.8 * ((square[:, None] + square) % 2)


def zone(side):
    """A zone plate: rings whose frequency grows outwards to one cycle for every two cells.

    Source: Fresnel zone plate, the usual test for how a filter answers to each frequency.
    """
    rows, cols = _places(side)
    return 0.5 + 0.5 * np.cos(np.pi * side / 4 * (rows**2 + cols**2))


PHOTOGRAPHS = {"hopper": hopper, "head": head}
DRAWINGS = {"steps": steps, "lines": lines, "checker": checker, "zone": zone}
TITLES = {
    "hopper": "Photograph: Grace Hopper",
    "head": "Head, by magnetic resonance",
    "steps": "Step edges in all directions",
    "lines": "Thin lines",
    "checker": "Checker",
    "zone": "Zone plate",
}
