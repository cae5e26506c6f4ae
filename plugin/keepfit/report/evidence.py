"""Evidence in words: what was measured, how far it is from what it is compared with, and which way.

Of performance, a retraining and a former champion every difference is better or worse; of data it is a size without a side.

>>> harm = Evidence(kind="performance", subject="overall", detector="mae", statistic=263.0, effect=94.0, low=80.0, high=108.0, n=900, n_reference=0)
>>> compared(harm, "than promised")
'mae 263, 94 better than promised (80 to 108 better) on 900 rows'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keepfit.monitor.measures import is_over_time
from keepfit.records import CauseKind, Evidence, EvidenceKind, RootCause
from keepfit.report.tables import NOTHING, number

SIDED: tuple[EvidenceKind, ...] = ("performance", "scout", "newer", "regret")
QUIET: dict[CauseKind, tuple[EvidenceKind, ...]] = {
    "concept": ("data", "target"),
    "none": ("data", "target", "prediction"),
    "prediction": ("data", "target"),
    "target": ("data",),
}
DIGITS = 4


def compared(one: Evidence, with_what: str, *, rows: str = "rows") -> str:
    """Return what was measured, how far from what it was compared with, the bounds of that, and on how many rows (of which kind)."""
    value = f"{one.detector} {number(one.statistic)}, " if one.kind == "performance" and one.statistic is not None else f"{one.detector} "
    bounds = f" ({between(one.low, one.high)})" if one.low is not None and one.high is not None else ""
    return f"{value}{way(one.effect)} {with_what}{bounds} on {one.n:,} {rows}"


def way(effect: float | None) -> str:
    """Return a difference that is signed so that positive is better, as people say it.

    >>> way(-0.0934), way(94.0), way(0.0), way(None)
    ('0.0934 worse', '94 better', 'no different', '–')
    """
    size = number(None if effect is None else abs(effect))
    return size if size == NOTHING else "no different" if size == "0" else f"{size} {'better' if effect is not None and effect > 0 else 'worse'}"


def between(low: float, high: float) -> str:
    """Return the bounds of such a difference, the smaller one first, or from one side to the other.

    >>> between(-0.1, -0.08), between(80.0, 108.0), between(-0.02, 0.01)
    ('0.08 to 0.1 worse', '80 to 108 better', 'from 0.02 worse to 0.01 better')
    """
    if low < 0 < high:
        return f"from {way(low)} to {way(high)}"
    ends = sorted((abs(low), abs(high)))
    return f"{number(ends[0])} to {number(ends[1])} {'worse' if low < 0 else 'better'}"


def difference_cells(one: Evidence) -> tuple[object, object, object]:
    """Return the cells of a difference and its bounds: with its side where it has one, else rounded as a share or a distance is."""
    if one.kind == "age":
        return None, None, None
    sizes = (one.effect, one.low, one.high)
    if one.kind in SIDED and not is_over_time(one):
        return tuple(None if size is None else way(size) for size in sizes)  # type: ignore[return-value]
    return tuple(None if size is None else round(size, DIGITS) for size in sizes)  # type: ignore[return-value]


def value_of(one: Evidence) -> float | None:
    """Return the metric (or the age) that was measured; a test's statistic is no value of anything."""
    return one.statistic if one.kind in ("performance", "age") and not is_over_time(one) else None


def note_of(one: Evidence) -> str:
    """Return what is said beside a number: its detail, and in how many clusters its rows came (days, groups), which its bounds know.

    >>> note_of(Evidence(kind="scout", subject="overall", detector="auc", statistic=0.01, effect=0.01, n=900, n_reference=900, clusters=28, design=20.44))
    '28 clusters of rows, design effect 20.4'
    """
    effect = "" if one.design is None else f", design effect {one.design:.1f}"
    known = "" if one.clusters is None else f"{one.clusters} clusters of rows{effect}"
    return "; ".join(part for part in (one.detail, known) if part)


def with_value(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return the evidence that says something: a number, or why there is none."""
    return [one for one in evidence if value_of(one) is not None or one.effect is not None or one.detail]


def unseen(root: RootCause, evidence: Sequence[Evidence]) -> str:
    """Return the largest change that a root cause without it says nothing of, and that it was not called drift; empty if there is none."""
    kinds = QUIET.get(root.kind, ())
    found = [one for one in evidence if one.kind in kinds and one.effect and one.subject != root.column and not one.since]
    if not found:
        return ""
    largest = max(found, key=lambda one: (round(one.effect or 0.0, DIGITS), not is_over_time(one)))  # what both measure is told in the plainer words
    return f"the largest change, not called drift, is {largest.detector} {number(largest.effect, digits=3)} of {largest.subject}"
