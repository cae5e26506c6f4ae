"""Tickets as text for people: a list, or one whole. A function record -> text: same record, same bytes."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.records import Evidence, Growth, Ticket
from keepfit.report.evidence import SIDED, between, compared, difference_cells, note_of, value_of, with_value
from keepfit.report.tables import inline, markdown_table, number

SHOWN, NAMED = 10, 5


def tickets_table(tickets: Sequence[Ticket]) -> str:
    """Return one line a ticket: id, what to do, how bad it is, its cause, since which window, its status."""
    rows = [(t.id, t.action, t.severity, t.cause, t.window, status_text(t)) for t in tickets]
    return markdown_table(("ticket", "action", "severity", "cause", "window", "status"), rows)


def status_text(ticket: Ticket) -> str:
    """Return the status with what belongs to it: until when it is acknowledged, which branch is open."""
    until = f" until {ticket.until:%Y-%m-%d}" if ticket.status == "acknowledged" and ticket.until else ""
    branch = f", branch {ticket.branch}" if ticket.branch and ticket.status != "resolved" else ""
    return f"{ticket.status}{until}{branch}"


def ticket_markdown(ticket: Ticket) -> str:
    """Return as Markdown everything a person on call needs: why, what it explains, who is affected, what to type next."""
    bad = f" ({ticket.severity})" if ticket.severity else ""
    head = [
        f"ticket {ticket.id}{bad}: {ticket.action}, on the ground of {ticket.ground} ({ticket.cause})",
        f"model {ticket.model}, champion {ticket.champion}, window {ticket.window}, opened {ticket.opened:%Y-%m-%d %H:%M}, {status_text(ticket)}",
    ]
    note = [f"note: {ticket.note}"] if ticket.note else []
    lines = [inline(line) for line in (*head, *note, f"affected: {ticket.affected}", "why:")]
    lines += [f"  - {inline(reason)}" for reason in ticket.reasons[:SHOWN]]
    lines += [inline(f"since then, in window {one.window}: {growth_said(one)}") for one in ticket.grown[-SHOWN:]]
    if ticket.evidence:
        lines += ["", _evidence_table(ticket.evidence)]
    if commands := commands_of(ticket):
        lines += ["next:", *(f"  {inline(command)}" for command in commands)]
    return "\n".join(lines).rstrip("\n") + "\n"


def growth_said(new: Growth) -> str:
    """Return what is new of a ticket that stands.

    >>> growth_said(Growth(window="2013-05", severity="critical", also=("temp", "wind"), slices=("carrier=UA",)))
    'it is critical by now; also changed or broken: temp, wind; errors rose where carrier=UA'
    """
    said = [f"it is {new.severity} by now"] if new.severity is not None else []
    said += [f"also changed or broken: {_some(new.also)}"] if new.also else []
    said += [f"errors rose where {_some(new.slices)}"] if new.slices else []
    harm = "" if new.harm is None else compared(new.harm, "than promised", rows="labelled rows")
    return "; ".join([*said, *([f"performance is surely worse than was reported before: {harm}"] if harm else [])])


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def commands_of(ticket: Ticket) -> tuple[str, ...]:
    """Return what to type next: nothing for a resolved ticket; where its branch is there, accepting the candidate takes the place of making it."""
    if ticket.status == "resolved":
        return ()
    made = f"keepfit improve {ticket.id}" if ticket.branch else None
    return tuple(f"keepfit accept {ticket.id}" if command == made else command for command in ticket.next)


def _evidence_table(evidence: Sequence[Evidence]) -> str:
    told = with_value(evidence)
    rows = [(one.kind, one.subject, one.detector, value_of(one), difference_cells(one)[0], _bounds(one), one.n, note_of(one)) for one in told[:SHOWN]]
    more = f"… and {len(told) - SHOWN} more\n" if len(told) > SHOWN else ""
    return markdown_table(("kind", "subject", "measure", "value", "effect", "bounds", "rows", "note"), rows) + more


def _bounds(one: Evidence) -> str | None:
    if one.low is None or one.high is None:
        return None
    return between(one.low, one.high) if one.kind in SIDED else f"{number(one.low)} to {number(one.high)}"
