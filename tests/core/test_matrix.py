"""conv2d_matrix: convolution as a matrix, dy/dx."""

import numpy as np
import pytest
import scipy.linalg
from scipy.sparse import issparse

from convcore import ShapeError, conv2d, conv2d_matrix


def test_one_row_with_stride_2_by_hand():
    matrix = conv2d_matrix([[[[1, 2, 3]]]], (1, 5), stride=2)
    assert matrix.tolist() == [[1, 2, 3, 0, 0], [0, 0, 1, 2, 3]]


def test_two_by_two_on_three_by_three_by_hand():
    assert conv2d_matrix([[[[1, 2], [3, 4]]]], (3, 3)).tolist() == [
        [1, 2, 0, 3, 4, 0, 0, 0, 0],
        [0, 1, 2, 0, 3, 4, 0, 0, 0],
        [0, 0, 0, 1, 2, 0, 3, 4, 0],
        [0, 0, 0, 0, 1, 2, 0, 3, 4],
    ]


def test_padding_has_no_column():
    assert conv2d_matrix([[[[1, 2, 3]]]], (1, 3), padding="same").tolist() == [
        [2, 3, 0],
        [1, 2, 3],
        [0, 1, 2],
    ]


def test_homework_a7_the_last_axis_runs_over_the_five_inputs():
    weight = np.arange(1.0, 7.0).reshape(1, 2, 1, 3)
    jacobian = conv2d_matrix(weight, (2, 1, 5), stride=2).reshape(1, 2, 2, 5)
    for j in range(2):
        for c in range(2):
            for k in range(5):
                inside = 0 <= k - 2 * j < 3
                assert jacobian[0, j, c, k] == (weight[0, c, 0, k - 2 * j] if inside else 0)


def test_groups_make_it_block_diagonal(rng, agrees):
    weight = rng.standard_normal((4, 1, 2, 2))
    blocks = [conv2d_matrix(weight[2 * g : 2 * g + 2], (1, 3, 4)) for g in range(2)]
    agrees(conv2d_matrix(weight, (2, 3, 4), groups=2), scipy.linalg.block_diag(*blocks))


def test_a_row_of_pixels_is_toeplitz(rng, agrees):
    kernel = rng.standard_normal(3)
    matrix = conv2d_matrix(kernel.reshape(1, 1, 1, 3), (1, 6))
    agrees(matrix, scipy.linalg.toeplitz([kernel[0], 0, 0, 0], [*kernel, 0, 0, 0]))


def test_it_is_the_convolution(rng, agrees, setting_of_120):
    shape, kernel, stride, padding, dilation, groups = setting_of_120
    x = rng.standard_normal(shape[-3:])
    weight = rng.standard_normal((2 * groups, x.shape[0] // groups, *kernel))
    how = (stride, padding, dilation, groups)
    y = conv2d(x, weight, None, *how)
    dense, sparse = (conv2d_matrix(weight, x.shape, *how, sparse=s) for s in (False, True))
    assert dense.shape == (y.size, x.size)
    agrees(dense @ x.ravel(), y.ravel())
    agrees(sparse @ x.ravel(), y.ravel())
    agrees(sparse.toarray(), dense)


def test_dense_by_default_sparse_on_request():
    weight = np.ones((1, 1, 2, 2), np.float32)
    dense, sparse = conv2d_matrix(weight, (3, 3)), conv2d_matrix(weight, (3, 3), sparse=True)
    assert type(dense) is np.ndarray
    assert issparse(sparse)
    assert sparse.format == "csr"
    assert sparse.has_canonical_format
    assert dense.dtype == sparse.dtype == np.float32
    assert conv2d_matrix(weight.astype(int), (3, 3)).dtype == np.float64


def test_the_sparse_pattern_is_the_taps_even_where_the_weight_is_zero():
    sparse = conv2d_matrix(np.array([[[[1.0, 0.0]]]]), (1, 4), sparse=True)
    assert sparse.nnz == 6


def test_two_axes_mean_one_channel():
    weight = np.arange(4.0).reshape(1, 1, 2, 2)
    assert (conv2d_matrix(weight, (4, 5)) == conv2d_matrix(weight, (1, 4, 5))).all()
    with pytest.raises(ShapeError, match="x has 1 channels"):
        conv2d_matrix(np.ones((1, 2, 2, 2)), (4, 5))


def test_a_photograph_is_refused_densely_and_fits_sparsely():
    weight = np.ones((1, 1, 3, 3), np.float32)
    with pytest.raises(ShapeError, match=r"^conv2d_matrix: a dense matrix may take") as e:
        conv2d_matrix(weight, (256, 256))
    assert e.value.fixes == ({"sparse": True},)
    assert conv2d_matrix(weight, (256, 256), **e.value.fixes[0]).shape == (254 * 254, 256 * 256)
