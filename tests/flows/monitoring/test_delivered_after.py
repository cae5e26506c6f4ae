"""`keepfit monitor` delivers at its end where somebody subscribed, and ends as it would have, whatever the receiver does."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest
from tests.flows.monitoring.test_monitor import rows_of, write_rows

from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.outbox import EVENT

TICKET, APRIL, JUNE = "2013-04-harm", datetime(2013, 4, 1), datetime(2013, 6, 1)
LOG = "hooks: {subscribers: {log: {hook: file, path: log.jsonl}}}\n"
GONE = "hooks: {subscribers: {log: {hook: file, path: rows.csv/log.jsonl}}}\n"


@pytest.fixture
def project(watched):
    """From April on the champion is wrong where it was right."""
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3), rows_of(4, flipped=True), rows_of(5, flipped=True))
    return watched


def subscribing(project, hooks):
    path = project.root / "params.yaml"
    path.write_text(path.read_text().replace("hooks:", "# hooks:") + hooks)
    return Project(project.root)


def run(project, *, until=JUNE):
    said = []
    return monitor(project, until=until, say=said.append).exit_code, [line for line in said if line.startswith(("log: ", "messages "))]


def heard(project):
    path = project.root / "log.jsonl"
    return [json.loads(line)["events"][0]["key"] for line in path.read_text().splitlines()] if path.is_file() else []


def owed(project):
    with ledger_of(project) as ledger, ledger.reading() as book:
        return [one.key for one in book.owed("clicks", EVENT)]


def test_a_subscriber_hears_of_the_ticket_once_in_the_run_that_opens_it(project):
    with_log = subscribing(project, LOG)
    assert run(with_log) == (3, [])
    first = heard(with_log)
    assert [key for key in first if key.startswith("ticket_opened:") and TICKET in key]
    assert (run(with_log)[0], heard(with_log), owed(with_log)) == (0, first, [])


def test_a_receiver_that_fails_leaves_the_exit_code_and_is_one_line(project):
    code, said = run(subscribing(project, GONE))
    assert code == 3
    assert len(said) == 1
    assert said[0].startswith("log: rows.csv/log.jsonl cannot be written")
    with ledger_of(project) as ledger, ledger.reading() as book:
        assert {row.status for row in book.deliveries("clicks")} == {"waiting"}


def test_a_worker_that_breaks_is_one_line_too(project, monkeypatch):
    def broken(*_arguments, **_its):
        raise ZeroDivisionError("x" * 900)

    monkeypatch.setattr("keepfit.flows.deliver.after.run_hooks", broken)
    code, said = run(subscribing(project, LOG))
    assert code == 3
    assert [len(line) < 450 and line.startswith("messages were not delivered: ZeroDivisionError") for line in said] == [True]


def test_without_a_subscriber_no_worker_is_loaded_and_old_events_are_settled_by_the_next_run(project):
    command = (
        "import sys, datetime, pathlib; from keepfit.flows.project import Project; from keepfit.flows.monitoring.monitor import monitor\n"
        "monitor(Project(pathlib.Path.cwd()), until=datetime.datetime(2013, 6, 1), say=print)\n"
        "print('LOADED', [name for name in sys.modules if name == 'keepfit.flows.deliver.worker' or 'integrations.hooks' in name])"
    )
    done = subprocess.run([sys.executable, "-c", command], cwd=project.root, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "LOADED []"
    assert [key for key in owed(project) if TICKET in key], "who subscribes now hears of what the last run found"
    run(project)
    assert owed(project) == []
    late = subscribing(project, LOG)
    run(late)
    assert heard(late) == [], "and later of new events only"


def test_who_subscribes_after_a_run_hears_of_what_it_found(project):
    run(project)
    late = subscribing(project, LOG)
    run(late)
    assert [key for key in heard(late) if key.startswith("ticket_opened:")]
