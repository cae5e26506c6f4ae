"""`keepfit hooks` as it is typed: what it prints where, and its exit codes."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner
from tests.flows.deliver.receivers import event, owe, project_with

from keepfit.cli import app


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    made = project_with(tmp_path / "p", log={"hook": "file", "path": "log.jsonl"}, gone={"hook": "fiel"})
    text = (made.root / "params.yaml").read_text()
    (made.root / "params.yaml").write_text(text + "mlflow: {tracking_uri: 'sqlite:///none.db'}\n")
    monkeypatch.chdir(made.root)
    owe(made, event("a"))
    return made


def typed(*words):
    done = CliRunner().invoke(app, ["hooks", *words])
    return done.exit_code, done.stdout, done.stderr


def test_a_run_says_what_it_delivered_and_ends_with_3_where_it_gave_something_up(project):
    code, out, err = typed("run")
    assert (code, out) == (3, "1 delivered\n")
    assert err == "keepfit: gone: no hook 'fiel'; given up: keepfit hooks list shows it\nnext: keepfit hooks list\n"
    assert typed("run") == (0, "", ""), "a schedule that finds nothing to do says nothing"


def test_the_list_shows_what_was_given_up_with_the_reason_and_what_to_type(project):
    assert typed("list") == (0, "", "nothing waits, and nothing was given up\n")
    typed("run")
    code, out, err = typed("list")
    assert code == 0
    assert "no hook 'fiel' (params.yaml: hooks.subscribers.gone.hook)" in out
    assert err == "next: keepfit hooks retry 1, or keepfit hooks drop 1 --reason …\n"
    assert len(typed("list", "--all")[1].splitlines()) == 3
    (dead,) = json.loads(typed("list", "--json")[1])["deliveries"]
    assert (dead["number"], dead["status"], dead["attempts"], dead["event"]) == (1, "dead", 1, "a:m")
    assert datetime.fromisoformat(dead["settled"])


def test_retry_and_drop_say_what_they_did(project):
    typed("run")
    assert typed("retry", "1") == (0, "", "keepfit: 1 to be tried again\nnext: keepfit hooks run\n")
    assert typed("drop", "1")[0] == 2, "a reason is required"
    assert typed("drop", "1", "--reason", "moved on") == (0, "", "keepfit: a:m is not delivered to gone\n")
    assert "dropped: moved on" in typed("list", "--all")[1]


def test_a_run_in_json_counts(project):
    code, out, _ = typed("run", "--json")
    assert code == 3
    said = json.loads(out)
    assert {key: said[key] for key in ("taken", "failed", "dead", "dropped", "open", "next_due")} == {
        "taken": 1,
        "failed": 1,
        "dead": 1,
        "dropped": 0,
        "open": 0,
        "next_due": None,
    }


def test_a_test_message_is_sent_to_one(project):
    assert typed("send", "log") == (0, "log: written to log.jsonl\n", "")
    (line,) = (project.root / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["title"] == "m: a test message"
