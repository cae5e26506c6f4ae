"""Approvals and requests on a server with users, whose rights are EDIT: given, withdrawn, rejected, and left behind by an account that is gone."""

from __future__ import annotations

import json

import pytest
from tests.e2e.gate_server import ADMIN, CI, PAUL, RITA, asks, served_world
from tests.e2e.shell import commands

MODEL = "flights-approved"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with served_world(tmp_path_factory.mktemp("approvals")) as world:
        yield world


def said(world, method, path, body, *, by):
    import requests

    return requests.request(method, f"{world.uri}/api/2.0/mlflow/{path}", json=body, auth=by, timeout=60)


def as_user(world, who):
    here = world.home / who[0]
    here.mkdir(exist_ok=True)
    env = {"MLFLOW_TRACKING_USERNAME": who[0], "MLFLOW_TRACKING_PASSWORD": who[1]}
    run = commands(here, server=world.uri)
    return lambda *words, code=0: run("keepfit", *words, code=code, **env)


def test_an_edit_user_withdraws_the_own_approval_and_one_without_an_account_does_not_count(served):
    version = served.candidate(MODEL)
    paul, rita = as_user(served, PAUL), as_user(served, RITA)
    tag = {"name": MODEL, "version": version, "key": "approve"}
    paul("approve", MODEL, version)
    assert said(served, "DELETE", "model-versions/delete-tag", tag, by=PAUL).status_code == 403, "MLflow wants more than EDIT for it"
    refused = said(served, "POST", "model-versions/set-tag", {**tag, "value": "withdraw"}, by=RITA)
    assert (refused.status_code, "KF-G054" in refused.text) == (403, True)
    assert paul("approve", MODEL, version, "--withdraw").startswith(f"withdrew the approval of {MODEL} v{version}")
    assert "approve" not in served.client.get_model_version(MODEL, version).tags
    assert "0 of 1 approvals" in rita("promote", MODEL, version, code=3)
    said(served, "POST", "model-versions/set-tag", {**tag, "value": "champion"}, by=PAUL).raise_for_status()
    assert "met" in rita("gate", "explain", MODEL, version)
    assert said(served, "DELETE", "users/delete", {"username": PAUL[0]}, by=ADMIN).status_code == 200
    explained = rita("gate", "explain", MODEL, version, code=3)
    assert "paul has no account any more" in explained
    assert "paul has no account" in rita("promote", MODEL, version, code=3)
    asks(served.uri, "users/create", {"username": PAUL[0], "password": PAUL[1]}, by=ADMIN)
    rita("promote", MODEL, version)
    assert [(kind, who) for kind, _, who in served.told(MODEL)] == [
        ("approved", "paul"),
        ("refused", "rita"),
        ("withdrawn", "paul"),
        ("refused", "rita"),
        ("approved", "paul"),
        ("refused", "rita"),
        ("promoted", "rita"),
    ]
    assert "approved" in rita("history", MODEL)


def test_only_ci_moves_it_so_a_person_asks_another_answers_and_ci_grants_it(served):
    model = "asked-for"
    version = served.candidate(model)
    paul, rita = as_user(served, PAUL), as_user(served, RITA)

    def moved(by):
        return said(served, "POST", "registered-models/alias", {"name": model, "alias": "champion", "version": version}, by=by)

    def tagged(key, value, *, by):
        return said(served, "POST", "model-versions/set-tag", {"name": model, "version": version, "key": key, "value": value}, by=by)

    refused = moved(RITA)
    assert (refused.status_code, "gate.yaml lets ci move it (movers), not rita" in refused.text) == (403, True)
    rita("request", model, version, "--reason", "fewer false alarms")
    [one] = json.loads(rita("gate", "requests", "--json"))
    assert (one["model"], one["who"], one["reason"], one["approvals"], one["approvers"]) == (model, "rita", "fewer false alarms", 1, [])
    assert "KF-G058" in tagged("reject", "my own", by=RITA).text
    paul("reject", model, version, "--reason", "the night shift is not in it")
    assert "paul rejected the request of rita: the night shift is not in it" in moved(CI).text
    assert tagged("request-move", "champion: it is in it now", by=RITA).status_code == 200
    assert "KF-G058" in tagged("request-move", "withdraw", by=PAUL).text
    assert tagged("approve", "champion", by=PAUL).status_code == 200
    assert "approvals: 1 of 1 (paul); who may move it: ci" in rita("gate", "requests", model)
    assert moved(CI).status_code == 200
    told = [(kind, who) for kind, _, who in served.told(model) if kind != "refused"]
    assert told == [("requested", "rita"), ("rejected", "paul"), ("requested", "rita"), ("approved", "paul"), ("promoted", "ci")]
