"""Categories that the reference had and the window has not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import CATEGORIES, GROWN_ROWS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import categories_of, unmeasured
from keepfit.records import CategoricalProfile, ColumnProfile, Evidence
from keepfit.stats.fisher import fisher

SHOWN = 5


@dataclass(frozen=True)
class LostCategory:
    """Which of the reference's categories hold no row any more? `effect` is the share of rows they held (0 to 1), `statistic` their number.

    p is the smallest of Fisher's exact tests, one a lost category, times the number of categories that the reference holds
    (Bonferroni): a rare category that is missing from a small window by chance is no news, and p says so.

    Blind to a category that only became rare, to new ones, and to the rare ones past the layout's most frequent.

    >>> a = CategoricalProfile(categories=("x", "y", "z"), counts=(60, 30, 10), n=100, missing=0, other=0)
    >>> b = CategoricalProfile(categories=("x", "y", "z"), counts=(95, 0, 5), n=100, missing=0, other=0)
    >>> found = LostCategory().compare(a, b, "c")
    >>> found.effect, found.detail
    (0.3, "lost: 'y' (30.0% before)")
    """

    name: ClassVar[str] = "lost_category"
    kinds: ClassVar[tuple[ColumnKind, ...]] = CATEGORIES
    effect: ClassVar[Effect] = GROWN_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many rows the categories held that are gone"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side statistic, effect and p are None."""
        a, b = categories_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n)
        if not (a.n and b.n):
            return nothing
        lost = {name: before for name, before, now in zip(a.categories, a.counts, b.counts, strict=True) if before and not now}
        known = sum(count > 0 for count in a.counts)
        p = min((known * fisher((before, 0), (a.n, b.n)) for before in lost.values()), default=1.0)
        return replace(nothing, statistic=float(len(lost)), effect=sum(lost.values()) / a.n, p_value=min(p, 1.0), detail=_said(lost, a))


def _said(lost: dict[str, int], reference: CategoricalProfile) -> str:
    """The lost categories, the largest first; bounded, because names and their number are the data's."""
    largest = sorted(lost, key=lambda name: (-lost[name], name))
    named = [f"{name[:40]!r} ({lost[name] / reference.n:.1%} before)" for name in largest[:SHOWN]]
    more = f" and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
    return f"lost: {', '.join(named)}{more}" if lost else ""
