"""Columns in types that every later step knows: what loses nothing by it is stored plainly.

>>> plain(pa.table({"x": pa.array(["a"], pa.string_view())})).schema.types
[DataType(string)]
>>> plain(pa.table({"x": pa.array(["a"]).cast(pa.dictionary(pa.int8(), pa.string_view()))})).schema.types
[DictionaryType(dictionary<values=string, indices=int8, ordered=0>)]
"""

from __future__ import annotations

import re
import uuid

import pyarrow as pa

NAMELESS = "an index that has no name"
INDEX = re.compile(r"^(__index_level_\d+__|Unnamed: 0(\.\d+)*)$")


def no_features(table: pa.Table) -> dict[str, str]:
    """Return the columns that say nothing of a row in a form that can be compared, each with what it is.

    >>> no_features(pa.table({"x": [1], "tags": [["a"]], "__index_level_0__": [0]}))
    {'tags': 'a list', '__index_level_0__': 'an index that has no name'}
    """
    found = {field.name: _kind(field.type) for field in table.schema}
    found |= {name: NAMELESS for name in table.column_names if INDEX.match(name)}
    return {name: what for name, what in found.items() if what is not None}


def _kind(type_: pa.DataType) -> str | None:
    types = pa.types
    for is_one, what in ((types.is_map, "a map"), (types.is_struct, "a record of fields"), (types.is_nested, "a list")):
        if is_one(type_):
            return what
    if types.is_binary(type_) or types.is_large_binary(type_) or types.is_fixed_size_binary(type_) or types.is_binary_view(type_):
        return "bytes"
    return "a duration" if types.is_duration(type_) else "a time of day" if types.is_time(type_) else None


def plain(table: pa.Table, *, extensions: bool = True) -> pa.Table:
    """Return the table with views, run-length encoded and (`extensions`) extension columns as the values in them; a UUID is its text."""
    for place, field in enumerate(table.schema):
        if _is_odd(field.type) and (extensions or not isinstance(field.type, pa.BaseExtensionType)):
            table = table.set_column(place, field.name, pa.chunked_array([_plain(chunk) for chunk in table[field.name].chunks] or [_plain(_none(field.type))]))
    return table


def decoded(table: pa.Table) -> pa.Table:
    """Return the table without dictionaries: every column as the values that they stand for.

    >>> decoded(pa.table({"x": pa.array(["a"]).dictionary_encode()})).schema.types
    [DataType(string)]
    """
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(field.type.value_type))
    return table


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema of `plain(table, extensions=False)` without a table: an empty one would import pandas.

    >>> plain_schema(pa.schema({"x": pa.string_view(), "y": pa.float16()})).types
    [DataType(string), DataType(float)]
    """
    return pa.schema([field.with_type(_plain_type(field.type)) for field in schema])


def _plain_type(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_run_end_encoded(type_):
        return _plain_type(type_.value_type)
    if pa.types.is_dictionary(type_):
        return pa.dictionary(type_.index_type, _plain_type(type_.value_type), type_.ordered)
    if pa.types.is_string_view(type_) or pa.types.is_binary_view(type_):
        return pa.string() if pa.types.is_string_view(type_) else pa.binary()
    return pa.float32() if pa.types.is_float16(type_) else type_


def _is_odd(type_: pa.DataType) -> bool:
    types = pa.types
    if types.is_dictionary(type_):
        return _is_odd(type_.value_type)  # Polars' categories are views
    odd = isinstance(type_, pa.BaseExtensionType) or types.is_string_view(type_) or types.is_binary_view(type_)
    return bool(odd or types.is_run_end_encoded(type_) or types.is_float16(type_))


def _none(type_: pa.DataType) -> pa.Array:
    return pa.nulls(0, type_.storage_type if isinstance(type_, pa.BaseExtensionType) else type_)


def _plain(values: pa.Array) -> pa.Array:
    if isinstance(values.type, pa.BaseExtensionType):
        if values.type.extension_name == "arrow.uuid":
            stored = values.storage.to_pylist()
            return pa.array([None if one is None else str(uuid.UUID(bytes=one)) for one in stored], pa.string())
        return _plain(values.storage)
    if pa.types.is_dictionary(values.type):
        return pa.DictionaryArray.from_arrays(values.indices, _plain(values.dictionary), ordered=values.type.ordered)
    if pa.types.is_run_end_encoded(values.type):
        import pyarrow.compute as pc

        return _plain(pc.run_end_decode(values))
    if pa.types.is_binary_view(values.type):
        return values.cast(pa.binary())
    if pa.types.is_float16(values.type):
        return values.cast(pa.float32())
    return values.cast(pa.string()) if pa.types.is_string_view(values.type) else values
