"""Several files as one table: what type each column has in all of them, and which files do not fit.

Types that differ and lose nothing by a wider one get it: integers and fractions, text in any storage, an empty column. Else a column is text in
all files, as numbers, booleans and times can be written; a column that is known to hold numbers stays one, and the files that
hold something else in it (by rows, the fewer) do not fit. Nested columns of two types never do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.tables.number_text import is_text

EXACT = 2**53
Described = tuple[str, pa.Schema, int]  # a file's name, schema and rows


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A file whose column holds another type than most rows do."""

    file: str
    column: str
    holds: str
    others: str

    @property
    def sentence(self) -> str:
        """What is wrong with the file, without its name."""
        return f"the column {self.column!r} holds {self.holds}, in the other files {self.others}"


def column_types(schemas: Sequence[Described], *, numbers: Collection[str] = (), exact: Collection[str] = ()) -> tuple[pa.Schema, list[Misfit]]:
    """Return the schema of all files, given (name, schema, rows) of each, and the files that do not fit it.

    `numbers` are the columns known to hold them; integers of columns in `exact` are too large to become floats.

    >>> schemas = [("a", pa.schema({"x": pa.int64()}), 9), ("b", pa.schema({"x": pa.string(), "y": pa.bool_()}), 1)]
    >>> column_types(schemas)[0].types
    [DataType(string), DataType(bool)]
    >>> column_types(schemas, numbers=["x"])[1][0].sentence
    "the column 'x' holds string, in the other files int64"
    """
    names = dict.fromkeys(name for _, schema, _ in schemas for name in schema.names)
    fields, misfits = [], []
    for name in names:
        held = [(file, schema.field(name).type, rows) for file, schema, rows in schemas if name in schema.names]
        type_, odd = _type_of(name, held, number=name in numbers, exact=name in exact)
        fields.append(pa.field(name, type_))
        misfits += odd
    return pa.schema(fields), misfits


def _type_of(name: str, held: Sequence[tuple[str, pa.DataType, int]], *, number: bool, exact: bool) -> tuple[pa.DataType, list[Misfit]]:
    known = list(dict.fromkeys(type_ for _, type_, _ in held if not pa.types.is_null(type_)))
    if len(known) <= 1:
        return (known[0] if known else pa.null()), []
    together = _wider(known, exact=exact)
    if together is None and not number and all(_writes_as_text(type_) for type_ in known):
        together = pa.string()
    if together is not None:
        return together, []
    rows: Counter[pa.DataType] = Counter()
    for _, type_, count in held:
        rows[type_] += 0 if pa.types.is_null(type_) else count
    most = max(known, key=lambda type_: rows[type_])
    fitting = [type_ for type_ in known if _wider([most, type_], exact=exact) is not None]
    strange = [(file, type_) for file, type_, _ in held if type_ not in fitting and not pa.types.is_null(type_)]
    odd = [Misfit(file=file, column=name, holds=str(type_), others=str(most)) for file, type_ in strange]
    return _wider(fitting, exact=exact) or most, odd


def _wider(types: Sequence[pa.DataType], *, exact: bool) -> pa.DataType | None:
    """One type that takes all values of these, None where there is none."""
    if len(types) == 1:
        return types[0]
    if all(map(is_text, types)):
        return pa.string()
    if all(map(_is_number, types)):
        whole = all(map(pa.types.is_integer, types))
        return pa.int64() if whole and pa.uint64() not in types else None if exact else pa.float64()
    try:
        return pa.unify_schemas([pa.schema({"x": type_}) for type_ in types], promote_options="permissive").field("x").type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_))


def _writes_as_text(type_: pa.DataType) -> bool:
    return is_text(type_) or _is_number(type_) or pa.types.is_boolean(type_) or pa.types.is_temporal(type_)


def fit(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the table in a schema that it fits: its columns in those types, NULL where it has none.

    >>> fit(pa.table({"x": [1]}), pa.schema({"x": pa.string(), "y": pa.int8()})).to_pylist()
    [{'x': '1', 'y': None}]
    """
    columns = [_column(table[one.name], one.type) if one.name in table.column_names else pa.nulls(table.num_rows, one.type) for one in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    if values.type == type_:
        return values
    if pa.types.is_dictionary(values.type):
        values = pc.cast(values, values.type.value_type)
    return values.cast(type_, safe=False) if pa.types.is_floating(type_) else values.cast(type_)


def exact_columns(tables: Mapping[str, pa.Table]) -> set[str]:
    """Return the columns with an integer that no float64 holds."""
    return {
        field.name
        for table in tables.values()
        for field in table.schema
        if pa.types.is_integer(field.type) and (span := pc.min_max(table[field.name]).as_py())["max"] is not None and max(-span["min"], span["max"]) > EXACT
    }


def together(tables: Mapping[str, pa.Table], *, numbers: Collection[str] = (), rows: Mapping[str, int] | None = None) -> tuple[pa.Table, list[Misfit]]:
    """Return the files that fit as one table in their order, and those that do not; `rows` says how many a file has of which only some are given."""
    counts = {name: table.num_rows for name, table in tables.items()} | dict(rows or {})
    exact = exact_columns(tables) - set(numbers)
    schema, misfits = column_types([(name, table.schema, counts[name]) for name, table in tables.items()], numbers=numbers, exact=exact)
    odd = {one.file for one in misfits}
    return pa.concat_tables([fit(table, schema) for name, table in tables.items() if name not in odd]), misfits
