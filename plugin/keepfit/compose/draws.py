"""Draws of rows: each row has a rank of its own, a hash of its id's text, and the lowest ranks are drawn.

So a draw depends on the ids and the seed alone: not on the order of the rows, on the type or tool that the ids were stored with, on threads, or on a
library's random numbers. More rows of the same draw are the same rows and others; a row that goes makes room for one, and changes no other.
Blind to an adversary: whoever chooses the ids chooses who is drawn.

>>> ranks(row_hashes(["a", "b", "a longer id"]), "seed 0").tolist() == ranks(row_hashes(["a longer id", "b", "a"]), "seed 0").tolist()[::-1]
True
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.quality.admissible import Floats

Hashes = npt.NDArray[np.uint64]
Positions = npt.NDArray[np.int64]
WORD, DIGITS = 8, 9
BLOCK = 1 << 15  # values at a time: they stay in the processor's cache
STEP, FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def mixed(values: Hashes) -> Hashes:
    """Return splitmix64 of each value (Steele, Lea & Flood 2014): a bijection under which neighbours have nothing in common.

    >>> [hex(value) for value in mixed(np.array([0, 1], np.uint64)).tolist()]
    ['0xe220a8397b1dcdaf', '0x910a2dec89025cc1']
    """
    found = np.empty(len(values), np.uint64)
    with np.errstate(over="ignore"):
        for at in range(0, len(values), BLOCK):
            z = np.add(values[at : at + BLOCK], STEP, out=found[at : at + BLOCK])
            z ^= z >> np.uint64(30)
            z *= FIRST
            z ^= z >> np.uint64(27)
            z *= SECOND
            z ^= z >> np.uint64(31)
    return found


def row_hashes(ids: Sequence[Any] | npt.NDArray[Any] | pa.Array | pa.ChunkedArray) -> Hashes:
    """Return a 64-bit hash of each id's text: its UTF-8 bytes, eight at a time, each word mixed into what came before.

    Numbers are hashed as they are written (7 as "7"), a missing id as none.
    """
    text = _texts(ids)
    offsets = np.frombuffer(text.buffers()[1], np.int64, len(text) + 1, offset=text.offset * 8)
    start, length = offsets[:-1] - offsets[0], np.diff(offsets)
    raw = text.buffers()[2]
    own = np.frombuffer(raw, np.uint8)[offsets[0] : offsets[-1]] if raw is not None else np.zeros(0, np.uint8)
    bytes_ = np.concatenate([own, np.zeros(WORD, np.uint8)])
    words = np.ndarray((len(bytes_) - WORD + 1,), "<u8", bytes_, strides=(1,))
    found = mixed(length.astype(np.uint64))
    if text.null_count:
        found[np.asarray(text.is_null())] = mixed(np.array([2**64 - 1], np.uint64))[0]
    for at in range(0, int(length.max(initial=0)), WORD):
        still: Any = slice(None) if length.min() > at else np.flatnonzero(length > at)
        found[still] = mixed(found[still] ^ _word(words, start[still] + at, length[still] - at))
    return found


def _texts(ids: Any) -> pa.Array:
    values = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids if isinstance(ids, pa.Array) else _array(ids)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return pc.cast(values, pa.large_string())


def _array(ids: Any) -> pa.Array:
    try:
        return pa.array(ids, pa.large_string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # numbers, times
        return pa.array([None if one is None else str(one) for one in ids], pa.large_string())


def _word(words: npt.NDArray[Any], start: Positions, left: Positions) -> Hashes:
    """The next eight bytes of each text, zeros after its end."""
    word = words[start].astype(np.uint64)
    short = left < WORD
    if short.any():
        kept = (np.uint64(1) << (np.uint64(8) * left[short].astype(np.uint64))) - np.uint64(1)
        word[short] &= kept
    return word


def ranks(hashes: Hashes, draw: str) -> Hashes:
    """Return each row's rank in a draw of this name: another name, another draw of the same rows."""
    key = np.frombuffer(blake2b(draw.encode(), digest_size=WORD).digest(), "<u8").astype(np.uint64)
    return mixed(np.bitwise_xor(hashes, key))


def uniform(hashes: Hashes, draw: str) -> Floats:
    """Return each row's own number from 0 up to 1 in a draw of this name: the first 53 bits of its rank.

    >>> bool(abs(uniform(np.arange(100_000, dtype=np.uint64), "mine").mean() - 0.5) < 0.005)
    True
    """
    found: Floats = (ranks(hashes, draw) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


def lowest(rank: Hashes, among: Positions, n: int) -> Positions:
    """Return `n` of these positions, in order: those of the lowest ranks; of equal ranks the earlier position.

    >>> lowest(np.array([5, 1, 9, 3], np.uint64), np.array([0, 2, 3]), 2).tolist()
    [0, 3]
    """
    if n >= len(among):
        return among
    if n <= 0:
        return among[:0]
    found = rank[among]
    last = np.partition(found, n - 1)[n - 1]
    below, level = among[found < last], among[found == last]
    return np.sort(np.concatenate([below, level[: n - len(below)]]))


def apportioned(total: int, shares: Floats | Positions) -> Positions:
    """Return whole numbers that add up to `total` in these proportions, each within one of its own (largest remainder; of equal ones the first).

    >>> apportioned(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    whole = total * np.asarray(shares, dtype=np.float64) / np.sum(shares)
    found: Positions = np.floor(whole).astype(np.int64)
    rest = np.argsort(-np.round(whole - found, DIGITS), kind="stable")[: total - int(found.sum())]
    found[rest] += 1
    return found
