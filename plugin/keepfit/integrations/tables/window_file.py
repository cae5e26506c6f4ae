"""One window's rows in a Parquet file, read column by column or piece by piece (`compose/sources.py: WideRows`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.tables.plain import plain
from keepfit.tables.unreadable import notes_of

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

BUFFER = 1 << 16  # bytes of a column that are read at a time


class WindowFile:
    """The rows of a file that ingest left; any trouble with it is one `DataError` naming it."""

    def __init__(self, path: Path, *, without: Collection[str] = ()) -> None:
        self.path, self._without = path, frozenset(without)

    @cached_property
    def schema(self) -> pa.Schema:
        """Names and types of the columns, as `read_table` would give them, with what is noted of the rows."""
        import pyarrow as pa

        whole = self._file().schema_arrow
        there = pa.schema([field for field in whole if field.name not in self._without], metadata=whole.metadata)
        return self._told(pa.Table.from_batches([], there)).schema

    @cached_property
    def num_rows(self) -> int:
        """How many rows there are."""
        return int(self._file().metadata.num_rows)

    def select(self, columns: list[str]) -> pa.Table:
        """Return these columns of all rows."""
        import pyarrow as pa

        try:
            return self._told(self._file().read(columns=columns).select(columns))
        except (pa.ArrowException, OSError) as bad:
            raise self._unreadable(bad) from bad

    def drop_columns(self, columns: list[str]) -> WindowFile:
        """Return the rows without these columns."""
        return WindowFile(self.path, without=self._without.union(columns))

    def to_reader(self, max_chunksize: int | None = None) -> pa.RecordBatchReader:
        """Return what reads all columns of all rows in their order, at most so many rows at a time."""
        import pyarrow as pa

        return pa.RecordBatchReader.from_batches(self.schema, self._batches(max_chunksize or 1 << 16))

    def _batches(self, size: int) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        try:
            for batch in self._file().iter_batches(batch_size=size, columns=self.schema.names):
                yield from self._told(pa.Table.from_batches([batch])).to_batches()
        except (pa.ArrowException, OSError) as bad:
            raise self._unreadable(bad) from bad

    def _file(self) -> parquet.ParquetFile:
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return parquet.ParquetFile(self.path, buffer_size=BUFFER, pre_buffer=False)
        except (pa.ArrowException, OSError) as bad:
            raise self._unreadable(bad) from bad

    def _told(self, table: pa.Table) -> pa.Table:
        return plain(table.replace_schema_metadata(notes_of(table)))

    def _unreadable(self, bad: BaseException) -> DataError:
        line = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
        return DataError(f"{self.path.name} is not readable Parquet: {line}", where=str(self.path), fix="write the file again, or dvc pull")
