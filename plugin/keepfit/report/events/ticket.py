"""A ticket's events: opened, grown, closed. The text says what the ticket said when it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepfit.records import CauseKind, Event, Evidence, Ticket
from keepfit.report.events.setting import EventSetting, typed
from keepfit.report.evidence import between, compared, way
from keepfit.report.tables import number
from keepfit.report.tickets import growth_said

CHANGED: dict[CauseKind, str] = {
    "covariate": "the inputs moved",
    "target": "the labels moved, no drift of the inputs was called",
    "concept": "errors rose, no drift of inputs or labels was called: their relation changed",
    "prediction": "the model's own outputs moved, no drift of inputs or labels was called",
}
SLICES = 3


def ticket_opened(ticket: Ticket, *, setting: EventSetting, instead_of: str = "") -> Event:
    """Return the event of a new ticket; `instead_of`: the ticket of the same cause whose acknowledgement has run out."""
    again = f"; the acknowledgement of {instead_of} ran out" if instead_of else ""
    return Event(
        key=f"ticket_opened:{ticket.model}:{ticket.id}",
        kind="ticket_opened",
        model=ticket.model,
        subject=ticket.id,
        at=ticket.opened,
        ticket=ticket.id,
        window=ticket.window,
        version=ticket.champion,
        severity=ticket.severity,
        columns=columns_of(ticket),
        slices=slices_of(ticket, setting),
        changed=setting.shown(f"{_changed(ticket, setting)}{again}"),
        affected=_affected(ticket, setting),
        bad=setting.shown(_bad(ticket)),
        proposed=_proposed(ticket, setting),
        otherwise=_otherwise(ticket),
        commands=_commands(ticket),
        link=setting.version_page(ticket.model, ticket.champion),
    )


def ticket_grown(ticket: Ticket, *, at: datetime, setting: EventSetting) -> Event:
    """Return the event of what is new of a ticket that stands: the last of `grown`; the rest is as when it was opened."""
    new, opened = ticket.grown[-1], ticket_opened(ticket, setting=setting)
    slices = setting.shown_slices(new.slices)
    said = growth_said(replace(new, slices=slices, harm=None))
    worse = "performance is surely worse than was reported before" if new.harm is not None else ""
    return replace(
        opened,
        key=f"ticket_grown:{ticket.model}:{ticket.id}:{len(ticket.grown)}",
        kind="ticket_grown",
        at=at,
        window=new.window,
        columns=tuple(dict.fromkeys((*opened.columns, *new.also))),
        slices=tuple(dict.fromkeys((*opened.slices, *slices))),
        changed=setting.shown(f"{'; '.join(filter(None, (worse, said))) or 'errors rose in more slices'} (window {new.window})"),
        bad=opened.bad if new.harm is None else compared(new.harm, "than promised", rows="labelled rows"),
    )


def ticket_closed(ticket: Ticket, *, at: datetime, setting: EventSetting, goes_on: bool = False) -> Event:
    """Return the event of a ticket that ends; `goes_on`: another ticket of the same cause is opened with it, which says so."""
    return Event(
        key=f"ticket_closed:{ticket.model}:{ticket.id}",
        kind="ticket_closed",
        model=ticket.model,
        subject=ticket.id,
        at=at,
        ticket=ticket.id,
        window=ticket.window,
        version=ticket.champion,
        severity=ticket.severity,
        columns=columns_of(ticket),
        slices=slices_of(ticket, setting),
        changed=setting.shown(ticket.note or "a person closed it without saying why"),
        proposed="nothing more; the same cause opens a new ticket if it comes back",
        commands=(typed("keepfit", "ticket", ticket.id),),
        link=setting.version_page(ticket.model, ticket.champion),
        beside="ticket_opened" if goes_on else None,
    )


def columns_of(ticket: Ticket) -> tuple[str, ...]:
    """Return the columns that a ticket is about: the root cause's, then those of its slices."""
    root = ticket.root
    found = () if root is None else (root.column, *(column for one in (*root.slices, *root.moved) for column in one.columns))
    return tuple(dict.fromkeys(column for column in found if column))


def slices_of(ticket: Ticket, setting: EventSetting) -> tuple[str, ...]:
    """Return the slices that are surely worse, or surely hold more or fewer of the rows, without those that name a hidden value."""
    root = ticket.root
    found = () if root is None else tuple(one.slice for one in (*root.slices, *root.moved) if one.low > 0 or (one.question == "share" and one.high < 0))
    return setting.shown_slices(tuple(dict.fromkeys(found)))


def _changed(ticket: Ticket, setting: EventSetting) -> str:
    root, first = ticket.root, (*ticket.reasons, ticket.cause)[0]
    if root is None or root.kind not in CHANGED or ticket.ground not in ("harm", "drift"):
        return first
    own = next((one for one in ticket.evidence if one.subject == root.column and one.effect is not None), None)
    column = f": {root.column}{'' if own is None else f' ({own.detector} {number(own.effect)})'}" if root.column else ""
    where = f", {root.where}" if root.where and not setting.hides(root.column) else ""
    since = f", since window {root.since}" if root.since not in ("", ticket.window) else ""
    return f"{CHANGED[root.kind]}{column}{where}{since}"


def _affected(ticket: Ticket, setting: EventSetting) -> str:
    root = ticket.root
    share = f"; the cause touches {root.share:.1%} of the rows" if root is not None and root.share is not None else ""
    worse = setting.shown_slices(() if root is None else tuple(one.slice for one in root.slices if one.low > 0))
    return f"{ticket.affected}{share}{f'; surely worse where {_some(worse)}' if worse else ''}"


def _bad(ticket: Ticket) -> str:
    """How bad it is: by the labels where there are any, else by how far the data moved."""
    root = ticket.root
    if ticket.ground == "regret" and (former := _first(ticket, "regret")) is not None:
        return f"version {former.subject} has {_gain(former)}"
    if ticket.ground in ("debt", "opportunity") and (scout := _first(ticket, "scout")) is not None:
        return f"a retraining to the window before has {_gain(scout)}"
    if root is not None and root.harm is not None and root.harm.effect is not None:
        return compared(root.harm, "than promised", rows="labelled rows")
    own = [one for one in ticket.evidence if root is not None and one.subject == root.column and one.effect is not None]
    moved = f"{own[0].detector} {number(own[0].effect)} of {own[0].subject} on {own[0].n:,} rows; " if own and ticket.ground == "drift" else ""
    return f"{moved}performance was not measured" + ("" if ticket.ground in ("schema", "quality") else ": no labels, or nothing was promised")


def _gain(one: Evidence) -> str:
    bounds = f" ({between(one.low, one.high)})" if one.low is not None and one.high is not None else ""
    return f"{one.detector} {way(one.effect)}{bounds} on {one.n:,} rows"


def _proposed(ticket: Ticket, setting: EventSetting) -> str:
    if ticket.action == "improve":
        return "a retraining; its branch is opened without being asked for" if setting.retrains else "a retraining, on a branch for review"
    if ticket.action == "rollback":
        return f"back to version {ticket.target}"
    if asks_about_window(ticket):
        return "somebody decides on the window: leave it out, or accept it as it is"
    return (
        (*ticket.reasons[1:2], "somebody looks at it")[0] if ticket.ground in ("schema", "quality") else "somebody looks at it: a retraining is not what helps"
    )


def asks_about_window(ticket: Ticket) -> bool:
    """Whether a ticket asks what to do with its window's rows."""
    return ticket.action == "inspect" and any(command.split()[1:3] == ["window", "exclude"] for command in ticket.next)


def _otherwise(ticket: Ticket) -> str:
    scores = f"rows go on being scored by version {ticket.champion}"
    if ticket.action == "rollback":
        return f"nothing is rolled back by itself; {scores}"
    if asks_about_window(ticket):
        return f"window {ticket.window} trains and judges no model until then; {scores}"
    scout = _first(ticket, "scout")
    if ticket.ground in ("debt", "opportunity") and scout is not None and (scout.effect or 0.0) > 0:
        return f"nothing is promoted by itself; {scores}; the debt grows by about {number(scout.effect)} {scout.detector} a window"
    return f"nothing is promoted by itself; {scores}{', and the loss goes on' if ticket.ground == 'harm' else ''}"


def _commands(ticket: Ticket) -> tuple[str, ...]:
    explain = typed("keepfit", "explain", ticket.id)
    if ticket.action == "improve":
        return (explain, typed("keepfit", "improve", ticket.id))
    if ticket.action == "rollback":
        return (explain, typed("keepfit", "rollback", ticket.model, "--reason", "…"))
    if asks_about_window(ticket):
        return (explain, typed("keepfit", "window", "exclude", ticket.window, "--reason", "…"))
    return (explain, typed("keepfit", "resolve", ticket.id, "--reason", "…"))


def _first(ticket: Ticket, kind: str) -> Evidence | None:
    return next((one for one in ticket.evidence if one.kind == kind and one.effect is not None), None)


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:SLICES]) + (f" and {len(names) - SLICES} more" if len(names) > SLICES else "")
