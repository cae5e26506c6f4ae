from __future__ import annotations

from datetime import datetime

import pytest
from tests.report.test_curation import RULE, report

from keepfit.flows.doctor.curation import examine
from keepfit.flows.project import Project
from keepfit.records import Composition, to_json

PIPELINE = "stages: {compose: {cmd: c, deps: [DEPS]}, refit: {cmd: r, deps: [curation.yaml]}}\n"
RULES = "rules:\n  sensor-1048: {action: exclude, where: 'x > 200', author: ann, reason: why, expires: null}\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "curation.yaml").write_text(RULES)
    (tmp_path / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "curation.yaml"))
    (tmp_path / "reports").mkdir()
    return Project(tmp_path)


def left(project, curation):
    made = Composition(
        action="improve",
        basis="later",
        trained_from=None,
        trained_until=datetime(2013, 3, 1),
        evaluated_from=None,
        evaluated_until=None,
        parts=(),
        curation=curation,
    )
    (project.root / "reports" / "composition.json").write_text(to_json(made))


def test_nothing_is_said_of_a_project_without_the_file(tmp_path):
    assert list(examine(Project(tmp_path))) == list(examine(None)) == []


def test_rules_that_did_something_are_counted(project):
    left(project, report(RULE))
    (only,) = examine(project)
    assert (only.name, only.status) == ("curation", "ok")
    assert only.found == "1 rule of curation.yaml: of the rows that may train, 9 left out; no row that judges."


def test_a_rule_that_was_odd_when_data_was_last_composed_is_warned_of(project):
    from dataclasses import replace

    left(project, report(replace(RULE, matched=0, train=0)))
    (only,) = examine(project)
    assert (only.status, only.found) == ("warn", "sensor-1048 matches nothing")
    assert only.fix


def test_a_stage_that_does_not_depend_on_the_rules_is_named(project):
    (project.root / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "data"))
    left(project, report(RULE))
    lacking, _ = examine(project)
    assert (lacking.status, lacking.fix) == ("warn", "add curation.yaml to the deps of compose in dvc.yaml")


@pytest.mark.parametrize("text", ["rules: {a: exclude}\n", "rules: ["])
def test_a_file_that_cannot_be_read_fails(project, text):
    (project.root / "curation.yaml").write_text(text)
    (only,) = examine(project)
    assert only.status == "fail"
    assert "curation.yaml" in only.found


def test_rules_that_no_data_set_was_composed_by_are_not_known(project):
    (only,) = examine(project)
    assert only.status == "unknown"
    (project.root / "reports" / "composition.json").write_text("{")
    (only,) = examine(project)
    assert only.status == "unknown"
    left(project, None)
    (only,) = examine(project)
    assert only.status == "warn"


def test_no_rules_need_no_word(project):
    (project.root / "curation.yaml").write_text("rules: {}\n")
    assert list(examine(project)) == []
