"""Named kernels: facts about pictures that they answer to, and that they cannot be changed."""

import numpy as np
import pytest

from convcore import KERNELS, Kernel, conv2d, convolve2d, correlate2d

STEP_RIGHT = np.tile([0, 0, 0, 1, 1, 1], (5, 1))
STEP_DOWN = np.tile([[0], [0], [0], [1], [1], [1]], (1, 5))
SMOOTHING = ["box_3", "box_5", "gaussian_3", "gaussian_5", "motion_blur"]
KEEPING = [*SMOOTHING, "identity", "shift_right", "sharpen", "unsharp_5", "emboss"]
DERIVATIVES = sorted(set(KERNELS) - {*KEEPING, "one_to_nine"})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("sobel_x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        ("sobel_y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
        ("prewitt_x", [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]),
        ("scharr_y", [[-3, -10, -3], [0, 0, 0], [3, 10, 3]]),
        ("roberts_down", [[1, 0], [0, -1]]),
        ("laplacian_4", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("laplacian_8", [[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
        ("sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("one_to_nine", [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
        ("gaussian_3", np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16),
        ("line_horizontal", [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
    ],
)
def test_the_numbers_of_the_textbook(name, values):
    np.testing.assert_array_equal(KERNELS[name], values)


@pytest.mark.parametrize("name", KERNELS)
def test_every_kernel_has_values_a_title_a_source_and_a_note(name):
    kernel = KERNELS[name]
    assert isinstance(kernel, Kernel)
    assert np.asarray(kernel).ndim == kernel.ndim == 2
    assert np.asarray(kernel).dtype == np.float64
    assert kernel.shape == kernel.values.shape
    assert min(len(kernel.title), len(kernel.source)) > 0
    assert kernel.note.endswith(".")


@pytest.mark.parametrize("name", KEEPING)
def test_a_flat_picture_stays_as_bright_as_it_is(name, agrees):
    y = correlate2d(np.full((7, 7), 3.0), KERNELS[name], "valid")
    agrees(y, np.full(y.shape, 3.0))


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_flat_picture_gives_zero(name):
    assert not correlate2d(np.full((7, 7), 3.0), KERNELS[name], "valid").any()


@pytest.mark.parametrize("name", ["sobel", "prewitt", "scharr", "difference"])
def test_edges_answer_to_their_direction_with_a_sign(name):
    across, down = KERNELS[name + "_x"], KERNELS[name + "_y"]
    assert correlate2d(STEP_RIGHT, across, "valid").max() > 0
    assert correlate2d(STEP_RIGHT, across, "valid").min() == 0
    assert correlate2d(STEP_RIGHT[:, ::-1], across, "valid").min() < 0  # signed: do not clip
    assert not correlate2d(STEP_DOWN, across, "valid").any()
    assert correlate2d(STEP_DOWN, down, "valid").max() > 0
    assert not correlate2d(STEP_RIGHT, down, "valid").any()
    np.testing.assert_array_equal(np.asarray(across).T, down)


def test_convolving_with_sobel_turns_its_sign():
    y = correlate2d(STEP_RIGHT, KERNELS["sobel_x"], "valid")
    np.testing.assert_array_equal(convolve2d(STEP_RIGHT, KERNELS["sobel_x"], "valid"), -y)


@pytest.mark.parametrize("name", ["laplacian_4", "laplacian_8"])
def test_an_even_slope_gives_zero_to_the_laplacian(name):
    slope = np.add.outer(2.0 * np.arange(6), 3.0 * np.arange(6))
    assert not correlate2d(slope, KERNELS[name], "valid").any()


def test_a_vertical_line_is_not_an_edge():
    line = np.tile([0, 0, 1, 0, 0], (5, 1))
    answer = correlate2d(line, KERNELS["line_vertical"], "valid")
    assert answer.tolist() == [[-3, 6, -3]] * 3
    assert correlate2d(line, KERNELS["sobel_x"], "valid")[0].tolist() == [4, 0, -4]


def test_the_binomial_5_is_two_passes_of_the_3(agrees):
    agrees(KERNELS["gaussian_5"].values, convolve2d(KERNELS["gaussian_3"], KERNELS["gaussian_3"]))


def test_shift_right_moves_the_picture_to_the_right(rng):
    x = rng.standard_normal((4, 5))
    y = correlate2d(x, KERNELS["shift_right"], "same")
    np.testing.assert_array_equal(y[:, 1:], x[:, :-1])


def test_emboss_shines_where_it_rises_to_the_lower_right():
    slope = np.add.outer(np.arange(5.0), np.arange(5.0))
    assert (correlate2d(slope, KERNELS["emboss"], "valid") > slope[1:-1, 1:-1]).all()


def test_a_kernel_works_where_an_array_does(rng, agrees):
    x = rng.standard_normal((5, 5))
    kernel = KERNELS["sobel_x"]
    weight = kernel[None, None]
    agrees(conv2d(x[None, None], weight)[0, 0], correlate2d(x, kernel, "valid"))
    assert np.asarray(kernel, np.float32).dtype == np.float32
    assert np.array(kernel).flags.writeable
    assert (2 * np.asarray(kernel))[1, 2] == 4
    assert [row.tolist() for row in kernel][1] == [-2, 0, 2]
    assert len(kernel) == 3


def test_nothing_can_be_changed():
    with pytest.raises(TypeError):
        KERNELS["mine"] = KERNELS["identity"]
    with pytest.raises(AttributeError):
        KERNELS["identity"].values = np.ones((3, 3))
    with pytest.raises(ValueError, match="read-only"):
        KERNELS["identity"].values[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(KERNELS["identity"])[0, 0] = 1
