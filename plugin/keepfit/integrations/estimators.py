"""scikit-learn estimators by import path, behind a preparation of the columns that is pickled with them.

The pickle holds only scikit-learn and pandas objects, so it loads where keepfit is not installed. An estimator that takes
`categorical_features` gets categories as codes and handles them natively; any other gets one-hot columns and scaled numbers. A text becomes the TF-IDF
weights of its words and pairs of words; an estimator that takes no sparse matrix gets the most frequent words alone.

What a column's values are is learned from the rows that train (`tables/values.py`), and every later frame is read as that, in
whatever types it comes: a boolean as True, 1, 1.0 or "true", an integer as 1, 1.0, "1" or "1.0".
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
from keepfit.tables.frames import forms_of_frame

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.records import Task

ESTIMATOR_FILE = "estimator.joblib"
WHERE = "params.yaml: train.estimator"
SHOWN = 300
FORMS = ("boolean", "integer", "number", "time")
TRUE, FALSE = ("True", "true", "TRUE", "1", "1.0"), ("False", "false", "FALSE", "0", "0.0", "-0.0")
BOOLEANS = {**dict.fromkeys(TRUE, "True"), **dict.fromkeys(FALSE, "False")}
ONES = {**dict.fromkeys(TRUE, "1"), **dict.fromkeys(FALSE, "0")}
WHOLE = {r"^\+?(-?(?:0|[1-9]\d*))(?:\.0*)?$": r"\1"}


@dataclass(frozen=True, kw_only=True)
class EstimatorRecipe:
    """What is trained: an estimator's import path and parameters, the columns it sees, the seed of its randomness."""

    estimator: str
    task: Task
    features: Mapping[str, Literal["numeric", "categorical", "text"]]
    params: Mapping[str, Any] = field(default_factory=dict)
    max_categories: int = 60
    seed: int = 0

    def columns(self, kind: Literal["numeric", "categorical", "text"]) -> list[str]:
        """Return the features of one kind, in the order of params."""
        return [name for name, its in self.features.items() if its == kind]


def train_sklearn(recipe: EstimatorRecipe, frame: pd.DataFrame, target: npt.NDArray[np.float64], weights: npt.NDArray[np.float64] | None = None) -> Any:
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
    pipeline = _pipeline(recipe, estimator, frame)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pipeline.fit(frame[list(recipe.features)], labels, **({"estimator__sample_weight": weights} if weighted else {}))
    except Exception as bad:  # estimators of other libraries raise errors of their own
        said = " ".join(str(bad).split())[:SHOWN]
        raise _unfitted(recipe, frame, said) from bad


def _unfitted(recipe: EstimatorRecipe, frame: pd.DataFrame, said: str) -> TrainError:
    """Why there is no model; a column without any value is the likeliest reason, and libraries say something else of it."""
    nothing = [name for name in recipe.features if frame[name].isna().all()]
    if nothing:
        what = f"{nothing[0]} is missing in all {len(frame):,} training rows, and {recipe.estimator} cannot be fitted: {said}"
        fix = f"train on windows that have it (compose.use), or take {nothing[0]} out until they are there"
        return TrainError(what, where=f"params.yaml: data.features.{nothing[0]}", fix=fix)
    return TrainError(f"{recipe.estimator} cannot be fitted: {said}", where="params.yaml: train", fix="check data.features and train.params")


def save_sklearn(pipeline: Any, folder: Path) -> None:
    """Write `estimator.joblib`; a round trip first, because objects that happen to be shared in memory pickle differently."""
    import joblib

    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(pickle.loads(pickle.dumps(pipeline)), folder / ESTIMATOR_FILE)  # noqa: S301 - our own bytes of a line ago


def _built(recipe: EstimatorRecipe) -> Any:
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


def _pipeline(recipe: EstimatorRecipe, estimator: Any, frame: pd.DataFrame) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline

    native = "categorical_features" in estimator.get_params()
    parts: list[tuple[str, Any, Any]] = [
        (name, _prepared(name, most=recipe.max_categories, native=native), columns) for name, columns in _groups(recipe, frame).items()
    ]
    texts = recipe.columns("text")
    sparse = bool(texts) and _takes_sparse(estimator)
    parts += [(f"text {name}", _weighed_words(frame, name, sparse=sparse), name) for name in texts]
    categorical = recipe.columns("categorical")
    if native and categorical and estimator.get_params()["categorical_features"] in (None, "from_dtype"):
        estimator.set_params(categorical_features=list(range(len(categorical))))
    return Pipeline([("prepare", ColumnTransformer(parts, sparse_threshold=int(sparse))), ("estimator", estimator)])


def _groups(recipe: EstimatorRecipe, frame: pd.DataFrame) -> dict[str, list[str]]:
    """The columns that are read alike, by their kind and the form of their values; numbers come last."""
    forms = {name: form.removesuffix(" text") for name, form in forms_of_frame(frame, recipe.features).items()}
    groups: dict[str, list[str]] = {"categorical": [], **{f"categorical {form}": [] for form in FORMS}, "numeric": []}
    for name, kind in recipe.features.items():
        if kind == "text":
            continue
        own = f"{kind} {forms.get(name)}"
        groups[own if own in groups else kind].append(name)
    return {name: columns for name, columns in groups.items() if columns or name in ("categorical", "numeric")}


def _prepared(group: str, *, most: int, native: bool) -> Any:
    """How a group of columns is read, and then encoded."""
    from sklearn.pipeline import make_pipeline

    kind, _, form = group.partition(" ")
    if kind == "categorical":
        return make_pipeline(*_categories(form), _encoder(most, native=native))
    return make_pipeline(*_numbers(native=native))


def _step(method: str, **words: Any) -> Any:
    """A method of pandas' frames as a step: it is pickled by its name."""
    import pandas as pd
    from sklearn.preprocessing import FunctionTransformer

    return FunctionTransformer(getattr(pd.DataFrame, method), kw_args=words)


def _texts() -> list[Any]:
    """Values as text, missing ones missing: whole numbers read alike as integers and floats."""
    return [_step("convert_dtypes"), _step("astype", dtype="str")]


def _categories(form: str) -> list[Any]:
    """Values as the text of their form, whatever type the frame holds them in; what cannot be read as it is a text that was never seen, or missing."""
    import pandas as pd

    if form == "time":
        return [_step("apply", func=pd.to_datetime, errors="coerce", utc=True, format="ISO8601"), _step("map", func=str, na_action="ignore")]
    if form == "boolean":
        return [*_texts(), _step("replace", to_replace=BOOLEANS)]
    if form == "integer":
        return [*_texts(), _step("replace", to_replace=ONES), _step("replace", to_replace=WHOLE, regex=True)]
    if form == "number":
        numbers = [_step("apply", func=pd.to_numeric, errors="coerce"), _step("astype", dtype="float64"), _step("add", other=0.0)]
        return [*_texts(), _step("replace", to_replace=ONES), *numbers, _step("astype", dtype="str")]
    return _texts()


def _encoder(most: int, *, native: bool) -> Any:
    """Texts as codes, rare ones together and unseen ones missing, or as one-hot columns."""
    import numpy as np
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

    if native:
        return OrdinalEncoder(max_categories=most, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan)
    return OneHotEncoder(max_categories=most, handle_unknown="infrequent_if_exist", sparse_output=False)


def _numbers(*, native: bool) -> list[Any]:
    """Values as floats (true and false as 1 and 0), infinity as missing; other estimators get medians for missing ones, and one scale."""
    import numpy as np
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import StandardScaler

    steps = [_step("replace", to_replace=ONES), _step("astype", dtype="float64"), _step("replace", to_replace=[np.inf, -np.inf], value=np.nan)]
    return [*steps, *([] if native else [SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler()])]


# -- texts --------------------------------------------------------------------------------------------------------------

SPACELESS = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
"""Scripts that put no spaces between words: their texts are read as characters and pairs of them."""
WORD = r"(?u)\b\w+\b"
MOST_WORDS, MOST_DENSE, REPEATED_FROM = 50_000, 500, 200


def _takes_sparse(estimator: Any) -> bool:
    from sklearn.utils import get_tags

    try:
        return bool(get_tags(estimator).input_tags.sparse)
    except Exception:  # noqa: BLE001 - an estimator of another library that has no tags
        return False


def _weighed_words(frame: pd.DataFrame, name: str, *, sparse: bool) -> Any:
    """TF-IDF of one column: a missing text has no words; what stands in one text only is left out once there are enough. Raises `TrainError` without a word."""
    import pandas as pd
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    texts = frame[name].astype("str").fillna("")
    if not texts.str.contains(r"\w").any():
        fix = f"train on windows that have some (compose.use), or take {name} out of data.features"
        raise TrainError(f"{name} holds no words in all {len(frame):,} training rows", where=f"params.yaml: data.features.{name}", fix=fix)
    by_characters = bool(texts.str.contains(SPACELESS).mean() > 0.5)
    vectorizer = TfidfVectorizer(
        analyzer="char" if by_characters else "word",
        token_pattern=WORD,
        ngram_range=(1, 2 if sparse or by_characters else 1),
        min_df=2 if len(frame) >= REPEATED_FROM else 1,
        max_features=MOST_WORDS if sparse else MOST_DENSE,
        sublinear_tf=True,
    )
    read = [FunctionTransformer(getattr(pd.Series, method), kw_args=words) for method, words in (("astype", {"dtype": "str"}), ("fillna", {"value": ""}))]
    return make_pipeline(*read, vectorizer)
