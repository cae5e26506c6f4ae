"""Two states of a table, row by row: which rows came, went and changed, in one full join that spills to disk.

Rows are matched by their key. Rows whose key is there twice on a side, or missing, and tables without a key are compared whole: as many rows as
are alike on both sides are the same, the others came or went. What differs is kept in a temporary table `differing`, one row each, and all that is
told is counted there (`differing_rows.py`), so that the cost beyond the join grows with what differs. Counts and points come without sums of floats:
the same whatever the threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.errors import UnknownNameError
from keepfit.integrations.duckdb.connection import connected
from keepfit.integrations.duckdb.differing_rows import told
from keepfit.integrations.duckdb.readings import reading_of
from keepfit.integrations.duckdb.renamed_columns import renamed
from keepfit.integrations.duckdb.stored_tables import StoredTable, TableFiles, stored_table
from keepfit.integrations.duckdb.table_pair import DiffQuestion, TablePair
from keepfit.records.data_diff import DataDiff, RepeatedKeys

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXAMPLES = 5


def diff_tables(before: TableFiles, now: TableFiles, question: DiffQuestion, *, threads: int | None = None) -> DataDiff:
    """Return what changed from one state to the other; raises `UnknownNameError` for a key that a side lacks, `DataError` for files that cannot be read."""
    with connected(threads=threads) as connection:
        sides = stored_table(connection, before), stored_table(connection, now)
        for side in sides:
            _require(side, question.key)
        pair = _paired(connection, *sides, question)
        repeated = _repeated(connection, pair) if question.key else None
        if question.key:
            _join(connection, pair, keyed_only=repeated is not None)
        if not question.key or repeated is not None:
            _compare_whole(connection, pair, repeated_only=bool(question.key))
        return told(connection, pair, question, repeated)


def _require(side: StoredTable, key: Sequence[str]) -> None:
    for name in key if side.columns else ():
        if name not in side.columns:
            raise UnknownNameError("column", name, known=side.columns, where=f"the key, in {side.table.name}")


def _paired(connection: DuckDBPyConnection, before: StoredTable, now: StoredTable, question: DiffQuestion) -> TablePair:
    """Which columns are compared with which; a side without files has those of the other."""
    if not before.columns or not now.columns:
        whole = now if now.columns else before
        before, now = (StoredTable(table=side.table, columns=whole.columns, read=side.read) for side in (before, now))
    common = [name for name in now.columns if name in before.columns and name not in question.key]
    lone = [[name for name in one.columns if name not in other.columns] for one, other in ((before, now), (now, before))]
    pairs = renamed(connection, before, now, key=question.key, lone=(lone[0], lone[1])) if question.key and lone[0] and lone[1] else {}
    names = [*((name, name) for name in common), *((was, name) for was, name in pairs.items())]
    order = {name: place for place, name in enumerate(now.columns)}
    names.sort(key=lambda pair: order[pair[1]])
    readings = tuple(reading_of(before.columns[was], now.columns[name]) for was, name in names)
    keys = tuple(reading_of(before.columns[name], now.columns[name]) for name in question.key)
    return TablePair(
        before=before, now=now, key=question.key, keys=keys, names=tuple(names), readings=readings, kept=_kept(question, names), by_file=question.by_file
    )


def _kept(question: DiffQuestion, names: Sequence[tuple[str, str]]) -> frozenset[int]:
    """The columns whose values are kept of rows that one side lacks: those that are told of, and the first few for the examples."""
    wanted = {question.target, question.time, *question.slices}
    told_of = {place for place, (_, name) in enumerate(names) if name in wanted}
    return frozenset(told_of | set(range(min(EXAMPLES, len(names)))))


# -- keys that repeat ---------------------------------------------------------------------------------------------------


def _repeated(connection: DuckDBPyConnection, pair: TablePair) -> RepeatedKeys | None:
    """Put the keys that a side has more than once into the table `repeated`; None where there are none and every row has a key."""
    keys = ", ".join(f"k{place}" for place in range(len(pair.key)))
    counts = []
    for number in (0, 1):
        source = pair.side(number, columns=())
        counts.append(connection.execute(f"SELECT count(*), count(DISTINCT {_row(keys)}) FROM {source} WHERE {pair.has_key}").fetchone() or (0, 0))
    rows = [(connection.execute(f"SELECT count(*) FROM {pair.side(number, columns=())}").fetchone() or (0,))[0] for number in (0, 1)]
    if all(known == distinct == total for (known, distinct), total in zip(counts, rows, strict=True)):
        return None
    for number in (0, 1):
        source = pair.side(number, columns=())
        made = "CREATE TEMP TABLE repeated AS" if number == 0 else "INSERT INTO repeated"
        connection.execute(f"{made} SELECT {keys}, {number} AS side, count(*) AS n FROM {source} WHERE {pair.has_key} GROUP BY ALL HAVING count(*) > 1")
    return _told_repeated(connection, pair)


def _told_repeated(connection: DuckDBPyConnection, pair: TablePair) -> RepeatedKeys:
    found = dict(connection.execute("SELECT side, count(*) FROM repeated GROUP BY side").fetchall())
    named = connection.execute(f"SELECT DISTINCT {pair.key_text} AS key FROM repeated ORDER BY key LIMIT {EXAMPLES}").fetchall()
    match = " AND ".join(f"r.k{place} = s.k{place}" for place in range(len(pair.key)))
    rows = 0
    for number in (0, 1):
        held = f"SELECT count(*) FROM {pair.side(number, columns=())} s WHERE NOT ({pair.has_key}) OR EXISTS (SELECT 1 FROM repeated r WHERE {match})"
        rows += (connection.execute(held).fetchone() or (0,))[0]
    return RepeatedKeys(before=found.get(0, 0), now=found.get(1, 0), rows=rows, examples=tuple(str(key) for (key,) in named))


def _row(keys: str) -> str:
    return f"({keys})" if "," in keys else keys


# -- the join -----------------------------------------------------------------------------------------------------------


def _join(connection: DuckDBPyConnection, pair: TablePair, *, keyed_only: bool) -> None:
    """Make `differing` of the rows whose key tells them apart."""
    sides = [pair.side(number, columns=range(len(pair.names)), unique=keyed_only) for number in (0, 1)]
    match = " AND ".join(f"a.k{place} = b.k{place}" for place in range(len(pair.key)))
    differs = " OR ".join(pair.differs(place) for place in range(len(pair.names))) or "false"
    moved = " OR a.f IS DISTINCT FROM b.f" if pair.by_file else ""
    connection.execute(
        f"CREATE TEMP TABLE differing AS SELECT {', '.join(pair.kept_columns())} FROM {sides[0]} a FULL JOIN {sides[1]} b ON {match} "
        f"WHERE a.k0 IS NULL OR b.k0 IS NULL OR {differs}{moved}"
    )


def _compare_whole(connection: DuckDBPyConnection, pair: TablePair, *, repeated_only: bool) -> None:
    """Add the rows that are compared whole to `differing`, or make it of them."""
    if not repeated_only:
        empty = [pair.side(number, columns=range(len(pair.names))) for number in (0, 1)]
        connection.execute(f"CREATE TEMP TABLE differing AS SELECT {', '.join(pair.kept_columns())} FROM {empty[0]} a JOIN {empty[1]} b ON false")
    values = [f"k{place}" for place in range(len(pair.key))] + [f"c{place}" for place in range(len(pair.names))]
    if not values:
        return
    sides = [pair.whole(number, repeated_only=repeated_only) for number in (0, 1)]
    for number, state in ((0, "removed"), (1, "added")):
        rows = f"SELECT {', '.join(values)} FROM {sides[number]} EXCEPT ALL SELECT {', '.join(values)} FROM {sides[1 - number]}"
        keys = [f"k{place}" for place in range(len(pair.key))]
        mine = [f"c{place} AS {'ab'[number]}{place}" for place in range(len(pair.names))]
        connection.execute(f"INSERT INTO differing BY NAME SELECT '{state}' AS state, {', '.join([*keys, *mine])} FROM ({rows})")
