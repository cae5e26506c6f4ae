"""One line of a fleet: the state of a model, from what its project and its ledger hold; and the order of lines, worst first.

A promise of false alerts is given over many windows: of one model a handful say nothing of it, of a fleet they do (`promised` adds up).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from keepfit.monitor.measures import is_of_source
from keepfit.records import JudgedWindow, Severity, Ticket
from keepfit.records.fleet import FleetLine, FleetState

OVERDUE = 2
"""A model is unmonitored when its newest window ended more than so many of its own length ago: at least one whole window was missed."""
ORDER: tuple[FleetState, ...] = ("broken", "blocked", "silent", "unmonitored", "ticket", "ok")
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class LookedAt:
    """A window of a model: when it was, how many of its rows have labels, and whether a change was called in it for the first time.

    `blocked` is its whole record while it waits for a person, else None.
    """

    window: str
    champion: str
    start: datetime | None
    end: datetime | None
    labelled: int = 0
    alert: bool = False
    blocked: JudgedWindow | None = None


@dataclass(frozen=True, kw_only=True)
class FleetFacts:
    """What is known of a model: its `windows` newest first, its `tickets` that are not resolved, its champion's `version` (None: it has none yet).

    `promise` is how many windows in 1,000 may raise a false alert, None under a rule that promises nothing.
    """

    model: str
    folder: str
    version: str | None
    trained_until: datetime | None
    windows: Sequence[LookedAt] = ()
    tickets: Sequence[Ticket] = ()
    dead: int = 0
    promise: float | None = None


def broken_line(*, model: str, folder: str, error: str, fix: str | None) -> FleetLine:
    """Return the line of a project that cannot be read."""
    return FleetLine(model=model, folder=folder, state="broken", detail=error, fix=fix or "")


def fleet_line(facts: FleetFacts, *, now: datetime) -> FleetLine:
    """Return the line of a model at `now`, in the model's clock."""
    newest = next(iter(facts.windows), None)
    labelled = next((one.end for one in facts.windows if one.labelled), None)
    looks = {one.window for one in facts.windows}
    standing = [one for one in facts.tickets if _stands(one, now)]
    state, detail, fix = _state(facts, standing, now)
    return FleetLine(
        model=facts.model,
        folder=facts.folder,
        state=state,
        detail=detail,
        fix=fix,
        version=facts.version,
        trained_until=facts.trained_until,
        age_days=_days(facts.trained_until, now),
        window=None if newest is None else newest.window,
        last_look=None if newest is None else newest.end,
        look_days=None if newest is None else _days(newest.end, now),
        labelled_until=labelled,
        labels_days=_days(labelled, now),
        tickets=_by_severity(standing),
        acknowledged=len(facts.tickets) - len(standing),
        windows=len(looks),
        alerts=len({one.window for one in facts.windows if one.alert}),
        promised=None if facts.promise is None else len(looks) * facts.promise / 1000,
        dead=facts.dead,
    )


def by_risk(lines: Iterable[FleetLine]) -> tuple[FleetLine, ...]:
    """Return the lines, worst first: a critical ticket, then by state, by severity, by messages that were given up, by how long nobody looked."""

    def risk(line: FleetLine) -> tuple[object, ...]:
        counts = tuple(-line.tickets.get(severity, 0) for severity in SEVERITIES)
        return (not line.tickets.get("critical"), ORDER.index(line.state), *counts, -line.dead, -(line.look_days or 0.0), line.model, line.folder)

    return tuple(sorted(lines, key=risk))


def _state(facts: FleetFacts, standing: Sequence[Ticket], now: datetime) -> tuple[FleetState, str, str]:
    """The worst that holds of a model, why, and what to do about it."""
    newest = next(iter(facts.windows), None)
    waiting = [one.blocked for one in facts.windows if one.blocked is not None and newest is not None and one.champion == newest.champion]
    silent = [seen for seen in waiting if any(is_of_source(one) and one.effect for one in seen.evidence)]
    if len(waiting) > len(silent):
        oldest = next(seen for seen in reversed(waiting) if seen not in silent).window.id
        return "blocked", f"{oldest} waits for a person: {_first_reason(waiting)}", f"keepfit window accept|exclude {oldest} --reason …"
    if silent:
        return "silent", f"no more rows came in {silent[-1].window.id}", "look at the source of data.live"
    if newest is None:
        first = facts.version is None
        return "unmonitored", "it has no champion yet" if first else "no window was ever judged", "" if first else "keepfit monitor"
    if is_overdue(newest, now):
        return "unmonitored", f"the newest window, {newest.window}, is older than {OVERDUE} of its length", "keepfit monitor, and its schedule"
    if standing:
        worst = min(standing, key=lambda one: SEVERITIES.index(one.severity or "warning"))
        return "ticket", f"{worst.id}: {worst.cause}", f"keepfit ticket {worst.id}"
    return "ok", "", ""


def is_overdue(newest: LookedAt, now: datetime) -> bool:
    """Whether a model's newest window ended more than two of its length ago."""
    return newest.start is not None and newest.end is not None and now - newest.end > OVERDUE * (newest.end - newest.start)


def _first_reason(waiting: Sequence[JudgedWindow]) -> str:
    return next((reason for seen in reversed(waiting) for reason in seen.decision.reasons), "its expectations failed")


def _stands(ticket: Ticket, now: datetime) -> bool:
    """Whether a ticket is open; one that was acknowledged is again when its time is over."""
    return ticket.status == "open" or (ticket.status == "acknowledged" and ticket.until is not None and ticket.until <= now)


def _by_severity(tickets: Iterable[Ticket]) -> dict[Severity, int]:
    """How many there are of each; one of an older keepfit, without a severity, is a warning."""
    counts = Counter(one.severity or "warning" for one in tickets)
    return {severity: counts[severity] for severity in SEVERITIES if counts[severity]}


def _days(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else round((now - moment) / DAY, 2)
