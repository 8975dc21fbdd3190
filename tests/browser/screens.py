"""Screens: the sizes the app is made for, as Playwright's `viewport`."""

from playwright.sync_api import ViewportSize

LAPTOP = ViewportSize(width=1280, height=720)
PHONE = ViewportSize(width=360, height=640)
PROJECTOR = ViewportSize(width=1920, height=1080)


def has_touch(viewport: ViewportSize) -> bool:
    """A finger instead of a mouse."""
    return viewport == PHONE
