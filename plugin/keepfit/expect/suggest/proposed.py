"""Lines from past windows, held against the suite that is there: new ones, tighter bounds of standing ones, and what is not proposed and why.

A line blocks (*critical*) only where it would have caught an incident; otherwise it warns, until history has shown what it is good for. A standing line is made
tighter only where its bound lies farther out by more than the error with which the next value is predicted, or where it missed an incident: bounds do not move
with every window. It is never made looser here (`loosened.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from keepfit.expect.suggest.facts import MOST_VALUES, unlistable
from keepfit.expect.suggest.learned import LearnedLine, Refused, learn
from keepfit.expect.suggest.measures import NO_WORD
from keepfit.expect.suggest.past import PastWindows, Score
from keepfit.expect.suggest.standing import StandingLine, standing
from keepfit.records.suggestion import NotSuggested, SuggestedLine

NEAR = 1.0
"""In errors of the next value: nearer to the suggested bound than this a standing one is left as it is."""
REVIEW_DAYS = 365
SET_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A suggested line and the entry of the suite that it would be."""

    line: SuggestedLine
    entry: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What a source proposes for one suite: lines, what is not proposed, and how many lines share the chance of a false alarm, `alpha` each a window."""

    found: tuple[Proposal, ...]
    not_suggested: tuple[NotSuggested, ...] = ()
    considered: int
    alpha: float


def from_windows(past: PastWindows, entries: Sequence[Mapping[str, Any]], suite: str) -> Proposals:
    """Return the lines that the accepted windows give, each scored on all windows; raises `DataError` for fewer than five accepted windows."""
    past.require()
    measures = past.measures
    alpha = past.alpha(len(measures))
    found: list[Proposal] = []
    left = [NotSuggested(id=f"{column}_known", why=f"more than {MOST_VALUES} values: no list that a person reviews") for column in unlistable(past.accepted)]
    taken = {str(one["meta"]["id"]) for one in entries}
    for measure in measures:
        learned = learn(measure, past.accepted, alpha)
        made = NotSuggested(id=learned.id, why=learned.why) if isinstance(learned, Refused) else beside(past, learned, entries, suite)
        if isinstance(made, NotSuggested):
            left.append(made)
        elif made.line.change == "new":
            made = renamed(made, taken)
            taken.add(made.line.id)
            found.append(made)
        else:
            found.append(made)
    return Proposals(found=tuple(found), not_suggested=tuple(left), considered=len(measures), alpha=alpha)


def beside(past: PastWindows, learned: LearnedLine, entries: Sequence[Mapping[str, Any]], suite: str) -> Proposal | NotSuggested:
    """Return a learned line as a new one, as a tighter bound of the one that stands there, or as not needed."""
    kwargs = {**learned.kwargs, **past.condition}
    there = standing(entries, learned.measure.type, kwargs)
    if there is None:
        return new_line(past, learned, past.score(learned.measure.type, learned.kwargs), suite, reason=_reason(past, learned))
    score = past.score(learned.measure.type, learned.kwargs)
    mine = past.score(learned.measure.type, {key: value for key, value in there.entry["kwargs"].items() if key not in past.condition})
    farther = [key for key in there.farther if _far(there, key, learned) or set(score.caught) - set(mine.caught)]
    if not farther:
        return NotSuggested(id=learned.measure.id, why=f"{there.id} demands as much ({bounds_text(there.entry['kwargs'])})", there=True)
    entry = {**there.entry, "kwargs": {**there.entry["kwargs"], **{key: kwargs[key] for key in farther}}}
    return Proposal(
        entry=entry,
        line=SuggestedLine(
            suite=suite,
            id=there.id,
            change="tighter",
            type=learned.measure.type,
            about=learned.measure.about + past.of,
            bounds=bounds_text(entry["kwargs"]),
            before=bounds_text(there.entry["kwargs"]),
            severity=there.entry.get("severity", "warning"),
            caught=score.caught,
            missed=score.missed,
            false=score.false,
            windows=len(past.accepted),
            reason=_reason(past, learned),
        ),
    )


def new_line(past: PastWindows, learned: LearnedLine, score: Score, suite: str, *, reason: str) -> Proposal:
    """Return a line that the suite does not have."""
    kwargs = {**learned.kwargs, **past.condition}
    line = SuggestedLine(
        suite=suite,
        id=learned.measure.id + NO_WORD.sub("_", past.of.replace(" where", "")),
        change="new",
        type=learned.measure.type,
        about=learned.measure.about + past.of,
        bounds=bounds_text(kwargs),
        severity="critical" if score.caught else "warning",
        caught=score.caught,
        missed=score.missed,
        false=score.false,
        windows=len(past.accepted),
        reason=reason,
    )
    return Proposal(line=line, entry=entry_of(line, kwargs, past))


def entry_of(line: SuggestedLine, kwargs: Mapping[str, Any], past: PastWindows) -> dict[str, Any]:
    """Return a new line's entry in a suite, as `keepfit init` writes entries, with what it is known by."""
    last = past.accepted[-1]
    meta = {"id": line.id, "level": "batch", "reason": line.reason, "added_in": last.window, "evidence": line.evidence}
    if last.start is not None:
        meta["review_after"] = (last.start + timedelta(days=(last.days or 0) + REVIEW_DAYS)).date().isoformat()
    return {"type": line.type, "kwargs": dict(kwargs), "severity": line.severity, "meta": meta}


def renamed(made: Proposal, taken: set[str]) -> Proposal:
    """Return the proposal under a name that no line of the suite has."""
    name, number = made.line.id, 2
    while name in taken:
        name, number = f"{made.line.id}_{number}", number + 1
    if name == made.line.id:
        return made
    return Proposal(line=replace(made.line, id=name), entry={**made.entry, "meta": {**made.entry["meta"], "id": name}})


def bounds_text(kwargs: Mapping[str, Any]) -> str:
    """Return a line's bounds in words.

    >>> bounds_text({"column": "x", "mostly": 0.98}), bounds_text({"min_value": 1, "max_value": 9}), bounds_text({"mostly": 0.3, "value_set": ["EWR"]})
    ('>= 0.98', '1 to 9', '>= 0.3 in EWR')
    """
    values = kwargs.get("value_set")
    named = "" if not isinstance(values, list) else f" in {', '.join(map(str, values))}" if len(values) <= SET_SHOWN else f" in {len(values)} values"
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}{named}" if all(isinstance(one, int | float) for one in (low, high)) else f"{low} to {high}{named}"
    if low is not None or high is not None:
        return f">= {low}{named}" if high is None else f"<= {high}{named}"
    return f">= {kwargs.get('mostly', 1)}{named}"


def _far(there: StandingLine, key: str, learned: LearnedLine) -> bool:
    """Whether a standing bound lies so far out that it is to be moved; a side without a bound does."""
    bound = there.entry["kwargs"].get(key)
    return not isinstance(bound, int | float) or not learned.prediction.apart(bound, learned.kwargs[key]) <= NEAR


def _reason(past: PastWindows, learned: LearnedLine) -> str:
    first, last = past.accepted[0].window, past.accepted[-1].window
    low, high = (f"{value:.4g}" for value in learned.seen)
    return f"{learned.measure.about}{past.of}: {low} to {high} in {len(past.accepted)} windows, {first} to {last}; a prediction interval for the next"
