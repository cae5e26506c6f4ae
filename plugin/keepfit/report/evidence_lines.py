"""What a reviewer is to know beside the rows that decide, a line each: what one page names, all name (REVIEW.md, the comment on a pull request)."""

from __future__ import annotations

from keepfit.records import Scorecard
from keepfit.report.attempts import confirmation_line


def evidence_lines(card: Scorecard) -> list[str]:
    """Return the lines as Markdown, none of what the scorecard does not say."""
    said = [confirmation_line(card)]
    return [line for line in said if line]
