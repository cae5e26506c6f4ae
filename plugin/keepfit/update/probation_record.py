"""The record of a promotion on probation: which windows judge it, whether it is up to date, what was promised, what of it was kept.

A run that finds nothing new needs no more than this: what was delivered is measured in `probation.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keepfit.params import Params
from keepfit.records import Baseline, GainInterval, Impact, JudgedWindow, Pin, Probation, PromiseKept, Scorecard
from keepfit.slices.name import OVERALL

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
    promised = {card.metric: _of_card(card), **({} if card.impact is None else {card.impact.unit: gain_of_impact(card.impact)})}
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


def gain_of_impact(found: Impact) -> GainInterval | None:
    """Return an impact's gain with its interval; None where it was not measured."""
    if found.gain is None:
        return None
    return GainInterval(gain=found.gain, low=found.low, high=found.high, confidence=found.confidence, n=found.n, clusters=found.clusters)


def kept_share(promotions: Sequence[Probation]) -> tuple[int, float] | None:
    """Return over how many promotions, and which share of all that they promised in the metric that decides was delivered.

    Those count whose probation is over, promised and delivered in the unit of the last of them; None without one, or where they promised no gain together.
    """
    done = [one.kept[0] for one in promotions if one.over and one.kept]
    whole = [(one.unit, one.promised.gain, one.delivered.gain) for one in done if one.promised is not None and one.delivered is not None]
    same = [each for each in whole if each[0] == whole[-1][0]]
    promised = sum(each[1] for each in same)
    return None if promised <= 0 else (len(same), sum(each[2] for each in same) / promised)
