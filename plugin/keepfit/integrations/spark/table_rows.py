"""The rows of a Spark table or view: what Spark itself has to read (filters, joins, Delta, Iceberg), handed to its Python workers batch by batch.

Dearer than files that the workers read themselves: each value passes through the JVM (docs/scale.md). Which rows are in which partition is Spark's matter;
where a pass finds other partitions than the count did, it is run again by what it found, and a table that has other rows is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError
from keepfit.integrations.spark.answers import PartAnswer, State, answers, joined, running, streamed
from keepfit.integrations.spark.columns import SparkColumns, spark_columns
from keepfit.integrations.spark.failures import sentence
from keepfit.integrations.spark.in_workers import UNCOUNTED, PassOverRows, named, pack_batches
from keepfit.integrations.spark.on_workers import ensure_on_workers
from keepfit.tables.batches import batch_rows

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from keepfit.tables.passes import RowPass

TIMED = {"timestamp": "timestamp", "timestamp_ntz": "timestamp_ntz", "date": "timestamp_ntz"}
FIX = "compare a version of it that stays (VERSION AS OF), or write the view to a table first"


@dataclass(frozen=True)
class SparkTableRows:
    """The rows of a frame; `columns` are those that can be read, `remarks` names the others. `name` is what a person calls the table.

    Raises `DataError` where the table has other rows in a later pass, and for whatever Spark says of it.
    """

    session: SparkSession
    frame: DataFrame
    name: str = "the Spark table"
    columns: SparkColumns = field(init=False)
    _counts: dict[int, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    columns_at_once: int = 200

    def __post_init__(self) -> None:
        try:
            fields = self.frame.schema.fields
        except Exception as bad:  # with Spark Connect a name is looked up here, not where the frame was made
            said = sentence(bad, self._place)
            if said is None:
                raise
            said.where = self.name
            raise said from bad
        object.__setattr__(self, "columns", spark_columns(fields, where=self.name))

    @property
    def schema(self) -> pa.Schema:
        """The columns that can be read, timestamps in microseconds, those with a zone in UTC."""
        return self.columns.schema

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was left out, one line."""
        return self.columns.remarks

    @property
    def rows_at_most(self) -> int:
        """How many rows there are; counted once."""
        return sum(self._counted().values())

    def run(self, look: RowPass[State]) -> State:
        """Run the pass where the rows are, each partition from its first row on."""
        counts = self._counted()
        found = self._pass(look, counts)
        if not _agree(found, counts):
            counts = _rows(found)
            found = self._pass(look, counts) if sum(counts.values()) == self.rows_at_most else []
            if not _agree(found, counts):
                raise DataError(f"{self.name} changed while it was read", where=self.name, fix=FIX)
            self._counts.clear()
            self._counts.update(counts)
        return joined(found, look)

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows, brought here one partition at a time: for samples."""
        import pyarrow as pa

        for answer in streamed(self.session, self._selected(columns), pack_batches, place=self._place, **_settings(columns)):
            with pa.ipc.open_stream(answer.content) as stream:
                for batch in stream:
                    yield named(batch, self._types(columns))

    def limited(self, time: str, start: datetime | None, end: datetime | None) -> SparkTableRows:
        """Return the rows from `start` to before `end`, found by Spark; all of them where the column's type is none of time.

        Times without a zone are UTC. Bounds go to Spark as text with their zone: a Python datetime would be read in the session's.
        """
        place = self._place_of(time)
        kind = TIMED.get(self.frame.schema.fields[place].dataType.typeName())
        if kind is None:
            return self
        from pyspark.sql.functions import lit

        limited = self._numbered_frame()
        column = limited[f"c{place}"].cast(kind)
        if start is not None:
            limited = limited.where(column >= lit(_as_text(start, kind)).cast(kind))
        if end is not None:
            limited = limited.where(column < lit(_as_text(end, kind)).cast(kind))
        return replace(self, frame=limited.toDF(*self.frame.columns))

    def _counted(self) -> Mapping[int, int]:
        if not self._counts:
            ensure_on_workers(self.session)
            self._counts.update(self._partitions())
        return self._counts

    def _partitions(self) -> dict[int, int]:
        """The rows of each partition, as Spark counts them: a sixth of what handing an empty batch to Python would cost."""
        from pyspark.sql.functions import spark_partition_id

        parts = self._numbered_frame().select(spark_partition_id().alias("part")).groupBy("part").count()
        with running(self.session, place=self._place, **_settings([])) as there:
            return {int(part): int(rows) for part, rows in there(parts.collect)}

    def _pass(self, look: RowPass[Any], counts: Mapping[int, int]) -> list[PartAnswer]:
        parts = sorted(counts)
        before = accumulate((counts[part] for part in parts), initial=0)
        work = PassOverRows(look, self._types(look.columns), dict(zip(parts, before, strict=False)))
        return answers(self.session, self._selected(look.columns), work, place=self._place, **_settings(look.columns))

    def _selected(self, columns: Sequence[str]) -> DataFrame:
        """These columns alone, by their places: `select` by name knows no dots, no quotes and no difference of case."""
        from pyspark.sql.functions import lit

        numbered = self._numbered_frame()
        return numbered.select(*[f"c{self._place_of(name)}" for name in columns]) if columns else numbered.select(lit(0).alias("c"))

    def _numbered_frame(self) -> DataFrame:
        return self.frame.toDF(*[f"c{place}" for place in range(len(self.frame.columns))])

    def _types(self, columns: Sequence[str]) -> pa.Schema:
        import pyarrow as pa

        return pa.schema([self.schema.field(name) for name in columns])

    def _place_of(self, name: str) -> int:
        return int(self.columns.places[self.columns.schema.names.index(name)])

    def _place(self, part: int) -> str:
        return f"{self.name}, partition {part}"


def _rows(found: Sequence[PartAnswer]) -> dict[int, int]:
    return {answer.part: answer.rows for answer in found}


def _agree(found: Sequence[PartAnswer], counts: Mapping[int, int]) -> bool:
    """Whether each part has the rows that it was counted with, as far as it was read."""
    rows = _rows(found)
    return rows.keys() == counts.keys() and all(many in (UNCOUNTED, counts[part]) for part, many in rows.items())


def _settings(columns: Sequence[str]) -> dict[str, str]:
    return {"spark__sql__session__timeZone": "UTC", "spark__sql__execution__arrow__maxRecordsPerBatch": str(batch_rows(len(columns)))}


def _as_text(time: datetime, kind: str) -> str:
    known = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return known.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds") + ("+00:00" if kind == "timestamp" else "")
