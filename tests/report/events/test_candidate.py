"""What became of a candidate: ready, failed, or nobody but a person can say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.report.events.examples import AT, CARD, LOST, MADE, ROW, SETTING, SMALL

from keepfit.records import ExpectationOutcome
from keepfit.report.events.candidate import candidate_kind, candidate_made

BAD = ExpectationOutcome(
    suite="rules", expectation="AUC is .6", type="", column=None, level="batch", unexpected=None, status="fail", severity="critical", observed="0.5"
)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "candidate_ready"),
        ({"rows": (ROW, LOST)}, "candidate_refused"),
        ({"rows": (ROW, SMALL)}, "candidate_undecided"),
        ({"rows": (ROW, SMALL, LOST)}, "candidate_refused"),
        ({"rows": (replace(ROW, status="undecided"),)}, "candidate_undecided"),  # undecided where proof is asked for: more labels, or a person
        ({"rows": (replace(ROW, status="error"),)}, "candidate_refused"),
        ({"expectations": (BAD,)}, "candidate_refused"),
        ({"expectations": (replace(BAD, severity="warning"),)}, "candidate_ready"),
    ],
)
def test_a_candidate_is_ready_only_if_nothing_speaks_against_it(changes, kind):
    assert candidate_kind(replace(CARD, **changes)) == kind


def test_a_candidate_found_again_is_the_same_event_and_another_commit_is_another():
    event = candidate_made(MADE, at=AT, setting=SETTING)
    assert event.key == "candidate_ready:flights:2013-05-harm:3f2a9c0b71d4"
    assert candidate_made(replace(MADE, commit="0" * 40), at=AT, setting=SETTING).key != event.key
    assert (event.subject, event.branch, event.version) == ("2013-05-harm", "retrain/2013-05-harm", "4")


def test_a_first_model_is_compared_with_none():
    first = candidate_made(replace(MADE, version=None, card=replace(CARD, champion=None, basis="same-period")), at=AT, setting=SETTING)
    assert first.bad == "roc_auc 0.704 on 2,214 rows"
    assert (first.affected, first.link) == ("judged on 2,214 rows", None)
    assert first.otherwise.endswith("scored by no model")
