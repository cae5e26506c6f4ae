from __future__ import annotations

from pathlib import Path

import pytest

from keepfit.integrations.mlflow.client import Mlflow

pytestmark = pytest.mark.slow


def test_a_run_is_found_by_its_key_and_filling_it_again_leaves_one(mlflow_db, content):
    experiment = mlflow_db.experiment("kf")
    assert mlflow_db.find_run(experiment, "sha256:a") is None
    started = mlflow_db.start_run(experiment, "sha256:a", content)
    assert not started.finished
    for _ in range(2):
        mlflow_db.fill_run(started.id, content)
        mlflow_db.finish_run(started.id)
    found = mlflow_db.find_run(experiment, "sha256:a")
    assert (found.id, found.finished, found.tags["kf.window"]) == (started.id, True, "2013-02")


def test_texts_of_a_run_come_back_as_they_were(mlflow_db, content):
    run = mlflow_db.start_run(mlflow_db.experiment("kf"), "sha256:texts", content)
    mlflow_db.fill_run(run.id, content)
    mlflow_db.log_text(run.id, "keepfit/a.json", '{"ü": 1}\n')
    assert mlflow_db.read_text(run.id, "reports/drift.html") == "<p>"
    assert mlflow_db.read_text(run.id, "keepfit/a.json") == '{"ü": 1}\n'
    assert mlflow_db.read_text(run.id, "reports/other") is None
    assert mlflow_db.read_text(run.id, "nowhere/other") is None


def test_artifacts_of_a_database_lie_beside_it_and_not_below_the_current_folder(mlflow_db):
    mlflow_db.experiment("kf")
    location = mlflow_db.client.get_experiment_by_name("kf").artifact_location
    assert location == f"file://{Path(mlflow_db.uri.removeprefix('sqlite:///')).parent}/mlartifacts/kf"


def test_pages_of_runs_exist_only_on_a_server(mlflow_db):
    assert mlflow_db.run_page("1", "r") is None
    page = Mlflow("http://h:5000/").run_page("1", "r", "reports/SCORECARD.md")
    assert page == "http://h:5000/#/experiments/1/runs/r/artifacts/reports/SCORECARD.md"
