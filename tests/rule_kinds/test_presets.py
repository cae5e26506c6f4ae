from __future__ import annotations

import pytest

from keepfit.errors import KeepfitError, ParamsError
from keepfit.evaluate.rules import rules_of
from keepfit.gate.rules import parse_rules
from keepfit.params import EvaluateParams, PresetParams, load_params
from keepfit.rule_kinds.known import kind_of
from keepfit.rule_kinds.presets import written_out
from keepfit.rule_kinds.sound_rules import require_sound, undecided_of

HEAD = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"


def preset(**keys):
    return PresetParams(**keys)


def test_prove_asks_for_proof_on_all_rows_and_the_priority_slices_and_shows_the_rest():
    found = written_out(preset(name="prove", bound=0.01, priority=("origin=*", "carrier=UA")))
    assert {name: (rule.kind, rule.slice, rule.bound) for name, rule in found.items()} == {
        "overall_proven": ("not_worse_than", "overall", 0.01),
        "priority_1_proven": ("not_worse_than", "origin=*", 0.01),
        "priority_2_proven": ("not_worse_than", "carrier=UA", 0.01),
        "no_slice_harmed": ("no_proof_of_harm", "*", 0.05),
    }


def test_renew_refuses_what_is_shown_worse_on_all_rows_or_a_slice():
    found = written_out(preset(name="renew", max_loss=0.02, undecided="approve"))
    assert {name: (rule.kind, rule.slice, rule.bound, rule.undecided) for name, rule in found.items()} == {
        "overall_renewed": ("not_shown_worse", "overall", 0.02, "approve"),
        "no_slice_harmed": ("no_proof_of_harm", "*", 0.05, None),
    }


def test_own_rules_stand_beside_a_preset_and_it_is_about_the_primary_metric():
    own = {"cap": {"kind": "at_most", "metric": "mae", "bound": 20}}
    wanted = EvaluateParams(metric="mae", preset=preset(name="renew", max_loss=2.0), slices={"carrier": {}}, rules=own)
    rules = rules_of(wanted)
    assert list(rules) == ["overall_renewed", "no_slice_harmed", "cap"]
    assert {rule.metric for rule in rules.values()} == {"mae"}
    assert list(rules_of(wanted.model_copy(update={"slices": {}}))) == ["overall_renewed", "cap"], "a project without slices has none to be harmed"


@pytest.mark.parametrize(
    ("text", "said", "where"),
    [
        ("{name: renwe, max_loss: 0.02}", "no such preset (did you mean 'renew'? known: prove, renew), got 'renwe'", "evaluate.preset.name"),
        ("{name: renew, max_loss: 0}", "Input should be greater than 0, got '0'", "evaluate.preset.max_loss"),
        ("{name: renew, max_loss: -0.1}", "Input should be greater than 0, got '-0.1'", "evaluate.preset.max_loss"),
        ("{name: renew}", "the preset renew needs max_loss: {name: renew, max_loss: …}", "evaluate.preset"),
        ("{name: prove}", "the preset prove needs bound: {name: prove, bound: …}", "evaluate.preset"),
        ("{name: prove, bound: 0, max_loss: 0.1}", "the preset prove has no max_loss: it has bound, priority", "evaluate.preset"),
        ("{name: renew, max_loss: 0.1, priority: [a=b]}", "the preset renew has no priority: it has max_loss", "evaluate.preset"),
        ("{name: renew, max_loss: 0.1, undecided: pass}", "Input should be 'block' or 'approve', got 'pass'", "evaluate.preset.undecided"),
    ],
)
def test_a_line_that_makes_no_sense_is_one_sentence(text, said, where):
    with pytest.raises(ParamsError) as bad:
        load_params(f"{HEAD}evaluate: {{preset: {text}}}")
    assert (bad.value.what, bad.value.where) == (said, f"params.yaml: {where}")


def test_an_own_rule_of_a_name_that_the_preset_has_given_away_is_refused():
    rule = "{kind: at_least, metric: roc_auc, bound: 0.6}"
    with pytest.raises(ParamsError) as bad:
        parse_rules(f"models: {{m: {{preset: {{name: renew, max_loss: 0.02}}, rules: {{no_slice_harmed: {rule}}}}}}}")
    assert bad.value.what == "the preset renew has a rule 'no_slice_harmed' already"
    assert bad.value.where == "gate.yaml: models.m.rules.no_slice_harmed"


def test_what_judges_the_candidate_alone_cannot_be_approved():
    with pytest.raises(KeepfitError) as bad:
        parse_rules("models: {m: {rules: {floor: {kind: at_least, bound: 0.6, undecided: approve}}}}")
    assert bad.value.what == "at_least judges the candidate alone: what it could not decide cannot be approved"
    assert bad.value.where == "gate.yaml: models.m.rules.floor.undecided"


def test_a_rule_says_what_undecided_does_and_else_its_kind():
    require_sound(EvaluateParams(), {}, where="here")
    does = {(name, said): undecided_of(kind_of(name), said) for name in ("not_worse_than", "no_proof_of_harm") for said in (None, "block", "approve")}
    assert does == {
        ("not_worse_than", None): "block",
        ("not_worse_than", "block"): "block",
        ("not_worse_than", "approve"): "approve",
        ("no_proof_of_harm", None): None,
        ("no_proof_of_harm", "block"): "block",
        ("no_proof_of_harm", "approve"): "approve",
    }
