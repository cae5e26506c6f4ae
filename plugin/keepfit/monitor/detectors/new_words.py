"""Words that the reference does not know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from keepfit.monitor.detectors.detector import GROWN_ROWS, TEXTS, ColumnKind, Effect
from keepfit.monitor.detectors.ks import p_of
from keepfit.monitor.detectors.sides import texts_of, unmeasured
from keepfit.records import ColumnProfile, Evidence, NumericProfile


@dataclass(frozen=True)
class NewWords:
    """Do texts hold more words that the reference does not know? `statistic` is their share now, `effect` the share of the texts that came to hold more.

    A text's share of unknown words is counted on nine steps; the effect is the largest gap by which texts moved up them (one-sided Kolmogorov-Smirnov, 0 to
    1), p that of the two-sided test, and 1 where nothing moved up. What the reference is worth itself is counted without a word's own part of it
    (`profiles/known_words.py`), so that the ordinary share of new words is no change.

    Blind to which words are new (a profile holds none; a ticket names them from the window's rows), to words that are gone, to known words in another sense,
    and to numbers, which are one word. An unknown word is taken for known in about 1 % of cases.

    >>> from keepfit.profiles.text_sketch import TextSketch
    >>> from keepfit.profiles.texts import count_texts
    >>> import pyarrow as pa
    >>> sketch, before, now = TextSketch(rows=2, bins=15), pa.array(["pay the bill", "the bill"]), pa.array(["the voucher", "the bill"])
    >>> sketch.add(before)
    >>> found = NewWords().compare(count_texts(before, sketch.layout()), count_texts(now, sketch.layout()), "body")
    >>> found.effect, found.detail
    (0.5, 'words unknown to the reference: 0.0% before, 25.0% now')
    """

    name: ClassVar[str] = "new_words"
    kinds: ClassVar[tuple[ColumnKind, ...]] = TEXTS
    effect: ClassVar[Effect] = GROWN_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many more texts hold more words that the reference does not know"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a word on either side statistic, effect and p are None."""
        a, b = texts_of(self.name, reference, current, column)
        before, now = a.unseen_share, b.unseen_share
        nothing = unmeasured(self.name, column, n=b.unknown.n, n_reference=a.unknown.n, why="no words on one side")
        if before is None or now is None:
            return nothing
        gap = _moved_up(a.unknown, b.unknown)
        p = p_of(gap, a.unknown.n, b.unknown.n) if gap else 1.0
        return replace(nothing, statistic=now, effect=gap, p_value=p, detail=f"words unknown to the reference: {before:.1%} before, {now:.1%} now")


def _moved_up(a: NumericProfile, b: NumericProfile) -> float:
    below = [np.cumsum(side.counts)[:-1] / side.n for side in (a, b)]
    return float(np.max(below[0] - below[1], initial=0.0))
