"""Convolution in NumPy: one relation between output, tap and input cells, and what follows from it.

    input index = output index * stride + tap index * dilation - padding before

Names, argument order, defaults and semantics follow torch.nn.functional (`conv2d`) and scipy.signal
(`correlate1d` and its kin). Arrays are NCHW; float32 and float64 are kept, integers become float64.
"""

from .borders import pad2d
from .conv import conv2d
from .correlate import convolve1d, convolve2d, correlate1d, correlate2d
from .coverage import coverage
from .gaussian import gaussian_kernel
from .kernels import KERNELS, Kernel
from .loops import conv2d_loops
from .matrix import conv2d_matrix
from .padding import same_padding
from .shape_error import ShapeError
from .sizes import conv_output_size
from .taps import Axis, axis_taps, pad_index, windows

__all__ = [
    "KERNELS",
    "Axis",
    "Kernel",
    "ShapeError",
    "axis_taps",
    "conv2d",
    "conv2d_loops",
    "conv2d_matrix",
    "conv_output_size",
    "convolve1d",
    "convolve2d",
    "correlate1d",
    "correlate2d",
    "coverage",
    "gaussian_kernel",
    "pad2d",
    "pad_index",
    "same_padding",
    "windows",
]
