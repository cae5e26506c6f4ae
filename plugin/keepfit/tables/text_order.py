"""The order of texts by their bytes, which of them come again, and their words of eight bytes — on Arrow's buffers, without a Python object a text.

Texts that are sorted in a few long runs, as the ids of windows are, cost one merge of the runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

WORD = 8
Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


def text_order(texts: pa.ChunkedArray) -> tuple[Positions, Positions]:
    """Return the positions of texts in the order of their UTF-8 bytes, equal ones as they came; and of those the places that repeat the one before.

    NULL is as the empty text.

    >>> order, again = text_order(pa.chunked_array([["b", "ab", "é"], ["a", "ab", ""]]))
    >>> order.tolist(), again.tolist()
    ([5, 3, 1, 4, 0, 2], [3])
    """
    view = TextWords.of(texts)
    return _Sorting(view, _shared(view)).run()


@dataclass(frozen=True)
class TextWords:
    """Texts as their bytes, eight at a time, each chunk where it lies: `first` is the number of its first text."""

    chunks: tuple[TextChunk, ...]
    first: Positions

    @classmethod
    def of(cls, texts: pa.ChunkedArray) -> TextWords:
        """Look at an Arrow column of text."""
        chunks = tuple(TextChunk.of(chunk) for chunk in texts.chunks if len(chunk))
        return cls(chunks, np.cumsum([0, *(len(chunk.ends) - 1 for chunk in chunks)]))

    def word(self, at: int, rows: Positions | None = None) -> Words:
        """Return the eight bytes from `at` on of these texts (None: all) as one number each, first byte highest; after a text's end they are 0."""
        return self._each(lambda chunk, own: chunk.word(at, own), rows, np.uint64)

    def length(self, rows: Positions | None = None) -> Words:
        """Return how many bytes each of the texts has."""
        return self._each(lambda chunk, own: chunk.length(own).astype(np.uint64), rows, np.uint64)

    def _each(self, look: Callable[[TextChunk, Positions | None], Words], rows: Positions | None, kind: type[np.uint64]) -> Words:
        if rows is None:
            return np.concatenate([np.zeros(0, kind), *(look(chunk, None) for chunk in self.chunks)])
        found, place = np.zeros(len(rows), kind), np.searchsorted(self.first, rows, side="right") - 1
        for at, chunk in enumerate(self.chunks):
            own = np.flatnonzero(place == at)
            found[own] = look(chunk, rows[own] - self.first[at])
        return found


@dataclass(frozen=True)
class TextChunk:
    """Texts one after the other in `raw`, each from one of the `ends` to the next."""

    raw: npt.NDArray[np.uint8]
    ends: npt.NDArray[Any]

    @classmethod
    def of(cls, texts: pa.Array) -> TextChunk:
        """Look at an Arrow array of text; its bytes are copied where they are few."""
        whole = texts if not texts.null_count else pc.fill_null(texts, "")
        _, offsets, data = whole.buffers()
        ends = np.frombuffer(offsets, np.int64 if pa.types.is_large_string(whole.type) else np.int32)[whole.offset : whole.offset + len(whole) + 1]
        raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
        return cls(raw if len(raw) >= WORD else np.concatenate([raw, np.zeros(WORD, np.uint8)]), ends)

    def length(self, rows: Positions | None) -> Positions:
        """How many bytes the texts have."""
        found: Positions = np.diff(self.ends) if rows is None else self.ends[rows + 1] - self.ends[rows]
        return found

    def word(self, at: int, rows: Positions | None) -> Words:
        """The eight bytes from `at` on."""
        start = (self.ends[:-1] if rows is None else self.ends[rows]) + at
        last = len(self.raw) - WORD
        words = np.ndarray((last + 1,), ">u8", self.raw, strides=(1,))
        found = words[np.minimum(start, last)].astype(np.uint64)
        late = np.flatnonzero(start > last)  # read from further before, so that it ends with the bytes that there are
        found[late] <<= (WORD * np.minimum(start[late] - last, WORD - 1)).astype(np.uint64)
        return _cut(found, self.length(rows) - at)


def _cut(words: Words, left: Positions) -> Words:
    """The words with zeros after the end of their texts, of which so many bytes are left."""
    short = np.flatnonzero(left < WORD)
    gone = (WORD * (WORD - np.clip(left[short], 1, WORD))).astype(np.uint64)
    words[short] = np.where(left[short] > 0, (words[short] >> gone) << gone, np.uint64(0))
    return words


def _shared(view: TextWords) -> int:
    """How many bytes all texts begin with alike."""
    at, least = 0, int(view.length().min(initial=0)) if view.chunks else 0
    while at < least:
        word = view.word(at)
        low, high = int(word.min()), int(word.max())
        if low != high:
            return min(at + (WORD - ((low ^ high).bit_length() + 7) // 8), least)
        at += WORD
    return least


class _Sorting:
    """Sorts by one word after the other; what still ties is looked at again."""

    def __init__(self, view: TextWords, first: int) -> None:
        self.view, self.at = view, first

    def run(self) -> tuple[Positions, Positions]:
        """Return order and repeats."""
        word = self.view.word(self.at)
        order = np.argsort(word, kind="stable")
        word = word[order]
        same = word[1:] == word[:-1]
        del word
        longest = int(self.view.length().max(initial=0))
        while same.any() and self.at < longest:
            self.at += WORD
            self._refine(order, same, self.view.word if self.at < longest else None)
        return order, np.flatnonzero(same) + 1

    def _refine(self, order: Positions, same: npt.NDArray[np.bool_], word: Any) -> None:
        """Put the tied places in order by their next word, or (after the last) by length; `same` says afterwards what ties still."""
        tied = np.zeros(len(order), np.bool_)
        tied[1:] |= same
        tied[:-1] |= same
        at = np.flatnonzero(tied)
        rows = order[at]
        group = np.cumsum(np.concatenate([[0], ~same[at[1:] - 1]]))
        key = word(self.at, rows) if word is not None else self.view.length(rows)
        placed = np.lexsort((key, group))
        order[at], key, group = rows[placed], key[placed], group[placed]
        same[at[1:] - 1] = (group[1:] == group[:-1]) & (key[1:] == key[:-1])
