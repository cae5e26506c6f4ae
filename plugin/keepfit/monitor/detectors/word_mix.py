"""Which of the words texts hold, read from hashed buckets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from keepfit.monitor.detectors.detector import OF_ROWS, TEXTS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import texts_of, unmeasured
from keepfit.records import ColumnProfile, Evidence
from keepfit.stats.fisher import fisher


@dataclass(frozen=True)
class WordMix:
    """Did words become more or less frequent? `effect` is the largest change, over 128 buckets of words, of the share of texts that hold one of the bucket.

    p is Fisher's exact test of the bucket that changed most, two-sided, times the number of buckets (Bonferroni): buckets depend on one another, and that
    holds anyhow.

    Blind to which words they are, to words that share a bucket and move against each other, and to texts of hundreds of words, which hold nearly every bucket.

    >>> from keepfit.profiles.text_sketch import TextSketch
    >>> from keepfit.profiles.texts import count_texts
    >>> import pyarrow as pa
    >>> sketch, before, now = TextSketch(rows=2, bins=15), pa.array(["pay the bill", "the bill"]), pa.array(["pay pay", "pay the bill"])
    >>> sketch.add(before)
    >>> WordMix().compare(count_texts(before, sketch.layout()), count_texts(now, sketch.layout()), "body").effect
    0.5
    """

    name: ClassVar[str] = "word_mix"
    kinds: ClassVar[tuple[ColumnKind, ...]] = TEXTS
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many more or fewer texts hold some of the words"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a text on either side statistic, effect and p are None."""
        a, b = texts_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n, why="no texts on one side")
        if not (a.n and b.n):
            return nothing
        before, now = np.array(a.buckets) / a.n, np.array(b.buckets) / b.n
        most = int(np.argmax(np.abs(now - before)))
        effect = float(abs(now[most] - before[most]))
        p = min(1.0, len(before) * fisher((a.buckets[most], b.buckets[most]), (a.n, b.n))) if effect else 1.0
        said = f"words of bucket {most} are in {before[most]:.1%} of the texts before, {now[most]:.1%} now"
        return replace(nothing, statistic=float(np.abs(now - before).sum()), effect=effect, p_value=p, detail=said)
