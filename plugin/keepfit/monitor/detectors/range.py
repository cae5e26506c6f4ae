"""Numbers outside the range of the layout: below what its rows held at least, above what they held at most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from keepfit.monitor.detectors.detector import NUMBERS, OF_ROWS, ColumnKind, Effect
from keepfit.monitor.detectors.sides import numbers_of, unmeasured
from keepfit.profiles.edges import bound_text
from keepfit.records import ColumnProfile, Evidence, NumericProfile
from keepfit.stats.fisher import fisher


@dataclass(frozen=True)
class OutOfRange:
    """Do more values lie below the first edge (the reference's minimum) or above the last (its maximum)?

    The outer two bins of a profile count exactly these. `statistic` is the share of the window's values that lie outside,
    `effect` the larger change of the two shares, below or above (0 to 1). p is Fisher's exact test on each tail, the smaller
    one doubled (Bonferroni). When the edges come from the reference itself, the test is Rosenbaum's (1954) and holds for every
    continuous distribution, heavy tails included: a few values above the old maximum are no surprise in a window that is
    as large as the reference.

    Blind to everything within the range, to missing values, and to how far outside a value is (`detail` names the farthest).

    >>> layout = dict(edges=(0.0, 1.0), missing=0, nonfinite=0, total=0.0, total_squared=0.0)
    >>> a = NumericProfile(counts=(0, 100, 0), n=100, low=0.1, high=1.0, **layout)
    >>> b = NumericProfile(counts=(0, 60, 40), n=100, low=0.1, high=7.5, **layout)
    >>> found = OutOfRange().compare(a, b, "x")
    >>> found.effect, found.detail
    (0.4, 'above 1: 0.0% before, 40.0% now (up to 7.5)')
    """

    name: ClassVar[str] = "range"
    kinds: ClassVar[tuple[ColumnKind, ...]] = NUMBERS
    effect: ClassVar[Effect] = OF_ROWS
    least_rows: ClassVar[int] = 1
    words: ClassVar[str] = "how many more or fewer values lie outside the reference's range"

    def compare(self, reference: ColumnProfile, current: ColumnProfile, column: str) -> Evidence:
        """Return the evidence; without a value on either side, or without edges, statistic, effect and p are None."""
        a, b = numbers_of(self.name, reference, current, column)
        nothing = unmeasured(self.name, column, n=b.n, n_reference=a.n)
        if not (a.n and b.n and a.edges):
            return nothing
        sizes = (a.n, b.n)
        tails = {end: (a.counts[end], b.counts[end]) for end in (0, -1)}
        changes = {end: abs(now / sizes[1] - before / sizes[0]) for end, (before, now) in tails.items()}
        p = min(1.0, 2 * min(fisher(hits, sizes) for hits in tails.values()))
        worst = max(changes, key=lambda end: changes[end])
        outside = (b.counts[0] + b.counts[-1]) / b.n
        return replace(nothing, statistic=outside, effect=changes[worst], p_value=p, detail=_said(a, b, worst) if changes[worst] else "")


def _said(reference: NumericProfile, current: NumericProfile, end: int) -> str:
    before, now = (side.counts[end] / side.n for side in (reference, current))
    word, reach = ("below", f"down to {current.low:g}") if end == 0 else ("above", f"up to {current.high:g}")
    bound = bound_text(float(f"{reference.edges[end]:g}"))
    return f"{word} {bound}: {before:.1%} before, {now:.1%} now" + (f" ({reach})" if current.counts[end] else "")
