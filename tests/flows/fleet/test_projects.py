"""A fleet's projects: which there are, and what is wrong with those that cannot be used."""

from __future__ import annotations

import pytest

from keepfit.errors import ParamsError, ProjectError
from keepfit.flows.fleet.projects import find_fleet, fleet_projects, same_ledger

BASELINE = '{"champion": null, "previous": null, "schema": 1}\n'


def project(root, name, more=""):
    root.mkdir(parents=True)
    (root / "params.yaml").write_text(f"model: {{name: {name}, task: regression, target: y}}\ndata: {{live: rows.csv, time: t}}\n{more}")
    (root / "baseline.json").write_text(BASELINE)


def fleet(folder, text):
    (folder / "fleet.yaml").write_text(text)
    return folder / "fleet.yaml"


@pytest.fixture
def models(tmp_path):
    """Three projects below models/, one of them adopted (its params lie in keepfit/), and a folder that is none."""
    project(tmp_path / "models" / "churn", "churn")
    project(tmp_path / "models" / "fraud", "fraud")
    project(tmp_path / "models" / "price" / "keepfit", "price")
    (tmp_path / "models" / "notes").mkdir()
    return tmp_path


def test_folders_and_patterns_are_relative_to_the_file(models, monkeypatch):
    monkeypatch.chdir("/")
    found = fleet_projects(fleet(models, "projects: [models/*]\n"))
    assert [(each.name, each.root.relative_to(models).as_posix(), each.error) for each in found] == [
        ("churn", "models/churn", None),
        ("fraud", "models/fraud", None),
        ("price", "models/price/keepfit", None),
    ]
    assert found[0].project.params.model.name == "churn"


def test_a_folder_that_two_lines_name_is_one_project_and_its_own_line_says_its_weight(models):
    found = fleet_projects(fleet(models, "projects:\n  models/*: {weight: 2}\n  ./models/../models/churn: {weight: 5}\n"))
    assert [(each.name, each.weight) for each in found] == [("churn", 5), ("fraud", 2), ("price", 2)]


def test_a_link_to_a_project_is_that_project(models):
    (models / "models" / "same").symlink_to(models / "models" / "churn")
    assert len(fleet_projects(fleet(models, "projects: ['models/*']\n"))) == 3


@pytest.mark.parametrize(
    ("breaks", "sentence"),
    [
        (lambda root: (root / "params.yaml").write_text("model: {nme: x}"), "no key 'nme' (params.yaml: model.nme)"),
        (lambda root: (root / "params.yaml").write_text("model: ["), "not YAML"),
        (lambda root: (root / "params.yaml").write_bytes(b"\xff\xfe\x00"), "params.yaml cannot be read"),
        (lambda root: (root / "baseline.json").unlink(), "baseline.json is missing"),
        (lambda root: (root / "baseline.json").write_text("{"), "not a Baseline record"),
    ],
)
def test_a_broken_project_has_a_sentence_and_stops_no_other(models, breaks, sentence):
    breaks(models / "models" / "churn")
    broken, *others = fleet_projects(fleet(models, "projects: [models/*]\n"))
    assert sentence in broken.error
    assert "\n" not in broken.error
    assert (broken.project, broken.name) == (None, "models/churn")
    assert [each.error for each in others] == [None, None]


def test_a_folder_that_is_gone_and_a_pattern_that_finds_nothing_are_named(models):
    said = {each.name: each.error for each in fleet_projects(fleet(models, "projects: [models/churn, gone, models/notes, 'other/*']\n"))}
    assert said["churn"] is None
    assert said["gone"].startswith("the folder is gone")
    assert said["models/notes"].startswith("it holds no params.yaml")
    assert said["other/*"].startswith("no folder of this pattern")


def test_two_projects_of_one_model_on_one_ledger_are_both_refused(models):
    shared = "ledger: {uri: 'sqlite:///../ledger.db'}\n"
    project(models / "models" / "again", "twice", shared)
    project(models / "models" / "once", "twice", shared)
    project(models / "models" / "alone", "twice")  # on a ledger of its own
    said = {each.root.name: each.error for each in fleet_projects(fleet(models, "projects: [models/*]\n"))}
    assert "models/once is of the model 'twice' too" in said["again"]
    assert "models/again is of the model 'twice' too" in said["once"]
    assert said["alone"] is None


def test_a_project_on_another_ledger_than_the_fleets_is_refused(models):
    project(models / "models" / "shared", "shared", "ledger: {uri: 'sqlite:///../../ledger.db'}\n")
    found = {each.root.name: each for each in fleet_projects(fleet(models, "projects: [models/churn, models/shared]\nledger: {uri: 'sqlite:///ledger.db'}\n"))}
    assert "another than the fleet's" in found["churn"].error
    assert found["shared"].error is None
    assert found["shared"].ledger == f"sqlite:///{models}/ledger.db"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("projects: []", "a fleet has projects"),
        ("projects: 3", "projects"),
        ("project: [a]", "did you mean 'projects'"),
        ("projects: {a: {weight: 0}}", "fleet.yaml: projects.a.weight"),
        ("projects: {a: {wait: 1}}", "did you mean 'weight'"),
        ("projects: [", "not YAML"),
    ],
)
def test_a_fleet_that_cannot_be_is_a_sentence(tmp_path, text, sentence):
    with pytest.raises(ParamsError) as bad:
        fleet_projects(fleet(tmp_path, text))
    assert sentence in str(bad.value)


def test_the_file_is_found_above_and_by_its_folder(models, monkeypatch):
    path = fleet(models, "projects: [models/*]\n")
    assert find_fleet(start=models / "models" / "churn") == path
    assert find_fleet(models) == path
    with pytest.raises(ProjectError, match="cannot be read"):
        fleet_projects(models / "none.yaml")


def test_a_ledger_of_postgresql_is_its_text():
    assert same_ledger("postgresql+psycopg://u@h/d") == "postgresql+psycopg://u@h/d"
