from __future__ import annotations

from pathlib import Path

import pytest

from keepfit.gate.findings import findings
from keepfit.gate.rules import parse_rules

METRICS = {"roc_auc": (0.0, 1.0), "mae": (0.0, float("inf"))}


def found(text):
    return {one.keys: one.text for one in findings(parse_rules(text), metrics=METRICS)}


def of_rules(*rules):
    return found(f"models: {{m: {{trust: self, rules: {{{', '.join(rules)}}}}}}}")


def test_the_templates_rules_are_not_odd():
    assert found((Path(__file__).resolve().parents[2] / "gate.yaml").read_text()) == {}


# -- patterns -----------------------------------------------------------------------------------------------------------


def rules_of(*names):
    """Rules whose pattern number i protects the alias i."""
    return "models:\n" + "".join(f"  '{name}': {{trust: self, aliases: ['{number}']}}\n" for number, name in enumerate(names))


def patterns(*names):
    return found(rules_of(*names))


def test_a_part_of_a_broader_pattern_is_how_patterns_are_meant():
    assert patterns("*", "flights-*", "flights-late", "parts") == {}


def test_a_pattern_behind_a_longer_broader_one_never_holds():
    text = patterns("[a-z]*", "m*")[("models", "m*")]
    assert text == "the pattern 'm*' never holds: '[a-z]*' matches every name that it matches, and is longer"


def test_a_pattern_spelled_twice_never_holds():
    assert "never holds" in patterns("flights-*", "Flights-*")[("models", "Flights-*")]
    assert "and stands first" in patterns("flights-*", "Flights-*")[("models", "Flights-*")]


def test_two_patterns_that_share_names_are_named_with_one_and_the_winner():
    assert patterns("flights-*", "*-late")[("models", "*-late")] == (
        "the patterns 'flights-*' and '*-late' both match names such as 'flights-late': there 'flights-*' holds, which is longer"
    )


@pytest.mark.parametrize("names", [("flights-*", "*-late"), ("[a-z]*", "m*"), ("ab*", "*ab"), ("*ab", "ab*"), ("M*", "m*"), ("m", "M*")])
def test_the_winner_is_the_one_that_the_gate_takes(names):
    """What is said about a shared name is what `GateRules.of` does with it."""
    rules = parse_rules(rules_of(*names))
    for (_, loser), text in patterns(*names).items():
        shared = text.split("such as '")[1].split("'")[0] if "such as" in text else loser.replace("*", "")
        winner = names[1 - names.index(loser)]
        assert rules.of(shared).aliases == (str(names.index(winner)),)


# -- names --------------------------------------------------------------------------------------------------------------


def test_a_pattern_that_trusts_nobody_or_protects_nothing_says_so():
    assert "trusts nobody" in found("models: {m: {}}")[("models", "m", "trust")]
    assert "protects no alias" in found("models: {m: {aliases: [], stages: []}}")[("models", "m")]


# -- bounds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("{kind: at_least, metric: roc_auc, bound: 1.01}", "can never be met: at_least 1.01, but roc_auc lies between 0 and 1"),
        ("{kind: at_most, metric: mae, bound: -1}", "can never be met: at_most -1, but mae lies between 0 and inf"),
        ("{kind: not_worse_than, metric: roc_auc, bound: -1.5}", "can never be met: not_worse_than -1.5"),
        ("{kind: no_proof_of_harm, metric: roc_auc, bound: 1}", "can never be met: no_proof_of_harm 1, but every p-value is at most 1"),
        ("{kind: no_proof_of_harm, metric: roc_auc, bound: 0}", "refuses nothing: no p-value is below 0"),
        ("{kind: at_least, metric: roc_auc, slice: carrier, bound: 0.5}", "can never be met: no slice is called 'carrier'"),
        ("{kind: at_least, metric: roc_acu, bound: 0.5}", "is about a metric that is not known here: 'roc_acu'"),
    ],
)
def test_a_rule_that_no_candidate_can_meet_or_miss_is_named(rule, problem):
    ((keys, text),) = of_rules(f"r: {rule}").items()
    assert keys == ("models", "m", "rules", "r")
    assert text.startswith(f"the rule 'r' {problem}")


@pytest.mark.parametrize(
    "rule",
    [
        "{kind: at_least, metric: roc_auc, bound: 1}",
        "{kind: at_least, metric: '*', bound: 7}",
        "{kind: at_most, metric: mae, bound: 0}",
        "{kind: not_worse_than, metric: mae, bound: -3}",
        "{kind: not_worse_than, metric: roc_auc, slice: 'carrier=*', bound: 0}",
        "{kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05}",
    ],
)
def test_a_rule_that_can_be_met_is_not(rule):
    assert of_rules(f"r: {rule}") == {}


def test_a_floor_above_a_ceiling_is_named_where_both_judge_the_same():
    floor, ceiling = "{kind: at_least, metric: mae, slice: '%s', bound: 2}", "{kind: at_most, metric: mae, slice: '%s', bound: %s}"

    def odd(one, other, bound):
        return [text for text in of_rules(f"a: {floor % one}", f"b: {ceiling % (other, bound)}").values() if "contradict" in text]

    assert odd("overall", "overall", 1) == ["the rules 'a' and 'b' contradict each other: mae of overall at least 2 and at most 1"]
    assert odd("carrier=*", "carrier=EV", 1)
    assert odd("overall", "overall", 2) == odd("overall", "*", 1) == odd("carrier=*", "origin=*", 1) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("approvers: [rita]", "names approvers, but asks for no approval"),
        ("approvals: 2, approvers: [rita, Rita]", "asks for 2 approvals, but names 1 who may approve"),
        ("approvals: 1, approvers: []", "but names 0"),
        ("approvals: 2, approvers: ['lead-*']", None),
        ("approvals: 2, approvers: [rita, paul]", None),
        ("approvals: 1", None),
        ("approvers: [rita], preset: {name: renew, max_loss: 0.1, undecided: approve}", None),
        ("approvers: [], preset: {name: renew, max_loss: 0.1, undecided: approve}", "names no approvers: nobody can let it pass"),
        ("approvers: [], rules: {a: {kind: no_proof_of_harm, slice: '*', bound: 0.1, undecided: approve}}", "the rule 'a' leaves undecided pass by approval"),
    ],
)
def test_approvers_whom_nobody_asks_or_who_are_too_few_are_told(text, said):
    found = [one.text for one in findings(parse_rules(f"models: {{'m': {{trust: self, {text}}}}}"), metrics={})]
    assert (said is None) == (not found)
    assert all(said in one for one in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("movers: []", "names nobody who may ask for a move: no version can pass"),
        ("movers: [ci]", None),
        ("rollback: {movers: []}", "names nobody who may let a former champion come back"),
        ("rollback: {movers: [], allowed: false}", None),
        ("movers: [rita], approvals: 1, approvers: [Rita]", "asks for 1 approvals by others than the one who asks, of whom its movers leave 0"),
        ("movers: [rita, paul], approvals: 1, approvers: [rita]", None),
        ("movers: ['r*'], approvals: 1, approvers: [rita]", None),
    ],
)
def test_movers_who_are_nobody_or_leave_nobody_to_approve_are_told(text, said):
    found = [one.text for one in findings(parse_rules(f"models: {{'m': {{trust: self, {text}}}}}"), metrics={})]
    assert (said is None) == (not found)
    assert all(said in one for one in found)


def test_a_rule_that_a_preset_stands_for_is_named_with_the_line_of_the_preset():
    [found] = findings(parse_rules("models: {m: {trust: self, preset: {name: prove, bound: 0.01, priority: [carrier]}}}"), metrics={})
    assert found.text == "the rule 'priority_1_proven' can never be met: no slice is called 'carrier'"
    assert found.keys == ("models", "m", "preset")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("r: {kind: at_most, metric: failure_rate, slice: 'test=*', bound: 0.05}", "measured on rows of basis behaviour"),
        ("r: {kind: at_most, metric: failure_rate, slice: 'test=*', basis: serving, bound: 0.05}", "measured on rows of basis behaviour"),
        ("r: {kind: at_most, metric: failure_rates, slice: 'test=*', basis: behaviour, bound: 0.05}", "not known here: 'failure_rates'"),
        ("r: {kind: at_most, metric: failure_rate, slice: 'test=*', basis: behaviour, bound: -0.1}", "lies between 0 and 1"),
        ("r: {kind: at_least, metric: loads, basis: serving, bound: 2}", "lies between 0 and 1"),
        ("r: {kind: at_least, metric: roc_auc, basis: serving, bound: 0.5}", "not known here: 'roc_auc'"),
    ],
)
def test_a_rule_about_what_is_measured_beside_names_its_basis_and_a_metric_of_it(rule, text):
    assert text in " ".join(of_rules(rule).values())


def test_rules_about_declared_tests_and_serving_are_not_odd():
    assert of_rules("a: {kind: at_most, metric: failure_rate, slice: 'test=*', basis: behaviour, bound: 0.05}") == {}
    assert of_rules("a: {kind: at_most, metric: latency_ms, slice: batch=1, basis: serving, bound: 20}") == {}
