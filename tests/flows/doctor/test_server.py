from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata

import pytest

from keepfit.flows.doctor.rules import read
from keepfit.flows.doctor.server import NAMES, artifact_root, artifact_writes, auth, clock, examine, server_version
from keepfit.integrations.mlflow.rest import Response

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NO_RULES = read(None)


def answer(status, text="{}"):
    return Response(status=status, text=text)


def found(uri, rules=NO_RULES):
    return {check.name: check for check in examine(uri, rules, now=datetime.now(UTC))}


@pytest.mark.parametrize(("seconds", "status"), [(0, "ok"), (60, "ok"), (-60, "ok"), (61, "warn"), (-86_400, "warn")])
def test_clocks_a_minute_apart_are_warned_of(seconds, status):
    assert clock(NOW + timedelta(seconds=seconds), now=NOW).status == status


def test_which_clock_is_ahead_is_said():
    assert "90 s behind" in clock(NOW - timedelta(seconds=90), now=NOW).found
    assert clock(None, now=NOW).status == "unknown"


@pytest.mark.parametrize(("status", "said"), [(200, "warn"), (401, "ok"), (403, "ok"), (302, "ok"), (404, "unknown"), (500, "unknown")])
def test_who_is_answered_without_credentials_is_seen(status, said):
    assert auth(answer(status), NO_RULES).status == said


def test_where_nobody_is_known_it_is_said_whose_movers_nobody_is(tmp_path):
    rules = tmp_path / "gate.yaml"
    rules.write_text("models: {'a-*': {trust: self, movers: [ci-bot]}, 'b-*': {trust: self}}")
    assert auth(answer(200), read(str(rules))).found.endswith("nobody can promote a-*, whose movers gate.yaml names")
    assert auth(answer(401), read(str(rules))).status == "ok"


@pytest.mark.parametrize(
    ("nobody", "proxied", "said", "way"),
    [
        (200, 200, "warn", "PUT"),
        (200, 503, "warn", "POST"),
        (401, 401, "ok", ""),
        (401, 200, "warn", "PUT"),
        (500, 500, "unknown", ""),
    ],
)
def test_whether_anybody_can_overwrite_a_model_is_seen(nobody, proxied, said, way):
    check = artifact_writes(answer(nobody), answer(proxied))
    assert (check.status, way in check.found) == (said, True)


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("mlflow-artifacts:/0", "ok"),
        ("s3://bucket/0", "ok"),
        ("/srv/artifacts/0", "ok"),
        ("./mlruns/0", "fail"),
        ("mlruns/0", "fail"),
        ("/srv/team/mlruns/0", "warn"),
    ],
)
def test_a_place_that_depends_on_where_a_process_runs_is_found(place, status):
    listed = answer(200, f'{{"experiments": [{{"name": "Default", "artifact_location": "{place}"}}]}}')
    assert artifact_root(listed).status == status


def test_at_most_three_relative_places_are_shown():
    each = ", ".join(f'{{"name": "e{number}", "artifact_location": "./mlruns/{number}"}}' for number in range(9))
    assert artifact_root(answer(200, f'{{"experiments": [{each}]}}')).found.endswith("e2: ./mlruns/2 and 6 more")


@pytest.mark.parametrize(("text", "status"), [("3.17.2", "ok"), ("3.15.0", "fail"), ("4.0.0", "fail"), ("<html>", "unknown")])
def test_the_servers_version_is_compared_with_what_keepfit_is_made_for(text, status):
    assert server_version(answer(200, text)).status == status
    assert server_version(answer(404)).status == "unknown"


@pytest.mark.parametrize("uri", [None, "http://127.0.0.1:9", "http://no such host", "sqlite:///m.db", "mlruns"])
def test_without_a_server_every_check_is_there_and_one_says_why(uri):
    checks = found(uri)
    assert tuple(checks) == NAMES
    assert {check.status for check in list(checks.values())[1:]} == {"unknown"}
    assert checks["gate"].fix


def test_an_address_of_a_database_is_no_gate():
    assert found("sqlite:///m.db")["gate"].status == "fail"


@pytest.mark.parametrize("status", [200, 404, 302, 500])
def test_a_server_that_is_not_mlflow_is_not_called_gated(status):
    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"hello")

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    checks = found(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    assert checks["gate"].status in {"fail", "unknown"}
    assert checks["server version"].status == "unknown"


@pytest.mark.slow
def test_a_gated_server_without_users_is_warned_of_and_answers_at_once(gated_server):
    before = time.monotonic()
    checks = found(gated_server.uri, read(str(gated_server.rules)))
    assert time.monotonic() - before < 5
    assert {name: check.status for name, check in checks.items()} == {
        "gate": "ok",
        "server version": "ok",
        "clock": "ok",
        "auth": "warn",
        "artifact writes": "warn",
        "artifact root": "ok",
    }
    assert checks["server version"].found == metadata.version("mlflow")


@pytest.mark.slow
def test_a_stock_server_with_its_defaults_is_found_out(stock_server, gated_server):
    checks = found(stock_server, read(str(gated_server.rules)))
    assert checks["gate"].status == "fail"
    assert "POST …/upload-artifact" in checks["artifact writes"].found
    assert (checks["artifact root"].status, "mlruns" in checks["artifact root"].found) == ("warn", True)
