"""A grid of the stage beside the array that it should show."""

import numpy as np

from tests.browser.stage import Reading
from tests.browser.written_sum import number


def check_grid(
    seen: Reading, name: str, expected: np.ndarray, first: tuple[int, int] = (0, 0)
) -> None:
    """The cells of a grid from row and column `first` on: their values and what is written."""
    cells = seen.grid(name)
    places = [(p, r + first[0], c + first[1]) for p, r, c in np.ndindex(*expected.shape)]
    assert set(cells) == set(places), name
    values = [cells[place].value for place in places]
    np.testing.assert_allclose(values, expected.ravel(), rtol=1e-9, atol=1e-9, err_msg=name)
    written = [number(cells[place].digits) for place in places]
    np.testing.assert_allclose(written, expected.ravel(), rtol=5.1e-3, atol=1e-9, err_msg=name)
    magnified = seen.grid(name, magnified=True)
    assert set(magnified) <= set(cells)
    for place, large in magnified.items():
        assert (large.value, large.digits) == (cells[place].value, cells[place].digits)
