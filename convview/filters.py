"""The image filters one can choose: those of `convcore.KERNELS`, and families with sliders.

A filter is correlated with the picture: its numbers are what multiplies.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.signal import windows

from convcore import KERNELS, gaussian_kernel


@dataclass(frozen=True)
class Family:
    """A filter whose numbers follow from sliders.

    make : (window, sigma, angle) -> (kH, kW) float64
    sliders : {name of the parameter: its label}
    """

    title: str
    note: str
    make: Callable
    sliders: dict


def blob(window, sigma):
    """A Gaussian of height 1, (window, window): of an even window no cell is at the very middle.

    Source: scipy.signal.windows.gaussian, as in the exercise.
    """
    profile = windows.gaussian(window, sigma)
    return np.outer(profile, profile)


def box(window, sigma, angle):
    return np.full((window, window), 1 / window**2)


def gaussian(window, sigma, angle):
    return gaussian_kernel(window, sigma)


def laplacian_of_gaussian(window, sigma, angle):
    """(r^2 / sigma^2 - 2) / sigma^2 times the Gaussian, and as much less everywhere as sums to 0.

    Source: D. Marr and E. Hildreth, "Theory of edge detection", Proc. R. Soc. B 207, 1980.
    """
    rows, cols = _places(window)
    w = ((rows**2 + cols**2) / sigma**2 - 2) / sigma**2 * gaussian_kernel(window, sigma)
    return w - w.mean()


def gabor(window, sigma, angle):
    """A cosine wave across `angle` degrees under a Gaussian, less its mean, so that flat gives 0.

    The wave is sigma / 0.56 cells long: one octave wide, as of simple cells of the visual cortex.
    Source: J. G. Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation", J. Opt. Soc. Am. A 2(7), 1985.
    """
    rows, cols = _places(window)
    turn = np.deg2rad(angle)
    along = cols * np.cos(turn) + rows * np.sin(turn)
    w = np.cos(2 * np.pi * 0.56 / sigma * along) * gaussian_kernel(window, sigma)
    return w - w.mean()


def edge_2(window, sigma, angle):
    """Columns of -1 and +1, `window` rows high."""
    return np.tile([-1.0, 1.0], (window, 1))


def edge_3(window, sigma, angle):
    """Columns of -1, 0 and +1, `window` rows high."""
    return np.tile([-1.0, 0.0, 1.0], (window, 1))


def _places(window):
    at = np.arange(window) - (window - 1) / 2
    return at[:, None], at[None, :]


HEIGHT = {"window": "Height of the filter"}
FAMILIES = {
    "edge_2": Family(
        "Vertical edge, 2 columns",
        "Bright right of dark answers positive, dark right of bright negative; the higher the "
        "filter, the longer the edge that it prefers.",
        edge_2, HEIGHT,
    ),
    "edge_3": Family(
        "Vertical edge, 3 columns",
        "As with two columns, around a cell: edges up to two cells wide.",
        edge_3, HEIGHT,
    ),
    "box": Family("Box", "The mean of a window.", box, {"window": "Window"}),
    "gaussian": Family(
        "Gaussian", "A mean in which near cells weigh more.",
        gaussian, {"window": "Window", "sigma": "Sigma"},
    ),
    "log": Family(
        "Laplacian of Gaussian", "Smooths, then answers to bends: edges are where it crosses 0.",
        laplacian_of_gaussian, {"window": "Window", "sigma": "Sigma"},
    ),
    "gabor": Family(
        "Gabor",
        "Answers to waves across one direction, about sigma / 0.56 cells long, if that is two "
        "cells at least and the window holds it.",
        gabor, {"window": "Window", "sigma": "Sigma", "angle": "Angle, degrees"},
    ),
}  # fmt: skip
NAMES = (*FAMILIES, *KERNELS)
PAIRS = {  # (x, y): the two directions of a derivative
    "sobel": ("sobel_x", "sobel_y"),
    "prewitt": ("prewitt_x", "prewitt_y"),
    "scharr": ("scharr_x", "scharr_y"),
    "difference": ("difference_x", "difference_y"),
}
PAIR_TITLES = {
    "sobel": "Sobel", "prewitt": "Prewitt", "scharr": "Scharr", "difference": "Difference",
}  # fmt: skip
TITLES = {name: (FAMILIES | dict(KERNELS))[name].title for name in NAMES}


def named(name, window=3, sigma=1.0, angle=0):
    """The numbers of a filter, (kH, kW) float64."""
    if name in FAMILIES:
        return FAMILIES[name].make(window, sigma, angle)
    return np.array(KERNELS[name])


def sliders(name):
    """{name of a parameter: its label} of those that the filter follows."""
    return FAMILIES[name].sliders if name in FAMILIES else {}


def described(name, sigma):
    """Its title, with sigma where it has one."""
    return f"{TITLES[name]}, σ {sigma:.1f}" if "sigma" in sliders(name) else TITLES[name]


def note(name):
    """What it does, in a sentence or two."""
    return (FAMILIES | dict(KERNELS))[name].note
