"""The rows of Parquet files that may lie in a period: the row groups whose times, as the footers tell, are not all before or after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.flows.rows.folder_rows import FolderRows
from keepfit.integrations.streams import ParquetRows
from keepfit.integrations.tables.period import groups_between

if TYPE_CHECKING:
    from keepfit.tables.batches import Rows
    from keepfit.tables.pieces import Piece


@dataclass(frozen=True)
class Pruning:
    """Leaves out what cannot lie in `[start, end)` (None: open) of a column of time; what its footers do not tell of stays."""

    time: str
    start: datetime | None
    end: datetime | None

    def of(self, rows: Rows) -> Rows:
        """Return at least the rows that may lie in the period: of files, by their footers; other rows are an engine's own to prune."""
        if self.start is None and self.end is None:
            return rows
        if isinstance(rows, ParquetRows):
            kept = self._kept(rows.path, rows.groups)
            return rows if kept is None else ParquetRows(rows.path, groups=tuple(number for number, _ in kept))
        if isinstance(rows, FolderRows):
            return FolderRows(rows.path, [(file, self.of(each)) for file, each in rows.files])
        return self._of_engine(rows)

    def _of_engine(self, rows: Rows) -> Rows:
        from keepfit.integrations.duckdb.engine_rows import DuckDbRows
        from keepfit.integrations.spark.file_rows import SparkFileRows

        if isinstance(rows, DuckDbRows):  # what is left is read in this process: its batches are the same
            return self.of(rows.here)
        if isinstance(rows, SparkFileRows):
            kept = [self._piece(piece) for piece in rows.pieces]
            return replace(rows, pieces=tuple(piece for piece in kept if piece.rows))
        return rows

    def _piece(self, piece: Piece) -> Piece:
        kept = self._kept(Path(piece.path), piece.groups)
        if kept is None:
            return piece
        return replace(piece, groups=tuple(number for number, _ in kept), rows=sum(rows for _, rows in kept))

    def _kept(self, path: Path, among: tuple[int, ...] | None) -> tuple[tuple[int, int], ...] | None:
        return groups_between(path, self.time, self.start, self.end, among=among)
