"""A Parquet file written a block of rows at a time: the same rows give the same bytes, however they came in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 1 << 17  # of a row group


class RowGroups:
    """Writes a file of this schema; texts but the `unique` ones are stored as a dictionary, which numbers that hardly repeat would only swell."""

    def __init__(self, path: Path, schema: pa.Schema, *, unique: Iterable[str] = ()) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        path.parent.mkdir(parents=True, exist_ok=True)
        texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_dictionary(field.type)]
        coded = [name for name in texts if name not in set(unique)]
        plain = not any(pa.types.is_dictionary(field.type) for field in schema)  # codes are read as the text that they stand for
        self._waiting: list[pa.Table] = []
        self._rows = 0
        how = {"compression": "zstd", "compression_level": 1, "version": "2.6", "use_dictionary": coded or False, "store_schema": plain}
        self._writer = parquet.ParquetWriter(path, schema, **how)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if kind is None and self._waiting:
            self._write(self._joined())
        self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Write the next rows."""
        self._waiting.append(rows)
        self._rows += rows.num_rows
        if self._rows >= ROWS:
            whole = self._joined()
            ready = self._rows - self._rows % ROWS
            self._write(whole.slice(0, ready))
            self._rows -= ready
            self._waiting = [whole.slice(ready)] if self._rows else []

    def passed(self, blocks: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Write blocks of rows as they are passed on."""
        for block in blocks:
            self.add(block)
            yield block

    def _joined(self) -> pa.Table:
        import pyarrow as pa

        return pa.concat_tables(self._waiting).combine_chunks()

    def _write(self, rows: pa.Table) -> None:
        if rows.num_rows:
            self._writer.write_table(rows.replace_schema_metadata(self._writer.schema.metadata), row_group_size=ROWS)
