"""A stack of layers: what shrinks, what it costs, how far it sees."""

import streamlit as st

from convview import panels, stack_panels, stage
from convview.controls import Lesson
from convview.params import Shapes
from convview.scenes import shapes


@st.fragment
def live():
    """The table and what follows from it, run by itself when the table is worked on."""
    here = Lesson(Shapes, live=True)
    here.notice()
    stack_panels.refusal(here)
    found, table = shapes.written(here.params)
    if found.error:
        stack_panels.mend(here, found)
    elif not found.steps:
        st.write("No layer yet: add one, or paste some.")
    stage.layers(
        table,
        "layers",
        ack=here.acted,
        refused=here.not_taken,
        on_act=here.acts(shapes.acted),
        visit=here.play["visit"],
        behind=here.behind,
    )


@st.fragment
def pen():
    """What follows once nothing has been done for a moment: the address, the code, the choice."""
    here = Lesson(Shapes, live=True)
    stage.pen("shapes pen", here.rest)
    stack_panels.code(here, shapes.written(here.params)[0])
    here.settle(stack_panels.apart(here))


here = Lesson(Shapes)
st.title("Shapes: what shrinks, what it costs, how far it sees", anchor=False)
stack_panels.choice(here)
here.shows(stack_panels.apart(here))
live()
pen()
panels.exercises(here)
