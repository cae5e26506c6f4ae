"""A labelled table on which models are compared that no project knows: what its columns are, which rows count, and params that say so.

>>> table = pa.table({"late": ["no", "yes", "no", None], "delay": [1.0, 9.0, 2.0, 3.0]})
>>> found = LabelledTable.of(table, EvaluationQuestion(target="late"))
>>> found.task, found.words, found.table.num_rows, found.unlabelled, found.given.column_names
('classification', ('no', 'yes'), 3, 1, ['delay'])
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from keepfit.errors import DataError, UnknownNameError
from keepfit.evaluate.scorecard import label_metrics
from keepfit.params import EvaluateParams, Params, RuleParams, SliceParams, usual_metrics
from keepfit.records import Task
from keepfit.stats.known_metric import metric_named
from keepfit.tables.columns import require_columns
from keepfit.tables.target_task import YES, TargetTask, task_of
from keepfit.tables.targets import target_as_number
from keepfit.tables.time_features import DERIVED
from keepfit.tables.times import normalise_time
from keepfit.tables.written_targets import text_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from keepfit.stats.arrays import Array

NO_TIME = "_no_time"
SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class EvaluationQuestion:
    """What a person says of the table; None where the table, or the rules, may say it."""

    target: str
    task: Task | None = None
    positive: str | None = None
    id: str | None = None
    time: str | None = None
    group: str | None = None
    slices: tuple[str, ...] = ()
    metric: str | None = None
    metrics: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str | None]:
        """The columns that are named, by option."""
        return {"--target": self.target, "--id": self.id, "--time": self.time, "--group": self.group}


@dataclass(frozen=True)
class LabelledTable:
    """The rows that have a label; `unlabelled` counts those that were left out for having none, `found` is what the target holds."""

    table: pa.Table
    asked: EvaluationQuestion
    found: TargetTask
    unlabelled: int = 0

    @classmethod
    def of(cls, table: pa.Table, asked: EvaluationQuestion) -> LabelledTable:
        """Look at a table.

        Raises `UnknownNameError` for a column that is not there, `DataError` for a table without rows or labels, for ids that are missing or there twice, and
        for a target of which nobody knows what counts as 1.
        """
        for option, name in asked.columns.items():
            require_columns(table, [name] if name is not None else [], where=option)
        if not table.num_rows:
            raise DataError("the table has no rows", where="--data", fix="a header line and some rows")
        if asked.id is not None:
            _require_ids(table[asked.id].combine_chunks(), asked.id)
        known = _known(table[asked.target].combine_chunks())
        labelled = table.filter(known)
        if not labelled.num_rows:
            raise DataError(
                f"none of the {table.num_rows:,} rows has a label in {asked.target!r}", where="--target", fix="wait for labels, or name another column"
            )
        timed = labelled if asked.time is None else normalise_time(labelled, asked.time)
        return cls(timed, asked, _found(timed, asked), table.num_rows - labelled.num_rows)

    @property
    def task(self) -> Task:
        """What is predicted."""
        return self.found.task

    @property
    def words(self) -> tuple[str, ...]:
        """The target's values as they are written, of two classes the one that counts as 1 last; none of a regression."""
        if self.task == "regression":
            return ()
        if self.found.classes is not None:
            return self.found.classes
        if self.found.positive is None:
            return ("0", "1")
        others = {word for word in text_of(pc.unique(_plain(self.table[self.asked.target]))).to_pylist() if word != self.found.positive}
        return (*sorted(others), self.found.positive)

    @property
    def given(self) -> pa.Table:
        """What a model may see of the rows: every column but the target."""
        return self.table.drop_columns([self.asked.target])

    @property
    def aside(self) -> tuple[str, ...]:
        """The columns that are no features of a model which does not say which it reads."""
        return tuple(name for name in (self.asked.id, self.asked.time, self.asked.group) if name is not None)

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The first and the last time, if times are known."""
        if self.asked.time is None:
            return None, None
        found = pc.min_max(self.table[self.asked.time]).as_py()
        return found["min"], found["max"]

    def part(self, kept: npt.NDArray[np.bool_]) -> LabelledTable:
        """Return the table with these of its rows."""
        return replace(self, table=self.table.filter(pa.array(kept)))

    def row_names(self) -> list[str]:
        """What each row is called: its id, else its place among the labelled rows."""
        if self.asked.id is None:
            return [str(place) for place in range(self.table.num_rows)]
        return [str(name) for name in self.table[self.asked.id].to_pylist()]

    def params(self, model: str, how: Measures) -> Params:
        """Return params that say what the columns mean and by what is judged; raises `DataError` where they contradict themselves."""
        two = how.classes is None
        target = {"name": model, "task": self.task, "target": self.asked.target, "positive": self.found.positive if two else None, "classes": how.classes}
        data = {"live": "", "time": self.asked.time or NO_TIME, "id": self.asked.id, "group": self.asked.group}
        try:
            evaluate = EvaluateParams(metric=how.metric, metrics=how.metrics, slices={name: SliceParams() for name in how.slices}, rules=dict(how.rules))
            return Params.model_validate({"model": target, "data": data, "evaluate": evaluate})
        except ValidationError as bad:
            said = bad.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
            raise DataError(said, where=f"--target {self.asked.target}", fix="rename the column, or name another") from bad

    def frame(self, params: Params) -> pd.DataFrame:
        """Return the rows with the target as a number."""
        from keepfit.tables.frames import to_frame

        return to_frame(target_as_number(self.table, params))

    def sliceable(self, columns: Iterable[str], *, where: str = "--slices") -> tuple[str, ...]:
        """Return the columns, each once; raises `UnknownNameError` for one that the table lacks and no time gives, `DataError` for the target."""
        found = tuple(dict.fromkeys(columns))
        derived = DERIVED if self.asked.time is not None else {}
        for name in found:
            if name == self.asked.target:
                raise DataError(f"{name!r} is the target: its slices hold one label each", where=where, fix="name columns that are known before it")
            if name not in self.table.column_names and name not in derived:
                raise UnknownNameError("column", name, known=[*self.table.column_names, *derived], where=where)
        return found


@dataclass(frozen=True, kw_only=True)
class Measures:
    """By what is judged: the metric that decides, those beside it, the slicing columns, the rules; the listed classes of three and more."""

    metric: str
    metrics: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    rules: Mapping[str, RuleParams] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None


def chosen_metrics(asked: EvaluationQuestion, demanded: Sequence[str], task: Task, *, many: bool, only_labels: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return the metric that decides and those beside it: what is asked for, else the one metric that rules name, else the usual ones of the task.

    `only_labels`: a model answers no probabilities; of the usual metrics only those remain that measure labels. Raises `UnknownNameError` for a metric that
    there is not.

    >>> chosen_metrics(EvaluationQuestion(target="y"), ["log_loss"], "classification", many=False)
    ('log_loss', ('roc_auc',))
    """
    usual: Sequence[str] = usual_metrics(task, many=many)
    if only_labels:
        measuring = label_metrics(many=many)
        usual = [name for name in usual if name in measuring] or measuring[:1]
    named = tuple(dict.fromkeys(demanded))
    first = asked.metric or (named[0] if len(named) == 1 else next((name for name in named if name in usual), usual[0]))
    for name, option in ((first, "--metric"), *((name, "--metrics") for name in asked.metrics)):
        metric_named(name, where=option)
    return first, tuple(name for name in asked.metrics or usual if name != first)


def same_answer(scores: Array) -> str:
    """Return the one answer that a model gives to every row, in words; empty where its answers differ, are no numbers, or there is one row.

    >>> import numpy as np
    >>> same_answer(np.full(9, 0.25)), same_answer(np.array([0.2, 0.3]))
    ('0.25', '')
    """
    import numpy as np

    if len(scores) < 2 or not np.isfinite(scores).all() or (scores != scores[0]).any():
        return ""
    return ", ".join(f"{value:.4g}" for value in np.atleast_1d(scores[0])[:SHOWN])


def never_learned(words: Collection[str], learned: Collection[str] | None, rows: pa.Table, target: str) -> str:
    """Return which labels of the rows a model never learned, with their number, in words; empty where it learned all, or nobody knows which it did.

    >>> never_learned(["a", "b"], ["a"], pa.table({"y": ["a", "b", "b"]}), "y")
    "'b' (2 rows)"
    """
    strange = [] if learned is None else [word for word in words if word not in learned]
    counts = {str(one["values"]): one["counts"] for one in pc.value_counts(text_of(_plain(rows[target]))).to_pylist()}
    there = [f"{word[:40]!r} ({counts[word]:,} rows)" for word in strange if word in counts]
    return ", ".join(there[:SHOWN]) + (f" and {len(there) - SHOWN} more" if len(there) > SHOWN else "")


def _found(table: pa.Table, asked: EvaluationQuestion) -> TargetTask:
    """What the target holds; a word counts as 1 where a person says so, or where it is a word for yes."""
    if asked.positive is not None:
        known = [word for word in text_of(pc.unique(_plain(table[asked.target]))).to_pylist() if word is not None]
        if asked.positive not in known:
            raise UnknownNameError(f"value of {asked.target!r}", asked.positive, known=[word[:40] for word in known], where="--positive")
        if len(known) > 1:
            return TargetTask(task="classification", positive=asked.positive)
    found = task_of(table, asked.target, asked.task)
    if found.positive is not None and asked.positive is None and found.positive.lower() not in YES:
        what = f"which value of {asked.target!r} counts as 1 is not known: {found.positive[:40]!r}, or the other?"
        raise DataError(what, where="--target", fix=f"--positive {found.positive[:40]!r}, or the other value")
    return found


def _known(values: pa.Array) -> pa.Array:
    """Which values are a label: there, no NaN, no empty text."""
    values = _plain(values)
    there = pc.is_valid(values)
    if pa.types.is_floating(values.type):
        return pc.and_(there, pc.invert(pc.fill_null(pc.is_nan(values), fill_value=True)))
    return pc.and_(there, pc.fill_null(pc.not_equal(values, ""), fill_value=False)) if pa.types.is_string(values.type) or _large(values) else there


def _large(values: pa.Array) -> bool:
    return bool(pa.types.is_large_string(values.type))


def _require_ids(values: pa.Array, column: str) -> None:
    if values.null_count:
        raise DataError(f"{values.null_count:,} rows have no id in {column!r}", where="--id", fix="name a column that every row has")
    counts = pc.value_counts(_plain(values))
    again = counts.filter(pc.greater(counts.field("counts"), 1))
    if len(again):
        shown = ", ".join(str(value)[:40] for value in again.field("values").to_pylist()[:SHOWN])
        what = f"{len(again):,} ids are there more than once: {shown}{' …' if len(again) > SHOWN else ''}"
        raise DataError(what, where=f"--id {column}", fix="a row counts once: leave repeats out, or name the column that tells rows apart")


def _plain(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
