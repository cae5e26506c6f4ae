"""A table of which only the rows of a period were read, with what is known of the rest: so that it is taken in as the whole would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from keepfit.tables.number_text import is_text


@dataclass(frozen=True, kw_only=True)
class TablePart:
    """The rows that were read; `rows` and `span` are those of the whole (None: of what was read), `unread` the ids of the others."""

    table: pa.Table
    rows: int | None = None
    span: tuple[datetime, datetime] | None = None
    unread: pa.ChunkedArray | None = None


def may_be_read_in_part(schema: pa.Schema, time: str, words: Sequence[str]) -> bool:
    """Whether a file's footer tells which rows lie in a period, and no column of `words` has to be read whole to know what its texts mean.

    >>> may_be_read_in_part(pa.schema({"t": pa.timestamp("us"), "y": pa.string()}), "t", ["y"])
    False
    """
    if time not in schema.names or schema.names.count(time) > 1:
        return False
    type_ = schema.field(time).type
    texts = [name for name in words if name in schema.names and _may_be_text(schema.field(name).type)]
    return bool(pa.types.is_timestamp(type_) or pa.types.is_date(type_)) and not texts


def _may_be_text(type_: pa.DataType) -> bool:
    return is_text(type_.value_type if pa.types.is_dictionary(type_) else type_)


def as_part(read: pa.Table | TablePart) -> TablePart:
    """Return a table that was read whole as a part; a part as it is."""
    return read if isinstance(read, TablePart) else TablePart(table=read)
