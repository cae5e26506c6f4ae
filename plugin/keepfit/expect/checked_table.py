"""A table that no project knows, as params say what its columns mean: task, classes and features by what the values look like."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pydantic import ValidationError

from keepfit.errors import DataError, KeepfitError, UnknownNameError
from keepfit.params import Params
from keepfit.records import Task
from keepfit.tables.feature_kinds import features_of
from keepfit.tables.frames import to_frame
from keepfit.tables.plain import no_features
from keepfit.tables.target_task import task_of
from keepfit.tables.targets import target_as_number
from keepfit.tables.times import normalise_time

if TYPE_CHECKING:
    import pandas as pd

NO_TIME, SOME_DAY = "_no_time", datetime(2000, 1, 1)
ESTIMATORS: dict[Task, str] = {
    "classification": "sklearn.ensemble.HistGradientBoostingClassifier",
    "regression": "sklearn.ensemble.HistGradientBoostingRegressor",
}
LINEAR: dict[Task, str] = {"classification": "sklearn.linear_model.LogisticRegression", "regression": "sklearn.linear_model.Ridge"}
"""What ranks the labels of a table that holds texts: a linear model of their words."""


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
    features, _ = features_of(frame, ())
    data = {"live": "", "time": asked.time or NO_TIME, "id": asked.id, "group": asked.group, "features": features}
    train = (
        {"estimator": LINEAR[model["task"]]}
        if "text" in features.values()
        else {"estimator": ESTIMATORS[model["task"]], "params": {"max_iter": 60, "early_stopping": False}}
    )
    try:
        params = Params.model_validate({"model": model, "data": data, "train": train})
    except ValidationError as bad:
        said = bad.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        raise DataError(said, where=f"--target {asked.target}", fix="rename the column, or name another") from bad
    return target_as_number(table, params), params


def _model(table: pa.Table, asked: TableQuestion) -> dict[str, Any]:
    """The section `model`, as `keepfit init` would propose it."""
    if asked.target in no_features(table):
        raise DataError(f"the target {asked.target!r} is {no_features(table)[asked.target]}", where="--target", fix="classes, or numbers")
    found = task_of(table, asked.target, asked.task)
    classes = {} if found.classes is None else {"classes": found.classes}
    return {"name": "table", "task": found.task, "target": asked.target, "positive": found.positive} | classes


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
