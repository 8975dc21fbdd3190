"""'same' in every dialect, with the golden numbers, and against the libraries themselves."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from convcore import ShapeError, conv2d, same_padding
from convcore.padding import DIALECTS, read_padding

AT_END, AT_START = ("pytorch", "tensorflow", "onnx_upper"), ("onnx_lower", "scipy", "opencv")


@pytest.mark.parametrize("dialect", AT_END)
def test_even_kernels_with_the_extra_cell_at_the_end(dialect):
    assert same_padding(9, 2, dialect=dialect) == (0, 1)
    assert same_padding(9, 4, dialect=dialect) == (1, 2)


@pytest.mark.parametrize("dialect", AT_START)
def test_even_kernels_with_the_extra_cell_at_the_start(dialect):
    assert same_padding(9, 2, dialect=dialect) == (1, 0)
    assert same_padding(9, 4, dialect=dialect) == (2, 1)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_odd_kernels_agree_everywhere(dialect):
    assert [same_padding(9, k, dialect=dialect) for k in (1, 3, 5)] == [(0, 0), (1, 1), (2, 2)]
    assert same_padding(9, 3, dilation=2, dialect=dialect) == (2, 2)


def row(x, weight, stride, sides):
    """One row, convolved with the given padding."""
    x = np.asarray(x, float).reshape(1, 1, 1, -1)
    weight = np.asarray(weight, float).reshape(1, 1, 1, -1)
    return conv2d(x, weight, stride=(1, stride), padding=((0, 0), sides))[0, 0, 0].tolist()


@pytest.mark.parametrize(
    ("n", "dialect", "expected"),
    [
        (6, "onnx_upper", [321, 543, 65]),
        (6, "tensorflow", [321, 543, 65]),
        (6, "onnx_lower", [210, 432, 654]),
        (8, "onnx_upper", [321, 543, 765, 87]),
        (8, "tensorflow", [321, 543, 765, 87]),
        (8, "onnx_lower", [210, 432, 654, 876]),
    ],
)
def test_same_with_stride_golden_numbers(n, dialect, expected):
    sides = same_padding(n, 3, stride=2, dialect=dialect)
    assert row(range(1, n + 1), [1, 10, 100], 2, sides) == expected


def test_torch_padding_1_is_the_lower_dialect_for_even_sizes():
    assert row(range(1, 7), [1, 10, 100], 2, (1, 1)) == [210, 432, 654]
    assert row(range(1, 9), [1, 10, 100], 2, (1, 1)) == [210, 432, 654, 876]


@pytest.mark.parametrize("n", [5, 7, 9])
def test_odd_sizes_agree_with_stride_2(n):
    x, weight = range(1, n + 1), [1, 10, 100]
    answers = [
        row(x, weight, 2, same_padding(n, 3, 2, dialect=d))
        for d in ("onnx_upper", "onnx_lower", "tensorflow", "scipy", "opencv")
    ]
    assert all(answer == row(x, weight, 2, (1, 1)) for answer in answers)


def test_a_stride_longer_than_the_kernel_needs_no_padding_in_tensorflow():
    assert same_padding(7, 1, stride=3, dialect="tensorflow") == (0, 0)
    assert same_padding(6, 2, stride=3, dialect="tensorflow") == (0, 0)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_output_has_ceil_n_over_s_cells(dialect):
    for n in range(1, 12):
        for k in range(1, 7):
            for d in (1, 2, 3):
                for s in (1, 2, 3, 5) if dialect != "pytorch" else (1,):
                    before, after = same_padding(n, k, s, d, dialect)
                    assert min(before, after) >= 0
                    assert (n + before + after - d * (k - 1) - 1) // s + 1 == -(-n // s)


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6])
def test_scipy_dialect_is_what_scipy_does(rng, agrees, k):
    x, kernel = rng.standard_normal(9), rng.standard_normal(k)
    scipy_sides = same_padding(9, k, dialect="scipy")
    torch_sides = same_padding(9, k, dialect="pytorch")
    at_start, at_end = row(x, kernel, 1, scipy_sides), row(x, kernel, 1, torch_sides)
    flipped = row(x, kernel[::-1], 1, scipy_sides)
    agrees(at_start, scipy.signal.correlate(x, kernel, "same", "direct"))
    agrees(at_start, np.correlate(x, kernel, "same"))
    agrees(at_start, scipy.ndimage.correlate(x, kernel, mode="constant"))
    agrees(at_end, scipy.signal.correlate2d(x[None], kernel[None], "same")[0])
    agrees(flipped, scipy.signal.convolve(x, kernel, "same", "direct"))
    agrees(flipped, scipy.signal.convolve2d(x[None], kernel[None], "same")[0])
    agrees(flipped, scipy.signal.fftconvolve(x, kernel, "same"))
    agrees(flipped, np.convolve(x, kernel, "same"))
    agrees(row(x, kernel[::-1], 1, torch_sides), scipy.ndimage.convolve(x, kernel, mode="constant"))


@pytest.mark.parametrize("dialect", ["scipy", "opencv"])
@pytest.mark.parametrize("stride", [2, 3])
@pytest.mark.parametrize("k", [2, 3, 4])
def test_dialects_without_stride_take_every_stride_th(rng, agrees, dialect, stride, k):
    x, kernel = rng.standard_normal(10), rng.standard_normal(k)
    sides = same_padding(10, k, stride, dialect=dialect)
    dense = row(x, kernel, 1, same_padding(10, k, dialect=dialect))
    agrees(row(x, kernel, stride, sides), dense[::stride])


def test_pytorch_refuses_stride_and_says_what_would_do():
    with pytest.raises(ShapeError, match=r"same_padding: PyTorch has no .same. with a stride") as e:
        same_padding(6, 3, stride=2)
    assert e.value.fixes == ({"stride": 1}, {"dialect": "tensorflow"})
    for fix in e.value.fixes:
        same_padding(**{"size": 6, "kernel_size": 3, "stride": 2, **fix})


def test_an_unknown_dialect_is_answered_with_the_known_ones():
    with pytest.raises(ShapeError, match=r'"pytorch", .* or "opencv"; got "keras"'):
        same_padding(6, 3, dialect="keras")
    with pytest.raises(TypeError, match="dialect"):
        same_padding(6, 3, dialect=3)


@pytest.mark.parametrize(
    ("padding", "sides"),
    [
        (2, ((2, 2), (2, 2))),
        (np.int64(2), ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ([[1, 2], [3, 4]], ((1, 2), (3, 4))),
        (np.array([[1, 2], [3, 4]]), ((1, 2), (3, 4))),
        ((1, (3, 4)), ((1, 1), (3, 4))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (1, 2))),
        ("full", ((2, 2), (3, 3))),
    ],
)
def test_every_way_to_write_padding(padding, sides):
    assert read_padding("test", padding, (5, 6), (3, 4), (1, 1), (1, 1)) == sides


def test_words_follow_dilation():
    assert read_padding("test", "same", (5, 6), (3, 2), (1, 1), (2, 3)) == ((2, 2), (1, 2))
    assert read_padding("test", "full", (5, 6), (3, 2), (1, 1), (2, 3)) == ((4, 4), (3, 3))
