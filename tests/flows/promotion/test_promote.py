"""Moving the alias and what is said of it, where the server's page comes late or never; the gate's answers are in test_certify."""

from __future__ import annotations

import threading

import pytest
from mlflow import MlflowClient

from keepfit.errors import KeepfitError
from keepfit.flows.promotion import promote as promoting
from keepfit.flows.promotion.promote import UNTOLD, move, promote
from keepfit.flows.promotion.rollback import rollback
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


def write_page(client, version, row, **tags):
    for key, value in {**tags, "row": row}.items():  # the row last: the gate writes all in one transaction
        client.set_model_version_tag(MODEL, version, f"kf.verdict.{key}", value)


def test_a_move_waits_for_the_page_that_tells_of_it(client):
    write_page(client, "2", "7", attested="signed")
    page = threading.Timer(0.3, write_page, (client, "2", "9"), {"attested": "self-attested"})
    page.start()
    assert promote(MODEL, "2").attested == "self-attested"
    page.join()


def test_a_move_to_where_it_stands_waits_for_nothing(client, monkeypatch):
    monkeypatch.setattr(promoting, "sleep", lambda _: pytest.fail("waited"))
    client.set_registered_model_alias(MODEL, "champion", "2")
    write_page(client, "2", "7", attested="signed")
    assert promote(MODEL, "2").attested == "signed"


def test_a_move_that_no_gate_judged_says_so(client, monkeypatch):
    monkeypatch.setattr(promoting, "PATIENCE_SECONDS", 0.1)
    moved = move(Mlflow(client.tracking_uri), MODEL, "champion", "2")
    assert (moved.previous, moved.attested) == (None, UNTOLD)


@pytest.mark.parametrize(("before", "said"), [({}, "does not say which version it replaced"), ({"previous": "none"}, "the first that was promoted")])
def test_a_rollback_that_does_not_know_where_to_asks_for_the_version(client, before, said):
    client.set_registered_model_alias(MODEL, "champion", "2")
    write_page(client, "2", "7", **before)
    with pytest.raises(KeepfitError, match=f"v2 of {MODEL}.*{said}") as caught:
        rollback(MODEL, reason="worse")
    assert "--to VERSION" in caught.value.fix
