"""gaussian_kernel: sums to 1, centred, and honest about even sizes."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal.windows

from convcore import ShapeError, convolve2d, gaussian_kernel


def test_three_cells_by_hand():
    a = np.exp(-0.5)  # 0.6065
    np.testing.assert_allclose(gaussian_kernel((1, 3), 1)[0], np.array([a, 1, a]) / (1 + 2 * a))
    np.testing.assert_allclose(gaussian_kernel((1, 2), 0.3), [[0.5, 0.5]])


@pytest.mark.parametrize("size", [1, 2, 5, (3, 8), (51, 51)])
@pytest.mark.parametrize("sigma", [0.3, 1, 5.0, np.float32(2), 1e-200, 5e-324, 1e200])
def test_it_sums_to_one_and_is_symmetric(size, sigma):
    kernel = gaussian_kernel(size, sigma)
    assert kernel.shape == tuple(np.broadcast_to(size, 2))
    assert kernel.dtype == np.float64
    assert (kernel >= 0).all()
    assert kernel.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_array_equal(kernel, kernel[::-1, ::-1])


def test_a_narrow_gaussian_is_the_identity_or_the_mean_of_the_middle():
    assert gaussian_kernel(3, 1e-9).tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert gaussian_kernel(2, 1e-9).tolist() == [[0.25, 0.25], [0.25, 0.25]]


@pytest.mark.parametrize("size", [7, 8])
def test_it_is_scipys_window_normalised(size, agrees):
    window = scipy.signal.windows.gaussian(size, 1.7)
    agrees(gaussian_kernel(size, 1.7), np.outer(window, window) / window.sum() ** 2)


def test_it_is_ndimages_filter_truncated_at_4_sigma(rng, agrees):
    sigma = 1.3
    x = rng.standard_normal((30, 30))
    y = convolve2d(x, gaussian_kernel(2 * int(4 * sigma + 0.5) + 1, sigma), "same")
    agrees(y, scipy.ndimage.gaussian_filter(x, sigma, mode="constant"))


def test_sigma_3_then_sigma_4_is_sigma_5():
    three, four, five = (gaussian_kernel(2 * int(8 * s) + 1, s) for s in (3, 4, 5))
    both = convolve2d(three, four)
    edge = (both.shape[0] - five.shape[0]) // 2
    np.testing.assert_allclose(both[edge:-edge, edge:-edge], five, atol=1e-5 * five.max())


@pytest.mark.parametrize("size", [50, 51])
def test_homework_c3_two_points_become_two_blobs(size):
    canvas = np.zeros((50, 50))
    canvas[20, 40] = canvas[40, 20] = 1
    window = scipy.signal.windows.gaussian(size, 5)
    y = convolve2d(canvas, np.outer(window, window), "same")
    assert np.allclose(convolve2d(canvas, gaussian_kernel(size, 5), "same") * window.sum() ** 2, y)
    upper = y * (np.arange(50) >= 30)
    peaks = np.argwhere(upper > upper.max() - 1e-6).tolist()  # the other blob's tail adds 5e-7
    if size == 51:
        assert peaks == [[20, 40]]
        assert y.max() == pytest.approx(1)
    else:  # an even window is centred on the half pixel: four equal maxima
        assert peaks == [[20, 40], [20, 41], [21, 40], [21, 41]]
        assert y.max() == pytest.approx(0.990, abs=5e-4)


@pytest.mark.parametrize("sigma", [0, -1, np.nan, np.inf, True, "2", None, [1, 2]])
def test_an_illegal_sigma_is_refused(sigma):
    with pytest.raises(ShapeError, match="sigma must be a positive finite number; got") as e:
        gaussian_kernel(3, sigma)
    gaussian_kernel(3, **e.value.fixes[0])


@pytest.mark.parametrize(("size", "fix"), [(0, 1), (2.5, 2), ((3, 0), (3, 1)), ((3,), (3, 3))])
def test_an_illegal_size_is_refused(size, fix):
    with pytest.raises(ShapeError, match=r"^gaussian_kernel: size must be") as e:
        gaussian_kernel(size, 1.0)
    assert e.value.fixes == ({"size": fix},)
