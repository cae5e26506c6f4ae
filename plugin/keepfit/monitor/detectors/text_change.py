"""A column of texts by all three: new words, lengths, the mix of words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import OF_ROWS, TEXTS, ColumnKind, Effect
from keepfit.monitor.detectors.new_words import NewWords
from keepfit.monitor.detectors.text_length import TextLength
from keepfit.monitor.detectors.word_mix import WordMix
from keepfit.records import ColumnProfile, Evidence, TextProfile
from keepfit.tables.words import READ

PARTS = (NewWords(), TextLength(), WordMix())
SURE = 0.001


@dataclass(frozen=True)
class TextChange:
    """Did texts change in any way that is counted? Of what `new_words`, `text_length` and `word_mix` are sure of, that with the largest effect.

    p is that one's, times three (Bonferroni); where none is sure, the smallest p is. Statistic, effect and detail are that one's; the share of
    words unknown to the reference is said before it where it surely grew.
    Blind to what all three are blind to: the words' order and sense.

    >>> from keepfit.profiles.text_sketch import TextSketch
    >>> from keepfit.profiles.texts import count_texts
    >>> import pyarrow as pa
    >>> sketch, before, now = TextSketch(rows=2, bins=15), pa.array(["pay the bill", "the bill"]), pa.array(["the voucher", "a voucher"])
    >>> sketch.add(before)
    >>> TextChange().compare(count_texts(before, sketch.layout()), count_texts(now, sketch.layout()), "body").detail
    'words unknown to the reference: 0.0% before, 75.0% now'
    """

    name: ClassVar[str] = "text_change"
    kinds: ClassVar[tuple[ColumnKind, ...]] = TEXTS
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many texts hold new words, are longer or shorter, or hold other words than before"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a text on either side statistic, effect and p are None."""
        found = [part.compare(reference, current, column) for part in PARTS]
        measured = [one for one in found if one.p_value is not None]
        if not measured:
            return replace(found[1], detector=self.name)
        p = {one.detector: min(1.0, len(PARTS) * (one.p_value or 0.0)) for one in measured}
        sure = [one for one in measured if p[one.detector] < SURE]
        strongest = max(sure, key=_size) if sure else min(measured, key=lambda one: (p[one.detector], -_size(one)))
        news = [one.detail for one in sure if one.detector == NewWords.name and one is not strongest]
        said = "; ".join([*news, strongest.detail, *_cut(current)])
        return replace(strongest, detector=self.name, p_value=p[strongest.detector], detail=said)


def _size(one: Evidence) -> float:
    return one.effect or 0.0


def _cut(current: ColumnProfile) -> list[str]:
    cut = current.cut if isinstance(current, TextProfile) else 0
    return [f"{cut:,} texts were read to their first {READ:,} characters"] if cut else []
