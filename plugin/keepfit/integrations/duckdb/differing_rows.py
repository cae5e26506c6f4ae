"""What is told of the rows that differ: counts by state, file and column, how values changed, labels, slices, examples.

All is sorted and bounded, and no float is added up: the same rows give the same record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keepfit.integrations.duckdb.connection import quoted
from keepfit.integrations.duckdb.parts_of_a_table import files_of, labels_of, slices_of, spans_of
from keepfit.integrations.duckdb.readings import kind_of, word
from keepfit.integrations.duckdb.shown_values import examples, value_pairs
from keepfit.integrations.duckdb.stored_tables import StoredTable
from keepfit.integrations.duckdb.table_pair import DiffQuestion, TablePair
from keepfit.records.data_diff import ColumnChange, DataDiff, LoneColumn, RepeatedKeys

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DETAILED = 30
SAME_FACTOR = 1e-6
FEW = 10


def told(connection: DuckDBPyConnection, pair: TablePair, question: DiffQuestion, repeated: RepeatedKeys | None) -> DataDiff:
    """Return the record of what is in `differing`."""
    states = dict(connection.execute("SELECT state, count(*) FROM differing GROUP BY state").fetchall())
    rows = [number_of(connection, side.everywhere([])) for side in (pair.before, pair.now)]
    changes = _columns(connection, pair, question)
    spans = spans_of(connection, pair, question)
    was = {old for old, new in pair.names if old != new}
    names = {new for _, new in pair.names} | set(pair.key)
    return DataDiff(
        what=question.what,
        before=pair.before.table.name,
        now=pair.now.table.name,
        key=question.key,
        made=question.made,
        rows_before=rows[0],
        rows_now=rows[1],
        added=states.get("added", 0),
        removed=states.get("removed", 0),
        changed=states.get("changed", 0),
        moved=states.get("moved", 0),
        files=files_of(connection, pair) if question.by_file else (),
        same_files=len(pair.now.table.same),
        repeated=repeated,
        columns=changes,
        columns_added=_lone(connection, pair.now, [name for name in pair.now.columns if name not in names]),
        columns_removed=_lone(connection, pair.before, [name for name in pair.before.columns if name not in {*names, *was}]),
        labels=labels_of(connection, pair, question),
        slices=slices_of(connection, pair, question),
        span_before=spans[0],
        span=spans[1],
        examples=examples(connection, pair, ties=repeated is not None),
    )


def number_of(connection: DuckDBPyConnection, rows: str) -> int:
    """Return how many rows some SQL gives."""
    return int((connection.execute(f"SELECT count(*) FROM {rows}").fetchone() or (0,))[0])


def _lone(connection: DuckDBPyConnection, side: StoredTable, names: Sequence[str]) -> tuple[LoneColumn, ...]:
    if not names:
        return ()
    counts = connection.execute(f"SELECT {', '.join(f'count({quoted(name)})' for name in names)} FROM {side.everywhere(names)}").fetchone() or ()
    return tuple(LoneColumn(name=name, stored=word(side.columns[name]), known=count) for name, count in zip(names, counts, strict=True))


# -- columns ------------------------------------------------------------------------------------------------------------


def _columns(connection: DuckDBPyConnection, pair: TablePair, question: DiffQuestion) -> tuple[ColumnChange, ...]:
    """Each column whose values, name or storage changed, the most changed first; the first of them with how."""
    counted = [_counted(pair, place, counts) for place, counts in enumerate(_counts(connection, pair))]
    found = [(place, change) for place, change in enumerate(counted) if change.rows or change.was is not None or change.stored != change.stored_before]
    found.sort(key=lambda one: -one[1].rows)
    told_of = [_detailed(connection, change, place, question) if at < DETAILED and change.rows else change for at, (place, change) in enumerate(found)]
    return (*_keys(pair), *told_of)


def _keys(pair: TablePair) -> list[ColumnChange]:
    """Columns of the key that are stored in another way."""
    stored = [(name, pair.before.columns[name], pair.now.columns[name]) for name in pair.key]
    return [ColumnChange(name=name, kind=kind_of(now), stored=word(now), stored_before=word(was), rows=0) for name, was, now in stored if was != now]


def _counts(connection: DuckDBPyConnection, pair: TablePair) -> list[tuple[int, int, int]]:
    """Of each column: rows that changed, that have a value now, and that have none now."""
    if not pair.names:
        return []
    asked = ", ".join(f"count(coalesce(a{place}, b{place})), count(a{place}), count(b{place})" for place in range(len(pair.names)))
    counts = connection.execute(f"SELECT {asked} FROM differing WHERE state = 'changed'").fetchone() or ()
    found = [counts[3 * place : 3 * place + 3] for place in range(len(pair.names))]
    return [(either, either - before, either - now) for either, before, now in found]  # values that do not differ are not kept


def _counted(pair: TablePair, place: int, counts: tuple[int, int, int]) -> ColumnChange:
    was, name = pair.names[place]
    rows, filled, emptied = counts
    return ColumnChange(
        name=name,
        was=was if was != name else None,
        kind=pair.readings[place].kind,
        stored=word(pair.now.columns[name]),
        stored_before=word(pair.before.columns[was]),
        rows=rows,
        filled=filled,
        emptied=emptied,
    )


def _detailed(connection: DuckDBPyConnection, change: ColumnChange, place: int, question: DiffQuestion) -> ColumnChange:
    if change.kind in ("number", "time"):
        change = _moved_by(connection, change, place)
    if change.kind not in ("number", "time") or change.name in question.categories:
        change = replace(change, pairs=value_pairs(connection, place, kind=change.kind, where=f"state = 'changed' AND a{place} IS DISTINCT FROM b{place}"))
    return change


def _moved_by(connection: DuckDBPyConnection, change: ColumnChange, place: int) -> ColumnChange:
    """With the points of now - before."""
    old, new = (f"epoch_us({side}{place}) / 1e6" if change.kind == "time" else f"CAST({side}{place} AS DOUBLE)" for side in "ab")
    asked = f"quantile_disc(d, [0.05, 0.5, 0.95]), quantile_disc(q, [0.0, 0.5, 1.0]), count(q) = count(*) AND count(*) >= {FEW}"
    both = f"SELECT {new} - {old} AS d, CASE WHEN {old} <> 0 THEN {new} / {old} END AS q FROM differing WHERE state = 'changed' AND a{place} <> b{place}"
    points, factors, of_all = connection.execute(f"SELECT {asked} FROM ({both}) WHERE isfinite(d)").fetchone() or (None, None, False)
    if points is None:
        return change
    low, middle, high = points
    steady = change.kind == "number" and of_all and factors is not None and abs(factors[2] - factors[0]) <= SAME_FACTOR * abs(factors[1])
    return replace(change, low=low, middle=middle, high=high, factor=factors[1] if steady else None)
