from __future__ import annotations

import json
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from keepfit.errors import TrainError
from keepfit.flows.project import Project
from keepfit.flows.retraining.adoption import _reference_in, describe
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.profiles.identity import identity_of, identity_of_bytes
from keepfit.records import digest, from_json, to_json
from keepfit.records.model import Adopted

pytestmark = pytest.mark.slow
PARAMS = """
model: {{name: shop, task: classification, target: left, positive: churned}}
data: {{live: rows.csv, time: time, features: {{a: numeric, b: numeric}}}}
evaluate: {{metric: {metric}}}
"""


@pytest.fixture
def rows(tmp_path):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=500), "b": rng.normal(size=500), "time": pd.date_range("2026-01-01", periods=500, freq="h")})
    frame["left"] = np.where(frame["a"] + rng.normal(size=500) > 0, "churned", "stayed")
    frame.to_csv(tmp_path / "rows.csv", index=False)
    return frame


@pytest.fixture
def adopt(tmp_path, rows):
    def describe_one(model, metric="roc_auc"):
        uri = f"sqlite:///{tmp_path}/mlflow.db"
        mlflow.set_tracking_uri(uri)
        mlflow.set_experiment(experiment_id=mlflow.create_experiment(f"own-{metric}", artifact_location=str(tmp_path / "artifacts")))
        with mlflow.start_run():
            logged = mlflow.sklearn.log_model(
                model.fit(rows[["a", "b"]], rows["left"]), name="model", registered_model_name="shop", serialization_format="cloudpickle", pip_requirements=[]
            )
        (tmp_path / "params.yaml").write_text(PARAMS.format(metric=metric))
        runs = Mlflow(uri)
        return describe(Project(tmp_path), runs, runs.version("shop", str(logged.registered_model_version)), tmp_path / "rows.csv")

    yield describe_one
    mlflow.set_tracking_uri(None)


def test_a_foreign_champion_whose_classes_are_words_is_described_by_the_positive_one(adopt):
    adopted = adopt(LogisticRegression())
    assert (adopted.meta.classes[-1], adopted.meta.answers) == ("churned", "probabilities")
    edges = adopted.reference.profiles[0].columns["prediction"]
    assert edges.missing == 0
    assert digest(from_json(Adopted, to_json(adopted))) == digest(adopted)


def test_a_description_is_named_by_what_was_kept_and_brings_its_reference_out_as_it_was_kept():
    """A keepfit that knows another field of profiles must not write it into what names the reference."""
    text = (Path(__file__).parents[2] / "golden/v1/adopted.json").read_text(encoding="utf-8")
    said = json.loads((Path(__file__).parents[2] / "golden/v1/said.json").read_text(encoding="utf-8"))
    assert identity_of_bytes(text.encode()) == said["adopted"]
    reference = _reference_in(text)
    assert identity_of_bytes(reference) == identity_of(from_json(Adopted, text).reference) == said["reference"]
    of_next = json.loads(text)
    of_next["reference"]["profiles"][0]["sketch"] = "kll"
    assert json.loads(_reference_in(json.dumps(of_next)))["profiles"][0]["sketch"] == "kll"


def test_a_foreign_champion_that_answers_labels_only_is_adopted_under_metrics_of_labels(adopt):
    with pytest.raises(TrainError, match="shop v1 answers labels only, and roc_auc needs probabilities"):
        adopt(LinearSVC())
    assert adopt(LinearSVC(), "f1").meta.answers == "labels"


# -- many classes -------------------------------------------------------------------------------------------------------

MANY = PARAMS.replace("positive: churned", "classes: [stayed, churned, paused, legal]")


@pytest.fixture
def paused(rows, tmp_path):
    """A third class; of the fourth, which the project lists, no row ever was."""
    rows.loc[rows["b"] > 1, "left"] = "paused"
    rows.to_csv(tmp_path / "rows.csv", index=False)
    return rows


def test_a_foreign_champion_of_many_classes_is_described_in_the_projects_order(adopt, paused, monkeypatch):
    monkeypatch.setitem(globals(), "PARAMS", MANY)
    adopted = adopt(LogisticRegression(), "f1_macro")
    assert (adopted.meta.classes, adopted.meta.many, adopted.meta.answers) == (("stayed", "churned", "paused", "legal"), True, "probabilities")
    columns = adopted.reference.profiles[0].columns
    assert set(columns["prediction"].categories) <= {"stayed", "churned", "paused"}
    assert columns["_confidence"].missing == 0


def test_a_foreign_champion_of_many_classes_that_answers_labels_needs_a_metric_of_labels(adopt, paused, monkeypatch):
    monkeypatch.setitem(globals(), "PARAMS", MANY)
    with pytest.raises(TrainError, match="answers labels only, and log_loss needs probabilities"):
        adopt(LinearSVC(), "log_loss")
    assert adopt(LinearSVC(), "f1_macro").meta.answers == "labels"
