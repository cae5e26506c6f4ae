from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from tests.flows.stages.test_evaluate import evaluate, project, rows, with_champion  # noqa: F401 - a fixture

from keepfit.errors import KeepfitError, ParamsError, ProjectError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rules.behaviour import behaviour_problems, behaviour_tests
from keepfit.records import Scorecard, to_json

TESTS = """
tests:
  more-x-no-less-likely:
    type: directional
    rows: x > 0
    change: {add: {x: 1}}
    expect: {score: must_not_fall}
    may_fail: 0.0
    author: ann
    reason: x drives y
  x-does-not-matter:
    type: invariance
    rows: all
    change: {add: {x: 1}}
    expect: {tolerance: 0.01}
    may_fail: 0.1
    author: ann
    reason: a test that must fail
"""


def declare(root: Path, text: str = TESTS, name: str = "x.yaml") -> Path:
    folder = root / "expectations" / "behaviour"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder


def page(root: Path) -> str:
    return (root / "reports" / "SCORECARD.md").read_text()


def test_declared_tests_are_rows_of_the_scorecard_with_the_champions_rate_beside(project, monkeypatch):  # noqa: F811
    declare(project)
    with_champion(project, rows(seed=5))
    card = evaluate(project, rows(seed=1), monkeypatch)
    found = {row.slice: row for row in card.rows_of("behaviour")}
    held, broken = found["test=more-x-no-less-likely"], found["test=x-does-not-matter"]
    assert (held.status, held.champion, held.challenger) == ("pass", 0.0, 0.0)
    assert (broken.status, broken.champion > 0.9, broken.challenger > 0.9) == ("fail", True, True)
    assert found["test=more-x-no-less-likely"].n == int((rows(seed=1)["x"] > 0).sum())
    assert "test=x-does-not-matter failure_rate (at_most: fail)" in page(project).splitlines()[2]
    assert "## Behaviour" in page(project)
    assert "a test that must fail (ann)" in page(project)


def test_a_project_without_tests_writes_what_it_did_and_the_same_tests_write_the_same_bytes(project, monkeypatch):  # noqa: F811
    evaluate(project, rows(seed=1), monkeypatch)
    before = {path.name: path.read_bytes() for path in (project / "reports").iterdir()}
    declare(project, "tests: {}\n")
    evaluate(project, rows(seed=1), monkeypatch)
    assert {path.name: path.read_bytes() for path in (project / "reports").iterdir()} == before
    declare(project)
    evaluate(project, rows(seed=1), monkeypatch)
    once = {path.name: path.read_bytes() for path in (project / "reports").iterdir()}
    evaluate(project, rows(seed=1), monkeypatch)
    assert {path.name: path.read_bytes() for path in (project / "reports").iterdir()} == once != before


def test_a_model_suite_can_demand_a_declared_test(project, monkeypatch):  # noqa: F811
    declare(project)
    demanded = {
        "type": "expect_column_distinct_values_to_contain_set",
        "kwargs": {"column": "slice", "value_set": ["test=more-x-no-less-likely", "test=gone"]},
        "severity": "critical",
        "meta": {"id": "behaviour_there", "level": "batch", "reason": "somebody may drop the file"},
    }
    (project / "expectations" / "model" / "behaviour.json").write_text(json.dumps({"name": "behaviour", "expectations": [demanded]}))
    assert [one.status for one in evaluate(project, rows(seed=1), monkeypatch).expectations] == ["fail"]
    declare(project, TESTS.replace("x-does-not-matter", "gone"))
    assert [one.status for one in evaluate(project, rows(seed=1), monkeypatch).expectations] == ["pass"]


def test_values_of_redacted_columns_are_nowhere_in_the_reports(project, monkeypatch):  # noqa: F811
    declare(project, TESTS.replace("rows: x > 0", "rows: x > 0.123456"))
    params = project / "params.yaml"
    params.write_text(params.read_text() + "view: {redact: [x]}\n")
    evaluate(project, rows(seed=1), monkeypatch)
    told = page(project) + (project / "reports" / "scorecard.json").read_text()
    assert "(redacted) → (redacted)" in told
    assert "0.123456" not in told
    assert not [value for value in rows(seed=1)["x"].head(20) if str(value)[:8] in told]


def test_rows_of_a_file_beside_the_test_are_asked(project, monkeypatch):  # noqa: F811
    folder = declare(project, TESTS.replace("rows: x > 0", "rows: {file: calm.csv}"))
    pd.DataFrame({"x": [0.5, 0.25], "z": [0.0, 1.0]}).to_csv(folder / "calm.csv", index=False)
    card = evaluate(project, rows(seed=1), monkeypatch)
    assert {row.slice: row.n for row in card.rows_of("behaviour")}["test=more-x-no-less-likely"] == 2
    (folder / "calm.csv").unlink()
    with pytest.raises(ProjectError, match=r"there is no calm.csv beside the test"):
        evaluate(project, rows(seed=1), monkeypatch)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [("rows: x > 0", "rows: y_hat > 0", UnknownNameError), ("{x: 1}}", "{shop: 1}}", UnknownNameError), ("may_fail: 0.0", "may_fail: 1.5", ParamsError)],
)
def test_a_test_that_cannot_be_run_stops_the_stage_in_one_sentence(project, monkeypatch, old, new, error):  # noqa: F811
    declare(project, TESTS.replace(old, new, 1))
    with pytest.raises(error) as caught:
        evaluate(project, rows(seed=1), monkeypatch)
    assert (caught.value.where or "").startswith("expectations/behaviour/x.yaml: tests.more-x-no-less-likely")


def test_all_that_is_wrong_with_the_files_is_said_file_by_file(project):  # noqa: F811
    declare(project)
    declare(project, TESTS.replace("add: {x: 1}", "add: {xx: 1}"), "misspelt.yaml")
    declare(project, "tests: {a: &a {type: *a}}\n", "holds_itself.yml")
    declare(project, "tests:\n  - [\n", "no.yaml")
    declare(project, TESTS, "twice.yaml")
    said = [error.what for error in behaviour_problems(Project(project))]
    assert len(said) == 4
    assert [True for what in said if "two tests are called" in what] == [True]
    with pytest.raises(KeepfitError):
        behaviour_tests(project / "expectations" / "behaviour")


def test_a_scorecard_with_declared_tests_is_what_it_was_after_it_was_stored(project, monkeypatch):  # noqa: F811
    from keepfit.gate.sound import contradiction
    from keepfit.records import from_json

    declare(project)
    card = evaluate(project, rows(seed=1), monkeypatch)
    assert from_json(Scorecard, to_json(card)) == card
    assert contradiction(card) is None
