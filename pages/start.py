"""What is here: two sentences, a stage ready to play, the lessons as prepared links."""

import streamlit as st

from convview import frame, lesson, lessons, stage
from convview.params import Slide
from convview.scenes import slide

frame.ensure()
st.title("See convolution", anchor=False)
st.markdown(
    "A small kernel slides over a picture; each stop becomes one number. Convscope shows which "
    "numbers meet, in which sum, and why the sizes come out as they do: press Play, or point at a "
    "cell."
)
first = Slide(size=(6, 6), stride=(2, 2), padding=((1, 1), (1, 1)))
stage.show(lesson.drawn(slide.scene, first), "start", small=True)

st.header("Lessons", anchor=False)
rows = [lessons.CARDS[start : start + 3] for start in range(0, len(lessons.CARDS), 3)]
for row in rows:
    for column, card in zip(st.columns(3, border=True), row, strict=True):
        with column:
            st.image(card.picture, alt="", width="stretch")
            st.page_link(
                card.page, label=f"**{card.title}**",
                query_params=card.link,
            )  # fmt: skip
            st.write(card.text)
