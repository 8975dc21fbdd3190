"""A kernel slides over an input."""

import streamlit as st

from convview import lesson, panels
from convview.controls import Lesson
from convview.params import VIEWS, Slide
from convview.scenes import slide

here = Lesson(Slide)

with here.controls():
    panels.sizes(here)
    panels.presets(here)
    with st.expander("More"):
        panels.more(here)
    here.toggle("Predict first", *panels.same("predict"))

with here.picture():
    with st.container(horizontal=True, vertical_alignment="center", key="heading"):
        st.title("A kernel slides over the input", anchor=False)
        here.segments(
            "View", {view: view.capitalize() for view in VIEWS}, *panels.same("view"),
            label_visibility="collapsed",
        )  # fmt: skip
    here.notice()
    lesson.show(here, slide.scene, slide.edited)
