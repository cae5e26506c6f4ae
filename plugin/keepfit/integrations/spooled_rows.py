"""Rows that come once, as a stream: in memory while they are few, else in a temporary file, so that they can be read again in memory that does not grow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, TYPE_CHECKING

from keepfit.errors import DataError, out_of_space
from keepfit.tables.plain import plain

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.batches import Rows


class SpooledRows:
    """The batches of a temporary Arrow file, which is gone when nobody holds these rows any more (on Unix its name is gone at once)."""

    columns_at_once = 200

    def __init__(self, file: IO[bytes], rows: int) -> None:
        """Take over a file of `rows` rows."""
        self._file, self.rows_at_most = file, rows
        self.schema: pa.Schema = self._opened().schema

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in their order, a batch as it came at a time."""
        import pyarrow as pa

        opened = self._opened(columns)
        for place in range(opened.num_record_batches):
            yield pa.Table.from_batches([opened.get_batch(place)]).select(list(columns))

    def _opened(self, columns: Sequence[str] | None = None) -> pa.ipc.RecordBatchFileReader:
        import pyarrow as pa

        self._file.seek(0)
        fields = None if columns is None else [self.schema.get_field_index(name) for name in columns]
        return pa.ipc.open_file(pa.PythonFile(self._file, "r"), options=pa.ipc.IpcReadOptions(included_fields=fields))


def spooled(stream: pa.RecordBatchReader, *, side: str, in_memory: int) -> Rows | pa.Table:
    """Return all rows of a stream: as a table while they take no more than so many bytes, else in a file in the folder for temporary files.

    `side` names the table, for the sentence where the disk is full (`DataError`).
    """
    import pyarrow as pa

    kept, size = [], 0
    for batch in stream:
        kept.append(batch)
        size += batch.nbytes
        if size > in_memory:
            break
    else:
        return pa.Table.from_batches(kept, stream.schema)
    file = tempfile.TemporaryFile(prefix="keepfit-")  # noqa: SIM115 - the rows keep it open
    try:
        return SpooledRows(file, _written(file, kept, stream))
    except OSError as bad:
        file.close()
        if out_of_space(bad):
            raise DataError(f"the disk is full: {side} is kept there to be read again", where=side, fix="make room, or set TMPDIR to a larger disk") from bad
        raise


def _written(file: IO[bytes], kept: list[pa.RecordBatch], stream: pa.RecordBatchReader) -> int:
    """Write what was kept, then the rest of the stream, batch by batch; return how many rows."""
    import pyarrow as pa

    rows, schema = 0, plain(pa.Table.from_batches(kept[:1]), extensions=False).schema.remove_metadata()
    with pa.ipc.new_file(pa.PythonFile(file, "w"), schema) as out:
        for batch in chain(kept, stream):
            out.write_table(plain(pa.Table.from_batches([batch]), extensions=False).replace_schema_metadata(None))
            rows += batch.num_rows
    return rows
