"""What runs in Spark's workers: a pass over one part of a table, whose state comes back as bytes.

Only numpy, pyarrow and the standard library are imported here beside keepfit's own, so that a cluster needs nothing but the wheel and these two.
An error comes back as an answer too: raised, Spark would run the part again, four times, and wrap its page of Java around one sentence of ours.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from keepfit.errors import DataError, KeepfitError
from keepfit.tables.batches import Rows
from keepfit.tables.passes import RowPass, is_done
from keepfit.tables.pieces import Piece

ANSWER = "part bigint, rows bigint, failed boolean, content binary"
SAID = 300
UNCOUNTED = -1
"""The rows of a part that was not read to its end, as more of it would have changed nothing."""
Read = Callable[[Piece], Rows]
Batches = Iterable[pa.RecordBatch]


@dataclass(frozen=True)
class WorkerFailure:
    """An error as it travels: its class, if it is one of ours, and its three parts."""

    kind: type[KeepfitError]
    what: str
    where: str | None
    fix: str | None

    def error(self) -> KeepfitError:
        """Return the error, as if it had been raised here; classes of errors differ in what they are made of, not in what they are."""
        error = self.kind.__new__(self.kind)
        KeepfitError.__init__(error, self.what, where=self.where, fix=self.fix)
        return error


def failure_of(bad: BaseException, place: str) -> WorkerFailure:
    """Return what was raised while `place` was read as one bounded sentence.

    >>> print(failure_of(ZeroDivisionError("division by zero"), "a.parquet").error())
    a worker of Spark failed: ZeroDivisionError: division by zero (a.parquet)
    >>> print(failure_of(DataError("no rows", where="b", fix="more"), "a.parquet").error())
    no rows (b)
      fix: more
    """
    if isinstance(bad, KeepfitError):
        return WorkerFailure(type(bad), bad.what, bad.where or place, bad.fix)
    said = " ".join(str(bad).split())[:SAID]
    name = type(bad).__name__
    return WorkerFailure(DataError, f"a worker of Spark failed: {name}: {said}" if said else f"a worker of Spark failed: {name}", place, None)


# -- files --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PassOverPieces:
    """Runs a pass over shares of a table's pieces, those whose numbers come in: each is read here, by `read`, as in one process."""

    look: RowPass[Any]
    shares: Sequence[Sequence[Piece]]
    read: Read

    def __call__(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield an answer for each number."""
        for batch in batches:
            for part in batch.column(0).to_pylist():
                yield _answer(part, self.shares[part][0].path, partial(self._state, self.shares[part]))

    def _state(self, share: Sequence[Piece]) -> tuple[Any, int]:
        state, rows = self.look.start(share[0].first_row), 0
        for piece in share:
            if is_done(self.look, state):
                return state, UNCOUNTED
            refuse_changed(piece)
            for batch in self.read(piece).batches(self.look.columns):
                rows += batch.num_rows
                state = self.look.add(state, batch)
                if is_done(self.look, state):
                    break
            refuse_changed(piece)
        return state, rows


def refuse_changed(piece: Piece) -> None:
    """Raise `DataError` if the file is not the one that was cut: what was read of it may be of two files."""
    path = Path(piece.path)
    try:
        stat = path.stat()
    except OSError as bad:
        what = f"{path.name} cannot be reached by a worker of Spark: {bad.strerror or bad}"
        raise DataError(what, where=piece.path, fix="put the files where every worker sees them under the same path, or give a Spark table") from bad
    if (stat.st_size, stat.st_mtime_ns) != (piece.size, piece.changed_ns):
        raise DataError(f"{path.name} was replaced while it was read", where=piece.path, fix="run again when nobody writes there")


# -- rows ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PassOverRows:
    """Runs a pass over the rows that Spark gives a worker; `first_rows` says how many rows come before each partition, `schema` what its columns are."""

    look: RowPass[Any]
    schema: pa.Schema
    first_rows: Mapping[int, int]

    def __call__(self, batches: Batches) -> Iterator[pa.RecordBatch]:
        """Yield one answer, or none where the partition has no rows."""
        part, batches = partition_number(), iter(batches)
        first = next(batches, None)
        if first is not None:
            yield _answer(part, f"partition {part}", lambda: self._state(part, first, batches))

    def _state(self, part: int, first: pa.RecordBatch, more: Batches) -> tuple[Any, int]:
        state, rows = self.look.start(self.first_rows.get(part, 0)), 0
        for batch in chain([first], more):
            if is_done(self.look, state):
                return state, UNCOUNTED
            state, rows = self.look.add(state, named(batch, self.schema)), rows + batch.num_rows
        return state, rows


def named(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    """Return the columns, which come by their place, under their names and in the types of the schema."""
    if not len(schema):
        return pa.Table.from_batches([batch]).select([])
    arrays = [array if array.type == field.type else array.cast(field.type) for array, field in zip(batch.columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def pack_batches(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield each batch as the bytes of an Arrow stream, so that it reaches the driver as it is."""
    part = partition_number()
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        yield _row(part, batch.num_rows, failed=False, content=sink.getvalue().to_pybytes())


def partition_number() -> int:
    """Return the number of the partition that this worker is at."""
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None, "there is one in a worker"
    return int(context.partitionId())


def _answer(part: int, place: str, work: Callable[[], tuple[Any, int]]) -> pa.RecordBatch:
    try:
        state, rows = work()
        return _row(part, rows, failed=False, content=pickle.dumps(state, protocol=5))
    except Exception as bad:  # noqa: BLE001 - what a worker raises has to reach the person as a sentence
        return _row(part, 0, failed=True, content=pickle.dumps(failure_of(bad, place)))


def _row(part: int, rows: int, *, failed: bool, content: bytes) -> pa.RecordBatch:
    arrays = [pa.array([part], pa.int64()), pa.array([rows], pa.int64()), pa.array([failed]), pa.array([content], pa.binary())]
    return pa.RecordBatch.from_arrays(arrays, names=["part", "rows", "failed", "content"])
