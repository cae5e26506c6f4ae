from __future__ import annotations

import pytest
from click.testing import CliRunner
from tests.conftest import free_port
from tests.flows.gitted import make_gitted

from keepfit.cli import app
from keepfit.errors import KeepfitError, ParamsError, ProjectError
from keepfit.flows.server import ServerOptions, plan


def planned(here, rules=None):
    return plan(ServerOptions(port=free_port(), rules=rules), here=here)


def test_the_server_gets_the_rules_by_absolute_path(tmp_path):
    (tmp_path / "gate.yaml").write_text("models: {}")
    start = planned(tmp_path)
    assert start.environment["KEEPFIT_GATE"] == start.rules == str(tmp_path / "gate.yaml")


def test_the_server_gets_the_rules_of_a_branch_as_they_were_named(tmp_path):
    place = make_gitted(tmp_path / "a repo@home").place
    assert planned(tmp_path, place).environment["KEEPFIT_GATE"] == place


def test_the_environments_rules_are_the_default(tmp_path, monkeypatch):
    place = make_gitted(tmp_path / "repo").place
    monkeypatch.setenv("KEEPFIT_GATE", place)
    assert planned(tmp_path).rules == place


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("git+file:///nowhere@main:gate.yaml", "there is no folder 'nowhere'"),
        ("git+file://{home}/repo@main:keepfit/gate.yaml", "keepfit/gate.yaml is not on the branch main"),
        ("git+file://repo@main:gate.yaml", "no absolute path of a repository"),
        ("none.yaml", "no rules for the gate"),
        ("{home}", "is a folder"),
    ],
)
def test_rules_that_cannot_be_read_stop_the_start_with_one_sentence(tmp_path, named, problem):
    make_gitted(tmp_path / "repo")
    with pytest.raises((ProjectError, ParamsError), match=problem) as caught:
        planned(tmp_path, named.format(home=tmp_path))
    assert "\n" not in caught.value.what
    assert caught.value.fix


def test_rules_with_an_unknown_key_stop_the_start(tmp_path):
    (tmp_path / "gate.yaml").write_text("models: {m: {alias: [champion]}}")
    with pytest.raises(ParamsError, match="did you mean 'aliases'"):
        planned(tmp_path)


def test_the_command_takes_the_git_form_as_it_is_typed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["server", "--port", str(free_port()), "--rules", "git+file:///nowhere/at all@main:gate.yaml"])
    assert isinstance(done.exception, KeepfitError)
    assert done.exception.where == "/nowhere/at all"
