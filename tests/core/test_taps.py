"""Taps: which input cell meets which tap, and which cells nobody reads."""

import itertools
from math import gcd

import numpy as np
import pytest

from convcore import Axis, ShapeError, axis_taps, windows
from convcore.taps import transposed_axis

GRID = [
    (n, k, s, (b, a), d)
    for n, k, s, b, a, d in itertools.product(
        range(1, 9), range(1, 5), range(1, 5), (0, 1, 3), (0, 2), (1, 2, 3)
    )
    if n + b + a >= d * (k - 1) + 1
]


def test_index_of_a_padded_strided_axis():
    axis = axis_taps(5, 3, stride=2, padding=(1, 1))
    assert axis.index.tolist() == [[-1, 0, 1], [1, 2, 3], [3, 4, 5]]
    assert axis.inside.tolist() == [[False, True, True], [True] * 3, [True, True, False]]
    assert axis.counts.tolist() == [1, 2, 1, 2, 1]


def test_index_of_a_dilated_axis():
    axis = axis_taps(6, 3, dilation=2, padding=(0, 1))
    assert axis.index.tolist() == [[0, 2, 4], [1, 3, 5], [2, 4, 6]]
    assert axis.effective_kernel_size == 5
    assert axis.padded_size == 7


def test_an_int_padding_counts_for_both_sides():
    assert axis_taps(5, 3, padding=2).padding == (2, 2)


def test_homework_a1_last_row_is_never_read():
    rows, columns = axis_taps(10, 3, stride=2), axis_taps(11, 3, stride=2)
    assert (rows.output_size, columns.output_size) == (4, 5)
    assert (rows.leftover, columns.leftover) == (1, 0)
    assert rows.unread_causes == ("",) * 9 + ("leftover",)
    assert columns.unread_causes == ("",) * 11


def test_homework_a2_last_cell_is_never_read():
    axis = axis_taps(5, 2, stride=2)
    assert axis.output_size == 2
    assert axis.unread_causes == ("", "", "", "", "leftover")


def test_a_leftover_may_be_padding_only():
    padded, bare = axis_taps(6, 3, stride=2, padding=(1, 1)), axis_taps(6, 3, stride=2)
    assert padded.leftover == bare.leftover == 1
    assert padded.unread_causes == ("",) * 6
    assert bare.unread_causes == ("",) * 5 + ("leftover",)


def test_dilation_that_meets_stride_reads_every_other_cell():
    axis = axis_taps(7, 3, stride=2, padding=(1, 1), dilation=2)
    assert axis.counts.tolist() == [0, 2, 0, 3, 0, 2, 0]
    assert axis.unread_causes == ("dilation hole", "", "dilation hole", "", "dilation hole", "",
                                  "dilation hole")  # fmt: skip


def test_a_stride_longer_than_the_kernel_skips_cells():
    axis = axis_taps(8, 2, stride=3)
    assert axis.counts.tolist() == [1, 1, 0, 1, 1, 0, 1, 1]
    assert axis.unread_causes == ("", "", "stride gap", "", "", "stride gap", "", "")


def test_causes_can_meet_on_one_axis():
    axis = axis_taps(13, 2, stride=5, dilation=2)  # windows 0.2, 5.7, 10.12
    assert axis.unread_causes == ("", "dilation hole", "", "stride gap", "stride gap",
                                  "", "dilation hole", "", "stride gap", "stride gap",
                                  "", "dilation hole", "")  # fmt: skip


@pytest.mark.parametrize("k", range(1, 6))
@pytest.mark.parametrize("d", range(1, 5))
@pytest.mark.parametrize("s", range(1, 6))
def test_all_interior_cells_are_read_iff_stride_and_dilation_are_coprime(k, d, s):
    axis = axis_taps(120, k, stride=s, dilation=d)
    interior = axis.counts[40:80]
    assert (interior > 0).all() == (gcd(s, d) == 1 and k >= s)


@pytest.mark.parametrize(("n", "k", "s", "padding", "d"), GRID[::7])
def test_sizes_counts_and_causes_against_a_literal_walk(n, k, s, padding, d):
    axis = axis_taps(n, k, s, padding, d)
    before, after = padding
    starts = [q for q in range(0, n + before + after, s) if q + d * (k - 1) < n + before + after]
    read = [q + u * d - before for q in starts for u in range(k)]
    assert axis.output_size == len(starts)
    assert axis.leftover == n + before + after - (starts[-1] + d * (k - 1) + 1)
    assert axis.index.ravel().tolist() == read
    assert axis.counts.tolist() == [read.count(i) for i in range(n)]
    for i, cause in enumerate(axis.unread_causes):
        q = i + before
        spanned = any(start <= q <= start + d * (k - 1) for start in starts)
        past = q > starts[-1] + d * (k - 1)
        expected = "leftover" if past else "dilation hole" if spanned else "stride gap"
        assert cause == ("" if i in read else expected)
    # conventions.md: real cells lost at the end = max(0, r - padding after)
    assert axis.unread_causes.count("leftover") == min(n, max(0, axis.leftover - after))


@pytest.mark.parametrize(("n", "k", "s", "padding", "d"), GRID[::17])
def test_the_cells_of_a_tap_are_its_column_of_the_index(n, k, s, padding, d):
    axis = axis_taps(n, k, s, padding, d)
    positions = np.arange(axis.padded_size)
    for u in range(k):
        assert (positions[axis.cells(u)] - padding[0]).tolist() == axis.index[:, u].tolist()


@pytest.mark.parametrize(("n", "k", "s", "padding", "d"), GRID[::17])
def test_a_transposed_axis_with_its_leftover_is_the_axis(n, k, s, padding, d):
    axis = axis_taps(n, k, s, padding, d)
    assert transposed_axis(axis.output_size, k, s, padding, axis.leftover, d) == axis


def test_tables_are_read_only_and_an_axis_is_frozen():
    axis = axis_taps(5, 3)
    for table in (axis.index, axis.inside, axis.counts):
        with pytest.raises(ValueError, match="read-only"):
            table[0] = 1
    with pytest.raises(AttributeError):
        axis.stride = 2
    assert {axis, Axis(5, 3)} == {axis}


def test_windows_match_the_index_tables(rng):
    x = rng.standard_normal((2, 3, 9, 10))
    rows, columns = axis_taps(9, 3, 2, 0, 2), axis_taps(10, 4, 3)
    view = windows(x, rows, columns)
    expected = x[:, :, rows.index[:, None, :, None], columns.index[None, :, None, :]]
    assert view.shape == (2, 3, rows.output_size, columns.output_size, 3, 4)
    np.testing.assert_array_equal(view, expected)
    assert np.shares_memory(view, x)
    with pytest.raises(ValueError, match="read-only"):
        view[...] = 0


def test_windows_of_a_strided_input_are_right(rng):
    x = rng.standard_normal((6, 5, 3, 2)).transpose(3, 2, 1, 0)[:, :, ::-1]
    axis = axis_taps(5, 2), axis_taps(6, 2)
    np.testing.assert_array_equal(windows(x, *axis)[1, 2, 3, 4], x[1, 2, 3:5, 4:6])


def test_windows_of_an_empty_batch():
    assert windows(np.zeros((0, 1, 4, 4)), axis_taps(4, 2), axis_taps(4, 2)).size == 0


def test_windows_refuse_an_input_of_another_size():
    with pytest.raises(ShapeError, match=r"^windows: .*\(N, C, 6, 4\).*\(1, 1, 4, 4\)"):
        windows(np.zeros((1, 1, 4, 4)), axis_taps(4, 2, padding=1), axis_taps(4, 2))


@pytest.mark.parametrize(("n", "k", "s", "padding", "d"), GRID[::23])
def test_the_real_cells_of_a_tap_are_those_inside(n, k, s, padding, d):
    axis = axis_taps(n, k, s, padding, d)
    for start in range(axis.output_size):
        some = slice(start, axis.output_size)
        for u in range(k):
            outputs, cells = axis.real_cells(u, some)
            inside = axis.inside[some, u]
            assert np.arange(len(inside))[outputs].tolist() == np.flatnonzero(inside).tolist()
            assert np.arange(n)[cells].tolist() == axis.index[some, u][inside].tolist()
