"""What the controls of the filters page say: of a picture of one's own, of a filter as text."""

import io
import re
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image

from convview import filter_panels, photographs, query, uploads
from convview.params import LARGEST_KERNEL, NOWHERE, Filters
from convview.scenes import filters
from tests.sentences import pictures
from tests.view.test_pages import opened

OPEN = {"own picture drawer": True}


def page(**values):
    """The page at a link, with the drawer of one's own picture open."""
    return opened("pages/filters.py", urlencode(query.write(Filters(**values))), OPEN)


def saved(image, kind):
    into = io.BytesIO()
    image.save(into, kind)
    return into.getvalue()


def test_a_file_may_be_png_jpeg_or_webp_of_up_to_4_megapixels():
    (uploader,) = page(view="filter").get("file_uploader")
    assert uploader.label == "PNG, JPEG or WebP, up to 4 megapixels"
    for kind in ("PNG", "JPEG", "WEBP"):
        assert uploads.read(saved(Image.new("L", (2000, 2000)), kind)).size == (2000, 2000)
    for kind in ("BMP", "GIF", "TIFF"):
        with pytest.raises(uploads.PictureError, match="no PNG, JPEG or WebP"):
            uploads.read(saved(Image.new("L", (20, 20)), kind))
    with pytest.raises(uploads.PictureError, match="at most"):
        uploads.read(saved(Image.new("1", (2100, 2000)), "PNG"))


def test_a_link_shows_another_picture_instead():
    """Nothing of one's own is in the link; which picture is shown instead is named."""
    app = page(view="filter", picture="own")
    (absent,), stays = app.info, app.caption[0]
    assert absent.value.startswith("Your own picture is not in the link; ")
    assert stays.value.startswith("It stays in this session: a link shows ")
    named = {re.search("“(.+)”", one.value)[1] for one in (absent, stays)}
    (picture,) = (name for name, title in photographs.TITLES.items() if {title} == named)
    assert list(photographs.TITLES.values()).count(photographs.TITLES[picture]) == 1
    link = query.write(Filters(view="filter", picture="own"))
    read, _ = query.read(Filters, {name: [text] for name, text in link.items()})
    without, instead = (
        filters.content(params).answer.x
        for params in (read, Filters(view="filter", picture=picture))
    )
    np.testing.assert_array_equal(without, instead)
    own = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8))
    assert filters.content(read, own).answer.x.shape == (1, 8, 8)


@pytest.mark.parametrize(
    ("text", "rows"),
    [("1,2,3;4,5,6", [[1, 2, 3], [4, 5, 6]]), ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
     ("-1,0,1;-2,0,2;-1,0,1", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
     ("\u22121, 0.5", [[-1, 0.5]])],
)  # fmt: skip
def test_numbers_by_commas_rows_by_semicolons(text, rows):
    params = filter_panels._read(Filters(view="design"), text)
    np.testing.assert_array_equal(pictures.weight(params), rows)


@pytest.mark.parametrize("text", ["1,2;3", "1,x", "", ",".join("1" * (LARGEST_KERNEL + 1))])
def test_what_is_no_filter_is_told_which_is(text):
    """With an example, which is read."""
    with pytest.raises(ValueError, match="all rows as long as the first") as found:
        filter_panels._read(Filters(view="design"), text)
    sides = re.findall(r"up to (\d+)", str(found.value))
    assert sides == [str(LARGEST_KERNEL)] * 2
    example = str(found.value).rsplit("such as ", 1)[1]
    most = ";".join([",".join(["1"] * LARGEST_KERNEL)] * LARGEST_KERNEL)
    for legal in (example, most):
        assert filter_panels._read(Filters(view="design"), legal).weight


@pytest.mark.parametrize(
    ("text", "said"),
    [("1,2,;3,4,5", "a number is missing after 2"), ("1,,3", "a number is missing after 1"),
     ("1,-2,", "a number is missing after −2"), (",-1", "a number is missing before −1"),
     (";,0.5", "a number is missing before 0.5")],
)  # fmt: skip
def test_where_a_number_is_missing(text, said):
    with pytest.raises(ValueError, match=f"^{said}$"):
        filter_panels._read(Filters(view="design"), text)


def test_the_two_points_of_the_exercise():
    app = page(view="blobs", points=())
    (button,) = (one for one in app.button if one.label == "The two points of the exercise")
    button.click().run()
    assert query.read(Filters, app.query_params)[0].points == ((20, 40), (40, 20))


def test_what_sums_to_0_cannot_be_made_to_sum_to_1():
    """And a filter with another sum does not give 0 on a flat picture."""
    for weight in (None, (((1.0, -1.0),),)):
        params = Filters(view="design", weight=weight, look=NOWHERE)
        with pytest.raises(ValueError, match="no factor makes it sum to 1") as found:
            filters.turned(params, "Normalise")
        assert str(found.value) == (
            "it sums to 0, so no factor makes it sum to 1: change a number first, or leave it, "
            "since a filter that gives 0 on a flat picture sums to 0"
        )
        assert pictures.weight(params).sum() == 0
        flat = np.full((1, 9, 9), 7.0)
        assert not pictures.correlated(flat, pictures.weight(params), "replicate").any()
    other = Filters(view="design", weight=(((1.0, 3.0),),))
    assert pictures.weight(filters.turned(other, "Normalise")).sum() == pytest.approx(1)
    assert pictures.correlated(flat, pictures.weight(other), "replicate").all()


@pytest.mark.parametrize(
    ("weight", "total"),
    [((1.0, -0.9999999), "≈ 1e−7"), ((1e6, -999999.5), "0.5"), ((-3.0, 2.5), "")],
)
def test_what_sums_to_too_little_is_not_made_to_sum_to_1(weight, total):
    params = Filters(view="design", weight=((weight,),), look=NOWHERE)
    if not total:
        assert filters.turned(params, "Normalise").weight == (((6.0, -5.0),),)
        return
    with pytest.raises(ValueError, match="divided by so little") as found:
        filters.turned(params, "Normalise")
    assert str(found.value) == (
        f"it sums to {total}: divided by so little, some of its numbers go beyond 1,000,000"
    )
    assert max(weight) / abs(sum(weight)) > 1e6
