from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.gate.verdicts import NOW, RULES, refusing, verdict

from keepfit.gate.standing import Standing


def test_a_former_champion_of_another_workspace_than_the_default_comes_back_on_a_certificate_that_names_none():
    back = {"standing": Standing(champion="5", former_digests=frozenset({"sha256:two"})), "rows": {}, "here": "a-team"}
    assert verdict(**back).kind == "rolled back"
    assert verdict(**back, workspace="b-team").kind == "refused"


def test_a_former_champion_needs_only_files_and_signature():
    back = {"standing": Standing(champion="5", former_digests=frozenset({"sha256:two"})), "expires": NOW - timedelta(days=9), "rows": {}}
    assert verdict(**back).kind == "rolled back"
    assert refusing(verdict(**back | {"attested": None})) == ["KF-G010"]
    assert refusing(verdict(**back | {"model_digest": "sha256:other"})) == ["KF-G012"]
    assert not verdict(**back | {"digest": "sha256:other"}).promote


def test_an_adopted_champion_comes_back_without_a_certificate_only_if_evidence_does_not_carry_it():
    stood = Standing(champion="1", former_digests=frozenset({"sha256:two"}), adopted_digests=frozenset({"sha256:two"}))
    assert verdict(standing=stood).kind == "promoted"
    assert verdict(standing=stood, attested=None).kind == "rolled back"
    forbidden = RULES.replace("max_data_age_days: 30", "rollback: {allowed: false}")
    assert verdict(standing=stood, attested=None, rules=forbidden).kind == "refused"


def test_a_rollback_that_must_be_given_a_reason_waits_for_it():
    rules = RULES.replace("max_data_age_days: 30", "rollback: {reason_required: true}")
    back = {"standing": Standing(champion="5", former_digests=frozenset({"sha256:two"})), "rows": {}, "rules": rules}
    assert refusing(verdict(**back)) == ["KF-G043"]
    assert verdict(**back | {"standing": replace(back["standing"], reason="a bad week")}).kind == "rolled back"
