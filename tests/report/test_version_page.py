from __future__ import annotations

from dataclasses import replace

import pytest

from keepfit.records import ExpectationOutcome, Pin, RefitReport, Scorecard, ScoreRow, Shipped
from keepfit.report.version_page import failing_rows, open_rows, passed, primary_value, renewed, verdict_line, version_description, worth_line

PIN = Pin(model="m", version="3", digest="sha256:0", trained_until=None, evaluated_until=None)


def row(**changes):
    base = ScoreRow(
        slice="overall",
        metric="roc_auc",
        rule="not_worse_than",
        bound=0.0,
        champion=0.7,
        challenger=0.72,
        difference=0.02,
        low=0.01,
        high=0.03,
        p_value=None,
        n=500,
        status="pass",
    )
    return replace(base, **changes)


def card(*rows, champion=PIN, expectations=()):
    return Scorecard(
        model="m",
        task="classification",
        metric="roc_auc",
        basis="later",
        champion=champion,
        evaluated_from=None,
        evaluated_until=None,
        n=500,
        rows=rows,
        expectations=expectations,
    )


@pytest.mark.parametrize(
    ("changes", "speaks_against"),
    [
        ({"status": "pass"}, False),
        ({"status": "fail"}, True),
        ({"status": "error"}, True),
        ({"status": "undecided"}, True),
        ({"status": "undecided", "rule": "no_proof_of_harm"}, False),
        ({"status": "error", "rule": "no_proof_of_harm"}, True),
        ({"status": "undecided", "rule": "no_proof_of_harm", "undecided": "block"}, True),
        ({"status": "undecided", "undecided": "approve"}, False),
        ({"status": "fail", "undecided": "approve"}, True),
        ({"status": "error", "undecided": "approve"}, True),
    ],
)
def test_undecided_speaks_against_a_candidate_only_where_proof_is_asked_for(changes, speaks_against):
    assert bool(failing_rows(card(row(**changes)))) is speaks_against


def test_a_first_model_is_judged_by_absolute_bounds_only():
    first = card(row(status="error"), row(rule="at_least", bound=0.6), champion=None)
    assert passed(first)
    assert not passed(card(row(rule="at_least", status="fail"), champion=None))


def test_a_critical_expectation_speaks_against_and_a_warning_does_not():
    outcome = ExpectationOutcome(
        suite="scorecard", expectation="ua", type="t", column=None, severity="critical", level="batch", status="fail", observed="0.5", unexpected=0
    )
    assert verdict_line(card(row(), expectations=(outcome,))) == "failed on scorecard: ua (fail)"
    assert passed(card(row(), expectations=(replace(outcome, severity="warning"),)))


def test_the_description_shows_overall_and_failing_rows_and_links_to_the_rest():
    bad = row(slice="carrier=a|b", rule="no_proof_of_harm", status="fail", difference=-0.04)
    good = row(slice="carrier=fine", rule="no_proof_of_harm")
    text = version_description(card(row(), bad, good), page="http://h/#/x")
    assert text.startswith("**failed on carrier=a")
    assert r"carrier=a\|b" in text
    assert "carrier=fine" not in text
    assert "[All slices, data and composition](http://h/#/x)" in text
    assert "http" not in version_description(card(row()), page=None)


def test_a_row_without_a_value_says_why():
    bad = row(rule="no_proof_of_harm", slice="carrier=XX", status="error", champion=None, challenger=None, difference=None, detail="one class only")
    assert "| error: one class only |" in version_description(card(row(), bad), page=None)
    assert "| pass |" in version_description(card(row()), page=None)


def test_the_primary_value_is_the_challengers_overall_metric():
    assert primary_value(card(row(metric="log_loss", challenger=9.0), row(rule="at_least"))) == 0.72
    assert primary_value(card(row(challenger=None))) is None


SHIPPED = Shipped(refit=True, text="judged: that; shipped: its refit", judged_until=None, trained_until=None, notes=("the training left the same model",))


@pytest.mark.parametrize(("status", "fails"), [("pass", False), ("undecided", False), ("fail", True), ("error", True)])
def test_only_a_broken_refit_speaks_against_the_version(status, fails):
    beside = RefitReport(shipped=SHIPPED, rows=(row(basis="smoke", status=status, challenger=0.9),)).beside(card(row()))
    assert passed(beside) is not fails
    assert verdict_line(beside) == (f"failed on its refit: overall roc_auc (not_worse_than: {status})" if fails else "passed on 500 rows")
    assert primary_value(beside) == 0.72, "what was promised is what the judged model reached"


def test_the_page_says_in_one_sentence_what_was_judged_and_what_is_shipped():
    said = version_description(RefitReport(shipped=SHIPPED, rows=(row(basis="smoke", challenger=0.9),)).beside(card(row())), page=None)
    assert "\n\nJudged: that; shipped: its refit.\n\nNote: the training left the same model.\n\n" in said
    assert "0.9" not in said, "a number that proves nothing is not beside those that do"
    assert "shipped" not in version_description(card(row()), page=None)


EQUAL = {"rule": "not_shown_worse", "bound": 0.02, "challenger": 0.701, "difference": 0.001, "low": -0.009, "high": 0.011}


def test_an_equal_candidate_is_no_better_and_no_worse_where_it_is_meant_to_pass_and_the_page_says_what_that_is_worth():
    equal = card(row(**EQUAL))
    assert verdict_line(equal) == "passed on 500 rows: no better, no worse (+0.0010 roc_auc, -0.0090 to +0.0110)"
    assert "renewing keeps the model fresh; what that is worth is not known yet" in version_description(equal, page=None)
    assert worth_line(equal, newer=0.0123).endswith("a window of newer data has brought +0.0123 roc_auc on average.")


@pytest.mark.parametrize("changes", [{"rule": "not_worse_than"}, {"low": 0.002, "high": 0.02}, {"status": "fail"}, {"metric": "log_loss"}, {"slice": "a=b"}])
def test_no_other_is_called_so(changes):
    other = card(row(**EQUAL | changes))
    assert renewed(other) is None
    assert worth_line(other) == ""


def test_what_a_person_may_let_pass_is_undecided_neither_passed_nor_failed():
    asked = card(row(**EQUAL | {"status": "undecided", "undecided": "approve"}), row(slice="carrier=a", rule="no_proof_of_harm"))
    assert verdict_line(asked) == "undecided on overall roc_auc (not_shown_worse), with 500 rows: it passes with the approval of a person"
    assert (len(open_rows(asked)), passed(asked)) == (1, True)
    assert "undecided" in version_description(asked, page=None)
    failed = card(*asked.rows, row(slice="carrier=b", rule="no_proof_of_harm", status="fail"))
    assert verdict_line(failed) == "failed on carrier=b roc_auc (no_proof_of_harm: fail)"
