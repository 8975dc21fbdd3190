"""Named kernels as data, each with the place it comes from.

The values are what multiplies the picture under correlation (`conv2d`, `correlate2d`), rows first:
`sobel_x` answers with a positive number where brightness rises to the right. Convolution
(`convolve2d`) flips them, and turns the sign of the derivatives round. None is scaled to look nice:
what is shown is what multiplies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Kernel:
    """A named kernel, taken as an array by all functions: `correlate2d(x, KERNELS["sobel_x"])`."""

    values: np.ndarray  # (kH, kW) float64, read-only
    title: str
    source: str
    note: str  # what it does, in one line

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.values, dtype=dtype, copy=copy)

    def __getitem__(self, key: Any) -> Any:
        """As of the array, so that kernel[None, None] is a conv2d weight."""
        return self.values[key]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    @property
    def ndim(self) -> int:
        return self.values.ndim


def _kernel(values: Any, title: str, source: str, note: str) -> Kernel:
    values = np.array(values, dtype=np.float64)
    values.flags.writeable = False
    return Kernel(values, title, source, note)


SOBEL = "I. Sobel and G. Feldman, 'A 3x3 isotropic gradient operator', Stanford AI Project, 1968"
PREWITT = "J. M. S. Prewitt, 'Object enhancement and extraction', Picture Processing, 1970"
SCHARR = "H. Scharr, 'Optimale Operatoren in der digitalen Bildverarbeitung', Heidelberg, 2000"
ROBERTS = "L. G. Roberts, 'Machine perception of three-dimensional solids', MIT, 1963"
GONZALEZ = "R. C. Gonzalez and R. E. Woods, 'Digital Image Processing', 3rd ed., "
BURT = "P. J. Burt and E. H. Adelson, 'The Laplacian pyramid', IEEE Trans. Commun. 31(4), 1983"
PLAIN = "definition"

# An edge kernel is a derivative along one axis and a smoothing along the other.
RISE = np.array([-1, 0, 1])
SMOOTH_3 = np.array([1, 2, 1])
SMOOTH_5 = np.array([1, 4, 6, 4, 1])
IDENTITY = np.outer([0, 1, 0], [0, 1, 0])
LAPLACIAN_4 = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
BINOMIAL_5 = np.outer(SMOOTH_5, SMOOTH_5) / 256

KERNELS: Mapping[str, Kernel] = MappingProxyType({
    "identity": _kernel(
        IDENTITY, "Identity", PLAIN, "Leaves the picture as it is."),
    "shift_right": _kernel(
        np.outer([0, 1, 0], [1, 0, 0]), "Shift right", PLAIN,
        "Each cell takes its left neighbour: the picture moves one cell to the right."),
    "one_to_nine": _kernel(
        np.arange(1, 10).reshape(3, 3), "One to nine", PLAIN,
        "Nine different weights: they show whether and how a kernel is flipped."),
    "box_3": _kernel(
        np.full((3, 3), 1 / 9), "Box 3 x 3", GONZALEZ + "section 3.5.1",
        "The mean of the 3 x 3 neighbourhood; the sum of the weights is 1."),
    "box_5": _kernel(
        np.full((5, 5), 1 / 25), "Box 5 x 5", GONZALEZ + "section 3.5.1",
        "The mean of the 5 x 5 neighbourhood; the sum of the weights is 1."),
    "gaussian_3": _kernel(
        np.outer(SMOOTH_3, SMOOTH_3) / 16, "Gaussian 3 x 3 (binomial)", GONZALEZ + "section 3.5.1",
        "Nearby cells weigh more than far ones; the sum of the weights is 1."),
    "gaussian_5": _kernel(
        BINOMIAL_5, "Gaussian 5 x 5 (binomial)", BURT,
        "1 4 6 4 1 over 16 on each axis: 1 2 1 over 4 convolved with itself."),
    "motion_blur": _kernel(
        np.eye(5) / 5, "Motion blur", PLAIN,
        "The mean of five cells along a diagonal, as if the camera had moved."),
    "difference_x": _kernel(
        [[-1, 1]], "Difference across", PLAIN, "Right cell minus left: the shortest derivative."),
    "difference_y": _kernel(
        [[-1], [1]], "Difference down", PLAIN, "Lower cell minus upper."),
    "sobel_x": _kernel(
        np.outer(SMOOTH_3, RISE), "Sobel x", SOBEL,
        "Rise to the right, smoothed down the column: answers to vertical edges."),
    "sobel_y": _kernel(
        np.outer(RISE, SMOOTH_3), "Sobel y", SOBEL,
        "Rise downwards, smoothed along the row: answers to horizontal edges."),
    "prewitt_x": _kernel(
        np.outer([1, 1, 1], RISE), "Prewitt x", PREWITT,
        "As Sobel x, smoothed with equal weights."),
    "prewitt_y": _kernel(
        np.outer(RISE, [1, 1, 1]), "Prewitt y", PREWITT,
        "As Sobel y, smoothed with equal weights."),
    "scharr_x": _kernel(
        np.outer([3, 10, 3], RISE), "Scharr x", SCHARR,
        "As Sobel x, with weights that measure all directions more equally."),
    "scharr_y": _kernel(
        np.outer(RISE, [3, 10, 3]), "Scharr y", SCHARR,
        "As Sobel y, with weights that measure all directions more equally."),
    "roberts_down": _kernel(
        [[1, 0], [0, -1]], "Roberts, main diagonal", ROBERTS,
        "The upper left cell minus the lower right: a difference along one diagonal."),
    "roberts_up": _kernel(
        [[0, 1], [-1, 0]], "Roberts, other diagonal", ROBERTS,
        "The upper right cell minus the lower left: a difference along the other diagonal."),
    "laplacian_4": _kernel(
        LAPLACIAN_4, "Laplacian, 4 neighbours", GONZALEZ + "section 3.6.2",
        "Second derivative across plus down; 0 on flat parts and even slopes."),
    "laplacian_8": _kernel(
        [[1, 1, 1], [1, -8, 1], [1, 1, 1]], "Laplacian, 8 neighbours", GONZALEZ + "section 3.6.2",
        "The eight neighbours less eight times the cell; 0 on flat parts and even slopes."),
    "sharpen": _kernel(
        IDENTITY - LAPLACIAN_4, "Sharpen", GONZALEZ + "section 3.6.2",
        "The picture minus its Laplacian; the sum of the weights is 1."),
    "unsharp_5": _kernel(
        2 * np.pad(IDENTITY, 1) - BINOMIAL_5, "Unsharp mask 5 x 5", GONZALEZ + "section 3.6.3",
        "The picture plus what a blur takes away from it."),
    "emboss": _kernel(
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], "Emboss",
        "GIMP user manual, 'Convolution Matrix'",
        "Light from one corner: rises towards the lower right shine; the sum of the weights is 1."),
    "line_vertical": _kernel(
        [[-1, 2, -1]] * 3, "Vertical line", GONZALEZ + "section 10.2.3",
        "Answers to thin vertical lines, positive to bright ones; to an edge half as strongly."),
    "line_horizontal": _kernel(
        np.transpose([[-1, 2, -1]] * 3), "Horizontal line", GONZALEZ + "section 10.2.3",
        "Answers to thin horizontal lines, positive to bright ones; to an edge half as strongly."),
})  # fmt: skip
