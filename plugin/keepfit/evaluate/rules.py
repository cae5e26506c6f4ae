"""Rules: comparisons in, scorecard rows with a status out. What a status means is each kind's to say (`rule_kinds/`).

Undecided is never a pass; whether it blocks is for the gate to say. A first model has nothing to be compared with: only the
absolute kinds judge it. In their rows `low` and `high` bound the value, in the others the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from keepfit.errors import ParamsError
from keepfit.evaluate.compare import Comparison
from keepfit.params import EvaluateParams, RuleParams
from keepfit.records import RowBasis, ScoreRow, Status
from keepfit.rule_kinds.kind import Measured, RuleKind
from keepfit.rule_kinds.known import absolute_names, kind_of
from keepfit.rule_kinds.stands_for import stands_for
from keepfit.slices.name import OVERALL, matches
from keepfit.stats.holm import holm
from keepfit.stats.metric import Difference


def rules_of(params: EvaluateParams, *, many: bool = False) -> dict[str, RuleParams]:
    """Return the rules by name: what the preset stands for, about the primary metric, the style's, then the own ones; without slices none about slices.

    Each of `many` classes is a slice.

    >>> sorted(rules_of(EvaluateParams(preset={"name": "prove", "bound": 0.01}, slices={"carrier": {}})))
    ['no_slice_harmed', 'overall_proven']
    """
    short = {name: rule for name, rule in stands_for(params).items() if params.slices or many or not rule.about_any_slice}
    made = {
        name: RuleParams(kind=rule.kind, metric=rule.metric or params.metric, slice=rule.slice, bound=rule.bound, undecided=rule.undecided)
        for name, rule in short.items()
    }
    return {**made, **params.rules}


@dataclass(frozen=True, kw_only=True)
class LaterAttempt:
    """The second model that the same rows judge, or a later one: its `number`, and all comparisons at the `confidence` at which it must show things."""

    number: int
    comparisons: Sequence[Comparison]
    confidence: float


def judge(
    rules: Mapping[str, RuleParams],
    comparisons: Sequence[Comparison],
    *,
    metric: str,
    first: bool,
    confidence: float | None = None,
    again: LaterAttempt | None = None,
) -> tuple[ScoreRow, ...]:
    """Return the scorecard's rows, rule by rule in the order of their names.

    `first` is True when there is no champion: rules that compare do not apply; later on those that are `first_only` do not. `confidence` is that
    of each end of the comparisons' intervals, as the rows say it. `again`: these rows have judged other models before; kinds whose pass must be shown
    (`RuleKind.proof`) judge by its intervals.
    A rule that finds nothing to judge, and a first model without an absolute rule,
    are rows of status error: silence must not pass. Raises `UnknownNameError` for a kind that is not known here, `ParamsError` for
    a rule that would judge nobody.
    """
    kinds = _kinds(rules)
    _refuse_idle(rules, kinds)
    rules, kinds = _reading(rules, kinds, None)
    kept = [name for name, kind in kinds.items() if not (kind.relative if first else rules[name].first_only)]
    if not kept:
        absolute = absolute_names()
        rule = RuleParams(kind=absolute[0], metric=metric, bound=0.0)
        what = f"no absolute rule ({', '.join(absolute)}) in evaluate.rules judges a first model" if first else _none_for_later(rules)
        return (_unmeasured(rule, OVERALL, n=0, status="error", detail=what, bound=None),)
    attempt = 1 if again is None else again.number
    return tuple(row for name in kept for row in _judged(name, rules[name], kinds[name], *_drawn(kinds[name], comparisons, confidence, again), attempt))


def _drawn(
    kind: RuleKind, comparisons: Sequence[Comparison], confidence: float | None, again: LaterAttempt | None
) -> tuple[Sequence[Comparison], float | None]:
    """The comparisons that the kind judges by, and their confidence: a wider interval would let what must be shown to fail pass."""
    return (comparisons, confidence) if again is None or kind.proof == "fail" else (again.comparisons, again.confidence)


def judge_beside(
    rules: Mapping[str, RuleParams], comparisons: Sequence[Comparison], *, basis: RowBasis, first: bool, confidence: float | None = None
) -> tuple[ScoreRow, ...]:
    """Return the rows of a basis beside the scorecard's own (`records.BESIDE`), rule by rule: those of the rules whose kind reads it.

    `comparisons` are those measured on these rows. A rule that compares is left out for a `first` model; one that finds nothing to judge is a row of
    status error. Raises as `judge` does.
    """
    rules, kinds = _reading(rules, _kinds(rules), basis)
    kept = [name for name, kind in kinds.items() if not (kind.relative if first else rules[name].first_only)]
    return tuple(replace(row, basis=basis) for name in kept for row in _judged(name, rules[name], kinds[name], comparisons, confidence))


def reading(rules: Mapping[str, RuleParams], basis: RowBasis) -> list[RuleParams]:
    """Return the rules whose kind reads rows of this basis."""
    return list(_reading(rules, _kinds(rules), basis)[0].values())


def _kinds(rules: Mapping[str, RuleParams]) -> dict[str, RuleKind]:
    return {name: kind_of(rule.kind, where=f"params.yaml: evaluate.rules.{name}.kind") for name, rule in sorted(rules.items())}


def _reading(rules: Mapping[str, RuleParams], kinds: Mapping[str, RuleKind], basis: RowBasis | None) -> tuple[dict[str, RuleParams], dict[str, RuleKind]]:
    """The rules whose kind reads rows of this basis (None: the scorecard's own), and their kinds."""
    own = {name: kind for name, kind in kinds.items() if kind.basis == basis}
    return {name: rules[name] for name in own}, own


def _refuse_idle(rules: Mapping[str, RuleParams], kinds: Mapping[str, RuleKind]) -> None:
    """Raise `ParamsError` for a rule that would judge nobody: of first models, which have no champion, and about the gain over one."""
    idle = next((name for name, kind in kinds.items() if kind.relative and rules[name].first_only), None)
    if idle is not None:
        what = f"the rule {idle!r} compares with a champion, and a first model has none: it would judge nobody"
        raise ParamsError(what, where=f"params.yaml: evaluate.rules.{idle}.first_only", fix="first_only: false")


def _none_for_later(rules: Mapping[str, RuleParams]) -> str:
    """Why nothing judges a candidate that has a champion."""
    return "all of evaluate.rules judge a first model only: add a preset, or a rule that compares" if rules else "evaluate.rules is empty"


def _judged(name: str, rule: RuleParams, kind: RuleKind, comparisons: Sequence[Comparison], confidence: float | None, attempt: int = 1) -> list[ScoreRow]:
    covered = [found for found in comparisons if found.metric == rule.metric and matches(rule.slice, found.slice)]
    if not covered:
        return [_unmeasured(rule, rule.slice, n=0, status="error", detail=f"the rule {name} matches no slice", bound=rule.bound)]
    p_values = _p_values(kind, rule.bound, [found for found in covered if found.status == "measured"])
    return [_row(rule, kind, found, p_values.get(found.slice), confidence, attempt) for found in covered]


def _p_values(kind: RuleKind, bound: float, measured: Sequence[Comparison]) -> dict[str, float]:
    """The p-value of harm by slice, as the kind wants it: beyond which loss, alone or adjusted for looking at all of them; none where nothing is compared."""
    if not kind.relative:
        return {}
    alone = [_gain(found).p_loss_beyond(kind.tested_loss(bound)) for found in measured]
    return dict(zip((found.slice for found in measured), holm(alone) if kind.adjusted else alone, strict=True))


def _row(rule: RuleParams, kind: RuleKind, found: Comparison, p_value: float | None, confidence: float | None, attempt: int) -> ScoreRow:
    if found.status != "measured":
        return _unmeasured(rule, found.slice, n=found.n, status=found.status, detail=found.detail, bound=rule.bound)
    its = replace(_measured(kind, found, p_value), confidence=confidence, attempt=attempt)
    said = kind.decide(its, rule.bound)
    return ScoreRow(
        slice=found.slice, metric=rule.metric, rule=rule.kind, bound=rule.bound, champion=found.champion, challenger=its.challenger,
        difference=its.value if kind.relative else None, low=its.low, high=its.high, p_value=p_value, n=found.n, status=said.status, detail=said.detail,
        confidence=confidence, undecided=rule.undecided, clusters=found.clusters, design=found.design,
    )  # fmt: skip


def _measured(kind: RuleKind, found: Comparison, p_value: float | None) -> Measured:
    """The numbers that the kind is about: of the gain over the champion, or of the challenger alone."""
    own = found.challenger or 0.0
    if kind.relative:
        gain = _gain(found)
        return Measured(value=gain.gain, low=gain.low, high=gain.high, n=gain.n, challenger=own, champion=found.champion, p_value=p_value)
    return Measured(value=own, low=found.value_low or 0.0, high=found.value_high or 0.0, n=found.n, challenger=own, champion=found.champion)


def _gain(found: Comparison) -> Difference:
    if found.difference is None:
        raise ValueError(f"{found.slice}: a relative rule needs a champion")
    return found.difference


def _unmeasured(rule: RuleParams, slice_name: str, *, n: int, status: Status, detail: str, bound: float | None) -> ScoreRow:
    return ScoreRow(
        slice=slice_name, metric=rule.metric, rule=rule.kind, bound=bound, champion=None, challenger=None, difference=None,
        low=None, high=None, p_value=None, n=n, status=status, detail=detail, undecided=rule.undecided,
    )  # fmt: skip
