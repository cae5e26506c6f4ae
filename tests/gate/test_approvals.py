"""What is undecided passes with the approval of a person, where its rule says so; nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certificates import row
from tests.gate.verdicts import GREEN, again, refusing, verdict

from keepfit.gate.sentence import sentence
from keepfit.gate.standing import Standing

RULES = """
models:
  m:
    trust: self
    approvers: [rita, 'lead-*']
    preset: {name: renew, max_loss: 0.02, undecided: approve}
    rules:
      floor: {kind: at_least, metric: roc_auc, bound: 0.6}
"""
WIDE = {"difference": 0.001, "challenger": 0.701, "low": -0.05, "high": 0.052, "detail": "…; about 8,226 labels would decide it, there are 900"}
ROWS = {
    "overall": replace(row("not_shown_worse", 0.02, "undecided", **WIDE), undecided="approve"),
    "slices": GREEN["slices"],
    "floor": GREEN["floor"],
}
STANDING = Standing(champion="1", requester="tess")


def asked(*, rows=ROWS, rules=RULES, **standing):
    return verdict(rows=rows, rules=rules, standing=replace(STANDING, **standing))


def test_it_refuses_until_a_person_approves_and_says_who_may_the_interval_and_how_many_labels_would_do():
    found = asked()
    [reason] = [one for one in found.reasons if one.blocking]
    assert reason.code == "KF-G029"
    assert "undecided with 900 rows, difference to the champion 0.001 [-0.05, 0.052], largest hidden loss 0.02" in reason.text
    assert reason.fix.startswith("rita or lead-* adds the tag approve = champion")
    assert "keepfit approve m 2" in reason.fix
    assert reason.fix.endswith("about 8,226 labels would decide it, there are 900")


def test_it_passes_with_the_approval_of_one_who_may_and_the_verdict_names_them():
    found = asked(approvers=("rita",))
    assert found.promote
    [reason] = [one for one in found.reasons if one.code == "KF-G032"]
    assert reason.text.endswith("passes by the approval of rita")
    said = sentence(found, page="/")
    assert said.startswith("keepfit: m v2 promoted to alias champion (self-attested), although undecided: [KF-G032] overall roc_auc")
    assert len(said) <= 400


@pytest.mark.parametrize("standing", [{"approvers": ("tess",)}, {"approvers": ("paul",)}, {"approvers": ("rita",), "gone": frozenset({"rita"})}])
def test_neither_who_asks_nor_a_stranger_nor_one_who_is_gone_lets_it_pass(standing):
    assert refusing(asked(**standing)) == ["KF-G029"]


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("overall", row("not_shown_worse", 0.02, "fail"), "KF-G021"),
        ("overall", row("not_shown_worse", 0.02, "error"), "KF-G023"),
        ("floor", again("floor", status="undecided"), "KF-G022"),
        ("overall", replace(ROWS["overall"], bound=0.03), "KF-G024"),
    ],
)
def test_what_failed_or_was_not_measured_or_judges_the_candidate_alone_is_not_approved(name, changed, code):
    assert refusing(asked(rows=ROWS | {name: changed}, approvers=("rita",))) == [code]


def test_the_gate_goes_before_the_project_and_a_row_that_it_does_not_name_goes_by_the_project():
    strict = RULES.replace("undecided: approve", "undecided: block")
    assert refusing(asked(rules=strict, approvers=("rita",))) == ["KF-G022"]
    unnamed = RULES.replace("    preset: {name: renew, max_loss: 0.02, undecided: approve}\n", "")
    assert refusing(asked(rules=unnamed)) == ["KF-G029"]
    assert refusing(asked(rules=unnamed, approvers=("rita",))) == []


def test_where_nobody_is_known_an_approval_counts_and_is_called_advisory():
    anybody = RULES.replace("[rita, 'lead-*']", "['*']")
    found = verdict(rows=ROWS, rules=anybody, standing=Standing(champion="1", approvers=("anonymous",)))
    assert found.promote
    assert [one.code for one in found.reasons if one.code == "KF-G051"] == ["KF-G051"]


def test_a_refit_that_is_broken_refuses_whatever_the_rules_say():
    broken = replace(row("not_worse_than", 0.0, "fail"), basis="smoke", detail="constant")
    rules = "models: {m: {trust: self, rules: {floor: {kind: at_least, metric: roc_auc, bound: 0.6}}}}"
    found = verdict(rows={"floor": GREEN["floor"], "smoke": broken}, rules=rules)
    assert refusing(found) == ["KF-G033"]
    assert refusing(verdict(rows={"floor": GREEN["floor"], "smoke": replace(row("not_worse_than", 0.0), basis="smoke")}, rules=rules)) == []


def test_a_rule_reads_a_refits_rows_only_if_it_says_so():
    smoke = replace(row("not_worse_than", 0.0, "pass", challenger=0.8, difference=0.1, low=0.09, high=0.11), basis="smoke")
    rule = "models: {{m: {{trust: self, rules: {{one: {{kind: not_worse_than, metric: roc_auc, bound: 0{more}}}}}}}}}"
    rows = {"smoke": smoke, "floor": GREEN["floor"]}
    assert refusing(verdict(rows=rows, rules=rule.format(more=""))) == ["KF-G020"]
    assert refusing(verdict(rows=rows, rules=rule.format(more=", basis: smoke"))) == []
    assert refusing(verdict(rows={"one": GREEN["overall"]}, rules=rule.format(more=", basis: later").replace("bound: 0,", "bound: 0.01,"))) == []


def test_a_project_without_slices_meets_the_presets_rule_about_them_and_not_an_own_one():
    rows = {"overall": row("not_shown_worse", 0.02), "floor": GREEN["floor"]}
    found = asked(rows=rows)
    assert refusing(found) == []
    assert [one.rule for one in found.reasons if one.code == "KF-G035"] == ["no_slice_harmed"]
    own = RULES.replace("      floor:", "      mine: {kind: no_proof_of_harm, slice: '*', bound: 0.05}\n      floor:")
    assert refusing(asked(rows=rows, rules=own)) == ["KF-G020"]
    assert refusing(asked(rows=rows | {"slices": again("slices", status="fail")})) == ["KF-G021"]
