"""The rows of plain Parquet files, counted by Spark's workers: names and row groups are sent, and each worker reads its own as one process would.

Five to ten times cheaper than rows that Spark reads (docs/scale.md): no value passes through the JVM.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepfit.integrations.spark.answers import State, answers, joined
from keepfit.integrations.spark.in_workers import PassOverPieces, Read, refuse_changed
from keepfit.integrations.spark.on_workers import ensure_on_workers
from keepfit.tables.pieces import CELLS, Piece, shares

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import Schema
    from pyspark.sql import SparkSession

    from keepfit.tables.passes import RowPass

PARTS_AT_MOST = 5_000


@dataclass(frozen=True)
class SparkFileRows:
    """The rows of `pieces`, in their order; `read` gives a piece's rows in the columns and types of `schema` and is sent to the workers.

    Raises `DataError` where a file was replaced since it was cut into pieces, where a worker cannot reach it, and where a worker dies.
    """

    session: SparkSession
    pieces: Sequence[Piece]
    schema: Schema
    read: Read
    columns_at_once: int = 200

    @property
    def rows_at_most(self) -> int:
        """The rows of all pieces."""
        return sum(piece.rows for piece in self.pieces)

    def run(self, look: RowPass[State]) -> State:
        """Run the pass in the workers, each over a share of the pieces."""
        if not self.pieces:
            return look.start(0)
        ensure_on_workers(self.session)
        parts = self._shares()
        numbers = self.session.range(0, len(parts), 1, len(parts))
        found = answers(self.session, numbers, PassOverPieces(look, parts, self.read), place=lambda part: parts[part][0].path)
        return joined(found, look)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows, read here: for samples."""
        for piece in self.pieces:
            refuse_changed(piece)
            yield from self.read(piece).batches(columns)

    def _shares(self) -> list[tuple[Piece, ...]]:
        rows = max(CELLS // max(len(self.schema), 1), self.rows_at_most // PARTS_AT_MOST, 1)
        return shares(self.pieces, rows)
