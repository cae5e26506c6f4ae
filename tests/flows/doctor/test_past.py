from __future__ import annotations

import pytest

from keepfit.flows.doctor.past import examine
from keepfit.flows.project import Project

PARAMS = """
model: {name: shops, task: classification, target: y}
data: {live: rows.csv, time: t, features: {x: numeric}}
evaluate:
  rules:
    not_worse: {kind: not_worse_than, metric: roc_auc, bound: 0.05}
"""
RULE = "    remembers: {kind: not_forgotten, metric: roc_auc, slice: '*', bound: 0.02}\n"
PIPELINE = "stages: {evaluate: {cmd: e, deps: [DEPS]}}\n"
RETIRED = "window=2013-01: {status: retired, reason: why}\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "expectations/past.yaml"))
    (tmp_path / "expectations").mkdir()
    return tmp_path


def said(root, *, rule="", entries="{}\n"):
    (root / "params.yaml").write_text(PARAMS + rule)
    (root / "expectations" / "past.yaml").write_text(entries)
    return [(check.status, check.found) for check in examine(Project(root))]


def test_nothing_is_said_where_nobody_is_asked_to_remember(project):
    assert said(project) == list(examine(None)) == []


def test_what_is_retired_and_what_judges_is_counted(project):
    storm = "incident=storm: {window: 2013-03, rows: 4, reason: why}\n"
    assert said(project, rule=RULE, entries=RETIRED + storm) == [("ok", "rules about the past: 1; retired: 1; incidents that judge: 1")]


@pytest.mark.parametrize(
    ("rule", "entries", "status", "text"),
    [
        ("", RETIRED, "warn", "past.yaml says something of 1, and no rule is about the past: it does nothing"),
        (RULE, "window=2013-01: {status: gone, reason: why}\n", "fail", "the status 'gone' is neither active nor retired (past.yaml: window=2013-01)"),
    ],
)
def test_entries_that_do_nothing_or_cannot_be_read_are_named(project, rule, entries, status, text):
    assert said(project, rule=rule, entries=entries) == [(status, text)]


def test_a_pipeline_of_before_and_a_project_without_a_holdout_are_told_what_to_do(project):
    (project / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "expectations/model"))
    assert said(project, rule=RULE)[0][0] == "warn"
    assert [check.fix for check in examine(Project(project))] == ["add expectations/past.yaml to the deps of evaluate in dvc.yaml"]
    (project / "params.yaml").write_text(PARAMS.replace("data: {", "data: {holdout_share: 0, ") + RULE)
    assert [check.status for check in examine(Project(project))] == ["fail"]
