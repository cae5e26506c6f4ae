from __future__ import annotations

import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from keepfit.errors import RefusedError, ServerError
from keepfit.integrations.mlflow.client import Mlflow

AWAY = "http://127.0.0.1:9"
ASKED = ["experiment('kf')", "champion('m', 'champion')", "ensure_model('m')", "move_alias('m', 'champion', '1')", "read_text('r', 'a.txt')"]


def test_a_server_that_is_down_is_one_sentence_within_seconds():
    before = time.monotonic()
    with pytest.raises(ServerError) as away:
        Mlflow(AWAY).experiment("kf")
    assert away.value.what.startswith("the MLflow server at http://127.0.0.1:9 does not answer")
    assert away.value.fix == "keepfit server, or set MLFLOW_TRACKING_URI"
    assert time.monotonic() - before < 5


def test_a_server_that_is_down_is_known_without_loading_mlflow():
    calls = "".join(f"\ntry:\n    Mlflow({AWAY!r}).{call}\nexcept ServerError:\n    pass" for call in ASKED)
    code = f"import sys\nfrom keepfit.errors import ServerError\nfrom keepfit.integrations.mlflow.client import Mlflow{calls}\nprint('mlflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_server_that_hangs_is_one_sentence_within_seconds():
    release = threading.Event()

    class Hangs(BaseHTTPRequestHandler):
        def do_GET(self):
            release.wait(20)

    server = HTTPServer(("127.0.0.1", 0), Hangs)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = time.monotonic()
    with pytest.raises(ServerError, match="does not answer"):
        Mlflow(f"http://127.0.0.1:{server.server_port}").probe()
    assert time.monotonic() - before < 6
    release.set()
    server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("uri", ["http://", "http://no such host/", "sqlite:////proc/nothing/m.db"])
def test_an_address_that_cannot_be_is_one_sentence(uri):
    with pytest.raises(ServerError):
        Mlflow(uri).experiment("kf")


@pytest.mark.slow
@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "RESOURCE_CONFLICT"])
def test_a_refusal_is_the_servers_sentence(mlflow_db, code):
    from mlflow.exceptions import ErrorCode, MlflowException

    with pytest.raises(RefusedError) as refused, mlflow_db.answers("m v1"):
        raise MlflowException(f"{code}: [KF-G002] no certificate", error_code=ErrorCode.Value(code))
    assert str(refused.value) == "[KF-G002] no certificate"


@pytest.mark.slow
def test_another_error_of_mlflow_says_so_and_a_mistake_of_ours_stays_one(mlflow_db):
    from mlflow.exceptions import MlflowException

    with pytest.raises(ServerError, match="MLflow answered: broken"), mlflow_db.answers():
        raise MlflowException("broken")
    with pytest.raises(ZeroDivisionError), mlflow_db.answers():
        raise ZeroDivisionError
