from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from keepfit.errors import TrainError
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.mlflow.client.models import CONTEXT_TAG, _model_uri

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


SERVE_ALL = """\
import json, sys
import mlflow, pandas as pd
mlflow.set_tracking_uri(sys.argv[1])
uris, rows = sys.argv[2:], pd.DataFrame({"x": [1.0]})
models = {uri: mlflow.pyfunc.load_model(uri) for uri in uris}
print(json.dumps([float(models[uri].predict(rows)[0]) for uri in uris]))
"""


def test_models_of_several_keepfits_are_each_loaded_by_their_own_code_in_one_process(mlflow_db, model, content, tmp_path):
    """One is of the keepfit that shipped all of its code under one name, two of later ones."""
    from mlflow import pyfunc

    answers, uris = {"released": 0.5, "next": 0.25, "last": 0.75}, []
    for name, answer in answers.items():
        loader = tmp_path / name / "keepfit_model.py"
        loader.parent.mkdir()
        loader.write_text(model.loader.read_text().replace("0.5", str(answer)))
        run = mlflow_db.start_run(mlflow_db.experiment("kf"), f"sha256:{name}", content)
        if name == "released":
            with_code = {"data_path": str(model.folder), "code_paths": [str(loader)], "pip_requirements": ["pandas"]}
            pyfunc.save_model(tmp_path / "saved", loader_module="keepfit_model", **with_code)
            uris.append(str(tmp_path / "saved"))
        else:
            uris.append(f"models:/{mlflow_db.log_model(run, f'sha256:{name}', replace(model, loader=loader))}")
    for order in (uris, list(reversed(uris))):
        said = subprocess.run([sys.executable, "-c", SERVE_ALL, mlflow_db.uri, *order], capture_output=True, text=True, check=True)
        assert json.loads(said.stdout) == [list(answers.values())[uris.index(uri)] for uri in order]


def test_a_model_is_shipped_with_the_very_code_under_a_name_of_its_content(mlflow_db, registered, model, tmp_path):
    code = mlflow_db.download(registered("named", "sha256:n"), tmp_path / "named") / "code"
    (shipped,) = code.iterdir()
    assert re.fullmatch(r"keepfit_model_[0-9a-f]{8}\.py", shipped.name)
    assert shipped.read_bytes() == model.loader.read_bytes()


def test_a_version_that_keepfit_did_not_make_holds_no_train_out(mlflow_db, tmp_path):
    (tmp_path / "MLmodel").write_text("")
    assert mlflow_db.train_out(tmp_path) is None


def test_what_a_training_command_logged_cannot_be_had_from_a_server_that_is_away(tmp_path):
    with pytest.raises(TrainError, match="MLflow cannot be asked for the model"):
        Mlflow("http://127.0.0.1:9").fetch_logged_model("c0ffee", tmp_path / "model")
    assert not list(tmp_path.iterdir())


def stored(values, **how):
    import pandas as pd

    return pd.DataFrame({"x": pd.Series(values, **how), "c": pd.Series(values, **how)})


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ([1, 2], {}), ([1, 2], {"dtype": "int8"}), ([1, None], {"dtype": "Int64"}), ([1.5, None], {}), ([True, False], {}),
        ([True, None], {"dtype": "boolean"}),
        ([True, None], {"dtype": "object"}), (["a", None], {}), (["a", "b"], {"dtype": "category"}), (["a", None], {"dtype": "category"}),
        ([1, 2], {"dtype": "category"}), ([True, False], {"dtype": "category"}), (["a", 1], {"dtype": "object"}),
    ],
)  # fmt: skip
def test_the_signature_takes_a_feature_in_whatever_way_a_table_stores_it(mlflow_db, registered, values, how):
    import mlflow

    if not mlflow_db.client.search_registered_models("name = 'stored'"):
        registered("stored", "sha256:s")
    mlflow.set_tracking_uri(mlflow_db.uri)
    assert list(mlflow.pyfunc.load_model("models:/stored/1").predict(stored(values, **how))) == [0.5, 0.5]


def test_of_several_models_of_a_run_the_last_one_is_taken(mlflow_db, model, content, tmp_path):
    context = "c0ffee"
    run = mlflow_db.start_run(mlflow_db.experiment("several"), "sha256:several", replace(content, tags={CONTEXT_TAG: context}))
    for number in range(6):
        folder = tmp_path / f"made-{number}" / "candidate"
        folder.mkdir(parents=True)
        (folder / "number").write_text(str(number))
        mlflow_db.log_model(run, f"sha256:{number}", replace(model, folder=folder))
    mlflow_db.fetch_logged_model(context, tmp_path / "got")
    assert (mlflow_db.train_out(tmp_path / "got") / "number").read_text() == "5"


class Folders:
    """What MLflow 2 clients leave: artifact folders, and the run's history of models in a tag."""

    def list_artifacts(self, run_id, folder=None):
        return [SimpleNamespace(path=f"{folder}/MLmodel", is_dir=False)] if folder else [SimpleNamespace(path=name, is_dir=True) for name in ("best", "model")]


@pytest.mark.parametrize(("history", "last"), [(["model", "best"], "best"), (["best", "model"], "model")])
def test_of_several_folders_the_one_that_was_logged_last_is_taken_and_none_is_guessed(history, last):
    tags = {"mlflow.log-model.history": json.dumps([{"artifact_path": name} for name in history])}
    run = SimpleNamespace(outputs=None, info=SimpleNamespace(run_id="r"), data=SimpleNamespace(tags=tags))
    assert _model_uri(Folders(), run) == f"runs:/r/{last}"
    with pytest.raises(TrainError, match="several models, and none is the last one: best, model"):
        _model_uri(Folders(), SimpleNamespace(outputs=None, info=run.info, data=SimpleNamespace(tags={})))
