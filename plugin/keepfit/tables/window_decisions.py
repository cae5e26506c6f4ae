"""A person's word on a window: leave it out, or use it although it failed; and which windows are sound by that.

A window that is blocked waits until somebody decides. One that waits, or was excluded, is unsound: it trains nothing, judges nothing, and is no
part of what a window is compared with.

>>> decisions = decisions_of({"2013-02": {"verdict": "accept", "reason": "a known gap"}, "2013-03": {"verdict": "exclude", "reason": "a test feed"}})
>>> sorted(unsound(["2013-02", "2013-04"], decisions))
['2013-03', '2013-04']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from keepfit.errors import ParamsError, UnknownNameError

FILE = "windows.yaml"
KEYS = ("verdict", "reason", "by")
WHY = "say why: somebody will read it in a year"
Choice = Literal["exclude", "accept"]


@dataclass(frozen=True, kw_only=True)
class WindowDecision:
    """What a person decided on a window, and why; `by` is who."""

    verdict: Choice
    reason: str
    by: str = ""

    @property
    def excludes(self) -> bool:
        """Whether the window is left out."""
        return self.verdict == "exclude"


Decisions = Mapping[str, WindowDecision]


def decisions_of(entries: Mapping[str, Any]) -> dict[str, WindowDecision]:
    """Return the decisions by window id from what `expectations/windows.yaml` holds; raises `ParamsError` for an entry that is none."""
    return {window: _decision(window, entry) for window, entry in entries.items()}


def _decision(window: str, entry: Any) -> WindowDecision:
    where = f"{FILE}: {window}"
    if not isinstance(entry, dict):
        raise ParamsError("a decision is a map", where=where, fix="{verdict: exclude, reason: why}")
    for key in entry:
        if key not in KEYS:
            raise UnknownNameError("key", str(key), known=KEYS, where=where)
    verdict, reason = entry.get("verdict"), entry.get("reason")
    if verdict not in ("exclude", "accept"):
        raise ParamsError(f"the verdict {verdict!r} is neither exclude nor accept", where=where, fix="keepfit window exclude|accept WINDOW --reason …")
    if not isinstance(reason, str) or not reason.strip():
        raise ParamsError("a decision has no reason", where=where, fix=WHY)
    return WindowDecision(verdict=cast("Choice", verdict), reason=" ".join(reason.split()), by=str(entry.get("by") or ""))


def is_excluded(window: str, decisions: Decisions) -> bool:
    """Whether a person left the window out."""
    return window in decisions and decisions[window].excludes


def excluded(decisions: Decisions) -> frozenset[str]:
    """Return the windows that a person left out."""
    return frozenset(name for name, one in decisions.items() if one.excludes)


def undecided(blocked: Iterable[str], decisions: Decisions) -> frozenset[str]:
    """Return the windows that are blocked and nobody has decided on."""
    return frozenset(blocked) - decisions.keys()


def unsound(blocked: Iterable[str], decisions: Decisions) -> frozenset[str]:
    """Return the windows that a person left out, and those that are blocked and nobody has decided on."""
    return undecided(blocked, decisions) | excluded(decisions)
