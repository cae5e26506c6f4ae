"""Features from tables of their own (`data.features_from`): each row gets what was known of its keys at its time, and nothing that came later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.errors import DataError, KeepfitError
from keepfit.flows.project import Project
from keepfit.flows.rows.queries import Query
from keepfit.flows.rows.row_files import read_all
from keepfit.params.row_source import FeatureTableParams, SqlParams
from keepfit.tables.by_time import span_of
from keepfit.tables.columns import require_columns
from keepfit.tables.contradictions import contradicting
from keepfit.tables.features import taken_apart, with_numbers
from keepfit.tables.held_features import beside, held, key_columns, without_time
from keepfit.tables.targets import number_names
from keepfit.tables.times import moments

if TYPE_CHECKING:
    import pyarrow as pa

Told = list[str] | None


def with_feature_tables(project: Project, rows: pa.Table, remarks: Told = None) -> pa.Table:
    """Return rows with naive times and, beside them, the columns of each table; NULL where it has no row that is not later.

    `remarks` gets a sentence of each table that has something to tell. Raises `DataError` for a table that cannot be read, a column that both
    have, and rows of one key and time that contradict each other; `UnknownNameError` for a column that is not there.
    """
    for name, asked in project.params.data.features_from.items():
        rows, sentence = FeatureTable(project=project, name=name, asked=asked).joined(rows)
        if sentence and remarks is not None:
            remarks.append(sentence)
    return rows


@dataclass(frozen=True, kw_only=True)
class FeatureTable:
    """One table of `data.features_from`."""

    project: Project
    name: str
    asked: FeatureTableParams

    @property
    def where(self) -> str:
        """Its place in params.yaml."""
        return f"params.yaml: data.features_from.{self.name}"

    def joined(self, rows: pa.Table) -> tuple[pa.Table, str]:
        """Return the rows with what the table says of them, and what there is to tell of it ("" for nothing)."""
        from keepfit.integrations.duckdb.as_of import newest_not_later

        asked, data = self.asked, self.project.params.data
        require_columns(rows, asked.keys, where=f"{self.where}.keys")
        table = self._read(rows)
        names = self._brought(table, rows)
        at = moments(rows, data.time, timezone=data.timezone)
        since = self._moments(table)
        own, known = key_columns(rows, asked.keys, at), key_columns(table, asked.keys, since, rank=asked.order)
        found = newest_not_later(own, known, keys=asked.keys)
        self._require_agreement(table, contradicting(table.select(names), found.pairs))
        places = held(found.places, at, since, hours=asked.max_age_hours)
        brought, _ = taken_apart(with_numbers(table.select(names), [name for name in number_names(self.project.params) if name in names]))
        counts = (found.superseded, found.pairs.num_rows, without_time(since))
        return beside(rows, brought, places), self._sentence(rows.num_rows, places.null_count, counts)

    def _read(self, rows: pa.Table) -> pa.Table:
        """The table; of a query those rows that may hold for one of these."""
        from datetime import timedelta

        from keepfit.integrations.tables import read_table

        source, asked = self.asked.source, self.asked
        if isinstance(source, SqlParams):
            span = span_of(rows, self.project.params.data.time)
            first, last = (None, None) if span is None else span
            start = None if first is None or asked.max_age_hours is None else first - timedelta(hours=asked.max_age_hours)
            table, _ = Query(source=source, where=f"{self.where}.source", root=self.project.root).rows_of(asked.time, start, last)
        else:
            table = read_all(self.project.root / source, read_table, where=f"{self.where}.source")
        require_columns(table, [*asked.keys, asked.time, *([asked.order] if asked.order else []), *(asked.columns or ())], where=self.where)
        return table

    def _brought(self, table: pa.Table, rows: pa.Table) -> list[str]:
        """The columns that the rows get; none that they have."""
        own = {*self.asked.keys, self.asked.time, self.asked.order}
        names = list(self.asked.columns) if self.asked.columns is not None else [name for name in table.column_names if name not in own]
        taken = next((name for name in names if name in rows.column_names), None)
        if taken is not None:
            fix = "rename it there, or name the columns to take: columns: [" + ", ".join(name for name in names if name not in rows.column_names)[:120] + "]"
            raise DataError(f"the rows have a column {taken!r} already", where=self.where, fix=fix)
        return names

    def _moments(self, table: pa.Table) -> pa.Array:
        try:
            return moments(table, self.asked.time, timezone=self.project.params.data.timezone, late=True)
        except KeepfitError as bad:
            raise DataError(bad.what, where=f"{self.where}.time", fix=bad.fix) from bad

    def _require_agreement(self, table: pa.Table, pairs: pa.Table) -> None:
        if not pairs.num_rows:
            return
        named = [*self.asked.keys, self.asked.time, *([self.asked.order] if self.asked.order else [])]
        first = table.select(named).slice(pairs["first"][0].as_py(), 1).to_pylist()[0]
        shown = ", ".join(f"{key}={str(value)[:40]}" for key, value in first.items())
        what = (
            f"{pairs.num_rows:,} rows of {self.name} contradict another of the same {'keys, time and order' if self.asked.order else 'keys and time'} ({shown})"
        )
        fix = "order must tell which came last" if self.asked.order else "name the column that says which came last (order: …), or remove the rows"
        raise DataError(what, where=self.where, fix=fix)

    def _sentence(self, rows: int, missing: int, counts: Sequence[int]) -> str:
        """What there is to tell: rows without features, and rows of the table that gave way, repeat others or have no time."""
        old = f", or none of the last {self.asked.max_age_hours:g} hours" if self.asked.max_age_hours is not None else ""
        said = [f"{missing:,} of {rows:,} rows have none of their keys that is not later{old}"] if missing else []
        words = (f"were replaced (a later {self.asked.order})", "repeat another", "have no time")
        said += [f"{count:,} of its rows {word}" for count, word in zip(counts, words, strict=True) if count]
        return f"features of {self.name}: {'; '.join(said)}" if said else ""
