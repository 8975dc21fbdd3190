"""The receptive field against a brute-force probe: change each input, see which outputs move."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from convcore import ShapeError, axis_taps, conv1d, reach, receptive_field

layer = st.fixed_dictionaries(
    {
        "kernel_size": st.integers(1, 4),
        "stride": st.integers(1, 3),
        "padding": st.integers(0, 2),
        "dilation": st.integers(1, 3),
    }
)
stacks = st.lists(layer, min_size=1, max_size=4)


def through(x, stack):
    """Kernels of ones: no two paths cancel."""
    for one in stack:
        x = conv1d(x, np.ones((1, 1, one["kernel_size"])), None, one["stride"], one["padding"],
                   one["dilation"])  # fmt: skip
    return x[0, 0]


def probe(size, stack):
    """(outputs, inputs): what an output gains from a 1 put into each input."""
    return np.array([through(row[None, None], stack) for row in np.eye(size)]).T


def axes(size, stack):
    for one in stack:
        axis = axis_taps(size, one["kernel_size"], one["stride"], one["padding"], one["dilation"])
        size = axis.output_size
        yield axis


def fits(size, stack):
    try:
        return list(axes(size, stack))
    except ShapeError:
        return None


@given(st.integers(1, 40), stacks)
def test_reach_is_what_a_probe_finds(size, stack):
    found = fits(size, stack)
    assume(found)
    np.testing.assert_array_equal(reach(found), probe(size, stack))


@given(stacks)
def test_field_jump_and_start_are_those_of_an_output_that_sees_no_border(stack):
    """Outputs far from the border see `receptive_field` cells around start + o * jump."""
    field, jump, start = receptive_field(stack)
    size = 4 * field + 4 * jump + 8
    found = fits(size, stack)
    assume(found)
    moved = probe(size, stack) > 0
    inner = 0
    for output, sees in enumerate(moved):
        first = start + output * jump - (field - 1) / 2
        if not 0 <= first <= first + field - 1 < size:
            continue
        cells = np.flatnonzero(sees)
        # Through padding the paths of a cell inside may be cut; its ends are seen all the same.
        if cells.size and _without_padding(output, stack):
            assert (cells[0], cells[-1]) == (first, first + field - 1)
            inner += 1
    assume(inner)


def _without_padding(output, stack):
    """Whether an output reads no padding at any layer, on its way down (starts are enough)."""
    low = high = output
    for one in reversed(stack):
        low = low * one["stride"] - one["padding"]
        high = high * one["stride"] - one["padding"] + (one["kernel_size"] - 1) * one["dilation"]
        if low < 0:
            return False
    return True


def test_the_golden_formulas():
    vgg = [(3, 1, 1), (3, 1, 1), (2, 2)] * 2
    assert receptive_field(vgg) == (16, 4, 1.5)
    assert receptive_field([(3, 1, 0, 2)]) == (5, 1, 2.0)
    assert receptive_field([(4, 2, 1)]) == (4, 2, 0.5)  # an even window: between two cells
    assert receptive_field([]) == (1, 1, 0)


def test_a_strided_stack_grows_multiplicatively():
    fields = [receptive_field([(3, 2, 1)] * depth).receptive_field for depth in range(1, 6)]
    assert fields == [3, 7, 15, 31, 63]


def test_dilated_stacks_have_holes():
    seen = reach([axis_taps(9, 3, dilation=2), axis_taps(5, 3, dilation=2)])
    assert (seen[0] > 0).tolist() == [True, False] * 4 + [True]


def test_vgg_16_as_published():
    """Araujo et al., Distill 2019, table 1: VGG-16 212 (up to its last pooling)."""
    convs = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3}
    vgg = [one for count in convs.values() for one in [(3, 1, 1)] * count + [(2, 2)]]
    assert receptive_field(vgg)[:2] == (212, 32)


def test_pairs_give_pairs():
    field = receptive_field([{"kernel_size": (3, 5), "stride": (1, 2), "padding": (1, (0, 4))}])
    assert field == ((3, 5), (1, 2), (0.0, 2.0))


@pytest.mark.parametrize(
    "layers",
    [[3], [{}], [{"kernel_size": 3, "strides": 2}], [()], [(3, 0)], [{"kernel_size": (1, 2, 3)}]],
    ids=str,
)
def test_what_is_refused(layers, form):
    with pytest.raises(ShapeError) as caught:
        receptive_field(layers)
    assert form.match(str(caught.value)), str(caught.value)


def test_layers_that_do_not_meet():
    with pytest.raises(ShapeError, match="layer 2 has size 4, the one before puts out 3"):
        reach([axis_taps(5, 3), axis_taps(4, 2)])
    with pytest.raises(ShapeError, match="at least one"):
        reach([])
