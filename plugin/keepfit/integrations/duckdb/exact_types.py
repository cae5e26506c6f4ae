"""Which columns DuckDB gives exactly as Arrow reads them from the file: by the type of its own batches, and the type that they are to have.

| DuckDB gives | the file holds | |
|---|---|---|
| the same type | numbers, booleans, text, dates, decimals, times in µs and ns, lists … | as it is |
| text | large text, dictionaries of text | cast; dictionaries stay text: whatever takes text takes both |
| decimal128 | decimals of 32 or 64 bits | cast |
| times in µs | times in ms, or in another zone | cast: every one of them is a whole number of ms |

All others are read in this process: ids of 128 bits (UUID), times of day in ms, durations (DuckDB sees numbers),
decimals of more than 38 digits (DuckDB rounds them).

>>> exactly(pa.timestamp("us", "UTC"), pa.timestamp("ms", "Europe/Berlin")), exactly(pa.timestamp("us"), pa.timestamp("ns"))
(True, False)
>>> exactly(pa.float64(), pa.decimal256(50, 2))
False
"""

from __future__ import annotations

import pyarrow as pa

from keepfit.tables.number_text import is_text


def exactly(given: pa.DataType, wanted: pa.DataType) -> bool:
    """Whether a column that DuckDB gives in one type holds the values that Arrow reads in the other."""
    types = pa.types
    if given == wanted:
        return True
    if types.is_string(given):
        return is_text(wanted)
    if types.is_decimal(given) and types.is_decimal(wanted):
        return bool((given.precision, given.scale) == (wanted.precision, wanted.scale))
    if types.is_timestamp(given) and types.is_timestamp(wanted):
        return (given.tz is None) == (wanted.tz is None) and (given.unit == wanted.unit or (given.unit, wanted.unit) == ("us", "ms"))
    return False


def as_read(batch: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return DuckDB's batch with its columns in the types of a schema, in its order; dictionaries of texts stay plain text.

    >>> as_read(pa.table({"c": ["a"]}), pa.schema({"c": pa.dictionary(pa.int8(), pa.string())})).schema.types
    [DataType(string)]
    """
    for place, one in enumerate(schema):
        if batch.schema.field(place).type != one.type and not pa.types.is_dictionary(one.type):
            batch = batch.set_column(place, one.name, batch.column(place).cast(one.type))
    return batch
