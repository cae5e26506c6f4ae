"""One database of MLflow for these tests, a folder to log as a model, and the way from there to a version."""

from __future__ import annotations

import pytest

from keepfit.integrations.mlflow.client import Mlflow, ModelContent, RunContent

LOADER = "def _load_pyfunc(path):\n    class Model:\n        def predict(self, frame):\n            return [0.5] * len(frame)\n    return Model()\n"


@pytest.fixture(scope="package")
def mlflow_db(tmp_path_factory) -> Mlflow:
    return Mlflow(f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db")


@pytest.fixture(scope="package")
def content() -> RunContent:
    return RunContent(name="window 2013-02", tags={"kf.window": "2013-02"}, metrics={"auc": 0.7}, texts={"reports/drift.html": "<p>"})


@pytest.fixture(scope="package")
def model(tmp_path_factory) -> ModelContent:
    folder = tmp_path_factory.mktemp("made")
    (folder / "candidate" / "deep").mkdir(parents=True)
    (folder / "candidate" / "deep" / "weights").write_bytes(b"\x00\x01")
    (folder / "keepfit_model.py").write_text(LOADER)
    return ModelContent(folder=folder / "candidate", loader=folder / "keepfit_model.py", requirements=["pandas"], inputs=("x", "c"))


@pytest.fixture(scope="package")
def registered(mlflow_db, model, content):
    """Register the folder as a version of the named model, found by a key."""

    def make(name, key):
        run = mlflow_db.start_run(mlflow_db.experiment("kf"), key, content)
        mlflow_db.ensure_model(name)
        model_id = mlflow_db.log_model(run, key, model)
        return mlflow_db.create_version(name, key, model_id=model_id, run_id=run.id, tags={"kf.status": "passed"}, description="| a |")

    return make
