"""A standing line made looser for a person's reason: no farther than the accepted windows and what they predict ask for, and the reason stays with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keepfit.errors import ExpectationError, UnknownNameError
from keepfit.expect.suggest.answers import IN_SET, observed
from keepfit.expect.suggest.facts import known_values
from keepfit.expect.suggest.learned import LearnedLine, bounds_of, outwards
from keepfit.expect.suggest.past import PastWindows
from keepfit.expect.suggest.proposed import Proposal, Proposals, bounds_text
from keepfit.expect.suggest.standing import BOUNDS, standing
from keepfit.records.suggestion import SuggestedLine

BY_HAND = "change the line by hand, with the reason in the commit"


def loosened(past: PastWindows, entries: Sequence[Mapping[str, Any]], suite: str, *, line: str, reason: str) -> Proposals:
    """Return the line with its bounds moved out to the prediction of the accepted windows; to a set the values that these have are added.

    Raises `UnknownNameError` for a line that is not there, `ExpectationError` without a reason, for a type that history says nothing of, and where nothing
    would change.
    """
    entry = next((one for one in entries if one["meta"]["id"] == line), None)
    where = f"suite {suite}: {line}"
    if entry is None:
        raise UnknownNameError("expectation", line, known=[str(one["meta"]["id"]) for one in entries], where=f"suite {suite}")
    if not reason.strip():
        raise ExpectationError("a line is made looser for a reason only", where=where, fix="--reason: somebody will read it in a year")
    past.require()
    alpha = past.alpha(len(past.measures))
    kwargs = _values_added(past, entry, where) if _is_set(entry) else _moved(past, entry, alpha, where)
    if kwargs == entry["kwargs"]:
        raise ExpectationError(
            "the accepted windows ask for no looser line",
            where=where,
            fix=f"accept the window that it is wrong about (keepfit window accept WINDOW --reason …), or {BY_HAND}",
        )
    before, said = bounds_text(entry["kwargs"]), " ".join(reason.split())
    changed = {**entry, "kwargs": kwargs, "meta": {**entry["meta"], "loosened": f"{said} (was {before}, {past.accepted[-1].window})"}}
    score = past.score(str(entry["type"]), kwargs)
    found = SuggestedLine(
        suite=suite,
        id=line,
        change="looser",
        type=str(entry["type"]),
        about=str(kwargs.get("column", "")),
        bounds=bounds_text(kwargs),
        before=before,
        severity=entry.get("severity", "warning"),
        caught=score.caught,
        missed=score.missed,
        false=score.false,
        windows=len(past.accepted),
        reason=said,
    )
    return Proposals(found=(Proposal(line=found, entry=changed),), considered=len(past.measures), alpha=alpha)


def _is_set(entry: Mapping[str, Any]) -> bool:
    return entry["type"] == IN_SET and len(entry["kwargs"].get("value_set") or ()) > 1


def _values_added(past: PastWindows, entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    column, there = str(entry["kwargs"].get("column")), list(entry["kwargs"]["value_set"])
    known = known_values(past.accepted, column) if all(column in one.columns for one in past.accepted) else None
    if known is None:
        raise ExpectationError(f"{column!r} has too many values to list, or is not in every window", where=where, fix=BY_HAND)
    added = sorted(known - set(there), key=lambda value: (isinstance(value, str), value))
    both = there + added
    ordered = sorted(both) if there == sorted(there, key=str) and all(isinstance(one, str) for one in both) else both
    return {**entry["kwargs"], "value_set": ordered if added else there}


def _moved(past: PastWindows, entry: Mapping[str, Any], alpha: float, where: str) -> dict[str, Any]:
    """Each bound that the line has, moved out to the suggested one where that is looser, and past the accepted windows."""
    for measure in past.measures:
        learned = bounds_of(measure, past.accepted, alpha)
        if not isinstance(learned, LearnedLine) or standing([entry], measure.type, {**learned.kwargs, **past.condition}) is None:
            continue
        kwargs = dict(entry["kwargs"])
        seen = [value for value in (observed(measure.type, learned.kwargs, one) for one in past.accepted) if value is not None]
        for key in (one for one in BOUNDS if one in learned.kwargs and (one in kwargs or one == "mostly")):
            mine, new = kwargs.get(key, 1), learned.kwargs[key]
            farthest = outwards(max(seen) if key == "max_value" else min(seen), measure.scale, down=key != "max_value") if seen else None
            asked = [one for one in (mine, new, farthest) if one is not None]
            kwargs[key] = max(asked) if key == "max_value" else min(asked)
        if entry["meta"].get("level") == "row" and "mostly" in kwargs:
            raise ExpectationError("a row-level line judges each row and tolerates none", where=where, fix=BY_HAND)
        return kwargs
    raise ExpectationError(f"history says nothing of {entry['type']} here", where=where, fix=BY_HAND)
