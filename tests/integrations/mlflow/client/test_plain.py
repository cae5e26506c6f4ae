from __future__ import annotations

import subprocess
import sys
from uuid import uuid4

import pytest

from keepfit.errors import ServerError
from keepfit.integrations.mlflow.client import Mlflow, Points, RunContent
from keepfit.integrations.mlflow.client.plain import CERTIFICATES, PlainClient, is_plain

pytestmark = pytest.mark.slow
CONTENT = RunContent(
    name="a run", tags={"kf.kind": "window", "kf.words": 'ö "x" 100 %'}, metrics={"auc": 0.75, "n": 12.0}, step=3, texts={"keepfit/a page ü.html": "<p>é</p>"}
)
POINTS = (Points(step=1, at=1000, metrics={"auc": 0.5}), Points(step=2, at=2000, metrics={"auc": 0.6, "loss": 0.1}))


def fill(runs: Mlflow, experiment: str) -> str:
    found = runs.experiment(experiment)
    assert runs.find_run(found, "key") is None
    run = runs.start_run(found, "key", CONTENT)
    runs.fill_run(run.id, CONTENT)
    runs.log_series(run.id, POINTS)
    runs.finish_run(run.id)
    kept = runs.find_run(found, "key")
    assert (kept.id, kept.finished) == (run.id, True)
    return run.id


def stored(client, run_id: str) -> tuple:
    """All that is told of a run, but its times and what names it."""
    run = client.get_run(run_id)
    history = {name: [(one.step, one.timestamp, one.value) for one in client.get_metric_history(run_id, name)] for name in run.data.metrics}
    files = [(one.path, one.file_size) for one in client.list_artifacts(run_id, "keepfit")]
    return run.info.run_name, run.info.status, run.info.user_id, run.info.end_time is not None, run.data.tags, history, files


def test_what_is_asked_plainly_is_what_mlflows_own_client_asks(gated_server, monkeypatch):
    plain = Mlflow(gated_server.uri)
    assert isinstance(plain.client, PlainClient)
    own = plain.client.full
    left = []
    for each in ("true", "false"):
        monkeypatch.setenv("MLFLOW_TRACKING_INSECURE_TLS", each) if each == "true" else monkeypatch.delenv("MLFLOW_TRACKING_INSECURE_TLS")
        experiment = f"plain-{uuid4().hex[:8]}"
        own.create_experiment(experiment)
        runs = Mlflow(gated_server.uri)
        assert isinstance(runs.client, PlainClient) == (each == "false")
        run_id = fill(runs, experiment)
        assert runs.read_text(run_id, "keepfit/a page ü.html") == "<p>é</p>"
        left.append(stored(own, run_id))
    assert left[0] == left[1]


def test_the_registry_answers_the_same(gated_server, monkeypatch):
    name = f"plain 'model' {uuid4().hex[:8]}"
    plain = Mlflow(gated_server.uri)
    own = plain.client.full
    run = own.create_run("0").info.run_id
    own.create_registered_model(name)
    for key in ("a", "b"):
        own.create_model_version(name, f"mlflow-artifacts:/0/{run}/artifacts/model", run, tags={"kf.key": key})
    plain.move_alias(name, "live", "2")
    plain.tag_version(name, "1", {"kf.harm": "cured"})
    monkeypatch.setenv("MLFLOW_TRACKING_INSECURE_TLS", "false")
    other = Mlflow(gated_server.uri)
    assert not isinstance(other.client, PlainClient)
    for each in (plain, other):
        assert [(one.number, one.run_id, one.tags.get("kf.key"), one.tags.get("kf.harm")) for one in each.versions(name)] == [
            ("1", run, "a", "cured"),
            ("2", run, "b", None),
        ]
        assert each.champion(name, "live") == each.versions(name)[1]
        assert each.champion(name, "nobody") is each.champion("no such model", "live") is None
    said = []
    for each in (plain, other):
        with pytest.raises(ServerError) as refused:
            each.tag_version(name, "9", {"kf.x": "1"})
        said.append(str(refused.value))
    assert said[0] == said[1]


UNLOADED = """
import sys
from keepfit.integrations.mlflow.client import Mlflow, RunContent
runs = Mlflow(sys.argv[1])
run = runs.start_run(runs.experiment("Default"), sys.argv[2], RunContent(name="x", metrics={"a": 1.0}, texts={"keepfit/x.md": "x"}))
runs.fill_run(run.id, RunContent(name="x", metrics={"a": 1.0}, texts={"keepfit/x.md": "x"}))
runs.finish_run(run.id)
runs.versions("nothing")
assert "mlflow" not in sys.modules
"""


def test_a_run_is_logged_without_loading_mlflow(gated_server):
    subprocess.run([sys.executable, "-c", UNLOADED, gated_server.uri, uuid4().hex], check=True)


@pytest.mark.parametrize("name", ["MLFLOW_TRACKING_SERVER_CERT_PATH", "MLFLOW_TRACKING_AUTH", "MLFLOW_WORKSPACE", "REQUESTS_CA_BUNDLE"])
def test_what_only_mlflows_client_knows_is_left_to_it(monkeypatch, name):
    for each in CERTIFICATES:
        monkeypatch.delenv(each, raising=False)
    assert is_plain("https://mlflow.example")
    monkeypatch.setenv(name, "x")
    assert not is_plain("https://mlflow.example")
    assert not is_plain("sqlite:///m.db")


def test_a_number_that_is_none_goes_the_long_way(gated_server):
    runs = Mlflow(gated_server.uri)
    content = RunContent(name="x", metrics={"a": float("nan")})
    run = runs.start_run("0", uuid4().hex, content)
    runs.fill_run(run.id, content)
    assert "a" in runs.client.full.get_run(run.id).data.metrics
