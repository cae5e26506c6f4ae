"""The doctor over many projects: one line a finding, with its models; one broken project stops no other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.flows.fleet.test_projects import fleet, project

from keepfit.cli.doctor import doctor as command
from keepfit.flows.doctor import curation, pipeline
from keepfit.flows.fleet.doctor import diagnose_fleet
from keepfit.flows.project import Project
from keepfit.report.doctor import Check, folded

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Three projects, one of which cannot be read; two have a pipeline without the stage refit."""
    monkeypatch.setenv("KEEPFIT_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("CI", raising=False)
    before, _, after = (ROOT / "dvc.yaml").read_text().partition("  refit:")
    old = f"{before}  register:{after.partition('  register:')[2]}"
    for name in ("a", "b", "c"):
        project(tmp_path / name, name)
        (tmp_path / name / "dvc.yaml").write_text(old)
    (tmp_path / "c" / "params.yaml").write_text("nothing: 1")
    return fleet(tmp_path, "projects: [a, b, c]\n")


def test_what_several_have_in_common_is_one_line(models):
    found = diagnose_fleet(models)
    (pipelines,) = [one for one in found if "stage refit" in one.check.found]
    assert pipelines.models == ("a", "b")
    assert pipelines.check == next(iter(pipeline.examine(Project(models.parent / "a"))))
    assert (found[0].check.name, found[0].check.status, found[0].models) == ("project", "fail", ("c",))
    assert "nothing" in found[0].check.found


def test_a_check_that_breaks_stops_no_other(models, monkeypatch):
    broken = lambda each: 1 / 0 if each.root.name == "a" else iter(())  # noqa: E731
    monkeypatch.setattr(curation, "examine", broken)
    found = diagnose_fleet(models)
    assert [one.models for one in found if "ZeroDivisionError" in one.check.found] == [("a",)]
    assert any(one.models == ("b",) and "stage refit" in one.check.found for one in found)


def test_who_does_not_extend_the_fleets_defaults_is_named(models):
    (models.parent / "shared.yaml").write_text("monitor: {alpha: 0.02}\n")
    params = models.parent / "a" / "params.yaml"
    params.write_text("extends: ../shared.yaml\n" + params.read_text())
    fleet(models.parent, "projects: [a, b]\ndefaults: shared.yaml\n")
    said = {one.check.status: (one.models, one.check.fix) for one in diagnose_fleet(models) if one.check.name == "shared params"}
    assert said == {"ok": (("a",), ""), "warn": (("b",), "extends: ../shared.yaml in params.yaml")}
    (models.parent / "shared.yaml").rename(models.parent / "other.yaml")
    params.write_text(params.read_text().replace("../shared.yaml", "../other.yaml"))
    (gone,) = [one for one in diagnose_fleet(models) if one.check.name == "shared params"]
    assert (gone.check.status, gone.models) == ("fail", ("a", "b"))


def test_the_command_says_it_and_ends_with_1_where_anything_failed(models):
    said = CliRunner().invoke(command, ["--fleet", str(models)])
    assert said.exit_code == 1, said.output
    assert ": 2 models (a, b)" in said.stdout
    checks = json.loads(CliRunner().invoke(command, ["--fleet", str(models), "--json"]).stdout)["checks"]
    assert [one["models"] for one in checks if one["name"] == "project"] == [["c"]]
    assert CliRunner().invoke(command, ["--fleet", str(models), "--model", "a"]).exit_code == 2


def test_what_failed_is_first_and_then_what_concerns_most():
    ok, warn, fail = (Check(name=status, status=status, found=status) for status in ("ok", "warn", "fail"))
    found = folded([(None, ok), ("a", replace(warn, found="x")), ("a", warn), ("b", warn), ("b", warn), ("b", fail)])
    assert [(one.check.found, one.models) for one in found] == [("fail", ("b",)), ("warn", ("a", "b")), ("x", ("a",)), ("ok", ())]
