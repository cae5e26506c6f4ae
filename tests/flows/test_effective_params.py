"""Each key with the value that holds, and where it is written."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML
from tests.flows.fleet.test_projects import BASELINE

from keepfit.cli.params import params as command
from keepfit.errors import UnknownNameError
from keepfit.flows.effective_params import effective_params
from keepfit.flows.project import Project

OWN = """extends: ../shared.yaml
model: {name: m, task: regression, target: y}
data:
  live: r.csv
  time: t
  time_features: [hour]
monitor:
  alpha: 0.001
  columns:
    age: {detector: psi}
hooks:
  subscribers:
    me: {hook: file, path: a.jsonl}
"""
SHARED = """monitor:
  alpha: 0.5
  page_on_drift: true
  columns: {'*': {detector: ks}}
hooks: {subscribers: {me: {hook: file, path: b.jsonl, severity: warning}}}
"""


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "m"
    root.mkdir()
    (root / "params.yaml").write_text(OWN)
    (root / "baseline.json").write_text(BASELINE)
    (tmp_path / "shared.yaml").write_text(SHARED)
    return Project(root)


@pytest.mark.parametrize(
    ("key", "value", "origin", "changed"),
    [
        ("model.name", "m", "params.yaml:2", True),
        ("data.time_features.hour", "numeric", "params.yaml:6", True),
        ("data.window", "month", None, False),
        ("monitor.alpha", 0.001, "params.yaml:8", False),
        ("monitor.page_on_drift", True, "../shared.yaml:3", True),
        ("monitor.min_effect", 0.01, None, False),
        ("monitor.columns.age.detector", "psi", "params.yaml:10", True),
        ("monitor.columns.*.detector", "ks", "../shared.yaml:4", True),
        ("hooks.subscribers.me.path", "a.jsonl", "params.yaml:13", True),
        ("hooks.subscribers.me.severity", "info", None, True),
        ("extends", "../shared.yaml", "params.yaml:1", True),
    ],
)
def test_a_key_its_value_and_its_line(project, key, value, origin, changed):
    (one,) = effective_params(project, key)
    assert (one.value, one.origin, one.changed) == (value, origin, changed)


def test_a_section_is_what_lies_below_it_and_a_key_that_is_not_there_is_named(project):
    assert {one.key.partition(".")[0] for one in effective_params(project, "monitor")} == {"monitor"}
    with pytest.raises(UnknownNameError, match="monitr") as unknown:
        effective_params(project, "monitr")
    assert "did you mean 'monitor'" in unknown.value.fix


def test_every_line_that_is_named_holds_the_last_part_of_its_key(project):
    """The same by reading the lines: the key that is named, or one above it."""
    texts = {"params.yaml": OWN.splitlines(), "../shared.yaml": SHARED.splitlines()}
    for one in effective_params(project):
        if one.origin is not None:
            file, _, line = one.origin.rpartition(":")
            assert any(f"{part}:" in texts[file][int(line) - 1].replace("'", "") for part in one.key.split(".")), one


def test_what_is_said_is_what_a_second_reader_merges(project):
    own, shared = (YAML(typ="safe", pure=True).load(text) for text in (OWN, SHARED))
    holds = {**shared["monitor"], **own["monitor"], "columns": {**shared["monitor"]["columns"], **own["monitor"]["columns"]}}
    for key, value in holds.items():
        if key != "columns":
            assert next(one.value for one in effective_params(project, f"monitor.{key}")) == value


def test_the_command_shows_only_what_differs(project, monkeypatch):
    monkeypatch.chdir(project.root)
    said = CliRunner().invoke(command, ["monitor", "--changed", "--origin"])
    assert said.exit_code == 0, said.output
    assert [line.split() for line in said.stdout.splitlines()] == [
        ["monitor.columns.age.detector", '"psi"', "params.yaml:10"],
        ["monitor.columns.*.detector", '"ks"', "../shared.yaml:4"],
        ["monitor.page_on_drift", "true", "../shared.yaml:3"],
    ]
    data = json.loads(CliRunner().invoke(command, ["data.window", "--json"]).stdout)
    assert data == {"schema": 1, "params": [{"key": "data.window", "value": "month", "origin": None, "changed": False}]}
