"""Output sizes: the formula, its floor, and what it says when nothing fits."""

import itertools

import pytest

from convcore import ShapeError, conv_output_size


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ((10, 3, 2), 4),  # homework A1: not 5
        ((11, 3, 2), 5),
        ((5, 2, 2), 2),  # A2: not 2.5
        ((5, 3, 2), 2),  # A5
        ((128, 8, 2, 3), 64),  # B11
        ((32, 3, 1, 1), 32),
        ((6, 3, 2, 1), 3),
        ((5, 3, 2, 1), 3),
        ((7, 3, 2, 1, 2), 3),
        ((5, 5), 1),
        ((4, 3, 1, (0, 1)), 3),
        ((4, 3, 1, (2, 3)), 7),
        ((4, 4, 1, "same"), 4),
        ((4, 3, 1, "same", 5), 4),
        ((4, 3, 1, "full"), 6),
        ((4, 3, 1, "full", 2), 8),
        ((4, 3, 3, "full"), 2),
        ((4, 3, 1, "valid"), 2),
        ((2, 8, 1, "full"), 9),
    ],
)
def test_output_size(arguments, size):
    assert conv_output_size(*arguments) == size


def test_two_stacked_layers_homework_b12_and_b14():
    d, k1, k2 = 11, 3, 4
    valid = conv_output_size(conv_output_size(d, k1), k2)
    full = conv_output_size(conv_output_size(d, k1, padding="full"), k2, padding="full")
    assert (valid, full) == (d - k1 - k2 + 2, d + k1 + k2 - 2)


def test_half_padding_keeps_the_size_of_odd_kernels_only():
    assert [conv_output_size(9, k, padding=(k - 1) // 2) for k in (1, 3, 5, 7)] == [9] * 4
    assert [conv_output_size(9, k, padding=(k - 1) // 2) for k in (2, 4, 6)] == [8] * 3
    assert [conv_output_size(9, k, padding=k // 2) for k in (2, 4, 6)] == [10] * 3


def test_the_size_is_the_number_of_places_where_the_kernel_fits():
    for n, k, s, b, a, d in itertools.product(
        range(1, 8), range(1, 5), (1, 2, 3), (0, 2), (0, 1), (1, 2)
    ):
        padded, span = n + b + a, d * (k - 1) + 1
        places = len([q for q in range(0, padded, s) if q + span <= padded])
        if places:
            assert conv_output_size(n, k, s, (b, a), d) == places
        else:
            with pytest.raises(ShapeError):
                conv_output_size(n, k, s, (b, a), d)
