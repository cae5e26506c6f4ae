from __future__ import annotations

import base64

from keepfit.gate.rules import ModelRules, parse_rules
from keepfit.params import PresetParams
from keepfit.report.rules import WORDED, sentences, unprotected

KEY = base64.b64encode(b"k" * 32).decode()


def said(text):
    found = {}
    for one in sentences(parse_rules(f"models: {{m: {{{text}}}}}").of("m")):
        found.setdefault(one.about, []).append(one.text)
    return found


def test_what_is_protected_and_what_is_not():
    assert said("aliases: [champion, shadow]")["protects"] == [
        "the alias champion, the alias shadow and the stage Production; its other aliases and stages move freely"
    ]
    assert said("aliases: [], stages: []") == {"protects": ["nothing: all its aliases and stages move freely"]}


def test_who_is_trusted():
    assert said("trust: self")["trusts"] == ["anybody: certificates may be unsigned, and are called self-attested"]
    assert said("")["trusts"] == ["nobody: no version can pass"]
    assert said(f"trust: {{b: '{KEY}', a: '{KEY}'}}")["trusts"] == ["certificates that are signed with the key a or b"]


def test_each_rule_is_a_sentence():
    rules = """rules: {
      one: {kind: not_worse_than, metric: roc_auc, bound: 0.01}, same: {kind: not_worse_than, metric: '*', bound: 0},
      gain: {kind: not_worse_than, metric: '*', bound: -0.02}, harm: {kind: no_proof_of_harm, metric: '*', slice: '*', bound: 0.05},
      floor: {kind: at_least, metric: roc_auc, slice: 'carrier=*', bound: 0.6}}"""
    assert said(rules)["demands"][:5] == [
        "one: on all rows together, the metric roc_auc is shown to be not worse than the champion's by more than 0.01; undecided refuses",
        "same: on all rows together, every metric is shown to be not worse than the champion's at all; undecided refuses",
        "gain: on all rows together, every metric is shown to be better than the champion's by at least 0.02; undecided refuses",
        "harm: on every slice, every metric is not shown worse than the champion's (error 0.05 over all slices together); undecided is shown and passes",
        "floor: on the slices carrier=*, the metric roc_auc is shown to be at least 0.6; undecided refuses",
    ]


def test_ages_merges_and_severities():
    text = said("max_data_age_days: 45, require_merged: true, block_severities: [critical, warning]")
    assert "at most 45 days before the click" in text["ages"][0]
    assert "the certified commit must be merged into the protected branch" in text["demands"]
    assert any("critical or warning must hold" in one for one in text["demands"])
    assert any("never refuses" in one for one in said("block_severities: []")["demands"])


def test_every_key_of_a_pattern_has_words_or_is_shown_as_it_is():
    floor = {"roc_auc": {"value_threshold": {"lower_bound": 0.7}}}
    keys = {one.keys[0] for one in sentences(ModelRules(preset=PresetParams(name="prove", bound=0.0), style="tfx", thresholds=floor))}
    assert keys | {"stages"} >= set(ModelRules.model_fields)
    assert set(WORDED) <= set(ModelRules.model_fields)


def test_who_may_ask_for_a_move_and_for_a_rollback():
    free = said("trust: self")["demands"]
    assert "who may ask for a move: anybody whom MLflow lets edit the model" in free
    named = said("movers: [ci-bot, 'release-*'], rollback: {movers: ['oncall-*'], reason_required: true}")["demands"]
    assert "who may ask for a move: ci-bot or release-*, on a server with users" in named
    last = "a former champion comes back by its files and signature alone, with a reason; who may ask for that: oncall-*, on a server with users"
    assert last in named
    assert "a former champion comes back only if it meets all of this anew" in said("rollback: {allowed: false}")["demands"]


def test_what_no_pattern_names_is_unprotected():
    assert unprotected(["*", "m"]) == "no model is left unprotected"
    assert unprotected(["m"]).startswith("every other model is unprotected")
    assert unprotected([]).startswith("nothing is protected")


def test_a_preset_is_written_out_as_the_rules_that_it_stands_for():
    found = said("preset: {name: renew, max_loss: 0.02, undecided: approve}, rules: {floor: {kind: at_least, metric: roc_auc, bound: 0.6}}")["demands"]
    assert found[0].startswith("the preset renew: a candidate passes unless it is shown worse")
    assert found[1:4] == [
        "overall_renewed: on all rows together, every metric is not shown worse than the champion's, on a window that finds a loss of 0.02 with power 0.8; "
        "undecided passes by the approval of a person",
        "no_slice_harmed: on every slice, every metric is not shown worse than the champion's (error 0.05 over all slices together); "
        "undecided is shown and passes",
        "floor: on all rows together, the metric roc_auc is shown to be at least 0.6; undecided refuses",
    ]
    assert "approval is asked for only where a rule lets what is undecided pass by it" in found


def test_a_rule_says_which_rows_it_reads_if_not_those_of_the_scorecard():
    [one, *_] = said("rules: {a: {kind: at_least, metric: roc_auc, bound: 0.6, basis: smoke}}")["demands"]
    assert one.startswith("a: on all rows together (rows of basis smoke), the metric roc_auc is shown")
