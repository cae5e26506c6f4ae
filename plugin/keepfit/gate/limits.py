"""How long a name may be that the journal keeps: on every database the same, so that no row means something else on another.

A name that is cut is another name: its rows would be found under neither.
"""

from __future__ import annotations

from typing import Final

from keepfit.errors import KeepfitError
from keepfit.records import JournalRow

LIMITS: Final = {
    "workspace": 63,
    "kind": 40,
    "model": 256,
    "version": 40,
    "target": 512,
    "previous": 40,
    "model_digest": 80,
    "certificate": 80,
    "rules": 80,
    "who": 256,
    "via": 40,
}
WORDS: Final = {"workspace": "the workspace", "model": "the model's name", "target": "what it is about", "who": "the account that asks"}
SHOWN = 40


class UnkeptNameError(KeepfitError):
    """A name that the journal cannot keep as it is."""


def require_kept(row: JournalRow) -> None:
    """Raise `UnkeptNameError` for a row with a name that is too long, or holds a NUL, which PostgreSQL refuses.

    >>> from datetime import UTC, datetime
    >>> row = JournalRow(at=datetime(2026, 1, 1, tzinfo=UTC), kind="retired", model="m" * 300, version="1", target="", who="tess", via="server", text="")
    >>> require_kept(row)
    Traceback (most recent call last):
    keepfit.gate.limits.UnkeptNameError: the model's name has 300 characters, the journal keeps 256 ('mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm…')
      fix: use a shorter one
    """
    for name, most in LIMITS.items():
        value = getattr(row, name) or ""
        word = WORDS.get(name, name)
        shown = repr(value[:SHOWN] + ("…" if len(value) > SHOWN else "")).strip('"')
        if len(value) > most:
            raise UnkeptNameError(f"{word} has {len(value)} characters, the journal keeps {most}", where=shown, fix="use a shorter one")
        if "\0" in value:
            raise UnkeptNameError(f"{word} holds a NUL, which no database keeps alike", where=shown, fix="use a name of letters")
