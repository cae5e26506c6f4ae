from __future__ import annotations

import json

import pytest

from keepfit.flows.doctor.gate import NO_VERSION, _judged, gated, question, who_answers
from keepfit.flows.doctor.rules import Rules, read
from keepfit.gate.rules import ModelRules, parse_rules
from keepfit.integrations.mlflow.rest import Response, Rest, moving

ASKED = question("flights-late", ModelRules())


def answer(status, message=""):
    return Response(status=status, text=json.dumps({"error_code": "X", "message": message}))


def served(text):
    return Rules(place="gate.yaml", served=parse_rules(text))


@pytest.mark.parametrize(
    ("said", "by"),
    [
        (answer(400, "not a model version: 'keepfit-probe'"), "gate"),
        (answer(403, "keepfit refused: [KF-G007] gate could not evaluate"), "gate"),
        (answer(400, "Parameter 'version' must be an integer, got 'keepfit-probe'."), "stock"),
        (answer(404, "Registered Model with name=flights-late not found"), "stock"),
        (answer(403, "Permission denied"), "rights"),
        (answer(401, "You are not authenticated."), "login"),
        (answer(302), "else"),
        (answer(500, "broken"), "else"),
        (Response(status=200, text="<html>keepfit is a word on this page"), "else"),
    ],
)
def test_the_gate_is_told_from_stock_mlflow_by_what_it_says(said, by):
    assert who_answers(said) == by


def test_the_question_names_no_version_that_could_be():
    assert not NO_VERSION.isdigit()
    _, body = moving(ASKED.target, ASKED.model, NO_VERSION)
    assert body == {"name": "flights-late", "alias": "champion", "version": NO_VERSION}


def test_where_no_alias_is_protected_the_stage_is_asked_for():
    assert question("m", ModelRules(aliases=())).target == "stage Production"
    assert question("m", ModelRules(aliases=(), stages=())) is None


def test_a_gate_that_lets_a_protected_name_pass_serves_other_rules():
    other = question("other", ModelRules())
    said = _judged([(ASKED, "gate"), (other, "stock")], known="gate.yaml")
    assert (said.status, said.fix) == ("fail", "keepfit server --rules gate.yaml")


def test_without_rules_here_a_name_that_is_not_protected_is_no_complaint_if_another_is():
    other = question("other", ModelRules())
    assert _judged([(other, "stock"), (ASKED, "gate")], known=None).status == "ok"


def test_without_rules_here_a_stock_answer_may_mean_that_the_name_is_not_protected():
    assert "or its rules do not protect that name" in _judged([(ASKED, "stock")], known=None).found
    assert "or its rules" not in _judged([(ASKED, "stock")], known="gate.yaml").found


def test_rules_that_protect_nothing_leave_nothing_to_ask():
    said = gated(Rest("http://127.0.0.1:9"), served("models: {}"))
    assert (said.status, "protect nothing" in said.found) == ("warn", True)


# -- against real servers -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("protected", ["{}", "{aliases: []}"], ids=["alias", "stage"])
def test_a_gated_server_is_known_by_alias_and_by_stage_and_nothing_is_written(protected, gated_server, rows):
    before = rows()
    said = gated(Rest(gated_server.uri), served(f"models: {{'flights-*': {protected}}}"))
    assert (said.status, said.found[:4]) == ("ok", "the ")
    assert rows() == before


@pytest.mark.slow
@pytest.mark.parametrize("protected", ["{}", "{aliases: []}"], ids=["alias", "stage"])
def test_a_stock_server_is_known_by_alias_and_by_stage(protected, stock_server):
    said = gated(Rest(stock_server), served(f"models: {{'flights-*': {protected}}}"))
    assert (said.status, said.found.startswith("not gated: ")) == ("fail", True)
    assert "--registry-store-uri keepfit:" in said.fix


@pytest.mark.slow
def test_without_rules_here_a_gated_server_is_known_by_a_models_name(gated_server):
    nothing = read(None)
    assert gated(Rest(gated_server.uri), nothing, model="flights-any").status == "ok"
    assert gated(Rest(gated_server.uri), nothing, model="other").status == "fail"


@pytest.mark.slow
def test_without_a_name_the_models_that_are_there_are_asked_for(stock_server, gated_server):
    import requests

    for uri in (stock_server, gated_server.uri):
        requests.post(f"{uri}/api/2.0/mlflow/registered-models/create", json={"name": "flights-doctor"}, timeout=60)
    assert "flights-doctor" in gated(Rest(stock_server), read(None)).found
    assert gated(Rest(gated_server.uri), read(None)).status == "ok"


@pytest.mark.slow
def test_a_gated_server_with_other_rules_than_those_here_is_found_out(gated_server):
    said = gated(Rest(gated_server.uri), served("models: {'flights-*': {}, 'prices': {}}"))
    assert (said.status, "serves other rules" in said.found) == ("fail", True)
