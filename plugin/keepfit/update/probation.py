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
from keepfit.records import Baseline, GainInterval, Impact, JudgedWindow, Pin, Probation, ProbationWindow, PromiseKept, Scorecard
from keepfit.slices.name import OVERALL
from keepfit.stats.clusters import RowOrigins
from keepfit.stats.metric import Metric
from keepfit.update.promise import metric_of
from keepfit.update.rivals import Paired

NO_SCORECARD = "no scorecard of the promoted version was found"


def on_probation(baseline: Baseline) -> bool:
    """Whether the champion displaced another model: the first one did not, and a rollback brings back an older one, which promised nothing."""
    champion, displaced = baseline.champion, baseline.previous
    if champion is None or displaced is None or champion.digest == displaced.digest:
        return False
    return not (displaced.trained_until is not None and champion.trained_until is not None and champion.trained_until < displaced.trained_until)


def windows_of(params: Params, baseline: Baseline, judged: Sequence[JudgedWindow]) -> tuple[JudgedWindow, ...]:
    """Return the windows that judge the promotion: the first with enough labels, sound, and later than all that trained either model.

    `judged` are the windows under the champion in the order of time; those of an earlier time in office count too.
    """
    until = [pin.trained_until for pin in (baseline.champion, baseline.previous) if pin is not None and pin.trained_until is not None]
    later = [one for one in judged if one.sound and one.window.start is not None and all(one.window.start >= end for end in until)]
    return tuple([one for one in later if one.labelled >= params.evaluate.min_rows][: params.update.probation])


def started(params: Params, champion: Pin, displaced: Pin) -> Probation:
    """Return the record of a promotion that no window has judged yet."""
    return Probation(
        model=params.model.name,
        champion=champion.digest,
        version=champion.version,
        displaced=displaced.digest,
        displaced_version=displaced.version,
        wanted=params.update.probation,
        note=NO_SCORECARD,
    )


def is_current(found: Probation, windows: Sequence[JudgedWindow], params: Params) -> bool:
    """Whether the record is of exactly these windows, with the labels that they have now, and measured as params say now."""
    counted = [(one.window, one.labelled, one.arrivals) for one in found.windows]
    same = counted == [(one.window.id, one.labelled, one.arrivals) for one in windows]
    return same and found.wanted == params.update.probation and (not windows or {*units(params)} <= {one.unit for one in found.kept})


def units(params: Params) -> list[str]:
    """Return what promises are counted in: the metric that decides, then the unit of `impact` where it prices answers."""
    return [params.evaluate.metric, *([params.impact.unit or ""] if params.impact.priced else [])]


def with_promise(found: Probation, card: Scorecard | None) -> Probation:
    """Return the record with what the promoted version's scorecard promised; of a comparison with another model than the displaced one nothing."""
    if card is None:
        return found
    pin = card.champion
    if pin is None or pin.digest != found.displaced:
        against = "" if pin is None else pin.version
        return replace(found, against=against, note=f"its scorecard compares with {f'version {against}' if against else 'no champion'}")
    promised = {card.metric: _of_card(card), **({} if card.impact is None else {card.impact.unit: _of_impact(card.impact)})}
    before = {one.unit: one for one in found.kept}
    kept = tuple(replace(before.get(unit, PromiseKept(unit=unit)), promised=gain) for unit, gain in promised.items())
    others = tuple(one for unit, one in before.items() if unit not in promised)
    return replace(found, kept=(*kept, *others), against=pin.version, note="")


def _of_card(card: Scorecard) -> GainInterval | None:
    rows = (row for row in card.judged_rows if row.slice == OVERALL and row.metric == card.metric and row.difference is not None)
    row = next(rows, None)
    if row is None or row.difference is None:
        return None
    confidence = 0.0 if row.confidence is None else 2 * row.confidence - 1
    return GainInterval(gain=row.difference, low=row.low, high=row.high, confidence=confidence, n=row.n, clusters=row.clusters)


def _of_impact(found: Impact) -> GainInterval | None:
    if found.gain is None:
        return None
    return GainInterval(gain=found.gain, low=found.low, high=found.high, confidence=found.confidence, n=found.n, clusters=found.clusters)


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
    return None if found is None else _of_impact(found)


def _together(pairs: Sequence[Paired]) -> ScoredRows:
    """The rows of all windows: the displaced model is the one that is compared with, as it was the champion when the candidate was judged."""
    y, champion, rival = (np.concatenate(parts) for parts in zip(*((one.y, one.champion, one.rival) for one in pairs), strict=True))
    clusters = RowOrigins.joined([one.origins for one in pairs]).clusters()
    return ScoredRows(y=y, champion=rival, challenger=champion).in_clusters(clusters)


def kept_share(promotions: Sequence[Probation]) -> tuple[int, float] | None:
    """Return over how many promotions, and which share of all that they promised in the metric that decides was delivered.

    Those count whose probation is over, promised and delivered in the unit of the last of them; None without one, or where they promised no gain together.
    """
    done = [one.kept[0] for one in promotions if one.over and one.kept]
    whole = [(one.unit, one.promised.gain, one.delivered.gain) for one in done if one.promised is not None and one.delivered is not None]
    same = [each for each in whole if each[0] == whole[-1][0]]
    promised = sum(each[1] for each in same)
    return None if promised <= 0 else (len(same), sum(each[2] for each in same) / promised)
