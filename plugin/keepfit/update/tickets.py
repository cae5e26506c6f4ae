"""Tickets: one root cause with all that it explains, who is affected, and the next commands to type.

A cause that still has a ticket gets no second one (`standing`): not while it is open, nor until its acknowledgement runs out.
Pure values in and out: the ledger keeps them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from keepfit.monitor.evidence import DRIFT
from keepfit.monitor.new_classes import asking
from keepfit.records import Decision, Evidence, RootCause, Severity, Ticket, Window
from keepfit.update.rootcause import WITHIN, cause_over_time
from keepfit.update.severity import severity

EVIDENCE_KEPT = 30


def ticket_for(
    decision: Decision, evidence: Sequence[Evidence], *, model: str, champion: str, window: Window, opened: datetime, root: RootCause | None = None
) -> Ticket:
    """Return the ticket of a decision that asks for something; `champion` is its version, `opened` the policy's now.

    The id is the window and the ground, so a rerun of the same window gives the same ticket. A `continue` is a `ValueError`.
    """
    if decision.ground is None or decision.cause is None:
        raise ValueError(f"no ticket for {decision.action!r} on {decision.window}")
    ticket_id = f"{window.id}-{decision.ground}"
    return Ticket(
        id=ticket_id,
        model=model,
        champion=champion,
        action=decision.action,
        ground=decision.ground,
        cause=cause_over_time(decision, root),
        window=window.id,
        opened=opened,
        target=decision.target,
        reasons=decision.reasons,
        evidence=_worth_keeping(evidence),
        affected=_affected(evidence, window),
        next=_next(decision, ticket_id, model=model),
        root=root,
        severity=severity_of(decision, root),
    )


def severity_of(decision: Decision, root: RootCause | None) -> Severity:
    """Return how bad what lies behind a decision that asks for something is."""
    return "info" if decision.ground is None else severity(decision.ground, root, within=(decision.cause or "").endswith(f":{WITHIN}"))


def standing(tickets: Iterable[Ticket], decision: Decision, *, now: datetime, root: RootCause | None = None) -> Ticket | None:
    """Return the unresolved ticket with the decision's (root) cause, None if there is none or its acknowledgement has run out.

    >>> standing((), Decision(window="w", action="continue", ground=None, cause=None, target=None, reasons=()), now=datetime(2013, 3, 1))
    """
    same = (ticket for ticket in tickets if ticket.cause == cause_over_time(decision, root) and ticket.status != "resolved")
    return next((ticket for ticket in same if not _run_out(ticket, now)), None)


def resolved(ticket: Ticket, note: str) -> Ticket:
    """Return the ticket closed, with why."""
    return replace(ticket, status="resolved", until=None, note=note)


def with_own_id(ticket: Ticket, taken: Collection[str]) -> Ticket:
    """Return the ticket with an id that is not taken: after a rollback a window may be judged, and asked about, a second time."""
    number, name = 1, ticket.id
    while name in taken:
        number += 1
        name = f"{ticket.id}-{number}"
    return replace(ticket, id=name, next=tuple(command.replace(ticket.id, name) for command in ticket.next))


def _run_out(ticket: Ticket, now: datetime) -> bool:
    return ticket.status == "acknowledged" and ticket.until is not None and ticket.until <= now


def _worth_keeping(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Classes that are not listed and all that is not drift, then the largest drift effects, at most thirty in all."""
    other = [*asking(evidence), *(one for one in evidence if one.kind not in DRIFT)]
    drift = sorted((one for one in evidence if one.kind in DRIFT and one not in other), key=lambda one: (-(one.effect or 0.0), one.subject, one.detector))
    return tuple([*other, *drift][:EVIDENCE_KEPT])


def _affected(evidence: Sequence[Evidence], window: Window) -> str:
    rows = max((one.n for one in evidence if one.kind != "regret"), default=0)  # regret looks at all rows since the promotion
    return f"{rows:,} rows of window {window.id}" if rows else f"window {window.id}"


def _next(decision: Decision, ticket_id: str, *, model: str) -> tuple[str, ...]:
    first = {
        "improve": (f"keepfit improve {ticket_id}",),
        "rollback": (f"keepfit rollback {model} --reason '…'",),
        "inspect": (f"keepfit window exclude {decision.window} --reason '…'", f"keepfit window accept {decision.window} --reason '…'"),
    }.get(decision.action, ())
    first = first if decision.ground not in ("drift", "harm") or decision.action != "inspect" else ()  # the rows are sound, there is nothing to exclude
    return (*first, f"keepfit explain {ticket_id}", f"keepfit ack {ticket_id} --until DATE", f"keepfit resolve {ticket_id} --reason '…'")
