"""What is told of the rows that differ: counts by state, file and column, how values changed, labels, slices, examples.

All is sorted and bounded, and no float is added up: the same rows give the same record.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from keepfit.integrations.duckdb.connection import quoted
from keepfit.integrations.duckdb.readings import kind_of, word
from keepfit.integrations.duckdb.stored_tables import StoredTable
from keepfit.integrations.duckdb.table_pair import DiffQuestion, TablePair
from keepfit.records.data_diff import CellChange, CellValue, ColumnChange, DataDiff, FileChange, LoneColumn, RepeatedKeys, RowExample, RowState, ValuePair

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DETAILED = 30
PAIRS = 5
CELLS = 4
TEXT = 120
SAME_FACTOR = 1e-6
FEW = 10
EXAMPLES = 5
STATES: tuple[RowState, ...] = ("changed", "removed", "added")


def told(connection: DuckDBPyConnection, pair: TablePair, question: DiffQuestion, repeated: RepeatedKeys | None) -> DataDiff:
    """Return the record of what is in `differing`."""
    states = dict(connection.execute("SELECT state, count(*) FROM differing GROUP BY state").fetchall())
    rows = [_number(connection, f"SELECT count(*) FROM {side.everywhere([])}") for side in (pair.before, pair.now)]
    changes = _columns(connection, pair, question)
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
        files=_files(connection, pair) if question.by_file else (),
        same_files=len(pair.now.table.same),
        repeated=repeated,
        columns=changes,
        columns_added=_lone(connection, pair.now, [name for name in pair.now.columns if name not in names]),
        columns_removed=_lone(connection, pair.before, [name for name in pair.before.columns if name not in {*names, *was}]),
        examples=_examples(connection, pair),
    )


def _number(connection: DuckDBPyConnection, query: str) -> int:
    return int((connection.execute(query).fetchone() or (0,))[0])


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
    asked = ", ".join(
        f"count(*) FILTER (a{place} IS DISTINCT FROM b{place}), count(*) FILTER (a{place} IS NULL AND b{place} IS NOT NULL), "
        f"count(*) FILTER (a{place} IS NOT NULL AND b{place} IS NULL)"
        for place in range(len(pair.names))
    )
    counts = connection.execute(f"SELECT {asked} FROM differing WHERE state = 'changed'").fetchone() or ()
    return [(counts[3 * place], counts[3 * place + 1], counts[3 * place + 2]) for place in range(len(pair.names))]


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
        change = replace(change, pairs=pairs(connection, place, kind=change.kind, where=f"state = 'changed' AND a{place} IS DISTINCT FROM b{place}"))
    return change


def _moved_by(connection: DuckDBPyConnection, change: ColumnChange, place: int) -> ColumnChange:
    """With the points of now - before."""
    old, new = (f"epoch_us({side}{place}) / 1e6" if change.kind == "time" else f"CAST({side}{place} AS DOUBLE)" for side in "ab")
    asked = "quantile_disc(d, [0.05, 0.5, 0.95]), quantile_disc(q, [0.0, 0.5, 1.0]), count(q)"
    both = f"SELECT {new} - {old} AS d, CASE WHEN {old} <> 0 THEN {new} / {old} END AS q FROM differing WHERE state = 'changed' AND a{place} <> b{place}"
    points, factors, known = connection.execute(f"SELECT {asked} FROM ({both}) WHERE isfinite(d)").fetchone() or (None, None, 0)
    if points is None:
        return change
    low, middle, high = points
    steady = change.kind == "number" and known >= FEW and factors is not None and abs(factors[2] - factors[0]) <= SAME_FACTOR * abs(factors[1])
    return replace(change, low=low, middle=middle, high=high, factor=factors[1] if steady else None)


def pairs(connection: DuckDBPyConnection, place: int, *, kind: str, where: str) -> tuple[ValuePair, ...]:
    """Return the commonest (before, now) of a column in `differing`."""
    shown = [f"left(CAST({side}{place} AS VARCHAR), {TEXT + 1})" if kind in ("text", "other") else f"{side}{place}" for side in "ab"]
    query = f"SELECT {shown[0]} AS old, {shown[1]} AS new, count(*) AS n FROM differing WHERE {where} GROUP BY a{place}, b{place}"
    found = connection.execute(f"{query} ORDER BY n DESC, old NULLS FIRST, new NULLS FIRST LIMIT {PAIRS}").fetchall()
    return tuple(ValuePair(before=cell(old), now=cell(new), rows=n) for old, new, n in found)


def cell(value: object) -> CellValue:
    """Return a value as a record holds it: bounded, without infinity.

    >>> cell(float("inf")), cell(datetime(2026, 1, 1)), cell(b"a")
    ('inf', '2026-01-01 00:00:00', "b'a'")
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    text = value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= TEXT else text[: TEXT - 1] + "…"


# -- files and examples -------------------------------------------------------------------------------------------------


def _files(connection: DuckDBPyConnection, pair: TablePair) -> tuple[FileChange, ...]:
    """Each file that is not the same on both sides, by name."""
    rows = [_rows_by_file(connection, side) for side in (pair.before, pair.now)]
    counted = connection.execute(
        "SELECT coalesce(CASE WHEN state = 'removed' THEN fa ELSE fb END, -1) AS f, state, count(*) FROM differing GROUP BY ALL"
    ).fetchall()
    changes = {(place, state): count for place, state, count in counted}
    found = []
    for place, name in enumerate(pair.files):
        sides = [name in side.table.files for side in (pair.before, pair.now)]
        state: RowState = "changed" if all(sides) else "added" if sides[1] else "removed"
        counts = {kind: changes.get((place, kind), 0) for kind in ("added", "removed", "changed")}
        found.append(FileChange(name=name, state=state, before=rows[0].get(name, 0), now=rows[1].get(name, 0), **counts))
    return tuple(found)


def _rows_by_file(connection: DuckDBPyConnection, side: StoredTable) -> dict[str, int]:
    names = list(side.table.files)
    return {names[place]: count for place, count in connection.execute(f"SELECT file_index, count(*) FROM {side.rows([])} GROUP BY ALL").fetchall()}


def _examples(connection: DuckDBPyConnection, pair: TablePair) -> tuple[RowExample, ...]:
    """Five rows, the first of each state by key: one of each, then changed ones before those that went and came."""
    rows = {state: _rows(connection, pair, state) for state in STATES}
    shares = {state: min(len(rows[state]), 1) for state in STATES}
    for state in STATES:
        shares[state] += min(len(rows[state]) - shares[state], EXAMPLES - sum(shares.values()))
    return tuple(row for state in STATES for row in rows[state][: shares[state]])


def _rows(connection: DuckDBPyConnection, pair: TablePair, state: RowState) -> list[RowExample]:
    shown = [f"{side}{place}" for place in range(len(pair.names)) for side in "ab"]
    shown = [f"left(CAST({one} AS VARCHAR), {TEXT + 1})" if pair.readings[int(one[1:])].kind in ("text", "other") else one for one in shown]
    where = f"'{state}'"
    query = f"SELECT {pair.key_text} AS key, CASE WHEN state = 'removed' THEN fa ELSE fb END, {', '.join(shown) or '1'} FROM differing WHERE state = {where}"
    found = connection.execute(f"{query} ORDER BY ALL LIMIT {EXAMPLES}").fetchall()
    return [_example(pair, state, row) for row in found]


def _example(pair: TablePair, state: RowState, row: Sequence[object]) -> RowExample:
    key, file, *values = row
    cells = []
    for place, (_, name) in enumerate(pair.names):
        old, new = cell(values[2 * place]), cell(values[2 * place + 1])
        if (state == "changed" and old != new) or (state != "changed" and place in pair.kept):
            cells.append(CellChange(column=name, before=old, now=new))
    named = pair.files[file] if isinstance(file, int) else None
    return RowExample(key="" if key is None else str(cell(key)), state=state, file=named, cells=tuple(cells[:CELLS]))
