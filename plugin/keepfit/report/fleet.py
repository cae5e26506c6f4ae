"""A fleet as text: one line a model, worst first, and what adds up over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from keepfit.records.fleet import FleetLine, Unwatched
from keepfit.report.tables import NOTHING, inline, markdown_table, number, shorten

DETAIL = 70
HEADINGS = ("model", "state", "champion", "last look", "labels until", "tickets", "waivers", "alerts", "dead", "why")


def fleet_table(lines: Sequence[FleetLine]) -> str:
    """Return the table and, below it, the sum of its lines.

    `champion` is its version and how old its data is, `tickets` are the open ones by severity, `alerts` the windows in which a change was called for the
    first time, of how many windows; below, what the promises allow all of them together.
    """
    rows = [
        (line.model, line.state, _champion(line), _look(line), _labels(line), _tickets(line), line.waivers, _alerts(line), line.dead or None, _why(line))
        for line in lines
    ]
    return markdown_table(HEADINGS, rows) + "\n" + inline(fleet_sum(lines)) + "\n"


def fleet_sum(lines: Sequence[FleetLine]) -> str:
    """Return one sentence over all lines: how many models in which state, open tickets, and alerts beside what the promises allow.

    >>> fleet_sum([FleetLine(model="a", folder="a", state="ok", windows=24, alerts=1, promised=0.024), FleetLine(model="b", folder="b", state="broken")])
    '2 models: 1 broken, 1 ok; no open ticket; 1 alert in 24 windows, of which the promises let .024 be false'
    """
    states = Counter(line.state for line in lines)
    open_ = sum(sum(line.tickets.values()) for line in lines)
    tickets = f"{number(open_)} open ticket{'s' * (open_ != 1)}" if open_ else "no open ticket"
    listed = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return f"{len(lines)} model{'s' * (len(lines) != 1)}: {listed or 'none'}; {tickets}{_budget(lines)}"


def unwatched_table(found: Sequence[Unwatched]) -> str:
    """Return one line for each model that nobody watches: its version, where it is, why."""
    rows = [(one.model, None if one.version is None else f"v{one.version}", one.folder or one.server, shorten(one.why, 2 * DETAIL)) for one in found]
    return markdown_table(("model", "champion", "where", "why"), rows)


def _budget(lines: Sequence[FleetLine]) -> str:
    under = [line for line in lines if line.promised is not None and line.windows]
    if not under:
        return ""
    alerts, windows = sum(line.alerts for line in under), sum(line.windows for line in under)
    allowed = sum(line.promised or 0.0 for line in under)
    may = f"{allowed:.2g}".removeprefix("0")
    return f"; {number(alerts)} alert{'s' * (alerts != 1)} in {number(windows)} window{'s' * (windows != 1)}, of which the promises let {may} be false"


def _champion(line: FleetLine) -> str | None:
    if line.version is None:
        return None
    return f"v{line.version}" + ("" if line.age_days is None else f", {days(line.age_days)}")


def _look(line: FleetLine) -> str | None:
    return None if line.window is None else f"{line.window}, {days(line.look_days)}"


def _labels(line: FleetLine) -> str | None:
    return None if line.labelled_until is None else f"{line.labelled_until:%Y-%m-%d}, {days(line.labels_days)}"


def _tickets(line: FleetLine) -> str | None:
    said = [f"{count} {severity}" for severity, count in line.tickets.items()]
    said += [f"{line.acknowledged} acknowledged"] if line.acknowledged else []
    return ", ".join(said) or None


def _alerts(line: FleetLine) -> str | None:
    return f"{line.alerts} of {line.windows}" if line.windows and line.promised is not None else None


def _why(line: FleetLine) -> str:
    return shorten(line.detail, DETAIL) if line.state != "ok" else ""


def days(age: float | None) -> str:
    """Return an age in days for people.

    >>> days(0.4), days(41.3), days(None)
    ('0 d', '41 d', '–')
    """
    return NOTHING if age is None else f"{number(float(round(age)))} d"
