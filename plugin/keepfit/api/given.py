"""Tables as people hold them: a path, or rows in memory of pandas, Polars, Arrow, DuckDB or whatever else streams Arrow batches.

Nothing is copied that need not be. Blind to a pandas index: rows have no names here; where it is more than row numbers, that is said.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from keepfit.api.engine_frames import is_relation, is_spark_frame, relation_rows, spark_frame_rows
from keepfit.errors import DataError
from keepfit.flows.rows.engines import EngineChoice, open_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.tables.batches import Rows


class ArrowStream(Protocol):
    """Rows that are given away as Arrow batches: pandas and Polars frames, DuckDB relations, Arrow tables, and any other that knows the protocol."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> object:
        """Return a capsule with the stream of batches."""


Table: TypeAlias = "str | os.PathLike[str] | ArrowStream"


@dataclass(frozen=True)
class GivenTable:
    """One side of a comparison: a path or rows in memory, and what has to be said of how they were taken."""

    rows: Path | Rows
    remarks: tuple[str, ...] = ()


def given_table(data: object, side: str, engine: EngineChoice = "local") -> GivenTable:
    """Return a table as flows take it; `side` is the argument's name, for sentences, `engine` what reads paths and names of tables.

    Raises `DataError` for what is no table.
    """
    if isinstance(data, str | os.PathLike):
        return GivenTable(Path(data)) if engine == "local" else _opened(os.fspath(data), side, engine)
    if is_spark_frame(data):
        return GivenTable(*spark_frame_rows(data, side))
    import pyarrow as pa

    from keepfit.tables.batches import SlicedRows
    from keepfit.tables.plain import plain

    held = relation_rows(data, side) if is_relation(data) else _of_pandas(data, side) if _is_pandas(data) else _of_arrow(data, side)
    _refuse_odd_names(held.schema.names, side)
    if not isinstance(held, pa.Table):
        return GivenTable(held)
    return GivenTable(SlicedRows(plain(held.replace_schema_metadata(None), extensions=False)), _index_said(data, side) if _is_pandas(data) else ())


def _opened(source: str, side: str, engine: EngineChoice) -> GivenTable:
    opened = open_rows(source, engine=engine, where=side)
    chosen = (f"{side}: engine {opened.engine} ({opened.why})",) if engine == "auto" else ()
    return GivenTable(opened.rows, (*chosen, *(f"{side}: {remark}" for remark in opened.remarks)))


def _refuse_odd_names(names: list[str], side: str) -> None:
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise DataError(f"{side}: the column {repeated[0]!r} is there twice", where=side, fix="give every column a name of its own")
    if not names:
        raise DataError(f"{side} has no columns", where=side, fix="a table with at least one column")


# -- pandas -------------------------------------------------------------------------------------------------------------


def _is_pandas(data: object) -> bool:
    pandas = sys.modules.get("pandas")  # who holds a frame has imported it
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _of_pandas(data: Any, side: str) -> pa.Table:
    import pyarrow as pa

    _refuse_odd_names([str(name) for name in data.columns], side)
    try:
        return pa.Table.from_pandas(data, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as bad:
        name, why = _misfit(data, bad)
        fix = f"give it one type, such as {side}[{name!r}].astype(str)" if name is not None else "give each column one type"
        column = "a column" if name is None else f"the column {str(name)!r}"
        raise DataError(f"{side}: {column} cannot be read as one type: {why}", where=side, fix=fix) from bad


def _misfit(data: Any, bad: BaseException) -> tuple[object | None, str]:
    """The first column that Arrow does not take, and why."""
    import pyarrow as pa

    for place, name in enumerate(data.columns):
        try:
            pa.Array.from_pandas(data.iloc[:, place])
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as own:
            return name, _first(own)
    return None, _first(bad)


def _first(error: BaseException) -> str:
    said = error.args[0] if error.args and isinstance(error.args[0], str) else str(error)
    return (said.splitlines() or [type(error).__name__])[0][:160]


def _index_said(data: Any, side: str) -> tuple[str, ...]:
    """A sentence where the index is more than row numbers."""
    names = [str(name) for name in data.index.names if name is not None]
    if not names and data.index.nlevels == 1 and data.index.dtype.kind in "iu":
        return ()
    what = f"index {', '.join(map(repr, names))}" if names else f"index of {type(data.index).__name__.removesuffix('Index').lower() or 'mixed'} values"
    return (f"{side}: the {what} is not compared; {side}.reset_index() makes it a column",)


# -- whatever streams Arrow ---------------------------------------------------------------------------------------------


def _of_arrow(data: object, side: str) -> pa.Table:
    import pyarrow as pa

    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    if not hasattr(data, "__arrow_c_stream__"):
        raise _no_table(data, side)
    try:
        return pa.RecordBatchReader.from_stream(data).read_all()
    except pa.ArrowInvalid as bad:
        if "non-struct" in str(bad):
            raise _no_table(data, side) from bad
        raise DataError(f"{side} cannot be read: {_first(bad)}", where=side, fix="give it as an Arrow table or a path") from bad
    except pa.ArrowException as bad:
        raise DataError(f"{side} cannot be read: {_first(bad)}", where=side, fix="give it as an Arrow table or a path") from bad


def _no_table(data: object, side: str) -> DataError:
    """Return the sentence on what is no table, with the call that makes one of it."""
    kind = type(data).__name__
    if hasattr(data, "collect"):
        call = f"{side}.collect()"
        return DataError(f"{side} is a {kind}, which has no rows before it is run", where=side, fix=call)
    if kind in ("Series", "Index", "Array", "ChunkedArray") or kind.endswith("Array"):
        fix = f"{side}.to_frame()" if kind in ("Series", "Index") else f"pyarrow.table({{'values': {side}}})"
        return DataError(f"{side} is one column (a {kind}), not a table", where=side, fix=fix)
    fixes = {"dict": f"pyarrow.table({side})", "list": f"pandas.DataFrame({side})", "ndarray": f"pandas.DataFrame({side})"}
    return DataError(f"{side} is no table but a {kind}", where=side, fix=fixes.get(kind, "a path, or a table of pandas, Polars or Arrow"))
