"""Approvals on a server with users, whose rights are EDIT: given, withdrawn, and left behind by an account that is gone."""

from __future__ import annotations

import pytest
from tests.e2e.gate_server import ADMIN, PAUL, RITA, asks, served_world
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
