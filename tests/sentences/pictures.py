"""Filters and what they answer, by NumPy and SciPy: what the checks of /filters compute with."""

import re

import numpy as np
from scipy import signal

from convcore import KERNELS

BORDERS = {"zeros": "constant", "replicate": "edge", "reflect": "reflect", "circular": "wrap"}
PAIRS = {"Sobel": "sobel", "Prewitt": "prewitt", "Scharr": "scharr", "Difference": "difference"}
DESIGN = np.array([[-1.0, -1, 1, 1]] * 3)  # before anything is typed
CANVAS = 50
FEW = 300  # taps, up to which sums are formed as they are written
NUMBER = r"(≈ )?(±?−?\d[\d,]*(?:\.\d+)?(?:e−?\d+)?)"


def bell(window, sigma):
    """A Gaussian of height 1."""
    profile = signal.windows.gaussian(window, sigma)
    return np.outer(profile, profile)


def named(name, window, sigma, angle):
    """The numbers of a filter, by its definition."""
    at = np.arange(window) - (window - 1) / 2
    down, across = at[:, None], at[None]
    blur = bell(window, sigma) / bell(window, sigma).sum()
    turn = np.radians(angle)
    waves = np.cos(2 * np.pi * 0.56 / sigma * (across * np.cos(turn) + down * np.sin(turn)))
    bends = ((down**2 + across**2) / sigma**2 - 2) / sigma**2
    made = {
        "edge_2": np.array([[-1.0, 1]] * window),
        "edge_3": np.array([[-1.0, 0, 1]] * window),
        "box": np.full((window, window), window**-2.0),
        "gaussian": blur,
        "log": bends * blur - (bends * blur).mean(),
        "gabor": waves * blur - (waves * blur).mean(),
    }
    return made[name] if name in made else np.array(KERNELS[name].values)


def weight(params):
    """The filter that is looked at."""
    if params.view == "blobs":
        return bell(params.blob_window, params.blob_sigma)
    if params.view == "edges":
        return named(f"{params.pair}_x", 1, 1, 0)
    if params.view == "design":
        return DESIGN if params.weight is None else np.array(params.weight[0])
    return named(params.filter, params.window, params.sigma, params.angle)


def stamped(params, window):
    """The canvas with a Gaussian put down at each point, cell by cell."""
    put = bell(window, params.blob_sigma)
    first = window - 1 - window // 2
    y = np.zeros((CANVAS + 2 * window, CANVAS + 2 * window))
    for row, col in params.points:
        at = row - first + window, col - first + window
        y[at[0] : at[0] + window, at[1] : at[1] + window] += put
    return y[window : window + CANVAS, window : window + CANVAS]


def padded(plane, shape, mode):
    """A picture as a window of this shape sees it; an even one has its extra cell before."""
    pads = [(size // 2, size - 1 - size // 2) for size in shape]
    return np.pad(plane, pads, BORDERS[mode])


def correlated(x, w, mode):
    """y (C, H, W)."""
    how = "direct" if w.size <= FEW else "fft"
    return np.stack(
        [signal.correlate(padded(plane, w.shape, mode), w, "valid", how) for plane in x]
    )


def mode(params):
    return "zeros" if params.view == "blobs" else params.padding_mode


_ANSWERS = {}


def answers(state):
    """What the filter answers to the picture that is shown, (C, H, W)."""
    if state.params.view == "blobs":
        return stamped(state.params, state.params.blob_window)[None]
    key = id(state.made), state.params
    if key not in _ANSWERS:
        y = correlated(state.made.answer.x, weight(state.params), mode(state.params))
        _ANSWERS[key] = y, state.made  # which keeps its id its own
    return _ANSWERS[key][0]


def slack(state):
    """How far from 0 rounding may be: small beside the largest answer that there can be."""
    if state.params.view == "blobs":
        return 1e-300  # sums of what is positive
    x = np.abs(state.made.answer.x).max()
    return 1e-11 * float(x * np.abs(weight(state.params)).sum()) + 1e-15


def says(text, value, rounding=0.0):
    """Whether a text writes this number: as it is, or with ≈ to three digits."""
    match = re.fullmatch(NUMBER, text)
    if not match:
        return False
    plain = match[2].replace(",", "").replace("−", "-").replace("±", "")
    number, value = float(plain), float(abs(value) if "±" in match[2] else value)
    off = abs(number - value)
    if not match[1]:
        return off <= rounding + 1e-9 * abs(value)
    unit = 10.0 ** (np.floor(np.log10(abs(number) or 1)) - 2)
    unit = 1.0 if 1000 <= abs(number) < 1e6 else unit
    if abs(off - unit / 2) <= 1e-12 * unit:  # half-way: away from 0
        return abs(number) > abs(value)
    return 1e-13 * abs(value) < off <= unit / 2 + rounding
