from __future__ import annotations

import tomllib

import pytest
from tests.conftest import REPOSITORY

from keepfit.flows.doctor.machine import examine, installed, key, ledger, package_version, supported
from keepfit.gate.rules import parse_rules
from keepfit.integrations import signing


def test_the_ranges_are_those_of_the_package_itself():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert set(supported()) == {"mlflow", "great-expectations", "dvc"}
    assert f"mlflow{','.join(sorted(supported()['mlflow'].split(','), reverse=True))}" in project["dependencies"]


@pytest.mark.parametrize(("found", "status"), [("3.16.0", "ok"), ("3.18.0rc1", "ok"), ("3.15.9", "fail"), ("4.0", "fail"), (None, "ok"), ("x", "unknown")])
def test_a_version_outside_of_the_range_fails_and_what_is_not_installed_is_not_needed(found, status):
    assert package_version("mlflow", found, ">=3.16,<4").status == status


def test_the_versions_installed_here_are_supported():
    assert {name: package_version(name, installed(name), range_).status for name, range_ in supported().items()} == dict.fromkeys(supported(), "ok")
    assert installed("no-such-package") is None


@pytest.mark.parametrize(
    ("uri", "ci", "status"),
    [("sqlite:///x.db", True, "warn"), ("sqlite:///x.db", False, "ok"), ("postgresql+psycopg://db/x", True, "ok"), (None, True, "unknown")],
)
def test_a_memory_that_a_ci_job_would_lose_is_warned_of(uri, ci, status):
    assert ledger(uri, ci=ci).status == status


@pytest.fixture
def pair(tmp_path):
    return signing.new_key("default", folder=tmp_path)


def test_no_key_here_is_fine_and_says_what_follows(tmp_path):
    said = key("default", tmp_path, served=None, trains=True)
    assert (said.status, "self-attested" in said.found) == ("ok", True)


def test_a_key_that_others_can_read_fails(pair, tmp_path):
    (tmp_path / "default.pem").chmod(0o644)
    said = key("default", tmp_path, served=None, trains=False)
    assert (said.status, "chmod 600" in said.fix) == ("fail", True)


def test_an_account_that_signs_and_trains_is_warned_of(pair, tmp_path):
    assert key("default", tmp_path, served=None, trains=False).status == "ok"
    said = key("default", tmp_path, served=None, trains=True)
    assert (said.status, "also runs the training command" in said.found) == ("warn", True)


def test_a_key_that_the_rules_do_not_name_is_warned_of_with_the_line_to_add(pair, tmp_path):
    (tmp_path / "others").mkdir()
    other = signing.new_key("ci", folder=tmp_path / "others").public
    said = key("default", tmp_path, served=parse_rules(f"models: {{m: {{trust: {{ci: '{other}'}}}}}}"), trains=False)
    assert (said.status, f'default: "{pair.public}"' in said.fix) == ("warn", True)
    named = parse_rules(f"models: {{m: {{trust: {{me: '{pair.public}'}}}}}}")
    assert key("default", tmp_path, served=named, trains=False).status == "ok"


def test_without_a_project_the_machine_is_still_looked_at():
    assert [check.name for check in examine(None, None)] == ["mlflow", "great-expectations", "dvc", "ledger", "key"]
