"""What convcore is timed on, and what others do for the same numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import torch
from scipy.signal import fftconvolve
from torch.nn import functional

from convcore import (
    conv2d,
    conv2d_backward,
    conv2d_loops,
    gaussian_kernel,
    max_pool2d,
    max_pool2d_backward,
)

torch.set_num_threads(1)
cv2.setNumThreads(1)

# {area: (measure, must hold, goal)}; a measure is a peer, or the share of the GEMM peak
GOALS = {
    "tiny call, up to 8x8": ("torch", 0.7, 1.3),
    "CNN layers, of the GEMM peak": ("share", 0.65, 0.8),
    "photo, 3x3 to 7x7": ("torch", 1.5, 2.0),
    "photo, 15x15 to 31x31": ("fftconvolve", 1.0, 1.2),
    "Gaussian 50x50": ("fftconvolve", 1.5, 2.0),
    "gradients of CNN layers": ("torch", 0.25, 0.4),
    "max-pool forward and backward": ("torch", 1.5, 2.5),
    "scratch memory": ("scratch", 10, 4),
}
WHY = {  # a goal may be missed, and what of it is known
    "CNN layers, of the GEMM peak": "64 filters are few rows of a product. The kernels' own rows "
    "make 192 of them, which alone reach 77 to 88 %; copying the shifts takes a tenth of the call, "
    "adding the three rows up an eighth. With AVX2 kernels (OPENBLAS_CORETYPE=Haswell) it is 70 to "
    "77 %: wider units make the product faster, not the copies. Runs of one hour gave 60 to 69 %.",
    "max-pool forward and backward": "the backward pass looks for the winners again; torch keeps "
    "them from the forward pass. A third of the time goes into finding them, a fifth into adding.",
    "tiny call, up to 8x8": "half of the call is reading its arguments so that a refusal can "
    "explain itself.",
}
rng = np.random.default_rng(1)


@dataclass(frozen=True)
class Workload:
    """One call of ours, the peers' for the same numbers, and macs for the share of the peak."""

    area: str
    name: str
    ours: Callable[[], object]
    peers: dict[str, Callable[[], object]] = field(default_factory=dict)
    macs: int = 0

    def check(self) -> None:
        """All give the same numbers, up to rounding."""
        mine = arrays(self.ours())
        for name, way in self.peers.items():
            for one, other in zip(mine, arrays(way()), strict=True):
                scale = float(np.abs(one).max())
                np.testing.assert_allclose(
                    other, one, rtol=2e-4, atol=2e-4 * scale, err_msg=f"{self.name}: {name}"
                )


def arrays(returned: object) -> list[np.ndarray]:
    return [np.asarray(one) for one in (returned if isinstance(returned, tuple) else (returned,))]


def workloads() -> Iterator[Workload]:
    yield from _tiny()
    yield from _layers()
    yield from _photographs()
    yield from _gradients()
    yield from _pooling()


def _array(*shape: int) -> np.ndarray:
    return rng.standard_normal(shape, np.float32)


def _torch_conv(x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None, **how: int) -> Callable:
    """From arrays to an array, as a NumPy program would call it."""

    def call() -> np.ndarray:
        parts = [None if one is None else torch.from_numpy(one) for one in (x, weight, bias)]
        return functional.conv2d(*parts, **how).numpy()

    return call


def _tiny() -> Iterator[Workload]:
    for size in (5, 8):
        x, weight, bias = _array(1, 1, size, size), _array(1, 1, 3, 3), _array(1)
        yield Workload(
            "tiny call, up to 8x8",
            f"tiny {size}x{size}, 3x3",
            lambda x=x, weight=weight, bias=bias: conv2d(x, weight, bias, padding=1),
            {
                "torch": _torch_conv(x, weight, bias, padding=1),
                "loops": lambda x=x, weight=weight, bias=bias: conv2d_loops(
                    x, weight, bias, padding=1
                ),
            },
        )


LAYERS = {  # images, channels, size, filters, kernel
    "64 channels 56x56, 3x3": (1, 64, 56, 64, 3),
    "256 channels 14x14, 3x3": (1, 256, 14, 256, 3),
    "256 channels 28x28, 1x1": (1, 256, 28, 256, 1),
}


def _layer(images: int, channels: int, size: int, filters: int, k: int) -> tuple:
    x, weight = _array(images, channels, size, size), _array(filters, channels, k, k)
    return x, weight, images * filters * size * size * channels * k * k


def _layers() -> Iterator[Workload]:
    batch = {"64 images of 16x28x28, 3x3": (64, 16, 28, 16, 3)}
    for name, shape in (LAYERS | batch).items():
        x, weight, macs = _layer(*shape)
        pad = shape[-1] // 2
        yield Workload(
            "batches" if name in batch else "CNN layers, of the GEMM peak",
            name,
            lambda x=x, weight=weight, pad=pad: conv2d(x, weight, padding=pad),
            {"torch": _torch_conv(x, weight, None, padding=pad)},
            macs,
        )


def _photographs() -> Iterator[Workload]:
    for size, k in ((512, 3), (512, 7), (512, 15), (512, 31), (2048, 31)):
        yield _photograph(size, _array(1, 1, k, k), f"photo {size}x{size}x3, {k}x{k}")
    blur = gaussian_kernel(50, 8).astype(np.float32)[None, None]
    yield _photograph(512, blur, "photo 512x512x3, Gaussian 50x50", "Gaussian 50x50")
    x, weight = _array(1, 3, 512, 512), _array(8, 3, 7, 7)
    yield Workload(
        "first layer",
        "photo 512x512x3 to 8 maps, 7x7",
        lambda: conv2d(x, weight, padding=3),
        {"torch": _torch_conv(x, weight, None, padding=3)},
    )


def _photograph(size: int, weight: np.ndarray, name: str, area: str = "") -> Workload:
    """The same kernel over three planes, as an image filter works."""
    k = weight.shape[-1]
    before, after = (k - 1) // 2, k - 1 - (k - 1) // 2
    x = _array(3, 1, size, size)
    rows = np.ascontiguousarray(x[:, 0].transpose(1, 2, 0))  # as OpenCV holds a picture
    peers = {}
    if k <= 7:
        peers["torch"] = _torch_conv(x, weight, None, padding=before)
    if k >= 15:
        flipped = weight[0, 0, ::-1, ::-1]

        def convolved() -> np.ndarray:
            whole = [fftconvolve(plane[0], flipped) for plane in x]
            return np.stack(whole)[:, None, after : after + size, after : after + size]

        peers["fftconvolve"] = convolved

    def filtered() -> np.ndarray:
        answer = cv2.filter2D(
            rows, -1, weight[0, 0], anchor=(before, before), borderType=cv2.BORDER_CONSTANT
        )
        return answer.transpose(2, 0, 1)[:, None]

    peers["OpenCV"] = filtered
    sides = ((before, after), (before, after))
    area = area or ("photo, 3x3 to 7x7" if k <= 7 else "photo, 15x15 to 31x31")
    return Workload(area, name, lambda: conv2d(x, weight, padding=sides), peers)


def _gradients() -> Iterator[Workload]:
    for name, shape in LAYERS.items():
        x, weight, _ = _layer(*shape)
        pad = shape[-1] // 2
        g = _array(*conv2d(x, weight, padding=pad).shape)
        for stride in (1, 2) if shape[-1] > 1 else (1,):
            g = _array(*conv2d(x, weight, stride=stride, padding=pad).shape)

            def ours(g=g, x=x, weight=weight, stride=stride, pad=pad) -> tuple:
                return tuple(conv2d_backward(g, x, weight, stride, pad))

            def theirs(g=g, x=x, weight=weight, stride=stride, pad=pad) -> tuple:
                parts = [torch.from_numpy(one) for one in (g, x, weight)]
                answer = torch.ops.aten.convolution_backward(
                    *parts, [len(weight)], [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1,
                    [True] * 3,
                )  # fmt: skip
                return tuple(one.numpy() for one in answer)

            yield Workload(
                "gradients of CNN layers", f"dX, dW, db: {name}, stride {stride}", ours,
                {"torch": theirs},
            )  # fmt: skip


def _pooling() -> Iterator[Workload]:
    for size, channels, k, stride, pad in ((112, 64, 2, 2, 0), (112, 64, 3, 2, 1)):
        x = _array(1, channels, size, size)
        g = _array(*max_pool2d(x, k, stride, pad).shape)

        def ours(x=x, g=g, k=k, stride=stride, pad=pad) -> tuple:
            y = max_pool2d(x, k, stride, pad)
            return y, max_pool2d_backward(g, x, k, stride, pad)

        def theirs(x=x, g=g, k=k, stride=stride, pad=pad) -> tuple:
            leaf = torch.from_numpy(x).requires_grad_()
            y = functional.max_pool2d(leaf, k, stride, pad)
            y.backward(torch.from_numpy(g))
            return y.detach().numpy(), leaf.grad.numpy()

        yield Workload(
            "max-pool forward and backward",
            f"max-pool {channels}x{size}x{size}, {k}x{k}, stride {stride}",
            ours,
            {"torch": theirs},
        )
