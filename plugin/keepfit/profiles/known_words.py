"""Which words a reference knows, in a quarter of a megabyte at most: a Bloom filter (Bloom 1970) that is cut to its words.

A known word is always found. One that is not known is taken for known at the filter's false-seen rate: at most 1.3 % up to 200,000 different words, about
8 % at 400,000 and half of them at a million (`false_seen_rate` says it of any filter). Memory does not grow with the words.

**The reference's own words.** A table that taught the words knows all of them, and would make every later one look full of new words. So what it is worth
itself is counted as later windows are: its rows are cut into twenty equal stretches, in their order, and a word is new to a stretch if no other
stretch holds it (`shared`). Blind to how new a word is: one that stood in a single text of the reference is known.

>>> learner = WordsLearner()
>>> for stretch, words in enumerate(([1, 2], [2, 3])):
...     learner.add(np.array(words, np.uint64), stretch)
>>> known, shared = learner.filters()
>>> [are_known(np.array([1, 2, 3, 4], np.uint64), each).tolist() for each in (known, shared)]
[[True, True, True, False], [False, True, False, False]]
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from keepfit.profiles.open_words import OpenWords, no_words

Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
MOST, LEAST = 21, 10
"""A filter has 2^10 to 2^21 bits."""
PROBES = 4
FULL = 1 / 3
"""A filter is made as small as leaves no more than so much of it set: an unknown word is then taken for known in (1/3)^4 = 1.2 % of cases."""
STRETCHES = 20
FILTERS = ("_before", "_now", "_shared")


class WordsLearner:
    """Learns which words a table holds, and which of them more than one stretch of it does. It can be pickled, and learners of neighbouring parts add up.

    `whole`: the part starts the table. One that does not keeps the words that only an earlier part could show to be shared.
    """

    def __init__(self, *, whole: bool = True) -> None:
        self._before, self._now, self._shared = (np.zeros(1 << MOST, np.bool_) for _ in range(3))
        self._stretch, self._whole, self._open = 0, whole, no_words(PROBES)

    def add(self, words: Hashes, stretch: int) -> None:
        """Take in the words of some rows of a stretch; stretches come in order."""
        if stretch != self._stretch:
            self._before |= self._now
            self._now[:] = False
            self._stretch = stretch
        places = _places(words, 1 << MOST)
        met = self._before[places]
        known: Bools = np.asarray(met.all(axis=0))
        self._shared[places[:, known]] = True
        self._now[places] = True
        if not self._whole:
            self._open += OpenWords(words, np.full(len(words), stretch, np.uint8), met.T).where(~known)

    def __add__(self, other: WordsLearner) -> WordsLearner:
        """Return the learner of this part and the next one; neither is changed."""
        found = WordsLearner(whole=self._whole)
        later = other._stretch > self._stretch
        found._stretch = max(self._stretch, other._stretch)
        found._before = self._before | other._before | (self._now & later)
        found._now = other._now.copy() if later else self._now | other._now
        found._shared = self._shared | other._shared
        found._open = self._open
        opened = self._answered(other._open)
        known: Bools = np.asarray(opened.met.all(axis=1))
        found._shared[_places(opened.words[known], 1 << MOST)] = True
        if not self._whole:
            found._open += opened.where(~known)
        return found

    def _answered(self, opened: OpenWords) -> OpenWords:
        """The next part's open words with the bits that this part's earlier stretches have set."""
        places = _places(opened.words, 1 << MOST)
        set_ = self._before[places] | (self._now[places] & (opened.stretches > self._stretch))
        return OpenWords(opened.words, opened.stretches, opened.met | set_.T)

    def filters(self) -> tuple[str, str]:
        """Return the filter of all words, and that of the words which more than one stretch holds."""
        return _packed(self._before | self._now), _packed(self._shared)

    def __getstate__(self) -> dict[str, Any]:
        """Filters travel as bits, deflated: most of them are unset."""
        return {name: zlib.compress(np.packbits(kept).tobytes(), 1) if name in FILTERS else kept for name, kept in self.__dict__.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Filters are unpacked to a byte a bit, in which they are quick to set."""
        self.__dict__.update(state)
        for name in FILTERS:
            setattr(self, name, np.unpackbits(np.frombuffer(zlib.decompress(state[name]), np.uint8)).astype(np.bool_))


def _places(words: Hashes, size: int) -> npt.NDArray[np.uint64]:
    """Where a word's bits lie, shape (probes, words): double hashing (Kirsch & Mitzenmacher 2006). In a smaller filter it is the same places, folded."""
    first, step = words & np.uint64(0xFFFFFFFF), (words >> np.uint64(32)) | np.uint64(1)
    return np.stack([(first + np.uint64(probe) * step) & np.uint64(size - 1) for probe in range(PROBES)])


def _packed(bits: Bools) -> str:
    while len(bits) > 1 << LEAST:
        half: Bools = bits[: len(bits) // 2] | bits[len(bits) // 2 :]
        if half.mean() > FULL:
            break
        bits = half
    return base64.b64encode(np.packbits(bits).tobytes()).decode()


@lru_cache(maxsize=8)
def _unpacked(filter_: str) -> Bools:
    return np.unpackbits(np.frombuffer(base64.b64decode(filter_), np.uint8)).astype(np.bool_)


def are_known(words: Hashes, filter_: str) -> Bools:
    """Return which of the words a filter knows."""
    bits = _unpacked(filter_)
    known = np.ones(len(words), np.bool_)
    for places in _places(words, len(bits)):
        known &= bits[places]
    return known


def false_seen_rate(filter_: str) -> float:
    """Return the share of unknown words that a filter takes for known.

    >>> learner = WordsLearner()
    >>> false_seen_rate(learner.filters()[0])
    0.0
    """
    return float(_unpacked(filter_).mean()) ** PROBES


def digest_of(filter_: str) -> str:
    """Return what a filter goes by: sixteen hex digits of the SHA-256 of its text."""
    return hashlib.sha256(filter_.encode()).hexdigest()[:16]
