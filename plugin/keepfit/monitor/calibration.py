"""Calibration with labels: do predicted probabilities come true? The expected calibration error with an honest interval.

The error read from a sample is never zero, even for a perfect model: every bin's share of positives scatters. An interval that ignores this
accuses good models on few rows. Here the scatter is bounded: |ECE found - ECE true| is at most the weighted sum of the bins' absolute
errors (triangle inequality), whose law is a sum of folded normal laws; its mean and variance are known, and the interval's reach
is its upper quantile. So the interval covers at least as often as it says, more often when the model is well calibrated.

Blind to what happens within one bin: the true error of an uncut probability is at least that of the bins (Kumar, Liang & Ma, NeurIPS
2019, prop. 3.3); blind to who is wrong (slices), and to how good the ranking is.
"""

from __future__ import annotations

from dataclasses import replace
from math import pi, sqrt

import numpy as np
import numpy.typing as npt

from keepfit.records import Evidence
from keepfit.stats.bounds import quantile

Floats = npt.NDArray[np.float64]
BINS = 10
OVERALL = "overall"
DETECTOR = "calibration"


def calibration_evidence(
    y: npt.ArrayLike, probability: npt.ArrayLike, *, promised: float | None = None, confidence: float = 0.95, subject: str = OVERALL
) -> Evidence:
    """Return the expected calibration error (`statistic`, 0 to 1) of labels 0/1 and probabilities, as evidence of the kind performance.

    ECE = sum over bins of (rows in it / rows) * |share of positives - mean probability| (Naeini, Cooper & Hauskrecht, AAAI 2015), in ten bins
    of equally many rows. `effect` is how much better (+) or worse (-) it is than `promised`, with one-sided bounds at `confidence`;
    without a promise only the statistic is set and `detail` holds the bounds. Rows without a label are left out; scores that are no
    probabilities have statistic None and say why.

    >>> p = np.tile([0.1, 0.9], 500)
    >>> found = calibration_evidence(p > 0.5, p, promised=0.02)
    >>> round(found.statistic, 2), found.high < 0
    (0.1, True)
    """
    labels, scores = (np.asarray(values, dtype=np.float64) for values in (y, probability))
    known = np.isfinite(labels)
    labels, scores = labels[known], scores[known]
    nothing = Evidence(kind="performance", subject=subject, detector=DETECTOR, statistic=None, effect=None, n=len(labels), n_reference=0)
    why = _unfit(labels, scores)
    if why:
        return replace(nothing, detail=why)
    error, reach = expected_error(labels, scores, confidence=confidence)
    low, high = max(error - reach, 0.0), min(error + reach, 1.0)
    bounds = f"calibration error {error:.4f} [{low:.4f}, {high:.4f}]"
    found = replace(nothing, statistic=error, detail=bounds)
    if promised is None:
        return found
    return replace(found, effect=promised - error, low=promised - high, high=promised - low, detail=f"{bounds}, promised {promised:.4f}")


def expected_error(labels: Floats, scores: Floats, *, confidence: float) -> tuple[float, float]:
    """Return the error read from the bins and the reach of its interval on each side."""
    order = np.argsort(scores, kind="stable")
    edges = np.unique(scores[order][np.ceil(np.arange(1, BINS + 1) * len(scores) / BINS).astype(np.int64) - 1])
    place = np.searchsorted(edges, scores, side="left")
    rows, hits, mean = (np.bincount(place, weights, minlength=len(edges)) for weights in (None, labels, scores))
    weight = rows / len(labels)
    error = float(np.sum(np.abs(hits - mean)) / len(labels))
    # Agresti & Coull's share, with two hits and two misses added: a bin of few or of only equal labels is not certain
    share = (hits + 2) / (rows + 4)
    scatter = weight * np.sqrt(share * (1 - share) / np.maximum(rows, 1))
    middle, variance = float(scatter.sum()) * sqrt(2 / pi), float((scatter**2).sum()) * (1 - 2 / pi)
    return error, middle + quantile(confidence) * sqrt(variance)


def _unfit(labels: Floats, scores: Floats) -> str | None:
    if not len(labels):
        return "no labels"
    if not np.isin(labels, (0.0, 1.0)).all():
        return "the labels are not 0 and 1"
    if not (np.isfinite(scores).all() and scores.min() >= 0 and scores.max() <= 1):
        return "the scores are no probabilities"
    return None
