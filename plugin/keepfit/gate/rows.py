"""The gate's rules over a scorecard's rows.

The statuses are the certificate's; the gate asks if every row that it demands is there, passes, and was judged by a bound at
least as strict as the gate's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from keepfit.gate.rules import RowRule
from keepfit.records import Reason, RuleKind, Scorecard, ScoreRow
from keepfit.slices.name import matches

ABSOLUTE: tuple[RuleKind, ...] = ("at_least", "at_most")
_LOOSER_IF_LARGER: tuple[RuleKind, ...] = ("not_worse_than", "at_most")


def row_reasons(rules: Mapping[str, RowRule], scorecard: Scorecard, *, first: bool) -> Iterator[Reason]:
    """Judge every rule; a `first` model (nothing stands, nothing was compared with) is judged by absolute bounds only."""
    for name, rule in rules.items():
        if first and rule.kind not in ABSOLUTE:
            yield Reason(
                code="KF-G025",
                rule=name,
                text=f"{rule.kind} does not apply: a first model has no champion to be compared with",
                blocking=False,
            )
        else:
            yield from _rule_reasons(name, rule, scorecard)
    unnamed = [row for row in scorecard.rows if not any(_covers(rule, row) for rule in rules.values())]
    if first:
        yield from _first_model(scorecard, unnamed)
    else:  # what the project's own rules failed is refused too: a failed candidate is registered to be seen, not to serve
        judged = (_judge("params.yaml", _own_rule(row), row) for row in unnamed)
        yield from (reason for reason in judged if reason.blocking)


def _rule_reasons(name: str, rule: RowRule, scorecard: Scorecard) -> Iterator[Reason]:
    rows = [row for row in scorecard.rows if _covers(rule, row)]
    if not rows:
        yield Reason(
            code="KF-G020",
            rule=name,
            slice=rule.slice,
            metric=rule.metric,
            bound=rule.bound,
            text=f"the scorecard has no row {rule.kind} {rule.metric} on {rule.slice}",
            fix=f"add the rule {name!r} to evaluate.rules in params.yaml and evaluate again",
        )
    for row in rows:
        yield _judge(name, rule, row)


def _first_model(scorecard: Scorecard, unnamed: Sequence[ScoreRow]) -> Iterator[Reason]:
    """A first model meets all absolute bounds of its own scorecard, of which there must be one: nothing else judged it."""
    if not any(row.rule in ABSOLUTE for row in scorecard.rows):
        yield Reason(
            code="KF-G026",
            rule="first model",
            text="no absolute bound has judged this first model",
            fix="add an at_least or at_most rule to evaluate.rules in params.yaml and evaluate again",
        )
    yield from (_judge("first model", _own_rule(row), row) for row in unnamed if row.rule in ABSOLUTE)


def _own_rule(row: ScoreRow) -> RowRule:
    """The rule of the project by which the row was judged."""
    return RowRule(kind=row.rule, metric=row.metric, slice=row.slice, bound=row.bound or 0.0)


def _covers(rule: RowRule, row: ScoreRow) -> bool:
    return row.rule == rule.kind and fnmatchcase(row.metric, rule.metric) and matches(rule.slice, row.slice)


def _judge(name: str, rule: RowRule, row: ScoreRow) -> Reason:
    code, blocking, text, fix = _finding(rule, row)
    value = row.challenger if row.rule in ABSOLUTE else row.low if row.rule == "not_worse_than" else row.difference
    said = f"{row.slice} {row.metric} {row.rule}: {text}"
    return Reason(code=code, rule=name, slice=row.slice, metric=row.metric, value=value, bound=rule.bound, text=said, fix=fix, blocking=blocking)


def _finding(rule: RowRule, row: ScoreRow) -> tuple[str, bool, str, str]:
    """The code, whether it blocks, the words, the cure."""
    if row.bound is None or _looser(rule, row.bound):
        fix = f"set the bound to {rule.bound:g} in params.yaml and evaluate again"
        return "KF-G024", True, f"judged by the bound {_n(row.bound)}, looser than the gate's {_n(rule.bound)}", fix
    if row.status == "pass":
        return "KF-G000", False, f"{_measured(row)}, {_bounded(row)}", ""
    if row.status == "fail":
        return "KF-G021", True, f"{_measured(row)}, {_bounded(row)}", "a better candidate; REVIEW.md on its git branch shows where this one loses"
    if row.status == "undecided":
        blocks = row.rule != "no_proof_of_harm"
        return "KF-G022", blocks, f"undecided with {row.n} rows, {_measured(row)}, {_bounded(row)}", row.detail or "more labelled rows"
    return "KF-G023", True, f"could not be measured{': ' + row.detail if row.detail else ''}", "mend what evaluate could not measure"


def _looser(rule: RowRule, bound: float) -> bool:
    return bound > rule.bound if rule.kind in _LOOSER_IF_LARGER else bound < rule.bound


def _measured(row: ScoreRow) -> str:
    if row.rule in ABSOLUTE:
        return f"value {_n(row.challenger)}"
    return f"difference to the champion {_n(row.difference)} [{_n(row.low)}, {_n(row.high)}]"


def _bounded(row: ScoreRow) -> str:
    """The bound in words: of `no_proof_of_harm` it is an error rate, not a size that the difference is compared with."""
    if row.rule != "no_proof_of_harm":
        return f"bound {_n(row.bound)}"
    if row.status != "fail":
        return f"error rate bound {_n(row.bound)}"
    other = " (the interval is drawn at a higher confidence)" if row.high is not None and row.high >= 0 else ""
    return f"significantly worse at bound {_n(row.bound)}{other}"


def _n(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"
