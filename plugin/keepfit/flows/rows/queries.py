"""The rows of a query (`data.live: {sql: …}`) as one table, and those of a period alone where the database can tell them apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.flows.rows.one_state import one_state

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.params.row_source import SqlParams


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query of params.yaml: what it says, `where` it stands, and the project's `root` (a relative SQLite file lies below it)."""

    source: SqlParams
    where: str
    root: Path

    @property
    def text(self) -> str:
        """The statement; raises `ParamsError` where it is more than one query, or does anything but read."""
        from keepfit.integrations.sql.statement import one_select

        return one_select(self.source.sql, where=f"{self.where}.sql")

    def rows(self) -> pa.Table:
        """Return all rows; raises `DataError` for whatever the database answers instead."""
        with one_state() as states:
            asked = self.source.url_env, self.text
            if asked not in states.whole:
                states.whole[asked] = self._stacked(list(states.of(self.source, where=self.where, root=self.root).batches(self.text)))
            return states.whole[asked]

    def rows_of(self, time: str, start: datetime | None, end: datetime | None) -> tuple[pa.Table, int]:
        """Return the rows whose `time` may lie in `[start, end)`, at most, and how many have no time that were not read.

        Raises `DataError` for a query that returns no rows whatever the period, `UnknownNameError` without the column.
        """
        from keepfit.integrations.sql.snapshot import Period

        with one_state() as states:
            state = states.of(self.source, where=self.where, root=self.root)
            table = self._stacked(list(state.batches(self.text, period=Period(time, start, end))))
            if time not in table.column_names:
                raise UnknownNameError("column", time, known=table.column_names, where=f"{self.where}.sql: data.time")
            if not table.num_rows and state.is_empty(self.text):
                raise DataError("the query returns no rows", where=f"{self.where}.sql", fix="run it in the database's own shell; another schema, a filter?")
            bounded = start is not None or end is not None
            return table, state.count_without(self.text, time) if bounded and not table[time].null_count else 0

    def _stacked(self, batches: list[pa.Table]) -> pa.Table:
        from keepfit.tables.together import together

        table, misfits = together({f"batch {number}": batch for number, batch in enumerate(batches)})
        if misfits:
            raise DataError(f"the query's {misfits[0].sentence.replace('files', 'rows')}", where=f"{self.where}.sql", fix="CAST the column to one type")
        return table
