"""The inputs one can choose, at any size from 1 x 1 to 64 x 64, with one to three channels.

Each picture is a function (channels, height, width, seed) -> float64 array (C, H, W) of whole
numbers, drawn from geometry on the unit square, so that a larger one shows the same thing finer.
"""

from functools import lru_cache
from itertools import pairwise

import numpy as np


def ramp(channels, height, width, seed):
    """1, 2, 3, ... in row-major order: every value tells where it stands."""
    return np.arange(1.0, channels * height * width + 1).reshape(channels, height, width)


def impulse(channels, height, width, seed):
    """A single 1 (2, 3 in the further channels) in the middle: it prints the kernel."""
    x = np.zeros((channels, height, width))
    x[:, height // 2, width // 2] = np.arange(1, channels + 1)
    return x


def edge(channels, height, width, seed):
    """Dark beside bright, a vertical step in the middle; lower steps in the further channels."""
    x = np.zeros((channels, height, width))
    x[:, :, (width + 1) // 2 :] = 9 - 3 * np.arange(channels)[:, None, None]
    return x


def checker(channels, height, width, seed):
    """Squares of 0 and 1; the further channels start with the other colour."""
    side = max(1, min(height, width) // 8)
    rows, cols = np.arange(height) // side, np.arange(width) // side
    return (np.arange(channels)[:, None, None] + rows[:, None] + cols + 1.0) % 2


def digit(channels, height, width, seed):
    """A handwritten-looking 7, 4 or 1, from 0 (paper) to 9 (ink)."""
    strokes = (
        (((0.16, 0.2), (0.82, 0.2), (0.42, 0.9)),),
        (((0.6, 0.95), (0.6, 0.1), (0.15, 0.65), (0.88, 0.65)),),
        (((0.3, 0.3), (0.52, 0.12), (0.52, 0.92)),),
    )
    return np.stack([_ink(strokes[c], height, width) for c in range(channels)])


def face(channels, height, width, seed):
    """A round face with two eyes and a mouth; the further channels hold the eyes, the mouth."""
    eyes = (((0.36, 0.4), (0.36, 0.42)), ((0.64, 0.4), (0.64, 0.42)))
    turn = np.linspace(0.15 * np.pi, 0.85 * np.pi, 9)
    mouth = (tuple(zip(0.5 + 0.27 * np.cos(turn), 0.5 + 0.27 * np.sin(turn), strict=True)),)
    turn = np.linspace(0, 2 * np.pi, 25)
    outline = (tuple(zip(0.5 + 0.43 * np.cos(turn), 0.5 + 0.43 * np.sin(turn), strict=True)),)
    parts = ((*outline, *eyes, *mouth), eyes, mouth)
    return np.stack([_ink(parts[c], height, width) for c in range(channels)])


def random(channels, height, width, seed):
    """Whole numbers from 0 to 9 drawn from the seed."""
    return np.random.default_rng(seed).integers(0, 10, (channels, height, width)).astype(float)


def signed(channels, height, width, seed):
    """Whole numbers from -9 to 9 drawn from the seed."""
    return np.random.default_rng(seed).integers(-9, 10, (channels, height, width)).astype(float)


def photo(channels, height, width, seed):
    """The face of Grace Hopper, 0 to 255: red, green and blue, or their luma when one is asked.

    Source: the photograph that Matplotlib ships as sample data (US Navy, public domain).
    """
    from PIL import Image

    small = np.asarray(_portrait().resize((width, height), Image.Resampling.BOX), float)  # H, W, 3
    if channels == 1:
        return np.round(small @ [[0.299], [0.587], [0.114]]).transpose(2, 0, 1)  # ITU-R BT.601
    return small.transpose(2, 0, 1)[:channels]


@lru_cache(maxsize=1)
def _portrait():
    from matplotlib.cbook import get_sample_data
    from PIL import Image

    with get_sample_data("grace_hopper.jpg") as file:
        return Image.open(file).convert("RGB").crop((138, 62, 388, 312))


def _ink(strokes, height, width):
    """Strokes (polylines of (across, down) in the unit square) as ink from 0 to 9, (H, W)."""
    down = (np.arange(height)[:, None] + 0.5) / height
    across = (np.arange(width)[None, :] + 0.5) / width
    distance = np.full((height, width), np.inf)
    for stroke in strokes:
        for (x0, y0), (x1, y1) in pairwise(stroke):
            dx, dy = x1 - x0, y1 - y0
            along = ((across - x0) * dx + (down - y0) * dy) / (dx * dx + dy * dy)
            along = np.clip(along, 0, 1)
            gap = np.hypot(across - x0 - along * dx, down - y0 - along * dy)
            distance = np.minimum(distance, gap)
    pixel = 1 / max(height, width)
    full, fade = 0.35 * pixel + 0.03, 0.75 * pixel  # half the pen, and how far its edge blurs
    return np.round(9 * np.clip(1 - (distance - full) / fade, 0, 1))


PICTURES = {
    "digit": digit,
    "face": face,
    "edge": edge,
    "ramp": ramp,
    "impulse": impulse,
    "checker": checker,
    "random": random,
    "signed": signed,
    "photo": photo,
}
