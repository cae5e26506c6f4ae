"""How often a candidate of a known worth would pass the gate, on a window that is as large as the last one and varies as it did.

The scorecard's rows say how wide each interval is, of how many rows and clusters. Candidates are drawn that are worse by the bound, equal, or
better by it, on every slice alike: a gain with the slice's own error, correlated with that of all rows as its share of them says. Each is judged
by the very code that judges: the rules of `params.yaml`, then those of `gate.yaml`. Blind to absolute bounds, expectations and all else that the
gate asks; to a candidate that gains on one slice and loses on another; and to windows that will differ more than the last one did.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.rules import judge, rules_of
from keepfit.gate.approvals import ASKED
from keepfit.gate.pass_rate import PassRate, PassRates
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.params import EvaluateParams, RuleParams
from keepfit.records import CLASS, Scorecard, ScoreRow
from keepfit.rule_kinds.known import known_kind
from keepfit.rule_kinds.not_shown_worse import USUAL_CONFIDENCE, found_loss
from keepfit.slices.name import OVERALL, Slice
from keepfit.stats.bounds import p_below, quantile
from keepfit.stats.metric import Difference

if TYPE_CHECKING:
    import numpy as np

DRAWS = 200


def pass_rates(params: EvaluateParams, held: ModelRules, card: Scorecard, *, rng: np.random.Generator, draws: int = DRAWS) -> PassRates | None:
    """Return the rates on a window like that of the scorecard; None where nothing was compared on all rows."""
    widths = {row.slice: row for row in card.judged_rows if _is_measured(row, card.metric)}
    overall = widths.get(OVERALL)
    if card.champion is None or overall is None:
        return None
    half = _half(overall)
    finds = found_loss(half=half, confidence=overall.confidence)
    many = any(Slice.parse(row.slice).column == CLASS for row in card.judged_rows)
    rules = {name: rule for name, rule in rules_of(params, many=many).items() if _compares(rule) and rule.metric == card.metric}
    demanded = {name: rule for name, rule in held.demanded.items() if _compares(rule)}
    size = _bound(params) or finds
    shares = [_rate(rules, demanded, _LikeTheLast(card, widths, held.about_any_slice), gain=gain, rng=rng, draws=draws) for gain in (-size, 0.0, size)]
    return PassRates(metric=card.metric, rows=overall.n, clusters=overall.clusters, half_width=half, finds=finds, rates=tuple(shares))


@dataclass(frozen=True)
class _LikeTheLast:
    """The last scorecard, of each slice a row that says how wide its interval is, and which of the gate's rules a project without slices meets."""

    card: Scorecard
    widths: Mapping[str, ScoreRow]
    about_any_slice: frozenset[str]

    def drawn(self, gain: float, noise: Sequence[float]) -> Iterator[Comparison]:
        """What an evaluation would find of a candidate that gains so much everywhere; `noise`: a standard normal number a slice, that of all rows first."""
        common, *own = noise
        for (name, row), alone in zip(self.widths.items(), (common, *own), strict=True):
            share = min(row.n / self.widths[OVERALL].n, 1.0)
            z = common if name == OVERALL else math.sqrt(share) * common + math.sqrt(1 - share) * alone
            yield _compared(row, gain, z)


def _compared(row: ScoreRow, gain: float, z: float) -> Comparison:
    confidence, freedom = row.confidence or USUAL_CONFIDENCE, (row.clusters or 1) - 1
    half, champion = _half(row), row.champion or 0.0
    error = half / quantile(confidence, freedom)
    value = gain + z * error
    found = Difference(
        value_a=champion, value_b=champion + value, gain=value, low=value - half, high=value + half, p_harm=p_below(value, error, freedom), n=row.n, error=error
    )  # fmt: skip
    return Comparison(slice=row.slice, metric=row.metric, n=row.n, status="measured", champion=champion, challenger=champion + value, difference=found)


def _rate(
    rules: Mapping[str, RuleParams], demanded: Mapping[str, RowRule], window: _LikeTheLast, *, gain: float, rng: np.random.Generator, draws: int
) -> PassRate:
    confidence = window.widths[OVERALL].confidence
    refused = asked = 0
    for noise in rng.standard_normal((draws, len(window.widths))).tolist():
        rows = judge(rules, list(window.drawn(gain, noise)), metric=window.card.metric, first=False, confidence=confidence)
        codes = {
            reason.code
            for reason in row_reasons(demanded, replace(window.card, rows=rows), first=False, about_any_slice=window.about_any_slice)
            if reason.blocking
        }
        asked += codes == {ASKED}
        refused += bool(codes - {ASKED})
    return PassRate(gain=gain, passes=1 - (refused + asked) / draws, approvals=asked / draws)


def _is_measured(row: ScoreRow, metric: str) -> bool:
    kind = known_kind(row.rule)
    return kind is not None and kind.relative and row.metric == metric and row.low is not None and row.high is not None and row.high > row.low


def _half(row: ScoreRow) -> float:
    return ((row.high or 0.0) - (row.low or 0.0)) / 2


def _compares(rule: RuleParams | RowRule) -> bool:
    kind = known_kind(rule.kind)
    return kind is not None and kind.relative


def _bound(params: EvaluateParams) -> float | None:
    """The largest loss that a rule on all rows allows; None where it allows none."""
    margins = [
        kind.margin(rule.bound, champion=None)
        for rule in rules_of(params).values()
        if rule.slice == OVERALL and (kind := known_kind(rule.kind)) is not None and kind.relative
    ]
    return max((margin for margin in margins if margin), default=None)
