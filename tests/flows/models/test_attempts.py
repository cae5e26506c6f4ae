from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.certificates import scorecard
from tests.flows.servers import add_version
from tests.integrations.gate_world import MODEL

from keepfit.flows.models.attempts import MOST, announce, counted_by_server, that_may_judge_again
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Attempt

ROWS = "sha256:" + "a" * 64
CARD = replace(scorecard(MODEL), judged_digest=ROWS, judged_model="sha256:" + "1" * 64, evaluated_until=datetime(2013, 3, 1))


def test_a_server_that_counts_is_told_and_asked_and_another_is_neither(gated_server, tmp_path):
    name = f"flights-attempts-{tmp_path.name}"[:60]
    gated, plain = Mlflow(gated_server.uri), Mlflow(f"sqlite:///{tmp_path / 'mlflow.db'}")
    for registry in (gated, plain):
        registry.ensure_model(name)
        add_version(registry.uri, name)
    assert counted_by_server(gated, name) == ()
    assert announce(gated, name, "1", CARD)
    assert announce(gated, name, "1", CARD, certificate="sha256:" + "c" * 64)
    assert counted_by_server(gated, name) == (Attempt(rows=ROWS, model=CARD.judged_model, until=datetime(2013, 3, 1)),)
    assert counted_by_server(plain, name) is None
    assert not announce(plain, name, "1", CARD)
    assert not announce(gated, name, "1", replace(CARD, judged_digest=""))
    assert all("request-evaluate" not in registry.client.get_model_version(name, "1").tags for registry in (gated, plain))


def test_only_rows_that_end_after_the_champions_data_may_judge_again():
    before, after, unknown = (
        Attempt(rows=name, model="m", until=until) for name, until in (("a", datetime(2013, 2, 1)), ("b", datetime(2013, 3, 1)), ("c", None))
    )
    assert that_may_judge_again((before, after, unknown), after=datetime(2013, 2, 1)) == (after, unknown)
    assert that_may_judge_again((before, after, unknown), after=datetime(2013, 2, 1, tzinfo=UTC)) == (after, unknown)
    assert that_may_judge_again((before, after, unknown), after=None) == (before, after, unknown)
    many = tuple(replace(after, model=str(at)) for at in range(MOST + 5))
    assert that_may_judge_again(many, after=None) == many[5:]
