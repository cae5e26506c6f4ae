"""The columns of a Spark table in Arrow's types, as a Parquet file of it would have them, and those that Spark cannot give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 5


@dataclass(frozen=True)
class SparkColumns:
    """`schema`: the columns that can be read; `places`: where each stands in the table; `unread`: name and Spark's word for the type of those that cannot."""

    schema: pa.Schema
    places: tuple[int, ...]
    unread: tuple[tuple[str, str], ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """One line on the columns that are left out, none if there are none.

        >>> import pyarrow as pa
        >>> SparkColumns(pa.schema({}), (), (("v", "variant"),)).remarks
        ("left out: 'v' (variant), which Spark does not give to Python as Arrow",)
        """
        if not self.unread:
            return ()
        shown = ", ".join(f"{name!r} ({kind})" for name, kind in self.unread[:SHOWN])
        more = f" and {len(self.unread) - SHOWN} more" if len(self.unread) > SHOWN else ""
        return (f"left out: {shown}{more}, which Spark does not give to Python as Arrow",)


def spark_columns(fields: Sequence[Any], *, where: str) -> SparkColumns:
    """Return the columns of a frame's `schema.fields`; names that differ only in case are different columns, as they are in a file.

    Raises `DataError` for a name that is there twice, or for a table without a column.
    """
    import pyarrow as pa

    names = [field.name for field in fields]
    repeated = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if repeated is not None or not names:
        what = "it has no column" if repeated is None else f"the column {repeated!r} is there twice"
        raise DataError(what, where=where, fix="select the columns to compare, each under a name of its own")
    found = [(place, field, arrow_type(field.dataType)) for place, field in enumerate(fields)]
    return SparkColumns(
        schema=pa.schema([(field.name, type_) for _, field, type_ in found if type_ is not None]),
        places=tuple(place for place, _, type_ in found if type_ is not None),
        unread=tuple((field.name, field.dataType.simpleString()) for _, field, type_ in found if type_ is None),
    )


def arrow_type(kind: Any) -> pa.DataType | None:
    """Return the Arrow type of a Spark type, None where Spark has no way to Arrow: intervals, times of day, variants, user-defined and geographic types."""
    import pyarrow as pa

    name = kind.typeName()
    if name in ("decimal", "array", "map", "struct"):
        return _made_of(kind, name)
    plain = {
        "boolean": pa.bool_(),
        "byte": pa.int8(),
        "tinyint": pa.int8(),
        "short": pa.int16(),
        "smallint": pa.int16(),
        "integer": pa.int32(),
        "int": pa.int32(),
        "long": pa.int64(),
        "bigint": pa.int64(),
        "float": pa.float32(),
        "double": pa.float64(),
        "string": pa.string(),
        "char": pa.string(),
        "varchar": pa.string(),
        "binary": pa.binary(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", "UTC"),
        "timestamp_ntz": pa.timestamp("us"),
        "void": pa.null(),
    }
    return plain.get(name)


def _made_of(kind: Any, name: str) -> pa.DataType | None:
    import pyarrow as pa

    if name == "decimal":
        return pa.decimal128(kind.precision, kind.scale)
    inner = {"array": lambda: [kind.elementType], "map": lambda: [kind.keyType, kind.valueType], "struct": lambda: [field.dataType for field in kind.fields]}
    types = [arrow_type(one) for one in inner[name]()]
    if None in types:
        return None
    if name == "struct":
        return pa.struct([(field.name, type_) for field, type_ in zip(kind.fields, types, strict=True)])
    return pa.list_(types[0]) if name == "array" else pa.map_(*types)
