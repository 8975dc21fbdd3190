"""correlate and convolve: hand numbers, then the SciPy functions whose names they bear."""

import numpy as np
import pytest
import scipy.signal

from convcore import ShapeError, convolve1d, convolve2d, correlate1d, correlate2d

IMPULSE = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
ONE_TO_NINE = np.arange(1, 10).reshape(3, 3)
NAMESAKES_1D = [
    (correlate1d, lambda x, k, mode: scipy.signal.correlate(x, k, mode, "direct")),
    (convolve1d, lambda x, k, mode: scipy.signal.convolve(x, k, mode, "direct")),
]
NAMESAKES_2D = [(correlate2d, scipy.signal.correlate2d), (convolve2d, scipy.signal.convolve2d)]


def test_correlation_of_an_impulse_shows_the_flipped_kernel():
    y = correlate2d(IMPULSE, ONE_TO_NINE, "same")
    assert y.tolist() == [[9, 8, 7], [6, 5, 4], [3, 2, 1]]


def test_convolution_of_an_impulse_shows_the_kernel():
    assert convolve2d(IMPULSE, ONE_TO_NINE, "same").tolist() == ONE_TO_NINE.tolist()


def test_homework_b10():
    assert convolve1d([5, 6, 7, 8], [3, 0, 1]).tolist() == [15, 18, 26, 30, 7, 8]
    assert convolve1d([5, 6, 7, 8], [3, 0, 1], "same").tolist() == [18, 26, 30, 7]
    assert convolve1d([5, 6, 7, 8], [3, 0, 1], "valid").tolist() == [26, 30]


def test_correlate1d_by_hand():
    # 5*1 at the far left of "full" meets the last tap
    assert correlate1d([5, 6, 7, 8], [3, 0, 1]).tolist() == [5, 6, 22, 26, 21, 24]
    assert correlate1d([5, 6, 7, 8], [3, 0, 1], "valid").tolist() == [22, 26]


def test_even_kernels_in_same_mode_by_hand():
    x, kernel = [1, 2, 3], [1, 10]
    assert correlate1d(x, kernel, "same").tolist() == [10, 21, 32]  # one more at the start
    assert convolve1d(x, kernel, "same").tolist() == [1, 12, 23]  # one more at the start, flipped
    assert correlate2d([x], [kernel], "same").tolist() == [[21, 32, 3]]  # one more at the end
    assert convolve2d([x], [kernel], "same").tolist() == [[1, 12, 23]]


def test_same_is_as_long_as_x_even_if_the_kernel_is_longer():
    assert convolve1d([1, 2], [1, 10, 100], "same").tolist() == [12, 120]
    assert len(np.convolve([1, 2], [1, 10, 100], "same")) == 3  # NumPy: the longer one


@pytest.mark.parametrize(("ours", "scipys"), NAMESAKES_1D, ids=["correlate", "convolve"])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_1d_is_its_namesake_in_scipy(rng, agrees, ours, scipys, mode):
    for n in range(1, 9):
        for k in range(1, n + 1 if mode == "valid" else 9):
            x, kernel = rng.standard_normal(n), rng.standard_normal(k)
            agrees(ours(x, kernel, mode), scipys(x, kernel, mode))


@pytest.mark.parametrize(("ours", "scipys"), NAMESAKES_2D, ids=["correlate2d", "convolve2d"])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_2d_is_its_namesake_in_scipy(rng, agrees, ours, scipys, mode):
    for shape in [(1, 1), (3, 4), (5, 2), (6, 6)]:
        for size in [(1, 1), (2, 2), (1, 3), (3, 2), (4, 4), (5, 1), (2, 7)]:
            if mode == "valid" and (size[0] > shape[0] or size[1] > shape[1]):
                continue
            x, kernel = rng.standard_normal(shape), rng.standard_normal(size)
            agrees(ours(x, kernel, mode), scipys(x, kernel, mode))


@pytest.mark.parametrize("function", [correlate1d, convolve1d, correlate2d, convolve2d])
class TestManners:
    def shape(self, function, *sizes):
        return sizes[0] if function.__name__.endswith("1d") else sizes

    def test_the_default_mode_is_full(self, function):
        x = np.ones(self.shape(function, 5, 5))
        assert function(x, x).shape == np.shape(function(x, x, "full"))
        assert function(x, x).shape[0] == 9

    def test_dtypes(self, function):
        x = np.ones(self.shape(function, 4, 4), np.float32)
        assert function(x, x).dtype == np.float32
        assert function(x, x.astype(float)).dtype == np.float64
        assert function(x.astype(np.uint8), x.astype(bool)).dtype == np.float64

    def test_the_answer_is_a_new_array(self, function):
        x = np.ones(self.shape(function, 3, 3))
        y = function(x, x[..., :1] if x.ndim == 1 else x[:1, :1], "valid")
        y[...] = 7
        assert (x == 1).all()

    def test_valid_does_not_exchange_the_arguments(self, function):
        x = np.ones(self.shape(function, 3, 9))
        kernel = np.ones(self.shape(function, 4, 2))
        with pytest.raises(ShapeError, match="needs a kernel that fits inside x") as e:
            function(x, kernel, "valid")
        assert str(e.value).startswith(function.__name__ + ': mode "valid"')
        assert f"got kernel {kernel.shape}, x {x.shape}" in str(e.value)
        assert e.value.fixes == ({"mode": "same"}, {"mode": "full"})
        for fix in e.value.fixes:
            function(x, kernel, **fix)

    def test_unknown_mode(self, function):
        x = np.ones(self.shape(function, 3, 3))
        with pytest.raises(ShapeError, match='"full", "same" or "valid"; got "wrap"') as e:
            function(x, x, "wrap")
        assert e.value.fixes == ({"mode": "full"},)
        with pytest.raises(TypeError, match="mode must be one of"):
            function(x, x, 2)

    @pytest.mark.parametrize("place", [0, 1])
    def test_operands_need_the_right_number_of_axes_and_a_cell(self, function, place):
        good = np.ones(self.shape(function, 3, 3))
        for bad in (good[None], good[0], good[:0]):
            operands = [good, good]
            operands[place] = bad
            with pytest.raises(ShapeError, match=("x", "kernel")[place] + " must be .* not empty"):
                function(*operands)

    def test_complex_operands_are_type_errors(self, function):
        x = np.ones(self.shape(function, 3, 3))
        with pytest.raises(TypeError, match="kernel must hold real numbers"):
            function(x, x * 1j)
