"""What is told of two tables beside their rows: rows by file, labels, slices, the time span; a thin column of each side is read for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from keepfit.integrations.duckdb.connection import quoted
from keepfit.integrations.duckdb.readings import NO_NAN, NUMBER_TEXT, as_time, class_text, kind_of, of
from keepfit.integrations.duckdb.shown_values import value_pairs
from keepfit.integrations.duckdb.stored_tables import StoredTable
from keepfit.integrations.duckdb.table_pair import DiffQuestion, TablePair
from keepfit.records import TimeFeature, TimeFeatures
from keepfit.records.data_diff import FileChange, LabelChange, LabelSpread, RowState, SliceChange, TimeSpan

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CLASSES = 50
SLICES = 100
NONE = "(missing)"


# -- files --------------------------------------------------------------------------------------------------------------


def files_of(connection: DuckDBPyConnection, pair: TablePair) -> tuple[FileChange, ...]:
    """Return each file that is not the same on both sides, by name."""
    rows = [_rows_by_file(connection, side) for side in (pair.before, pair.now)]
    counted = connection.execute("SELECT CASE WHEN state = 'removed' THEN fa ELSE fb END AS f, state, count(*) FROM differing GROUP BY ALL").fetchall()
    changes = {(place, state): count for place, state, count in counted}
    found = []
    for place, name in enumerate(pair.files):
        sides = [name in side.table.files for side in (pair.before, pair.now)]
        state: RowState = "changed" if all(sides) else "added" if sides[1] else "removed"
        added, removed, changed = (changes.get((place, kind), 0) for kind in ("added", "removed", "changed"))
        found.append(FileChange(name=name, state=state, before=rows[0].get(name, 0), now=rows[1].get(name, 0), added=added, removed=removed, changed=changed))
    return tuple(found)


def _rows_by_file(connection: DuckDBPyConnection, side: StoredTable) -> dict[str, int]:
    names = list(side.table.files)
    found = connection.execute(f"SELECT file_index, count(*) FROM {side.rows([], placed=True)} GROUP BY ALL").fetchall()
    return {names[place]: count for place, count in found}


# -- labels -------------------------------------------------------------------------------------------------------------


def labels_of(connection: DuckDBPyConnection, pair: TablePair, question: DiffQuestion) -> LabelChange | None:
    """Return what became of the target; None where there is none, or not on both sides."""
    place = next((place for place, (_, name) in enumerate(pair.names) if name == question.target), None)
    if place is None or question.target is None:
        return None
    differs = f"state = 'changed' AND a{place} IS DISTINCT FROM b{place}"
    asked = f"count(*) FILTER (a{place} IS NULL), count(*) FILTER (b{place} IS NULL), count(*) FILTER (a{place} IS NOT NULL AND b{place} IS NOT NULL)"
    arrived, lost, flipped = connection.execute(f"SELECT {asked} FROM differing WHERE {differs}").fetchone() or (0, 0, 0)
    was, name = pair.names[place]
    names = question.class_names or (None, None)
    told = zip((pair.before, pair.now), (was, name), names, strict=True)
    sides = [_labels(connection, side, column, classes=question.classes, names=its) for side, column, its in told]
    flips = value_pairs(connection, place, kind=pair.readings[place].kind, where=f"{differs} AND a{place} IS NOT NULL AND b{place} IS NOT NULL")
    return LabelChange(
        target=name,
        known_before=sides[0][0],
        known=sides[1][0],
        classes_before=sides[0][1],
        classes=sides[1][1],
        spread_before=sides[0][2],
        spread=sides[1][2],
        arrived=arrived,
        lost=lost,
        flipped=flipped,
        flips=flips if question.classes else (),
    )


def _labels(
    connection: DuckDBPyConnection, side: StoredTable, column: str, *, classes: bool, names: tuple[str, ...] | None
) -> tuple[int, dict[str, int], LabelSpread | None]:
    """How many are known, and their classes (codes by the names that they stand for) or their spread."""
    stored, value = side.columns[column], _known(side, column)
    known = connection.execute(f"SELECT count({value}) FROM {side.everywhere([column])}").fetchone() or (0,)
    if classes or kind_of(stored) != "number":
        coded = names is not None and kind_of(stored) == "number"
        name = of(class_text(names or ()), quoted(column)) if coded else _as_name(side, column)
        counts = f"SELECT {name} AS name, count(*) AS n FROM {side.everywhere([column])} WHERE {value} IS NOT NULL GROUP BY 1"
        return known[0], dict(connection.execute(f"{counts} ORDER BY n DESC, name LIMIT {CLASSES}").fetchall()), None
    points = f"quantile_disc(CAST({value} AS DOUBLE), [0.05, 0.5, 0.95])"
    found = connection.execute(f"SELECT {points} FROM {side.everywhere([column])} WHERE isfinite(CAST({value} AS DOUBLE))").fetchone()
    return known[0], {}, LabelSpread(low=found[0][0], middle=found[0][1], high=found[0][2]) if found and found[0] else None


def _known(side: StoredTable, column: str) -> str:
    return of(NO_NAN, quoted(column)) if side.columns[column] in ("FLOAT", "DOUBLE") else quoted(column)


def _as_name(side: StoredTable, column: str) -> str:
    """A value as slices and classes are named: 3.0 is `3`, as in `slices/masks.py`."""
    stored, value = side.columns[column], quoted(column)
    if stored in ("FLOAT", "DOUBLE"):
        return f"coalesce({of(NUMBER_TEXT, f'({_known(side, column)})')}, '{NONE}')"
    text = f"CASE WHEN {value} THEN 'True' ELSE 'False' END" if stored == "BOOLEAN" else f"CAST({value} AS VARCHAR)"
    return f"CASE WHEN {value} IS NULL THEN '{NONE}' ELSE {text} END"


# -- slices and time ----------------------------------------------------------------------------------------------------


def slices_of(connection: DuckDBPyConnection, pair: TablePair, question: DiffQuestion) -> tuple[SliceChange, ...]:
    """Return the slices whose rows are not as many as before, the largest change first; a column that a side lacks has no slices there."""
    old = {new: was for was, new in pair.names}
    found: list[SliceChange] = []
    for name in question.slices:
        if name in pair.now.columns and old.get(name, name) in pair.before.columns:
            found += _changed_sizes(connection, name, _sizes(pair.before, old.get(name, name)), _sizes(pair.now, name))
        elif question.derived is not None and name in question.derived.names:
            found += _derived_changes(connection, pair, name, question.derived)
    return tuple(sorted(found, key=lambda one: (-abs(one.now - one.before), one.slice))[:SLICES])


def _changed_sizes(connection: DuckDBPyConnection, name: str, before: str, now: str) -> list[SliceChange]:
    both = f"SELECT coalesce(b.name, a.name), coalesce(a.n, 0) AS a, coalesce(b.n, 0) AS b FROM ({before}) a FULL JOIN ({now}) b ON a.name = b.name"
    rows = connection.execute(f"SELECT * FROM ({both}) WHERE a <> b ORDER BY abs(b - a) DESC, 1 LIMIT {SLICES}").fetchall()
    return [SliceChange(slice=f"{name}={str(value)[:120]}", before=was, now=n) for value, was, n in rows]


def _derived_changes(connection: DuckDBPyConnection, pair: TablePair, name: TimeFeature, derived: TimeFeatures) -> list[SliceChange]:
    """The slices of a time feature: rows are counted by hour (or minute), and the feature is read off those."""
    column = {new: was for was, new in pair.names}.get(derived.column, derived.column)
    before, now = _derived_sizes(connection, pair.before, column, name), _derived_sizes(connection, pair.now, derived.column, name)
    return [SliceChange(slice=f"{name}={value}", before=before[value], now=now[value]) for value in {**before, **now} if before[value] != now[value]]


def _derived_sizes(connection: DuckDBPyConnection, side: StoredTable, column: str, name: TimeFeature) -> Counter[str]:
    if kind_of(side.columns.get(column, "NULL")) not in ("time", "text"):
        return Counter()
    import pyarrow as pa

    from keepfit.tables.time_features import DERIVED

    unit, time = "minute" if name == "minute_of_day" else "hour", of(as_time(side.columns[column]), quoted(column))
    found = connection.execute(f"SELECT date_trunc('{unit}', {time}), count(*) FROM {side.everywhere([column])} GROUP BY 1").fetchall()
    values = DERIVED[name](pa.chunked_array([pa.array([moment for moment, _ in found], pa.timestamp("us"))]))
    sizes: Counter[str] = Counter()
    for value, (_, count) in zip(values.to_pylist(), found, strict=True):
        sizes[NONE if value is None else str(value)] += count
    return sizes


def _sizes(side: StoredTable, column: str) -> str:
    return f"SELECT {_as_name(side, column)} AS name, count(*) AS n FROM {side.everywhere([column])} GROUP BY 1"


def spans_of(connection: DuckDBPyConnection, pair: TablePair, question: DiffQuestion) -> tuple[TimeSpan | None, TimeSpan | None]:
    """Return the first and the last time of each side; None where it has none."""
    if question.time is None:
        return None, None
    old = {new: was for was, new in pair.names}
    sides = ((pair.before, old.get(question.time, question.time)), (pair.now, question.time))
    first, second = (_span(connection, side, name) for side, name in sides)
    return first, second


def _span(connection: DuckDBPyConnection, side: StoredTable, column: str) -> TimeSpan | None:
    if kind_of(side.columns.get(column, "NULL")) not in ("time", "text"):
        return None
    time = of(as_time(side.columns[column]), quoted(column))
    first, last = connection.execute(f"SELECT min({time}), max({time}) FROM {side.everywhere([column])}").fetchone() or (None, None)
    return None if first is None else TimeSpan(first=first, last=last)
