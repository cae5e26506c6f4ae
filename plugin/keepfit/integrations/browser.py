"""The person's browser: Python's `webbrowser`, where there is a screen to show one on. A text browser would take the terminal that we run in."""

from __future__ import annotations

import os
import sys
import webbrowser

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def can_show() -> bool:
    """Whether a browser that is opened here would be seen: on Linux there is a display, or the person has named a browser."""
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in (*SCREENS, "BROWSER"))


def show(address: str) -> bool:
    """Open an address, False if no browser took it."""
    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False
