"""What a client sends to ask and to answer; what a gated server makes of it is in test_gate_requests, and by users in test_approvals_by_users."""

from __future__ import annotations

import pytest
from mlflow import MlflowClient

from keepfit.errors import KeepfitError, ServerError
from keepfit.flows.promotion.pending import open_requests, reject, request, withdraw
from keepfit.integrations.mlflow.client import Mlflow

MODEL = "clicks"


@pytest.fixture
def client(tmp_path, monkeypatch):
    """A registry without a gate, with two versions of a model."""
    monkeypatch.chdir(tmp_path)
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    client = MlflowClient(uri, uri)
    client.create_registered_model(MODEL)
    for _ in range(2):
        client.create_model_version(MODEL, str(tmp_path))
    return client


def test_a_request_and_its_answers_are_tags_with_the_reason_on_one_line(client):
    assert request(MODEL, "2", reason=" fewer\n false alarms ") == "champion"
    reject(MODEL, "2", reason="the night\nshift")
    tags = client.get_model_version(MODEL, "2").tags
    assert (tags["request-move"], tags["reject"]) == ("champion: fewer false alarms", "the night shift")
    withdraw(MODEL, "2")
    assert client.get_model_version(MODEL, "2").tags["request-move"] == "withdraw"


@pytest.mark.parametrize("send", [request, reject])
def test_without_a_reason_nothing_is_sent(client, send):
    with pytest.raises(KeepfitError, match="need a reason"):
        send(MODEL, "2", reason=" \n")
    assert client.get_model_version(MODEL, "2").tags == {}


def test_where_no_gate_answers_nothing_is_listed_as_if_it_were_open(client):
    assert Mlflow(client.tracking_uri).tagged_models("request-move") == ()
    request(MODEL, "2", reason="why")
    assert Mlflow(client.tracking_uri).tagged_models("request-move") == (MODEL,)
    assert open_requests() == ()
    with pytest.raises(ServerError, match="the server does not judge clicks"):
        open_requests(MODEL)
