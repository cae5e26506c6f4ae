"""A registry that people made by hand, with MLflow, LightGBM and scikit-learn: no project, no keepfit in it."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

FEATURES = ["carrier", "delay", "distance"]
RULES = """
schema: 1
models:
  late:
    trust: self
    rules:
      overall: {kind: not_worse_than, metric: roc_auc, bound: 0.01}
      harm: {kind: no_proof_of_harm, metric: roc_auc, slice: 'carrier=*', bound: 0.05}
  '*':
    trust: self
    rules:
      floor: {kind: at_least, bound: 0.5}
"""


@dataclass(frozen=True)
class ByHand:
    """Where the registry and the tables lie."""

    home: Path

    @property
    def uri(self) -> str:
        return f"sqlite:///{self.home}/mlflow.db"

    @property
    def march(self) -> Path:
        return self.home / "march.csv"

    @property
    def rules(self) -> Path:
        return self.home / "gate.yaml"


def flights(rows: int, *, seed: int, month: int) -> pd.DataFrame:
    """Flights that are late by their delay, and one carrier's more often."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"carrier": rng.choice(["AA", "B6", "UA"], rows), "delay": rng.normal(size=rows), "distance": rng.integers(100, 2000, rows)})
    late = rng.random(rows) < 1 / (1 + np.exp(-(1.5 * table["delay"] + 1.2 * (table["carrier"] == "B6") - 0.5)))
    day = pd.Timestamp(2026, month, 1) + pd.to_timedelta(rng.integers(0, 28, rows), unit="D")
    return table.assign(late=np.where(late, "yes", "no"), day=day, id=np.arange(rows))


def features(table: pd.DataFrame) -> pd.DataFrame:
    return table[FEATURES].astype({"carrier": "category"})


def models_of_flights():
    """Version 1 learned little, 2 much (of words), 3 one carrier the wrong way round: a Booster without classes."""
    import lightgbm

    table = flights(3000, seed=1, month=1)
    late = (table["late"] == "yes").astype(int)
    little = lightgbm.LGBMClassifier(n_estimators=5, num_leaves=3, verbose=-1, n_jobs=1).fit(features(table), late)
    much = lightgbm.LGBMClassifier(n_estimators=60, num_leaves=7, verbose=-1, n_jobs=1).fit(features(table), table["late"])
    turned = table.assign(delay=table["delay"].where(table["carrier"] != "UA", -table["delay"]))
    settings = {"objective": "binary", "verbose": -1, "num_leaves": 7, "num_threads": 1}
    wrong = lightgbm.train(settings, lightgbm.Dataset(features(turned), late), 60)
    return little, much, wrong


def make_by_hand(home: Path) -> ByHand:
    """Fill the registry: `late` v1 (champion), v2, v3."""
    from mlflow import MlflowClient

    made = ByHand(home)
    client = MlflowClient(made.uri, made.uri)
    experiment = client.create_experiment("flights", artifact_location=(home / "artifacts").as_uri())
    for model in models_of_flights():
        register(client, experiment, "late", model)
    client.set_registered_model_alias("late", "champion", "1")
    flights(3000, seed=2, month=3).to_csv(made.march, index=False)
    made.rules.write_text(RULES, encoding="utf-8")
    return made


def register(client, experiment: str, name: str, model) -> str:
    """Log a model in a run of its own and register it, as MLflow's own verbs do; the version's number."""
    import mlflow
    from mlflow.exceptions import MlflowException

    flavour = mlflow.lightgbm if type(model).__module__.startswith("lightgbm") else mlflow.sklearn
    with tempfile.TemporaryDirectory() as folder:
        how = {"serialization_format": "cloudpickle"} if flavour is mlflow.sklearn else {}
        flavour.save_model(model, f"{folder}/model", pip_requirements=["lightgbm", "scikit-learn"], **how)
        run = client.create_run(experiment)
        client.log_artifacts(run.info.run_id, f"{folder}/model", "model")
    with suppress(MlflowException):  # it may be there
        client.create_registered_model(name)
    return client.create_model_version(name, f"{run.info.artifact_uri}/model", run.info.run_id).version
