"""What an MLflow model made by keepfit needs to be loaded: this file is shipped inside it and imports nothing of keepfit.

`mlflow.pyfunc.load_model` calls `_load_pyfunc` with the folder that holds train's out; `predict` answers the probability of
the positive class, or the value.
"""

import json
from pathlib import Path
from typing import Any


class KeepfitModel:
    """A loaded model; `predict` takes a frame with the feature columns."""

    def __init__(self, folder: Path) -> None:
        self.meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        self.predictor = _predictor(folder, self.meta["flavor"])

    def predict(self, frame: Any, params: Any = None) -> Any:  # noqa: ARG002 - MLflow's signature
        """Return a score a row."""
        features = frame[list(self.meta["features"])]
        if self.meta["task"] == "regression" or not hasattr(self.predictor, "predict_proba"):
            return self.predictor.predict(features)
        return self.predictor.predict_proba(features)[:, self._positive()]

    def _positive(self) -> int:
        """The column of the class that counts as 1: by name where the estimator's classes are words."""
        names = [str(value) for value in getattr(self.predictor, "classes_", [])]
        wanted = (self.meta["classes"] or [""])[-1]
        return names.index(wanted) if wanted in names else -1


def _predictor(folder: Path, flavor: str) -> Any:
    if flavor == "mlflow":
        import mlflow

        path = str(folder / "model")
        flavors = mlflow.models.get_model_info(path).flavors
        return mlflow.sklearn.load_model(path) if "sklearn" in flavors else mlflow.pyfunc.load_model(path)
    import joblib

    if flavor == "sklearn":
        return joblib.load(folder / "estimator.joblib")
    pickled = [path for path in sorted((folder / "model").iterdir()) if path.suffix in {".joblib", ".pkl", ".pickle"}]
    if len(pickled) != 1:
        raise ValueError("this model predicts through its project's own command (train.predict) and cannot be served from here")
    return joblib.load(pickled[0])


def _load_pyfunc(path: str) -> KeepfitModel:
    return KeepfitModel(Path(path))
