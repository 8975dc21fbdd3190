"""The image filters one can choose: those of `convcore.KERNELS`, and families with sliders.

A filter is correlated with the picture: its numbers are what multiplies.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.signal import windows

from convcore import KERNELS, gaussian_kernel
from convview import labels

WAVE = 0.56  # of sigma over the length of the wave of a Gabor filter
GRID, FINE = 256, 9  # waves along each axis that are tried, and around the best of them
TINY = 1e-12  # weights that are but rounding
LEAST = 0.001  # of the largest weight, that is told in numbers
FAR = 9  # sigmas from the window, beyond which nothing of a Gaussian is left
BOX = 0.9  # of the largest weight of a Gaussian in its corners, from which on it is a box


@dataclass(frozen=True)
class Family:
    """A filter whose numbers follow from sliders.

    note : (window, sigma, angle) -> what it does with these, in sentences
    make : (window, sigma, angle) -> (kH, kW) float64
    sliders : {name of the parameter: its label}
    """

    title: str
    note: Callable
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

    The wave is sigma / WAVE cells long: one octave wide, as of simple cells of the visual cortex.
    Source: J. G. Daugman, "Uncertainty relation for resolution in space, spatial frequency, and
    orientation", J. Opt. Soc. Am. A 2(7), 1985.
    """
    rows, cols = _places(window)
    turn = np.deg2rad(angle)
    along = cols * np.cos(turn) + rows * np.sin(turn)
    w = np.cos(2 * np.pi * WAVE / sigma * along) * gaussian_kernel(window, sigma)
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


def _of_edge_2(window, sigma, angle):
    return (
        "Bright right of dark gives a positive answer, dark right of bright a negative one. A "
        "vertical edge from 0 to 1 gives as much as it is long, up to the filter's height, "
        f"{window}."
    )


def _of_edge_3(window, sigma, angle):
    return (
        "As with two columns, and zeros between them: a rise that takes two cells counts in full, "
        f"in each row, up to {labels.counted(window, 'row')}."
    )


def _of_box(window, sigma, angle):
    if window == 1:
        return "The mean of one cell: the picture stays as it is."
    return f"The mean of {window} × {window} = {window**2:,} cells."


def _of_gaussian(window, sigma, angle):
    if window <= 2:
        what = "the picture stays as it is" if window == 1 else "the mean of four cells"
        return f"{cut('gaussian', window, sigma)}: {what}."
    return f"A mean in which near cells weigh more. {cut('gaussian', window, sigma)}."


def _of_log(window, sigma, angle):
    if _is_nothing(laplacian_of_gaussian(window, sigma, angle)):
        return NOTHING
    return (
        "Flat parts and even slopes give 0, bends do not; along a straight edge the answer crosses "
        f"0. {cut('log', window, sigma)}."
    )


def _of_gabor(window, sigma, angle):
    """Its wave, and how well it stands for it: of too short a one cells show another."""
    w = gabor(window, sigma, angle)
    if _is_nothing(w):
        return NOTHING
    long = sigma / WAVE
    said = (
        f"A wave {labels.label(sigma)} / {WAVE} {labels.equals(long)} cells long, running at "
        f"{angle}° (0° right, 90° down), under a Gaussian, less its mean."
    )
    turn = np.deg2rad(angle)
    wave = np.array([np.sin(turn), np.cos(turn)]) / long  # cycles per cell, down and across
    if np.abs(wave).max() > 0.5:
        seen = wave - np.rint(wave)
        said += (
            " That is too short for cells, which show it as a wave "
            f"{labels.marked(1 / np.hypot(*seen))} cells long."
        )
    elif long > window:
        said += f" The window, {window} cells wide, does not hold one whole wave."
    else:
        said += (
            f" To such waves it answers ≈ {100 * _passes(w, wave) / _most(w, wave):.0f} % as "
            "strongly as to those that it answers most."
        )
    return f"{said} {cut('gabor', window, sigma)}."


NOTHING = "Less their mean all weights are 0 in so small a window, and so is every answer."


def _is_nothing(weight):
    return np.abs(weight).max() < TINY


def _passes(weight, waves):
    """How strongly waves pass, of so many cycles per cell (..., down and across)."""
    rows, cols = np.mgrid[: weight.shape[0], : weight.shape[1]]
    turns = np.multiply.outer(waves[..., 0], rows) + np.multiply.outer(waves[..., 1], cols)
    return np.abs((weight * np.exp(-2j * np.pi * turns)).sum((-2, -1)))


def _most(weight, wave):
    """How strongly the wave passes that passes most: on a grid of waves, and finer around it."""
    passing = np.abs(np.fft.fft2(weight, (GRID, GRID)))
    best = np.array(np.unravel_index(passing.argmax(), passing.shape)) / GRID
    fine = np.linspace(-1, 1, FINE) / GRID
    around = best + np.stack(np.meshgrid(fine, fine), -1)
    return max(_passes(weight, around).max(), _passes(weight, wave))


def cut(name, window, sigma, left=""):
    """How much of the Gaussian of a named filter its window cuts off, and which window is usual.

    left : what becomes of the rest, where that is not as for the named filter. Without the stop at
    the end.
    """
    whose = f"{TITLES[name]}, window {window}, σ {sigma:.1f}"
    if window == 1:
        return f"{whose}: a window of 1 holds one cell, whatever σ"
    if window == 2:
        return f"{whose}: the Gaussian is the same in all four cells of 2 × 2, whatever σ"
    far, near = (window - 1) / 2, (window - 1) % 2 / 2
    rim = float(np.exp((near**2 - far**2) / 2 / sigma**2))
    box = ", a box in all but name" * (rim**2 >= BOX)
    size, cells = labels.label(sigma), labels.counted(usual(sigma), "cell")
    return (
        f"{whose}: in the middle of each side of the window the Gaussian is {_percent(rim)} of its "
        f"largest weight{box}; {_percent(_beyond(window, sigma))} of its sum lies beyond the "
        f"window and is cut off, {left or LEFT[name]}; the usual window reaches 4σ to each side: "
        f"2·⌊4·{size} + 0.5⌋ + 1 = {cells}"
    )


LEFT = {  # of a Gaussian that a window cuts off
    "gaussian": "and what is left is scaled to sum 1",
    "log": "what is left is scaled to sum 1, and the filter made of it sums to 0",
    "gabor": "what is left is scaled to sum 1, and the filter made of it sums to 0",
}


def _percent(share):
    return f"{labels.marked(100 * share)} %" if share >= LEAST else "less than 0.1 %"


def _beyond(window, sigma):
    """The share of all weights of a Gaussian without end that lie outside the window."""
    reach = window + 2 * int(FAR * sigma + 1)  # odd or even, as the window is
    at = np.arange(reach) - (reach - 1) / 2
    profile = np.exp(-0.5 * (at / sigma) ** 2)
    return 1 - float(profile[np.abs(at) < window / 2].sum() / profile.sum()) ** 2


FAMILIES = {
    "edge_2": Family("Vertical edge, 2 columns", _of_edge_2, edge_2, HEIGHT),
    "edge_3": Family("Vertical edge, 3 columns", _of_edge_3, edge_3, HEIGHT),
    "box": Family("Box", _of_box, box, {"window": "Window"}),
    "gaussian": Family("Gaussian", _of_gaussian, gaussian, {"window": "Window", "sigma": "Sigma"}),
    "log": Family(
        "Laplacian of Gaussian", _of_log, laplacian_of_gaussian,
        {"window": "Window", "sigma": "Sigma"},
    ),
    "gabor": Family(
        "Gabor", _of_gabor, gabor,
        {"window": "Window", "sigma": "Sigma", "angle": "Angle, degrees"},
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


def usual(sigma):
    """The window that holds a Gaussian to 4 sigma on each side.

    Source: SciPy, ndimage.gaussian_filter, truncate=4.0
    """
    return 2 * int(4 * sigma + 0.5) + 1


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


def note(name, window=3, sigma=1.0, angle=0):
    """What it does, in a sentence or more."""
    if name in FAMILIES:
        return FAMILIES[name].note(window, sigma, angle)
    return KERNELS[name].note
