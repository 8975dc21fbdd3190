import streamlit as st

st.title("Convscope")
