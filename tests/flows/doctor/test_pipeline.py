from __future__ import annotations

import pytest
from tests.conftest import REPOSITORY

from keepfit.flows.doctor.pipeline import examine, refit, unpriced, unseen
from keepfit.flows.project import Project
from keepfit.integrations.programs.dvc import stages_of

PARAMS = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\nupdate: {refit: REFIT}\n"
BEFORE = "stages: {train: {cmd: t}, evaluate: {cmd: e}, register: {cmd: r}}\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS.replace("REFIT", "true"))
    return Project(tmp_path)


def test_a_pipeline_of_before_is_told_what_to_add(project):
    (project.root / "dvc.yaml").write_text(BEFORE)
    (only,) = examine(project)
    assert (only.name, only.status) == ("pipeline", "warn")
    assert only.found.startswith("dvc.yaml has no stage refit")


def test_the_lines_to_add_are_those_of_a_new_project():
    """The page that doctor names shows the stage as the template has it."""
    page = (REPOSITORY / "docs" / "operate.md").read_text(encoding="utf-8").split("### A pipeline without refit")[1]
    shown = stages_of("stages:\n" + page.split("```yaml\n")[1].split("```")[0])
    template = stages_of((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8"))
    assert shown["refit"] == template["refit"]
    assert shown["register"]["deps"] == template["register"]["deps"]


@pytest.mark.parametrize(("has_stage", "wanted", "status"), [(True, True, "ok"), (True, False, "ok"), (False, False, "ok"), (False, True, "warn")])
def test_who_wants_no_refit_needs_no_stage(has_stage, wanted, status):
    assert refit(has_stage=has_stage, wanted=wanted).status == status


def test_another_pipeline_or_none_is_not_spoken_of_and_a_broken_one_is(project):
    assert list(examine(None)) == list(examine(project)) == []
    (project.root / "dvc.yaml").write_text("stages: {mine: {cmd: x}}\n")
    assert list(examine(project)) == []
    (project.root / "dvc.yaml").write_text("stages: [")
    (broken,) = examine(project)
    assert broken.status == "fail"


def test_a_pipeline_that_would_not_see_time_features_change_is_told_so(project):
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("time: t}", "time: t, time_features: [hour]}"))
    stages = "stages: {train: {cmd: t, params: [model, data.time_features]}, evaluate: {cmd: e, params: [params.yaml: [data]]}, refit: {}, register: {}}\n"
    (project.root / "dvc.yaml").write_text(stages)
    _, only = examine(Project(project.root))
    assert (only.status, only.found) == ("warn", "dvc.yaml's stage train does not depend on data.timezone: it does not run again when the time features change")
    assert only.fix == "add data.timezone to its params, then dvc repro"


def test_the_template_sees_time_features_change():
    assert list(unseen(stages_of((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8")))) == []


def test_a_pipeline_that_is_older_than_costs_is_named_and_the_templates_is_not():
    assert list(unpriced(stages_of((REPOSITORY / "dvc.yaml").read_text(encoding="utf-8")))) == []
    (check,) = unpriced({"evaluate": {"params": ["model", "evaluate", {"params.yaml": ["data.id"]}]}})
    assert (check.status, check.fix) == ("warn", "add impact to its params, then dvc repro")
