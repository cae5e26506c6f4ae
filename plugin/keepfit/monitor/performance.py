"""Evidence from labels: is the champion as good as promised, would a retraining gain, was the previous one better?

All effects are signed so that positive is better, in the metric's own unit. Labels that are missing are left out; what cannot
be measured (no labels, one class, scores that are no numbers) has effect None and says why. Blind to slices: one number a window.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from keepfit.records import Evidence, EvidenceKind
from keepfit.stats.metric import Metric

Floats = npt.NDArray[np.float64]
OVERALL = "overall"


def performance_evidence(
    y: npt.ArrayLike, score: npt.ArrayLike, *, metric: Metric, promised: float | None, confidence: float = 0.95, subject: str = OVERALL
) -> Evidence:
    """Return the metric (`statistic`) and how far it is above (+) or below (-) the `promised` value, with one-sided bounds.

    Without a promise (a champion whose certified value is not known) only the statistic is set. The promised value's own
    uncertainty is not in the bounds.
    """
    (labels, scores), why_not = _labelled(metric, y, score)
    if why_not:
        return _unmeasured("performance", subject, metric, n=len(labels), why=why_not)
    value = metric.value(labels, scores)
    signed = _against(promised, (value, *metric.interval(labels, scores, confidence)), greater=metric.greater_is_better)
    unpromised = "no promised value to compare with" if subject == OVERALL else ""  # slices never have one
    detail = unpromised if promised is None else f"{metric.name} {value:.4f}, promised {promised:.4f}"
    return Evidence(
        kind="performance",
        subject=subject,
        detector=metric.name,
        statistic=value,
        effect=signed[0],
        low=signed[1],
        high=signed[2],
        n=len(labels),
        n_reference=0,
        detail=detail,
    )


def _against(promised: float | None, bounds: tuple[float, float, float], *, greater: bool) -> tuple[float | None, float | None, float | None]:
    if promised is None:
        return None, None, None
    value, low, high = bounds
    return (value - promised, low - promised, high - promised) if greater else (promised - value, promised - high, promised - low)


def scout_evidence(y: npt.ArrayLike, champion: npt.ArrayLike, scout: npt.ArrayLike, *, metric: Metric, confidence: float = 0.95) -> Evidence:
    """Return what a cheap retraining (the scout) would gain over the champion on the same later rows."""
    return _paired("scout", OVERALL, (y, champion, scout), metric=metric, confidence=confidence)


def regret_evidence(y: npt.ArrayLike, champion: npt.ArrayLike, previous: npt.ArrayLike, *, version: str, metric: Metric, confidence: float = 0.95) -> Evidence:
    """Return what the previous champion (`version`, the evidence's subject) would have gained on all rows since the promotion."""
    return _paired("regret", version, (y, champion, previous), metric=metric, confidence=confidence)


def _paired(kind: EvidenceKind, subject: str, columns: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike], *, metric: Metric, confidence: float) -> Evidence:
    (labels, first, second), why_not = _labelled(metric, *columns)
    if why_not:
        return _unmeasured(kind, subject, metric, n=len(labels), why=why_not)
    found = metric.difference(labels, first, second, confidence)
    return Evidence(
        kind=kind,
        subject=subject,
        detector=metric.name,
        statistic=found.gain,
        effect=found.gain,
        low=found.low,
        high=found.high,
        n=len(labels),
        n_reference=len(labels),
    )


def _labelled(metric: Metric, y: npt.ArrayLike, *scores: npt.ArrayLike) -> tuple[list[Floats], str | None]:
    """The rows that have a label, and why they cannot be measured (None if they can)."""
    columns = [np.asarray(values, dtype=np.float64) for values in (y, *scores)]
    kept = np.isfinite(columns[0])
    labelled = [values[kept] for values in columns]
    if not kept.any():
        return labelled, "no labels" if len(kept) else "no rows"
    broken = int(sum((~np.isfinite(values)).sum() for values in labelled[1:]))
    if broken:
        return labelled, f"{broken} scores are no finite numbers"
    return labelled, metric.undecidable(labelled[0])


def _unmeasured(kind: EvidenceKind, subject: str, metric: Metric, *, n: int, why: str) -> Evidence:
    return Evidence(kind=kind, subject=subject, detector=metric.name, statistic=None, effect=None, n=n, n_reference=0, detail=why)
