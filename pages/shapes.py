"""A stack of layers: what shrinks, what it costs, how far it sees."""

import streamlit as st

from convview import panels, stack_panels, stage
from convview.controls import Lesson
from convview.params import Shapes
from convview.scenes import shapes

here = Lesson(Shapes)
st.title("Shapes: what shrinks, what it costs, how far it sees", anchor=False)
stack_panels.choice(here)
here.notice()
stack_panels.refusal(here)
found = shapes.Seen(here.params)
stage.layers(shapes.table(found), "layers", ack=here.ack, on_act=here.acts(shapes.acted))
if found.error:
    stack_panels.mend(here, found)
words, picture = st.columns([0.45, 0.55], gap="large")
with words:
    stack_panels.formulas(found)
with picture:
    view = shapes.view(found)
    if view:
        stage.field(view, "field", on_pin=here.sets(shapes.pinned))
stack_panels.code(here, found)
panels.exercises(here)
