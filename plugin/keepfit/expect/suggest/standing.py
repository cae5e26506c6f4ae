"""What a suite demands already: whether one of its lines covers a suggested one, or is the same line with a bound farther out.

A line covers another of the same type on the same column (and the same rows) that demands no more on any side. A set of values that people listed is
theirs: no share of values seen before is put beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keepfit.expect.suggest.answers import IN_SET

Entry = Mapping[str, Any]
BOUNDS = ("min_value", "max_value", "mostly")


@dataclass(frozen=True, kw_only=True)
class StandingLine:
    """The line of the suite that is about the same as a suggested one; `farther` are the bounds in which it demands less (none: it covers it)."""

    entry: Entry
    farther: tuple[str, ...]

    @property
    def id(self) -> str:
        """What it is called."""
        return str(self.entry["meta"]["id"])


def standing(entries: Sequence[Entry], kind: str, kwargs: Mapping[str, Any]) -> StandingLine | None:
    """Return the line among the entries that demands the most of what the arguments do; None where none is about it.

    >>> mine = {"type": "t_mean", "kwargs": {"column": "x", "min_value": 0, "max_value": 9}, "severity": "info", "meta": {"id": "a"}}
    >>> standing([mine], "t_mean", {"column": "x", "min_value": 0, "max_value": 5}).farther, standing([mine], "t_mean", {"column": "y", "min_value": 0})
    (('max_value',), None)
    """
    same = [one for one in entries if one.get("type") == kind and _about(one.get("kwargs") or {}, kind) == _about(kwargs, kind) and _alike(one, kind, kwargs)]
    found = [StandingLine(entry=one, farther=_farther(one, kind, kwargs)) for one in same]
    return min(found, key=lambda one: len(one.farther), default=None)


def _about(kwargs: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The arguments that say of which rows and columns."""
    return {key: _unordered(value) for key, value in kwargs.items() if key not in BOUNDS and not (kind == IN_SET and key == "value_set")}


def _unordered(value: Any) -> Any:
    return frozenset(map(str, value)) if isinstance(value, list) else value


def _alike(entry: Entry, kind: str, kwargs: Mapping[str, Any]) -> bool:
    """Of sets: one category is alike to the same one only, several to any several."""
    if kind != IN_SET:
        return True
    mine, other = entry["kwargs"].get("value_set"), kwargs.get("value_set")
    if not isinstance(mine, list) or not isinstance(other, list):
        return False
    return mine == other if len(other) == 1 else len(mine) > 1 or mine == other


def _farther(entry: Entry, kind: str, kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    mine = entry["kwargs"]
    if kind == IN_SET and len(kwargs.get("value_set") or ()) > 1:
        return ()
    found = []
    if "mostly" in kwargs and float(mine.get("mostly", 1)) < float(kwargs["mostly"]):
        found.append("mostly")
    low, high = mine.get("min_value"), mine.get("max_value")
    if kwargs.get("min_value") is not None and (low is None or low < kwargs["min_value"]):
        found.append("min_value")
    if kwargs.get("max_value") is not None and (high is None or high > kwargs["max_value"]):
        found.append("max_value")
    return tuple(found)
