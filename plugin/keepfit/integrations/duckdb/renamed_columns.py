"""Columns that have another name now: one of each side alone, of one kind, whose values are the same in nearly all rows of both.

Asked of a sample of the keys. Blind to columns renamed and changed in more than one row in twenty, and, of more than 20 on a side, to the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from keepfit.integrations.duckdb.connection import quoted
from keepfit.integrations.duckdb.readings import of, reading_of
from keepfit.integrations.duckdb.stored_tables import StoredTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST = 20
SAMPLE = 20_000
ALIKE = 0.95


def renamed(
    connection: DuckDBPyConnection, before: StoredTable, now: StoredTable, *, key: Sequence[str], lone: tuple[Sequence[str], Sequence[str]]
) -> dict[str, str]:
    """Return the new name by the old one; the most alike first, ties in the order of the columns."""
    pairs = [(was, name) for was in lone[0][:MOST] for name in lone[1][:MOST] if _may_be(before.columns[was], now.columns[name])]
    if not pairs:
        return {}
    found: dict[str, str] = {}
    for _, was, name in sorted(_alike(connection, before, now, key=key, pairs=pairs), key=lambda one: -one[0]):
        if was not in found and name not in found.values():
            found[was] = name
    return found


def _may_be(before: str, now: str) -> bool:
    return before == now or reading_of(before, now).kind != "other"


def _alike(
    connection: DuckDBPyConnection, before: StoredTable, now: StoredTable, *, key: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> list[tuple[float, str, str]]:
    """The share of the rows with a value on either side that have the same on both, of pairs that are alike."""
    readings = [reading_of(before.columns[was], now.columns[name]) for was, name in pairs]
    olds, news = list(dict.fromkeys(was for was, _ in pairs)), list(dict.fromkeys(name for _, name in pairs))
    keys = [reading_of(before.columns[name], now.columns[name]) for name in key]
    asked = []
    for (was, name), reading in zip(pairs, readings, strict=True):
        old, new = of(reading.before, f"a.o{olds.index(was)}"), of(reading.now, f"b.n{news.index(name)}")
        old, new = of(reading.settled, f"({old})"), of(reading.settled, f"({new})")
        asked.append(f"count(*) FILTER (({old}) IS NOT NULL OR ({new}) IS NOT NULL), count(*) FILTER (({old}) = ({new}))")
    sides = [
        _sampled(before, key, [of(one.before, quoted(name)) for name, one in zip(key, keys, strict=True)], olds, "o", rows=_rows(connection, before)),
        _sampled(now, key, [of(one.now, quoted(name)) for name, one in zip(key, keys, strict=True)], news, "n", rows=_rows(connection, before)),
    ]
    match = " AND ".join(f"a.k{place} = b.k{place}" for place in range(len(key)))
    counts = connection.execute(f"SELECT {', '.join(asked)} FROM {sides[0]} a JOIN {sides[1]} b ON {match}").fetchone() or ()
    shares = [(counts[2 * place + 1] / counts[2 * place] if counts[2 * place] else 0.0) for place in range(len(pairs))]
    return [(share, was, name) for share, (was, name) in zip(shares, pairs, strict=True) if share >= ALIKE]


def _rows(connection: DuckDBPyConnection, side: StoredTable) -> int:
    return int((connection.execute(f"SELECT count(*) FROM {side.rows([])}").fetchone() or (0,))[0])


def _sampled(side: StoredTable, key: Sequence[str], keys: Sequence[str], columns: Sequence[str], letter: str, *, rows: int) -> str:
    """A side's rows of one key in so many that about `SAMPLE` rows are left, each key once."""
    values = [f"{sql} AS k{place}" for place, sql in enumerate(keys)]
    shown = [f"any_value({quoted(name)}) AS {letter}{place}" for place, name in enumerate(columns)]
    chosen = f"hash({', '.join(f'CAST(k{place} AS VARCHAR)' for place in range(len(keys)))}) % {max(1, rows // SAMPLE)} = 0"
    named = ", ".join(f"k{place}" for place in range(len(keys)))
    inner = f"SELECT {', '.join([*values, *map(quoted, columns)])} FROM {side.rows([*key, *columns])}"
    return f"(SELECT {named}, {', '.join(shown)} FROM ({inner}) WHERE {chosen} GROUP BY {named} HAVING count(*) = 1)"
