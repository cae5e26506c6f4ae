"""What every rule kind promises, built-in or from another package: discovered, not listed."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certificates import pinned, scorecard

from keepfit import plugins
from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.rules import judge, judge_beside
from keepfit.gate.decidable import row_findings
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import ModelRules, RowRule
from keepfit.gate.sound import contradiction
from keepfit.params import RuleParams
from keepfit.records import Scorecard, from_json, to_json
from keepfit.report.rules import sentences
from keepfit.report.version_page import failing_rows
from keepfit.rule_kinds.kind import Measured, judged_looser
from keepfit.rule_kinds.known import absolute_names, kind_of
from keepfit.stats.metric import Difference

WORST_FIRST = ("fail", "undecided", "pass")
BOUNDS = (0.01, 0.05, 0.1, 0.3, 0.9)
PIN = pinned("m", 1, "sha256:one")
pytestmark = pytest.mark.parametrize("kind", [kind_of(name) for name in plugins.names("rules")], ids=lambda kind: kind.name)


def sensible(kind):
    return [bound for bound in BOUNDS if kind.problem(bound, metric="roc_auc", lowest=0.0, highest=1.0) is None]


def measured(kind, value, half, *, n=900):
    """What an evaluation finds: of the gain over a champion of .7 with the p-value that fits, or of the value alone."""
    if not kind.relative:
        return Measured(value=value, low=value - half, high=value + half, n=n, challenger=value)
    p_value = NormalDist(0, half / 1.645).cdf(value)
    return Measured(value=value, low=value - half, high=value + half, n=n, challenger=0.7 + value, champion=0.7, p_value=p_value)


def centre(kind):
    return 0.0 if kind.relative else 0.5


def judged(kind, bound, value, half, n=900):
    """The row that an evaluation writes of it."""
    its = measured(kind, value, half, n=n)
    gain = None
    if kind.relative:
        gain = Difference(value_a=0.7, value_b=its.challenger, gain=value, low=its.low, high=its.high, p_harm=its.p_value, n=n, error=half / 1.645)
    found = Comparison(
        slice="overall", metric="roc_auc", n=n, status="measured", champion=its.champion, challenger=its.challenger,
        value_low=its.low, value_high=its.high, difference=gain,
    )  # fmt: skip
    return row_of(kind, bound, found)


def row_of(kind, bound, found):
    """The row of a comparison, on the rows that the kind reads."""
    rules = {"r": RuleParams(kind=kind.name, metric="roc_auc", bound=bound)}
    rows = judge(rules, [found], metric="roc_auc", first=False) if kind.basis is None else judge_beside(rules, [found], basis=kind.basis, first=False)
    [row] = rows
    return row


def rows_of_every_status(kind, bound):
    """A row of each status that the kind can come to, looked for among clear gains, clear losses and wide intervals."""
    tried = [judged(kind, bound, centre(kind) + shift, half) for half in (0.001, 0.4) for shift in (-0.49, -0.21, 0.0, 0.21, 0.49)]  # none on a bound
    return {row.status: row for row in tried}


def reasons(kind, bound, row):
    rules = {"r": RowRule(kind=kind.name, metric="*", bound=bound)}
    return list(row_reasons(rules, scorecard("m", champion=PIN, rows=(row,)), first=False))


values = st.tuples(st.floats(-0.45, 0.45), st.floats(0.001, 0.4))


# -- facts and words ----------------------------------------------------------------------------------------------------


def test_its_facts_are_there(kind):
    assert plugins.load("rules", kind.name)().name == kind.name
    assert isinstance(kind.relative, bool)
    assert isinstance(kind.undecided_blocks, bool)
    assert kind.looser in ("larger", "smaller")
    assert kind.unit in ("metric", "error rate", "share")
    assert kind.proof in ("pass", "fail")
    assert kind.relative or not kind.adjusted, "p-values are of a comparison"
    assert sensible(kind), "no bound is sensible"


def test_its_words_are_parts_of_sentences(kind):
    for bound in sensible(kind):
        for text in (kind.passes_when, kind.bound_is, kind.demand(bound)):
            assert text == text.strip().rstrip(".")
            assert "\n" not in text
        assert kind.demand(bound).startswith("is ")
        assert f"{bound:g}" in kind.demand(bound)
        [said] = [one.text for one in sentences(ModelRules(rules={"r": RowRule(kind=kind.name, bound=bound)})) if one.keys == ("rules", "r")]
        assert said.endswith("undecided refuses" if kind.undecided_blocks else "undecided is shown and passes")


def test_a_bound_that_nobody_can_meet_or_miss_is_named_with_it(kind):
    for bound in (*BOUNDS, -1e9, 1e9):
        problem = kind.problem(bound, metric="roc_auc", lowest=0.0, highest=1.0)
        assert problem is None or f"{bound:g}" in problem


# -- deciding -----------------------------------------------------------------------------------------------------------


@given(of=values, bound=st.sampled_from(BOUNDS))
def test_what_was_measured_is_decided_alike_each_time_and_why_is_said(kind, of, bound):
    its = measured(kind, centre(kind) + of[0], of[1])
    said = kind.decide(its, bound)
    assert said == kind.decide(its, bound)
    assert said.status in WORST_FIRST
    assert said.detail
    assert "\n" not in said.detail


@given(of=values, more=st.floats(0, 0.4), bound=st.sampled_from(BOUNDS))
def test_a_better_value_is_never_a_worse_status(kind, of, more, bound):
    """Better is a larger gain; of the challenger alone it is what the looser bound would let pass too."""
    better = more if kind.relative or kind.looser == "smaller" else -more
    one, other = (kind.decide(measured(kind, centre(kind) + value, of[1]), bound).status for value in (of[0], of[0] + better))
    assert WORST_FIRST.index(one) <= WORST_FIRST.index(other)


@given(of=values, bounds=st.tuples(st.sampled_from(BOUNDS), st.sampled_from(BOUNDS)))
def test_a_looser_bound_is_never_a_worse_status(kind, of, bounds):
    strict, loose = bounds if judged_looser(kind, bounds[1], than=bounds[0]) else bounds[::-1]
    one, other = (kind.decide(measured(kind, centre(kind) + of[0], of[1]), bound).status for bound in (strict, loose))
    assert WORST_FIRST.index(one) <= WORST_FIRST.index(other)


@given(of=values, wider=st.floats(1, 20), bound=st.sampled_from(BOUNDS))
def test_what_must_be_shown_is_not_shown_by_an_interval_that_is_drawn_wider(kind, of, wider, bound):
    """`proof` says which status that is; a later attempt on the same rows is judged by wider intervals where it is the pass."""
    its = measured(kind, centre(kind) + of[0], of[1])
    wide = replace(its, low=its.value - of[1] * wider, high=its.value + of[1] * wider)
    one, other = (kind.decide(each, bound).status for each in (its, wide))
    assert one == other or kind.proof not in (other,)


@given(of=values, attempt=st.integers(2, 1000), bound=st.sampled_from(BOUNDS))
def test_a_later_attempt_never_has_a_better_status(kind, of, attempt, bound):
    its = measured(kind, centre(kind) + of[0], of[1])
    one, other = (kind.decide(replace(its, confidence=0.95, attempt=number), bound).status for number in (1, attempt))
    assert WORST_FIRST.index(other) <= WORST_FIRST.index(one)


def test_it_can_come_to_every_status(kind):
    found = {status for bound in sensible(kind) for status in rows_of_every_status(kind, bound)}
    assert found == (set(WORST_FIRST) - {"undecided"} if kind.point else set(WORST_FIRST))


# -- its rows -----------------------------------------------------------------------------------------------------------


@given(of=values, bound=st.sampled_from(BOUNDS))
def test_a_row_that_it_judged_does_not_contradict_itself_stored_or_rounded(kind, of, bound):
    row = judged(kind, bound, centre(kind) + of[0], of[1])
    numbers = {name: round(value, 6) for name in ("challenger", "difference", "low", "high", "p_value") if (value := getattr(row, name)) is not None}
    for one in (row, replace(row, **numbers)):
        card = scorecard("m", champion=PIN, rows=(one,))
        assert contradiction(from_json(Scorecard, to_json(card))) is None


def test_a_row_that_says_the_opposite_contradicts_itself(kind):
    for bound in sensible(kind):
        for status, row in rows_of_every_status(kind, bound).items():
            if status != "undecided":
                turned = replace(row, status="pass" if status == "fail" else "fail")
                assert contradiction(scorecard("m", champion=PIN, rows=(turned,))) is not None
    hidden = [replace(row, status="undecided") for bound in sensible(kind) for row in rows_of_every_status(kind, bound).values() if row.status == "fail"]
    for row in [] if kind.undecided_blocks else hidden:
        assert contradiction(scorecard("m", champion=PIN, rows=(row,))) is not None


def test_the_gate_refuses_a_failure_and_an_error_and_the_undecided_where_the_kind_says_so(kind):
    for bound in sensible(kind):
        found = rows_of_every_status(kind, bound)
        found["error"] = replace(next(iter(found.values())), status="error", detail="the challenger gave 3 scores that are not finite numbers")
        for status, row in found.items():
            [reason] = reasons(kind, bound, row)
            blocks = {"pass": False, "fail": True, "error": True, "undecided": kind.undecided_blocks}[status]
            assert (reason.blocking, reason.rule) == (blocks, "r")
            assert reason.text.startswith(f"overall roc_auc {kind.name}: ")
            assert status == "error" or f"{bound:g}" in reason.text
            assert bool(failing_rows(scorecard("m", champion=PIN, rows=(row,)))) is blocks


def test_a_row_judged_by_a_looser_bound_is_refused_and_by_a_stricter_one_is_not(kind):
    for bound in sensible(kind):
        row = rows_of_every_status(kind, bound).get("pass")
        if row is not None:
            by = {other: [reason.code for reason in reasons(kind, other, row)] for other in sensible(kind) if other != bound}
            assert by == {other: ["KF-G024" if judged_looser(kind, bound, than=other) else "KF-G000"] for other in by}


def test_a_first_model_is_judged_by_it_only_if_nothing_is_compared(kind):
    rules = {"r": RowRule(kind=kind.name, metric="*", bound=sensible(kind)[0])}
    [first, *_] = row_reasons(rules, scorecard("m", rows=()), first=True)
    assert (first.code == "KF-G025") is kind.relative
    assert all(not kind_of(name).relative for name in absolute_names())


# -- can it be decided? -------------------------------------------------------------------------------------------------


def test_rules_check_can_say_if_an_equal_candidate_would_be_decided(kind):
    """A kind that refuses the undecided says how wide an interval may be; what it says is what it does."""
    for bound in sensible(kind):
        margin = kind.margin(bound, champion=0.7)
        if kind.point or not (kind.relative and kind.undecided_blocks):
            assert margin is None
            continue
        assert margin is not None
        assert margin > 0
        narrow, wide = (judged(kind, bound, 0.0, margin * part) for part in (0.99, 1.01))
        assert (narrow.status, wide.status) == ("pass", "undecided")
        held = ModelRules(rules={"r": RowRule(kind=kind.name, metric="*", bound=bound)})
        said = {row.status: list(row_findings(held, scorecard("m", champion=PIN, rows=(row,)))) for row in (narrow, wide)}
        assert said["pass"] == []
        assert [(one.undecidable, one.bound) for one in said["undecided"]] == [(True, margin)]


def test_too_few_rows_to_measure_are_said_to_be_undecidable_where_they_refuse(kind):
    bound = sensible(kind)[0]
    few = Comparison(slice="overall", metric="roc_auc", n=7, status="undecided", detail="7 rows, the rule asks for 100")
    row = row_of(kind, bound, few)
    held = ModelRules(rules={"r": RowRule(kind=kind.name, metric="*", bound=bound)})
    said = list(row_findings(held, scorecard("m", champion=PIN, rows=(row,))))
    assert [one.undecidable for one in said] == ([True] if kind.relative and kind.undecided_blocks else [])
