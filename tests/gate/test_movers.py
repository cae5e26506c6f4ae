"""Who may ask for a protected pointer to move: whom gate.yaml names, spelled as named, and nobody who is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.gate.verdicts import RULES, refusing, verdict

from keepfit.gate.requests import may_be_waived
from keepfit.gate.rules import parse_rules
from keepfit.gate.sentence import sentence
from keepfit.gate.standing import Standing

NAMED = RULES.replace("max_data_age_days: 30", "movers: [ci-bot, 'release-*']")
FORMER = Standing(champion="5", former_digests=frozenset({"sha256:two"}))


def asked_by(who, *, rules=NAMED, **about):
    return verdict(rules=rules, standing=replace(about.pop("standing", Standing(champion="1")), requester=who), **about)


@pytest.mark.parametrize(("who", "may"), [("ci-bot", True), ("release-7", True), ("CI-bot", False), ("ci-bot2", False), ("rita", False), ("anonymous", False)])
def test_only_whom_gate_yaml_names_may_move_it(who, may):
    assert refusing(asked_by(who)) == ([] if may else ["KF-G055"])


def test_where_all_may_nothing_is_asked_and_an_unknown_one_may_too():
    found = asked_by("anonymous", rules=RULES)
    assert found.promote
    assert "KF-G055" not in {reason.code for reason in found.reasons}
    assert asked_by("anonymous", rules=RULES.replace("max_data_age_days: 30", "movers: [ci-bot, '*']")).promote


def test_the_refusal_names_first_who_may():
    found = asked_by("rita", rows={})
    assert refusing(found)[0] == "KF-G055"
    assert sentence(found, page="/").startswith(
        "keepfit refused m v2 as alias champion (self-attested): [KF-G055] gate.yaml lets ci-bot or release-* move it (movers), not rita"
    )
    assert "keepfit server --auth basic-auth" in asked_by("anonymous").reasons[0].fix


def test_it_refuses_before_there_is_a_certificate_too():
    assert refusing(asked_by("rita", attested=None)) == ["KF-G055", "KF-G010"]


def test_a_waiver_does_not_make_somebody_a_mover():
    held = parse_rules(NAMED).of("m")
    assert not may_be_waived("movers", held)
    waived = Standing(champion="1", waivers={"movers": "until 2026-02-01 by tess (asleep)"})
    assert refusing(asked_by("rita", standing=waived)) == ["KF-G055"]


def test_whoever_is_on_call_lets_a_former_champion_come_back():
    assert asked_by("rita", standing=FORMER, rows={}).kind == "rolled back"
    assert asked_by("rita", standing=FORMER).kind == "rolled back", "a former champion that would pass, too"
    only = NAMED.replace("movers:", "rollback: {movers: ['oncall-*']}\n    movers:")
    assert refusing(asked_by("rita", standing=FORMER, rows={}, rules=only)) == ["KF-G055"]
    assert asked_by("oncall-ann", standing=FORMER, rows={}, rules=only).kind == "rolled back"
    assert refusing(asked_by("oncall-ann", rules=only)) == ["KF-G055"], "who may go back may not go on"
    forbidden = NAMED.replace("movers:", "rollback: {allowed: false}\n    movers:")
    assert "KF-G055" in refusing(asked_by("rita", standing=FORMER, rows={}, rules=forbidden))


def test_outside_the_server_nobody_is_known_so_who_may_is_shown():
    found = verdict(rules=NAMED, standing=Standing(champion="1", outside=True))
    assert found.promote
    [shown] = [reason for reason in found.reasons if reason.code == "KF-G055"]
    assert shown.text == "gate.yaml lets ci-bot or release-* move it (movers); who will ask is not known here"


def test_the_template_lets_everybody_ask():
    rules = parse_rules((Path(__file__).resolve().parents[2] / "gate.yaml").read_text(encoding="utf-8"))
    assert all(held.may_move("anonymous") and held.may_roll_back("anonymous") for held in rules.models.values())
