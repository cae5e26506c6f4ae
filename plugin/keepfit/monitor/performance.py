"""Evidence from labels: is the champion as good as promised, would a retraining gain, was the previous one better?

All effects are signed so that positive is better, in the metric's own unit. Labels that are missing are left out; what cannot
be measured (no labels, one class, scores that are no numbers) has effect None and says why. Blind to slices: one number a window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from keepfit.records import Evidence, EvidenceKind
from keepfit.stats.arrays import Clusters
from keepfit.stats.metric import Metric, spread_of

Floats = npt.NDArray[np.float64]
OVERALL = "overall"


@dataclass(frozen=True)
class _Labelled:
    """The rows that have a label; why they cannot be measured (None if they can), and why what is measured has no interval."""

    y: Floats
    scores: list[Floats]
    clusters: Clusters | None = None
    unmeasured: str | None = None
    unbounded: str | None = None

    @property
    def n(self) -> int:
        return len(self.y)


def performance_evidence(
    y: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    metric: Metric,
    promised: float | None,
    confidence: float = 0.95,
    subject: str = OVERALL,
    clusters: Clusters | None = None,
) -> Evidence:
    """Return the metric (`statistic`) and how far it is above (+) or below (-) the `promised` value, with one-sided bounds.

    Without a promise (a champion whose certified value is not known) only the statistic is set. The promised value's own
    uncertainty is not in the bounds. `clusters`: an integer for each row, the same for rows that vary together; where all are of one, there are no bounds.
    """
    rows = _labelled(metric, clusters, y, score)
    if rows.unmeasured:
        return _unmeasured("performance", subject, metric, n=rows.n, why=rows.unmeasured)
    value = metric.value(rows.y, rows.scores[0])
    bounds = None if rows.unbounded or promised is None else metric.interval(rows.y, rows.scores[0], confidence, clusters=rows.clusters)
    spread = None if bounds is None or rows.clusters is None else spread_of(metric, rows.y, rows.scores[0], clusters=rows.clusters)
    effect, low, high = _against(promised, value, bounds, greater=metric.greater_is_better)
    unpromised = "no promised value to compare with" if subject == OVERALL else ""  # slices never have one
    detail = unpromised if promised is None else f"{metric.name} {value:.4f}, promised {promised:.4f}"
    return Evidence(
        kind="performance",
        subject=subject,
        detector=metric.name,
        statistic=value,
        effect=effect,
        low=low,
        high=high,
        n=rows.n,
        n_reference=0,
        detail="; ".join(part for part in (detail, _no_interval(rows)) if part),
        clusters=None if spread is None else spread.clusters,
        design=None if spread is None else spread.design,
    )


def bounds_of(
    metric: Metric, y: npt.ArrayLike, score: npt.ArrayLike, *, confidence: float, clusters: Clusters | None
) -> tuple[float, float] | tuple[None, None]:
    """Return the one-sided bounds of the metric on the labelled rows; None where they decide nothing."""
    rows = _labelled(metric, clusters, y, score)
    return (None, None) if rows.unmeasured or rows.unbounded else metric.interval(rows.y, rows.scores[0], confidence, clusters=rows.clusters)


def _against(promised: float | None, value: float, bounds: tuple[float, float] | None, *, greater: bool) -> tuple[float | None, float | None, float | None]:
    if promised is None:
        return None, None, None
    effect = value - promised if greater else promised - value
    if bounds is None:
        return effect, None, None
    low, high = bounds
    return (effect, low - promised, high - promised) if greater else (effect, promised - high, promised - low)


def _no_interval(rows: _Labelled) -> str:
    return f"no interval: {rows.unbounded}" if rows.unbounded else ""


def scout_evidence(
    y: npt.ArrayLike,
    champion: npt.ArrayLike,
    scout: npt.ArrayLike,
    *,
    metric: Metric,
    confidence: float = 0.95,
    clusters: Clusters | None = None,
) -> Evidence:
    """Return what a retraining (the scout) would gain over the champion on the same later rows; what trained it is added by who knows (`n_reference`)."""
    return _paired("scout", OVERALL, _labelled(metric, clusters, y, champion, scout), metric=metric, confidence=confidence)


def regret_evidence(
    y: npt.ArrayLike,
    champion: npt.ArrayLike,
    previous: npt.ArrayLike,
    *,
    version: str,
    metric: Metric,
    confidence: float = 0.95,
    clusters: Clusters | None = None,
) -> Evidence:
    """Return what the previous champion (`version`, the evidence's subject) would have gained on all rows since the promotion."""
    return _paired("regret", version, _labelled(metric, clusters, y, champion, previous), metric=metric, confidence=confidence)


def _paired(kind: EvidenceKind, subject: str, rows: _Labelled, *, metric: Metric, confidence: float) -> Evidence:
    if rows.unmeasured:
        return _unmeasured(kind, subject, metric, n=rows.n, why=rows.unmeasured)
    found = metric.difference(rows.y, rows.scores[0], rows.scores[1], confidence, clusters=None if rows.unbounded else rows.clusters)
    bounds = (None, None) if rows.unbounded else (found.low, found.high)
    return Evidence(
        kind=kind,
        subject=subject,
        detector=metric.name,
        statistic=found.gain,
        effect=found.gain,
        low=bounds[0],
        high=bounds[1],
        n=rows.n,
        n_reference=rows.n,
        detail=_no_interval(rows),
        clusters=found.clusters,
        design=found.design,
    )


def _labelled(metric: Metric, clusters: Clusters | None, y: npt.ArrayLike, *scores: npt.ArrayLike) -> _Labelled:
    labels, columns = np.asarray(y, dtype=np.float64), [np.asarray(values, dtype=np.float64) for values in scores]
    kept = np.isfinite(labels)
    rows = _Labelled(y=labels[kept], scores=[values[kept] for values in columns], clusters=None if clusters is None else clusters[kept])
    if not kept.any():
        return replace(rows, unmeasured="no labels" if len(kept) else "no rows")
    broken = int(sum((~np.isfinite(values)).any(axis=tuple(range(1, values.ndim))).sum() for values in rows.scores))
    if broken:
        return replace(rows, unmeasured=f"{broken} scores are no finite numbers")
    never = metric.undecidable(rows.y)
    if never or rows.clusters is None:
        return replace(rows, unmeasured=never)
    return replace(rows, unbounded=metric.undecidable(rows.y, clusters=rows.clusters))


def _unmeasured(kind: EvidenceKind, subject: str, metric: Metric, *, n: int, why: str) -> Evidence:
    return Evidence(kind=kind, subject=subject, detector=metric.name, statistic=None, effect=None, n=n, n_reference=0, detail=why)
