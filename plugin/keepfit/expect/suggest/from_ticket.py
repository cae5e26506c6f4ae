"""The expectation that would have caught a ticket's window: the simplest line that the window fails and every accepted window meets.

Simple means: a column that is there, before values that are there, before categories, before rows, before means and spreads; and a bound of few digits, near
the middle between the window and the accepted one nearest to it, on the measure's own scale, and beyond what the accepted windows predict wherever there is
room. One line for one incident.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keepfit.expect.suggest import answers
from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.facts import WindowFacts
from keepfit.expect.suggest.learned import LearnedLine, Refused, bounds_of
from keepfit.expect.suggest.measures import Measure
from keepfit.expect.suggest.past import PastWindows
from keepfit.expect.suggest.proposed import Proposal, Proposals, beside, entry_of, renamed
from keepfit.records.suggestion import NotSuggested, SuggestedLine
from keepfit.stats.prediction_interval import FEWEST

SIMPLE = (answers.PRESENT, answers.IN_SET, answers.UNIQUE, answers.ROWS_UNIQUE, answers.ROWS, answers.MEAN, answers.STDEV)
MOST_DIGITS = 4


def from_ticket(past: PastWindows, incident: WindowFacts, entries: Sequence[Mapping[str, Any]], suite: str, *, columns: Collection[str]) -> Proposals:
    """Return one line that separates the incident's window from the accepted ones: of the ticket's `columns` if one of them does, else of any.

    Where lines of the suite fail on it and on no accepted window it was caught already: they are named and nothing is proposed. Raises `DataError` for fewer
    than five accepted windows.
    """
    past.require()
    measures = past.measures
    alpha = past.alpha(len(measures))
    caught = [str(one["meta"]["id"]) for one in entries if _catches(one, past, incident)]
    if caught:
        already = tuple(NotSuggested(id=name, why=f"it fails on {incident.window} and on no accepted window", there=True) for name in caught)
        return Proposals(found=(), not_suggested=already, considered=len(measures), alpha=alpha)
    gone = next((name for name in past.accepted[0].columns if name not in incident.columns and all(name in one.columns for one in past.accepted)), None)
    found = _exists(past, gone, suite) if gone is not None else _separating(past, incident, entries, suite, columns=columns)
    if found is None:
        nothing = NotSuggested(id=incident.window, why="nothing that an expectation measures of it lies outside all accepted windows")
        return Proposals(found=(), not_suggested=(nothing,), considered=len(measures), alpha=alpha)
    return Proposals(
        found=(renamed(found, {str(one["meta"]["id"]) for one in entries}) if found.line.change == "new" else found,), considered=len(measures), alpha=alpha
    )


def _catches(entry: Mapping[str, Any], past: PastWindows, incident: WindowFacts) -> bool:
    kwargs = {key: value for key, value in (entry.get("kwargs") or {}).items() if past.condition.get(key) != value}
    fails = answer(str(entry.get("type")), kwargs, incident) is False
    return fails and all(answer(str(entry["type"]), kwargs, one) is not False for one in past.accepted)


def _exists(past: PastWindows, column: str, suite: str) -> Proposal:
    kwargs = {"column": column}
    score = past.score(answers.EXISTS, kwargs)
    line = SuggestedLine(
        suite=suite,
        id=f"{column}_is_there",
        change="new",
        type=answers.EXISTS,
        about=f"the column {column}",
        bounds="is there",
        severity="critical",
        caught=score.caught,
        missed=score.missed,
        false=score.false,
        windows=len(past.accepted),
        reason=f"{column} was in all of {len(past.accepted)} accepted windows",
    )
    return Proposal(line=line, entry=entry_of(line, kwargs, past))


@dataclass(frozen=True, kw_only=True)
class _Separated:
    """A measure by which the incident lies outside all accepted windows: below them or above, by how many errors of prediction."""

    learned: LearnedLine
    gap: float


def _separating(past: PastWindows, incident: WindowFacts, entries: Sequence[Mapping[str, Any]], suite: str, *, columns: Collection[str]) -> Proposal | None:
    there = [measure for measure in past.measures if measure.column in (None, past.key) or measure.column in incident.columns]
    for among in ([one for one in there if one.column in columns], there):
        apart = [one for one in (_apart(measure, past, incident, past.alpha(len(among))) for measure in among) if one is not None]
        for one in sorted(apart, key=lambda one: (SIMPLE.index(one.learned.measure.type), -one.gap, one.learned.measure.id)):
            made = beside(past, one.learned, entries, suite)
            if isinstance(made, Proposal):
                return made
    return None


def _apart(measure: Measure, past: PastWindows, incident: WindowFacts, alpha: float) -> _Separated | None:
    """The line of a measure that the incident fails and every accepted window meets; None where the incident is not outside what those predict."""
    *before, own = measure.readings([*past.accepted, incident])
    there = [one for one in before if one is not None]
    predicted = bounds_of(measure, past.accepted, alpha)
    if own is None or isinstance(predicted, Refused):
        return None
    below = own.value < predicted.seen[0]
    edge, told = predicted.seen[0 if below else 1], predicted.told[0 if below else 1]
    if told is None or not (own.value < told if below else own.value > told):
        return None
    bound = simplest(own.value, min(told, edge) if below else max(told, edge), near=_middle(own.value, edge, measure))
    if bound is None:
        return None
    kwargs = measure.kwargs(past.accepted, bound if below else None, None if below else bound)
    learned = replace(predicted, told=(bound, None) if below else (None, bound), kwargs=kwargs)
    if learned.holds(incident) is not False or len(there) < FEWEST or any(learned.holds(one) is False for one in past.accepted):
        return None
    return _Separated(learned=learned, gap=predicted.prediction.apart(own.value, edge))


def _middle(one: float, other: float, measure: Measure) -> float:
    """The middle between two values on the measure's scale; of a logarithm nothing counts as a thousandth of the other."""
    if measure.scale == "log":
        return math.sqrt(max(one, other) * max(min(one, other), 0.001 * max(one, other)))
    if measure.scale == "arcsine":
        return math.sin((math.asin(math.sqrt(one)) + math.asin(math.sqrt(other))) / 2) ** 2
    return (one + other) / 2


def simplest(one: float, other: float, *, near: float) -> float | None:
    """Return the number of the fewest digits strictly between two numbers, of several the one nearest to `near`; None where four digits do not fit.

    >>> simplest(0.967, 0.992, near=0.981), simplest(3.2, 900.0, near=60.0), simplest(1.0, 1.0, near=1.0)
    (0.98, 100.0, None)
    """
    low, high = sorted((one, other))
    inside = [number for number in _round_numbers(min(max(near, low), high), high - low) if low < number < high]
    return inside[0] if inside else None


def _round_numbers(near: float, width: float) -> Iterator[float]:
    """Numbers around `near`, those of the fewest digits first, the nearest first."""
    if not width > 0:
        return
    top = math.floor(math.log10(max(abs(near), width))) + 1
    for power in range(top, math.floor(math.log10(width)) - MOST_DIGITS, -1):
        step = 10.0**power
        nearest = round(near / step)
        for number in sorted((nearest - 1, nearest, nearest + 1), key=lambda whole: abs(whole * step - near)):
            yield float(f"{number * step:.12g}")
