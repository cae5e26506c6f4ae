from __future__ import annotations

import pytest
from click.testing import CliRunner
from tests.conftest import free_port
from tests.flows.gitted import make_gitted

from keepfit.cli import app
from keepfit.errors import KeepfitError, ParamsError, ProjectError, ServerError
from keepfit.flows.serving.server import ServerOptions, plan


@pytest.fixture
def here(tmp_path):
    (tmp_path / "gate.yaml").write_text("schema: 1\nmodels: {}\n")
    return tmp_path


@pytest.fixture
def users(here, monkeypatch):
    """All that basic-auth needs."""
    (here / "users.ini").write_text("[mlflow]\n")
    monkeypatch.setenv("MLFLOW_FLASK_SERVER_SECRET_KEY", "a secret")
    monkeypatch.setenv("MLFLOW_AUTH_CONFIG_PATH", str(here / "users.ini"))


def options(**more):
    return ServerOptions(port=free_port(), **more)


def value(command, option):
    return command[command.index(option) + 1]


def test_the_registry_is_behind_keepfit_and_the_app_refuses_to_start_without(here):
    command = plan(options(backend_store_uri="sqlite:////srv/m.db"), here=here).command
    assert value(command, "--registry-store-uri") == "keepfit:sqlite:////srv/m.db"
    assert value(command, "--app-name") == "keepfit"


def test_with_users_the_app_is_the_one_with_users(here, users):
    assert value(plan(options(basic_auth=True), here=here).command, "--app-name") == "keepfit-basic-auth"


@pytest.mark.parametrize("missing", ["MLFLOW_FLASK_SERVER_SECRET_KEY", "MLFLOW_AUTH_CONFIG_PATH"])
def test_what_basic_auth_lacks_is_said_before_anything_starts(here, users, missing, monkeypatch):
    monkeypatch.delenv(missing)
    with pytest.raises(ServerError) as said:
        plan(options(basic_auth=True), here=here)
    assert said.value.where == missing
    assert not (here / ".keepfit").exists()


def test_a_configuration_of_users_that_is_not_there_is_named(here, users, monkeypatch):
    monkeypatch.setenv("MLFLOW_AUTH_CONFIG_PATH", "/nowhere/users.ini")
    with pytest.raises(ServerError, match=r"there is no file /nowhere/users\.ini"):
        plan(options(basic_auth=True), here=here)


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
