"""Texts counted: how long they are, how much of them the reference does not know, and which words they hold; sums, so that windows add up.

Texts are taken apart at white space by Arrow, in blocks of a few megabytes; a piece is read as words once a block however often it comes, and what is counted
of a text is the sum over its pieces. So the cost is that of Arrow's split and the pieces' variety, and memory that of a block.

| counted | of which texts | seen by it |
|---|---|---|
| `lengths`: words a text | all that are there, empty ones have 0 | longer, shorter, empty texts |
| `unknown`: the share of a text's words that the reference does not know | texts with a word | a new topic, language or spelling |
| `buckets`: does a text hold a word of this bucket? | all that are there | known words that became more or less frequent |

Blind to the words' order, to two words that share one of the 128 buckets, in very long texts (which hold words of nearly every bucket) to their mix, and to
what stands behind the first 100,000 characters.

>>> from keepfit.profiles.text_sketch import TextSketch
>>> sketch = TextSketch(rows=4, bins=15)
>>> sketch.add(pa.array(["pay the bill", "the bill is wrong", "", None]))
>>> found = count_texts(pa.array(["the voucher is wrong", None]), sketch.layout())
>>> found.words, found.unseen, found.n, found.missing
(4, 1, 1, 1)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.profiles.kernel import count_numbers
from keepfit.profiles.known_words import are_known
from keepfit.records import TextProfile
from keepfit.tables.words import READ, hashes_of

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
BUCKETS = 128
SHARES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75)
"""The edges of the share of a text's words that are unknown."""
BYTES = 8 << 20
"""Texts are read in blocks of about so many bytes."""


@dataclass(frozen=True)
class Pieces:
    """The pieces of a block of texts: `rows` (each text's number of pieces), `codes` (each piece's place among the different ones), and the words of these."""

    rows: Ints
    codes: npt.NDArray[np.int32]
    sizes: Ints
    words: Hashes

    def summed(self, each: Ints) -> Ints:
        """Return the sum over each text's pieces of a number of each different piece."""
        return self._reduced(np.add, each, np.int64)

    def held(self, each: Hashes) -> Hashes:
        """Return the bits that are set in any of a text's pieces."""
        return self._reduced(np.bitwise_or, each, np.uint64)

    def per_piece(self, each: npt.NDArray[Any], ufunc: Any) -> npt.NDArray[Any]:
        """Return `ufunc` over the words of each different piece, 0 where it has none."""
        return _by_segments(ufunc, each, self.sizes)

    def _reduced(self, ufunc: Any, each: npt.NDArray[Any], dtype: Any) -> npt.NDArray[Any]:
        return _by_segments(ufunc, each[self.codes], self.rows).astype(dtype, copy=False)


def _by_segments(ufunc: Any, values: npt.NDArray[Any], sizes: Ints) -> npt.NDArray[Any]:
    found = np.zeros(len(sizes), values.dtype)
    there = sizes > 0
    if there.any():
        found[there] = ufunc.reduceat(values, (np.cumsum(sizes) - sizes)[there])
    return found


def count_texts(values: pa.ChunkedArray | pa.Array, layout: TextProfile, *, own: bool = False) -> TextProfile:
    """Return the counts of a column of texts on a layout; `own`: the rows are those that the layout was learned from."""
    filter_ = layout.shared if own else layout.seen
    found = empty_texts(layout)
    for texts, missing, cut in blocks_of(values):
        found += _counted(pieces_of(texts), layout, filter_, missing=missing, cut=cut)
    return replace(found, seen="", shared="")


def empty_texts(layout: TextProfile) -> TextProfile:
    """Return a layout of texts with nothing counted."""
    lengths, unknown = (count_numbers(np.empty(0), part) for part in (layout.lengths, layout.unknown))
    return replace(layout, lengths=lengths, unknown=unknown, buckets=(0,) * len(layout.buckets), n=0, missing=0, words=0, unseen=0, cut=0)


def _counted(pieces: Pieces, layout: TextProfile, filter_: str, *, missing: int, cut: int) -> TextProfile:
    unknown = pieces.per_piece((~are_known(pieces.words, filter_)).astype(np.int64), np.add)
    lengths, unseen = pieces.summed(pieces.sizes), pieces.summed(unknown)
    shares = unseen[lengths > 0] / lengths[lengths > 0]
    return replace(
        layout,
        lengths=count_numbers(lengths.astype(np.float64), layout.lengths),
        unknown=replace(count_numbers(shares, layout.unknown), total=0.0, total_squared=0.0),  # sums of shares would depend on the order
        buckets=tuple(_buckets(pieces).tolist()),
        n=len(lengths),
        missing=missing,
        words=int(lengths.sum()),
        unseen=int(unseen.sum()),
        cut=cut,
    )


def _buckets(pieces: Pieces) -> Ints:
    """How many texts hold a word of each bucket: the bits that each text's pieces set, 64 buckets at a time."""
    bucket = pieces.words >> np.uint64(57)
    bit = np.uint64(1) << (bucket & np.uint64(63))
    found = []
    for half in range(BUCKETS // 64):
        bits = np.where(bucket >> np.uint64(6) == half, bit, np.uint64(0))
        held = pieces.held(pieces.per_piece(bits, np.bitwise_or))
        found.append(np.unpackbits(held.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little").sum(axis=0, dtype=np.int64))
    return np.concatenate(found)


# -- reading ------------------------------------------------------------------------------------------------------------


def blocks_of(values: pa.ChunkedArray | pa.Array) -> Iterator[tuple[pa.Array, int, int]]:
    """Yield the texts that are there in blocks of a few megabytes, cut to what is read, with how many were missing before them and how many were cut."""
    for chunk in values.chunks if isinstance(values, pa.ChunkedArray) else [values]:
        texts = _plain(chunk)
        missing, known = texts.null_count, texts.drop_null()
        offsets = offsets_of(known)
        for start, end in _cuts(np.diff(offsets)):
            block, cut = known.slice(start, end - start), 0
            if np.diff(offsets[start : end + 1]).max(initial=0) > READ:
                cut = pc.sum(pc.greater(pc.utf8_length(block), READ)).as_py() or 0
                block = pc.utf8_slice_codeunits(block, 0, READ)
            yield block, missing, cut
            missing = 0


def _plain(chunk: pa.Array) -> pa.Array:
    """The texts out of their dictionary, in a type that Arrow can take apart."""
    known = chunk.dictionary_decode() if pa.types.is_dictionary(chunk.type) else chunk
    return known if pa.types.is_string(known.type) or pa.types.is_large_string(known.type) else known.cast(pa.large_string())


def offsets_of(array: Any) -> Ints:
    """Return where each text (or list) starts, and where the last ends, read from Arrow's buffer: `to_numpy` would import pandas."""
    if not len(array):
        return np.zeros(1, np.int64)
    large = pa.types.is_large_string(array.type) or pa.types.is_large_list(array.type)
    buffer = array.buffers()[1]
    return np.frombuffer(buffer, np.int64 if large else np.int32, array.offset + len(array) + 1)[array.offset :].astype(np.int64)


def _cuts(sizes: Ints) -> Iterator[tuple[int, int]]:
    """Yield where blocks start and end; at least one, so that what is missing is told."""
    ends = np.cumsum(np.minimum(sizes, 4 * READ))
    start = 0
    while True:
        done = int(ends[start - 1]) if start else 0
        end = min(len(sizes), max(start + 1, int(np.searchsorted(ends, done + BYTES, side="right"))))
        yield start, end
        start = end
        if start >= len(sizes):
            return


def pieces_of(texts: pa.Array) -> Pieces:
    """Return a block of texts taken apart at white space."""
    lists = pc.utf8_split_whitespace(texts)
    coded = lists.flatten().dictionary_encode()
    hashes = [hashes_of(piece) for piece in coded.dictionary.to_pylist()]
    sizes = np.fromiter(map(len, hashes), np.int64, len(hashes))
    words = np.fromiter(chain.from_iterable(hashes), np.uint64, int(sizes.sum()))
    codes = coded.indices
    buffer = codes.buffers()[1]
    places = np.frombuffer(buffer, np.int32, codes.offset + len(codes))[codes.offset :] if len(codes) else np.zeros(0, np.int32)
    return Pieces(rows=np.diff(offsets_of(lists)) if len(texts) else np.zeros(0, np.int64), codes=places, sizes=sizes, words=words)
