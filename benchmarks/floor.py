"""The floor: the barest page Streamlit can serve that answers a slider.

No app on Streamlit can answer a key press sooner, so the app's times are read as multiples of this
page's.
"""

import streamlit as st

value = st.slider("Value", 0, 20, 10)
st.write(f"The value is {value}.")
