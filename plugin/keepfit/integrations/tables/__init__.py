"""Tables at the border: CSV and Parquet in, deterministic Parquet out, every row with an id.

Inside keepfit a table is a `pyarrow.Table` whose time column is a naive `timestamp[us]` and whose rows have unique string ids.

>>> import pyarrow as pa
>>> from keepfit.tables.times import normalise_time
>>> table = normalise_time(pa.table({"t": ["2013-02-01T06:00:00+01:00"], "x": [1]}), "t")
>>> str(table["t"][0]), with_row_ids(table, None)["row_id"][0].as_py()
('2013-02-01 05:00:00', '324dbcd4b7229c3f')
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Collection
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, UnknownNameError
from keepfit.integrations.tables.csv_file import read_csv_file
from keepfit.tables.plain import plain
from keepfit.tables.unreadable import notes_of, with_own_notes

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ROW_ID = "row_id"
SHOWN = 5
EXACT = 1 << 53


# -- files --------------------------------------------------------------------------------------------------------------


def read_table(path: Path, *, codes: bool = False) -> pa.Table:
    """Read a `.csv` (also `.csv.gz`) or `.parquet` file; any trouble with it is one `DataError` naming the file.

    CSV types are inferred from the whole file, not from its first block; its delimiter is found (`tables/dialect.py`), an index without a
    name is left out. Empty fields, NA, None and pandas' other words for missing are NULL (quote them to keep the text); `codes`: whole
    numbers with leading zeros stay text. Blind to a column's meaning: `1/2/2013` stays text.
    """
    if not path.is_file():
        raise DataError(f"no file {path.name}", where=str(path), fix="check the path (params.yaml: data.live), or dvc pull")
    if path.suffix not in (".csv", ".gz", ".parquet"):
        raise DataError(f"{path.name} is neither CSV nor Parquet", where=str(path), fix="name it .csv, .csv.gz or .parquet")
    table = _read_parquet(path) if path.suffix == ".parquet" else read_csv_file(path, codes=codes)
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


def read_columns(path: Path, columns: Collection[str]) -> pa.Table:
    """Read these columns of a Parquet file, in this order; raises `DataError` for a file that cannot be read, `UnknownNameError` for a column it lacks."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        require_columns(file.schema_arrow.empty_table(), columns, where=str(path))
        return file.read(columns=list(columns)).select(list(columns))
    except (pa.ArrowException, OSError) as bad:
        raise _unreadable(path, bad) from bad


def _unreadable(path: Path, bad: BaseException) -> DataError:
    return DataError(f"{path.name} is not readable Parquet: {_first_line(bad)}", where=str(path), fix="write the file again, or dvc pull")


def _read_parquet(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path).read()
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


# -- ids ----------------------------------------------------------------------------------------------------------------


def with_row_ids(table: pa.Table, id_column: str | None, *, ignore: Collection[str] = ()) -> pa.Table:
    """Give every row a unique string id: the id column as text, or (None) a column `row_id` made from the row's content.

    A `row_id` that is there already stays. Content ids are the hex of an 8-byte blake2b over the columns in name order, without those in `ignore` (a label that
    arrives later must not change its row's id); the k-th repeat of a row gets `-k`. Raises `DataError` for missing or
    repeated ids, naming five.
    """
    import pyarrow as pa

    if id_column is None and ROW_ID in table.column_names:
        id_column = ROW_ID
    if id_column is None:
        names = [name for name in table.column_names if name not in ignore]
        ids = pa.array(_content_ids(table.select(sorted(names))), pa.string())
        return _set(table, ROW_ID, ids)
    require_columns(table, [id_column], where="params.yaml: data.id")
    ids = as_text(table[id_column].combine_chunks())
    if ids.null_count:
        raise DataError(f"{ids.null_count} of {len(ids)} rows have no id in {id_column!r}", where="params.yaml: data.id", fix="fill them in, or data.id: null")
    repeated = [name for name, n in Counter(ids.to_pylist()).items() if n > 1]
    if repeated:
        shown = ", ".join(sorted(repeated)[:SHOWN])
        raise DataError(
            f"{len(repeated)} ids in {id_column!r} are there more than once: {shown}",
            where="params.yaml: data.id",
            fix="remove the repeated rows; if rows of one entity come again, name it as data.group and set data.id: null",
        )
    return _set(table, id_column, ids)


def _content_ids(table: pa.Table) -> list[str]:
    import pyarrow.compute as pc

    if not table.column_names:
        raise DataError("the table has no columns to tell its rows apart", fix="name an id column (params.yaml: data.id)")
    columns = [pc.fill_null(as_text(table[name].combine_chunks()), "\x00") for name in table.column_names]
    header = "\x1f".join(table.column_names).encode()
    seen: Counter[str] = Counter()
    ids = []
    for text in pc.binary_join_element_wise(*columns, "\x1f").to_pylist():
        name = blake2b(text.encode(), digest_size=8, key=blake2b(header, digest_size=32).digest()).hexdigest()
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids


def as_text(values: pa.Array) -> pa.Array:
    """Text of each value; a whole number reads the same whether its column is int or float (NULLs elsewhere change that)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type) or pa.types.is_fixed_size_binary(values.type):
        return pa.array([None if value is None else value.hex() for value in values.to_pylist()], pa.string())
    if pa.types.is_nested(values.type):
        return pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())


def _set(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    at = table.column_names.index(name) if name in table.column_names else None
    return table.append_column(name, values) if at is None else table.set_column(at, name, values)


def require_columns(table: pa.Table, names: Collection[str], *, where: str) -> None:
    """Raise `UnknownNameError` with the nearest column for the first name that the table does not have."""
    for name in names:
        if name not in table.column_names:
            raise UnknownNameError("column", name, known=table.column_names, where=where)


# -- frames -------------------------------------------------------------------------------------------------------------


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Return a pandas frame of plain types that says what the table says: no categoricals or decimals, text as str.

    Numbers with NULLs are float with NaN; integers that a float would round are Int64 (UInt64) then, and booleans with NULLs are objects: True, False, None.
    """
    import pandas as pd
    import pyarrow as pa

    table = pa.table([_exact(values) for values in table.columns], names=table.column_names)
    nullable = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}
    rounded = [
        field.name for field, values in zip(table.schema, table.columns, strict=True) if field.type in nullable and values.null_count and _is_large(values)
    ]
    frame: pd.DataFrame = table.to_pandas()
    return frame.assign(**{name: table[name].to_pandas(types_mapper=nullable.get) for name in rounded}) if rounded else frame


def _exact(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column in a type that pandas has: decimals as float64, whole ones that it would round as integers, or as their digits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_date(values.type):
        return values.cast(pa.timestamp("us"))
    if not pa.types.is_decimal(values.type):
        return values
    if not _is_large(values) or not pc.all(pc.equal(pc.floor(values), values)).as_py():
        return pc.cast(values, pa.float64())
    try:
        return pc.cast(values, pa.int64())
    except pa.ArrowInvalid:
        return pc.cast(pc.cast(values, pa.decimal256(76, 0)), pa.string())


def _is_large(values: pa.ChunkedArray) -> bool:
    """Whether float64 would round one of the integers."""
    import pyarrow.compute as pc

    span = pc.min_max(values).as_py()
    return span["max"] is not None and max(span["max"], -span["min"]) > EXACT


def from_frame(frame: pd.DataFrame) -> pa.Table:
    """Return an Arrow table of the frame's columns, without its index; NaN becomes NULL."""
    import pyarrow as pa

    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
