"""What becomes of each row, and why: a part and a reason, a code each a row."""

from __future__ import annotations

import numpy as np

from keepfit.compose.sources import Mask, Positions
from keepfit.compose.words import Words

FREE = ""
PARTS = (FREE, "train", "replay", "evaluate", "holdout", "out")
TRAINS = ("train", "replay")


class Fates:
    """The part and the reason of each of `n` rows; a row is free until it is sent somewhere.

    >>> rows = Fates(3)
    >>> rows.send(np.array([True, False, True]), "out", "no label")
    >>> rows.send(np.array([True, True, False]), "train", "recent")
    >>> rows.where("train").tolist(), rows.where("out").tolist(), [rows.reasons[code] for code in rows.reason]
    ([False, True, False], [True, False, True], ['no label', 'recent', 'no label'])
    """

    def __init__(self, n: int) -> None:
        self.part = np.zeros(n, np.uint8)
        self.reason = np.zeros(n, np.uint16)
        self.reasons: list[str] = [""]

    def where(self, *parts: str) -> Mask:
        """Which rows are in one of these parts."""
        wanted = np.isin(np.arange(len(PARTS)), [PARTS.index(part) for part in parts])
        found: Mask = wanted[self.part]
        return found

    def send(self, which: Mask, part: str, reason: str) -> None:
        """Send those of the marked rows that are free."""
        chosen = which & (self.part == 0)
        self.part[chosen], self.reason[chosen] = PARTS.index(part), self._code(reason)

    def move(self, which: Mask, part: str, reason: str) -> None:
        """Send the marked rows, wherever they are.

        >>> rows = Fates(2)
        >>> rows.send(np.array([True, True]), "evaluate", "later")
        >>> rows.move(np.array([True, False]), "out", "chosen")
        >>> rows.where("out").tolist()
        [True, False]
        """
        if which.any():
            self.part[which], self.reason[which] = PARTS.index(part), self._code(reason)

    def put(self, at: Positions, parts: Words, reasons: Words) -> None:
        """Say of each of the rows at these positions where it goes, and why."""
        if not len(at):
            return
        parts, reasons = parts.in_order(), reasons.in_order()
        self.part[at] = np.array([PARTS.index(name) for name in parts.names], np.uint8)[parts.codes]
        self.reason[at] = np.array([self._code(name) for name in reasons.names], np.uint16)[reasons.codes]

    def because(self, reason: str) -> Mask:
        """Which rows are where they are for this reason."""
        found: Mask = self.reason == self.reasons.index(reason) if reason in self.reasons else np.zeros(len(self.reason), np.bool_)
        return found

    def remark(self, which: Mask, note: str) -> None:
        """Add a note to the reasons of the marked rows.

        >>> rows = Fates(2)
        >>> rows.send(np.array([True, True]), "train", "recent")
        >>> rows.remark(np.array([False, True]), "curation a")
        >>> [rows.reasons[code] for code in rows.reason], rows.because("recent").tolist()
        (['recent', 'recent; curation a'], [True, False])
        """
        for code in np.unique(self.reason[which]):
            self.reason[which & (self.reason == code)] = self._code(f"{self.reasons[code]}; {note}")

    def _code(self, reason: str) -> int:
        if reason not in self.reasons:
            self.reasons.append(reason)
        return self.reasons.index(reason)
