"""Coverage: how many windows read each input cell."""

import numpy as np
import pytest

from convcore import axis_taps, conv2d_matrix, coverage


def test_a_small_map_by_hand():
    assert coverage((4, 4), 3).tolist() == [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]


def test_homework_a1_the_last_row_is_never_read():
    count = coverage((10, 11), 3, stride=2)
    assert count[9].tolist() == [0] * 11
    assert (count[:9] > 0).all()


def test_every_other_cell_with_dilation_2_and_stride_2():
    count = coverage((7, 7), 3, stride=2, padding=1, dilation=2)
    line = [0, 2, 0, 3, 0, 2, 0]
    assert count.tolist() == np.outer(line, line).tolist()


def test_every_third_cell_is_skipped():
    line = [1, 1, 0, 1, 1, 0, 1, 1]
    assert coverage((8, 8), 2, stride=3).tolist() == np.outer(line, line).tolist()


def test_full_padding_reads_every_cell_with_every_tap():
    assert (coverage((3, 5), (2, 4), padding="full") == 8).all()


def test_rows_before_columns():
    assert coverage((2, 3), (1, 2), stride=(1, 2)).tolist() == [[1, 1, 0], [1, 1, 0]]


@pytest.mark.parametrize("shape", [(5, 6), (3, 5, 6), (2, 3, 5, 6), [5, 6], np.array([3, 5, 6])])
def test_only_the_last_two_axes_count(shape):
    assert coverage(shape, 2).tolist() == coverage((5, 6), 2).tolist()
    assert np.issubdtype(coverage(shape, 2).dtype, np.integer)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", [0, 2, ((1, 0), (0, 3)), "full"])
def test_it_is_the_input_gradient_of_ones_through_ones(stride, dilation, padding):
    how = {"stride": stride, "padding": padding, "dilation": dilation}
    matrix = conv2d_matrix(np.ones((1, 1, 3, 2)), (7, 8), **how)
    gradient = matrix.T @ np.ones(len(matrix))
    np.testing.assert_array_equal(coverage((7, 8), (3, 2), **how).ravel(), gradient)


def test_zero_coverage_is_what_the_axes_call_unread():
    count = coverage((13, 9), (2, 3), stride=(5, 2), dilation=2)
    rows, columns = axis_taps(13, 2, 5, dilation=2), axis_taps(9, 3, 2, dilation=2)
    unread = [[bool(r or c) for c in columns.unread_causes] for r in rows.unread_causes]
    assert (count == 0).tolist() == unread


def test_the_sum_is_the_number_of_taps_inside():
    rows, columns = axis_taps(9, 3, 2, (1, 1)), axis_taps(7, 2, 1, (0, 2))
    total = coverage((9, 7), (3, 2), (2, 1), ((1, 1), (0, 2))).sum()
    assert total == rows.inside.sum() * columns.inside.sum()
