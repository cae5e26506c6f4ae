"""A CSV file read at once: its dialect found, its types inferred from all of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError
from keepfit.tables.codes import PADDED, code_columns, may_hold_codes
from keepfit.tables.dialect import HEAD, TRAILING, Dialect, sniff

if TYPE_CHECKING:
    import pyarrow as pa

MAX_BLOCK = 1 << 30
UTF8_BOM = b"\xef\xbb\xbf"
ENCODING = "save it as CSV in UTF-8, or as Parquet"


def read_csv_file(path: Path, *, codes: bool) -> pa.Table:
    """Return the file's columns, without an index that has no name; `codes`: whole numbers with leading zeros stay text.

    Raises `DataError` for what is no CSV, naming the file.
    """
    content = csv_bytes(path)
    try:
        dialect = sniff(content[:HEAD].decode("utf-8", errors="ignore"), whole=len(content) <= HEAD)
    except DataError as bad:
        raise DataError(f"{path.name}: {bad.what}", where=str(path), fix=bad.fix) from bad
    table = _parsed(content, dialect, {}, path=path)
    if codes and PADDED.search(content):
        numbers = {field.name: "string" for field in table.schema if may_hold_codes(field.type) and field.name != TRAILING}
        texts = _parsed(content, dialect, numbers, path=path)
        for name in code_columns(texts.select(list(numbers))):
            table = table.set_column(table.column_names.index(name), name, texts[name])
    return table.drop_columns(list(dialect.nameless))


def _parsed(content: bytes, dialect: Dialect, types: dict[str, str], *, path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    reading, parsing = dialect.options(block=min(max(len(content), 1 << 20), MAX_BLOCK))
    kinds = {**types, **({TRAILING: pa.null()} if TRAILING in dialect.nameless else {})}
    try:
        return csv.read_csv(pa.BufferReader(content), read_options=reading, parse_options=parsing, convert_options=dialect.conversion(column_types=kinds))
    except (pa.ArrowException, OSError) as bad:
        raise unreadable_csv(path, bad, dialect) from bad


def unreadable_csv(path: Path, bad: BaseException, dialect: Dialect) -> DataError:
    """Return the sentence on a CSV file that Arrow cannot read."""
    said = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
    if "conversion error to null" in said:
        said = "a line has one field more than the header line names"
    cut = "" if dialect.delimiter == "," else f" (between two {dialect.delimiter!r})"
    return DataError(f"{path.name} is not readable CSV: {said}", where=str(path), fix=f"same number of fields{cut} in every line, UTF-8")


def csv_bytes(path: Path) -> bytes:
    """Return the file's text without a byte order mark; raises `DataError` for what is no text in UTF-8."""
    import gzip
    import zlib

    try:
        raw = path.read_bytes()
        content = (gzip.decompress(raw) if path.suffix == ".gz" else raw).removeprefix(UTF8_BOM)
    except (OSError, EOFError, zlib.error) as bad:
        said = (str(bad).splitlines() or [type(bad).__name__])[0][:200]
        raise DataError(f"{path.name} cannot be read: {said}", where=str(path), fix="check the file and its permissions") from bad
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as bad:
        raise DataError(f"{path.name} is not text in UTF-8: {bad.reason} at byte {bad.start}", where=str(path), fix=ENCODING) from bad
    if b"\0" in content:
        raise DataError(f"{path.name} is not text: it holds NUL bytes", where=str(path), fix=ENCODING)
    if not content.strip():
        raise DataError(f"{path.name} is empty", where=str(path), fix="it needs a header line and at least one row")
    return content
