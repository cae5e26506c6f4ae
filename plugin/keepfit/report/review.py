"""REVIEW.md: what a person needs to say yes or no to a retraining, with the commands that come next: the verdict, the rows that decide, then why and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keepfit.evaluate.cure import Cure
from keepfit.records import Composition, Impact, Probation, Scorecard, Ticket
from keepfit.report.evidence_lines import evidence_lines
from keepfit.report.five_rows import FIVE, first_rows
from keepfit.report.probation import promise_line
from keepfit.report.tables import inline, number
from keepfit.report.version_page import passed, score_table, verdict_line, worth_line
from keepfit.report.what_changed import WhatChanged, data_said, expectations_said, metrics_said, params_said

REASONS, WINDOWS = 3, 10  # the page is read in a diff: it has less than 100 lines


@dataclass(frozen=True, kw_only=True)
class Review(WhatChanged):
    """One retraining: why, on which data, with which params, how good, against what.

    `newer` is what a window of newer data has brought, if known; `impact` what the candidate is worth (None: a first model), `promotions` those before it.
    """

    composition: Composition
    ticket: Ticket
    branch: str
    base_branch: str
    base: str
    version: str | None
    page: str | None
    windows: Sequence[str]
    next: Sequence[str] = field(default_factory=tuple)
    cure: Cure | None = None
    newer: float | None = None
    impact: Impact | None = None
    promotions: Sequence[Probation] = ()


def review_text(review: Review) -> str:
    """Return the whole page, of less than 100 lines; the same review gives the same bytes."""
    parts = [_head(review), _quality(review), _why(review), _data(review), f"## Params and decision\n\n{params_said(review)}", _metrics(review), _next(review)]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def _head(review: Review) -> str:
    version = f"version {review.version} of {review.ticket.model}" if review.version else f"a candidate for {review.ticket.model}"
    shown = f"[{inline(version)}]({review.page})" if review.page else inline(version)
    base = f"branch `{review.branch}`, from {inline(review.base_branch)} at {review.base[:12]}"
    worth = worth_line(review.scorecard, newer=review.newer)
    line = f"**{inline(review_line(review.scorecard, review.cure))}**: {shown}, {base}."
    return f"# Retraining for {inline(review.ticket.id)}\n\n{line}{worth and ' '}{inline(worth, max_chars=400)}"


def review_line(card: Scorecard, cure: Cure | None) -> str:
    """Return the verdict in one sentence; of a candidate that passes and leaves the harm that asked for it, that too."""
    verdict = verdict_line(card)
    if cure is None or cure.holds or not passed(card):
        return verdict
    if cure.value is None or cure.missing is None:
        return f"{verdict}, but it is not known if it cures the harm: {cure.metric} of {cure.subject} was not measured"
    return (
        f"{verdict}, but does not cure the harm: {cure.metric} of {cure.subject} is {number(cure.value)}, {number(cure.missing)} worse than promised "
        f"({number(cure.promised)}), allowed is {number(cure.allowed)}"
    )


def _why(review: Review) -> str:
    ticket = review.ticket
    reasons = "\n".join(f"- {inline(reason)}" for reason in ticket.reasons[:REASONS])
    more = f"\n- and {len(ticket.reasons) - REASONS} more: `keepfit ticket {inline(ticket.id)}`" if len(ticket.reasons) > REASONS else ""
    return f"## Why\n\nGround {inline(ticket.ground)}, cause {inline(ticket.cause)}; {inline(ticket.affected)}.\n\n{reasons}{more}"


def _data(review: Review) -> str:
    added = ", ".join(map(inline, review.windows[:WINDOWS])) or "none"
    more = f" and {len(review.windows) - WINDOWS} more" if len(review.windows) > WINDOWS else ""
    return f"## Data\n\n{data_said(review, added=f'Windows added: {added}{more}. ')}"


def _quality(review: Review) -> str:
    """The rows that decide, the expectations that do not hold, then a line each of what is known beside them."""
    lines = "\n".join(f"- {line}" for line in (*evidence_lines(review.scorecard, review.impact), *_promise(review)))
    parts = ["## Quality", score_table(first_rows(review.scorecard), most=FIVE).rstrip("\n"), expectations_said(review), lines]
    return "\n\n".join(part for part in parts if part)


def _promise(review: Review) -> list[str]:
    """What the last promotion promised and delivered."""
    last = promise_line(review.promotions)
    return [f"Last time: {last}"] if last else []


def _metrics(review: Review) -> str:
    more = "All slices: SCORECARD.md; all rows: COMPOSITION.md; the data's expectations: validation.md."
    return "\n\n".join(part for part in ("## Metrics", metrics_said(review), more) if part)


def _next(review: Review) -> str:
    return "\n".join(["## Next", "", "```", *review.next, "```"]) if review.next else ""
