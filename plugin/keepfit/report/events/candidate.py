"""A candidate's events: ready for review, failed, or in need of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepfit.evaluate.cure import Cure
from keepfit.records import Event, EventKind, Scorecard, ScoreRow, Severity, Ticket
from keepfit.report.events.setting import EventSetting, typed
from keepfit.report.evidence import between, way
from keepfit.report.review import review_line
from keepfit.report.version_page import failing_expectations, failing_rows, open_rows, passed
from keepfit.slices.name import OVERALL


@dataclass(frozen=True, kw_only=True)
class MadeCandidate:
    """A candidate as it was made: the ticket that it answers, its commit on its branch, its version (None: this server does not know it).

    `review` is the command that shows what there is to read.
    """

    ticket: Ticket
    branch: str
    commit: str
    version: str | None
    card: Scorecard
    cure: Cure | None
    review: str


def candidate_kind(card: Scorecard) -> EventKind:
    """Return what became of a candidate: undecided where nothing speaks against it but rows that are too few, or that a person has to approve."""
    against = failing_rows(card)
    if failing_expectations(card) or any(row.status != "undecided" for row in against):
        return "candidate_refused"
    return "candidate_undecided" if against or open_rows(card) else "candidate_ready"


PROPOSED: dict[EventKind, str] = {
    "candidate_ready": "read the review, then accept it",
    "candidate_undecided": "somebody approves what is undecided, or waits for more labels",
    "candidate_refused": "nothing is to be promoted; read why, change the recipe, or close the ticket",
}
SEVERITY: dict[EventKind, Severity] = {"candidate_ready": "info", "candidate_undecided": "warning", "candidate_refused": "warning"}


def candidate_made(made: MadeCandidate, *, at: datetime, setting: EventSetting) -> Event:
    """Return the event of a candidate, once for each."""
    kind, ticket, card = candidate_kind(made.card), made.ticket, made.card
    serving = f"version {card.champion.version}" if card.champion else "no model"
    accept = typed("keepfit", "accept", ticket.id, *(("--approve", "--reason", "…") if open_rows(card) else ()))
    second = accept if passed(card) else typed("keepfit", "resolve", ticket.id, "--reason", "…")
    return Event(
        key=f"{kind}:{ticket.model}:{ticket.id}:{made.commit[:12]}",
        kind=kind,
        model=ticket.model,
        subject=ticket.id,
        at=at,
        ticket=ticket.id,
        window=ticket.window,
        version=made.version,
        branch=made.branch,
        severity=SEVERITY[kind],
        slices=setting.shown_slices(tuple(dict.fromkeys(row.slice for row in (*failing_rows(card), *open_rows(card)) if row.slice != OVERALL))),
        changed=setting.shown(f"{made.branch} {review_line(card, made.cure)}"),
        affected=f"judged on {card.n:,} rows that are later than its training, against {serving}" if card.basis == "later" else f"judged on {card.n:,} rows",
        bad=_how_good(card),
        proposed=PROPOSED[kind],
        otherwise=f"nothing is promoted by itself; rows go on being scored by {serving}",
        commands=(made.review, second),
        link=setting.version_page(ticket.model, made.version),
    )


def _how_good(card: Scorecard) -> str:
    row = next((one for one in card.judged_rows if (one.slice, one.metric) == (OVERALL, card.metric)), None)
    return "its metric was not measured" if row is None or row.challenger is None else _against(row, None if card.champion is None else card.champion.version)


def _against(row: ScoreRow, champion: str | None) -> str:
    value = f"{row.metric} {row.challenger:.4g}"
    if row.difference is None or champion is None:
        return f"{value} on {row.n:,} rows"
    bounds = f" ({between(row.low, row.high)})" if row.low is not None and row.high is not None else ""
    return f"{value}, {way(row.difference)} than version {champion}{bounds} on {row.n:,} rows"
