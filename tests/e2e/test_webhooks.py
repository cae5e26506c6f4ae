"""MLflow's own webhooks beside the gate: who listens for the champion's alias hears of every move, by whatever verb it came."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.conftest import serving
from tests.e2e.gate_server import RULES, ServedWorld

from keepfit.integrations import signing

MODEL = "flights-heard"
WAIT_S = 30

pytestmark = pytest.mark.slow


@pytest.fixture
def heard():
    """(address, list of what arrived there) of somebody who listens."""
    arrived = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self):
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.append((f"{said['entity']}.{said['action']}", said["data"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Be silent."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", arrived
    server.shutdown()


@pytest.fixture
def served(tmp_path):
    key = signing.new_key("ci", folder=tmp_path / "keys")
    (tmp_path / "gate.yaml").write_text((RULES % {"key": key.public}).replace("approvals: 1", "approvals: 0"))
    with serving(tmp_path, MLFLOW_WEBHOOK_ALLOWED_SCHEMES="http", MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS="true") as server:
        yield ServedWorld(server.uri, tmp_path, server.rules, key)


def settled(arrived, count):
    until = time.monotonic() + WAIT_S
    while len(arrived) < count and time.monotonic() < until:
        time.sleep(0.1)
    return arrived


def test_a_move_of_the_alias_is_told_whichever_verb_moved_it(served, heard, monkeypatch):
    address, arrived = heard
    monkeypatch.setenv("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "http")
    served.client.create_webhook("ear", address, ["model_version_alias.created", "model_version_alias.deleted"])
    first = served.candidate(MODEL)
    served.promote(first, model=MODEL)
    served.produce(first, model=MODEL)
    second = served.candidate(MODEL, champion=first)
    served.produce(second, model=MODEL)
    assert served.client.get_registered_model(MODEL).aliases == {"champion": second}
    served.ask("retire", model=MODEL)
    created = [("model_version_alias.created", {"name": MODEL, "alias": "champion", "version": version}) for version in (first, second)]
    assert settled(arrived, 3) == [*created, ("model_version_alias.deleted", {"name": MODEL, "alias": "champion"})]
