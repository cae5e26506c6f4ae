"""A word for each row, of which few differ: a code a row and the words that they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from keepfit.compose.sources import Mask, Texts

Codes = npt.NDArray[np.uint16]


@dataclass(frozen=True)
class Words:
    """`codes[row]` is the place of the row's word in `names`, two bytes a row where a text takes sixty.

    >>> said = Words.all(3, "train").but(np.array([False, True, False]), "out")
    >>> said.texts.tolist(), said.among("out").tolist(), said.in_order().names
    (['train', 'out', 'train'], [False, True, False], ('train', 'out'))
    """

    codes: Codes
    names: tuple[str, ...]

    @classmethod
    def of(cls, texts: Texts) -> Words:
        """Return the words of an array of texts."""
        names = tuple(dict.fromkeys(texts))
        place = {name: at for at, name in enumerate(names)}
        return cls(np.fromiter(map(place.__getitem__, texts), np.uint16, len(texts)), names)

    @classmethod
    def all(cls, n: int, word: str) -> Words:
        """Return one word for `n` rows."""
        return cls(np.zeros(n, np.uint16), (word,))

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def texts(self) -> Texts:
        """The words, as Python's text."""
        found: Texts = np.array([*self.names, ""], dtype=object)[self.codes]
        return found

    def among(self, *words: str) -> Mask:
        """Which rows have one of these words."""
        wanted = np.array([*(name in words for name in self.names), False])
        found: Mask = wanted[self.codes]
        return found

    def but(self, which: Mask, word: str) -> Words:
        """Return the words, of the marked rows this one."""
        names = self.names if word in self.names else (*self.names, word)
        return Words(np.where(which, np.uint16(names.index(word)), self.codes), names)

    def in_order(self) -> Words:
        """Return the same with the words in the order in which they come first, and none that no row has."""
        first = {}
        for at in range(len(self.names)):
            has = self.codes == at
            place = int(has.argmax()) if len(has) else 0
            if len(has) and has[place]:
                first[at] = place
        there = sorted(first, key=lambda at: first[at])
        codes = np.zeros(len(self.names) + 1, np.uint16)
        codes[there] = np.arange(len(there), dtype=np.uint16)
        return Words(codes[self.codes], tuple(self.names[at] for at in there))
