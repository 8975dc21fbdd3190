"""What a scene sends: numbers as they are, sums of decimals as decimals."""

import base64

import numpy as np
import pytest
from scipy import signal

from convview.params import Gradients, Slide
from convview.scenes import gradients, slide


def numbers_of(scene, name):
    """The values that are sent for a grid, in order."""
    data = scene.grid(name).data()
    numbers = data["values"]
    if numbers.startswith("="):
        numbers = np.frombuffer(base64.b64decode(numbers[1:]), "<f8")
    else:
        numbers = [float(one) for one in numbers.split(" ")]
    width = data["digits"]
    return [
        numbers[int(plane[at : at + width], 16)]
        for plane in data["cells"]
        for at in range(0, len(plane), width)
    ]


@pytest.mark.parametrize("seed", range(60))
def test_a_sum_of_decimals_is_a_decimal(seed):
    """Of tenths and hundredths, counted as whole numbers; 0.4 + 0.5 - 0.9 is 0."""
    rng = np.random.default_rng(seed)
    x, w, g = (rng.integers(-99, 100, size) for size in ((4, 4), (2, 2), (3, 3)))
    y, dw, dx = (
        signal.correlate2d(x, w, "valid"), signal.correlate2d(x, g, "valid"),
        signal.convolve2d(g, w, "full"),
    )  # fmt: skip
    typed = [((tuple(map(tuple, (one / 100).tolist()))),) for one in (x, w, g)]
    layer = dict(size=(4, 4), kernel_size=(2, 2), x=typed[0], weight=typed[1])
    forward = slide.scene(Slide(**layer))
    assert numbers_of(forward, "output") == (y / 1e4).ravel().tolist()
    back = {
        view: gradients.scene(Gradients(view=view, stride=(1, 1), padding=((0, 0), (0, 0)),
                                        grad_y=typed[2], **layer))
        for view in ("input", "weight", "dydx")
    }  # fmt: skip
    assert numbers_of(back["weight"], "grad_kernel") == (dw / 1e4).ravel().tolist()
    assert numbers_of(back["weight"], "grad_bias") == [g.sum() / 100]
    for view in ("input", "dydx"):
        assert numbers_of(back[view], "grad_input") == (dx / 1e4).ravel().tolist()


@pytest.mark.parametrize("seed", range(60))
def test_the_error_of_a_decimal_is_a_decimal(seed):
    """y - t of hundredths, counted as whole numbers; a target that is y leaves 0."""
    rng = np.random.default_rng(seed)
    x, w, t = (rng.integers(-99, 100, size) for size in ((4, 4), (2, 2), (3, 3)))
    y = signal.correlate2d(x, w, "valid")
    t[0] = y[0] if seed % 2 else t[0]
    typed = [(tuple(map(tuple, (one / ones).tolist())),) for one, ones in
             ((x, 100), (w, 100), (t, 1e4))]  # fmt: skip
    layer = dict(size=(4, 4), kernel_size=(2, 2), stride=(1, 1), padding=((0, 0), (0, 0)),
                 x=typed[0], weight=typed[1], loss="squares", target=typed[2])  # fmt: skip
    for view in ("input", "weight"):
        shown = gradients.scene(Gradients(view=view, **layer))
        assert numbers_of(shown, "upstream") == ((y - t) / 1e4).ravel().tolist()


def test_a_small_sum_is_no_rounding():
    """Only beside its own terms."""
    tiny = Slide(size=(1, 1), kernel_size=(1, 1), x=(((1e-20,),),), weight=(((1.0,),),))
    assert numbers_of(slide.scene(tiny), "output") == [1e-20]
    third = Slide(size=(1, 1), kernel_size=(1, 1), x=(((1 / 3,),),), weight=(((1.0,),),))
    assert numbers_of(slide.scene(third), "output") == [1 / 3]
