"""`keepfit gate explain` beside the gate that it speaks for."""

from __future__ import annotations

import pytest
from tests.integrations.gate_world import MODEL, refused

from keepfit.flows.promotion.explain import explain


@pytest.fixture
def asked(world, monkeypatch):
    """The gate's world, asked about by a client that can read its database."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.uri)
    monkeypatch.setenv("KEEPFIT_STORE", world.uri)
    return world


def codes(world, version):
    said = explain(MODEL, version, rules=str(world.rules))
    return {demand.code for demand, _ in said.demands if demand.blocking}


def test_what_the_gate_lets_pass_is_explained_so(asked):
    (first,) = asked.chain(1)
    second = asked.register(content="two")
    asked.certify(second, champion=first)
    assert codes(asked, second) == set()
    asked.promote(second)


def test_a_stage_that_was_moved_past_the_gate_is_explained_as_the_gate_refuses_it(asked):
    (first,) = asked.chain(1)
    second = asked.register(content="two")
    asked.certify(second, champion=first)
    asked.stock.transition_model_version_stage(MODEL, second, "Production")
    assert codes(asked, second) == {"KF-G041"}
    with refused("KF-G041.*the stage Production"):
        asked.promote(second)


def test_rows_of_the_same_name_in_another_workspace_explain_nothing(asked, monkeypatch):
    (first,) = asked.chain(1)
    second = asked.register(content="two")
    asked.certify(second, champion=first)
    with asked.engine.begin() as connection:
        connection.exec_driver_sql("update keepfit_journal set workspace = 'elsewhere'")
    assert codes(asked, second) == {"KF-G041"}
