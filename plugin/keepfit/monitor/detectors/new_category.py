"""Categories that the reference did not have."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import CATEGORIES, GROWN_ROWS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import categories_of, unmeasured
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence
from keepfit.stats.fisher import fisher


@dataclass(frozen=True)
class NewCategory:
    """Do more rows hold a value that the reference never held? `statistic` is their share now, `effect` how much it grew (0 to 1).

    p is Fisher's exact test, two-sided, and 1 where the share did not grow. Rare values of the reference, those past its most
    frequent ones, are not new. Where they were too many to keep (`rare` is None: past 500 values, and in profiles of old), every value
    outside the most frequent counts, on both sides: new and rare cannot be told there, and `detail` says so.

    Blind to which value is new (a profile holds no values it has not learned) and to shifts among the known ones.

    >>> layout = dict(categories=("x", "y"), rare=("z",), n=100, missing=0)
    >>> a = CategoricalProfile(counts=(60, 35), other=5, **layout)
    >>> b = CategoricalProfile(counts=(50, 25), other=25, new=20, **layout)
    >>> NewCategory().compare(a, b, "c").effect
    0.2
    """

    name: ClassVar[str] = "new_category"
    kinds: ClassVar[tuple[ColumnKind, ...]] = CATEGORIES
    effect: ClassVar[Effect] = GROWN_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many more rows hold a value that the reference does not have"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = categories_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n)
        if not (a.n and b.n):
            return nothing
        hits = (a.new, b.new) if _told_apart(a, b) else (a.other, b.other)
        before, now = hits[0] / a.n, hits[1] / b.n
        p = fisher(hits, (a.n, b.n)) if now > before else 1.0
        return replace(nothing, statistic=now, effect=max(now - before, 0.0), p_value=p, detail=_said(a, b))


def _told_apart(a: CategoricalProfile, b: CategoricalProfile) -> bool:
    """Whether both sides know the reference's rare values, so that what is new was counted by itself."""
    return a.rare is not None and a.rare == b.rare


def _said(a: CategoricalProfile, b: CategoricalProfile) -> str:
    if not _told_apart(a, b) and a.other and b.other:
        return f"outside the {len(a.categories)} most frequent values: {a.other / a.n:.1%} before, {b.other / b.n:.1%} now; new or rare cannot be told"
    new = b.new if _told_apart(a, b) else b.other
    return f"{new} rows ({new / b.n:.1%}) hold a value that the reference does not have" if new else ""
