"""A trained model on disk: `meta.json` beside an estimator, an MLflow model, or what the user's command left.

Loading a model runs code from its files: load only what you trained yourself or whose digest you checked.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from keepfit.errors import DataError, TrainError, did_you_mean
from keepfit.records import ModelMeta, from_json

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

META_FILE = "meta.json"
MODEL_FOLDER = "model"
SHOWN = 300


class Scorer(Protocol):
    """A model that scores rows."""

    @property
    def meta(self) -> ModelMeta:
        """What keepfit knows of the model."""

    def score(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a score a row: the probability of the positive class, or the predicted value."""


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory; categories it has never seen and missing values are fine."""

    meta: ModelMeta
    predictor: Any

    def score(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a score a row, in the frame's order; raises `DataError` for missing columns or values that cannot be read."""
        import numpy as np

        if not len(frame):
            return np.empty(0)
        missing = [name for name in self.meta.features if name not in frame.columns]
        if missing:
            raise DataError(f"the table has no column {missing[0]!r} that the model needs", fix=did_you_mean(missing[0], map(str, frame.columns)))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scores = self._predict(frame[list(self.meta.features)])
        except (ValueError, TypeError, KeyError, AttributeError) as bad:
            raise DataError(f"the model cannot score these rows: {' '.join(str(bad).split())[:SHOWN]}", fix="check the columns' types") from bad
        return checked_scores(scores, rows=len(frame), meta=self.meta)

    def _predict(self, features: pd.DataFrame) -> Any:
        if self.meta.task == "regression" or not hasattr(self.predictor, "predict_proba"):
            return self.predictor.predict(features)
        known = [_text(value) for value in getattr(self.predictor, "classes_", [])]
        column = known.index(self.meta.classes[-1]) if self.meta.classes and self.meta.classes[-1] in known else -1
        return self.predictor.predict_proba(features)[:, column]


def _text(value: Any) -> str:
    """A class as text: 1, 1.0 and true are `1`."""
    return str(int(value)) if getattr(value, "dtype", None) is not None and value.dtype.kind in "bif" else str(value)


def checked_scores(scores: Any, *, rows: int, meta: ModelMeta) -> npt.NDArray[np.float64]:
    """Return the scores as floats, one a row; raises `TrainError` when they are not what the train contract promises."""
    import numpy as np

    try:
        values = np.asarray(scores, dtype=np.float64)
    except (ValueError, TypeError) as bad:
        raise TrainError("the model answers no numbers", where=meta.estimator, fix="predict probabilities or values, not names of classes") from bad
    if values.ndim == 2:
        values = values[:, -1]
    if values.shape != (rows,):
        raise TrainError(f"the model answers {values.shape} scores for {rows} rows", where=meta.estimator, fix="one score a row, in the rows' order")
    if meta.task == "classification" and bool(((values < 0) | (values > 1)).any()):
        raise TrainError("the model's scores are no probabilities", where=meta.estimator, fix="answer the positive class's probability, 0 to 1")
    return values


def is_model(folder: Path) -> bool:
    """Tell if a model lies here (`models/champion/` may hold the file NONE instead)."""
    return (folder / META_FILE).is_file()


def read_meta(folder: Path) -> ModelMeta:
    """Read a model's `meta.json`; raises `TrainError` if there is no model."""
    if not is_model(folder):
        raise TrainError("no model here", where=str(folder), fix="dvc repro, or dvc checkout")
    return from_json(ModelMeta, (folder / META_FILE).read_bytes(), where=str(folder / META_FILE))


def load_scorer(folder: Path) -> LoadedModel:
    """Load the model in `folder` (train's out); raises `TrainError` when it cannot be loaded."""
    meta = read_meta(folder)
    try:
        return LoadedModel(meta, _LOADERS[meta.flavor](folder))
    except Exception as bad:
        said = f"{type(bad).__name__}: {' '.join(str(bad).split())[:SHOWN]}"
        raise TrainError(f"the model cannot be loaded: {said}", where=str(folder), fix="the versions it was trained with; see its requirements") from bad


def _load_sklearn(folder: Path) -> Any:
    import joblib

    return joblib.load(folder / "estimator.joblib")


def _load_mlflow(folder: Path) -> Any:
    """The scikit-learn flavour where there is one, because its Python function answers classes instead of probabilities."""
    import mlflow

    path = str(folder / MODEL_FOLDER)
    flavors = mlflow.models.get_model_info(path).flavors
    return mlflow.sklearn.load_model(path) if "sklearn" in flavors else mlflow.pyfunc.load_model(path)


def _load_file(folder: Path) -> Any:
    import joblib

    files = sorted(path for path in (folder / MODEL_FOLDER).iterdir() if path.suffix in {".joblib", ".pkl", ".pickle"})
    if len(files) != 1:
        raise TrainError(f"{len(files)} pickled models, there must be one", where=str(folder / MODEL_FOLDER), fix="set train.predict for other kinds of model")
    return joblib.load(files[0])


_LOADERS = {"sklearn": _load_sklearn, "mlflow": _load_mlflow, "command": _load_file}
