"""What the gate demands of a scorecard, as rules by which one is judged: so that an evaluation outside a project answers what will be asked."""

from __future__ import annotations

from fnmatch import fnmatchcase

from keepfit.errors import ParamsError
from keepfit.gate.overlap import is_literal
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.params import RuleParams
from keepfit.records import RowBasis
from keepfit.rule_kinds.known import kind_of
from keepfit.slices.name import OVERALL

EVERY = "*"
OWN = (None, "later")


def demanded_metrics(held: ModelRules) -> tuple[str, ...]:
    """Return the metrics that rules name outright, each once."""
    return tuple(dict.fromkeys(rule.metric for rule in _of_rows(held).values() if is_literal(rule.metric)))


def demanded_columns(held: ModelRules) -> tuple[str, ...]:
    """Return the columns by which rules want rows to be sliced, each once."""
    columns = (rule.slice.partition("=") for rule in _of_rows(held).values())
    return tuple(dict.fromkeys(column for column, equals, _ in columns if equals and is_literal(column)))


def demanded_rules(held: ModelRules, *, metric: str, metrics: tuple[str, ...] = (), sliced: bool) -> dict[str, RuleParams]:
    """Return the rules by name; those about rows of another basis (a refit's, say) are nothing that the judged rows can answer.

    A rule about any metric is judged by `metric`, the one that decides; one about a pattern by those of `metrics` beside it that fit. Not `sliced`: there are
    no slices, and a preset's rule about whatever slices there are has nothing to say. Raises `ParamsError` for a rule that nothing measured could answer.
    """
    made: dict[str, RuleParams] = {}
    for name, rule in _of_rows(held).items():
        if name in held.about_any_slice and not sliced:
            continue
        if rule.slice != OVERALL and not sliced:
            raise ParamsError(f"the rule {name!r} is about slices {rule.slice!r}, and none is evaluated", where="--slices", fix="--slices COLUMN,…")
        named = _metrics(rule, metric, metrics)
        if not named:
            known = ", ".join((metric, *metrics))
            raise ParamsError(
                f"the rule {name!r} is about metrics {rule.metric!r}, and measured are {known}", where="--metrics", fix="name one that it is about"
            )
        for one in named:
            key = name if len(named) == 1 else f"{name} {one}"
            made[key] = RuleParams(kind=rule.kind, metric=one, slice=rule.slice, bound=rule.bound, undecided=rule.undecided)
    return made


def demanded_beside(held: ModelRules, basis: RowBasis, *, metric: str) -> dict[str, RuleParams]:
    """Return the rules by name that read rows of a basis beside those that judge; one about any metric is judged by `metric`."""
    rules = {name: rule for name, rule in held.demanded.items() if (rule.basis or kind_of(rule.kind).basis) == basis}
    return {
        name: RuleParams(
            kind=rule.kind, metric=rule.metric if is_literal(rule.metric) else metric, slice=rule.slice, bound=rule.bound, undecided=rule.undecided
        )
        for name, rule in rules.items()
    }


def _of_rows(held: ModelRules) -> dict[str, RowRule]:
    """The demands on the rows that judge, as neither the rule nor its kind reads rows that are measured beside them."""
    return {name: rule for name, rule in held.demanded.items() if (rule.basis or kind_of(rule.kind).basis) in OWN}


def _metrics(rule: RowRule, metric: str, metrics: tuple[str, ...]) -> tuple[str, ...]:
    if is_literal(rule.metric):
        return (rule.metric,)
    return (metric,) if rule.metric == EVERY else tuple(one for one in dict.fromkeys((metric, *metrics)) if fnmatchcase(one, rule.metric))
