"""A table that no project knows, as params say what its columns mean: task, classes and features by what the values look like."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from keepfit.errors import DataError, KeepfitError, UnknownNameError
from keepfit.params import FeatureKind, Params
from keepfit.records import Task
from keepfit.tables.feature_kinds import features_of
from keepfit.tables.frames import to_frame
from keepfit.tables.plain import no_features
from keepfit.tables.targets import target_as_number
from keepfit.tables.times import normalise_time
from keepfit.tables.written_targets import text_of

if TYPE_CHECKING:
    import pandas as pd

FEW = 20
NO_TIME, SOME_DAY = "_no_time", datetime(2000, 1, 1)
ESTIMATORS: dict[Task, str] = {
    "classification": "sklearn.ensemble.HistGradientBoostingClassifier",
    "regression": "sklearn.ensemble.HistGradientBoostingRegressor",
}
LINEAR: dict[Task, str] = {"classification": "sklearn.linear_model.LogisticRegression", "regression": "sklearn.linear_model.Ridge"}
"""What ranks the labels of a table that holds texts: a linear model of their words."""
TEXT_LENGTH = 20


@dataclass(frozen=True, kw_only=True)
class TableQuestion:
    """What the person named on the command line; None where a guess is wanted."""

    target: str
    task: Task | None = None
    time: str | None = None
    id: str | None = None
    group: str | None = None


def params_of(table: pa.Table, asked: TableQuestion, *, evidence: Collection[str] = ()) -> tuple[pa.Table, Params]:
    """Return the table, its target a number and its times naive, with params for it.

    Raises `DataError` for a target that says nothing, and `UnknownNameError` for a column that is not there.
    """
    named = {"--target": asked.target, "--time": asked.time, "--id": asked.id, "--group": asked.group}
    for option, name in named.items():
        if name is not None and name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where=option)
    if not table.num_rows:
        raise DataError("the table has no rows", where="TABLE", fix="a header line and some rows")
    table = (
        table.append_column(NO_TIME, pa.repeat(pa.scalar(SOME_DAY, pa.timestamp("us")), table.num_rows))
        if asked.time is None
        else normalise_time(table, asked.time)
    )
    model = _model(table, asked)
    taken = {asked.target, asked.time or NO_TIME, *(name for name in (asked.id, asked.group) if name), *no_features(table), *evidence}
    frame: pd.DataFrame = to_frame(table.drop_columns([name for name in table.column_names if name in taken]))
    texts: dict[str, FeatureKind] = dict.fromkeys((str(name) for name in frame.columns if _is_text(frame[name])), "text")
    features = texts | (features_of(frame, tuple(texts))[0] if len(texts) < len(frame.columns) else {})
    data = {"live": "", "time": asked.time or NO_TIME, "id": asked.id, "group": asked.group, "features": features}
    train = {"estimator": LINEAR[model["task"]]} if texts else {"estimator": ESTIMATORS[model["task"]], "params": {"max_iter": 60, "early_stopping": False}}
    try:
        params = Params.model_validate({"model": model, "data": data, "train": train})
    except ValidationError as bad:
        said = bad.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        raise DataError(said, where=f"--target {asked.target}", fix="rename the column, or name another") from bad
    return target_as_number(table, params), params


def _model(table: pa.Table, asked: TableQuestion) -> dict[str, Any]:
    """The section `model`: texts, booleans, two values and few whole numbers are classes, other numbers are numbers."""
    values = table[asked.target].combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    try:
        known = sorted({word for word in text_of(values).to_pylist() if word not in (None, "")})
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as bad:
        raise DataError(f"the target {asked.target!r} holds {values.type}", where="--target", fix="classes or numbers") from bad
    if len(known) < 2:
        raise DataError(f"the target {asked.target!r} has {len(known)} values: nothing contradicts it", where="--target", fix="name the column of the labels")
    numbers = pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type)
    if asked.task == "regression" and not numbers:
        raise DataError(f"the target {asked.target!r} holds {values.type}, no numbers", where="--task", fix="classification")
    task = asked.task or ("regression" if numbers and (len(known) > FEW or not _whole(known)) else "classification")
    model: dict[str, Any] = {"name": "table", "task": task, "target": asked.target}
    if task == "classification" and len(known) > 2:
        return model | {"classes": known}
    return model | ({} if task == "regression" or {*known} <= {"0", "1"} or pa.types.is_boolean(values.type) else {"positive": known[1]})


def _is_text(column: pd.Series[float]) -> bool:
    """Whether a column holds free text: words of some length, most of them different."""
    known = column.dropna()
    if not len(known) or (column.dtype.kind not in "OUT" and str(column.dtype) not in ("str", "string")):
        return False
    words = known.astype("str")
    return bool(words.nunique() > len(words) // 2 and words.str.len().mean() >= TEXT_LENGTH)


def _whole(words: Collection[str]) -> bool:
    return all(float(word) == int(float(word)) for word in words if np.isfinite(float(word)))


def with_evidence(params: Params, table: pa.Table, evidence: Collection[str]) -> Params:
    """Return params whose features are those of before and `evidence`: columns that are known only after the target, by which a label can be checked.

    Raises `UnknownNameError` for a column that is not there, `DataError` for the target itself and for one that cannot be compared.
    """
    features = dict(params.data.features)
    for name in evidence:
        if name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where="--evidence")
        if name == params.model.target:
            raise DataError(f"{name!r} is the label that is to be checked", where="--evidence", fix="columns that are known beside it")
        try:
            features |= features_of(to_frame(table.select([name])), ())[0]
        except KeepfitError as bad:
            raise DataError(f"{name!r} says nothing of a row: {bad.what}", where="--evidence", fix="a number or a category") from bad
    return params.model_copy(update={"data": params.data.model_copy(update={"features": features})})
