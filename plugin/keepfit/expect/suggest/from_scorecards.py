"""Floors of slices from past scorecards: the bound that a candidate's metric on a slice falls below with a small chance, if it is as those before it were.

Learned from candidates whose scorecards have no failed row; an error's bound is a ceiling. A floor knows nothing of how hard a month is:
it is no replacement for the comparison on the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keepfit.errors import DataError
from keepfit.expect.suggest.answers import BETWEEN
from keepfit.expect.suggest.learned import outwards
from keepfit.expect.suggest.past import A_YEAR, FALSE_A_YEAR
from keepfit.expect.suggest.proposed import NEAR, Proposal, Proposals, bounds_text
from keepfit.expect.suggest.standing import standing
from keepfit.records import Scorecard
from keepfit.records.suggestion import NotSuggested, SuggestedLine
from keepfit.stats.known_metric import metric_named
from keepfit.stats.metric import SHARE
from keepfit.stats.prediction_interval import FEWEST, Scale, predict
from keepfit.stats.trend import drifts

Values = Mapping[tuple[str, str], Mapping[int, float]]


def from_scorecards(cards: Sequence[Scorecard], entries: Sequence[Mapping[str, Any]], suite: str, *, size: str) -> Proposals:
    """Return a floor (of an error a ceiling) for each slice and metric that five scorecards without a failed row have; the oldest first.

    Raises `DataError` for fewer than five such scorecards.
    """
    sound = [card for card in cards if not any(row.status in ("fail", "error") for row in card.judged_rows)]
    if len(sound) < FEWEST:
        what = f"{len(sound)} scorecards without a failed row (of {len(cards)}) are in git's history: a prediction interval needs {FEWEST}"
        raise DataError(what, where="reports/scorecard.json", fix="more evaluations, each committed; keepfit suggest --from windows needs none")
    values = _values(sound)
    alpha = min(0.05, FALSE_A_YEAR / (max(1, len(values)) * A_YEAR.get(size, 12.0)))
    made = [_floor(name, there, sound, entries, suite, alpha) for name, there in sorted(values.items())]
    return Proposals(
        found=tuple(one for one in made if isinstance(one, Proposal)),
        not_suggested=tuple(one for one in made if isinstance(one, NotSuggested)),
        considered=len(values),
        alpha=alpha,
    )


def _values(cards: Sequence[Scorecard]) -> Values:
    """What each candidate measured by slice and metric."""
    found: dict[tuple[str, str], dict[int, float]] = {}
    for at, card in enumerate(cards):
        for row in card.judged_rows:
            if row.challenger is not None:
                found.setdefault((row.slice, row.metric), {})[at] = row.challenger
    return found


def _floor(
    name: tuple[str, str], there: Mapping[int, float], cards: Sequence[Scorecard], entries: Sequence[Mapping[str, Any]], suite: str, alpha: float
) -> Proposal | NotSuggested:
    part, metric_name = name
    metric, line = metric_named(metric_name, where="reports/scorecard.json"), f"{part}_{metric_name}_usual"
    values = [there[at] for at in sorted(there)]
    scale: Scale = "arcsine" if metric.range == SHARE else "plain" if metric.range[0] < 0 or min(values) <= 0 else "log"
    if len(values) < FEWEST:
        return NotSuggested(id=line, why=f"{len(values)} scorecards have it; a prediction interval needs {FEWEST}")
    if drifts(values):
        return NotSuggested(id=line, why="its scorecards drift (neighbours are alike): no interval tells the next")
    prediction = predict(values, scale)
    bound = outwards(prediction.low(alpha) if metric.greater_is_better else prediction.high(alpha), scale, down=metric.greater_is_better)
    if bound is None:
        return NotSuggested(id=line, why="its scorecards vary so much that no bound says anything")
    if metric.greater_is_better and metric.sound.above and bound <= metric.sound.low:
        return NotSuggested(id=line, why=f"its floor would be {bound}, which chance alone meets: more scorecards make it nearer")
    key = "min_value" if metric.greater_is_better else "max_value"
    condition = f'slice == "{part}" and metric == "{metric_name}"'
    kwargs = {"column": "value", key: bound, "condition_parser": "pandas", "row_condition": condition}
    mine = standing(entries, BETWEEN, kwargs)
    reason = f"{metric_name} of {part}: {min(values):.4g} to {max(values):.4g} in {len(values)} scorecards; a prediction interval for the next"
    found = SuggestedLine(
        suite=suite,
        id=line if mine is None else mine.id,
        change="new" if mine is None else "tighter",
        type=BETWEEN,
        about=f"{metric_name} of {part}",
        bounds=bounds_text(kwargs),
        before="" if mine is None else bounds_text(mine.entry["kwargs"]),
        severity="warning" if mine is None else mine.entry["severity"],
        windows=len(values),
        reason=reason,
    )
    if mine is None:
        meta = {"id": line, "level": "batch", "reason": reason, "added_in": _when(cards), "evidence": f"0 false on {len(values)} scorecards"}
        return Proposal(line=found, entry={"type": BETWEEN, "kwargs": kwargs, "severity": "warning", "meta": meta})
    stands = mine.entry["kwargs"].get(key)
    if key not in mine.farther or (stands is not None and prediction.apart(stands, bound) <= NEAR):
        return NotSuggested(id=line, why=f"{mine.id} demands as much ({found.before})", there=True)
    return Proposal(line=found, entry={**mine.entry, "kwargs": {**mine.entry["kwargs"], key: bound}})


def _when(cards: Sequence[Scorecard]) -> str:
    """Until when the newest scorecard's rows go."""
    until = cards[-1].evaluated_until
    return "" if until is None else until.date().isoformat()
