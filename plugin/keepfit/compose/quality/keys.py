"""A 64-bit key for each row, from the values of its columns: rows of one key say the same, whatever stores them.

7, 7.0 and 7 as a decimal are one number, NULL and NaN are both missing, a text is its letters. Two rows that differ share a key with chance n² / 2⁶⁵: of ten
million rows three times in a million.

>>> whole, fractions = (keys(2, [pa.chunked_array([numbers]), pa.chunked_array([["a", "b"]])]) for numbers in ([7, 7], [7.0, 7.0]))
>>> whole.tolist() == fractions.tolist(), whole[0] == whole[1]
(True, np.False_)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.draws import Hashes, mixed, row_hashes

Positions = npt.NDArray[np.int64]
EXACT = 1 << 53
LONG = 2000  # bytes
FEW, BLOCK = 1 << 18, 1 << 17


def keys(n: int, columns: Iterable[pa.ChunkedArray]) -> Hashes:
    """Return the keys of `n` rows; the columns are looked at one after the other, so that one at a time is in memory."""
    found = np.zeros(n, np.uint64)
    for column in columns:
        at, exact = 0, _are_exact(column)
        for values in _blocks(column):
            end = at + len(values)
            found[at:end] = mixed(found[at:end] ^ _hashes(values, exact=exact))
            at = end
    return found


def value_hashes(column: pa.ChunkedArray) -> Hashes:
    """Return a hash of each value, the same for the same value in whatever type it is stored."""
    exact = _are_exact(column)
    return np.concatenate([np.zeros(0, np.uint64), *(_hashes(values, exact=exact) for values in _blocks(column))])


def _blocks(column: pa.ChunkedArray) -> Iterator[pa.Array]:
    for chunk in column.chunks:
        for at in range(0, len(chunk), BLOCK):
            yield chunk.slice(at, BLOCK)


def _are_exact(column: pa.ChunkedArray) -> bool:
    """Whether a float holds each of a column's numbers; whole ones that it would round are compared by their digits."""
    if not pa.types.is_integer(column.type):
        return True
    span = pc.min_max(column).as_py()
    return span["max"] is None or max(span["max"], -span["min"]) <= EXACT


def _hashes(values: pa.Array, *, exact: bool) -> Hashes:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    types = pa.types
    if types.is_null(values.type):
        numbers = np.full(len(values), np.nan)
    elif types.is_boolean(values.type) or types.is_floating(values.type) or types.is_decimal(values.type) or (exact and types.is_integer(values.type)):
        numbers = np.asarray(pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
    else:
        return _of_texts(values)
    return mixed(np.where(np.isnan(numbers), np.nan, numbers + 0.0).view(np.uint64))  # one NaN, one zero


def _of_texts(values: pa.Array) -> Hashes:
    """Hashes of what is no number: each distinct text is hashed once."""
    if pa.types.is_timestamp(values.type):
        whole = pc.cast(pc.cast(values, pa.timestamp("us", values.type.tz), safe=False), pa.int64())
        found = mixed(pc.fill_null(whole, 0).to_numpy().view(np.uint64))
    else:
        text = values if pa.types.is_string(values.type) or pa.types.is_large_string(values.type) else _written(values)
        found = _of_short_and_long(text)
    if values.null_count:
        found = found.copy()
        found[np.asarray(values.is_null())] = mixed(np.full(1, np.nan).view(np.uint64))[0]
    return found


def _of_short_and_long(text: pa.Array) -> Hashes:
    """Hashes of texts: those of a page and more by a digest, as a hash that goes eight bytes at a time through all texts takes as long as the longest."""
    long = pc.fill_null(pc.greater(pc.binary_length(text), LONG), fill_value=False)
    if not pc.any(long).as_py():
        return row_hashes(text)
    found = row_hashes(pc.if_else(long, pa.scalar("", text.type), text)).copy()
    for at in np.flatnonzero(long.to_numpy(zero_copy_only=False)):
        found[at] = int.from_bytes(blake2b(text[int(at)].as_buffer(), digest_size=8).digest(), "little")
    return found


def _written(values: pa.Array) -> pa.Array:
    try:
        return pc.cast(values, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # lists, records of fields, bytes
        return pa.array([None if value is None else repr(value) for value in values.to_pylist()], pa.string())


def repeats(found: Hashes, among: Positions) -> tuple[Positions, Positions]:
    """Return those of the positions whose key an earlier one has (in the order in which they are given), and beside each the first that has it.

    >>> [places.tolist() for places in repeats(np.array([5, 9, 5, 5], np.uint64), np.array([3, 0, 1, 2]))]
    [[0, 2], [3, 3]]
    """
    own = found[among]
    parts = [_repeats(own, at) for at in _parts(own)]
    again, first = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    order = np.argsort(again, kind="stable")
    return among[again[order]], among[first[order]]


def _parts(own: Hashes) -> Iterator[Positions]:
    """The places of keys that may be equal: of very many a sixteenth at a time, so that putting them in order takes little memory."""
    if len(own) < FEW:
        yield np.arange(len(own))
        return
    leading = (own >> np.uint64(60)).astype(np.uint8)
    for part in range(16):
        yield np.flatnonzero(leading == part)


def _repeats(own: Hashes, at: Positions) -> tuple[Positions, Positions]:
    keys_there = own[at]
    order = np.argsort(keys_there, kind="stable")
    keys_there = keys_there[order]
    starts = np.ones(len(at), np.bool_)
    starts[1:] = keys_there[1:] != keys_there[:-1]
    again = np.flatnonzero(~starts)
    first = np.flatnonzero(starts)[np.cumsum(starts)[again] - 1]
    return at[order[again]], at[order[first]]
