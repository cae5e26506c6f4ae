"""Words of a part of a table of which only the parts before it say whether an earlier stretch holds them, too (`known_words.py`).

A part that does not start the table keeps them, each with its stretch and with which of its bits in the filter an earlier stretch is known to have set.
Joined to the part before, they are answered or stay open, exactly as if one learner had read both. Memory: 13 bytes a word, at most `MOST_OPEN` words; past
that some words that two far stretches hold are not found to be shared, which shows in a reference's own share of new words only.

>>> one = OpenWords(np.array([7, 5], np.uint64), np.array([1, 1], np.uint8), np.zeros((2, 4), np.bool_))
>>> (one + one).words.tolist(), len(no_words().words)
([5, 7], 0)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_OPEN = 1 << 18


@dataclass(frozen=True)
class OpenWords:
    """Different words by their hashes, shape (n,), the number of the stretch that each is in, and which of its bits were set before it, shape (n, probes)."""

    words: npt.NDArray[np.uint64]
    stretches: npt.NDArray[np.uint8]
    met: npt.NDArray[np.bool_]

    def __add__(self, other: OpenWords) -> OpenWords:
        """Return both, each word once; of one stretch in two parts it is open in both alike."""
        words, stretches = np.r_[self.words, other.words], np.r_[self.stretches, other.stretches]
        both = OpenWords(words, stretches, np.concatenate([self.met, other.met]))
        _, first = np.unique(both.words, return_index=True)
        return both.where(first[:MOST_OPEN])

    def where(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> OpenWords:
        """Return the chosen ones."""
        return OpenWords(self.words[chosen], self.stretches[chosen], self.met[chosen])


def no_words(probes: int = 4) -> OpenWords:
    """Return none."""
    return OpenWords(np.zeros(0, np.uint64), np.zeros(0, np.uint8), np.zeros((0, probes), np.bool_))
