"""What a reviewer is to know beside the rows that decide, a line each: what one page names, all name (REVIEW.md, the comment on a pull request)."""

from __future__ import annotations

from keepfit.records import Scorecard
from keepfit.report.attempts import attempts_summary
from keepfit.report.behaviour import behaviour_summary
from keepfit.report.forgetting import forgetting_summary
from keepfit.report.impact import impact_summary
from keepfit.report.tables import inline


def evidence_lines(card: Scorecard) -> list[str]:
    """Return the lines as Markdown, none of what the scorecard does not say: the gain on rows that no rule saw, the past, behaviour, and what it is worth."""
    worth = "" if card.impact is None else inline(impact_summary(card.impact))
    said = (attempts_summary(card), forgetting_summary(card), behaviour_summary(card), worth)
    return [line for line in said if line]
