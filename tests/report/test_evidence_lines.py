from __future__ import annotations

from dataclasses import replace

from tests.report.test_review import CARD, REVIEW

from keepfit.records import Confirmation
from keepfit.records.impact import Impact
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


def test_what_is_past_behaviour_and_worth_have_a_line_each():
    [row] = CARD.rows
    past = replace(row, slice="window=2013-01", rule="not_forgotten", basis="past", difference=-0.06, status="fail")
    behaves = replace(row, slice="test=fog", metric="failure_rate", rule="at_most", basis="behaviour", status="pass")
    worth = Impact(unit="EUR", measure="costs", gain=0.5, low=0.2, high=0.8, confidence=0.95, n=900)
    lines = evidence_lines(replace(CARD, rows=(row, past, behaves), impact=worth))
    assert [line.split()[0] for line in lines] == ["**Forgotten**:", "Behaviour:", "What"]
    assert "window=2013-01 (-0.0600 roc_auc)" in lines[0]
    assert lines[2].startswith("What it is worth: +0.5 EUR a row")
    more = replace(worth, gain=0.9)
    assert "+0.9 EUR" in evidence_lines(replace(CARD, impact=worth), more)[-1]
