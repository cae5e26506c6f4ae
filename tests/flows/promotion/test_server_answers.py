"""A gated server asked for its judgement and its journal, by a client that has neither its rules nor its database."""

from __future__ import annotations

import pytest
from tests.integrations.gate_world import MODEL, refused

from keepfit.gate.questions import ANSWER, HISTORY, RULES, explaining
from keepfit.gate.rules import ModelRules, parse_rules
from keepfit.records import Explanation, ServedRules, Told, from_json


def answer(world, alias, model=MODEL):
    return world.client.get_model_version_by_alias(model, alias).tags[ANSWER]


def explained(world, version):
    return from_json(Explanation, answer(world, explaining(version)))


def test_the_answer_is_what_a_move_would_meet_and_leaves_no_trace(world):
    (first,) = world.chain(1)
    second = world.register(content="two")
    before = world.rows()
    assert {demand.code for demand in explained(world, second).demands if demand.blocking} == {"KF-G002"}
    world.certify(second, champion=first)
    said = explained(world, second)
    assert (said.verdict.promote, said.verdict.target) == (True, "alias champion")
    assert any(demand.rule == "overall" and demand.code == "KF-G000" for demand in said.demands)
    assert world.rows() == before
    world.promote(second)


def test_the_champion_itself_is_judged_too(world):
    (first,) = world.chain(1)
    assert explained(world, first).verdict.promote


def test_the_answer_knows_what_only_the_journal_knows(world):
    world.rule("approvals: 1")
    version = world.register()
    world.certify(version)
    assert not explained(world, version).verdict.promote
    world.client.set_model_version_tag(MODEL, version, "approve", "champion")
    (approvals,) = [demand for demand in explained(world, version).demands if demand.rule == "approvals"]
    assert approvals.text.startswith("0 of 1 approvals by others than")


def test_the_history_is_the_journals_own_rows(world):
    first, _ = world.chain(2)
    with refused("KF-G"):
        world.client.delete_model_version(MODEL, first if world.champion() == first else "2")
    told = from_json(Told, answer(world, HISTORY))
    assert (list(told.rows), told.older) == (list(world.rows()), 0)


def test_the_rules_are_those_that_the_server_judges_the_model_by(world):
    world.register()
    world.rule("preset: {name: prove, bound: 0.02}")
    said = from_json(ServedRules, answer(world, RULES))
    held = ModelRules.model_validate_json(said.held)
    written = parse_rules(world.rules.read_text())
    assert (held, said.rules) == (written.of(MODEL), written.digest)
    assert held.demanded["overall_proven"].bound == 0.02


def test_a_model_that_is_not_protected_has_no_such_alias(world):
    world.register("other")
    with refused("alias keepfit-history not found"):
        answer(world, HISTORY, model="other")


@pytest.mark.parametrize("version", ["99", "0"])
def test_a_version_that_is_not_there_is_said_so(world, version):
    world.register()
    with refused("not found"):
        answer(world, explaining(version))
