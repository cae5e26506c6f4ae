"""The gate's rules over a scorecard's rows.

The statuses are the certificate's; the gate asks if every row that it demands is there, passes, and was judged by a bound at
least as strict as the gate's own. What that means is each kind's to say (`rule_kinds/`); rows of a kind that is not known here
are left out: `sound.py` says so, and refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from keepfit.gate.rules import RowRule
from keepfit.gate.sound import of_known_kinds
from keepfit.records import BESIDE, Basis, Reason, Scorecard, ScoreRow
from keepfit.rule_kinds.kind import RuleKind, four, judged_looser
from keepfit.rule_kinds.known import absolute_names, kind_of
from keepfit.rule_kinds.sound_rules import undecided_of
from keepfit.slices.name import OVERALL, matches

SMOKE = "smoke"


def row_reasons(rules: Mapping[str, RowRule], scorecard: Scorecard, *, first: bool, about_any_slice: Collection[str] = frozenset()) -> Iterator[Reason]:
    """Judge every rule; a `first` model (nothing stands, nothing was compared with) is judged by absolute bounds only.

    `about_any_slice` names the rules that a project without slices meets. What is undecided and may be approved
    refuses (`KF-G029`): `approvals.by_approval` lets it pass where somebody has approved.
    """
    rows = of_known_kinds(scorecard)
    for name, rule in rules.items():
        if first and kind_of(rule.kind).relative:
            yield Reason(
                code="KF-G025",
                rule=name,
                text=f"{rule.kind} does not apply: a first model has no champion to be compared with",
                blocking=False,
            )
        elif name in about_any_slice and all(row.slice == OVERALL for row in rows):
            yield Reason(code="KF-G035", rule=name, text=f"no slice was evaluated: {_sliced_by(scorecard)}", blocking=False)
        else:
            yield from _rule_reasons(name, rule, rows, scorecard)
    yield from _broken(rows)
    unnamed = [row for row in rows if row.basis != SMOKE and not any(covers(rule, row, scorecard.basis) for rule in rules.values())]
    if first:
        yield from _first_model([row for row in rows if row.basis not in BESIDE], unnamed, scorecard)
    else:  # what the project's own rules failed is refused too: a failed candidate is registered to be seen, not to serve
        judged = (_judge("params.yaml", _own_rule(row), row) for row in unnamed)
        yield from (reason for reason in judged if reason.blocking)


def _broken(rows: Sequence[ScoreRow]) -> Iterator[Reason]:
    """What a refit's own rows refuse, whatever the rules say: they prove nothing, but a broken refit is not served."""
    for row in rows:
        if row.basis == SMOKE and row.status in ("fail", "error"):
            text = f"the refit is broken: {row.slice} {row.metric} {row.rule}: {row.status}{', ' + row.detail if row.detail else ''}"
            yield Reason(code="KF-G033", rule=SMOKE, slice=row.slice, metric=row.metric, text=text, fix="update.refit: false ships the model that was judged")


def _sliced_by(scorecard: Scorecard) -> str:
    return "the project names none (evaluate.slices)" if scorecard.unseen is None else "none was asked for (--slices)"


def _missing(scorecard: Scorecard, rule: str) -> str:
    """How a scorecard gets the row that it lacks: outside a project the gate's own rules are what is judged."""
    return (
        f"add {rule} to evaluate.rules in params.yaml and evaluate again"
        if scorecard.unseen is None
        else "evaluate it again: these rules are what is judged by"
    )


def _rule_reasons(name: str, rule: RowRule, rows: Sequence[ScoreRow], scorecard: Scorecard) -> Iterator[Reason]:
    covered = [row for row in rows if covers(rule, row, scorecard.basis)]
    if not covered:
        yield Reason(
            code="KF-G020",
            rule=name,
            slice=rule.slice,
            metric=rule.metric,
            bound=rule.bound,
            text=f"the scorecard has no row {rule.kind} {rule.metric} on {rule.slice}",
            fix=_missing(scorecard, f"the rule {name!r}"),
        )
    for row in covered:
        yield _judge(name, rule, row)


def _first_model(rows: Sequence[ScoreRow], unnamed: Sequence[ScoreRow], scorecard: Scorecard) -> Iterator[Reason]:
    """A first model meets all absolute bounds of its own scorecard, of which there must be one: nothing else judged it."""
    if all(kind_of(row.rule).relative for row in rows):
        yield Reason(
            code="KF-G026",
            rule="first model",
            text="no absolute bound has judged this first model",
            fix=_missing(scorecard, f"an {' or '.join(absolute_names())} rule"),
        )
    yield from (_judge("first model", _own_rule(row), row) for row in unnamed if not kind_of(row.rule).relative)


def _own_rule(row: ScoreRow) -> RowRule:
    """The rule of the project by which the row was judged."""
    return RowRule(kind=row.rule, metric=row.metric, slice=row.slice, bound=row.bound or 0.0, undecided=row.undecided, basis=row.basis)


def covers(rule: RowRule, row: ScoreRow, basis: Basis) -> bool:
    """Whether a rule is about a row of a scorecard with that basis: of its kind and basis, with a metric and a slice that its patterns match."""
    measured_on, wanted = row.basis or basis, rule.basis or kind_of(rule.kind).basis
    reads = measured_on not in BESIDE if wanted is None else measured_on == wanted
    return reads and row.rule == rule.kind and fnmatchcase(row.metric, rule.metric) and matches(rule.slice, row.slice)


def _judge(name: str, rule: RowRule, row: ScoreRow) -> Reason:
    kind = kind_of(row.rule)
    code, blocking, text, fix = _finding(kind, rule, row)
    said = f"{row.slice} {row.metric} {row.rule}: {text}"
    return Reason(code=code, rule=name, slice=row.slice, metric=row.metric, value=kind.shown(row), bound=rule.bound, text=said, fix=fix, blocking=blocking)


def _finding(kind: RuleKind, rule: RowRule, row: ScoreRow) -> tuple[str, bool, str, str]:
    """The code, whether it blocks, the words, the cure."""
    if row.bound is None or judged_looser(kind, row.bound, than=rule.bound):
        fix = f"set the bound to {rule.bound:g} in params.yaml and evaluate again"
        return "KF-G024", True, f"judged by the bound {four(row.bound)}, looser than the gate's {four(rule.bound)}", fix
    said = f"{_measured(kind, row)}, {kind.bounded(row)}"
    if row.status == "pass":
        return "KF-G000", False, said, ""
    if row.status == "fail":
        return "KF-G021", True, said, "a better candidate; its SCORECARD.md shows where this one loses"
    if row.status == "undecided":
        does = undecided_of(kind, rule.undecided)
        return "KF-G029" if does == "approve" else "KF-G022", does is not None, f"undecided with {row.n} rows, {said}", row.detail or "more labelled rows"
    return "KF-G023", True, f"could not be measured{': ' + row.detail if row.detail else ''}", "mend what evaluate could not measure"


def _measured(kind: RuleKind, row: ScoreRow) -> str:
    if kind.relative:
        return f"difference to the champion {four(row.difference)} [{four(row.low)}, {four(row.high)}]"
    return f"value {four(row.challenger)}"
