from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from tests.certificates import SERVED
from tests.conftest import free_port
from tests.flows.servers import running

from keepfit.errors import KeepfitError
from keepfit.flows.doctor import rules, server
from keepfit.flows.serving.gated_app import refuse_ungated

SENTENCE = "keepfit: this server would not be gated: its registry store is not behind keepfit (--registry-store-uri)"
ADMIN, ANN = ("admin", "a-long-first-password"), ("ann", "anns-long-password")
USERS = """[mlflow]
default_permission = READ
database_uri = sqlite:///{home}/users.db
admin_username = admin
admin_password = a-long-first-password
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
"""


def mlflow_server(*arguments, cwd):
    """`mlflow server` that should end by itself."""
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", "sqlite:///m.db", "--port", str(free_port()), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=170)


@pytest.mark.parametrize("uri", [None, "", "sqlite:///m.db", "postgresql://me:secret@db/m", "keepfits:x"])
def test_a_registry_that_is_not_behind_keepfit_is_refused_without_showing_its_uri(uri):
    with pytest.raises(KeepfitError) as refused:
        refuse_ungated(uri)
    assert "secret" not in str(refused.value)
    assert "keepfit server" in refused.value.fix


def test_a_registry_behind_keepfit_is_fine():
    refuse_ungated("keepfit:sqlite:///m.db")


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("--app-name", "keepfit"), ("--app-name", "keepfit-basic-auth", "--workers", "3")], ids=" ".join)
def test_mlflow_server_with_the_plugin_and_without_the_gate_ends_with_one_sentence(arguments, tmp_path):
    ended = mlflow_server(*arguments, cwd=tmp_path)
    assert ended.returncode == 1
    assert SENTENCE in ended.stderr.splitlines()
    assert "  fix: add --registry-store-uri keepfit:DATABASE" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_without_a_secret_key_the_plugin_with_users_ends_with_mlflows_reason(tmp_path):
    ended = mlflow_server("--registry-store-uri", "keepfit:sqlite:///m.db", "--app-name", "keepfit-basic-auth", cwd=tmp_path)
    assert ended.returncode == 1
    assert "keepfit: A static secret key needs to be set" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_worker_started_past_mlflow_refuses_too_and_is_not_started_again(tmp_path):
    command = [sys.executable, "-m", "uvicorn", "--factory", "keepfit.flows.serving.gated_app:create_app", "--workers", "2", "--port", str(free_port())]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=170)
    assert SENTENCE in ended.stderr.splitlines()
    assert "stopping the parent process" in ended.stderr


# -- with users ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_users(tmp_path_factory):
    """(address, folder) of a gated server with basic-auth and several workers; Ann has no more than MLflow gives everybody."""
    home = tmp_path_factory.mktemp("users")
    (home / "gate.yaml").write_text(SERVED)
    (home / "users.ini").write_text(USERS.format(home=home))
    env = {"MLFLOW_FLASK_SERVER_SECRET_KEY": "the same in every worker", "MLFLOW_AUTH_CONFIG_PATH": str(home / "users.ini")}
    with running(["keepfit", "server", "--auth", "basic-auth", "--workers", "2"], home, env=env) as uri:
        sent(uri, "users/create", {"username": ANN[0], "password": ANN[1]}, by=ADMIN)
        yield uri, home


def sent(uri, path, body, *, by):
    import requests

    return requests.post(f"{uri}/api/2.0/mlflow/{path}", json=body, auth=by, timeout=60)


def journal(home):
    engine = sa.create_engine(f"sqlite:///{home}/.keepfit/server/mlflow.db")
    with engine.connect() as connection:
        kept = sa.inspect(connection).has_table("keepfit_journal")
        found = connection.execute(sa.text("SELECT who, via, model FROM keepfit_journal ORDER BY id")).all() if kept else []
    engine.dispose()
    return [tuple(row) for row in found]


@pytest.mark.slow
def test_the_journal_names_the_user_who_asked(with_users):
    uri, home = with_users
    assert sent(uri, "registered-models/create", {"name": "flights-ann"}, by=ANN).status_code == 200
    refused = sent(uri, "registered-models/set-tag", {"name": "flights-ann", "key": "keepfit.x", "value": "1"}, by=ANN)
    assert (refused.status_code, "[KF-G005]" in refused.text) == (403, True)
    assert journal(home) == [("ann", "server", "flights-ann")]


@pytest.mark.slow
def test_nobody_is_answered_without_a_password(with_users):
    uri, _ = with_users
    assert sent(uri, "registered-models/create", {"name": "flights-x"}, by=None).status_code == 401


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "gate", "root"),
    [(None, "unknown", "unknown"), (ANN, "unknown", "ok"), (ADMIN, "ok", "ok")],
    ids=["nobody", "a reader", "who may move aliases"],
)
def test_doctor_sees_that_there_are_users_and_how_far_its_own_rights_reach(with_users, by, gate, root, monkeypatch):
    uri, home = with_users
    for name, value in zip(("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"), by or (), strict=False):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(home))
    before = journal(home)
    found = {check.name: check.status for check in server.examine(uri, rules.read(str(home / "gate.yaml")), now=datetime.now(UTC))}
    assert (found["gate"], found["artifact root"], found["auth"], found["artifact writes"]) == (gate, root, "ok", "ok")
    assert journal(home) == before
