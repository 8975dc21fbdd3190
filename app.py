"""Convscope: see convolution. `make run` serves it."""

import streamlit as st

from convview import frame

frame.page(
    [
        st.Page("pages/start.py", title="Start", default=True),
        st.Page("pages/slide.py", title="Slide", url_path="slide"),
        st.Page("pages/gradients.py", title="Gradients", url_path="gradients"),
        st.Page("pages/pooling.py", title="Pooling", url_path="pooling"),
        st.Page("pages/filters.py", title="Filters", url_path="filters"),
        st.Page("pages/shapes.py", title="Shapes", url_path="shapes"),
        st.Page("pages/calculus.py", title="Calculus", url_path="calculus"),
        st.Page("pages/exercises.py", title="Exercises", url_path="exercises"),
    ]
).run()
