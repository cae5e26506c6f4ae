from __future__ import annotations

import pytest

from keepfit.errors import ServerError
from keepfit.integrations.mlflow.start import CONFIG, SECRET, ServerFlags, require_users

ABOUT = {"store": "sqlite:////srv/m.db", "registry": "keepfit:sqlite:////srv/m.db", "host": "127.0.0.1", "port": 5000, "workers": 2, "app": "keepfit"}


def test_without_a_root_of_the_clients_the_server_keeps_the_artifacts():
    command = ServerFlags(artifacts="/srv/artifacts", artifact_root=None, **ABOUT).command
    assert command[1:4] == ("-m", "mlflow", "server")
    assert command[8:11] == ("--artifacts-destination", "/srv/artifacts", "--serve-artifacts")


def test_with_one_clients_write_there_themselves():
    command = ServerFlags(artifacts="/srv/artifacts", artifact_root="/srv/theirs", **ABOUT).command
    assert command[8:11] == ("--default-artifact-root", "/srv/theirs", "--no-serve-artifacts")
    assert "/srv/artifacts" not in command


@pytest.mark.parametrize("missing", [SECRET, CONFIG])
def test_users_need_a_secret_and_a_place(missing, monkeypatch, tmp_path):
    (tmp_path / "users.ini").write_text("[mlflow]\n")
    monkeypatch.setenv(SECRET, "secret")
    monkeypatch.setenv(CONFIG, str(tmp_path / "users.ini"))
    require_users()
    monkeypatch.delenv(missing)
    with pytest.raises(ServerError) as said:
        require_users()
    assert said.value.where == missing
