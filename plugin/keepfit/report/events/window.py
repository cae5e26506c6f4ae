"""A window's events: blocked, or without rows though they were due."""

from __future__ import annotations

from datetime import datetime

from keepfit.monitor.measures import is_of_source
from keepfit.records import Event, JudgedWindow, Ticket
from keepfit.report.events.setting import EventSetting, typed


def is_reported(waiting: int) -> bool:
    """Whether a window is reported that is blocked as the n-th of one ticket: the 1st, 2nd, 4th, 8th and so on.

    Whoever was called for a cause hears again when twice as many windows wait for an answer, and not once a window.

    >>> [count for count in range(1, 40) if is_reported(count)]
    [1, 2, 4, 8, 16, 32]
    """
    return waiting > 0 and waiting & (waiting - 1) == 0


def window_waits(seen: JudgedWindow, ticket: Ticket | None, *, waiting: int, opened: bool, at: datetime, setting: EventSetting) -> Event:
    """Return the event of a blocked window: `no_rows` where the source fell silent; `waiting` windows, this one too, are blocked by the same `ticket`.

    `opened`: the ticket was opened for it, and its own event says the same.
    """
    silent = any(is_of_source(one) and one.effect for one in seen.evidence)
    kind, window = ("no_rows" if silent else "window_blocked"), seen.window.id
    why = (*seen.decision.reasons, *seen.notes, "an expectation of the whole window failed")[0]
    more = f"; {waiting} windows wait by now" if waiting > 1 else ""
    fix = "see why the source is silent; the window is judged when its rows come" if silent else "decide on the window: leave it out, or accept it as it is"
    return Event(
        key=f"{kind}:{seen.model}:{window}:{seen.champion[-12:]}",
        kind="no_rows" if silent else "window_blocked",
        model=seen.model,
        subject=window if ticket is None else ticket.id,
        at=at,
        ticket=None if ticket is None else ticket.id,
        window=window,
        version=seen.version,
        severity="critical" if ticket is None else ticket.severity,
        columns=() if ticket is None or ticket.root is None or not ticket.root.column else (ticket.root.column,),
        changed=setting.shown(f"{why}{more}"),
        affected=f"{seen.rows:,} rows of window {window}",
        bad="the rows that came are no fair sample of their time" if silent else "performance was not measured",
        proposed=fix,
        otherwise=f"the window trains and judges no model until then; rows go on being scored by version {seen.version}",
        commands=(
            *(() if ticket is None else (typed("keepfit", "explain", ticket.id),)),
            typed("keepfit", "window", "exclude", window, "--reason", "…"),
        ),
        link=setting.version_page(seen.model, seen.version),
        beside="ticket_opened" if opened else None,
    )
