"""The permanent holdout: a share of the rows of every window, chosen by hash, that never trains any model.

A row's side depends on its group (or id) and the salt alone: not on the other rows, on their order or on the day it is asked.

>>> keys = [f"row {number}" for number in range(100_000)]
>>> round(float(in_holdout(keys, share=0.2, salt="keepfit").mean()), 2)
0.2
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

BYTES = 8
BLOCK = 8192  # keys at a time: their objects stay in the processor's cache
QUOTE, BACKSLASH = ord("'"), ord("\\")


def in_holdout(keys: Iterable[str | None] | pa.ChunkedArray, *, share: float, salt: str) -> npt.NDArray[np.bool_]:
    """Return for each key (a row's group, or its id) whether it belongs to the holdout of `share`; NULL is a key like others.

    Rows of one key are on one side. Blind to sizes: with few, large groups the share of *rows* may be far from `share`.
    """
    texts = keys if isinstance(keys, pa.ChunkedArray) else pa.chunked_array([pa.array(list(keys), pa.string())])
    limit = round(share * 256**BYTES)
    if not 0 < limit < 256**BYTES:
        return np.full(len(texts), limit > 0)
    return key_hashes(texts, salt=salt) < np.uint64(limit)


def key_hashes(keys: pa.ChunkedArray, *, salt: str) -> npt.NDArray[np.uint64]:
    """Return the keyed BLAKE2b of each key, as Python writes it, in its first 64 bits."""
    key = blake2b(salt.encode(), digest_size=32).digest()
    quoted = blake2b(b"'", digest_size=BYTES, key=key)  # what all begin with is hashed once: half of the work
    found, done = np.empty(len(keys), np.uint64), 0
    for block in (chunk.slice(at, BLOCK) for chunk in keys.chunks for at in range(0, len(chunk), BLOCK)):
        digests = _quoted(block, quoted) if _is_plain(block) else _written(block, key)
        found[done : done + len(block)] = np.frombuffer(digests, ">u8")
        done += len(block)
    return found


def _is_plain(texts: pa.Array) -> bool:
    """Whether Python writes each of the texts as it is, between single quotes."""
    if texts.null_count or not pa.types.is_string(texts.type):
        return False
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    raw = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None else np.zeros(0, np.uint8)
    return not len(raw) or bool(raw.min() >= ord(" ") and raw.max() <= ord("~") and not ((raw == QUOTE) | (raw == BACKSLASH)).any())


def _quoted(texts: pa.Array, begun: blake2b) -> bytes:
    digests = []
    for rest in pc.binary_join_element_wise(texts, "'", "").cast(pa.binary()).to_pylist():
        one = begun.copy()
        one.update(rest)
        digests.append(one.digest())
    return b"".join(digests)


def _written(texts: pa.Array, key: bytes) -> bytes:
    return b"".join(blake2b(repr(text).encode(), digest_size=BYTES, key=key).digest() for text in texts.to_pylist())
