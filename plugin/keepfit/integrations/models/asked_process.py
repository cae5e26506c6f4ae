"""Asks one model in a process of its own, so that none of its code runs in keepfit's: `python -P -m keepfit.integrations.models.asked_process FOLDER`.

FOLDER holds `question.json`, `rows.parquet` (never the labels) and `model`, an MLflow model directory; it gets `answer.json` and `scores.npy`, or the error in
words. A model that keepfit trained is asked as keepfit asks it. Of any other its signature says which columns it reads, else the model itself does, else all
but those that are put aside.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError, KeepfitError, TrainError, UnknownNameError, unforeseen
from keepfit.integrations.models import keepfit_model
from keepfit.integrations.models.answer import Answer
from keepfit.integrations.models.scorer import LoadedModel, is_model, load_scorer, missing_code
from keepfit.records import ModelMeta, Task, canonical, from_data, from_json, to_data

if TYPE_CHECKING:
    import pandas as pd

MODEL, ROWS, QUESTION, ANSWER, SCORES = "model", "rows.parquet", "question.json", "answer.json", "scores.npy"
MLMODEL, LEFT_OUT = "MLmodel", "registered_model_meta"
MANY = 3
ERRORS: dict[str, type[KeepfitError]] = {"data": DataError, "train": TrainError}


@dataclass(frozen=True, kw_only=True)
class ModelQuestion:
    """What is asked of a model: the target's classes as they are written (of two the one that counts as 1 last), and the columns that are no features."""

    called: str
    task: Task
    target: str
    classes: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProcessAnswer:
    """What a model answered: scores with their meta, and the target's values that it says it has learned (None: it does not say)."""

    answer: Answer
    learned: tuple[str, ...] | None = None


def ask_here(folder: Path) -> None:
    """Answer the question in the folder; what is wrong is written there too, as the words of an error."""
    import numpy as np
    from pyarrow import parquet

    from keepfit.tables.frames import to_frame

    question = from_data(ModelQuestion, json.loads((folder / QUESTION).read_text(encoding="utf-8")))
    try:
        rows = to_frame(parquet.read_table(folder / ROWS))
        found = _answer(folder / MODEL, question, rows)
        np.save(folder / SCORES, found.answer.scores, allow_pickle=False)
        said = {"meta": to_data(found.answer.meta), "kind": found.answer.kind, "learned": None if found.learned is None else list(found.learned)}
    except Exception as bad:  # noqa: BLE001 - somebody else's model: whatever it raises is for the caller to say
        error = bad if isinstance(bad, KeepfitError) else unforeseen(bad)
        said = {"error": "data" if isinstance(bad, DataError) else "train", "what": error.what, "where": error.where, "fix": error.fix}
    (folder / ANSWER).write_bytes(canonical(said))


def place_apart(whole: Path, model: Path) -> None:
    """Put an MLflow model directory where the process asks it: its files, without the id by which MLflow would look it up at a server.

    The files are links: nothing is copied, and the digest of the directory stays what it is.
    """
    model.mkdir()
    for path in whole.iterdir():
        if path.name not in (LEFT_OUT, MLMODEL):
            (model / path.name).symlink_to(path.resolve(), target_is_directory=path.is_dir())
    lines = (whole / MLMODEL).read_text(encoding="utf-8").splitlines(keepends=True)
    (model / MLMODEL).write_text("".join(line for line in lines if not line.startswith("model_id:")), encoding="utf-8")


def read_answer(folder: Path, *, called: str) -> ProcessAnswer:
    """Return what the process left in the folder; raises the error that it met."""
    import numpy as np

    said = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    if "error" in said:
        raise ERRORS[said["error"]](f"{called}: {said['what']}", where=None if said["where"] == called else said["where"], fix=said["fix"])
    meta = from_json(ModelMeta, json.dumps(said["meta"]))
    scores = np.load(folder / SCORES, allow_pickle=False)
    learned = None if said["learned"] is None else tuple(said["learned"])
    return ProcessAnswer(answer=Answer(meta, scores, said["kind"]), learned=learned)


def _answer(model: Path, question: ModelQuestion, rows: pd.DataFrame) -> ProcessAnswer:
    own = trained_by_keepfit(model)
    if own is None:
        return _foreign(model, question, rows)
    scorer = load_scorer(own)
    _require_same(scorer.meta, question)
    learned = scorer.meta.classes if scorer.meta.many else None
    return ProcessAnswer(answer=scorer.answer(rows), learned=learned)


def trained_by_keepfit(model: Path) -> Path | None:
    """Return train's out inside an MLflow model directory, None if keepfit did not make it."""
    inside = [path for path in (model / "data").iterdir() if path.is_dir()] if (model / "data").is_dir() else []
    return inside[0] if len(inside) == 1 and is_model(inside[0]) else None


def _require_same(meta: ModelMeta, question: ModelQuestion) -> None:
    """A model that says what it predicts predicts that, or something else."""
    if (meta.task, meta.target) != (question.task, question.target):
        what = f"it was trained to answer {meta.target!r} ({meta.task}), and the table's target is {question.target!r} ({question.task})"
        raise DataError(what, where="--target", fix=f"--target {meta.target}, or rename the column if it means the same")
    positive = question.classes[-1:]
    if not meta.many and positive and set(meta.classes) - keepfit_model.NUMBERED and meta.classes[-1:] != positive:
        raise DataError(f"its classes are {', '.join(meta.classes)}, the last counts as 1; here {positive[0]!r} does", where="--positive")


def _foreign(model: Path, question: ModelQuestion, rows: pd.DataFrame) -> ProcessAnswer:
    predictor = _loaded(model, question.called)
    features = _features(model, predictor, question, rows)
    own = getattr(predictor, "classes_", None)
    classes, learned = _classes(question, None if own is None else list(own), question.called)
    meta = ModelMeta(
        model=question.called,
        task=question.task,
        target=question.target,
        features=dict.fromkeys(features, "categorical"),
        flavor="mlflow",
        estimator=question.called,
        classes=classes,
        rows=0,
        trained_from=None,
        trained_until=None,
        many=len(classes) >= MANY,
    )
    return ProcessAnswer(answer=LoadedModel(meta, TakesTexts(predictor)).answer(rows), learned=learned)


def _loaded(model: Path, called: str) -> Any:
    try:
        return keepfit_model.load_predictor(model.parent, "mlflow")  # from its folder `model`
    except Exception as bad:
        said = " ".join(f"{type(bad).__name__}: {bad}".split())[:300]
        fix = missing_code(bad) or "install what the model's requirements.txt names, in the versions that it names"
        raise TrainError(f"the model cannot be loaded: {said}", where=called, fix=fix) from bad


def _features(model: Path, predictor: Any, question: ModelQuestion, rows: pd.DataFrame) -> list[str]:
    """The columns that the model reads, in its order."""
    from mlflow.models import get_model_info

    signature = get_model_info(str(model)).signature
    named = [] if signature is None or signature.inputs is None else [name for name in signature.inputs.input_names() if name]
    for holder in (predictor, _raw(predictor)):
        for attribute in ("feature_names_in_", "feature_name_", "feature_name"):
            if not named:
                found = getattr(holder, attribute, None)
                named = [str(name) for name in (found() if callable(found) else found if found is not None else ())]
    columns = [str(name) for name in rows.columns]
    known = [name for name in named if name in columns]
    if named and (known or signature is not None):
        missing = next((name for name in named if name not in columns), None)
        if missing is not None:
            bare = UnknownNameError("column", missing, known=columns)
            raise DataError(f"the table has no column {missing[:60]!r} that the model needs", where="--data", fix=bare.fix)
        return named
    return [name for name in columns if name not in question.aside]  # it says nothing, or names that it made up


def _classes(question: ModelQuestion, own: Sequence[Any] | None, called: str) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The classes by which the model is asked, and those of them that it has learned (None: it does not say)."""
    if question.task == "regression":
        if own is not None:
            shown = ", ".join(str(value)[:20] for value in own[:3])
            raise DataError(
                f"it tells between classes ({shown} …), and the target holds numbers", where=called, fix="--task classification, if they are classes"
            )
        return (), None
    classes = list(question.classes)
    if own is None or len(own) < MANY > len(classes):
        return tuple(classes), None  # two of two: told apart by `keepfit_model.positives`
    learned = []
    for value in own:
        names = keepfit_model.texts_of(value)
        found = next((name for name in classes if name == str(value)), next((name for name in classes if name in names), None))
        if found is None:
            classes.append(str(value))
        learned.append(found or str(value))
    return tuple(classes), tuple(learned)


class TakesTexts:
    """A model that is given texts as categories where it refuses them as they are, as LightGBM reads no plain text.

    What loads a model for MLflow may in turn refuse a category where its signature says string: then the model inside is asked.
    """

    def __init__(self, predictor: Any) -> None:
        """Remember the model; what it has is had."""
        self._predictor = predictor
        if hasattr(predictor, "classes_"):
            self.classes_ = predictor.classes_
        if hasattr(predictor, "predict_proba"):
            self.predict_proba = lambda frame: self._ask("predict_proba", frame)

    def predict(self, frame: pd.DataFrame) -> Any:
        """Return what the model predicts."""
        return self._ask("predict", frame)

    def _ask(self, method: str, frame: pd.DataFrame) -> Any:
        import pandas as pd

        try:
            return getattr(self._predictor, method)(frame)
        except Exception as refused:
            texts = [name for name in frame.columns if pd.api.types.is_string_dtype(frame[name]) or frame[name].dtype == object]
            for model in (self._predictor, _raw(self._predictor)) if texts else ():
                with suppress(Exception):  # what it said of the rows as they came is raised
                    return getattr(model, method)(frame.astype(dict.fromkeys(texts, "category")))
            raise refused from None


def _raw(predictor: Any) -> Any:
    """The model inside of MLflow's Python function; None where there is none, or it keeps it to itself."""
    try:
        return predictor.get_raw_model()
    except (AttributeError, NotImplementedError):
        return None


if __name__ == "__main__":
    ask_here(Path(sys.argv[1]))
