"""The order of texts by their bytes, which of them come again, and their words of eight bytes — on Arrow's buffers, without a Python object a text.

Texts that are sorted in a few long runs, as the ids of windows are, cost one merge of the runs.
"""

from __future__ import annotations

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
    """Texts as their bytes, eight at a time: where each starts in one run of bytes, and how long it is."""

    words: npt.NDArray[Any]
    start: Positions
    length: Positions

    @classmethod
    def of(cls, texts: pa.ChunkedArray) -> TextWords:
        """Look at an Arrow column of text; the bytes are copied once."""
        runs, starts, lengths, at = [], [], [], 0
        for chunk in texts.chunks:
            whole = chunk if not chunk.null_count else pc.fill_null(chunk, "")
            width = np.int64 if pa.types.is_large_string(whole.type) else np.int32
            _, offsets, data = whole.buffers()
            if not len(whole) or offsets is None:
                continue
            ends = np.frombuffer(offsets, width)[whole.offset : whole.offset + len(whole) + 1].astype(np.int64)
            runs.append(np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None else np.zeros(0, np.uint8))
            starts.append(ends[:-1] + (at - ends[0]))
            lengths.append(np.diff(ends))
            at += int(ends[-1] - ends[0])
        raw = np.concatenate([*runs, np.zeros(2 * WORD, np.uint8)])
        none = np.zeros(0, np.int64)
        return cls(np.ndarray((len(raw) - WORD + 1,), ">u8", raw, strides=(1,)), np.concatenate([none, *starts]), np.concatenate([none, *lengths]))

    def word(self, at: int, rows: Positions | slice = slice(None)) -> Words:
        """Return the eight bytes from `at` on of these texts as one number each, first byte highest; after a text's end they are 0."""
        left = np.clip(self.length[rows] - at, 0, WORD)
        found = self.words[np.minimum(self.start[rows] + at, len(self.words) - 1)].astype(np.uint64)
        short = np.flatnonzero(left < WORD)
        if len(short):
            gone = (WORD * (WORD - left[short])).astype(np.uint64)
            found[short] = np.where(left[short] > 0, (found[short] >> np.minimum(gone, 63)) << np.minimum(gone, 63), 0)
        return found


def _shared(view: TextWords) -> int:
    """How many bytes all texts begin with alike."""
    at, least = 0, int(view.length.min(initial=0))
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
        order = np.argsort(word := self.view.word(self.at), kind="stable")
        same = word[order[1:]] == word[order[:-1]]
        del word
        longest = int(self.view.length.max(initial=0))
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
        key = word(self.at, rows) if word is not None else self.view.length[rows]
        placed = np.lexsort((key, group))
        order[at], key, group = rows[placed], key[placed], group[placed]
        same[at[1:] - 1] = (group[1:] == group[:-1]) & (key[1:] == key[:-1])
