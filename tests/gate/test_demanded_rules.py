"""An evaluation by these rules answers what the gate demands, whatever the gate's file says."""

from __future__ import annotations

import pytest
from tests.certificates import scorecard

from keepfit.errors import ParamsError
from keepfit.gate.demanded_rules import demanded_beside, demanded_columns, demanded_metrics, demanded_rules
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import ModelRules
from keepfit.records import ScoreRow


def held(**sections):
    return ModelRules.model_validate(sections)


@pytest.mark.parametrize(
    "rules",
    [
        held(preset={"name": "prove", "bound": 0.01, "priority": ["carrier=UA"]}),
        held(preset={"name": "renew", "max_loss": 0.02}, rules={"floor": {"kind": "at_least", "metric": "roc_auc", "bound": 0.6}}),
        held(rules={"all": {"kind": "not_worse_than", "metric": "*", "bound": 0.0}, "some": {"kind": "no_proof_of_harm", "slice": "*", "bound": 0.05}}),
    ],
)
def test_rows_that_pass_by_these_rules_are_all_that_the_gate_demands(rules):
    made = demanded_rules(rules, metric="roc_auc", sliced=True)
    card = scorecard("m", champion=None, rows=tuple(passing(rule) for rule in made.values()))
    reasons = list(row_reasons(rules.demanded, card, first=False, about_any_slice=rules.about_any_slice))
    assert [reason.text for reason in reasons if reason.blocking] == []
    assert {reason.rule for reason in reasons} == set(rules.demanded)


def passing(rule):
    absolute = rule.kind in {"at_least", "at_most"}
    numbers = {
        "champion": 0.7,
        "challenger": 0.9,
        "difference": None if absolute else 0.2,
        "low": None if absolute else 0.15,
        "high": None if absolute else 0.25,
    }
    return ScoreRow(
        slice=rule.slice.replace("*", "carrier=UA"), metric=rule.metric, rule=rule.kind, bound=rule.bound, p_value=0.9, n=900, status="pass", **numbers
    )


def test_rows_that_are_measured_beside_are_not_asked_of_those_that_judge():
    rules = held(rules={"smoke": {"kind": "no_proof_of_harm", "bound": 0.01, "basis": "smoke"}, "own": {"kind": "at_least", "metric": "f1", "bound": 0.5}})
    assert list(demanded_rules(rules, metric="roc_auc", sliced=False)) == ["own"]


def test_a_pattern_of_metrics_is_answered_by_those_that_fit():
    rules = held(rules={"scores": {"kind": "at_least", "metric": "f1_*", "bound": 0.5}})
    made = demanded_rules(rules, metric="error_rate", metrics=("f1_macro", "f1_weighted", "log_loss"), sliced=False)
    assert [rule.metric for rule in made.values()] == ["f1_macro", "f1_weighted"]
    with pytest.raises(ParamsError, match="is about metrics"):
        demanded_rules(rules, metric="error_rate", sliced=False)


def test_without_slices_a_preset_has_nothing_to_say_of_them_and_an_own_rule_cannot_be_met():
    preset = held(preset={"name": "prove", "bound": 0.01})
    assert list(demanded_rules(preset, metric="roc_auc", sliced=False)) == ["overall_proven"]
    with pytest.raises(ParamsError, match="none is evaluated"):
        demanded_rules(held(rules={"some": {"kind": "no_proof_of_harm", "slice": "*", "bound": 0.05}}), metric="roc_auc", sliced=False)


def test_columns_and_metrics_are_those_that_rules_name_outright():
    rules = {"a": {"kind": "at_least", "metric": "f1", "slice": "carrier=UA", "bound": 0.1}, "b": {"kind": "at_least", "slice": "orig?n=*", "bound": 0.1}}
    assert (demanded_columns(held(rules=rules)), demanded_metrics(held(rules=rules))) == (("carrier",), ("f1",))


def test_rules_about_the_past_are_demanded_of_the_past_alone_whatever_metric_they_name():
    rules = {
        "remembers": {"kind": "not_forgotten", "slice": "incident=*", "bound": 0.02},
        "mae": {"kind": "not_forgotten", "metric": "mae", "slice": "*", "bound": 1.0, "undecided": "block"},
        "floor": {"kind": "at_least", "metric": "roc_auc", "bound": 0.6},
    }
    made = demanded_beside(held(rules=rules), "past", metric="roc_auc")
    assert {name: (rule.metric, rule.slice, rule.undecided) for name, rule in made.items()} == {
        "remembers": ("roc_auc", "incident=*", None),
        "mae": ("mae", "*", "block"),
    }
    assert list(demanded_rules(held(rules=rules), metric="roc_auc", sliced=True)) == ["floor"]
