"""Declared tests outside a project: asked of both versions, rows of the scorecard, and their files in what is signed."""

from __future__ import annotations

import hashlib

import pytest
from tests.flows.evaluating.by_hand import flights

from keepfit.errors import DataError, UnknownNameError
from keepfit.evaluate.labelled_table import EvaluationQuestion
from keepfit.flows.evaluating.evaluate import EvaluationAsked, evaluate
from keepfit.flows.promotion.certify_evaluation import _certificate, read_evaluation
from keepfit.records import Evaluation, from_json, to_json

TESTS = """
tests:
  more-delay:
    type: directional
    rows: carrier == "UA"
    change: {add: {delay: 2}}
    expect: {score: must_not_fall}
    may_fail: 0.1
    author: ann
    reason: who is delayed is late
  far-away:
    type: minimum_functionality
    rows: {file: far.csv}
    expect: {label: not yes}
    may_fail: 0
    severity: warning
    author: ann
    reason: early and far is on time
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "behaviour"
    made.mkdir()
    (made / "delays.yaml").write_text(TESTS)
    (made / "far.csv").write_text("carrier,delay,distance\nAA,-3.0,1900\nUA,-3.5,1800\n")
    return made


def ask(asked_here, version, folder, tmp_path, **question):
    asked = EvaluationQuestion(**{"target": "late", "id": "id", "time": "day", **question})
    wanted = EvaluationAsked(data=asked_here.march, question=asked, rules=str(asked_here.rules), out=tmp_path / version, behaviour=folder)
    return evaluate("late", version, wanted, say=lambda line: None)


def test_a_model_that_learned_one_carrier_the_wrong_way_round_fails_the_test_that_its_champion_holds(asked_here, folder, tmp_path):
    found = ask(asked_here, "3", folder, tmp_path)
    (row,) = found.card.rows_of("behaviour")
    assert (row.slice, row.status, row.champion) == ("test=more-delay", "fail", 0.0)
    assert row.n == int((flights(3000, seed=2, month=3)["carrier"] == "UA").sum())
    assert row.challenger > 0.5
    assert found.exit_code == 3
    assert "## Behaviour" in found.page


def test_the_tests_files_are_among_what_is_signed_and_warnings_among_the_outcomes(asked_here, folder, tmp_path):
    found = ask(asked_here, "2", folder, tmp_path, id=None)
    assert [row.status for row in found.card.rows_of("behaviour")] == ["pass"]
    assert [(one.expectation, one.status) for one in found.card.expectations] == [("far-away", "pass")]
    files = {f"behaviour/{name}": hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("delays.yaml", "far.csv")}
    assert found.evaluation.suites == files
    whole = read_evaluation(tmp_path / "2")
    assert _certificate(whole, type("V", (), {"model_id": None})).suites == files
    assert from_json(Evaluation, to_json(found.evaluation)) == found.evaluation


def test_an_evaluation_without_tests_has_the_bytes_that_it_had(asked_here, tmp_path):
    found = ask(asked_here, "2", None, tmp_path)
    assert "suites" not in to_json(found.evaluation)
    assert found.card.rows_of("behaviour") == ()


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [("{delay: 2}", "{dely: 2}", UnknownNameError, "no feature 'dely'"), ("{delay: 2}", "{id: 2}", UnknownNameError, "no feature 'id'")],
)
def test_a_test_about_what_the_table_lacks_is_refused_with_its_place(asked_here, folder, tmp_path, old, new, error, says):
    (folder / "delays.yaml").write_text(TESTS.replace(old, new))
    with pytest.raises(error, match=says) as caught:
        ask(asked_here, "2", folder, tmp_path)
    assert "delays.yaml: tests.more-delay" in caught.value.where


def test_a_folder_without_tests_is_refused(asked_here, tmp_path):
    (tmp_path / "none").mkdir()
    with pytest.raises(DataError, match="no tests lie there"):
        ask(asked_here, "2", tmp_path / "none", tmp_path)
