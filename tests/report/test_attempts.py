from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certificates import pinned, row, scorecard

from keepfit.records import Confirmation
from keepfit.report.attempts import attempt_line, attempts_summary, confirmation_line
from keepfit.report.scorecard import scorecard_markdown
from keepfit.report.version_page import version_description

CARD = scorecard("flights", champion=pinned("flights", 1, "sha256:one"), rows=(row(),))
FOUND = Confirmation(rows=1450, metric="roc_auc", text="the permanent holdout of 2013-02", gain=0.015, low=-0.004, high=0.034, confidence=0.95)


def test_the_gain_that_rules_saw_stands_beside_the_one_that_no_rule_saw():
    said = confirmation_line(replace(CARD, confirmation=FOUND))
    assert said == (
        "Gain in roc_auc: on 900 rows that the rules saw +0.0200 [+0.0100, +0.0300], on 1,450 rows that no rule saw "
        "(the permanent holdout of 2013-02) +0.0150 [-0.0040, +0.0340]; reported, never judged."
    )


def test_a_gain_that_was_not_confirmed_says_why_and_its_words_are_no_markdown():
    said = confirmation_line(replace(CARD, confirmation=Confirmation(rows=0, metric="roc_auc", text="no rows | <b>`here`</b>")))
    assert said.startswith("Not confirmed on rows that no rule saw: ")
    assert "<b>" not in said


def test_a_first_attempt_needs_no_words_and_a_second_says_what_it_costs():
    assert [attempt_line(replace(CARD, attempt=attempt, confidence=0.95)) for attempt in (None, 1)] == ["", ""]
    said = attempt_line(replace(CARD, attempt=2, confidence=0.95))
    assert said == "Attempt 2 on these rows: another model was judged on them before, so what must be shown is shown at 98.75 % instead of 95 %."
    assert attempts_summary(replace(CARD, attempt=2, confidence=0.95, confirmation=FOUND)) == f"{said} {confirmation_line(replace(CARD, confirmation=FOUND))}"
    assert attempts_summary(CARD) == ""


@pytest.mark.parametrize("page", [scorecard_markdown, lambda card: version_description(card, page=None)])
def test_pages_show_it_and_those_of_before_are_as_they_were(page):
    before = page(CARD)
    assert "no rule saw" not in before
    after = page(replace(CARD, confirmation=FOUND))
    assert "on 1,450 rows that no rule saw" in after
    assert len(after.splitlines()) == len(before.splitlines()) + 2
