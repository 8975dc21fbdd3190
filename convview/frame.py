"""The frame around the stage: navigation on top, and styles that Streamlit has no setting for."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

# Controls stand left of the stage and, on a phone, below it; little is spent on empty space.
STYLE = """
<style>
.stMainBlockContainer { padding: 4.2rem 2rem 2rem; max-width: 1500px; }
.stMainBlockContainer h1 { font-size: 1.7rem; line-height: 1.2; padding: 0; }
.stMainBlockContainer h2 { font-size: 1.3rem; padding: 0.6rem 0 0; }
.stMainBlockContainer .stVerticalBlock { gap: 0.7rem; }
.stButtonGroup button[data-selected="true"] { color: inherit !important; font-weight: 600; }
.stButtonGroup button[data-selected="true"] p { color: inherit; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding: 3.8rem 1rem 2rem; }
  .stMainBlockContainer h1 { font-size: 1.25rem; }
  .st-key-lesson .stHorizontalBlock:has(> .stColumn .st-key-controls) {
    flex-direction: column-reverse; flex-wrap: nowrap;
  }
}
</style>
"""


PRESENT = """
<style>
.stMainBlockContainer { padding-top: 1rem; max-width: none; }
.stMainBlockContainer h1 { font-size: 2.4rem; }
.stMainBlockContainer h2 { font-size: 1.3rem; padding: 0.6rem 0 0; }
.stAppHeader { display: none; }
.st-key-controls { position: absolute; top: 1.1rem; right: 23rem; width: auto; z-index: 5; }
</style>
"""

FRAMED = "the frame was drawn"


def ensure():
    """Called first by every page: see to it that app.py, and so the frame, is what runs.

    A server whose first visitor opens a page below `/` takes the folder `pages/` for Streamlit's
    older kind of app and runs the page's file alone, until told otherwise.
    """
    if FRAMED not in st.session_state:
        st.session_state[FRAMED] = True
        PagesManager.uses_pages_directory = False
        st.rerun()


def page(pages):
    """The page that the address names."""
    st.set_page_config(page_title="Convscope", page_icon="🔲", layout="wide")
    st.session_state[FRAMED] = True
    present = st.query_params.get("present") == "1"
    chosen = st.navigation(pages, position="hidden" if present else "top")
    st.html(STYLE + (PRESENT if present else ""))
    return chosen
