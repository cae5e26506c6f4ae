"""What a reviewer is to know beside the rows that decide, a line each: what one page names, all name (REVIEW.md, the comment on a pull request)."""

from __future__ import annotations

from keepfit.records import Impact, Scorecard
from keepfit.report.attempts import attempts_summary
from keepfit.report.behaviour import behaviour_summary
from keepfit.report.forgetting import forgetting_summary
from keepfit.report.impact import impact_line


def evidence_lines(card: Scorecard, impact: Impact | None = None) -> list[str]:
    """Return the lines as Markdown, none of what is not known: the gain on rows that no rule saw, the past, behaviour, and what it is worth.

    `impact` is what is known of its worth where that is more than the scorecard says.
    """
    said = (attempts_summary(card), forgetting_summary(card), behaviour_summary(card), impact_line(impact or card.impact))
    return [line for line in said if line]
