from __future__ import annotations

import base64
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from keepfit.errors import ServerError
from keepfit.integrations.mlflow.rest import Response, Rest


class Echo(BaseHTTPRequestHandler):
    """Answers what it was asked: the path's number as status, and the request as JSON."""

    def do_GET(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = {"path": self.path, "authorization": self.headers.get("Authorization"), "body": self.rfile.read(size).decode()}
        self.send_response(int(self.path.partition("?")[0].rpartition("/")[2]))
        self.send_header("Location", "/200")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    do_POST = do_GET  # noqa: N815 - the library's name

    def date_time_string(self, timestamp=None):
        return "Tue, 31 Dec 2013 23:00:00 GMT"

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def echo():
    server = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Rest(f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()


@pytest.fixture(autouse=True)
def nobody(tmp_path, monkeypatch):
    """No credentials of the person's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("TOKEN", "USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"MLFLOW_TRACKING_{name}", raising=False)
    return tmp_path


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("status", [200, 302, 307, 401, 403, 404, 503])
def test_every_status_is_an_answer_and_no_redirect_is_followed(echo, status):
    assert echo.get(f"/{status}").status == status


def test_the_servers_time_is_read_in_utc(echo):
    assert echo.get("/200").date == datetime(2013, 12, 31, 23, tzinfo=UTC)


def test_a_query_and_a_body_arrive(echo):
    assert echo.get("/200", {"path": "a b"}).data["path"] == "/200?path=a+b"
    assert json.loads(echo.post("/200", {"name": "ü"}).data["body"]) == {"name": "ü"}


def test_a_token_wins_over_a_user_and_a_user_over_the_file(echo, nobody, monkeypatch):
    assert echo.get("/200").data["authorization"] is None
    (nobody / ".mlflow").mkdir()
    (nobody / ".mlflow" / "credentials").write_text("[mlflow]\nmlflow_tracking_username = file\nmlflow_tracking_password = p%q\n")
    assert echo.get("/200").data["authorization"] == basic("file:p%q")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ann")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "secret")
    assert echo.get("/200").data["authorization"] == basic("ann:secret")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t")
    assert echo.post("/200", {}).data["authorization"] == "Bearer t"
    assert echo.get("/200", anonymous=True).data["authorization"] is None


def test_a_file_of_credentials_that_cannot_be_read_is_none(echo, nobody):
    (nobody / ".mlflow").mkdir()
    (nobody / ".mlflow" / "credentials").write_bytes(b"\xff[")
    assert echo.get("/200").data["authorization"] is None


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "http://", "http://no such host/", "file:///etc/passwd", "sqlite:///m.db"])
def test_an_address_where_no_server_answers_is_one_sentence(uri):
    with pytest.raises(ServerError):
        Rest(uri).get("/version")


@pytest.mark.parametrize("text", ["", "hello", "[1]", '{"a":'])
def test_a_text_that_is_no_object_has_no_data_and_is_its_own_message(text):
    assert (Response(status=400, text=text).data, Response(status=400, text=text).message) == ({}, text)
