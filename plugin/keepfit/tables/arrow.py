"""Arrow columns as the kernel counts them: numbers as float64 with NaN for NULL, everything else as how often each text occurs.

Read from Arrow's buffers, because `to_numpy`, `scalar` and `fill_null` import pandas. Blind to what float64 cannot tell apart:
two integers above 2**53 that round to one float are one number (as categories they stay two).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import DataError
from keepfit.tables.moment_texts import holds_moments, in_utc
from keepfit.tables.nearest_floats import nearest_floats
from keepfit.tables.number_text import is_text

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["numeric", "categorical", "text"]
Floats = npt.NDArray[np.float64]


def as_table(data: pa.Table | pa.RecordBatch | pd.DataFrame) -> pa.Table:
    """Return an Arrow table as it is, a batch or a pandas frame as one; raises `DataError` for columns of mixed types."""
    if isinstance(data, pa.Table):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.Table.from_batches([data])
    try:
        return pa.Table.from_pandas(data, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as bad:
        raise DataError(f"the table has a column of mixed types: {str(bad).splitlines()[0][:200]}", fix="give each column one type") from bad


def kind_of(type_: pa.DataType) -> Kind | None:
    """Return how a column of this type is profiled: numbers numeric; text, booleans and dictionaries categorical; times and lists not at all.

    >>> kind_of(pa.int8()), kind_of(pa.bool_()), kind_of(pa.timestamp("us"))
    ('numeric', 'categorical', None)
    """
    if pa.types.is_null(type_) or pa.types.is_boolean(type_) or is_text(type_):
        return "categorical"
    return "numeric" if is_number(type_) else None


def is_number(type_: Any) -> bool:
    """Whether a column of this type can be counted as numbers; one of only NULLs can, and booleans are 0 and 1."""
    types = pa.types
    return bool(types.is_integer(type_) or types.is_floating(type_) or types.is_decimal(type_) or types.is_null(type_) or types.is_boolean(type_))


def floats(values: pa.ChunkedArray, name: str) -> Floats:
    """Return float64 values, NULL as NaN; raises `DataError` for a column that holds no numbers.

    >>> floats(pa.chunked_array([[1, None], [2**53 + 1]]), "x").tolist()
    [1.0, nan, 9007199254740992.0]
    """
    if not is_number(values.type):
        raise DataError(f"the numeric column {name!r} holds {values.type}", fix="declare it categorical (params.yaml: data.features)")
    whole = nearest_floats(values)
    known = _known(whole)
    if known is None:
        return _buffer(whole, np.float64)
    return np.where(known, _buffer(whole, np.float64), np.nan) if known.any() else np.full(len(whole), np.nan)


def _buffer(array: pa.Array, dtype: Any) -> npt.NDArray[Any]:
    data = array.buffers()[1]
    if data is None or not len(array):
        return np.zeros(len(array), dtype)
    return np.frombuffer(data, dtype, count=array.offset + len(array))[array.offset :]


def _known(array: pa.Array) -> npt.NDArray[np.bool_] | None:
    """Which values are not NULL; None when all are."""
    if not array.null_count:
        return None
    validity = array.buffers()[0]
    if validity is None:
        return np.zeros(len(array), np.bool_)
    return np.unpackbits(np.frombuffer(validity, np.uint8), bitorder="little")[array.offset : array.offset + len(array)].astype(np.bool_)


def tally(values: pa.ChunkedArray | pa.Array) -> dict[str | None, int]:
    """Return how often each text occurs, NULL and NaN under None: 1.0 and 1 read the same, booleans are false and true.

    >>> tally(pa.chunked_array([["a ", "a"], ["a", None]]))
    {'a ': 1, 'a': 2, None: 1}
    """
    if pa.types.is_dictionary(values.type):
        return _tally_codes(values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values)
    found = pc.value_counts(texts(values))
    return dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))


def _tally_codes(values: pa.DictionaryArray) -> dict[str | None, int]:
    """Counting codes is ten times faster than hashing texts; a dictionary may name a text twice, or hold NULL."""
    codes = _buffer(values.indices, np.dtype(str(values.indices.type)))
    known = _known(values.indices)
    counts = np.bincount(codes if known is None else codes[known], minlength=len(values.dictionary))
    used = np.flatnonzero(counts).astype(np.int64)  # a batch of a large file may come with the dictionary of all of it
    named = texts(values.dictionary.take(pa.Array.from_buffers(pa.int64(), len(used), [None, pa.py_buffer(used)])))  # pa.array imports pandas
    found: dict[str | None, int] = {}
    for text, count in zip(named.to_pylist(), counts[used].tolist(), strict=True):
        found[text] = found.get(text, 0) + count
    if known is not None:
        found[None] = found.get(None, 0) + values.indices.null_count
    return found


def texts(values: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return the values as text, as categories are told apart: NaN is NULL, a moment its microsecond in UTC, a list is how it is written."""
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.nulls(len(values), values.type), values)
    if holds_moments(values.type):
        values = in_utc(values)
    if pa.types.is_nested(values.type):
        values = pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())
    return values if pa.types.is_string(values.type) else values.cast(pa.string())
