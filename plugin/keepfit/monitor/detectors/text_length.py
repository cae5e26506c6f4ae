"""How long texts are, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import OF_ROWS, TEXTS, ColumnKind, Effect
from keepfit.monitor.detectors.ks import gap_of, p_of
from keepfit.monitor.detectors.sides import texts_of, unmeasured
from keepfit.records import ColumnProfile, Evidence


@dataclass(frozen=True)
class TextLength:
    """Are texts longer or shorter than before? Statistic and effect are the Kolmogorov-Smirnov gap of their lengths in words (0 to 1), p as `ks` has it.

    Blind to what the words are. A text without a word has length 0; in scripts without spaces a word is a pair of characters.

    >>> from keepfit.profiles.text_sketch import TextSketch
    >>> from keepfit.profiles.texts import count_texts
    >>> import pyarrow as pa
    >>> sketch, before, now = TextSketch(rows=2, bins=15), pa.array(["pay the bill", "the bill"]), pa.array(["", "the bill"])
    >>> sketch.add(before)
    >>> found = TextLength().compare(count_texts(before, sketch.layout()), count_texts(now, sketch.layout()), "body")
    >>> found.effect, found.detail
    (0.5, 'words a text: 2.5 before, 1.0 now')
    """

    name: ClassVar[str] = "text_length"
    kinds: ClassVar[tuple[ColumnKind, ...]] = TEXTS
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many texts are longer or shorter than before"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a text on either side statistic, effect and p are None."""
        a, b = texts_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n, why="no texts on one side")
        if not (a.n and b.n):
            return nothing
        gap = gap_of(a.lengths, b.lengths)
        return replace(
            nothing, statistic=gap, effect=gap, p_value=p_of(gap, a.n, b.n), detail=f"words a text: {a.words / a.n:.1f} before, {b.words / b.n:.1f} now"
        )
