"""Rules: comparisons in, scorecard rows with a status out.

- `not_worse_than: margin` (non-inferiority): pass when the gain's lower bound is at least -margin, fail when its upper bound
  is below, else undecided. `bound` is the margin, in the metric's unit.
- `no_proof_of_harm`: fail when harm is significant after Holm over the rule's slices, pass when the gain's lower bound is at
  least 0, else undecided. `bound` is the family-wise error.
- `at_least`, `at_most`: the challenger's own value; pass or fail when its whole interval is on one side of `bound`.

Undecided is never a pass; whether it blocks is for the gate to say. A first model has nothing to be compared with: only the
absolute rules judge it. In the rows of absolute rules `low` and `high` bound the value, in the others the difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from keepfit.evaluate.compare import Comparison
from keepfit.params import RuleParams
from keepfit.records import ScoreRow, Status
from keepfit.slices.name import OVERALL, matches
from keepfit.stats.metric import Difference

RELATIVE = ("not_worse_than", "no_proof_of_harm")
MOST_LABELS = 10_000_000


def judge(rules: Mapping[str, RuleParams], comparisons: Sequence[Comparison], *, metric: str, first: bool) -> tuple[ScoreRow, ...]:
    """Return the scorecard's rows, rule by rule in the order of their names.

    `first` is True when there is no champion. A rule that finds nothing to judge, and a first model without an absolute rule,
    are rows of status error: silence must not pass.
    """
    kept = {name: rule for name, rule in sorted(rules.items()) if not (first and rule.kind in RELATIVE)}
    if not kept:
        rule = RuleParams(kind="at_least", metric=metric, bound=0.0)
        what = "no absolute rule (at_least, at_most) in evaluate.rules judges a first model" if first else "evaluate.rules is empty"
        return (_unmeasured(rule, OVERALL, n=0, status="error", detail=what, bound=None),)
    return tuple(row for name, rule in kept.items() for row in _judged(name, rule, comparisons))


def _judged(name: str, rule: RuleParams, comparisons: Sequence[Comparison]) -> list[ScoreRow]:
    covered = [found for found in comparisons if found.metric == rule.metric and matches(rule.slice, found.slice)]
    if not covered:
        return [_unmeasured(rule, rule.slice, n=0, status="error", detail=f"the rule {name} matches no slice", bound=rule.bound)]
    if rule.kind == "no_proof_of_harm":
        return _no_proof_of_harm(rule, covered)
    judge_one = _not_worse if rule.kind == "not_worse_than" else _absolute
    return [_measured(rule, found, judge_one) for found in covered]


def _measured(rule: RuleParams, found: Comparison, judge_one: Callable[[RuleParams, Comparison], ScoreRow]) -> ScoreRow:
    if found.status == "measured":
        return judge_one(rule, found)
    return _unmeasured(rule, found.slice, n=found.n, status=found.status, detail=found.detail, bound=rule.bound)


def _unmeasured(rule: RuleParams, slice_name: str, *, n: int, status: Status, detail: str, bound: float | None) -> ScoreRow:
    return ScoreRow(
        slice=slice_name, metric=rule.metric, rule=rule.kind, bound=bound, champion=None, challenger=None, difference=None,
        low=None, high=None, p_value=None, n=n, status=status, detail=detail,
    )  # fmt: skip


# -- compared with the champion -----------------------------------------------------------------------------------------


def _paired(rule: RuleParams, found: Comparison, *, status: Status, p_value: float, detail: str) -> ScoreRow:
    gain = _gain(found)
    return ScoreRow(
        slice=found.slice, metric=rule.metric, rule=rule.kind, bound=rule.bound, champion=found.champion, challenger=found.challenger,
        difference=gain.gain, low=gain.low, high=gain.high, p_value=p_value, n=found.n, status=status, detail=detail,
    )  # fmt: skip


def _gain(found: Comparison) -> Difference:
    if found.difference is None:
        raise ValueError(f"{found.slice}: a relative rule needs a champion")
    return found.difference


def _not_worse(rule: RuleParams, found: Comparison) -> ScoreRow:
    gain, limit = _gain(found), 0.0 - rule.bound
    if gain.low >= limit:
        return _paired(rule, found, status="pass", p_value=gain.p_harm, detail=f"lower bound {gain.low:+.4f} >= {limit:+.4f}")
    if gain.high < limit:
        return _paired(rule, found, status="fail", p_value=gain.p_harm, detail=f"upper bound {gain.high:+.4f} < {limit:+.4f}")
    return _paired(rule, found, status="undecided", p_value=gain.p_harm, detail=f"lower bound {gain.low:+.4f} < {limit:+.4f}; {_labels(gain, rule.bound)}")


def _no_proof_of_harm(rule: RuleParams, covered: Iterable[Comparison]) -> list[ScoreRow]:
    """Holm (1979) over the slices that could be measured; the p-values shown are the adjusted ones."""
    covered = list(covered)
    measured = [found for found in covered if found.status == "measured"]
    adjusted = dict(zip((found.slice for found in measured), holm([_gain(found).p_harm for found in measured]), strict=True))

    def one(rule: RuleParams, found: Comparison) -> ScoreRow:
        gain, p_value = _gain(found), adjusted[found.slice]
        if p_value <= rule.bound:
            return _paired(
                rule,
                found,
                status="fail",
                p_value=p_value,
                detail=f"worse by {-gain.gain:.4f}, p {p_value:.2g} after Holm <= {rule.bound:g}{_other_level(gain)}",
            )
        if gain.low >= 0:
            return _paired(rule, found, status="pass", p_value=p_value, detail="shown not worse")
        return _paired(rule, found, status="undecided", p_value=p_value, detail=f"no proof either way; {_labels(gain, 0.0)}")

    return [_measured(rule, found, one) for found in covered]


def _other_level(gain: Difference) -> str:
    """What is said where `bound` asks for less proof than the confidence that the interval is drawn at."""
    return "" if gain.high < 0 else "; the interval is drawn at a higher confidence (evaluate.confidence), at which better is not excluded"


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for looking at all of them (Holm, Scand. J. Statist. 6, 1979): family-wise error is kept.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    steps = np.asarray(p_values)[order] * np.arange(len(order), 0, -1)
    adjusted = np.empty(len(order))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return [float(p) for p in adjusted]


def _labels(gain: Difference, margin: float) -> str:
    """The number of labels at which an effect of today's size would be decided: the interval shrinks with the root of n.

    Blind to the chance that the effect itself is an accident of these rows; Holm asks for somewhat more.
    """
    distance = abs(gain.gain + margin)
    needed = math.inf if distance == 0 else gain.n * ((gain.gain - gain.low) / distance) ** 2
    if needed > MOST_LABELS:
        return "no number of labels would decide it: the models are as good as equal here"
    return f"about {math.ceil(needed):,} labels would decide it, there are {gain.n:,}"


# -- the challenger alone -----------------------------------------------------------------------------------------------


def _absolute(rule: RuleParams, found: Comparison) -> ScoreRow:
    value, low, high = found.challenger or 0.0, found.value_low or 0.0, found.value_high or 0.0
    status, detail = _side(rule, value, low, high, found.n)
    return ScoreRow(
        slice=found.slice, metric=rule.metric, rule=rule.kind, bound=rule.bound, champion=found.champion, challenger=value,
        difference=None, low=low, high=high, p_value=None, n=found.n, status=status, detail=detail,
    )  # fmt: skip


def _side(rule: RuleParams, value: float, low: float, high: float, n: int) -> tuple[Status, str]:
    """On which side of the bound the value's interval lies; for `at_most` everything is mirrored."""
    sign = 1 if rule.kind == "at_least" else -1
    near, far = (low, high) if sign == 1 else (high, low)
    ends = f"{low:.4f} to {high:.4f}"
    if sign * near >= sign * rule.bound:
        return "pass", f"{ends} is {rule.kind.replace('_', ' ')} {rule.bound:g}"
    if sign * far < sign * rule.bound:
        return "fail", f"{ends} is not {rule.kind.replace('_', ' ')} {rule.bound:g}"
    distance = abs(value - rule.bound)
    needed = math.inf if distance == 0 else n * (abs(value - near) / distance) ** 2
    decided = "no number of labels would decide it" if needed > MOST_LABELS else f"about {math.ceil(needed):,} labels would decide it, there are {n:,}"
    return "undecided", f"{ends} lies on both sides of {rule.bound:g}; {decided}"
