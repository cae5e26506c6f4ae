from __future__ import annotations

from tests.gate.verdicts import GREEN, RULES, again, refusing, verdict

from keepfit.gate.standing import Standing

WAIVED = Standing(champion="1", waivers={"overall": "until 2026-02-01 by tess (no better one)"})
FAILING = GREEN | {"overall": again("overall", status="fail")}


def test_what_a_waiver_in_force_sets_aside_is_shown_with_its_words():
    found = verdict(rows=FAILING, standing=WAIVED)
    assert found.promote
    [shown] = [reason for reason in found.reasons if reason.code == "KF-G042"]
    assert shown.text.startswith("waived until 2026-02-01 by tess (no better one): overall roc_auc not_worse_than")
    assert refusing(verdict(rows=FAILING)) == ["KF-G021"]


def test_a_right_to_waive_that_gate_yaml_has_withdrawn_since_sets_nothing_aside():
    withdrawn = RULES.replace("max_data_age_days: 30", "waivers: {rules: [slices]}")
    assert refusing(verdict(rows=FAILING, standing=WAIVED, rules=withdrawn)) == ["KF-G021"]


def test_a_waiver_is_for_its_own_rule():
    other = Standing(champion="1", waivers={"floor": "until 2026-02-01 by tess (no better one)"})
    assert refusing(verdict(rows=FAILING, standing=other)) == ["KF-G021"]
