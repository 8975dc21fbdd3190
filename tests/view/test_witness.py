"""The witness sees what it is to see."""

import copy

import pytest

from tests import witness

ADDRESSES = {  # of a page's link, and what changes its picture
    "stage": ("/slide?v=1&stride=3", "padding=1"),
    "refusal": ("/pooling?v=1&size=3&kernel_size=8", "padding=1"),
    "stack": ("/shapes?v=1&at=2", "shape=3x99x99"),
    "photograph": ("/filters?v=1&view=filter&side=24", "window=7&filter=box"),
    "charts": ("/calculus?v=1&view=limit", "k=7"),
}


@pytest.mark.parametrize(("address", "change"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_picture_that_changes_is_seen(address, change):
    before = witness.shown(address)
    assert not list(witness.differences(before, witness.shown(address)))
    for key in before:
        after = copy.deepcopy(before)
        after[key] = [after[key], "other"]
        assert len(list(witness.differences(before, after))) == 1
    other = witness.shown(f"{address}&{change}")
    assert list(witness.differences(before, other))


def test_every_page_and_every_card_has_links():
    found = witness.links()
    assert len(found) == len({*found}) > 500
    assert {one.partition("?")[0][1:] for one in found} == set(witness.PAGES)
