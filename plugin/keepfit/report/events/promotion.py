"""The events of the champion: promoted, refused, rolled back, as the gate's journal has them; and what a promotion's probation found in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from keepfit.gate.history import CODE
from keepfit.records import Event, EventKind, GainInterval, JournalKind, JournalRow, Probation, Severity
from keepfit.report.events.setting import EventSetting, typed
from keepfit.report.impact import amount

KINDS: dict[JournalKind, EventKind] = {"promoted": "promoted", "rolled back": "rolled_back", "refused": "promotion_refused"}
SEVERITY: dict[EventKind, Severity] = {"promoted": "info", "rolled_back": "warning", "promotion_refused": "warning"}


def moves(rows: Sequence[JournalRow], *, after: int, clock: Iterable[datetime], setting: EventSetting) -> tuple[Event, ...]:
    """Return the events of one model's rows behind the number `after`, oldest first; `clock`: each row's time in the table's clock.

    A refusal that says what the row before it said is the same one, asked for again: it is no news. Rows of other kinds are no events.
    """
    found, last = [], None
    for row, at in zip(rows, clock, strict=True):
        again = last is not None and (row.kind, row.version, row.target, row.text) == (last.kind, last.version, last.target, last.text)
        if row.id > after and row.kind in KINDS and not row.target.startswith(CODE) and not (again and row.kind == "refused"):
            found.append(_moved(row, at, setting))
        last = row
    return tuple(found)


def _moved(row: JournalRow, at: datetime, setting: EventSetting) -> Event:
    kind, before = KINDS[row.kind], f"version {row.previous}" if row.previous else "no model"
    refused = kind == "promotion_refused"
    pinned = not refused and row.version == setting.pinned
    judged = "which keepfit monitor judges" if pinned else "and keepfit monitor goes on to judge the one that is pinned"
    serves = f"rows are scored by version {row.version}, {judged}"
    pin = "nothing: it is pinned" if pinned else "pin the new champion, which ends the tickets that asked for it"
    history = typed("keepfit", "history", row.model)
    return Event(
        key=f"{kind}:{row.model}:{row.id}:{row.hash[-12:]}",
        kind=kind,
        model=row.model,
        subject="champion",
        at=at,
        version=row.version,
        severity=SEVERITY[kind],
        changed=row.text if refused else f"{row.who} moved {row.target} from {before} to version {row.version}",
        affected=f"{row.who} asked for {row.target}; nothing has moved" if refused else "every row that is scored from now on",
        bad="" if refused else row.text,
        proposed="see every demand and what would meet it" if refused else pin,
        otherwise="rows go on being scored by the version before" if refused else serves,
        commands=(typed("keepfit", "gate", "explain", row.model, row.version),) if refused else (history,) if pinned else ("keepfit sync", history),
        link=setting.version_page(row.model, row.version),
    )


def probation_ended(found: Probation, *, at: datetime, setting: EventSetting) -> Event:
    """Return the event of a probation that is over: what was promised, and what later labels delivered."""
    first = found.kept[0] if found.kept else None
    promised, delivered = (None, None) if first is None else (first.promised, first.delivered)
    worse, unit = delivered is not None and delivered.high is not None and delivered.high < 0, "" if first is None else f" {first.unit}"
    return Event(
        key=f"probation_ended:{found.model}:{found.champion[-12:]}:{found.displaced[-12:]}",
        kind="probation_ended",
        model=found.model,
        subject="champion",
        at=at,
        version=found.version,
        window=found.windows[-1].window if found.windows else None,
        severity="warning" if worse else "info",
        changed=f"promised {_gain(promised, unit)} over version {found.displaced_version}; later labels delivered {_gain(delivered, unit)}",
        affected=f"{found.rows:,} labelled rows of {len(found.windows)} windows judged it",
        bad="it is surely worse than the version that it displaced" if worse else "",
        proposed=f"back to version {found.displaced_version}" if worse else "nothing: it is watched as any champion",
        otherwise=f"rows go on being scored by version {found.version}; nothing is rolled back by itself",
        commands=(typed("keepfit", "rollback", found.model, "--reason", "…"),) if worse else (typed("keepfit", "impact", found.model),),
        link=setting.version_page(found.model, found.version),
    )


def _gain(found: GainInterval | None, unit: str) -> str:
    if found is None:
        return "nothing that is known"
    interval = "" if found.low is None or found.high is None else f" ({amount(found.low)} to {amount(found.high)})"
    return f"{amount(found.gain)}{unit}{interval}"
