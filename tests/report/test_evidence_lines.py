from __future__ import annotations

from dataclasses import replace

from tests.report.test_review import CARD, REVIEW

from keepfit.records import Confirmation
from keepfit.report.evidence_lines import evidence_lines
from keepfit.report.review import review_text


def test_a_scorecard_that_says_no_more_has_no_lines():
    assert evidence_lines(CARD) == []


def test_each_line_stands_in_the_review_below_the_rows_that_decide():
    seen = Confirmation(rows=400, metric="roc_auc", text="the permanent holdout", gain=0.015, low=-0.004, high=0.034, confidence=0.95)
    card = replace(CARD, confirmation=seen)
    [line] = evidence_lines(card)
    assert "+0.0150" in line
    page = review_text(replace(REVIEW, scorecard=card)).splitlines()
    assert page.index(f"- {line}") < page.index("## Why")
    assert page.index("## Quality") < page.index(f"- {line}")
