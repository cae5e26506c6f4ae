"""The gate on an MLflow server that has a champion already, by people who have no keepfit project: README's second door."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import replace

import pytest
from tests.conftest import REPOSITORY, serving
from tests.contracts.test_docs import gate_files
from tests.e2e.shell import commands

MODEL = "churn"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """The folder of a registry as MLflow leaves it where nobody says where artifacts lie: runs in `mlruns/`, a champion and a candidate."""
    from mlflow import MlflowClient

    home = tmp_path_factory.mktemp("existing")
    with chdir(home):
        client = MlflowClient(f"sqlite:///{home}/mlflow.db", f"sqlite:///{home}/mlflow.db")
        experiment = client.create_experiment("churn")
        client.create_registered_model(MODEL)
        for content in ("the first", "the second"):
            run = client.create_run(experiment)
            (home / "MLmodel").write_text(content)
            client.log_artifact(run.info.run_id, str(home / "MLmodel"), "model")
            client.create_model_version(MODEL, f"{run.info.artifact_uri}/model", run.info.run_id)
        client.set_registered_model_alias(MODEL, "champion", "1")
    assert (home / "mlruns").is_dir()
    return home


@pytest.fixture(scope="module")
def person(before):
    """The commands of somebody who has the key, and neither a project, nor the rules, nor the database."""
    folder = before / "elsewhere"
    folder.mkdir()
    run = commands(folder)
    return replace(run, env={**run.env, "KEEPFIT_KEYS": str(before / "keys")})


@pytest.fixture(scope="module")
def rules(before, person):
    """README's own file, with this person's key for its."""
    (text,) = gate_files(REPOSITORY / "README.md")
    line = person("keepfit", "keys", "new", "default").strip()
    (before / "gate.yaml").write_text("\n".join(f"      {line}" if "default:" in each else each for each in text.splitlines()))


def gated(before, **environment):
    return serving(before, "--backend-store-uri", f"sqlite:///{before}/mlflow.db", "--artifacts-destination", str(before / "artifacts"), **environment)


def test_a_champion_is_adopted_and_held_and_what_is_refused_says_what_to_do(before, person, rules):
    with gated(before) as server:
        here = {"MLFLOW_TRACKING_URI": server.uri}
        said = person("keepfit", "gate", "adopt", MODEL, "--reason", "it serves", code=3, **here)
        variable = f"KEEPFIT_ARTIFACT_ROOTS={before}/mlruns"
        assert variable in said
    name, _, value = variable.partition("=")
    with gated(before, **{name: value}) as server:
        here = {"MLFLOW_TRACKING_URI": server.uri}
        said = person("keepfit", "gate", "adopt", MODEL, "--reason", "it serves", **here)
        assert said.startswith(f"adopted {MODEL} v1")
        assert "adopted" in person("keepfit", "history", MODEL, **here)
        assert [row["kind"] for row in person.json("keepfit", "history", MODEL, "--json", **here)][-1] == "adopted"
        said = person("keepfit", "promote", MODEL, "2", code=3, **here)
        assert "KF-G002" in said
        assert "next: keepfit sync" not in person("keepfit", "promote", MODEL, "1", **here), "it moves nothing, and there is no project to pin it for"
        said = person("keepfit", "gate", "explain", MODEL, "2", code=3, **here)
        assert "the server's own, sha256:" in said
        assert "KF-G002" in said
        said = person("keepfit", "certify", MODEL, "2", code=1, **here)
        assert "is certified from the project that trained it" in said
        said = person("keepfit", "verify", f"models:/{MODEL}@champion", code=1, **here)
        assert "--rules PLACE" in said
        retired = person("keepfit", "retire", MODEL, "--reason", "the end", **here)
        assert retired.startswith(f"retired {MODEL}")
