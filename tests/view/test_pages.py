"""The pages run without a browser: every control, the link, refusals and edits (AppTest)."""

import json
import zlib
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from convview import controls, lesson, refusals
from convview import query as url
from convview.params import POOLING_VIEWS, VIEWS, Slide
from convview.scenes import slide as slide_scene

APP = Path(__file__).parents[2] / "app.py"


def opened(page="pages/slide.py", query="", states=()):
    app = AppTest.from_file(APP, default_timeout=20)
    for name, value in dict(states).items():
        app.session_state[name] = value
    for name, texts in parse_qs(query, keep_blank_values=True).items():
        app.query_params[name] = texts
    app.switch_page(page)
    app.run()
    assert not app.exception
    return app


def component(app, name):
    """The message that put a component of ours into the page."""
    assert not app.exception
    found = [one.proto for one in app.get("bidi_component")]
    return next(proto for proto in found if proto.component_name == f"convscope.{name}")


def stage(app):
    data = component(app, "stage").bytes
    return json.loads(data if data.startswith(b"{") else zlib.decompress(data))


def sliders(app):
    """{label: value} of the sliders beside the stage."""
    return stage(app)["sliders"]["values"]


def move(app, label, value):
    """Move one of them as the browser says it: AppTest itself knows no components."""
    proto = component(app, "stage")
    moves = {"count": stage(app)["sliders"]["ack"] + 1, "values": {label: value}}
    states = app._tree.get_widget_states()
    states.widgets.add(id=proto.id, json_value=json.dumps({"moves": moves}))
    app._run(states)


def grid(app, name):
    """The labels of a grid's first plane."""
    data = next(one for one in stage(app)["grids"] if one["name"] == name)
    plane, digits = data["cells"][0], data["digits"]
    written = [number.replace("-", "\u2212") for number in data["values"].split(" ")]
    labels = [label or written[n] for n, label in enumerate(data["labels"].split(" "))]
    return [labels[int(plane[at : at + digits], 16)] for at in range(0, len(plane), digits)]


def link(app):
    return {n: t if isinstance(t, str) else t[-1] for n, t in app.query_params.items()}


def control(app, kind, label):
    return next(widget for widget in getattr(app, kind) if widget.label == label)


@pytest.fixture
def slide():
    return opened()


@pytest.fixture
def drawer(slide):
    """The slide page with its drawer of further controls pulled out."""
    slide.session_state["more"] = True
    return slide.run()


def test_the_start_page_shows_a_stage_and_the_lessons():
    app = opened("pages/start.py")
    assert stage(app)["view"] == "sliding"
    assert len(app.get("page_link")) >= 6


def test_a_new_page_is_the_default_and_leaves_the_address_alone(slide):
    assert link(slide) == {}
    assert stage(slide)["sweeps"][0]["steps"] == "output"
    assert len(grid(slide, "output")) == 25


def test_who_comes_second_finds_the_scene_ready():
    asked = []

    def scene(params):
        asked.append(params)
        return slide_scene.scene(params)

    texts = [lesson.drawn(scene, params) for params in (Slide(), Slide(stride=(2, 2)), Slide())]
    assert asked == [Slide(), Slide(stride=(2, 2))]
    assert texts[0] == texts[2] != texts[1]


@pytest.mark.parametrize(
    ("label", "value", "written"),
    [
        ("Input size", 9, {"size": "9"}),
        ("Kernel size", 4, {"kernel_size": "4"}),
        ("Stride", 3, {"stride": "3"}),
        ("Padding", 2, {"padding": "2"}),
        ("Dilation (1 = dense)", 2, {"dilation": "2"}),
    ],
)
def test_a_slider_changes_the_picture_and_the_link(slide, label, value, written):
    before = stage(slide)["rev"]
    move(slide, label, value)
    assert sliders(slide)[label] == value
    assert stage(slide)["rev"] != before
    assert link(slide) == {"v": "1", **written}
    again = opened(query="&".join(f"{name}={text}" for name, text in link(slide).items()))
    assert stage(again)["rev"] == stage(slide)["rev"]


@pytest.mark.parametrize(
    ("kind", "label", "value", "written"),
    [
        ("selectbox", "Picture", "ramp", {"picture": "ramp"}),
        ("selectbox", "Kernel", "counting", {"kernel": "counting"}),
        ("selectbox", "Padding holds", "reflect", {"padding_mode": "reflect"}),
        ("slider", "Channels in", 3, {"in_channels": "3"}),
        ("slider", "Filters out", 2, {"out_channels": "2"}),
        ("segmented_control", "Operation", "convolution", {"operation": "convolution"}),
        ("segmented_control", "Padding given as", "same", {"padding": "same"}),
        ("number_input", "Random seed", 7, {"seed": "7"}),
    ],
)
def test_every_other_control_changes_the_link(drawer, kind, label, value, written):
    control(drawer, kind, label).set_value(value).run()
    assert link(drawer) == {"v": "1", **written}


def test_the_drawer_costs_nothing_while_it_is_shut(slide, drawer):
    assert len(opened().number_input) == 0
    assert len(drawer.number_input) > 0


@pytest.mark.parametrize("view", VIEWS[1:])
def test_a_view_is_one_click(slide, view):
    control(slide, "segmented_control", "View").set_value(view).run()
    assert stage(slide)["view"] == view


def test_rows_and_columns_apart(drawer):
    slide = drawer
    control(slide, "number_input", "Input rows").set_value(5).run()
    control(slide, "number_input", "Padding left").set_value(2).run()
    assert link(slide) == {"v": "1", "size": "5x7", "padding": "0,0,2,0"}
    assert len(grid(slide, "output")) == 3 * 7


def test_bias_is_switched_on_and_off(drawer):
    slide = drawer
    toggle = control(slide, "toggle", "Bias")
    toggle.set_value(True).run()
    assert "bias" in link(slide)
    control(slide, "toggle", "Bias").set_value(False).run()
    assert link(slide) == {}


def test_an_impossible_setting_is_explained_and_repaired_by_a_button(slide):
    move(slide, "Input size", 3)
    good = stage(slide)["rev"]
    move(slide, "Kernel size", 5)
    said = slide.warning[0].value
    assert "the kernel spans 5 rows (kernel 5, dilation 1)" in said
    assert "padded input has 3 (input 3, padding 0)" in said
    assert (stage(slide)["dimmed"], stage(slide)["rev"]) == (True, good)
    assert "Dimmed below, to look at only: this setting with kernel size 3." in captions(slide)
    assert link(slide) == {"v": "1", "size": "3", "kernel_size": "5"}
    slide.button[0].click().run()
    assert (len(slide.warning), stage(slide)["dimmed"]) == (0, False)
    assert not [text for text in captions(slide) if "Dimmed" in text]
    assert link(slide) == {"v": "1", "size": "3", "kernel_size": "5", "padding": "1"}


@pytest.mark.parametrize(
    ("query", "words"),
    [("size=3&kernel_size=5", "padding 1"), ("size=5&dilation=3", "padding 1"),
     ("size=4&dilation=3&padding=1", "padding 2")],
)  # fmt: skip
def test_the_dimmed_picture_says_which_setting_it_shows(query, words):
    """Opened by a link there is none that worked before: it is the first repair."""
    app = opened(query=query)
    (said,) = (text for text in captions(app) if text.startswith("Dimmed below"))
    assert said == f"Dimmed below, to look at only: this setting with {words}."
    asked = {name: texts[-1] for name, texts in parse_qs(query).items()}
    kind, _, value = words.rpartition(" ")
    shown, _ = url.read(Slide, {name: [t] for name, t in (asked | {kind: value}).items()})
    assert stage(app)["rev"] == json.loads(slide_scene.scene(shown).json())["rev"]


def test_a_dimmed_picture_far_from_the_setting_is_called_another():
    far = "Dimmed below, to look at only: another setting of this page, one that works."
    assert refusals.Refused(Slide(), "", (), Slide(x=(((1.0,),),))).caption == far
    assert refusals.Refused(Slide(stride=(2, 2)), "", (), Slide(size=(9, 9))).caption != far


def captions(app):
    return [one.value for one in app.caption]


@pytest.mark.parametrize(
    "query",
    [
        "size=2&kernel_size=5", "padding=same&stride=2", "padding_mode=reflect&padding=6&size=4",
        "padding_mode=circular&padding=6&size=4", "groups=2", "groups=3&in_channels=2&size=1",
        "in_channels=2&out_channels=3&groups=2", "size=40&view=matrix",
        "kernel_size=7&dilation=4&size=1", "padding=full&padding_mode=reflect&size=3&kernel_size=7",
    ],
)  # fmt: skip
def test_every_repair_that_is_offered_works(query):
    offered = len(opened(query=query).button)
    assert offered >= 1
    for number in range(offered):
        app = opened(query=query)
        app.button[number].click().run()
        assert not app.warning
        assert not stage(app)["dimmed"]


def test_a_broken_link_is_mended_with_one_line():
    app = opened(query="stride=99&size=abc&rocket=<script>alert(1)</script>")
    assert [info.value for info in app.info] == [
        "Link mended: size could not be read (it takes whole numbers from 1 to 64); the default is "
        "shown; stride is read as 5: it takes whole numbers from 1 to 5; `rocket` is unknown and "
        "left out."
    ]
    assert link(app) == {"v": "1", "stride": "5"}
    move(app, "Padding", 1)
    assert not app.info


@pytest.mark.parametrize(
    ("page", "query", "said"),
    [
        ("pages/slide.py", "step=2.5&speed=9&loop=yes&present=on", "present could not be read; the "
         "default is shown; step is no whole number: step 4 of 25 is shown; speed is read as 5: "
         "it takes whole numbers from 0 to 5; loop could not be read; the default is shown"),
        ("pages/slide.py", "step=999", "step is beyond the last: step 25 of 25 is shown"),
        ("pages/slide.py", "step=25", "step is beyond the last: step 25 of 25 is shown"),
        ("pages/slide.py", "step=-1", "step is before the first: step 1 of 25 is shown"),
        ("pages/slide.py", "step=abc", "step could not be read: step 1 of 25 is shown"),
        ("pages/slide.py", "kernel_size=7&size=8&step=4",
         "step is beyond the last: step 4 of 4 is shown"),
        ("pages/gradients.py", "grad_y=1_2", "grad_y has 1 × 2 numbers for 3 × 3 cells of dL/dy: "
         "what is missing is 0"),
        ("pages/pooling.py", "view=relu&step=9999",
         "step is beyond the last: step 9 of 9 is shown"),
        ("pages/calculus.py", "step=50", "step is left out: there are no steps here"),
        ("pages/calculus.py", "view=jacobian&step=50",
         "step is beyond the last: step 4 of 4 is shown"),
        ("pages/shapes.py", "speed=1&loop=1&step=2",
         "step, speed and loop are left out: there are no steps here"),
        ("pages/slide.py", "x=1,2;3,4&size=abc", "size could not be read (it takes whole "
         "numbers from 1 to 64); 2 is shown"),
        ("pages/slide.py", "stride=2&stride=9", "stride was given 2 times; the last one counts; "
         "stride is read as 5: it takes whole numbers from 1 to 5"),
        ("pages/exercises.py", "rows=B10__A1&row=C2", "row is read as B10"),
    ],
)  # fmt: skip
def test_what_came_out_otherwise_is_said(page, query, said):
    """Of the place too, of what typed numbers imply, and of an exercise that is not offered."""
    (info,) = opened(page, query).info
    parts = info.value.removeprefix("Link mended: ").removesuffix(".").split("; ")
    assert sorted(parts) == sorted(said.split("; "))


def test_back_brings_back_what_the_address_says(slide, monkeypatch):
    move(slide, "Stride", 2)
    move(slide, "Stride", 3)
    slide.query_params["stride"] = "1"
    slide.run()
    assert sliders(slide)["Stride"] == 3, "an address of a moment ago is no news"
    monkeypatch.setattr(controls, "_navigated", lambda: True)
    slide.query_params["stride"] = "2"
    slide.run()
    assert sliders(slide)["Stride"] == 2
    slide.query_params.clear()
    slide.run()
    assert sliders(slide)["Stride"] == 1


def test_the_place_that_the_stage_keeps_in_the_address_survives(slide):
    slide.query_params["step"] = "7"
    move(slide, "Stride", 2)
    assert link(slide) == {"v": "1", "stride": "2", "step": "7"}


@pytest.mark.parametrize(("text", "step"), [("7", 7), ("-1", None), ("nan", None), ("1e99", 10**6)])
def test_a_link_opens_at_its_step(text, step):
    assert stage(opened(query=f"step={text}"))["play"].get("step") == step


def test_presenting_keeps_its_word_in_the_address():
    app = opened(query="present=1&stride=2")
    assert stage(app)["present"]
    assert link(app) == {"v": "1", "stride": "2", "present": "1"}


def test_typed_numbers_are_a_choice_of_their_own():
    app = opened(query="x=1,2,3;4,5,6;7,8,9")
    assert grid(app, "input") == list("123456789")
    picture = control(app, "selectbox", "Picture")
    assert picture.value == "typed by hand"
    picture.set_value("ramp").run()
    assert "x" not in link(app)


@pytest.mark.parametrize("page", ["pages/slide.py", "pages/start.py"])
def test_a_page_below_the_root_is_framed_for_the_first_visitor_too(page):
    app = AppTest.from_file(APP, default_timeout=20)
    app.switch_page(page)
    app.run()
    assert PagesManager.uses_pages_directory is False
    assert not app.exception


@pytest.mark.parametrize("page", ["slide", "gradients", "pooling", "filters", "shapes", "calculus"])
def test_the_drawer_of_exercises_promises_photographs_where_it_has_some(page):
    app = opened(f"pages/{page}.py")
    (label,) = {one.label for one in app.expander if one.label.startswith("Exercises")}
    assert label == "Exercises" + ", photographs" * (page in ("gradients", "pooling", "filters"))


@pytest.mark.parametrize(("page", "view"), [
    *(("slide", view) for view in VIEWS), *(("pooling", view) for view in POOLING_VIEWS),
])  # fmt: skip
def test_predict_first_is_asked_where_something_is_hidden(page, view):
    """Elsewhere the switch would stand on and do nothing."""
    app = opened(f"pages/{page}.py", f"view={view}&predict=1")
    assert bool(stage(app)["predict"]) == ("Predict first" in [one.label for one in app.toggle])
