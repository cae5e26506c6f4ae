"""One state of a database, for all that is read of it: a transaction that only reads, held from the first read to the last.

Rows come in batches, on PostgreSQL from a server-side cursor. Of PostgreSQL and SQLite only the period that is asked for is read; another database's
rows are read whole. Nothing is ever committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, CursorResult

from keepfit.errors import DataError, UnknownNameError
from keepfit.integrations.sql.address import Address
from keepfit.integrations.sql.connecting import connected
from keepfit.integrations.sql.failures import TOO_SLOW, failures
from keepfit.integrations.sql.patience import Patience
from keepfit.integrations.sql.values import column, declared

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 10_000
SLACK = timedelta(days=2)
"""Around the period that is asked for: a zone is at most 14 hours from UTC; what is too much is left out afterwards."""
ISO = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
TIMES = {1082, 1114, 1184}
"""PostgreSQL's date, timestamp, timestamp with time zone."""


@dataclass(frozen=True)
class Period:
    """The rows that are asked for: those whose `column` lies in `[start, end)`; None is open."""

    column: str
    start: datetime | None
    end: datetime | None


@dataclass
class Snapshot:
    """What one database holds at the moment of the first read."""

    address: Address
    patience: Patience
    _open: ExitStack = field(default_factory=ExitStack, init=False)

    def batches(self, query: str, *, period: Period | None = None) -> Iterator[pa.Table]:
        """Yield the query's rows, at least one batch; of a period alone where its column can be asked for, with a few beside it.

        Raises `DataError` for columns that share a name and for whatever the database answers instead, `UnknownNameError` without the period's column.
        """
        with failures(self.address):
            result = self._run(self._within(query, period))
            names, types = self._columns(result), self._types(result)
            yield _table([], names, types)
            while rows := result.fetchmany(BATCH):
                if self.patience.is_over:
                    raise DataError(TOO_SLOW[0], where=self.address.where, fix=TOO_SLOW[1].format(key=self.address.key))
                yield _table(rows, names, types)

    def count_without(self, query: str, name: str) -> int:
        """Return how many of the query's rows have no value in a column."""
        with failures(self.address):
            return int(self._run(f"SELECT count(*) FROM (\n{query}\n) keepfit_rows WHERE {self._quoted(name)} IS NULL").scalar_one())  # noqa: S608 - as below

    def is_empty(self, query: str) -> bool:
        """Whether the query returns no row at all."""
        with failures(self.address):
            return self._run(query).fetchone() is None

    def close(self) -> None:
        """End the transaction and give the connection back."""
        self._open.close()
        self.__dict__.pop("_connection", None)

    def _run(self, sql: str) -> CursorResult[Any]:
        connection = self._connection
        self.patience.begin()
        result: CursorResult[Any] = connection.exec_driver_sql(sql, execution_options={"stream_results": True, "no_parameters": True})
        return result

    def _within(self, query: str, period: Period | None) -> str:
        """The query for the rows of a period, where the database can tell them apart as keepfit does."""
        if period is None or self._kind not in ("postgresql", "sqlite"):
            return query
        result = self._run(f"SELECT * FROM (\n{query}\n) keepfit_rows LIMIT 0")  # noqa: S608 - the query is the user's own, see statement.py
        names, codes = self._columns(result), [one[1] for one in result.cursor.description]
        result.close()
        if period.column not in names:
            raise UnknownNameError("column", period.column, known=names, where=self.address.where)
        if (period.start is None and period.end is None) or (self._kind == "postgresql" and codes[names.index(period.column)] not in TIMES):
            return query
        return f"SELECT * FROM (\n{query}\n) keepfit_rows WHERE {self._bounds(period)}"  # noqa: S608 - likewise

    def _bounds(self, period: Period) -> str:
        """Times of SQLite that are no text, or no ISO 8601, cannot be told apart there: they are read, and sorted out afterwards."""
        name, word = self._quoted(period.column), "TIMESTAMP " if self._kind == "postgresql" else ""
        bounds = [(period.start, ">=", -SLACK), (period.end, "<", SLACK)]
        inside = " AND ".join(f"{name} {sign} {word}'{bound + slack:%Y-%m-%d}'" for bound, sign, slack in bounds if bound is not None)
        if self._kind == "postgresql":
            return inside
        return f"({inside} AND typeof({name}) = 'text') OR typeof({name}) NOT IN ('text', 'null') OR {name} NOT GLOB '{ISO}'"

    def _quoted(self, name: str) -> str:
        return str(self._connection.dialect.identifier_preparer.quote_identifier(name))

    def _columns(self, result: CursorResult[Any]) -> list[str]:
        """The columns' names; SQLite numbers the second of a name in a query within another: `id:1`."""
        names = list(result.keys())
        plain = [name.rpartition(":")[0] if self._kind == "sqlite" and name.rpartition(":")[2].isdigit() else name for name in names]
        seen = Counter(base if base in names else name for name, base in zip(names, plain, strict=True))
        twice = next((name for name, count in seen.items() if count > 1), None)
        if twice is not None:
            raise DataError(f"the query returns two columns named {twice!r}", where=self.address.where, fix="SELECT … AS another_name, or leave one out")
        return names

    def _types(self, result: CursorResult[Any]) -> list[pa.DataType | None]:
        return [declared(one[1], one[4], one[5]) if self._kind == "postgresql" else None for one in result.cursor.description]

    @property
    def _kind(self) -> str:
        return self.address.url.get_backend_name()

    @cached_property
    def _connection(self) -> Connection:
        with failures(self.address, connecting=True):
            return connected(self.address, self.patience, self._open)


def _table(rows: Sequence[Any], names: Sequence[str], types: Sequence[pa.DataType | None]) -> pa.Table:
    import pyarrow as pa

    values = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.Table.from_arrays([column(one, type_) for one, type_ in zip(values, types, strict=True)], names=list(names))
