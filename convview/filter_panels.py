"""The controls of the filters page, and its live part."""

import math
import re
from dataclasses import replace
from functools import lru_cache

import streamlit as st

from convview import filters, labels, lesson, panels, photographs, query, stage, uploads
from convview.controls import Lesson
from convview.fields import number
from convview.params import BOUNDARIES, LARGEST_KERNEL, LARGEST_PICTURE, NOWHERE, Filters
from convview.scenes import filters as scenes

SIDES = (64, 128, 256, 512, 1024, LARGEST_PICTURE)
OFTEN = 512  # side of pictures whose answers stay ready
LONG = 700  # side from which on work may take a third of a second
MOVED = (
    "blob_window", "blob_sigma", "window", "sigma", "angle", "other_sigma", "then_sigma",
    "points", "look", "channel",
)  # fmt: skip
OWN = {"own": "Your own"}
STAND_IN = f"“{photographs.TITLES[scenes.STAND_IN]}”"
STAYS = f"It stays in this session: a link shows {STAND_IN} instead."
ABSENT = f"Your own picture is not in the link; {STAND_IN} stands in for it."


def sizes(here):
    """The sliders of the view, as `Lesson.sliders` takes them."""
    params = here.params
    if params.view == "blobs":
        return [panels.row(here, "blob_window", "Window"), panels.row(here, "blob_sigma", "Sigma")]
    if params.view == "design":
        return [_side(axis, label) for axis, label in enumerate(("Filter rows", "Filter columns"))]
    if params.view == "edges":
        return []
    if params.view == "compare":
        return _of_both(here)
    return list(_of_family(here, params.filter))


def _of_family(here, name):
    for field, label in filters.sliders(name).items():
        yield panels.row(here, field, label)


def _of_both(here):
    """The sliders of both filters; the window is that of both, the second has its own sigma."""
    first, second = (filters.sliders(name) for name in (here.params.filter, here.params.other))
    rows = [panels.row(here, "window", "Window")]
    if "sigma" in first:
        rows.append(panels.row(here, "sigma", "Sigma of the first"))
    rows.append(panels.row(here, "then_sigma", "then Gaussian, sigma (0: none)"))
    if "sigma" in second:
        rows.append(panels.row(here, "other_sigma", "Sigma of the second"))
    if "angle" in first | second:
        rows.append(panels.row(here, "angle", "Angle, degrees"))
    return rows


def _side(axis, label):
    def change(params, new):
        shape = list(scenes.weight_of(params).shape)
        shape[axis] = new
        return {"weight": scenes.resized(params, *shape).weight}

    return (
        label, 1, LARGEST_KERNEL, lambda params: scenes.weight_of(params).shape[axis], change,
        lambda params: "",
    )  # fmt: skip


def apart(here):
    """What the controls outside the live part show."""
    usual = Filters()
    still = replace(here.params, **{name: getattr(usual, name) for name in MOVED})
    return replace(still, weight=None) if here.params.view != "design" else still


def drawer(here):
    """Which picture, which filter, and the rest."""
    params = here.params
    if params.view != "blobs":
        own = OWN if here.own is not None or params.picture == "own" else {}
        here.choice("Picture", photographs.TITLES | own, *panels.same("picture"))
    if params.view in ("filter", "compare", "cost"):
        here.choice("Filter", filters.TITLES, *panels.same("filter"))
    if params.view == "compare":
        here.choice("Second filter", filters.TITLES, *panels.same("other"))
    if params.view == "edges":
        here.choice("Derivative", filters.PAIR_TITLES, *panels.same("pair"))
    if params.view == "blobs":
        here.button("No points", {"points": ()}, "no points")
        here.button("The two points of the exercise", {"points": Filters().points}, "two points")
    if params.view == "design":
        _design(here)
    if params.view != "blobs":
        _more(here)
        _own(here)
    panels.exercises(here)


def _more(here):
    with st.expander("More", key="filters more", on_change="rerun") as more:
        if not more.open:
            return
        if here.params.view not in ("edges", "compare"):
            here.toggle("Red, green and blue", *panels.same("colour"))
        here.choice("Padding holds", {word: word for word in BOUNDARIES},
                    *panels.same("padding_mode"))  # fmt: skip
        sides = {str(side): f"at most {side} cells" for side in sorted({*SIDES, here.params.side})}
        here.choice(
            "Longer side of the picture", sides, lambda p: str(p.side),
            lambda p, new: {"side": int(new), "look": NOWHERE},
        )  # fmt: skip


def _design(here):
    with st.container(horizontal=True):
        for name in (*scenes.TURNS, "Normalise"):
            here.act(name, lambda params, name=name: scenes.turned(params, name))
    if here.refused:
        st.warning(f"Not done: {here.refused}.")
    here.text(
        "The filter as text: numbers by commas, rows by semicolons",
        lambda params: query.kinds(params)["weight"].plain(
            [scenes.weight_of(params).tolist()]
        ),
        _read,
    )  # fmt: skip


def _read(params, text):
    text = re.sub(r"\]\s*[,;]?\s*\[", ";", text.replace("\u2212", "-")).strip("[] \t")
    text = re.sub(r"\s*([,;])\s*", r"\1", text).removesuffix(";")  # which may end a row
    text, kind = re.sub(r"\s+", ",", text), query.kinds(params)["weight"]
    _ensure_none_missing(text)
    reading = kind.read(text)
    if reading is None and replace(kind, largest=math.inf).read(text):
        most = f"{kind.largest:,.0f}"
        raise ValueError(f"numbers from {labels.MINUS}{most} to {most} are read")
    if reading is None:
        raise ValueError(
            f"up to {LARGEST_KERNEL} rows of up to {LARGEST_KERNEL} numbers are read, all rows as "
            "long as the first, such as −1,0,1;−2,0,2;−1,0,1"
        )
    return replace(params, weight=reading[0])


def _ensure_none_missing(text):
    """Refuse a comma or a semicolon that has no number on both of its sides."""
    cells = re.split("[,;]", text)
    known = [number(cell) is not None for cell in cells]
    for at, cell in enumerate(cells):
        if not cell and any(known[:at][-1:]):
            raise ValueError(f"a number is missing after {_signed(cells[at - 1])}")
        if not cell and any(known[at + 1 :]):
            after = cells[known.index(True, at)]
            raise ValueError(f"a number is missing before {_signed(after)}")


def _signed(text):
    return text.replace("-", labels.MINUS)


def _own(here):
    """A picture from the visitor's disk or camera: it stays in this session, in no link."""
    with st.expander("Your own picture", key="own picture drawer", on_change="rerun") as place:
        if not place.open:
            return
        st.caption(STAYS)
        file = st.file_uploader("PNG, JPEG or WebP, up to 4 megapixels", key="own file")
        taken = None
        if st.toggle("Camera", key="own camera"):
            taken = st.camera_input("A photograph by the camera", key="own photograph")
        found = taken or file
        if found is None:
            return
        if here.brought(found.file_id) is None:
            _taken(here, found)
        if here.brought(found.file_id):
            st.warning(f"This file is not shown: {here.brought(found.file_id)}.")


def _taken(here, file):
    try:
        here.bring(uploads.read(file.getvalue()), file.file_id)
    except uploads.PictureError as error:
        here.bring(here.own, file.file_id, str(error))
    else:
        here.change(picture="own", side=OFTEN, look=NOWHERE)
        st.rerun()


@st.fragment
def live():
    """Pictures and maps, and one cell of the answer looked at closely."""
    here = Lesson(Filters, live=True)
    own = here.own
    if here.params.picture == "own" and own is None and here.params.view != "blobs":
        st.info(ABSENT)
    (shown, packed, params), dimmed = lesson.possible(here, lambda params: _shown(params, own))
    first = params.view == "design"  # there the numbers of the filter are what is worked on
    if first:
        _closely(here, params, shown, dimmed)
    _photos(here, params, shown, packed, dimmed)
    if not first:
        _closely(here, params, shown, dimmed)


def _photos(here, params, shown, packed, dimmed):
    ranges = sizes(here)
    stage.photos(
        packed,
        "filters photos",
        {
            "look": scenes.place(params, shown.answer),
            "window": scenes.reach(shown.answer),
            "visit": here.play["visit"],
            "behind": here.behind,
            "dimmed": dimmed,
            "said": scenes.said(params, shown.answer),
        },
        sliders=here.positions(ranges),
        on_move=here.moves(ranges),
        ack=here.acted,
        on_act=here.acts(scenes.acted),
    )


def _closely(here, params, shown, dimmed):
    """The cell that is looked at, where its sum can be written out, and the way to its patch."""
    if scenes.writes(shown.answer):
        stage.show(
            scenes.closely(params, shown.answer).json(), "filters stage", ack=here.ack,
            on_edit=here.edits(scenes.edited), dimmed=dimmed, present=here.present, small=True,
        )  # fmt: skip
    patch = scenes.patch(params, shown.answer)
    if patch:
        there, step = patch
        st.page_link(
            "pages/slide.py", label="Open this patch on the slide page",
            query_params=query.write(there) | {"step": str(step)},
        )  # fmt: skip


def _shown(params, own):
    """(Content, as it is sent, params); what is looked at changes nothing of it."""
    still = replace(params, look=NOWHERE, channel=0)
    if params.side <= OFTEN and params.picture != "own":
        return *_ready(still), params
    if params.side <= LONG:
        return *_made(still, own), params
    with st.spinner("Filtering …"):
        return *_made(still, own), params


def _made(params, own):
    shown = scenes.content(params, own)
    return shown, shown.packed()


@lru_cache(maxsize=6)
def _ready(params):
    return _made(params, None)
