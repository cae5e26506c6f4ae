"""Features that are derived from a row's time (params.yaml: data.time_features): the hour, the weekday, the month.

They are read off the table's own clock (`data.timezone`): a time with a zone was converted to it when it was read, one without a zone is what its clock
showed. So a change to summer time moves no habit: eight o'clock is 8 in winter and in summer. The hour that a clock shows twice in autumn is one value for
both, and one that it skips in spring is taken as it stands where a table holds it.

They are never stored with the windows: each model's meta says which it was trained with, and they are derived for it where rows are read. So ids,
closed windows and manifests are what they are without them, and an old champion is scored beside a challenger that knows the hour.

>>> from datetime import datetime
>>> table = pa.table({"t": pa.array([datetime(2026, 3, 29, 17, 45)], pa.timestamp("us"))})
>>> with_time_features(table, TimeFeatures(column="t", timezone="UTC", names=("hour", "weekday", "day_part"))).drop_columns("t").to_pylist()
[{'hour': 17, 'weekday': 6, 'day_part': 'afternoon'}]
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError
from keepfit.params import TIME_FEATURES
from keepfit.records import ModelMeta, TimeFeature, TimeFeatures

if TYPE_CHECKING:
    import pandas as pd

    from keepfit.params import Params

DAY_PARTS = ((6, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))
WEEKEND = 5
WITHIN_A_DAY: frozenset[TimeFeature] = frozenset({"minute_of_day", "hour", "day_part"})
"""Those that take all their values in a day. The others stand still within one and move from one to the next, without anything having changed."""


def minute_of_day(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the minutes since midnight, 0 to 1439."""
    return pc.add(pc.multiply(pc.hour(times), 60), pc.minute(times))


def hour(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the hour of the day, 0 to 23."""
    return pc.hour(times)


def day_part(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return `night` (from 0 o'clock), `morning` (from 6), `afternoon` (from 12) or `evening` (from 18)."""
    hours = pc.hour(times)
    found = pa.repeat(pa.scalar(None, pa.string()), len(hours))
    for until, name in reversed(DAY_PARTS):
        found = pc.if_else(pc.less(hours, until), name, found)
    return found


def weekday(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the day of the week, 0 (Monday) to 6 (Sunday)."""
    return pc.day_of_week(times)


def is_weekend(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 1 on Saturday and Sunday, 0 on other days; public holidays are not known."""
    return pc.cast(pc.greater_equal(pc.day_of_week(times), WEEKEND), pa.int64())


def day_of_month(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the day of the month, 1 to 31."""
    return pc.day(times)


def day_of_year(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the day of the year, 1 to 366; from March on it is one more in a leap year."""
    return pc.day_of_year(times)


def month(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the month, 1 to 12."""
    return pc.month(times)


def quarter(times: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the quarter of the calendar year, 1 to 4."""
    return pc.quarter(times)


DERIVED: Mapping[TimeFeature, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    "minute_of_day": minute_of_day,
    "hour": hour,
    "day_part": day_part,
    "weekday": weekday,
    "is_weekend": is_weekend,
    "day_of_month": day_of_month,
    "day_of_year": day_of_year,
    "month": month,
    "quarter": quarter,
}


def with_time_features(table: pa.Table, derived: TimeFeatures | None) -> pa.Table:
    """Return the table, whose times are naive (`normalise_time`), with the features derived from them; None, or a table without the times: as it is.

    A column that has the name of one is replaced: a model's features are its own.
    """
    if derived is None or derived.column not in table.column_names:
        return table
    times = table[derived.column]
    for name in derived.names:
        at = table.column_names.index(name) if name in table.column_names else table.num_columns
        table = table.remove_column(at) if at < table.num_columns else table
        table = table.add_column(at, name, DERIVED[name](times))
    return table


def in_frame(frame: pd.DataFrame, derived: TimeFeatures | None) -> pd.DataFrame:
    """Return the frame with the features derived from its times, as `with_time_features` does."""
    if derived is None or derived.column not in frame.columns:
        return frame
    times = pa.chunked_array([pa.array(frame[derived.column], pa.timestamp("us"), from_pandas=True)])
    found = {name: DERIVED[name](times).to_pandas() for name in derived.names}
    return frame.assign(**{name: column.set_axis(frame.index) for name, column in found.items()})


def asked_for(meta: ModelMeta) -> tuple[str, ...]:
    """Return the columns that rows must hold for a model: its features, but the time in place of those that are derived from it."""
    derived = meta.time_features
    if derived is None:
        return tuple(meta.features)
    return (*(name for name in meta.features if name not in derived.names and name != derived.column), derived.column)


def stand_still(derived: TimeFeatures | None, window: str) -> frozenset[str]:
    """Return those that drift would be seen in by the calendar alone: that do not take all their values in a day, or, in windows of some rows, in a window.

    >>> sorted(stand_still(TimeFeatures(column="t", timezone="UTC", names=("hour", "weekday", "month")), "month"))
    ['month', 'weekday']
    """
    names: tuple[TimeFeature, ...] = () if derived is None else derived.names
    return frozenset(name for name in names if window.endswith("rows") or name not in WITHIN_A_DAY)


def sliced_by(params: Params, columns: Collection[str]) -> TimeFeatures | None:
    """Return the time features that `evaluate.slices` names, or the model reads, and a table with these columns does not hold."""
    wanted = [name for name in TIME_FEATURES if name in params.evaluate.slices or name in params.data.time_features]
    missing = tuple(name for name in wanted if name not in columns)
    return TimeFeatures(column=params.data.time, timezone=params.data.timezone, names=missing) if missing else None


def refuse_taken(columns: Iterable[str], params: Params) -> None:
    """Raise `DataError` for a table that has a column of the name of one of the project's time features: which of the two is meant is not known."""
    taken = next((name for name in params.data.time_features if name in columns), None)
    if taken is not None:
        what = f"the table has a column {taken!r}, and params.yaml derives a time feature of that name from {params.data.time!r}"
        raise DataError(
            what, where=f"params.yaml: data.time_features.{taken}", fix="rename the column, or take it out of data.time_features and into data.features"
        )
