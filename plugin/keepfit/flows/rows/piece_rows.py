"""A piece of a table of Parquet files, read as this process reads the whole table: a Spark worker's part.

Blind to everything but the piece and the table's columns: a worker sees no other file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from keepfit.integrations.streams import ParquetRows
from keepfit.tables.batches import Rows
from keepfit.tables.in_table import in_table
from keepfit.tables.pieces import Piece


@dataclass(frozen=True)
class PieceReader:
    """Gives the rows of pieces, in the columns and types of the table that they were cut from; a value that is sent to workers."""

    schema: pa.Schema

    def __call__(self, piece: Piece) -> Rows:
        """Return the piece's rows; raises `DataError` for a file that cannot be read."""
        return PieceRows(self.schema, piece, ParquetRows(Path(piece.path), piece.groups))


@dataclass(frozen=True)
class PieceRows:
    """The rows of one piece."""

    schema: pa.Schema
    piece: Piece
    file: ParquetRows

    @property
    def rows_at_most(self) -> int:
        """The piece's rows."""
        return self.piece.rows

    @property
    def columns_at_once(self) -> int:
        """As the file is best read."""
        return self.file.columns_at_once

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in the file's order."""
        there = [name for name in columns if name in self.file.schema.names]
        for batch in self.file.batches(there):
            yield in_table(batch, columns, self.schema, parts=self.piece.parts)
