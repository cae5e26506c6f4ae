"""A feed that dies is inspected, by one ticket, and goes on by itself when its rows come; what was never due is not missed."""

from __future__ import annotations

import json
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from tests.flows.monitoring.test_monitor import by_window, decide, pin, run, write_rows

from keepfit.cli import app
from keepfit.flows.tickets.replay import replay
from keepfit.flows.tickets.tickets import list_tickets, resolve
from keepfit.report.monitoring import windows_table

APRIL = datetime(2014, 4, 1)


def hourly(first, end, *, only=None):
    """A row an hour, alike in every month."""
    times = pd.date_range(first, end, freq="h", inclusive="left")
    times = times if only is None else times[only(times)]
    rng = np.random.default_rng(len(times))
    x, c = rng.normal(size=len(times)), rng.choice(["a", "b"], size=len(times))
    y = (rng.random(len(times)) < 1 / (1 + np.exp(-2 * x))).astype(int)
    return pd.DataFrame({"id": times.strftime("%Y%m%d%H"), "t": times, "x": x.round(4), "c": c, "y": y})


@pytest.fixture
def project(watched):
    """The source ends on 6 August 2013, at 15 o'clock."""
    write_rows(watched.root, hourly("2013-01-01", "2013-08-06T16:00"))
    pin(watched.root, trained_until=datetime(2013, 6, 1), evaluated_until=datetime(2013, 6, 1))
    return watched


def quality(told):
    return [ticket for ticket in told.tickets if ticket.ground == "quality"]


def test_a_dead_feed_is_one_ticket_to_inspect_and_no_window_is_judged_on_what_was_left(project):
    told = run(project, until=APRIL)
    windows = by_window(told)
    assert list(windows) == ["2013-06", "2013-07", "2013-08"]
    august = windows["2013-08"]
    said = "no rows since 2013-08-06 15:00; 136 rows of about 744 that were due"
    assert (august.status, august.rows, august.value, august.decision.action, august.decision.ground) == ("blocked", 136, None, "inspect", "quality")
    assert august.decision.reasons == (said,)
    assert [(ticket.id, ticket.action, ticket.cause, ticket.severity) for ticket in told.tickets] == [
        ("2013-08-quality", "inspect", "quality:rows", "critical")
    ]
    assert told.exit_code == 3
    assert said in windows_table(told.windows)
    assert not (project.state / "windows" / "2013-08.parquet").exists(), "it is not closed: its rows may come"
    assert replay(project, "2013-08-quality").same
    again = run(project, until=APRIL)
    assert ([ticket.id for ticket in again.waiting], again.tickets, again.exit_code) == (["2013-08-quality"], (), 3)
    assert list(by_window(again)) == list(windows)


def test_a_feed_that_dies_between_two_windows_is_told_by_the_first_empty_one(project):
    write_rows(project.root, hourly("2013-01-01", "2013-08-01"))
    said = []
    early = run(project, until=datetime(2013, 9, 1), said=said)
    assert ([*by_window(early)], early.exit_code) == (["2013-06", "2013-07"], 0)
    assert "window 2013-08 is over and has no rows yet; it is judged when they come" in said, "a batch may come late"
    told = run(project, until=datetime(2013, 9, 9))
    assert (by_window(told)["2013-08"].decision.reasons, told.exit_code) == (("no rows since 2013-07-31 23:00; 0 rows of about 744 that were due",), 3)
    assert [*by_window(run(project, until=APRIL))] == ["2013-06", "2013-07", "2013-08"]


def test_a_source_without_any_row_after_the_champions_is_told(project):
    pin(project.root, trained_until=datetime(2013, 9, 1), evaluated_until=datetime(2013, 9, 1))
    told = run(project, until=APRIL)
    assert [(seen.window.id, seen.decision.action) for seen in told.windows] == [("2013-09", "inspect")]
    assert told.exit_code == 3


def test_a_window_is_judged_when_its_rows_come_after_all(project):
    run(project, until=datetime(2013, 9, 1))
    write_rows(project.root, hourly("2013-01-01", "2013-10-01"))
    told = run(project, until=datetime(2013, 10, 1))
    assert [(seen.window.id, seen.status, seen.rows, seen.decision.action) for seen in told.windows][2:] == [
        ("2013-08", "seen", 744, "continue"),
        ("2013-09", "seen", 720, "continue"),
    ]
    assert told.exit_code == 0
    (ticket,) = list_tickets(project, every=True)
    assert (ticket.status, ticket.note) == ("resolved", "rows of window 2013-08 came after all")


@pytest.mark.parametrize("at_once", [False, True])
def test_months_that_stayed_empty_are_told_by_the_ticket_of_the_first_whenever_monitor_runs(project, at_once):
    if not at_once:
        run(project, until=datetime(2013, 9, 1))
        run(project, until=APRIL)
    write_rows(project.root, hourly("2013-01-01", "2013-08-06T16:00"), hourly("2014-05-01", "2014-06-01"))
    told = run(project, until=datetime(2014, 6, 1))
    windows = by_window(told)
    empty = [f"2013-{month:02d}" for month in range(9, 13)] + [f"2014-{month:02d}" for month in range(1, 5)]
    assert {(windows[name].decision.action, windows[name].decision.ground, windows[name].ticket) for name in empty} == {
        ("inspect", "quality", "2013-08-quality")
    }
    assert windows["2014-01"].decision.reasons == ("no rows since 2013-08-06 15:00; 0 rows of about 744 that were due",)
    assert [ticket.id for ticket in list_tickets(project)] == ["2013-08-quality"]
    assert (windows["2014-05"].status, windows["2014-05"].decision.action) == ("seen", "continue")
    decide(project, "2013-08", "exclude", reason="the shop was closed")
    assert run(project, until=datetime(2014, 6, 1)).exit_code == 0
    assert list_tickets(project) == ()


def test_what_a_person_accepts_is_judged_on_the_rows_that_came(project):
    run(project, until=APRIL)
    decide(project, "2013-08", "accept", reason="closed for the season")
    seen = by_window(run(project, until=APRIL))["2013-08"]
    assert (seen.status, seen.rows, seen.labelled) == ("seen", 136, 136)
    assert "accepted: closed for the season" in seen.notes
    assert list_tickets(project) == ()


def test_a_resolved_silence_is_not_told_again_by_the_months_that_stayed_empty(project):
    run(project, until=APRIL)
    decide(project, "2013-08", "exclude", reason="the shop was closed")
    resolve(project, "2013-08-quality", reason="known")
    write_rows(project.root, hourly("2013-01-01", "2013-08-06T16:00"), hourly("2014-05-01", "2014-06-01"))
    told = run(project, until=datetime(2014, 6, 1))
    assert (told.exit_code, told.tickets) == (0, ())
    assert by_window(told)["2013-11"].notes == ("no rows since 2013-08-06 15:00; 0 rows of about 720 that were due",)


@pytest.mark.parametrize("size", ["day", "week", "month"])
def test_nights_weekends_and_a_yearly_closure_are_not_missed(project, size):
    def open_hours(times):
        closed = (times.month == 7) & (times.day > 8)
        return (times.dayofweek < 5) & (times.hour >= 8) & (times.hour < 20) & ~closed

    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("window: month", f"window: {size}").replace("min_rows: 60}", "min_rows: 5}"))
    write_rows(project.root, hourly("2011-06-01", "2013-09-01", only=open_hours))
    told = run(project, until=datetime(2013, 9, 1))
    assert not any(seen.decision.ground == "quality" for seen in told.windows)
    assert not quality(told)


def test_windows_that_are_a_count_of_rows_have_no_time_at_which_they_are_due(project):
    params = project.root / "params.yaml"
    params.write_text(params.read_text().replace("window: month", "window: 500 rows"))
    told = run(project, until=APRIL)
    assert told.windows
    assert not quality(told)


def test_rows_that_the_source_has_dropped_are_known_by_their_closed_windows(project):
    run(project, until=datetime(2013, 8, 1))
    write_rows(project.root, hourly("2013-08-01", "2013-08-06T16:00"))
    told = run(project, until=datetime(2013, 9, 1))
    assert by_window(told)["2013-08"].decision.ground == "quality"


def test_the_command_line_ends_with_3_and_says_what_to_type(project, monkeypatch):
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(app, ["monitor", "--until", "2014-04-01", "--json"])
    assert done.exit_code == 3
    assert "next: keepfit window exclude 2013-08" in done.stderr
    august = json.loads(done.stdout)["windows"][-1]
    assert (august["decision"], august["ground"], august["status"], august["rows"]) == ("inspect", "quality", "blocked", 136)
    page = next((project.state / "reports").glob("2013-08-*.html")).read_text()
    assert "no rows since 2013-08-06 15:00" in page
    explained = CliRunner().invoke(app, ["explain", "2013-08-quality"])
    assert "no rows since 2013-08-06 15:00" in explained.stdout
