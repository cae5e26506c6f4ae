"""Columns in the one type that a value has whatever wrote it: text as `string`, whether it came as a dictionary, a view, or with long offsets."""

from __future__ import annotations

import pyarrow as pa


def settled_type(type_: pa.DataType) -> pa.DataType:
    """Return the type that values of this one are kept in.

    >>> settled_type(pa.dictionary(pa.int8(), pa.large_string())), settled_type(pa.int8())
    (DataType(string), DataType(int8))
    """
    if pa.types.is_dictionary(type_):
        return settled_type(type_.value_type)
    if pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return pa.string()
    return pa.binary() if pa.types.is_large_binary(type_) or pa.types.is_binary_view(type_) else type_


def settled_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema of `settled(table)`."""
    return pa.schema([pa.field(field.name, settled_type(field.type)) for field in schema], metadata=schema.metadata)


def settled(table: pa.Table) -> pa.Table:
    """Return the table with every column in the type that its values have whatever wrote them.

    >>> settled(pa.table({"x": pa.array(["a", None, "a"]).dictionary_encode()})).schema.types
    [DataType(string)]
    """
    for place, field in enumerate(table.schema):
        kind = settled_type(field.type)
        if kind != field.type or not field.nullable:
            table = table.set_column(place, pa.field(field.name, kind), table[field.name].cast(kind))
    return table
