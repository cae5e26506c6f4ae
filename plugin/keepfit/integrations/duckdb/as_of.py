"""Which row of a history holds for a row: the newest of its key that is not later (DuckDB's ASOF join, with what it leaves open decided).

A key with NULL in it matches nothing. Of rows of one key and time the one with the highest rank holds; those of one rank are returned as pairs, for
somebody to say whether they differ: DuckDB takes the one that it saw first. Only keys, times and ranks are held, no other column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.integrations.duckdb.connection import connected, quoted
from keepfit.tables.held_features import RANK, TIME

if TYPE_CHECKING:
    import pyarrow as pa

PLACE = "_place"


@dataclass(frozen=True, kw_only=True)
class Matches:
    """`places`: for each row the place in the history of the row that holds, NULL without one; `superseded` rows of the history gave way to a higher rank.

    `pairs` (`first`, `other`): places of rows that share key, time and rank; the first is the one that holds.
    """

    places: pa.Array
    superseded: int
    pairs: pa.Table


def newest_not_later(rows: pa.Table, history: pa.Table, *, keys: Sequence[str]) -> Matches:
    """Return what holds for rows of (keys, `TIME`) in a history of (keys, `TIME`, `RANK`), times being numbers of one clock; any order of rows will do.

    >>> import pyarrow as pa
    >>> rows = pa.table({"k": ["a", "a", "b", None], TIME: [5, 1, 5, 5]})
    >>> history = pa.table({"k": ["a", "a", None], TIME: [4, 2, 1], RANK: [0, 0, 0]})
    >>> newest_not_later(rows, history, keys=["k"]).places.to_pylist()
    [0, None, None, None]
    """
    names = ", ".join(map(quoted, keys))
    by, known = f"{names}, {TIME}" if keys else TIME, " AND ".join(f"{quoted(key)} IS NOT NULL" for key in (*keys, TIME))
    same = "".join(f"r.{quoted(key)} = h.{quoted(key)} AND " for key in keys)
    with connected() as connection:
        connection.register("given_rows", _placed(rows))
        connection.register("given_history", _placed(history))
        ranked = history[RANK].null_count < history.num_rows
        last = f"QUALIFY rank() OVER (PARTITION BY {by} ORDER BY {RANK} DESC NULLS LAST) = 1" if ranked else ""
        connection.execute(f"CREATE TEMP {'TABLE' if ranked else 'VIEW'} top AS SELECT {by}, {PLACE} FROM given_history WHERE {known} {last}")
        connection.execute(f"CREATE TEMP TABLE held AS SELECT {by}, min({PLACE}) AS {PLACE}, count(*) AS n FROM top GROUP BY ALL")
        count = connection.execute(f"SELECT (SELECT count(*) FROM given_history WHERE {known}) - (SELECT count(*) FROM top)").fetchall()
        pairs = connection.sql(f"""
            SELECT h.{PLACE} AS first, t.{PLACE} AS other FROM top t JOIN (FROM held WHERE n > 1) h ON {same.replace("r.", "t.")} t.{TIME} = h.{TIME}
            WHERE t.{PLACE} <> h.{PLACE} ORDER BY ALL
        """).to_arrow_table()
        found = connection.sql(f"""
            SELECT h.{PLACE} AS place FROM given_rows r ASOF LEFT JOIN held h ON {same} r.{TIME} >= h.{TIME} ORDER BY r.{PLACE}
        """).to_arrow_table()
    return Matches(places=found["place"].combine_chunks(), superseded=count[0][0], pairs=pairs)


def _placed(table: pa.Table) -> pa.Table:
    import pyarrow as pa

    return table.append_column(PLACE, pa.array(range(table.num_rows), pa.int64()))
