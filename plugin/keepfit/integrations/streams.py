"""Files read in batches: Parquet of any size, CSV past `CSV_AT_ONCE` bytes; memory does not grow with the rows.

Text of Parquet files is read as dictionaries, which are counted by code; Spark's times (INT96) as microseconds, since nanoseconds end in 2262. CSV types are
those of the first block; a later block that does not fit them raises `TypesChange`, and the caller asks for the rows once more, typed by the whole file
(`CsvRows.settled`).
"""

from __future__ import annotations

import codecs
import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.tables.codes import PADDED, may_hold_codes
from keepfit.tables.dialect import HEAD, TRAILING, Dialect, sniff
from keepfit.tables.number_text import NumberSigns, signs_of
from keepfit.tables.plain import plain, plain_schema

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import csv, parquet

CSV_AT_ONCE = 32 << 20
BLOCK = 8 << 20
BUFFERS = 32 << 20
ENCODING = "save it as CSV in UTF-8, or as Parquet"

MISFIT = re.compile(r"In CSV column #(\d+): .*CSV conversion error")


class TypesChange(Exception):  # noqa: N818 - no error of the user's: the caller reads the file another way
    """A block of a CSV file does not fit the types of the first; `place` is the column's in the file."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        found = MISFIT.search(said)
        self.place = int(found[1]) if found else None


def is_streamed(path: Path) -> bool:
    """Whether the file is one to read in batches: any `.parquet`, a `.csv` or `.csv.gz` that is large."""
    if not path.is_file():
        return False
    size = path.stat().st_size
    return path.suffix == ".parquet" or (path.suffix == ".csv" and size > CSV_AT_ONCE) or (path.suffix == ".gz" and size > CSV_AT_ONCE // 8)


# -- files that are replaced --------------------------------------------------------------------------------------------

Stamp = tuple[int, int, int]


def _stamp(path: Path) -> Stamp:
    """What tells a file from another under its name: its size, when it was changed, and its inode; zeros for none."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return found.st_size, found.st_mtime_ns, found.st_ino


def _refuse_other(path: Path, stamp: Stamp) -> None:
    """Raise `DataError` for another file than was opened: rows of two files are never one table."""
    if _stamp(path) != stamp:
        raise DataError(f"{path.name} changed while it was read", where=str(path), fix="run it again when nothing writes there")


# -- Parquet ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ParquetRows:
    """A Parquet file's rows, or those of some of its row groups; any trouble with the file is one `DataError` naming it, also that it is another one by now."""

    path: Path
    groups: tuple[int, ...] | None = None
    stamp: Stamp = field(init=False, repr=False, compare=False)
    schema: pa.Schema = field(init=False)
    stored: pa.Schema = field(init=False)
    rows_at_most: int = field(init=False)
    columns_at_once: int = 200  # each holds a decoded page (about 1 MB) while it is read

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", _stamp(self.path))
        file = self._open(())
        _refuse_odd_names(self.path, file.schema_arrow.names)
        object.__setattr__(self, "stored", file.schema_arrow.remove_metadata())
        object.__setattr__(self, "schema", plain_schema(self.stored))
        object.__setattr__(self, "rows_at_most", _rows_of(file.metadata, self.groups))

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in the file's order, about 4 million cells at a time."""
        import pyarrow as pa

        from keepfit.tables.batches import batch_rows

        size, groups = batch_rows(len(columns)), None if self.groups is None else list(self.groups)
        _refuse_other(self.path, self.stamp)
        try:
            for batch in self._open(columns).iter_batches(batch_size=size, row_groups=groups, columns=list(columns), use_threads=False):
                table = pa.Table.from_batches([batch])  # asked for a column `a.b`, Arrow gives a record `a` that has a field `b`, too
                yield plain(table if table.num_columns == len(columns) else table.select(list(columns)), extensions=False)
        except (pa.ArrowException, OSError) as bad:
            _refuse_other(self.path, self.stamp)
            raise _unreadable(self.path, bad) from bad
        _refuse_other(self.path, self.stamp)

    def _open(self, columns: Sequence[str]) -> parquet.ParquetFile:
        import pyarrow as pa
        from pyarrow import parquet

        texts = [name for name in columns if pa.types.is_string(self.stored.field(name).type)]
        buffer = max(1 << 14, min(1 << 18, BUFFERS // max(len(columns), 1)))
        try:
            return parquet.ParquetFile(self.path, read_dictionary=texts, pre_buffer=False, buffer_size=buffer, coerce_int96_timestamp_unit="us")
        except (pa.ArrowException, OSError) as bad:
            raise _unreadable(self.path, bad) from bad


def _rows_of(footer: parquet.FileMetaData, groups: Sequence[int] | None) -> int:
    return int(footer.num_rows if groups is None else sum(footer.row_group(group).num_rows for group in groups))


def _unreadable(path: Path, bad: BaseException) -> DataError:
    said = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
    return DataError(f"{path.name} is not readable Parquet: {said}", where=str(path), fix="write the file again, or dvc pull")


def _refuse_odd_names(path: Path, names: Sequence[str]) -> None:
    repeated = [name for name, n in Counter(names).items() if n > 1]
    if repeated or "" in names or not names:
        what = f"the column {repeated[0]!r} is there twice" if repeated and repeated[0] else "a column has no name"
        raise DataError(f"{path.name}: {what}", where=str(path), fix="give every column a name of its own in the header line")


# -- CSV ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CsvRows:
    """A CSV file's rows, typed by its first block (or by `types`). Raises `TypesChange` where a later block does not fit, `DataError` for what is no CSV.

    Its dialect is found (`tables/dialect.py`), an index without a name left out, and whole numbers with leading zeros stay text.
    """

    path: Path
    types: Mapping[str, pa.DataType] = field(default_factory=dict)
    schema: pa.Schema = field(init=False)
    stamp: Stamp = field(init=False, repr=False, compare=False)
    rows_at_most: int = field(init=False)
    dialect: Dialect = field(init=False)
    columns_at_once: int = 1 << 30  # each pass reads all lines

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", _stamp(self.path))
        lines, padded = _checked_lines(self.path)
        object.__setattr__(self, "rows_at_most", lines)
        object.__setattr__(self, "dialect", _dialect(self.path))
        object.__setattr__(self, "schema", self._columns_of(self._reader(self.types).schema))
        _refuse_odd_names(self.path, self.schema.names)
        if padded and not self.types:
            object.__setattr__(self, "types", self._codes())
            object.__setattr__(self, "schema", self._columns_of(self._reader(self.types).schema))

    def _columns_of(self, schema: pa.Schema) -> pa.Schema:
        import pyarrow as pa

        return pa.schema([one for one in schema if one.name not in self.dialect.nameless])

    def _codes(self) -> dict[str, pa.DataType]:
        """The columns that Arrow takes for numbers by the first block and that are codes in all of the file, as texts."""
        import pyarrow as pa

        texts = {one.name: pa.string() for one in self.schema if may_hold_codes(one.type)}
        if not texts:
            return {}
        codes: dict[str, NumberSigns] = {}
        for batch in self._blocks(texts):
            for name in texts:
                codes[name] = codes.get(name, NumberSigns()) + signs_of(batch[name])
        return {name: pa.string() for name, signs in codes.items() if signs.padded}

    def batches(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Yield these columns' rows in the file's order, a block of bytes at a time."""
        return self._blocks({name: self.schema.field(name).type for name in columns})

    def settled(self) -> CsvRows:
        """Return the same rows, each column of the type that a reader of the whole file gives it; memory stays a block.

        A column that does not fit takes the next type in the order in which Arrow guesses, and the file is read once more: text fits everything.
        """
        import pyarrow as pa

        ladder = [
            pa.int64(),
            pa.bool_(),
            pa.date32(),
            pa.time32("s"),
            pa.timestamp("s"),
            pa.timestamp("s", "UTC"),
            pa.timestamp("ns"),
            pa.timestamp("ns", "UTC"),
            pa.float64(),
            pa.string(),
        ]
        types = {field.name: field.type for field in self.schema}
        while (place := self._misfit(types)) is not None:
            name = (self.dialect.names or self.schema.names)[place]  # Arrow counts the file's columns
            types[name] = ladder[ladder.index(types[name]) + 1 if types[name] in ladder else 0]
        return CsvRows(self.path, types)

    def _misfit(self, types: Mapping[str, pa.DataType]) -> int | None:
        """The place of the first column with a value that its type does not take."""
        try:
            for _ in self._blocks(types):
                pass
        except TypesChange as change:
            return change.place
        return None

    def _blocks(self, types: Mapping[str, pa.DataType]) -> Iterator[pa.Table]:
        import pyarrow as pa

        _refuse_other(self.path, self.stamp)
        try:
            for batch in self._reader(types, columns=list(types)):
                yield pa.Table.from_batches([batch]).select(list(types))
        except (pa.ArrowException, OSError) as bad:
            _refuse_other(self.path, self.stamp)
            raise self._told(bad) from bad
        _refuse_other(self.path, self.stamp)

    def _told(self, bad: BaseException) -> Exception:
        said = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
        if "conversion error to null" in said and TRAILING in self.dialect.nameless:
            said = "a line has one field more than the header line names"
        elif MISFIT.search(str(bad)):
            return TypesChange(str(bad))
        cut = "" if self.dialect.delimiter == "," else f" (between two {self.dialect.delimiter!r})"
        return DataError(f"{self.path.name} is not readable CSV: {said}", where=str(self.path), fix=f"same number of fields{cut} in every line, UTF-8")

    def _reader(self, types: Mapping[str, pa.DataType], *, columns: Sequence[str] = ()) -> csv.CSVStreamingReader:
        import pyarrow as pa
        from pyarrow import csv

        empty = {TRAILING: pa.null()} if TRAILING in self.dialect.nameless else {}
        reading, parsing = self.dialect.options(block=BLOCK)
        reading.use_threads = False
        try:
            return csv.open_csv(
                pa.input_stream(str(self.path), compression="detect"),
                read_options=reading,
                parse_options=parsing,
                convert_options=self.dialect.conversion(column_types={**types, **empty}, include_columns=[*columns, *empty] if columns else []),
            )
        except (pa.ArrowException, OSError) as bad:
            raise self._told(bad) from bad


def _dialect(path: Path) -> Dialect:
    try:
        with _opened(path) as file:
            head = file.read(HEAD)
        return sniff(head.decode("utf-8-sig", errors="ignore"), whole=len(head) < HEAD)
    except DataError as bad:
        raise DataError(f"{path.name}: {bad.what}", where=str(path), fix=bad.fix) from bad


def _checked_lines(path: Path) -> tuple[int, bool]:
    """How many lines there are, and whether a number has a leading zero; raises `DataError` where the bytes are no text in UTF-8."""
    decoder, lines, padded = codecs.getincrementaldecoder("utf-8")(), 1, False
    try:
        with _opened(path) as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
                lines += max(block.count(b"\n"), block.count(b"\r"))  # old Macs end a line with \r alone
                padded = padded or PADDED.search(block) is not None
                if b"\0" in block:
                    raise DataError(f"{path.name} is not text: it holds NUL bytes", where=str(path), fix=ENCODING)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as bad:
        raise DataError(f"{path.name} is not text in UTF-8: {bad.reason}", where=str(path), fix=ENCODING) from bad
    except (OSError, EOFError) as bad:
        raise DataError(f"{path.name} cannot be read: {bad}", where=str(path), fix="check the file and its permissions") from bad
    return lines, padded


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]
