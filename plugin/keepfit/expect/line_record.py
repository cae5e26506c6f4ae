"""What a line of a suite was good for, from the windows it was judged on and what people decided on these."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from keepfit.records import Severity, Window
from keepfit.records.expectation_record import LineRecord
from keepfit.tables.window_decisions import Decisions

YEAR = timedelta(days=365)
FEW = 2


@dataclass(frozen=True, kw_only=True)
class Firing:
    """Windows that a line was judged on by id, with whether it fired there."""

    fired: Mapping[str, bool]
    tickets: Collection[str] = ()
    """Windows with a ticket that names the line."""


def line_record(suite: str, line: str, severity: Severity, seen: Firing, *, windows: Mapping[str, Window], decisions: Decisions) -> LineRecord:
    """Return the record of a line; `windows` are all past ones in the order of time.

    A firing is true where a person excluded the window or a ticket names the line, unless a person accepted the window: then it was false. Others nobody has
    judged. It could be retired where it was judged over a year and never fired, or was false at least twice and more often than true.
    """
    order = [*(one for one in windows if one in seen.fired), *sorted(seen.fired.keys() - windows.keys())]
    fired = [one for one in order if seen.fired[one]]
    false = [one for one in fired if one in decisions and not decisions[one].excludes]
    true = [one for one in fired if one not in false and (one in decisions or one in seen.tickets)]
    return LineRecord(
        suite=suite,
        id=line,
        severity=severity,
        judged=len(order),
        fired=tuple(fired),
        true=tuple(true),
        false=tuple(false),
        retire=_retire(order, fired, true, false, windows),
    )


def _retire(judged: list[str], fired: list[str], true: list[str], false: list[str], windows: Mapping[str, Window]) -> str:
    if len(false) >= FEW and len(false) > len(true):
        return f"false {len(false)} times, true {len(true)} times: make it looser (keepfit suggest --loosen ID --reason …) or retire it"
    times = [windows[one] for one in judged if one in windows]
    starts, ends = [one.start for one in times if one.start is not None], [one.end for one in times if one.end is not None]
    if not fired and starts and ends and max(ends) - min(starts) >= YEAR:
        return f"never fired in {len(judged)} windows, a year or more: retire it, if what it is about cannot break"
    return ""
