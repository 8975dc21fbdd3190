"""Predict, check, see why: every question of the courses."""

import streamlit as st

from convview import panels, practice_panels
from convview.controls import Lesson
from convview.practice import SHEETS, Exercises

here = Lesson(Exercises)
progress = here.held(practice_panels.Progress)
with st.container(key="lesson"):
    with here.place("heading"), st.container(horizontal=True, vertical_alignment="center"):
        st.title("Exercises: predict, check, see why", anchor=False)
        here.segments("View", SHEETS, *panels.same("view"))
    with here.place("sliders"):
        practice_panels.chooser(here, progress)
    with here.place("picture"), st.container(key="asked"):
        here.notice()
        if here.params.view == "practise":
            practice_panels.exercise(here, progress)
        else:
            practice_panels.sheet(here)
    with here.place("drawer"):
        practice_panels.drawer(here)
