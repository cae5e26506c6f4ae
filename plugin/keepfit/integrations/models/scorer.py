"""A trained model on disk: `meta.json` beside an estimator, an MLflow model, or what the user's command left.

Loading a model runs code from its files: load only what you trained yourself or whose digest you checked.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from keepfit.errors import DataError, TrainError, did_you_mean
from keepfit.integrations.models import keepfit_model
from keepfit.integrations.models.answer import Answer, checked_scores, no_answer
from keepfit.records import ModelMeta, from_json, to_data

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

    def answer(self, frame: pd.DataFrame) -> Answer:
        """Return a score a row, and what kind of answer it is."""

    def score(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a score a row: the probability of the positive class, 0 or 1 of a model that answers labels only, or the predicted value.

        Of many classes a row of probabilities a row, in the order of the meta's classes.
        """


@dataclass(frozen=True)
class LoadedModel:
    """A model in memory; categories it has never seen and missing values are fine."""

    meta: ModelMeta
    predictor: Any

    def score(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a score a row, in the frame's order; raises as `answer` does."""
        return self.answer(frame).scores

    def answer(self, frame: pd.DataFrame) -> Answer:
        """Return a score a row, in the frame's order, and its kind.

        Raises `DataError` for missing columns or rows that the model refuses, `TrainError` for answers that are no scores or labels.
        """
        meta = self.meta
        if not len(frame):
            return no_answer(meta)
        frame = completed(meta, frame)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scores, kind = keepfit_model.answered(self._ask, keepfit_model.as_trained(frame, meta.features, self._values))
        except keepfit_model.UnclearAnswerError as unclear:
            raise TrainError(unclear.what, where=meta.estimator, fix=unclear.fix) from unclear
        except Exception as bad:
            what, fix = f"the model cannot score these rows: {_said(bad)}", "compare the columns and their types with those that it was trained on"
            raise DataError(what, where=meta.estimator, fix=missing_code(bad) or fix) from bad
        return Answer(meta, checked_scores(scores, rows=len(frame), meta=meta), kind)

    def _ask(self, features: pd.DataFrame) -> tuple[Any, str]:
        meta = self.meta
        if meta.many:
            return keepfit_model.ask_many(self.predictor, features, meta.classes, meta.target, coded=meta.flavor == "sklearn")
        return keepfit_model.ask(self.predictor, features, task=self.meta.task, classes=self.meta.classes, target=self.meta.target)

    @cached_property
    def _values(self) -> Mapping[str, str]:
        """What each feature's values are, for a model that does not read them itself: a pipeline of keepfit's does, unless it was made before that."""
        if self.meta.flavor != "sklearn":
            return self.meta.values
        return {} if self.meta.values else _seen_by(self.predictor)


def completed(meta: ModelMeta, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the features that the model derives from a time; raises `DataError` for a column that the model needs and is not there."""
    try:
        frame = keepfit_model.with_time_features(frame, None if meta.time_features is None else to_data(meta.time_features))
    except keepfit_model.NoTimeError as none:
        raise DataError(none.what, fix=none.fix) from none
    missing = [name for name in meta.features if name not in frame.columns]
    if missing:
        raise DataError(f"the table has no column {missing[0]!r} that the model needs", fix=did_you_mean(missing[0], map(str, frame.columns)))
    return frame


def _seen_by(pipeline: Any) -> dict[str, str]:
    """The features that the encoder of an earlier keepfit knows as True and False, or as 0 and 1."""
    for name, fitted, columns in getattr(getattr(pipeline, "named_steps", {}).get("prepare"), "transformers_", ()):
        if name == "categorical" and hasattr(fitted, "steps"):
            seen = [{text for text in known if isinstance(text, str)} for known in getattr(fitted[-1], "categories_", ())]
            return {column: _WORDS[key] for column, known in zip(columns, seen, strict=False) for key in _WORDS if known and known <= key}
    return {}


_WORDS = {frozenset({"True", "False"}): "boolean", frozenset({"0", "1"}): "integer"}


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
        return LoadedModel(meta, keepfit_model.load_predictor(folder, meta.flavor))
    except keepfit_model.UnclearAnswerError as unclear:
        raise TrainError(unclear.what, where=str(folder / MODEL_FOLDER), fix=unclear.fix) from unclear
    except Exception as bad:
        raise TrainError(f"the model cannot be loaded: {_said(bad)}", where=str(folder), fix=missing_code(bad) or _file_or_versions(bad)) from bad


def _said(bad: BaseException) -> str:
    """The error's kind and what it says; where it repeats another one's words after the rows that it choked on, as MLflow does, these words."""
    said, inner = _words(bad), _words(bad.__cause__ or bad.__context__)
    return f"{type(bad).__name__}: {(inner if inner and inner in said else said)[:SHOWN]}"


def _words(bad: BaseException | None) -> str:
    return " ".join(str(bad).split()) if bad is not None else ""


def missing_code(bad: BaseException) -> str | None:
    """Return the fix where a model's code is not here: a module, a name in a module, or a class of the script that trained it; None for other causes.

    >>> missing_code(ModuleNotFoundError("No module named 'ratios'", name="ratios")).partition(":")[0]
    "the module 'ratios' is not on the path"
    """
    found = re.search(r"Can't get attribute '([^']+)' on <module '([^']+)'", str(bad)) or re.search(r"cannot import name '([^']+)' from '([^']+)'", str(bad))
    module = str(bad.name or "") if isinstance(bad, ModuleNotFoundError) else found.group(2) if found else ""
    if not module:
        return None
    own = "or let the project's own code predict (train.predict)"
    if module.rpartition(".")[2] in {"__main__", "__mp_main__"}:  # `python -m` names it after its package
        return f"{found.group(1) if found else 'it'} was defined in the script that trained: move it into a module that can be imported, {own}"
    if _is_installed(module.partition(".")[0]):
        return f"{module} is another version here: install the one that it was trained with (the model's requirements say which)"
    return f"the module {module!r} is not on the path: install it, set PYTHONPATH to its folder, log the model with MLflow's code_paths, {own}"


def _is_installed(package: str) -> bool:
    """Whether it came from a package index: a project's own module is no other version of itself."""
    from importlib.metadata import packages_distributions

    return package in packages_distributions() or package in sys.stdlib_module_names


def _file_or_versions(bad: BaseException) -> str:
    import pickle
    import zlib

    ends_early = isinstance(bad, ValueError) and str(bad).startswith("EOF: reading array")  # numpy's word for it
    if ends_early or isinstance(bad, OSError | EOFError | pickle.UnpicklingError | zlib.error | UnicodeDecodeError):
        return "the file is not whole, or no such model: dvc checkout, or train it again"
    return "what it says; often another version of a package than the one it was trained with (the model's requirements say which)"
