"""Two states of a table, row by row: which rows came, went and changed, in one full join that spills to disk.

Rows are matched by their key. Rows whose key is there twice on a side, or missing, and tables without a key are compared whole: as many rows as
are alike on both sides are the same, the others came or went. What differs is kept in a temporary table `differing`, one row each, and all that is
told is counted there (`differing_rows.py`), so that the cost beyond the join grows with what differs. Counts and points come without sums of floats:
the same whatever the threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.integrations.duckdb.connection import connected, interruptible
from keepfit.integrations.duckdb.differing_rows import number_of, told
from keepfit.integrations.duckdb.readings import ColumnReading, class_reading, kind_of, reading_of
from keepfit.integrations.duckdb.renamed_columns import renamed
from keepfit.integrations.duckdb.shown_values import cell
from keepfit.integrations.duckdb.stored_tables import StoredTable, TableFiles, stored_table
from keepfit.integrations.duckdb.table_pair import DiffQuestion, TablePair
from keepfit.records.data_diff import DataDiff, RepeatedKeys

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EXAMPLES = 5


def diff_tables(before: TableFiles, now: TableFiles, question: DiffQuestion, *, threads: int | None = None) -> DataDiff:
    """Return what changed from one state to the other; raises `UnknownNameError` for a key that a side lacks, `DataError` for files that cannot be read."""
    with connected(threads=threads) as connection:
        return interruptible(connection, lambda: _diff(connection, before, now, question))


def _diff(connection: DuckDBPyConnection, before: TableFiles, now: TableFiles, question: DiffQuestion) -> DataDiff:
    sides = stored_table(connection, before), stored_table(connection, now)
    _require(sides, question)
    pair = _paired(connection, *sides, question)
    repeated = _differing(connection, pair) if question.key else None
    if not question.key or repeated is not None:
        _compare_whole(connection, pair, repeated_only=bool(question.key))
    return told(connection, pair, question, repeated)


def _differing(connection: DuckDBPyConnection, pair: TablePair) -> RepeatedKeys | None:
    """Make `differing` of the rows whose key tells them apart, and `repeated` of the keys that do not; None where there are no such keys."""
    if _tells_apart(connection, pair):
        _join(connection, pair, keyed_only=False)
        if _joined_once(connection, pair):
            return None
        connection.execute("DROP TABLE differing")
    repeated = _repeated(connection, pair)
    _join(connection, pair, keyed_only=True)
    return repeated


def _require(sides: tuple[StoredTable, StoredTable], question: DiffQuestion) -> None:
    """Raise `UnknownNameError` for a key that a side lacks, and for any other column that somebody typed and neither side has.

    Raises `DataError` for two tables without a key or a column in common: whole rows could not be told from one another.
    """
    for side in sides:
        for name in question.key if side.columns else ():
            if name not in side.columns:
                raise UnknownNameError("column", name, known=side.columns, where=f"the key, in {side.table.name}")
    known = {*sides[0].columns, *sides[1].columns}
    for other in (question.target, question.time, *question.slices) if question.typed else ():
        if other is not None and other not in known:
            raise UnknownNameError("column", other, known=known, where=f"{sides[0].table.name}, {sides[1].table.name}")
    if not question.key and all(side.columns for side in sides) and not sides[0].columns.keys() & sides[1].columns.keys():
        raise DataError("the tables share no column", where=f"{sides[0].table.name}, {sides[1].table.name}", fix="compare two states of one table")


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
    readings = tuple(_reading(question, name, before.columns[was], now.columns[name]) for was, name in names)
    keys = tuple(reading_of(before.columns[name], now.columns[name]) for name in question.key)
    return TablePair(
        before=before, now=now, key=question.key, keys=keys, names=tuple(names), readings=readings, kept=_kept(question, names), by_file=question.by_file
    )


def _reading(question: DiffQuestion, name: str, before: str, now: str) -> ColumnReading:
    """How a column is compared: a target of many classes by what its codes stand for."""
    if name == question.target and question.class_names is not None and kind_of(before) == kind_of(now) == "number":
        return class_reading(*question.class_names)
    return reading_of(before, now)


def _kept(question: DiffQuestion, names: Sequence[tuple[str, str]]) -> frozenset[int]:
    """The columns whose values are kept of rows that one side lacks: those that are told of, and the first few for the examples."""
    wanted = {question.target, question.time, *question.slices}
    told_of = {place for place, (_, name) in enumerate(names) if name in wanted}
    return frozenset(told_of | set(range(min(EXAMPLES, len(names)))))


# -- keys that repeat ---------------------------------------------------------------------------------------------------


def _tells_apart(connection: DuckDBPyConnection, pair: TablePair) -> bool:
    """Whether every row before has a key of its own."""
    keys = ", ".join(f"k{place}" for place in range(len(pair.key)))
    counted = f"count(*), count(*) FILTER ({pair.has_key}), count(DISTINCT {f'({keys})' if len(pair.key) > 1 else keys})"
    counts = connection.execute(f"SELECT {counted} FROM {pair.side(0, columns=())}").fetchone() or ()
    return len(set(counts)) == 1


def _joined_once(connection: DuckDBPyConnection, pair: TablePair) -> bool:
    """Whether every row now has a key of its own too, given that those before have: as many rows of either side have found one of the other's.

    It spares the count of the second side's keys.
    """
    found = dict(connection.execute("SELECT state, count(*) FROM differing GROUP BY state").fetchall())
    matched = [number_of(connection, pair.side(side, columns=())) - found.get(state, 0) for side, state in ((0, "removed"), (1, "added"))]
    came = f"SELECT 1 FROM differing WHERE state = 'added' GROUP BY {', '.join(f'k{place}' for place in range(len(pair.key)))} HAVING count(*) > 1"
    return matched[0] == matched[1] and not connection.execute(f"({came}) UNION ALL (SELECT 1 FROM differing WHERE NOT ({pair.has_key})) LIMIT 1").fetchall()


def _repeated(connection: DuckDBPyConnection, pair: TablePair) -> RepeatedKeys:
    """Put the keys that a side has more than once into the table `repeated`."""
    keys = ", ".join(f"k{place}" for place in range(len(pair.key)))
    for number, made in enumerate(("CREATE TEMP TABLE repeated AS", "INSERT INTO repeated")):
        grouped = f"FROM {pair.side(number, columns=())} WHERE {pair.has_key} GROUP BY {keys} HAVING count(*) > 1"
        connection.execute(f"{made} SELECT {keys}, {number} AS side {grouped}")
    return _told_repeated(connection, pair)


def _told_repeated(connection: DuckDBPyConnection, pair: TablePair) -> RepeatedKeys:
    found = dict(connection.execute("SELECT side, count(*) FROM repeated GROUP BY side").fetchall())
    named = connection.execute(f"SELECT DISTINCT {pair.key_text} AS key FROM repeated ORDER BY key LIMIT {EXAMPLES}").fetchall()
    rows = sum(number_of(connection, pair.side(number, columns=(), among="not told apart")) for number in (0, 1))
    return RepeatedKeys(before=found.get(0, 0), now=found.get(1, 0), rows=rows, examples=tuple(str(cell(key)) for (key,) in named))


# -- the join -----------------------------------------------------------------------------------------------------------


def _join(connection: DuckDBPyConnection, pair: TablePair, *, keyed_only: bool) -> None:
    """Make `differing` of the rows whose key tells them apart."""
    sides = [pair.side(number, columns=range(len(pair.names)), among="told apart" if keyed_only else "all") for number in (0, 1)]
    match = " AND ".join(f"a.k{place} = b.k{place}" for place in range(len(pair.key)))
    moved = " OR fa IS DISTINCT FROM fb" if pair.by_file else ""
    joined = pair.joined(sides, how="FULL JOIN", on=match)
    connection.execute(f"CREATE TEMP TABLE differing AS SELECT {pair.kept_columns()} FROM {joined} WHERE {pair.lone} OR {pair.differs}{moved}")


def _compare_whole(connection: DuckDBPyConnection, pair: TablePair, *, repeated_only: bool) -> None:
    """Add the rows that are compared whole to `differing`, or make it of them."""
    if not repeated_only:
        empty = [pair.side(number, columns=range(len(pair.names))) for number in (0, 1)]
        connection.execute(f"CREATE TEMP TABLE differing AS SELECT {pair.kept_columns()} FROM {pair.joined(empty, how='JOIN', on='false')}")
    values = [f"k{place}" for place in range(len(pair.key))] + [f"c{place}" for place in range(len(pair.names))]
    if not values:
        return
    sides = [pair.whole(number, repeated_only=repeated_only) for number in (0, 1)]
    for number, state in ((0, "removed"), (1, "added")):
        rows = f"SELECT {', '.join(values)} FROM {sides[number]} EXCEPT ALL SELECT {', '.join(values)} FROM {sides[1 - number]}"
        keys = [f"k{place}" for place in range(len(pair.key))]
        mine = [f"c{place} AS {'ab'[number]}{place}" for place in range(len(pair.names))]
        connection.execute(f"INSERT INTO differing BY NAME SELECT '{state}' AS state, {', '.join([*keys, *mine])} FROM ({rows})")
