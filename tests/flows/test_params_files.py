"""Shared params: `extends` in params.yaml, in the work tree, at a commit and in work trees of other branches."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.flows.fleet.test_projects import BASELINE

from keepfit.errors import KeepfitError, ParamsError, ProjectError
from keepfit.flows.data.revisions import ProjectData
from keepfit.flows.params_files import params_at, staged_keys
from keepfit.flows.project import Project
from keepfit.flows.retraining.retrain_tree import refuse_uncommitted
from keepfit.integrations.programs.git import GitRepo

OWN = "extends: ../shared.yaml\nmodel: {name: m, task: regression, target: y}\ndata: {live: r.csv, time: t}\n"
PIPELINE = "stages:\n  train: {cmd: x, params: [model, monitor.bins]}\n  compose: {cmd: x, params: [data, {decision.json: null}, {params.yaml: [compose]}]}\n"


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "models"
    root.mkdir()
    (root / "params.yaml").write_text(OWN)
    (root / "baseline.json").write_text(BASELINE)
    (root / "dvc.yaml").write_text(PIPELINE)
    (tmp_path / "shared.yaml").write_text("monitor: {alpha: 0.02}\n")
    return Project(root)


def shared(project, text, name="shared.yaml"):
    (project.root.parent / name).write_text(text)


def git(project, *arguments):
    return subprocess.run(["git", *arguments], cwd=project.root.parent, check=True, capture_output=True, text=True).stdout


def test_a_shared_file_holds_for_what_params_do_not_say(project):
    assert project.params.monitor.alpha == 0.02


def test_a_chain_is_followed_relative_to_each_file(project):
    (project.root.parent / "company").mkdir()
    shared(project, "extends: company/all.yaml\nmonitor: {alpha: 0.03}\n")
    shared(project, "monitor: {alpha: 0.5, page_on_drift: true}\ncertify: {valid_days: 7}\n", "company/all.yaml")
    assert (project.params.monitor.alpha, project.params.monitor.page_on_drift, project.params.certify.valid_days) == (0.03, True, 7)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("extends: shared.yaml", "extends itself: params.yaml → ../shared.yaml → ../shared.yaml"),
        ("extends: models/params.yaml", "../shared.yaml extends itself: params.yaml → ../shared.yaml → ../models/params.yaml"),
        ("extends: gone.yaml", r"no file ../gone.yaml \(../shared.yaml: extends\)"),
        ("extends: /etc/all.yaml", "is no path relative to this file"),
        ("extends: 3", "is no path relative to this file"),
        ("- a", r"not a map of sections \(../shared.yaml\)"),
        ("monitor: [", r"not YAML: .* \(../shared.yaml\)"),
        ("monitor: {alfa: 1}", r"no key 'alfa' \(../shared.yaml: monitor.alfa\)"),
        ("monitor: {alpha: 7}", r"\(../shared.yaml: monitor.alpha\)"),
        ("monitor: {bins: 9}", r"monitor.bins is read by a stage of dvc.yaml.*\(../shared.yaml: monitor.bins\)"),
        ("compose: {seed: 9}", "compose.seed is read by a stage"),
        ("model: {positive: x}", "model.positive is read by a stage"),
    ],
)
def test_what_a_shared_file_cannot_say_is_refused_where_it_stands(project, text, sentence):
    shared(project, text)
    with pytest.raises(ParamsError, match=sentence):
        _ = project.params


def test_a_file_outside_of_the_repository_is_refused(project):
    subprocess.run(["git", "init", "-q"], cwd=project.root, check=True)
    with pytest.raises(ProjectError, match="outside of the git repository"):
        _ = project.params


def test_the_same_key_in_params_themselves_is_refused_there(project):
    (project.root / "params.yaml").write_text(OWN + "monitor: {alfa: 1}\n")
    with pytest.raises(ParamsError, match=r"\(params.yaml: monitor.alfa\)"):
        _ = project.params


def test_a_commit_is_read_with_what_was_shared_then(project):
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "First")
    refuse_uncommitted(project)
    shared(project, "monitor: {alpha: 0.4}\n")
    repo = GitRepo(project.root)
    assert (params_at(repo, repo.commit_of("HEAD"), where="x").monitor.alpha, Project(project.root).params.monitor.alpha) == (0.02, 0.4)
    assert ProjectData(project=project, revision="HEAD", say=print).params.monitor.alpha == 0.02
    with pytest.raises(KeepfitError, match=r"uncommitted changes of \.\./shared\.yaml|uncommitted changes of shared\.yaml"):
        refuse_uncommitted(project)


def test_a_project_that_extends_nothing_reads_no_other_file(project, monkeypatch):
    (project.root / "params.yaml").write_text(OWN.replace("extends: ../shared.yaml\n", ""))
    monkeypatch.setattr("keepfit.flows.project.params_files", None)
    assert project.params.monitor.alpha == 0.001


def test_the_stages_keys_are_those_of_params_yaml():
    assert staged_keys(PIPELINE) == ("model", "monitor.bins", "data", "compose")
    assert staged_keys(None) == staged_keys("{}") == ()


def test_what_the_page_shows_is_accepted_beside_the_templates_pipeline(project):
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "operate.md").read_text(encoding="utf-8")
    shown = {text.partition("\n")[0]: text for text in re.findall(r"^```yaml\n(# .*?)^```", page, re.DOTALL | re.MULTILINE)}
    shared(project, shown["# shared.yaml"])
    own = shown["# models/churn/params.yaml"].replace("../../shared.yaml", "../shared.yaml")
    (project.root / "params.yaml").write_text(f"{own}data: {{live: r.csv, time: t}}\n")
    (project.root / "dvc.yaml").write_text((root / "dvc.yaml").read_text(encoding="utf-8"))
    params = project.params
    assert (params.monitor.min_effect, params.mlflow.tracking_uri, list(params.hooks.subscribers)) == (0.02, "https://mlflow.example", ["oncall"])
    shared(project, "mlflow: {experiment: team}\n")
    with pytest.raises(ParamsError, match=r"mlflow\.experiment is read by a stage"):
        _ = Project(project.root).params
