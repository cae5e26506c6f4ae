"""What an own table says about itself: task, features, a first date to train to, bounds, slices, doubts. Proposals; a person decides.

What a first model could not have seen is not looked at for bounds and doubts: only the rows before `as_of` are. Blind to leaks that no single
column shows, so params.yaml says TODO of the features.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.flows.init.doubts import bounds_of, doubts_of, entity_of, repeated_times
from keepfit.params import OWN_NAMES, FeatureKind
from keepfit.records import Task
from keepfit.tables.plain import no_features
from keepfit.tables.targets import as_number, text_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from keepfit.expect.bounds import Bounds
    from keepfit.records import Window

YES = ("1", "yes", "true", "y", "t", "positive", "late", "churned", "default", "fraud")
ID_NAME = re.compile(r"^(id|row_id|uuid|key|.*_(id|uuid|key))$", re.IGNORECASE)
MANY_DISTINCT = 0.5
SLICE_VALUES = range(2, 21)
SLICES = 3
FIRST_SHARE = 3


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the person named on the command line; None where a guess is wanted."""

    time: str
    target: str
    model: str
    id: str | None = None
    window: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TableFacts:
    """What init proposes for a table. `rows_a_window` is the median; `trivial` the error of always saying the median (regression).

    `bounds` are numeric features' wide limits; `doubts` what a person should look at, by feature, `repeats` of the time and `entity` of a column
    that comes again, with that column's name.
    """

    asked: Asked
    task: Task
    positive: str | None
    id: str | None
    window: str
    as_of: datetime
    last: datetime
    rows_a_window: int
    trivial: float
    labelled_share: float
    features: dict[str, FeatureKind]
    left_out: dict[str, str]
    slices: tuple[str, ...]
    bounds: dict[str, Bounds]
    doubts: dict[str, str]
    repeats: int
    entity: tuple[str, float, float] | None


def learn(table: pa.Table, asked: Asked) -> TableFacts:
    """Look at a whole table once; raises `DataError` for one that cannot be learned from."""
    from keepfit.tables.frames import to_frame
    from keepfit.tables.row_ids import with_row_ids
    from keepfit.tables.times import normalise_time

    _check_columns(table, asked)
    table = normalise_time(table, asked.time) if asked.id is None else with_row_ids(normalise_time(table, asked.time), asked.id)
    task, positive = _task(table, asked.target)
    frame = to_frame(as_number(table, asked.target, positive=positive))
    windows, window = _windows(frame[asked.time], asked.window)
    counts = _rows_in(windows, frame, asked)
    id_column = asked.id or _id_column(frame, asked)
    unfit = {name: why for name, why in no_features(table).items() if name not in (asked.time, asked.target, id_column)}
    frame = frame.drop(columns=list(unfit))
    features, left_out = _features(frame, {asked.time, asked.target, *([id_column] if id_column else [])})
    as_of = _as_of(asked.as_of, windows, counts, frame[asked.time])
    first = frame[frame[asked.time] < as_of]
    target = first[asked.target].dropna()
    return TableFacts(
        asked=asked,
        task=task,
        positive=positive,
        id=id_column,
        window=window,
        as_of=as_of,
        last=frame[asked.time].max().to_pydatetime(),
        rows_a_window=sorted(counts)[len(counts) // 2],
        trivial=float((target - target.median()).abs().mean()),
        labelled_share=len(target) / len(first),
        features=features,
        left_out={**unfit, **left_out},
        slices=tuple(name for name, kind in features.items() if kind == "categorical" and frame[name].nunique() in SLICE_VALUES)[:SLICES],
        bounds=bounds_of(first, features),
        doubts=doubts_of(frame, first, features, asked.target, binary=task == "classification"),
        repeats=repeated_times(first[asked.time].to_numpy()),
        entity=entity_of(first.drop(columns=[asked.time, asked.target, *([id_column] if id_column else [])])),
    )


def _check_columns(table: pa.Table, asked: Asked) -> None:
    if table.num_rows == 0:
        raise DataError("the table has no rows", where="--data", fix="a header line and at least a few hundred rows")
    for option, name in (("--time", asked.time), ("--target", asked.target), ("--id", asked.id)):
        if name is not None and name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where=option)
    if asked.target in no_features(table):
        raise DataError(f"the target {asked.target!r} is {no_features(table)[asked.target]}", where="--target", fix="two classes, or numbers")
    if asked.target in OWN_NAMES:
        raise DataError(f"keepfit watches {OWN_NAMES[asked.target]} under the name {asked.target!r}", where="--target", fix="rename the column")
    if asked.time == asked.target:
        raise DataError(f"{asked.time!r} cannot be both the time and the target", where="--target", fix="name what is to be predicted")


def _task(table: pa.Table, target: str) -> tuple[Task, str | None]:
    """Two values are classification (and one of them counts as 1), more numbers are regression."""
    import pyarrow as pa

    values = table[target].combine_chunks()
    values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    known = sorted({word for word in text_of(values).to_pylist() if word is not None})
    if not known:
        raise DataError(f"the target {target!r} has no value in any row", where="--target", fix="name the column that is to be predicted")
    if len(known) == 1:
        what = f"the target {target!r} has one value only, {known[0]!r}: nothing to learn"
        raise DataError(what, where="--target", fix="two classes, or numbers that differ")
    if len(known) == 2:
        return "classification", None if known == ["0", "1"] or pa.types.is_boolean(values.type) else _positive(known, text_of(values).to_pylist())
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
        return "regression", None
    raise DataError(f"the target {target!r} has {len(known)} different texts; two classes or a number are needed", where="--target", fix="make a 0/1 column")


def _positive(known: list[str], values: list[str | None]) -> str:
    """The word that sounds like yes, else the rarer one."""
    named = [word for word in known if word.lower() in YES]
    return named[0] if len(named) == 1 else min(known, key=lambda word: (values.count(word), word))


def _windows(times: pd.Series[pd.Timestamp], size: str | None) -> tuple[tuple[Window, ...], str]:
    """The closed windows of the table: as asked, else the longest of month, week, day that gives at least four."""
    from keepfit.tables.windows import count_windows, windows_covering

    start, end = times.min().to_pydatetime(), times.max().to_pydatetime()
    if size is not None and size.endswith("rows"):
        windows = count_windows(size, len(times))
    else:
        tried = {name: windows_covering(name, start, end) for name in ([size] if size else ["month", "week", "day"])}
        size = size or next((name for name, found in tried.items() if len(found) >= 4), "day")
        windows = tried[size]
    if len(windows) < 2:
        raise DataError(
            f"{start:%Y-%m-%d} to {end:%Y-%m-%d} closes {len(windows)} windows of {size!r}; a first model needs one, and monitoring another",
            where="--window",
            fix="a smaller window: week, day or '500 rows'",
        )
    return tuple(windows), size


def _rows_in(windows: tuple[Window, ...], frame: pd.DataFrame, asked: Asked) -> list[int]:
    labelled = frame[frame[asked.target].notna()][asked.time]
    if windows[0].start is None:
        return [(window.last_row or 0) - (window.first_row or 0) for window in windows]
    return [int(((labelled >= window.start) & (labelled < window.end)).sum()) for window in windows]


def _first_end(windows: tuple[Window, ...], counts: list[int], times: pd.Series[pd.Timestamp]) -> datetime:
    """The end of the earliest windows that hold a third of the labelled rows, leaving at least one window to live through."""
    enough = sum(counts) / FIRST_SHARE
    last = next((at for at in range(len(windows) - 1) if sum(counts[: at + 1]) >= enough), len(windows) - 2)
    return _end(windows[last], times)


def _as_of(asked: datetime | None, windows: tuple[Window, ...], counts: list[int], times: pd.Series[pd.Timestamp]) -> datetime:
    """The end of the last window with labels that is closed by the date that was asked for, else the guess."""
    if asked is None:
        return _first_end(windows, counts, times)
    ends = [_end(window, times) for window, count in zip(windows, counts, strict=True) if count]
    closed = [end for end in ends if end <= asked]
    if not closed:
        first = f"; the first one ends on {ends[0]:%Y-%m-%d %H:%M}" if ends else ""
        raise DataError(f"no window with labels is closed by {asked:%Y-%m-%d}{first}", where="--as-of", fix="a later date, or a smaller --window")
    return closed[-1]


def _end(window: Window, times: pd.Series[pd.Timestamp]) -> datetime:
    """When a window ends; a count window just after its last row."""
    if window.end is not None:
        return window.end
    newest: datetime = times.sort_values().iloc[(window.last_row or 1) - 1].to_pydatetime()
    return newest + timedelta(microseconds=1)


def _id_column(frame: pd.DataFrame, asked: Asked) -> str | None:
    """A column named like an id whose values are all there and all different."""
    names = [name for name in frame.columns if ID_NAME.match(name) and name not in {asked.time, asked.target}]
    return next((name for name in names if frame[name].notna().all() and frame[name].is_unique), None)


def _features(frame: pd.DataFrame, taken: set[str]) -> tuple[dict[str, FeatureKind], dict[str, str]]:
    """Sort the other columns into numeric and categorical features, or leave them out with the reason."""
    features: dict[str, FeatureKind] = {}
    left_out: dict[str, str] = {}
    for name in frame.columns:
        if name in taken:
            continue
        reason = _useless(str(name), frame[name])
        if reason:
            left_out[name] = reason
        else:
            features[name] = _kind(frame[name])
    if not features:
        raise DataError("no column is left to learn from", where="--data", fix="columns that differ from row to row, beside time, target and ids")
    return features, left_out


def _useless(name: str, column: pd.Series[float]) -> str | None:
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_float_dtype, is_numeric_dtype

    if name in OWN_NAMES:
        return f"keepfit watches {OWN_NAMES[name]} under this name; rename it to make it a feature"
    distinct, known = column.nunique(), int(column.notna().sum())
    if distinct <= 1:
        return "always the same"
    if is_datetime64_any_dtype(column):
        return "a time"
    if is_bool_dtype(column):
        return None
    if distinct == known and (ID_NAME.match(name) or not is_float_dtype(column)) and known > max(SLICE_VALUES):
        return "different in every row: an id"
    if ID_NAME.match(name) and not is_float_dtype(column):
        return "named like an id"
    if not is_numeric_dtype(column) and distinct > MANY_DISTINCT * known:
        return "different in most rows: an id or free text"
    return None


def _kind(column: pd.Series[float]) -> FeatureKind:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return "numeric" if is_numeric_dtype(column) and not is_bool_dtype(column) else "categorical"
