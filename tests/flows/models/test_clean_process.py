"""A model's code runs in a process of its own: it sees neither labels nor keys nor the server, and what it breaks is its own."""

from __future__ import annotations

import os

import mlflow
import pyarrow as pa
import pytest

from keepfit.errors import TrainError
from keepfit.flows.models.clean_process import ask_apart
from keepfit.integrations.models.asked_process import ModelQuestion
from keepfit.integrations.programs.commands import SECRETS, run_command

CODE = """
import os


class Curious:
    def predict(self, frame, params=None):
        if (frame["delay"] > 100).any():
            os._exit(7)
        hidden = ("KEEPFIT_KEYS", "MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN", "AWS_SECRET_ACCESS_KEY")
        return [float(any(name in os.environ for name in hidden))] * len(frame)


def _load_pyfunc(path):
    return Curious()
"""
QUESTION = ModelQuestion(called="late v1", task="regression", target="minutes")


@pytest.fixture(scope="module")
def curious(tmp_path_factory):
    """A model whose answer is whether it sees what it should not."""
    home = tmp_path_factory.mktemp("curious")
    (home / "curious_model.py").write_text(CODE)
    mlflow.pyfunc.save_model(home / "model", loader_module="curious_model", code_paths=[str(home / "curious_model.py")], pip_requirements=["mlflow"])
    return home / "model"


@pytest.mark.slow
def test_it_sees_no_key_and_no_server_and_ending_the_process_ends_its_own_alone(curious, monkeypatch):
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_TRACKING_TOKEN", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert "KEEPFIT_KEYS" in os.environ
    found = ask_apart(curious, pa.table({"delay": [1.0, 2.0]}), QUESTION)
    assert found.answer.scores.tolist() == [0.0, 0.0]
    with pytest.raises(TrainError, match="ended with 7"):
        ask_apart(curious, pa.table({"delay": [1.0, 200.0]}), QUESTION)


def test_what_is_withheld_is_withheld_by_pattern_and_the_rest_is_there(tmp_path, monkeypatch):
    for name, value in {"GITHUB_TOKEN": "x", "MLFLOW_TRACKING_PASSWORD": "x", "PYTHONPATH": "/code"}.items():
        monkeypatch.setenv(name, value)
    check = "import os,sys; sys.exit(any(name in os.environ for name in ('GITHUB_TOKEN', 'MLFLOW_TRACKING_PASSWORD')) or os.environ['PYTHONPATH'] != '/code')"
    run_command("python -c", cwd=tmp_path, where="here", arguments=[check], withheld=SECRETS)
