"""What nobody watches: models of a registry without a project, and projects that stopped."""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest
from click.testing import CliRunner
from mlflow import MlflowClient
from tests.flows.fleet.test_overview import pinned
from tests.flows.fleet.test_projects import fleet, project
from tests.integrations.ledger.made import judged

from keepfit.cli.fleet import fleet as command
from keepfit.flows.fleet.unmonitored import find_unmonitored
from keepfit.integrations.ledger.ledger import Ledger

NOW = datetime(2013, 7, 10)


@pytest.fixture
def registry(tmp_path, migrated_registry):
    """A registry in which calm and stranger serve; idle has no champion, another one has another alias."""
    shutil.copy(migrated_registry, tmp_path / "mlflow.db")
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    for name, alias in (("calm", "champion"), ("stranger", "champion"), ("idle", None), ("another", "live")):
        client.create_registered_model(name)
        client.create_model_version(name, source="file:///nowhere")
        if alias:
            client.set_registered_model_alias(name, alias, "1")
    return uri


def watched(home, uri, *names, window="2013-06"):
    """Projects that were looked at lately."""
    for name in names:
        project(home / name, name, f"mlflow: {{tracking_uri: '{uri}'}}\n")
        pinned(home / name)
        ledger = Ledger(f"sqlite:///{home}/{name}/.keepfit/ledger.db")
        with ledger.transaction() as book:
            book.record_window(judged(window, model=name))
        ledger.close()


def test_a_champion_that_no_project_is_of_is_named(tmp_path, registry):
    watched(tmp_path, registry, "calm")
    found = find_unmonitored(fleet(tmp_path, "projects: [calm]\n"), until=NOW)
    assert [(one.model, one.version, one.server, one.folder) for one in found.unwatched] == [("stranger", "1", registry, None)]


def test_a_project_that_stopped_or_broke_is_named_and_one_without_a_champion_is_not(tmp_path, registry):
    watched(tmp_path, registry, "stranger", "calm")
    watched(tmp_path, registry, "late", window="2013-03")
    project(tmp_path / "new", "new", f"mlflow: {{tracking_uri: '{registry}'}}\n")
    project(tmp_path / "broken", "broken", "nothing: 1\n")
    found = find_unmonitored(fleet(tmp_path, "projects: ['*']\n"), until=NOW)
    assert [(one.model, one.folder) for one in found.unwatched] == [("broken", "broken"), ("late", "late")]
    assert found.away == ()


def test_the_command_ends_with_3_where_anything_is_not_watched_and_with_1_where_it_cannot_know(tmp_path, registry, monkeypatch):
    watched(tmp_path, registry, "calm")
    path = str(fleet(tmp_path, "projects: [calm]\n"))

    def run(*options):
        monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)  # MLflow leaves there which server a client was made for
        return CliRunner().invoke(command, ["overview", path, "--until", "2013-07-10", "--unmonitored", *options])

    said = run()
    assert said.exit_code == 3
    assert "stranger" in said.stdout
    watched(tmp_path, registry, "stranger")
    fleet(tmp_path, "projects: [calm, stranger]\n")
    assert (run().exit_code, run("--json").stdout.split()) == (0, ["{", '"schema":', "1,", '"unmonitored":', "[]", "}"])
    for name in ("calm", "stranger"):
        params = tmp_path / name / "params.yaml"
        params.write_text(params.read_text().replace(registry, "http://127.0.0.1:9"))
    assert run().exit_code == 1
    assert "127.0.0.1:9" in run().stderr
