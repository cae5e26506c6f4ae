"""A ledger that has lost what nobody reads, or that was taken back from a copy, goes on as if nothing had been."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime

import pytest
from click.testing import CliRunner
from tests.flows.monitoring.test_monitor import rows_of, write_rows

from keepfit.cli.ledger import ledger as command
from keepfit.errors import LedgerError, TicketError
from keepfit.flows.monitoring.monitor import monitor
from keepfit.flows.project import Project
from keepfit.flows.tickets.replay import replay
from keepfit.flows.tickets.tickets import find_ticket, ledger_of, resolve
from keepfit.records import Baseline, Pin, to_json

TICKET = "2013-04-harm"
MAY, JUNE = datetime(2013, 5, 1), datetime(2013, 6, 1)


@pytest.fixture
def project(watched, monkeypatch):
    """From April on the champion is wrong where it was right."""
    monkeypatch.chdir(watched.root)
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3), rows_of(4, flipped=True), rows_of(5, flipped=True))
    return watched


def look(project, until):
    return monitor(Project(project.root), until=until, say=lambda _: None)


def judged(project):
    """What the ledger knows of windows and tickets by champion."""
    with ledger_of(project) as ledger:
        view = ledger.view("clicks")
    return [(seen.champion, seen.window.id, seen.value, seen.ticket) for seen in view.windows()], [(one.id, one.status) for one in view.tickets], view.state


def run(*args):
    return CliRunner().invoke(command, args, catch_exceptions=False)


def test_taken_back_from_yesterdays_copy_the_next_monitor_ends_in_the_same_state(project, tmp_path):
    look(project, MAY)
    with pytest.raises(LedgerError, match="cannot be copied"):
        run("backup", "kept/ledger.db")
    assert run("backup", "ledger-copy.db").exit_code == 0
    look(project, JUNE)
    before = judged(project)
    ledger = project.root / ".keepfit" / "ledger.db"
    for leftover in ledger.parent.glob("ledger.db-*"):
        leftover.unlink()
    shutil.copy(project.root / "ledger-copy.db", ledger)
    assert judged(project) != before
    look(project, JUNE)
    assert judged(project) == before
    assert look(project, JUNE).fresh == 0
    again = run("backup", "ledger-copy.db")
    assert (again.exit_code, "is there already" in again.output) == (2, True)


def champion_twice_replaced(project):
    """The pins of a third champion: the one of April's windows is neither pinned nor the one before."""
    pin = project.baseline.champion
    newer = [replace(pin, version=str(number), digest=f"sha256:{number}", trained_until=datetime(2013, 6, 1)) for number in (2, 3)]
    (project.root / "baseline.json").write_text(to_json(Baseline(champion=newer[1], previous=newer[0])))


def test_what_nobody_reads_is_shown_then_removed_and_what_monitor_says_stays(project):
    look(project, JUNE)
    resolve(project, TICKET, reason="another champion")
    windows = ["2013-02", "2013-03", "2013-04", "2013-05"]
    kept = run("prune", "--before", "2013-06-01", "--json")
    assert json.loads(kept.stdout) | {"characters": 0} == {"windows": 0, "steps": 4, "messages": 0, "characters": 0, "removed": False, "bytes_freed": 0}
    champion_twice_replaced(project)
    shown = run("prune", "--before", "2013-06-01")
    assert shown.stdout.startswith("4 windows of former champions, 4 policy steps and 0 settled messages, 0.")
    assert "next: keepfit ledger backup ledger-2013-06-01.db && keepfit ledger prune --before 2013-06-01 --yes" in shown.stderr
    assert [window for _, window, _, _ in judged(project)[0]] == windows
    gone = run("prune", "--before", "2013-06-01", "--yes")
    assert ": removed, " in gone.stdout
    seen, tickets, state = judged(project)
    assert (seen, tickets) == ([], [(TICKET, "resolved")])
    assert state.windows == 4
    assert find_ticket(project, TICKET).note == "another champion"
    with pytest.raises(TicketError, match="is not in the ledger"):
        replay(project, TICKET)
    nothing = run("prune", "--before", "2013-06-01")
    assert (nothing.stdout, nothing.stderr) == ("0 windows of former champions, 0 policy steps and 0 settled messages, 0 MB can go\n", "")


def test_a_ledger_shows_what_it_holds(project):
    assert ["windows", "0", "0"] in [line.split() for line in run("show").stdout.splitlines()]
    look(project, MAY)
    tables = {one["table"]: one["rows"] for one in json.loads(run("show", "--json").stdout)["tables"]}
    assert (tables["windows"], tables["steps"], tables["tickets"], tables["state"]) == (3, 3, 1, 1)


def test_a_pin_without_a_champion_needs_nothing(project):
    assert isinstance(project.baseline.champion, Pin)
    (project.root / "baseline.json").write_text('{"champion": null}')
    assert run("prune", "--before", "2013-06-01").exit_code == 0


@pytest.mark.parametrize("day", ["yesterday", "2013-13-01"])
def test_a_day_that_is_none_is_a_sentence(project, day):
    assert run("prune", "--before", day).exit_code == 2
