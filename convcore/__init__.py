"""Convolution in NumPy: one relation between output, tap and input cells, and what follows from it.

    input index = output index * stride + tap index * dilation - padding before

Names, argument order, defaults and semantics follow torch.nn.functional (`conv2d`) and scipy.signal
(`correlate1d` and its kin). Arrays are NCHW; float32 and float64 are kept, integers become float64.
A `..._backward` stands beside its forward function and takes dL/dy first.
"""

from .activation import heaviside, relu, sigmoid, softmax, softmax_jacobian
from .borders import pad2d
from .chain import Accumulation, forward_accumulation, reverse_accumulation
from .columns import im2col
from .construction import (
    GradWeightSteps,
    GradXSteps,
    grad_weight_by_construction,
    grad_x_by_construction,
    rotate180,
    spread,
)
from .conv import ConvGradients, conv2d, conv2d_backward
from .conv1d import conv1d, conv1d_backward
from .correlate import convolve1d, convolve2d, correlate1d, correlate2d
from .coverage import coverage
from .gaussian import gaussian_kernel
from .kernels import KERNELS, Kernel
from .loops import conv2d_backward_loops, conv2d_loops
from .matrix import conv2d_matrix
from .padding import same_padding
from .pool import (
    avg_pool2d,
    avg_pool2d_backward,
    avg_pool2d_divisors,
    max_pool2d,
    max_pool2d_backward,
    max_pool2d_indices,
)
from .receptive import ReceptiveField, reach, receptive_field
from .shape_error import ShapeError
from .sizes import conv_output_size, pool_output_size
from .stamps import Stamps, running_sums, stamps
from .taps import Axis, axis_taps, pad_index, windows
from .transpose import conv_transpose2d
from .vjp import VjpCheck, check_vjp

__all__ = [
    "KERNELS",
    "Accumulation",
    "Axis",
    "ConvGradients",
    "GradWeightSteps",
    "GradXSteps",
    "Kernel",
    "ReceptiveField",
    "ShapeError",
    "Stamps",
    "VjpCheck",
    "avg_pool2d",
    "avg_pool2d_backward",
    "avg_pool2d_divisors",
    "axis_taps",
    "check_vjp",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv2d_backward_loops",
    "conv2d_loops",
    "conv2d_matrix",
    "conv_output_size",
    "conv_transpose2d",
    "convolve1d",
    "convolve2d",
    "correlate1d",
    "correlate2d",
    "coverage",
    "forward_accumulation",
    "gaussian_kernel",
    "grad_weight_by_construction",
    "grad_x_by_construction",
    "heaviside",
    "im2col",
    "max_pool2d",
    "max_pool2d_backward",
    "max_pool2d_indices",
    "pad2d",
    "pad_index",
    "pool_output_size",
    "reach",
    "receptive_field",
    "relu",
    "reverse_accumulation",
    "rotate180",
    "running_sums",
    "same_padding",
    "sigmoid",
    "softmax",
    "softmax_jacobian",
    "spread",
    "stamps",
    "windows",
]
