"""How a trained model is loaded and asked; this file is shipped inside every MLflow model of keepfit and imports nothing of keepfit.

It is shipped under a name by its content (`keepfit_model_1a2b3c4d`), so that models of several keepfits are each loaded by their own in one process.
`mlflow.pyfunc.load_model` calls `_load_pyfunc` with the folder that holds train's out; `predict` answers the probability of the positive
class where the model has probabilities, 0 or 1 where it has labels only, or the value; a model of many classes answers a frame with one column a
class, named for it. Columns and labels are told by the class they are named for, never by their place. keepfit itself asks through the same functions,
so what serves is what was judged.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PROBABILITIES, LABELS, NUMBERS = "probabilities", "labels", "numbers"
"""What an answer is known to be; NUMBERS: floats of a model that only its values tell about."""
SCORE_NAMES = {"probability", "probabilities", "proba", "prob", "p", "score", "scores"}
PREDICTION_NAMES = {"prediction", "predictions", "predicted", "pred", "value", "values"}
OF_CLASS = r"(?:p|prob|proba|probability|probabilities|score|class|prediction|pred)[ _.\-]?\(?{}\)?"
NUMBERED = {"0", "1"}
EXACT = 2**53
PICKLES = {".joblib", ".pkl", ".pickle"}
SHOWN = 5
TRUE, FALSE = ("True", "true", "TRUE", "1", "1.0"), ("False", "false", "FALSE", "0", "0.0", "-0.0")


class UnclearAnswerError(ValueError):
    """An answer that could only be read by a guess; `fix` says what would make it clear."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}: {fix}")
        self.what = what
        self.fix = fix


class NoTimeError(ValueError):
    """Rows without the times that a model derives features from, or with what is no time; `fix` says what to send."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}: {fix}")
        self.what = what
        self.fix = fix


class KeepfitModel:
    """A loaded model; `predict` takes a frame with the feature columns, and the time where some of them are derived from it."""

    def __init__(self, folder: Path) -> None:
        self.meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        self.predictor = load_predictor(folder, self.meta["flavor"])

    def predict(self, frame: Any, params: Any = None) -> Any:  # noqa: ARG002 - MLflow's signature
        """Return a score a row; of many classes a frame with a probability a class."""
        meta = self.meta
        own = meta["flavor"] == "sklearn"  # the pipeline that keepfit trained reads its columns itself
        frame = with_time_features(frame, meta.get("time_features"))
        features = as_trained(frame, meta["features"], {} if own else meta.get("values", {}))
        if meta.get("many"):
            return by_class(answered(lambda rows: ask_many(self.predictor, rows, meta["classes"], meta["target"], coded=own), features)[0], meta["classes"])
        return answered(lambda rows: ask(self.predictor, rows, task=meta["task"], classes=meta["classes"], target=meta["target"]), features)[0]


def _load_pyfunc(path: str) -> KeepfitModel:
    return KeepfitModel(Path(path))


# -- loading ------------------------------------------------------------------------------------------------------------


def load_predictor(folder: Path, flavor: str) -> Any:
    """Return the estimator, the user's pickled model, or what an MLflow model can best be asked through."""
    if flavor == "mlflow":
        return _load_mlflow(str(folder / "model"))
    import joblib

    if flavor == "sklearn":
        return joblib.load(folder / "estimator.joblib")
    pickled = [path for path in sorted((folder / "model").iterdir()) if path.suffix in PICKLES]
    if len(pickled) != 1:
        raise UnclearAnswerError(
            f"{len(pickled)} pickled models, there must be one", "other kinds of model predict through their project's own command (train.predict)"
        )
    return joblib.load(pickled[0])


def _load_mlflow(path: str) -> Any:
    """The model inside where it has probabilities: MLflow's Python function of most flavours answers labels instead."""
    import mlflow

    if "sklearn" in mlflow.models.get_model_info(path).flavors:
        return mlflow.sklearn.load_model(path)
    model = mlflow.pyfunc.load_model(path)
    try:
        raw = model.get_raw_model()
    except (NotImplementedError, AttributeError):  # a flavour, or an MLflow, that keeps it to itself
        return model
    return raw if hasattr(raw, "predict_proba") else model


# -- asking -------------------------------------------------------------------------------------------------------------


def ask(predictor: Any, features: Any, *, task: str, classes: Sequence[str], target: str) -> tuple[Any, str]:
    """Return a float a row and what it is known to be; `classes` are the target's values as text, the one that counts as 1 last.

    Raises `UnclearAnswerError` where classes or columns cannot be told apart.
    """
    said = getattr(predictor, "classes_", None)
    own = [] if said is None else list(said)
    if task != "regression" and hasattr(predictor, "predict_proba"):
        return _probability(predictor.predict_proba(features), own, classes=classes, target=target), PROBABILITIES
    return read(predictor.predict(features), task=task, classes=classes, target=target, own=own)


def _probability(answer: Any, own: list[Any], *, classes: Sequence[str], target: str) -> Any:
    """The positive class's column: by the names of a frame's columns, else by the model's own classes, which are in their order."""
    import numpy as np

    if hasattr(answer, "columns") or not own:
        return np.asarray(_column(answer, task="classification", classes=classes, target=target), dtype=np.float64)
    values = np.asarray(answer, dtype=np.float64)
    if values.ndim == 1:
        return values
    if values.ndim != 2 or values.shape[1] != len(own):
        raise UnclearAnswerError(f"the model has {len(own)} classes and answers probabilities of shape {values.shape}", "answer a column a class")
    return values[:, np.array(positives(own, classes, whole=True))].sum(axis=1)


def read(answer: Any, *, task: str, classes: Sequence[str], target: str, own: Sequence[Any] = (), typed: bool = True) -> tuple[Any, str]:
    """Return a float a row and what it is known to be, of what `predict` or a file of scores says.

    Whole numbers, booleans and words are labels; `typed` False says that a file may have written a probability of 1 as a whole number.
    Floats are labels where they are the classes themselves. Raises `UnclearAnswerError`.
    """
    import numpy as np
    import pandas as pd

    column = pd.Series(_column(answer, task=task, classes=classes, target=target)).reset_index(drop=True)
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if task == "regression" or _is_float(column):
        values = column.to_numpy(np.float64, na_value=np.nan)
        certain = task != "regression" and _are_classes(values, own, classes)
        return (_labels(column, classes), LABELS) if certain else (values, NUMBERS)
    if not typed and set(classes) <= NUMBERED and pd.api.types.is_integer_dtype(column.dtype):
        return column.to_numpy(np.float64, na_value=np.nan), NUMBERS
    return _labels(column, classes), LABELS


def _is_float(column: Any) -> bool:
    """Whether it holds floats, and not whole numbers, booleans or words; a column of objects is judged by what is in it."""
    import numbers

    import pandas as pd

    if not pd.api.types.is_object_dtype(column.dtype):
        return bool(pd.api.types.is_float_dtype(column.dtype))
    known = column[column.notna()]
    if not len(known):
        return True
    return bool(all(isinstance(value, numbers.Number) for value in known) and not all(isinstance(value, numbers.Integral) for value in known))


def _are_classes(values: Any, own: Sequence[Any], classes: Sequence[str]) -> bool:
    """Whether floats are the model's own classes, or a target's other than 0 and 1, which could be probabilities."""
    import numpy as np

    known = {float(value) for value in own if not isinstance(value, str)} if own else set()
    if not known and not set(classes) <= NUMBERED:
        known = {float(name) for name in classes if re.fullmatch(r"-?\d+(\.\d+)?", name)}
    there = np.unique(values[np.isfinite(values)])
    return bool(known) and bool(len(there)) and set(there.tolist()) <= known


def _labels(column: Any, classes: Sequence[str]) -> Any:
    """1 where the positive class is answered, 0 for another, NaN for none."""
    import numpy as np

    there = list(dict.fromkeys(column[column.notna()]))
    counts = dict(zip(there, positives(there, classes, whole=False), strict=True))
    return column.map({value: float(is_positive) for value, is_positive in counts.items()}).to_numpy(np.float64, na_value=np.nan)


# -- which column, which class ------------------------------------------------------------------------------------------


def _column(answer: Any, *, task: str, classes: Sequence[str], target: str) -> Any:
    """The one column of an answer that is the score."""
    import numpy as np
    import pandas as pd

    if isinstance(answer, dict):
        answer = pd.DataFrame(answer)
    if hasattr(answer, "columns"):
        return answer.iloc[:, _named(list(answer.columns), task=task, classes=classes, target=target)]
    if isinstance(answer, pd.Series):
        return answer
    values = np.asarray(answer)
    if values.ndim < 2:
        return values
    if task == "regression" and values.shape[1:] != (1,):
        raise UnclearAnswerError(f"the model answers an array of shape {values.shape}", "answer one value a row, or a frame with a column 'prediction'")
    return values[:, _unnamed(values, classes)]


def _unnamed(values: Any, classes: Sequence[str]) -> int:
    """The column of an array: the only one, or that of class 1 where the two classes are the numbers 0 and 1."""
    if values.ndim == 2 and values.shape[1] == 1:
        return 0
    if values.ndim == 2 and values.shape[1] == 2 and set(classes) <= NUMBERED:
        return int(_positive(classes))
    raise UnclearAnswerError(
        f"the model answers an array of shape {values.shape}, and which column is the class {_positive(classes)!r} is not known",
        "answer a frame whose columns are named for the classes, or the probability alone",
    )


def _named(names: list[Any], *, task: str, classes: Sequence[str], target: str) -> int:
    """The column that is the score: named for the positive class, else a score, else a prediction, else the only one."""
    if task != "regression" and (found := _of_class(names, _positive(classes))):
        return _single(found, names)
    texts = [str(name).strip().lower() for name in names]
    for known in (SCORE_NAMES, PREDICTION_NAMES | {target.lower()}):
        if found := [at for at, text in enumerate(texts) if text in known]:
            return _single(found, names)
    others = classes[:-1] or sorted(NUMBERED - {_positive(classes)})
    if len(names) == 1 and (texts[0] in NUMBERED or not any(_of_class(names, name) for name in others)):  # pandas calls a column without a name 0
        return 0
    return _single([], names)


def _of_class(names: list[Any], name: str) -> list[int]:
    """The columns of a class: named exactly for it, else as its probability (`p_yes`, `prob(yes)`, `score.yes`)."""
    exact = [at for at, its in enumerate(names) if name in texts_of(its)]
    if exact:
        return exact
    pattern = re.compile(OF_CLASS.format(re.escape(name)), re.IGNORECASE)
    return [at for at, its in enumerate(names) if pattern.fullmatch(str(its).strip())]


def _single(found: list[int], names: list[Any]) -> int:
    if len(found) == 1:
        return found[0]
    shown = ", ".join(repr(str(name))[:40] for name in ([names[at] for at in found] or names)[:SHOWN])
    raise UnclearAnswerError(
        f"which column holds the scores is not clear: {shown}",
        "name one 'probability' (or 'prediction'), or name the columns for the classes; a single column needs no name",
    )


def positives(values: Sequence[Any], classes: Sequence[str], *, whole: bool) -> list[bool]:
    """Say of each class, a model's own (`whole`: these are all it has) or an answered one, whether it is the one that counts as 1.

    By its name; a model's 0 and 1, or False and True, mean no and yes where the target has words. Raises `UnclearAnswerError`.
    """
    texts = [texts_of(value) for value in values]
    positive = _positive(classes)
    others = set(classes[:-1]) or (NUMBERED - {positive} if positive in NUMBERED else set())
    found = [positive in names for names in texts]
    known = all(is_it or names & others for is_it, names in zip(found, texts, strict=True))
    if known or (any(found) and (whole or len(classes) == 1)):
        return found
    if all(names & NUMBERED for names in texts):
        return ["1" in names for names in texts]
    shown = " and ".join(repr(str(value))[:40] for value in values[:SHOWN])
    raise UnclearAnswerError(
        f"{'the model knows' if whole else 'the model answers no numbers but'} the classes {shown}, and which of them counts as 1 is not known",
        "name the target's value (params.yaml: model.positive), or train on 0 and 1",
    )


def _positive(classes: Sequence[str]) -> str:
    return classes[-1] if classes else "1"


def texts_of(value: Any) -> set[str]:
    """How a class may be written: 1, 1.0 and True are `1`; True is also `true`, and the word in any case is the other.

    >>> sorted(texts_of(True)), sorted(texts_of(2.0)), sorted(texts_of("1.0")), sorted(texts_of("TRUE"))
    (['1', 'True', 'true'], ['2'], ['1.0'], ['TRUE', 'True', 'true'])
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if isinstance(value, bool) or kind == "b":
        return {str(bool(value)), str(bool(value)).lower(), str(int(value))}
    if isinstance(value, int | float) or kind in {"i", "u", "f"}:
        return {f"{value:g}", str(int(value))} if float(value).is_integer() else {f"{value:g}", str(value)}
    word = str(value)
    return {word, word.lower(), word.capitalize()} if word.lower() in ("true", "false") else {word}


# -- many classes -------------------------------------------------------------------------------------------------------


def ask_many(predictor: Any, features: Any, classes: Sequence[str], target: str, *, coded: bool) -> tuple[Any, str]:
    """Return a row of probabilities for each row, in the order of `classes`, and what they are known to be.

    A class that the model never learned has probability 0; labels are 1 for their class and 0 for all others. `coded`: the model's own classes are places
    in the list. Raises `UnclearAnswerError`.
    """
    said = getattr(predictor, "classes_", None)
    own = [] if said is None else [classes[int(value)] for value in said] if coded else list(said)
    if hasattr(predictor, "predict_proba"):
        return _all_columns(predictor.predict_proba(features), own, classes), PROBABILITIES
    return read_many(predictor.predict(features), classes, target, own=own)


def read_many(answer: Any, classes: Sequence[str], target: str, *, own: Sequence[Any] = ()) -> tuple[Any, str]:
    """Return a row of probabilities for each row, and what they are known to be, of what `predict` or a file of scores says.

    It says columns that are named for classes, or labels.
    """
    import numpy as np
    import pandas as pd

    if isinstance(answer, dict):
        answer = pd.DataFrame(answer)
    names = list(answer.columns) if hasattr(answer, "columns") else []
    if sum(bool(_of_class(names, name)) for name in classes) > 1 or (not names and np.ndim(answer) == 2 and np.shape(answer)[1] > 1):
        return _all_columns(answer, own, classes), NUMBERS
    column = pd.Series(answer.iloc[:, _only_label(names, target)] if names else np.asarray(answer).reshape(len(answer))).reset_index(drop=True)
    return _ones(column, classes), LABELS


def by_class(scores: Any, classes: Sequence[str]) -> Any:
    """Return rows of probabilities as a frame whose columns are named for the classes."""
    import pandas as pd

    return pd.DataFrame(scores, columns=list(classes))


def _all_columns(answer: Any, own: Sequence[Any], classes: Sequence[str]) -> Any:
    """Every class's column: by the names of a frame's columns, else by the model's own classes, which are in their order."""
    import numpy as np

    if hasattr(answer, "columns"):
        names = list(answer.columns)
        places = {code: _single(found, names) for code, name in enumerate(classes) if (found := _of_class(names, name))}
        values = answer.to_numpy()
    else:
        values = np.asarray(answer, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != len(own):
            raise UnclearAnswerError(
                f"the model answers an array of shape {values.shape}, and which column is which class is not known",
                "answer a frame whose columns are named for the classes",
            )
        places = {code_of(value, classes): at for at, value in enumerate(own)}
    scores = np.zeros((len(values), len(classes)))
    for code, at in places.items():
        scores[:, code] = values[:, at].astype(np.float64)
    return scores


def _only_label(names: list[Any], target: str) -> int:
    """The column that holds labels: named for a prediction or the target, else the only one."""
    known = PREDICTION_NAMES | {"label", "labels", "class", target.lower()}
    found = [at for at, name in enumerate(names) if str(name).strip().lower() in known]
    return _single(found or ([0] if len(names) == 1 else []), names)


def _ones(column: Any, classes: Sequence[str]) -> Any:
    """1 for the class that is answered and 0 for all others; NaN where nothing is."""
    import numpy as np

    there = {value: code_of(value, classes) for value in dict.fromkeys(column[column.notna()])}
    codes = column.map(there).to_numpy(np.float64, na_value=np.nan)
    scores = np.full((len(codes), len(classes)), np.nan)
    known = ~np.isnan(codes)
    scores[known] = np.eye(len(classes))[codes[known].astype(int)]
    return scores


def code_of(value: Any, classes: Sequence[str]) -> int:
    """Return the place of a class, as a model writes it, in the list; raises `UnclearAnswerError` for one that is not there.

    >>> code_of(2.0, ("1", "2", "3")), code_of(True, ("false", "true", "unsure"))
    (1, 1)
    """
    texts = texts_of(value)
    found = [code for code, name in enumerate(classes) if name in texts]
    exact = [code for code in found if classes[code] == str(value)]
    if found:
        return (exact or found)[0]
    shown = ", ".join(repr(name)[:40] for name in classes[:SHOWN]) + (" …" if len(classes) > SHOWN else "")
    raise UnclearAnswerError(
        f"the model knows a class {str(value)[:40]!r}, and the classes are {shown}",
        "train on the target's values as they stand in the table, or answer a frame whose columns are named for the classes; a new class is listed in "
        "model.classes of params.yaml",
    )


# -- rows as the model knows them ---------------------------------------------------------------------------------------


def as_trained(frame: Any, features: Mapping[str, str], values: Mapping[str, str]) -> Any:
    """Return the feature columns as the training table held them, whatever stores them here: `values` says what each holds.

    A boolean stays one with missing values (an object column of True, False and None, as pandas reads such a file); numbers come from text,
    and text from numbers. Raises `ValueError` for text that is no number in a numeric feature.
    """
    found = frame[list(features)]
    changed = {name: _read(as_plain(found[name]), kind, values.get(name)) for name, kind in features.items()}
    changed = {name: column for name, column in changed.items() if column is not found[name]}
    return found.assign(**changed) if changed else found


def answered(ask: Callable[[Any], Any], features: Any) -> Any:
    """Return what a model answers; one that refuses a frame is asked again with what loses nothing.

    Booleans with missing values, which come as objects, as 1, 0 and NaN; whole floats as integers, which a signature may want.
    """
    import pandas as pd

    try:
        return ask(features)
    except Exception as refused:
        objects = {name: "float64" for name in features.columns if features[name].dtype == object and pd.api.types.infer_dtype(features[name]) == "boolean"}
        whole = {name: "int64" for name in features.columns if _is_whole(features[name])}
        for types in filter(None, (objects, whole, {**objects, **whole} if objects and whole else {})):
            with suppress(Exception):  # what it said of the rows as they came is raised
                return ask(features.astype(types))
        raise refused from None


def _is_whole(column: Any) -> bool:
    import numpy as np

    values = column.to_numpy() if column.dtype == "float64" else np.array([np.nan])
    return bool(len(values)) and bool((np.isfinite(values) & (np.abs(values) < EXACT) & (values == np.floor(values))).all())


def as_plain(column: Any) -> Any:
    """Return a column in a type that pandas reads files as, the very column if it is: categories, nullable and Arrow's types hold the same values.

    Whole numbers that float64 would round beside a missing value are Int64.
    """
    import numpy as np
    import pandas as pd

    types, stored = pd.api.types, not pd.api.types.is_object_dtype(column.dtype)
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    elif stored and (isinstance(column.dtype, np.dtype | pd.DatetimeTZDtype | pd.PeriodDtype | pd.IntervalDtype | pd.SparseDtype) or column.dtype == "str"):
        return column
    kind, known = types.infer_dtype(column, skipna=True), column.notna()
    if kind == "integer":
        return _integers(column)
    if kind == "decimal" and all(value.is_finite() and value == int(value) for value in column[known]):
        return _integers(pd.Series([int(value) if there else None for value, there in zip(column, known, strict=True)], column.index, object, column.name))
    if kind in ("floating", "mixed-integer-float", "decimal"):
        return pd.Series([float(value) if there else np.nan for value, there in zip(column, known, strict=True)], column.index, "float64", column.name)
    if kind == "string":
        return column.astype(object).where(known, np.nan).astype("str")
    if kind == "boolean" and known.all():
        return column.astype(bool)
    if stored and kind.startswith("date"):
        return pd.to_datetime(column.astype(object).where(known, None))
    return column.astype(object).where(known, None) if stored or any(value is pd.NA for value in column) else column


def _integers(column: Any) -> Any:
    """Whole numbers as int64, beside missing values as floats, or Int64 where these would round one."""
    import pandas as pd

    exact = column
    if str(column.dtype) not in ("Int64", "UInt64"):
        try:
            values = pd.array([value if there else None for value, there in zip(column, column.notna(), strict=True)], "Int64")
        except OverflowError:  # digits that no integer type holds
            return column
        exact = pd.Series(values, column.index, name=column.name)
    if not exact.isna().any():
        return exact.astype("int64" if str(exact.dtype) == "Int64" else "uint64")
    return exact if (exact.abs() > EXACT).any() else exact.astype("float64")


def _read(column: Any, kind: str, form: str | None) -> Any:
    """A column as a form; the very column if it is held so already."""
    import pandas as pd

    if not column.notna().any():
        return column.astype("float64") if kind == "numeric" and column.dtype == object else column
    if form is None or _is_held(column, kind, form):
        return column
    texts = column.convert_dtypes().astype("str")
    if kind == "numeric" or form in ("integer", "number"):
        ones = {**dict.fromkeys(TRUE, "1"), **dict.fromkeys(FALSE, "0")}
        numbers = pd.to_numeric(texts.replace(ones), errors="raise" if kind == "numeric" else "coerce")
        return numbers.astype(bool) if form == "boolean" and numbers.isin([0, 1]).all() else numbers
    if form == "boolean":
        said = texts.map({**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)})
        return said.astype(bool) if said.notna().all() else said.astype(object).where(said.notna(), None)
    return pd.to_datetime(texts, errors="coerce", format="ISO8601") if form == "time" else texts


def _is_held(column: Any, kind: str, form: str) -> bool:
    import pandas as pd

    if kind == "numeric" and form == "boolean" and not pd.api.types.is_bool_dtype(column.dtype) and column.isin([0, 1]).all():
        return False
    if pd.api.types.is_numeric_dtype(column.dtype) and (kind == "numeric" or (form in ("integer", "number") and not pd.api.types.is_bool_dtype(column.dtype))):
        return True
    held = {"boolean": "boolean", "text": "string", "time": "datetime64"}.get("text" if form.endswith("text") else form)
    return kind != "numeric" and pd.api.types.infer_dtype(column) == held


# -- features of the time -----------------------------------------------------------------------------------------------

ZONED = r"[T ].*(?:Z|[+-]\d{2}:?\d{2})$"
DIGITS = r"\d{8,19}"
DAYS, MOMENTS = (1900_01_01, 2101_00_00), (1900_01_01_00_00_00, 2101_00_00_00_00_00)
EPOCHS = {"s": (10**8, 10**10), "ms": (10**11, 10**13), "us": (10**14, 10**16), "ns": (10**17, 10**19)}
TIMES = "send ISO 8601 (2013-02-01T06:00:00, with a zone or in {zone}), seconds since 1970 or YYYYMMDD"


def with_time_features(frame: Any, derived: Mapping[str, Any] | None) -> Any:
    """Return the frame with the features that are derived from its time, in the place of any columns of their names; None derives none.

    A row without a time has none of them: they are missing values. Raises `NoTimeError` for a frame without the column, or with what is no time.
    """
    if derived is None:
        return frame
    column, zone = derived["column"], derived["timezone"]
    if column not in frame.columns:
        what = f"the rows have no column {column!r}, from which the model derives {', '.join(derived['names'])}"
        raise NoTimeError(what, TIMES.format(zone=zone))
    times = naive_times(frame[column], zone)
    return frame.assign(**{name: time_feature(times, name) for name in derived["names"]})


def time_feature(times: Any, name: str) -> Any:
    """Return one feature of naive times, as the training table held it."""
    at = times.dt
    if name == "minute_of_day":
        return time_feature(times, "hour") * 60 + at.minute
    if name == "day_part":
        return (at.hour // 6).map({0: "night", 1: "morning", 2: "afternoon", 3: "evening"})
    if name == "is_weekend":
        return (at.day_of_week >= 5).astype("int64").where(times.notna())
    found = getattr(at, {"weekday": "day_of_week", "day_of_month": "day"}.get(name, name))
    return found if times.isna().any() else found.astype("int64")


def naive_times(column: Any, zone: str) -> Any:
    """Return what the model's clock shows at each time: those with a zone are converted to it, those without one are in it; a missing one is NaT."""
    import pandas as pd

    types, stored = pd.api.types, column.dtype
    if types.is_datetime64_any_dtype(stored) and getattr(stored, "tz", None) is None and not isinstance(stored, pd.ArrowDtype):
        return column
    plain = as_plain(column)
    try:
        if types.is_numeric_dtype(plain.dtype):
            return _of_numbers(plain, zone)
        texts = plain.map(str, na_action="ignore").astype("str").str.strip()
        known = texts.notna() & ~texts.str.lower().isin(["", "nat", "nan", "none", "null", "na", "n/a"])
        if known.any() and texts[known].str.fullmatch(DIGITS).all():
            return _of_numbers(pd.to_numeric(texts.where(known)), zone)
        return _of_texts(texts, known, zone)
    except (ValueError, OverflowError) as bad:
        found = pd.to_datetime(plain.map(str, na_action="ignore"), format="ISO8601", errors="coerce", utc=True)
        strange = plain[found.isna() & plain.notna()] if not types.is_numeric_dtype(plain.dtype) else plain
        raise NoTimeError(f"the column {column.name!r} holds {str(strange.iloc[0])[:40]!r}, which is no time", TIMES.format(zone=zone)) from bad


def _of_texts(texts: Any, known: Any, zone: str) -> Any:
    import pandas as pd

    zoned = texts.str.contains(ZONED, regex=True, na=False)
    found = pd.Series(pd.NaT, texts.index, "datetime64[us]")
    if (known & ~zoned).any():
        found[known & ~zoned] = pd.to_datetime(texts[known & ~zoned], format="ISO8601").astype("datetime64[us]")
    if (known & zoned).any():
        found[known & zoned] = _shown(pd.to_datetime(texts[known & zoned], format="ISO8601", utc=True), zone)
    return found


def _of_numbers(values: Any, zone: str) -> Any:
    """Whole numbers are told apart by their size, as keepfit reads a table: 20130201, 20130201060000, or an epoch, which is in UTC."""
    import pandas as pd

    known: Any = values.dropna()
    low, high = (known.min(), known.max()) if len(known) else (0, 0)
    for (first, end), form in ((DAYS, "%Y%m%d"), (MOMENTS, "%Y%m%d%H%M%S")):
        if first <= low and high < end:
            return pd.to_datetime(known.astype("int64").astype(str), format=form).astype("datetime64[us]").reindex(values.index)
    for unit, (first, end) in EPOCHS.items():
        if first <= low and high < end:
            found: Any = pd.to_datetime(known, unit=unit, utc=True)  # type: ignore[call-overload]
            return _shown(found, zone).reindex(values.index)
    if len(known):
        raise ValueError(f"numbers from {low:g} to {high:g}")
    return pd.Series(pd.NaT, values.index, "datetime64[us]")


def _shown(instants: Any, zone: str) -> Any:
    """What a clock of this zone shows at these instants."""
    return instants.dt.tz_convert(zone).dt.tz_localize(None).astype("datetime64[us]")
