"""The frame around the stage: navigation on top, and styles that Streamlit has no setting for."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from convview import stage

# The sliders and the drawer of other controls stand left of the stage; on a phone the stage comes
# first. Little is spent on empty space.
STYLE = """
<style>
.stMainBlockContainer { padding: 0.6rem 2rem 2rem; max-width: 1500px; }
/* Over the navigation; it says when the connection is lost, and else is empty. */
.stAppHeader { background: none; pointer-events: none; }
.stMainBlockContainer h1 { font-size: 1.7rem; line-height: 1.2; padding: 0 0 0.3rem; }
.stMainBlockContainer h2 { font-size: 1.3rem; padding: 0.6rem 0 0; }
.stMainBlockContainer .stVerticalBlock { gap: 0.7rem; }
.st-key-lesson .stPageLink a { border: 1px solid; border-radius: 0.5rem; width: fit-content; }
.stExpander .stButton button { justify-content: flex-start; text-align: left; }
.stButtonGroup > div { flex-wrap: wrap; }
.stButtonGroup button[data-selected="true"] { color: inherit !important; font-weight: 600; }
.stButtonGroup button[data-selected="true"] p { color: inherit; }
.st-key-lesson {
  display: grid;
  grid-template-columns: 15rem minmax(0, 1fr);
  grid-template-rows: auto auto 1fr;
  grid-template-areas: "sliders heading" "sliders picture" "drawer picture";
  column-gap: 3.5rem !important;
  align-items: start;
}
/* By position, in the order of convview.lesson.page: each change would look at a :has(). */
.st-key-lesson > :nth-child(1) { grid-area: heading; }
.st-key-lesson > :nth-child(2) { grid-area: sliders; }
.st-key-lesson > :nth-child(3) { grid-area: picture; }
.st-key-lesson > :nth-child(4) { grid-area: drawer; }
/* The stage stays in view beside a long drawer. */
@media (min-width: 641px) {
  .st-key-lesson > :nth-child(3) { position: sticky; top: 0; }
}
/* A sheet of exercises goes to paper without what is for clicking. */
@media print {
  .st-key-sliders, .st-key-drawer, .st-key-navigation { display: none; }
  .stButton, .stButtonGroup, .stAppHeader { display: none; }
  .st-key-lesson { display: block; }
}
@media (max-width: 640px) {
  .stMainBlockContainer button, .stMainBlockContainer summary { min-height: 44px; min-width: 44px; }
  .stMainBlockContainer { padding: 0.2rem 1rem 2rem; }
  .stMainBlockContainer h1 { font-size: 1.25rem; }
  .st-key-lesson {
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: none;
    grid-template-areas: "heading" "picture" "sliders" "drawer";
  }
  /* Where pictures are longer than the screen, the sliders stay in reach at its lower edge. */
  .st-key-docked .st-key-lesson { display: flex; }
  .st-key-docked .st-key-lesson > :nth-child(2) {
    order: 1;
    position: sticky;
    bottom: 0;
    z-index: 2;
    max-height: 42vh;
    overflow-y: auto;
    margin: 0 -8px;
    padding: 0 8px;
    width: calc(100% + 16px) !important;
    max-width: none;
    flex-shrink: 0;
  }
  .st-key-docked .st-key-lesson > :nth-child(4) { order: 2; }
}
</style>
"""

# From the back row: what stands around a stage, and a page of tables, by half again.
PRESENT = """
<style>
html { font-size: 22px; }
.stMainBlockContainer { max-width: none; }
.stMainBlockContainer h1 { font-size: 2.4rem; }
.stAppHeader { display: none; }
.st-key-asked .stMarkdown p, .st-key-asked .stAlert p { font-size: 1.7rem; line-height: 1.4; }
.st-key-asked .stMarkdown li, .st-key-asked label p { font-size: 1.5rem; }
.st-key-lesson {
  grid-template-columns: minmax(0, 1fr) auto auto;
  grid-template-areas: "heading sliders drawer" "picture picture picture";
  column-gap: 1rem !important;
}
</style>
"""

FRAMED, PAGE, ENTERED = "the frame was drawn", "the page it shows", "the page was just entered"


def ensure():
    """Called first by every page: see to it that app.py, and so the frame, is what runs.

    A server whose first visitor opens a page below `/` takes the folder `pages/` for Streamlit's
    older kind of app and runs the page's file alone, until told otherwise.
    """
    if FRAMED not in st.session_state:
        st.session_state[FRAMED] = True
        PagesManager.uses_pages_directory = False
        st.rerun()


def entered():
    """Whether the visitor has come to this page from elsewhere; asked once."""
    return st.session_state.pop(ENTERED, False)


def page(pages):
    """The page that the address names."""
    st.set_page_config(page_title="Convscope", page_icon="🔲", layout="wide")
    st.session_state[FRAMED] = True
    present = st.query_params.get("present") == "1"
    chosen = st.navigation(pages, position="hidden")
    if st.session_state.get(PAGE) != chosen.url_path:
        st.session_state[PAGE] = chosen.url_path
        st.session_state[ENTERED] = True
    st.html(STYLE + (PRESENT if present else ""))
    if not present and not st.context.is_embedded:
        stage.navigation([(page.url_path, page.title) for page in pages], chosen.url_path)
    return chosen
