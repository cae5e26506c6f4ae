from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from tests.certificates import row, scorecard

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.refit import as_judged, copied, is_failed, refitted, unchanged
from keepfit.records import Composition, ExpectationOutcome, Part, Pin

PIN = Pin(model="m", version="1", digest="d", trained_until=None, evaluated_until=None)
JUDGED = Composition(
    action="improve",
    basis="later",
    trained_from=datetime(2013, 1, 1),
    trained_until=datetime(2013, 3, 1),
    evaluated_from=datetime(2013, 3, 1),
    evaluated_until=datetime(2013, 4, 1),
    parts=(Part(window="2013-02", part="train", reason="", rows=90, labelled=90), Part(window="2013-03", part="evaluate", reason="", rows=70, labelled=70)),
)


def card(*rows):
    return scorecard("m", champion=PIN, rows=rows or None)


def outcome(severity, status):
    return ExpectationOutcome(
        suite="s", expectation="e", type="t", column=None, severity=severity, level="batch", status=status, observed="", unexpected=0
    )  # fmt: skip


@pytest.mark.parametrize(("status", "failed"), [("pass", False), ("undecided", False), ("fail", True), ("error", True)])
def test_an_undecided_candidate_has_not_failed(status, failed):
    assert is_failed(card(row(), row(status=status))) is failed


def test_a_critical_expectation_that_does_not_hold_is_a_failure_and_a_warning_is_none():
    assert is_failed(replace(card(), expectations=(outcome("critical", "fail"),)))
    assert not is_failed(replace(card(), expectations=(outcome("warning", "fail"), outcome("critical", "undecided"))))


@pytest.mark.parametrize(
    ("found", "wanted", "decided", "says"),
    [
        (card(), True, True, ""),
        (card(row(status="undecided")), True, True, ""),
        (card(row(status="fail")), True, True, "failed is not refitted"),
        (card(), False, True, "update.refit is false"),
        (card(), True, False, "decision.json: refit is false"),
        (scorecard("m"), True, True, "a first model"),
    ],
)
def test_what_is_shipped_as_it_was_judged_has_a_reason(found, wanted, decided, says):
    why = as_judged(found, wanted=wanted, decided=decided)
    assert (says in why) if says else why == ""


def test_one_sentence_says_what_was_judged_and_what_is_shipped():
    said = refitted(JUDGED)
    assert said.text == (
        "judged: the model trained on rows before 2013-03-01, on the rows from 2013-03-01 to before 2013-04-01; shipped: its refit, the same recipe "
        "fitted once more on rows before 2013-04-01, which proves nothing about its own bytes: they are provisional until their first labelled window"
    )
    assert (said.refit, said.judged_until, said.trained_until) == (True, datetime(2013, 3, 1), datetime(2013, 4, 1))
    same = copied(JUDGED, "update.refit is false")
    assert same.text == "judged and shipped are the same bytes, trained on rows before 2013-03-01: update.refit is false"
    assert (same.refit, same.trained_until) == (False, datetime(2013, 3, 1))


@pytest.mark.parametrize(
    ("same_files", "answers", "window", "noted"),
    [(True, False, "2013-03", True), (False, True, "2013-03", True), (False, False, "2013-03", False), (True, True, "2013-02", False)],
)
def test_a_training_that_ignores_the_new_rows_is_noted(same_files, answers, window, noted):
    """Unless there were none to learn from: all of the window may lie in the permanent holdout."""
    composed = replace(JUDGED, parts=(Part(window=window, part="train", reason="", rows=70, labelled=70),))
    before = np.array([0.1, 0.2])
    smoke = ScoredRows(y=np.array([0.0, 1.0]), champion=before, challenger=before if answers else before + 0.1)
    notes = unchanged(JUDGED, composed, same_files=same_files, smoke=smoke)
    assert len(notes) == noted
    assert not noted or "the same model though 70 rows were added" in notes[0]
