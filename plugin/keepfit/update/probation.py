"""After a promotion: was the promise kept? The displaced model is scored on the same later labels as the champion, and the pooled gain is held against it.

What was promised is the gain that the certificate's scorecard says, with its interval. What was delivered is the paired gain on all labelled rows of the
first `update.probation` windows after the promotion, in one sum, clustered as the metrics are; in the user's own unit as well where `impact` prices
answers. It is computed anew from the rows whenever a window's labels have changed, so it never adds up twice.

Blind to what the champion changed in the world (answers that were acted on), and, as every paired gain on later rows, to what comes after probation.

>>> from keepfit.stats.metrics import RocAuc
>>> rows = np.random.default_rng(0).normal(size=(3, 4000))
>>> y = (rows[0] + rows[1] > 0).astype(float)
>>> better = Paired(y=y, champion=rows[0], rival=rows[2])
>>> round(delivered([better], metric=RocAuc(), confidence=0.95).gain, 2)
0.33
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keepfit.evaluate.compare import ScoredRows
from keepfit.evaluate.impact.worth import ServedVolume, impact_of
from keepfit.monitor.performance import regret_evidence
from keepfit.params import Params
from keepfit.records import GainInterval, JudgedWindow, Probation, ProbationWindow, PromiseKept
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metric import Metric
from keepfit.update.probation_record import gain_of_impact
from keepfit.update.promise import metric_of
from keepfit.update.rivals import Paired


def judged_again(params: Params, found: Probation, windows: Sequence[JudgedWindow], pairs: Sequence[Paired]) -> Probation:
    """Return the record with what these windows, and both models' scores on their rows, say that the promotion delivered."""
    metric, confidence = metric_of(params), params.evaluate.confidence
    gains = [delivered([pair], metric=metric, confidence=confidence) for pair in pairs]
    seen = tuple(
        ProbationWindow(window=one.window.id, labelled=one.labelled, arrivals=one.arrivals, gain=None if gain is None else gain.gain)
        for one, gain in zip(windows, gains, strict=True)
    )
    now = {metric.name: delivered(pairs, metric=metric, confidence=confidence) if pairs else None}
    if params.impact.priced:
        now[params.impact.unit or ""] = _priced(params, pairs) if pairs else None
    promised = {one.unit: one.promised for one in found.kept}
    kept = tuple(PromiseKept(unit=unit, promised=promised.get(unit), delivered=gain) for unit, gain in now.items())
    others = tuple(replace(one, delivered=None) for one in found.kept if one.unit not in now and one.promised is not None)
    return replace(found, windows=seen, kept=(*kept, *others), wanted=params.update.probation)


def delivered(pairs: Sequence[Paired], *, metric: Metric, confidence: float) -> GainInterval | None:
    """Return the champion's gain over the displaced model (`rival`) on the rows of all these windows; None where it cannot be measured."""
    rows = _together(pairs)
    if rows.champion is None:
        return None
    found = regret_evidence(rows.y, rows.champion, rows.challenger, version="", metric=metric, confidence=confidence, clusters=rows.clusters)
    if found.effect is None:
        return None
    return GainInterval(gain=found.effect, low=found.low, high=found.high, confidence=2 * confidence - 1, n=found.n, clusters=found.clusters)


def _priced(params: Params, pairs: Sequence[Paired]) -> GainInterval | None:
    found = impact_of(params, _together(pairs), ServedVolume(rows_a_window=1.0))
    return None if found is None else gain_of_impact(found)


def _together(pairs: Sequence[Paired]) -> ScoredRows:
    """The rows of all windows: the displaced model is the one that is compared with, as it was the champion when the candidate was judged."""
    y, champion, rival = (np.concatenate(parts) for parts in zip(*((one.y, one.champion, one.rival) for one in pairs), strict=True))
    clusters = RowOrigins.joined([one.origins for one in pairs]).clusters()
    return ScoredRows(y=y, champion=rival, challenger=champion).in_clusters(clusters)
