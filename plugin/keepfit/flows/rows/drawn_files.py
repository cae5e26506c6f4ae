"""Rows that were drawn from the source for a recipe, in `data/windows/drawn/`: a file a window, which stands in for it in composing, and what drew them.

They lie apart from the windows' own files, as those are what a window was judged by, and what labels that come later are joined to.
"""

from __future__ import annotations

from pathlib import Path

from keepfit.records import RecipeDraw, from_json

DRAWN, RECORD = "drawn", "draw.json"


def standing_in(window: Path) -> Path:
    """Return the file that composing reads for a window's: the rows drawn of it, or the window's own."""
    drawn = window.parent / DRAWN / window.name
    return drawn if drawn.is_file() else window


def drawn_of(folder: Path) -> RecipeDraw | None:
    """Return what drew the rows of a folder; None where none were drawn."""
    path = folder / RECORD
    return from_json(RecipeDraw, path.read_bytes(), where=str(path)) if path.is_file() else None
