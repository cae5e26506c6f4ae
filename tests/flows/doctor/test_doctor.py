from __future__ import annotations

from pathlib import Path

import pytest

from keepfit.flows.doctor.doctor import Diagnosis, diagnose
from keepfit.report.doctor import Check

PARAMS = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\nmlflow: {tracking_uri: 'http://127.0.0.1:9'}\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    (tmp_path / "gate.yaml").write_text("models: {m: {trust: self}}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(done):
    return {check.name: check for check in done.checks}


@pytest.mark.parametrize(("statuses", "code"), [(["ok", "warn", "unknown"], 0), (["ok", "fail", "warn"], 1), ([], 0)])
def test_only_a_failure_is_one(statuses, code):
    assert Diagnosis(checks=tuple(Check(name="x", status=status, found="") for status in statuses)).exit_code == code


def test_without_project_and_server_nothing_fails_and_each_check_says_what_is_not_known():
    done = diagnose()
    assert done.exit_code == 0
    assert {"gate", "rules", "ledger"} <= {check.name for check in done.checks if check.status == "unknown"}


def test_in_a_project_its_rules_and_its_server_are_looked_at(project):
    checks = found(diagnose())
    assert checks["gate"].found.startswith("no MLflow server answers")
    assert checks["rules"].found == f"{project}/gate.yaml is valid and protects m"
    assert checks["ledger"].status in {"ok", "warn"}


def test_the_rules_named_win_over_the_projects_and_those_over_the_environments(project, monkeypatch, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "rules.yaml"
    other.write_text("models: {other: {trust: self}}\n")
    monkeypatch.setenv("KEEPFIT_GATE", str(other))
    assert found(diagnose())["rules"].found.endswith("protects m")
    assert found(diagnose(rules=other))["rules"].found.endswith("protects other")
    (project / "gate.yaml").unlink()
    assert found(diagnose())["rules"].found.endswith("protects other")


@pytest.mark.slow
def test_a_project_at_an_ungated_server_fails(project, stock_server, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", stock_server)
    done = diagnose()
    assert (found(done)["gate"].status, done.exit_code) == ("fail", 1)


@pytest.mark.slow
def test_without_a_project_the_servers_own_rules_file_is_enough(gated_server, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", gated_server.uri)
    assert found(diagnose(rules=Path(gated_server.rules)))["gate"].status == "ok"
