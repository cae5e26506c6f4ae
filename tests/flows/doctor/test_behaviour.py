from __future__ import annotations

import pytest
from tests.flows.rules.test_behaviour import TESTS, declare
from tests.flows.stages.test_evaluate import PARAMS

from keepfit.flows.doctor.behaviour import examine
from keepfit.flows.project import Project

PIPELINE = "stages: {evaluate: {cmd: e, deps: [DEPS]}}\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "expectations/behaviour"))
    (tmp_path / "expectations").mkdir()
    return Project(tmp_path)


def test_nothing_is_said_where_nobody_declared_a_test(project):
    assert list(examine(project)) == list(examine(None)) == []
    declare(project.root, "tests: {}\n")
    assert list(examine(project)) == []


def test_tests_that_can_be_read_are_counted(project):
    declare(project.root)
    assert [(check.status, check.found) for check in examine(project)] == [("ok", "2 declared tests can be read")]


def test_a_pipeline_of_before_is_told_what_to_add(project):
    declare(project.root)
    (project.root / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "expectations/model"))
    warned = next(iter(examine(project)))
    assert warned.status == "warn"
    assert warned.fix == "add expectations/behaviour to the deps of evaluate in dvc.yaml"


def test_what_cannot_be_read_is_named_with_its_place(project):
    declare(project.root, TESTS.replace("type: invariance", "type: invarance"))
    (failed,) = examine(project)
    assert failed.status == "fail"
    assert failed.found == "no type 'invarance' (expectations/behaviour/x.yaml: tests.x-does-not-matter.type)"
    assert "did you mean 'invariance'?" in failed.fix
