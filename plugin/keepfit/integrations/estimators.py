"""scikit-learn estimators by import path, behind a preparation of the columns that is pickled with them.

The pickle holds only scikit-learn and pandas objects, so it loads where keepfit is not installed. An estimator that takes
`categorical_features` gets categories as codes and handles them natively; any other gets one-hot columns and scaled numbers.
"""

from __future__ import annotations

import inspect
import pickle
import pkgutil
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from keepfit.errors import TrainError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.records import Task

ESTIMATOR_FILE = "estimator.joblib"
WHERE = "params.yaml: train.estimator"
SHOWN = 300


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is trained: an estimator's import path and parameters, the columns it sees, the seed of its randomness."""

    estimator: str
    task: Task
    features: Mapping[str, Literal["numeric", "categorical"]]
    params: Mapping[str, Any] = field(default_factory=dict)
    max_categories: int = 60
    seed: int = 0

    def columns(self, kind: Literal["numeric", "categorical"]) -> list[str]:
        """Return the features of one kind, in the order of params."""
        return [name for name, its in self.features.items() if its == kind]


def train_sklearn(recipe: Recipe, frame: pd.DataFrame, target: npt.NDArray[np.float64], weights: npt.NDArray[np.float64] | None = None) -> Any:
    """Fit and return the pipeline; same rows, recipe and versions give the same bytes when saved.

    Weights that are all one are not passed on, so estimators without weights can be used. Raises `TrainError` for a path that
    names no estimator, parameters it does not take, an estimator of the other task, one class, or a fit that fails.
    """
    estimator = _built(recipe)
    weighted = weights is not None and bool((weights != 1).any())
    if weighted and "sample_weight" not in inspect.signature(estimator.fit).parameters:
        raise TrainError(f"{recipe.estimator} takes no row weights", where=WHERE, fix="another estimator, or compose.balance: none")
    labels = target.astype(int) if recipe.task == "classification" else target
    if recipe.task == "classification" and len(set(labels.tolist())) < 2:
        raise TrainError(
            "the training rows hold one class only", where="params.yaml: compose", fix="more windows: compose.recent_windows, compose.replay_share"
        )
    pipeline = _pipeline(recipe, estimator)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pipeline.fit(frame[list(recipe.features)], labels, **({"estimator__sample_weight": weights} if weighted else {}))
    except (ValueError, TypeError) as bad:
        said = " ".join(str(bad).split())[:SHOWN]
        raise TrainError(f"{recipe.estimator} cannot be fitted: {said}", where="params.yaml: train", fix="check data.features and train.params") from bad


def save_sklearn(pipeline: Any, folder: Path) -> None:
    """Write `estimator.joblib`; a round trip first, because objects that happen to be shared in memory pickle differently."""
    import joblib

    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(pickle.loads(pickle.dumps(pipeline)), folder / ESTIMATOR_FILE)  # noqa: S301 - our own bytes of a line ago


def _built(recipe: Recipe) -> Any:
    """Import and construct the estimator, with the seed where it has one and params do not say otherwise."""
    from sklearn.base import is_classifier, is_regressor

    cls = _class_of(recipe.estimator)
    accepted = inspect.signature(cls).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in accepted.values())
    unknown = [] if open_ended else sorted(set(recipe.params) - set(accepted))
    if unknown:
        raise TrainError(f"{cls.__name__} takes no {unknown[0]!r}", where="params.yaml: train.params", fix=did_you_mean(unknown[0], accepted))
    seed = {"random_state": recipe.seed} if "random_state" in accepted else {}
    try:
        estimator = cls(**{**seed, **recipe.params})
        fits = (is_classifier if recipe.task == "classification" else is_regressor)(estimator)
    except (TypeError, AttributeError) as bad:
        raise TrainError(f"{recipe.estimator} is no estimator: {str(bad)[:SHOWN]}", where=WHERE, fix="name a scikit-learn estimator") from bad
    if not fits:
        raise TrainError(f"{cls.__name__} is no estimator for {recipe.task}", where=WHERE, fix=f"name one for {recipe.task}, or change model.task")
    if recipe.task == "classification" and not hasattr(estimator, "predict_proba"):
        raise TrainError(
            f"{cls.__name__} gives no probabilities", where=WHERE, fix="name an estimator with predict_proba, or set train.params so that it has one"
        )
    return estimator


def _class_of(path: str) -> Any:
    """The class that `package.module.Class` names; what is misspelt is named with its nearest known neighbour."""
    module_name, _, name = path.rpartition(".")
    module = _module(module_name, path)
    if not inspect.isclass(getattr(module, name, None)):
        classes = [known for known, value in vars(module).items() if inspect.isclass(value) and not known.startswith("_")]
        raise TrainError(f"no estimator {path!r}", where=WHERE, fix=did_you_mean(name, classes or getattr(module, "__all__", [])))
    return getattr(module, name)


def _module(name: str, path: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, ValueError) as bad:
        parent, _, last = name.rpartition(".")
        if not parent or (isinstance(bad, ImportError) and not isinstance(bad, ModuleNotFoundError)):
            raise TrainError(f"no estimator {path!r}: {bad}", where=WHERE, fix="name it as package.module.Class and install its package") from bad
        above = _module(parent, path)
        known = [found.name for found in pkgutil.iter_modules(getattr(above, "__path__", [])) if not found.name.startswith("_")]
        raise TrainError(f"no estimator {path!r}", where=WHERE, fix=did_you_mean(last, known)) from bad


def _pipeline(recipe: Recipe, estimator: Any) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    native = "categorical_features" in estimator.get_params()
    categorical, numeric = recipe.columns("categorical"), recipe.columns("numeric")
    prepare = ColumnTransformer(
        [("categorical", _categories(recipe.max_categories, native=native), categorical), ("numeric", _numbers(native=native), numeric)], sparse_threshold=0
    )
    if native and categorical and estimator.get_params()["categorical_features"] in (None, "from_dtype"):
        estimator.set_params(categorical_features=list(range(len(categorical))))
    return Pipeline([("prepare", prepare), ("estimator", estimator)])


def _categories(most: int, *, native: bool) -> Any:
    """Values as text (1 and 1.0 alike), then codes with rare ones together and unseen ones missing, or one-hot columns."""
    import numpy as np
    import pandas as pd
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder

    if native:
        encoder = OrdinalEncoder(max_categories=most, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    else:
        encoder = OneHotEncoder(max_categories=most, handle_unknown="infrequent_if_exist", sparse_output=False)
    as_text = FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "str"})
    return make_pipeline(FunctionTransformer(pd.DataFrame.convert_dtypes), as_text, encoder)


def _numbers(*, native: bool) -> Any:
    """Values as floats, infinity as missing; other estimators get medians for missing ones, and one scale."""
    import numpy as np
    import pandas as pd
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    steps = [
        FunctionTransformer(pd.DataFrame.astype, kw_args={"dtype": "float64"}),
        FunctionTransformer(pd.DataFrame.replace, kw_args={"to_replace": [np.inf, -np.inf], "value": np.nan}),
    ]
    filled = [] if native else [SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()]
    return make_pipeline(*steps, *filled)
