from __future__ import annotations

import pytest

from keepfit.errors import TrainError
from keepfit.integrations.mlflow_client import Mlflow

pytestmark = pytest.mark.slow


def test_a_model_whose_upload_was_cut_does_not_count_and_goes_away(mlflow_db, model, content):
    run = mlflow_db.start_run(mlflow_db.experiment("kf"), "sha256:half", content)
    half = mlflow_db.client.create_logged_model(run.experiment_id, name="model", source_run_id=run.id, tags={"kf.key": "sha256:half"})
    assert mlflow_db.find_model(run, "sha256:half") is None
    whole = mlflow_db.log_model(run, "sha256:half", model)
    assert mlflow_db.find_model(run, "sha256:half") == whole
    left = mlflow_db.client.search_logged_models([run.experiment_id], "tags.`kf.key` = 'sha256:half'")
    assert [found.model_id for found in left] == [whole] != [half.model_id]


def test_a_version_holds_the_folder_unchanged(mlflow_db, registered, tmp_path):
    version = registered("unchanged", "sha256:u")
    got = mlflow_db.train_out(mlflow_db.download(version, tmp_path / "got"))
    assert [(path.relative_to(got).as_posix(), path.read_bytes()) for path in got.rglob("*") if path.is_file()] == [("deep/weights", b"\x00\x01")]
    whole = mlflow_db.download(version, tmp_path / "whole")
    assert {path.name for path in whole.iterdir()} >= {"MLmodel", "code", "data"}
    assert not list(whole.rglob("registered_model_meta"))


def test_the_model_loads_by_its_alias_and_takes_whole_numbers_and_missing_columns(mlflow_db, registered):
    import mlflow
    import pandas as pd

    version = registered("loads", "sha256:l")
    mlflow_db.move_alias("loads", "champion", version.number)
    assert list(mlflow.pyfunc.load_model("models:/loads@champion").predict(pd.DataFrame({"x": [1, 2]}))) == [0.5, 0.5]


def test_a_version_that_keepfit_did_not_make_holds_no_train_out(mlflow_db, tmp_path):
    (tmp_path / "MLmodel").write_text("")
    assert mlflow_db.train_out(tmp_path) is None


def test_what_a_training_command_logged_cannot_be_had_from_a_server_that_is_away(tmp_path):
    with pytest.raises(TrainError, match="MLflow cannot be asked for the model"):
        Mlflow("http://127.0.0.1:9").fetch_logged_model("c0ffee", tmp_path / "model")
    assert not list(tmp_path.iterdir())
