"""`keepfit expect record`: read from validation reports, the ledger, decisions and git; nothing of its own is stored."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.expect.suggest import streams
from tests.flows.expectations import small
from tests.flows.expectations.test_suggest import ticket

from keepfit.cli.expect import expect
from keepfit.flows.expectations.record import record_lines
from keepfit.flows.rows.windows import decide_window
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import Decision, Evidence, ExpectationOutcome, JudgedWindow, Validation, WindowValidation, to_json


def validated(*fired: str) -> str:
    def outcome(window: str) -> ExpectationOutcome:
        status = "fail" if window in fired else "pass"
        return ExpectationOutcome(
            suite="rows", expectation="gap_there", type="t", column="gap", severity="critical", level="batch", status=status, observed="", unexpected=0
        )

    names = [streams.month(number).id for number in range(12)]
    windows = tuple(WindowValidation(window=name, rows=9, quarantined=0, blocked=name in fired, outcomes=(outcome(name),)) for name in names)
    return to_json(Validation(windows=windows, suites={}))


@pytest.fixture
def project(tmp_path):
    made = small.make(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "validation.json").write_text(validated("2012-03", "2012-04", "2012-05"))
    small.git(tmp_path, "add", "-A")
    small.git(tmp_path, "commit", "-qm", "validated")
    (tmp_path / "reports" / "validation.json").write_text(validated("2012-03"))
    return made


def judged(window: str) -> JudgedWindow:
    broken = Evidence(kind="quality", subject="gap_there", detector="t", statistic=1.0, effect=1.0, n=9, n_reference=0)
    decision = Decision(window=window, action="inspect", ground="quality", cause="quality:gap_there", target=None, reasons=())
    return JudgedWindow(model="small", champion="c", version="1", window=streams.month(13), status="blocked", rows=9, evidence=(broken,), decision=decision)


def test_firings_are_of_every_report_and_step_and_people_say_what_was_true(project):
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.record_window(judged("2013-02"))
        book.save_ticket(ticket("2013-02"))
    decide_window(project, "2012-03", "exclude", "off", by="Ann")
    decide_window(project, "2012-04", "accept", "fine", by="Ann")
    (found,) = record_lines(project).lines
    assert found.fired == ("2012-03", "2012-04", "2012-05", "2013-02")
    assert found.judged == 13
    assert (found.true, found.false, found.retire) == (("2012-03", "2013-02"), ("2012-04",), "")


def test_the_last_change_is_that_of_the_line_not_of_the_file(project):
    (first,) = record_lines(project).lines
    assert first.commit == small.git(project.root, "log", "--format=%h", "--abbrev=12", "--", "expectations/data/rows.json").split()[-1]
    suite = project.suites / "data" / "rows.json"
    data = json.loads(suite.read_text())
    other = {**data["expectations"][0], "meta": {"id": "another"}}
    suite.write_text(json.dumps({**data, "expectations": [*data["expectations"], other]}))
    small.git(project.root, "commit", "-qam", "another line")
    lines = {one.id: one for one in record_lines(project).lines}
    assert lines["gap_there"].commit == first.commit != lines["another"].commit
    suite.write_text(suite.read_text().replace("0.5", "0.6"))
    assert {one.commit for one in record_lines(project).lines} == {""}


def test_the_command_prints_a_table(project, monkeypatch):
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(expect, ["record"], catch_exceptions=False)
    assert done.exit_code == 0
    assert "gap_there" in done.stdout
    assert json.loads(CliRunner().invoke(expect, ["record", "--json"]).stdout)["lines"][0]["id"] == "gap_there"
