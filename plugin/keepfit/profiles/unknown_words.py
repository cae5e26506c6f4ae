"""Which words of some texts a reference does not know, the most frequent first: the names that profiles do not hold.

Counted on at most `LOOKED_AT` texts, evenly spread, since it needs the words. Blind to words that the reference's filter takes for known (about 1 %).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from keepfit.profiles.known_words import are_known
from keepfit.records import TextProfile
from keepfit.tables.words import hash_of, words_of

LOOKED_AT, LONGEST = 2_000, 24


@dataclass(frozen=True, kw_only=True)
class UnknownWord:
    """A word that the reference does not know, and the share of the texts that hold it."""

    word: str
    share: float

    @property
    def said(self) -> str:
        """The word as people are shown it: a very long one by its beginning."""
        return self.word if len(self.word) <= LONGEST else f"{self.word[: LONGEST - 1]}…"


def unknown_words(values: pa.ChunkedArray | pa.Array, layout: TextProfile, *, most: int = 5) -> tuple[UnknownWord, ...]:
    """Return the words that most texts hold and that the layout's reference does not know; of equally frequent ones the first in the alphabet.

    >>> from keepfit.profiles.text_sketch import TextSketch
    >>> sketch = TextSketch(rows=1, bins=15)
    >>> sketch.add(pa.array(["pay the bill"]))
    >>> [(one.word, one.share) for one in unknown_words(pa.array(["the voucher", "a voucher", None]), sketch.layout())]
    [('voucher', 1.0), ('a', 0.5)]
    """
    texts = _spread(values)
    held = Counter(word for text in texts for word in set(words_of(text)))
    words = list(held)
    known = are_known(np.array([hash_of(word) for word in words], np.uint64), layout.seen)
    new = sorted((word for word, there in zip(words, known.tolist(), strict=True) if not there), key=lambda word: (-held[word], word))
    return tuple(UnknownWord(word=word, share=held[word] / len(texts)) for word in new[:most])


def _spread(values: pa.ChunkedArray | pa.Array) -> list[str]:
    step = max(1, len(values) // LOOKED_AT)
    found: list[Any] = [values[row].as_py() for row in range(0, len(values), step)]
    return [str(value) for value in found if value is not None]
