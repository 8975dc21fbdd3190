"""What conv2d_backward and the constructions refuse, and what they say."""

import numpy as np
import pytest

from convcore import (
    conv2d,
    conv2d_backward,
    conv2d_backward_loops,
    grad_weight_by_construction,
    grad_x_by_construction,
)

BACKWARD = [
    conv2d_backward,
    conv2d_backward_loops,
    grad_x_by_construction,
    grad_weight_by_construction,
]


def arrays(x=(1, 1, 6, 7), weight=(2, 1, 3, 3), grad_y=(1, 2, 4, 5)):
    return {"grad_y": np.ones(grad_y), "x": np.ones(x), "weight": np.ones(weight)}


@pytest.mark.parametrize("backward", BACKWARD)
@pytest.mark.parametrize(
    ("how", "grad_y", "needed"),
    [
        ({}, (1, 2, 5, 4), (1, 2, 4, 5)),
        ({}, (2, 4, 5), (1, 2, 4, 5)),
        ({}, (1, 1, 4, 5), (1, 2, 4, 5)),
        ({}, (2, 2, 4, 5), (1, 2, 4, 5)),
        ({}, (1, 2, 6, 7), (1, 2, 4, 5)),
        ({}, (), (1, 2, 4, 5)),
        ({"stride": 2}, (1, 2, 4, 5), (1, 2, 2, 3)),
        ({"padding": "full"}, (1, 2, 4, 5), (1, 2, 8, 9)),
        ({"x": np.ones((1, 6, 7))}, (1, 2, 4, 5), (2, 4, 5)),
    ],
)
def test_grad_y_has_the_shape_of_y_and_the_message_names_it(refused, backward, how, grad_y, needed):
    call = {**arrays(grad_y=grad_y), **how}
    error = refused(backward, **call)
    assert f"grad_y must have the shape of y, which is {needed} here" in str(error)
    assert f"got shape {grad_y}. Use a grad_y of shape {needed}." in str(error)
    assert error.fixes == ()
    operands = {name: value for name, value in call.items() if name != "grad_y"}
    assert conv2d(**operands).shape == needed
    backward(**{**call, "grad_y": np.ones(needed)})


@pytest.mark.parametrize("backward", BACKWARD)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"stride": 0}, "stride must be at least 1; got 0. Use stride 1"),
        ({"dilation": (1, 0)}, "Use dilation (1, 1)"),
        ({"padding": -1}, "padding must be at least 0; got -1. Use padding 0"),
        ({"groups": 2}, "groups must divide the channels"),
    ],
)
def test_what_conv2d_refuses_is_refused_with_the_same_fixes(refused, backward, arguments, says):
    assert says in str(refused(backward, **arrays(), **arguments))


@pytest.mark.parametrize("backward", BACKWARD)
def test_a_kernel_that_does_not_fit(refused, backward):
    """Either offer makes a legal layer; this grad_y is of the shape that both lead to."""
    call = arrays(x=(1, 1, 2, 9), grad_y=(1, 2, 1, 8), weight=(2, 1, 3, 3))
    error = refused(backward, **call, padding=((0, 0), (0, 1)))
    assert "the kernel spans 3 rows (kernel 3, dilation 1)" in str(error)
    assert error.fixes == ({"padding": ((0, 1), (0, 1))},)


@pytest.mark.parametrize("backward", BACKWARD)
@pytest.mark.parametrize("name", ["grad_y", "x", "weight"])
def test_arrays_that_are_not_real_numbers_are_type_errors(backward, name):
    for value in (None, 1j * np.ones((1, 1, 1, 1)), "abc"):
        with pytest.raises(TypeError, match=f"^{backward.__name__}: {name} must hold real numbers"):
            backward(**{**arrays(), name: value})


def test_ragged_upstream_gradients(refused):
    error = refused(conv2d_backward, **{**arrays(), "grad_y": [[1, 2], [3]]})
    assert "grad_y must be a rectangular array" in str(error)
