"""Bounds of a measure told by past windows, and why some are told by none: too few windows, a drift, a bound that would have been false before.

A bound is Student's prediction bound for the next window at the chance `alpha` (`stats/prediction_interval.py`), never the least and greatest value seen.
A line is refused whose values drift, and one that would have been false: learned from the first windows only, it must not fail on later ones more often
than chance explains. Bounds are rounded outwards to digits that a person reads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.facts import WindowFacts
from keepfit.expect.suggest.measures import Measure, WindowReading
from keepfit.stats.prediction_interval import FEWEST, Prediction, Scale, of_count, of_odds, predict, share_above
from keepfit.stats.trend import drifts, seasonal_trend

STARTS = 12
"""How many first parts of the history a line is learned from to see if it would have held afterwards."""
BY_CHANCE = 0.01
YEAR = timedelta(days=360)
OUTSIDE = "heavy tails, or an incident that nobody excluded"


@dataclass(frozen=True, kw_only=True)
class LearnedLine:
    """A measure, what was `seen` of it (least and greatest), the prediction, the bounds `told` by it (None: none on that side), and its line's arguments."""

    measure: Measure
    prediction: Prediction
    seen: tuple[float, float]
    told: tuple[float | None, float | None]
    kwargs: dict[str, Any]

    def holds(self, facts: WindowFacts) -> bool | None:
        """Whether a window meets the line; None where it has nothing to judge."""
        return answer(self.measure.type, self.kwargs, facts)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A measure that no line is proposed for, and why."""

    id: str
    why: str


def learn(measure: Measure, history: Sequence[WindowFacts], alpha: float) -> LearnedLine | Refused:
    """Return the measure's line from accepted windows in the order of time, at the chance `alpha` of a false alarm a window; or why there is none."""
    found = bounds_of(measure, history, alpha)
    if isinstance(found, Refused):
        return found
    why = moves(measure, history)
    if why:
        return Refused(id=measure.id, why=why)
    outside = [one.window for one in history if found.holds(one) is False]
    if outside:
        return Refused(id=measure.id, why=f"the accepted window {outside[0]} lies outside what all windows predict: {OUTSIDE}")
    false = _false_later(measure, history, alpha)
    if false and _more_than_chance(len(false), len(history) - FEWEST, alpha):
        return Refused(
            id=measure.id, why=f"learned from the first windows only it would have been false on {', '.join(sorted(false)[:3])}: it changes over time"
        )
    return found


def bounds_of(measure: Measure, history: Sequence[WindowFacts], alpha: float) -> LearnedLine | Refused:
    """Return the bounds that the windows predict, without asking whether they would have held."""
    every = [one for one in measure.readings(history) if one is not None]
    there = [one for one in every if one.value > 0 or measure.scale != "log"]
    if len(there) < FEWEST:
        return Refused(id=measure.id, why=f"{len(there)} windows have it; a prediction interval needs {FEWEST}")
    values = [one.value for one in there]
    prediction = predict(values, measure.scale, least=[one.own for one in there])
    each = alpha / 2 if measure.both else alpha
    low, high = prediction.low(each), prediction.high(each) if measure.both else math.inf
    low = low if len(there) == len(every) else -math.inf  # windows without any of it were accepted
    if measure.scale == "arcsine":
        low, high = _widest(there, low, high, each)
    low_digits, high_digits = outwards(low, measure.scale, down=True), outwards(high, measure.scale, down=False)
    if low_digits is None and high_digits is None:
        return Refused(id=measure.id, why="its windows vary so much that no bound says anything")
    kwargs = measure.kwargs(history, low_digits, high_digits)
    return LearnedLine(measure=measure, prediction=prediction, seen=(min(values), max(values)), told=(low_digits, high_digits), kwargs=kwargs)


def moves(measure: Measure, history: Sequence[WindowFacts]) -> str:
    """Return why past windows are no sample of the next; empty where nothing says so.

    In less than a year a season is not seen whole: neighbours must not be alike. Of more, the months are compared with the same months of other years.
    """
    there = [(one, reading.value) for one, reading in zip(history, measure.readings(history), strict=True) if reading is not None]
    first, last = there[0][0], there[-1][0]
    if first.start is None or last.start is None:
        return "its windows drift (neighbours are alike): no interval tells the next" if drifts([value for _, value in there]) else ""
    if last.start - first.start + timedelta(days=last.days or 0) < YEAR:
        drift = "its windows drift (neighbours are alike): a trend, or a season of which less than a year was seen; no interval tells the next"
        return drift if drifts([value for _, value in there]) else ""
    monthly: dict[tuple[int, int], list[float]] = {}
    for one, value in there:
        if one.start is not None:
            monthly.setdefault((one.start.year, one.start.month), []).append(value)
    means = [sum(values) / len(values) for values in monthly.values()]
    trend = seasonal_trend(means, [month for _, month in monthly])
    return "its windows have a trend from year to year; no interval tells the next" if trend else ""


def _widest(readings: Sequence[WindowReading], low: float, high: float, alpha: float) -> tuple[float, float]:
    """Both bounds of a share: never tighter than the error of the mean count on the rarer side allows, nor than rates that vary by factors do."""
    rows = sum(one.rows or 0 for one in readings) / len(readings)
    yes = sum(one.value * (one.rows or 0) for one in readings) / len(readings)
    lows = [low, 1 - share_above(of_count(rows - yes, rows, windows=len(readings)), alpha)]
    highs = [high, share_above(of_count(yes, rows, windows=len(readings)), alpha)]
    odds, others = of_odds([one.value for one in readings]), of_odds([1 - one.value for one in readings])
    if odds is not None and others is not None:
        lows.append(1 - share_above(others, alpha))
        highs.append(share_above(odds, alpha))
    return min(lows), max(highs)


def outwards(bound: float, scale: Scale, *, down: bool) -> float | None:
    """Return a bound in three digits (a share's distance to 0 or 1 in two), rounded away from the values; None for one that bounds nothing.

    >>> outwards(0.98765, "arcsine", down=True), outwards(1234.5, "log", down=False), outwards(0.0, "arcsine", down=True)
    (0.987, 1240.0, None)
    """
    if not math.isfinite(bound):
        return None
    share = scale == "arcsine"
    size = min(bound, 1 - bound) if share else abs(bound)
    if share and size <= 0:
        return None
    step = 10.0 ** (math.floor(math.log10(size)) - (1 if share else 2)) if size else 1.0
    found = float(f"{(math.floor if down else math.ceil)(bound / step) * step:.10g}")
    return found if not share or 0 < found < 1 else None


def _false_later(measure: Measure, history: Sequence[WindowFacts], alpha: float) -> set[str]:
    """The windows on which a line learned from some first windows would have been false; where there is more than a year, from a year on."""
    lengths = [length for length in range(FEWEST, len(history)) if _a_year(history[:length])] or list(range(FEWEST, len(history)))
    lengths = [] if _a_year(history) and not _a_year(history[: lengths[0]]) else lengths
    found: set[str] = set()
    for length in lengths[:: max(1, math.ceil(len(lengths) / STARTS))]:
        line = bounds_of(measure, history[:length], alpha)
        if isinstance(line, LearnedLine):
            found |= {one.window for one in history[length:] if line.holds(one) is False}
    return found


def _a_year(history: Sequence[WindowFacts]) -> bool:
    first, last = history[0].start, history[-1].start
    return first is not None and last is not None and last - first + timedelta(days=history[-1].days or 0) >= YEAR


def _more_than_chance(false: int, chances: int, alpha: float) -> bool:
    """Whether so many false alarms are more than chance explains (binomial tail)."""
    fewer = sum(math.comb(chances, count) * alpha**count * (1 - alpha) ** (chances - count) for count in range(false))
    return 1 - fewer < BY_CHANCE
