from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from keepfit.errors import ServerError
from keepfit.integrations.mlflow_runs import MlflowRuns, ModelContent, RunContent

CONTENT = RunContent(name="window 2013-02", tags={"kf.window": "2013-02"}, metrics={"auc": 0.7}, texts={"reports/drift.html": "<p>"})
LOADER = "def _load_pyfunc(path):\n    class Model:\n        def predict(self, frame):\n            return [0.5] * len(frame)\n    return Model()\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> MlflowRuns:
    return MlflowRuns(f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db")


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> ModelContent:
    folder = tmp_path_factory.mktemp("made")
    (folder / "candidate" / "deep").mkdir(parents=True)
    (folder / "candidate" / "deep" / "weights").write_bytes(b"\x00\x01")
    (folder / "keepfit_model.py").write_text(LOADER)
    return ModelContent(folder=folder / "candidate", loader=folder / "keepfit_model.py", requirements=["pandas"], inputs={"x": "number", "c": "string"})


def _registered(runs, model, name, key):
    run = runs.start_run(runs.experiment("kf"), key, CONTENT)
    runs.ensure_model(name)
    return runs.create_version(name, key, model_id=runs.log_model(run, key, model), run_id=run.id, tags={"kf.status": "passed"}, description="| a |")


def test_logging_a_run_twice_leaves_one_finished_run(runs):
    first = runs.log_run("kf", "sha256:a", CONTENT)
    assert runs.log_run("kf", "sha256:a", CONTENT) == first
    found = runs.find_run(runs.experiment("kf"), "sha256:a")
    assert (found.id, found.finished, found.tags["kf.window"]) == (first, True, "2013-02")
    assert runs.read_text(first, "reports/drift.html") == "<p>"
    assert runs.read_text(first, "reports/other") is None
    assert runs.read_text(first, "nowhere/other") is None


def test_a_run_that_was_cut_is_completed(runs):
    started = runs.start_run(runs.experiment("kf"), "sha256:cut", CONTENT)
    assert not started.finished
    assert runs.log_run("kf", "sha256:cut", CONTENT) == started.id
    assert runs.find_run(started.experiment_id, "sha256:cut").finished


def test_a_model_whose_upload_was_cut_does_not_count_and_goes_away(runs, model):
    run = runs.start_run(runs.experiment("kf"), "sha256:half", CONTENT)
    half = runs.client.create_logged_model(run.experiment_id, name="model", source_run_id=run.id, tags={"kf.key": "sha256:half"})
    assert runs.find_model(run, "sha256:half") is None
    whole = runs.log_model(run, "sha256:half", model)
    assert runs.find_model(run, "sha256:half") == whole
    left = runs.client.search_logged_models([run.experiment_id], "tags.`kf.key` = 'sha256:half'")
    assert [found.model_id for found in left] == [whole] != [half.model_id]


def test_a_version_is_found_by_its_key_and_holds_the_folder_unchanged(runs, model, tmp_path):
    version = _registered(runs, model, "it's a model", "sha256:v")
    assert runs.find_version("it's a model", "sha256:v") == version
    assert runs.find_version("it's a model", "sha256:w") is None
    assert version.model_id.startswith("m-")
    got = runs.download_train_out(version, tmp_path / "got")
    assert [(path.relative_to(got).as_posix(), path.read_bytes()) for path in got.rglob("*") if path.is_file()] == [("deep/weights", b"\x00\x01")]
    whole = runs.download(version, tmp_path / "whole")
    assert {path.name for path in whole.iterdir()} >= {"MLmodel", "code", "data"}
    assert not list(whole.rglob("registered_model_meta"))


def test_the_model_loads_by_its_alias_and_takes_whole_numbers_and_missing_columns(runs, model):
    import mlflow
    import pandas as pd

    version = _registered(runs, model, "loads", "sha256:l")
    assert runs.champion("loads", "champion") is None
    runs.set_alias(version, "champion")
    assert runs.champion("loads", "champion").number == version.number
    assert list(mlflow.pyfunc.load_model("models:/loads@champion").predict(pd.DataFrame({"x": [1, 2]}))) == [0.5, 0.5]


def test_no_model_means_no_champion_and_no_versions(runs):
    assert runs.champion("nobody", "champion") is None
    assert runs.versions("nobody") == ()
    with pytest.raises(ServerError, match="MLflow answered"):
        runs.version("nobody", "1")


def test_a_version_that_keepfit_did_not_make_cannot_be_pinned(runs, tmp_path):
    (tmp_path / "MLmodel").write_text("")
    version = runs.versions("it's a model")[0]
    with pytest.raises(ServerError, match="holds no train out of keepfit"):
        runs.train_out(tmp_path, version)


def test_artifacts_of_a_database_lie_beside_it_and_not_below_the_current_folder(runs):
    location = runs.client.get_experiment_by_name("kf").artifact_location
    assert location == f"file://{Path(runs.uri.removeprefix('sqlite:///')).parent}/mlartifacts/kf"


def test_a_server_that_is_down_is_one_sentence_within_seconds():
    before = time.monotonic()
    with pytest.raises(ServerError) as away:
        MlflowRuns("http://127.0.0.1:9").experiment("kf")
    assert away.value.what.startswith("the MLflow server at http://127.0.0.1:9 does not answer")
    assert away.value.fix == "keepfit server, or set MLFLOW_TRACKING_URI"
    assert time.monotonic() - before < 5


def test_a_server_that_hangs_is_one_sentence_within_seconds():
    release = threading.Event()

    class Hangs(BaseHTTPRequestHandler):
        def do_GET(self):
            release.wait(20)

    server = HTTPServer(("127.0.0.1", 0), Hangs)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = time.monotonic()
    with pytest.raises(ServerError, match="does not answer"):
        MlflowRuns(f"http://127.0.0.1:{server.server_port}").probe()
    assert time.monotonic() - before < 6
    release.set()
    server.shutdown()


@pytest.mark.parametrize("uri", ["http://", "http://no such host/", "sqlite:////proc/nothing/m.db"])
def test_an_address_that_cannot_be_is_one_sentence(uri):
    with pytest.raises(ServerError):
        MlflowRuns(uri).experiment("kf")


def test_pages_exist_only_on_a_server(runs):
    version = runs.versions("it's a model")[0]
    assert runs.version_page(version) is None
    server = MlflowRuns("http://h:5000/")
    assert server.version_page(version) == "http://h:5000/#/models/it%27s%20a%20model/versions/1"
    assert server.run_page("1", "r", "reports/SCORECARD.md") == "http://h:5000/#/experiments/1/runs/r/artifacts/reports/SCORECARD.md"
