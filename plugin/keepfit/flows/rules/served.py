"""The rules that a server judges by, as they are now: those that `KEEPFIT_GATE` names, else the built-in protection.

A busy server asks before every write, so a file is read again only when its stat changed, and a branch is looked at again
after two seconds. Safe for threads; each process looks for itself. Blind for up to two seconds to a new commit.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from threading import Lock

from keepfit.errors import KeepfitError
from keepfit.flows.rules.place import InGit, OnDisk, rules_place, rules_text, text_at, tip_of
from keepfit.gate.rules import GateRules, read_rules

VARIABLE = "KEEPFIT_GATE"
PATIENCE_SECONDS = 2.0
SETTLED_SECONDS = 1.0
UNREADABLE = (KeepfitError, OSError, RecursionError)  # the last: a text nested without end

Stat = tuple[int, ...]


def served_rules() -> GateRules:
    """Return the rules that hold now; whatever is wrong with their place or their text, the built-in protection with its problem."""
    place = os.environ.get(VARIABLE)
    if not place:
        return read_rules(None, problem=f"{VARIABLE} names no rules file")
    return _watched(place).rules()


@dataclass
class _File:
    """A file, read again when its device, inode, size or a time of it changed."""

    place: OnDisk
    lock: Lock = field(default_factory=Lock)
    seen: Stat | None = None
    last: GateRules = field(default_factory=GateRules)

    def rules(self) -> GateRules:
        with self.lock:
            before = _stat(self.place)
            if before is None or before != self.seen:
                self.last = _read(self.place)
                self.seen = before
            return self.last


@dataclass
class _Branch:
    """A file on a branch: where the branch points is asked every two seconds, the file is read when that is another commit."""

    place: InGit
    lock: Lock = field(default_factory=Lock)
    until: float = 0.0
    commit: str | None = None
    last: GateRules = field(default_factory=GateRules)

    def rules(self) -> GateRules:
        with self.lock:
            if time.monotonic() >= self.until:
                self._look()
                self.until = time.monotonic() + PATIENCE_SECONDS
            return self.last

    def _look(self) -> None:
        """What cannot be read now is looked for again next time."""
        try:
            tip = tip_of(self.place)
            if tip != self.commit:
                self.last = read_rules(text_at(self.place, tip), where=f"{self.place.name} on {self.place.branch}")
            self.commit = tip
        except UNREADABLE as bad:
            self.commit, self.last = None, _unreadable(bad)


@dataclass
class _Nowhere:
    """A text that names no place."""

    bad: KeepfitError

    def rules(self) -> GateRules:
        return _unreadable(self.bad)


_Watched = _File | _Branch | _Nowhere
_LOCK = Lock()
_LAST: dict[str, _Watched] = {}


def _watched(place: str) -> _Watched:
    """Return the one that watches this place; only the last place is remembered."""
    with _LOCK:
        if place not in _LAST:
            _LAST.clear()
            _LAST[place] = _new(place)
        return _LAST[place]


def _new(place: str) -> _Watched:
    try:
        found = rules_place(place)
    except KeepfitError as bad:
        return _Nowhere(bad)
    return _Branch(found) if isinstance(found, InGit) else _File(found)


def _read(place: OnDisk) -> GateRules:
    try:
        return read_rules(rules_text(place), where=place.name)
    except UNREADABLE as bad:
        return _unreadable(bad)


def _unreadable(bad: Exception) -> GateRules:
    return read_rules(None, problem=bad.what if isinstance(bad, KeepfitError) else f"they cannot be read: {type(bad).__name__}")


def _stat(place: OnDisk) -> Stat | None:
    """What changes with the file; None as long as it must be read each time.

    So it must where there is none, and right after a change: a second one within the same tick of the file system's clock
    would not show.
    """
    try:
        found = place.path.stat()
    except (OSError, ValueError):
        return None
    if abs(time.time() - found.st_mtime) < SETTLED_SECONDS:
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
