"""Killed at any point, a promotion has happened or has not; asked again it happens."""

from __future__ import annotations

import http.client
import json
import signal
import time
import urllib.error
import urllib.request

import pytest
from tests.conftest import SERVER_WAIT_S, serving
from tests.integrations.gate_world import MODEL
from tests.integrations.promoters import Promoter

from keepfit.integrations.mlflow.store.promotion import STEPS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WORKERS = 2
PAIR = "alias champion, stage Production"


@pytest.fixture
def paired(each_world):
    """A champion that stands by alias and by stage."""
    (first,) = each_world.chain(1)
    each_world.produce(first)
    return each_world, first


def promotions_of(world, version):
    return [row.target for row in world.rows() if row.kind == "promoted" and row.version == version]


def test_a_promotion_of_the_pair_killed_after_any_step_is_whole_or_has_not_happened_and_can_be_repeated(paired):
    world, champion = paired
    with Promoter(f"keepfit:{world.uri}", world.home / "promoter.log") as process:
        for kind in ("alias", "stage"):
            for step in STEPS:
                version = world.register(content=f"{kind} {step}")
                world.certify(version, champion=champion)
                ask = {"kind": kind, "model": MODEL, "version": version}
                process.say(kill_after=f"promotion.{step}", **ask)
                assert process.answer() == {"signal": signal.SIGKILL}, (kind, step)
                stands = version if step == "committed" else champion
                assert world.pointers() == ([stands], [stands]), (kind, step)
                assert len(promotions_of(world, version)) == (step == "committed"), (kind, step)
                assert world.explained(), (kind, step)
                assert world.chain_is_whole(), (kind, step)
                (world.promote if kind == "alias" else world.produce)(version)
                assert world.pointers() == ([version], [version]), (kind, step)
                assert promotions_of(world, version) == [PAIR if kind == "alias" else "stage Production, alias champion"]
                champion = version
    assert world.explained()
    assert world.chain_is_whole()


# -- a real server ------------------------------------------------------------------------------------------------------------


def ask_server(uri, version):
    """Ask once for the promotion; returns the answer's status, None if the server hung up on it."""
    body = json.dumps({"name": MODEL, "alias": "champion", "version": version}).encode()
    request = urllib.request.Request(f"{uri}/api/2.0/mlflow/registered-models/alias", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=SERVER_WAIT_S) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except (http.client.RemoteDisconnected, ConnectionResetError):
        return None


def wait_for_deaths(log, count):
    until = time.monotonic() + SERVER_WAIT_S
    while log.read_text().count(" died") < count:
        assert time.monotonic() < until, log.read_text()[-2000:]
        time.sleep(0.2)


def test_a_server_whose_worker_is_killed_in_the_middle_of_a_promotion_starts_another_and_nothing_is_torn(world):
    (champion,) = world.chain(1)
    world.produce(champion)
    version = world.register(content="next")
    world.certify(version, champion=champion)
    flags = ("--backend-store-uri", world.uri, "--artifact-root", str(world.home / "artifacts"), "--workers", str(WORKERS))
    with serving(world.home, *flags, KEEPFIT_KILL_AFTER="promotion.partner") as server:
        for died in range(1, WORKERS + 2):  # one more than there were: somebody starts them again
            assert ask_server(server.uri, version) is None
            wait_for_deaths(world.home / "server.log", died)
            assert world.pointers() == ([champion], [champion])
            assert world.explained()
    with serving(world.home, *flags) as server:
        assert ask_server(server.uri, version) == 200
    assert world.pointers() == ([version], [version])
    assert world.explained()
    assert world.chain_is_whole()
    assert promotions_of(world, version) == [PAIR]
