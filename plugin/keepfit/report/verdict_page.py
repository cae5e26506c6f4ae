"""`gate/verdict.html` in a version's run: the whole verdict on one page, however many reasons there are.

MLflow shows it in a frame of half a screen's width: the words that matter come first, numbers are in them.
"""

from __future__ import annotations

from keepfit.gate.reasons import blocking
from keepfit.records import JournalRow, Verdict
from keepfit.report.pages import render
from keepfit.report.verdict import FOUND, REFUSING, asked, cells, explain_of, history_of, outcome

COPY = "A copy for readers, of what was decided then: whether another version took its place since is on the version's page. The gate's journal is what counts"


def verdict_page(verdict: Verdict, row: JournalRow) -> str:
    """Return a page that stands alone: what happened, who asked, every finding that refuses or must be shown, on which rules and certificate."""
    return render(
        "verdict.html",
        verdict=verdict,
        outcome=outcome(verdict),
        explain=explain_of(verdict),
        asked=asked(row),
        refusing=[cells(reason) for reason in blocking(verdict.reasons)],
        found=[cells(reason) for reason in verdict.reasons if not reason.blocking],
        headers=(REFUSING, FOUND),
        about=f"Rules {verdict.rules}, certificate {verdict.certificate or 'none'}. {COPY} ({history_of(verdict.model)}).",
    )
