"""`gate/verdict.html` in a version's run: the whole verdict on one page, however many reasons there are."""

from __future__ import annotations

from keepfit.records import Reason, Verdict
from keepfit.report.pages import render

HEADERS = ("effect", "code", "rule", "slice", "metric", "finding", "value", "bound", "what would help")


def verdict_page(verdict: Verdict, text: str) -> str:
    """Return a page that stands alone: the answer in a sentence, every finding that refuses or must be shown, on which rules and certificate."""
    ordered = sorted(verdict.reasons, key=lambda reason: not reason.blocking)
    return render(
        "verdict.html",
        verdict=verdict,
        text=text,
        headers=HEADERS,
        rows=[_row(reason) for reason in ordered],
        about=f"Rules {verdict.rules}, certificate {verdict.certificate or 'none'}. A copy for readers: the gate's journal is what counts.",
    )


def _row(reason: Reason) -> tuple[object, ...]:
    effect = "REFUSES" if reason.blocking else "shown"
    return (effect, reason.code, reason.rule, reason.slice, reason.metric, reason.text, reason.value, reason.bound, reason.fix or None)
