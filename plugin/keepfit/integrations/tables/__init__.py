"""Tables at the border: CSV and Parquet in, deterministic Parquet out.

Inside keepfit a table is a `pyarrow.Table` whose time column is a naive `timestamp[us]` and whose rows have unique string ids (`tables/conform.py`).
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.integrations.tables.csv_file import read_csv_file
from keepfit.tables.columns import require_columns
from keepfit.tables.plain import plain
from keepfit.tables.unreadable import notes_of, with_own_notes

if TYPE_CHECKING:
    import pyarrow as pa


def read_table(path: Path, *, codes: bool = False, groups: Sequence[int] | None = None) -> pa.Table:
    """Read a `.csv` (also `.csv.gz`) or `.parquet` file; any trouble with it is one `DataError` naming the file.

    CSV types are inferred from the whole file, not from its first block; its delimiter is found (`tables/dialect.py`), an index without a
    name is left out. Empty fields, NA, None and pandas' other words for missing are NULL (quote them to keep the text); `codes`: whole
    numbers with leading zeros stay text; `groups`: only these row groups of a Parquet file. Blind to a column's meaning: `1/2/2013` stays text.
    """
    if not path.is_file():
        raise DataError(f"no file {path.name}", where=str(path), fix="check the path, or dvc pull")
    if path.suffix not in (".csv", ".gz", ".parquet"):
        raise DataError(f"{path.name} is neither CSV nor Parquet", where=str(path), fix="name it .csv, .csv.gz or .parquet")
    table = _read_parquet(path, groups) if path.suffix == ".parquet" else read_csv_file(path, codes=codes)
    repeated = [name for name, n in Counter(table.column_names).items() if n > 1]
    if repeated or "" in table.column_names or not table.column_names:
        what = f"the column {repeated[0]!r} is there twice" if repeated and repeated[0] else "a column has no name"
        raise DataError(f"{path.name}: {what}", where=str(path), fix="give every column a name of its own in the header line")
    return table


def rows_in_parquet(path: Path) -> int:
    """Return how many rows a Parquet file holds, by its footer; raises `DataError` where that cannot be read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return int(parquet.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad


def times_in_parquet(path: Path, column: str) -> tuple[datetime, datetime] | None:
    """Return the first and the last time in a column of a Parquet file, by its footer where that says it; None without rows.

    Raises as `read_columns` does.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import parquet

    try:
        footer = parquet.read_metadata(path)
        at = footer.schema.names.index(column) if column in footer.schema.names else None
        groups = [footer.row_group(number).column(at).statistics for number in range(footer.num_row_groups)] if at is not None else []
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad
    if groups and all(one is not None and one.has_min_max and isinstance(one.min, datetime) for one in groups):
        return min(one.min for one in groups), max(one.max for one in groups)
    found = pc.min_max(read_columns(path, [column])[column]).as_py()
    return None if found["min"] is None else (found["min"], found["max"])


def read_columns(path: Path, columns: Collection[str], *, groups: Sequence[int] | None = None) -> pa.Table:
    """Read these columns of a Parquet file (of these row groups), in this order.

    Raises `DataError` for a file that cannot be read, `UnknownNameError` for a column it lacks.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        require_columns(file.schema_arrow.empty_table(), columns, where=str(path))
        table = file.read(columns=list(columns)) if groups is None else file.read_row_groups(list(groups), columns=list(columns))
        return table.select(list(columns))
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad


def read_columns_there(path: Path, columns: Collection[str]) -> pa.Table:
    """Read those of these columns that a Parquet file has; raises `DataError` for a file that cannot be read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        there = [name for name in columns if name in parquet.read_schema(path).names]
        return parquet.read_table(path, columns=there)
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad


def columns_of(path: Path) -> tuple[str, ...]:
    """Return the names of a Parquet file's columns; raises `DataError` for a file that cannot be read."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return tuple(parquet.read_schema(path).names)
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad


def _unreadable(path: Path, bad: BaseException) -> DataError:
    return DataError(f"{path.name} is not readable Parquet: {_first_line(bad)}", where=str(path), fix="write the file again, or dvc pull")


def _read_parquet(path: Path, groups: Sequence[int] | None) -> pa.Table:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        table = file.read() if groups is None else file.read_row_groups(list(groups))
        return plain(table.replace_schema_metadata(notes_of(table)))
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write the table so that the same table gives the same bytes, and whole or not at all."""
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)
    temporary = Path(name)
    try:
        parquet.write_table(with_own_notes(table), temporary, compression="zstd", compression_level=3, version="2.6")
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_batches(batches: Iterable[pa.Table], path: Path) -> None:
    """Write rows that come in batches of one schema, in memory that does not grow with them."""
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    writer = None
    try:
        for batch in batches:
            writer = writer or parquet.ParquetWriter(path, batch.schema, compression="lz4")
            writer.write_table(batch)
    finally:
        if writer is not None:
            writer.close()
