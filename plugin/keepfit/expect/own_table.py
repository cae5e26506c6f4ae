"""What an own table says about itself: task, features, a first date to train to, bounds, slices, doubts. Proposals; a person decides.

What a first model could not have seen is not looked at for bounds and doubts: only the rows before `as_of` are. Blind to leaks that no single
column shows, so params.yaml says TODO of the features.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.expect.doubts import bounds_of, doubts_of, entity_of
from keepfit.expect.repeats import repeated_times
from keepfit.params import FeatureKind, usual_metrics
from keepfit.params.own_names import OWN_NAMES
from keepfit.records import Task
from keepfit.tables.feature_kinds import features_of, id_like, slices_of
from keepfit.tables.first_windows import first_windows
from keepfit.tables.frames import to_frame
from keepfit.tables.plain import no_features
from keepfit.tables.row_ids import with_row_ids
from keepfit.tables.target_task import TargetTask, task_of
from keepfit.tables.targets import as_number, with_codes
from keepfit.tables.times import normalise_time
from keepfit.tables.written_targets import without_written

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.expect.bounds import Bounds


@dataclass(frozen=True, kw_only=True)
class OwnTable:
    """What the person named on the command line; None where a guess is wanted."""

    time: str
    target: str
    model: str
    id: str | None = None
    window: str | None = None
    as_of: datetime | None = None
    task: Task | None = None


@dataclass(frozen=True, kw_only=True)
class FirstRows:
    """What the rows before `as_of` say: `trivial` is the error of always saying the median, or the commonest class; `bounds` are numeric features' wide limits.

    `doubts` are what a person should look at, by feature, `repeats` those of the time and `entity` that of a column that comes again, with its name.
    """

    trivial: float
    labelled_share: float
    bounds: dict[str, Bounds]
    doubts: dict[str, str]
    repeats: int
    entity: tuple[str, float, float] | None


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """What init proposes for a table; `rows_a_window` is the median."""

    asked: OwnTable
    target: TargetTask
    id: str | None
    window: str
    as_of: datetime
    last: datetime
    rows_a_window: int
    features: dict[str, FeatureKind]
    left_out: dict[str, str]
    slices: tuple[str, ...]
    first: FirstRows

    @property
    def task(self) -> Task:
        """What is to be learned."""
        return self.target.task

    @property
    def many(self) -> bool:
        """Whether there are more than two classes."""
        return self.target.classes is not None

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metric that decides, and those measured beside it."""
        return usual_metrics(self.task, many=self.many)


def learn(table: pa.Table, asked: OwnTable) -> TableFacts:
    """Look at a whole table once; raises `DataError` for one that cannot be learned from."""
    _check_columns(table, asked)
    table = normalise_time(table, asked.time)
    table = table if asked.id is None else with_row_ids(table, asked.id)
    found = task_of(table, asked.target, asked.task)
    frame = to_frame(_numbered(table, asked.target, found))
    windows = first_windows(frame[asked.time], frame[asked.target].notna(), asked.window)
    id_column = asked.id or id_like(frame, {asked.time, asked.target})
    own = {asked.time, asked.target, *([id_column] if id_column else [])}
    unfit = {name: why for name, why in no_features(table).items() if name not in own}
    frame = frame.drop(columns=list(unfit))
    features, left_out = features_of(frame, own)
    as_of = windows.first_end() if asked.as_of is None else windows.end_by(asked.as_of)
    return TableFacts(
        asked=asked,
        target=found,
        id=id_column,
        window=windows.size,
        as_of=as_of,
        last=frame[asked.time].max().to_pydatetime(),
        rows_a_window=windows.usual_rows,
        features=features,
        left_out={**unfit, **left_out},
        slices=slices_of(frame, features),
        first=_first_rows(frame, frame[frame[asked.time] < as_of], features, own=own, asked=asked, found=found),
    )


def rows_before(table: pa.Table, facts: TableFacts) -> pd.DataFrame:
    """Return the rows that a first model learns from, times naive and the target a number."""
    timed = normalise_time(table, facts.asked.time)
    frame = to_frame(_numbered(timed.select([facts.asked.time, facts.asked.target, *facts.features]), facts.asked.target, facts.target))
    return frame[frame[facts.asked.time] < facts.as_of]


def _numbered(table: pa.Table, target: str, found: TargetTask) -> pa.Table:
    """The table with its target as a number, or as the code of its class."""
    if found.classes is None:
        return as_number(table, target, positive=found.positive)
    return without_written(with_codes(table, target, found.classes))


def _first_rows(
    frame: pd.DataFrame, first: pd.DataFrame, features: Mapping[str, FeatureKind], *, own: Collection[str], asked: OwnTable, found: TargetTask
) -> FirstRows:
    target = first[asked.target].dropna()
    commonest = target.median() if found.classes is None else target.mode().iloc[0]
    off = (target - commonest).abs() if found.classes is None else (target != commonest)
    classes = {"regression": 0, "classification": len(found.classes or ("0", "1"))}[found.task]
    return FirstRows(
        trivial=float(off.mean()),
        labelled_share=len(target) / len(first),
        bounds=bounds_of(first, features),
        doubts=doubts_of(frame, first, features, asked.target, classes=classes),
        repeats=repeated_times(first[asked.time].to_numpy()),
        entity=entity_of(first.drop(columns=list(own))),
    )


def _check_columns(table: pa.Table, asked: OwnTable) -> None:
    if table.num_rows == 0:
        raise DataError("the table has no rows", where="--data", fix="a header line and at least a few hundred rows")
    for option, name in (("--time", asked.time), ("--target", asked.target), ("--id", asked.id)):
        if name is not None and name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where=option)
    if asked.target in no_features(table):
        raise DataError(f"the target {asked.target!r} is {no_features(table)[asked.target]}", where="--target", fix="classes, or numbers")
    if asked.target in OWN_NAMES:
        raise DataError(f"keepfit watches {OWN_NAMES[asked.target]} under the name {asked.target!r}", where="--target", fix="rename the column")
    if asked.time == asked.target:
        raise DataError(f"{asked.time!r} cannot be both the time and the target", where="--target", fix="name what is to be predicted")
