"""Streamlit's drawers (`st.expander`): found by their label, and opened."""

from playwright.sync_api import Locator, Page, expect


def open_drawer(page: Page, label: str) -> Locator:
    """Open it and wait until it rests.

    While it opens, Streamlit sets its height frame by frame, and what is in it moves under the
    pointer: a button pressed then may not be there when the pointer is released.
    """
    summary = page.locator("summary").filter(has=page.get_by_text(label, exact=True))
    drawer = page.get_by_test_id("stExpander").filter(has=summary)
    summary.click()
    resting = drawer.locator("details[open]:not([style*=height])")
    expect(resting).to_be_attached()
    return drawer
