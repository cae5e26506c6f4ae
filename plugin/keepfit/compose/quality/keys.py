"""A 64-bit key for each row, from the values of its columns: rows of one key say the same, whatever stores them.

7, 7.0 and 7 as a decimal are one number, NULL and NaN are both missing, a text is its letters. Two rows that differ share a key with chance n² / 2⁶⁵: of ten
million rows three times in a million.

>>> whole, fractions = (keys(2, [pa.chunked_array([numbers]), pa.chunked_array([["a", "b"]])]) for numbers in ([7, 7], [7.0, 7.0]))
>>> whole.tolist() == fractions.tolist(), whole[0] == whole[1]
(True, np.False_)
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, mixed, row_hashes

Positions = npt.NDArray[np.int64]
EXACT = 1 << 53


def keys(n: int, columns: Iterable[pa.ChunkedArray]) -> Hashes:
    """Return the keys of `n` rows; the columns are looked at one after the other, so that one at a time is in memory."""
    found = np.zeros(n, np.uint64)
    for column in columns:
        found = mixed(found ^ value_hashes(column))
    return found


def value_hashes(column: pa.ChunkedArray) -> Hashes:
    """Return a hash of each value, the same for the same value in whatever type it is stored."""
    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(values, pa.ChunkedArray):  # more text than one array holds
        return np.concatenate([value_hashes(pa.chunked_array([chunk])) for chunk in values.chunks])
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    numbers = _numbers(values)
    if numbers is None:
        return _of_texts(values)
    numbers = np.where(np.isnan(numbers), np.nan, numbers + 0.0)  # one NaN, one zero
    return mixed(numbers.view(np.uint64))


def _numbers(values: pa.Array) -> npt.NDArray[np.float64] | None:
    """The values as float64, NULL as NaN, where that loses nothing."""
    types = pa.types
    if types.is_null(values.type):
        return np.full(len(values), np.nan)
    if types.is_boolean(values.type) or types.is_floating(values.type) or types.is_decimal(values.type):
        return np.asarray(pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
    if types.is_integer(values.type):
        span = pc.min_max(values).as_py()
        if span["max"] is None or max(span["max"], -span["min"]) <= EXACT:
            return np.asarray(pc.cast(values, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    return None


def _of_texts(values: pa.Array) -> Hashes:
    """Hashes of what is no number: each distinct text is hashed once."""
    if pa.types.is_timestamp(values.type):
        whole = pc.cast(pc.cast(values, pa.timestamp("us", values.type.tz), safe=False), pa.int64())
        found = mixed(pc.fill_null(whole, 0).to_numpy().view(np.uint64))
    else:
        text = values if pa.types.is_string(values.type) or pa.types.is_large_string(values.type) else _written(values)
        found = row_hashes(text)
    if values.null_count:
        found = found.copy()
        found[np.asarray(values.is_null())] = mixed(np.full(1, np.nan).view(np.uint64))[0]
    return found


def _written(values: pa.Array) -> pa.Array:
    try:
        return pc.cast(values, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists, records of fields, bytes
        return pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())


def firsts(found: Hashes, among: Positions) -> Positions:
    """Return for each of the positions the first of them, in the order in which they are given, that has the same key.

    >>> firsts(np.array([5, 9, 5, 5], np.uint64), np.array([3, 0, 1])).tolist()
    [3, 3, 1]
    """
    _, first, inverse = np.unique(found[among], return_index=True, return_inverse=True)
    return among[first[inverse]]
