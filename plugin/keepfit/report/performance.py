"""How good the champions were, window by window, and what happened meanwhile: promotions, refusals, rollbacks, tickets. Records -> one course and its table.

A window lies at its place among the others; clocks are not compared, since the table's own may be years behind the server's. So a change of the champion
stands at the first window that was judged under it, a ticket at its window, and a refusal at that of the ticket that asked for the version; where this is not
known at the time that the journal gives it, or, if that does not lie among the windows, at the last window of the champion of then: blind to more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from itertools import groupby
from typing import Literal

from keepfit.records import JournalRow, JudgedWindow, Ticket, Window
from keepfit.report.tables import number

MarkKind = Literal["promoted", "rolled back", "refused", "ticket"]
KINDS: tuple[MarkKind, ...] = ("promoted", "rolled back", "refused", "ticket")
COUNTED = {"promoted": "{} promotion{}", "rolled back": "{} rollback{}", "refused": "{} refused version{}", "ticket": "{} ticket{}"}
HEADERS = ("window", "version", "measured", "lower bound", "upper bound", "promised", "estimate", "lower", "upper", "rows with a label", "what happened")
MOST = 120
POINTED = ("promoted", "rolled back", "adopted")


@dataclass(frozen=True, kw_only=True)
class PerformancePoint:
    """One window under one champion: `at` is its place among the windows; what was not measured is None. The estimate stands only until labels come."""

    at: int
    window: str
    version: str
    labelled: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    promised: float | None = None
    estimate: float | None = None
    estimate_low: float | None = None
    estimate_high: float | None = None


@dataclass(frozen=True, kw_only=True)
class CourseMark:
    """What happened at a window: its kind, a `label` of few letters, a `text` of some words; `open` is a ticket that nobody has resolved."""

    at: int
    kind: MarkKind
    label: str
    text: str
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class PerformanceCourse:
    """The windows in the order of time with what was measured in them and what happened; `older` windows were left out."""

    metric: str
    greater_is_better: bool
    windows: tuple[str, ...]
    points: tuple[PerformancePoint, ...]
    marks: tuple[CourseMark, ...]
    older: int = 0

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return any(one.value is not None or one.estimate is not None for one in self.points)

    def newest(self, most: int) -> PerformanceCourse:
        """The course of the newest windows alone."""
        off = max(len(self.windows) - most, 0)
        if not off:
            return self
        points = tuple(replace(one, at=one.at - off) for one in self.points if one.at >= off)
        marks = tuple(replace(one, at=one.at - off) for one in self.marks if one.at >= off)
        return replace(self, windows=self.windows[off:], points=points, marks=marks, older=self.older + off)


def performance_course(
    windows: Sequence[JudgedWindow],
    *,
    greater_is_better: bool,
    tickets: Sequence[Ticket] = (),
    journal: Sequence[JournalRow] = (),
    answered: Mapping[str, str] | None = None,
    most: int = MOST,
) -> PerformanceCourse:
    """Return the course of windows judged under any champions, given in the order of time, of the metric that the newest one was measured by.

    `answered` names for a version the window of the ticket that asked for it: there its refusal stands.
    """
    metric = next((one.metric for one in reversed(windows) if one.metric), "")
    ordered = [one for one in windows if one.metric in (None, metric)]
    places = {one.id: at for at, one in enumerate({seen.window.id: seen.window for seen in ordered}.values())}
    points = tuple(_point(one, places[one.window.id], greater_is_better=greater_is_better) for one in ordered)
    marks = [
        *_changes(points, journal),
        *_refusals(ordered, points, journal, known={version: places[window] for version, window in (answered or {}).items() if window in places}),
        *_tickets(tickets, places),
    ]
    marks.sort(key=lambda one: (one.at, KINDS.index(one.kind)))
    whole = PerformanceCourse(metric=metric, greater_is_better=greater_is_better, windows=tuple(places), points=points, marks=tuple(marks))
    return whole.newest(most)


def _point(seen: JudgedWindow, at: int, *, greater_is_better: bool) -> PerformancePoint:
    said = seen.estimate if seen.value is None and seen.estimate is not None and seen.estimate.status == "estimated" else None
    bounds = (None, None, None) if said is None else (said.value, said.low, said.high)
    return PerformancePoint(
        at=at,
        window=seen.window.id,
        version=seen.version,
        labelled=seen.labelled,
        value=seen.value,
        low=None if seen.value is None else seen.low,
        high=None if seen.value is None else seen.high,
        promised=_promised(seen, greater_is_better=greater_is_better),
        estimate=bounds[0],
        estimate_low=bounds[1],
        estimate_high=bounds[2],
    )


def _promised(seen: JudgedWindow, *, greater_is_better: bool) -> float | None:
    """What the certificate had promised: the measured value less what it is better by."""
    for one in seen.evidence:
        if (one.kind, one.subject, one.detector) == ("performance", "overall", seen.metric) and one.statistic is not None and one.effect is not None:
            return one.statistic - one.effect if greater_is_better else one.statistic + one.effect
    return None


def _changes(points: Sequence[PerformancePoint], journal: Sequence[JournalRow]) -> list[CourseMark]:
    """Where another version served: one that had served before came back."""
    found: list[CourseMark] = []
    seen: list[str] = []
    for at, group in groupby(points, key=lambda one: one.at):
        versions = dict.fromkeys(one.version for one in group)
        for version in sorted(versions, key=lambda one: bool(seen) and one != seen[-1]):  # a window judged under both ends the old one's time
            if seen and version != seen[-1]:
                found.append(_change(at, version, seen, journal))
            seen.append(version)
    return found


def _change(at: int, version: str, seen: Sequence[str], journal: Sequence[JournalRow]) -> CourseMark:
    before, again = seen[-1], version in seen
    said = f"version {version} {'came back in' if again else 'took'} the place of version {before}{_row_of(journal, version, before)}"
    return CourseMark(at=at, kind="rolled back" if again else "promoted", label=f"v{version}", text=said)


def _row_of(journal: Sequence[JournalRow], version: str, previous: str) -> str:
    """Who moved the pointer when, if the journal says so."""
    row = next((one for one in reversed(journal) if one.kind in POINTED and one.version == version and one.previous in (previous, None)), None)
    return "" if row is None else f" ({row.kind} by {row.who} on {row.at:%Y-%m-%d})"


def _refusals(
    ordered: Sequence[JudgedWindow], points: Sequence[PerformancePoint], journal: Sequence[JournalRow], *, known: Mapping[str, int]
) -> list[CourseMark]:
    """One mark a version, where it was refused last."""
    standing, found = "", {}
    for row in journal:
        if row.kind in POINTED:
            standing = row.version
        elif row.kind == "refused" and points:
            at = known[row.version] if row.version in known else _at_time(row, [one.window for one in ordered], points)
            under = max((one.at for one in points if one.version == standing), default=points[-1].at)
            text = f"version {row.version} was refused on {row.at:%Y-%m-%d}"
            found[row.version] = CourseMark(at=under if at is None else at, kind="refused", label=f"v{row.version}", text=text)
    return list(found.values())


def _at_time(row: JournalRow, windows: Sequence[Window], points: Sequence[PerformancePoint]) -> int | None:
    """The place of the last window that had begun when the row was written; None where the two clocks do not agree."""
    when = row.at.astimezone(UTC).replace(tzinfo=None)
    begun = [point.at for window, point in zip(windows, points, strict=True) if window.start is not None and window.start.replace(tzinfo=None) <= when]
    ends = [window.end.replace(tzinfo=None) for window in windows if window.end is not None]
    longest = max((window.end - window.start for window in windows if window.start is not None and window.end is not None), default=None)
    if not begun or not ends or longest is None or when > max(ends) + longest:
        return None
    return begun[-1]


def _tickets(tickets: Sequence[Ticket], places: dict[str, int]) -> list[CourseMark]:
    return [
        CourseMark(at=places[one.window], kind="ticket", label=one.ground, text=f"ticket {one.id} ({one.status})", open=one.status != "resolved")
        for one in tickets
        if one.window in places
    ]


def performance_rows(course: PerformanceCourse) -> list[tuple[object, ...]]:
    """Return the course as a table under `HEADERS`, the newest window first."""
    happened: dict[int, list[str]] = {}
    for mark in course.marks:
        happened.setdefault(mark.at, []).append(mark.text)
    rows: list[tuple[object, ...]] = []
    for one in reversed(course.points):
        numbers = (one.value, one.low, one.high, one.promised, one.estimate, one.estimate_low, one.estimate_high)
        shown = (None if value is None else round(value, 4) for value in numbers)
        rows.append((one.window, f"v{one.version}", *shown, one.labelled, "; ".join(happened.pop(one.at, ()))))
    return rows


def performance_line(course: PerformanceCourse) -> str:
    """Return in one sentence what the chart shows."""
    if not course.known:
        return "Nothing was measured yet."
    last = next(one for one in reversed(course.points) if one.value is not None or one.estimate is not None)
    value, low, high = (last.value, last.low, last.high) if last.value is not None else (last.estimate, last.estimate_low, last.estimate_high)
    bounds = "" if low is None or high is None else f" ({number(low)} to {number(high)})"
    how = "measured" if last.value is not None else "estimated before labels"
    promised = "" if last.promised is None else f", promised {number(last.promised)}"
    counts = [COUNTED[kind].format(count, "s" * (count != 1)) for kind in KINDS if (count := sum(mark.kind == kind for mark in course.marks))]
    older = f" The {course.older:,} windows before are left out." if course.older else ""
    marks = f" Marked: {', '.join(counts)}." if counts else ""
    span = f"{course.metric} of {len(course.windows)} window{'s' if len(course.windows) != 1 else ''}, {course.windows[0]} to {course.windows[-1]}"
    return f"{span}; the newest {how}: {number(value)}{bounds} in {last.window} under version {last.version}{promised}.{marks}{older}"
