"""An answer as it was handed in, before anything is known of its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LONG, BEGINNING = 60, 20


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """What one person said of one row: `place` says where it stands in the file (`line 7`).

    `label` empty: no answer; `known_at` None: when it is imported; `queue` the one that asked, where the file says it.
    """

    place: str
    row: str
    label: str
    annotator: str = ""
    known_at: datetime | None = None
    queue: str = ""


@dataclass(frozen=True, kw_only=True)
class Misread:
    """What stands where an answer should be, and why it is none."""

    place: str
    row: str
    why: str


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """All that a file holds, and what is to be said of how it was read."""

    answers: Sequence[GivenAnswer]
    misread: Sequence[Misread] = ()
    remarks: Sequence[str] = ()


def shown(text: str) -> str:
    """Return a cell as a message shows it: quoted, short.

    >>> shown("a" * 1_000_000)
    "'aaaaaaaaaaaaaaaaaaaa'… (1,000,000 characters)"
    """
    return repr(text) if len(text) <= LONG else f"{text[:BEGINNING]!r}… ({len(text):,} characters)"
